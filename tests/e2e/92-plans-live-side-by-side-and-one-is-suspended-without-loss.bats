#!/usr/bin/env bats
# Three plans at once: one that ended, with six pillars, the current one, and a draft; one suspended takes no write and loses nothing.

setup_file() {
	load helper
	load quarter
	make_round && make_office moi FED-MOI && make_user fed-coord FED-MOP coordinator federal && make_user team FED-MOFA national_team
	inap_as moi-focal report show "FED-MOI/$round" >/dev/null
	inap_as moi-focal -q report set "FED-MOI/$round" PR-1.5=7 >/dev/null
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load quarter
	report=FED-MOI/$round
}

# third STATE: a third plan made of the second, as a file.
third() {
	jq --arg state "$1" '.code = "INAP-III" | .names.en = "Third plan" | .starts_on = "2025-01-01" | .ends_on = "2028-12-31"
		| if $state == "" then . else .state = $state end' "$INAP_ROOT/client/share/plans/INAP-II.json" >"$BATS_TEST_TMPDIR/third.json"
}

# rows_of PLAN: a digest of its values, reports, rounds and form.
rows_of() {
	sql "SELECT md5(string_agg(t, ',' ORDER BY t)) FROM inap.plan p CROSS JOIN LATERAL (
		SELECT v::text FROM inap.value v JOIN inap.round o USING (round_id) WHERE o.plan_id = p.plan_id
		UNION ALL SELECT r::text FROM inap.report r WHERE r.plan_id = p.plan_id UNION ALL SELECT o::text FROM inap.round o WHERE o.plan_id = p.plan_id
		UNION ALL SELECT f::text FROM inap.form_cell f WHERE f.plan_id = p.plan_id) x (t) WHERE p.code = '$1'"
}

@test "a plan of six pillars, the current one and a draft stand side by side" {
	run_as secretary --json plan import "$INAP_ROOT/client/share/plans/INAP-I.json"
	assert_exit 0
	third draft
	run_as secretary --json plan import "$BATS_TEST_TMPDIR/third.json"
	assert_exit 0
	run_as moi-focal --json plan list
	assert_json 'map([.plan, .state, .current])' '[["INAP-III","draft",false],["INAP-II","active",true],["INAP-I","active",false]]'
	run_as moi-focal --json plan show INAP-I
	assert_json '[.results[] | select(.kind == "pillar") | .code]' '["PA","PP","PM","SE","LE","RM"]'
	run_as moi-focal --json plan show
	assert_json '[.plan, ([.results[] | select(.kind == "pillar")] | length)]' '["INAP-II",3]'
	run_as secretary --json plan import "$INAP_ROOT/client/share/plans/INAP-I.json"
	assert_json '[.added, .changed, .closed]' '[0,0,0]'
}

@test "a draft is meant by nobody and takes no report; a later file makes it a plan" {
	run_as secretary --json plan current INAP-III
	assert_refused WRONG_STATE 7
	inap_as secretary -q round add 2025Q1 --plan INAP-III --due "$(date -d '+14 days' +%F)" >/dev/null
	inap_as moi-focal report show "INAP-III:FED-MOI/2025Q1" >/dev/null
	run_as moi-focal --json report set "INAP-III:FED-MOI/2025Q1" PR-1.5=1
	assert_refused ROUND_NOT_OPEN 7
	assert_json '.error.arguments.why' '"draft"'
	third nonsense
	run_as secretary --json plan import "$BATS_TEST_TMPDIR/third.json"
	assert_refused PLAN_BAD 3
	third ""
	run_as secretary --json plan import "$BATS_TEST_TMPDIR/third.json"
	assert_exit 0
	run_as moi-focal --json report set "INAP-III:FED-MOI/2025Q1" PR-1.5=1
	assert_exit 0
	third draft
	run_as secretary --json plan import "$BATS_TEST_TMPDIR/third.json"
	assert_refused PLAN_BAD 3
}

