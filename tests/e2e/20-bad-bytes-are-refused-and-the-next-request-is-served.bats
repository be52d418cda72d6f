# Bytes that are no frame, bad bodies, bad text, peers that stall: a code or a close, never a crash or a stored half.

setup_file() {
	load helper
	load quarter
	make_round limits.frame_ms=1000 limits.handshake_ms=1000 limits.login_ms=1500 limits.stall_ms=1000
	make_office moi FED-MOI
	raw_login moi-focal admin
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load quarter
	before=$(tables_but session login_failure)
}

# Each test ends so: the daemon is the same, another connection is served.
teardown() {
	load helper
	load quarter
	raw_served moi-focal
}

# No row but of sessions changed, no failed login noted.
unchanged() {
	local after
	after=$(tables_but session login_failure)
	[[ $before == "$after" ]] || flunk "rows changed:" "$(diff <(echo "$before") <(echo "$after"))"
}

@test "bytes that are not TLS are hung up on" {
	exec 7<>"/dev/tcp/127.0.0.1/$INAP_PORT"
	printf 'GET / HTTP/1.1\r\n\r\n' >&7
	# What comes is at most TLS's alert, then the end.
	timeout 5 cat <&7 >"$BATS_TEST_TMPDIR/got"
	exec 7>&-
	(($(wc -c <"$BATS_TEST_TMPDIR/got") <= 16))
	unchanged
}

