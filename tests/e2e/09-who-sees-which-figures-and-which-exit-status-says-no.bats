#!/usr/bin/env bats
# The national picture by who looks, at every state of one report; and the statuses by which a refusal is told.

setup_file() {
	load helper
	server_start && make_users FED-MOI FED-SJC && make_user watcher FED-NSS observer && open_round 2024Q3 >/dev/null
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	report=FED-MOI/2024Q3
}

# summary USER [OPTION...]
summary() {
	run_as "$1" --json national summary --round 2024Q3 "${@:2}"
}

# figures FILTER: which jurisdictions of $output show a figure of PA-1.1's total.
figures() {
	jq -c '[.totals[] | select(.cell == "PA-1.1" and has("value")) | .jurisdiction]' <<<"$output"
}

# shown_to USER: the number of values of the report that this person reads, or the refusal's exit status as exit N.
shown_to() {
	local reply
	if reply=$(inap_as "$1" --json report show "$report"); then jq '.values | length > 0' <<<"$reply"; else echo "exit $?"; fi
}

# seen_by: who reads the report now: focal, coordinator of its side, of the other, Secretariat, Team, observer, admin.
seen_by() {
	local user out=()
	for user in fed-moi-focal fed-sjc-focal fed-coord krg-coord sec team watcher admin; do out+=("$user=$(shown_to "$user")"); done
	printf '%s\n' "${out[*]}"
}

# summed_for MIN_STATE: who is given the figure at this state, by jurisdictions; or the exit status.
summed_for() {
	local user out=()
	for user in fed-coord krg-coord sec team watcher admin fed-moi-focal; do
		summary "$user" --min-state "$1"
		if [[ $status == 0 ]]; then out+=("$user=$(figures)"); else out+=("$user=exit $status"); fi
	done
	printf '%s\n' "${out[*]}"
}

wants() {
	[[ $1 == "$2" ]] || flunk "wanted $2" "got    $1"
}

@test "draft: the entity alone" {
	inap_as fed-moi-focal -q report set "$report" --base 0 PA-1.1=24 PR-2.2.d=3 PA-2.6=3 >/dev/null
	wants "$(seen_by)" "fed-moi-focal=true fed-sjc-focal=exit 6 fed-coord=exit 6 krg-coord=exit 6 sec=exit 6 team=exit 6 watcher=exit 5 admin=exit 5"
}

@test "submitted: also its coordinator; a total below endorsed stays inside the jurisdiction" {
	nil fed-moi-focal "$report"
	inap_as fed-moi-approver report show "$report" >/dev/null
	inap_as fed-moi-approver -q --yes report submit "$report" >/dev/null
	wants "$(seen_by)" "fed-moi-focal=true fed-sjc-focal=exit 6 fed-coord=true krg-coord=exit 6 sec=exit 6 team=exit 6 watcher=exit 5 admin=exit 5"
	wants "$(summed_for submitted)" 'fed-coord=["federal"] krg-coord=[] sec=exit 5 team=exit 5 watcher=exit 5 admin=exit 5 fed-moi-focal=exit 5'
	summary fed-coord --min-state submitted
	assert_json '[.totals[].jurisdiction] | unique' '["federal"]'
}

@test "endorsed: also the Secretariat" {
	inap_as fed-coord report show "$report" >/dev/null
	inap_as fed-coord -q review endorse "$report" >/dev/null
	wants "$(seen_by)" "fed-moi-focal=true fed-sjc-focal=exit 6 fed-coord=true krg-coord=exit 6 sec=true team=exit 6 watcher=exit 5 admin=exit 5"
	wants "$(summed_for endorsed)" 'fed-coord=["federal"] krg-coord=[] sec=["federal","iraq"] team=exit 5 watcher=exit 5 admin=exit 5 fed-moi-focal=exit 5'
}

@test "accepted: also the National Team, and the coordinators the whole" {
	inap_as sec report show "$report" >/dev/null
	inap_as sec -q --yes review accept "$report" >/dev/null
	wants "$(seen_by)" "fed-moi-focal=true fed-sjc-focal=exit 6 fed-coord=true krg-coord=exit 6 sec=true team=true watcher=exit 5 admin=exit 5"
	summary sec
	wants "$(figures)" '["federal","iraq"]'
	summary team
	wants "$(figures)" '["federal","iraq"]'
	summary watcher
	assert_exit 5
}

