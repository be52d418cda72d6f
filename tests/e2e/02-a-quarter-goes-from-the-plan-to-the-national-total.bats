#!/usr/bin/env bats
# One quarter from beginning to end, as its people type it. Each test goes on where the one before it stopped.

setup_file() {
	load helper
	server_start && make_users FED-MOI FED-MOLSA FED-SJC KRG-GDCVAW KRG-JC KRG-HCWD
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	R=2024Q3
}

# sees USER REPORT: nothing is written to what was not shown.
sees() {
	inap_as "$1" report show "$2" >/dev/null
}

# office OFFICE REPORT CELL=VALUE...: figures, 0 for the rest, ready, signed.
office() {
	local office=$1 report=$2
	sees "$office-focal" "$report" &&
		inap_as "$office-focal" -q report set "$report" "${@:3}" >/dev/null &&
		nil "$office-focal" "$report" &&
		inap_as "$office-focal" -q report ready "$report" >/dev/null &&
		sees "$office-approver" "$report" &&
		inap_as "$office-approver" -q --yes report submit "$report" --note "made up" >/dev/null
}

summary() {
	inap_as sec --json national summary --round "$R" >"$INAP_HOME/summary"
}

# total CELL JURISDICTION FILTER
total() {
	jq -c --arg cell "$1" --arg where "$2" ".totals[] | select(.cell == \$cell and .jurisdiction == \$where) | $3" "$INAP_HOME/summary"
}

@test "the round opens, and whoever is asked finds it in the to-do list" {
	run_as fed-moi-focal --json todo
	assert_json . '[]'
	open_round "$R"
	run_as fed-moi-focal --json todo
	assert_json 'map([.report, .state])' "[[\"FED-MOI/$R\",\"expected\"]]"
	run_as fed-moi-focal todo --exit-code
	assert_exit 9
}

@test "figures are typed; a table is answered at once; a half is only half" {
	sees fed-moi-focal "FED-MOI/$R"
	run_as fed-moi-focal --json report set "FED-MOI/$R" PA-1.1=24 PA-1.1:age_band=18-29=14 PA-1.1:age_band=30-44=10 PA-1.1:age_band=rest=0
	assert_exit 0
	assert_json .created 7
	run_as fed-moi-focal --json report set "FED-MOI/$R" 'PA-1.1:governorate=*=@not_collected' PA-1.4=18/240 PR-2.2.d=180
	assert_exit 0
	run_as fed-moi-focal --json report show "FED-MOI/$R"
	assert_json '.values[] | select(.cell == "PR-2.2") | [.numerator, .denominator]' '[null,"180"]'
	run_as fed-moi-focal --json --yes report zero "FED-MOI/$R" PR-1.5
	assert_exit 0
	assert_json '.created > 20'
	run_as fed-moi-focal report check "FED-MOI/$R" --exit-code
	assert_exit 9
}

@test "a file in Arabic digits, with Arabic headings, tried before it is saved" {
	cat >"$INAP_HOME/molsa.csv" <<-CSV
		الخلية;القيمة;ملاحظة
		PR-1.2;٤;أربعة مراكز
		PR-1.3;٧٤;
		PR-1.3:age_band=18-29;٤٠;
		PV-1.1;١٬٢٠٠;
		PV-3.2;١٢٠/٤٨٠;
	CSV
	sees fed-molsa-focal "FED-MOLSA/$R"
	run_as fed-molsa-focal --json report import "FED-MOLSA/$R" "$INAP_HOME/molsa.csv" --dry-run
	assert_exit 0
	assert_json '[.created, .dry_run]' '[5,true]'
	run_as fed-molsa-focal --json report import "FED-MOLSA/$R" "$INAP_HOME/molsa.csv"
	assert_exit 0
	assert_json '[.created, .dry_run, .revision]' '[5,false,1]'
	run_as fed-molsa-focal --json report show "FED-MOLSA/$R"
	assert_json '[.values[] | select(.cell == "PV-1.1" or .cell == "PR-1.3") | .value]' '["74","1200"]'
	assert_json '[.values[] | select(.cell == "PR-1.2") | .note]' '["أربعة مراكز"]'
}

@test "nothing is signed before it is whole; then with the letter's number and date" {
	sees fed-moi-approver "FED-MOI/$R"
	run_as fed-moi-approver --json --yes report submit "FED-MOI/$R"
	assert_refused INCOMPLETE 3
	nil fed-moi-focal "FED-MOI/$R"
	run_as fed-moi-focal report check "FED-MOI/$R" --exit-code
	assert_exit 0
	run_as fed-moi-focal --json report ready "FED-MOI/$R"
	assert_exit 0
	run_as fed-moi-approver --json todo
	assert_json 'map(.report)' "[\"FED-MOI/$R\"]"
	sees fed-moi-approver "FED-MOI/$R"
	run_as fed-moi-approver --json --yes report submit "FED-MOI/$R" --letter 4417 --letter-date 2024-10-09
	assert_exit 0
	assert_json '[.from, .to]' '["draft","submitted"]'
	run_as fed-moi-focal --json report set "FED-MOI/$R" PA-1.1=25
	assert_exit 7
}

