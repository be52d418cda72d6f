# shellcheck shell=bash
# Statements of server/domain as they stand there, prepared and run by a file of psql on the whole plan.

# prepare FILE...: PREPARE every statement with the types that its head declares.
prepare() {
	awk '
		function flush() {
			if (name == "") return
			sub(/^[^(]*\(/, "", head); sub(/\).*/, "", head)
			n = split(head, parts, /, */); types = ""
			for (i = 1; i <= n; i++) { split(parts[i], word, " "); sub(/\?$/, "", word[1]); types = types (i > 1 ? ", " : "") word[1] }
			printf "PREPARE %s%s AS %s;\n", name, types == "" ? "" : " (" types ")", text
		}
		/^-- name: / { flush(); name = $3; head = $0; text = ""; next }
		name == "" { next }
		/^--/ && head !~ /\) *->|\)$/ { head = head substr($0, 3); next }
		/^--/ { if (!text) next }
		{ text = text $0 "\n" }
		END { flush() }' "$@"
}

# on_the_plan FILE [STATEMENTS...]: with the plan of client/share as plan_file, and these statements; without a word those of rounds and
# their deadlines.
on_the_plan() {
	local file=$1
	shift
	(($#)) || set -- server/domain/round.sql server/domain/due.sql server/domain/extension.sql
	{
		# shellcheck disable=SC2016 # dollar quotes of SQL
		printf 'CREATE TABLE public.plan_file AS SELECT $plan$'
		cat client/share/plans/INAP-II.json
		# shellcheck disable=SC2016
		printf '$plan$::text AS b;\n'
		prepare "$@"
		cat "$file"
	} | cluster_psql "$PGHOST" -d "$INAP_DATABASE" -A -t
}
