#!/bin/bash
# Editions: nothing of one can be changed; who confirms and withdraws it, and until when. The statements of server/domain run by
# edition.psql on the plan of guarded.psql.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=server/cluster.sh
source server/cluster.sh
# shellcheck source=tests/db/statements.bash
source tests/db/statements.bash
{
	echo 'BEGIN; SET LOCAL search_path = inap, public; SET LOCAL client_min_messages = warning;'
	prepare server/domain/edition.sql
	cat tests/db/guarded.psql tests/db/edition.psql
} | cluster_psql "$PGHOST" -d "$INAP_DATABASE" -A -t
