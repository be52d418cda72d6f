#!/bin/bash
# The whole system on one machine: a private PostgreSQL, inapd, certificates, a first admin. Installed as inapd-standalone.
#
#   start DATA [PORT]   make or reuse DATA, start, return once it serves (INAP_LISTEN: other address than 127.0.0.1)
#   stop DATA           end everything            status DATA   say whether it serves; 0, or 3
#   backup DATA DIR     a consistent copy, also while it runs     restore DIR DATA   the copy into a fresh DATA
#   verify DATA [KEPT]  walk the log's chains, compare the figures with it, print the chains' ends; KEPT: ends kept from before
#   remove DATA         stop, and delete DATA with its database
#
# DATA/lock is held by whoever owns the running system; ca.pem, inapd.pid, ready and users are read by people and tests.
set -euo pipefail
umask 077

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
first_of() {
	local path
	for path in "$@"; do
		[[ ! -e $path ]] || { readlink -f "$path"; return; }
	done
	echo "inapd-standalone: cannot find '$1'" >&2
	return 1
}
# shellcheck source=server/cluster.sh
source "$(first_of "$here/cluster.sh" "$here/../share/inap/cluster.sh")"
# shellcheck source=server/authority.sh
source "$(first_of "$here/authority.sh" "$here/../share/inap/authority.sh")"
migrations=$(first_of "$here/../migrations" "$here/../share/inap/migrations")
# INAP_PROGRAMS: a folder whose programs are taken instead (tests).
program() {
	first_of ${INAP_PROGRAMS:+"$INAP_PROGRAMS/$1"} "$here/$1" "$here/../build/bin/$1" "$here/../bin/$1"
}

fail() {
	echo "inapd-standalone: $*" >&2
	exit 1
}

# ---- DATA

# Sets data, the full path of what is ours or can become ours, and takes its lock (fd 9) where `held` says so.
open_data() {
	local path=$1
	[[ -n $path ]] || fail "no folder given"
	data=$(readlink -m -- "$path")
	[[ $data != / ]] || fail "not in '/'"
	cluster_dir=$data/postgres
}

is_ours() {
	[[ -f $data/inapd.conf && -f $data/lock ]]
}

take_lock() {
	exec 9>>"$data/lock"
	flock -n 9
}

is_running() {
	[[ -f $data/lock ]] && ! flock -n "$data/lock" true
}

make_data() {
	mkdir -p -- "$data"
	[[ -z $(ls -A -- "$data") || -f $data/lock ]] || fail "'$data' is not empty and not of INAP"
	chmod 755 -- "$data"
	take_lock || fail "'$data' already runs; see: status"
	mkdir -p -- "$data/log" "$data/tls"
}

# The cluster lies in DATA, or where its owner cannot reach that, in /var/lib/inap with a link from DATA.
make_cluster() {
	local place
	[[ ! -f $cluster_dir/PG_VERSION ]] || return 0
	if [[ -L $cluster_dir ]]; then
		fail "'$cluster_dir' points to '$(readlink "$cluster_dir")', where no cluster is"
	fi
	rm -rf -- "$cluster_dir"
	mkdir -- "$cluster_dir"
	cluster_give "$cluster_dir"
	if ! cluster_run test -w "$cluster_dir"; then
		place=/var/lib/inap/$(printf '%s' "$data" | sha256sum | cut -c1-16)
		rmdir -- "$cluster_dir"
		mkdir -p /var/lib/inap
		chmod 755 /var/lib/inap
		if [[ -e $place ]]; then
			echo "kept the database of a '$data' that was deleted: $place.$(date +%s)"
			mv "$place" "$place.$(date +%s)"
		fi
		mkdir "$place"
		ln -s "$place" "$cluster_dir"
	fi
	echo "making the database cluster"
	cluster_make "$(readlink -f "$cluster_dir")"
}

make_certificates() {
	local host=${HOSTNAME:-localhost}
	[[ -s $data/ca.pem ]] || authority_make "$data" || fail "cannot make a certificate authority"
	authority_covers "$data" "$host" || authority_certify "$data" "$host" || fail "cannot make a certificate for '$host'"
}

# ---- configuration; written at every start, since the socket is a fresh one

write_configuration() {
	local socket=$1 port=$2
	cat >"$data/inapd.conf" <<-CONF
		# Written by inapd-standalone at every start. Paths are seen from this folder: run inapd in it.
		[listen]
		tls = ${INAP_LISTEN:-127.0.0.1}:$port
		http = 127.0.0.1:$((port + 1))

		[tls]
		certificate = tls/server.pem
		key = tls/server.key

		[database]
		conninfo = host=$socket dbname=inap user=inap_app
		conninfo_auth = host=$socket dbname=inap user=inap_auth
	CONF
	echo "$port" >"$data/port"
	echo "$socket" >"$data/socket"
}

