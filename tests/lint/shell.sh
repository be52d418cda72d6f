#!/bin/bash
# No script and no bats file gives shellcheck anything to say.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

# Scripts without a suffix are known by their first line.
scripts() {
	project_files '*.sh' '*.bash'
	project_files '.ci/*' 'tests/*' 'server/*' | grep -zvE '[.][a-z0-9]+$' | xargs -0 -r grep -lZE -m1 '^#!.*sh$'
}

check() {
	local status=0
	# a function whose arguments are optional is no mistake
	export SHELLCHECK_OPTS='-e SC2119 -e SC2120'
	scripts | sort -zu | xargs -0 -r shellcheck -x --source-path=SCRIPTDIR --source-path=. || status=1
	# nor is a variable that came by bats' load
	project_files '*.bats' | xargs -0 -r shellcheck --shell=bats -e SC2154 -x --source-path=SCRIPTDIR --source-path=. || status=1
	return $status
}

# shellcheck disable=SC2016
plant_unquoted() {
	printf '#!/bin/bash\n# Planted.\nrm $1\n' >server/planted.sh
	echo 'server/planted.sh line 3'
}

# shellcheck disable=SC2016
plant_in_bats() {
	printf '#!/usr/bin/env bats\n# Planted.\n@test "one" {\n\trm $1\n}\n' >tests/e2e/planted.bats
	echo 'tests/e2e/planted.bats line 4'
}

lint_main "$@"
