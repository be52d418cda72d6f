#!/usr/bin/env bats
# Saving values: what was done is counted apart, a dry run is the run without its trace, and a number is kept to the digit.

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
	load quarter
	own_round
}

# file LINE...: a CSV file with a header.
file() {
	printf '%s\n' "cell,value,note,expected_on" "$@" >"$INAP_HOME/file.csv"
}

# value CELL [KEY]: what `report show` says of it; - where it is not answered.
value() {
	inap_as a-focal --json report show "$report" |
		jq -r --arg cell "$1" --arg key "${2:-value}" '[.values[] | select(.cell == $cell)] | if . == [] then "-" else .[0][$key] end'
}

set_values() {
	run_as a-focal --json report set "$report" "$@"
}

# counts: created, updated, unchanged, deleted, revision of the last answer.
counts() {
	jq -c '[.created, .updated, .unchanged, .deleted, .revision]' <<<"$output"
}

# takes CELL TYPED: it comes back as it went in.
takes() {
	set_values "$1=$2"
	assert_exit 0 || return 1
	[[ $(value "$1") == "$2" ]] || flunk "$2 came back as $(value "$1")"
}

# refuses CELL TYPED CODE: nothing is saved.
refuses() {
	set_values "$1=$2"
	assert_refused INVALID_CELLS 3 && assert_json '.error.fields | map([.cell, .code])' "[[\"$1\",\"$3\"]]"
}

@test "created, updated, unchanged, deleted and rejected are counted apart" {
	set_values AA-1.1=5 AA-1.5=1000 AA-1.3=yes
	assert_exit 0
	assert_json 'keys' '["created","deleted","dry_run","rejected","revision","unchanged","updated"]'
	[ "$(counts)" = '[3,0,0,0,1]' ]
	file AA-1.1,5 AA-1.5,1001 AA-1.3, AA-1.2,0.5
	run_as a-focal --json report import "$report" "$INAP_HOME/file.csv"
	assert_exit 0
	[ "$(counts)" = '[1,1,1,1,2]' ]
	assert_json '[.rejected, .dry_run]' '[[],false]'
	[ "$(value AA-1.3)" = - ]
	[ "$(value AA-1.5)" = 1001 ]
	[ "$(value AA-1.5 via)" = import ]
	[ "$(value AA-1.1 via)" = set ]
	[ "$(value AA-1.1 revision)" = 1 ]
	[ "$(value AA-1.1 by)" = a-focal ]
}

@test "a dry run says what the run says, and leaves no trace" {
	local before dry
	set_values AA-1.1=5 AA-1.5=1000
	file AA-1.1,6 AA-1.5, AA-1.4,3/7
	before=$(tables_but session)
	run_as a-focal --json report import "$report" "$INAP_HOME/file.csv" --dry-run
	assert_exit 0
	assert_json .dry_run
	dry=$(jq -c 'del(.dry_run)' <<<"$output")
	[ "$(tables_but session)" = "$before" ]
	[ "$(value AA-1.1)" = 5 ]
	run_as a-focal --json report import "$report" "$INAP_HOME/file.csv"
	assert_exit 0
	assert_json .dry_run false
	[ "$(jq -c 'del(.dry_run)' <<<"$output")" = "$dry" ]
	[ "$(counts)" = '[1,1,0,1,2]' ]
}

@test "a dry run of bad rows refuses as the run does, with --partial too" {
	local option dry before
	file AA-1.1,x AA-1.5,7 AA-1.5,8 ZZ-1.1,1
	before=$(tables_but session)
	for option in --no-pager --partial; do
		run_as a-focal --json report import "$report" "$INAP_HOME/file.csv" --dry-run "$option"
		assert_exit 3
		[ "$(tables_but session)" = "$before" ]
		dry=$(jq -c 'del(.dry_run)' <<<"$output")
		run_as a-focal --json report import "$report" "$INAP_HOME/file.csv" "$option"
		assert_exit 3
		[ "$(jq -c 'del(.dry_run)' <<<"$output")" = "$dry" ]
	done
}

