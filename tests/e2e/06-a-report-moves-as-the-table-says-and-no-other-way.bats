#!/usr/bin/env bats
# The workflow: every action in every state, then the rules beside the table: claims, points, four eyes, corrections.

# Where an action leads, or what refuses it: W is WRONG_STATE, exit 7; P is POINTS_OPEN, exit 7; N is NOT_FOUND, exit 6;
# D is NOT_RECEIVED, E is NOT_IN_EDITION, A is NOT_ASKED, exit 7.
table='
action    by        expected draft     submitted in_review returned endorsed  accepted
save      b-focal   draft    draft     W         W         returned W         W
ready     b-focal   W        draft     W         W         returned W         W
hand-back b-approver W       draft     W         W         returned W         W
answer    b-focal   W        W         W         W         returned W         W
ask-cells b-focal   W        W         W         W         returned W         W
submit    b-approver W       submitted W         W         P        W         W
withdraw  b-approver W       W         draft     W         W        W         W
receive   fed-coord submitted W       W         W         W        W         W
contest   b-approver W       W         D         D         W        D         W
claim     fed-coord W        W         in_review W         W        W         W
release   fed-coord W        W         W         submitted W        W         W
point     fed-coord W        W         in_review in_review returned W         W
withdraw-point fed-coord W   W         N         N         returned W         W
return    fed-coord W        W         returned  returned  W        W         W
endorse   fed-coord W        W         endorsed  endorsed  W        W         W
accept    sec2      W        W         W         W         W        accepted  W
send-back sec2      W        W         W         W         W        in_review in_review
ask-restatement b-approver W W         W         W         W        W         E
restate   sec2      W        W         W         W         W        W         A
'

setup_file() {
	load helper
	load testplan
	server_start && make_test_users && make_user fed-coord2 FED-C coordinator federal &&
		make_user b-both FED-B focal_point FED-B && inap_as admin -q role grant b-both approver FED-B >/dev/null &&
		make_user b-coord FED-B coordinator federal && make_user b-sec FED-B secretariat &&
		printf '%s\n' cell,value AA-1.1,31 AA-1.4,3/4 AA-1.5,1000 AA-2.1.d,9 >"$INAP_HOME/paper.csv"
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
}

# new_report: $report of FED-B in a round that nobody has used yet; 40 quarters are enough for them all.
new_report() {
	local quarter
	quarter=$(cat "$INAP_HOME/quarter" 2>/dev/null || echo 0)
	echo $((quarter + 1)) >"$INAP_HOME/quarter"
	round=$(printf '20%02dQ%d' $((20 + quarter / 4)) $((quarter % 4 + 1)))
	report=FED-B/$round
	open_round "$round" >/dev/null
}

revision() {
	inap_as b-focal --json report show "$report" | jq .revision
}

state() {
	inap_as b-focal --json report show "$report" | jq -r .state
}

# stands: revision and state.
stands() {
	inap_as b-focal --json report show "$report" | jq -r '"\(.revision) \(.state)"'
}

# act USER ACTION [OPTION...]: on $report as it stands now, or as $base says; one that needs a note gets it here.
act() {
	local user=$1 action=$2 figure=$((RANDOM + 1))
	shift 2
	set -- --base "${base:-$(revision)}" "$@"
	case $action in
	save) run_as "$user" --json report set "$report" AA-1.1="$figure" AA-1.1:sex=F="$figure" "$@" ;;
	nil) run_as "$user" --json --yes report nil "$report" "$@" ;;
	ready) run_as "$user" --json report ready "$report" "$@" ;;
	hand-back | withdraw) run_as "$user" --json report "$action" "$report" --note "because" "$@" ;;
	answer) run_as "$user" --json report answer "$report" 1 "two were counted twice" "$@" ;;
	submit) run_as "$user" --json --yes report submit "$report" "$@" ;;
	contest) run_as "$user" --json report contest "$report" --note "it is not ours" "$@" ;;
	receive) run_as "$user" --json review receive "$report" "$INAP_HOME/paper.csv" --letter 1 --letter-date 2024-10-09 --note "tables are not kept" ;;
	ask-cells) run_as "$user" --json report ask-cells "$report" AA-1.1 --note "it follows" "$@" ;;
	withdraw-point) run_as "$user" --json review withdraw "$report" 1 --note "not needed" "$@" ;;
	point) run_as "$user" --json review point "$report" report "is this right?" "$@" ;;
	ask-restatement) run_as "$user" --json report ask-restatement "$report" AA-1.1 --note "counted twice" "$@" ;;
	restate) run_as "$user" --json edition restate "$report" "$@" ;;
	return | send-back) run_as "$user" --json review "$action" "$report" --note "look again" "$@" ;;
	*) run_as "$user" --json --yes review "$action" "$report" "$@" ;;
	esac
}

