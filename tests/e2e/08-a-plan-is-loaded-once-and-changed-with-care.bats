#!/usr/bin/env bats
# The plan through the client: counts, versions, what a changed file does, and what it may not do.

setup_file() {
	load helper
	load testplan
	server_start && make_admin && make_user planner SYSTEM secretariat || return 1
	PLAN=$INAP_ROOT/client/share/plans/INAP-II.json
	export PLAN
	inap_as planner --json plan import "$PLAN" --dry-run >"$INAP_HOME/dry.json" || return 1
	inap_as planner --json plan list >"$INAP_HOME/list-after-dry.json" || return 1
	inap_as planner --json plan import "$PLAN" >"$INAP_HOME/first.json" || return 1
	make_user sec FED-COMSEC secretariat && make_user fed-coord FED-NGOD coordinator federal && make_reporters FED-MOI KRG-MOI
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	load quarter
	file=$INAP_HOME/plan.json
}

# changed FILTER: the plan's file, changed by jq.
changed() {
	jq "$1" "$PLAN" >"$file"
}

import() {
	run_as planner --json plan import "$file" "$@"
}

# everything: the tables but sessions.
everything() {
	tables_but session
}

put_back() {
	inap_as planner -q plan import "$PLAN" >/dev/null
}

@test "the first import says what the file holds" {
	jq -e '.added > 0 and .changed == 0 and .closed == 0 and .unchanged == 0 and (.dry_run | not)' "$INAP_HOME/first.json"
	[ "$(jq -cS '.counts | del(.form_cell)' "$INAP_HOME/first.json")" = "$(jq -cS '
		. as $plan | (.dimensions | map({key: .code, value: (.categories | length)}) | from_entries) as $size
		| {entity: (.entities | length), dimension: (.dimensions | length), category: ([.dimensions[].categories | length] | add)}
		+ (reduce ("pillar", "area", "outcome", "output", "activity") as $kind ({}; .[$kind] = ([$plan.results[] | select(.kind == $kind)] | length)))
		+ {indicator: (.indicators | length), table: ([.indicators[].tables | length] | add),
		   rule: (.rules | length),
		   assignment: ([.indicators[] | (.reporters | length) + (.consulted | length)] | add),
		   reporting: ([.indicators[].reporters[].entity] | unique | length),
		   cell: ([.indicators[] | 1 + ([.tables[] | reduce .dimensions[] as $d (1; . * $size[$d])] | add // 0)] | add)}' "$PLAN")" ]
}

@test "its dry run said the same and left nothing" {
	[ "$(jq -cS 'del(.dry_run)' "$INAP_HOME/dry.json")" = "$(jq -cS 'del(.dry_run)' "$INAP_HOME/first.json")" ]
	[ "$(jq -c . "$INAP_HOME/list-after-dry.json")" = "[]" ]
}

@test "the second import changes nothing, and says so" {
	local before
	before=$(tables_but session log chain_head)
	run_as planner --json plan import "$PLAN"
	assert_exit 0
	assert_json '[.added, .changed, .closed]' '[0,0,0]'
	assert_json .unchanged "$(jq .added "$INAP_HOME/first.json")"
	[ "$(tables_but session log chain_head)" = "$before" ]
}

@test "what people look up is what the file says" {
	run_as planner --json indicator list
	assert_json 'map(.indicator) | sort' "$(jq -c '[.indicators[].code] | sort' "$PLAN")"
	run_as planner --json entity list
	assert_json 'map([.entity, .jurisdiction, .name.ckb]) | sort' "$(jq -c '[.entities[] | [.code, .jurisdiction, .names.ckb]] | sort' "$PLAN")"
	run_as planner --json indicator show PR-2.2
	assert_json '[.unit, .combine, .protection, .k, (.tables | length), .name.ar]' \
		"$(jq -c '.indicators[] | select(.code == "PR-2.2") | [.unit, .combine, .protection.kind, .protection.k, (.tables | length), .names.ar]' "$PLAN")"
}

@test "a word finds what holds it in its code or in a name of any language" {
	found() {
		run_as planner --json "$1" list "$2"
		assert_exit 0
		assert_json "map(.$1) | sort" "$3"
	}
	found entity "ministry of HEALTH" '["FED-MOH","KRG-MOH"]'
	found entity 'الصحه' '["FED-MOH","KRG-MOH"]'   # a heh for the teh marbuta
	found entity 'تەندروستي' '["FED-MOH","KRG-MOH"]' # an Arabic yeh for the Kurdish one
	found entity krg-gdcvaw '["KRG-GDCVAW"]'
	found indicator 'PA-١.١' '["PA-1.1"]'
	found indicator 'no such word' '[]'
	run_as planner -L ar entity list 'xyz'
	assert_exit 0
	[[ $output == *'لا يرد «xyz»'* ]]
}

@test "a changed title: the dry run names it, the import makes it a version" {
	local before
	changed '(.indicators[] | select(.code == "PA-1.1") | .names.en) = "Women trained to mediate"'
	before=$(everything)
	import --dry-run
	assert_exit 0
	assert_json '[.added, .changed, .closed, .dry_run]' '[0,1,0,true]'
	assert_json '.changes | length' 1
	assert_json '.changes[0] | [.code, .action]' '["PA-1.1","change"]'
	[ "$(everything)" = "$before" ]
	import
	assert_exit 0
	assert_json '[.added, .changed, .closed, .dry_run]' '[0,1,0,false]'
	run_as planner --json indicator show PA-1.1
	assert_json .name.en "Women trained to mediate"
	put_back
	run_as planner --json indicator show PA-1.1
	assert_json .name.en "$(jq -r '.indicators[] | select(.code == "PA-1.1") | .names.en' "$PLAN")"
}

@test "a removed indicator is closed, never deleted: the open round still asks, the next does not" {
	local cells
	open_round 2024Q1 >/dev/null
	inap_as fed-moi-focal -q report set FED-MOI/2024Q1 --base 0 PR-1.5=4 >/dev/null
	cells=$(sql "SELECT count(*) FROM cell")
	changed 'del(.indicators[] | select(.code == "PR-1.5"))'
	import
	assert_exit 0
	assert_json '.closed > 0'
	[ "$(sql "SELECT count(*) FROM cell")" = "$cells" ]
	[ "$(sql "SELECT count(*) FROM indicator WHERE code = 'PR-1.5' AND closed_on IS NOT NULL")" = 1 ]
	run_as fed-moi-focal --json report show FED-MOI/2024Q1
	assert_json '[.values[] | [.cell, .value]]' '[["PR-1.5","4"]]'
	assert_json '[.unanswered[] | select(startswith("PR-1.5"))] | length > 0'
	open_round 2024Q2 >/dev/null
	run_as fed-moi-focal --json report show FED-MOI/2024Q2
	assert_json '[.unanswered[] | select(startswith("PR-1.5"))]' '[]'
	put_back
	run_as fed-moi-focal --json report show FED-MOI/2024Q2
	assert_json '[.unanswered[] | select(startswith("PR-1.5"))] | length > 0'
}

@test "unit, tables and aggregation do not change under values of an open round: refused by name, nothing changed" {
	local before filter field
	open_round 2023Q1 >/dev/null
	inap_as fed-moi-focal -q report set FED-MOI/2023Q1 --base 0 PA-1.1=4 >/dev/null
	before=$(everything)
	while IFS='|' read -r field filter; do
		changed "(.indicators[] | select(.code == \"PA-1.1\")) |= ($filter)"
		import
		assert_refused PLAN_CHANGE 7 || flunk "$field"
		assert_json '[.error.arguments.code, .error.arguments.field]' "[\"PA-1.1\",\"$field\"]" || flunk "$field"
		assert_json '.error.arguments.round' 2023Q1 || flunk "$field"
	done <<-LIST
		unit|.unit = "iqd"
		combine|.combine = "each"
		value_kind|.value_kind = "at_period_end"
		across_periods|.across_periods = "last"
		tables|del(.tables[0])
	LIST
	import --dry-run
	assert_refused PLAN_CHANGE 7
	[ "$(everything)" = "$before" ]
}

@test "without values in an open round the same change is taken" {
	changed '(.indicators[] | select(.code == "PV-3.3") | .unit) = "count"'
	import
	assert_exit 0
	assert_json .changed 1
	put_back
}

@test "two reporters of a one in a jurisdiction are refused by name" {
	changed '(.indicators[] | select(.code == "PA-3.1") | .reporters) += [{entity: "FED-MOI", part: "whole", from: "2021Q1"}]'
	import
	assert_refused PLAN_TWO_REPORTERS 3
	assert_json '.error.arguments.code' PA-3.1
	assert_json '.error.arguments.jurisdiction' federal
	assert_json '.error.arguments.entities | contains("FED-MOI") and contains("FED-IHEC")'
}

@test "a file that is no plan is refused at its place" {
	local before filter
	before=$(everything)
	echo '{"format": 1,' >"$file" && import
	assert_exit 3
	echo '[]' >"$file" && import
	assert_refused PLAN_BAD 3
	while IFS='|' read -r place filter; do
		changed "$filter"
		import
		assert_refused PLAN_BAD 3 || flunk "$filter"
		assert_json ".error.arguments.place | startswith(\"$place\")" || flunk "$filter"
		assert_json '.error.arguments.why | length > 5'
	done <<-'LIST'
		indicators[0].unit|.indicators[0].unit = "apples"
		indicators[0].output|.indicators[0].output = "PA-O9.9"
		indicators[0].reporters[0]|.indicators[0].reporters[0].entity = "FED-NONE"
		entities[3].names|.entities[3].names.en = ""
		entities[3].endorsed_by|.entities[3].endorsed_by = .entities[3].code
		starts_on|.starts_on = "2021-02-30"
		indicators[0]|.indicators[1].code = .indicators[0].code
		dimensions|.dimensions += [.dimensions[0]]
	LIST
	[ "$(everything)" = "$before" ]
	run_as planner --json plan import "$INAP_HOME/none.json"
	assert_refused FILE_BAD 3
}

@test "only the Secretariat loads plans" {
	run_as fed-moi-focal --json plan import "$PLAN"
	assert_refused FORBIDDEN 5
	run_as admin --json plan import "$PLAN"
	assert_refused FORBIDDEN 5
}

@test "another plan lives beside the current one, and its reports are named by it" {
	test_plan | inap_as planner -q plan import - >/dev/null
	run_as planner --json plan list
	assert_json 'map([.plan, .current])' '[["INAP-II",true],["TEST",false]]'
	make_user a-focal FED-A focal_point FED-A
	inap_as sec -q round add 2024Q3 --plan TEST --due "$(date -d '20 days' +%F)" >/dev/null
	run_as a-focal --json report set TEST:FED-A/2024Q3 AA-1.1=3 --base 0
	assert_exit 0
	run_as a-focal --json report show TEST:FED-A/2024Q3
	assert_json '[.report, .values[0].value]' '["TEST:FED-A/2024Q3","3"]'
	run_as a-focal --json report show FED-A/2024Q3
	assert_exit 6
	run_as planner --json entity show FED-MOI
	assert_exit 0
}