@test "one bad row refuses the file: each with row, column, cell and why, nothing saved" {
	local before
	set_values AA-1.1=5
	before=$(inap_as a-focal --json report show "$report")
	file AA-1.1,6 AA-1.5,-3 '"AA-1.2","1,5"' 'AA-1.1:sex=F,2.5' AA-1.3,perhaps ZZ-9.9,1 AA-1.4,4/0 AA-1.2:row=1,@not_available
	run_as a-focal --json report import "$report" "$INAP_HOME/file.csv"
	assert_refused INVALID_CELLS 3
	assert_json '[.error.fields[] | [.row, .column, .cell, .code]]' \
		'[[3,"B","AA-1.5","NUMBER_NEGATIVE"],[4,"B","AA-1.2","NUMBER_BAD"],[5,"B","AA-1.1:sex=F","NUMBER_FRACTION"],[6,"B","AA-1.3","CELL_KIND"],[7,"B","ZZ-9.9","CELL_UNKNOWN"],[8,"B","AA-1.4","RATIO_ZERO"],[9,"B","AA-1.2:row=1","DATE_MISSING"]]'
	assert_json '[.error.fields[].message | length > 5] | all'
	assert_json '[.error.fields[].message | test("[{}]")] | any | not'
	[ "$(inap_as a-focal --json report show "$report")" = "$before" ]
	run_as a-focal report import "$report" "$INAP_HOME/file.csv"
	assert_exit 3
	assert_stderr_has "report import $report $INAP_HOME/file.csv --partial"
}

@test "--partial saves the good rows, names the others and exits 3" {
	file AA-1.1,6 AA-1.5,-3 AA-1.4,3/4
	run_as a-focal --json report import "$report" "$INAP_HOME/file.csv" --partial
	assert_exit 3
	[ "$(counts)" = '[2,0,0,0,1]' ]
	assert_json '[.rejected[] | [.row, .column, .cell, .code]]' '[[3,"B","AA-1.5","NUMBER_NEGATIVE"]]'
	assert_json '.rejected[0].message | length > 5'
	[ "$(value AA-1.1)" = 6 ]
	[ "$(value AA-1.5)" = - ]
}

@test "--partial with no good row saves nothing" {
	file AA-1.1,x AA-1.5,-3
	run_as a-focal --json report import "$report" "$INAP_HOME/file.csv" --partial
	assert_refused INVALID_CELLS 3
	[ "$(inap_as a-focal --json report show "$report" | jq .revision)" = 0 ]
}

@test "a number of 21 digits comes back as it went in, and so do zeros behind the point" {
	takes AA-1.2 123456789012345678.901
	takes AA-1.2 -0.00000000000000000001
	takes AA-1.2 999999999999999999.99999999999999999999
	takes AA-1.2 1.50
	takes AA-1.2 0.0
	takes AA-1.5 999999999999999999
	file AA-1.2,123456789012345678.900
	run_as a-focal --json report import "$report" "$INAP_HOME/file.csv"
	assert_exit 0
	[ "$(value AA-1.2)" = 123456789012345678.900 ]
	refuses AA-1.2 1234567890123456789 NUMBER_BAD
	refuses AA-1.2 0.123456789012345678901 NUMBER_BAD
	refuses AA-1.2 1e5 NUMBER_BAD
	refuses AA-1.2 NaN NUMBER_BAD
	[ "$(value AA-1.2)" = 123456789012345678.900 ]
}

@test "digits of the Arabic and Persian keyboards are the same digits" {
	set_values AA-1.1=٤٢ AA-1.4=۱۲/٤٠ AA-1.2=١٢٫٥٠
	assert_exit 0
	[ "$(value AA-1.1)" = 42 ]
	[ "$(value AA-1.4 numerator)/$(value AA-1.4 denominator)" = 12/40 ]
	[ "$(value AA-1.2)" = 12.50 ]
}

