#!/bin/bash
# Assignments by hand, on the whole of INAP-II: feeds the plan file to assignment.psql.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=server/cluster.sh
source server/cluster.sh
socket=$PGHOST

{
	# shellcheck disable=SC2016 # dollar quotes of SQL
	printf 'CREATE TABLE public.plan_file AS SELECT $plan$'
	cat client/share/plans/INAP-II.json
	# shellcheck disable=SC2016
	printf '$plan$::jsonb AS b;\n'
	cat tests/db/assignment.psql
} | cluster_psql "$socket" -d "$INAP_DATABASE" -A -t
