#!/usr/bin/env bats
# Point-return: questions on cells and tables, what a return unlocks, cells asked for, points taken back, the thread.

setup_file() {
	load helper
	load testplan
	server_start && make_test_users && make_user fed-coord2 FED-C coordinator federal
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

# texts: every text that nil cannot answer.
texts() {
	local row column
	for row in 1 2 3 4; do for column in 1 2 3 4 5; do echo "TX-$row.$column=words"; done; done
}

submitted() {
	local -a words
	mapfile -t words < <(texts)
	inap_as a-focal -q --yes report nil "$report" --base 0 >/dev/null || return 1
	inap_as a-focal -q report set "$report" AA-1.3=yes "${words[@]}" >/dev/null || return 1
	inap_as a-approver report show "$report" >/dev/null
	inap_as a-approver -q --yes report submit "$report" --note "nothing to add" >/dev/null || return 1
	inap_as fed-coord report show "$report" >/dev/null
}

see() {
	inap_as "$1" report show "$report" >/dev/null
}

open_cells() {
	inap_as a-focal --json report show "$report" | jq -c .open
}

@test "one cell is returned: it is writable, every other one is refused with the reason" {
	submitted
	run_as fed-coord --json review point "$report" AA-1.5 "is it in thousands?" --code unclear
	assert_exit 0
	assert_json '[.from, .to, .points]' '["submitted","in_review",[1]]'
	run_as fed-coord --json review return "$report"
	assert_exit 0
	see a-focal
	[ "$(open_cells)" = '["AA-1.5"]' ]
	local cell cells
	cells=$(inap_as a-focal --json report show "$report" | jq -r '.values[].cell')
	[ "$(wc -l <<<"$cells")" -ge 30 ]
	for cell in $cells; do
		[[ $cell != AA-1.5 ]] || continue
		case $cell in
		TX*) run_as a-focal --json report set "$report" "$cell=other" ;;
		AA-1.3) run_as a-focal --json report set "$report" "$cell=no" ;;
		AA-1.4) run_as a-focal --json report set "$report" "$cell=1/2" ;;
		AA-2.1) run_as a-focal --json report set "$report" "AA-2.1.n=1" ;;
		*) run_as a-focal --json report set "$report" "$cell=1" ;;
		esac
		assert_refused INVALID_CELLS 3 || flunk "$cell"
		assert_json '[.error.fields[] | [.cell, .code]]' "[[\"$cell\",\"CELL_LOCKED\"]]" || flunk "$cell"
		[[ $(jq -r '.error.fields[0].message' <<<"$output") == *returned* ]] || flunk "$output"
	done
	run_as a-focal --json report set "$report" AA-1.5=7000
	assert_exit 0
	run_as a-focal --json report set "$report" AA-1.5=7001 AA-1.1=5
	assert_refused INVALID_CELLS 3
	assert_json '[.error.fields[].cell]' '["AA-1.1"]'
	[ "$(inap_as a-focal --json report show "$report" | jq -r '.values[] | select(.cell == "AA-1.5") | .value')" = 7000 ]
}

@test "a person reads what is open, in the language asked for, and rest and nil keep to it" {
	submitted
	inap_as fed-coord -q review point "$report" AA-1.1:sex=M "more men than last year?" >/dev/null
	inap_as fed-coord -q review return "$report" >/dev/null
	run_as a-focal report show "$report" --points
	assert_exit 0
	[[ $output == *"open for writing, and nothing else: AA-1.1:sex=M"* ]]
	[[ $output == *"the answer is wanted by"* ]]
	[[ $output == *"more men than last year?"* ]]
	run_as a-focal -L ar report show "$report"
	[[ $output == *"المفتوح للكتابة"*"AA-1.1:sex=M"* ]]
	run_as a-focal --json report set "$report" AA-1.1:sex=M=
	assert_exit 0
	run_as a-focal --json report set "$report" AA-1.1:sex=rest=4
	assert_exit 0
	assert_json '[.created, .updated]' '[1,0]'
	[ "$(inap_as a-focal --json report show "$report" | jq -r '.values[] | select(.cell == "AA-1.1:sex=M") | .value')" = 4 ]
}

@test "a table is returned: its cells, and not the total" {
	submitted
	run_as fed-coord --json review point "$report" AA-1.2:row "which rows?"
	assert_exit 0
	inap_as fed-coord -q review return "$report" >/dev/null
	[ "$(open_cells)" = '["AA-1.2:row=1","AA-1.2:row=2","AA-1.2:row=3","AA-1.2:row=unknown"]' ] || flunk "$(open_cells)"
	see a-focal
	run_as a-focal --json report set "$report" AA-1.2:row='*'=2
	assert_exit 0
	run_as a-focal --json report set "$report" AA-1.2=8
	assert_refused INVALID_CELLS 3
}

