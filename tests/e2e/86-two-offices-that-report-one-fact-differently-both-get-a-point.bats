#!/usr/bin/env bats
# Pairs of the plan file: a submission that differs from its pair's opens one point on each report that is under review, shown to
# both coordinators without the other government's figure.

setup_file() {
	load helper
	load testplan
	server_start && make_test_users 3 paired_plan || return 1
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
}

# On its way through jq: A and Kurdish A count the same people, give or take 2; A and B the same cases of AA-2.1.
paired_plan() {
	jq 'def names($en): {en: $en, ar: "الأشخاص أنفسهم", ckb: null};
		.pairs = [{code: "SAME-PEOPLE", names: names("the same people"), left: {entity: "FED-A", cell: "AA-1.1"}, right: {entity: "KRG-A", cell: "AA-1.1"}, tolerance: 2},
			{code: "SAME-CASES", names: names("the same cases"), left: {entity: "FED-A", cell: "AA-2.1.n"}, right: {entity: "FED-B", cell: "AA-2.1.d"}}]'
}

# sign OFFICE ENTITY ROUND CELL=VALUE...: answers these, @not_collected for the rest, and submits.
sign() {
	local office=$1 report=$2/$3 left
	shift 3
	inap_as "$office-focal" report show "$report" >/dev/null
	inap_as "$office-focal" -q report set "$report" "$@" >/dev/null || return 1
	left=$(inap_as "$office-focal" --json report show "$report" | jq -r '.unanswered[] | . + "=@not_collected"')
	# shellcheck disable=SC2086
	[[ -z $left ]] || inap_as "$office-focal" -q report set "$report" $left >/dev/null || return 1
	narrate "$office-focal" "$report" || return 1
	submit "$office" "$report"
}

submit() {
	inap_as "$1-approver" report show "$2" >/dev/null
	inap_as "$1-approver" -q --yes report submit "$2" --letter 1 --letter-date 2024-10-09 --note "made up" >/dev/null
}

# points USER REPORT
points() {
	inap_as "$1" --json report show "$2" | jq -c '[.points[] | [.target, .code, .text, .state]]'
}

@test "within the tolerance nothing is asked, nor before both are submitted" {
	open_round 2024Q1 >/dev/null
	sign a FED-A 2024Q1 AA-1.1=10
	[ "$(points fed-coord FED-A/2024Q1)" = '[]' ]
	sign k KRG-A 2024Q1 AA-1.1=12
	[ "$(points fed-coord FED-A/2024Q1)$(points krg-coord KRG-A/2024Q1)" = '[][]' ]
	run_as fed-coord --json review pairs --round 2024Q1
	assert_json '[.[] | select(.pair == "SAME-PEOPLE") | [.left.figure, .right.figure, .differs]]' '[["10",null,false]]'
}

@test "beyond it each of both gets one point, and nobody endorses without having seen it" {
	local before
	open_round 2024Q2 >/dev/null
	sign a FED-A 2024Q2 AA-1.1=10
	before=$(inap_as fed-coord --json report show FED-A/2024Q2 | jq .revision)
	sign k KRG-A 2024Q2 AA-1.1=15
	[ "$(points fed-coord FED-A/2024Q2)" = '[["cell:AA-1.1","mismatch","FED-A ≠ KRG-A: the same people / الأشخاص أنفسهم","open"]]' ]
	[ "$(points krg-coord KRG-A/2024Q2)" = '[["cell:AA-1.1","mismatch","KRG-A ≠ FED-A: the same people / الأشخاص أنفسهم","open"]]' ]
	run_as fed-coord --json review endorse FED-A/2024Q2 --base "$before" && assert_refused STALE_REVISION 7
	run_as fed-coord --json review endorse FED-A/2024Q2 && assert_refused POINTS_OPEN 7
	run_as fed-coord --json review pairs --round 2024Q2
	assert_json '[.[] | select(.differs) | [.pair, .left.entity, .left.figure, .left.point, .right.entity, .right.figure, .right.point, .tolerance]]' '[["SAME-PEOPLE","FED-A","10",1,"KRG-A",null,1,"2"]]'
	run_as krg-coord --json review pairs --round 2024Q2
	assert_json '[.[] | [.pair, .left.figure, .right.figure]]' '[["SAME-PEOPLE",null,"15"]]'
	run_as sec --json review pairs --round 2024Q2
	assert_json '[.[] | .left.figure // .right.figure] | unique' '[null]'
	run_as fed-coord -L ar review pairs --round 2024Q2
	assert_output_has "الأشخاص أنفسهم"
	run_as a-focal --json review pairs --round 2024Q2 && assert_refused FORBIDDEN 5
}

