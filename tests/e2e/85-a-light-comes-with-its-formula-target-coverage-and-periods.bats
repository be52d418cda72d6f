#!/usr/bin/env bats
# Targets are set and revised with reasons; the lights they give are shown with all that makes them, and are grey where too
# little is known. A light set by hand stands beside the one worked out.

setup_file() {
	load helper
	load testplan
	server_start && make_test_users 3 light_plan && make_user team FED-C national_team || return 1
	local quarter
	for quarter in 2023Q2 2024Q1 2024Q2; do open_round "$quarter" >/dev/null || return 1; done
	sign a FED-A 2023Q2 AA-1.1=8 AA-1.5=70 && sign a FED-A 2024Q1 AA-1.1=10 AA-1.5=100 AA-1.4=1/4 AA-2.1.n=6 && sign b FED-B 2024Q1 AA-1.1=5 AA-1.5=10 AA-2.1.d=20 &&
		sign a FED-A 2024Q2 AA-1.1=30 AA-1.5=120 AA-1.4=3/4 AA-2.1.n=4 && sign b FED-B 2024Q2 AA-1.1=5 AA-1.5=20 AA-2.1.d=20 || return 1
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
}

# On its way through jq: AA-1.5 is a stock, AA-1.4 may not fall below what the law says, AA-1.2 has no direction, AA-2.1 is better when it falls.
light_plan() {
	jq '.indicators |= map(if .code == "AA-1.5" then .value_kind = "at_period_end" | .across_periods = "last"
		elif .code == "AA-1.4" then .target = {value: 60, kind: "legal_floor", source: "the law"}
		elif .code == "AA-1.2" then .direction = "none"
		elif .code == "AA-2.1" then .direction = "down" else . end)'
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

# light CELL FILTER [OPTION...]: of the federal picture of what is submitted, at the end of 2024Q2.
light() {
	local cell=$1 filter=$2
	shift 2
	inap_as fed-coord --json national lights --round 2024Q2 --min-state submitted "$@" | jq -c "[.lights[] | select(.cell == \"$cell\") | $filter]"
}

# aim ARGUMENTS...: the Secretariat sets a federal target.
aim() {
	run_as sec --json target set "$@"
}

@test "most have no target: then there is last year's figure" {
	[ "$(light AA-1.1 '.value, .light, .why, .last_year.value, .target')" = '["50","grey","no_target","8",null]' ]
	[ "$(light AA-1.5 '.value, .period, .last_year.value')" = '["140","2024Q2","70"]' ]
	[ "$(light AA-1.2 '.light, .why')" = '["grey","no_direction"]' ]
}

@test "a flow waits for its milestone; then the year to date is compared with it" {
	aim AA-1.1 200 --period 2024 --jurisdiction federal
	assert_exit 0
	assert_json '[.cell, .jurisdiction, .period, .kind, .number, .revision]' '["AA-1.1","federal","2024","reach","200",1]'
	[ "$(light AA-1.1 '.light, .why')" = '["grey","no_milestone"]' ]
	aim AA-1.1 60 --period 2024Q2 --jurisdiction federal && assert_exit 0
	[ "$(light AA-1.1 '.light, .formula, .progress, .target.revision, .rate, .counted')" = '["amber","v / t","0.833",1,"1.000",["2024Q1","2024Q2"]]' ]
	aim AA-1.1 50 --period 2024Q2 --jurisdiction federal && assert_refused BAD_ARGUMENT 2
	aim AA-1.1 50 --period 2024Q2 --jurisdiction federal --note "less money" && assert_json .revision 2
	[ "$(light AA-1.1 '.light, .target.revision, .target.number')" = '["green",2,"50"]' ]
	aim AA-1.1 50 --period 2024Q2 --jurisdiction federal --note "again" && assert_refused EXISTS 7
	run_as a-focal --json target list --all --indicator AA-1.1
	assert_json 'map([.period, .number, .revision, .current, .reason, .by])' '[["2024","200",1,true,null,"sec"],["2024Q2","60",1,false,null,"sec"],["2024Q2","50",2,true,"less money","sec"]]'
	run_as a-focal --json target list --indicator AA-1.1
	assert_json 'map([.period, .revision])' '[["2024",1],["2024Q2",2]]'
}