# acts: the same, and it must succeed.
acts() {
	act "$@" && assert_exit 0
}

# bring STATE: a new report in that state.
bring() {
	local word base=0
	local -A way=([expected]="" [draft]="b-focal:nil" [submitted]="b-focal:nil b-approver:submit" [in_review]="b-focal:nil b-approver:submit fed-coord:claim"
		[returned]="b-focal:nil b-approver:submit fed-coord:return" [endorsed]="b-focal:nil b-approver:submit fed-coord:endorse"
		[accepted]="b-focal:nil b-approver:submit fed-coord:endorse sec2:accept")
	new_report || return 1
	for word in ${way[$1]}; do
		acts "${word%%:*}" "${word#*:}" || return 1
		base=$((base + 1))
		[[ $word != *:nil ]] || base=$((base + 1)) # two: the narrative, then the figures
	done
	[[ $(state) == "$1" ]] || flunk "brought to $(state), not $1"
}

# column STATE: lines `action by result`.
column() {
	awk -v state="$1" 'NF && !at { for (i = 1; i <= NF; i++) if ($i == state) at = i; next } NF { print $1, $2, $at }' <<<"$table"
}

# keeps STATE: what the table refuses there is refused and leaves the report as it was.
keeps() {
	local action by result before rows=0 base
	before=$(stands)
	[[ $before == *" $1" ]] || flunk "in $before, not $1" || return 1
	base=${before% *}
	while read -r action by result; do
		rows=$((rows + 1))
		[[ $result == [WPNDEA] ]] || continue
		act "$by" "$action" </dev/null
		if [[ $result == W ]]; then
			assert_exit 7 && assert_json '[.error.code, .error.arguments.state]' "[\"WRONG_STATE\",\"$1\"]"
		elif [[ $result == D ]]; then
			assert_refused NOT_RECEIVED 7
		elif [[ $result == E ]]; then
			assert_refused NOT_IN_EDITION 7
		elif [[ $result == A ]]; then
			assert_refused NOT_ASKED 7
		elif [[ $result == N ]]; then
			assert_refused NOT_FOUND 6
		else
			assert_refused POINTS_OPEN 7
		fi || flunk "$action in $1" || return 1
		[[ $(stands) == "$before" ]] || flunk "$action in $1 left something" || return 1
	done < <(column "$1")
	[[ $rows == 19 ]] || flunk "$rows rows"
}

# goes STATE: what the table allows there leads where it says; the report at hand is used, then a new one each time.
goes() {
	local action by result first=yes base
	while read -r action by result; do
		[[ $result != [WPNDEA] ]] || continue
		[[ -n $first ]] || bring "$1" </dev/null || return 1
		first=
		base=$(revision)
		acts "$by" "$action" </dev/null || flunk "$action in $1" || return 1
		[[ $(stands) == "$((base + 1)) $result" ]] || flunk "$action in $1 led to $(stands), not $result" || return 1
		base=
	done < <(column "$1")
	[[ -z $first ]] || flunk "nothing is allowed in $1"
}

# Who may see the report is told what they may do: just what the table says, by role.
tells() {
	local user
	for user in "${@:2}"; do
		run_as "$user" --json report show "$report"
		assert_json '.actions | map(gsub("_"; "-")) | sort' "$(column "$1" | awk -v user="$user" '$3 !~ /^[WDEA]$/ && $2 == user { print $1 }' | more_of "$1" "$user" | sort | jq -cRn '[inputs]')" || flunk "$user in $1" || return 1
	done
}

# An approver may also mark ready and answer: the table names one of the two.
more_of() {
	cat
	[[ $2 != b-approver ]] || column "$1" | awk '$3 != "W" && ($1 == "ready" || $1 == "answer") { print $1 }'
}

