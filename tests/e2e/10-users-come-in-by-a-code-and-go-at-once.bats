#!/usr/bin/env bats
# People: enrolment, passwords, sessions, roles and what they exclude.
# Each test is a process of its own: what it assigns stays there.
# shellcheck disable=SC2030,SC2031,SC2100

setup_file() {
	load helper
	server_start && make_users FED-MOI && make_user fed-sjc-focal FED-SJC focal_point FED-SJC && open_round 2024Q3 >/dev/null
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	user=u$BATS_TEST_NUMBER
}

# add [HOME]: $user, with $code.
add() {
	code=$(inap_as admin --json user add "$user" --home "${1:-FED-MOI}" --name "A person" | jq -er .code)
}

# try_enrol CODE PASSWORD [USER]
try_enrol() {
	printf '%s\n' "$1" >"$INAP_HOME/code"
	printf '%s\n' "$2" >"$INAP_HOME/password"
	run_as "${3:-$user}" --json --no-input enrol --user "${3:-$user}" --code-file "$INAP_HOME/code" --password-file "$INAP_HOME/password"
}

# try_login PASSWORD
try_login() {
	printf '%s\n' "$1" >"$INAP_HOME/password"
	run_as "$user" --json --no-input login --user "$user" --password-file "$INAP_HOME/password"
}

# ends USER...: within a second of now their logins are worth nothing.
ends() {
	local someone tries
	for someone in "$@"; do
		for ((tries = 0; tries < 12; tries++)); do
			run_as "$someone" --json whoami
			[[ $status == 0 ]] || break
			sleep 0.1
		done
		assert_refused LOGIN_REQUIRED 4 || return 1
	done
}

@test "the code works once, for its own user, within 24 hours" {
	run_as admin --json user add "$user" --home FED-MOI --name "A person"
	assert_exit 0
	code=$(jq -r .code <<<"$output")
	local left=$(($(date -d "$(jq -r .expires_at <<<"$output")" +%s) - $(date +%s)))
	[ "$left" -gt 86300 ] && [ "$left" -le 86400 ]
	run_as admin user add "$user-text" --home FED-MOI --name "A person"
	assert_output_has "$(TZ=Asia/Baghdad date -d '+1 day' '+%F %H:')"
	assert_stderr_has "inap enrol --user $user-text"
	try_enrol "$code" "long enough to be kept 7" fed-sjc-focal
	assert_refused LOGIN_FAILED 4
	try_enrol "0000-0000-0000-0000-0000-0000-00" "long enough to be kept 7"
	assert_refused LOGIN_FAILED 4
	try_enrol "$code" "long enough to be kept 7"
	assert_exit 0
	try_enrol "$code" "another one to be kept 8"
	assert_refused LOGIN_FAILED 4
	try_login "another one to be kept 8"
	assert_refused LOGIN_FAILED 4
	try_login "long enough to be kept 7"
	assert_exit 0
	run sql "SELECT code_hash IS NULL FROM credential JOIN app_user USING (user_id) WHERE name = '$user'"
	[ "$output" = t ]
}

@test "a weak password is refused and leaves the code good" {
	local weak
	add
	for weak in short 1234567890123 aaaaaaaaaaaaaaaa "$user-$user-$user" password1234; do
		try_enrol "$code" "$weak"
		assert_refused PASSWORD_WEAK 3 || flunk "$weak"
		assert_json '.error.arguments.why | length > 3'
	done
	try_enrol "$code" "seven words that nobody guesses"
	assert_exit 0
}

