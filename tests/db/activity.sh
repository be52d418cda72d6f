#!/bin/bash
# How activities stand: the statements of server/domain run by activity.psql, on the whole plan.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=server/cluster.sh
source server/cluster.sh
# shellcheck source=tests/db/statements.bash
source tests/db/statements.bash
on_the_plan tests/db/activity.psql server/domain/report_entry.sql
