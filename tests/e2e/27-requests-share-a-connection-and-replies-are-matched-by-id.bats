# Several requests in flight, replies that overtake, one flight of resume and request, large replies in parts, pings.

setup_file() {
	load helper
	load quarter
	make_round limits.in_flight_per_connection=4
	make_office moi FED-MOI
	raw_login moi-focal secretary
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load quarter
}

@test "forty requests at once are each answered once, by id" {
	local i
	raw moi-focal "hold
$(for ((i = 100; i < 140; i++)); do
		case $((i % 4)) in
		0) echo "request session.whoami id=$i" ;;
		1) echo "request report.list id=$i" ;;
		2) echo "request round.list id=$i" ;;
		3) echo "request entity.list id=$i" ;;
		esac
	done)
flush
read 40"
	[[ $(awk '$1 == "reply" { print $3 }' <<<"$output" | sort -n) == "$(seq 100 139)" ]] || flunk "not each once"
	[[ -z $(awk '{ split("session.whoami report.list round.list entity.list", name); if ($2 != name[$3 % 4 + 1]) print }' <<<"$output") ]] || flunk "a reply has another's method"
}

@test "hello, resume and requests in one flight are served" {
	run frames <<<"open
read
hold
request hello body=$(encode Hello <<<'client: "test" protocol: 1 language: "en"') id=1
request session.resume body=0a20$(<"$INAP_HOME/token-moi-focal") id=2
request session.whoami id=3
request report.list id=4
flush
read 4"
	((${#lines[@]} == 5))
	[[ $(awk '{ print $1, $3 }' <<<"$output" | sort) == $'hello 0\nreply 1\nreply 2\nreply 3\nreply 4' ]] || flunk "not all served"
	# Nothing overtakes the resume.
	[[ ${lines[2]} == 'reply session.resume '* ]] || flunk "the resume did not come first"
}

@test "a refused resume: what is behind it gets LOGIN_REQUIRED, and the connection closes" {
	run frames <<<"open
read
hold
request session.resume body=0a20$(printf '%064d' 0) id=2
request session.whoami id=3
request report.list id=4
flush
rest"
	[[ ${lines[1]} == 'error session.resume 2 LOGIN_REQUIRED '* ]] || flunk "the resume: ${lines[1]}"
	[[ $(awk '$1 == "error" { print $3, $4 }' <<<"$output" | sort) == $'2 LOGIN_REQUIRED\n3 LOGIN_REQUIRED\n4 LOGIN_REQUIRED' ]] || flunk "not each refused"
	[[ ${lines[-1]} == closed ]] || flunk "not closed"
}

@test "a ping is answered by a pong with its id, between requests" {
	raw moi-focal "request 0 kind=6 id=77
read
call session.whoami
request 0 kind=6 id=78
read"
	wants_line 0 'pong * 77 *'
	wants_line 1 'reply session.whoami *'
	wants_line 2 'pong * 78 *'
}

@test "a large reply comes in parts; concatenated they are one message, the same each time" {
	local parts note cell first
	note=$(printf '%02000d' 0)
	{
		save_text 0
		inap_as moi-focal --json report show "FED-MOI/$round" | jq -r '.unanswered[]' | LC_ALL=C sort | while read -r cell; do
			echo "cells { cell: \"$cell\" value { blank: BLANK_NOT_COLLECTED } note: \"$note\" }"
		done
	} | encode ReportSave | xxd -r -p >"$BATS_TEST_TMPDIR/save"
	(($(wc -c <"$BATS_TEST_TMPDIR/save") > 500000))
	bodies=yes raw moi-focal "call report.save file=$BATS_TEST_TMPDIR/save
call report.show body=$(encode ReportShow <<<"report { entity: \"FED-MOI\" round: \"$round\" }")
call report.show body=$(encode ReportShow <<<"report { entity: \"FED-MOI\" round: \"$round\" }")"
	wants_line 0 'reply report.save *'
	parts=$(awk '$1 == "part"' <<<"$output" | wc -l)
	((parts >= 4)) || flunk "$parts parts"
	awk '$1 == "part" && $5 > 262144 + 65536 { exit 1 }' <<<"$output" || flunk "a part is too large"
	message() {
		awk -v n="$1" '$2 == "report.show" && which == n { printf "%s", $8 } $1 == "reply" { which++ }' <<<"$output"
	}
	first=$(decode ReportShowReply "$(message 1)")
	[[ $(grep -c "note: \"$note\"" <<<"$first") == $(grep -c '^values {' <<<"$first") ]] || flunk "a note is lost"
	(($(grep -c '^values {' <<<"$first") > 250)) || flunk "values are missing"
	[[ $first == "$(decode ReportShowReply "$(message 2)")" ]] || flunk "two readings differ"
	echo "# $parts parts of two replies" >&3
}

@test "a deadline that is too short is DEADLINE, and the connection goes on" {
	raw secretary "call national.summary time=1 body=$(encode NationalSummary <<<"round: \"$round\" min_state: STATE_ENDORSED tables: true")
call session.whoami"
	wants_line 0 'error national.summary * DEADLINE *'
	wants_line 1 'reply session.whoami *'
}
