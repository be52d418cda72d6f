# SIGTERM drains: requests in flight are answered, new ones are not taken, and what hangs is not waited for.

setup_file() {
	load helper
	load quarter
	make_round
	make_office moi FED-MOI
	raw_login moi-focal
	daemon_stop main
	local folder=$INAP_HOME/proxy
	mkdir "$folder"
	"$INAP_TOOLS/faults/pgproxy" "$folder/.s.PGSQL.5432" "$INAP_SOCKET/.s.PGSQL.5432" "$folder/log" >"$folder/out" 2>&1 3>&- &
	echo $! >"$folder/proxy"
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
	proxy=$(<"$INAP_HOME/proxy/proxy")
}

# start NAME [LINE...]: a daemon whose way to PostgreSQL can be held.
start() {
	daemon_start "$1" "$INAP_PORT" "database.conninfo=host=$INAP_HOME/proxy dbname=$INAP_DATABASE user=inap_app" \
		"database.conninfo_auth=host=$INAP_HOME/proxy dbname=$INAP_DATABASE user=inap_auth" "${@:2}"
}

revision() {
	sql "SELECT revision FROM report r JOIN entity e USING (entity_id) JOIN round o USING (round_id) WHERE e.code = 'FED-MOI' AND o.code = '$round'"
}

# in_flight FILE: two reads and a save are sent while PostgreSQL is held; their answers go to FILE.
in_flight() {
	local save
	save=$(save_text "$(revision)" PR-1.5=$((RANDOM)) | encode ReportSave)
	mkfifo "$BATS_TEST_TMPDIR/in"
	frames <"$BATS_TEST_TMPDIR/in" >"$1" 2>&1 3>&- &
	client=$!
	exec 9>"$BATS_TEST_TMPDIR/in"
	printf 'hello\nresume %s\nread\n' "$(<"$INAP_HOME/token-moi-focal")" >&9
	while ! grep -q session.resume "$1"; do sleep 0.05; done
	kill -USR2 "$proxy"
	printf 'hold\nrequest report.list id=51\nrequest report.save id=52 body=%s\nrequest entity.list id=53\nflush\n' "$save" >&9
	sleep 0.5
}

# ended NAME SECONDS: the daemon ends by itself in time, with status 0.
ended() {
	local tries pid status=0
	pid=$(daemon_pid "$1")
	for ((tries = 0; tries < $2 * 20; tries++)); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.05
	done
	! kill -0 "$pid" 2>/dev/null || flunk "still there after $2 s" || return 1
	wait "$pid" || status=$?
	((status == 0)) || flunk "it ended with status $status" "$(tail -n 5 "$INAP_HOME/$1/log")"
}

@test "what is in flight is answered; what comes later is SHUTTING_DOWN or hung up on; then it ends with status 0" {
	local before
	start drained
	before=$(revision)
	in_flight "$BATS_TEST_TMPDIR/answers"
	kill -TERM "$(daemon_pid drained)"
	sleep 0.3
	[[ $(health $((INAP_PORT + 1)) /readyz) != 200 ]] || flunk "still ready"
	printf 'request report.list id=60\nread 4\nclosed\n' >&9
	sleep 0.3
	kill -USR2 "$proxy"
	exec 9>&-
	wait "$client"
	output=$(<"$BATS_TEST_TMPDIR/answers")
	for line in 'reply report.list 51 ' 'reply report.save 52 ' 'reply entity.list 53 ' closed; do
		assert_output_has "$line"
	done
	[[ $output != *'reply report.list 60 '* ]] || flunk "a request was taken that came after the signal"
	grep 'report.list 60' <<<"$output" | grep -v SHUTTING_DOWN && flunk "another code"
	ended drained 5
	(($(revision) == before + 1)) || flunk "the save is not there"
}

@test "while nothing is in flight it ends at once" {
	local since
	start idle
	raw moi-focal "call session.whoami"
	since=$(date +%s%3N)
	kill -TERM "$(daemon_pid idle)"
	ended idle 2
	echo "# ended after $(($(date +%s%3N) - since)) ms" >&3
}

# The clients go after drain_ms; what they left in the database has the time of its method, 10 s for a save.
@test "a database that does not answer is not waited for longer than limits.drain_ms and the methods' deadlines" {
	local since
	start hung limits.drain_ms=1500
	in_flight "$BATS_TEST_TMPDIR/answers"
	since=$(date +%s%3N)
	kill -TERM "$(daemon_pid hung)"
	echo rest >&9
	exec 9>&-
	wait "$client" || true
	(($(date +%s%3N) - since < 4000)) || flunk "the clients were kept waiting"
	ended hung 15
	echo "# ended after $(($(date +%s%3N) - since)) ms" >&3
	(($(date +%s%3N) - since >= 1000)) || flunk "it did not wait at all"
	kill -USR2 "$proxy"
	! grep -q 'reply report.save' "$BATS_TEST_TMPDIR/answers" || flunk "a save was acknowledged that was not known to be done"
}
