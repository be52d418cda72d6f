#!/usr/bin/env bats
# Events, their decisions, organisations with and without consent to be named, and accepted cells verified in the field.

setup_file() {
	load helper
	load quarter
	make_round && make_office moi FED-MOI && make_office moh KRG-MOH && make_user fed-coord FED-MOP coordinator federal &&
		make_user team FED-MOFA national_team && make_user watcher FED-NSS observer && make_user auditor FED-NSS auditor &&
		make_user nobody FED-MOI focal_point FED-MOI && inap_as admin -q role revoke nobody focal_point FED-MOI &&
		make_user moi-secretary FED-MOI secretariat
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load quarter
}

today=$(TZ=Asia/Baghdad date +%F)

@test "an event is entered once, shown to everybody with a role, and changed only by who saw it as it is" {
	run_as secretary --json event add workshop --title "Indicators for focal points" --start 2024-07-10 --organiser FED-COMSEC --dry-run
	assert_exit 0
	assert_json '[.event, .version, .dry_run, .receipt]' '[1,1,true,""]'
	run_as secretary --json event list
	assert_json . '[]'
	run_as secretary --json event add workshop --title "Indicators for focal points" --start 2024-07-10 --end 2024-07-12 --organiser fed-comsec \
		--places IQ-BG,iq-ba --technical "UN Women" --present FED-MOI,KRG-MOH --women ٣١ --men 12 --indicators OE-1.4 --note "letter 12"
	assert_exit 0
	assert_json '[.event, .version, .dry_run, (.receipt | length)]' '[1,1,false,64]'
	for user in moi-focal moh-approver fed-coord team auditor admin secretary; do
		run_as "$user" --json event show E1
		assert_json '[.kind, .title, .held_on, .ends_on, .places, .organiser, .support, .present, .women, .men, .indicators, .minutes]' \
			'["workshop","Indicators for focal points","2024-07-10","2024-07-12",["IQ-BG","IQ-BA"],"FED-COMSEC",{"technical":"UN Women","operational":null,"financial":null},["FED-MOI","KRG-MOH"],31,12,["OE-1.4"],null]'
	done
	run_as watcher --json event list
	assert_refused FORBIDDEN 5
	run_as nobody --json event list
	assert_refused FORBIDDEN 5
	run_as moi-approver --json event edit E1 --women 32
	assert_refused FORBIDDEN 5
	run_as secretary --json event edit E1 --women 32 --end ""
	assert_json '[.event, .version]' '[1,2]'
	run_as secretary --json event edit E1 --men 13 --base 1
	assert_refused STALE_REVISION 7
	run_as secretary event edit E1 --men 13 --base 1
	assert_stderr_has "inap event show E1"
	run_as secretary --json event show 1
	assert_json '[.women, .men, .ends_on, .places]' '[32,12,null,["IQ-BG","IQ-BA"]]'
	run_as secretary event show E1
	assert_output_has "UN Women"
}

@test "what an event cannot be is refused by the place that is wrong, and nothing is stored" {
	add() {
		run_as secretary --json event add "$1" --title x --start 2024-07-10 --organiser FED-COMSEC "${@:2}"
	}
	add dinner
	assert_refused NOT_FOUND 6
	run_as secretary --json event add workshop --title "$(printf 'x%.0s' {1..2001})" --start 2024-07-10 --organiser FED-COMSEC
	assert_refused BAD_ARGUMENT 2
	assert_json .error.arguments.field title
	run_as secretary --json organisation add --women-led yes --may-be-named yes --name "$(printf 'x%.0s' {1..2001})"
	assert_refused BAD_ARGUMENT 2
	raw_login secretary
	raw secretary "call verify.sample key=new body=$(encode VerifySample <<<"round: \"$round\" size: 4000000000")"
	[[ $output == 'error verify.sample '*' BAD_ARGUMENT '* ]] || flunk "more cells than there are numbers"
	add workshop --places IQ-XX
	assert_refused NOT_FOUND 6
	assert_json .error.arguments.name IQ-XX
	add workshop --places IQ-HA # Halabja is its own only from 2025 on
	assert_refused NOT_FOUND 6
	add workshop --present FED-NOSUCH
	assert_refused NOT_FOUND 6
	add workshop --organisations O99
	assert_refused NOT_FOUND 6
	add workshop --indicators OE-9.9
	assert_refused NOT_FOUND 6
	add workshop --activities PA-O9.9-A9
	assert_refused NOT_FOUND 6
	add workshop --end 2024-07-09
	assert_refused BAD_ARGUMENT 2
	add workshop --women -3
	[[ $status == 2 ]]
	run_as secretary --json event add workshop --title x --start 2024-13-01 --organiser FED-COMSEC
	assert_refused DATE_BAD 3
	run_as secretary --json event add workshop --title x --start 2024-07-10 --organiser SYSTEM
	assert_refused NOT_FOUND 6
	run_as secretary --json event minutes E1 --letter 7 --letter-date 2024-07-01
	assert_refused BAD_ARGUMENT 2
	run_as secretary --json event edit E77 --women 1
	assert_refused NOT_FOUND 6
	run_as secretary --json event list
	assert_json length 1
}

