# shellcheck shell=bash
# The system that is measured: a PostgreSQL and a daemon of its own, a plan of tests/volume, 64 offices.
#
# Sets work, socket, database_pid, daemon_pid, daemon_port; bench_stop ends and removes all of it.

bench_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=server/cluster.sh
source "$bench_root/server/cluster.sh"
# shellcheck source=server/authority.sh
source "$bench_root/server/authority.sh"

bench_tools=$bench_root/build/release/tools
bench_round=2024Q3
bench_people=64
bench_entities=330

# Settings of the daemon's connections that write (server/store/pgconn.c), so that the anchor runs on the same plans.
bench_writer_options='-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off
	-c enable_mergejoin=off -c enable_bitmapscan=off -c enable_memoize=off'
bench_options='-c timezone=UTC -c jit=off -c bytea_output=hex -c search_path=inap,pg_temp'

bench_psql() {
	cluster_psql "$socket" -d inap -A -t "$@"
}

bench_start() {
	work=$(mktemp -d /tmp/inap-bench-XXXXXX) || return 1
	chmod 755 "$work"
	mkdir "$work/cluster" "$work/tls" "$work/people"
	cluster_make "$work/cluster" || return 1
	socket=$(cluster_socket) || return 1
	cluster_serve "$work/cluster" "$socket" -c max_wal_size=8GB "$@" >"$work/postgresql.log" 2>&1 &
	database_pid=$!
	cluster_wait "$socket" "$database_pid" && cluster_deploy "$socket" "$bench_root/migrations" inap || return 1
	authority_make "$work" && authority_certify "$work" "${HOSTNAME:-localhost}" || return 1
	bench_daemon_start
}

bench_daemon_start() {
	local tries
	daemon_port=$((20000 + RANDOM % 20000))
	cat >"$work/inapd.conf" <<-CONF
		[listen]
		tls = 127.0.0.1:$daemon_port
		unix = $work/inapd.sock
		http =
		[tls]
		certificate = $work/tls/server.pem
		key = $work/tls/server.key
		[database]
		conninfo = host=$socket dbname=inap user=inap_app
		conninfo_auth = host=$socket dbname=inap user=inap_auth
	CONF
	"$bench_root/build/bin/inapd" --config "$work/inapd.conf" >>"$work/inapd.log" 2>&1 </dev/null &
	daemon_pid=$!
	for ((tries = 0; tries < 200; tries++)); do
		[[ ! -S $work/inapd.sock ]] || return 0
		kill -0 "$daemon_pid" 2>/dev/null || break
		sleep 0.1
	done
	tail -n 5 "$work/inapd.log" >&2
	return 1
}

# As a person with a machine of their own, over TLS.
bench_as() {
	local home=$work/people/$1
	shift
	mkdir -p "$home"
	env -u INAP_USER HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_STATE_HOME="$home/state" XDG_DATA_HOME="$home/data" \
		XDG_CACHE_HOME="$home/cache" INAP_SERVER="localhost:$daemon_port" INAP_CA="$work/ca.pem" INAP_LANG=en INAP_COLOR=never \
		"$bench_root/build/bin/inap" --no-input "$@"
}

bench_enrol() {
	printf '%s\n' "$2" >"$work/people/$1.code"
	openssl rand -hex 16 >"$work/people/$1.password"
	bench_as "$1" -q enrol --user "$1" --code-file "$work/people/$1.code" --password-file "$work/people/$1.password" >/dev/null
}

# The plan, the round and the people, all through the protocol.
bench_fill() {
	local code
	code=$("$bench_root/build/bin/inapd" --config "$work/inapd.conf" --first-admin 2>>"$work/inapd.log") || return 1
	bench_enrol admin "$code" || return 1
	code=$(bench_as admin --json user add planner --home SYSTEM --name Planner | jq -er .code) || return 1
	bench_as admin -q role grant planner secretariat >/dev/null && bench_enrol planner "$code" || return 1
	jq -n --argjson federal "$bench_entities" --argjson kurdistan 0 --argjson indicators 1 -f "$bench_root/tests/volume/plan.jq" >"$work/plan.json"
	bench_as planner -q plan import "$work/plan.json" >/dev/null || return 1
	"$bench_tools/volume/volume" --server "unix:$work/inapd.sock" --people "$work/offices" --admin-password "$work/people/admin.password" \
		--rounds "$bench_round" --entities "$bench_people" --until expected >"$work/volume" || return 1
	awk -F '\t' '$3 == "focal_point" { print $4, $5 }' "$work/offices" >"$work/tokens"
	bench_psql -c "SELECT code FROM inap.cell WHERE table_id IS NOT NULL ORDER BY code COLLATE \"C\"" >"$work/cells"
	bench_psql <"$bench_root/tests/bench/plain.sql"
}

bench_stop() {
	[[ -z ${daemon_pid:-} ]] || { kill -TERM "$daemon_pid" && wait "$daemon_pid"; } 2>/dev/null
	[[ -z ${database_pid:-} ]] || cluster_end "$database_pid"
	[[ -z ${work:-} ]] || rm -rf "$work" "${socket:-}"
	daemon_pid='' database_pid='' work=''
}

# bench_load SERVER CLIENTS WARM_MS FOR_MS save|show
bench_load() {
	"$bench_tools/bench/load" --server "$1" --ca "$work/ca.pem" --tokens "$work/tokens" --cells "$work/cells" \
		--round "$bench_round" --clients "$2" --warm "$3" --for "$4" "$5"
}

# bench_pgbench SCRIPT CLIENTS SECONDS [OPTIONS...]: one of tests/bench/*.pgbench, as the role inap_app.
bench_pgbench() {
	local options=$bench_options bin
	bin=$(cluster_bin)
	[[ $1 != same ]] || options="$bench_options $bench_writer_options"
	(cd "$work" && PGOPTIONS=${options//$'\n'/ } "$bin/pgbench" -n -M prepared -h "$socket" -U inap_app -d inap \
		-f "$bench_root/tests/bench/$1.pgbench" -c "$2" -j 1 -T "$3" -D started=0 -D round="$bench_round_id" -D first="$bench_first_entity" \
		-D cells="$bench_cells" -D ids="$bench_cell_ids" "${@:4}")
}

# What the scripts of pgbench are given.
bench_variables() {
	bench_cells="{$(sed 's/.*/"&"/' "$work/cells" | paste -sd ,)}"
	bench_cell_ids=$(bench_psql -c "SELECT array_agg(cell_id ORDER BY code COLLATE \"C\") FROM inap.cell WHERE table_id IS NOT NULL")
	bench_round_id=$(bench_psql -c "SELECT round_id FROM inap.round")
	bench_first_entity=$(bench_psql -c "SELECT entity_id FROM inap.entity WHERE code = 'FED-B001'")
}