# ---- the supervisor: PostgreSQL and inapd are its children, restarted when they die

say() {
	printf '%s %s\n' "$(date -u +%FT%TZ)" "$*"
}

start_database() {
	(exec 9>&- && cluster_serve "$(readlink -f "$cluster_dir")" "$socket") >>"$data/log/postgresql.log" 2>&1 &
	database_pid=$!
	cluster_wait "$socket" "$database_pid"
}

is_ready() {
	local status=
	{
		exec 3<>"/dev/tcp/127.0.0.1/$((port + 1))" || return 1
		printf 'GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
		read -r -t 5 _ status _ <&3 || true
		exec 3>&-
	} 2>/dev/null
	[[ $status == 200 ]]
}

start_daemon() {
	local tries
	(cd -- "$data" && exec 9>&- && exec "$inapd" --config inapd.conf) >>"$data/log/inapd.log" 2>&1 &
	daemon_pid=$!
	echo "$daemon_pid" >"$data/inapd.pid"
	for ((tries = 0; tries < 300 && !stopping; tries++)); do
		! is_ready || return 0
		kill -0 "$daemon_pid" 2>/dev/null || return 1
		sleep 0.1
	done
	return 1
}

# The code is kept until it was used, so that a start that was cut off here can be repeated.
enrol_first_admin() {
	local code=$data/first-admin.code password=$data/first-admin.password status=0 home
	[[ ! -s $data/users ]] || return 0
	if [[ ! -s $code ]]; then
		(cd -- "$data" && "$inapd" --config inapd.conf --first-admin) >"$code.new" || return 1
		mv -- "$code.new" "$code"
	fi
	[[ -s $password ]] || openssl rand -base64 18 >"$password"
	home=$(mktemp -d)
	XDG_STATE_HOME=$home XDG_CONFIG_HOME=$home XDG_DATA_HOME=$home XDG_CACHE_HOME=$home \
		INAP_SERVER=127.0.0.1:$port INAP_CA=$data/ca.pem INAP_LANG=en "$inap" enrol --no-input --user admin \
		--code-file "$code" --password-file "$password" </dev/null || status=$?
	rm -rf -- "$home"
	((status == 0)) || return 1
	printf 'user=admin\tpassword=%s\trole=admin\tscope=national\n' "$(<"$password")" >"$data/users.new"
	mv -- "$data/users.new" "$data/users"
	rm -f -- "$code" "$password"
}

end_children() {
	local tries
	rm -f -- "$data/ready"
	if [[ -n $daemon_pid ]]; then
		kill -TERM "$daemon_pid" 2>/dev/null || true
		for ((tries = 0; tries < 200; tries++)); do
			kill -0 "$daemon_pid" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL "$daemon_pid" 2>/dev/null || true
	fi
	[[ -z $database_pid ]] || cluster_end "$database_pid" || say "PostgreSQL does not end"
	rm -rf -- "$socket"
	rm -f -- "$data"/{inapd.pid,supervisor.pid,socket}
}

# give_up MESSAGE: before it served once, a failure is final; start prints the end of this log.
give_up() {
	say "$1"
	exit 1
}

# Looks twice a second: what `wait -n` tells about a child that ended before the call depends on who asked first.
keep_running() {
	local wait_s=1 steady_since=$SECONDS idle
	exec {idle}<> <(:)
	while ((!stopping)); do
		read -r -t 0.5 -u "$idle" || true
		if kill -0 "$database_pid" 2>/dev/null && kill -0 "$daemon_pid" 2>/dev/null; then
			((SECONDS - steady_since < 60)) || wait_s=1
			continue
		fi
		if ! kill -0 "$database_pid" 2>/dev/null; then
			say "PostgreSQL has ended; starting it again"
			start_database || say "PostgreSQL does not start; see postgresql.log"
		fi
		if ! kill -0 "$daemon_pid" 2>/dev/null; then
			rm -f -- "$data/ready"
			say "inapd has ended; starting it again"
			! start_daemon || touch "$data/ready"
		fi
		read -r -t "$wait_s" -u "$idle" || true
		wait_s=$((wait_s < 30 ? wait_s * 2 : 30))
		steady_since=$SECONDS
	done
}

