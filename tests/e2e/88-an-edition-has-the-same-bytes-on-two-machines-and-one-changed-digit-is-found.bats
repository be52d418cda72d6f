#!/usr/bin/env bats
# The bytes of an edition: the same on a machine where everything was done in another order, and after backup and restore; a
# single changed digit is found, with a server and without.

round=2024Q3

setup_file() {
	load helper
	load testplan
	load edition
	export PLACE
	PLACE=$(mktemp -d "/tmp/inap edition XXXXXX")
	chmod 755 "$PLACE"
	server_start && make_test_users 3 persons && make_user watcher FED-C observer && open_round "$round" >/dev/null || return 1
	accepted FED-A "$round" AA-1.1=40 AA-1.2=7.250 AA-1.4=12/40 && accepted KRG-A "$round" AA-1.1=3 && publish "$round" 1 || return 1
	inap_as watcher edition show "$round" --bytes --out "$PLACE/first.txt"
}

teardown_file() {
	load helper
	standalone remove "$PLACE/data" || true
	standalone remove "$PLACE/restored" || true
	server_stop
	rm -rf "$PLACE"
}

setup() {
	load helper
	load testplan
	load edition
	first=$PLACE/first.txt
}

# elsewhere COMMAND...: with the standalone's server, whose people live apart.
elsewhere() {
	INAP_HOME=$PLACE INAP_SERVER=localhost:$(<"$PLACE/port") INAP_CA=$1/ca.pem "${@:2}"
}

@test "the form: UTF-8, LF, tabs, decimals as typed, no ids and no moments" {
	[ "$(head -n 4 "$first")" = $'inap-edition\t1\nplan\tTEST\nperiod\t2024Q3\nnumber\t1' ]
	[ "$(tail -n 1 "$first")" = $'end\t'$(($(wc -l <"$first") - 1)) ]
	iconv -f UTF-8 -t UTF-8 "$first" | cmp - "$first"
	run ! grep -q $'\r' "$first"
	grep -q $'^figure\tAA-1.2\tfederal\t2024Q3\tnumber\t7.250\t' "$first"
	grep -q $'^figure\tAA-1.4\tfederal\t2024Q3\tratio\t12\t40\t30.0\t' "$first"
	run ! grep -qE '[0-9]{4}-[0-9]{2}-[0-9]{2}|T[0-9]{2}:[0-9]{2}' "$first"
	run ! grep -qE $'\t(sec|sec2|a-focal|a-approver)(\t|$)' "$first"
}

@test "one changed digit is found by its hash, without a server, and by the server" {
	local hash
	hash=$(sha256sum "$first" | cut -d ' ' -f 1)
	[ "$(inap_as watcher --json edition list | jq -r '.[0].sha256')" = "$hash" ]
	INAP_SERVER=localhost:1 run_as nobody --json edition verify "$first" --hash "$hash"
	assert_exit 0
	assert_json .sha256 "$hash"
	sed 's/7\.250/7.251/' "$first" >"$PLACE/changed.txt"
	run ! cmp -s "$first" "$PLACE/changed.txt"
	INAP_SERVER=localhost:1 run_as nobody --json edition verify "$PLACE/changed.txt" --hash "$hash"
	assert_refused TAMPERED 10
	run_as watcher --json edition verify "$PLACE/changed.txt"
	assert_refused TAMPERED 10
	run_as watcher --json edition verify "$first"
	assert_exit 0
	head -n 20 "$first" >"$PLACE/cut.txt"
	run_as watcher --json edition verify "$PLACE/cut.txt"
	assert_refused TAMPERED 10
	run_as watcher --json edition verify "$round/1"
	assert_exit 0
	# What is no whole hash, no edition's number or a folder is said to be that, and not to be tampering.
	run_as watcher --json edition verify "$first" --hash "${hash:0:12}"
	assert_refused USAGE 2
	run_as watcher --json edition verify "$round/4294967297"
	assert_refused USAGE 2
	mkdir "$PLACE/$round" && cd "$PLACE"
	run_as watcher --json edition verify "$round"
	assert_exit 0
	inap_as watcher --json edition verify - <"$first" >"$PLACE/standard"
	[ "$(jq -r .sha256 "$PLACE/standard")" = "$hash" ]
	# A file of nothing but ends of lines takes no more memory than it is long.
	head -c 30000000 /dev/zero | tr '\0' '\n' >"$PLACE/lines.txt"
	({ [[ $INAP == */asan/* ]] || ulimit -v 1000000; } && inap_as watcher --json edition verify "$PLACE/lines.txt" --hash "$hash" >"$PLACE/standard") || [ $? = 10 ]
	[ "$(jq -r .error.code "$PLACE/standard")" = TAMPERED ]
}

@test "on another machine, where all was done in another order, the bytes are the same" {
	free_port >"$PLACE/port"
	standalone start "$PLACE/data" "$(<"$PLACE/port")" >"$PLACE/log" 2>&1 || flunk "$(cat "$PLACE/log")"
	other() {
		tr '\t' '\n' <"$PLACE/data/users" | sed -n 's/^password=//p' >"$PLACE/password"
		inap_as admin --no-input login --user admin --password-file "$PLACE/password"
		make_user planner SYSTEM secretariat && test_plan 3 | persons >"$PLACE/plan.json" && inap_as planner -q plan import "$PLACE/plan.json" >/dev/null || return 1
		# Others come first here, with other ids; another round stands before, and the Kurdish report comes first.
		make_user k-focal KRG-A focal_point KRG-A && make_user k-approver KRG-A approver KRG-A && make_user krg-coord KRG-C coordinator kurdistan || return 1
		make_user sec2 KRG-C secretariat && make_user sec FED-C secretariat && make_user a-focal FED-A focal_point FED-A && make_user a-approver FED-A approver FED-A || return 1
		make_user fed-coord FED-C coordinator federal && make_user watcher FED-C observer || return 1
		open_round 2023Q1 >/dev/null && open_round "$round" >/dev/null || return 1
		accepted KRG-A "$round" AA-1.1=3 && accepted FED-A "$round" AA-1.1=40 AA-1.2=7.250 AA-1.4=12/40 && publish "$round" 1 || return 1
		inap_as watcher edition show "$round" --bytes --out "$PLACE/second.txt"
	}
	elsewhere "$PLACE/data" other
	cmp "$first" "$PLACE/second.txt" || flunk "$(diff "$first" "$PLACE/second.txt" | head -n 20)"
}

@test "after backup and restore they are the same still" {
	standalone backup "$PLACE/data" "$PLACE/backup"
	standalone stop "$PLACE/data"
	standalone restore "$PLACE/backup" "$PLACE/restored"
	standalone start "$PLACE/restored" "$(<"$PLACE/port")" >"$PLACE/log" 2>&1 || flunk "$(cat "$PLACE/log")"
	elsewhere "$PLACE/restored" inap_as watcher edition show "$round" --bytes --out "$PLACE/third.txt"
	cmp "$first" "$PLACE/third.txt"
	run elsewhere "$PLACE/restored" inap_as watcher --json edition verify "$first"
	[ "$status" -eq 0 ]
}