@test "bytes that are no frame: an error, then the connection closes" {
	run frames <<<"open
read
raw $(printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n' | xxd -p -c 0)
rest"
	wants_line 0 'hello *'
	wants_line 1 'error * TOO_LARGE *'
	wants_line 2 closed
	unchanged
}

@test "random bytes end in a code or a close" {
	local i
	for ((i = 0; i < 40; i++)); do
		run frames <<<"timeout 3000
open
read
raw $(head -c $((RANDOM % 300 + 1)) /dev/urandom | xxd -p -c 0)
rest"
		[[ ${lines[-1]} == closed ]] || flunk "not closed"
	done
	unchanged
}

@test "a length over the limit: TOO_LARGE and closed, before login at 4 KiB and after it at 1 MiB" {
	run frames <<<"hello
request session.login length=4097
rest"
	wants_line 2 'error session.login * TOO_LARGE *'
	wants_line 3 closed
	raw moi-focal "request report.save length=1048577
rest"
	wants_line 0 'error report.save * TOO_LARGE *'
	wants_line 1 closed
	raw moi-focal "request report.save length=4294967295
rest"
	wants_line 0 'error report.save * TOO_LARGE *'
	wants_line 1 closed
	unchanged
}

@test "a body over its method's limit: TOO_LARGE, and the connection goes on" {
	head -c 5000 /dev/zero >"$BATS_TEST_TMPDIR/body"
	raw moi-focal "call report.show file=$BATS_TEST_TMPDIR/body
call session.whoami"
	wants_line 0 'error report.show * TOO_LARGE *'
	wants_line 1 'reply session.whoami *'
	unchanged
}

@test "an unknown method, kind or flag, id 0, an id in flight: a code, and the connection goes on" {
	raw moi-focal "call 9999
call 0
call session.whoami kind=2
call session.whoami kind=5
call session.whoami kind=255
call session.whoami flags=1
call session.whoami flags=128
call session.whoami id=0
call session.whoami"
	wants_line 0 'error 9999 * UNKNOWN_METHOD *'
	wants_line 1 'error 0 * UNKNOWN_METHOD *'
	for line in 2 3 4 5 6 7; do wants_line $line 'error session.whoami * MALFORMED *'; done
	wants_line 8 'reply session.whoami *'
	raw moi-focal "hold
request report.list id=70
request report.list id=70
flush
read 2"
	[[ $output == *'error report.list 70 MALFORMED'* ]] || flunk "the second was taken"
	unchanged
}

@test "a write without a key, a read or a login with one: MALFORMED" {
	local save
	save=$(save_text 0 PR-1.5=4 | encode ReportSave)
	raw moi-focal "call report.save key=none body=$save
call report.list key=new
call session.logout key=new
call session.whoami"
	wants_line 0 'error report.save * MALFORMED *'
	wants_line 1 'error report.list * MALFORMED *'
	wants_line 2 'error session.logout * MALFORMED *'
	wants_line 3 'reply session.whoami *'
	unchanged
}

@test "everything but login before login: LOGIN_REQUIRED" {
	local numbers number
	numbers=$(sed -nE '/NOBODY_YET/d; s/^METHOD\(([0-9]+),.*/\1/p' "$INAP_ROOT/proto/methods.def")
	run frames <<<"hello
$(for number in $numbers; do echo "call $number"; done)"
	((${#lines[@]} == $(wc -w <<<"$numbers") + 2))
	for line in "${lines[@]:2}"; do
		[[ $line == 'error '*' LOGIN_REQUIRED '* ]] || flunk "$line"
	done
	unchanged
}

@test "malformed bodies: MALFORMED; a group, a tag of six bytes, field 0, nesting" {
	raw moi-focal "call report.show body=0a
call report.show body=0aff
call report.show body=0b0c
call report.show body=8080808080800100
call report.show body=0200
call report.show body=08
call report.show body=0d01
call session.whoami"
	for line in 0 1 2 3 4 5 6; do wants_line $line 'error report.show * MALFORMED *'; done
	wants_line 7 'reply session.whoami *'
	unchanged
}

# user_add NAMEHEX: the body of a user.add with these bytes as name.
user_add() {
	printf '0a03%s12%02x%s1a07%s' "$(printf bad | xxd -p)" "$((${#1} / 2))" "$1" "$(printf FED-MOI | xxd -p)"
}

@test "a name with NUL, broken UTF-8, controls, overrides or not NFC: BAD_TEXT" {
	local bad commands=
	local names=(
		626164006e            # NUL
		62616480              # a lone continuation
		626164c0af            # overlong
		626164eda080          # a surrogate
		626164f4908080        # above U+10FFFF
		626164e2              # cut short
		62616401 6261641b5b316d 6261640d 62616409 6261640a 6261647f 626164c285 # controls
		626164e280ae e281a662 # an override; an isolate without its end
		62616465cc81          # e and an acute accent: not NFC
	)
	for bad in "${names[@]}"; do commands+="call user.add body=$(user_add "$bad")"$'\n'; done
	raw admin "$commands"
	((${#lines[@]} == ${#names[@]}))
	for line in "${lines[@]}"; do
		[[ $line == 'error user.add '*' BAD_TEXT '* ]] || flunk "$line"
	done
	unchanged
}

@test "a note may hold tab and LF, not CR or NUL; nothing of the refused is stored" {
	local text
	text=$(save_text 0 PR-1.5=4)
	# shellcheck disable=SC1003
	raw moi-focal "call report.save body=$(encode ReportSave <<<"$text note: \"a\\rb\"")
call report.save body=$(encode ReportSave <<<"$text note: \"a\\000b\"")
call report.save body=$(encode ReportSave <<<"$text note: \"e\\314\\201\"" 2>/dev/null)
call report.save body=$(encode ReportSave <<<"$text note: \"a\\tb\\nc\" dry_run: true")"
	wants_line 0 'error report.save * BAD_TEXT *'
	wants_line 1 'error report.save * BAD_TEXT *'
	wants_line 2 'error report.save * BAD_TEXT *'
	wants_line 3 'reply report.save *'
	unchanged
}

@test "an unknown enum and a number that does not fit: BAD_ARGUMENT" {
	local text
	text=$(save_text 0 PR-1.5=4 | encode ReportSave)
	raw moi-focal "call report.save body=${text}2863
call report.save body=${text}28ffffffffff01
call report.save body=$(encode ReportSave <<<"report { entity: \"FED-MOI\" round: \"$round\" } via: VIA_SET cells { cell: \"PR-1.5\" value { number: \"1e5\" } }")
call report.save body=$(encode ReportSave <<<"report { entity: \"FED-MOI\" round: \"$round\" } via: VIA_SET cells { cell: \"PR-1.5\" }")"
	wants_line 0 'error report.save * BAD_ARGUMENT *'
	wants_line 1 'error report.save * BAD_ARGUMENT *'
	[[ ${lines[2]} == *' NUMBER_BAD '* || ${lines[2]} == *' INVALID_CELLS '* ]] || flunk "1e5 was taken"
	wants_line 3 'error report.save * BAD_ARGUMENT *'
	unchanged
}

@test "a peer that falls silent in the handshake, before login or in a frame is hung up on" {
	local started
	started=$SECONDS
	exec 7<>"/dev/tcp/127.0.0.1/$INAP_PORT"
	timeout 8 cat <&7 >"$BATS_TEST_TMPDIR/got"
	exec 7>&-
	run frames <<<"timeout 8000
open
closed"
	[[ $output == closed ]] || flunk "silent before login: still open"
	raw moi-focal "timeout 8000
raw 00000100002901
closed"
	wants_line 0 closed
	raw moi-focal "timeout 8000
request report.show length=100 body=0a02
closed"
	wants_line 0 closed
	((SECONDS - started < 16))
	unchanged
}

@test "replies that nobody reads: the daemon keeps little of them and hangs up" {
	local before_kib after_kib
	before_kib=$(awk '/VmRSS/ { print $2 }' "/proc/$(daemon_pid)/status")
	raw moi-focal "hold
$(for ((i = 0; i < 4000; i++)); do echo request plan.show; done)
flush
sleep 4000
timeout 5000
rest"
	after_kib=$(awk '/VmRSS/ { print $2 }' "/proc/$(daemon_pid)/status")
	[[ ${lines[-1]} == closed ]] || flunk "still open"
	((${#lines[@]} < 4000)) || flunk "every reply was kept"
	[[ $INAPD == *asan* ]] || ((after_kib - before_kib < 8192)) || flunk "grew from $before_kib to $after_kib KiB"
	unchanged
}
