#!/usr/bin/env bats
# Marks between focal point and approver; signatures by their basis; reports that come on paper; claims that lapse; and
# bodies that endorse in another's place.
# Each test is a process of its own: what it assigns stays there.
# shellcheck disable=SC2030,SC2031

setup_file() {
	load helper
	load testplan
	server_start && make_admin && make_user planner SYSTEM secretariat || return 1
	test_plan | jq '(.entities[] | select(.code == "KRG-A")).endorsed_by = "KRG-C"' >"$INAP_HOME/plan.json"
	inap_as planner -q plan import "$INAP_HOME/plan.json" >/dev/null
	make_user sec FED-C secretariat && make_user sec2 KRG-C secretariat && make_user fed-coord FED-C coordinator federal &&
		make_user fed-coord2 FED-C coordinator federal && make_user krg-coord KRG-C coordinator kurdistan && make_user other-coord FED-C coordinator kurdistan
	make_user b-focal FED-B focal_point FED-B && make_user b-approver FED-B approver FED-B && make_user b-deputy FED-B approver FED-B
	make_user k-focal KRG-A focal_point KRG-A && make_user k-approver KRG-A approver KRG-A
	inap_as admin -q role revoke b-deputy approver FED-B >/dev/null
}

teardown_file() {
	load helper
	server_stop
}

# Each test has a round of its own.
setup() {
	load helper
	load testplan
	round=$(printf '20%02dQ%d' $((20 + BATS_TEST_NUMBER / 4)) $((BATS_TEST_NUMBER % 4 + 1)))
	report=FED-B/$round
	open_round "$round" >/dev/null
	paper=$INAP_HOME/paper.csv
	printf '%s\n' cell,value,note AA-1.1,31,"from the letter" AA-1.4,3/4, AA-1.5,1000, AA-2.1.d,9, >"$paper"
}

# looks USER: and so has seen the report as it is.
looks() {
	inap_as "$1" --json report show "${2:-$report}" >"$INAP_HOME/seen"
}

# does USER COMMAND...: having looked.
does() {
	looks "$1" && run_as "$1" --json --yes "${@:2}"
}

# draft [FOCAL]: everything asked is 0.
draft() {
	looks b-focal && inap_as b-focal -q --yes report nil "$report" >/dev/null
}

todo() {
	inap_as "$1" --json todo | jq -c --arg report "$report" '[.[] | select(.report == $report) | .what]'
}

receive() {
	run_as "${1:-fed-coord}" --json review receive "$report" "$paper" --letter 4417 --letter-date 2024-10-09 --note "tables are not kept" "${@:2}"
}

# A claim of so many days ago: the clock is all that is set by hand.
claimed_ago() {
	sql "UPDATE report SET claimed_at = claimed_at - interval '$1 days' WHERE claimed_at IS NOT NULL AND round_id = (SELECT round_id FROM round WHERE code = '$round')"
}

@test "ready waits for the approver; handed back it waits for the focal point, with the reason; a save clears the mark" {
	draft
	[ "$(todo b-focal)" = '["fill"]' ] && [ "$(todo b-approver)" = '[]' ]
	does b-focal report ready "$report" --note "all from the register"
	assert_exit 0
	[ "$(todo b-focal)" = '[]' ] && [ "$(todo b-approver)" = '["sign"]' ]
	run_as b-approver report show "$report"
	assert_output_has "marked ready for the signature"
	assert_output_has "note: all from the register"
	does b-approver report hand-back "$report" --note "AA-1.5 looks low"
	assert_exit 0
	[ "$(todo b-focal)" = '["handed_back"]' ] && [ "$(todo b-approver)" = '[]' ]
	run_as b-focal todo
	assert_output_has "handed back by the approver"
	run_as b-focal report show "$report"
	assert_output_has "note: AA-1.5 looks low"
	does b-focal report ready "$report"
	does b-focal report set "$report" AA-1.5=5
	assert_exit 0
	looks b-approver
	[ "$(jq .ready "$INAP_HOME/seen")" = false ] && [ "$(todo b-approver)" = '[]' ] && [ "$(todo b-focal)" = '["fill"]' ]
}