@test "corrected, it agrees; what stands open is not opened again" {
	inap_as fed-coord report show FED-A/2024Q2 >/dev/null
	inap_as fed-coord -q --yes review return FED-A/2024Q2 >/dev/null
	inap_as a-focal report show FED-A/2024Q2 >/dev/null
	inap_as a-focal -q report set FED-A/2024Q2 AA-1.1=14 >/dev/null
	inap_as a-focal report show FED-A/2024Q2 >/dev/null
	inap_as a-focal -q report answer FED-A/2024Q2 1 >/dev/null
	submit a FED-A/2024Q2
	run_as fed-coord --json review pairs --round 2024Q2
	assert_json '[.[] | select(.pair == "SAME-PEOPLE") | [.differs, .left.point]]' '[[false,null]]'
	[ "$(points krg-coord KRG-A/2024Q2 | jq length)" = 1 ]
	run sql "SELECT count(*) FROM entity, chain_faults(entity_id)"
	[ "$output" = 0 ]
}

@test "halves of one ratio, of one government" {
	open_round 2024Q3 >/dev/null
	sign a FED-A 2024Q3 AA-2.1.n=4
	sign b FED-B 2024Q3 AA-2.1.d=5
	[ "$(points fed-coord FED-A/2024Q3 | jq -c 'map(.[0])')$(points fed-coord FED-B/2024Q3 | jq -c 'map(.[0])')" = '["cell:AA-2.1"]["cell:AA-2.1"]' ]
	run_as fed-coord --json review pairs --round 2024Q3
	assert_json '[.[] | select(.differs) | [.left.figure, .right.figure]]' '[["4","5"]]'
}

@test "what an office confirmed is asked again only when one of both figures moved" {
	# confirm OFFICE SIDE REPORT POINT: returned, confirmed and submitted again.
	confirm() {
		inap_as "$2-coord" report show "$3" >/dev/null
		inap_as "$2-coord" -q --yes review return "$3" >/dev/null || return 1
		inap_as "$1-focal" report show "$3" >/dev/null
		inap_as "$1-focal" -q report answer "$3" "$4" "as counted" --confirmed >/dev/null || return 1
		submit "$1" "$3"
	}
	states() {
		points "$1-coord" "$2" | jq -c 'map(.[3])'
	}
	open_round 2024Q4 >/dev/null
	sign a FED-A 2024Q4 AA-1.1=10
	sign k KRG-A 2024Q4 AA-1.1=15
	confirm a fed FED-A/2024Q4 1
	[ "$(states fed FED-A/2024Q4)$(states krg KRG-A/2024Q4)" = '["answered"]["open"]' ]
	confirm k krg KRG-A/2024Q4 1
	[ "$(states fed FED-A/2024Q4)$(states krg KRG-A/2024Q4)" = '["answered"]["answered"]' ]
}

@test "a pair that makes no sense is no plan" {
	local change
	for change in '.pairs[0].left.cell = "AA-9.9"' '.pairs[0].left.entity = "FED-Z"' '.pairs[0].tolerance = -1' '.pairs[0].left.cell = "AA-2.1"' '.pairs[1].code = "SAME-PEOPLE"' \
		'.pairs[0].right.entity = "FED-A"' '.pairs[0].left.cell = "AA-1.3.n"' '.pairs[0].right.cell = "AA-1.3"' 'del(.pairs[0].names)'; do
		jq "$change" "$INAP_HOME/plan.json" >"$INAP_HOME/bad.json"
		run_as planner --json plan import "$INAP_HOME/bad.json"
		assert_refused PLAN_BAD 3 || flunk "$change"
	done
	inap_as planner -q plan import "$INAP_HOME/plan.json" >/dev/null
}
