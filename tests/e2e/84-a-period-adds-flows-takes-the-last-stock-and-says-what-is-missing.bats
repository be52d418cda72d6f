#!/usr/bin/env bats
# The consolidated picture of half a year, a year, any run of quarters, narrowed by pillar, entity, table; registers, formulas,
# who contests, and what a sum over entities must be read with.

setup_file() {
	load helper
	load testplan
	server_start && make_test_users 3 span_plan && make_user c-focal FED-C focal_point FED-C && make_user team FED-C national_team || return 1
	local quarter
	for quarter in 2024Q1 2024Q2 2024Q4; do open_round "$quarter" >/dev/null || return 1; done
	sign a FED-A 2024Q1 AA-1.1=10 AA-1.1:governorate=IQ-BG=4 AA-1.4=1/4 AA-1.5=100 'AA-2.1.n=3' $'AA-3.1=Al-Amal\nHope' AA-1.3=yes &&
		sign a FED-A 2024Q2 AA-1.1=20 AA-1.1:governorate=IQ-BG=6 AA-1.4=3/4 AA-1.5=90 $'AA-3.1=hope' AA-1.3=no TX-1.1=words &&
		sign b FED-B 2024Q1 AA-1.1=1 AA-1.5=7 'AA-2.1.d=9' $'AA-3.1=HOPE\n\nRasan' || return 1
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
}

# On its way through jq: AA-1.1 counts people who may be the same, by governorate too; AA-1.5 is a stock; AA-3.1 a register, AA-3.2 derived.
span_plan() {
	jq 'def names($en): {en: $en, ar: null, ckb: null};
		.dimensions += [{code: "governorate", names: names("Governorate"), categories: [{code: "IQ-BG", names: names("Baghdad")}, {code: "IQ-NI", names: names("Nineveh")}, {code: "unknown", names: names("Unknown")}]}]
		| .results += [{code: "BB", kind: "pillar", names: names("Other pillar"), parent: null}, {code: "BB-1", kind: "outcome", names: names("Outcome"), parent: "BB"},
			{code: "BB-O1.1", kind: "output", names: names("Output"), parent: "BB-1"}]
		| .indicators |= map(if .code == "AA-1.1" then .may_overlap = true | .consulted = ["FED-C"] | .tables += [{dimensions: ["governorate"], exclusive: true}]
			elif .code == "AA-1.2" then .frequency = "semiannual"
			elif .code == "AA-1.5" then .value_kind = "at_period_end" | .across_periods = "last" | .output = "BB-O1.1" else . end)
		| .indicators += [(.indicators[] | select(.code == "AA-1.5") | .code = "AA-3.1" | .unit = "count" | .combine = "register" | .output = "AA-O1.1"),
			(.indicators[] | select(.code == "AA-1.4") | .code = "AA-3.2" | .combine = "derived" | .formula = "reports_on_time" | .reporters = []),
			((.indicators[] | select(.code == "AA-1.1") | .combine = "derived" | .may_overlap = false | .tables = [] | .consulted = [] | .reporters = [])
				| (.code = "AA-3.3" | .formula = "meetings"), .code = "AA-3.4")]'
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
	inap_as "$office-approver" report show "$report" >/dev/null
	inap_as "$office-approver" -q --yes report submit "$report" --letter 1 --letter-date 2024-10-09 --note "made up" >/dev/null
}

# picture ARGUMENTS...: the federal picture of what is submitted.
picture() {
	run_as fed-coord --json national summary --min-state submitted "$@"
	assert_exit 0
}

# of CELL FILTER
of() {
	jq -c "[.totals[] | select(.cell == \"$1\" and .jurisdiction == \"federal\") | $2]" <<<"$output"
}

