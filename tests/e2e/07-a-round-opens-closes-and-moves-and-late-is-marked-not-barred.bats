#!/usr/bin/env bats
# Rounds: what each asks for, when it takes anything, and what being late means.

setup_file() {
	load helper
	server_start && make_users FED-MOI FED-ASGIS
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	today=$(TZ=Asia/Baghdad date +%F)
}

# in_days N: a day from today, in Baghdad.
in_days() {
	TZ=Asia/Baghdad date -d "$1 days" +%F
}

# working_day N: that day, or the Sunday to which a due date moves.
working_day() {
	local day
	day=$(in_days "$1")
	case $(date -d "$day" +%u) in
	5) in_days $(($1 + 2)) ;;
	6) in_days $(($1 + 1)) ;;
	*) echo "$day" ;;
	esac
}

round_now() {
	run_as sec --json round show "$1"
}

# save ROUND: FED-MOI's focal point types something.
save() {
	local base
	base=$(inap_as fed-moi-focal --json report show "FED-MOI/$1" | jq .revision) || return 1
	run_as fed-moi-focal --json report set "FED-MOI/$1" PA-1.1=$((base + 1)) --base "$base"
}

# asked_indicators ROUND ENTITY: of its report, as shown.
asked_indicators() {
	inap_as "${2,,}-focal" --json report show "$2/$1" | jq -c '[.unanswered[] | sub("[:.][nd]?(:.*)?$"; "") | split(":")[0]] | unique'
}

# plan_asks ENTITY FREQUENCY...: what the plan's file asks of it, by frequency.
plan_asks() {
	jq -c --arg entity "$1" '[.indicators[] | select(.combine != "derived")
		| select(any(.reporters[]; .entity == $entity)) | select(.frequency as $f | $ARGS.positional | index($f)) | .code] | unique' \
		"$INAP_ROOT/client/share/plans/INAP-II.json" --args "${@:2}"
}

# sign ROUND: FED-MOI answers all and submits.
sign() {
	inap_as fed-moi-focal report show "FED-MOI/$1" >/dev/null
	inap_as fed-moi-focal -q --yes report nil "FED-MOI/$1" >/dev/null || return 1
	inap_as fed-moi-approver report show "FED-MOI/$1" >/dev/null
	run_as fed-moi-approver --json --yes report submit "FED-MOI/$1" --note "made up"
	assert_exit 0
}

completeness() {
	inap_as sec --json national completeness --round "$1" | jq -c '.entities[] | select(.entity == "FED-MOI") | [.state, .on_time]'
}

@test "Q1 and Q3 ask for the quarter, Q2 also for the half, Q4 for the half and the year" {
	local quarter
	for quarter in 2023Q1 2023Q2 2023Q3 2023Q4; do
		inap_as sec -q round add "$quarter" --due "$(in_days 20)" >/dev/null
	done
	round_now 2023Q1 && assert_json .periods '["2023Q1"]'
	round_now 2023Q2 && assert_json .periods '["2023Q2","2023S1"]'
	round_now 2023Q3 && assert_json .periods '["2023Q3"]'
	round_now 2023Q4 && assert_json .periods '["2023Q4","2023S2","2023"]'
	[ "$(asked_indicators 2023Q1 FED-MOI)" = "$(plan_asks FED-MOI quarterly)" ]
	[ "$(asked_indicators 2023Q2 FED-MOI)" = "$(plan_asks FED-MOI quarterly semiannual)" ]
	[ "$(asked_indicators 2023Q3 FED-MOI)" = "$(plan_asks FED-MOI quarterly)" ]
	[ "$(asked_indicators 2023Q4 FED-MOI)" = "$(plan_asks FED-MOI quarterly semiannual annual)" ]
	[ "$(plan_asks FED-MOI annual)" != "[]" ]
}

@test "a value speaks of the period that follows from round and frequency" {
	inap_as fed-moi-focal -q report set FED-MOI/2023Q4 --base 0 PA-1.1=1 PA-2.1=1/2 PV-1.4=yes >/dev/null
	run_as fed-moi-focal --json report show FED-MOI/2023Q4
	assert_json '[.values[] | [.cell, .period]]' '[["PA-1.1","2023Q4"],["PA-2.1","2023S2"],["PV-1.4","2023"]]'
	run_as fed-moi-focal --json report set FED-MOI/2023Q3 --base 0 PV-1.4=yes
	assert_refused INVALID_CELLS 3
	assert_json '.error.fields[].code' CELL_NOT_ASKED
}

