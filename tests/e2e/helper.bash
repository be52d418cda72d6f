# shellcheck shell=bash
# What the end-to-end tests speak: a server of their own, users who log in side by side, and assertions.
#
#   setup_file() { load helper; server_start; make_users; }     a database, a daemon, the plan and its people
#   teardown_file() { load helper; server_stop; }
#   setup() { load helper; }
#
# Everything is done through the protocol by build/<variant>/inap, never by SQL; sql() is for looking only.

bats_require_minimum_version 1.5.0
# shellcheck source=tests/e2e/suite.bash
source "$(dirname "${BASH_SOURCE[0]}")/suite.bash"

# ---- the server

# Two neighbouring loopback ports that nobody listens on: TLS and health; below those that connections go out from.
free_port() {
	local port
	while true; do
		port=$((20000 + RANDOM % 6000 * 2))
		if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && ! (exec 3<>"/dev/tcp/127.0.0.1/$((port + 1))") 2>/dev/null; then
			echo "$port"
			return
		fi
	done
}

# server_start [LINE...]: a fresh database and one daemon, `main`; LINEs are added to its configuration.
server_start() {
	export INAP_HOME INAP_DATABASE INAP_PORT INAP_SERVER INAP_CA INAP_LANG=en INAP_COLOR=never
	INAP_HOME=$(mktemp -d "$INAP_SUITE/file-XXXXXX")
	INAP_DATABASE=e2e_$(basename "$INAP_HOME" | tr 'A-Z-' 'a-z_')$RANDOM
	INAP_PORT=$(free_port)
	INAP_SERVER=localhost:$INAP_PORT
	INAP_CA=$INAP_SUITE/ca.pem
	cluster_psql "$INAP_SOCKET" -d postgres <<-SQL
		CREATE DATABASE $INAP_DATABASE TEMPLATE inap_template OWNER inap_owner;
		REVOKE ALL ON DATABASE $INAP_DATABASE FROM PUBLIC;
		GRANT CONNECT ON DATABASE $INAP_DATABASE TO inap_migrate, inap_app, inap_auth;
	SQL
	daemon_start main "$INAP_PORT" "$@"
}

# daemon_start NAME PORT [LINE...]: another daemon on the same database; health is at PORT + 1.
daemon_start() {
	daemon_configure "$@" && daemon_run "$1" "$2"
}

# A LINE of the form section.key=value replaces that key's value.
daemon_configure() {
	local name=$1 port=$2 line
	local folder=$INAP_HOME/$name
	mkdir -p "$folder"
	{
		echo "listen.tls=127.0.0.1:$port"
		echo "listen.http=127.0.0.1:$((port + 1))"
		echo "tls.certificate=$INAP_SUITE/tls/server.pem"
		echo "tls.key=$INAP_SUITE/tls/server.key"
		echo "database.conninfo=host=$INAP_SOCKET dbname=$INAP_DATABASE user=inap_app"
		echo "database.conninfo_auth=host=$INAP_SOCKET dbname=$INAP_DATABASE user=inap_auth"
		echo "password.passes=1"
		echo "password.memory_mib=1"
		for line in "${@:3}"; do echo "$line"; done
	} | awk '{
		at = index($0, "="); key = substr($0, 1, at - 1); dot = index(key, ".")
		section = substr(key, 1, dot - 1); name = substr(key, dot + 1)
		if (!(section in body)) order[++count] = section
		if (!(key in value)) names[section] = names[section] " " name
		value[key] = substr($0, at + 1); body[section] = 1
	} END {
		for (i = 1; i <= count; i++) {
			print "[" order[i] "]"
			n = split(names[order[i]], name_list, " ")
			for (j = 1; j <= n; j++) print name_list[j] " = " value[order[i] "." name_list[j]]
		}
	}' >"$folder/inapd.conf"
}

daemon_run() {
	local name=$1 port=$2 tries pid
	local folder=$INAP_HOME/$name
	(exec 3>&- 4>&- 5>&- </dev/null && exec "$INAPD" --config "$folder/inapd.conf") >>"$folder/log" 2>&1 &
	pid=$!
	echo "$pid" >"$folder/pid"
	for ((tries = 0; tries < 1500; tries++)); do
		[[ $(health "$((port + 1))" /readyz) != 200 ]] || return 0
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.02
	done
	echo "the daemon '$name' does not serve:" >&2
	tail -n 20 "$folder/log" >&2
	return 1
}

