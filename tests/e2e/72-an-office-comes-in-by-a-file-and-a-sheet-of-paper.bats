#!/usr/bin/env bats
# Users by the file: all of it or nothing, twice the same as once; and the sheet on which a one-time code reaches a person.

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
	file=$INAP_HOME/users-$BATS_TEST_NUMBER.csv
}

# users LINE...: $file with these rows.
users() {
	printf '%s\n' "user,name,home,role,scope,from,to,basis,order,order_date" "$@" >"$file"
}

# known: every user with the roles held, and how many entries the system's chain has.
known() {
	inap_as admin --json user list | jq -c '[.[] | [.user, .home, [.roles[] | [.role, .scope, .basis]]]]'
	sql "SELECT max(seq) FROM log WHERE entity_id = 0 AND action NOT LIKE 'session.%'"
}

@test "a file makes users and gives roles; a dry run says just that and leaves no trace" {
	local before planned
	before=$(known)
	users "dry-a,وحدة النوع,FED-A,focal_point,FED-A,,,,," "dry-a,,,approver,FED-A,,2099-12-31,acting,118,2026-01-01" "dry-b,Nobody yet,KRG-A,,,,,,,"
	run_as admin --json user import "$file" --dry-run
	assert_exit 0
	assert_json '[.created, .granted, .unchanged, .dry_run, .users]' '[2,2,0,true,[]]'
	planned=$(jq -c '[.created, .granted, .unchanged]' <<<"$output")
	[ "$(known)" = "$before" ]
	run_as admin --json user import "$file"
	assert_exit 0
	assert_json '[.created, .granted, .unchanged]' "$planned"
	assert_json '[.users[].user]' '["dry-a","dry-b"]'
	assert_json '[.users[].code | length] | unique' '[32]'
	run_as admin --json user show dry-a
	assert_json '[.name, .home]' '["وحدة النوع","FED-A"]'
	assert_json '[.roles[] | [.role, .scope, .to, .basis]]' '[["focal_point","FED-A",null,"own"],["approver","FED-A","2099-12-31","acting"]]'
}

@test "the same file again doubles nothing, and shows no code" {
	local before
	users "twice,A person,FED-A,focal_point,FED-A,,,,," "twice,,,approver,FED-A,2026-01-01,,,,"
	inap_as admin -q user import "$file" >/dev/null
	before=$(known | head -n 1)
	run_as admin --json user import "$file"
	assert_exit 0
	assert_json '[.created, .granted, .unchanged, .users]' '[0,0,2,[]]'
	[ "$(known | head -n 1)" = "$before" ]
}

@test "one bad row and nothing is done: every fault is named by row, column and code" {
	local before
	before=$(known)
	users "good-one,Fine,FED-A,focal_point,FED-A,,,,," \
		"Bad One,x,FED-A,,,,,,," \
		"bad-home,x,FED-NONE,,,,,,," \
		"bad-role,x,FED-A,king,FED-A,,,,," \
		"bad-scope,x,FED-A,approver,,,,,," \
		"bad-date,x,FED-A,approver,FED-A,1.2.2026,,,," \
		"bad-basis,x,FED-A,approver,FED-A,,,acting,," \
		"bad-pair,x,FED-C,coordinator,federal,,,,," "bad-pair,,,secretariat,national,,,,," \
		"a-focal,Test a-focal,FED-B,,,,,,," \
		"no-name,,FED-A,,,,,,," \
		"admin,,,auditor,national,,,,,"
	run_as admin --json user import "$file"
	assert_refused INVALID_ROWS 3
	assert_json '[.error.fields[] | [.row, .column, .path, .code]]' "$(jq -c . <<-JSON
		[[3,"A","user","BAD_ARGUMENT"],[4,"C","home","NOT_FOUND"],[5,"D","role","NOT_FOUND"],[6,"E","scope","BAD_ARGUMENT"],
		[7,"F","from","DATE_BAD"],[8,"I","order","BAD_ARGUMENT"],[10,"D","role","ROLE_CONFLICT"],[11,"C","home","BAD_ARGUMENT"],
		[12,"B","name","BAD_ARGUMENT"],[13,"A","user","FOUR_EYES"]]
	JSON
	)"
	[ "$(known)" = "$before" ]
	run_as admin -L ar user import "$file"
	assert_exit 3
	assert_stderr_has "صفوف مرفوضة"
}

