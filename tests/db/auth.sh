#!/bin/bash
# Users, roles, logins and sessions: prepares every statement of login.sql and user.sql as the daemon does, then runs
# auth.psql, which executes them as inap_auth.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=server/cluster.sh
source server/cluster.sh

{
	awk '/^-- name: / { if (open) print ";"; sub(/\(.*/, "", $3); print "PREPARE " $3 " AS"; open = 1; next }
		/^--/ { next } open { print } END { print ";" }' server/domain/login.sql
	awk '/^-- name: / { if (open) print ";"; sub(/\(.*/, "", $3); print "PREPARE " $3 " AS"; open = 1; next }
		/^--/ { next } open { print } END { print ";" }' server/domain/user.sql
	cat tests/db/auth.psql
} | cluster_psql "$PGHOST" -d "$INAP_DATABASE" -A -t
