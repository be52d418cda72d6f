#!/bin/bash
# The manual says what the programs say: every command with the options of its --help, every line made from the tables,
# the protocol's tables, and mandoc has nothing to warn of (a style is no warning: its Xr looks for installed pages).
set -uo pipefail
source "$(dirname "$0")/lib.sh"

inap=$lint_root/build/bin/inap
inapd=$lint_root/build/bin/inapd

# made COMMAND PAGE: each line that the program prints for its manual stands in the page, in that order.
made() {
	local missing
	missing=$($1 2>/dev/null | awk -v page="$2" '
		BEGIN { while ((getline line < page) > 0) lines[++count] = line }
		/^[.]S[hs]/ && !/COMMANDS|OPTIONS/ { at = 0 }
		{ for (i = at + 1; i <= count && lines[i] != $0; i++); if (i > count) print; else at = i }') || true
	[[ -z $missing ]] || { head -n 5 <<<"$missing" | sed "s,^,$2: lacks: ," && return 1; }
}

# The commands that the page explains, a line each: "report set<TAB>base merge …".
explained() {
	awk '
	/^[.]It Nm inap Cm / { if (name != "") print name "\t" options; name = $0; options = ""; sub(/^[.]It Nm inap Cm /, "", name)
		sub(/ Ar .*| Op .*/, "", name); gsub(/ Cm /, " ", name); gsub(/\\/, "", name); next }
	/^[.]S[hs]/ { if (name != "") print name "\t" options; name = "" }
	/^[.]Op Fl / && name != "" { option = $3; gsub(/\\/, "", option); sub(/^-/, "", option); options = options " " option }
	END { if (name != "") print name "\t" options }' "$1"
}

# helped NAME: the options of its own in --help.
helped() {
	# shellcheck disable=SC2086
	"$inap" $1 --help </dev/null | awk '/^Options:/ { own = 1; next } /^Options of every/ { exit } /^[A-Z]/ { own = 0 }
		own && match($0, /--[a-z-]+/) { print substr($0, RSTART + 2, RLENGTH - 2) }' | sort | xargs
}

commands() {
	local name options status=0 count=0
	while IFS=$'\t' read -r name options; do
		count=$((count + 1))
		options=$(xargs -n 1 <<<"$options" | sort | xargs)
		if ! "$inap" ${name:+$name} --help >/dev/null 2>&1 </dev/null; then
			echo "$1: explains '$name', which is no command" && status=1
		elif [[ $(helped "$name") != "$options" ]]; then
			echo "$1: '$name' has the options '$options', its --help '$(helped "$name")'" && status=1
		fi
	done < <(explained "$1")
	((count >= 40)) || { echo "$1: explains $count commands only" && status=1; }
	return $status
}

# same PAGE WHAT WANTED GOT: two lists, a line each, are one.
same() {
	local difference
	difference=$(diff <(echo "$3") <(echo "$4")) && return 0
	sed -n "s,^[<],$1: lacks the $2,p; s,^[>],$1: has a strange $2,p" <<<"$difference" | head -n 5
	return 1
}

# The page's items with one macro, as they are printed.
items() {
	sed -nE "s/^[.]It $2 ([^ ]+).*/\\1/p" "$1" | sed 's/\\//g'
}

# The tables of methods and errors, as rows of the page.
protocol_rows() {
	sed -E "s/\\\\\\(aq/'/g; s/\\\\&//g; s/\\\\//g" "$1" | awk '
		/^[.]Sh / { table = /METHODS|ERROR CODES/ } /^[.]It Sy / { next } table && /^[.]It / { sub(/^[.]It /, ""); gsub(/ *Ta */, "|"); print }'
}
protocol_wants() {
	awk -F ' *[|] *' '/^## / { table = $0 ~ /^## 9/ ? 1 : $0 ~ /^## 10/ ? 2 : 0 } !/^[|]/ || /^[|] (---|no[.]|code)/ { next }
		table == 1 { print $2 "|" $3 "|" $8 "|" $6 } table == 2 { print $2 "|" $3 "|" $4 "|" $5 }' proto/PROTOCOL.md
}

server_page() {
	local status=0
	same "$1" option "$("$inapd" --help | sed -E '/^  --version/q' | sed -nE 's/^  --([a-z-]+).*/\1/p' | sort)" \
		"$(items "$1" 'Fl' | sed -n 's/^-//p' | grep -v '^$' | sort)" || status=1
	same "$1" command "$(server/standalone.sh 2>&1 | grep -oE '(^ *| {3,})[a-z]+ (DATA|DIR)' | awk '{ print $1 }' | sort)" \
		"$(items "$1" 'Cm' | sort)" || status=1
	return $status
}

check() {
	local page status=0
	[[ -x $inap && -x $inapd ]] || { echo "not built: make build" && return 1; }
	export LC_ALL=C.UTF-8 INAP_LANG=en
	while IFS= read -r -d '' page; do
		mandoc -T lint -W warning "$page" || status=1
		case $page in
		*/inap.1) made "$inap help --man" "$page" || status=1
			commands "$page" || status=1 ;;
		*/inapd.conf.5) made "$inapd --document" "$page" || status=1
			same "$page" key "$("$inapd" --document | sed -n 's/^[.]It Ic //p')" "$(items "$page" Ic)" || status=1 ;;
		*/inapd.8) server_page "$page" || status=1 ;;
		*/inap-protocol.7) same "$page" row "$(protocol_wants)" "$(protocol_rows "$page")" || status=1 ;;
		esac
	done < <(project_files '*/man/*.[1-8]')
	return $status
}

plant_option() {
	sed -i '0,/^[.]Op Fl .*password-file/{/password-file/s/password-file/planted/}' client/man/inap.1
	echo planted
}

plant_command() {
	sed -i '/^[.]It Nm inap Cm login/,/^[.]It/{/^[.]It Nm inap Cm login/s/login/planted/}' client/man/inap.1
	echo "explains 'planted', which is no command"
}

plant_lost_line() {
	sed -i '0,/^Log in[.]$/{/^Log in[.]$/d}' client/man/inap.1
	echo 'lacks: Log in.'
}

plant_key() {
	sed -i 's/^[.]It Ic idle_ms$/.It Ic planted/' client/man/inapd.conf.5
	echo 'has a strange key planted'
}

plant_row() {
	sed -i '/^[.]It BUSY /s/limit/planted/' client/man/inap-protocol.7
	echo 'has a strange row BUSY|8|yes|the server is at its planted'
}

plant_lost_method() {
	sed -i '/^[.]It 42 /d' client/man/inap-protocol.7
	echo 'lacks the row 42|report.save|write|focal_point'
}

plant_server_option() {
	sed -i '/^[.]It Fl .*check/s/check/planted/' client/man/inapd.8
	echo 'lacks the option check-config'
}

plant_server_command() {
	sed -i 's/^[.]It Cm backup/.It Cm planted/' client/man/inapd.8
	echo 'lacks the command backup'
}

plant_bad_mdoc() {
	printf '.Nosuchmacro\n' >>client/man/inap.1
	echo Nosuchmacro
}

lint_main "$@"
