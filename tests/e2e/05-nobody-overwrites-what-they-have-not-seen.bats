#!/usr/bin/env bats
# What a person was shown is remembered on their machine, and every write stands on it.

setup_file() {
	load helper
	load testplan
	server_start && make_test_users && make_user a-focal2 FED-A focal_point FED-A
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	own_round
	state=$(user_home a-focal)/state/inap
}

teardown() {
	chmod -f 600 "$(user_home a-focal)"/state/inap/tokens/* || true
}

revision() {
	inap_as a-approver --json report show "$report" | jq .revision
}

set_values() {
	run_as "$1" --json report set "$report" "${@:2}"
}

@test "a write to a report never shown stops with 7 and shows it; repeated, it is done" {
	run_as a-focal2 report set "$report" AA-1.1=3
	assert_exit 7
	assert_output_has "$report"
	assert_output_has AA-1.5
	assert_stderr_has NOT_SEEN
	[ "$(revision)" = 0 ]
	run_as a-focal2 report set "$report" AA-1.1=3
	assert_exit 0
	[ "$(revision)" = 1 ]
}

@test "so do import, zero and nil, ready, and a move; with --json the error alone is on stdout" {
	local word
	set_values a-focal AA-1.1=3
	printf 'cell,value\nAA-1.1,4\n' >"$INAP_HOME/file.csv"
	for word in "set $report AA-1.1=4" "import $report $INAP_HOME/file.csv" "zero $report AA-1.5" "nil $report" "narrative $report results done" "ready $report"; do
		rm -rf "$(user_home a-focal2)/state/inap/default/seen"
		# shellcheck disable=SC2086
		run_as a-focal2 --json --yes report $word
		assert_refused NOT_SEEN 7 || flunk "$word"
		assert_stderr_has "$report"
	done
	run_as a-approver --json --yes report submit "$report"
	assert_refused NOT_SEEN 7
	[ "$(inap_as b-focal --json report list | jq --arg report "$report" 'map(select(.report == $report)) | length')" = 0 ]
	[ "$(revision)" = 1 ]
}

@test "--base stands for having seen it" {
	run_as a-focal2 --json report set "$report" AA-1.1=3 --base 0
	assert_exit 0
	assert_json .revision 1
	run_as a-focal2 --json report set "$report" AA-1.1=4 --base 0
	assert_refused STALE_REVISION 7
	run_as a-focal2 --json report set "$report" AA-1.1=4 --base 9
	assert_refused STALE_REVISION 7
	run_as a-focal2 --json report set "$report" AA-1.1=4 --base x
	assert_exit 2
	[ "$(revision)" = 1 ]
}

@test "two people of one office: the second is told what the first changed, and nothing is lost" {
	inap_as a-focal2 report show "$report" >/dev/null
	set_values a-focal AA-1.1=3 AA-1.5=9
	assert_exit 0
	set_values a-focal2 AA-1.1=4 AA-1.4=1/2
	assert_refused STALE_REVISION 7
	assert_json '[.error.revision, .error.arguments.base, .error.arguments.revision]' '[1,"0","1"]'
	assert_json '[.error.changes[] | [.cell, .after.value, .by, .yours]]' '[["AA-1.1","3","a-focal",true],["AA-1.5","9","a-focal",false]]'
	run_as a-focal2 report set "$report" AA-1.1=4
	assert_exit 7
	assert_stderr_has "AA-1.1"
	assert_stderr_has "report diff $report --from 0 --to 1"
	[ "$(revision)" = 1 ]
	run_as a-focal2 --json report diff "$report" --from 0 --to 1
	assert_exit 0
	assert_json '[.from, .to, [.changes[].cell]]' '[0,1,["AA-1.1","AA-1.5"]]'
	set_values a-focal2 AA-1.1=4
	assert_exit 0
	run_as a-focal --json report show "$report"
	assert_json '[.values[] | select(.cell == "AA-1.1") | [.value, .by, .revision]]' '[["4","a-focal2",2]]'
	assert_json '[.values[] | select(.cell == "AA-1.5") | [.value, .by, .revision]]' '[["9","a-focal",1]]'
}

@test "--merge saves what nobody else touched, and only that" {
	inap_as a-focal2 report show "$report" >/dev/null
	set_values a-focal AA-1.1=3
	set_values a-focal2 AA-1.5=7 --merge
	assert_exit 0
	assert_json .revision 2
	set_values a-focal AA-1.5=8 --merge
	assert_refused STALE_REVISION 7
	set_values a-focal AA-1.4=1/2 --merge
	assert_exit 0
	assert_json .revision 3
	# The merge brought in what a-focal was not shown: still unseen.
	set_values a-focal AA-1.5=8
	assert_refused STALE_REVISION 7
}

@test "a stale signature is refused: the approver signs what was read" {
	inap_as a-focal -q report set "$report" AA-1.3=yes AA-1.{1,2,5}=0 AA-1.4=0/0 AA-2.1.n=0 TX-{1..4}.{1..5}=none >/dev/null
	narrate a-focal "$report"
	inap_as a-approver report show "$report" >/dev/null
	set_values a-focal AA-1.5=1
	run_as a-approver --json --yes report submit "$report" --note "tables are not kept"
	assert_refused STALE_REVISION 7
	assert_json '[.error.arguments.base, .error.arguments.revision, .error.revision]' '["3","4",4]'
	run_as a-approver --yes report submit "$report" --note "tables are not kept"
	assert_stderr_has "report diff $report --from 3 --to 4"
	inap_as a-approver report show "$report" >/dev/null
	run_as a-approver --json --yes report submit "$report" --note "tables are not kept"
	assert_exit 0
	assert_json .to submitted
}

@test "one's own write is seen: no look is needed between two" {
	set_values a-focal AA-1.1=3
	set_values a-focal AA-1.1=4
	assert_exit 0
	set_values a-focal AA-1.1=5
	assert_json .revision 3
}

@test "looking at an old revision is not having seen the newest" {
	set_values a-focal AA-1.1=3
	set_values a-focal AA-1.1=4
	inap_as a-focal2 report show "$report" --revision 1 >/dev/null
	set_values a-focal2 AA-1.1=5
	assert_exit 7
	[ "$(revision)" = 2 ]
}

@test "what is kept on disk is for this person alone" {
	set_values a-focal AA-1.1=3
	run find "$state" -type f ! -perm 600
	[ -z "$output" ]
	run find "$state" -type d ! -perm 700
	[ -z "$output" ]
	[ "$(find "$state" -type f -path '*seen*' | wc -l)" -ge 1 ]
	[ -z "$(find "$state" -type f -path '*pending*')" ]
	run grep -rl -e "$(password_of a-focal)" "$(user_home a-focal)"
	[ -z "$output" ]
}

@test "a login that others may read is refused with the way out" {
	chmod 644 "$state"/tokens/*
	run_as a-focal whoami
	[ "$status" -ne 0 ]
	assert_stderr_has "chmod 600"
	chmod 600 "$state"/tokens/*
	run_as a-focal whoami
	assert_exit 0
}

@test "a server that is not reached changes nothing, and the same command again does it" {
	INAP_SERVER=localhost:1 run_as a-focal --json report set "$report" AA-1.1=7 --base 0
	assert_refused NOT_REACHED 8
	run_as a-focal --json report set "$report" AA-1.1=7 --base 0
	assert_exit 0
	assert_json .created 1
	[ "$(revision)" = 1 ]
	[ -z "$(find "$state" -type f -path '*pending*')" ]
}