@test "a stock is compared with the target next to come, from its baseline; met or not for the rest" {
	aim AA-1.5 200 --period 2024 --jurisdiction federal --baseline 100 && assert_exit 0
	[ "$(light AA-1.5 '.light, .formula, .progress, .target.baseline')" = '["red","(v - b) / (t - b)","0.400","100"]' ]
	aim AA-1.5 135 --period 2024Q2 --kind maintain --tolerance 5 --jurisdiction federal && assert_exit 0
	[ "$(light AA-1.5 '.light, .formula, .progress')" = '["green","|v - t| <= tolerance",null]' ]
	aim AA-1.5 136 --period 2024Q2 --jurisdiction federal --revoke --note "not agreed" && assert_exit 2
	aim AA-1.5 --period 2024Q2 --jurisdiction federal --revoke --note "not agreed" && assert_json '[.ended, .revision]' '[true,2]'
	[ "$(light AA-1.5 .light)" = '["red"]' ]
	run_as a-focal --json target list --indicator AA-1.4
	assert_json 'map([.kind, .number, .revision, .reason])' '[["floor","60",0,"the law"]]'
	# arabic digits
	aim AA-1.5 ٣٠٠ --period 2024S2 --jurisdiction federal && assert_json .number 300
}

@test "what is better when it falls is measured the other way round" {
	aim AA-2.1 20 --period 2024Q2 --jurisdiction federal && assert_exit 0
	[ "$(light AA-2.1 '.percent, .light, .formula, .progress')" = '["25.0","amber","t / v","0.800"]' ]
	run_as a-focal indicator show AA-2.1 && assert_output_has "less is better"
	aim AA-2.1 --period 2024Q2 --jurisdiction federal --revoke --note "not agreed" && assert_exit 0
}

@test "an entity has its own, and grey where too little is known" {
	aim AA-1.1 50 --period 2024Q2 --entity FED-A && assert_exit 0
	[ "$(light AA-1.1 'select(.entity == "FED-A") | .value, .light, .progress')" = '["40","amber","0.800"]' ]
	aim AA-2.1 50 --period 2024 --jurisdiction federal && assert_exit 0
	[ "$(light AA-2.1 '.light, .why')" = '["grey","no_milestone"]' ]
	open_round 2024Q3 >/dev/null
	sign b FED-B 2024Q3 AA-1.5=25
	run_as fed-coord --json national lights --round 2024Q3 --min-state submitted --indicator AA-1.5
	# what is missing now was most of the last total
	assert_json '[.lights[] | [.light, .why, .weight_missing, .missing]]' '[["grey","weight_missing","0.857",["FED-A/2024Q3"]]]'
}

@test "a light set by hand says why, and both are shown" {
	run_as sec --json national override AA-1.5 amber --round 2024Q2 --jurisdiction federal && assert_refused BAD_ARGUMENT 2
	run_as sec --json national override AA-1.5 blue --round 2024Q2 --jurisdiction federal --note "x" && assert_refused BAD_ARGUMENT 2
	run_as fed-coord --json national override AA-1.5 amber --round 2024Q2 --note "x" && assert_refused FORBIDDEN 5
	run_as sec --json national override AA-1.5 amber --round 2024Q2 --jurisdiction federal --note "B was late"
	assert_exit 0
	[ "$(light AA-1.5 '.light, .set_light, .set_reason, .set_by')" = '["red","amber","B was late","sec"]' ]
	run_as fed-coord national lights --round 2024Q2 --min-state submitted
	assert_output_has "red, set by hand: amber"
	assert_output_has "AA-1.5 set by hand by sec: B was late"
	run_as fed-coord -L ar national lights --round 2024Q2 --min-state submitted
	assert_output_has "أحمر، وُضع يدوياً: أصفر"
	run_as fed-coord -L ckb national lights --round 2024Q2 --min-state submitted
	assert_output_has "بە دەست دانراوە"
	run_as sec -q national override AA-1.5 --revoke --round 2024Q2 --jurisdiction federal --note "it came" && assert_exit 0
	[ "$(light AA-1.5 '.light, .set_light')" = '["red",null]' ]
	run sql "SELECT string_agg(action, ' ' ORDER BY seq) FROM log WHERE entity_id = 0 AND action LIKE 'light.%'"
	[ "$output" = "light.override light.override" ]
	run sql "SELECT count(*) FROM chain_faults(0)"
	[ "$output" = 0 ]
}

