# shellcheck shell=bash
# A private PostgreSQL cluster for one INAP: sourced by standalone.sh and by the tests, so that both have the same one.
#
# Unix socket only, peer authentication with a map, checksums, fsync. As root the cluster belongs to the user postgres,
# otherwise to whoever runs this. Its superuser is the database role postgres.

cluster_roles=(inap_app inap_auth inap_migrate)

cluster_bin() {
	local bin
	for bin in /usr/lib/postgresql/15/bin "$(pg_config --bindir 2>/dev/null)"; do
		[[ ! -x $bin/postgres ]] || { printf '%s\n' "$bin"; return; }
	done
	echo "PostgreSQL 15 is not installed" >&2
	return 1
}

# Replaces this (sub)shell by a program of PostgreSQL that runs as the cluster's owner, with an environment of its own.
cluster_exec() {
	local bin name=$1
	bin=$(cluster_bin) || exit 1
	shift
	local command=(env -i -C / "PATH=$bin:/usr/bin:/bin" LANG=C.UTF-8 HOME=/ TZ=UTC "$name" "$@")
	if ((EUID == 0)); then
		exec setpriv --reuid=postgres --regid=postgres --init-groups -- "${command[@]}"
	fi
	exec "${command[@]}"
}

cluster_run() {
	(cluster_exec "$@")
}

cluster_give() {
	((EUID != 0)) || chown postgres:postgres "$@"
}

# cluster_make DIR: a new cluster in the existing, empty DIR.
cluster_make() {
	local directory=$1 self owner role
	self=$(id -un)
	owner=$( ((EUID == 0)) && echo postgres || echo "$self")
	cluster_give "$directory"
	chmod 700 "$directory"
	cluster_run initdb --pgdata="$directory" --username=postgres --auth=peer --data-checksums --encoding=UTF8 \
		--locale=C.UTF-8 --no-instructions >/dev/null || return 1
	cluster_run tee -a "$directory/postgresql.conf" >/dev/null <<-'CONF'

		# INAP's private cluster
		listen_addresses = ''
		unix_socket_permissions = 0700
		max_connections = 60
		fsync = on
		full_page_writes = on
		timezone = 'UTC'
		log_timezone = 'UTC'
		# what people report stays out of the log
		log_parameter_max_length = 0
		log_parameter_max_length_on_error = 0
		log_error_verbosity = terse
	CONF
	echo 'local all all peer map=inap' | cluster_run tee "$directory/pg_hba.conf" >/dev/null
	{
		printf 'inap "%s" %s\n' "$owner" postgres
		for role in "${cluster_roles[@]}"; do
			printf 'inap "%s" %s\n' "$self" "$role"
			[[ $owner == "$self" ]] || printf 'inap "%s" %s\n' "$owner" "$role"
		done
	} | cluster_run tee "$directory/pg_ident.conf" >/dev/null
}

# cluster_socket: prints a fresh folder, of the cluster's owner alone, for the socket.
cluster_socket() {
	local base=/tmp socket
	((EUID != 0)) || [[ ! -w /run ]] || base=/run
	socket=$(mktemp -d "$base/inap-XXXXXXXX") || return 1
	chmod 700 "$socket"
	cluster_give "$socket"
	printf '%s\n' "$socket"
}

# cluster_serve DIR SOCKET [postgres' options]: becomes the server; call it in a subshell in the background.
cluster_serve() {
	cluster_exec postgres -D "$1" -k "$2" "${@:3}"
}

# cluster_wait SOCKET PID: until it takes connections; fails when PID ends before, or after a minute.
cluster_wait() {
	local tries
	for ((tries = 0; tries < 600; tries++)); do
		! cluster_run pg_isready -q -h "$1" -d postgres -U postgres || return 0
		kill -0 "$2" 2>/dev/null || return 1
		sleep 0.1
	done
	return 1
}

# cluster_psql SOCKET [psql's options]: as the superuser; a script comes by standard input.
cluster_psql() {
	cluster_run psql -X -q -v ON_ERROR_STOP=1 -h "$1" -U postgres "${@:2}"
}

# cluster_sqitch SOCKET MIGRATIONS DATABASE [sqitch's words]: as the role that migrates.
cluster_sqitch() {
	env -C "$2" "PGHOST=$1" PGUSER=inap_migrate "PGDATABASE=$3" PGOPTIONS='-c role=inap_owner' TZ=UTC \
		LC_ALL=C.UTF-8 SQITCH_USER_CONFIG=/dev/null SQITCH_SYSTEM_CONFIG=/dev/null SQITCH_FULLNAME=INAP \
		SQITCH_EMAIL=inap@localhost sqitch --quiet "${@:4}" --target "db:pg:$3"
}

# cluster_deploy SOCKET MIGRATIONS DATABASE: roles, database and schema, or what is missing of them.
cluster_deploy() {
	cluster_psql "$1" -d postgres -v database="$3" <"$2/bootstrap.sql" >/dev/null || return 1
	cluster_sqitch "$@" deploy --verify
}

# cluster_end PID: a fast shutdown; after a minute an immediate one. PID need not be a child.
cluster_end() {
	local tries signal
	for signal in INT QUIT; do
		kill -s "$signal" "$1" 2>/dev/null || return 0
		for ((tries = 0; tries < 600; tries++)); do
			kill -0 "$1" 2>/dev/null || return 0
			sleep 0.1
		done
	done
	return 1
}