@test "the others answer and sign" {
	office fed-molsa "FED-MOLSA/$R" PR-1.3:age_band=30-44=34
	office fed-sjc "FED-SJC/$R" PR-2.2.n=54
	office krg-jc "KRG-JC/$R" PR-2.2.n=61
	office krg-gdcvaw "KRG-GDCVAW/$R" PR-2.2.d=140 PR-1.3=212
	office krg-hcwd "KRG-HCWD/$R" PA-1.1=31
	run_as fed-coord --json review queue
	assert_json 'map([.report, .state, .on_time]) | sort' "[[\"FED-MOI/$R\",\"submitted\",true],[\"FED-MOLSA/$R\",\"submitted\",true],[\"FED-SJC/$R\",\"submitted\",true]]"
	summary
	[ "$(total PA-1.1 iraq 'has("value")')" = false ]
}

@test "one goes back with one point, is corrected, answered and signed again" {
	sees fed-coord "FED-MOLSA/$R"
	run_as fed-coord --json review return "FED-MOLSA/$R" --note "74, but the shelters say 72: which is right?"
	assert_exit 0
	run_as fed-molsa-focal --json report show "FED-MOLSA/$R" --points
	assert_json '[.state, (.points | length), .points[0].state]' '["returned",1,"open"]'
	run_as fed-molsa-focal --json report set "FED-MOLSA/$R" PR-1.3=72 PR-1.3:age_band=30-44=32 --note "two were counted twice"
	assert_json .updated 2
	sees fed-molsa-approver "FED-MOLSA/$R"
	run_as fed-molsa-approver --json --yes report submit "FED-MOLSA/$R"
	assert_refused POINTS_OPEN 7
	run_as fed-molsa-focal --json report answer "FED-MOLSA/$R" 1 "two were counted twice"
	assert_exit 0
	run_as fed-molsa-focal --json report diff "FED-MOLSA/$R"
	assert_json '[.changes[] | [.cell, .before.value, .after.value]]' '[["PR-1.3","74","72"],["PR-1.3:age_band=30-44","34","32"]]'
	sees fed-molsa-approver "FED-MOLSA/$R"
	run_as fed-molsa-approver --json --yes report submit "FED-MOLSA/$R" --note "made up"
	assert_exit 0
	assert_json '[.from, .to]' '["returned","submitted"]'
}

@test "coordinators endorse their own side, the Secretariat accepts what is endorsed" {
	local report
	for report in FED-MOI FED-MOLSA FED-SJC; do
		sees fed-coord "$report/$R"
		run_as fed-coord --json review endorse "$report/$R"
		assert_exit 0
	done
	for report in KRG-JC KRG-GDCVAW KRG-HCWD; do
		sees krg-coord "$report/$R"
		run_as krg-coord --json review endorse "$report/$R"
		assert_exit 0
	done
	run_as sec --json review queue
	assert_json length 6
	run_as sec --json --yes review accept --all-endorsed --round "$R"
	assert_exit 0
	run_as sec --json review queue
	assert_json . '[]'
}

@test "the totals: each government apart, both together, and a ratio joined from two institutions each" {
	summary
	[ "$(jq -c '[.round, .min_state]' "$INAP_HOME/summary")" = "[\"$R\",\"accepted\"]" ]
	[ "$(total PR-2.2 federal '[.numerator, .denominator]')" = '["54","180"]' ]
	[ "$(total PR-2.2 kurdistan '[.numerator, .denominator]')" = '["61","140"]' ]
	[ "$(total PR-2.2 iraq '[.numerator, .denominator]')" = '["115","320"]' ]
	[ "$(total PR-2.2 federal '.percent | tonumber')" = 30 ]
	[ "$(total PR-1.3 federal .value)" = '"72"' ]
	[ "$(total PR-1.3 iraq .value)" = '"284"' ]
	[ "$(total PA-1.1 iraq .value)" = '"55"' ]
	[ "$(total PA-1.1 federal '[.coverage.expected, .coverage.valued, .coverage.unanswered, .coverage.missing]')" = '[3,1,2,["FED-NRC","FED-WED"]]' ]
	[ "$(total PA-1.1 kurdistan '[.coverage.expected, .coverage.valued, .coverage.missing, .coverage.rate]')" = '[1,1,[],"1.000"]' ]
	run_as sec --json national recompute --round "$R"
	assert_json .differences 0
}

@test "completeness names who is missing, to the coordinators and the National Team as well" {
	local user
	for user in sec team; do
		run_as "$user" --json national completeness --round "$R"
		assert_exit 0
		assert_json '[.entities[] | select(.state == "accepted") | .entity] | sort' '["FED-MOI","FED-MOLSA","FED-SJC","KRG-GDCVAW","KRG-HCWD","KRG-JC"]'
		assert_json '[.entities[] | select(.state == "expected")] | length' 28
		assert_json '[.entities[] | select(.entity == "FED-WED") | .state, .submitted_at, .answered]' '["expected",null,0]'
		assert_json '.rates.iraq | [.submitted, .on_time, .accepted, .expected]' '[6,6,6,34]'
		assert_json '[.rates.federal.expected, .rates.kurdistan.expected] | add' 34
		assert_json '[.rates.federal.accepted, .rates.kurdistan.accepted]' '[3,3]'
	done
}

@test "the history tells the whole way, with the letter's date and number kept" {
	run_as fed-molsa-focal --json report history "FED-MOLSA/$R"
	assert_json '[.[].action]' '["save","save","narrative","save","save","ready","submit","return","save","answer","submit","endorse","accept"]'
	assert_json '[.[].revision]' '[1,2,3,4,5,6,7,8,9,10,11,12,13]'
	run sql "SELECT letter_number, letter_date FROM report JOIN entity USING (entity_id) WHERE code = 'FED-MOI'"
	[ "$output" = "4417|2024-10-09" ]
}
