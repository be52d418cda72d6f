#!/usr/bin/env bats
# not_applicable counts once a coordinator has endorsed it; for a year after that nobody has to say it again, and everybody sees so.
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
}

# look USER REPORT WORDS...: a command of someone who has seen the report.
look() {
	inap_as "$1" report show "$2" >/dev/null
	inap_as "$1" -q --yes "${@:3}" >/dev/null
}

# sign REPORT: FED-B answers what is left, and signs.
sign() {
	inap_as b-focal report show "$1" >/dev/null
	nil b-focal "$1"
	look b-approver "$1" report submit "$1" --note "no other tables"
}

# before REPORT USER: what stands beside AA-1.1.
before() {
	inap_as "${2:-b-focal}" --json report show "$1" | jq -c '[.previous[] | select(.cell == "AA-1.1") | [.period, .blank, .may_confirm, .carried]]'
}

# blocks REPORT: is AA-1.1 asked for?
blocks() {
	inap_as b-focal --json report check "$1" | jq -c '[.problems[] | select(.cell == "AA-1.1" or .cell == "AA-1.1:sex") | [.cell, .rule]]'
}

# coverage ROUND STATE: of AA-1.1 in the federal total.
coverage() {
	inap_as "${3:-sec}" --json national summary --round "$1" --min-state "$2" |
		jq -c '.totals[] | select(.cell == "AA-1.1" and .jurisdiction == "federal") | .coverage | [.not_applicable, .unanswered, .missing]'
}

@test "submitted it is an answer of its own report, and carries nothing" {
	open_round 2023Q1 && open_round 2023Q3 && open_round 2023Q4 && open_round 2024Q1 && open_round 2024Q2
	look b-focal FED-B/2023Q1 report set FED-B/2023Q1 AA-1.1=@not_applicable
	sign FED-B/2023Q1
	[ "$(before FED-B/2023Q3)" = '[]' ]
	[ "$(blocks FED-B/2023Q3)" = '[["AA-1.1","unanswered_total"],["AA-1.1:sex","unanswered_table"]]' ]
}

@test "endorsed, it is no question in the rounds of a year, though the round between had no answer" {
	look fed-coord FED-B/2023Q1 review endorse FED-B/2023Q1
	[ "$(before FED-B/2023Q3)" = '[["2023Q1","not_applicable",true,true]]' ]
	[ "$(blocks FED-B/2023Q3)" = '[]' ]
	[ "$(blocks FED-B/2024Q1)" = '[]' ]
	[ "$(blocks FED-B/2024Q2)" = '[["AA-1.1","unanswered_total"],["AA-1.1:sex","unanswered_table"]]' ]
	[ "$(before FED-B/2024Q2)" = '[]' ]
	run_as b-focal report show FED-B/2023Q3
	assert_output_has "not applicable, carried forward from 2023Q1"
	run_as b-focal --json report show FED-B/2023Q3
	assert_json .values '[]'
}

@test "a report is signed without it, nil leaves it alone, and the total counts it as not applicable" {
	sign FED-B/2023Q3
	run_as b-focal --json report show FED-B/2023Q3
	assert_json '[.state, ([.values[].cell | select(. == "AA-1.1")] | length)]' '["submitted",0]'
	[ "$(coverage 2023Q3 submitted fed-coord)" = '[1,1,["FED-A"]]' ]
	look fed-coord FED-B/2023Q3 review endorse FED-B/2023Q3
	[ "$(coverage 2023Q3 endorsed)" = '[1,1,["FED-A"]]' ]
	run_as sec --json national recompute --round 2023Q3
	assert_exit 0
	run_as sec --json national completeness --round 2023Q3
	assert_json '.entities[] | select(.entity == "FED-B") | .answered == .asked'
}

@test "confirmed, it is an answer like any other" {
	look b-focal FED-B/2023Q4 report confirm FED-B/2023Q4 AA-1.1
	run_as b-focal --json report show FED-B/2023Q4
	assert_json '.values[] | [.cell, .blank, .via]' '["AA-1.1","not_applicable","confirm"]'
}

@test "another answer ends it: the next round asks again" {
	look b-focal FED-B/2023Q4 report set FED-B/2023Q4 AA-1.1=5
	[ "$(blocks FED-B/2024Q1)" = '[["AA-1.1","unanswered_total"],["AA-1.1:sex","unanswered_table"]]' ]
	[ "$(before FED-B/2024Q1)" = '[["2023Q4",null,false,false]]' ]
}

@test "in Arabic and Kurdish" {
	look b-focal FED-B/2023Q4 report set FED-B/2023Q4 AA-1.1=
	run_as b-focal -L ar report show FED-B/2024Q1
	assert_output_has "لا ينطبق، مُرحَّل من"
	run_as b-focal -L ckb report show FED-B/2024Q1
	assert_output_has "پەیوەندیی نییە، لە"
}