@test "of what is protected the National Team sees what the rule leaves: no small count, no staff by rank or place" {
	summary team
	# 3 of the police's cases are too few; 3 of staff are shown by jurisdiction, not by governorate.
	assert_json '[.totals[] | select(.hidden) | [.cell, .jurisdiction]]' '[["PR-2.2","federal"],["PR-2.2","iraq"]]'
	assert_json '[.totals[] | select(.indicator == "PR-2.2" and .hidden) | has("value") or has("numerator") or has("denominator") or has("percent")] | any' false
	assert_json '[.totals[] | select(.cell == "PA-2.6" and .jurisdiction == "federal") | .value]' '["3"]'
	run_as team --json national indicator PA-2.6 --round 2024Q3
	assert_json '[.totals[] | select(.cell != "PA-2.6") | .hidden] | unique' '[true]'
	assert_json '[.totals[] | select(.cell != "PA-2.6") | has("value")] | any' false
	assert_json '[.totals[].parts[]] | length' 0
	run_as team -o csv national indicator PR-2.2 --round 2024Q3
	assert_exit 0
	[[ $output == *hidden* ]] && ! grep -qE 'PR-2.2,(federal|iraq),[^,]*,[0-9]' <<<"$output" || flunk "a figure"
	summary sec
	assert_json '[.totals[] | select(.hidden)] | length' 0
	assert_json '[.totals[] | select(.cell == "PA-2.6" and .jurisdiction == "federal") | .value]' '["3"]'
}

@test "so is it in the report that the Team reads" {
	run_as team --json report show "$report"
	assert_exit 0
	assert_json '[.values[] | select(.cell | startswith("PA-2.6")) | has("value") or has("blank")] | any' false
	assert_json '[.values[] | select(.cell == "PA-1.1") | .value]' '["24"]'
	run_as team report show "$report"
	assert_exit 0
	run_as team --json report show "$report" --revision 1
	assert_refused NOT_FOUND 6
}

@test "a correction takes nothing away from whoever could read" {
	inap_as sec report show "$report" >/dev/null
	inap_as sec -q review send-back "$report" --note "look again" >/dev/null
	inap_as fed-coord report show "$report" >/dev/null
	inap_as fed-coord -q review return "$report" --note "look again" >/dev/null
	inap_as fed-moi-focal report show "$report" >/dev/null
	inap_as fed-moi-focal -q report set "$report" PA-1.1=99 >/dev/null
	for user in fed-coord sec team; do
		run_as "$user" --json report show "$report"
		assert_json '[.values[] | select(.cell == "PA-1.1") | .value]' '["24"]' || flunk "$user"
	done
	summary team
	assert_json '[.totals[] | select(.cell == "PA-1.1" and .jurisdiction == "federal") | .value, .coverage.under_correction]' '["24",["FED-MOI"]]'
	run_as fed-moi-focal --json report show "$report"
	assert_json '[.values[] | select(.cell == "PA-1.1") | .value]' '["99"]'
}

@test "completeness holds states and dates, no figures, and is open to those who review and read" {
	local user
	for user in fed-coord krg-coord sec team; do
		run_as "$user" --json national completeness --round 2024Q3
		assert_exit 0
		assert_json '[.entities[] | keys[]] | unique | inside(["accepted_first","answered","asked","due_at","entity","excused","excused_note","extended","jurisdiction","name","on_time","state","submitted_at","valued"])'
	done
	for user in watcher admin fed-moi-focal; do
		run_as "$user" --json national completeness --round 2024Q3
		assert_refused FORBIDDEN 5
	done
}

@test "statuses: 0 done, 2 wrong use, 4 log in first, 5 not your role, 6 not found, 7 conflict, 8 not reached" {
	run_as sec national summary --round 2024Q3 && assert_exit 0
	run_as sec national && assert_exit 2
	run_as sec national summary --nonsense && assert_exit 2
	run_as sec national nonsense --help && assert_exit 6
	run_as sec national --help && assert_exit 0
	assert_output_has "inap national summary"
	run_as sec --json national summary --min-state perhaps && assert_exit 2
	run_as sec -o totals.csv national summary && assert_exit 2
	[[ $stderr == *"table, card, plain, csv, json, ndjson"* ]] || flunk "$stderr"
	run_as nobody --json whoami && assert_refused LOGIN_REQUIRED 4
	run_as admin --json national summary --round 2024Q3 && assert_refused FORBIDDEN 5
	run_as sec --json national summary --round 2023Q3 && assert_refused NOT_FOUND 6
	run_as sec --json national indicator XX-1.1 --round 2024Q3 && assert_exit 6
	run_as sec --json review accept "$report" --base 1 && assert_exit 7
	INAP_SERVER=localhost:1 run_as sec --json whoami && assert_refused NOT_REACHED 8
}