@test "columns in any order, by Arabic or Kurdish names, with semicolons; a column that is none is refused" {
	printf '%s\n' "الدور;اسم المستخدم;الاسم;الجهة;النطاق" "focal_point;arab;شخص;FED-A;FED-A" >"$file"
	run_as admin --json user import "$file"
	assert_json '[.created, .granted]' '[1,1]'
	printf '%s\n' "بەکارهێنەر,ناو,دامەزراوە" "kurd,کەسێک,KRG-A" >"$file"
	run_as admin --json user import "$file"
	assert_json '[.created, .granted]' '[1,0]'
	printf '%s\n' "user,name,home,shoe" "x-y,z,FED-A,42" >"$file"
	run_as admin --json user import "$file"
	assert_refused CSV_COLUMN 3
	printf '%s\n' "name,home" "z,FED-A" >"$file"
	run_as admin --json user import "$file"
	assert_refused FILE_BAD 3
}

@test "an admin of one government imports nobody of the other" {
	make_user krg-admin KRG-C admin kurdistan
	users "other-side,x,FED-A,focal_point,FED-A,,,,,"
	run_as krg-admin --json user import "$file"
	assert_refused INVALID_ROWS 3
	assert_json '[.error.fields[] | [.path, .code]]' '[["home","NOT_FOUND"]]'
	users "own-side,x,KRG-A,focal_point,FED-A,,,,,"
	run_as krg-admin --json user import "$file"
	assert_json '[.error.fields[] | [.path, .code]]' '[["scope","NOT_FOUND"]]'
	users "a-focal,,,approver,FED-A,,,,,"
	run_as krg-admin --json user import "$file"
	assert_json '[.error.fields[] | [.path, .code]]' '[["user","EXISTS"]]'
	users "own-side,x,KRG-A,focal_point,KRG-A,,,,,"
	run_as krg-admin --json user import "$file"
	assert_exit 0
	run_as a-focal --json user import "$file"
	assert_refused FORBIDDEN 5
}

# sheet_has FILE TEXT...
sheet_has() {
	local file=$1 text
	for text in "${@:2}"; do grep -qF -- "$text" "$file" || flunk "the sheet lacks '$text'" || return 1; done
}

@test "a sheet has the code, the steps, the server and its authority, in three languages, for its owner alone" {
	local sheet=$INAP_HOME/sheet.html code print
	users "sheet-a,A <b>person</b> & \"more\",FED-A,focal_point,FED-A,,,,," "sheet-k,کەسێک,KRG-A,approver,KRG-A,,,,,"
	run_as admin --json user import "$file" --sheet "$sheet"
	assert_exit 0
	[ "$(stat -c %a "$sheet")" = 600 ]
	print=$(openssl x509 -in "$INAP_CA" -noout -fingerprint -sha256 | cut -d = -f 2)
	sheet_has "$sheet" "$print" "$INAP_SERVER" 'lang="ar" dir="rtl"' 'lang="ckb" dir="rtl"' 'lang="en" dir="ltr"' "inap -s $INAP_SERVER --ca ca.pem enrol --user sheet-a" \
		"Do not enter classified information, names or addresses." "لا تُدخل معلومات سرّية أو أسماء أو عناوين." "زانیاریی نهێنی، ناو یان ناونیشان مەنووسە." \
		"A &lt;b&gt;person&lt;/b&gt; &amp; &quot;more&quot;" "@page{size:A4"
	[ "$(grep -c 'class="sheet"' "$sheet")" = 2 ]
	! grep -qiE '<script|javascript:|onload|https?://' "$sheet" || flunk "the sheet has a script or an address"
	for code in $(jq -r '.users[].code' <<<"$output"); do sheet_has "$sheet" "$code"; done
	code=$(grep -oE '[0-9A-Z]{4}(-[0-9A-Z]{4}){5}-[0-9A-Z]{2}' "$sheet" | head -n 1)
	enrol sheet-a "$code" >/dev/null
	run_as sheet-a --json whoami
	assert_exit 0
}

