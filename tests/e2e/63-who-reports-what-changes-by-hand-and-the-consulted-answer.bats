#!/usr/bin/env bats
# Assignments made and ended by hand, with dates; what an import does to them.
# shellcheck disable=SC2030,SC2031

setup_file() {
	load helper
	load testplan
	server_start && make_test_users 3 who_plan
	open_round 2024Q3 >/dev/null
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
}

# On its way through jq: a table by governorate, most of them federal; AA-1.5 has one reporter a jurisdiction, FED-C is asked
# about it, and about AA-1.1.
who_plan() {
	jq 'def names($en): {en: $en, ar: null, ckb: null};
		.dimensions += [{code: "governorate", names: names("Governorate"), categories: [
			{code: "IQ-BG", names: names("Baghdad"), jurisdictions: ["federal"]}, {code: "IQ-NI", names: names("Nineveh"), jurisdictions: ["federal"]},
			{code: "IQ-SU", names: names("Sulaymaniyah"), jurisdictions: ["kurdistan"]},
			{code: "IQ-HA", names: names("Halabja"), jurisdictions: ["kurdistan"], valid_from: "2025-04-01", split_from: "IQ-SU"},
			{code: "unknown", names: names("Unknown")}]}]
		| .indicators |= map(if .code == "AA-1.1" then .tables += [{dimensions: ["governorate"], exclusive: true}] | .consulted = ["FED-C"]
			elif .code == "AA-1.5" then .combine = "one" | .reporters = [{entity: "FED-A", part: "whole"}, {entity: "KRG-A", part: "whole"}] | .consulted = ["FED-C"] else . end)'
}

# asked USER REPORT: the governorates that AA-1.1 is asked for.
asked() {
	inap_as "$1" --json report show "$2" | jq -c '[.asked[].cell | select(startswith("AA-1.1:governorate=")) | .[19:]]'
}

@test "a category more, by hand, is asked from its quarter on; unknown always" {
	[ "$(asked k-focal KRG-A/2024Q3)" = '["IQ-SU","unknown"]' ]
	run_as sec --json assignment add KRG-A AA-1.1 --covers +IQ-NI --from 2024Q3 --note "by letter 12" --dry-run
	assert_exit 0
	assert_json '[.before, .cells, .dry_run]' '[6,7,true]'
	[ "$(asked k-focal KRG-A/2024Q3)" = '["IQ-SU","unknown"]' ]
	run_as sec --json assignment add krg-a aa-1.1 --covers +IQ-NI --from 2024q3 --note "by letter 12"
	assert_exit 0
	assert_json '[.entity, .indicator, .part, .from, .to, .covers, .before, .cells]' '["KRG-A","AA-1.1","whole","2024Q3",null,["governorate=IQ-NI","governorate=IQ-SU","governorate=IQ-HA"],6,7]'
	[ "$(asked k-focal KRG-A/2024Q3)" = '["IQ-NI","IQ-SU","unknown"]' ]
	inap_as k-focal -q report set KRG-A/2024Q3 AA-1.1:governorate=IQ-NI=4 >/dev/null
	run_as k-focal indicator show AA-1.1
	[[ $output =~ KRG-A\ +whole\ +2024Q3\ +yes\ +governorate=IQ-NI,\ governorate=IQ-SU,\ governorate=IQ-HA ]] || flunk "the lookup shows it"
	run sql "SELECT action, note, outcome::jsonb ->> 'entity' FROM log WHERE entity_id = 0 AND action LIKE 'assignment.%'"
	[ "$output" = "assignment.add|by letter 12|KRG-A" ]
	run sql "SELECT count(*) FROM chain_faults(0)"
	[ "$output" = 0 ]
}

