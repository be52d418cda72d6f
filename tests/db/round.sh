#!/bin/bash
# Rounds: made, opened, closed, extended. The statements of server/domain run by round.psql.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=server/cluster.sh
source server/cluster.sh
# shellcheck source=tests/db/statements.bash
source tests/db/statements.bash
on_the_plan tests/db/round.psql
