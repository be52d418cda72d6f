#!/usr/bin/env bats
# 2024Q4: every entity of which something is asked answers; quarter, half, year and the named survey PV-3.5.
#
# 49 entities report in INAP-II: FED-ASGIS and KRG-KRSO have the survey alone, hence it is named; FED-NGOD a register.

round=2024Q4

setup_file() {
	load helper
	export PLAN=$INAP_ROOT/client/share/plans/INAP-II.json
	server_start && make_admin && load_plan >/dev/null || return 1
	# Each of them has a house whose report somebody else must pass.
	make_user fed-one FED-MOI coordinator federal && make_user fed-two FED-MOH coordinator federal || return 1
	make_user krg-one KRG-MOI coordinator kurdistan && make_user krg-two KRG-JC coordinator kurdistan || return 1
	make_user sec FED-MOP secretariat && make_user sec-two KRG-HCWD secretariat && make_user team FED-NSS national_team || return 1
	inap_as sec -q round add 2024Q4 --due "$(date -d '20 days' +%F)" --survey PV-3.5 >/dev/null || return 1
	SECONDS=0
	# shellcheck disable=SC2046
	make_reporters $(reporters) 2>"$INAP_HOME/enrol.log" || return 1
	in_two answers 2>"$INAP_HOME/answers.log" || { tail "$INAP_HOME/answers.log" >&2 && return 1; }
	echo "# 49 entities enrolled, answered, signed, endorsed and accepted in $SECONDS s" >&3
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
}

reporters() {
	jq -r '[.indicators[] | select(.combine != "derived") | .reporters[].entity] | unique[]' "$PLAN"
}

# in_two COMMAND: for every reporter, two at a time.
in_two() {
	local half failed=0 pids=()
	for half in 0 1; do
		(
			while read -r entity; do
				"$1" "$entity" || { echo "$entity failed" >&2 && exit 1; }
			done < <(reporters | awk -v half="$half" 'NR % 2 == half')
		) &
		pids+=($!)
	done
	for half in "${pids[@]}"; do wait "$half" || failed=1; done
	return "$failed"
}

# Facts that several offices know of, and what each of the two governments would say: seats of the one Council, survivors, what
# they were paid, the budgets of both, meetings.
facts() {
	if [[ $1 == FED-* ]]; then echo "PA-3.1=95/329 PR-3.1=1830 PR-3.3=4500000000 OE-3.1=7000000000 OE-1.3=4"; else echo "PA-3.1=95/329 PR-3.1=1830 PR-3.3=4500000000 OE-3.1=900000000 OE-1.3=4"; fi
}

# tells ENTITY: whoever may says all of them; what others say of them is refused, cell by cell.
tells() {
	local office=${1,,} report=$1/$round asked fact mine=() others=()
	asked=$(inap_as "$office-focal" --json report show "$report" | jq -r '.asked[].cell') || return 1
	for fact in $(facts "$1"); do
		if grep -qxF "${fact%%=*}" <<<"$asked"; then mine+=("$fact"); else others+=("$fact"); fi
	done
	# Nobody is asked all.
	inap_as "$office-focal" --json report set "$report" "${others[@]}" | jq -r --arg entity "$1" '.error.fields[] | "\($entity) \(.cell) \(.code)"' >>"$INAP_HOME/refused"
	((${#mine[@]} == 0)) || inap_as "$office-focal" -q report set "$report" "${mine[@]}" >/dev/null || return 1
	printf '%s\n' "${mine[@]/#/$1 }" >>"$INAP_HOME/told"
}

# The figures that the totals are made of; everything else is 0, no, or none.
distinct() {
	case $1 in
	FED-SJC) echo "PR-2.2.n=54" ;;
	FED-MOI) echo "PR-2.2.d=180 PA-1.1=24" ;;
	KRG-JC) echo "PR-2.2.n=61" ;;
	KRG-GDCVAW) echo "PR-2.2.d=140" ;;
	KRG-HCWD) echo "PA-1.1=31" ;;
	esac
}

# Who takes part, as each office lists it.
named() {
	case $1 in
	FED-WED) printf 'Al-Amal\nBaghdad Women\nHope' ;;
	FED-NGOD) printf 'hope\n\nBaghdad  Women' ;;
	KRG-HCWD) printf 'HOPE\nRasan' ;;
	esac
}

