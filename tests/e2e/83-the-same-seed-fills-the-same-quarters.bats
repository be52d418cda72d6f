#!/usr/bin/env bats
# The generator of tests/volume: any number of reports from a seed, through the protocol, that hang together.

setup_file() {
	load helper
	# Once in one go; then again, in another system, by other processes, in two runs of which the first made less.
	server_start && ready || return 1
	volume --seed 7 --rounds 2024Q2..2024Q4 --every 5 --jobs 1 >"$INAP_SUITE/volume-tally" || return 1
	figures >"$INAP_SUITE/volume-once"
	server_stop || return 1
	server_start && ready || return 1
	volume --seed 7 --rounds 2024Q2 --every 10 --until draft >/dev/null || return 1
	volume --seed 7 --rounds 2024Q2..2024Q4 --every 5 --jobs 3 --saves 4 >"$INAP_HOME/tally"
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
}

ready() {
	make_admin && make_user planner SYSTEM secretariat && password_of admin >"$INAP_HOME/admin-password" &&
		inap_as planner -q plan import "$INAP_ROOT/client/share/plans/INAP-II.json" >/dev/null
}

volume() {
	"$INAP_TOOLS/volume/volume" --server "$INAP_SERVER" --ca "$INAP_CA" --people "$INAP_HOME/people.tsv" \
		--admin-password "$INAP_HOME/admin-password" --surveys PV-3.5 "$@"
}

# Every answer of every report, and where the reports stand.
figures() {
	sql "SELECT e.code, r.code, c.code, v.kind, v.number, v.denominator, v.text, v.note, v.expected_on
		FROM value v JOIN entity e USING (entity_id) JOIN round r USING (round_id) JOIN cell c USING (cell_id)
		ORDER BY e.code COLLATE \"C\", r.code, c.code COLLATE \"C\""
	sql "SELECT e.code, r.code, p.state FROM report p JOIN entity e USING (entity_id) JOIN round r USING (round_id) ORDER BY 1, 2"
}

@test "the same seed gives the same figures in another system, by other processes, in two runs" {
	figures >"$INAP_HOME/again"
	cmp "$INAP_SUITE/volume-once" "$INAP_HOME/again" || { diff "$INAP_SUITE/volume-once" "$INAP_HOME/again" | head -20; flunk "they differ"; }
	[ "$(wc -l <"$INAP_HOME/again")" -gt 1000 ]
	[ "$(head -n 1 "$INAP_SUITE/volume-tally" | cut -d ' ' -f 1)" = reports=25 ]
	[ "$(sed -n 2p "$INAP_SUITE/volume-tally")" = accepted=25 ]
	[ "$(sed -n 2p "$INAP_HOME/tally")" = accepted=25 ]
}

@test "a run after the last one has nothing left to do" {
	run volume --seed 7 --rounds 2024Q2..2024Q4 --every 5
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "reports=25 values=0 revisions=0 returned=0" ] || flunk "${lines[0]}"
}

# A sum, a half larger than its whole, an answer that is not there.
broken='select(.severity == "BLOCK" or .rule == "numerator" or (.rule | contains(":")) or (.rule | startswith("unanswered")))'

# enter USER: a made person, by the password of their file.
enter() {
	awk -F '\t' -v user="$1" '$1 == user { print $2 }' "$INAP_HOME/people.tsv" >"$INAP_HOME/password-$1"
	inap_as "$1" -q --no-input login --user "$1" --password-file "$INAP_HOME/password-$1" >/dev/null
}

