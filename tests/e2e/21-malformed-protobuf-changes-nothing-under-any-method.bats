# Payloads of a conformance suite as bodies of every method: what is malformed is MALFORMED, no row changes.

payloads=../shared/data/nasty/protobuf/proto3-binary.jsonl

setup_file() {
	load helper
	load quarter
	[[ -r $INAP_ROOT/$payloads ]] || return 0
	# A failed login waits longer each time; here every payload is one.
	make_round
	make_office moi FED-MOI
	make_user coordinator FED-MOP coordinator federal
	make_user everybody FED-MOI focal_point FED-MOI
	inap_as admin -q role grant everybody approver FED-MOI >/dev/null
	raw_login admin secretary coordinator everybody moi-focal
}

teardown_file() {
	load helper
	[[ -z ${INAP_HOME:-} ]] || server_stop
}

setup() {
	load helper
	load quarter
	[[ -r $INAP_ROOT/$payloads ]] || skip "the public test data is not beside the project"
}

# caller ROLES: a user who may call a method of these roles.
caller() {
	case $1 in
	*FOCAL_POINT* | *APPROVER*) echo everybody ;;
	*COORDINATOR*) echo coordinator ;;
	*SECRETARIAT*) echo secretary ;;
	*ADMIN*) echo admin ;;
	*) echo moi-focal ;;
	esac
}

# methods: number, name, caller, one a line. Those that make or end sessions come apart.
methods() {
	local number name roles
	while IFS=$'\t' read -r number name roles; do
		printf '%s %s %s\n' "$number" "$name" "$(caller "$roles")"
	done < <(awk -F ', *' '/^METHOD\([0-9]/ { sub(/^METHOD\(/, "", $1); gsub(/"/, "", $3); print $1 "\t" $3 "\t" $6 }' "$INAP_ROOT/proto/methods.def")
}

# commands METHOD VERDICT: a call for each payload of that verdict, `reject` or another.
commands() {
	jq -r --arg method "$1" --arg verdict "$2" 'select((.any_schema == "reject") == ($verdict == "reject"))
		| "call \($method)\(if .hex == "" then "" else " body=\(.hex)" end)"' "$INAP_ROOT/$payloads"
}

# What a login, a resume or a logout writes is the caller's own session and what is known of failures.
stored() {
	tables_but session login_failure
}

codes_known() {
	sed -nE 's/^ERROR\(([A-Z_]+),.*/\1/p' "$INAP_ROOT/proto/errors.def"
}

# refused USER METHOD: every rejected payload gets MALFORMED, on one connection.
refused() {
	local number
	number=$(jq -s '[.[] | select(.any_schema == "reject")] | length' "$INAP_ROOT/$payloads")
	((number > 0))
	raw "$1" "$(commands "$2" reject)"
	((${#lines[@]} == number)) || flunk "$2: ${#lines[@]} answers to $number" || return 1
	! grep -qv "^error $2 [0-9]* MALFORMED " <<<"$output" || flunk "$2: not all are MALFORMED"
}

# answered USER METHOD: every other payload gets a reply or a code of the table.
answered() {
	local codes
	raw "$1" "$(commands "$2" other)"
	((${#lines[@]} > 0))
	codes=$(awk '$1 == "error" { print $4 } $1 != "error" && $1 != "reply" && $1 != "part" { print "?" $0 }' <<<"$output" | sort -u | grep -vxFf <(codes_known) || true)
	[[ -z $codes ]] || flunk "$2: answered with $codes"
	[[ $output != *' INTERNAL '* ]] || flunk "$2: INTERNAL"
}

@test "the 93 payloads that no schema takes are MALFORMED under every method, and change nothing" {
	local before number name user
	before=$(stored)
	while read -r number name user; do
		refused "$user" "$name"
	done < <(methods)
	[[ $before == "$(stored)" ]] || flunk "rows changed:" "$(diff <(echo "$before") <(stored))"
	raw_served everybody
}

@test "the same before login: MALFORMED, and nothing is stored" {
	local before method
	before=$(tables)
	for method in hello session.resume session.login session.enrol; do
		run frames <<<"hello
$(commands $method reject)"
		! grep -qvE "^(hello|reply) hello |^error $method [0-9]* MALFORMED " <<<"$output" || flunk "$method: not all are MALFORMED"
	done
	[[ $before == "$(tables)" ]] || flunk "rows changed"
	raw_served everybody
}

@test "the others get a documented answer under every method, and change nothing" {
	local before number name user
	before=$(stored)
	while read -r number name user; do
		case $name in
		session.logout | session.revoke | session.resume | session.login | session.enrol) continue ;;
		esac
		answered "$user" "$name"
		raw_served "$user"
	done < <(methods)
	[[ $before == "$(stored)" ]] || flunk "rows changed:" "$(diff <(echo "$before") <(stored))"
}

@test "under methods of the session they touch sessions and failed logins alone" {
	local before method
	before=$(tables_but session login_failure app_user chain_head log session_change)
	for method in session.revoke session.resume session.login session.enrol; do
		answered moi-focal $method
		raw_served everybody
	done
	# Each logout that is taken ends the session: the next call logs in anew.
	run frames <<<"hello
$(login_line moi-focal)
$(commands session.logout other)"
	! grep -qvE '^(hello|reply|error)' <<<"$output" || flunk "logout"
	[[ $output == *'reply session.logout'* ]]
	[[ $before == "$(tables_but session login_failure app_user chain_head log session_change)" ]] || flunk "rows changed"
	raw_served everybody
}