@test "neither password, code nor token lies anywhere but as a hash" {
	add
	try_enrol "$code" "a very quiet green tractor"
	assert_exit 0
	local token
	token=$(cat "$(user_home "$user")"/state/inap/tokens/*)
	run sql "SELECT substr(password_hash, 2, 8) FROM credential JOIN app_user USING (user_id) WHERE name = '$user'"
	[ "$output" = argon2id ]
	cluster_psql "$INAP_SOCKET" -d "$INAP_DATABASE" -A -t -c "COPY (SELECT query_to_xml(format('SELECT t::text FROM inap.%I t', relname), true, false, '')
		FROM pg_class WHERE relnamespace = 'inap'::regnamespace AND relkind IN ('r', 'p')) TO STDOUT" >"$INAP_HOME/all"
	[ "$(grep -c "$user" "$INAP_HOME/all")" -ge 1 ]
	run grep -F -c -e "quiet green" -e "$code" -e "$token" "$INAP_HOME/all"
	[ "$output" = 0 ]
	run grep -rFl -e "quiet green" -e "$code" -e "$token" "$INAP_HOME/main"
	[ -z "$output" ]
	[ "${#token}" -ge 43 ]
}

@test "disabled: the open login ends within a second; enabled again the password is the old one" {
	add && try_enrol "$code" "a very quiet green tractor"
	inap_as admin -q role grant "$user" focal_point FED-MOI >/dev/null
	run_as "$user" --json report show FED-MOI/2024Q3
	assert_exit 0
	run_as admin --json --no-input user disable "$user"
	assert_exit 2
	run_as admin --json --no-input user disable "$user" --confirm "$user" --note "left the ministry"
	assert_exit 0
	assert_json .disabled
	ends "$user"
	try_login "a very quiet green tractor"
	assert_refused LOGIN_FAILED 4
	run_as admin --json user enable "$user"
	assert_json .disabled false
	try_login "a very quiet green tractor"
	assert_exit 0
}

@test "reset: password and logins end, a new code lets in" {
	local old
	add && try_enrol "$code" "a very quiet green tractor"
	old=$code
	code=$(inap_as admin --json user reset "$user" | jq -er .code)
	[ "$code" != "$old" ]
	ends "$user"
	try_login "a very quiet green tractor"
	assert_refused LOGIN_FAILED 4
	try_enrol "$old" "the next quiet green tractor"
	assert_refused LOGIN_FAILED 4
	try_enrol "$code" "the next quiet green tractor"
	assert_exit 0
}

@test "a role taken away is taken from the open login, within a second" {
	local tries
	add && try_enrol "$code" "a very quiet green tractor"
	inap_as admin -q role grant "$user" focal_point FED-MOI >/dev/null
	inap_as "$user" report show FED-MOI/2024Q3 >/dev/null
	inap_as admin -q role revoke "$user" focal_point FED-MOI --note "moved on" >/dev/null
	for ((tries = 0; tries < 12; tries++)); do
		run_as "$user" --json report show FED-MOI/2024Q3
		[[ $status == 0 ]] || break
		sleep 0.1
	done
	assert_refused FORBIDDEN 5
	run_as "$user" --json whoami
	assert_exit 0
	assert_json .roles '[]'
}

@test "roles that review, keep users or read the log are held alone" {
	local first second
	local -A of=([coordinator]=federal [secretariat]=national [admin]=national [auditor]=national [focal_point]=FED-MOI [approver]=FED-MOI)
	for first in coordinator secretariat admin auditor; do
		user=u$BATS_TEST_NUMBER-$first
		add
		inap_as admin -q role grant "$user" "$first" "${of[$first]}" >/dev/null || flunk "$first alone"
		for second in coordinator secretariat admin auditor focal_point approver; do
			[[ $second != "$first" ]] || continue
			run_as admin --json role grant "$user" "$second" "${of[$second]}"
			assert_refused ROLE_CONFLICT 5 || flunk "$first and $second"
			assert_json '[.error.arguments.role, .error.arguments.other]' "[\"$second\",\"$first\"]"
		done
	done
	user=u$BATS_TEST_NUMBER
	add
	inap_as admin -q role grant "$user" focal_point FED-MOI >/dev/null
	inap_as admin -q role grant "$user" approver FED-MOI >/dev/null
	run_as admin --json role grant "$user" coordinator kurdistan
	assert_refused ROLE_CONFLICT 5
}

@test "a grant wants its scope, and a user, entity or role that is there" {
	add
	run_as admin --json role grant "$user" focal_point
	assert_refused BAD_ARGUMENT 2
	run_as admin --json role grant "$user" coordinator FED-MOI
	[ "$status" -ne 0 ]
	run_as admin --json role grant "$user" focal_point FED-NONE
	assert_refused NOT_FOUND 6
	run_as admin --json role grant nobody-here admin
	assert_refused NOT_FOUND 6
	run_as admin --json role grant "$user" king
	assert_exit 6
	run_as admin --json user add "$user" --home FED-MOI --name "Again"
	assert_refused EXISTS 7
	run_as admin --json user add "$user-2" --home FED-NONE --name "No home"
	assert_refused NOT_FOUND 6
	run_as admin --json role revoke "$user" approver FED-MOI
	assert_refused NOT_FOUND 6
	run_as admin --json user list
	assert_json ".[] | select(.user == \"$user\") | .roles" '[]'
}

@test "an approver delegates within the house for 30 days at most" {
	local until
	until=$(TZ=Asia/Baghdad date -d '20 days' +%F)
	add && try_enrol "$code" "a very quiet green tractor"
	run_as fed-moi-approver --json role delegate "$user" --until "$until" --order 77 --order-date 2024-10-01
	assert_exit 0
	assert_json '.roles' "[{\"role\":\"approver\",\"scope\":\"FED-MOI\",\"from\":\"$(TZ=Asia/Baghdad date +%F)\",\"to\":\"$until\",\"basis\":\"delegated\"}]"
	run_as "$user" --json report check FED-MOI/2024Q3
	assert_exit 0
	run_as fed-moi-approver --json role delegate "$user" --until "$(TZ=Asia/Baghdad date -d '40 days' +%F)"
	assert_refused BAD_ARGUMENT 2
	run_as fed-moi-approver --json role delegate fed-sjc-focal --until "$until"
	assert_exit 6
	run_as fed-moi-focal --json role delegate "$user" --until "$until"
	assert_refused FORBIDDEN 5
	run_as "$user" --json role delegate fed-moi-focal --until "$until"
	[ "$status" -ne 0 ] || flunk "what is delegated is delegated on"
}

@test "passwd ends the other logins, and wants the old password" {
	local here there
	add && try_enrol "$code" "a very quiet green tractor"
	here=$user there=$user-elsewhere
	printf '%s\n' "a very quiet green tractor" >"$INAP_HOME/old"
	printf '%s\n' "another quiet blue tractor" >"$INAP_HOME/new"
	printf '%s\n' "not the old one at all" >"$INAP_HOME/wrong"
	inap_as "$there" --no-input -q login --user "$user" --password-file "$INAP_HOME/old" >/dev/null
	run_as "$here" --json session list
	assert_json length 2
	run_as "$here" --json --no-input passwd --password-file "$INAP_HOME/wrong" --new-password-file "$INAP_HOME/new"
	assert_refused LOGIN_FAILED 4
	run_as "$there" --json whoami && assert_exit 0
	run_as "$here" --json --no-input passwd --password-file "$INAP_HOME/old" --new-password-file "$INAP_HOME/new"
	assert_exit 0
	ends "$there"
	run_as "$here" --json whoami
	assert_exit 0
	try_login "a very quiet green tractor"
	assert_refused LOGIN_FAILED 4
	try_login "another quiet blue tractor"
	assert_exit 0
}

@test "logins are listed and ended, one or all others; nobody's but one's own, the admin anybody's" {
	local id
	add && try_enrol "$code" "a very quiet green tractor"
	printf '%s\n' "a very quiet green tractor" >"$INAP_HOME/password"
	inap_as "$user-b" --no-input -q login --user "$user" --password-file "$INAP_HOME/password" >/dev/null
	inap_as "$user-c" --no-input -q login --user "$user" --password-file "$INAP_HOME/password" >/dev/null
	id=$(inap_as "$user-b" --json session list | jq '.[] | select(.this_one) | .id')
	run_as "$user" --json session list
	assert_json '[length, (map(select(.this_one)) | length)]' '[3,1]'
	run_as fed-sjc-focal --json session revoke "$id"
	assert_exit 6
	run_as fed-sjc-focal --json session list --user "$user"
	[ "$status" -ne 0 ] || assert_json '[.[] | select(.user != "fed-sjc-focal")]' '[]'
	run_as "$user" --json session revoke "$id"
	assert_exit 0
	ends "$user-b"
	run_as "$user" --json --yes session revoke --all
	assert_exit 0
	ends "$user-c"
	run_as "$user" --json whoami && assert_exit 0
	run_as admin --json --yes session revoke --user "$user" --all
	assert_exit 0
	ends "$user"
}

@test "logout ends the login here" {
	add && try_enrol "$code" "a very quiet green tractor"
	run_as "$user" --json logout
	assert_exit 0
	run_as "$user" --json whoami
	assert_refused LOGIN_REQUIRED 4
	[ -z "$(find "$(user_home "$user")" -path '*tokens*' -type f)" ]
}

@test "failed logins tell nothing of whether the user is there, and too many are delayed" {
	local wrong nobody tries
	add && try_enrol "$code" "a very quiet green tractor"
	try_login "not it at all, not at all"
	wrong=$(jq -c '.error | del(.trace)' <<<"$output")
	user=nobody-here
	try_login "not it at all, not at all"
	nobody=$(jq -c '.error | del(.trace)' <<<"$output")
	[ "$wrong" = "$nobody" ]
	user=u$BATS_TEST_NUMBER
	for ((tries = 0; tries < 20; tries++)); do
		try_login "not it at all, not at all"
		[[ $(jq -r .error.code <<<"$output") == LOGIN_FAILED ]] || break
	done
	assert_refused LOGIN_DELAYED 4
	assert_json '.error.arguments.seconds | tonumber > 0'
	try_login "a very quiet green tractor"
	assert_refused LOGIN_DELAYED 4
}

@test "two commands of one person at once: neither takes the other's work for left behind" {
	local half i failed=0 pids=()
	for half in a b; do
		(
			for i in 1 2 3 4 5 6; do
				inap_as admin --json user add "$user-$half$i" --home FED-MOI --name "A person" 2>>"$INAP_HOME/said" | jq -er .code >"$INAP_HOME/code-$half$i" || exit 1
			done
		) &
		pids+=($!)
	done
	for half in "${pids[@]}"; do wait "$half" || failed=1; done
	[ "$failed" = 0 ]
	run grep -c "was done" "$INAP_HOME/said"
	[ "$output" = 0 ]
	for half in a b; do
		for i in 1 2 3 4 5 6; do
			try_enrol "$(cat "$INAP_HOME/code-$half$i")" "a very quiet green tractor" "$user-$half$i"
			assert_exit 0
		done
	done
}
