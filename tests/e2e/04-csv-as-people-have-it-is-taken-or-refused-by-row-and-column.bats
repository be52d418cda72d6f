#!/usr/bin/env bats
# The CSV door: files of other people, real and nasty, and what office programs make of ours.
# Each test is a process of its own: what it assigns stays there.
# shellcheck disable=SC2030,SC2031

setup_file() {
	load helper
	load testplan
	server_start && make_test_users 1240
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	data=$INAP_ROOT/../shared/data
	csv=$INAP_HOME/file.csv
	own_round
}

# needs FOLDER: of the public test data, which may lie beside the project.
needs() {
	[[ -d $data/$1 ]] || skip "no $data/$1"
}

import() {
	run_as a-focal --json report import "$report" "$@"
}

# shown CELL: as it stands, - unanswered.
shown() {
	inap_as a-focal --json report show "$report" | jq -r --arg cell "$1" '[.values[] | select(.cell == $cell) | .value] | if . == [] then "-" else .[0] end'
}

refused_field() {
	assert_refused INVALID_CELLS 3 && assert_json '.error.fields | map([.row, .column, .cell, .code])' "$1"
}

# ---- other people's files

@test "csv-spectrum: as they are, refused by the names of the missing columns" {
	needs nasty/csv
	local file count=0
	for file in "$data"/nasty/csv/*.csv; do
		import "$file"
		assert_refused CSV_NO_HEADER 3 || flunk "$file"
		assert_json .error.arguments.missing "cell, value" || flunk "$file"
		count=$((count + 1))
	done
	[ "$count" -eq 12 ]
	[ "$(inap_as a-focal --json report show "$report" | jq .revision)" = 0 ]
}

# One row a field, the field's bytes untouched: TX-ROW.COLUMN.
reheaded() {
	printf 'cell,value%s' "$2"
	csv_fields <"$1" | awk -v end="$2" 'BEGIN { RS = "\n"; ORS = "" } {
		# a field goes on where a line does not begin like ROW,COLUMN,
		if (!open) { split($0, at, ","); text = substr($0, length(at[1]) + length(at[2]) + 3); rows = at[1] }
		else text = $0
		quotes = gsub(/"/, "\"", text)
		if (open) out = out "\n" text; else out = text
		if (quotes % 2) open = !open
		if (!open && rows > 0) print "TX-" at[1] "." at[2] "," out end
	}'
}

@test "csv-spectrum: re-headed they read back equal to what they mean" {
	needs nasty/csv
	local file name end wanted
	for file in "$data"/nasty/csv/*.csv; do
		name=$(basename "$file" .csv)
		inap_as a-focal -q report set "$report" TX-{1..3}.{1..5}=before >/dev/null
		if [[ $name == *_crlf ]]; then end=$'\r\n'; else end=$'\n'; fi
		reheaded "$file" "$end" >"$csv"
		import "$csv"
		assert_exit 0 || flunk "$name"
		# The file's own expectation of location_coordinates has another telephone number than the file.
		wanted=$(jq -c --arg name "$name" 'if type == "object" then [.] else . end
			| if $name == "location_coordinates" then .[0]["Contact Phone Number"] = "2095257564" else . end
			| [to_entries[] | .key as $row | .value | to_entries | to_entries[]
				| {key: "TX-\($row + 1).\(.key + 1)", value: (.value.value | gsub("\r\n"; "\n"))} | select(.value != "")] | from_entries' \
			"$data/nasty/csv/expected/$name.json")
		run_as a-focal --json report show "$report"
		assert_json '[.values[] | select(.value != "before") | {key: .cell, value}] | from_entries' "$wanted" || flunk "$name"
		[[ $name != empty* ]] || assert_json '[.values[].cell] | index("TX-1.2") == null and index("TX-1.3") == null'
	done
}

@test "ons-sdg: as they are and half re-headed, refused by the names of the columns" {
	needs input/ons-sdg
	local file count=0 second
	for file in "$data"/input/ons-sdg/*.csv; do
		[[ $file == *indicator_* ]] || continue
		import "$file"
		assert_refused CSV_NO_HEADER 3 || flunk "$file"
		assert_json .error.arguments.missing cell || flunk "$file"
		second=$(head -n 1 "$file" | cut -d, -f2)
		sed '1s/^Year,/cell,/' "$file" >"$csv"
		import "$csv"
		assert_refused CSV_COLUMN 3 || flunk "$file"
		assert_json .error.arguments.column "$second" || flunk "$file"
		count=$((count + 1))
	done
	[ "$count" -eq 10 ]
}

@test "ons-sdg: re-headed, sums, blanks and digits are those computed elsewhere" {
	needs input/ons-sdg
	local n=0 path rows blanks others digits sum file quarter show
	while IFS=$'\t' read -r path _ rows _ _ _ _ blanks others digits _ _ sum; do
		[[ $path != file ]] || continue
		n=$((n + 1))
		[[ $others == 0 ]]
		file=$data/input/ons-sdg/$(basename "$path")
		quarter=$(printf '20%02dQ%d' $((25 + n / 4)) $((n % 4 + 1)))
		open_round "$quarter" >/dev/null
		report=FED-A/$quarter
		inap_as a-focal report show "$report" >/dev/null
		# The last column of each row is its value, as the file has it.
		{ echo 'cell,value' && csv_fields <"$file" | awk -F, '$1 > 0 && $1 != row { if (row) print value; row = $1 } $1 == row && $1 > 0 { value = $3 } END { print value }' |
			awk '{ print "AA-1.2:row=" NR "," $0 }'; } >"$csv"
		import "$csv"
		assert_exit 0 || flunk "$path"
		assert_json .created $((rows - blanks)) || flunk "$path"
		show=$(inap_as a-focal --json report show "$report")
		[ "$(jq -r '.values[].value' <<<"$show" | sed 's/$/ + \\/; $ s/ + .*//' | BC_LINE_LENGTH=0 bc | sed 's/^\./0./')" = "$sum" ] || flunk "$path: sum"
		[ "$(jq -r '[.values[].value | gsub("[-.]"; "") | length] | max' <<<"$show")" = "$digits" ] || flunk "$path: digits"
		[ "$(jq -r --argjson rows "$rows" '[.unanswered[] | select(test("row=[0-9]+$")) | select((split("=")[1] | tonumber) <= $rows)] | length' <<<"$show")" = "$blanks" ] || flunk "$path: blanks"
		diff <(jq -r '.values[] | .cell + "," + .value' <<<"$show" | sort) <(grep -E '^AA.*,.+' "$csv" | sort) || flunk "$path: values"
	done <"$data/input/ons-sdg/EXPECTED.tsv"
	[ "$n" -eq 10 ]
}