@test "what another of the Secretariat set since is not overwritten unseen" {
	local year="--period 2024 --jurisdiction federal --note cut" light="--round 2024Q2 --jurisdiction federal --note late"
	# shellcheck disable=SC2086
	{
		run_as sec2 target set AA-1.1 190 $year && assert_exit 7 && assert_stderr_has "AA-1.1 federal 2024 is at revision 1, you saw 0"
		assert_stderr_has "inap target list --all --indicator AA-1.1"
		inap_as sec2 target list >/dev/null
		run_as sec2 --json target set AA-1.1 190 $year && assert_json .revision 2
		run_as sec --json target set AA-1.1 180 $year && assert_refused STALE_REVISION 7
		run_as sec --json target set AA-1.1 180 $year --base 2 && assert_json .revision 3
		inap_as sec -q national override AA-1.1 amber $light >/dev/null
		run_as sec2 national override AA-1.1 green $light && assert_exit 7 && assert_stderr_has "inap national lights --indicator AA-1.1 --round 2024Q2"
		inap_as sec2 national lights --round 2024Q2 --indicator AA-1.1 >/dev/null
		run_as sec2 -q national override AA-1.1 --revoke $light && assert_exit 0
		run_as sec --json national override AA-1.1 red $light && assert_refused STALE_REVISION 7
		inap_as sec national lights --round 2024Q2 >/dev/null
		run_as sec -q national override AA-1.1 --revoke $light && assert_exit 0
	}
}

@test "the summary has the light beside each total that has a target, as the lights have it" {
	run_as fed-coord --json national summary --round 2024Q2 --min-state submitted --jurisdiction federal
	assert_json '[.totals[] | select(.cell == "AA-1.1") | .target, .light, .light_why, .set_light]' '["50","green",null,null]'
	assert_json '[.totals[] | select(.cell == "AA-1.5") | .target, .light]' '["300","red"]'
	assert_json '[.totals[] | select(.cell == "AA-2.1") | .target, .light, .light_why]' '[null,"grey","no_milestone"]'
	assert_json '[.totals[] | select(.cell == "AA-1.2") | .light]' '[null]'
	run_as fed-coord --json national summary --round 2024Q2 --min-state submitted --by table
	assert_json '[.totals[] | select(.cell == "AA-1.1" and .jurisdiction == "federal") | .light]' '["green"]'
	run_as fed-coord --json national summary --period 2024Q1..2024Q2 --min-state submitted
	assert_json '[.totals[] | select(.cell == "AA-1.1" and .jurisdiction == "federal") | .value, .target, .light]' '["50","50","green"]'
	inap_as sec -q national override AA-1.1 grey --round 2024Q2 --jurisdiction federal --note "not audited" >/dev/null
	run_as fed-coord national summary --round 2024Q2 --min-state submitted
	assert_output_has "green, set by hand: grey"
	assert_output_has "grey: no milestone yet"
	run_as fed-coord -L ckb national summary --round 2024Q2 --min-state submitted
	assert_output_has "بە دەست دانراوە"
	inap_as sec -q national override AA-1.1 --revoke --round 2024Q2 --jurisdiction federal --note "audited" >/dev/null
	# Where no total has a target there is no column for it.
	run_as krg-coord national summary --round 2024Q2 --min-state submitted
	assert_exit 0
	[[ $output != *LIGHT* ]] || flunk "a column for nothing"
}

@test "nobody sees a light of what may not be seen" {
	run_as krg-coord --json national lights --round 2024Q2 --min-state submitted
	assert_json '[.lights[].jurisdiction] | unique' '["kurdistan"]'
	run_as team --json national lights --round 2024Q2 --min-state submitted && assert_refused FORBIDDEN 5
	run_as fed-coord --json national lights --round 2024Q2 --jurisdiction kurdistan --min-state submitted && assert_refused NOT_FOUND 6
	run_as fed-coord --json national lights --round 2021Q2 --min-state submitted && assert_refused NOT_FOUND 6
	run_as fed-coord --json national lights --round 2024Q2 --min-state submitted --pillar ZZ && assert_refused NOT_FOUND 6
	jq '.lights = {green: 1, amber: 2}' "$INAP_HOME/plan.json" >"$INAP_HOME/bad.json"
	run_as planner --json plan import "$INAP_HOME/bad.json" && assert_refused PLAN_BAD 3
	jq '.lights = {green: 0.4, amber: 0.2}' "$INAP_HOME/plan.json" >"$INAP_HOME/new.json"
	run_as planner -q plan import "$INAP_HOME/new.json" && assert_exit 0
	[ "$(light AA-1.5 .light)" = '["green"]' ]
}