@test "a survey is asked only where it is named" {
	[ "$(jq -r '.indicators[] | select(.code == "PV-3.5") | .frequency' "$INAP_ROOT/client/share/plans/INAP-II.json")" = survey ]
	run_as fed-asgis-focal --json report show FED-ASGIS/2023Q4
	[ "$status" -eq 6 ] || assert_json '[.unanswered[] | select(startswith("PV-3.5"))]' '[]'
	inap_as sec -q round add 2022Q4 --due "$(in_days 20)" --survey PV-3.5 >/dev/null
	round_now 2022Q4
	assert_json .surveys '["PV-3.5"]'
	run_as fed-asgis-focal --json report show FED-ASGIS/2022Q4
	assert_json '[.unanswered[] | select(. == "PV-3.5")] | length' 1
	run_as sec --json round add 2022Q3 --due "$(in_days 20)" --survey PA-1.1
	[ "$status" -ne 0 ] || flunk "a quarterly indicator is no survey"
	run_as sec --json round add 2022Q3 --due "$(in_days 20)" --survey XX-1.1
	[ "$status" -ne 0 ] || flunk "no such indicator"
}

@test "before it opens it takes nothing and says so; opened by hand it does" {
	inap_as sec -q round add 2024Q1 --opens "$(in_days 5)" --due "$(in_days 20)" >/dev/null
	round_now 2024Q1 && assert_json .state planned
	save 2024Q1
	assert_refused ROUND_NOT_OPEN 7
	assert_json .error.message "round 2024Q1 is not open: not open yet"
	run_as sec --json round open 2024Q1
	assert_exit 0
	assert_json .state open
	save 2024Q1
	assert_exit 0
}

@test "a closed round refuses with the reason, wants its name to be closed, and opens again" {
	inap_as sec -q round add 2024Q2 --due "$(in_days 20)" >/dev/null
	save 2024Q2 && assert_exit 0
	run_as sec --json --no-input round close 2024Q2
	assert_exit 2
	run_as sec --json --no-input round close 2024Q2 --confirm 2024Q1
	assert_exit 2
	save 2024Q2 && assert_exit 0
	run_as sec --json --no-input round close 2024Q2 --confirm 2024Q2
	assert_exit 0
	assert_json .state closed
	save 2024Q2
	assert_refused ROUND_NOT_OPEN 7
	assert_json .error.message "round 2024Q2 is not open: closed"
	inap_as fed-moi-approver report show FED-MOI/2024Q2 >/dev/null
	run_as fed-moi-approver --json report ready FED-MOI/2024Q2
	assert_refused ROUND_NOT_OPEN 7
	inap_as sec -q round open 2024Q2 --note "a flood" >/dev/null
	save 2024Q2
	assert_exit 0
}

@test "what was submitted before goes on after the close: returned, corrected, resubmitted, accepted" {
	inap_as sec -q round add 2021Q1 --due "$(in_days 20)" >/dev/null
	sign 2021Q1
	inap_as sec -q --no-input round close 2021Q1 --confirm 2021Q1 >/dev/null
	inap_as fed-coord report show FED-MOI/2021Q1 >/dev/null
	run_as fed-coord --json review return FED-MOI/2021Q1 --note "which table?"
	assert_exit 0
	save 2021Q1
	assert_exit 0
	inap_as fed-moi-focal -q report answer FED-MOI/2021Q1 1 "corrected" >/dev/null
	inap_as fed-moi-approver report show FED-MOI/2021Q1 >/dev/null
	run_as fed-moi-approver --json --yes report submit FED-MOI/2021Q1 --note "made up"
	assert_exit 0
	inap_as fed-coord report show FED-MOI/2021Q1 >/dev/null
	run_as fed-coord --json review endorse FED-MOI/2021Q1
	assert_exit 0
	inap_as sec report show FED-MOI/2021Q1 >/dev/null
	run_as sec --json --yes review accept FED-MOI/2021Q1
	assert_exit 0
}

@test "late is marked, not barred" {
	inap_as sec -q round add 2021Q3 --opens "$(in_days -30)" --due "$(in_days -3)" >/dev/null
	sign 2021Q3
	[ "$(completeness 2021Q3)" = '["submitted",false]' ]
	inap_as sec -q round add 2021Q2 --opens "$(in_days -30)" --due "$today" >/dev/null
	sign 2021Q2
	[ "$(completeness 2021Q2)" = '["submitted",true]' ]
	run_as fed-coord --json review queue --round 2021Q3
	assert_json 'map([.report, .on_time])' '[["FED-MOI/2021Q3",false]]'
}

