#!/bin/bash
# Rounds: the statements of server/domain/round.sql as they stand there, prepared and run by round.psql on the whole plan.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=server/cluster.sh
source server/cluster.sh
socket=$PGHOST

# prepare NAME: PREPARE with the types that the statement's head declares.
prepare() {
	awk -v name="$1" '
		/^-- name: / { on = ($3 == name); if (on) head = $0; next }
		!on { next }
		/^--/ { if (!text) next }
		{ text = text $0 "\n" }
		END {
			sub(/^[^(]*\(/, "", head); sub(/\).*/, "", head)
			n = split(head, parts, /, */); types = ""
			for (i = 1; i <= n; i++) { split(parts[i], word, " "); types = types (i > 1 ? ", " : "") word[1] }
			printf "PREPARE %s (%s) AS %s;\n", name, types, text
		}' server/domain/round.sql
}

{
	# shellcheck disable=SC2016 # dollar quotes of SQL
	printf 'CREATE TABLE public.plan_file AS SELECT $plan$'
	cat client/share/plans/INAP-II.json
	# shellcheck disable=SC2016
	printf '$plan$::text AS b;\n'
	prepare round_list
	prepare round_add
	prepare round_change
	cat tests/db/round.psql
} | cluster_psql "$socket" -d "$INAP_DATABASE" -A -t