@test "a decision waits in the todo of its owner's people and of the Secretariat until it is done" {
	run_as secretary --json event decide E1 "name an alternate focal point" --owner KRG-MOH --due "$(date -d '+20 days' +%F)"
	assert_exit 0
	assert_json '[.event, .decision, .version]' '[1,1,3]'
	inap_as secretary -q event decide E1 "send the list of trainers" --owner FED-MOI --due 2024-08-01
	for user in moh-focal moh-approver; do
		run_as "$user" --json todo
		assert_json '[.[] | select(.what == "decision") | [.event, .decision, .owner, .text]]' '[[1,1,"KRG-MOH","name an alternate focal point"]]'
	done
	run_as secretary --json todo
	assert_json '[.[] | select(.what == "decision") | [.decision, .owner]]' '[[2,"FED-MOI"],[1,"KRG-MOH"]]'
	run_as moh-focal todo
	assert_output_has "name an alternate focal point"
	for user in fed-coord team auditor; do
		run_as "$user" --json todo
		assert_json '[.[] | select(.what == "decision")]' '[]'
	done
	run_as moh-focal --json "event" "done" E1 1
	assert_refused FORBIDDEN 5
	run_as secretary --json "event" "done" E1 9
	assert_refused NOT_FOUND 6
	run_as secretary --json "event" "done" E1 1 --dry-run
	assert_json .dry_run true
	run_as secretary --json "event" "done" E1 1 --note "letter 4417"
	assert_exit 0
	run_as secretary --json "event" "done" E1 1
	assert_refused WRONG_STATE 7
	run_as moh-focal --json todo
	assert_json '[.[] | select(.what == "decision")]' '[]'
	run_as moh-focal --json event show E1
	assert_json ".decisions[0] | [.owner, .done_on, .done_by, .done_note]" "[\"KRG-MOH\",\"$today\",\"secretary\",\"letter 4417\"]"
	run_as secretary --json event decide E1 "x" --owner FED-MOI --due 2024-08-01 --base 1
	assert_refused STALE_REVISION 7
	run_as secretary --json event decide E1 "x" --owner FED-MOI --due 2024-07-01
	assert_refused BAD_ARGUMENT 2
}

@test "an organisation without consent is a count to everybody but the Secretariat, in every answer and in the log" {
	inap_as secretary -q organisation add --name "Women for Peace Mosul" --women-led yes --may-be-named no --places IQ-NI --note "asked by telephone, Mosul"
	inap_as secretary -q organisation add --name "Basra Mothers" --name-ar "أمهات البصرة" --women-led yes --may-be-named yes --places IQ-BA
	inap_as secretary -q organisation add --name "Legal Aid" --women-led no --may-be-named yes
	run_as secretary --json organisation add --name "basra mothers" --women-led yes --may-be-named yes
	assert_refused EXISTS 7
	inap_as secretary -q event edit E1 --organisations O1,O2,3
	run_as secretary --json event show E1
	assert_json '[(.organisations | map(.organisation)), .organisations_unnamed, .organisations_women_led]' '[[1,2,3],0,2]'
	for user in moi-focal moh-approver fed-coord team auditor admin; do
		run_as "$user" --json event show E1
		assert_json '[(.organisations | map([.organisation, .name.en])), .organisations_unnamed, .organisations_women_led]' '[[[2,"Basra Mothers"],[3,"Legal Aid"]],1,2]'
		run_as "$user" --json organisation list
		assert_json '[(.organisations | map(.name.en)), .women_led, .unnamed]' '[["Basra Mothers","Legal Aid"],2,1]'
		run_as "$user" event show E1
		[[ $output != *Mosul* ]] || flunk "$user reads the name"
	done
	[[ $(sql "SELECT count(*) FROM inap.log WHERE outcome LIKE '%Mosul%' OR note LIKE '%Mosul%'") == 0 ]]
	# Consent is given, and taken back.
	run_as secretary --json organisation edit O1 --may-be-named yes
	assert_json '[.organisation, .version]' '[1,2]'
	run_as team --json organisation list
	assert_json '[(.organisations | map(.organisation)), .unnamed]' '[[1,2,3],0]'
	inap_as secretary -q organisation edit O1 --may-be-named no
	run_as team --json organisation list
	assert_json '[(.organisations | map(.organisation)), .unnamed]' '[[2,3],1]'
	run_as secretary --json organisation edit O1 --places IQ-NI --base 1
	assert_refused STALE_REVISION 7
	run_as moi-approver --json organisation add --name "Ours" --women-led yes --may-be-named yes
	assert_refused FORBIDDEN 5
}

