# alone: it kills the PostgreSQL that all files share.
#
# PostgreSQL, then the daemon, killed with -9 under twenty saving clients: every acknowledged save is there, once.

# Twenty entities, each with one of its cells.
offices="FED-CYSE:PV-1.2 FED-GDSA:PR-3.1 FED-IHCHR:PR-1.5 FED-MOAG:PV-3.1 FED-MOCTA:PV-1.1 FED-MOH:PR-1.3 FED-MOI:PA-1.1
FED-MOJ:PR-1.5 FED-MOLSA:PR-1.2 FED-MOMD:PR-1.5 FED-MOP:OE-2.4 FED-MOYS:PV-1.1 FED-NRC:PA-1.1 FED-SHE:PV-1.2
FED-SJC:PA-2.6 FED-SUE:PV-1.2 FED-WED:PA-1.1 KRG-HCWD:PA-1.1 KRG-MOI:PA-2.6 KRG-MOLSA:PR-1.2"

setup_file() {
	load helper
	load quarter
	local office entity
	make_round
	for office in $offices; do
		entity=${office%%:*}
		make_user "${entity,,}" "$entity" focal_point "$entity"
	done
}

teardown_file() {
	load helper
	# A test that failed half-way may have left no PostgreSQL.
	cluster_psql "$INAP_SOCKET" -d postgres -c 'SELECT 1' >/dev/null 2>&1 || suite_database_start
	server_stop
}

setup() {
	load helper
	load quarter
	acked=$BATS_TEST_TMPDIR/acked
	# What the other test logged is not this one's.
	log_seen=$(sql "SELECT coalesce(max(at), now()) FROM log")
}

# savers_start MS: $savers saves for so long, in the background.
savers_start() {
	local office entity words=()
	for office in $offices; do
		entity=${office%%:*}
		words+=("$office:${entity,,}:$INAP_HOME/password-${entity,,}")
	done
	"$INAP_TOOLS/faults/savers" --server "$INAP_SERVER" --ca "$INAP_CA" --round "$round" --for "$1" --acked "$acked" \
		"${words[@]}" >"$BATS_TEST_TMPDIR/savers" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	savers=$!
	while (($(acked_offices 0) < 20)); do
		kill -0 "$savers" || flunk "the savers ended" "$(cat "$BATS_TEST_TMPDIR/savers")" || return 1
		sleep 0.1
	done
}

# acked_offices N: how many entities had an answer after line N.
acked_offices() {
	tail -n +"$(($1 + 1))" "$acked" 2>/dev/null | cut -d ' ' -f 1 | sort -u | wc -l
}

# served_within MS: all twenty have had an answer again.
served_within() {
	local since from
	since=$(date +%s%3N)
	from=$(wc -l <"$acked")
	while (($(acked_offices "$from") < 20)); do
		(($(date +%s%3N) - since <= $1)) || flunk "$(acked_offices "$from") of 20 are served after $1 ms" "$(tail -n 5 "$INAP_HOME/main/log")" || return 1
		sleep 0.05
	done
	echo "# all twenty served again after $(($(date +%s%3N) - since)) ms" >&3
}

# savers_end: none was refused; what was acknowledged is what the log holds, each once, and nothing else.
savers_end() {
	local status=0
	wait "$savers" || status=$?
	((status == 0)) || flunk "the savers say:" "$(cat "$BATS_TEST_TMPDIR/savers")" || return 1
	echo "# $(tail -n 1 "$BATS_TEST_TMPDIR/savers")" >&3
	sort <(cut -d ' ' -f 1-3 "$acked") >"$BATS_TEST_TMPDIR/acknowledged"
	sql "SELECT e.code || ' ' || encode(l.key, 'hex') || ' ' || l.revision FROM log l JOIN entity e USING (entity_id)
		WHERE l.action = 'save' AND l.at > '$log_seen' ORDER BY 1" | sort >"$BATS_TEST_TMPDIR/logged"
	[[ -s $BATS_TEST_TMPDIR/logged ]]
	[[ -z $(uniq -d "$BATS_TEST_TMPDIR/logged") ]] || flunk "a save is there twice" || return 1
	diff "$BATS_TEST_TMPDIR/acknowledged" "$BATS_TEST_TMPDIR/logged" | head -n 20 >"$BATS_TEST_TMPDIR/differ"
	[[ ! -s $BATS_TEST_TMPDIR/differ ]] || flunk "acknowledged and logged differ" "$(cat "$BATS_TEST_TMPDIR/differ")" || return 1
	# The value that stands is the last acknowledged.
	diff <(awk '{ last[$1] = $4 } END { for (entity in last) print entity, last[entity] }' "$acked" | sort) \
		<(sql "SELECT e.code || ' ' || v.number FROM value v JOIN entity e USING (entity_id) JOIN round o USING (round_id) WHERE o.code = '$round'" | sort)
	# And every chain is whole: revision after revision.
	[[ -z $(sql "SELECT entity_id FROM log WHERE action = 'save' GROUP BY entity_id, round_id HAVING count(*) <> max(revision)") ]]
}

postgres_kill() {
	local postmaster
	postmaster=$(cluster_run head -n 1 "$INAP_SUITE/cluster/postmaster.pid")
	# shellcheck disable=SC2046
	kill -KILL "$postmaster" $(pgrep -P "$postmaster")
}

@test "PostgreSQL is killed and comes back: the daemon and the clients stay, service is back within 5 s" {
	local daemon
	daemon=$(daemon_pid)
	savers_start 12000
	sleep 2
	postgres_kill
	sleep 2
	kill -0 "$daemon"
	[[ $(health $((INAP_PORT + 1)) /healthz) == 200 && $(health $((INAP_PORT + 1)) /readyz) == 503 ]] || flunk "health does not tell"
	suite_database_start
	served_within 5000
	savers_end
	kill -0 "$daemon"
	# No client lost its connection.
	grep -q ' reconnected=0 ' "$BATS_TEST_TMPDIR/savers" || flunk "clients were dropped"
}

@test "the daemon is killed and started again: clients come back and nothing is done twice" {
	# The savers count from 0, so the reports begin anew in a round of their own.
	inap_as secretary -q round add 2024Q4 --opens "$(date +%F)" --due "$(date -d '+14 days' +%F)" >/dev/null
	round=2024Q4
	savers_start 9000
	sleep 2
	daemon_kill
	sleep 1
	daemon_run main "$INAP_PORT"
	served_within 10000
	savers_end
	! grep -q ' reconnected=0 ' "$BATS_TEST_TMPDIR/savers" || flunk "nobody lost a connection: the test shows nothing"
}
