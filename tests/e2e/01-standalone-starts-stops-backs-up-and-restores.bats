#!/usr/bin/env bats
# The standalone: one command makes everything, survives crashes, is copied and restored, and leaves nothing behind.

setup_file() {
	load helper
	export PLACE DATA PORT
	PLACE=$(mktemp -d "/tmp/inap standalone XXXXXX")
	chmod 755 "$PLACE"
	DATA="$PLACE/my data"
	PORT=$(free_port)
	INAP_HOME=$PLACE
	export INAP_HOME INAP_SERVER=localhost:$PORT INAP_CA="$DATA/ca.pem" INAP_LANG=en
	standalone start "$DATA" "$PORT" >"$PLACE/start.log" 2>&1 || { cat "$PLACE/start.log" >&2 && return 1; }
	log_in
}

teardown_file() {
	load helper
	local folder
	for folder in "$PLACE"/*/lock; do
		standalone remove "$(dirname "$folder")" || true
	done
	rm -rf "$PLACE"
}

setup() {
	load helper
}

user_field() {
	tr '\t' '\n' <"$1/users" | sed -n "s/^$2=//p"
}

# The cluster and the daemon write their own process numbers down.
database_pid() {
	head -n 1 "$(readlink -f "$DATA/postgres")/postmaster.pid"
}

wait_for() {
	local tries
	for ((tries = 0; tries < 200; tries++)); do
		! "$@" || return 0
		sleep 0.1
	done
	flunk "did not come about: $*"
}

answers() {
	[[ $(health "$((PORT + 1))" /readyz) == 200 ]]
}

log_in() {
	user_field "$DATA" password >"$PLACE/password"
	inap_as admin --no-input login --user admin --password-file "$PLACE/password"
}

@test "start makes the authority, the first admin and says how to log in" {
	[ -e "$DATA/ready" ]
	kill -0 "$(cat "$DATA/inapd.pid")"
	[ "$(stat -c %a "$DATA/users")" = 600 ]
	[ "$(user_field "$DATA" user)" = admin ]
	[ "$(user_field "$DATA" role)" = admin ]
	[ "$(user_field "$DATA" scope)" = national ]
	grep -q "export INAP_SERVER=localhost:$PORT INAP_CA=" "$PLACE/start.log"
	openssl verify -CAfile "$DATA/ca.pem" -verify_hostname localhost "$DATA/tls/server.pem"
	openssl verify -CAfile "$DATA/ca.pem" -verify_ip 127.0.0.1 "$DATA/tls/server.pem"
	openssl verify -CAfile "$DATA/ca.pem" -verify_ip ::1 "$DATA/tls/server.pem"
	openssl verify -CAfile "$DATA/ca.pem" -verify_hostname "$HOSTNAME" "$DATA/tls/server.pem"
	[ "$(stat -c %a "$DATA/tls/server.key")" = 600 ]
	run_as admin --json whoami
	assert_exit 0
	assert_json .user admin
}

@test "nobody else trusts or is trusted: another authority is refused" {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -subj /CN=other -keyout "$PLACE/other.key" \
		-out "$PLACE/other.pem" 2>/dev/null
	INAP_CA=$PLACE/other.pem run_as admin whoami
	assert_exit 8
}

@test "the cluster is private: a socket of the owner, peer with a map, checksums, fsync" {
	local cluster socket
	cluster=$(readlink -f "$DATA/postgres")
	socket=$(cat "$DATA/socket")
	[ "$(stat -c %a "$socket")" = 700 ]
	run cluster_psql "$socket" -d inap -A -t -c "SHOW data_checksums" -c "SHOW fsync" -c "SHOW listen_addresses"
	[ "$output" = "$(printf 'on\non\n')" ]
	run grep -vE '^(local all all peer map=inap)$' "$cluster/pg_hba.conf"
	[ -z "$output" ]
	run psql -X -h "$socket" -U inap_owner -d inap -c 'SELECT 1'
	[ "$status" -ne 0 ]
}

@test "a second start on the same folder says that it runs" {
	run standalone start "$DATA" "$PORT"
	[ "$status" -eq 1 ]
	[[ $output == *"already runs"* ]]
	answers
}

@test "a folder of somebody else is left alone" {
	mkdir "$PLACE/letters"
	echo private >"$PLACE/letters/one"
	run standalone start "$PLACE/letters" "$((PORT + 2))"
	[ "$status" -eq 1 ]
	[[ $output == *"not of INAP"* ]]
	run standalone remove "$PLACE/letters"
	[ "$status" -eq 1 ]
	[ "$(ls -A "$PLACE/letters")" = one ]
}

@test "inapd comes back when it is killed" {
	local before
	before=$(cat "$DATA/inapd.pid")
	kill -KILL "$before"
	other_daemon() {
		[[ $(cat "$DATA/inapd.pid") != "$before" ]] && answers
	}
	wait_for other_daemon
	run_as admin whoami
	assert_exit 0
}

@test "PostgreSQL comes back when it is killed, and inapd stays up" {
	local daemon database
	daemon=$(cat "$DATA/inapd.pid")
	database=$(database_pid)
	kill -KILL "$database"
	other_database() {
		[[ $(database_pid) != "$database" ]] && inap_as admin -q whoami >/dev/null 2>&1
	}
	wait_for other_database
	[ "$(cat "$DATA/inapd.pid")" = "$daemon" ]
}

@test "a backup of the running system, restored, has the same users, log and authority" {
	local before
	inap_as admin -q user add before-backup --home SYSTEM --name "Before"
	counts() {
		cluster_psql "$1" -d inap -A -t -c 'SELECT count(*) FROM inap.app_user' -c 'SELECT count(*), max(seq) FROM inap.log' \
			-c 'SELECT count(*) FROM inap.report'
	}
	before=$(counts "$(cat "$DATA/socket")")
	standalone backup "$DATA" "$PLACE/the backup"
	inap_as admin -q user add after-backup --home SYSTEM --name "After"
	cluster_psql "$(cat "$DATA/socket")" -d inap -c 'DROP TABLE inap.session CASCADE'
	standalone stop "$DATA"

	standalone restore "$PLACE/the backup" "$PLACE/restored"
	cmp "$DATA/ca.pem" "$PLACE/restored/ca.pem"
	cmp "$DATA/users" "$PLACE/restored/users"
	standalone start "$PLACE/restored" "$PORT"
	[ "$(counts "$(cat "$PLACE/restored/socket")")" = "$before" ]
	log_in
	run_as admin --json user list
	assert_exit 0
	assert_json '[.[].user] | contains(["before-backup"])'
	assert_json '[.[].user] | contains(["after-backup"]) | not'
	standalone remove "$PLACE/restored"
}

@test "the log is walked without a server, and what was kept of it before proves that it was not written anew" {
	local place="$PLACE/verified"
	standalone restore "$PLACE/the backup" "$place"
	standalone verify "$place" >"$PLACE/kept"
	grep -qE $'^SYSTEM\t[0-9]+\t[0-9a-f]{64}$' "$PLACE/kept"
	standalone verify "$place" "$PLACE/kept"
	printf 'SYSTEM\tten\tnone\n' >"$PLACE/strange"
	run standalone verify "$place" "$PLACE/strange"
	[ "$status" -eq 1 ]
	[[ $output == *"not what verify has printed"* ]]

	# The superuser of the database changes one entry, and then hides it by hashing the chain anew from there.
	standalone start "$place" "$(free_port)"
	cluster_psql "$(cat "$place/socket")" -d inap -c "SET search_path = inap; SET session_replication_role = replica;
		UPDATE log SET note = 'never said' WHERE entity_id = 0 AND seq = 2"
	run standalone verify "$place"
	[ "$status" -eq 1 ]
	[[ $output == *"SYSTEM 2: its content does not match its hash"* ]]
	cluster_psql "$(cat "$place/socket")" -d inap -c "SET search_path = inap; SET session_replication_role = replica;
		DO \$\$ DECLARE r log; before bytea := (SELECT hash FROM log WHERE entity_id = 0 AND seq = 1);
		BEGIN FOR r IN SELECT * FROM log WHERE entity_id = 0 AND seq > 1 ORDER BY seq LOOP
			UPDATE log SET prev_hash = before, hash = sha256('\\x00'::bytea || before || row_hash(r)) WHERE entity_id = 0 AND seq = r.seq RETURNING hash INTO before;
		END LOOP; UPDATE chain_head SET hash = before WHERE entity_id = 0; END \$\$"
	run standalone verify "$place"
	[ "$status" -eq 0 ]
	run standalone verify "$place" "$PLACE/kept"
	[ "$status" -eq 1 ]
	[[ $output == *"SYSTEM "*": it is not the entry that was kept"* ]]
	standalone remove "$place"
}

@test "a damaged backup and a folder in use are refused" {
	run standalone restore "$PLACE/the backup" "$DATA"
	[ "$status" -eq 1 ]
	[[ $output == *"not empty"* ]]
	cp -R "$PLACE/the backup" "$PLACE/damaged"
	printf 'x' >>"$PLACE/damaged/database.dump"
	run standalone restore "$PLACE/damaged" "$PLACE/never"
	[ "$status" -eq 1 ]
	[[ $output == *"damaged"* ]]
	[ ! -e "$PLACE/never" ]
	run standalone backup "$DATA" "$PLACE/the backup"
	[ "$status" -eq 1 ]
}

@test "stop ends everything and leaves no process and no socket" {
	local fresh="$PLACE/short lived" port socket daemon database
	port=$(free_port)
	standalone start "$fresh" "$port"
	socket=$(cat "$fresh/socket")
	daemon=$(cat "$fresh/inapd.pid")
	database=$(head -n 1 "$(readlink -f "$fresh/postgres")/postmaster.pid")
	run standalone status "$fresh"
	[ "$status" -eq 0 ]
	standalone stop "$fresh"
	run kill -0 "$daemon"
	[ "$status" -ne 0 ]
	run kill -0 "$database"
	[ "$status" -ne 0 ]
	[ ! -e "$socket" ]
	[ ! -e "$fresh/ready" ]
	run pgrep -f "$fresh"
	[ -z "$output" ]
	run standalone status "$fresh"
	[ "$status" -eq 3 ]
	standalone start "$fresh" "$port"
	[ -e "$fresh/ready" ]
	standalone remove "$fresh"
	[ ! -e "$fresh" ]
}

@test "a start that cannot succeed says why and leaves nothing running" {
	local taken="$PLACE/taken port" port
	port=$(free_port)
	local holder
	# shellcheck disable=SC2016
	perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 1)
		or die; sleep 60' "$port" 3>&- 4>&- 5>&- &
	holder=$!
	wait_for bash -c "exec 6<>/dev/tcp/127.0.0.1/$port" 2>/dev/null
	run standalone start "$taken" "$port"
	kill "$holder"
	[ "$status" -eq 1 ]
	[[ $output == *"did not start"* ]]
	run standalone status "$taken"
	[ "$status" -eq 3 ]
	run pgrep -f "$taken"
	[ -z "$output" ]
}
