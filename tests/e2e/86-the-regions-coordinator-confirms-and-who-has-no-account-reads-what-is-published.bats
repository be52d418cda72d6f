#!/usr/bin/env bats
# Two keys of the configuration: an edition with figures of the Kurdistan Region wants its coordinator; and editions may be
# read without an account. Both are off unless somebody says so.

round=2024Q3

setup_file() {
	load helper
	load testplan
	load edition
	server_start && make_test_users 3 persons && open_round "$round" >/dev/null && accepted FED-A "$round" AA-1.1=40 AA-1.5=7 && accepted KRG-A "$round" AA-1.1=3
	daemon_start strict "$(strict)" edition.kurdistan_confirms=yes edition.public=yes
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	load edition
}

# strict: the port of the daemon that has both keys, on the same database.
strict() {
	[[ -s $INAP_HOME/strict-port ]] || free_port >"$INAP_HOME/strict-port"
	cat "$INAP_HOME/strict-port"
}

there() {
	INAP_SERVER=localhost:$(strict) run_as "$@"
}

approval=(--approved-by "Secretary General" --letter 88 --letter-date 2024-11-20)

@test "what holds the Region's figures waits for its coordinator, ten working days" {
	inap_as sec -q edition propose "$round" >/dev/null
	there sec2 --json --yes edition confirm "$round/1" "${approval[@]}"
	assert_refused FOUR_EYES 5
	assert_json '.error.arguments.why | test("^until [0-9-]{10} a coordinator of the Kurdistan Region confirms it$")'
	there sec2 -L ar --yes edition confirm "$round/1" "${approval[@]}"
	assert_exit 5
	assert_stderr_has "منسّق إقليم كردستان"
	there fed-coord --json --yes edition confirm "$round/1" "${approval[@]}"
	assert_refused NOT_FOUND 6
	run_as krg-coord --json edition show "$round/1"
	assert_refused NOT_FOUND 6
	# It waits in the todo of who may confirm it, and in no other's.
	there krg-coord --json todo
	assert_json '[.[] | select(.what == "edition") | [.edition, .kind, (.until | length > 0)]]' '[["2024Q3/1","confirm",true]]'
	there krg-coord -L ckb todo
	assert_output_has "تەنها ڕێکخەری هەرێمی کوردستان دڵنیای دەکاتەوە"
	there sec2 --json todo
	assert_json '[.[] | select(.what == "edition")]' '[]'
	run_as sec2 --json todo
	assert_json '[.[] | select(.what == "edition") | [.edition, .kind, .until]]' '[["2024Q3/1","confirm",null]]'
	run_as krg-coord --json todo
	assert_json '[.[] | select(.what == "edition")]' '[]'
	there krg-coord --json edition comment "$round/1" "as in our letter"
	assert_exit 0
	there krg-coord --json --yes edition confirm "$round/1" "${approval[@]}"
	assert_exit 0
	assert_json '[.state, .alone]' '["published",false]'
}

@test "without an account nothing is read, unless the configuration says so" {
	run_as nobody --json edition list
	assert_refused LOGIN_REQUIRED 4
	run_as nobody --json edition list --public
	assert_refused LOGIN_REQUIRED 4
	there nobody --json edition list --public
	assert_exit 0
	assert_json '[.[] | [.period, .number, .state, .proposed_by]]' '[["2024Q3",1,"published",null]]'
	there nobody --json edition show "$round" --public
	assert_exit 0
	assert_json '[.totals[] | select(.cell == "AA-1.1") | .value // "hidden"]' '["40","hidden","hidden"]'
	there nobody --json edition verify "$round/1" --public
	assert_exit 0
	there nobody view html --edition "$round/1" --public --out "$INAP_HOME/public.html"
	assert_exit 0
	grep -q "$(inap_as krg-coord --json edition list "$round" | jq -r '.[0].sha256')" "$INAP_HOME/public.html" || flunk "no hash"
	there nobody view html --round "$round" --public --out "$INAP_HOME/now.html"
	assert_exit 2
	run_as nobody view csv --edition "$round/1" --public --out "$INAP_HOME/public.csv"
	assert_exit 4
	there nobody --json national summary
	assert_refused LOGIN_REQUIRED 4
}

@test "a proposal and what is withdrawn are nobody's; who is logged in asks there as nobody" {
	inap_as sec -q edition propose "$round" >/dev/null
	there nobody --json edition show "$round/2" --public
	assert_refused NOT_FOUND 6
	there sec --json edition show "$round/2" --public
	assert_refused NOT_FOUND 6
	inap_as sec -q edition withdraw "$round/1" --note "a place can be told from it" --confirm "$round/1" >/dev/null
	there nobody --json edition show "$round/1" --public
	assert_refused WRONG_STATE 7
	there nobody --json edition list --public
	assert_json '[.[] | [.number, .state, .withdrawn_note]]' '[[1,"withdrawn","a place can be told from it"]]'
}
