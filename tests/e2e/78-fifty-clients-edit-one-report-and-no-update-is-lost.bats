#!/usr/bin/env bats
# Fifty clients, two hundred edits each, one report: successes are revisions, no update is lost, every conflict names its cells.

setup_file() {
	load helper
	load testplan
	server_start && make_test_users 30 && make_clerks
}

# make_clerks: twelve more who type for FED-A: a person has few sessions at a time.
make_clerks() {
	local n
	for n in {1..12}; do make_user "clerk$n" FED-A focal_point FED-A || return 1; done
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	own_round
}

@test "successes equal revisions, sums equal saves, conflicts name their cells" {
	local words word cell count got
	words=$(for n in {1..30}; do printf 'AA-1.2:row=%s ' "$n"; done)
	local users=()
	for word in a-focal clerk{1..12}; do users+=("$word:$INAP_HOME/password-$word"); done
	local began=$SECONDS
	run "$INAP_TOOLS/faults/rivals" --server "$INAP_SERVER" --ca "$INAP_CA" --report "$report" --clients 50 --edits 200 --cells "$words" "${users[@]}"
	echo "# $(grep '^saved=' <<<"$output"), $((SECONDS - began)) s" >&3
	[[ $status == 0 ]] || flunk "faults"
	[[ $output =~ saved=([0-9]+)\ conflicts=([0-9]+)\ merged=([0-9]+) ]] || flunk "no result"
	local saved=${BASH_REMATCH[1]} conflicts=${BASH_REMATCH[2]} merged=${BASH_REMATCH[3]}
	((saved + conflicts == 50 * 200))
	((saved > 500 && conflicts > 100 && merged > 100))
	# The clients took the sessions of those who type.
	inap_as a-approver --json report show "$report" >"$INAP_HOME/show"
	[[ $(jq .revision "$INAP_HOME/show") == "$saved" ]] || flunk "successes are not revisions"
	while read -r cell count; do
		got=$(jq -r --arg cell "$cell" '[.values[] | select(.cell == $cell) | .value][0] // "0"' "$INAP_HOME/show")
		[[ $got == "$count" ]] || flunk "$cell holds $got after $count saves"
	done < <(grep '^AA-' <<<"$output")
	[[ $(sql "SELECT count(*) FROM log l JOIN entity e USING (entity_id) WHERE e.code = 'FED-A' AND action = 'save'") == "$saved" ]]
	[[ -z $(sql "SELECT f.* FROM entity e, chain_faults(e.entity_id) f WHERE e.code = 'FED-A'") ]]
	[[ -z $(sql "SELECT d.* FROM report r JOIN entity e USING (entity_id), value_differences(r.entity_id, r.round_id) d WHERE e.code = 'FED-A'") ]]
}
