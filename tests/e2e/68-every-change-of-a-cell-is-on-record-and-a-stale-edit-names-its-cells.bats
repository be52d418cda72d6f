#!/usr/bin/env bats
# Who, when, through which door, why, old to new; as of a day; and what a stale write is told.

setup_file() {
	load helper
	load testplan
	server_start && make_test_users && make_user a-focal2 FED-A focal_point FED-A
	make_user watcher FED-C national_team
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	own_round
	today=$(TZ=Asia/Baghdad date +%F)
	yesterday=$(TZ=Asia/Baghdad date -d yesterday +%F)
}

set_values() {
	run_as "$1" --json report set "$report" "${@:2}"
}

# answer_rest: all but AA-1.1 and AA-1.5.
answer_rest() {
	narrate a-focal "$report" || return 1
	inap_as a-focal -q report set "$report" AA-1.2=0 AA-1.3=no AA-1.4=0/0 AA-2.1.n=0 TX-{1..4}.{1..5}=none >/dev/null
}

sign() {
	inap_as a-approver report show "$report" >/dev/null
	inap_as a-approver -q --yes report submit "$report" --note "tables are not kept" >/dev/null
}

@test "each change of a cell: who, when, through which door, why, old to new" {
	printf 'cell,value,note\nAA-1.1,4,counted anew\nAA-1.1:sex=F,4,\n' >"$INAP_HOME/new.csv"
	set_values a-focal AA-1.1=3 --note "by telephone"
	set_values a-focal AA-1.1=@not_available --expected-on 2030-01-31
	run_as a-focal --json report import "$report" "$INAP_HOME/new.csv"
	assert_exit 0
	set_values a-focal AA-1.1=
	run_as a-focal --json report history "$report" --cell AA-1.1
	assert_exit 0
	assert_json 'map([.before.value // .before.blank, .after.value // .after.blank, .via, .by, .reason, .note, .expected_on, .revision])' \
		'[[null,"3","set","a-focal","by telephone","",null,1],["3","not_available","set","a-focal",null,"","2030-01-31",2],["not_available","4","import","a-focal",null,"counted anew",null,3],["4",null,"set","a-focal",null,"",null,4]]'
	assert_json 'all(.[]; .cell == "AA-1.1" and (.at | test("^20..-..-..T..:..:..Z$")))'
	assert_json '.[2] | [.before_note, .before_expected_on]' '["","2030-01-31"]'
	run_as a-focal --json report history "$report" --all-cells
	assert_json 'map(.cell)' '["AA-1.1","AA-1.1","AA-1.1","AA-1.1:sex=F","AA-1.1"]'
	run_as a-focal --json report history "$report" --cell 'AA-1.1:sex=*'
	assert_json 'map(.cell)' '["AA-1.1:sex=F"]'
	run_as a-focal report history "$report" --cell aa-1.1
	assert_output_has "by telephone"
	assert_output_has "counted anew"
	run_as a-focal --json report history "$report" --cell AA-9.9
	assert_refused CELL_UNKNOWN 3
	run_as a-focal --json report history "$report" --cell AA-1.5
	assert_json . '[]'
}

@test "as of a day, and between two days" {
	set_values a-focal AA-1.1=3
	run_as a-focal --json report show "$report" --as-of "$yesterday"
	assert_json '[.revision, .state, .values]' '[0,"expected",[]]'
	run_as a-focal --json report show "$report" --as-of "$today"
	assert_json '[.revision, .state, (.values | length)]' '[1,"draft",1]'
	run_as a-focal report show "$report" --as-of "$today"
	assert_output_has "$today"
	run_as a-focal --json report diff "$report" --from-date "$yesterday" --to-date "$today"
	assert_json '[.from, .to, [.changes[].cell]]' '[0,1,["AA-1.1"]]'
	run_as a-focal --json report show "$report" --as-of 2024-02-30
	assert_refused DATE_BAD 3
	run_as a-focal --json report show "$report" --as-of "$today" --revision 1
	assert_exit 2
	run_as a-focal --json report diff "$report" --from 1 --from-date "$today"
	assert_refused BAD_ARGUMENT 3 || assert_refused BAD_ARGUMENT 2
	run_as fed-coord --json report show "$report" --as-of "$today"
	assert_refused NOT_FOUND 6
	# An old day is looked at, not taken as what stands now.
	inap_as a-focal2 report show "$report" --as-of "$today" >/dev/null
	set_values a-focal2 AA-1.1=9
	assert_refused NOT_SEEN 7
}

