#!/bin/bash
# Every source file opens with a line that says what it is for, and every folder has a README of at most 30 lines.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

openings() {
	# shellcheck disable=SC2016
	project_files '*.c' '*.h' '*.def' '*.sql' '*.sh' '*.bash' '*.bats' '*.awk' '*.proto' '.ci/*' tests/run tests/demo |
		xargs -0 -r awk '
	function judge() { if (file != "" && !opened) { print file ": does not say what it is for"; bad = 1 } }
	FNR == 1 { judge(); file = FILENAME; opened = 0; line = 0 }
	FNR == 1 && /^#!/ { next }
	/^# shellcheck/ && line == 0 { next }
	line == 0 { line = 1; if ($0 ~ /^(\/\*.|\/\/ .|-- .|# .)/ || $0 == "/*" || $0 == "/**" || FILENAME ~ /README/) opened = 1 }
	END { judge(); exit bad }'
}

readmes() {
	local folder lines status=0
	while IFS= read -r -d '' folder; do
		if [[ ! -s $folder/README.md ]]; then
			echo "$folder: has no README.md" && status=1
			continue
		fi
		lines=$(wc -l <"$folder/README.md")
		[[ $folder == . ]] || ((lines <= 30)) || { echo "$folder/README.md: $lines lines, 30 at most" && status=1; }
	done < <(project_files | xargs -0 -r dirname -z | sort -zu)
	return $status
}

check() {
	local status=0
	openings || status=1
	readmes || status=1
	return $status
}

plant_silent_file() {
	printf '#include <stddef.h>\n' >proto/planted.c
	echo 'proto/planted.c: does not say'
}

plant_silent_folder() {
	mkdir server/planted
	printf '/* Planted. */\n' >server/planted/planted.c
	echo 'server/planted: has no README.md'
}

plant_talkative_readme() {
	yes line | head -n 31 >proto/README.md
	echo 'proto/README.md: 31 lines'
}

lint_main "$@"