# health PORT PATH: prints the status of a GET, or nothing where nobody answers.
health() {
	local status=
	{
		exec 6<>"/dev/tcp/127.0.0.1/$1" || return 0
		printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&6
		read -r -t 5 _ status _ <&6 || true
		exec 6>&-
	} 2>/dev/null
	printf '%s\n' "$status"
}

daemon_pid() {
	cat "$INAP_HOME/${1:-main}/pid"
}

# daemon_kill [NAME]: with -9; its port is free afterwards.
daemon_kill() {
	local pid
	pid=$(daemon_pid "$@")
	kill -KILL "$pid"
	while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
}

# daemon_stop NAME: drains it; fails if it does not end in 20 s or not with status 0.
daemon_stop() {
	local name=${1:-main} pid tries status=0
	pid=$(daemon_pid "$name")
	kill -TERM "$pid" 2>/dev/null || return 0
	for ((tries = 0; tries < 1000; tries++)); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.02
	done
	if kill -KILL "$pid" 2>/dev/null; then
		echo "the daemon '$name' did not end" >&2
		return 1
	fi
	# The shell knows the status only of its own child.
	if wait "$pid" 2>/dev/null; then return 0; else status=$?; fi
	((status == 127)) || { echo "the daemon '$name' ended with status $status" >&2 && tail -n 20 "$INAP_HOME/$name/log" >&2; }
	((status == 127))
}

# server_stop: every daemon of this file, and its database. What a sanitizer found is a failure of the file.
server_stop() {
	local folder failed=0
	for folder in "$INAP_HOME"/*/pid; do
		[[ -e $folder ]] || continue
		daemon_stop "$(basename "$(dirname "$folder")")" || failed=1
	done
	if grep -rhE 'AddressSanitizer|LeakSanitizer|runtime error:' "$INAP_HOME"/*/log; then
		failed=1
	fi
	cluster_psql "$INAP_SOCKET" -d postgres -c "DROP DATABASE IF EXISTS $INAP_DATABASE WITH (FORCE)"
	rm -rf "$INAP_HOME"
	return "$failed"
}

# sql STATEMENT: looks into this file's database, as its superuser; unaligned, tuples only.
sql() {
	cluster_psql "$INAP_SOCKET" -d "$INAP_DATABASE" -A -t -v ON_ERROR_STOP=1 -c "SET search_path = inap" -c "$1"
}

# ---- people

# user_home USER: the folder that stands for a person's machine.
user_home() {
	printf '%s\n' "$INAP_HOME/people/$1"
}

# inap_as USER ARGUMENTS...: the client as that person.
inap_as() {
	local home
	home=$(user_home "$1")
	shift
	mkdir -p "$home"
	env -u INAP_USER HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_STATE_HOME="$home/state" \
		XDG_DATA_HOME="$home/data" XDG_CACHE_HOME="$home/cache" TZ=Asia/Baghdad "$INAP" "$@"
}

# Everybody's own, and without the user's name, which the server refuses.
password_of() {
	printf 'tests %s\n' "$(printf '%s' "$1" | sha256sum | cut -c1-20)"
}

# enrol USER CODE, login USER: with the password that tests give everybody.
enrol() {
	password_of "$1" >"$INAP_HOME/password-$1"
	printf '%s\n' "$2" >"$INAP_HOME/code-$1"
	inap_as "$1" --no-input enrol --user "$1" --code-file "$INAP_HOME/code-$1" --password-file "$INAP_HOME/password-$1"
}

login() {
	password_of "$1" >"$INAP_HOME/password-$1"
	inap_as "$1" --no-input login --user "$1" --password-file "$INAP_HOME/password-$1"
}

# make_admin: the first admin, `admin`, logged in.
make_admin() {
	local code
	code=$("$INAPD" --config "$INAP_HOME/main/inapd.conf" --first-admin 2>>"$INAP_HOME/main/log") || return 1
	enrol admin "$code" >/dev/null
}

# make_user USER HOME ROLE [SCOPE]: made, granted and enrolled by the admin, and logged in.
make_user() {
	local user=$1 home=$2 role=$3 scope=${4:-} code
	code=$(inap_as admin --json user add "$user" --home "$home" --name "Test $user" | jq -er .code) || return 1
	inap_as admin -q role grant "$user" "$role" ${scope:+"$scope"} >/dev/null || return 1
	enrol "$user" "$code" >/dev/null
}