@test "what is confined is told to the Secretariat and the entities concerned only" {
	inap_as secretary -q event add field_visit --title "A shelter" --start 2024-08-10 --organiser FED-MOLSA --present KRG-MOH --confined
	for user in secretary moh-focal; do
		run_as "$user" --json event show E2
		assert_json '[.title, .confined]' '["A shelter",true]'
	done
	for user in moi-focal fed-coord team auditor admin; do
		run_as "$user" --json event show E2
		assert_refused NOT_FOUND 6
		run_as "$user" --json event list
		assert_json 'map(.event)' '[1]'
	done
	run_as moi-focal --json event show E77
	assert_refused NOT_FOUND 6
	inap_as secretary -q event edit E2 --not-confined
	run_as team --json event list field_visit
	assert_json 'map(.event)' '[2]'
	run_as team --json event list --entity KRG-MOH --from 2024-08-01
	assert_json 'map(.event)' '[2]'
}

@test "indicators that events make: meetings whose minutes are issued, and women-led organisations, each once" {
	derived() {
		sql "SELECT string_agg(jurisdiction || '=' || number, ' ') FROM inap.derived_$1((SELECT plan_id FROM inap.plan WHERE current), '$2')"
	}
	inap_as secretary -q event add national-team-meeting --title "Third meeting" --start 2024-09-01 --organiser FED-COMSEC
	inap_as secretary -q event add national_team_meeting --title "Meeting in Erbil" --start 2024-08-01 --organiser KRG-HCWD --organisations O1,O2
	[[ $(derived national_team_meetings 2024Q3) == 'federal=0 kurdistan=0 iraq=0' ]]
	inap_as secretary -q event minutes E3 --letter 118 --letter-date 2024-09-20
	inap_as secretary -q event minutes E4 --letter 119 --letter-date 2024-10-20
	[[ $(derived national_team_meetings 2024Q3) == 'federal=1 kurdistan=1 iraq=2' ]]
	[[ $(derived national_team_meetings 2024Q4) == 'federal=0 kurdistan=0 iraq=0' ]]
	# The same organisation at two events of two governments is one in Iraq.
	[[ $(derived women_led_organisations 2024S2) == 'federal=2 kurdistan=2 iraq=2' ]]
	[[ $(derived women_led_organisations 2024) == 'federal=2 kurdistan=2 iraq=2' ]]
	[[ $(derived women_led_organisations 2024S1) == 'federal=0 kurdistan=0 iraq=0' ]]
	run_as secretary --json event show E3
	assert_json '[.minutes, .minutes_on]' '["118","2024-09-20"]'
}

