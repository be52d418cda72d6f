#!/bin/bash
# Every C file stands as clang-format-14 would write it.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

check() {
	local output
	output=$(project_files '*.c' '*.h' | xargs -0 -r clang-format-14 --dry-run -Werror 2>&1) && return
	grep 'error:' <<<"$output" | sed 's/ \[-Wclang.*//' | sort -t: -k1,1 -u
	echo "run: make fmt"
	return 1
}

plant_spaces() {
	printf '/* Planted. */\nint  planted ;\n' >proto/planted.c
	echo proto/planted.c
}

lint_main "$@"
