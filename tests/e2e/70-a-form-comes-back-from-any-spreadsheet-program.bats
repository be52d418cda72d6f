#!/usr/bin/env bats
# Forms to fill in away from the line: what stands in them, and how they come back.
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
	own_round
	form=$INAP_HOME/form.xlsx
}

import() {
	run_as a-focal --json report import "$@"
}

template() {
	inap_as a-focal -q report template "$report" --out "$form" "$@" >/dev/null
}

refused_field() {
	assert_refused INVALID_CELLS 3 && assert_json '.error.fields | map([.row, .column, .cell, .code])' "$1"
}

# A value of every kind.
fill() {
	inap_as a-focal -q report set "$report" AA-1.1=12 AA-1.1:sex=F=7 AA-1.1:sex=M=@not_collected AA-1.2=-0.125 \
		AA-1.2:row=1=12345678901234567.5 AA-1.2:row=2=12.50 AA-1.3=yes AA-1.4=12/40 AA-2.1.n=3 AA-1.5=@not_available \
		'TX-1.1="=1+1, _x0041_ and \"so\""' 'TX-1.2=سطر' TX-1.3=@not_applicable 'TX-1.4="@not_collected"' \
		--expected-on 2030-01-31 --note 'counted by hand' >/dev/null
}

@test "a form of every kind of value comes back as it went out, in three languages and both formats" {
	local language format shown cells
	fill
	shown=$(inap_as a-focal --json report show "$report" | jq -c '[.values, .revision]')
	cells=$(inap_as a-focal --json report show "$report" | jq '(.unanswered | length) + (.values | length)')
	for language in en ar ckb; do
		for format in xlsx csv; do
			inap_as a-focal -q -L $language report template "$report" --format $format --out "$INAP_HOME/form.$format" >/dev/null
			import "$report" "$INAP_HOME/form.$format"
			assert_exit 0 && assert_json '[.created, .updated, .deleted, .unchanged, .revision]' "[0,0,0,$cells,1]" || flunk "$language $format"
		done
	done
	[ "$(inap_as a-focal --json report show "$report" | jq -c '[.values, .revision]')" = "$shown" ]
}

@test "the sheet is locked but for its entry cells, and says what it is of in a hidden one" {
	fill
	run_as a-focal --json -L ar report template "$report" --out "$form"
	assert_exit 0 && assert_json '[.report, .revision, .format, .language, .file]' "[\"$report\",1,\"xlsx\",\"ar\",\"$form\"]"
	part "$form" xl/workbook.xml | grep -q 'sheet name="_meta"[^>]* state="hidden"'
	part "$form" xl/worksheets/sheet1.xml >"$INAP_HOME/sheet"
	grep -q 'rightToLeft="1"' "$INAP_HOME/sheet"
	grep -q '<sheetProtection sheet="1"' "$INAP_HOME/sheet"
	grep -q '<pane xSplit="1" ySplit="4"[^>]*state="frozen"' "$INAP_HOME/sheet"
	# open are the value, the note and the date of each cell, and nothing else
	part "$form" xl/styles.xml >"$INAP_HOME/styles"
	open=$(tr '>' '\n' <"$INAP_HOME/styles" | awk '/<cellXfs/ { on = 1; n = -1 } /<\/cellXfs/ { on = 0 } on && /<xf / { n++ } on && /locked="0"/ { printf "%s|", n }')
	[ "$(grep -oE "<c r=\"[A-Z]+[0-9]+\" s=\"(${open%|})\"" "$INAP_HOME/sheet" | grep -oE '"[A-Z]+' | sort -u | tr -d '"\n')" = FGH ]
	[ "$(grep -oE "<c r=\"F[0-9]+\" s=\"(${open%|})\"" "$INAP_HOME/sheet" | wc -l)" = "$(jq .cells <<<"$output")" ]
	# what may be typed follows from the unit
	grep -q 'type="list".*_meta!' "$INAP_HOME/sheet"
	grep -q 'INT(F' "$INAP_HOME/sheet"
	[ "$(grep -o 'type="date"' "$INAP_HOME/sheet" | wc -l)" = "$(jq .cells <<<"$output")" ]
	part "$form" xl/sharedStrings.xml | grep -q 'لا تُدخل معلومات سرّية أو أسماء أو عناوين'
	inap_as a-focal -q -L en report template "$report" --out "$form" >/dev/null
	[[ $(part "$form" xl/worksheets/sheet1.xml) != *rightToLeft* ]]
}

