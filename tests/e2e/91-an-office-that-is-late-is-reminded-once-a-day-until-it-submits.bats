#!/usr/bin/env bats
# Rates beside one another, null where nothing is expected; reminders that come once a day and go with the submission.

setup_file() {
	load helper
	load quarter
	make_round && make_office moi FED-MOI && make_office moh KRG-MOH && make_user fed-coord FED-MOP coordinator federal &&
		make_user krg-coord KRG-MOP coordinator kurdistan && make_user team FED-MOFA national_team
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load quarter
}

remind() {
	run_as "${1:-secretary}" --json remind --round "$round" "${@:2}"
}

todo() {
	run_as "$1" --json todo
	assert_json '[.[] | select(.what == "reminder") | [.report, .kind]]' "$2"
}

@test "nobody is reminded before it is time; a dry run says whom and writes nothing" {
	remind
	assert_exit 0
	assert_json '[.round, .reminders]' "[\"$round\",[]]"
	remind secretary --days 30 --dry-run
	assert_json '[.dry_run, (.reminders | length > 20), ([.reminders[].kind] | unique), ([.reminders[].already] | unique)]' '[true,true,["due"],[false]]'
	todo moi-focal '[]'
	[[ $(sql "SELECT count(*) FROM inap.notice") == 0 ]]
	remind secretary --days 91
	assert_refused BAD_ARGUMENT 2
	remind secretary --days 4294967295
	assert_refused BAD_ARGUMENT 2
	raw_login secretary
	raw secretary "call round.remind key=new body=$(encode RoundRemind <<<"round: \"$round\" days: 4000000000")"
	[[ $output == 'error round.remind '*' BAD_ARGUMENT '* ]] || flunk "more days than there are numbers"
	run_as secretary --json remind --round 2024Q9
	assert_refused NOT_FOUND 6
	for user in team moi-approver moi-focal; do
		remind "$user"
		assert_refused FORBIDDEN 5
	done
}

@test "a coordinator reminds the own government; a notice is made once for office and day" {
	local all
	remind krg-coord --days 30
	assert_exit 0
	assert_json '[.reminders[].report | startswith("KRG-")] | unique' '[true]'
	assert_json '[.reminders[].already] | unique' '[false]'
	todo moh-focal "[[\"KRG-MOH/$round\",\"due\"]]"
	todo moh-approver "[[\"KRG-MOH/$round\",\"due\"]]"
	todo moi-focal '[]'
	todo fed-coord '[]'
	remind secretary --days 30
	assert_json '[.reminders[] | select(.report == "KRG-MOH/'"$round"'" or .report == "FED-MOI/'"$round"'") | .already]' '[false,true]'
	all=$(sql "SELECT count(*) FROM inap.notice")
	remind secretary --days 30
	assert_json '[.reminders[].already] | unique' '[true]'
	[[ $(sql "SELECT count(*) FROM inap.notice") == "$all" ]]
	todo moi-focal "[[\"FED-MOI/$round\",\"due\"]]"
	run_as moi-focal todo
	assert_output_has "reminder of"
}

@test "late is said; the excused are left alone; the notice goes when the report is submitted" {
	sql "DELETE FROM inap.notice" >/dev/null
	sql "UPDATE inap.round SET opens_at = now() - interval '30 days', due_at = now() - interval '2 days'" >/dev/null
	inap_as secretary -q excuse FED-MOLSA "$round" --note "dissolved"
	remind secretary --days 0
	assert_json '[.reminders[].kind] | unique' '["late"]'
	assert_json '[.reminders[] | select(.report == "FED-MOLSA/'"$round"'")]' '[]'
	todo moi-approver "[[\"FED-MOI/$round\",\"late\"]]"
	answer_all moi-focal "FED-MOI/$round"
	todo moi-focal "[[\"FED-MOI/$round\",\"late\"]]"
	move moi-approver "FED-MOI/$round" report submit "FED-MOI/$round" --letter 1 --letter-date 2024-10-09 --note "made up"
	todo moi-focal '[]'
	todo moi-approver '[]'
	remind secretary --days 0
	assert_json '[.reminders[] | select(.report == "FED-MOI/'"$round"'")]' '[]'
	[[ $(sql "SELECT count(*) FROM inap.entity e, inap.chain_faults(e.entity_id)") == 0 ]]
}

@test "beside on time stand accepted at first submission and the valued share; nothing expected is null" {
	local expected
	move fed-coord "FED-MOI/$round" review endorse "FED-MOI/$round"
	move secretary "FED-MOI/$round" review accept "FED-MOI/$round"
	run_as team --json national completeness --round "$round"
	assert_json '.rates.federal | [.submitted, .on_time, .accepted, .accepted_first, .excused]' '[1,0,1,1,1]'
	expected=$(jq .rates.federal.expected <<<"$output")
	assert_json '.rates.federal.shares | [.submitted, .on_time, .accepted_first]' "[\"$(awk "BEGIN { printf \"%.3f\", 1 / $expected }")\",\"0.000\",\"$(awk "BEGIN { printf \"%.3f\", 1 / $expected }")\"]"
	assert_json '(.rates.federal.shares.valued | tonumber) > 0 and .rates.federal.valued <= .rates.federal.answered'
	assert_json '.entities[] | select(.entity == "FED-MOI") | [.answered == .asked, .valued == .asked]' '[true,true]'
	assert_json '[.entities[] | select(.excused) | [.entity, .excused_note]]' '[["FED-MOLSA","dissolved"]]'
	run_as team national completeness --round "$round"
	assert_output_has "dissolved"
	for entity in $(jq -r '.entities[] | select(.jurisdiction == "kurdistan") | .entity' <<<"$(inap_as team --json national completeness --round "$round")"); do
		inap_as secretary -q excuse "$entity" "$round" --note "no report this time"
	done
	run_as team --json national completeness --round "$round"
	assert_json '.rates.kurdistan | [.expected, .shares.submitted, .shares.on_time, .shares.valued]' '[0,null,null,null]'
	remind krg-coord --days 90
	assert_json .reminders '[]'
}

@test "a closed round reminds nobody" {
	inap_as secretary -q round close "$round" --confirm "$round"
	remind
	assert_refused WRONG_STATE 7
}