@test "figures hang together: no sum is broken, no cell unanswered, totals agree with the cells" {
	local user report
	while read -r user report; do
		enter "$user"
		run_as "$user" --json report check "$report"
		assert_json "[.problems[] | $broken]" '[]'
	done < <(sql "SELECT 'made-' || lower(e.code) || '-focal ' || e.code || '/' || r.code FROM report p JOIN entity e USING (entity_id) JOIN round r USING (round_id)
		WHERE p.state = 'accepted' ORDER BY e.code, r.code" | head -n 12)
	run_as planner --json national recompute
	assert_json .differences 0
	assert_json '.totals > 100'
	run sql "SELECT count(*) FROM report r, value_differences(r.entity_id, r.round_id)"
	[ "$output" = 0 ]
}

@test "the year of all its quarters comes in one answer, and so do its lights" {
	run_as planner --json national summary --period 2024
	assert_json '.totals | length > 100' true
	assert_json '.rounds' '["2024Q2","2024Q3","2024Q4"]'
	run_as planner --json --timeout 60 national summary --period 2024 --by table
	assert_json '.totals | length > 1000' true
	run_as planner --json national lights --round 2024Q4
	assert_json '.lights | length > 30' true
}

# recounts WHAT: with what was exported, of which WHAT (cells, figures) is as the system has it or, through sed, is not.
recounts() {
	run "$INAP_ROOT/tests/recount/recount.pl" "$INAP_ROOT/client/share/plans/INAP-II.json" "${1:-$INAP_HOME/cells}" "${2:-$INAP_HOME/figures}"
}

@test "what the system adds up, another program adds up alike from the cells; of wrong digits it sees each" {
	load ../recount/export
	local line
	secretariat() { inap_as planner "$@"; }
	admin() { inap_as admin "$@"; }
	export_events secretariat 2024Q2 2024Q4
	export_cells secretariat admin 2024Q2 2024Q3 2024Q4 >"$INAP_HOME/cells"
	{ export_figures secretariat table 2024Q2 2024Q3 2024Q4 && export_figures secretariat indicator =2024S2 =2024; } >"$INAP_HOME/figures"
	recounts
	[[ $status == 0 && ${lines[-1]} =~ ^compared=([0-9]+)\ figures=([0-9]+)\ differences=0$ ]] || flunk "they differ"
	((BASH_REMATCH[1] > 8000 && BASH_REMATCH[2] > 1000)) || flunk "too few"
	echo "# ${lines[-1]}" >&3
	# A digit of a sum, of a year's, of a cell; a percentage; a figure that is not told.
	line=$(awk -F '\t' '$2 == "2024Q3" && $4 == "iraq" && $6 == "value" && $7 ~ /^[0-9]+$/ && $7 > 0 { print NR; exit }' "$INAP_HOME/figures")
	awk -F '\t' -v OFS='\t' -v line="$line" 'NR == line { $7++ } { print }' "$INAP_HOME/figures" >"$INAP_HOME/wrong"
	recounts "$INAP_HOME/cells" "$INAP_HOME/wrong"
	[[ $status == 1 && ${lines[-1]} == *" differences=1" && ${lines[0]} == 2024Q3*iraq:\ figure:* ]] || flunk "a sum"
	awk -F '\t' -v OFS='\t' '$2 == "=2024" && $6 == "ratio" && $9 != "" && !done { $9 += 0.1; done = 1 } { print }' "$INAP_HOME/figures" >"$INAP_HOME/wrong"
	recounts "$INAP_HOME/cells" "$INAP_HOME/wrong"
	[[ $status == 1 && ${lines[-1]} == *" differences=1" ]] || flunk "a percentage"
	awk -F '\t' -v OFS='\t' '$1 == "cell" && $5 == "ratio" && !done { $6++; done = 1 } { print }' "$INAP_HOME/cells" >"$INAP_HOME/wrong"
	recounts "$INAP_HOME/wrong"
	[[ $status == 1 && ${lines[-1]} != *" differences=0" ]] || flunk "a cell"
	awk -F '\t' '$6 == "value" && !done { done = 1; next } { print }' "$INAP_HOME/figures" >"$INAP_HOME/wrong"
	recounts "$INAP_HOME/cells" "$INAP_HOME/wrong"
	[[ $status == 1 && ${lines[-1]} == *" differences=1" && ${lines[0]} == *"told 'nothing'"* ]] || flunk "what is left out"
}

@test "another seed gives other figures" {
	local first second
	volume --seed 8 --rounds 2023Q1 --entities 3 >/dev/null
	volume --seed 9 --rounds 2023Q2 --entities 3 >/dev/null
	first=$(sql "SELECT md5(string_agg(v::text, ',' ORDER BY cell_id)) FROM (SELECT cell_id, number, denominator FROM value JOIN round r USING (round_id) WHERE r.code = '2023Q1') v")
	second=$(sql "SELECT md5(string_agg(v::text, ',' ORDER BY cell_id)) FROM (SELECT cell_id, number, denominator FROM value JOIN round r USING (round_id) WHERE r.code = '2023Q2') v")
	[ -n "$first" ] && [ "$first" != "$second" ]
}

@test "reports end in every state that is asked for" {
	run volume --seed 3 --rounds 2023Q3 --entities 40 --until expected:1,draft:1,submitted:1,in_review:1,returned:1,endorsed:1,accepted:1
	[ "$status" -eq 0 ] || flunk "$output"
	run sql "SELECT count(DISTINCT state) FROM report JOIN round r USING (round_id) WHERE r.code = '2023Q3'"
	[ "$output" = 7 ]
	# What goes back has a total that is not the sum of its parts.
	read -r user report < <(sql "SELECT 'made-' || lower(e.code) || '-focal ' || e.code || '/' || r.code FROM report p JOIN entity e USING (entity_id)
		JOIN round r USING (round_id) JOIN review_point q USING (entity_id, round_id) WHERE r.code = '2023Q3' AND p.state = 'returned' AND q.target_kind = 'cell' LIMIT 1")
	enter "$user"
	run_as "$user" --json report check "$report"
	assert_json "[.problems[] | $broken | select(.rule | contains(\":\"))] | length > 0"
}

@test "a plan of any size: 40 institutions made up, 2 counts of 41 cells" {
	jq -n --argjson federal 30 --argjson kurdistan 10 --argjson indicators 2 -f "$INAP_ROOT/tests/volume/plan.jq" >"$INAP_HOME/volume.json"
	inap_as planner -q plan import "$INAP_HOME/volume.json" >/dev/null
	run volume --seed 1 --plan VOLUME --rounds 2025Q1 --entities 5
	[ "$status" -eq 0 ] || flunk "$output"
	[ "${lines[1]}" = accepted=5 ] || flunk "$output"
	# Every indicator by a total and its 40 parts, or by a blank for all of them.
	run sql "SELECT count(*), bool_and(n IN (1, 41)) FROM (SELECT count(*) AS n FROM value JOIN round r USING (round_id) JOIN cell USING (cell_id)
		WHERE r.code = '2025Q1' GROUP BY entity_id, indicator_id) v"
	[ "$output" = "10|t" ]
}