@test "own: the signature says who; the letter is in the JSON" {
	draft
	does b-approver report submit "$report" --letter 12 --letter-date 2024-10-08
	assert_exit 0
	looks fed-coord
	[ "$(jq -c '[.signed.by, .signed.basis, .signed.order, .signed.single_signatory, .received_by, .letter.number]' "$INAP_HOME/seen")" = '["b-approver","own",null,null,null,"12"]' ]
}

@test "acting: by the order's number and date, in show, history and JSON" {
	draft
	inap_as admin -q role grant b-deputy approver FED-B --basis acting --order 118 --order-date 2024-09-01 >/dev/null
	does b-deputy report submit "$report"
	assert_exit 0
	inap_as admin -q role revoke b-deputy approver FED-B >/dev/null
	looks fed-coord
	[ "$(jq -c '[.signed.by, .signed.basis, .signed.order]' "$INAP_HOME/seen")" = '["b-deputy","acting",{"number":"118","date":"2024-09-01"}]' ]
	run_as fed-coord report show "$report"
	assert_output_has "signed by b-deputy, acting, order 118 of 2024-09-01"
	run_as fed-coord -L ar report show "$report"
	assert_output_has "b-deputy، "
	run_as fed-coord --json report history "$report"
	assert_json '[.[] | select(.action == "submit") | .signed.basis, .signed.order.number]' '["acting","118"]'
	run_as fed-coord report history "$report"
	assert_output_has "acting, order 118 of 2024-09-01"
}

@test "delegated: within the house, 30 days at most, not handed on; the signature says so" {
	local until
	until=$(TZ=Asia/Baghdad date -d '10 days' +%F)
	draft
	run_as b-approver --json role delegate k-approver --until "$until"
	assert_refused NOT_FOUND 6
	run_as b-approver --json role delegate b-deputy --until "$(TZ=Asia/Baghdad date -d '31 days' +%F)"
	assert_refused BAD_ARGUMENT 2
	inap_as b-approver -q role delegate b-deputy --until "$until" --order 7 --order-date 2024-10-01 >/dev/null
	run_as b-deputy --json role delegate b-focal --until "$until"
	assert_refused FORBIDDEN 5
	does b-deputy report submit "$report"
	assert_exit 0
	looks fed-coord
	[ "$(jq -c '[.signed.by, .signed.basis, .signed.order.number]' "$INAP_HOME/seen")" = '["b-deputy","delegated","7"]' ]
	inap_as admin -q role revoke b-deputy approver FED-B >/dev/null
	# A withdrawn submission was signed by nobody.
	does b-approver report withdraw "$report" --note "wrong sheet"
	assert_exit 0
	looks b-approver
	[ "$(jq -c .signed "$INAP_HOME/seen")" = null ]
}

@test "one person types and signs only by written order, and then the report says so" {
	report=KRG-A/$round
	inap_as admin -q role grant k-approver focal_point KRG-A >/dev/null
	looks k-approver
	inap_as k-approver -q --yes report nil "$report" >/dev/null
	does k-approver report submit "$report"
	assert_refused FOUR_EYES 5
	inap_as sec2 -q entity edit KRG-A --single-signatory --order 55 --order-date 2024-01-15
	does k-approver report submit "$report"
	assert_exit 0
	looks krg-coord
	[ "$(jq -c .signed.single_signatory "$INAP_HOME/seen")" = '{"number":"55","date":"2024-01-15"}' ]
	run_as krg-coord report show "$report"
	assert_output_has "single signatory, order 55 of 2024-01-15"
	inap_as sec2 -q entity edit KRG-A --two-signatories
	inap_as admin -q role revoke k-approver focal_point KRG-A >/dev/null
	# What was signed under the order still says so.
	looks krg-coord
	[ "$(jq -c .signed.single_signatory.number "$INAP_HOME/seen")" = '"55"' ]
}