@test "flows add, ratios are sums over sums, stocks take the last inside, never an older one" {
	picture --period 2024S1
	assert_json '[.period, .rounds, .unopened, has("round")]' '["2024S1",["2024Q1","2024Q2"],[],false]'
	[ "$(of AA-1.1 '.value, .period, .coverage.missing, .gaps')" = '["31","2024S1",["FED-B/2024Q2"],[]]' ]
	[ "$(of AA-1.4 '.numerator, .denominator, .percent')" = '["4","8","50.0"]' ]
	[ "$(of AA-1.5 '.value, .period')" = '["90","2024Q2"]' ]
	[ "$(of AA-2.1 '.numerator, .denominator, .percent, .gaps')" = '["3","9","33.3",["2024Q2"]]' ]
	picture --period 2024S2
	assert_json .unopened '["2024Q3"]'
	[ "$(of AA-1.5 '.value, .gaps')" = '[null,["2024Q3","2024Q4"]]' ]
	picture --period 2024Q1..2024Q3
	[ "$(of AA-1.1 '.value, .gaps')" = '["31",["2024Q3"]]' ]
	[ "$(of AA-1.5 '.value, .period, .gaps')" = '["90","2024Q2",["2024Q3"]]' ]
	run_as fed-coord national summary --min-state submitted --period 2024S2
	assert_output_has "Quarters without a round: 2024Q3"
	picture --period 2024Q2..2024Q4 # of a half that begins before it, neither the sum nor who gave it; of what comes after, both
	[ "$(of AA-1.2 '.value, (.parts | length)')" = '[null,0]' ]
	[ "$(of AA-1.5 '.value, [.parts[].value]')" = '["90",["90"]]' ]
}

@test "words are listed quarter by quarter, with each quarter's own" {
	run_as fed-coord --json national indicator TX-1.1 --period 2024S1 --min-state submitted
	assert_json '[.totals[] | select(.jurisdiction == "federal") | [.period, .label, [.parts[] | .value // .blank]]]' '[["2024Q1","listed",["not_collected"]],["2024Q2","listed",["words"]]]'
	run_as fed-coord national indicator TX-1.1 --period 2024S1 --min-state submitted
	assert_output_has "Listed by entity, not combined:"
}

@test "by pillar, indicator, entity, table, governorate" {
	picture --period 2024S1 --pillar BB
	assert_json '[.totals[].cell] | unique' '["AA-1.5"]'
	[ "$(of AA-1.5 '[.parts[] | .value // .blank]')" = '[["100","7","90"]]' ] || flunk "who gave what"
	picture --period 2024S1 --indicator AA-1.1
	assert_json '[.totals[].indicator] | unique' '["AA-1.1"]'
	picture --period 2024S1 --entity FED-B
	assert_json '[.totals[].indicator] | unique' '["AA-1.1","AA-1.4","AA-1.5","AA-2.1","AA-3.1"]'
	[ "$(of AA-1.1 '.parts[] | .entity, .value, .period')" = '["FED-B","1","2024Q1"]' ]
	picture --period 2024S1 --table governorate
	assert_json '[.totals[].cell] | unique' '["AA-1.1:governorate=IQ-BG","AA-1.1:governorate=IQ-NI","AA-1.1:governorate=unknown"]'
	[ "$(of AA-1.1:governorate=IQ-BG .value)" = '["10"]' ]
	run_as fed-coord -o csv national summary --min-state submitted --period 2024S1 --by governorate
	[[ ${lines[0]} == governorate,cell,* && ${lines[1]} == IQ-BG,AA-1.1:governorate=IQ-BG,federal,2024S1,10,* ]] || flunk "by governorate"
	run_as fed-coord --json national summary --period 2024S1 --pillar ZZ && assert_refused NOT_FOUND 6
	run_as fed-coord --json national summary --period 2024S1 --table rank && assert_refused NOT_FOUND 6
	run_as fed-coord --json national summary --period 2024S1 --entity FED-Z && assert_refused NOT_FOUND 6
	run_as fed-coord --json national summary --period 2024S3 && assert_refused BAD_ARGUMENT 2
	run_as fed-coord --json national summary --period 2023 && assert_refused NOT_FOUND 6
	run_as fed-coord --json national summary --period 2024 --round 2024Q1 && assert_refused USAGE 2
}

@test "a register is asked for by names, and counts them once" {
	picture --round 2024Q1
	[ "$(of AA-3.1 '.value, .coverage.valued, .label')" = '["3",2,""]' ]
	[ "$(of AA-3.1 '[.parts[] | .value]')" = '[["Al-Amal\nHope","HOPE\n\nRasan"]]' ]
	picture --period 2024S1
	[ "$(of AA-3.1 '.value, .period')" = '["1","2024Q2"]' ]
	inap_as b-focal report show FED-B/2024Q2 >/dev/null
	run_as b-focal --json report set FED-B/2024Q2 AA-3.1=0
	assert_json '[.created, .rejected]' '[1,[]]'
	run_as b-focal --json report show FED-B/2024Q2
	assert_json '[.values[] | select(.cell == "AA-3.1") | .value]' '["0"]'
	assert_json '[.asked[] | select(.cell == "AA-3.1") | .unit]' '["names"]'
	run_as b-focal --json report set FED-B/2024Q2 AA-3.1=@not_applicable
	assert_exit 0
	run_as b-focal -L ar report show FED-B/2024Q2
	assert_output_has "أسماء، اسم في كل سطر"
}

