#!/usr/bin/env bats
# Extensions: two cells of a closed round, until when, by whom, named by every late save; and which lock refuses a write.
# shellcheck disable=SC2030,SC2031

setup_file() {
	load helper
	load testplan
	server_start && make_test_users
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
}

in_days() {
	TZ=Asia/Baghdad date -d "$1 days" +%F
}

# closed_round: $round and $report of FED-A, which has typed something; closed.
closed_round() {
	own_round
	inap_as a-focal -q report set "$report" AA-1.1=5 >/dev/null
	inap_as sec -q --no-input round close "$round" --confirm "$round" >/dev/null
}

# save CELL=VALUE...: by a-focal, at the revision that is.
save() {
	run_as a-focal --json report set "$report" --base "$(inap_as a-focal --json report show "$report" | jq .revision)" "$@"
}

# give [OPTION...]: an extension of the report; its number is $extension.
give() {
	run_as sec --json extension add "${report%/*}" "$round" "$@"
	assert_exit 0
	extension=$(jq .extension <<<"$output")
}

@test "two cells of a closed round are opened: they are saved, others are not, and history names the extension" {
	closed_round
	save AA-1.1=6
	assert_refused ROUND_NOT_OPEN 7
	give --cells AA-1.1,AA-1.1:sex=F --until "$(in_days 3)" --note "the courts answered late"
	assert_json '[.report, .cells, .state, .by, .note]' "[\"$report\",[\"AA-1.1\",\"AA-1.1:sex=F\"],\"live\",\"sec\",\"the courts answered late\"]"
	save AA-1.1=6
	assert_exit 0
	save AA-1.5=100
	assert_refused INVALID_CELLS 3
	assert_json '.error.fields | map([.cell, .code, .message])' '[["AA-1.5","CELL_LOCKED","AA-1.5 is locked: closed"]]'
	save AA-1.1:sex=F=2 AA-1.1:sex=M=4
	assert_refused INVALID_CELLS 3
	save AA-1.1:sex=F=2
	assert_exit 0
	run_as a-focal --json report history "$report"
	assert_json 'map([.action, .by, .extensions])' "[[\"save\",\"a-focal\",[]],[\"extension-add\",\"sec\",[$extension]],[\"save\",\"a-focal\",[$extension]],[\"save\",\"a-focal\",[$extension]]]"
	run_as a-focal --json extension list
	assert_json 'map(.extension)' "[$extension]"
	run_as b-focal --json extension list
	assert_json . '[]'
	run_as fed-coord --json extension list --round "$round"
	assert_json 'map(.extension)' "[$extension]"
	run_as krg-coord --json extension list --round "$round"
	assert_json . '[]'
	[ "$(sql 'SELECT count(*) FROM entity e, chain_faults(e.entity_id)')" = 0 ]
}

@test "a table and a whole report can be opened too" {
	closed_round
	give --cells 'AA-1.1:sex=*' --until "$(in_days 3)" --note "the table only"
	save AA-1.1:sex=M=5
	assert_exit 0
	save AA-1.1=5
	[ "$status" -ne 0 ] || assert_json .unchanged 1
	save AA-1.5=1
	assert_refused INVALID_CELLS 3
	give --until "$(in_days 3)" --note "all of it"
	assert_json .cells '[]'
	save AA-1.5=1
	assert_exit 0
}

@test "after its end it opens nothing, and one that is taken back neither" {
	closed_round
	give --cells AA-1.1 --until "$(TZ=Asia/Baghdad date -d '3 seconds' +%FT%T)" --note "quickly"
	local first=$extension
	save AA-1.1=7
	assert_exit 0
	while [[ $(inap_as sec --json extension list --round "$round" | jq -r '.[0].state') == live ]]; do sleep 0.3; done
	save AA-1.1=8
	assert_refused ROUND_NOT_OPEN 7
	run_as sec --json extension revoke "$first" --note "too late"
	assert_refused WRONG_STATE 7
	give --cells AA-1.1 --until "$(in_days 3)" --note "once more"
	save AA-1.1=8
	assert_exit 0
	run_as sec --json extension revoke "$extension"
	assert_exit 2
	run_as sec --json extension revoke "$extension" --note "it came by letter"
	assert_json '[.state, .revoked_by, .revoked_note]' '["revoked","sec","it came by letter"]'
	save AA-1.1=9
	assert_refused ROUND_NOT_OPEN 7
	run_as sec --json extension revoke "$extension" --note "again"
	assert_refused WRONG_STATE 7
	run_as a-focal --json report history "$report"
	assert_json '.[-1] | [.action, .by, .note, .extensions]' "[\"extension-revoke\",\"sec\",\"it came by letter\",[$extension]]"
	run_as sec --json extension revoke 999999 --note "none"
	assert_refused NOT_FOUND 6
}

