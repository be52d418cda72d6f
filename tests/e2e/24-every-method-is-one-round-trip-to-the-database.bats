# Every row of methods.def, called once in a sensible way, with a proxy before PostgreSQL that counts Sync messages.

setup_file() {
	load helper
	load quarter
	make_round
	make_office moi FED-MOI
	make_office molsa FED-MOLSA
	make_office sjc FED-SJC
	make_user coordinator FED-MOP coordinator federal
	make_user deputy FED-MOI national_team
	make_user spare FED-MOI focal_point FED-MOI
	make_user second FED-MOP secretariat
	submit molsa FED-MOLSA
	answer_all moi-focal "FED-MOI/$round"
	raw_login admin secretary second coordinator moi-focal moi-approver molsa-approver sjc-approver
	daemon_stop main

	local folder=$INAP_HOME/proxy
	mkdir "$folder"
	"$INAP_TOOLS/faults/pgproxy" "$folder/.s.PGSQL.5432" "$INAP_SOCKET/.s.PGSQL.5432" "$folder/log" >"$folder/out" 2>&1 3>&- &
	echo $! >"$folder/proxy"
	daemon_start counted "$INAP_PORT" "database.conninfo=host=$folder dbname=$INAP_DATABASE user=inap_app" \
		"database.conninfo_auth=host=$folder dbname=$INAP_DATABASE user=inap_auth" edition.public=yes
}

teardown_file() {
	load helper
	local proxy failed=0
	proxy=$(<"$INAP_HOME/proxy/proxy")
	server_stop || failed=1
	kill "$proxy"
	return $failed
}

setup() {
	load helper
	load quarter
	declare -gA seen=() talks=()
	# Two units: those that hash a password between. None: hello.
	declare -gA trips=([hello]=0 [session.login]=2 [session.enrol]=2 [session.passwd]=2)
}

# ---- connections that stay open, so that a call is the only thing the database hears

# talk_wait NAME N: until its output has N lines.
talk_wait() {
	local tries
	for ((tries = 0; tries < 300; tries++)); do
		(($(wc -l <"$BATS_TEST_TMPDIR/out-$1") < $2)) || return 0
		sleep 0.05
	done
	flunk "no answer" "$(cat "$BATS_TEST_TMPDIR/out-$1")"
}

# talk NAME LINE: one command that is answered by one frame; $reply is that.
talk() {
	local lines
	lines=$(wc -l <"$BATS_TEST_TMPDIR/out-$1")
	echo "$2" >&"${talks[$1]}"
	talk_wait "$1" $((lines + 1))
	reply=$(tail -n 1 "$BATS_TEST_TMPDIR/out-$1")
}

# talk_open NAME [TOKEN]
talk_open() {
	local fd
	mkfifo "$BATS_TEST_TMPDIR/in-$1"
	frames --bodies <"$BATS_TEST_TMPDIR/in-$1" >"$BATS_TEST_TMPDIR/out-$1" 2>&1 3>&- &
	exec {fd}>"$BATS_TEST_TMPDIR/in-$1"
	talks[$1]=$fd
	echo hello >&"$fd"
	talk_wait "$1" 2
	[[ -z ${2:-} ]] || talk "$1" "resume $2"$'\n'read
}

# ---- counting

# syncs METHOD: Syncs but the daemon's own: its look at session changes, and the reload of sessions that one touched
# (the same statements as session.whoami's).
syncs() {
	local own='session_changes|session_show session_grants session_reach'
	[[ $1 != session.whoami ]] || own='session_changes'
	grep -cvE "^[0-9]+( inap_context)? ($own)$" "$INAP_HOME/proxy/log" || true
}

message_of() {
	awk -F ', *' -v name="\"$1\"" '$3 == name { print $4 }' "$INAP_ROOT/proto/methods.def"
}

# counted METHOD BEFORE: what was heard since.
counted() {
	local want=${trips[$1]-1} got
	got=$(($(syncs "$1") - $2))
	((got == want)) || flunk "$1: $got round trips, $want wanted" "$(tail -n 5 "$INAP_HOME/proxy/log")" || return 1
	seen[$1]=$got
}