@test "what is derived names its formula, and what is not computed what it needs" {
	picture --round 2024Q2
	[ "$(of AA-3.2 '.numerator, .denominator, .percent, .label, .formula')" = '["1","2","50.0","derived","reports_on_time"]' ]
	picture --period 2024S1
	[ "$(of AA-3.2 '.numerator, .denominator, .percent')" = '["3","4","75.0"]' ]
	[ "$(of AA-3.4 '.label, .needs, has("value")')" = '["not_computed","formula",false]' ]
	run_as fed-coord national summary --min-state submitted --round 2024Q2
	assert_output_has "not computed: needs formula"
	jq '.indicators |= map(if .code == "AA-3.2" then .formula = "guesses" else . end)' "$INAP_HOME/plan.json" >"$INAP_HOME/bad.json"
	run_as planner --json plan import "$INAP_HOME/bad.json" && assert_refused PLAN_BAD 3
	assert_output_has "there is no formula guesses"
	jq '.indicators |= map(if .code == "AA-1.1" then .formula = "meetings" else . end)' "$INAP_HOME/plan.json" >"$INAP_HOME/bad.json"
	run_as planner --json plan import "$INAP_HOME/bad.json" && assert_refused PLAN_BAD 3
}

@test "meetings are counted once, in their quarter, by the government that held them" {
	local day event
	for day in 2024-02-01 2024-05-20 2024-06-30; do
		event=$(inap_as sec --json event add national_team_meeting --title "Meeting" --start "$day" --organiser FED-A --present FED-A,FED-B,FED-C,KRG-A | jq .event)
		inap_as sec -q event minutes "E$event" --letter "$event" --letter-date 2024-07-01
	done
	inap_as sec -q event add national_team_meeting --title "Minutes to come" --start 2024-06-29 --organiser FED-B >/dev/null
	picture --round 2024Q2
	[ "$(of AA-3.3 '.value, .label, .formula, .coverage.expected')" = '["2","derived","meetings",0]' ]
	picture --period 2024S1
	[ "$(of AA-3.3 '.value, .period, .gaps')" = '["3","2024S1",[]]' ]
	run_as krg-coord --json national summary --min-state submitted --round 2024Q2
	assert_json '[.totals[] | select(.cell == "AA-3.3") | .jurisdiction, .value]' '["kurdistan","0"]'
}

@test "a sum that may count a person twice says so; who contests and what is missing stand beside it" {
	inap_as c-focal report consult FED-A/2024Q1 >/dev/null
	run_as c-focal --json report consult FED-A/2024Q1 AA-1.1 contest "our list has 12"
	assert_exit 0
	picture --period 2024S1
	[ "$(of AA-1.1 '.label, .contested')" = '["contacts",["FED-C/2024Q1"]]' ]
	picture --round 2024Q1
	[ "$(of AA-1.1 .contested)" = '[["FED-C"]]' ]
	picture --round 2024Q2
	[ "$(of AA-1.1 '.contested, .coverage.weight_missing')" = '[[],"0.091"]' ]
	[ "$(of AA-1.4 .coverage.weight_missing)" = '["0.000"]' ]
	run_as fed-coord national summary --min-state submitted --period 2024S1
	assert_output_has "participations or service contacts, not persons"
	assert_output_has "contested by"
	assert_output_has "FED-C/2024Q1"
	run_as fed-coord -L ar national summary --min-state submitted --period 2024S1
	assert_output_has "يعترض عليه"
	run_as fed-coord -L ckb national summary --min-state submitted --period 2024S1
	assert_output_has "ڕەتی دەکاتەوە"
}

@test "nobody sees more of a year than of its quarters" {
	run_as krg-coord --json national summary --period 2024 --min-state submitted
	assert_json '[.totals[].jurisdiction] | unique' '["kurdistan"]'
	run_as team --json national summary --period 2024 --min-state submitted
	assert_refused FORBIDDEN 5
	run_as sec --json national recompute --round 2024Q1
	assert_json .differences 0
}