@test "a suspended plan takes no write by whatever way, names its lock, and can be read; the others go on" {
	local before
	before=$(rows_of INAP-II)
	run_as moi-approver --json plan suspend INAP-II --note "no"
	assert_refused FORBIDDEN 5
	run_as secretary --json plan suspend INAP-II
	assert_refused BAD_ARGUMENT 2
	run_as secretary --json plan suspend INAP-II --note "Decision 201" --dry-run
	assert_json '[.state, .dry_run]' '["suspended",true]'
	run_as secretary --json plan suspend inap-ii --note "Decision 201"
	assert_exit 0
	assert_json '[.plan, .state, .open_rounds, (.receipt | length)]' '["INAP-II","suspended",1,64]'
	run_as secretary --json plan suspend INAP-II --note "again"
	assert_refused WRONG_STATE 7
	run_as moi-focal --json report set "$report" PR-1.5=8
	assert_refused ROUND_NOT_OPEN 7
	assert_json '.error.arguments.why' '"suspended"'
	run_as moi-focal --json report narrative "$report" results "240 officers"
	[[ $status == 7 && $output == *suspended* ]]
	run_as moi-focal --json report ready "$report"
	[[ $status == 7 && $output == *suspended* ]]
	locked() {
		run_as "$@"
		[[ $status == 7 && $output == *LOCKED* && $output == *suspended* && $output == *INAP-II* ]] || flunk "$*: $output"
	}
	locked secretary --json round add 2024Q4 --due "$(date -d '+90 days' +%F)"
	locked secretary --json round extend "$round" --due "$(date -d '+40 days' +%F)" --note x
	locked secretary --json excuse FED-MOD "$round" --note x
	locked secretary --json extension add FED-MOI "$round" --until "$(date -d '+90 days' +%F)" --note x
	locked secretary --json remind --round "$round" --days 30
	locked secretary --json event add workshop --title x --start 2024-07-10 --organiser FED-MOI
	locked secretary --json assignment end FED-NRC PA-1.1 --to 2024Q4
	locked secretary --json plan import "$INAP_ROOT/client/share/plans/INAP-II.json"
	locked moi-focal --json activity add FED-MOI/A-03 --under PR-O1.2 --name x
	run_as moi-focal --json report show "$report"
	assert_json '[.values[] | select(.cell == "PR-1.5") | .value]' '["7"]'
	run_as team --json national completeness --round "$round"
	assert_exit 0
	run_as moi-focal --json todo
	assert_json '[.[] | select(.report == "'"$report"'")]' '[]'
	run_as moi-focal --json report set "INAP-III:FED-MOI/2025Q1" PR-1.5=2
	assert_exit 0
	[[ $(sql "SELECT count(*) FROM inap.log WHERE plan_id = (SELECT plan_id FROM inap.plan WHERE code = 'INAP-II') AND seq > (SELECT max(seq) FROM inap.log WHERE action = 'plan.suspend') AND entity_id = 0") == 0 ]]
	run_as secretary --json plan resume INAP-II
	assert_refused BAD_ARGUMENT 2
	run_as secretary --json plan resume INAP-II --note "Decision 12"
	assert_json '[.state, .current]' '["active",true]'
	run_as secretary --json plan resume INAP-II --note "again"
	assert_refused WRONG_STATE 7
	[[ $(rows_of INAP-II) == "$before" ]]
	run_as moi-focal --json report set "$report" PR-1.5=8
	assert_exit 0
	run_as moi-focal --json todo
	assert_json '[.[] | select(.report == "'"$report"'") | .what]' '["fill"]'
}

@test "the plan meant where none is named is one at a time" {
	run_as secretary --json plan current INAP-III --dry-run
	assert_json '[.current, .dry_run]' '[true,true]'
	run_as secretary --json plan current INAP-III
	assert_json '[.plan, .current]' '["INAP-III",true]'
	run_as secretary --json plan current INAP-III
	assert_refused WRONG_STATE 7
	run_as moi-focal --json plan list
	assert_json 'map([.plan, .current])' '[["INAP-III",true],["INAP-II",false],["INAP-I",false]]'
	run_as moi-focal --json todo
	assert_json '[.[].report] | sort' "[\"FED-MOI/2025Q1\",\"INAP-II:$report\"]"
	[[ $(sql "SELECT count(*) FROM inap.entity e, inap.chain_faults(e.entity_id)") == 0 ]]
}
