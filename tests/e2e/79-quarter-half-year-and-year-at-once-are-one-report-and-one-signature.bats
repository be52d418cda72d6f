#!/usr/bin/env bats
# FED-MOI's fourth quarter asks for 2024Q4, 2024S2 and 2024 at once: answered in under sixty commands, signed once.

setup_file() {
	load helper
	server_start && make_users FED-MOI && open_round 2024Q4
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	report=FED-MOI/2024Q4
	count=$INAP_HOME/commands
}

# typed USER ARGUMENTS...: one command of a person, counted.
typed() {
	echo "$*" >>"$count"
	inap_as "$@"
}

# answer INDICATOR: a command, or two where 0 is no answer.
answer() {
	typed fed-moi-focal -q --yes report zero "$report" "$1" >/dev/null 2>&1 ||
		typed fed-moi-focal -q report set "$report" "$1=no" >/dev/null 2>&1 ||
		typed fed-moi-focal -q report set "$report" "$1=\"none\"" >/dev/null
}

@test "what is asked: a quarter's, a half-year's and a year's cells in one report" {
	inap_as fed-moi-focal --json report show "$report" >"$INAP_HOME/show"
	[[ $(jq '.unanswered | length' "$INAP_HOME/show") -gt 100 ]] || flunk "little is asked"
	[[ $(inap_as fed-moi-focal --json report list --round 2024Q4 | jq 'length') == 1 ]]
}

@test "it is answered indicator by indicator in under sixty commands, and signed once" {
	local indicator
	typed fed-moi-focal todo >/dev/null
	typed fed-moi-focal report show "$report" >/dev/null
	typed fed-moi-focal -q report set "$report" PA-1.1=24 PA-1.1:age_band=18-29=14 'PA-1.1:age_band=rest=@not_collected' PR-2.2.d=180 >/dev/null
	while read -r indicator; do
		answer "$indicator" || flunk "$indicator"
	done < <(inap_as fed-moi-focal --json report show "$report" | jq -r '.unanswered[] | select(contains(":") | not)')
	typed fed-moi-focal report check "$report" >/dev/null
	nil fed-moi-focal "$report" && echo nil >>"$count" && echo set >>"$count"
	narrate fed-moi-focal "$report" && printf 'narrative\nnarrative\nshow\n' >>"$count"
	typed fed-moi-focal -q report ready "$report" >/dev/null
	typed fed-moi-approver report show "$report" >/dev/null
	typed fed-moi-approver -q --yes report submit "$report" --note "tables that are not kept" >/dev/null
	echo "# $(wc -l <"$count") commands" >&3
	(($(wc -l <"$count") < 60)) || flunk "too many commands"
	run_as fed-coord --json report show "$report"
	assert_json '[.values[].period] | unique' '["2024","2024Q4","2024S2"]'
	assert_json '[.unanswered, .state]' '[[],"submitted"]'
	run_as fed-moi-approver --json report history "$report"
	assert_json '[.[] | select(.action == "submit")] | length' 1
	run_as fed-coord --json review queue
	assert_json 'map(.report)' "[\"$report\"]"
}
