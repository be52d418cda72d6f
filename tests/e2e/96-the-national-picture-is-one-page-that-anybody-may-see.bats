#!/usr/bin/env bats
# inap view: one page without a script in three languages, and the same figures for other programs. All of it protected.

setup_file() {
	load helper
	server_start && make_admin && make_user planner SYSTEM secretariat && password_of admin >"$INAP_HOME/admin-password" || return 1
	inap_as planner -q plan import "$INAP_ROOT/client/share/plans/INAP-II.json" >/dev/null || return 1
	"$INAP_TOOLS/volume/volume" --server "$INAP_SERVER" --ca "$INAP_CA" --people "$INAP_HOME/people.tsv" --admin-password "$INAP_HOME/admin-password" \
		--surveys PV-3.5 --rounds 2024Q3..2024Q4 --last accepted:8,draft:1,expected:1 >/dev/null || return 1
	# Targets of two kinds, and one light set by hand; the plan's own floors are there already.
	inap_as planner -q target set PA-1.4 90 --period 2024 >/dev/null && inap_as planner -q target set PA-1.1 1 --period 2024Q4 --jurisdiction federal >/dev/null &&
		inap_as planner -q national override PA-1.4 amber --round 2024Q4 --note "two ministries <corrected> late" >/dev/null || return 1
	make_user team FED-MOP national_team && make_user sec FED-MOP secretariat && make_user fed-coord FED-MOP coordinator federal || return 1
	local language
	for language in en ar ckb; do
		inap_as team -L "$language" view html --round 2024Q4 --out "$INAP_HOME/$language.html" || return 1
	done
	inap_as sec view html --round 2024Q4 --out "$INAP_HOME/sec.html"
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
}

# browser OPTIONS...: headless; what the page was refused is on stderr.
browser() {
	HOME=$INAP_HOME chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --enable-logging=stderr --v=0 "$@" 2>"$INAP_HOME/browser.log"
}

# dom LANGUAGE: the page as the browser understood it.
dom() {
	browser --dump-dom "file://$INAP_HOME/$1.html"
}

@test "a page for 48 institutions stays below 100 kB in each language" {
	local language
	for language in en ar ckb; do
		[ "$(stat -c %s "$INAP_HOME/$language.html")" -lt 100000 ] || flunk "$language: $(stat -c %s "$INAP_HOME/$language.html")"
	done
}

@test "no script, nothing loaded, and the page's own policy lets its own style through" {
	local language
	for language in en ar ckb; do
		run grep -ciE '<script|javascript:|https?://| on[a-z]+=|style=' "$INAP_HOME/$language.html"
		[ "$output" = 0 ] || flunk "$language: $output"
		dom "$language" >"$INAP_HOME/dom"
		run grep -iE 'refused|violat' "$INAP_HOME/browser.log"
		[ "$status" -ne 0 ] || flunk "$output"
		grep -q "default-src 'none'" "$INAP_HOME/dom" || flunk "no policy"
	done
	# The policy names just this style: one changed letter, and the browser refuses it.
	sed 's/max-width:80rem/max-width:81rem/' "$INAP_HOME/en.html" >"$INAP_HOME/changed.html"
	dom changed >/dev/null
	grep -qiE "refused|violat" "$INAP_HOME/browser.log" || flunk "the style's hash is not looked at"
}

