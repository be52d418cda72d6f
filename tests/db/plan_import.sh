#!/bin/bash
# The plan import against the whole of INAP-II: feeds the plan file, which the cluster's owner may not be able to read, and
# what jq counts in it, to plan_import.psql.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=server/cluster.sh
source server/cluster.sh
socket=$PGHOST
file=client/share/plans/INAP-II.json

{
	# shellcheck disable=SC2016 # dollar quotes of SQL
	printf 'CREATE TABLE public.plan_file AS SELECT $plan$'
	cat "$file"
	# shellcheck disable=SC2016
	printf '$plan$::jsonb AS b, $counts$'
	jq -c '{entity: (.entities | length), dimension: (.dimensions | length), category: ([.dimensions[].categories[]] | length),
		indicator: (.indicators | length), table: ([.indicators[].tables[]] | length),
		assignment: ([.indicators[] | .reporters[], .consulted[]] | length), reporting: ([.indicators[].reporters[].entity] | unique | length)}
		+ (.results | group_by(.kind) | map({key: .[0].kind, value: length}) | from_entries)' "$file"
	# shellcheck disable=SC2016
	printf '$counts$::jsonb AS counts;\n'
	cat tests/db/plan_import.psql
} | cluster_psql "$socket" -d "$INAP_DATABASE" -A -t