@test "what a person changes in the form is saved, what they leave is not touched" {
	fill
	template
	# the form's own parts: 12 in F6 becomes 13, the count of women goes away
	part_edit "$form" xl/worksheets/sheet1.xml 's,\(r="F6"[^>]*><v>\)12<,\113<,; s,\(r="F7"[^>]*><v>\)7<,\1<,'
	import "$form"
	assert_exit 0 && assert_json '[.created, .updated, .deleted, .revision]' '[0,1,1,2]'
	run_as a-focal --json report show "$report"
	assert_json '.values | map(select(.cell == "AA-1.1") | .value)' '["13"]'
	assert_json '.unanswered | index("AA-1.1:sex=F") != null'
}

@test "cells that others changed meanwhile are told apart from those that collide, by sheet and cell" {
	inap_as a-focal -q report set "$report" AA-1.1=12 AA-1.2=7 >/dev/null
	template
	part_edit "$form" xl/worksheets/sheet1.xml 's,\(r="F6"[^>]*><v>\)12<,\113<,'
	inap_as a-focal -q report set "$report" AA-1.2=8 >/dev/null
	import "$report" "$form"
	assert_refused STALE_REVISION 7
	assert_json '.error.fields' '[]'
	import "$report" "$form" --dry-run --merge
	assert_exit 0 && assert_json '[.updated, .revision]' '[1,3]'
	import "$report" "$form" --merge
	assert_exit 0 && assert_json '[.created, .updated, .deleted, .revision]' '[0,1,0,3]'
	[ "$(inap_as a-focal --json report show "$report" | jq -c '[.values[] | [.cell, .value]]')" = '[["AA-1.1","13"],["AA-1.2","8"]]' ]
	inap_as a-focal -q report set "$report" AA-1.1=14 >/dev/null
	part_edit "$form" xl/worksheets/sheet1.xml 's,\(r="F6"[^>]*><v>\)13<,\115<,'
	import "$report" "$form" --merge
	assert_refused STALE_REVISION 7
	assert_json '.error.fields | map([.row, .column, .cell, .code])' '[[6,"F","AA-1.1","CELL_CHANGED"]]'
	[[ $(jq -r '.error.fields[0].message' <<<"$output") == "a-focal changed it to 14 meanwhile, the file says 15" ]]
}