@test "no word that an office typed is on the page or among the figures for other programs" {
	local words line
	words=$(sql "SELECT DISTINCT btrim(w.line) FROM inap.contribution c JOIN inap.round o USING (round_id), unnest(c.texts) AS t (text), string_to_table(t.text, E'\\n') AS w (line)
		WHERE o.code = '2024Q4' AND c.state = 'accepted' AND length(btrim(w.line)) > 3")
	[ -n "$words" ] || flunk "nobody typed any"
	inap_as team view csv --round 2024Q4 --out "$INAP_HOME/figures.csv"
	while IFS= read -r line; do
		! grep -lF -- "$line" "$INAP_HOME"/{en,ar,ckb,sec}.html "$INAP_HOME/figures.csv" || flunk "$line"
	done <<<"$words"
}

@test "right to left where people read so; every institution has its row and its section" {
	grep -q '<html lang=en dir=ltr>' "$INAP_HOME/en.html" && grep -q '<html lang=ar dir=rtl>' "$INAP_HOME/ar.html" && grep -q '<html lang=ckb dir=rtl>' "$INAP_HOME/ckb.html" || flunk "direction"
	inap_as team --json national completeness --round 2024Q4 >"$INAP_HOME/who"
	[ "$(grep -oc 'href=#' "$INAP_HOME/ar.html")" = "$(jq '.entities | length' "$INAP_HOME/who")" ]
	jq -r '.entities[].entity' "$INAP_HOME/who" | while read -r entity; do
		grep -q "<section id=$entity>" "$INAP_HOME/ar.html" || flunk "$entity has no section" || return 1
	done
	local word
	for word in Reports Indicator Institution missing; do
		! sed 's/<style>.*<\/style>//' "$INAP_HOME/ar.html" | grep -qw "$word" || flunk "English in Arabic: $word"
		! sed 's/<style>.*<\/style>//' "$INAP_HOME/ckb.html" | grep -qw "$word" || flunk "English in Kurdish: $word"
	done
}

# row CODE FILE: an indicator's row and the explanation under it.
row() {
	grep -A 1 "<td class=c>$1<" "$INAP_HOME/$2.html" | sed 's/\xc2\xa0/ /g'
}

@test "a light is a sign and a word, with all that makes it under its row, and the target a tick on the bar" {
	local light
	inap_as team --json national lights --round 2024Q4 >"$INAP_HOME/lights"
	light=$(jq -c '.lights[] | select(.cell == "PA-1.4" and .jurisdiction == "iraq")' "$INAP_HOME/lights")
	[ "$(jq -r '.light + .set_light' <<<"$light")" = redamber ]
	row PA-1.4 en >"$INAP_HOME/row"
	grep -q '<rect class=k ' "$INAP_HOME/row" || flunk "no tick"
	for part in "<tr class=x>" "○ far below target" "◐ below target" "Target: 90 by the end of 2024, revision 1" "v / t = $(jq -r .progress <<<"$light")" \
		"Figure: $(jq -r .percent <<<"$light") %" "Coverage: " "Periods: <bdi>2024Q4</bdi>" "Set by hand:" "two ministries &lt;corrected&gt; late"; do
		grep -qF -- "$part" "$INAP_HOME/row" || flunk "no '$part'" "$(cat "$INAP_HOME/row")"
	done
	row PA-1.1 en | grep -q '<b>federal</b> <span class=no>– not judged</span> (periods are missing).*Periods without a figure: ' || flunk "$(row PA-1.1 en)"
	row PA-3.1 en | grep -qE 'Target: 25 \(floor\), of the plan itself .*v &gt;= t' || flunk "$(row PA-3.1 en)"
	row PA-1.4 ar | grep -q 'المستهدف: 90' || flunk "not Arabic"
	row PA-1.4 ckb | grep -q 'بە دەست دانراوە' || flunk "not Kurdish"
	# Everybody reads it: who set it stays inside.
	! grep -qw planner "$INAP_HOME/en.html" || flunk "a name"
	# What has no target has no explanation.
	! row PA-1.2 en | grep -q '<tr class=x>' || flunk "$(row PA-1.2 en)"
	inap_as team view csv --round 2024Q4 --out "$INAP_HOME/team.csv"
	head -n 1 "$INAP_HOME/team.csv" | grep -q ',target,light,light_why,set_light,edition,name' || flunk "columns"
	grep -q ',PA-1.4,PA-1.4,iraq,.*,90,red,,amber,,' "$INAP_HOME/team.csv" || flunk "$(grep ,PA-1.4,iraq "$INAP_HOME/team.csv")"
}

@test "the page is opened by this machine's program, without a shell; where there is none that is said" {
	mkdir -p "$INAP_HOME/opener"
	printf '#!/bin/sh\nprintf "%%s\\n" "$#" "$@" >%s\n' "$INAP_HOME/opened" >"$INAP_HOME/opener/xdg-open"
	chmod +x "$INAP_HOME/opener/xdg-open"
	PATH=$INAP_HOME/opener:$PATH run_as team view html --round 2024Q4 --open --out "$INAP_HOME/it's \$(open).html"
	assert_exit 0
	[ "$(cat "$INAP_HOME/opened")" = "1"$'\n'"$INAP_HOME/it's \$(open).html" ] || flunk "$(cat "$INAP_HOME/opened")"
	cmp <(tail -n 1 "$INAP_HOME/it's \$(open).html") <(tail -n 1 "$INAP_HOME/en.html")
	printf '#!/bin/sh\nexit 3\n' >"$INAP_HOME/opener/xdg-open"
	PATH=$INAP_HOME/opener:$PATH run_as team view html --round 2024Q4 --open --out "$INAP_HOME/shut.html"
	assert_exit 0
	assert_stderr_has "open it in a browser"
	[ -s "$INAP_HOME/shut.html" ]
	run_as team view html --round 2024Q4 --open
	assert_exit 2
}

@test "whoever asks, the page shows what everybody may see" {
	# The same but for the time of asking.
	diff <(sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}//g' "$INAP_HOME/en.html") <(sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}//g' "$INAP_HOME/sec.html") ||
		flunk "the Secretariat's page holds something else"
	inap_as sec view csv --round 2024Q4 --out "$INAP_HOME/sec.csv" && inap_as team view csv --round 2024Q4 --out "$INAP_HOME/team.csv"
	cmp "$INAP_HOME/sec.csv" "$INAP_HOME/team.csv"
	grep -q ',hidden,' "$INAP_HOME/sec.csv" || flunk "nothing is hidden: nothing was looked at"
}

@test "the figures of CSV, workbook, SDMX-CSV and ADX are those of the summary" {
	local format
	for format in xlsx sdmx adx; do
		inap_as team view "$format" --round 2024Q4 --out "$INAP_HOME/team.$format" || flunk "$format"
	done
	inap_as team view csv --round 2024Q4 --out "$INAP_HOME/team.csv"
	inap_as team --json national summary --round 2024Q4 >"$INAP_HOME/summary"
	wanted=$(jq -r '.totals[] | select(.cell == "PA-1.4" and .jurisdiction == "iraq") | "\(.numerator),\(.denominator),\(.percent)"' "$INAP_HOME/summary")
	grep -q "^INAP-II,2024Q4,2024Q4,PA-1.4,PA-1.4,iraq,,$wanted,shown," "$INAP_HOME/team.csv" || flunk "CSV: $(grep ',PA-1.4,iraq' "$INAP_HOME/team.csv")"
	IFS=, read -r numerator denominator percent <<<"$wanted"
	grep -qE "^INAP:INAP-II\(1.0\),Q,IQ,PA-1.4,(_T,)*2024-Q4,$percent,$numerator,$denominator,percent,A," "$INAP_HOME/team.sdmx" || flunk "SDMX-CSV"
	grep -q "<dataValue dataElement=\"PA-1.4.n\" value=\"$numerator\"/>" "$INAP_HOME/team.adx" || flunk "ADX"
	unzip -p "$INAP_HOME/team.xlsx" xl/worksheets/sheet1.xml | grep -q "<v>$denominator</v>" || flunk "workbook"
}

# told_small FILE: figures in FILE (an answer with `totals`) that the plan's protection forbids, one a line, then how many were hidden of
# each kind: places by anything but jurisdiction; staff by governorate or rank; a count of persons below its k, or a share whose
# numerator, rest or whole is; money where the count under the same result is hidden, or is not split that way.
told_small() {
	jq -r --slurpfile plan "$INAP_ROOT/client/share/plans/INAP-II.json" '
		($plan[0].indicators | map({(.code): .}) | add) as $of
		| [.totals[] | . + {of: $of[.indicator], by: ((.cell | split(":")[1] // "") | [scan("([a-z_]+)=")[0]] | sort), hidden: (.hidden == true)}
			| . + {n: ((.value // .numerator) | tonumber? // null), d: (.denominator | tonumber? // null)}
			| . + {figured: (.n != null or .d != null or .percent != null)}] as $all
		| ([$all[] | select(.of.protection.kind == "persons" and .hidden) | {key: "\(.of.output) \(.by) \(.jurisdiction)", value: true}] | from_entries) as $shut
		| ([$all[] | select(.of.protection.kind == "persons") | {key: "\(.of.output) \(.by) \(.jurisdiction)", value: true}] | from_entries) as $counted
		| ($all[] | select(.figured) | . as $t | .of.protection as $p
			| select(.hidden
				or ($p.kind == "places" and .by != [])
				or ($p.kind == "staff" and ([.by[] | select(. == "governorate" or . == "rank")] != []))
				or ($p.kind == "persons" and ([.n, (if .d != null and .n != null then .d - .n else null end)] | any(. != null and . < $p.k and (. > 0 or $t.by != [])) ))
				or ($p.kind == "persons" and .d != null and .d < $p.k)
				or ($p.kind == "money" and ("\(.of.output) \(.by) \(.jurisdiction)" as $key | $shut[$key] or ($t.by != [] and ($counted[$key] | not)))))
			| "told: \(.cell) \(.jurisdiction) \(.n)/\(.d)"),
		  ([$all[] | select(.hidden) | .of.protection.kind] | group_by(.) | map("\(.[0]) \(length)") | join(", "))' "$1"
}

@test "places, staff, money and shares of few are told by no outlet: summary, exports, an edition" {
	make_user watcher FED-MOP observer
	inap_as team --json national summary --round 2024Q4 --by table >"$INAP_HOME/tables"
	inap_as sec -q edition propose 2024Q4 >/dev/null && inap_as planner -q --yes edition confirm 2024Q4/1 --approved-by "Secretary General" --letter 88 --letter-date 2025-01-20 >/dev/null
	inap_as watcher --json edition show 2024Q4 >"$INAP_HOME/edition"
	local answer kind
	for answer in tables edition; do
		run told_small "$INAP_HOME/$answer"
		[[ $output != *told:* ]] || flunk "$answer: $output"
		for kind in money persons places staff; do [[ $output == *"$kind "[1-9]* ]] || flunk "$answer: no $kind hidden: $output"; done
	done
	# What is planted is found: a place, an officer's rank, money, a count of 3, a share whose rest is 2.
	for kind in '.cell | startswith("PR-1.2:governorate")' '.cell | startswith("PA-2.2:rank")' '.indicator == "PR-3.3"' '.indicator == "PR-3.1"' '.indicator == "PR-2.2"'; do
		jq "(.totals[] | select(.hidden and ($kind))) |= (.hidden = false | if .indicator == \"PR-2.2\" then .numerator = \"48\" | .denominator = \"50\" else .value = \"3\" end)" "$INAP_HOME/tables" >"$INAP_HOME/planted"
		run told_small "$INAP_HOME/planted"
		[[ $output == *told:* ]] || flunk "not found: $kind"
	done
	# The exports hide the same cells, and put nothing in their place.
	inap_as team view csv --round 2024Q4 --out "$INAP_HOME/team.csv" && inap_as team view adx --round 2024Q4 --out "$INAP_HOME/team.adx"
	jq -r '.totals[] | select(.hidden) | "\(.jurisdiction) \(.cell)"' "$INAP_HOME/tables" | LC_ALL=C sort >"$INAP_HOME/shut"
	[[ -s $INAP_HOME/shut ]] || flunk "nothing is hidden"
	if grep -E '<dataValue dataElement="(PR-1.2|PA-2.1|PA-2.2|PA-2.3|PA-2.6)[."].* (governorate|rank)=' "$INAP_HOME/team.adx"; then flunk "ADX tells of places or staff"; fi
	[[ $(grep -c ',hidden,' "$INAP_HOME/team.csv") == "$(wc -l <"$INAP_HOME/shut")" ]] || flunk "CSV hides $(grep -c ',hidden,' "$INAP_HOME/team.csv") cells, the summary $(wc -l <"$INAP_HOME/shut")"
	if grep ',hidden,' "$INAP_HOME/team.csv" | grep -vE ',(federal|kurdistan|iraq),,,,,hidden,'; then flunk "a figure in place of what is hidden"; fi
}

@test "ADX validates; SDMX-CSV has its columns and a status for every observation" {
	inap_as team view adx --round 2024Q4 --out "$INAP_HOME/team.adx"
	xmllint --noout --schema "$INAP_ROOT/tests/e2e/adx.xsd" "$INAP_HOME/team.adx" 2>"$INAP_HOME/xmllint" || flunk "$(cat "$INAP_HOME/xmllint")"
	inap_as team view sdmx --round 2024Q4 --out "$INAP_HOME/team.sdmx"
	run awk -F , 'NR == 1 { n = NF; for (i = 1; i <= NF; i++) at[$i] = i; next }
		NF != n || $at["DATAFLOW"] != "INAP:INAP-II(1.0)" || $at["FREQ"] !~ /^[QSA]$/ || $at["TIME_PERIOD"] !~ /^[0-9][0-9][0-9][0-9](-[QS][1-4])?$/ ||
		$at["OBS_STATUS"] !~ /^[AQMLO]$/ || ($at["OBS_STATUS"] == "Q" && $at["OBS_VALUE"] $at["NUMERATOR"] != "") { print NR ": " $0 }' "$INAP_HOME/team.sdmx"
	[ -z "$output" ] || flunk "$output"
	[ "$(cut -d , -f "1-$(head -n 1 "$INAP_HOME/team.sdmx" | tr , '\n' | grep -n TIME_PERIOD | cut -d : -f 1)" "$INAP_HOME/team.sdmx" | sort | uniq -d | wc -l)" = 0 ] || flunk "one observation twice"
}

@test "printed it is a readable A4 document" {
	browser --no-pdf-header-footer --print-to-pdf="$INAP_HOME/ar.pdf" "file://$INAP_HOME/ar.html"
	[ "$(head -c 5 "$INAP_HOME/ar.pdf")" = %PDF- ]
	grep -aqE 'MediaBox *\[ *0 0 59[45](\.[0-9]+)? 84[12]' "$INAP_HOME/ar.pdf" || flunk "not A4: $(grep -aoE 'MediaBox[^]]*' "$INAP_HOME/ar.pdf" | head -n 1)"
}

@test "colours of signs stand 4.5 to 1 or more on white" {
	run bash -c "grep -oE '[{;]color:#[0-9a-f]{6}' '$INAP_HOME/en.html' | sort -u | sed 's/.*#//'"
	[ "${#lines[@]}" -gt 4 ]
	local colour
	for colour in "${lines[@]}"; do
		awk -v c="$colour" 'function part(at,  v) { v = (index("0123456789abcdef", substr(c, at, 1)) - 1) * 16 + index("0123456789abcdef", substr(c, at + 1, 1)) - 1
			v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ^ 2.4 }
			BEGIN { exit !(1.05 / (0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5) + 0.05) >= 4.5) }' || flunk "#$colour is too pale"
	done
}

@test "a terminal is told to name a file, JSON has its own command, no such round is said" {
	run_as team --json view html --round 2024Q4
	[ "$status" -eq 2 ] || flunk "$output"
	run_as team view html --round 2019Q1
	[ "$status" -ne 0 ] && assert_stderr_has "2019Q1"
}

@test "with a target on nearly every indicator the page still stays below 100 kB" {
	local cell language
	# What is no number takes none; what has one already is given another.
	inap_as team --json national summary --round 2024Q4 | jq -r '[.totals[] | select(.cell == .indicator) | .cell] | unique[]' >"$INAP_HOME/cells"
	while read -r cell; do
		inap_as planner -q target set "$cell" 50 --period 2024 --note "for everybody" >/dev/null 2>&1 </dev/null || true
	done <"$INAP_HOME/cells"
	(($(inap_as team --json national lights --round 2024Q4 | jq '[.lights[] | select(.target) | .cell] | unique | length') > 45)) || flunk "too few targets"
	for language in en ar ckb; do
		inap_as team -L "$language" view html --round 2024Q4 --out "$INAP_HOME/full.html"
		[ "$(stat -c %s "$INAP_HOME/full.html")" -lt 100000 ] || flunk "$language: $(stat -c %s "$INAP_HOME/full.html")"
	done
}
