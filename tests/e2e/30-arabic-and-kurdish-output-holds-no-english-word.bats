# The real client in a terminal, in Arabic and in Kurdish: nothing in English but codes, commands, files and names.

setup_file() {
	load helper
	server_start
	make_users
	open_round 2024Q3
	inap_as fed-moi-focal -q report show FED-MOI/2024Q3 >/dev/null
	inap_as fed-moi-focal -q report set FED-MOI/2024Q3 PA-1.1=12 PR-1.3=@not_collected PA-1.4=@not_available:2026-12-31
}

teardown_file() {
	load helper
	server_stop
}

teardown() {
	terminal_close
}

setup() {
	load helper
	load terminal
	load languages
	command -v tmux >/dev/null || skip "tmux is not installed"
}

# native USER ARGUMENTS...: the screen of the command, in both languages.
native() {
	local language user=$1
	shift
	for language in ar ckb; do
		assert_native "$language" "$(screen_of "$user" 160 -L "$language" "$@")" || return 1
	done
}

# says LANGUAGE USER TEXT ARGUMENTS...: the screen holds the text too.
says() {
	local screen
	screen=$(screen_of "$2" 160 -L "$1" "${@:4}")
	assert_native "$1" "$screen" || return 1
	[[ $screen == *"$3"* ]] || flunk "the screen lacks '$3':" "$screen"
}

@test "the check itself finds an English word" {
	local screen
	screen=$(screen_of fed-moi-focal 160 -L en report check FED-MOI/2024Q3)
	[[ -n $(strangers <<<"$screen") ]] || flunk "nothing found in:" "$screen"
	[[ -n $(strangers <<<"هذا draft هنا") ]]
	[[ -z $(strangers <<<"FED-MOI/2024Q3 PR-2.2.n:governorate=IQ-BG، inap report show FED-MOI/2024Q3 --points (NOT_FOUND)") ]]
	run assert_native ar "لا شيء is here"
	[[ $status != 0 ]]
	run assert_native ckb "hello"
	[[ $status != 0 ]]
}

@test "todo" {
	native fed-moi-focal todo
	says ar fed-moi-focal مسودة todo
	says ckb fed-moi-focal ڕەشنووس todo
}

@test "report show, list, history, diff" {
	native fed-moi-focal report show FED-MOI/2024Q3
	native fed-moi-focal report list
	native fed-moi-focal report history FED-MOI/2024Q3
	says ar fed-moi-focal "لا يُجمَع" report show FED-MOI/2024Q3
	says ckb fed-moi-focal کۆناکرێتەوە report show FED-MOI/2024Q3
}

@test "report check" {
	native fed-moi-focal report check FED-MOI/2024Q3
	says ar fed-moi-focal "غير مُجاب" report check FED-MOI/2024Q3
	says ckb fed-moi-focal "وەڵام نەدراوە" report check FED-MOI/2024Q3
}

@test "refused values" {
	local value
	for value in PA-1.1=-3 PA-1.1=1.5 PA-1.1=1,234 PA-1.1=12,5 PA-1.1=1٢ PA-1.1=@not_available PA-1.4=250 PA-1.1=1/2 PA-9.9=1 \
		PA-1.1:sex=Q=1 PR-2.2.n=4 PA-1.4=5/0 PA-1.1=@not_available:2026-13-01; do
		native fed-moi-focal report set FED-MOI/2024Q3 "$value"
	done
}

@test "refused files" {
	local language file
	cd "$INAP_HOME"
	printf 'a,b\n1,2\n' >headless.csv
	printf 'cell,value\nPA-1.1,12..5\nPA-1.2,4\nPA-9.9,1\nPA-1.1,4\n' >bad.csv
	printf 'cell,value\n"PA-1.1,4\n' >quotes.csv
	for language in ar ckb; do
		terminal_open fed-moi-focal
		terminal_type "cd $(printf %q "$INAP_HOME")"
		for file in headless.csv bad.csv quotes.csv none.csv; do
			terminal_type "$(printf '%q ' "$INAP" -L $language report import FED-MOI/2024Q3 $file)"
		done
		terminal_settle
		assert_native "$language" "$(terminal_screen)"
		[[ $(terminal_screen) == *CSV_NO_HEADER*INVALID_CELLS*FILE_BAD*FILE_BAD* ]] || flunk "not refused as wanted:" "$(terminal_screen)"
	done
}