@test "the rules of a plan file hold: two reporters of a one, values of an open round, closed rounds" {
	run_as sec --json assignment add FED-B AA-1.5 --from 2024Q3
	assert_refused PLAN_TWO_REPORTERS 3
	assert_json .error.arguments '{"code":"AA-1.5","jurisdiction":"federal","entities":"FED-A, FED-B"}'
	inap_as a-focal report show FED-A/2024Q3 >/dev/null
	inap_as a-focal -q report set FED-A/2024Q3 AA-1.4=3/4 >/dev/null
	run_as sec --json assignment add FED-A AA-1.4 --part numerator --from 2024Q3
	assert_refused PLAN_CHANGE 7
	run_as sec --json assignment add FED-A AA-1.4 --part numerator --from 2024Q4
	assert_exit 0
	run_as sec --json assignment add FED-A AA-1.1 --part numerator --from 2024Q4
	assert_refused BAD_ARGUMENT 2
	run_as sec --json assignment end FED-A AA-1.1 --to 2024Q2
	assert_refused BAD_ARGUMENT 2
	run_as sec assignment add FED-A AA-1.1 --covers IQ-XX --from 2024Q4
	assert_exit 2
	assert_stderr_has "covered categories: IQ-XX is no category, or not the only one, in the tables of AA-1.1"
	run_as sec assignment add FED-A AA-1.1
	assert_exit 2
	assert_stderr_has "say from which quarter on with --from"
	run_as a-focal --json assignment add FED-A AA-1.1 --from 2024Q4
	assert_refused FORBIDDEN 5
	run_as sec --json assignment add FED-X AA-1.1 --from 2024Q4
	assert_refused NOT_FOUND 6
}

@test "an end asks to its last quarter, a new one is expected at once, and both survive a file that repeats itself" {
	run_as sec --json assignment end FED-B AA-1.1 --to 2024Q3
	assert_exit 0
	run_as sec --json assignment add FED-C AA-1.3 --from 2024Q3
	assert_exit 0
	run_as sec -L ar assignment add FED-C AA-1.3 --from 2024Q3
	assert_exit 7
	open_round 2024Q4 >/dev/null
	[ "$(asked b-focal FED-B/2024Q3)" = '["IQ-BG","IQ-NI","unknown"]' ]
	[ "$(asked b-focal FED-B/2024Q4)" = '[]' ]
	run_as sec --json report list --round 2024Q3
	run sql "SELECT r.state FROM report r JOIN entity e USING (entity_id) JOIN round o USING (round_id) WHERE e.code = 'FED-C' AND o.code = '2024Q3'"
	[ "$output" = expected ]
	run_as planner --json plan import "$INAP_HOME/plan.json"
	assert_json '[.added, .changed, .closed, .warnings]' '[0,0,0,[]]'
	[ "$(asked b-focal FED-B/2024Q4)" = '[]' ]
	[ "$(asked k-focal KRG-A/2024Q4)" = '["IQ-NI","IQ-SU","unknown"]' ]
	run_as sec --json entity show FED-C
	assert_json .reporting true
}

@test "a file with news of an assignment has the last word, and the import says so" {
	jq '.indicators |= map(if .code == "AA-1.1" then .reporters |= map(if .entity == "KRG-A" then . + {covers: ["governorate=IQ-SU"]} else . end) else . end)' \
		"$INAP_HOME/plan.json" >"$INAP_HOME/news.json"
	run_as planner --json plan import "$INAP_HOME/news.json"
	assert_exit 0
	assert_json .warnings '["HAND_REPLACED:AA-1.1:KRG-A"]'
	# 2024Q4 has opened and asked for it: it stays there
	inap_as sec -q round add 2025Q1 --opens "$(TZ=Asia/Baghdad date -d '+9 days' +%F)" --due "$(TZ=Asia/Baghdad date -d '+20 days' +%F)" >/dev/null
	run sql "SELECT string_agg(k.code, ' ' ORDER BY k.code) FROM form_cell f JOIN entity e USING (entity_id) JOIN cell k USING (cell_id) WHERE e.code = 'KRG-A' AND k.code LIKE 'AA-1.1:gov%' AND quarter_number('2025Q1') BETWEEN f.from_quarter AND f.to_quarter"
	[ "$output" = "AA-1.1:governorate=IQ-SU AA-1.1:governorate=unknown" ]
	# one that would make two reporters of a one together with what was made by hand is refused
	inap_as sec -q assignment end FED-A AA-1.5 --to 2024Q4 >/dev/null
	inap_as sec -q assignment add FED-B AA-1.5 --from 2025Q1 >/dev/null
	jq '.indicators |= map(if .code == "AA-1.5" then .reporters |= map(if .entity == "FED-A" then . + {covers: []} else . end) else . end)' "$INAP_HOME/news.json" >"$INAP_HOME/two.json"
	run_as planner --json plan import "$INAP_HOME/two.json"
	assert_refused PLAN_TWO_REPORTERS 3
}
