# shellcheck shell=bash
# What one run of the end-to-end tests shares: a cluster with a migrated template database, and one certificate.
#
# tests/run starts it once around all files; bats starts it by setup_suite.bash when a file is run alone.

export INAP_ROOT
INAP_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=server/cluster.sh
source "$INAP_ROOT/server/cluster.sh"
# shellcheck source=server/authority.sh
source "$INAP_ROOT/server/authority.sh"

suite_start() {
	INAP_SUITE=$(mktemp -d /tmp/inap-e2e-XXXXXX) || return 1
	export INAP_SUITE
	chmod 755 "$INAP_SUITE"
	mkdir -p "$INAP_SUITE/cluster" "$INAP_SUITE/tls"
	cluster_make "$INAP_SUITE/cluster" || return 1
	suite_database_start || return 1
	cluster_deploy "$INAP_SOCKET" "$INAP_ROOT/migrations" inap_template || return 1
	authority_make "$INAP_SUITE" && authority_certify "$INAP_SUITE" "${HOSTNAME:-localhost}" && suite_messages
}

# What the raw client's bodies are made and read by.
suite_messages() {
	(cd "$INAP_ROOT/proto" && printf '%s\n' inap/v1/*.proto >"$INAP_SUITE/messages.names" &&
		protoc -I . --include_imports -o "$INAP_SUITE/messages" inap/v1/*.proto)
}

# Also for tests that kill PostgreSQL: it comes back at the same socket.
suite_database_start() {
	[[ -n ${INAP_SOCKET:-} ]] || INAP_SOCKET=$(cluster_socket) || return 1
	export INAP_SOCKET
	# Descriptors of bats are closed: it waits until nobody holds them.
	(
		exec 3>&- 4>&- 5>&- </dev/null
		# Tests kill processes and never take the power away: what the kernel holds is there when PostgreSQL comes back. The
		# standalone's cluster, which is what is shipped, syncs.
		cluster_serve "$INAP_SUITE/cluster" "$INAP_SOCKET" -c log_error_verbosity=default -c max_connections=400 -c fsync=off
	) >>"$INAP_SUITE/postgresql.log" 2>&1 &
	echo $! >"$INAP_SUITE/postgresql.pid"
	disown $! # the shell does not report that a test killed it
	cluster_wait "$INAP_SOCKET" "$(<"$INAP_SUITE/postgresql.pid")"
}

suite_stop() {
	[[ -n ${INAP_SUITE:-} ]] || return 0
	[[ ! -f $INAP_SUITE/postgresql.pid ]] || cluster_end "$(<"$INAP_SUITE/postgresql.pid")"
	rm -rf "$INAP_SUITE" "${INAP_SOCKET:-}"
	unset INAP_SUITE INAP_SOCKET
}