@test "another body endorses in the place of the usual reviewer, and nobody else" {
	report=KRG-A/$round
	looks k-focal
	inap_as k-focal -q --yes report nil "$report" >/dev/null
	does k-approver report submit "$report"
	does other-coord review endorse "$report"
	assert_refused FOUR_EYES 5
	assert_json .error.arguments.why "another body endorses this entity's reports"
	run_as k-focal entity show KRG-A
	assert_output_has "its reports are endorsed by KRG-C alone"
	does krg-coord review endorse "$report"
	assert_exit 0
}

@test "a claim lapses after five working days: as if released, shown, and open to another coordinator" {
	draft
	does b-approver report submit "$report"
	does fed-coord review claim "$report"
	run_as fed-coord2 --json review queue
	assert_json ".[] | select(.report == \"$report\") | [.state, .claimed_by, (.claimed_until | length > 10)]" '["in_review","fed-coord",true]'
	does fed-coord2 review endorse "$report"
	assert_refused CLAIMED 7
	claimed_ago 10
	run_as fed-coord2 --json review queue
	assert_json ".[] | select(.report == \"$report\") | [.state, .claimed_by]" '["submitted",null]'
	[ "$(todo fed-coord)" = '["review"]' ] && [ "$(todo fed-coord2)" = '["review"]' ]
	looks fed-coord2
	[ "$(jq -c '[.state, .claimed_by, .lapsed_by, (.actions | index("claim") != null)]' "$INAP_HOME/seen")" = '["submitted",null,"fed-coord",true]' ]
	run_as fed-coord2 report show "$report"
	assert_output_has "the claim of fed-coord lapsed"
	does fed-coord review release "$report"
	assert_refused WRONG_STATE 7
	does fed-coord2 review claim "$report"
	assert_exit 0
	assert_json '[.from, .to]' '["submitted","in_review"]'
	does fed-coord review endorse "$report"
	assert_refused CLAIMED 7
	claimed_ago 10
	# So may the approver take it back, as from submitted.
	does b-approver report withdraw "$report" --note "wrong sheet"
	assert_exit 0
	assert_json '[.from, .to]' '["submitted","draft"]'
	run_as sec --json national recompute --round "$round"
	assert_json .differences 0
}

@test "on paper: values and submission in one entry of the log, by the desk; the receiver neither endorses nor accepts" {
	receive fed-coord --dry-run
	assert_exit 0
	assert_json '[.created, .dry_run]' '[4,true]'
	run_as fed-coord --json report show "$report"
	assert_refused NOT_FOUND 6
	receive
	assert_exit 0
	assert_json '[.state, .created, .revision]' '["submitted",4,1]'
	looks b-focal
	[ "$(jq -c '[.state, .revision, .signed, .received_by, .letter.number, .letter.date, ([.values[].via] | unique)]' "$INAP_HOME/seen")" = '["submitted",1,null,"fed-coord","4417","2024-10-09",["desk"]]' ]
	[ "$(jq -c '[.values[] | select(.cell == "AA-1.1") | .value, .note, .by]' "$INAP_HOME/seen")" = '["31","from the letter","fed-coord"]' ]
	run_as b-focal --json report history "$report"
	assert_json '[.[] | [.action, .state, .via, .cells, .by]]' '[["receive","submitted","desk",4,"fed-coord"]]'
	run_as fed-coord2 --json national summary --round "$round" --min-state submitted
	assert_json '[.totals[] | select(.cell == "AA-1.1" and .jurisdiction == "federal") | .value]' '["31"]'
	does fed-coord review endorse "$report"
	assert_refused FOUR_EYES 5
	[ "$(todo b-approver)" = '["received"]' ]
	does fed-coord2 review endorse "$report"
	assert_exit 0
	does sec review accept "$report"
	run_as sec2 --json national recompute --round "$round"
	assert_json .differences 0
	[ "$(sql "SELECT count(*) FROM report r CROSS JOIN LATERAL value_differences(r.entity_id, r.round_id)")" = 0 ]
	[ "$(sql "SELECT count(*) FROM entity e CROSS JOIN LATERAL chain_faults(e.entity_id)")" = 0 ]
}

