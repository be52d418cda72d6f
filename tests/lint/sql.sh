#!/bin/bash
# SQL lives in .sql files: no C string outside server/store begins a statement.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

check() {
	! project_files 'proto/*.[ch]' 'server/*.[ch]' 'client/*.[ch]' | grep -zv '^server/store/' |
		xargs -0 -r grep -nHE '"[[:space:]]*(SELECT|INSERT|UPDATE|DELETE|WITH|CALL|DROP|ALTER|CREATE|TRUNCATE)[[:space:]]'
}

plant_select() {
	printf '/* Planted. */\nconst char *planted = "SELECT 1";\n' >server/rpc/planted.c
	echo server/rpc/planted.c:2
}

lint_main "$@"