@test "an extension moves the due date for who is still to come, with a reason; the end of the day in Baghdad" {
	inap_as sec -q round add 2022Q1 --opens "$(in_days -30)" --due "$(in_days -3)" >/dev/null
	run_as sec --json round extend 2022Q1 --due "$(in_days 3)"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json round extend 2022Q1 --due "$(in_days 3)" --note "the network was down"
	assert_exit 0
	assert_json .due_at "$(TZ=UTC date -d "TZ=\"Asia/Baghdad\" $(working_day 3) 23:59:59" +%FT%TZ)"
	sign 2022Q1
	[ "$(completeness 2022Q1)" = '["submitted",true]' ]
}

@test "a round that cannot be is refused" {
	run_as sec --json round add 2024Q1 --due "$(in_days 20)"
	assert_refused EXISTS 7
	run_as sec --json round add 2024Q5 --due "$(in_days 20)"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json round add 2031Q1 --due "$(in_days 20)"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json round add 2022Q2 --opens "$(in_days 3)" --due "$(in_days 2)"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json round add 2022Q2 --due 2024-02-30
	[ "$status" -eq 2 ] || assert_refused DATE_BAD 3
	run_as sec --json round add 2022Q2
	assert_exit 2
	run_as sec --json round close 2026Q2 --confirm 2026Q2
	assert_exit 6
	run_as fed-coord --json round add 2022Q2 --due "$(in_days 20)"
	assert_refused FORBIDDEN 5
	run_as sec --json round list
	assert_json 'map(select(.round == "2022Q2" or .round == "2022Q3"))' '[]'
}

# all_rounds: everything that a change of a round could touch.
all_rounds() {
	sql "SELECT (SELECT count(*) FROM log), (SELECT count(*) FROM due_change), md5((SELECT string_agg(o::text, '' ORDER BY o.round_id) FROM round o)),
		md5((SELECT string_agg(r::text, '' ORDER BY r.entity_id, r.round_id) FROM report r))"
}

@test "--dry-run judges a change of a round and answers as it would, and nothing is written" {
	local before
	before=$(all_rounds)
	run_as sec --json round add 2024Q4 --due "$(in_days 20)" --dry-run
	assert_exit 0
	assert_json '[.round, .state, .dry_run]' '["2024Q4","open",true]'
	assert_json '.expected > 0'
	run_as sec --json round show 2024Q4
	assert_refused NOT_FOUND 6
	[ "$(all_rounds)" = "$before" ]
	inap_as sec -q round add 2024Q4 --due "$(in_days 20)" >/dev/null
	before=$(all_rounds)
	run_as sec --json round add 2024Q4 --due "$(in_days 20)" --dry-run
	assert_refused EXISTS 7
	run_as sec round extend 2024Q4 --due "$(in_days 40)" --note "why" --dry-run
	assert_exit 0
	assert_output_has "nothing was changed"
	run_as sec --json round extend 2024Q4 --due "$(in_days 40)" --note "why" --dry-run
	assert_json '[.due_at[:10], .extended, .dry_run]' "[\"$(working_day 40)\",true,true]"
	run_as sec --json round extend 2024Q4 --entity FED-MOI --due "$(in_days 40)" --note "why" --dry-run
	assert_json '[.report, .extended, .dry_run, .receipt]' '["FED-MOI/2024Q4",true,true,""]'
	run_as sec --json round excuse FED-MOI 2024Q4 --note "why" --dry-run
	assert_json '[.report, .excused, .dry_run]' '["FED-MOI/2024Q4",true,true]'
	run_as sec --json --no-input round close 2024Q4 --dry-run
	assert_exit 0
	assert_json '[.state, .dry_run]' '["closed",true]'
	run_as sec --json round open 2024Q4 --dry-run
	assert_refused WRONG_STATE 7
	run_as sec --json round outage 2024Q4 --from "$(date -u -d '9 hours ago' +%FT%TZ)" --to "$(date -u -d '1 hour ago' +%FT%TZ)" --note "why" --dry-run
	assert_refused BAD_ARGUMENT 2
	[ "$(all_rounds)" = "$before" ]
	run_as sec --json round show 2024Q4
	assert_json '[.state, .extended, .dry_run]' '["open",false,null]'
}