@test "a form is of one report of one plan" {
	local other=${report%/*}/2029Q1
	open_round 2029Q1 >/dev/null
	template
	import "$other" "$form"
	assert_refused FORM_OTHER 3 && assert_json '.error.arguments.other' "$report"
	part_edit "$form" xl/sharedStrings.xml 's,<t>TEST</t>,<t>INAP-I</t>,'
	import "$form"
	assert_refused FORM_OTHER 3 && assert_json '.error.arguments.other' "INAP-I:$report"
	part_edit "$form" xl/sharedStrings.xml 's,<t>INAP-I</t>,<t>TEST</t>,'
	import "$form" --dry-run
	assert_exit 0
}

@test "the CSV twin says what it is of too" {
	inap_as a-focal -q -L ar report template "$report" --out "$INAP_HOME/form.csv" >/dev/null
	head -c 3 "$INAP_HOME/form.csv" | xxd -p | grep -q efbbbf
	sed -i "s/^\(AA-1.1,[^,]*,[^,]*,[^,]*,[^,]*\),/\1,١٢/; s/^\(AA-1.5,[^,]*,[^,]*,[^,]*,[^,]*\),/\1,لا يُجمَع/" "$INAP_HOME/form.csv"
	import "$INAP_HOME/form.csv"
	assert_exit 0 && assert_json '[.created, .revision]' '[2,1]'
	import "$INAP_HOME/form.csv"
	assert_refused STALE_REVISION 7
	import "${report%/*}/2029Q1" "$INAP_HOME/form.csv"
	assert_refused FORM_OTHER 3
}

@test "a form that LibreOffice saved again is the same form" {
	fill
	template -L ckb
	office xlsx "$form" "$INAP_HOME/again"
	form=$INAP_HOME/again/form.xlsx
	import "$form"
	assert_exit 0 && assert_json '[.created, .updated, .deleted, .revision]' '[0,0,0,1]'
	part "$form" xl/worksheets/sheet1.xml | grep -q 'sheetProtection[^>]* sheet="true"'
	part "$form" docProps/app.xml | grep -q LibreOffice
}

@test "a form is filled in LibreOffice, in Arabic, and imported" {
	template -L ar
	office_fill "$form" <<-'LINES'
		AA-1.1|string|١٢
		AA-1.1:sex=F|float|5
		AA-1.1:sex=M|string|لا يُجمَع
		AA-1.2|string|۳٫۵
		AA-1.2:row=1|float|0.1
		AA-1.3|string|نعم
		AA-1.4|string|١٢/٤٠
		AA-2.1.n|float|3
	LINES
	import "$INAP_HOME/form-filled.xlsx"
	assert_exit 0 && assert_json '[.created, .updated, .deleted, .revision]' '[8,0,0,1]'
	run_as a-focal --json report show "$report"
	assert_json '.values | map([.cell, .value // .blank // "\(.numerator)/\(.denominator)"])' \
		'[["AA-1.1","12"],["AA-1.1:sex=F","5"],["AA-1.1:sex=M","not_collected"],["AA-1.2","3.5"],["AA-1.2:row=1","0.1"],["AA-1.3","yes"],["AA-1.4","12/40"],["AA-2.1","3/null"]]'
}

@test "what LibreOffice computed or got wrong is refused by its cell, and the rest can be saved" {
	template -L ar
	office_fill "$form" <<-'LINES'
		AA-1.1|float|3
		AA-1.1:sex=F|formula|=[.F6]*2
		AA-1.1:sex=M|float|-3
		AA-1.5|string|كثير
	LINES
	import "$INAP_HOME/form-filled.xlsx"
	refused_field '[[7,"F","AA-1.1:sex=F","SHEET_FORMULA"],[8,"F","AA-1.1:sex=M","NUMBER_NEGATIVE"],[22,"F","AA-1.5","NUMBER_BAD"]]'
	assert_json '.error.fields[0].message' '=F6*2 is a formula: paste it as a value'
	run_as a-focal -L ar report import "$INAP_HOME/form-filled.xlsx"
	assert_exit 3 && assert_stderr_has 'F7  AA-1.1:sex=F  =F6*2 صيغة حسابية: الصقها قيمةً'
	import "$INAP_HOME/form-filled.xlsx" --partial
	assert_exit 3 && assert_json '[.created, (.rejected | length)]' '[1,3]'
}

@test "last period's value stands beside" {
	open_round 2028Q1 >/dev/null && open_round 2028Q2 >/dev/null
	inap_as a-focal report show FED-A/2028Q1 >/dev/null
	inap_as a-focal -q report set FED-A/2028Q1 AA-1.1=4711 >/dev/null
	inap_as a-focal -q report template FED-A/2028Q2 --out "$form" >/dev/null
	part "$form" xl/worksheets/sheet1.xml | grep -q '<c r="E6"[^>]*><v>4711</v>'
	import "$form" --dry-run
	assert_exit 0 && assert_json '[.created, .updated, .deleted]' '[0,0,0]'
}

# open_entries FILE: the rows of a form whose entry cells a person may fill in, their F, G and H alike.
open_entries() {
	local open
	open=$(part "$1" xl/styles.xml | tr '>' '\n' | awk '/<cellXfs/ { on = 1; n = -1 } /<\/cellXfs/ { on = 0 } on && /<xf / { n++ } on && /locked="0"/ { printf "%s|", n }')
	part "$1" xl/worksheets/sheet1.xml | grep -oE "<c r=\"[A-Z]+[0-9]+\" s=\"(${open%|})\"" | sed -E 's/.*r="([A-Z]+)([0-9]+)".*/\2 \1/' |
		sort -n | awk '{ row[$1] = row[$1] $2 } END { for (r in row) print row[r] == "FGH" ? r : r " " row[r] }'
}

# half_open CELL ROW: the form of a report of which only this cell is open, that of row ROW, in three languages and both
# formats; it comes back, and only what is open is saved.
half_open() {
	local language remark grey count
	count=$(inap_as a-focal --json report show "$report" | jq '.asked | length')
	for language in en ar ckb; do
		case $language in
		en) remark='; locked, stays as it is' grey='Grey cells are locked' ;;
		ar) remark='؛ مقفلة، تبقى كما هي' grey='الخلايا الرمادية مقفلة' ;;
		ckb) remark='؛ داخراوە، وەک خۆی دەمێنێتەوە' grey='خانە خۆڵەمێشییەکان داخراون' ;;
		esac
		template -L $language
		[ "$(open_entries "$form")" = "$2" ] || flunk "$language: open are" "$(open_entries "$form")"
		part "$form" xl/sharedStrings.xml | grep -q "$grey" || flunk "$language: the remark on top"
		[ "$(part "$form" xl/worksheets/sheet1.xml | grep -o 'type="date"' | wc -l)" = 1 ]
		part "$form" xl/sharedStrings.xml | grep -q "$remark" || flunk "$language: the remark"
		inap_as a-focal -q -L $language report template "$report" --out "$INAP_HOME/form.csv" >/dev/null
		[ "$(grep -c "$remark" "$INAP_HOME/form.csv")" = $((count - 1)) ] || flunk "$language: the remarks of the CSV"
		[[ $(grep "^$1," "$INAP_HOME/form.csv") != *"$remark"* ]] || flunk "$language: $1 has a remark"
		import "$report" "$INAP_HOME/form.csv" --dry-run
		assert_json '[.created, .updated, .deleted]' '[0,0,0]' || flunk "$language"
	done
	template
	part_edit "$form" xl/worksheets/sheet1.xml "s,\(r=\"F$2\"[^>]*><v>\)[0-9]*<,\177<,"
	import "$form"
	assert_exit 0 && assert_json '[.created, .updated, .deleted]' '[0,1,0]'
	template
	part_edit "$form" xl/worksheets/sheet1.xml 's,\(r="F6"[^>]*><v>\)12<,\113<,'
	import "$form"
	refused_field '[[6,"F","AA-1.1","CELL_LOCKED"]]'
}