# ---- what office programs write

@test "byte order mark, CR LF, semicolon and tab are taken" {
	printf '\xef\xbb\xbfcell;value\r\nAA-1.1;7\r\n' >"$csv" && import "$csv" && assert_exit 0
	[ "$(shown AA-1.1)" = 7 ]
	printf 'note\tvalue\tcell\r\nfew; or "many", who knows\t8\tAA-1.1\r\n\r\n' >"$csv" && import "$csv" && assert_exit 0
	[ "$(shown AA-1.1)" = 8 ]
	printf 'cell,value\rAA-1.1,9\r' >"$csv" && import "$csv" && assert_exit 0
	[ "$(shown AA-1.1)" = 9 ]
	printf 'CELL,"Value"\nAA-1.1,"10"' >"$csv" && import "$csv" && assert_exit 0
	[ "$(shown AA-1.1)" = 10 ]
	printf 'cell,value\nAA-1.1,11\n' | inap_as a-focal -q report import "$report" - >/dev/null
	[ "$(shown AA-1.1)" = 11 ]
}

@test "headings in Arabic and Kurdish, digits too, and Arabic in cp1256" {
	printf 'الخلية;القيمة;ملاحظة\nAA-1.1;١٢;ملاحظة أولى\n' >"$csv" && import "$csv" && assert_exit 0
	[ "$(shown AA-1.1)" = 12 ]
	printf 'خانە,بەها\nAA-1.1,۱۳\n' >"$csv" && import "$csv" && assert_exit 0
	[ "$(shown AA-1.1)" = 13 ]
	printf 'الخلية;القيمة\r\nTX-1.1;تدريب النساء\r\nAA-1.1;14\r\n' | iconv -f UTF-8 -t CP1256 >"$csv" && import "$csv" && assert_exit 0
	[ "$(shown TX-1.1)" = 'تدريب النساء' ]
	[ "$(shown AA-1.1)" = 14 ]
}