# Runs in the background, with the lock that `start` took.
supervise() {
	port=$1
	stopping=0 database_pid='' daemon_pid=''
	inapd=$(program inapd)
	inap=$(program inap)
	socket=$(cluster_socket)
	echo $$ >"$data/supervisor.pid"
	trap 'stopping=1' TERM INT
	trap 'status=$?; trap "" TERM INT; end_children; exit $status' EXIT
	write_configuration "$socket" "$port"
	start_database || give_up "PostgreSQL does not start; see postgresql.log"
	cluster_deploy "$socket" "$migrations" inap || give_up "the schema cannot be deployed"
	start_daemon || give_up "inapd does not serve; the end of inapd.log: $(tail -n 5 "$data/log/inapd.log")"
	enrol_first_admin || give_up "the first admin cannot be enrolled"
	touch "$data/ready"
	say "serving on port $port"
	keep_running
	say "stopping"
}

# ---- commands

# What a supervisor that was killed left behind; the lock is ours, so nothing else may run on DATA.
end_leftovers() {
	local pid
	if [[ -f $data/inapd.pid ]] && pid=$(<"$data/inapd.pid") && [[ $(readlink "/proc/$pid/cwd" || true) == "$data" ]]; then
		kill -KILL "$pid" 2>/dev/null || true
	fi
	if [[ -f $cluster_dir/postmaster.pid ]]; then
		cluster_run pg_ctl -s -D "$(readlink -f "$cluster_dir")" -m fast stop 2>/dev/null || true
	fi
	[[ ! -s $data/socket ]] || rm -rf -- "$(<"$data/socket")"
	rm -f -- "$data"/{ready,inapd.pid,supervisor.pid,socket}
}

start() {
	local port=${1:-1325} supervisor
	[[ $port =~ ^[1-9][0-9]{0,4}$ && $port -lt 65535 ]] || fail "'$port' is not a port from 1 to 65534"
	program inapd >/dev/null && program inap >/dev/null || exit 1
	make_data
	end_leftovers
	make_cluster
	make_certificates
	touch "$data/inapd.conf"
	: >"$data/log/supervisor.log"
	setsid nohup "$0" supervise "$data" "$port" </dev/null >>"$data/log/supervisor.log" 2>&1 &
	supervisor=$!
	until [[ -e $data/ready ]]; do
		if ! kill -0 "$supervisor" 2>/dev/null; then
			echo "inapd-standalone: it did not start; $data/log/supervisor.log says:" >&2
			tail -n 15 "$data/log/supervisor.log" >&2
			exit 1
		fi
		sleep 0.1
	done
	cat <<-TEXT
		INAP serves on ${INAP_LISTEN:-127.0.0.1}:$port. Its data: $data
		  export INAP_SERVER=localhost:$port INAP_CA=$(printf '%q' "$data/ca.pem")
		  $(printf '%q' "$(program inap)") login --user admin
		The password of the first admin stands in $data/users (only you can read it).
	TEXT
}

stop() {
	if is_running; then
		[[ ! -s $data/supervisor.pid ]] || kill -TERM "$(<"$data/supervisor.pid")" 2>/dev/null || true
		flock -w 120 "$data/lock" true || fail "'$data' does not end; see $data/log"
		echo "stopped: $data"
		return
	fi
	is_ours || fail "'$data' is not of INAP"
	take_lock && end_leftovers
	echo "not running: $data"
}

status() {
	if is_running && [[ -e $data/ready ]]; then
		echo "serving on port $(<"$data/port"): $data (inapd $(<"$data/inapd.pid"))"
	elif is_running; then
		echo "running, not serving: $data"
		exit 3
	else
		echo "not running: $data"
		exit 3
	fi
}

# with_database COMMAND...: COMMAND SOCKET, on the running database or on one started for it.
with_database() {
	local socket database_pid='' status=0
	if is_running; then
		[[ -e $data/ready ]] || fail "'$data' is being started or stopped; try again"
		"$@" "$(<"$data/socket")"
		return
	fi
	take_lock || fail "'$data' is in use"
	end_leftovers
	socket=$(cluster_socket)
	start_database || fail "PostgreSQL does not start; see $data/log/postgresql.log"
	"$@" "$socket" || status=$?
	cluster_end "$database_pid"
	rm -rf -- "$socket"
	return "$status"
}

dump_to() {
	cluster_run pg_dump -h "$2" -U postgres -d inap --format=custom >"$1/database.dump"
}