# by_other FIRST SECOND COMMAND...: the first may be of the own house: then, and only then, the second.
by_other() {
	local first=$1 second=$2 reply
	shift 2
	inap_as "$first" report show "${*: -1}" >/dev/null
	if reply=$(inap_as "$first" --json --yes "$@"); then return; fi
	[[ $(jq -r .error.code <<<"$reply") == FOUR_EYES ]] || { echo "$reply" >&2 && return 1; }
	echo "$first $*" >>"$INAP_HOME/own-house"
	inap_as "$second" report show "${*: -1}" >/dev/null
	inap_as "$second" -q --yes "$@" >/dev/null
}

# answers ENTITY: from the first figure to the acceptance.
answers() {
	local entity=$1 office=${1,,} report=$1/$round left values
	inap_as "$office-focal" report show "$report" >/dev/null || return 1
	tells "$entity" || return 1
	values=$(distinct "$entity")
	# shellcheck disable=SC2086
	[[ -z $values ]] || inap_as "$office-focal" -q report set "$report" $values >/dev/null || return 1
	values=$(named "$entity")
	[[ -z $values ]] || inap_as "$office-focal" -q report set "$report" "OE-4.1=$values" >/dev/null || return 1
	inap_as "$office-focal" -q --yes report nil "$report" >/dev/null || return 1
	# What cannot be 0: yes or no, and text; nor can the parts of a total that is not 0.
	left=$(inap_as "$office-focal" --json report show "$report" | jq -r --slurpfile plan "$PLAN" '
		($plan[0].indicators | map({key: .code, value: .unit}) | from_entries) as $unit
		| .unanswered[] | . + "=" + (if contains(":") then "@not_collected" elif $unit[split(":")[0]] == "yes_no" then "no" else "none" end)')
	# shellcheck disable=SC2086
	[[ -z $left ]] || inap_as "$office-focal" -q report set "$report" $left >/dev/null || return 1
	inap_as "$office-approver" report show "$report" >/dev/null
	inap_as "$office-approver" -q --yes report submit "$report" --letter 1 --letter-date 2025-01-09 >/dev/null || return 1
	if [[ $entity == FED-* ]]; then by_other fed-one fed-two review endorse "$report"; else by_other krg-one krg-two review endorse "$report"; fi &&
		by_other sec sec-two review accept "$report"
}

# total CELL JURISDICTION FILTER
total() {
	jq -c --arg cell "$1" --arg where "$2" "[.totals[] | select(.cell == \$cell and .jurisdiction == \$where) | $3]" "$INAP_HOME/summary"
}

@test "all 49 reporting entities are asked something and accepted" {
	[ "$(jq '[.indicators[].reporters[].entity] | unique | length' "$PLAN")" = 49 ]
	[ "$(reporters | wc -l)" = 49 ]
	run_as sec --json national completeness --round 2024Q4
	assert_json '[.entities[].entity] | sort' "$(reporters | jq -Rcn '[inputs] | sort')"
	assert_json '[.entities[] | select(.state == "accepted" and .on_time and .answered == .asked and .asked > 0)] | length' 49
	assert_json '.rates.iraq | [.expected, .accepted, .submitted]' '[49,49,49]'
	assert_json '[.rates.federal.expected, .rates.kurdistan.expected] | add' 49
}

@test "nobody passed the report of the own house" {
	# Neither of the house itself, nor of what belongs to it.
	run sort "$INAP_HOME/own-house"
	[ "$output" = "fed-one review endorse FED-MOI/2024Q4
krg-one review endorse KRG-GDCVAW/2024Q4
krg-one review endorse KRG-JCC/2024Q4
krg-one review endorse KRG-MOI/2024Q4
sec review accept FED-ASGIS/2024Q4
sec review accept FED-MOP/2024Q4" ] || flunk "not these"
}

@test "the sums: PA-3.1 counted once, PR-2.2 joined from two in each jurisdiction" {
	inap_as sec --json national summary --round 2024Q4 >"$INAP_HOME/summary"
	[ "$(total PA-3.1 federal '.numerator, .denominator')" = '["95","329"]' ]
	[ "$(total PA-3.1 iraq '.numerator, .denominator')" = '["95","329"]' ]
	[ "$(total PA-3.1 iraq '.coverage.expected, .coverage.valued')" = '[1,1]' ]
	[ "$(total PR-2.2 federal '.numerator, .denominator, (.percent | tonumber)')" = '["54","180",30]' ]
	[ "$(total PR-2.2 kurdistan '.numerator, .denominator')" = '["61","140"]' ]
	[ "$(total PR-2.2 iraq '.numerator, .denominator')" = '["115","320"]' ]
	[ "$(total PR-2.2 iraq '.coverage.missing')" = '[[]]' ]
	[ "$(total PA-1.1 federal .value)$(total PA-1.1 kurdistan .value)$(total PA-1.1 iraq .value)" = '["24"]["31"]["55"]' ]
	[ "$(jq '[.totals[] | .coverage | select(.expected != .valued + .not_applicable + .not_collected)] | length' "$INAP_HOME/summary")" = 0 ]
}

@test "registers count distinct names over entities and over both governments" {
	inap_as sec --json national summary --round 2024Q4 >"$INAP_HOME/summary"
	[ "$(total OE-4.1 federal '.value, .coverage.valued')" = '["3",2]' ]
	[ "$(total OE-4.1 kurdistan '.value, .coverage.valued')" = '["2",1]' ]
	[ "$(total OE-4.1 iraq '.value, .coverage.valued')" = '["4",3]' ]
	[ "$(total PV-2.3 iraq .value)" = '["0"]' ]
}

@test "formulas over the system's own rows: reports in time, tables that are full" {
	inap_as sec --json national summary --round 2024Q4 >"$INAP_HOME/summary"
	[ "$(total OE-2.1 iraq '.numerator, .denominator, .percent, .label, .formula')" = '["49","49","100.0","derived","reports_on_time"]' ]
	[ "$(total OE-1.1 iraq '.numerator, .denominator')" = '["0","49"]' ]
	[ "$(jq '[.totals[] | select(.cell == "OE-2.2") | (.numerator | tonumber) as $n | (.denominator | tonumber) as $d | $n < $d and $n > 0] | all' "$INAP_HOME/summary")" = true ]
	run_as team --json national indicator OE-4.2 --round 2024Q4
	assert_json '[.totals[] | select(.jurisdiction == "iraq") | .parts[] | select(.section == "obstacles") | .entity] | length' 49
}

@test "a fact that many know of is counted once: seats, survivors, payments, budgets, meetings" {
	inap_as sec --json national summary --round 2024Q4 >"$INAP_HOME/summary"
	# Of each fact the entities that may told it, and everybody else was refused.
	run sort "$INAP_HOME/told"
	[ "$(sed '/ /!d; s/=.*//' <<<"$output")" = "FED-GDSA PR-3.1
FED-GDSA PR-3.3
FED-IHEC PA-3.1
FED-MOF OE-3.1
KRG-MOFE OE-3.1" ]
	[ "$(wc -l <"$INAP_HOME/refused")" = $((49 * 5 - 5)) ]
	[ "$(cut -d ' ' -f 3 "$INAP_HOME/refused" | sort -u)" = CELL_NOT_ASKED ]
	[ "$(total PA-3.1 iraq '.numerator, .denominator, .coverage.valued')" = '["95","329",1]' ]
	[ "$(total PR-3.1 iraq '.value, .coverage.valued')" = '["1830",1]' ]
	[ "$(total PR-3.3 iraq '.value, .coverage.valued')" = '["4500000000",1]' ]
	[ "$(total OE-3.1 federal .value)$(total OE-3.1 kurdistan .value)$(total OE-3.1 iraq .value)" = '["7000000000"]["900000000"]["7900000000"]' ]
	# The year, and the quarters of it that have a round, say the same.
	run_as sec --json national summary --period 2024
	assert_json '[.totals[] | select(.jurisdiction == "iraq") | select(.cell == ("PA-3.1", "PR-3.1", "PR-3.3", "OE-3.1")) | .value // .numerator] | sort' '["1830","4500000000","7900000000","95"]'
}

@test "OE-1.3 is derived: asked of nobody; four meetings at which twelve institutions sat are four" {
	local day event
	run sql "SELECT count(*) FROM form_cell JOIN indicator USING (indicator_id) WHERE code = 'OE-1.3'"
	[ "$output" = 0 ]
	[ "$(grep -c ' OE-1.3 ' "$INAP_HOME/refused")" = 49 ]
	for day in 2024-10-01 2024-11-05 2024-12-03 2024-12-31; do
		event=$(inap_as sec --json event add national_team_meeting --title "National Team" --start "$day" --organiser FED-COMSEC --present "$(reporters | head -n 12 | paste -sd ,)" | jq .event)
		inap_as sec -q event minutes "E$event" --letter "$event" --letter-date 2025-01-08
	done
	inap_as sec --json national summary --round 2024Q4 >"$INAP_HOME/summary"
	[ "$(total OE-1.3 federal '.value, .label, .formula')" = '["4","derived","meetings"]' ]
	[ "$(total OE-1.3 kurdistan .value)$(total OE-1.3 iraq .value)" = '["0"]["4"]' ]
	run_as sec --json national summary --period 2024
	assert_json '[.totals[] | select(.cell == "OE-1.3" and .jurisdiction == "iraq") | .value, .gaps]' '["4",["2024Q1","2024Q2","2024Q3"]]'
}

@test "OE-2.3 is no until the year's report is published, and then yes" {
	local approval=(--approved-by "Secretary General" --letter 1 --letter-date 2025-02-01)
	[ "$(total OE-2.3 federal .value)$(total OE-2.3 kurdistan .value)$(total OE-2.3 iraq .value)" = '["no"]["no"]["no"]' ]
	inap_as sec -q edition propose 2024Q4 >/dev/null
	inap_as sec-two -q --yes edition confirm 2024Q4/1 "${approval[@]}" >/dev/null
	inap_as sec -q edition propose 2024 >/dev/null
	run_as sec --json national summary --round 2024Q4
	assert_json '[.totals[] | select(.cell == "OE-2.3") | .value] | unique' '["no"]'
	inap_as sec-two -q --yes edition confirm 2024/1 "${approval[@]}" >/dev/null
	run_as sec --json national summary --round 2024Q4
	assert_json '[.totals[] | select(.cell == "OE-2.3") | .value, .formula]' '["yes","annual_report","yes","annual_report","yes","annual_report"]'
	run_as sec --json national summary --period 2024
	assert_json '[.totals[] | select(.cell == "OE-2.3" and .jurisdiction == "iraq") | .value]' '["yes"]'
	run_as team national summary --round 2024Q4
	[[ $output != *"not computed"* ]] || flunk "something is not computed"
}

@test "half and year are in: their values speak of 2024S2 and 2024" {
	inap_as sec --json national summary --round 2024Q4 >"$INAP_HOME/summary"
	[ "$(jq -c '[.totals[].period] | unique' "$INAP_HOME/summary")" = '["2024","2024Q4","2024S2"]' ]
	[ "$(total PA-3.1 federal .period)" = '["2024"]' ]
	[ "$(total PV-3.5 federal '.coverage.valued')" = '[1]' ]
}

@test "summed anew from the cells: no difference" {
	run_as sec --json national recompute --round 2024Q4
	assert_json .differences 0
	assert_json '.totals > 1000'
	run sql "SELECT count(*) FROM report r, value_differences(r.entity_id, r.round_id)"
	[ "$output" = 0 ]
}

@test "another program adds the cells up alike: halves, registers, lone reporters, what is derived" {
	load ../recount/export
	secretariat() { inap_as sec "$@"; }
	admin() { inap_as admin "$@"; }
	export_cells secretariat admin 2024Q4 >"$INAP_HOME/cells"
	{ export_figures secretariat table 2024Q4 && export_figures secretariat indicator =2024; } >"$INAP_HOME/figures"
	run "$INAP_ROOT/tests/recount/recount.pl" "$PLAN" "$INAP_HOME/cells" "$INAP_HOME/figures"
	[[ $status == 0 && ${lines[-1]} =~ ^compared=([0-9]+)\ figures=([0-9]+)\ differences=0$ ]] || flunk "they differ"
	((BASH_REMATCH[2] > 500)) || flunk "too few"
}

@test "the National Team sees what the rule leaves of what is protected, and that the rest is hidden" {
	run_as team --json national summary --round 2024Q4 --by table
	# 54 of 180 and 61 of 140 are large enough; the rest of that table is one that its total leaves.
	assert_json '[.totals[] | select(.cell == "PR-2.2") | .numerator]' '["54","61","115"]'
	assert_json '[.totals[] | select(.indicator == "PA-2.2" and (.cell | contains(":"))) | .hidden] | unique' '[true]'
	assert_json '[.totals[] | select(.hidden) | has("numerator") or has("value") or has("percent")] | any' false
	assert_json '[.totals[] | select(.cell == "PA-3.1" and .jurisdiction == "iraq") | .numerator]' '["95"]'
}