@test "a sample of accepted cells is drawn by a seed, and what was seen changes no figure" {
	local before cell
	run_as secretary --json verify sample --round "$round" --n 5
	assert_refused BAD_ARGUMENT 2
	answer_all moi-focal "FED-MOI/$round"
	move moi-approver "FED-MOI/$round" report submit "FED-MOI/$round" --letter 1 --letter-date 2024-10-09 --note "made up"
	move fed-coord "FED-MOI/$round" review endorse "FED-MOI/$round"
	move secretary "FED-MOI/$round" review accept "FED-MOI/$round"
	before=$(sql "SELECT md5(string_agg(v::text, ',' ORDER BY v::text)) FROM inap.value v")
	run_as secretary --json verify sample --round "$round" --n 4294967295
	assert_refused BAD_ARGUMENT 2
	run_as secretary --json verify sample --round "$round" --n 5 --seed harvest --dry-run
	assert_json '[.dry_run, (.cells | length)]' '[true,5]'
	drawn=$(jq -c '.cells | map(.cell)' <<<"$output")
	run_as secretary --json verify sample --round "$round" --n 5 --seed harvest
	assert_json '[.samples[0].sample, .samples[0].seed, .samples[0].size, .samples[0].open, (.samples[0].pool > 50)]' '[1,"harvest",5,5,true]'
	assert_json '.cells | map(.cell)' "$drawn"
	assert_json '[.cells[] | .report] | unique' '["FED-MOI/'"$round"'"]'
	run_as secretary --json verify sample --round "$round" --n 8 --seed harvest
	assert_json '.cells[:5] | map(.cell)' "$drawn"
	run_as secretary --json verify sample --round "$round" --n 5 --seed sowing
	[[ $(jq -c '.cells | map(.cell)' <<<"$output") != "$drawn" ]]
	run_as secretary --json verify record 1/1 agreed --dry-run
	assert_exit 0
	inap_as secretary -q verify record 1/1 agreed
	run_as secretary --json verify record 1/2 differs
	assert_refused BAD_ARGUMENT 2
	run_as secretary --json verify record 1/2 differs --note "the register has 61" --start 2024-10-20
	assert_exit 0
	assert_json '[.version, .result, .report]' '[1,"differs","FED-MOI/'"$round"'"]'
	run_as secretary --json verify record 1/2 agreed
	assert_refused STALE_REVISION 7
	run_as secretary verify record 1/2 agreed
	assert_stderr_has "inap verify list 1"
	run_as secretary verify record 1/2/3 agreed
	assert_exit 2
	assert_stderr_has "write it like 3/7"
	run_as secretary --json verify record 1/2 not-found --note "no register" --base 1
	assert_json '[.version, .result]' '[2,"not_found"]'
	run_as secretary --json verify record 1/9 agreed
	assert_refused NOT_FOUND 6
	run_as moi-secretary --json verify record 1/3 agreed
	assert_refused FOUR_EYES 5
	run_as secretary --json verify list 1
	assert_json '.samples[0] | [.agreed, .differs, .not_found, .open, .rate]' '[1,0,1,3,"0.500"]'
	assert_json '.cells | map(.result)' '["agreed","not_found",null,null,null]'
	run_as secretary verify list 1
	[[ $output == SAMPLE*$'\n\nCELL OF SAMPLE'* ]] || flunk "the two tables do not stand one under the other: $output"
	for user in moi-focal moi-approver fed-coord; do
		run_as "$user" --json verify list --round "$round"
		assert_json '[.samples, (.cells | map([.sample, .place, .result, .note, .value]))]' '[[],[[1,1,"agreed",null,"0"],[1,2,"not_found","no register","0"]]]'
	done
	cell=$(jq -r '.cells[1].cell' <<<"$output")
	for user in moi-focal fed-coord secretary; do
		run_as "$user" --json report show "FED-MOI/$round"
		assert_json '[.values[] | select(.cell == "'"$cell"'") | .verified]' '["not_found"]'
		assert_json '[.values[] | select(has("verified"))] | length' 2
	done
	run_as team --json verify list
	assert_json '.cells | map([.result, .note, has("value")])' '[["agreed",null,false],["not_found",null,false]]'
	run_as secretary --json verify list
	assert_json '[.more, (.cells | map(.sample) | . == (sort | reverse))]' '[false,true]'
	run_as moh-focal --json verify list
	assert_json '[.samples, .cells]' '[[],[]]'
	run_as auditor --json verify list
	assert_refused FORBIDDEN 5
	[[ $(sql "SELECT md5(string_agg(v::text, ',' ORDER BY v::text)) FROM inap.value v") == "$before" ]]
	[[ $(sql "SELECT count(*) FROM inap.entity e, inap.chain_faults(e.entity_id)") == 0 ]]
}
