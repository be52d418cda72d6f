# shellcheck shell=bash
# What may stand in Latin letters on an Arabic or Kurdish screen. Loaded after helper.bash.

# strangers: of the text on stdin the lines with Latin letters that belong to no code, command, option, file or name.
strangers() {
	local -a allowed=(
		# what a command takes, as its manual names it
		's/\[?\b(REPORT|CELL=VALUE|CELL|FILE|USER|ROLE|ENTITY|JURISDICTION|INDICATOR|ROUND|PLAN|POINT|TARGET|SECTION|ACTIVITY|TEXT|COMMAND|CODE|ID|NUMBER|EDITION|PERIOD|SENTENCE|SHA256|HOST:PORT|unix:PATH|SECONDS|YYYY-MM-DD)\b(\.\.\.)?\]?//g'
		# commands to type: inap, noun, verb, what they take, options with their values
		's/\binap( [a-z]+(-[a-z]+)*){0,3}( \[?[A-Z][A-Z_=|.-]*(\/2[0-9]{3}Q[1-4])?\]?(\.\.\.)?)*( [A-Z]{2}-[0-9.]+(:[a-z_]+=[a-z]+)?=[0-9]+)*( -{1,2}[a-z]+(-[a-z]+)*( [0-9]+)?)*//g' 's/(^| )-o json\b//g'
		's/(^|[^A-Za-z0-9])-{1,2}[A-Za-z]+(-[a-z]+)*( [A-Z]+)?/\1/g'
		's/«report (set|show)»//g'
		's/\b[0-9A-F]{4}-[0-9A-F]{4}\b//g' # receipts
		# codes: refusals, reports, entities, cells and halves, results, periods, the plan
		's/\([A-Z][A-Z_]+\)//g'
		's/\b(FED|KRG)-[A-Z0-9]+(\/[0-9]{4}Q[1-4])?\b//g'
		's/\b(PA|PR|PV|OE)-O?[0-9]+(\.[0-9]+)?(-A[0-9]+)?(\.[nd])?(:[a-z_]+(=[A-Za-z0-9_+-]+)?(,[a-z_]+(=[A-Za-z0-9_+-]+)?)*)?//g'
		's/\b[0-9]{4}([QS][1-4])?\b//g'
		's/\bINAP-II\b//g' 's/\b(PA|PR|PV|OE)\b//g'
		's/\bnarrative:[a-z_]+\b//g' 's/\bconfirm[|]contest\b//g'
		's/@[a-z_]+//g' 's/\b[A-Z][0-9]+\b//g' 's/\bU\+0000\b//g'
		# keys that are typed as they stand: words of options, and dimensions, which are parts of cells' codes
		"s/\b(${LANGUAGES_KEYS:-federal|kurdistan|submitted|endorsed|accepted|violence_type|governorate})\b//g"
		# users, files, addresses
		's/\b(First admin|SYSTEM)\b//g' 's/\b(fed|krg)(-[a-z]+)+\b//g' 's/\b(admin|planner|sec2?|team)\b//g' 's/\bTest\b//g'
		's/\b[a-z0-9]+\.csv\b//g' 's/\b(localhost|tls|[0-9.]+):[0-9.]+\b//g'
		's/\b(UTF-8|SHA-256|CSV|TLS [0-9.]+)\b//g'
		's/\b(PDF|PNG|JPEG|DOCX|XLSX|ODT|ODS|[KM]iB)\b//g' 's/\b[a-z0-9]+\.(pdf|txt|bat)\b//g'
	)
	local text
	text=$(cat)
	# bytes: a code stays one when a Kurdish ending is tied to it
	LC_ALL=C sed -E "${allowed[@]/#/-e}" <<<"$text" | LC_ALL=C grep -nE '[A-Za-z]' | while IFS=: read -r line rest; do
		printf 'line %s: %s\n    left: %s\n' "$line" "$(sed -n "${line}p" <<<"$text")" "$rest"
	done
}

# assert_native LANGUAGE TEXT: in that language's letters, and no English word.
assert_native() {
	local found
	case $1 in
	ar) LC_ALL=C.UTF-8 grep -q '[ةىيك]' <<<"$2" || flunk "no Arabic in:" "$2" || return 1 ;;
	ckb) LC_ALL=C.UTF-8 grep -q '[ەێۆڕڵ]' <<<"$2" || flunk "no Kurdish in:" "$2" || return 1 ;;
	esac
	found=$(strangers <<<"$2")
	[[ -z $found ]] || flunk "English words on a screen in $1:" "$found"
}
