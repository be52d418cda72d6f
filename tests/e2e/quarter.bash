# shellcheck shell=bash
# A round of the real plan, and the raw client: for tests of the protocol. Sourced after helper.bash.

round=2024Q3

# make_round [LINE...]: the admin, the Secretariat, INAP-II and an open round 2024Q3, in a fresh database and daemon.
make_round() {
	server_start "$@" && make_admin && make_user secretary SYSTEM secretariat || return 1
	inap_as secretary -q plan import "$INAP_ROOT/client/share/plans/INAP-II.json" >/dev/null || return 1
	inap_as secretary -q round add "$round" --due "$(date -d '+14 days' +%F)" >/dev/null
}

# make_office NAME ENTITY: NAME-focal and NAME-approver of an entity.
make_office() {
	make_people "$1-focal $2 focal_point $2" "$1-approver $2 approver $2"
}

# answer_all USER REPORT: everything asked is answered with 0, and marked ready.
answer_all() {
	inap_as "$1" report show "$2" >/dev/null && inap_as "$1" -q report nil "$2" >/dev/null &&
		inap_as "$1" -q report ready "$2" >/dev/null
}

# move USER REPORT COMMAND...: a move by a person who looked at the report first.
move() {
	local user=$1 report=$2
	shift 2
	inap_as "$user" report show "$report" >/dev/null && inap_as "$user" --no-input --yes -q "$@"
}

# submit NAME ENTITY: the office answers all and signs.
submit() {
	answer_all "$1-focal" "$2/$round" &&
		move "$1-approver" "$2/$round" report submit "$2/$round" --letter 1 --letter-date 2024-10-09 --note "a test's figures" >/dev/null
}

# ---- the raw client

# frames [--bodies]: commands on stdin, a line per frame on stdout.
frames() {
	"$INAP_TOOLS/faults/frames" --server "${FRAMES_SERVER:-$INAP_SERVER}" --ca "$INAP_CA" "$@"
}

# described ARGUMENT: protoc over the messages as the suite has read them once: half the time of reading the sources.
described() {
	# shellcheck disable=SC2046
	protoc --descriptor_set_in="$INAP_SUITE/messages" "$1" $(<"$INAP_SUITE/messages.names")
}

# encode MESSAGE: protobuf's text on stdin, its bytes in hex on stdout.
encode() {
	described --encode="inap.v1.$1" | xxd -p -c 0
}

# decode MESSAGE HEX
decode() {
	xxd -r -p <<<"$2" | described --decode="inap.v1.$1"
}

# login_line USER: the command that logs the raw client in.
login_line() {
	password_of "$1" >"$INAP_HOME/password-$1"
	echo "login $1 $INAP_HOME/password-$1"
}

# raw_login USER...: a session of each for the raw client, its token kept.
raw_login() {
	local user
	for user in "$@"; do
		frames <<<"hello
$(login_line "$user")
token" | tail -n 1 >"$INAP_HOME/token-$user"
	done
}

# raw USER LINES: the raw client with that session: $lines are the frames that answer LINES, $output likewise.
raw() {
	run frames ${bodies:+--bodies} <<<"hello
resume $(<"$INAP_HOME/token-$1")
read
$2"
	[[ ${lines[2]:-} == 'reply session.resume '* ]] || flunk "no session" || return 1
	lines=("${lines[@]:3}")
	output=$(printf '%s\n' "${lines[@]}")
}

# raw_served USER: a new connection is served, and the daemon is the one that was started.
raw_served() {
	kill -0 "$(daemon_pid)" || flunk "the daemon is gone" || return 1
	raw "$1" "call session.whoami"
	[[ $output == "reply session.whoami "* ]] || flunk "the next request was not served"
}

# wants_line N PATTERN: of what the raw client printed.
wants_line() {
	# shellcheck disable=SC2053
	[[ ${lines[$1]:-} == $2 ]] || flunk "line $1: wanted '$2', got '${lines[$1]:-}'"
}

# save_text BASE CELL=NUMBER...: the text of a ReportSave of FED-MOI, or of $entity.
save_text() {
	local cell number
	echo "report { entity: \"${entity:-FED-MOI}\" round: \"$round\" } base_revision: $1 via: VIA_SET"
	(($# > 1)) || return 0
	while IFS='=' read -r cell number; do
		# Categories are written with =, the number stands behind the last one.
		while [[ $number == *=* ]]; do
			cell+="=${number%%=*}" number=${number#*=}
		done
		echo "cells { cell: \"$cell\" value { number: \"$number\" } }"
	done < <(printf '%s\n' "${@:2}" | LC_ALL=C sort)
}

# ---- looking at the database

# tables: every table with the number and the hash of its rows, one a line.
tables() {
	sql "SELECT c.relname, x.n, x.hash
		FROM pg_class c CROSS JOIN LATERAL (
			SELECT (xpath('/row/n/text()', d))[1]::text AS n, (xpath('/row/hash/text()', d))[1]::text AS hash
			FROM query_to_xml(format('SELECT count(*) AS n, md5(string_agg(t::text, E''\\n'' ORDER BY t::text)) AS hash
				FROM inap.%I t', c.relname), false, true, '') AS d) x
		WHERE c.relnamespace = 'inap'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		ORDER BY 1"
}

# tables_but NAME...: the same, without those tables.
tables_but() {
	local name pattern=
	for name in "$@"; do pattern+="${pattern:+|}$name"; done
	tables | grep -vE "^($pattern)\\|"
}
