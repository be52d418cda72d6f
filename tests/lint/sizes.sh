#!/bin/bash
# Files, headers and functions stay small enough to read; --largest lists the ten largest of each.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

file_lines_max=600
header_lines_max=150
function_lines_max=70
complexity_max=15
parameters_max=5

# complexity (a switch counts once), lines, file:line, function
functions() {
	project_files '*.c' | xargs -0 -r pmccabe 2>/dev/null | awk -F '\t' '{ place = $6; name = place
		sub(/: .*/, "", place); sub(/.*: /, "", name); sub(/\(/, ":", place); sub(/\)$/, "", place)
		print $1 "\t" $5 "\t" place "\t" name }'
}

file_lines() {
	project_files '*.c' '*.h' '*.sql' '*.sh' '*.bash' '*.bats' '*.awk' '*.def' '*.proto' | xargs -0 -r awk '
		{ lines[FILENAME]++ } END { for (file in lines) print lines[file] "\t" file }' | sort -rn
}

# Definitions in the house form: the head starts at the margin, the brace stands alone. A callback (*_cb) has the
# parameters that a library dictates.
parameters() {
	# shellcheck disable=SC2016
	project_files '*.c' '*.h' | xargs -0 -r awk -v most="$parameters_max" '
	function count(head,  i, c, depth, commas, n) {
		n = split(head, c, "")
		for (i = 1; i <= n; i++) {
			if (c[i] == "(") { if (++depth == 1) commas = 0 }
			else if (c[i] == ")") depth--
			else if (c[i] == "," && depth == 1) commas++
		}
		return commas + 1
	}
	FNR == 1 { head = "" }
	/^[a-zA-Z_].*\(/ { head = ""; start = FNR }
	/^\{/ { if (head ~ /\)[ \t]*$/ && head !~ /[;={]/ && head !~ /_cb\(/ && count(head) > most) {
			print FILENAME ":" start ": " count(head) " parameters, " most " at most"; bad = 1 }
		head = ""; next }
	/^[a-zA-Z_\t ]/ { head = head " " $0 }
	END { exit bad }'
}

check() {
	local status=0
	file_lines | awk -F '\t' -v most=$file_lines_max -v header=$header_lines_max '
		{ limit = $2 ~ /[.]h$/ ? header : most }
		$1 > limit { print $2 ": " $1 " lines, " limit " at most"; bad = 1 } END { exit bad }' || status=1
	functions | awk -F '\t' -v most=$function_lines_max -v complex=$complexity_max '
		$2 > most { print $3 ": " $4 " has " $2 " lines, " most " at most"; bad = 1 }
		$1 > complex { print $3 ": " $4 " has complexity " $1 ", " complex " at most"; bad = 1 } END { exit bad }' || status=1
	parameters || status=1
	return $status
}

largest() {
	cd "$lint_root" || return
	echo "the ten largest functions (lines, complexity):"
	functions | sort -t $'\t' -k2,2nr | head -n 10 | awk -F '\t' '{ printf "  %4d %3d  %s %s\n", $2, $1, $3, $4 }'
	echo "the ten largest files (lines):"
	file_lines | head -n 10 | awk -F '\t' '{ printf "  %4d  %s\n", $1, $2 }'
}

planted_function() {
	printf '/* Planted. */\nint planted(%s);\nint planted(%s)\n{\n' "$1" "$1"
	cat
	printf '\treturn 0;\n}\n'
}

plant_long_file() {
	{ echo '-- planted'; yes -- '-- line' | head -n 600; } >server/domain/planted.sql
	echo 'server/domain/planted.sql: 601 lines'
}

plant_long_header() {
	{ echo '/* planted */'; yes '/* line */' | head -n 150; } >proto/planted.h
	echo 'proto/planted.h: 151 lines'
}

plant_long_function() {
	yes $'\t;' | head -n 70 | planted_function void >proto/planted.c
	echo 'planted has 7'
}

plant_complexity() {
	for i in {1..16}; do printf '\tif (a == %d)\n\t\treturn 1;\n' "$i"; done | planted_function 'int a' >proto/planted.c
	echo 'planted has complexity 17'
}

plant_parameters() {
	# shellcheck disable=SC2016
	planted_function 'int a, int b, int (*c)(int, int), int d, int e, int f' </dev/null >proto/planted.c
	echo 'proto/planted.c:3: 6 parameters'
}

if [[ ${1:-} == --largest ]]; then largest; else lint_main "$@"; fi