@test "refusals of rights, names, states and revisions" {
	native fed-moi-focal report submit FED-MOI/2024Q3
	native fed-moi-focal national summary
	native fed-moi-focal report show KRG-MOI/2024Q3
	native fed-moi-focal report show FED-MOI/2023Q3
	native fed-moi-focal report set FED-MOI/2024Q3 PA-1.1=1 --base 99
	native fed-moi-focal report set FED-MOI/2024Q3 PA-1.1=1 --base 0
	native fed-moi-approver report withdraw FED-MOI/2024Q3
	native fed-moi-approver --yes report submit FED-MOI/2024Q3
	native fed-coord review claim FED-MOI/2024Q3
	native sec round open 2024Q3
	native sec round add 2024Q9 --due 2026-12-20
	native admin user add fed-moi-focal --home FED-MOI --name "Test fed-moi"
	native admin user show fed-nobody
	native admin role grant fed-moi-focal coordinator federal
	native admin role grant fed-moi-focal approver
	native fed-moi-approver role delegate fed-moi-focal --until 2020-01-01
}

@test "wrong use, no login, no server" {
	native fed-moi-focal report set
	native fed-moi-focal report show --code x
	native fed-moi-focal report show FED-MOI/2024Q3 2 3
	native fed-newcomer todo
	INAP_SERVER=localhost:1 native fed-moi-focal todo
}

@test "lists, look-ups, users and help" {
	native admin user list
	native admin whoami
	native sec round list
	native sec plan list
	native sec indicator show PR-2.2
	native fed-moi-focal session list
	native fed-coord review queue
	native fed-moi-focal rule list
	jq -n '{code: "FEW", names: {en: "few", ar: "قليل", ckb: "کەم"}, severity: "WARN", op: "<=", left: ["PA-1.1"], right: [9]}' >"$BATS_TEST_TMPDIR/few.json"
	LANGUAGES_KEYS=FEW native sec rule add "$BATS_TEST_TMPDIR/few.json" --dry-run
	LANGUAGES_KEYS='FEW|outlier' native sec rule retire outlier
	native fed-moi-focal help
	LANGUAGES_KEYS='table|card|plain|csv|json|ndjson|en|ar|ckb|latn|arab|auto|always|never|[A-Z]{2,}' native fed-moi-focal help report set
	LANGUAGES_KEYS=STALE_REVISION native fed-moi-focal help STALE_REVISION
}

@test "evidence" {
	cd "$(user_home fed-moi-focal)" || return 1
	printf '%%PDF-1.7\n' >m1.pdf
	printf 'echo\n' >run.bat
	inap_as fed-moi-focal report show FED-MOI/2024Q3 >/dev/null
	native fed-moi-focal report attach FED-MOI/2024Q3 m1.pdf --kind minutes --cell PA-1.1
	native fed-moi-focal report attach FED-MOI/2024Q3 --reference ٤٤١٧ --kind letter
	native fed-moi-focal report evidence FED-MOI/2024Q3
	native fed-moi-focal report evidence FED-MOI/2024Q3 1
	native fed-moi-focal report evidence FED-MOI/2024Q3 9
	native fed-moi-focal report attach FED-MOI/2024Q3 run.bat
	native fed-moi-focal report attach FED-MOI/2024Q3
}

@test "the national picture" {
	native sec national summary --round 2024Q3
	native team national completeness --round 2024Q3
	native sec national lights --round 2024Q3
}

# step LANGUAGE USER STATE ARGUMENTS...: a move of the report, after looking at it; it is then in that state.
step() {
	inap_as "$2" -q report show FED-MOI/2024Q3 >/dev/null || return 1
	says "$1" "$2" "$3" --yes "${@:4}"
}