@test "the scan of the letter comes in with the report, as its evidence, and by who received it alone" {
	local scan=$INAP_HOME/letter-4417.pdf fetched=$INAP_HOME/fetched.pdf
	printf '%%PDF-1.7\n%s\n' "$report" >"$scan"
	head -c 300000 /dev/zero | tr '\0' 'x' >>"$scan"
	printf 'MZ\x90\0\3\0\0\0' >"$INAP_HOME/letter.exe"
	receive fed-coord --scan "$INAP_HOME/letter.exe"
	assert_refused EVIDENCE_TYPE 3
	receive fed-coord --scan "$INAP_HOME/none.pdf"
	assert_refused FILE_BAD 3
	receive fed-coord --scan "$scan" --dry-run
	assert_exit 0 && assert_json '[.dry_run, .scan]' '[true,null]'
	run_as fed-coord --json report show "$report"
	assert_refused NOT_FOUND 6
	receive fed-coord --scan "$scan"
	assert_exit 0
	assert_json '[.state, .created, .revision, .scan.number, .scan.kind, .scan.name, .scan.type, .scan.by]' '["submitted",4,2,1,"letter","letter-4417.pdf","pdf","fed-coord"]'
	assert_json .scan.sha256 "$(sha256sum "$scan" | cut -d ' ' -f 1)"
	local user
	for user in b-focal b-approver fed-coord fed-coord2; do
		run_as "$user" --json --yes report evidence "$report" 1 --out "$fetched"
		assert_exit 0 || flunk "$user"
		cmp "$scan" "$fetched" || flunk "$user"
	done
	run_as krg-coord --json report evidence "$report" 1 --out "$fetched"
	assert_refused NOT_FOUND 6
	run_as b-focal --json report history "$report"
	assert_json '[.[] | [.action, .state, .by]]' '[["receive","submitted","fed-coord"],["attach","submitted","fed-coord"]]'
	# four eyes as before: of the desk's two who did not receive it endorses, and sees what is new first
	does fed-coord review endorse "$report"
	assert_refused FOUR_EYES 5
	run_as fed-coord2 --json report attach "$report" "$paper" --kind letter --base 2
	assert_refused FORBIDDEN 5
	run_as fed-coord --json report attach "$report" "$paper" --kind minutes
	assert_refused BAD_ARGUMENT 2
	run_as fed-coord --json report attach "$report" "$paper" --kind letter --cell AA-1.1
	assert_refused BAD_ARGUMENT 2
	run_as fed-coord --json report evidence "$report" --detach 1
	[ "$status" -ne 0 ]
	run_as fed-coord --json report attach "$report" "$paper" --kind scan
	assert_exit 0 && assert_json '[.number, .kind, .revision]' '[2,"scan",3]'
	does fed-coord2 review endorse "$report"
	assert_exit 0
	run_as sec --json report evidence "$report"
	assert_json '[.evidence[] | [.number, .kind]]' '[[1,"letter"],[2,"scan"]]'
	looks fed-coord
	run_as fed-coord --json report attach "$report" "$scan" --kind letter --name again
	assert_refused LOCKED 7
	[ "$(sql "SELECT count(*) FROM entity e CROSS JOIN LATERAL chain_faults(e.entity_id)")" = 0 ]
}

@test "a scan that does not get through leaves the report received, and the refusal ends in the command that sends it" {
	local scan=$INAP_HOME/letter.pdf
	printf '%%PDF-1.7\n%s\n' "$report" >"$scan"
	# what fills the entity's room for unfinished uploads is nothing of the letter
	sql "INSERT INTO evidence_file (entity_id, sha256, bytes, type, made_by) SELECT e.entity_id, sha256(int4send(i)), 20971520, 'pdf', 0 FROM entity e, generate_series(1, 4) AS i WHERE e.code = 'FED-B'"
	run_as fed-coord review receive "$report" "$paper" --letter 4417 --letter-date 2024-10-09 --note "tables are not kept" --scan "$scan"
	assert_exit 3
	assert_stderr_has "$report is received"
	assert_stderr_has "inap report attach $report $scan --kind letter"
	sql "UPDATE evidence_file SET touched_at = now() - interval '8 days' WHERE attached_at IS NULL"
	run_as fed-coord --json report attach "$report" "$scan" --kind letter
	assert_exit 0 && assert_json '[.number, .revision]' '[1,2]'
}

