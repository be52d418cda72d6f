#!/usr/bin/env bats
# A report of more than 4,000 cells: its own export comes back; what changes too many is refused whole, with the way out.
# shellcheck disable=SC2030,SC2031

# AA-1.2 and AA-1.5 by 2,100 rows each, and unknown.
setup_file() {
	load helper
	load testplan
	server_start && make_test_users 2100 by_row
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	own_round
	file=$INAP_HOME/large.csv
}

by_row() {
	jq '(.indicators[] | select(.code == "AA-1.5")) += {tables: [{dimensions: ["row"], exclusive: true}], reporters: [{entity: "FED-A", part: "whole"}]}'
}

import() {
	run_as a-focal --json report import "$report" "$file" "$@"
}

# large VALUE: $file answers every cell of both tables with it, and nothing else.
large() {
	inap_as a-focal --json report show "$report" | jq -r --arg value "$1" '"cell,value", (.asked[].cell | select(contains(":row=")) | "\"\(.)\",\($value)")' >"$file"
}

values() {
	inap_as a-focal --json report show "$report" | jq -c '[.revision, ([.values[] | select(.cell | contains(":row="))] | group_by(.cell | split(":")[0]) | map([(.[0].cell | split(":")[0]), length, ([.[].value] | unique)]))]'
}

@test "too many are refused whole; part by part, each whole, they come in" {
	large 1
	import
	assert_refused TOO_LARGE 3
	assert_json '[.error.arguments.what, .error.arguments.limit]' '["one save","4000 cells"]'
	[ "$(values)" = '[0,[]]' ]
	import --dry-run
	assert_refused TOO_LARGE 3
	run_as a-focal report import "$report" "$file"
	assert_stderr_has "inap report import $report $file --only AA-1.2"
	import --only AA-1.2 --dry-run
	assert_exit 0 && assert_json '[.created, .left_out]' '[2101,2101]'
	import --only AA-1.2
	assert_exit 0 && assert_json '[.created, .left_out, .revision]' '[2101,2101,1]'
	# a part is all or nothing, like a file
	sed -i '/AA-1.5:row=77"/s/,1$/,-1/' "$file"
	import --only AA-1.5:row
	assert_refused INVALID_CELLS 3 && assert_json '.error.fields | map([.cell, .code])' '[["AA-1.5:row=77","NUMBER_NEGATIVE"]]'
	[ "$(values)" = '[1,[["AA-1.2",2101,["1"]]]]' ]
	sed -i 's/,-1$/,1/' "$file"
	import --only AA-1.5:row
	assert_exit 0
	[ "$(values)" = '[2,[["AA-1.2",2101,["1"]],["AA-1.5",2101,["1"]]]]' ]
}

@test "its own exports come back, and with some answers changed" {
	local form=$INAP_HOME/form.xlsx
	large 1
	import --only AA-1.2 && import --only AA-1.5
	inap_as a-focal -o csv report show "$report" >"$file"
	import
	assert_exit 0 && assert_json '[.created, .updated, .deleted, .revision]' '[0,0,0,2]'
	sed -i '/AA-1.5:row=77"*,/s/,1,/,2,/' "$file"
	import
	assert_exit 0 && assert_json '[.created, .updated, .deleted, .revision]' '[0,1,0,3]'
	inap_as a-focal -q report template "$report" --out "$form" >/dev/null
	run_as a-focal --json report import "$form"
	assert_exit 0 && assert_json '[.created, .updated, .deleted, .revision]' '[0,0,0,3]'
}

@test "a form is brought in parts beside what its first part made" {
	local form=$INAP_HOME/form.csv
	inap_as a-focal -q report template "$report" --out "$form" >/dev/null
	sed -i -E 's/^(AA-1.[25]:row=[^,]*|"AA-1.[25]:row=[^"]*"),([^,]*,[^,]*,[^,]*,[^,]*),,/\1,\2,3,/' "$form"
	run_as a-focal report import "$form"
	assert_exit 3 && assert_stderr_has "--only AA-1.2 --merge"
	run_as a-focal --json report import "$form" --only AA-1.2 --merge
	assert_exit 0 && assert_json .created 2101
	run_as a-focal --json report import "$form" --only AA-1.5 --merge
	assert_exit 0
	[ "$(values)" = '[2,[["AA-1.2",2101,["3"]],["AA-1.5",2101,["3"]]]]' ]
}

@test "--only names indicators and tables, and what is no cell is not left out in silence" {
	printf '%s\n' cell,value AA-1.1,7 AA-1.1:sex=F,3 AA-1.3,yes AA-1.5,2 AA-1.5:row=1,2 >"$file"
	import --only AA-1.1:sex --only aa-1.3
	assert_exit 0 && assert_json '[.created, .left_out]' '[2,3]'
	run_as a-focal report import "$report" "$file" --only AA-1.1
	assert_output_has "rows of the file that --only leaves out: 3"
	local part
	for part in AA-1.1:sex=F AA-1.1: AA-2.1.n ''; do
		import --only "$part"
		assert_refused USAGE 2 || flunk "$part"
	done
	import --only AA-1.4
	assert_refused USAGE 2
	echo 'AA_1.1!,4' >>"$file"
	import --only AA-1.5
	assert_refused INVALID_CELLS 3 && assert_json '.error.fields | map([.row, .code])' '[[7,"CELL_UNKNOWN"]]'
}
