#!/usr/bin/env bats
# Rules are data of the plan: what breaks one blocks, wants an explanation, or is only said; always with cells and numbers.
# shellcheck disable=SC2030,SC2031

setup_file() {
	load helper
	load testplan
	server_start && make_test_users || return 1
	ruled_plan >"$INAP_HOME/ruled.json"
	inap_as planner -q plan import "$INAP_HOME/ruled.json" >/dev/null
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
}

# ruled_plan: the tests' plan with rules: SAME blocks, PART wants an explanation, SMALL is only said.
ruled_plan() {
	test_plan | jq '.rules = [
		{code: "SAME", names: {en: "women are as many as the count", ar: "عدد النساء مساوٍ للعدد", ckb: "ژمارەی ژنان یەکسانە بە ژمارەکە"},
			severity: "BLOCK", op: "=", left: ["AA-1.4.n"], right: ["AA-1.1"]},
		{code: "PART", names: {en: "money is not more than what is counted"}, severity: "EXPLAIN", op: "<=", left: ["AA-1.5"], right: ["AA-1.1", "AA-1.4.d"]},
		{code: "SMALL", names: {en: "nobody has more than 1000"}, severity: "WARN", op: "<=", left: ["AA-1.1"], right: [1000]},
		{code: "BOTH", names: {en: "money and share go together"}, severity: "WARN", op: "all_or_none", left: ["AA-1.5", "AA-1.4"]}]'
}

# fill CELL=VALUE...: of k-focal, the rest of the report is 0 or not collected.
fill() {
	round=$(printf '20%02dQ%d' $((20 + BATS_TEST_NUMBER / 4)) $((BATS_TEST_NUMBER % 4 + 1)))
	report=KRG-A/$round
	open_round "$round" >/dev/null
	narrate k-focal "$report" && inap_as k-focal -q report set "$report" "$@" >/dev/null
}

signs() {
	inap_as k-approver report show "$report" >/dev/null
	run_as k-approver --json --yes --no-input report submit "$report" "$@"
}

@test "rules are listed, those of the file and those that the import made" {
	run_as k-focal --json rule list
	assert_exit 0
	assert_json '[.[] | select(.kind == "given") | .rule]' '["BOTH","PART","SAME","SMALL"]'
	assert_json '.[] | select(.rule == "BOTH") | .left' 'AA-1.5, AA-1.4'
	assert_json '.[] | select(.rule == "SAME") | [.severity, .op, .left, .right, .missing, .name.ar]' '["BLOCK","=","AA-1.4.n","AA-1.1","skip_if_any","عدد النساء مساوٍ للعدد"]'
	assert_json '[.[] | select(.kind == "table") | .rule]' '["AA-1.1:sex","AA-1.2:row"]'
	assert_json '[.[] | select(.parameters) | [.rule, .parameters]]' '[["outlier","periods=6 z=3.5"],["year_ratio","least=10 ratio=3"]]'
	run_as k-focal --json rule list --plan NONE
	assert_refused NOT_FOUND 6
	run_as k-focal --json rule list --round 2024
	assert_refused BAD_ARGUMENT 2
	run_as k-focal rule list
	assert_output_has "women are as many as the count"
	assert_output_has "the parts AA-1.1:sex make the total AA-1.1"
	assert_output_has "from 10 on, a value is within 3 times that of the same quarter last year"
}