@test "paper is refused like a save and like a submission, and nothing of it stays" {
	printf '%s\n' cell,value AA-1.1,31 AA-1.5,-4 ZZ-1.1,5 >"$paper"
	receive
	assert_refused INVALID_CELLS 3
	assert_json '[.error.fields[] | [.row, .column, .cell, .code]]' '[[3,"B","AA-1.5","NUMBER_NEGATIVE"],[4,"B","ZZ-1.1","CELL_UNKNOWN"]]'
	printf '%s\n' cell,value AA-1.1,31 >"$paper"
	receive
	assert_refused INCOMPLETE 3
	assert_json '[.error.fields[] | select(.code == "UNANSWERED_TOTAL") | .cell] | sort' '["AA-1.4","AA-1.5","AA-2.1"]'
	printf '%s\n' cell,value AA-1.1,31 AA-1.4,3/4 AA-1.5,1000 AA-2.1.d,9 >"$paper"
	run_as fed-coord --json review receive "$report" "$paper" --letter 4417 --letter-date 2024-10-09
	assert_refused EXPLAIN_NEEDED 3
	run_as fed-coord --json review receive "$report" "$paper" --note "x"
	assert_exit 2
	receive krg-coord
	assert_refused NOT_FOUND 6
	receive b-approver
	assert_refused FORBIDDEN 5
	looks b-focal
	[ "$(jq -c '[.state, .revision, (.values | length)]' "$INAP_HOME/seen")" = '["expected",0,0]' ]
	inap_as b-focal -q report set "$report" AA-1.1=5 >/dev/null
	receive
	assert_refused WRONG_STATE 7
	assert_json .error.arguments.state draft
}

@test "the approver contests what came on paper: it is the entity's draft again, and counts for nothing" {
	receive
	does b-approver report contest "$report"
	assert_exit 2
	does fed-coord2 review point "$report" report "is this right?"
	does b-approver report contest "$report" --note "AA-1.1 is another office's"
	assert_exit 0
	assert_json '[.from, .to]' '["in_review","draft"]'
	looks b-focal
	[ "$(jq -c '[.state, .submitted_at, .received_by, .letter, (.values | length), [.points[].state]]' "$INAP_HOME/seen")" = '["draft",null,null,null,4,["withdrawn"]]' ]
	run_as fed-coord --json report show "$report"
	assert_refused NOT_FOUND 6
	run_as fed-coord2 --json national summary --round "$round" --min-state submitted
	assert_json '[.totals[] | select(.cell == "AA-1.1" and .jurisdiction == "federal") | has("value")] | any' false
	does b-focal report set "$report" AA-1.1=7
	does b-approver report contest "$report" --note "again"
	assert_refused WRONG_STATE 7
	does b-focal report nil "$report"
	does b-approver report submit "$report" --note "tables are not kept"
	assert_exit 0
	does b-approver report contest "$report" --note "again"
	assert_refused NOT_RECEIVED 7
	# Whoever entered it has typed in it.
	does fed-coord review endorse "$report"
	assert_refused FOUR_EYES 5
	does fed-coord2 review endorse "$report"
	assert_exit 0
	run_as sec --json national recompute --round "$round"
	assert_json .differences 0
}

@test "endorsed, it can still be contested: the endorsement falls with it" {
	receive
	does fed-coord2 review endorse "$report"
	does b-approver report contest "$report" --note "not ours"
	assert_exit 0
	run_as sec --json national summary --round "$round" --min-state endorsed
	assert_json '[.totals[] | select(.cell == "AA-1.1" and .jurisdiction == "federal") | has("value")] | any' false
	run_as sec --json national recompute --round "$round"
	assert_json .differences 0
}

@test "received twice under one key it happens once; a second desk finds it done" {
	receive
	assert_exit 0
	receive
	assert_refused WRONG_STATE 7
	receive fed-coord2
	assert_refused WRONG_STATE 7
	[ "$(sql "SELECT count(*) FROM log l JOIN round o USING (round_id) WHERE o.code = '$round' AND l.action = 'receive'")" = 1 ]
}
