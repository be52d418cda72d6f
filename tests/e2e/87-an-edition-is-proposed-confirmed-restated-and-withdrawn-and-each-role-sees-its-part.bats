#!/usr/bin/env bats
# An edition from its proposal to its withdrawal, as its people type it, and what each role then sees. Each test goes on where
# the one before it stopped.

round=2024Q3

setup_file() {
	load helper
	load testplan
	load edition
	server_start && make_test_users 3 persons && make_user team FED-C national_team && make_user watcher FED-C observer && make_user looker FED-C auditor &&
		open_round "$round" >/dev/null && accepted FED-A "$round" AA-1.1=40 AA-1.5=1000 AA-1.2=7.25 && accepted KRG-A "$round" AA-1.1=3 AA-1.5=12
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

# sees USER: the state of edition $1 in the list and whether its content is read: "published read", "withdrawn no", "nothing".
sees() {
	local state read=no
	state=$(inap_as "$1" --json edition list "$round" | jq -r --argjson n "$2" '[.[] | select(.number == $n) | .state] | first // "nothing"')
	inap_as "$1" --json edition show "$round/$2" >/dev/null && read="read"
	[[ $state == nothing ]] && echo nothing || echo "$state $read"
}

# everybody NUMBER STATE: who reads it, those who do not have "no" behind the state, or nothing.
everybody() {
	local user out=()
	for user in sec sec2 team fed-coord krg-coord watcher looker admin a-focal a-approver; do out+=("$user=$(sees "$user" "$1" 2>/dev/null)"); done
	printf '%s\n' "${out[@]}"
}

wants() {
	[[ $1 == "$2" ]] || flunk "wanted $2" "got    $1"
}

# figure CELL JURISDICTION: of $output.
figure() {
	jq -r --arg cell "$1" --arg where "$2" '.totals[] | select(.cell == $cell and .jurisdiction == $where) | if .hidden then "hidden" else .value // ([.numerator, .denominator] | join("/")) end' <<<"$output"
}

# national NAME: the national picture as it stands, in files: what team and sec are told by summary and its page, and the edition. Of
# a summary only the time of asking is left out, and who is under correction, which is told apart.
national() {
	local user
	for user in team sec; do
		inap_as "$user" --json national summary --round "$round" --by table >"$INAP_HOME/whole" || return 1
		jq -c 'del(.as_of, .totals[].coverage.under_correction)' "$INAP_HOME/whole" >"$INAP_HOME/$1.$user"
		jq -c '[.totals[].coverage.under_correction // [] | .[]] | unique' "$INAP_HOME/whole" >"$INAP_HOME/$1.$user.correction"
		inap_as "$user" view csv --round "$round" --out "$INAP_HOME/$1.$user.csv" || return 1
	done
	inap_as watcher edition show "$round" --bytes >"$INAP_HOME/$1.edition"
}

# same NAME CORRECTION: byte for byte what it was as `published`, while this is under correction.
same() {
	local part
	national "$1" || return 1
	for part in team sec team.csv sec.csv edition; do cmp "$INAP_HOME/published.$part" "$INAP_HOME/$1.$part" || flunk "$1: $part is another" || return 1; done
	for part in team sec; do wants "$(cat "$INAP_HOME/$1.$part.correction")" "$2" || return 1; done
}

@test "nothing is published: nobody sees an edition, only the Secretariat proposes one" {
	run_as watcher --json edition list
	assert_json . '[]'
	for user in team fed-coord watcher admin a-approver; do
		run_as "$user" --json edition propose "$round"
		assert_refused FORBIDDEN 5
	done
	run_as sec --json edition propose 2023Q1
	assert_refused NOT_FOUND 6
	run_as sec --json edition propose 2024
	assert_refused NOT_FOUND 6
}

@test "proposed: frozen and hashed, seen by who comments and confirms, not by observers" {
	run_as sec --json edition propose "$round"
	assert_exit 0
	assert_json '[.number, .state, .reports, .kurdistan]' '[1,"proposed",2,true]'
	wants "$(everybody 1)" "sec=proposed read
sec2=proposed read
team=proposed read
fed-coord=nothing
krg-coord=nothing
watcher=nothing
looker=nothing
admin=nothing
a-focal=nothing
a-approver=nothing"
	run_as watcher --json edition show "$round/1"
	assert_refused NOT_FOUND 6
}

# waits USER: what of editions waits in this person's todo: "2024Q3/1 confirm 0".
waits() {
	inap_as "$1" --json todo | jq -r '[.[] | select(.what == "edition") | "\(.edition) \(.kind) \(.count)"] | join(",")'
}

@test "a proposal waits in the todo of who confirms and who comments, and of nobody else" {
	local user
	wants "$(waits sec2)" "2024Q3/1 confirm 0"
	wants "$(waits team)" "2024Q3/1 comment 0"
	for user in sec fed-coord krg-coord watcher looker admin a-focal a-approver; do
		wants "$user $(waits "$user")" "$user "
	done
	run_as team todo
	assert_output_has "waits for the National Team's remarks"
	run_as team -L ar todo
	assert_output_has "الإصدار 2024Q3/1 المقترح في"
	run_as sec2 -L ckb todo
	assert_output_has "چاوەڕێیە کەسێکی دووەم دڵنیای بکاتەوە"
	run_as sec2 --json todo --exit-code
	assert_exit 9
}

@test "the National Team remarks; others do not" {
	run_as team --json edition comment "$round/1" "name the ministry that is late"
	assert_exit 0
	wants "$(waits team)" ""
	wants "$(waits sec)" "2024Q3/1 remarks 1"
	wants "$(waits sec2)" "2024Q3/1 confirm 1"
	run_as watcher --json edition comment "$round/1" "me too"
	assert_refused FORBIDDEN 5
	run_as sec --json edition show "$round/1"
	assert_json '[.remarks[] | [.remark, .by, .text]]' '[[1,"team","name the ministry that is late"]]'
	run_as sec edition show "$round"
	assert_output_has "name the ministry that is late"
	# The Secretariat's answer is a remark too: then nothing waits, until there is another remark.
	inap_as sec2 -q edition comment "$round/1" "no ministry was late" >/dev/null
	wants "$(waits sec)/$(waits sec2)" "/2024Q3/1 confirm 2"
	inap_as team -q edition comment "$round/1" "then say so" >/dev/null
	wants "$(waits sec)" "2024Q3/1 remarks 1"
}

@test "a sentence goes in when it stands in the narrative and somebody vouches for it; no other word does" {
	inap_as sec report show "FED-A/$round" >/dev/null
	run_as sec --json --no-input edition sentence "FED-A/$round" results "What was done, made up."
	assert_exit 2
	run_as sec --json --yes edition sentence "FED-A/$round" results "What was not said."
	assert_refused BAD_ARGUMENT 2
	run_as team --json --yes edition sentence "FED-A/$round" results "What was done, made up."
	assert_refused FORBIDDEN 5
	run_as sec --json --yes edition sentence "FED-A/$round" results "What was done, made up."
	assert_exit 0
	run_as sec --json --yes edition sentence "FED-A/$round" results "What was done, made up."
	assert_refused EXISTS 7
	run_as sec --json --yes edition sentence "FED-A/$round" obstacles "What stood before it, made up."
	assert_json .sentence 2
	run_as sec --json edition sentence "FED-A/$round" --remove 2
	assert_exit 0
	run_as sec --json edition sentence "$round"
	assert_json '[.[] | [.sentence, .section]]' '[[1,"results"]]'
	# It is in the next proposal, and what was proposed stays as it was.
	run_as sec --json edition show "$round/1"
	assert_json .sentences '[]'
}

@test "what moved since the proposal is not confirmed: it is proposed again" {
	run_as sec2 --json --yes edition confirm "$round/1" --approved-by "Secretary General" --letter 88 --letter-date 2024-11-20
	assert_refused EDITION_MOVED 7
	run_as sec --json edition propose "$round"
	assert_json .number 1
	run_as sec --json edition list "$round"
	assert_json 'length' 1
}

@test "confirmed by a second person, with the instrument that approved it" {
	local approval=(--approved-by "Secretary General" --letter 88 --letter-date 2024-11-20)
	run_as sec --json --yes edition confirm "$round/1" "${approval[@]}"
	assert_refused FOUR_EYES 5
	run_as team --json --yes edition confirm "$round/1" "${approval[@]}"
	assert_refused FORBIDDEN 5
	for user in watcher fed-coord krg-coord; do
		run_as "$user" --json --yes edition confirm "$round/1" "${approval[@]}"
		assert_refused NOT_FOUND 6
	done
	run_as sec2 --json --yes edition confirm "$round/1" --approved-by "Secretary General"
	assert_exit 2
	run_as sec2 --json --no-input edition confirm "$round/1" "${approval[@]}"
	assert_exit 2
	run_as sec2 --json --yes edition confirm "$round/1" "${approval[@]}"
	assert_exit 0
	assert_json '[.state, .approved_by, .letter_number, .letter_date, .alone, .confirmed_by]' '["published","Secretary General","88","2024-11-20",false,"sec2"]'
	run_as sec2 --json --yes edition confirm "$round/1" "${approval[@]}"
	assert_refused WRONG_STATE 7
	wants "$(everybody 1 | sort -u -t= -k2)" "sec=published read"
}

@test "observers see editions, without names, and nothing else; protected figures are in none" {
	run_as watcher --json edition list
	assert_json '[.[] | [.period, .number, .state, .proposed_by, .confirmed_by]]' '[["2024Q3",1,"published",null,null]]'
	run_as watcher --json edition show "$round"
	assert_exit 0
	wants "$(figure AA-1.1 federal) $(figure AA-1.1 kurdistan) $(figure AA-1.1 iraq)" "40 hidden hidden"
	wants "$(figure AA-1.5 federal) $(figure AA-1.5 kurdistan) $(figure AA-1.5 iraq)" "1000 12 1012"
	assert_json '[.sentences[].text]' '["What was done, made up."]'
	assert_json '[.held[] | [.entity, .round]]' '[["FED-A","2024Q3"],["KRG-A","2024Q3"]]'
	assert_json '[.totals[] | select(.cell == "AA-1.1" and .jurisdiction == "iraq") | .coverage.missing]' '[["FED-B"]]'
	run_as watcher -o csv edition show "$round"
	[[ $output == *"AA-1.1,kurdistan,2024Q3,hidden"* ]] || flunk "not hidden"
	inap_as watcher edition show "$round" --bytes >"$INAP_HOME/first.txt"
	if grep -E $'^figure\tAA-1.1\t(kurdistan|iraq)\t2024Q3\t[^h]' "$INAP_HOME/first.txt"; then flunk "a figure"; fi
	if grep -E 'secret words|stood before' "$INAP_HOME/first.txt"; then flunk "words"; fi
	wants "$(waits sec)$(waits sec2)$(waits team)" ""
	for command in "national summary" "report list" "national completeness"; do
		# shellcheck disable=SC2086
		run_as watcher --json $command
		assert_refused FORBIDDEN 5
	done
}

@test "the picture of an edition is what its bytes say, with its number and hash; observers draw it" {
	local hash format
	hash=$(inap_as watcher --json edition list "$round" | jq -r '.[0].sha256')
	run_as watcher -q view html --edition "$round/1" --out "$INAP_HOME/edition.html"
	assert_exit 0
	grep -q "Edition 2024Q3/1 of" "$INAP_HOME/edition.html" && grep -q "SHA-256 <bdi class=c>$hash</bdi>" "$INAP_HOME/edition.html" || flunk "not named"
	# also at the foot of every printed page
	grep -q "@bottom-center{content:\"[A-Z0-9-]* 2024Q3/1 SHA-256 $hash\"" "$INAP_HOME/edition.html" || flunk "no foot"
	grep -A 1 '<td class=c>AA-1.1' "$INAP_HOME/edition.html" | grep -q '<b>40</b>.*▒.*▒' || flunk "$(grep 'AA-1.1' "$INAP_HOME/edition.html")"
	grep -q "What was done, made up." "$INAP_HOME/edition.html" && grep -q "KRG-A/2024Q3" "$INAP_HOME/edition.html" || flunk "sentences, reports"
	run_as watcher -q -L ckb view html --edition "$round" --out "$INAP_HOME/ckb.html"
	grep -q "وەشانی 2024Q3/1" "$INAP_HOME/ckb.html" || flunk "not Kurdish"
	for format in csv xlsx sdmx adx; do
		run_as watcher -q view "$format" --edition "$round/1" --out "$INAP_HOME/edition.$format"
		assert_exit 0
	done
	grep -q '^[^,]*,2024Q3,2024Q3,AA-1.1,AA-1.1,federal,40,.*,2024Q3/1,' "$INAP_HOME/edition.csv" || flunk "$(grep AA-1.1 "$INAP_HOME/edition.csv")"
	grep -q ',AA-1.1,kurdistan,,,,,hidden,' "$INAP_HOME/edition.csv" || flunk "not hidden"
	grep -q "exported=\"$(inap_as watcher --json edition list "$round" | jq -r '.[0].confirmed_at')\"" "$INAP_HOME/edition.adx" || flunk "$(head -n 2 "$INAP_HOME/edition.adx")"
	xmllint --noout --schema "$INAP_ROOT/tests/e2e/adx.xsd" "$INAP_HOME/edition.adx" 2>"$INAP_HOME/xmllint" || flunk "$(cat "$INAP_HOME/xmllint")"
	run_as watcher view html --edition "$round" --round "$round" --out "$INAP_HOME/two.html"
	assert_exit 2
	run_as watcher view html --round "$round" --out "$INAP_HOME/now.html"
	assert_exit 5
}

@test "what is published is not sent back: its ministry asks for a restatement, the Secretariat opens those cells" {
	run_as sec --json report show "FED-A/$round"
	assert_json '.actions | index("send_back")' null
	run_as sec --json review send-back "FED-A/$round" --note "look again"
	assert_refused IN_EDITION 7
	national published
	run_as sec --json edition restate "FED-A/$round"
	assert_refused NOT_ASKED 7
	run_as a-approver --json report show "FED-A/$round"
	assert_json '.actions | index("ask_restatement") != null'
	run_as a-approver --json report ask-restatement "FED-A/$round" AA-1.1
	assert_exit 2
	run_as a-focal --json report ask-restatement "FED-A/$round" AA-1.1 --base 1 --note "counted twice"
	assert_refused FORBIDDEN 5
	run_as a-approver --json report ask-restatement "FED-A/$round" AA-1.1 --note "counted twice"
	assert_exit 0
	assert_json '[.from, .to]' '["accepted","accepted"]'
	same asked '[]'
	run_as sec --json report show "FED-A/$round"
	assert_json '.actions | index("restate") != null'
	run_as sec --json todo
	assert_json '[.[] | select(.report == "FED-A/2024Q3") | [.what, .count]]' '[["restate",1]]'
	run_as sec --json edition restate "FED-A/$round" decline
	assert_exit 2
	run_as sec --json edition restate "FED-A/$round" no --note "x"
	assert_exit 2
	run_as sec --json edition restate "FED-A/$round" decline --note "the letter has 40"
	assert_exit 0
	assert_json '[.from, .to]' '["accepted","accepted"]'
	run_as sec --json edition restate "FED-A/$round" decline --note "x"
	assert_refused NOT_ASKED 7
	run_as a-approver report history "FED-A/$round"
	assert_output_has "the letter has 40"
	inap_as a-approver report show "FED-A/$round" >/dev/null
	inap_as a-approver -q report ask-restatement "FED-A/$round" AA-1.1 --note "counted twice, by the register" >/dev/null
	inap_as sec report show "FED-A/$round" >/dev/null
	run_as sec --json edition restate "FED-A/$round" --note "as asked"
	assert_exit 0
	assert_json '[.from, .to]' '["accepted","returned"]'
	inap_as a-focal report show "FED-A/$round" >/dev/null
	run_as a-focal --json report set "FED-A/$round" AA-1.5=1
	assert_exit 3
	same restated '["FED-A"]'
	run_as a-focal --json report set "FED-A/$round" AA-1.1=30
	assert_exit 0
	same typed '["FED-A"]'
	# The edition stays, byte for byte.
	run_as watcher --json edition verify "$INAP_HOME/first.txt"
	assert_exit 0
	# What no edition holds is sent back as before.
	run_as k-approver --json report ask-restatement "KRG-A/2024Q4" --base 1 --note "x"
	assert_refused NOT_FOUND 6
}

@test "until a restatement is accepted the national picture stays as it was, byte for byte" {
	inap_as a-focal report show "FED-A/$round" >/dev/null
	inap_as a-focal -q report answer "FED-A/$round" 2 "counted twice, corrected" >/dev/null
	passes a-approver "FED-A/$round" report submit "FED-A/$round" --letter 1 --letter-date 2024-10-09 --note "made up"
	same submitted '["FED-A"]'
	passes fed-coord "FED-A/$round" review endorse "FED-A/$round"
	same endorsed '["FED-A"]'
	passes sec "FED-A/$round" review accept "FED-A/$round"
	national accepted
	for part in team sec team.csv sec.csv; do
		if cmp -s "$INAP_HOME/published.$part" "$INAP_HOME/accepted.$part"; then flunk "$part is what it was"; fi
	done
	cmp "$INAP_HOME/published.edition" "$INAP_HOME/accepted.edition"
	wants "$(jq -r '.totals[] | select(.cell == "AA-1.1" and .jurisdiction == "federal").value' "$INAP_HOME/published.sec" "$INAP_HOME/accepted.sec" | xargs)" "40 30"
	wants "$(cat "$INAP_HOME/accepted.team.correction")" '[]'
}

@test "n + 1 holds what came late and what was restated, and says what differs" {
	accepted FED-B "$round" AA-1.1=20 AA-1.5=3
	run_as sec --json edition propose "$round"
	assert_json '[.number, .reports]' '[2,3]'
	inap_as sec2 -q --yes edition confirm "$round/2" --approved-by "Secretary General" --letter 91 --letter-date 2024-12-01 >/dev/null
	run_as watcher --json edition show "$round"
	assert_json '[.held[] | [.entity, .change]]' '[["FED-A","restated"],["FED-B","late"],["KRG-A",null]]'
	wants "$(figure AA-1.1 federal) $(figure AA-1.1 kurdistan)" "50 hidden"
	assert_json '[.changes[] | select(.cell == "AA-1.1") | [.jurisdiction, .numerator]]' '[["federal","40"]]'
	run_as watcher --json edition diff "$round/2"
	assert_json '[.[] | select(.cell == "AA-1.1")]' '[{"cell":"AA-1.1","jurisdiction":"federal","period":"2024Q3","before":{"value":"40"},"after":{"value":"50"}}]'
	run_as watcher --json edition diff "$round/1" "$round/2"
	assert_json 'length > 1'
	run_as watcher -q view html --edition "$round/2" --out "$INAP_HOME/second.html"
	grep -A 1 '<td class=c>AA-1.1' "$INAP_HOME/second.html" | grep -q '<b>50</b>.*edition before: 40' || flunk "$(grep AA-1.1 "$INAP_HOME/second.html")"
	# The old one is readable still, and its picture the same to the last byte.
	inap_as watcher -q view html --edition "$round/1" --out "$INAP_HOME/again.html"
	cmp "$INAP_HOME/edition.html" "$INAP_HOME/again.html"
	run_as watcher --json edition show "$round/1"
	wants "$(figure AA-1.1 federal)" 40
}

@test "withdrawn at once by one, for good by a second; the head stays and verifies, the content is the two officers'" {
	run_as sec --json edition withdraw "$round/1" --note "a place can be told from it"
	assert_exit 2
	run_as team --json edition withdraw "$round/1" --note x --confirm "$round/1"
	assert_refused FORBIDDEN 5
	run_as sec --json edition withdraw "$round/1" --note "a place can be told from it" --confirm "$round/1"
	assert_exit 0
	assert_json '[.state, .withdrawn_note, .second_at]' '["withdrawn","a place can be told from it",null]'
	run_as watcher --json edition show "$round/1"
	assert_refused WRONG_STATE 7
	run_as watcher view html --edition "$round/1" --out "$INAP_HOME/gone.html"
	assert_exit 7
	wants "$(waits sec)/$(waits team)/$(waits sec2)" "//2024Q3/1 withdraw 0"
	run_as sec2 -L ar todo
	assert_output_has "ما لم يسحبه شخص ثانٍ أيضاً"
	run_as sec --json edition withdraw "$round/1" --note "again" --confirm "$round/1"
	assert_refused FOUR_EYES 5
	run_as sec2 --json edition withdraw "$round/1" --note "so it is" --confirm "$round/1"
	assert_exit 0
	assert_json '.second_at != null'
	wants "$(waits sec2)" ""
	wants "$(everybody 1)" "sec=withdrawn read
sec2=withdrawn read
team=withdrawn no
fed-coord=withdrawn no
krg-coord=withdrawn no
watcher=withdrawn no
looker=withdrawn no
admin=withdrawn no
a-focal=withdrawn no
a-approver=withdrawn no"
	run_as watcher --json edition list "$round"
	assert_json '[.[] | [.number, .state, .withdrawn_note]]' '[[2,"published",null],[1,"withdrawn","a place can be told from it"]]'
	run_as watcher --json edition verify "$INAP_HOME/first.txt"
	assert_exit 0
	wants "$(everybody 2 | sort -u -t= -k2)" "sec=published read"
}

@test "a year is built from its rounds, by pillar" {
	open_round 2024Q4 >/dev/null && accepted FED-A 2024Q4 AA-1.1=10 AA-1.5=500 && accepted KRG-A 2024Q4 AA-1.1=20 AA-1.5=1
	publish 2024Q4 1
	publish 2024 1
	run_as watcher --json edition show 2024
	assert_exit 0
	assert_json '[.sources[] | [.period, .number]]' '[["2024Q3","2"],["2024Q4","1"]]'
	assert_json '[.totals[] | select(.cell == "AA-1.5" and .jurisdiction == "iraq") | [.period, .value]]' '[["2024Q3","1015"],["2024Q4","501"],["2024","1516"]]'
	# The third quarter's 3 are hidden, so is the year that would tell them; the other side is shown.
	assert_json '[.totals[] | select(.cell == "AA-1.1" and .period == "2024") | [.jurisdiction, .value, .hidden]]' '[["federal","60",null],["kurdistan",null,true],["iraq",null,true]]'
	run_as watcher edition show 2024
	assert_output_has "AA"
	# Drawn: the year's own figure where there is one, and the editions it is built from.
	run_as watcher -q view html --edition 2024 --out "$INAP_HOME/year.html"
	grep -A 1 '<td class=c>AA-1.5' "$INAP_HOME/year.html" | grep -q '<b>1516</b>' || flunk "$(grep AA-1.5 "$INAP_HOME/year.html")"
	grep -q '2024Q3/2 SHA-256' "$INAP_HOME/year.html" || flunk "no sources"
	# It repeats what its rounds say: with one of them it goes.
	inap_as sec -q edition withdraw 2024Q4/1 --note "once more" --confirm 2024Q4/1 >/dev/null
	run_as watcher --json edition show 2024
	assert_refused WRONG_STATE 7
}
