#!/usr/bin/env bats
# Activities: the plan's and those of sectoral plans; how each stands, by entity and round; money by source; who reads what.

setup_file() {
	load helper
	load quarter
	make_round && make_office moi FED-MOI && make_office moh KRG-MOH && make_office hcwd KRG-HCWD &&
		make_user fed-coord FED-MOP coordinator federal && make_user krg-coord KRG-MOP coordinator kurdistan &&
		make_user moh-coord KRG-MOH coordinator kurdistan && make_user team FED-MOFA national_team
	inap_as moi-focal report show "FED-MOI/$round" >/dev/null
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

revision() {
	inap_as "${1:-moi-focal}" --json report show "${2:-$report}" | jq .revision
}

# says OPTION...: how PA-O2.1-A1 stands, by MOI's focal point, on the report as it is.
says() {
	run_as moi-focal --json report activity "$report" PA-O2.1-A1 --base "$(revision)" "$@"
}

# stands USER REPORT ACTIVITY FILTER: of the report as that person reads it.
stands() {
	inap_as "$1" --json report show "$2" | jq -c --arg code "$3" ".activities[] | select(.activity == \$code) | $4"
}

@test "a report lists what its entity leads or contributes to; what is not said again stays as it was" {
	run_as moi-focal --json report activity "$report"
	assert_json 'map([.activity, .role, .status])' '[["PA-O2.1-A1","lead",null],["PR-O2.1-A1","lead",null]]'
	says --status on_track --percent ٤٠ --start 2024-07-01 --end 2024-12-31 --places iq-bg،IQ-BA --partners "UN Women" --note "the survey is in print"
	assert_exit 0
	assert_json '[.from, .to, .revision]' '["expected","draft",1]'
	says --percent 55.50
	assert_exit 0
	run_as moi-focal --json report activity "$report" PA-O2.1-A1
	assert_json '[.status, .percent, .starts_on, .ends_on, .places, .partners, .note, .revision, .by]' \
		'["on_track","55.50","2024-07-01","2024-12-31",["IQ-BG","IQ-BA"],"UN Women","the survey is in print",2,"moi-focal"]'
	run_as moi-focal report show "$report"
	assert_output_has "on track"
	run_as moi-focal --json report history "$report"
	assert_json '.[-1] | [.action, .subject]' '["activity","activity:PA-O2.1-A1"]'
	run_as moi-focal --json report diff "$report" --from 1 --to 2
	assert_json '.activities | map([.activity, .fields, .before, .after, .percent_before, .percent_after])' '[["PA-O2.1-A1","percent","on_track","on_track","40","55.50"]]'
}

@test "completed is 100 percent, delayed wants a reason, dates are in order, places are governorates: else nothing is stored" {
	local before
	before=$(revision)
	says --status completed --percent 90
	assert_refused ACTIVITY_BAD 3
	says --status not_started --percent 5
	assert_refused ACTIVITY_BAD 3
	says --status delayed
	assert_refused ACTIVITY_BAD 3
	assert_json '.error.message | contains("PA-O2.1-A1") and contains("reason")'
	says --status delayed --delay "no printer" --new-date 2024-06-01
	assert_refused ACTIVITY_BAD 3
	says --start 2024-10-01 --end 2024-09-30
	assert_refused ACTIVITY_BAD 3
	says --end 2024-13-01
	[[ $status == 2 || $status == 3 ]]
	says --percent 100.01
	assert_refused NUMBER_RANGE 3
	says --percent -1
	assert_refused NUMBER_RANGE 3
	says --percent 1,5
	assert_refused NUMBER_BAD 3
	says --status finished
	assert_refused USAGE 2
	says --places IQ-BG,IQ-XX
	assert_refused NOT_FOUND 6
	assert_json .error.arguments.name IQ-XX
	says --places IQ-HA # Halabja is its own only from 2025 on
	assert_refused NOT_FOUND 6
	says --places IQ-BG,IQ-BG
	assert_refused ACTIVITY_BAD 3
	[ "$(revision)" = "$before" ]
	says --status delayed --delay "no printer" --new-date 2025-03-31
	assert_exit 0
	says --status completed
	assert_exit 0
	[ "$(stands moi-focal "$report" PA-O2.1-A1 '[.status, .percent, .delay, .new_date]')" = '["completed","100","",null]' ]
}

@test "money: by source, exact, planned and allocated for the year, spent so far; no line and in kind are answers" {
	says --budget-source federal --budget-planned 5000000000.250 --budget-allocated 4000000000 --budget-spent 1000000000
	assert_exit 0
	says --budget-source donor --budget-spent ١٢٬٠٠٠٬٠٠٠ --in-kind
	assert_exit 0
	[ "$(stands moi-focal "$report" PA-O2.1-A1 .budget)" = '[{"source":"federal","planned":"5000000000.250","allocated":"4000000000","spent":"1000000000"},{"source":"donor","planned":null,"allocated":null,"spent":"12000000"}]' ]
	says --budget-spent 5
	assert_refused USAGE 2
	says --budget-source world --budget-spent 5
	assert_refused USAGE 2
	says --budget-source federal --budget-spent -5
	assert_refused ACTIVITY_BAD 3
	says --no-budget-line --budget-source federal --budget-planned 5
	assert_refused ACTIVITY_BAD 3
	says --no-budget-line
	assert_exit 0
	[ "$(stands moi-focal "$report" PA-O2.1-A1 '[.no_budget_line, .in_kind, (.budget | map(.source))]')" = '[true,true,["donor"]]' ]
	says --budget-source federal --budget-planned 10 --budget-allocated 7 --budget-spent 8
	assert_exit 0
	[ "$(stands moi-focal "$report" PA-O2.1-A1 .no_budget_line)" = false ]
	run_as moi-focal --json report check "$report"
	assert_json '[.problems[] | select(.rule == "activity_overspent") | [.cell, .severity, .code]]' '[["activity:PA-O2.1-A1","WARN","ACTIVITY_OVERSPENT"]]'
	says --budget-clear
	[ "$(stands moi-focal "$report" PA-O2.1-A1 '[.no_budget_line, .in_kind, .budget]')" = '[false,false,[]]' ]
}

@test "who neither leads nor contributes is refused, and another's draft is not read" {
	run_as moi-focal --json report activity "$report" PA-O1.1-A1 --status on_track --base "$(revision)"
	assert_refused ACTIVITY_NOT_YOURS 5
	run_as moi-focal --json report activity "$report" PA-O9.9-A9 --status on_track --base "$(revision)"
	assert_refused NOT_FOUND 6
	run_as moi-approver --json report activity "$report" PA-O2.1-A1 --status on_track --base "$(revision)"
	assert_refused FORBIDDEN 5
	run_as moh-focal --json report activity "$report" PA-O2.1-A1 --status on_track --base 1
	assert_refused NOT_FOUND 6
	run_as fed-coord --json activity list --entity FED-MOI
	assert_json '[.[] | .members[] | .status] | unique' '[null]'
	run_as moi-focal --json activity list --entity FED-MOI
	assert_json '[.[] | select(.activity == "PA-O2.1-A1") | .members[] | [.entity, .role, .status]]' '[["FED-MOI","lead","completed"]]'
}

@test "a stale one is refused, and what was not seen is shown first" {
	run_as moi-focal --json report activity "$report" PA-O2.1-A1 --status on_track --percent 1 --base 1
	assert_refused STALE_REVISION 7
	make_user moi-second FED-MOI focal_point FED-MOI
	run_as moi-second --json report activity "$report" PA-O2.1-A1 --percent 2
	assert_refused NOT_SEEN 7
}

@test "an entity proposes, its coordinator agrees once; until then it is theirs alone and no activity" {
	run_as moh-focal --json activity add KRG-MOH/A-03 --under PR-O1.2 --name "Train midwives" --name-ckb "ڕاهێنانی مامانەکان" --contributors KRG-HCWD
	assert_exit 0
	assert_json '[.activity, .state, .replayed]' '["KRG-MOH/A-03","proposed",false]'
	run_as moh-approver --json activity add krg-moh/a-03 --under PR-O1.2 --name "Train midwives and nurses" --contributors KRG-HCWD --note "nurses too"
	assert_exit 0
	for user in moh-focal krg-coord; do
		run_as "$user" --json activity list --entity KRG-MOH
		assert_json '[.[] | select(.activity == "KRG-MOH/A-03") | [.name.en, .under, .state, (.members | map(.entity))]]' '[["Train midwives and nurses","PR-O1.2","proposed",["KRG-MOH","KRG-HCWD"]]]'
	done
	for user in fed-coord hcwd-focal secretary team moi-focal; do
		run_as "$user" --json activity list --entity KRG-MOH
		[[ $output != *A-03* ]] || flunk "$user knows of the proposal"
	done
	inap_as moh-focal report show "KRG-MOH/$round" >/dev/null
	run_as moh-focal --json report activity "KRG-MOH/$round" KRG-MOH/A-03 --status on_track
	assert_refused ACTIVITY_BAD 3
	run_as fed-coord --json activity agree KRG-MOH/A-03
	assert_refused NOT_FOUND 6
	run_as moh-focal --json activity agree KRG-MOH/A-03
	assert_refused FORBIDDEN 5
	run_as moh-coord --json activity agree KRG-MOH/A-03
	assert_refused FOUR_EYES 5
	run_as krg-coord --json activity agree KRG-MOH/A-99
	assert_refused NOT_FOUND 6
	run_as krg-coord --json activity agree KRG-MOH/A-03 --note "agreed in the meeting of 3 October"
	assert_exit 0
	assert_json '[.state, (.receipt | length)]' '["agreed",64]'
	run_as krg-coord --json activity agree KRG-MOH/A-03
	assert_refused WRONG_STATE 7
	run_as moh-focal --json activity add KRG-MOH/A-03 --under PR-O1.2 --name "Something else"
	assert_refused EXISTS 7
	run_as team --json activity list --entity KRG-MOH
	assert_json '[.[] | select(.activity == "KRG-MOH/A-03") | .state]' '["agreed"]'
}

@test "what is proposed badly is refused by the place that is wrong" {
	run_as moh-focal --json activity add KRG-MOH/A-04 --under PR-O9.9 --name "x"
	assert_refused NOT_FOUND 6
	assert_json .error.arguments.what output
	run_as moh-focal --json activity add KRG-MOH/A-04 --under PR-O1.2 --name "x" --contributors KRG-NOSUCH
	assert_refused NOT_FOUND 6
	assert_json .error.arguments.name KRG-NOSUCH
	run_as moh-focal --json activity add KRG-MOH/A-04 --under PR-O1.2 --name "x" --contributors KRG-MOH
	assert_refused BAD_ARGUMENT 2
	run_as moh-focal --json activity add KRG-MOH/B-4 --under PR-O1.2 --name "x"
	assert_refused BAD_ARGUMENT 2
	run_as moh-focal --json activity add FED-MOI/A-04 --under PR-O1.2 --name "x"
	assert_refused NOT_FOUND 6
	run_as moh-focal --json activity add KRG-MOH/A-04 --under PR-O1.2
	assert_refused USAGE 2
	run_as moh-focal --json activity add A-04 --under PR-O1.2 --name "x"
	assert_refused USAGE 2
	[ "$(sql "SELECT count(*) FROM activity")" = 1 ]
}

@test "lead and contributor each say how it stands for them; a plan loaded again leaves it open" {
	inap_as hcwd-focal report show "KRG-HCWD/$round" >/dev/null
	run_as moh-focal --json report activity "KRG-MOH/$round" KRG-MOH/A-03 --status on_track --percent 60 --places IQ-AR
	assert_exit 0
	run_as hcwd-focal --json report activity "KRG-HCWD/$round" KRG-MOH/A-03 --status not_started
	assert_exit 0
	[ "$(stands moh-focal "KRG-MOH/$round" KRG-MOH/A-03 '[.role, .status, .percent]')" = '["lead","on_track","60"]' ]
	[ "$(stands hcwd-focal "KRG-HCWD/$round" KRG-MOH/A-03 '[.role, .status, .percent]')" = '["contributor","not_started","0"]' ]
	run_as hcwd-focal --json activity list --entity KRG-HCWD
	assert_json '[.[] | select(.activity == "KRG-MOH/A-03") | .members[] | [.entity, .role, .status]]' '[["KRG-MOH","lead",null],["KRG-HCWD","contributor","not_started"]]'
	run_as secretary --json plan import "$INAP_ROOT/client/share/plans/INAP-II.json"
	assert_json '[.added, .changed, .closed]' '[0,0,0]'
	[ "$(stands moh-focal "KRG-MOH/$round" KRG-MOH/A-03 .status)" = '"on_track"' ]
}

@test "others read how it stood when it was submitted; a point on it opens it and nothing else" {
	submit moh KRG-MOH
	run_as moh-focal --json report activity "KRG-MOH/$round" KRG-MOH/A-03 --percent 70 --base "$(revision moh-focal "KRG-MOH/$round")"
	assert_refused WRONG_STATE 7
	[ "$(stands krg-coord "KRG-MOH/$round" KRG-MOH/A-03 .percent)" = '"60"' ]
	inap_as krg-coord report show "KRG-MOH/$round" >/dev/null
	inap_as krg-coord -q review point "KRG-MOH/$round" activity:KRG-MOH/A-03 "60 percent of what?" >/dev/null
	inap_as krg-coord -q review return "KRG-MOH/$round" >/dev/null
	run_as moh-focal --json report narrative "KRG-MOH/$round" results "more" --base "$(revision moh-focal "KRG-MOH/$round")"
	assert_refused CELL_LOCKED 7
	run_as moh-focal --json report activity "KRG-MOH/$round" KRG-MOH/A-03 --percent 70 --note "of 50 midwives" --base "$(revision moh-focal "KRG-MOH/$round")"
	assert_exit 0
	[ "$(stands krg-coord "KRG-MOH/$round" KRG-MOH/A-03 .percent)" = '"60"' ]
	run_as krg-coord --json activity list --entity KRG-MOH
	assert_json '[.[] | select(.activity == "KRG-MOH/A-03") | .members[] | [.entity, .percent]]' '[["KRG-MOH","60"],["KRG-HCWD",null]]'
	run_as krg-coord --json report history "KRG-MOH/$round"
	[[ $output != *"of 50 midwives"* ]]
	[ "$(stands moh-focal "KRG-MOH/$round" KRG-MOH/A-03 .percent)" = '"70"' ]
}

@test "the same key is done once; the statuses are a projection of the log" {
	local key body
	key=$(printf '%030x%02x' 0xfeed 75)
	body=$(encode ReportActivity <<<"report { entity: \"FED-MOI\" round: \"$round\" } base_revision: $(revision) status { activity: \"PR-O2.1-A1\" status: \"on_track\" percent: \"5\" }")
	raw_login moi-focal moh-focal krg-coord
	bodies=yes raw moi-focal "call report.activity key=$key body=$body
call report.activity key=$key body=$body"
	wants_line 0 'reply report.activity *'
	wants_line 1 'reply report.activity *'
	[ "$(decode ReportMoveReply "$(awk 'NR == 2 { print $8 }' <<<"$output")" | grep -vx 'replayed: true')" = "$(decode ReportMoveReply "$(awk 'NR == 1 { print $8 }' <<<"$output")")" ]
	[ "$(sql "SELECT count(*) FROM activity_status")" = 4 ]
	[ "$(sql "SELECT count(*) FROM report r CROSS JOIN LATERAL (
		SELECT FROM activities_at(r.entity_id, r.round_id, 9223372036854775807) a
		  FULL JOIN (SELECT * FROM activity_status s WHERE s.entity_id = r.entity_id AND s.round_id = r.round_id) s ON s.result_id = a.result_id
		 WHERE (a.status, a.percent::text, a.body, a.revision) IS DISTINCT FROM (s.status, s.percent::text, s.body, s.revision)) d")" = 0 ]
	[ "$(sql "SELECT count(*) FROM entity e CROSS JOIN LATERAL chain_faults(e.entity_id)")" = 0 ]
}

@test "in Arabic and Kurdish, by the words of that language" {
	run_as moi-focal -L ar report activity "$report" PA-O2.1-A1 --status "يسير حسب الخطة" --percent 80 --base "$(revision)"
	assert_exit 0
	run_as moi-focal -L ckb report activity "$report" PA-O2.1-A1
	assert_output_has "بەپێی پلانە"
	run_as moi-focal -L ar activity list --entity FED-MOI
	assert_output_has "جهة قائدة"
}

@test "last quarter's status stands beside an activity, and is none of this quarter" {
	local next=FED-MOI/2024Q4
	inap_as secretary -q round add 2024Q4 --due "$(date -d '+30 days' +%F)" >/dev/null
	[ "$(stands moi-focal "$next" PA-O2.1-A1 '[.status, .previous]')" = '[null,{"round":"2024Q3","status":"on_track","percent":"80"}]' ]
	[ "$(stands moi-focal "$report" PA-O2.1-A1 .previous)" = null ]
	run_as moi-focal report show "$next"
	assert_output_has "on track"
	run_as moi-focal report activity "$next" PA-O2.1-A1
	assert_output_has "on track"
	[ "$(sql "SELECT count(*) FROM activity_status JOIN round USING (round_id) WHERE code = '2024Q4'")" = 0 ]
	run_as moi-focal --json report activity "$next" PA-O2.1-A1 --status completed --base 0
	assert_exit 0
	[ "$(stands moi-focal "$next" PA-O2.1-A1 '[.status, .previous.status]')" = '["completed","on_track"]' ]
	# who may not read the report of that quarter is not told
	[ "$(inap_as fed-coord --json report show "$report" 2>/dev/null | jq .state)" != '"submitted"' ]
}
