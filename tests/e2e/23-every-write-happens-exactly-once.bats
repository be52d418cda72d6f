# The same key and body is one write with one answer; another body, a stale base and a killed client are told apart.

setup_file() {
	load helper
	load quarter
	make_round
	make_office moi FED-MOI
	make_user second FED-MOI focal_point FED-MOI
	raw_login moi-focal second
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load quarter
}

revision() {
	sql "SELECT revision FROM report r JOIN entity e USING (entity_id) JOIN round o USING (round_id) WHERE e.code = 'FED-MOI' AND o.code = '$round'"
}

log_rows() {
	sql "SELECT count(*) FROM log l JOIN entity e USING (entity_id) WHERE e.code = 'FED-MOI'"
}

# key N: a key of sixteen bytes.
key() {
	printf '%030x%02x' 0xfeed "$1"
}

# field N: of the first and of each further line, words 8 on: the body.
body_of() {
	awk -v n="$(($1 + 1))" 'NR == n { print $8 }' <<<"$output"
}

@test "the same key and body: one revision, and the same answer byte for byte but the trace and 'replayed'" {
	local save before rows
	before=$(revision) rows=$(log_rows)
	save=$(save_text "$before" PR-1.5=4 PA-1.1=7 | encode ReportSave)
	bodies=yes raw moi-focal "call report.save key=$(key 1) body=$save
call report.save key=$(key 1) body=$save
close
call report.save key=$(key 1) body=$save"
	((${#lines[@]} == 3))
	[[ ${lines[0]} == 'reply report.save '* && ${lines[1]} == 'reply report.save '* && ${lines[2]} == 'reply report.save '* ]] || flunk "not three replies"
	# Field 10 is `replayed`; what else differs would be a second answer.
	[[ $(body_of 1) == "$(body_of 2)" ]] || flunk "two repetitions differ"
	[[ $(decode ReportSaveReply "$(body_of 1)" | grep -vx 'replayed: true') == "$(decode ReportSaveReply "$(body_of 0)")" ]] || flunk "the answers differ"
	(($(revision) == before + 1))
	(($(log_rows) == rows + 1))
}

@test "two at once under one key, from two connections: one revision" {
	local save before i pids=()
	before=$(revision)
	save=$(save_text "$before" PR-1.5=5 | encode ReportSave)
	for i in 1 2 3 4 5 6; do
		frames --bodies >"$BATS_TEST_TMPDIR/$i" <<<"hello
resume $(<"$INAP_HOME/token-moi-focal")
read
call report.save key=$(key 2) body=$save" &
		pids+=($!)
	done
	wait "${pids[@]}" # by name: the harness has a timer of its own running
	(($(cat "$BATS_TEST_TMPDIR"/? | grep -c '^reply report.save') == 6))
	(($(revision) == before + 1))
	(($(awk '/^reply report.save/ { print $8 }' "$BATS_TEST_TMPDIR"/? | while read -r body; do decode ReportSaveReply "$body"; done | grep -c 'replayed: true') == 5))
}

@test "the same key with another body, or another method: KEY_REUSED, nothing written" {
	local before
	before=$(revision)
	raw moi-focal "call report.save key=$(key 1) body=$(save_text "$before" PR-1.5=99 | encode ReportSave)
call report.ready key=$(key 1) body=$(encode ReportMove <<<"report { entity: \"FED-MOI\" round: \"$round\" } base_revision: $before")"
	wants_line 0 'error report.save * KEY_REUSED *'
	wants_line 1 'error report.ready * KEY_REUSED *'
	(($(revision) == before))
}

@test "a refused write and a dry run leave no key behind" {
	local before
	before=$(revision)
	raw moi-focal "call report.save key=$(key 3) body=$(save_text "$before" NO-SUCH=1 | encode ReportSave)
call report.save key=$(key 3) body=$({ save_text "$before" PR-1.5=6 && echo 'dry_run: true'; } | encode ReportSave)
call report.save key=$(key 3) body=$(save_text "$before" PR-1.5=6 | encode ReportSave)"
	wants_line 0 'error report.save * INVALID_CELLS *'
	wants_line 1 'reply report.save *'
	wants_line 2 'reply report.save *'
	(($(revision) == before + 1))
}

@test "a move repeated under its key moves once and says so" {
	local before move
	before=$(revision)
	move=$(encode ReportMove <<<"report { entity: \"FED-MOI\" round: \"$round\" } base_revision: $before")
	bodies=yes raw moi-focal "call report.ready key=$(key 4) body=$move
call report.ready key=$(key 4) body=$move"
	[[ $(decode ReportMoveReply "$(body_of 1)") == *'replayed: true'* ]]
	[[ $(decode ReportMoveReply "$(body_of 1)" | grep -v replayed) == "$(decode ReportMoveReply "$(body_of 0)")" ]]
	(($(revision) <= before + 1))
}

@test "a stale base is refused with the cells that changed, and marks one's own" {
	inap_as moi-focal report show "FED-MOI/$round" >/dev/null
	inap_as second report show "FED-MOI/$round" >/dev/null
	inap_as second -q report set "FED-MOI/$round" PR-1.5=70 PA-1.1=71
	run_as moi-focal --json report set "FED-MOI/$round" PR-1.5=80 PR-1.3=81
	assert_refused STALE_REVISION 7
	assert_json '[.error.changes[] | .cell] | sort' '["PA-1.1","PR-1.5"]'
	assert_json '[.error.changes[] | select(.yours) | .cell]' '["PR-1.5"]'
	assert_json .error.revision "$(revision)"
	[[ $(sql "SELECT number FROM value v JOIN cell c USING (cell_id) JOIN entity e USING (entity_id) WHERE e.code = 'FED-MOI' AND c.code = 'PR-1.5'") == 70 ]]
}

# proxy_start RULE: a lossy way to the daemon at $lossy; its notes in proxy.log.
proxy_start() {
	lossy=$(free_port)
	"$INAP_TOOLS/faults/frameproxy" "$lossy" "$INAP_PORT" "$@" >"$BATS_TEST_TMPDIR/proxy.log" 2>&1 3>&- &
	proxy=$!
	while ! (exec 7<>"/dev/tcp/127.0.0.1/$lossy") 2>/dev/null; do sleep 0.05; done
}

teardown() {
	[[ -z ${proxy:-} ]] || kill "$proxy"
}

@test "the client is killed between sending and the answer; run again, it is done once and says so" {
	local before client tries
	inap_as moi-focal report show "FED-MOI/$round" >/dev/null
	before=$(revision)
	# Records of data: the end of the handshake, the look at the report, the save.
	proxy_start mute-after-records=3
	INAP_SERVER=localhost:$lossy inap_as moi-focal report set "FED-MOI/$round" PR-1.5=90 >"$BATS_TEST_TMPDIR/first" 2>&1 3>&- &
	for ((tries = 0; tries < 100; tries++)); do
		(($(revision) == before)) || break
		sleep 0.05
	done
	(($(revision) == before + 1)) || flunk "the save did not arrive" "$(cat "$BATS_TEST_TMPDIR/first")"
	client=$(jobs -p | tail -n 1)
	# The program is the shell's child where the shell did not become it.
	kill -KILL "$(pgrep -P "$client" || echo "$client")"
	wait "$client" 2>/dev/null || true
	! grep -qv Killed "$BATS_TEST_TMPDIR/first" || flunk "it had its answer" "$(cat "$BATS_TEST_TMPDIR/first")"
	grep -qx muted "$BATS_TEST_TMPDIR/proxy.log"
	[[ -n $(find "$(user_home moi-focal)/state" -path '*pending*' -type f) ]] || flunk "nothing is pending on disk"
	[[ -z $(find "$(user_home moi-focal)/state" -path '*pending*' -type f ! -perm 600) ]] || flunk "others may read it"

	kill -USR1 "$proxy"
	INAP_SERVER=localhost:$lossy run_as moi-focal report set "FED-MOI/$round" PR-1.5=90
	assert_exit 0
	echo "# the second run says: ${stderr%%$'\n'*}" >&3
	(($(revision) == before + 1)) || flunk "it was done twice"
	[[ $stderr == *' was done'* ]] || flunk "it does not say that it was done"
	[[ -z $(find "$(user_home moi-focal)/state" -path '*pending*' -type f) ]] || flunk "still pending on disk"
}

@test "the connection breaks before the save arrives: run again, it is done once" {
	local before
	inap_as moi-focal report show "FED-MOI/$round" >/dev/null
	before=$(revision)
	proxy_start cut-after-bytes=2200
	INAP_SERVER=localhost:$lossy run_as moi-focal --json report set "FED-MOI/$round" PR-1.5=91
	assert_exit 8
	kill -USR1 "$proxy"
	INAP_SERVER=localhost:$lossy run_as moi-focal --json report set "FED-MOI/$round" PR-1.5=91
	assert_exit 0
	(($(revision) == before + 1))
}