@test "what breaks a rule is named in plain words, with its cells and both numbers" {
	fill AA-1.1=1200 AA-1.4=5/10 AA-1.5=2000
	run_as k-focal --json report check "$report"
	assert_exit 0
	assert_json '.problems[] | select(.rule == "SAME") | [.cell, .severity, .code, .op, .left, .right, .cells, .explained]' \
		'["AA-1.4","BLOCK","RULE_BROKEN","=","5","1200",["AA-1.4","AA-1.1"],false]'
	assert_json '.problems[] | select(.rule == "SAME") | .message' 'women are as many as the count: AA-1.4.n is 5, AA-1.1 is 1200'
	assert_json '.problems[] | select(.rule == "PART") | .message' 'money is not more than what is counted: AA-1.5 is 2000, AA-1.1 + AA-1.4.d is 1210'
	assert_json '.problems[] | select(.rule == "SMALL") | .message' 'nobody has more than 1000: AA-1.1 is 1200'
	assert_json '[.problems[].severity] == ([.problems[].severity] | sort)'
	assert_json '.problems[] | select(.rule == "SAME") | .name' '{"en":"women are as many as the count","ar":"عدد النساء مساوٍ للعدد","ckb":"ژمارەی ژنان یەکسانە بە ژمارەکە"}'
	run_as k-focal -L ar report check "$report"
	assert_output_has 'عدد النساء مساوٍ للعدد: AA-1.4.n يساوي 5، وAA-1.1 يساوي 1200'
	run_as k-focal -L ckb report check "$report"
	assert_output_has 'ژمارەی ژنان یەکسانە بە ژمارەکە: AA-1.4.n بریتییە لە 5، AA-1.1 بریتییە لە 1200'
	run_as k-focal report check "$report"
	assert_output_has "AA-1.4.n is 5, AA-1.1 is 1200"
}

@test "BLOCK refuses the submission, whatever is noted" {
	fill AA-1.1=4 AA-1.4=5/10 AA-1.5=3 'AA-1.1:sex=*=@not_collected'
	signs --note "it is so"
	assert_refused INCOMPLETE 3
	assert_json '[.error.fields[] | [.cell, .code, .message]]' '[["AA-1.4","RULE_BROKEN","women are as many as the count: AA-1.4.n is 5, AA-1.1 is 4"]]'
	run_as k-approver -L ar --yes --no-input report submit "$report" --note "it is so"
	assert_stderr_has 'عدد النساء مساوٍ للعدد'
	run_as k-focal -q report set "$report" AA-1.1=5
	assert_exit 0
	signs
	assert_exit 0
}

@test "EXPLAIN wants a note: on a value of the rule, where it stays, or with the signature" {
	fill AA-1.1=5 AA-1.4=5/10 AA-1.5=30 'AA-1.1:sex=*=@not_collected'
	signs
	assert_refused EXPLAIN_NEEDED 3
	assert_json '[.error.fields[] | .code]' '["RULE_BROKEN"]'
	run_as k-focal --json report check "$report" --exit-code
	assert_exit 9
	run_as k-focal --json report explain "$report" AA-1.5 "a grant of last year"
	assert_exit 0
	assert_json .updated 1
	run_as k-focal --json report check "$report" --exit-code
	assert_exit 0
	assert_json '.problems[] | [.rule, .explained, .note]' '["PART",true,"a grant of last year"]'
	run_as k-focal --json report show "$report"
	assert_json '.values[] | select(.cell == "AA-1.5") | [.value, .note]' '["30","a grant of last year"]'
	inap_as k-approver report show "$report" >/dev/null
	run_as k-approver --yes --no-input report submit "$report"
	assert_exit 0
	assert_output_has "AA-1.5 is 30, AA-1.1 + AA-1.4.d is 15; explained: a grant of last year"
	run_as krg-coord --json report check "$report"
	assert_json '.problems[] | [.rule, .note]' '["PART","a grant of last year"]'
	run_as k-focal --json report explain "$report" AA-1.9 "no such cell"
	assert_exit 3
}

@test "the note of the signature explains what no value's note does, and is told with it" {
	fill AA-1.1=5 AA-1.4=5/10 AA-1.5=30 'AA-1.1:sex=*=@not_collected'
	signs --note "by order 12"
	assert_exit 0
	run_as krg-coord --json report check "$report"
	assert_json '.problems[] | [.rule, .explained, .note]' '["PART",true,"by order 12"]'
}

