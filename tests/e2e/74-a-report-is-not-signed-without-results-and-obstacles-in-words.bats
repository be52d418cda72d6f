#!/usr/bin/env bats
# The narrative: five sections, two of them asked of every report; who writes, who reads which revision, what locks it.

setup_file() {
	load helper
	load testplan
	server_start && make_test_users && make_user a-both FED-A focal_point FED-A && inap_as admin -q role grant a-both approver FED-A >/dev/null &&
		make_user team FED-C national_team
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	load quarter
	own_round
}

revision() {
	inap_as a-focal --json report show "$report" | jq .revision
}

# writes USER SECTION TEXT [OPTION...]: on the report as it stands.
writes() {
	run_as "$1" --json report narrative "$report" "$2" "$3" --base "$(revision)" "${@:4}"
}

# text USER SECTION: as that person reads it, null where there is none.
text() {
	inap_as "$1" --json report show "$report" "${@:3}" | jq -c --arg section "$2" '[.narrative[] | select(.section == $section) | .text][0]'
}

# every_figure: all that is asked, and no word.
every_figure() {
	inap_as a-focal -q report set "$report" AA-1.3=yes AA-1.{1,2,5}=0 AA-1.4=0/0 AA-2.1.n=0 TX-{1..4}.{1..5}=none >/dev/null
}

signs() {
	run_as "${1:-a-approver}" --json --yes report submit "$report" --note "tables are not kept" --base "$(revision)"
}

# signed: complete, signed by the approver.
signed() {
	every_figure && writes a-focal results "240 officers were trained" && writes a-focal obstacles "no budget" && signs && assert_exit 0
}

@test "the first word makes a draft; without a text it is shown; a later text stands in its place; an empty one takes it away" {
	run_as a-focal --json report narrative "$report" results "first"
	assert_exit 0
	assert_json '[.from, .to, .revision, .replayed]' '["expected","draft",1,false]'
	run_as a-focal --json report narrative "$report" results
	assert_json '[.section, .text, .revision]' '["results","first",1]'
	run_as a-focal --json report narrative "$report" results "second" --note "the first was of last quarter"
	assert_json .revision 2
	run_as a-focal --json report narrative "$report" next-quarter "a course in each governorate"
	run_as a-focal --json report show "$report"
	assert_json '[.narrative[] | [.section, .text, .revision, .by]]' '[["results","second",2,"a-focal"],["next_quarter","a course in each governorate",3,"a-focal"]]'
	assert_json '.narrative[0].at | test("^20[0-9-]+T[0-9:]+Z$")'
	run_as a-focal report narrative "$report" results
	[ "$output" = second ]
	run_as a-focal --json report narrative "$report" results ""
	assert_exit 0
	run_as a-focal --json report narrative "$report"
	assert_json '[.revision, (.narrative | map(.section))]' '[4,["next_quarter"]]'
	run_as a-focal --json report history "$report"
	assert_json '[.[] | [.revision, .action, .subject, .note]]' \
		'[[1,"narrative","narrative:results",""],[2,"narrative","narrative:results","the first was of last quarter"],[3,"narrative","narrative:next_quarter",""],[4,"narrative","narrative:results",""]]'
}

@test "lines, Arabic and Kurdish stay as they are typed; what hides in a text is refused and nothing is stored" {
	local words=$'دُرِّبت ٢٤٠ ضابطة\n\tفي بغداد\nڕاهێنان کرا'
	printf '%s\r\n' "$words" | inap_as a-focal -q report narrative "$report" lessons - >/dev/null
	[ "$(text a-focal lessons)" = "$(jq -cn --arg words "$words" '$words')" ]
	run_as a-focal report narrative "$report" lessons
	[ "$output" = "$words" ]
	writes a-focal results $'turned \u202e round'
	assert_refused BAD_TEXT 3
	assert_json '.error.message | contains("text") and contains("reading direction")'
	run inap_as a-focal --json report narrative "$report" results - < <(printf 'a\0b')
	assert_refused BAD_TEXT 3
	run inap_as a-focal --json report narrative "$report" results - < <(printf 'caf\xe9')
	assert_refused BAD_TEXT 3
	run inap_as a-focal --json report narrative "$report" results - < <(head -c 33000 /dev/zero | tr '\0' x)
	assert_refused TOO_LARGE 3
	[ "$(revision)" = 1 ]
	run inap_as a-focal --json report narrative "$report" results - < <(head -c 32768 /dev/zero | tr '\0' x)
	assert_exit 0
}