@test "quotes may hold separators, quotes and lines; rows are still counted as the file shows them" {
	printf 'cell,value\nTX-1.1,"one, ""two""\nand three"\nAA-1.1,x\n' >"$csv"
	import "$csv"
	refused_field '[[4,"B","AA-1.1","NUMBER_BAD"]]'
	printf 'cell,value\nTX-1.1,"one, ""two""\nand three"\nAA-1.1,4\n' >"$csv"
	import "$csv"
	assert_exit 0
	[ "$(shown TX-1.1)" = 'one, "two"
and three' ]
	printf 'cell,value\nTX-1.2,"""all of it"""\n' >"$csv"
	import "$csv"
	assert_exit 0
	[ "$(shown TX-1.2)" = '"all of it"' ]
}

@test "a file without header, with unknown or missing or twofold columns, or no table at all, is refused by name" {
	printf 'AA-1.1,7\nAA-1.5,8\n' >"$csv" && import "$csv"
	assert_refused CSV_NO_HEADER 3
	assert_json .error.arguments.missing "cell, value"
	printf 'cell,Remark\nAA-1.1,7\n' >"$csv" && import "$csv"
	assert_refused CSV_NO_HEADER 3
	assert_json .error.arguments.missing value
	printf 'cell,value,colour\nAA-1.1,7,red\n' >"$csv" && import "$csv"
	assert_refused CSV_COLUMN 3
	assert_json .error.arguments.column colour
	printf 'cell,value,value\nAA-1.1,7,8\n' >"$csv" && import "$csv"
	assert_refused CSV_COLUMN 3
	: >"$csv" && import "$csv"
	assert_refused CSV_NO_HEADER 3
	printf 'cell,value\nAA-1.1,"7\n' >"$csv" && import "$csv"
	assert_refused FILE_BAD 3
	printf 'PK\x03\x04 a workbook' >"$csv" && import "$csv"
	assert_refused FILE_BAD 3
	printf 'cell,value\nAA-1.1,\x00\n' >"$csv" && import "$csv"
	assert_refused FILE_BAD 3
	import "$INAP_HOME/no-such-file.csv"
	assert_refused FILE_BAD 3
	printf 'cell,value\n' >"$csv" && import "$csv"
	assert_exit 0
	assert_json '[.created, .updated, .deleted]' '[0,0,0]'
	[ "$(inap_as a-focal --json report show "$report" | jq .revision)" = 0 ]
}

@test "a cell twice in one file names both rows" {
	printf 'cell,value\nAA-1.1,7\nAA-1.5,8\n\nAA-1.1,9\n' >"$csv" && import "$csv"
	refused_field '[[5,"B","AA-1.1","CELL_TWICE"]]'
	assert_json '.error.fields[0].message' "AA-1.1 is given twice: row 2 and row 5"
}

@test "another entity's cell, a wrong period, another entity's report" {
	printf 'cell,value\nAA-1.1,7\nAA-2.1.d,9\nAA-1.1/2019Q1,3\n' >"$csv" && import "$csv"
	assert_refused INVALID_CELLS 3
	assert_json '[.error.fields[] | [.row, .cell]]' '[[3,"AA-2.1"],[4,"AA-1.1/2019Q1"]]'
	printf 'cell,value\nAA-1.3,yes\n' >"$csv"
	inap_as b-focal report show "FED-B/$round" >/dev/null
	run_as b-focal --json report import "FED-B/$round" "$csv"
	refused_field '[[2,"B","AA-1.3","CELL_NOT_ASKED"]]'
	run_as b-focal --json report import "FED-A/$round" "$csv"
	assert_refused NOT_FOUND 6
	run_as a-focal --json report import "FED-A/2019Q1" "$csv"
	assert_exit 6
	run_as a-focal --json report import "FED-A/2024Q5" "$csv"
	[ "$status" -eq 2 ] || [ "$status" -eq 6 ] || flunk "a round that cannot be"
}

@test "text that may not be stored is refused, not repaired" {
	printf 'cell,value\nTX-1.1,a\xe2\x80\xaeb\n' >"$csv" && import "$csv"
	assert_exit 3
	printf 'cell,value\nTX-1.1,a\x07b\n' >"$csv" && import "$csv"
	assert_exit 3
	printf 'cell,value\nTX-1.1,Ame\xcc\x81lie\n' >"$csv" && import "$csv"
	assert_exit 0
	[ "$(shown TX-1.1)" = Amélie ]
}
