#!/usr/bin/env bats
# Assignments made and ended by hand, with dates; what an import does to them. Who is consulted sees what was submitted and
# confirms or contests it.
# shellcheck disable=SC2030,SC2031

setup_file() {
	load helper
	load testplan
	server_start && make_test_users 3 who_plan && make_user c-focal FED-C focal_point FED-C && make_user c-approver FED-C approver FED-C && make_user kc-focal KRG-C focal_point KRG-C || return 1
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

# On its way through jq: a table by district, which is split twice, and sex; one by governorate, most of them federal; AA-1.5 has one reporter a jurisdiction, FED-C is asked
# about it, and about AA-1.1.
who_plan() {
	jq 'def names($en): {en: $en, ar: null, ckb: null};
		.dimensions += [{code: "governorate", names: names("Governorate"), categories: [
			{code: "IQ-BG", names: names("Baghdad"), jurisdictions: ["federal"]}, {code: "IQ-NI", names: names("Nineveh"), jurisdictions: ["federal"]},
			{code: "IQ-SU", names: names("Sulaymaniyah"), jurisdictions: ["kurdistan"]},
			{code: "IQ-HA", names: names("Halabja"), jurisdictions: ["kurdistan"], valid_from: "2025-04-01", split_from: "IQ-SU"},
			{code: "unknown", names: names("Unknown")}]},
			{code: "district", names: names("District"), categories: [{code: "d1", names: names("One")},
			{code: "d2", names: names("Two"), valid_from: "2022-04-01", split_from: "d1"}, {code: "d3", names: names("Three"), valid_from: "2022-07-01", split_from: "d2"},
			{code: "unknown", names: names("Unknown")}]}]
		| .indicators |= map(if .code == "AA-1.1" then .tables += [{dimensions: ["governorate"], exclusive: true}] | .consulted = ["FED-C"]
			elif .code == "AA-1.2" then .tables += [{dimensions: ["district", "sex"], exclusive: true}]
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

# ---- the consulted

# sign OFFICE ENTITY ROUND CELL=VALUE...: the office answers the rest with 0 or a blank, and signs.
sign() {
	local office=$1 report=$2/$3 left
	shift 3
	inap_as "$office-focal" report show "$report" >/dev/null
	(($# == 0)) || inap_as "$office-focal" -q report set "$report" "$@" >/dev/null || return 1
	left=$(inap_as "$office-focal" --json report show "$report" | jq -r '.unanswered[] | . + "=@not_collected"')
	# shellcheck disable=SC2086
	[[ -z $left ]] || inap_as "$office-focal" -q report set "$report" $left >/dev/null || return 1
	narrate "$office-focal" "$report" || return 1
	inap_as "$office-approver" report show "$report" >/dev/null
	inap_as "$office-approver" -q --yes report submit "$report" --letter 1 --letter-date 2024-10-09 >/dev/null
}

# figures USER ARGUMENTS: what report consult lists, as CELL=VALUE ANSWER.
figures() {
	local user=$1
	shift
	inap_as "$user" --json report consult "$@" | jq -r '.[] | "\(.report) \(.cell)=\(.value // ("@" + .blank)) \(.answer // "-")"'
}

@test "the consulted see nothing before it is submitted, then only their indicators, in their jurisdiction" {
	open_round 2023Q1 >/dev/null
	run_as c-focal --json report consult FED-B/2023Q1
	assert_refused NOT_FOUND 6
	inap_as b-focal report show FED-B/2023Q1 >/dev/null
	inap_as b-focal -q report set FED-B/2023Q1 AA-1.1=58 >/dev/null
	run_as c-focal --json report consult FED-B/2023Q1
	assert_refused NOT_FOUND 6
	run_as c-focal --json report consult FED-B/2023Q1 AA-1.1 confirm --base 1
	assert_refused NOT_FOUND 6
	sign b FED-B 2023Q1 AA-1.4=3/4
	sign k KRG-A 2023Q1 AA-1.1=9
	[ "$(figures c-focal --round 2023Q1)" = "FED-B/2023Q1 AA-1.1=58 -
FED-B/2023Q1 AA-1.1:sex=F=@not_collected -
FED-B/2023Q1 AA-1.1:sex=M=@not_collected -
FED-B/2023Q1 AA-1.1:sex=unknown=@not_collected -
FED-B/2023Q1 AA-1.1:governorate=IQ-BG=@not_collected -
FED-B/2023Q1 AA-1.1:governorate=IQ-NI=@not_collected -
FED-B/2023Q1 AA-1.1:governorate=unknown=@not_collected -" ]
	# the report itself stays closed to them, and so does what they are not consulted on
	for command in show check history diff; do
		run_as c-focal --json report "$command" FED-B/2023Q1
		assert_refused NOT_FOUND 6
	done
	run_as c-focal --json report consult FED-B/2023Q1 AA-1.4 confirm
	assert_refused NOT_FOUND 6
	run_as c-focal --json report consult KRG-A/2023Q1 AA-1.1 confirm --base 1
	assert_refused NOT_FOUND 6
	run_as kc-focal --json report consult
	assert_json . '[]'
	run_as a-focal --json report consult FED-B/2023Q1
	assert_refused NOT_FOUND 6
	run_as sec --json report consult
	assert_refused FORBIDDEN 5
	# it waits for them, and their own report is still the one that is meant where none is named
	run_as c-focal --json todo
	assert_json '[.[] | select(.report == "FED-B/2023Q1") | [.what, .count, .state]]' '[["consult",1,"submitted"]]'
}

@test "what was not shown is not confirmed; a confirmation is told, and moves nothing" {
	run_as c-approver --json report consult FED-B/2023Q1 AA-1.1 confirm
	assert_refused NOT_SEEN 7
	assert_stderr_has "AA-1.1:governorate=IQ-BG"
	inap_as fed-coord report show FED-B/2023Q1 >/dev/null
	revision=$(inap_as fed-coord --json report show FED-B/2023Q1 | jq .revision)
	run_as c-focal --json report consult FED-B/2023Q1 AA-1.1 confirm "as in our register"
	assert_exit 0
	assert_json '[.by, .cell, .answer, .point]' '["FED-C","AA-1.1","confirmed",null]'
	run_as fed-coord --json report show FED-B/2023Q1
	assert_json .revision "$revision"
	assert_json '.consultations | map([.cell, .by, .answer, .text, .current])' '[["AA-1.1","FED-C","confirmed","as in our register",true]]'
	assert_json '.points' '[]'
	run_as b-focal report show FED-B/2023Q1 --points
	assert_output_has "What the consulted say:"
	run_as c-focal --json todo
	assert_json '[.[] | select(.report == "FED-B/2023Q1")]' '[]'
	# never counted, never expected
	run_as fed-coord --json national indicator AA-1.1 --round 2023Q1 --min-state submitted
	assert_json '[.totals[] | select(.cell == "AA-1.1" and .jurisdiction == "federal") | [.value, .coverage.expected, .coverage.valued]]' '[["58",2,1]]'
}

@test "a contest says why and opens one point on the cell, which the coordinator judges" {
	run_as c-focal --json report consult FED-B/2023Q1 AA-1.1 contest
	assert_refused BAD_ARGUMENT 2
	run_as c-focal --json report consult FED-B/2023Q1 AA-1.1 perhaps
	assert_refused USAGE 2
	run_as c-focal -L ar report consult FED-B/2023Q1 AA-1.1 contest "our list has 61"
	assert_exit 0
	assert_output_has "معترَض عليه"
	run_as c-focal --json report consult FED-B/2023Q1 AA-1.1 contest "61, as said"
	assert_json .point null
	# nobody endorses without having seen it
	run_as fed-coord --json review endorse FED-B/2023Q1
	assert_refused STALE_REVISION 7
	inap_as fed-coord report show FED-B/2023Q1 >/dev/null
	run_as fed-coord --json review endorse FED-B/2023Q1
	assert_refused POINTS_OPEN 7
	run_as fed-coord --json report show FED-B/2023Q1
	assert_json '.points | map([.point, .target, .code, .text, .state])' '[[1,"cell:AA-1.1","mismatch","our list has 61","open"]]'
	assert_json '.consultations | map([.answer, .text])' '[["contested","61, as said"]]'
	run_as b-approver report show FED-B/2023Q1
	assert_output_has "61, as said"
	# it is returned: that cell opens, the consulted still see what was submitted, then the correction, to be confirmed anew
	inap_as fed-coord -q review return FED-B/2023Q1 >/dev/null
	inap_as b-focal report show FED-B/2023Q1 >/dev/null
	run_as b-focal --json report set FED-B/2023Q1 AA-1.4=1/4
	assert_exit 3
	inap_as b-focal -q report set FED-B/2023Q1 AA-1.1=61 >/dev/null
	[[ $(figures c-focal FED-B/2023Q1) == "FED-B/2023Q1 AA-1.1=58 contested"* ]]
	inap_as b-focal -q report answer FED-B/2023Q1 1 "counted twice" >/dev/null
	inap_as b-approver report show FED-B/2023Q1 >/dev/null
	inap_as b-approver -q --yes report submit FED-B/2023Q1 --letter 2 --letter-date 2024-10-20 >/dev/null
	run_as c-focal --json report consult FED-B/2023Q1 AA-1.1 confirm --base 3
	assert_refused STALE_REVISION 7
	[[ $(figures c-focal FED-B/2023Q1) == "FED-B/2023Q1 AA-1.1=61 -"* ]]
	run_as c-focal --json report consult FED-B/2023Q1 AA-1.1 confirm
	assert_exit 0
	inap_as fed-coord report show FED-B/2023Q1 >/dev/null
	inap_as fed-coord -q review endorse FED-B/2023Q1 >/dev/null
	run sql "SELECT string_agg(l.outcome::jsonb ->> 'answer', ' ' ORDER BY l.seq) FROM log l JOIN entity e USING (entity_id) WHERE e.code = 'FED-B' AND l.action = 'consult'"
	[ "$output" = "confirmed contested contested confirmed" ]
	run sql "SELECT count(*) FROM entity e, chain_faults(e.entity_id)"
	[ "$output" = 0 ]
}

# ---- series over a split

@test "a series over a category that was split says where it breaks, and what the parts make together" {
	open_round 2022Q1 >/dev/null
	open_round 2022Q2 >/dev/null
	open_round 2022Q3 >/dev/null
	sign a FED-A 2022Q1 AA-1.2=10 AA-1.2:district=d1,sex=F=10.50
	run_as a-focal --json report show FED-A/2022Q2
	assert_json '[.asked[] | select(.breaks_at) | [.cell[7:], .breaks_at]]' \
		'[["district=d1,sex=F","2022Q2"],["district=d1,sex=M","2022Q2"],["district=d1,sex=unknown","2022Q2"],["district=d2,sex=F","2022Q2"],["district=d2,sex=M","2022Q2"],["district=d2,sex=unknown","2022Q2"]]'
	inap_as a-focal -q report set FED-A/2022Q2 AA-1.2:district=d1,sex=F=6 >/dev/null
	run_as a-focal report show FED-A/2022Q2
	assert_output_has "in this quarter; the series breaks at 2022Q2: d1,d2 were one"
	sign a FED-A 2022Q2 AA-1.2=11 AA-1.2:district=d2,sex=F=5.25
	run_as a-focal --json report show FED-A/2022Q3
	assert_json '[.asked[] | select(.breaks_at) | .cell[7:18]] | unique' '["district=d2","district=d3"]'
	sign a FED-A 2022Q3 AA-1.2=12 AA-1.2:district=d1,sex=F=6 AA-1.2:district=d2,sex=F=2 AA-1.2:district=d3,sex=F=4 AA-1.2:district=d1,sex=M=1 AA-1.2:district=d2,sex=M=1
	run_as fed-coord --json national indicator AA-1.2 --from 2022Q1 --to 2022Q3 --min-state submitted
	assert_exit 0
	assert_json '[.[] | [.round, ([.wholes[] | select(.jurisdiction == "federal" and .cell == "AA-1.2:district=d1,sex=F") | .value, .breaks_at, (.parts | length)])]]' \
		'[["2022Q1",[]],["2022Q2",["11.25","2022Q2",2]],["2022Q3",["12","2022Q2",3]]]'
	# the former whole stands in the round before; where a part has no figure the whole has none
	assert_json '[.[0].totals[] | select(.cell == "AA-1.2:district=d1,sex=F" and .jurisdiction == "federal") | .value]' '["10.50"]'
	assert_json '[.[2].wholes[] | select(.cell == "AA-1.2:district=d1,sex=M") | has("value")] | unique' '[false]'
	run_as fed-coord national indicator AA-1.2 --from 2022Q2 --to 2022Q2 --min-state submitted
	assert_output_has "Series that break because a category was split; together, as it was before:"
	assert_output_has "AA-1.2:district=d1,sex=F, AA-1.2:district=d2,sex=F"
	run_as fed-coord -L ckb national indicator AA-1.2 --round 2022Q2 --min-state submitted
	assert_output_has "11.25"
}
