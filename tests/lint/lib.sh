# shellcheck shell=bash
# How every lint runs: on the project, or with --self-test on copies of it with one violation planted in each.
#
# A lint defines check(), which prints what is wrong and returns 1, and plant_*() functions. Each plants a violation
# in the copy it stands in and prints a text that check's output must then contain.

lint_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# project_files [PATTERN...]: the project's own files, NUL-separated: tracked or new, not ignored, there.
project_files() {
	if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git ls-files -z --cached --others --exclude-standard -- "$@"
	else
		# a copy: everything in it is the project's
		local pattern
		for pattern in "${@:-*}"; do
			find . -type f -path "./${pattern#./}" -printf '%P\0'
		done
	fi | LC_ALL=C sort -zu | while IFS= read -r -d '' file; do
		[[ ! -f $file ]] || printf '%s\0' "$file"
	done
}

lint_copy() {
	cd "$lint_root" && project_files | tar -c --null -T - | tar -x -C "$1"
}

lint_self_test() {
	local plant copy wanted output failed=0
	for plant in $(compgen -A function plant_); do
		copy=$(mktemp -d)
		lint_copy "$copy"
		wanted=$(cd "$copy" && "$plant") || { echo "$plant could not plant" && failed=1; }
		if output=$(cd "$copy" && check 2>&1); then
			echo "not seen: $plant"
			failed=1
		elif [[ -z $wanted || $output != *"$wanted"* ]]; then
			printf '%s: the output does not say "%s":\n%s\n' "$plant" "$wanted" "$(head -n 10 <<<"$output")"
			failed=1
		fi
		rm -rf "$copy"
	done
	return "$failed"
}

lint_main() {
	case ${1:-} in
	--self-test) lint_self_test ;;
	'') cd "$lint_root" && check ;;
	*) echo "usage: $0 [--self-test]" >&2 && return 2 ;;
	esac
}