@test "a reviewer compares what was signed, never a draft" {
	answer_rest
	set_values a-focal AA-1.1=3 AA-1.5=1
	set_values a-focal AA-1.1=4
	sign
	inap_as fed-coord report show "$report" >/dev/null
	inap_as fed-coord -q review return "$report" --note "AA-1.1 is too low" >/dev/null
	inap_as a-focal report show "$report" >/dev/null
	set_values a-focal AA-1.1=5
	set_values a-focal AA-1.1=6 --note "found two more"
	run_as fed-coord --json report history "$report"
	assert_json '[.[] | select(.action == "save" and .readable)]' '[]'
	assert_json '[.[] | select(.readable) | .action]' '["submit"]'
	run_as fed-coord --json report show "$report" --revision 4
	assert_refused NOT_FOUND 6
	assert_json .error.arguments.what revision
	inap_as a-focal -q report answer "$report" 1 "counted anew" >/dev/null
	sign
	inap_as fed-coord report show "$report" >/dev/null
	run_as fed-coord --json report diff "$report"
	assert_json '[.changes[] | [.cell, .before.value, .after.value, .by, .via, .reason]]' '[["AA-1.1","4","6","a-focal","set",null]]'
	run_as fed-coord --json report diff "$report" --from 4
	assert_refused NOT_FOUND 6
	run_as fed-coord --json report history "$report" --cell AA-1.1
	assert_json 'map([.before.value, .after.value])' '[[null,"4"],["4","6"]]'
	run_as a-approver --json report history "$report" --cell AA-1.1
	assert_json 'map(.after.value)' '["3","4","5","6"]'
	run_as b-focal --json report history "$report" --all-cells
	assert_refused NOT_FOUND 6
	run_as sec --json report history "$report" --all-cells
	assert_refused NOT_FOUND 6
	run_as watcher --json report history "$report" --all-cells
	assert_refused FORBIDDEN 5
}

@test "others changed other cells: said cell by cell, and --merge saves yours beside" {
	inap_as a-focal2 report show "$report" >/dev/null
	set_values a-focal AA-1.1=3 AA-1.3=yes
	set_values a-focal2 AA-1.5=7
	assert_refused STALE_REVISION 7
	assert_json '[.error.changes[] | [.cell, .after.value, .by, .via, .yours, has("mine")]]' '[["AA-1.1","3","a-focal","set",false,false],["AA-1.3","yes","a-focal","set",false,false]]'
	run_as a-focal2 report set "$report" AA-1.5=7
	assert_stderr_has "--merge"
	assert_stderr_has "AA-1.3"
	run_as a-focal2 --json report set "$report" AA-1.5=7 --merge --dry-run --base 0
	assert_json '[.dry_run, [.merged[] | .cell]]' '[true,["AA-1.1","AA-1.3"]]'
	run_as a-focal2 report set "$report" AA-1.5=7 --merge
	assert_exit 0
	assert_output_has "report diff $report --from 0"
	run_as a-focal2 --json report diff "$report" --from 0
	assert_json '[.changes[].cell]' '["AA-1.1","AA-1.3","AA-1.5"]'
	set_values a-focal2 AA-1.5=8 --merge
	assert_json '[.revision, .merged]' '[3,[]]'
}

@test "the same cell: theirs and yours, by whom and when, and nothing is saved" {
	inap_as a-focal2 report show "$report" >/dev/null
	set_values a-focal AA-1.1=3 AA-1.5=9
	set_values a-focal2 AA-1.1=4 AA-1.4=1/2 --merge
	assert_refused STALE_REVISION 7
	assert_json '[.error.changes[] | [.cell, .before, .after.value, .yours, .mine.value]]' '[["AA-1.1",null,"3",true,"4"],["AA-1.5",null,"9",false,null]]'
	assert_json '.error.changes[0] | .at | test("^20")'
	run_as a-focal2 report set "$report" AA-1.1=4
	assert_exit 7
	assert_stderr_has "yours: 4"
	assert_stderr_has "a-focal"
	[[ $stderr != *"--merge"* ]] || flunk "a merge is offered"
	run_as a-focal --json report show "$report"
	assert_json '[.revision, (.values | length)]' '[1,2]'
}

@test "a stale move names the cells too: a signature, and an endorsement" {
	answer_rest
	set_values a-focal AA-1.1=3 AA-1.5=1
	inap_as a-approver report show "$report" >/dev/null
	set_values a-focal AA-1.1=4
	run_as a-approver --json --yes report submit "$report" --note "tables are not kept"
	assert_refused STALE_REVISION 7
	assert_json '[.error.changes[] | [.cell, .before.value, .after.value, .by, .yours]]' '[["AA-1.1","3","4","a-focal",false]]'
	run_as a-approver --yes report submit "$report" --note "tables are not kept"
	assert_stderr_has "AA-1.1"
	[[ $stderr != *"--merge"* ]] || flunk "a merge is offered"
	sign
	inap_as fed-coord report show "$report" >/dev/null
	inap_as a-approver -q report withdraw "$report" --note "one figure" >/dev/null
	inap_as a-focal report show "$report" >/dev/null
	set_values a-focal AA-1.1=5
	sign
	run_as fed-coord --json review endorse "$report"
	assert_refused STALE_REVISION 7
	assert_json '[.error.changes[] | [.cell, .after.value]] | contains([["AA-1.1","5"]])'
	[[ $output != *'"3"'* ]] || flunk "a draft is shown"
}

@test "in Arabic the conflict is said in Arabic" {
	inap_as a-focal2 report show "$report" >/dev/null
	set_values a-focal AA-1.1=3 AA-1.5=9
	run_as a-focal2 -L ar report set "$report" AA-1.1=4
	assert_exit 7
	[[ $stderr != *yours* && $stderr != *Changed* ]] || flunk "English words"
}