@test "a return with nothing but a note is a question on the whole report" {
	submitted
	inap_as fed-coord -q review return "$report" --note "look again" >/dev/null
	[ "$(open_cells)" = null ]
	run_as a-focal --json report show "$report"
	assert_json '[.points[] | [.point, .target, .text]]' '[[1,"report","look again"]]'
}

@test "where a point is open the note of a return opens nothing" {
	submitted
	inap_as fed-coord -q review point "$report" AA-1.5 "thousands?" >/dev/null
	inap_as fed-coord -q review return "$report" --note "one thing" >/dev/null
	[ "$(open_cells)" = '["AA-1.5"]' ]
	run_as a-focal --json report show "$report"
	assert_json '[.points[] | [.point, .target]]' '[[1,"cell:AA-1.5"]]'
}

@test "what is no part of the report is refused before anything is claimed" {
	submitted
	local target
	for target in AA-9.9 AA-1.1:sex=X AA-1.1:row nonsense narrative:poems activity:AA-A1 cell:AA-1.1:row=1; do
		run_as fed-coord --json review point "$report" "$target" "why?"
		assert_refused NOT_FOUND 6 || flunk "$target"
	done
	for target in "" AA-1.1:sex='*' cell: "AA-1.1 ; drop"; do
		run_as fed-coord --json review point "$report" "$target" "why?"
		assert_exit 2 || flunk "$target"
	done
	run_as fed-coord --json review point "$report" AA-1.1
	assert_exit 2
	run_as fed-coord --json report show "$report"
	assert_json '[.state, .points]' '["submitted",[]]'
}

@test "cells are asked for, opened in one step, or refused; asking opens nothing" {
	submitted
	inap_as fed-coord -q review point "$report" AA-1.5 "thousands?" >/dev/null
	run_as a-focal --json report ask-cells "$report" AA-1.1 --note "it follows" --base 5
	assert_refused WRONG_STATE 7
	inap_as fed-coord -q review return "$report" >/dev/null
	see a-focal
	run_as a-focal --json report ask-cells "$report" AA-1.1
	assert_exit 2
	run_as a-focal --json report ask-cells "$report" AA-9.9 --note "no such"
	assert_refused NOT_FOUND 6
	run_as a-focal --json report ask-cells "$report" AA-1.1 AA-1.1:sex=F --note "they follow from it"
	assert_exit 0
	assert_json .points '[2,3]'
	[ "$(open_cells)" = '["AA-1.5"]' ]
	run_as fed-coord --json todo
	assert_json "[.[] | select(.report == \"$report\") | [.what, .count]]" '[["grant",2]]'
	run_as fed-coord --json review withdraw "$report" 3 --note "the total is enough"
	assert_exit 0
	run_as fed-coord --json review point "$report" asked
	assert_exit 0
	assert_json '[.from, .to, .points]' '["returned","returned",[2]]'
	[ "$(open_cells)" = '["AA-1.1","AA-1.5"]' ]
	run_as fed-coord --json review point "$report" asked
	assert_refused NOT_FOUND 6
	see a-focal
	run_as a-focal --json report show "$report"
	assert_json '[.points[] | [.point, .state, .by, .text]]' '[[1,"open","fed-coord","thousands?"],[2,"open","a-focal","they follow from it"],[3,"withdrawn","a-focal","they follow from it"]]'
	run_as a-focal --json report set "$report" AA-1.1=0 AA-1.5=3
	assert_exit 0
}

@test "every point is answered before the resubmission; what was asked for and not opened does not hold it up" {
	submitted
	inap_as fed-coord -q review point "$report" AA-1.5 "thousands?" >/dev/null
	inap_as fed-coord -q review point "$report" AA-1.2 "of what?" >/dev/null
	inap_as fed-coord -q review return "$report" >/dev/null
	see a-focal
	inap_as a-focal -q report ask-cells "$report" AA-1.1 --note "it follows" >/dev/null
	inap_as a-focal -q report answer "$report" 1 "yes, corrected" >/dev/null
	see a-approver
	run_as a-approver --json --yes report submit "$report" --note "again"
	assert_refused POINTS_OPEN 7
	assert_json .error.arguments.count '"1"'
	# the answer is the entity's own until it is submitted
	run_as fed-coord --json report show "$report"
	assert_json '[.points[] | [.point, .state, .answer]]' '[[1,"open",null],[2,"open",null],[3,"asked",null]]'
	inap_as a-focal -q report answer "$report" 2 "of families" --confirmed >/dev/null
	see a-approver
	run_as a-approver --json --yes report submit "$report" --note "again"
	assert_exit 0
	run_as fed-coord --json report show "$report"
	assert_json '[.points[] | [.point, .turn, .state, .answer, .answered_by]]' \
		'[[1,1,"answered","corrected","a-focal"],[2,1,"answered","confirmed","a-focal"],[3,2,"withdrawn",null,null]]'
}

