#!/bin/bash
# A change that replaces a function starts from the one in force: its revert takes the last change before it that made it.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

# NAME CHANGE NUMBER of every function that a change makes, by the plan's order.
made() {
	local change number=0
	while read -r change; do
		number=$((number + 1))
		[[ ! -f migrations/deploy/$change.sql ]] ||
			sed -nE "s/^CREATE( OR REPLACE)? FUNCTION ([a-z_0-9]+)\(.*/\2 $change $number/p" "migrations/deploy/$change.sql"
	done < <(awk '/^[a-z]/ { print $1 }' migrations/sqitch.plan)
}

# NAME CHANGE FORMER of every function that a revert brings back.
brought_back() {
	grep -hoE "^.set [a-z_]+ .\./former [a-z_0-9]+ deploy/[a-z_]+\.sql" migrations/revert/*.sql /dev/null -H |
		sed -nE 's#^migrations/revert/([a-z_]+)\.sql:.* ([a-z_0-9]+) deploy/([a-z_]+)\.sql$#\2 \1 \3#p'
}

check() {
	awk 'NR == FNR { makes[$1] = makes[$1] " " $2; next }
		{ n = split(makes[$1], by, " "); last = ""
		  for (i = 1; i <= n && by[i] != $2; i++) last = by[i]
		  if (last != $3) { print "migrations/revert/" $2 ".sql: " $1 " was last made by " last ", not by " $3; bad = 1 } }
		END { exit bad }' <(made) <(brought_back)
}

plant_older_former() {
	sed -i 's#former contribution_totals deploy/desk.sql#former contribution_totals deploy/total.sql#' migrations/revert/carry.sql
	echo migrations/revert/carry.sql
}

lint_main "$@"