@test "every kind of answer comes back as what it is" {
	set_values AA-1.3=no AA-1.4=3/8 AA-2.1.n=17 'TX-1.1=first line
second "line", فارسی' AA-1.5=@not_collected --note "said on the telephone"
	assert_exit 0
	[ "$(value AA-1.3)" = no ]
	[ "$(value AA-1.4 numerator)/$(value AA-1.4 denominator)" = 3/8 ]
	[ "$(value AA-2.1 numerator)" = 17 ]
	[ "$(value AA-2.1 denominator)" = null ]
	[ "$(value TX-1.1)" = 'first line
second "line", فارسی' ]
	[ "$(value AA-1.5 blank)" = not_collected ]
	set_values AA-1.5=@not_available --expected-on 2030-01-31
	assert_exit 0
	[ "$(value AA-1.5 blank)" = not_available ]
	file 'AA-1.1,@not_available,on its way,2030-02-01'
	run_as a-focal --json report import "$report" "$INAP_HOME/file.csv"
	assert_exit 0
	[ "$(value AA-1.1 note)" = "on its way" ]
	set_values AA-1.5= AA-1.3=
	assert_exit 0
	assert_json .deleted 2
	[ "$(value AA-1.5)" = - ]
}

@test "what is outside a cell's unit is refused by its name" {
	refuses AA-1.1 2.5 NUMBER_FRACTION
	refuses AA-1.1 -2 NUMBER_NEGATIVE
	refuses AA-1.1 yes NUMBER_BAD
	refuses AA-1.1 2/5 CELL_KIND
	refuses AA-1.3 2 CELL_KIND
	refuses AA-1.4 5/0 RATIO_ZERO
	refuses AA-1.4 12 CELL_KIND
	refuses AA-1.5 @withheld CELL_KIND
	refuses AA-1.5 @perhaps CELL_KIND
	refuses AA-1.5 @not_available DATE_MISSING
	refuses AA-1.1:sex=X 2 CELL_UNKNOWN
	refuses ZZ-1.1 2 CELL_UNKNOWN
	[ "$(inap_as a-focal --json report show "$report" | jq .revision)" = 0 ]
}

@test "a table is answered by * and by rest, and rest leaves alone what is answered" {
	set_values AA-1.1:sex=F=7 AA-1.1:sex=rest=0
	assert_exit 0
	assert_json .created 3
	[ "$(value AA-1.1:sex=F)" = 7 ]
	[ "$(value AA-1.1:sex=M)" = 0 ]
	set_values 'AA-1.2:row=*=@not_collected'
	assert_exit 0
	assert_json .created 4
	set_values AA-1.2:row=rest=5
	assert_exit 0
	assert_json '[.created, .updated]' '[0,0]'
}

@test "a cell twice in one command is refused, both places named" {
	set_values AA-1.1=1 AA-1.5=2 AA-1.1=1
	assert_refused INVALID_CELLS 3
	assert_json '.error.fields | map([.cell, .code])' '[["AA-1.1","CELL_TWICE"]]'
	assert_json '.error.fields[0].message | test("1.*3")'
}

@test "saving the same again changes nothing" {
	set_values AA-1.1=5 AA-1.4=1/2
	set_values AA-1.1=5 AA-1.4=1/2
	assert_exit 0
	assert_json '[.created, .updated, .unchanged, .deleted]' '[0,0,2,0]'
	[ "$(value AA-1.1 revision)" = 1 ]
	run_as a-focal --json report set "$report" AA-1.1=5 --dry-run
	assert_json '[.created, .updated, .unchanged, .deleted, .dry_run]' '[0,0,1,0,true]'
}

@test "what stands is what the log says" {
	set_values AA-1.1=5 AA-1.2=0.50
	set_values AA-1.1= AA-1.2=0.5
	run sql "SELECT count(*) FROM report r JOIN round USING (round_id), value_differences(r.entity_id, r.round_id)"
	[ "$output" = 0 ]
}
