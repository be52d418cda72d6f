#!/bin/bash
# inap-features(7) names nothing that is not there: commands with their options, scenarios with the titles of their tests.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

inap=$lint_root/build/bin/inap
page=client/man/inap-features.7

# What there is, a line each: "command<TAB>NAME", "option<TAB>NAME --OPTION" (no NAME: of every command), "test<TAB>FILE TITLE".
there_is() {
	"$inap" help --man </dev/null | awk '
		/^[.]S[hs] / { name = "" }
		/^[.]It Nm inap Cm / { name = $0; sub(/^[.]It Nm /, "", name); sub(/ Ar .*| Op .*/, "", name); gsub(/ Cm /, " ", name); gsub(/\\/, "", name); print "command\t" name }
		/^[.]Op Fl / && name != "" { gsub(/\\/, ""); print "option\t" name " -" $3 }'
	"$inap" todo --help </dev/null | awk '/^Options of every/ { every = 1 } every && match($0, /--[a-z-]+/) { print "option\t " substr($0, RSTART, RLENGTH) }'
	server/standalone.sh 2>&1 | grep -oE '(^ *| {3,})[a-z]+ (DATA|DIR)' | awk '{ print "command\tinapd-standalone " $1 }'
	grep -oE '^@test ".*" [{]' tests/e2e/*.bats | sed -E 's,^tests/e2e/([^:]*):@test "(.*)" [{]$,test\t\1 \2,'
}

check() {
	[[ -x $inap ]] || { echo "not built: make build" && return 1; }
	export LC_ALL=C.UTF-8 INAP_LANG=en
	sed 's/\\-/-/g' "$page" | awk -v page="$page" '
		function wrong(what) { print page ": " row " " what; bad = 1 }
		function judge() { if (row != "" && !none && !(command && test)) wrong("names no command or no test") }
		FNR == NR { there[$0] = 1; if (split($0, part, "\t") && part[1] == "test") { sub(/ .*/, "", part[2]); there["file\t" part[2]] = 1 } next }
		/^[.]El/ { judge(); row = "" }
		/^[.]It / {
			judge(); row = $2; command = test = none = 0; scenario = ""; split(row, at, "."); count++
			if (at[2] != (at[1] == section ? last + 1 : 1)) wrong("does not follow " section "." last)
			section = at[1]; last = at[2]
		}
		row == "" { next }
		/^[.]Em Not done/ { none = 1 }
		{ text = $0; sub(/^[.].. /, "", text); gsub(/^"|"$/, "", text) }
		/^[.]Ic / {
			command = 1; name = text; sub(/ --.*/, "", name)
			if (!(("command\t" name) in there)) wrong("names \"" name "\", which is no command")
			else for (i = 2; i <= NF; i++) if ($i ~ /^--/ && !(("option\t" name " " $i) in there) && !(("option\t " $i) in there)) wrong("\"" name "\" has no " $i)
		}
		/^[.]Pa / { scenario = text; if (!(("file\t" text) in there)) wrong("names " text ", which is no scenario") }
		/^[.]Dq / { test = 1; if (!(("test\t" scenario " " text) in there)) wrong("no test \"" text "\" in " scenario) }
		END { if (count < 60) { row = count + 0; wrong("rows only") } exit bad }' <(there_is) -
}

plant_title() {
	sed -i '0,/^@test "draft" /s//@test "planted" /' tests/e2e/06-*.bats
	echo '1.1 no test "draft" in 06-'
}

plant_scenario() {
	rm tests/e2e/65-*.bats
	echo 'which is no scenario'
}

plant_command() {
	sed -i '0,/^[.]Ic inap report list/s//.Ic inap report planted/' "$page"
	echo '1.1 names "inap report planted", which is no command'
}

plant_option() {
	sed -i '0,/report history .*cell/s//report history \\-\\-women\\-led/' "$page"
	echo '1.8 "inap report history" has no --women-led'
}

plant_server_command() {
	sed -i 's/inapd\\-standalone verify/inapd\\-standalone planted/' "$page"
	echo '1.46 names "inapd-standalone planted", which is no command'
}

plant_gap() {
	sed -i '/^[.]It 2.4$/,/^[.]It 2.5$/{/^[.]It 2.5$/!d}' "$page"
	echo '2.5 does not follow 2.3'
}

plant_empty_row() {
	sed -i '/^[.]It 1.5$/,/^[.]It 1.6$/{/^[.]\(Ic\|Dq\) /d}' "$page"
	echo '1.5 names no command or no test'
}

lint_main "$@"