# once METHOD USER TEXT: called, taken, counted. $reply holds the answer.
once() {
	local before body
	body=$(encode "$(message_of "$1")" <<<"${3:-}")
	before=$(syncs "$1")
	talk "$2" "call $1${body:+ body=$body}"
	[[ $reply == "reply $1 "* ]] || flunk "$1 was refused: $reply $(xxd -r -p <<<"${reply##* }" | strings -n 3 | tr '\n' ' ')" || return 1
	counted "$1" "$before"
}

# report ENTITY: its reference and its revision now, as text.
report() {
	local revision
	revision=$(sql "SELECT revision FROM report r JOIN entity e USING (entity_id) JOIN round o USING (round_id) WHERE e.code = '$1' AND o.code = '$round'")
	echo "report { entity: \"$1\" round: \"$round\" } base_revision: $revision"
}

seen_report() {
	echo "report { entity: \"$1\" round: \"$round\" }"
}

sessions() {
	local code before
	talk_open stranger
	before=$(syncs hello)
	talk_open another
	counted hello "$before"
	before=$(syncs session.resume)
	talk another "resume $(<"$INAP_HOME/token-moi-focal")"$'\n'read
	[[ $reply == 'reply session.resume '* ]]
	counted session.resume "$before"
	once session.login stranger "user: \"spare\" password: \"$(password_of spare)\""
	once session.whoami stranger
	once session.list stranger
	once session.passwd stranger "old_password: \"$(password_of spare)\" new_password: \"A quite different sentence, 2024\""
	once session.revoke stranger
	once todo.list stranger
	once session.logout stranger
	once user.add admin 'user: "newcomer" name: "Newcomer" home: "FED-MOI"'
	code=$(decode UserCodeReply "${reply##* }" | sed -n 's/^code: "\(.*\)"/\1/p')
	talk_open newcomer
	once session.enrol newcomer "user: \"newcomer\" code: \"$code\" password: \"The very first sentence, 2024\""
}

reference() {
	once plan.list moi-focal
	once plan.show moi-focal
	once indicator.list moi-focal 'entity: "FED-MOI"'
	once entity.list moi-focal
	once activity.list moi-focal
	once activity.add moi-focal 'entity { entity: "FED-MOI" } code: "FED-MOI/A-01" under: "PR-O2.1" name { en: "Train officers" }'
	once activity.agree coordinator 'entity { entity: "FED-MOI" } code: "FED-MOI/A-01"'
	once category.list moi-focal 'dimension: "sex"'
	once rule.list moi-focal 'round: "2024Q3"'
	once rule.change secretary 'json: "{\"code\": \"FEW\", \"names\": {\"en\": \"few\"}, \"severity\": \"WARN\", \"op\": \"<=\", \"left\": [\"PA-1.1\"], \"right\": [9]}"'
	once rule.change secretary 'code: "FEW"'
	once round.list moi-focal
	once round.add secretary 'round: "2024Q4" due_on: "2030-01-15" opens_on: "2029-01-01"'
	once round.open secretary 'round: "2024Q4" note: "now"'
	once round.extend secretary 'round: "2024Q4" due_on: "2030-01-20" note: "later"'
	once assignment.change secretary 'entity: "KRG-HCWD" indicator: "PA-1.1" part: "whole" from: "2024Q3" covers: "+IQ-BG"'
	once round.extend-one secretary 'entity { entity: "FED-MOI" } round: "2024Q4" due_on: "2030-01-27" note: "its own"'
	once round.excuse secretary 'entity { entity: "FED-MOI" } round: "2024Q4" note: "moved"'
	once extension.add secretary 'entity { entity: "FED-MOI" } round: "2024Q4" until: "2030-01-30" note: "more"'
	once extension.list moi-focal
	once extension.revoke secretary "extension: $(sql 'SELECT max(extension_id) FROM extension') note: \"enough\""
	once round.add secretary "round: \"2021Q1\" opens_on: \"2026-01-01\" due_on: \"$(date +%F)\""
	once round.outage secretary "round: \"2021Q1\" from_at: \"$(date -u -d '9 hours ago' +%FT%TZ)\" to_at: \"$(date -u -d '1 hour ago' +%FT%TZ)\" note: \"no network\""
	once assignment.change secretary 'entity: "FED-MOLSA" indicator: "PA-2.6" part: "consulted" from: "2024Q3"'
	once round.close secretary 'round: "2024Q4" note: "enough"'
	jq -Rs '"json: \(tojson) code: \"INAP-II\""' <"$INAP_ROOT/client/share/plans/INAP-II.json" | jq -r . >"$BATS_TEST_TMPDIR/plan.text"
	encode PlanImport <"$BATS_TEST_TMPDIR/plan.text" | xxd -r -p >"$BATS_TEST_TMPDIR/plan"
	local before
	before=$(syncs plan.import)
	talk secretary "call plan.import file=$BATS_TEST_TMPDIR/plan"
	[[ $reply == 'reply plan.import '* ]] || flunk "plan.import: $reply"
	counted plan.import "$before"
}

evidence() {
	local text hash hash_text
	text='minutes of a meeting'
	hash=$(printf '%s' "$text" | sha256sum | cut -d ' ' -f 1)
	hash_text=$(fold -w 2 <<<"$hash" | sed 's/^/\\x/' | tr -d '\n')
	local what="name: \"minutes.txt\" kind: \"minutes\" sha256: \"$hash_text\" bytes: ${#text} cells: \"PA-1.1\""
	once evidence.begin moi-focal "$(report FED-MOI) $what"
	once evidence.chunk moi-focal "$(report FED-MOI) sha256: \"$hash_text\" bytes: ${#text} type: \"text\" data: \"$text\" data_sha256: \"$hash_text\""
	once evidence.attach moi-focal "$(report FED-MOI) $what"
	once evidence.list moi-focal "$(seen_report FED-MOI)"
	once evidence.read moi-focal "$(seen_report FED-MOI) number: 1"
	once evidence.detach moi-focal "$(report FED-MOI) number: 1 note: \"the wrong one\""
	# Of the quarter before there was something.
	once evidence.attach moi-focal "$(report FED-MOI) $what"
	once round.open secretary 'round: "2024Q4" note: "now"'
	once evidence.keep moi-focal "report { entity: \"FED-MOI\" round: \"2024Q4\" } number: 1"
}

reporting() {
	once report.list moi-focal
	once report.show moi-focal "$(seen_report FED-MOI)"
	once report.save moi-focal "$(report FED-MOI) cells { cell: \"PR-1.5\" value { number: \"3\" } } via: VIA_SET"
	once report.activity moi-focal "$(report FED-MOI) status { activity: \"PA-O2.1-A1\" status: \"on_track\" percent: \"40\" }"
	once report.narrative moi-focal "$(report FED-MOI) sections { section: \"lessons\" text: \"made up\" }"
	once report.check moi-focal "$(seen_report FED-MOI)"
	once report.diff moi-focal "$(seen_report FED-MOI) from: 1"
	once report.history moi-focal "$(seen_report FED-MOI)"
	evidence
	once report.trail moi-focal "$(seen_report FED-MOI) cell: \"PR-1.1\""
	once report.ready moi-focal "$(report FED-MOI)"
	once report.hand-back moi-approver "$(report FED-MOI) note: \"look again\""
	once report.submit moi-approver "$(report FED-MOI) letter_number: \"1\" letter_date: \"2024-10-09\" note: \"made up\""
	once consult.list molsa-approver
	once report.consult molsa-approver "$(report FED-MOI) cell: \"PA-2.6\" text: \"as in our list\""
	once report.withdraw molsa-approver "$(report FED-MOLSA) note: \"the wrong sheet\""
}

# paper: what the desk receives for FED-SJC: every total is not collected.
paper() {
	local cell
	echo "report { entity: \"FED-SJC\" round: \"$round\" } letter_number: \"7\" letter_date: \"2024-10-09\""
	for cell in $(inap_as sjc-focal --json report show "FED-SJC/$round" | jq -r '.unanswered | map(select(contains(":") | not)) | sort[]'); do
		echo "cells { cell: \"$cell\" value { blank: BLANK_NOT_COLLECTED } }"
	done
}

reviewing() {
	once review.queue coordinator
	once review.claim coordinator "$(report FED-MOI)"
	once review.release coordinator "$(report FED-MOI)"
	once review.claim coordinator "$(report FED-MOI)"
	once review.point coordinator "$(report FED-MOI) target: \"report\" text: \"is it whole?\" code: \"unclear\""
	once review.return coordinator "$(report FED-MOI)"
	once report.ask-cells moi-focal "$(report FED-MOI) cells: \"PR-1.3\" note: \"it follows\""
	once review.withdraw coordinator "$(report FED-MOI) point: 2 note: \"not needed\""
	once report.answer moi-focal "$(report FED-MOI) point: 1 answer: \"confirmed\" text: \"it is\""
	once report.submit moi-approver "$(report FED-MOI) note: \"made up\""
	once review.endorse coordinator "$(report FED-MOI)"
	once review.accept secretary "$(report FED-MOI)"
	once review.receive coordinator "$(paper)"
	once report.contest sjc-approver "$(report FED-SJC) note: \"not ours\""
	once national.summary secretary "round: \"$round\""
	once national.summary secretary "round: \"$round\" indicator: \"PA-3.1\" lights: true"
	once national.completeness secretary "round: \"$round\""
	once national.recompute secretary "round: \"$round\""
	once target.set secretary 'cell: "PA-1.1" period: "2024" kind: "reach" number: "100"'
	once target.list moi-focal ''
	once review.pairs coordinator "round: \"$round\""
	once national.lights secretary "round: \"$round\" min_state: STATE_ENDORSED"
	once light.override secretary "round: \"$round\" cell: \"PA-1.1\" light: \"red\" note: \"counted twice\""
	events
	once review.send-back secretary "$(report FED-MOI) note: \"once more\""
	once review.endorse coordinator "$(report FED-MOI)"
	once review.accept secretary "$(report FED-MOI)"
}

# sha256: the hash of the edition in the last answer.
sha256() {
	decode EditionReply "${reply##* }" | sed -n 's/^  sha256: //p'
}

publishing() {
	local which="period: \"$round\" number: 1"
	once edition.sentence secretary "$(report FED-MOI) section: \"lessons\" text: \"made up\" vouched: true"
	once edition.propose secretary "period: \"$round\""
	once edition.comment secretary "$which text: \"it is whole\""
	once edition.confirm second "$which sha256: $(sha256) approved_by: \"Secretary General\" letter_number: \"88\" letter_date: \"2024-11-20\""
	once edition.list moi-focal
	once edition.read moi-focal "$which"
	once edition.public-list moi-focal
	once edition.public-read moi-focal "$which"
	once report.ask-restatement moi-approver "$(report FED-MOI) note: \"counted twice\""
	once edition.restate secretary "$(report FED-MOI)"
	once edition.withdraw second "$which note: \"a place can be told\""
}

events() {
	once organisation.write secretary 'name { en: "Basra Mothers" } women_led: true may_be_named: true'
	once organisation.list moi-focal
	once event.write secretary 'event { kind: "workshop" title: "made up" held_on: "2024-07-10" organiser: "FED-MOI" organisations: 1 }'
	once event.decide secretary 'number: 1 base_version: 1 text: "go on" owner: "FED-MOI" due_on: "2024-10-31"'
	once event.done secretary 'number: 1 decision: 1'
	once event.list moi-focal
	once verify.sample secretary "round: \"$round\" size: 3 seed: \"x\""
	once verify.record secretary 'sample: 1 place: 1 result: "agreed"'
	once verify.list moi-focal
	once round.remind coordinator "round: \"$round\" days: 7"
}

people() {
	local grant='grant { role: ROLE_FOCAL_POINT entity: "FED-MOI" basis: BASIS_OWN }'
	once user.list admin
	once role.grant admin "user: \"newcomer\" $grant note: \"new\""
	once role.revoke admin "user: \"newcomer\" $grant note: \"gone\""
	once role.delegate moi-approver "entity { entity: \"FED-MOI\" } user: \"spare\" until: \"$(date -d '+10 days' +%F)\""
	once user.disable admin 'user: "newcomer" note: "gone"'
	once user.enable admin 'user: "newcomer" note: "back"'
	once user.reset admin 'user: "newcomer" note: "forgot"'
	once user.import admin 'rows { user: "imported" name: "From a file" home: "FED-MOI" role: "focal_point" scope: "FED-MOI" row: 2 }'
	once plan.suspend secretary 'plan: "INAP-II" note: "made up"'
	once plan.resume secretary 'plan: "INAP-II" note: "made up"'
	inap_as secretary -q plan import "$INAP_ROOT/client/share/plans/INAP-I.json" >/dev/null
	once plan.current secretary 'plan: "INAP-I"'
	inap_as secretary -q plan current INAP-II >/dev/null
	once entity.succeed secretary 'old: "FED-NRC" successor: "FED-MOFA" from: "2024Q4"'
	once entity.edit secretary 'entity { entity: "FED-MOI" } single_signatory: true order_number: "12" order_date: "2024-09-01"'
}

@test "every method is one round trip; login, enrol and passwd two; hello none" {
	local user name
	for user in admin secretary second coordinator moi-focal moi-approver molsa-approver sjc-approver; do
		talk_open "$user" "$(<"$INAP_HOME/token-$user")"
	done
	sessions
	reference
	reporting
	reviewing
	publishing
	people
	while read -r name; do
		[[ -n ${seen[$name]-} ]] || flunk "no case for $name"
		echo "# $name ${seen[$name]}" >&3
	done < <(awk -F ', *' '/^METHOD\([0-9]/ { gsub(/"/, "", $3); print $3 }' "$INAP_ROOT/proto/methods.def")
	((${#seen[@]} >= 56))
}

@test "the proxy counts: what is prepared at start is more than nothing" {
	grep -q parse "$INAP_HOME/proxy/log"
}