@test "the form of a returned report is open where the report is" {
	fill
	nil a-focal "$report" && narrate a-focal "$report"
	inap_as a-focal -q report set "$report" TX-{1,2,3,4}.{1,2,3,4,5}=words >/dev/null
	inap_as a-approver report show "$report" >/dev/null
	inap_as a-approver -q --yes report submit "$report" --note "nothing to add" >/dev/null
	inap_as fed-coord report show "$report" >/dev/null
	inap_as fed-coord -q review point "$report" AA-1.1:sex=F "so few?" >/dev/null
	inap_as fed-coord -q review return "$report" >/dev/null
	inap_as a-focal report show "$report" >/dev/null
	half_open AA-1.1:sex=F 7
}

@test "the form of a closed round is open where an extension is" {
	fill
	inap_as sec -q --no-input round close "$round" --confirm "$round" >/dev/null
	inap_as sec -q extension add FED-A "$round" --cells AA-1.1:sex=F --until "$(TZ=Asia/Baghdad date -d '3 days' +%F)" --note late >/dev/null
	inap_as a-focal report show "$report" >/dev/null
	half_open AA-1.1:sex=F 7
}

@test "the command asks for what it needs" {
	run_as a-focal --json report template "$report" --format ods --out "$form"
	assert_refused USAGE 2
	run_as a-focal report template "$report"
	assert_exit 2 && assert_stderr_has "--out FILE"
	run_as a-focal --json report template "$report" --format csv
	assert_refused USAGE 2
	run_as a-focal report template "$report" --format csv
	assert_exit 0 && assert_output_has "_meta.report"
	inap_as a-focal report template "$report" --out - | head -c 2 | grep -q PK
	run_as b-focal --json report template "$report" --out "$form"
	assert_refused NOT_FOUND 6
	run_as a-focal --json report template "$report" --out "$INAP_HOME/no/form.xlsx"
	assert_refused FILE_BAD 3
	run_as a-focal --json category list sex
	assert_json 'map([.dimension, .category, .name.en])' '[["sex","F","Women"],["sex","M","Men"],["sex","unknown","Unknown"]]'
	run_as a-focal --json category list colour
	assert_refused NOT_FOUND 6
}