@test "expected" { bring expected && tells expected b-focal b-approver && keeps expected && goes expected; }
@test "draft" { bring draft && tells draft b-focal b-approver && keeps draft && goes draft; }
@test "submitted" { bring submitted && tells submitted b-focal b-approver fed-coord && keeps submitted && goes submitted; }
@test "in review" { bring in_review && tells in_review b-focal b-approver fed-coord && keeps in_review && goes in_review; }
@test "returned" { bring returned && tells returned b-focal b-approver fed-coord && keeps returned && goes returned; }
@test "endorsed" { bring endorsed && tells endorsed b-focal b-approver fed-coord sec2 && keeps endorsed && goes endorsed; }
@test "accepted" { bring accepted && tells accepted b-focal b-approver fed-coord sec2 && keeps accepted && goes accepted; }

@test "what another role may do, nobody else may: 5, and without a trace" {
	bring submitted
	local user action before
	before=$(revision)
	while read -r user action; do
		act "$user" "$action"
		assert_refused FORBIDDEN 5 || flunk "$user: $action"
	done <<-LIST
		b-focal submit
		b-focal withdraw
		b-focal claim
		b-approver save
		b-approver endorse
		fed-coord accept
		fed-coord withdraw
		sec2 endorse
		sec2 claim
		admin claim
		admin save
	LIST
	[ "$(revision)" = "$before" ]
}

@test "another jurisdiction's report is not found" {
	bring submitted
	local action
	for action in claim point return endorse release; do
		act krg-coord "$action"
		assert_refused NOT_FOUND 6 || flunk "$action"
	done
	act k-approver withdraw
	assert_refused NOT_FOUND 6
	act k-focal save
	assert_refused NOT_FOUND 6
	[ "$(state)" = submitted ]
}

@test "a submission needs every total, results and obstacles; an unanswered table needs a note" {
	new_report
	acts b-focal save
	act b-approver submit
	assert_refused INCOMPLETE 3
	assert_json '[.error.fields[] | select(.code == "UNANSWERED_TOTAL") | .cell] | sort' '["AA-1.4","AA-1.5","AA-2.1"]'
	run_as b-focal --json report set "$report" AA-1.4=1/2 AA-1.5=3 AA-2.1.d=4 --base 1
	act b-approver submit
	assert_refused INCOMPLETE 3
	assert_json '[.error.fields[] | select(.code == "NARRATIVE_MISSING") | .cell] | sort' '["narrative:obstacles","narrative:results"]'
	narrate b-focal "$report"
	act b-approver submit
	assert_refused EXPLAIN_NEEDED 3
	acts b-approver submit --note "not kept by sex" --letter 4417 --letter-date 2024-10-09
	assert_json '[.from, .to]' '["draft","submitted"]'
	assert_json '.receipt | length' 64
	run_as b-focal --json report history "$report"
	assert_json '.[-1] | [.action, .state, .by, .note]' '["submit","submitted","b-approver","not kept by sex"]'
}

@test "a save takes the mark ready away" {
	bring draft
	acts b-focal ready
	[ "$(inap_as b-focal --json report show "$report" | jq .ready)" = true ]
	acts b-focal save
	[ "$(inap_as b-focal --json report show "$report" | jq .ready)" = false ]
	acts b-focal ready
	acts b-approver hand-back
	[ "$(inap_as b-focal --json report show "$report" | jq .ready)" = false ]
}

@test "a first submission taken back was none; one that answered a return keeps its mark" {
	local on_time
	bring submitted
	first() { sql "SELECT first_submitted_at FROM report JOIN round USING (round_id) JOIN entity USING (entity_id) WHERE round.code = '$round' AND entity.code = 'FED-B'"; }
	[ -n "$(first)" ]
	acts b-approver withdraw
	assert_json .to draft
	[ -z "$(first)" ]
	acts b-approver submit
	on_time=$(first)
	acts fed-coord return
	[ "$(first)" = "$on_time" ]
	acts b-focal answer
	acts b-approver submit
	[ "$(first)" = "$on_time" ]
	acts b-approver withdraw
	assert_json .to returned
	[ "$(first)" = "$on_time" ]
	run_as b-focal --json report show "$report"
	assert_json '[.points[] | [.point, .state]]' '[[1,"answered"]]'
	acts b-focal save
	acts b-approver submit
	[ "$(first)" = "$on_time" ]
}