@test "a second return opens what it asks about, not what was answered; the thread keeps both" {
	submitted
	local on_time
	on_time=$(inap_as a-focal --json report show "$report" | jq -r .submitted_at)
	inap_as fed-coord -q review point "$report" AA-1.5 "thousands?" >/dev/null
	inap_as fed-coord -q review return "$report" >/dev/null
	see a-focal
	inap_as a-focal -q report set "$report" AA-1.5=5 >/dev/null
	inap_as a-focal -q report answer "$report" 1 "corrected" >/dev/null
	see a-approver && inap_as a-approver -q --yes report submit "$report" --note "again" >/dev/null
	see fed-coord
	inap_as fed-coord -q review point "$report" AA-1.2 "of what?" >/dev/null
	inap_as fed-coord -q review return "$report" >/dev/null
	[ "$(open_cells)" = '["AA-1.2"]' ]
	run_as a-focal --json report show "$report"
	assert_json '[.points[] | [.point, .turn, .target, .state]]' '[[1,1,"cell:AA-1.5","settled"],[2,2,"cell:AA-1.2","open"]]'
	assert_json .submitted_at "\"$on_time\""
}

@test "a point taken back shuts its cell again; a last one taken back lets the report go as it was" {
	submitted
	inap_as fed-coord -q review point "$report" AA-1.5 "thousands?" >/dev/null
	inap_as fed-coord -q review return "$report" >/dev/null
	run_as fed-coord2 --json report show "$report"
	assert_json .actions '["point","withdraw_point"]'
	run_as fed-coord2 --json review withdraw "$report" 1 --note "asked by mistake"
	assert_exit 0
	[ "$(open_cells)" = '[]' ]
	see a-focal
	run_as a-focal report show "$report"
	[[ $output == *"no cell is open for writing"* ]]
	see a-approver
	run_as a-approver --json --yes report submit "$report" --note "as it was"
	assert_exit 0
	run_as fed-coord --json review withdraw "$report" 1 --base 99
	assert_refused STALE_REVISION 7
	see fed-coord
	run_as fed-coord --json review withdraw "$report" 1
	assert_refused NOT_FOUND 6
}

@test "who typed on while the coordinator opens more is told, and loses nothing" {
	submitted
	inap_as fed-coord -q review point "$report" AA-1.5 "thousands?" >/dev/null
	inap_as fed-coord -q review return "$report" >/dev/null
	see a-focal
	inap_as fed-coord -q review point "$report" AA-1.2 "of what?" >/dev/null
	run_as a-focal --json report set "$report" AA-1.5=5
	assert_refused STALE_REVISION 7
	run_as a-focal --json report set "$report" AA-1.5=5 --merge
	assert_exit 0
	[ "$(open_cells)" = '["AA-1.2","AA-1.5"]' ]
}

@test "the history names every point, and a withdrawal of the submission keeps them" {
	submitted
	inap_as fed-coord -q review point "$report" AA-1.5 "thousands?" >/dev/null
	inap_as fed-coord -q review return "$report" >/dev/null
	see a-focal
	inap_as a-focal -q report ask-cells "$report" AA-1.1 --note "it follows" >/dev/null
	inap_as fed-coord -q review withdraw "$report" 2 --note "no" >/dev/null
	inap_as a-focal report show "$report" >/dev/null
	inap_as a-focal -q report answer "$report" 1 "corrected" >/dev/null
	see a-approver && inap_as a-approver -q --yes report submit "$report" --note "again" >/dev/null
	inap_as a-approver -q report withdraw "$report" --note "the wrong sheet" >/dev/null
	[ "$(open_cells)" = '["AA-1.5"]' ]
	run_as fed-coord --json report history "$report"
	assert_json '[.[] | .action] | map(select(. != "save" and . != "narrative"))' '["submit","point","return","ask-cells","withdraw-point","submit","withdraw"]'
}