# make_people 'USER HOME ROLE [SCOPE]'...: the same of several, by one file, and enrolled two at a time.
make_people() {
	local user home role scope code half failed=0 pids=()
	{
		echo user,name,home,role,scope
		while read -r user home role scope; do echo "$user,Test $user,$home,$role,$scope"; done < <(printf '%s\n' "$@")
	} >"$INAP_HOME/people.csv"
	inap_as admin --json user import "$INAP_HOME/people.csv" | jq -er '.users[] | "\(.user) \(.code)"' >"$INAP_HOME/codes" || return 1
	for half in 0 1; do
		awk -v half="$half" 'NR % 2 == half' "$INAP_HOME/codes" | while read -r user code; do enrol "$user" "$code" >/dev/null || exit 1; done &
		pids+=($!)
	done
	for half in "${pids[@]}"; do wait "$half" || failed=1; done
	return "$failed"
}

# load_plan: the whole of INAP-II, by `planner`, a secretariat user of the time before there was a plan.
load_plan() {
	make_user planner SYSTEM secretariat || return 1
	inap_as planner --json plan import "$INAP_ROOT/client/share/plans/INAP-II.json"
}

# make_reporters ENTITY...: for FED-MOI the users fed-moi-focal and fed-moi-approver.
make_reporters() {
	local entity people=()
	for entity in "$@"; do
		people+=("${entity,,}-focal $entity focal_point $entity" "${entity,,}-approver $entity approver $entity")
	done
	make_people "${people[@]}"
}

# make_users [ENTITY...]: after server_start everybody that a quarter needs, each logged in: admin, planner, the plan,
# fed-coord, krg-coord, sec, sec2, team, and the reporters of the entities (FED-MOI and KRG-MOI).
make_users() {
	make_admin || return 1
	load_plan >/dev/null || return 1
	make_people "fed-coord FED-NGOD coordinator federal" "krg-coord KRG-OCIR coordinator kurdistan" "sec FED-COMSEC secretariat" \
		"sec2 FED-CTS secretariat" "team FED-NSS national_team" || return 1
	if (($#)); then make_reporters "$@"; else make_reporters FED-MOI KRG-MOI; fi
}

# nil USER REPORT: 0 for what is left; the parts of totals that are not 0 are not collected.
nil() {
	local left
	inap_as "$1" -q --yes report nil "$2" >/dev/null || return 1
	left=$(inap_as "$1" --json report show "$2" | jq -r '.unanswered[] | select(contains(":")) | . + "=@not_collected"')
	# shellcheck disable=SC2086
	[[ -z $left ]] || inap_as "$1" -q report set "$2" $left >/dev/null
}

# narrate USER REPORT: the words without which nothing is signed.
narrate() {
	inap_as "$1" report show "$2" >/dev/null &&
		inap_as "$1" -q report narrative "$2" results "What was done, made up." >/dev/null &&
		inap_as "$1" -q report narrative "$2" obstacles "What stood before it, made up." >/dev/null
}

# open_round ROUND: open from today, due in 20 days, whatever the period is.
open_round() {
	inap_as sec -q round add "$1" --opens "$(TZ=Asia/Baghdad date +%F)" --due "$(TZ=Asia/Baghdad date -d '20 days' +%F)"
}

# ---- the standalone, with the programs under test

standalone() {
	INAP_PROGRAMS=$(dirname "$INAPD") "$INAP_ROOT/server/standalone.sh" "$@" 3>&- 4>&- 5>&-
}

# ---- assertions; they speak of $status, $output and $stderr of the last `run --separate-stderr`

flunk() {
	printf '%s\n' "$@" >&2
	{
		printf -- '-- status %s\n-- output\n%s\n' "${status:-}" "${output:-}"
		[[ -z ${stderr:-} ]] || printf -- '-- stderr\n%s\n' "$stderr"
	} >&2
	return 1
}

# run_as USER ARGUMENTS...: `run` of inap_as, both streams kept apart.
run_as() {
	run --separate-stderr inap_as "$@"
}

assert_exit() {
	# shellcheck disable=SC2154
	[[ $status == "$1" ]] || flunk "wanted exit status $1, got $status"
}

# assert_json FILTER [VALUE]: jq's FILTER of $output is VALUE, or true.
assert_json() {
	local got
	got=$(jq -c "$1" <<<"$output") || flunk "not JSON for '$1'" || return 1
	[[ $got == "${2:-true}" || $got == "\"${2:-true}\"" ]] || flunk "$1: wanted ${2:-true}, got $got"
}

assert_output_has() {
	[[ $output == *"$1"* ]] || flunk "the output lacks '$1'"
}

assert_stderr_has() {
	# shellcheck disable=SC2154
	[[ $stderr == *"$1"* ]] || flunk "stderr lacks '$1'"
}

# assert_refused CODE EXIT: the last command, run with --json, was refused so.
assert_refused() {
	assert_exit "$2" && assert_json .error.code "$1"
}