@test "a claimed report cannot be withdrawn, and only the claimant goes on with it" {
	local action
	bring in_review
	act b-approver withdraw
	assert_refused WRONG_STATE 7
	for action in point return endorse; do
		act fed-coord2 "$action"
		assert_refused CLAIMED 7 || flunk "$action"
		assert_json .error.arguments.by fed-coord
	done
	act fed-coord2 release
	assert_refused NOT_CLAIMED 7
	run_as fed-coord2 --json report show "$report"
	assert_json .actions '[]'
	acts fed-coord release
	acts fed-coord2 claim
	act fed-coord endorse
	assert_refused CLAIMED 7
	acts fed-coord2 endorse
}

@test "a return needs a point; a point asked is one" {
	bring in_review
	run_as fed-coord --json review return "$report" --base "$(revision)"
	assert_refused NO_POINTS 7
	acts fed-coord point
	run_as fed-coord --json review return "$report" --base "$(revision)"
	assert_exit 0
	run_as b-focal --json report show "$report" --points
	assert_json '[.points[] | [.point, .target, .text, .state]]' '[[1,"report","is this right?","open"]]'
}

@test "an open point stands before the resubmission and the endorsement; an answer opens both" {
	bring submitted
	acts fed-coord point
	act fed-coord endorse
	assert_refused POINTS_OPEN 7
	run_as fed-coord --json review return "$report" --base "$(revision)"
	act b-approver submit
	assert_refused POINTS_OPEN 7
	run_as b-focal --json report answer "$report" 9 "no such" --base "$(revision)"
	assert_exit 6
	run_as b-focal --json report answer "$report" 1 --confirmed --base "$(revision)"
	assert_exit 2
	run_as b-focal --json report answer "$report" 1 "counted again" --confirmed --base "$(revision)"
	assert_exit 0
	acts b-approver submit
	acts fed-coord endorse
	run_as b-focal --json report show "$report"
	assert_json '.points[0].state' settled
}

@test "four eyes: who typed does not sign" {
	new_report
	acts b-both nil
	act b-both submit
	assert_refused FOUR_EYES 5
	acts b-approver submit
}

@test "four eyes: nobody passes the own house's report, nor accepts what they endorsed" {
	bring submitted
	act b-coord endorse
	assert_refused FOUR_EYES 5
	acts fed-coord endorse
	act b-sec accept
	assert_refused FOUR_EYES 5
	[ "$(state)" = endorsed ]
	acts sec2 accept
}

@test "no role is held together with one that reviews it" {
	run_as admin --json role grant fed-coord secretariat
	assert_refused ROLE_CONFLICT 5
	run_as admin --json role grant b-focal coordinator federal
	assert_refused ROLE_CONFLICT 5
}

@test "a correction after acceptance does not empty the total" {
	local before after
	bring accepted
	total() {
		inap_as sec2 --json national summary --round "$round" |
			jq -c '[.totals[] | select(.indicator == "AA-1.1" or .indicator == "AA-1.5") | [.cell, .jurisdiction, .value, .coverage.valued]]'
	}
	before=$(total)
	[ "$(jq -c '[.[] | select(.[0] == "AA-1.1" and .[1] == "federal")]' <<<"$before")" = '[["AA-1.1","federal","0",1]]' ]
	acts sec2 send-back
	[ "$(total)" = "$before" ]
	run_as sec2 --json national summary --round "$round"
	assert_json '[.totals[] | select(.cell == "AA-1.1" and .jurisdiction == "federal") | .coverage.under_correction[]]' '["FED-B"]'
	acts fed-coord return
	acts b-focal save
	acts b-focal answer
	[ "$(total)" = "$before" ]
	acts b-approver submit
	acts fed-coord endorse
	[ "$(total)" = "$before" ]
	acts sec2 accept
	after=$(total)
	[ "$after" != "$before" ]
	run_as sec2 --json national summary --round "$round"
	assert_json '[.totals[] | select(.cell == "AA-1.1" and .jurisdiction == "federal") | .coverage.under_correction[]]' '[]'
	run_as sec2 --json national recompute --round "$round"
	assert_json .differences 0
}

@test "the history tells every move, in order, and nothing else" {
	bring accepted
	run_as b-focal --json report history "$report"
	assert_json '[.[] | [.revision, .action, .state, .by]]' \
		'[[1,"narrative","draft","b-focal"],[2,"save","draft","b-focal"],[3,"submit","submitted","b-approver"],[4,"endorse","endorsed","fed-coord"],[5,"accept","accepted","sec2"]]'
}