@test "user add and user reset write sheets too; what cannot be written is said, and the code is shown all the same" {
	run_as admin --json user add sheet-one --home FED-A --name "One" --sheet "$INAP_HOME/one.html"
	assert_exit 0
	sheet_has "$INAP_HOME/one.html" "$(jq -r .code <<<"$output")" sheet-one
	run_as admin --json user reset sheet-one --sheet "$INAP_HOME/one.html"
	sheet_has "$INAP_HOME/one.html" "$(jq -r .code <<<"$output")"
	run_as admin user reset sheet-one --sheet "$INAP_HOME/no-such-folder/one.html"
	[ "$status" -ne 0 ]
	[[ $output =~ [0-9A-Z]{4}-[0-9A-Z]{4} ]] || flunk "the code is lost"
}

@test "user letter gives who is not in yet a fresh code; who is in keeps the password" {
	local first
	first=$(inap_as admin --json user add letter-a --home FED-A --name "A" | jq -r .code)
	inap_as admin -q user add letter-b --home FED-A --name "B" >/dev/null
	run_as admin --json user letter letter-a letter-b
	assert_exit 0
	assert_json '[.users[].user]' '["letter-a","letter-b"]'
	assert_json '.html | contains("letter-a") and contains("letter-b")'
	[ "$(jq -r '.users[0].code' <<<"$output")" != "$first" ]
	run_as admin user letter letter-a --out "$INAP_HOME/letter.html"
	assert_exit 0
	[ "$(stat -c %a "$INAP_HOME/letter.html")" = 600 ]
	[ "$(head -n 1 "$INAP_HOME/letter.html")" = "<!DOCTYPE html>" ]
	enrol letter-a "$(grep -oE '[0-9A-Z]{4}(-[0-9A-Z]{4}){5}-[0-9A-Z]{2}' "$INAP_HOME/letter.html" | head -n 1)" >/dev/null
	run_as admin --json user letter letter-a
	assert_exit 2
	run_as letter-a --json whoami
	assert_exit 0
	run_as admin --json user letter nobody-here
	assert_refused NOT_FOUND 6
	run_as a-focal --json user letter letter-b
	assert_refused FORBIDDEN 5
}

@test "a single signatory is set by the Secretariat on a written order, logged, and ends again" {
	run_as sec2 --json entity edit KRG-A --single-signatory
	assert_exit 2
	run_as k-approver --json entity edit KRG-A --single-signatory --order 118 --order-date 2026-01-01
	assert_refused FORBIDDEN 5
	run_as sec2 --json entity edit KRG-NONE --single-signatory --order 118 --order-date 2026-01-01
	assert_refused NOT_FOUND 6
	run_as sec2 --json entity edit KRG-A --single-signatory --order 118 --order-date 2026-01-01 --note "one officer"
	assert_exit 0
	assert_json '[.single_signatory, .order.number, .order.date]' '[true,"118","2026-01-01"]'
	run_as k-focal --json entity show KRG-A
	assert_json '[.single_signatory, .order.number]' '[true,"118"]'
	run_as k-focal entity show KRG-A
	assert_output_has "single signatory, order 118 of 2026-01-01"
	[ "$(sql "SELECT outcome::jsonb ->> 'order_number' || ' ' || note FROM log WHERE entity_id = 0 AND action = 'entity.edit' ORDER BY seq DESC LIMIT 1")" = "118 one officer" ]
	# A plan that is imported again says nothing about it and leaves it.
	inap_as planner -q plan import "$INAP_HOME/plan.json" >/dev/null
	run_as k-focal --json entity show KRG-A
	assert_json .single_signatory
	run_as sec2 --json entity edit KRG-A --two-signatories
	assert_json '[.single_signatory, .order]' '[false,null]'
}
