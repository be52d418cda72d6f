#!/usr/bin/env bats
# The Secretariat adds and retires rules by hand: dated, logged, never deleted; a plan file that repeats itself undoes nothing.
# shellcheck disable=SC2030,SC2031

setup_file() {
	load helper
	load testplan
	server_start && make_test_users 3 ruled && open_round 2024Q3 >/dev/null
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	cd "$BATS_TEST_TMPDIR" || return 1
	jq -n '{code: "LIMIT", names: {en: "nobody has more than 1000", ar: "لا أحد لديه أكثر من 1000"}, severity: "BLOCK", op: "<=", left: ["AA-1.1"], right: [1000]}' >limit.json
}

# The tests' plan with one rule of its own.
ruled() {
	jq '.rules = [{code: "PART", names: {en: "money is not more than what is counted"}, severity: "BLOCK", op: "<=", left: ["AA-1.5"], right: ["AA-1.1"]}]'
}

# blocking: the rules that block KRG-A's report.
blocking() {
	inap_as k-focal --json report check KRG-A/2024Q3 | jq -c '[.problems[] | select(.rule == "LIMIT" or .rule == "PART") | .rule] | sort'
}

@test "a rule is added by hand: tried first, then in force, with why and by whom in the log" {
	inap_as k-focal report show KRG-A/2024Q3 >/dev/null
	inap_as k-focal -q report set KRG-A/2024Q3 AA-1.1=2000 AA-1.5=3000 >/dev/null
	[ "$(blocking)" = '["PART"]' ]
	run_as sec --json rule add limit.json --dry-run
	assert_exit 0
	assert_json '[.rule, .retired, .from, .dry_run, .receipt]' '["LIMIT",false,"2020Q1",true,""]'
	run_as sec rule add limit.json --dry-run
	assert_output_has "rule LIMIT is in force from 2020Q1 on"
	assert_output_has "nothing was changed"
	[ "$(blocking)" = '["PART"]' ]
	run sql "SELECT count(*) FROM log WHERE action LIKE 'rule.%'"
	[ "$output" = 0 ]
	run_as sec --json rule add - --note "letter 214" <limit.json
	assert_exit 0
	assert_json '[.rule, .dry_run]' '["LIMIT",false]'
	[ "$(blocking)" = '["LIMIT","PART"]' ]
	run sql "SELECT action, note, outcome::jsonb #>> '{body,names,ar}' FROM log WHERE entity_id = 0 AND action LIKE 'rule.%'"
	[ "$output" = "rule.add|letter 214|لا أحد لديه أكثر من 1000" ]
	run sql "SELECT count(*) FROM chain_faults(0)"
	[ "$output" = 0 ]
}

@test "the list says what was made by hand" {
	run_as k-focal --json rule list
	assert_json '[.[] | select(.kind == "given") | [.rule, .by_hand, .retired]]' '[["LIMIT",true,false],["PART",false,false]]'
	run_as k-focal rule list
	[[ $output =~ LIMIT\ .*added\ +nobody\ has\ more\ than\ 1000 ]] || flunk "$output"
}

@test "what is refused is named" {
	run_as sec --json rule add limit.json
	assert_refused EXISTS 7
	assert_json .error.arguments '{"what":"rule","name":"LIMIT"}'
	jq '.code = "OTHER" | .left = ["AA-9.9"]' limit.json >cell.json
	run_as sec rule add cell.json
	assert_exit 3
	assert_stderr_has "the rule is refused at left[0]: there is no cell AA-9.9"
	jq '.code = "OTHER" | .op = "about"' limit.json >op.json
	run_as sec --json rule add op.json
	assert_refused RULE_BAD 3
	assert_json .error.arguments.place op
	jq 'del(.names)' limit.json >nameless.json
	run_as sec rule add nameless.json
	assert_exit 3
	assert_stderr_has "the rule is refused at names: is missing"
	printf '{"code": ' >broken.json
	run_as sec --json rule add broken.json
	assert_refused RULE_BAD 3
	run_as sec --json rule add nothing.json
	assert_refused FILE_BAD 3
	run_as sec --json rule retire NONE
	assert_refused NOT_FOUND 6
	run_as sec rule retire outlier
	assert_exit 2
	assert_stderr_has "this rule is made of the tables and checks of the plan file: change it there"
	run_as k-focal --json rule retire LIMIT
	assert_refused FORBIDDEN 5
}

@test "a file that repeats itself leaves what was made and ended by hand" {
	run_as sec --json rule retire PART --note "letter 215" --dry-run
	assert_json '[.rule, .retired, .dry_run]' '["PART",true,true]'
	[ "$(blocking)" = '["LIMIT","PART"]' ]
	run_as sec rule retire PART --note "letter 215"
	assert_exit 0
	assert_output_has "rule PART is retired from 2020Q1 on"
	[ "$(blocking)" = '["LIMIT"]' ]
	run_as sec --json rule retire PART
	assert_refused WRONG_STATE 7
	run_as planner --json plan import "$INAP_HOME/plan.json"
	assert_json '[.added, .changed, .closed, .warnings]' '[0,0,0,[]]'
	[ "$(blocking)" = '["LIMIT"]' ]
}

@test "a file with news of a rule has the last word, and the import says so" {
	jq '.rules[0].right = ["AA-1.1", 1]' "$INAP_HOME/plan.json" >news.json
	run_as planner --json plan import news.json
	assert_exit 0
	assert_json .warnings '["HAND_REPLACED:PART"]'
	[ "$(blocking)" = '["LIMIT","PART"]' ]
	inap_as sec -q rule retire LIMIT >/dev/null
	[ "$(blocking)" = '["PART"]' ]
	run_as sec --json rule add limit.json
	assert_exit 0
	[ "$(blocking)" = '["LIMIT","PART"]' ]
	# closed rounds keep what they had
	inap_as sec -q round close 2024Q3 --confirm 2024Q3 >/dev/null
	run_as sec --json rule retire LIMIT
	assert_json .from 2024Q4
	run_as sec --json rule list --round 2024Q3
	assert_json '.[] | select(.rule == "LIMIT") | [.valid_to, .by_hand, .retired]' '["2024-09-30",true,true]'
	run_as sec --json rule list --round 2024Q4
	assert_json '[.[] | select(.kind == "given") | .rule]' '["PART"]'
}