backup() {
	local target partial
	[[ -n ${1:-} ]] || fail "no folder for the backup given"
	is_ours || fail "'$data' is not of INAP"
	target=$(readlink -m -- "$1")
	[[ ! -e $target ]] || fail "'$target' exists already"
	partial=$target.partial
	rm -rf -- "$partial"
	mkdir -p -- "$partial"
	with_database dump_to "$partial" || fail "the database cannot be copied"
	cp -R -- "$data/tls" "$data/ca.pem" "$partial/"
	[[ ! -e $data/users ]] || cp -- "$data/users" "$partial/"
	(cd -- "$partial" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) >"$partial.sums"
	mv -- "$partial.sums" "$partial/MANIFEST"
	sync -- "$partial"/*
	mv -T -- "$partial" "$target"
	echo "backed up '$data' to '$target'"
}

load_from() {
	cluster_psql "$2" -d postgres -v database=inap <"$migrations/bootstrap.sql" >/dev/null &&
		cluster_run pg_restore -h "$2" -U postgres -d inap --exit-on-error --single-transaction <"$1/database.dump"
}

restore() {
	local source=$1
	open_data "${2:-}"
	[[ -s $source/MANIFEST ]] || fail "'$source' is not a backup"
	source=$(readlink -f -- "$source")
	(cd -- "$source" && sha256sum --quiet --strict -c MANIFEST >&2) || fail "'$source' is damaged; nothing was restored"
	[[ ! -e $data || -z $(ls -A -- "$data") ]] || fail "'$data' is not empty"
	make_data
	make_cluster
	cp -R -- "$source/tls" "$source/ca.pem" "$data/"
	chmod 644 -- "$data/ca.pem"
	[[ ! -e $source/users ]] || cp -- "$source/users" "$data/"
	touch "$data/inapd.conf"
	exec 9>&-
	with_database load_from "$source" || fail "the database cannot be restored; '$data' is not usable"
	echo "restored '$source' to '$data'; start it: '$0' start '$data'"
}

# What is wrong with the log and with what is made of it, then where each chain ends; a kind before each line.
log_walk() {
	{
		echo 'SET search_path = inap; CREATE TEMP TABLE kept (code text, seq bigint, hash text); COPY kept FROM STDIN;'
		[[ -z $1 ]] || cat -- "$1"
		printf '\\.\n'
		cat <<-'SQL'
			BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
			SELECT 'fault', e.code, f.seq, f.fault FROM chain_head h JOIN entity e USING (entity_id), chain_faults(h.entity_id) f;
			SELECT 'fault', k.code, k.seq, 'it is not the entry that was kept' FROM kept k
			 WHERE NOT EXISTS (SELECT FROM log l JOIN entity e USING (entity_id) WHERE e.code = k.code AND l.seq = k.seq AND encode(l.hash, 'hex') = k.hash);
			SELECT 'fault', e.code, p.code, 'a figure is not what the log says' FROM report r JOIN entity e USING (entity_id) JOIN round p USING (round_id)
			 WHERE EXISTS (SELECT FROM value_differences(r.entity_id, r.round_id));
			SELECT 'end', e.code, h.seq, encode(h.hash, 'hex') FROM chain_head h JOIN entity e USING (entity_id) WHERE h.seq > 0 ORDER BY e.code COLLATE "C";
		SQL
	} | cluster_psql "$2" -d inap -A -t -F $'\t'
}

verify() {
	local kept='' found
	is_ours || fail "'$data' is not of INAP"
	if [[ -n ${1:-} ]]; then
		kept=$1
		[[ -s $kept ]] || fail "'$kept' is not there, or empty"
		! grep -qvE $'^[A-Z0-9-]+\t[0-9]+\t[0-9a-f]{64}$' "$kept" || fail "'$1' is not what verify has printed"
	fi
	found=$(with_database log_walk "$kept") || fail "the log cannot be read"
	sed -n 's/^end\t//p' <<<"$found"
	if grep -q '^fault' <<<"$found"; then
		sed -n 's/^fault\t\([^\t]*\)\t\([^\t]*\)\t/inapd-standalone: \1 \2: /p' <<<"$found" >&2
		fail "the log of '$data' is not what it was"
	fi
}

remove() {
	is_ours || fail "'$data' is not of INAP"
	stop >/dev/null
	if [[ -L $cluster_dir ]]; then
		rm -rf -- "$(readlink -f "$cluster_dir")"
	fi
	rm -rf -- "$data"
	echo "removed: $data"
}

usage() {
	sed -n '2,/^set /{/^#/!d; s/^# \{0,1\}//; p}' "$0" >&2
	exit 2
}

verb=${1:-}
[[ $verb =~ ^(start|stop|status|backup|restore|verify|remove|supervise)$ && -n ${2:-} ]] || usage
shift
[[ $verb == restore ]] || { open_data "$1" && shift; }
"$verb" "$@"
