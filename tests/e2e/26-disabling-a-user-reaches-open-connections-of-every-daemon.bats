# Two daemons on one port: a user who is disabled, or loses a role or a session, is out within a second, on both.

setup_file() {
	load helper
	load quarter
	make_round listen.reuse_port=yes
	local other
	other=$(free_port)
	daemon_start second "$INAP_PORT" listen.reuse_port=yes "listen.http=127.0.0.1:$other"
	while [[ $(health "$other" /readyz) != 200 ]]; do sleep 0.1; done
	make_office moi FED-MOI
	make_user spare FED-MOI focal_point FED-MOI
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load quarter
}

# connections DAEMON: how many requests of whoami it answered.
whoamis() {
	grep -c 'method=session.whoami' "$INAP_HOME/$1/log" || true
}

# hold USER N: N connections of that user ask whoami every 100 ms and write down `MS answer`, until they are refused.
# What is told apart is the time from the admin's answer to the last good answer.
hold() {
	local i
	raw_login "$1"
	: >"$BATS_TEST_TMPDIR/answers"
	asking=()
	for ((i = 0; i < $2; i++)); do
		{
			printf 'hello\nresume %s\nread\n' "$(<"$INAP_HOME/token-$1")"
			for ((n = 0; n < 60; n++)); do
				echo "${3:-request session.whoami}"
				echo "read"
				sleep 0.1
			done
		} | frames 2>&1 | while read -r line; do
			printf '%s %s %s\n' "$(date +%s%3N)" "$i" "$line"
		done >>"$BATS_TEST_TMPDIR/answers" 3>&- &
		asking+=($!)
	done
	sleep 1.5
}

# refused_since MS PATTERN N: from a second after MS on, each of N connections has had its first refusal, and no good answer.
refused_since() {
	local late first
	wait "${asking[@]}" # by name: the harness has a timer of its own running
	late=$(awk -v since="$1" '$3 == "reply" && ($4 == "session.whoami" || $4 == "report.list") && $1 > since + 1000' "$BATS_TEST_TMPDIR/answers")
	[[ -z $late ]] || flunk "served more than a second later:" "$late"
	first=$(awk -v pattern="$2" '$0 ~ pattern && !seen[$2]++' "$BATS_TEST_TMPDIR/answers" | wc -l)
	((first == $3)) || flunk "$first of $3 connections were refused" "$(tail -n 20 "$BATS_TEST_TMPDIR/answers")"
	awk -v since="$1" '$3 == "reply" && $1 > last { last = $1 } END { print "# last good answer after " last - since " ms" }' "$BATS_TEST_TMPDIR/answers" >&3
}

@test "both daemons serve the port" {
	local i
	raw_login moi-focal
	for ((i = 0; i < 30; i++)); do raw moi-focal "call session.whoami"; done
	(($(whoamis main) > 0 && $(whoamis second) > 0)) || flunk "only one serves: $(whoamis main), $(whoamis second)"
}

@test "a disabled user's open connections are refused or closed within a second, on both daemons" {
	local since main second
	main=$(whoamis main) second=$(whoamis second)
	hold spare 10
	inap_as admin --yes -q user disable spare --confirm spare --note 'left'
	since=$(date +%s%3N)
	refused_since "$since" ' (closed|LOGIN_REQUIRED) *' 10
	(($(whoamis main) > main && $(whoamis second) > second)) || flunk "one daemon had none of the connections"
	run_as spare --no-input login --user spare --password-file "$INAP_HOME/password-spare"
	assert_exit 4
}

@test "enabled again, the user logs in; revoked sessions end on open connections too" {
	local since
	inap_as admin -q user enable spare
	login spare >/dev/null
	hold spare 6
	inap_as admin --yes -q session revoke --user spare --all
	since=$(date +%s%3N)
	refused_since "$since" ' (closed|LOGIN_REQUIRED) *' 6
}

@test "a role that is taken away is gone within a second on open connections" {
	local since
	login spare >/dev/null
	hold spare 6 'request report.list'
	inap_as admin -q role revoke spare focal_point FED-MOI
	since=$(date +%s%3N)
	refused_since "$since" ' (FORBIDDEN) ' 6
}