@test "a section that is none is named, with those there are; a text is one word of the command" {
	run_as a-focal --json report narrative "$report" summary "all is well"
	assert_refused USAGE 2
	assert_json '.error.message | contains("summary") and contains("support_needed")'
	run_as a-focal --json report narrative "$report" results all is well
	assert_exit 2
	raw_login a-focal
	raw a-focal "call report.narrative body=$(encode ReportNarrative <<<"report { entity: \"FED-A\" round: \"$round\" } sections { section: \"summary\" text: \"x\" }")
call report.narrative body=$(encode ReportNarrative <<<"report { entity: \"FED-A\" round: \"$round\" }")
call report.narrative body=$(encode ReportNarrative <<<"report { entity: \"FED-A\" round: \"$round\" } sections { section: \"results\" text: \"x\" } sections { section: \"results\" text: \"y\" }")"
	wants_line 0 'error report.narrative * NOT_FOUND *'
	wants_line 1 'error report.narrative * BAD_ARGUMENT *'
	wants_line 2 'error report.narrative * BAD_ARGUMENT *'
	[ "$(revision)" = 0 ]
}

@test "the same key: done once, answered twice alike; another body under it is refused" {
	local key body other
	key=$(printf '%030x%02x' 0xfeed "$BATS_TEST_NUMBER")
	body=$(encode ReportNarrative <<<"report { entity: \"FED-A\" round: \"$round\" } sections { section: \"results\" text: \"once\" } sections { section: \"obstacles\" text: \"none\" }")
	other=$(encode ReportNarrative <<<"report { entity: \"FED-A\" round: \"$round\" } sections { section: \"results\" text: \"twice\" }")
	raw_login a-focal
	bodies=yes raw a-focal "call report.narrative key=$key body=$body
call report.narrative key=$key body=$body
call report.narrative key=$key body=$other"
	wants_line 0 'reply report.narrative *'
	wants_line 1 'reply report.narrative *'
	wants_line 2 'error report.narrative * KEY_REUSED *'
	[ "$(decode ReportMoveReply "$(awk 'NR == 2 { print $8 }' <<<"$output")" | grep -vx 'replayed: true')" = "$(decode ReportMoveReply "$(awk 'NR == 1 { print $8 }' <<<"$output")")" ]
	[ "$(revision)" = 1 ]
}

@test "nobody overwrites words that they were not shown" {
	writes a-both results "by the other"
	run_as a-focal --json report narrative "$report" results "mine"
	assert_refused STALE_REVISION 7
	assert_json '[.error.revision, .error.arguments.base]' '[1,"0"]'
	run_as a-focal --json report diff "$report" --from 0 --to 1
	assert_json '.narrative | map([.section, .before, .after, .by])' '[["results",null,"by the other","a-both"]]'
	run_as a-focal --json report narrative "$report" results "mine"
	assert_exit 0
}

@test "without results and obstacles nothing is signed; the refusal names them and the command" {
	every_figure
	signs
	assert_refused INCOMPLETE 3
	assert_json '[.error.fields[] | select(.code == "NARRATIVE_MISSING") | .path] | sort' '["narrative:obstacles","narrative:results"]'
	assert_json '[.error.fields[].message] | any(contains("inap report narrative"))'
	run_as a-focal --json report check "$report"
	assert_json '[.problems[] | select(.rule == "narrative_missing") | [.cell, .severity]] | sort' '[["narrative:obstacles","BLOCK"],["narrative:results","BLOCK"]]'
	writes a-focal results "240 officers were trained"
	writes a-focal obstacles "no budget"
	writes a-focal obstacles ""
	signs
	assert_refused INCOMPLETE 3
	assert_json '[.error.fields[] | select(.code == "NARRATIVE_MISSING") | .path]' '["narrative:obstacles"]'
	writes a-focal obstacles "no budget"
	signs
	assert_exit 0
}

