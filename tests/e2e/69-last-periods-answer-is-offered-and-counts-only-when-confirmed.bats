#!/usr/bin/env bats
# What an entity answered in the period before stands beside what is asked now. It is no answer before somebody says so.

setup_file() {
	load helper
	load testplan
	server_start && make_test_users && steady_plan
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	state_all
}

# steady_plan: of the tests' plan AA-1.5 is a stock, AA-1.4 a half-year's.
steady_plan() {
	jq '(.indicators[] | select(.code == "AA-1.5")) |= (.value_kind = "at_period_end" | .across_periods = "last")
		| (.indicators[] | select(.code == "AA-1.4")).frequency = "semiannual"' "$INAP_HOME/plan.json" >"$INAP_HOME/steady.json" &&
		inap_as planner -q plan import "$INAP_HOME/steady.json" >/dev/null
}

# state_all: the reports of this file, by quarter.
state_all() {
	before=FED-A/2024Q2 report=FED-A/2024Q3 after=FED-A/2024Q4
}

previous() {
	inap_as "$1" --json report show "$2" | jq -c "[.previous[] | select(.cell == \"$3\") | [.period, .value // .blank // .numerator, .may_confirm]]"
}

@test "in the first quarter there is nothing before" {
	open_round 2024Q2
	run_as a-focal --json report show "$before"
	assert_json .previous '[]'
	run_as a-focal --json report set "$before" AA-1.1=3 AA-1.3=yes AA-1.4=1/2 AA-1.5=250.0 AA-2.1.n=4 TX-1.1='"كما كان"' AA-1.1:sex=F=@not_collected
	assert_exit 0
}

@test "then the entity's own last answer stands beside each cell, and is not an answer" {
	open_round 2024Q3
	[ "$(previous a-focal "$report" AA-1.1)" = '[["2024Q2","3",false]]' ]
	[ "$(previous a-focal "$report" AA-1.5)" = '[["2024Q2","250.0",true]]' ]
	[ "$(previous a-focal "$report" AA-1.3)" = '[["2024Q2","yes",true]]' ]
	[ "$(previous a-focal "$report" AA-2.1)" = '[["2024Q2","4",false]]' ]
	[ "$(previous a-focal "$report" TX-1.1)" = '[["2024Q2","كما كان",true]]' ]
	[ "$(previous a-focal "$report" AA-1.1:sex=F)" = '[["2024Q2","not_collected",true]]' ]
	[ "$(previous a-focal "$report" AA-1.1:sex=M)" = '[]' ]
	run_as a-focal --json report show "$report"
	assert_json '.values' '[]'
	assert_json '.unanswered | contains(["AA-1.5","AA-1.3","TX-1.1"])'
	run_as a-focal report show "$report"
	assert_output_has 250.0
}

@test "a half-year's figure stands beside the next half-year, not beside the quarter" {
	[ "$(previous a-focal "$report" AA-1.4)" = '[]' ]
	open_round 2024Q4
	[ "$(previous a-focal "$after" AA-1.4)" = '[["2024S1","1",false]]' ]
	[ "$(previous a-focal "$after" AA-1.5)" = '[]' ]
}

@test "a reviewer sees of it what was signed" {
	inap_as a-approver report show "$report" >/dev/null
	run_as fed-coord --json report show "$report"
	assert_refused NOT_FOUND 6
	[ "$(previous a-approver "$report" AA-1.5)" = '[["2024Q2","250.0",true]]' ]
}

@test "what stands may be confirmed as it was, and says so; what happened may not" {
	run_as a-focal --json todo
	assert_json "map(select(.report == \"$report\")) | .[0].offered" 4
	run_as a-focal report confirm "$report"
	assert_exit 2
	run_as a-focal --json report confirm "$report" AA-1.5 AA-1.3
	assert_exit 0
	assert_json '[.created, .updated]' '[2,0]'
	run_as a-focal --json report show "$report"
	assert_json '[.values[] | [.cell, .value, .via]]' '[["AA-1.3","yes","confirm"],["AA-1.5","250.0","confirm"]]'
	run_as a-focal report show "$report"
	assert_output_has "confirmed unchanged"
	run_as a-focal -L ar report show "$report"
	[[ $output != *confirm* ]] || [[ $output == *"report confirm"* ]] || flunk "English words"
	run_as a-focal --json report history "$report" --cell AA-1.5
	assert_json 'map([.before, .after.value, .via])' '[[null,"250.0","confirm"]]'
	# A flow happened in its own period; TX-1.2 was not answered then; AA-9.9 is no cell.
	run_as a-focal --json report confirm "$report" AA-1.1
	assert_refused INVALID_CELLS 3
	assert_json '.error.fields[0].code' CELL_NOT_OFFERED
	run_as a-focal --json report confirm "$report" TX-1.2
	assert_json '.error.fields[0].code' CELL_NOT_OFFERED
	run_as a-focal --json report confirm "$report" AA-9.9
	assert_json '.error.fields[0].code' CELL_NOT_ASKED
}

@test "a confirmation by hand of anything else is refused by the server" {
	load quarter
	raw_login a-focal
	confirm() {
		raw a-focal "call report.save body=$(encode ReportSave <<<"report { entity: \"FED-A\" round: \"2024Q3\" } base_revision: $1 via: VIA_CONFIRM cells { cell: \"$2\" value { $3 } }")"
	}
	local now
	now=$(inap_as a-focal --json report show "$report" | jq .revision)
	confirm "$now" AA-1.5 'number: "250"'
	wants_line 0 '*INVALID_CELLS*'
	confirm "$now" AA-1.1 'number: "3"'
	wants_line 0 '*INVALID_CELLS*'
	confirm "$now" TX-1.1 'text: "كما كان"'
	wants_line 0 'reply report.save *'
}

@test "--all confirms whatever is offered and unanswered, once" {
	inap_as a-focal report show "$report" >/dev/null
	run_as a-focal --json --yes report confirm "$report" --all --dry-run
	assert_json '[.created, .dry_run]' '[1,true]'
	run_as a-focal --json --yes report confirm "$report" --all
	assert_json .created 1
	run_as a-focal --json report show "$report"
	assert_json '[.values[] | select(.via == "confirm") | .cell]' '["AA-1.1:sex=F","AA-1.3","AA-1.5","TX-1.1"]'
	run_as a-focal --json --yes report confirm "$report" --all
	assert_json '[.created, .updated, .unchanged]' '[0,0,0]'
	run_as a-focal --json todo
	assert_json "map(select(.report == \"$report\")) | .[0].offered" 0
	# What is typed over it is typed.
	run_as a-focal --json report set "$report" AA-1.5=251
	run_as a-focal --json report show "$report"
	assert_json '[.values[] | select(.cell == "AA-1.5") | .via]' '["set"]'
}