@test "WARN stands in nobody's way" {
	fill AA-1.1=1200 AA-1.4=1200/1300 AA-1.5=@not_collected 'AA-1.1:sex=*=@not_collected'
	run_as k-focal --json report check "$report"
	assert_json '[.problems[] | select(.code != "VALUE_JUMP") | [.rule, .severity, .left, .right]]' '[["SMALL","WARN","1200","1000"],["BOTH","WARN","1","2"]]'
	signs
	assert_exit 0
}

@test "parts that do not make their total are told, and never recomputed" {
	fill AA-1.1=5 AA-1.4=5/10 AA-1.5=3 AA-1.1:sex=F=3 AA-1.1:sex=M=1
	run_as k-focal --json report check "$report"
	assert_json '[.problems[].code]' '["UNANSWERED_TABLE"]'
	run_as k-focal -q report set "$report" AA-1.1:sex=unknown=0
	run_as k-focal --json report check "$report"
	assert_json '.problems[] | [.cell, .rule, .severity, .code, .left, .right]' '["AA-1.1","AA-1.1:sex","EXPLAIN","TABLE_SUM","5","4"]'
	assert_json '.problems[0].message' 'AA-1.1 is 5, its parts AA-1.1:sex make 4'
	signs
	assert_refused EXPLAIN_NEEDED 3
	run_as k-focal --json report show "$report"
	assert_json '.values[] | select(.cell == "AA-1.1") | .value' 5
	run_as k-focal -q report set "$report" AA-1.1:sex=unknown=1
	signs
	assert_exit 0
}

@test "a rule is judged only where all its cells are asked" {
	round=2029Q4
	open_round "$round" >/dev/null
	inap_as b-focal report show "FED-B/$round" >/dev/null
	inap_as b-focal -q report set "FED-B/$round" AA-2.1.d=9 AA-1.1=4 AA-1.4=5/10 >/dev/null
	jq '.rules += [{code: "HALVES", names: {en: "halves"}, severity: "BLOCK", op: "=", left: ["AA-2.1.n"], right: ["AA-1.1"], missing: "never_skip"},
		{code: "TEXTS", names: {en: "texts"}, severity: "BLOCK", op: "=", left: ["AA-1.2"], right: ["AA-1.1"], missing: "never_skip"}]' "$INAP_HOME/ruled.json" >"$INAP_HOME/more.json"
	run_as planner --json plan import "$INAP_HOME/more.json"
	assert_json '[.added, .changed, .closed, .counts.rule]' '[2,0,0,6]'
	run_as b-focal --json report check "FED-B/$round"
	assert_json '[.problems[] | select(.code == "RULE_BROKEN") | .rule] | sort' '["HALVES","SAME"]'
	run_as planner --json plan import "$INAP_HOME/ruled.json"
	assert_json '[.added, .changed, .closed]' '[0,0,2]'
}

@test "a rule at fault is refused by its place and name, in the person's language, and nothing is stored" {
	local before
	before=$(sql "SELECT md5(string_agg(r::text, '' ORDER BY rule_id)) FROM rule r")
	jq '.rules[0].left = ["AA-9.9"]' "$INAP_HOME/ruled.json" >"$INAP_HOME/bad.json"
	run_as planner --json plan import "$INAP_HOME/bad.json"
	assert_refused PLAN_BAD 3
	assert_json '[.error.arguments.place, .error.arguments.why]' '["rules[0].left[0]","there is no cell AA-9.9"]'
	run_as planner -L ar plan import "$INAP_HOME/bad.json"
	assert_exit 3
	jq '.rules[1].op = "~"' "$INAP_HOME/ruled.json" >"$INAP_HOME/bad.json"
	run_as planner --json plan import "$INAP_HOME/bad.json"
	assert_json .error.arguments.place 'rules[1].op'
	run_as planner --json plan import "$INAP_HOME/ruled.json" --dry-run
	assert_json '[.added, .changed, .closed, .dry_run]' '[0,0,0,true]'
	[ "$(sql "SELECT md5(string_agg(r::text, '' ORDER BY rule_id)) FROM rule r")" = "$before" ]
}
