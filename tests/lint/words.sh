#!/bin/bash
# No path of somebody's machine, and nothing left for later, is in the project.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

# Put together, so that this file does not find itself.
paths="/(wor""k|far""m|home/[a-z]+|Users)/|bash_jo""bs|[.]librar""y"
later="TO""DO|FIX""ME|XX""X|not implemen""ted|unimplemen""ted"

# A path that is looked for is a word of its own: not the end of a longer one.
check() {
	local status=0
	! project_files | xargs -0 -r grep -nHIE "(^|[^A-Za-z0-9_.-])($paths)" || status=1
	! project_files '*.c' '*.h' '*.def' '*.sql' '*.sh' '*.bash' '*.bats' '*.awk' '*.proto' Makefile |
		xargs -0 -r grep -nHIE "(^|[^A-Za-z_])($later)([^A-Za-z_]|$)" || status=1
	return $status
}

plant_path() {
	printf '/* Planted. */\n/* see /%s/planted */\n' "wor""k" >proto/planted.c
	echo proto/planted.c:2
}

plant_later() {
	printf '/* Planted. */\n/* %s: later */\n' "TO""DO" >proto/planted.c
	echo proto/planted.c:2
}

lint_main "$@"