@test "a report's whole way" {
	local report=FED-MOI/2024Q3
	step ckb fed-moi-focal "پاشەکەوت کرا" report nil $report --note "هیچ چالاکییەک نییە"
	step ar fed-moi-focal مسودة report ready $report
	step ckb fed-moi-approver "ڕەشنووس" report hand-back $report --note "تێبینی"
	step ar fed-moi-approver "مُقدَّم" report submit $report --note "ملاحظة" --letter 44 --letter-date 2024-10-09
	step ckb fed-coord "لەژێر پێداچوونەوەدا" review claim $report
	step ar fed-coord "مُعاد للتصحيح" review return $report --note "يُرجى التدقيق" --code mismatch
	native fed-moi-focal todo
	native fed-moi-focal report show $report --points
	step ckb fed-moi-focal "گەڕێنراوە بۆ ڕاستکردنەوە" report answer $report 1 "ڕاستکرایەوە"
	step ar fed-moi-focal "حُفِظ" report set $report PA-1.1=13
	step ckb fed-moi-approver "پێشکەشکراو" report submit $report --note "تێبینی"
	step ar fed-coord "مؤيَّد" review endorse $report
	step ckb sec "پەسەندکراو" review accept $report
	native fed-moi-focal report history $report
	native fed-moi-focal report history $report --all-cells
	native fed-moi-focal report diff $report
	native fed-moi-focal report show $report --as-of 2030-01-01
	native sec national summary --round 2024Q3
	native sec national indicator PA-1.1 --round 2024Q3
	native team national summary --round 2024Q3
	native team national completeness --round 2024Q3
}

@test "a login that is typed" {
	local language user=fed-moi-focal
	for language in ar ckb; do
		terminal_open "$user"
		terminal_type "$(printf '%q ' "$INAP" -L $language login)"
		case $language in ar) terminal_expect "اسم المستخدم" ;; ckb) terminal_expect "ناوی بەکارهێنەر" ;; esac
		terminal_type "$user"
		case $language in ar) terminal_expect "كلمة المرور" ;; ckb) terminal_expect "وشەی نهێنی" ;; esac
		terminal_type "$(password_of "$user")"
		terminal_expect "$user ("
		terminal_settle
		assert_native "$language" "$(terminal_screen)"
	done
}

@test "the catalogues are whole" {
	local language
	command -v msgfmt >/dev/null || skip "msgfmt is not installed"
	for language in ar ckb; do
		run env LC_ALL=C msgfmt --check --statistics -o /dev/null "$BATS_TEST_DIRNAME/../../client/po/$language.po"
		[[ $status == 0 && $output =~ ^[0-9]+\ translated\ messages\.$ ]] || flunk "$language"
	done
	grep -q '^"X-Draft: ' "$BATS_TEST_DIRNAME/../../client/po/ckb.po"
}

@test "every reason that the server gives is known to the client" {
	local reason known
	cd "$BATS_TEST_DIRNAME/../.."
	known=$(sed -nE 's/^REASON\(N_\("(.*)"\)\)$/\1/p' client/reasons.def | sed -E 's/[{][a-z]+[}]/%s/g')
	# in SQL after why=, in C after "why"; a text that ends in a blank goes on with what was found
	{
		grep -ohE "why=[^'|]+" server/domain/*.sql migrations/deploy/*.sql | sed -e 's/^why=//' -e 's/ $/ %s/'
		cat server/domain/*.c | tr -d '\n\t' | grep -oE '"why", *"[^"%]+"' | sed -E 's/^"why", *"(.*)"$/\1/'
		sed -nE 's/^.*[{] "FOUR_EYES:[a-z]+", "(.*)" [}],$/\1/p' server/domain/*.c
		sed -nE 's/^.*wrong\(r, "[a-z_.]+", "(.*)"\).*$/\1/p' server/domain/*.c
	} | sort -u >"$INAP_HOME/reasons"
	(($(wc -l <"$INAP_HOME/reasons") > 30)) || flunk "too few found:" "$(cat "$INAP_HOME/reasons")"
	while IFS= read -r reason; do
		grep -qxF -- "$reason" <<<"$known" || flunk "no row of reasons.def says: $reason" || return 1
	done <"$INAP_HOME/reasons"
}