@test "a word takes the mark ready away, and who wrote it does not sign" {
	every_figure
	writes a-focal results "done"
	inap_as a-focal -q report ready "$report" --base "$(revision)" >/dev/null
	writes a-both obstacles "none"
	[ "$(inap_as a-focal --json report show "$report" | jq .ready)" = false ]
	signs a-both
	assert_refused FOUR_EYES 5
	signs
	assert_exit 0
}

@test "a refusal says which lock it is: the round, the state" {
	writes a-approver results "x"
	assert_refused FORBIDDEN 5
	writes b-focal results "x"
	assert_refused NOT_FOUND 6
	signed
	writes a-focal results "after the signature"
	assert_refused WRONG_STATE 7
	assert_json .error.arguments.state submitted
	inap_as sec -q --no-input round close "$round" --confirm "$round" >/dev/null
	run_as b-focal --json report narrative "FED-B/$round" results "too late" --base 0
	assert_refused ROUND_NOT_OPEN 7
	assert_json .error.arguments.why closed
	[ "$(text a-focal results)" = '"240 officers were trained"' ]
}

@test "others read the words of the revision that they may read, and no draft's" {
	signed
	run_as fed-coord --json report narrative "$report" results
	assert_json .text "240 officers were trained"
	run_as fed-coord --json report narrative "$report" results "mine"
	assert_refused FORBIDDEN 5
	run_as sec2 --json report narrative "$report"
	assert_refused NOT_FOUND 6
	inap_as fed-coord report show "$report" >/dev/null
	inap_as fed-coord -q review return "$report" --note "of which rank?" >/dev/null
	writes a-focal results "240 officers and 12 majors" --note "asked for"
	assert_exit 0
	[ "$(text a-focal results)" = '"240 officers and 12 majors"' ]
	[ "$(text fed-coord results)" = '"240 officers were trained"' ]
	run_as fed-coord --json report diff "$report"
	[[ $output != *majors* ]]
	run_as fed-coord --json report history "$report"
	[[ $output != *"asked for"* ]]
	run_as a-focal --json report diff "$report"
	assert_json '.narrative | map([.section, .before, .after])' '[["results","240 officers were trained","240 officers and 12 majors"]]'
	[ "$(text a-focal results --revision 2)" = '"240 officers were trained"' ]
	inap_as a-focal -q report answer "$report" 1 "added" --base "$(revision)" >/dev/null
	signs
	inap_as fed-coord report show "$report" >/dev/null
	inap_as fed-coord -q review endorse "$report" >/dev/null
	[ "$(text sec2 results)" = '"240 officers and 12 majors"' ]
	inap_as sec2 report show "$report" >/dev/null
	inap_as sec2 -q --yes review accept "$report" >/dev/null
	[ "$(text team results)" = '"240 officers and 12 majors"' ]
}

@test "nil says in the person's language that there is nothing to report, and leaves what is written" {
	writes a-focal obstacles "no budget"
	run_as a-focal -L ar report nil "$report" --dry-run
	assert_exit 0
	[ "$(text a-focal results)" = null ]
	inap_as a-focal -q -L ar report nil "$report" >/dev/null
	[ "$(text a-focal obstacles)" = '"no budget"' ]
	[[ $(text a-focal results) == *تقدم* ]] || flunk "$(text a-focal results)"
	[ "$(inap_as a-focal --json report check "$report" | jq '[.problems[] | select(.rule == "narrative_missing")] | length')" = 0 ]
}

@test "the table is a projection of the log" {
	local rows differing
	rows=$(sql "SELECT count(*) FROM narrative")
	((rows > 8))
	differing=$(sql "SELECT count(*) FROM report r CROSS JOIN LATERAL (
		SELECT FROM narrative_at(r.entity_id, r.round_id, 9223372036854775807) a
		  FULL JOIN (SELECT * FROM narrative n WHERE n.entity_id = r.entity_id AND n.round_id = r.round_id) n ON n.section = a.section
		 WHERE (a.text, a.revision) IS DISTINCT FROM (n.text::text, n.revision)) d")
	[ "$differing" = 0 ]
	[ "$(sql "SELECT count(*) FROM entity e CROSS JOIN LATERAL chain_faults(e.entity_id)")" = 0 ]
}