@test "what is no extension is refused, and nobody but the Secretariat gives one" {
	closed_round
	run_as sec --json extension add FED-A "$round" --cells XX-9.9 --until "$(in_days 3)" --note "why"
	assert_refused CELL_UNKNOWN 3
	run_as sec --json extension add FED-B "$round" --cells AA-1.2 --until "$(in_days 3)" --note "why"
	assert_refused CELL_NOT_ASKED 3
	run_as sec --json extension add FED-A "$round" --until "$(in_days -1)" --note "why"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json extension add FED-A "$round" --note "why"
	assert_exit 2
	run_as sec --json extension add FED-A "$round" --until "$(in_days 3)"
	assert_exit 2
	run_as sec --json extension add FED-A "$round" --until tomorrow --note "why"
	assert_refused DATE_BAD 3
	run_as sec --json extension add FED-A 2029Q4 --until "$(in_days 3)" --note "why"
	assert_refused NOT_FOUND 6
	for user in fed-coord a-focal a-approver; do
		run_as "$user" --json extension add FED-A "$round" --until "$(in_days 3)" --note "mine"
		assert_refused FORBIDDEN 5
	done
	run_as sec --json extension list --round "$round"
	assert_json . '[]'
}

# locked STATE WORD AR CKB: a save is refused with the state's word, in three languages.
locked() {
	local lang wanted
	for lang in en ar ckb; do
		case $lang in en) wanted=$2 ;; ar) wanted=$3 ;; ckb) wanted=$4 ;; esac
		run_as b-focal -L "$lang" report set "$report" --base "$(inap_as b-focal --json report show "$report" | jq .revision)" AA-1.1=77
		[ "$status" -eq 7 ] || flunk "$1: exit $status" "$stderr"
		[[ $stderr == *"$wanted"* ]] || flunk "$1, $lang: wanted '$wanted'" "$stderr"
	done
}

# move USER WORDS...: a command on the report, by someone who has seen it.
move() {
	inap_as "$1" report show "$report" >/dev/null
	inap_as "$1" -q --yes "${@:2}" >/dev/null
}

@test "every refusal of a write says which lock it is, in three languages" {
	round=2029Q1 report=FED-B/2029Q1
	inap_as sec -q round add "$round" --opens "$(in_days 5)" --due "$(in_days 20)" >/dev/null
	locked "not open" "not open yet" "لم يُفتح بعد" "هێشتا نەکراوەتەوە"
	own_round
	report=FED-B/$round
	inap_as sec -q --no-input round close "$round" --confirm "$round" >/dev/null
	locked closed closed مغلق داخراو
	inap_as sec -q round open "$round" --note "again" >/dev/null
	nil b-focal "$report"
	move b-approver report submit "$report" --note 'no other tables'
	locked submitted submitted مُقدَّم پێشکەشکراو
	move fed-coord review claim "$report"
	locked in_review "in review" "قيد المراجعة" "لەژێر پێداچوونەوەدا"
	move fed-coord review point "$report" cell:AA-1.5 'is it so?'
	move fed-coord review return "$report"
	run_as b-focal -L ar report set "$report" --base "$(inap_as b-focal --json report show "$report" | jq .revision)" AA-1.1=77
	[ "$status" -eq 3 ] || flunk "$stderr"
	[[ $stderr == *"مُعاد للتصحيح"* ]] || flunk "$stderr"
	inap_as b-focal report show "$report" >/dev/null
	inap_as b-focal -q report answer "$report" 1 'it is' --confirmed >/dev/null
	move b-approver report submit "$report" --note 'no other tables'
	move fed-coord review endorse "$report"
	locked endorsed endorsed مؤيَّد پشتڕاستکراوە
	move sec review accept "$report"
	locked accepted accepted معتمَد پەسەندکراو
}

@test "words and evidence that come late name their extension as values do" {
	local base
	closed_round
	base=$(inap_as a-focal --json report show "$report" | jq .revision)
	run_as a-focal --json report narrative "$report" results "late" --base "$base"
	assert_refused ROUND_NOT_OPEN 7
	give --until "$(in_days 3)" --note "the letter came late"
	run_as a-focal --json report narrative "$report" results "late" --base "$base"
	assert_exit 0
	run_as a-focal --json report attach "$report" --reference 4417 --kind letter --base $((base + 1))
	assert_exit 0
	run_as a-focal --json report history "$report"
	assert_json 'map([.action, .extensions])' "[[\"save\",[]],[\"extension-add\",[$extension]],[\"narrative\",[$extension]],[\"attach\",[$extension]]]"
	[ "$(sql 'SELECT count(*) FROM entity e, chain_faults(e.entity_id)')" = 0 ]
}
