#!/bin/bash
# The top level holds what the layout names and nothing else, and nothing built is committed.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

layout='proto server client migrations tests .ci Makefile docker-compose.yml README.md ARCHITECTURE.md CONTRIBUTING.md
	.clang-format .editorconfig .gitignore'

check() {
	local name status=0
	while IFS= read -r -d '' name; do
		[[ " ${layout//[$'\n\t']/ } " == *" $name "* ]] || { echo "$name: not of the top level" && status=1; }
	done < <(project_files | cut -zd/ -f1 | sort -zu)
	if project_files '*.pb-c.c' '*.pb-c.h' '*.o' '*.a' '*.mo' '*.gcda' '*.gcno' | tr '\0' '\n' | grep .; then
		echo "these are built, not written"
		status=1
	fi
	return $status
}

plant_stray() {
	: >stray.txt
	echo 'stray.txt: not of the top level'
}

plant_built() {
	: >proto/planted.pb-c.c
	echo 'built, not written'
}

lint_main "$@"
