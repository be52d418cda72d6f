#!/usr/bin/env bats
# What the check sees without being told a rule: outliers, jumps against last year, cumulative values that fall, numerators
# above their denominators; and INAP-II's own rules. All of it as the plan file's parameters say.
# shellcheck disable=SC2030,SC2031

setup_file() {
	load helper
	load testplan
	server_start && make_test_users || return 1
	trend_plan >"$INAP_HOME/trend.json"
	inap_as planner -q plan import "$INAP_HOME/trend.json" >/dev/null || return 1
	local quarter figure=100
	for quarter in 2022Q1 2022Q2 2022Q3 2022Q4 2023Q1 2023Q2; do
		open_round "$quarter" >/dev/null || return 1
		inap_as k-focal report show "KRG-A/$quarter" >/dev/null
		inap_as k-focal -q report set "KRG-A/$quarter" AA-1.1=$((figure % 5 + 100)) AA-1.5="$figure" AA-1.4="$figure/200" >/dev/null || return 1
		figure=$((figure + 3))
	done
	open_round 2023Q3 >/dev/null && inap_as k-focal report show KRG-A/2023Q3 >/dev/null
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	report=KRG-A/2023Q3
}

# trend_plan: AA-1.5 counts from the plan's start on.
trend_plan() {
	test_plan | jq '(.indicators[] | select(.code == "AA-1.5")) |= (.value_kind = "cumulative_since_start" | .rule = "last")'
}

# found CELL=VALUE...: what the check says then beside unanswered cells: [rule, cell, left, right]
found() {
	inap_as k-focal -q report set "$report" "$@" >/dev/null || return 1
	run_as k-focal --json report check "$report"
	assert_exit 0
	output=$(jq -c '[.problems[] | select((.code | startswith("UNANSWERED") | not) and .rule != "narrative_missing") | [.rule, .severity, .cell, .left, .right]]' <<<"$output")
}

@test "a value like the others is not mentioned" {
	found AA-1.1=104 AA-1.5=120 AA-1.4=118/200
	[ "$output" = '[]' ] || flunk "something is"
}

@test "one far from six earlier ones is, with their median" {
	found AA-1.1=160 AA-1.5=120 AA-1.4=118/200
	[ "$output" = '[["outlier","WARN","AA-1.1","160","101.5"]]' ] || flunk "not this"
	run_as k-focal report check "$report"
	assert_output_has "AA-1.1 is 160, far from its earlier values around 101.5"
}

@test "three times the same quarter of last year, too" {
	found AA-1.1=400 AA-1.5=120 AA-1.4=118/200
	[ "$output" = '[["outlier","WARN","AA-1.1","400","101.5"],["year_ratio","WARN","AA-1.1","400","101"]]' ] || flunk "not this"
}

@test "a cumulative value that falls" {
	found AA-1.1=104 AA-1.5=114 AA-1.4=118/200
	[ "$output" = '[["fall","WARN","AA-1.5","114","115"]]' ] || flunk "not this"
	run_as k-focal -L ar report check "$report"
	assert_output_has "AA-1.5 تراكمي، لكنه انخفض من 115 إلى 114"
}

@test "a numerator greater than its denominator" {
	found AA-1.1=104 AA-1.5=120 AA-1.4=121/120
	[ "$output" = '[["numerator","WARN","AA-1.4","121","120"]]' ] || flunk "not this"
}

@test "the plan file says how far is far, and how heavy it weighs" {
	found AA-1.1=112 AA-1.5=114 AA-1.4=118/200
	jq '.checks = {outlier: {z: 100}, fall: {severity: "BLOCK"}}' "$INAP_HOME/trend.json" >"$INAP_HOME/checked.json"
	run_as planner --json plan import "$INAP_HOME/checked.json"
	assert_json '[.added, .changed, .closed, [.changes[] | [.kind, .fields]]]' '[0,1,0,[["plan","checks"]]]'
	found AA-1.1=160 AA-1.5=114 AA-1.4=118/200
	[ "$output" = '[["fall","BLOCK","AA-1.5","114","115"]]' ] || flunk "not this"
	run_as k-focal --json rule list
	assert_json '[.[] | select(.rule == "fall" or .rule == "outlier") | [.rule, .severity, .parameters]]' '[["fall","BLOCK",null],["outlier","WARN","periods=6 z=100"]]'
}

@test "INAP-II: the women of PA-2.1 are those of PA-2.2, of one entity in one round" {
	run_as planner --json plan import "$INAP_ROOT/client/share/plans/INAP-II.json"
	assert_exit 0
	assert_json .counts.rule 4
	make_reporters FED-MOI
	run_as sec --json round add 2023Q2 --plan INAP-II --opens "$(date +%F)" --due "$(date -d '20 days' +%F)"
	assert_exit 0
	report=INAP-II:FED-MOI/2023Q2
	inap_as fed-moi-focal report show "$report" >/dev/null
	run_as fed-moi-focal --json report set "$report" PA-2.1=40/900 PA-2.2=41 PV-2.2=300/900
	assert_exit 0
	run_as fed-moi-focal --json report check "$report"
	assert_json '[.problems[] | select(.code == "RULE_BROKEN") | [.cell, .rule, .severity, .left, .right, .cells]]' '[["PA-2.1","WOMEN-SERVING","EXPLAIN","40","41",["PA-2.1","PA-2.2"]]]'
	run_as fed-moi-focal --json report set "$report" PA-2.2=40
	run_as fed-moi-focal --json report check "$report"
	assert_json '[.problems[] | select(.code == "RULE_BROKEN")]' '[]'
}
