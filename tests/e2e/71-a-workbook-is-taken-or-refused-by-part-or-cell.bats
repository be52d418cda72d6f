#!/usr/bin/env bats
# Workbooks of other people: taken, or refused by a sentence that names part or cell, in little memory.
# Each test is a process of its own: what it assigns stays there.
# shellcheck disable=SC2030,SC2031

setup_file() {
	load helper
	load testplan
	server_start && make_test_users
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	load workbook
	data=$INAP_ROOT/../shared/data/nasty/xlsx
	book=$INAP_HOME/book.xlsx
	own_round
}

# import FILE: with no more memory than a small machine has, where no sanitizer wants more.
import() {
	run --separate-stderr small inap_as a-focal --json report import "$report" "$@"
}

small() {
	if ! grep -q __asan_init "$INAP"; then ulimit -v 300000; fi
	"$@"
}

unchanged() {
	[ "$(inap_as a-focal --json report show "$report" | jq .revision)" = 0 ]
}

@test "odd but real workbooks: each is refused by a sentence that names its sheet, part or cell" {
	[[ -d $data ]] || skip "no $data"
	local file count=0
	while IFS=$'\t' read -r file _; do
		[[ $file != file ]] || continue
		import "$data/${file##*/}"
		# none of them is a form, so that none is taken
		assert_exit 3 || flunk "$file"
		[[ $(jq -r .error.code <<<"$output") =~ ^(SHEET_NO_HEADER|FILE_BAD)$ ]] || flunk "$file"
		[[ $(jq -r .error.message <<<"$output") =~ (part|sheet)\ [^\ ]+ ]] || flunk "$file"
		count=$((count + 1))
	done <"$data/VERDICTS.tsv"
	[ "$count" -gt 30 ] && unchanged
}

@test "the same with a header are read: numbers, texts, days and booleans as they were typed" {
	sheet_make "$book" "<row r=\"2\">$(text_cell B2 Cell)$(text_cell C2 القيمة)$(text_cell D2 note)$(text_cell E2 expected_on)</row>
		<row r=\"3\">$(text_cell B3 AA-1.1)<c r=\"C3\"><v>12</v></c>$(text_cell D3 'by hand')</row>
		<row r=\"4\">$(text_cell B4 AA-1.2)<c r=\"C4\"><v>0.30000000000000004</v></c></row>
		<row r=\"5\">$(text_cell B5 AA-1.3)<c r=\"C5\" t=\"b\"><v>1</v></c></row>
		<row r=\"6\">$(text_cell B6 AA-1.5)$(text_cell C6 @not_available)<c/><c r=\"E6\"><v>47514</v></c></row>
		<row>$(text_cell B7 'AA-1.1:sex=rest')<c><v>0</v></c></row>"
	import "$book"
	assert_exit 0 && assert_json .created 7
	run_as a-focal --json report show "$report"
	assert_json '.values | map([.cell, .value // .blank, .note, .expected_on])' \
		'[["AA-1.1","12","by hand",null],["AA-1.1:sex=F","0","",null],["AA-1.1:sex=M","0","",null],["AA-1.1:sex=unknown","0","",null],["AA-1.2","0.3","",null],["AA-1.3","yes","",null],["AA-1.5","not_available","","2030-01-31"]]'
}

@test "what is wrong in one is said by its cell" {
	sheet_make "$book" "<row r=\"1\">$(text_cell A1 cell)$(text_cell B1 value)</row>
		<row r=\"2\">$(text_cell A2 AA-1.1)<c r=\"B2\"><f>B9*2</f><v>4</v></c></row>
		<row r=\"3\">$(text_cell A3 AA-1.2)<c r=\"B3\" t=\"e\"><v>#DIV/0!</v></c></row>
		<row r=\"4\">$(text_cell A4 AA-1.5)<c r=\"B4\" t=\"d\"><v>2024-10-31</v></c></row>
		<row r=\"5\">$(text_cell A5 AA-1.4)$(text_cell B5 '1,234')</row>
		<row r=\"7\">$(text_cell A7 ZZ-9.9)<c r=\"B7\"><v>1</v></c></row>"
	import "$book"
	assert_refused INVALID_CELLS 3
	assert_json '.error.fields | map([.column, .row, .cell, .code])' \
		'[["B",2,"AA-1.1","SHEET_FORMULA"],["B",3,"AA-1.2","SHEET_ERROR"],["B",4,"AA-1.5","SHEET_DATE"],["B",5,"AA-1.4","NUMBER_BAD"],["B",7,"ZZ-9.9","CELL_UNKNOWN"]]'
	unchanged
}

@test "the format is found by what a file holds, not by its name" {
	sheet_make "$INAP_HOME/book.csv" "<row>$(text_cell A1 cell)$(text_cell B1 value)</row><row>$(text_cell A2 AA-1.1)<c><v>3</v></c></row>"
	import "$INAP_HOME/book.csv"
	assert_exit 0 && assert_json .created 1
	printf 'cell,value\nAA-1.1,4\n' >"$book"
	import "$book"
	assert_exit 0 && assert_json .updated 1
	run --separate-stderr inap_as a-focal --json report import "$report" - <"$INAP_HOME/book.csv"
	assert_exit 0 && assert_json .updated 1
}

@test "a file that unpacks without end, or whose entities do, is refused before it fills the memory" {
	sheet_make "$book" "<row><c><v>1</v></c></row>"
	mkdir -p "$INAP_HOME/bomb/x"
	{
		echo '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
		head -c 300000000 /dev/zero | tr '\0' ' '
	} >"$INAP_HOME/bomb/x/one.xml"
	(cd "$INAP_HOME/bomb" && zip -q "$book" x/one.xml)
	[ "$(stat -c %s "$book")" -lt 1000000 ]
	import "$book"
	assert_refused FILE_BAD 3 && assert_json '.error.arguments.why' 'part x/one.xml is too large'
	{
		echo '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
		for i in {b..j}; do printf '<!ENTITY %s "%s">\n' "$i" "$(printf "&$(tr b-j a-i <<<"$i");%.0s" {1..10})"; done
		echo ']><worksheet>&j;</worksheet>'
	} >"$INAP_HOME/bomb/x/one.xml"
	(cd "$INAP_HOME/bomb" && zip -q "$book" x/one.xml)
	import "$book"
	assert_refused FILE_BAD 3 && assert_json '.error.arguments.why' 'part x/one.xml has a DTD; a workbook has none'
	unchanged
}
