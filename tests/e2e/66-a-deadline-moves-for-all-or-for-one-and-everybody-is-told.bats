#!/usr/bin/env bats
# Due dates: off weekends, later for all, for one or after an outage, later for yearly figures; and who is excused.

setup_file() {
	load helper
	server_start && make_users FED-MOI FED-MOLSA
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
}

# in_days N: a day from today, in Baghdad. weekday N: the first such day (1 is Monday) at least N days ahead.
in_days() {
	TZ=Asia/Baghdad date -d "$1 days" +%F
}

weekday() {
	local n=$2
	while [[ $(TZ=Asia/Baghdad date -d "$n days" +%u) != "$1" ]]; do n=$((n + 1)); done
	in_days "$n"
}

# plus DAY N: that many days later.
plus() {
	date -d "$1 $2 days" +%F
}

# end_of DAY: its last second in Baghdad, as the protocol says it.
end_of() {
	TZ=UTC date -d "TZ=\"Asia/Baghdad\" $1 23:59:59" +%FT%TZ
}

# hours_ago N: a moment of Baghdad.
hours_ago() {
	TZ=Asia/Baghdad date -d "$1 hours ago" +%FT%H:%M
}

entry() {
	inap_as sec --json national completeness --round "$1" | jq -c --arg entity "$2" '.entities[] | select(.entity == $entity)'
}

# answer ROUND [FREQUENCY...]: FED-MOI answers what is asked, or only what is of these frequencies.
answer() {
	local asked
	inap_as fed-moi-focal report show "FED-MOI/$1" >/dev/null
	if (($# == 1)); then
		nil fed-moi-focal "FED-MOI/$1"
		return
	fi
	asked=$(jq -r '[.indicators[] | select(.frequency as $f | $ARGS.positional | index($f)) | .code] | join(" ")' \
		"$INAP_ROOT/client/share/plans/INAP-II.json" --args "${@:2}")
	asked=$(inap_as fed-moi-focal --json report show "FED-MOI/$1" | jq -r --arg asked "$asked" \
		'($asked | split(" ")) as $codes | .unanswered[] | select(sub(":.*"; "") as $code | $codes | index($code)) | . + "=@not_collected"')
	# shellcheck disable=SC2086
	inap_as fed-moi-focal -q report set "FED-MOI/$1" $asked >/dev/null
}

# sign ROUND: by FED-MOI's approver, with words that a report must have.
sign() {
	narrate fed-moi-focal "FED-MOI/$1"
	inap_as fed-moi-approver report show "FED-MOI/$1" >/dev/null
	run_as fed-moi-approver --json --yes report submit "FED-MOI/$1" --note "made up"
}

@test "a due date on a Friday or Saturday moves to Sunday, and that is said" {
	local friday saturday
	friday=$(weekday 5 10)
	saturday=$(plus "$friday" 1)
	run_as sec --json round add 2022Q1 --due "$friday"
	assert_exit 0
	assert_json .due_at "$(end_of "$(plus "$friday" 2)")"
	assert_json .due_moved_from "$friday"
	run_as sec round add 2022Q2 --due "$saturday"
	assert_exit 0
	[[ $output == *"$saturday is a Friday or Saturday: due on Sunday $(plus "$saturday" 1)"* ]] || flunk "$output"
	run_as sec --json round extend 2022Q1 --due "$(plus "$friday" 7)" --note "the holidays"
	assert_json .due_at "$(end_of "$(plus "$friday" 9)")"
	assert_json .due_moved_from "$(plus "$friday" 7)"
	run_as sec --json round show 2022Q1
	assert_json .due_moved_from null
	run_as sec --json round add 2022Q3 --due "$(plus "$friday" 4)"
	assert_json .due_at "$(end_of "$(plus "$friday" 4)")"
	assert_json .due_moved_from null
	# What closes on that Friday closes before the Sunday.
	run_as sec --json round add 2021Q4 --due "$friday" --closes "$saturday"
	assert_refused BAD_ARGUMENT 2
	[[ $(jq -r .error.message <<<"$output") == *"which moves to $(plus "$friday" 2)"* ]] || flunk "$output"
}

@test "extended for all: lists, todo and completeness use the later date and say so" {
	local day
	day=$(weekday 2 20)
	inap_as sec -q round add 2023Q1 --due "$(plus "$day" -7)" >/dev/null
	run_as fed-moi-focal --json report list --round 2023Q1
	assert_json '.[0] | [.extended, .due_at]' "[false,\"$(end_of "$(plus "$day" -7)")\"]"
	run_as sec --json round extend 2023Q1 --due "$day" --note "a flood"
	assert_json '[.extended, .due_at]' "[true,\"$(end_of "$day")\"]"
	run_as fed-moi-focal --json report list --round 2023Q1
	assert_json '.[0] | [.extended, .due_at]' "[true,\"$(end_of "$day")\"]"
	run_as fed-moi-focal --json todo
	assert_json '.[] | select(.report == "FED-MOI/2023Q1") | [.extended, .due_at]' "[true,\"$(end_of "$day")\"]"
	run_as fed-moi-focal todo
	[[ $output == *"$day extended"* ]] || flunk "$output"
	[ "$(entry 2023Q1 FED-MOI | jq -c '[.extended, .due_at]')" = "[true,\"$(end_of "$day")\"]" ]
	run_as sec --json round show 2023Q1
	assert_json '.changes | map([.entity, .kind, .due_before, .due_after, .note, .by])' \
		"[[null,\"extend\",\"$(end_of "$(plus "$day" -7)")\",\"$(end_of "$day")\",\"a flood\",\"sec\"]]"
}

@test "extended for one: only that report, in time by its own date, with the reason in its history" {
	local day
	day=$(weekday 2 20)
	inap_as sec -q round add 2021Q1 --opens "$(in_days -30)" --due "$(in_days -4)" >/dev/null
	answer 2021Q1 && sign 2021Q1
	assert_exit 0
	[ "$(entry 2021Q1 FED-MOI | jq -c '[.on_time, .extended]')" = '[false,false]' ]
	run_as sec --json round extend 2021Q1 --entity FED-MOI --due "$day"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json round extend 2021Q1 --entity FED-MOI --due "$day" --note "the archive burned"
	assert_exit 0
	assert_json '[.report, .due_at, .extended]' "[\"FED-MOI/2021Q1\",\"$(end_of "$day")\",true]"
	[ "$(entry 2021Q1 FED-MOI | jq -c '[.on_time, .extended]')" = '[true,true]' ]
	[ "$(entry 2021Q1 FED-MOLSA | jq -c '[.on_time, .extended]')" = '[false,false]' ]
	run_as fed-moi-focal --json report show FED-MOI/2021Q1
	assert_json '[.due_at, .extended]' "[\"$(end_of "$day")\",true]"
	run_as fed-moi-focal --json report history FED-MOI/2021Q1
	assert_json '.[-1] | [.action, .by, .note]' '["extend","sec","the archive burned"]'
	# A later date for all takes nothing from it, and an earlier one is none.
	run_as sec --json round extend 2021Q1 --entity FED-MOI --due "$day" --note "again"
	assert_refused BAD_ARGUMENT 2
	inap_as sec -q round extend 2021Q1 --due "$(plus "$day" -7)" --note "for all" >/dev/null
	run_as fed-moi-focal --json report show FED-MOI/2021Q1
	assert_json .due_at "$(end_of "$day")"
	run_as fed-coord --json round extend 2021Q1 --entity FED-MOI --due "$(plus "$day" 7)" --note "mine"
	assert_refused FORBIDDEN 5
	run_as sec --json round extend 2021Q1 --entity FED-NOSUCH --due "$(plus "$day" 7)" --note "who?"
	assert_refused NOT_FOUND 6
	run_as sec --json round extend 2019Q1 --entity FED-MOI --due "$(plus "$day" 7)" --note "when?"
	assert_refused NOT_FOUND 6
}

@test "excused: out of expected, listed, out of todo; taken back it is expected again" {
	local before
	inap_as sec -q round add 2021Q2 --due "$(in_days 20)" >/dev/null
	before=$(inap_as sec --json national completeness --round 2021Q2 | jq '.rates.federal.expected')
	run_as sec --json excuse FED-MOI 2021Q2
	assert_exit 2
	run_as sec --json excuse FED-MOI 2021Q2 --note "moved to another building"
	assert_exit 0
	assert_json '[.report, .excused, .excused_note]' '["FED-MOI/2021Q2",true,"moved to another building"]'
	run_as sec --json national completeness --round 2021Q2
	assert_json '.rates.federal | [.expected, .excused]' "[$((before - 1)),1]"
	assert_json '.entities[] | select(.entity == "FED-MOI") | [.excused, .excused_note]' '[true,"moved to another building"]'
	inap_as fed-moi-focal --json todo | jq -e 'map(.report) | index("FED-MOI/2021Q2") == null' >/dev/null
	run_as fed-moi-focal --json report history FED-MOI/2021Q2
	assert_json 'map([.action, .note])' '[["excuse","moved to another building"]]'
	run_as sec --json round excuse FED-MOI/2021Q2 --note "again"
	assert_refused EXISTS 7
	run_as sec --json excuse FED-MOI/2021Q2 --revoke
	assert_exit 0
	assert_json .excused false
	run_as sec --json national completeness --round 2021Q2
	assert_json '.rates.federal | [.expected, .excused]' "[$before,0]"
	run_as sec --json excuse FED-MOI/2021Q2 --revoke
	assert_refused NOT_FOUND 6
	inap_as fed-moi-focal --json todo | jq -e 'map(.report) | index("FED-MOI/2021Q2") != null' >/dev/null
	answer 2021Q2 && sign 2021Q2
	run_as sec --json excuse FED-MOI/2021Q2 --note "too late"
	assert_refused WRONG_STATE 7
	run_as fed-moi-approver --json excuse FED-MOI/2021Q2 --note "ourselves"
	assert_refused FORBIDDEN 5
}

@test "coverage counts the excused apart" {
	inap_as sec -q round add 2023Q2 --due "$(in_days 20)" >/dev/null
	inap_as sec -q excuse FED-MOI 2023Q2 --note "dissolved" >/dev/null
	run_as sec --json national summary --round 2023Q2 --min-state endorsed
	assert_json '.totals[] | select(.cell == "PA-1.1" and .jurisdiction == "federal") | .coverage | [.excused, (.missing | index("FED-MOI"))]' '[1,null]'
}

@test "an outage of more than 4 hours in the last 3 days moves every due date by its days" {
	local due own
	due=$(weekday 1 1)
	# The due date is Monday, or today; the outage lies before now and in the last three days before it.
	while [[ $(date -d "$due" +%s) -gt $(date -d "$(in_days 2)" +%s) ]]; do due=$(plus "$due" -1); done
	[[ $(date -d "$due" +%u) -lt 5 || $(date -d "$due" +%u) == 7 ]] || due=$(plus "$due" $((7 - $(date -d "$due" +%u))))
	own=$(weekday 3 15)
	inap_as sec -q round add 2022Q4 --opens "$(in_days -30)" --due "$due" >/dev/null
	inap_as sec -q round extend 2022Q4 --entity FED-MOI --due "$own" --note "its own" >/dev/null
	run_as sec --json round outage 2022Q4 --from "$(hours_ago 10)" --to "$(hours_ago 7)" --note "too short"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json round outage 2022Q4 --from "$(hours_ago 400)" --to "$(hours_ago 300)" --note "too early"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json round outage 2022Q4 --from "$(hours_ago 5)" --to "$(hours_ago -5)" --note "not over"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json round outage 2022Q4 --from "$(hours_ago 5)" --to "$(hours_ago 9)" --note "backwards"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json round outage 2022Q4 --from "$(hours_ago 31)" --to "$(hours_ago 1)"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json round outage 2022Q4 --from "$(hours_ago 31)" --to "$(hours_ago 1)" --note "no network in Baghdad"
	assert_exit 0
	# 30 hours are two days.
	assert_json .extended true
	assert_json .due_at "$(end_of "$(working "$(plus "$due" 2)")")"
	run_as fed-moi-focal --json report show FED-MOI/2022Q4
	assert_json .due_at "$(end_of "$(working "$(plus "$own" 2)")")"
	run_as sec --json round show 2022Q4
	assert_json '.changes[-1] | [.kind, .note, .by, (.outage_from | type)]' '["outage","no network in Baghdad","sec","string"]'
	run_as sec --json round outage 2022Q4 --from "$(hours_ago 20)" --to "$(hours_ago 2)" --note "the same one"
	assert_refused BAD_ARGUMENT 2
	run_as fed-coord --json round outage 2022Q4 --from "$(hours_ago 31)" --to "$(hours_ago 1)" --note "mine"
	assert_refused FORBIDDEN 5
}

# working DAY: that day, or the Sunday after.
working() {
	case $(date -d "$1" +%u) in
	5) plus "$1" 2 ;;
	6) plus "$1" 1 ;;
	*) echo "$1" ;;
	esac
}

@test "yearly figures may be due later, alone" {
	local due yearly
	due=$(weekday 2 7)
	yearly=$(weekday 3 60)
	run_as sec --json round add 2023Q3 --due "$due" --yearly-due "$yearly"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json round add 2023Q4 --due "$due" --yearly-due "$(plus "$due" -1)"
	assert_refused BAD_ARGUMENT 2
	run_as sec --json round add 2023Q4 --due "$due" --yearly-due "$yearly"
	assert_json '[.due_at, .yearly_due_at]' "[\"$(end_of "$due")\",\"$(end_of "$yearly")\"]"
	run_as fed-moi-focal --json todo
	assert_json '.[] | select(.report == "FED-MOI/2023Q4") | .due_at' "$(end_of "$due")"
	answer 2023Q4 quarterly semiannual
	run_as fed-moi-focal --json todo
	assert_json '.[] | select(.report == "FED-MOI/2023Q4") | .due_at' "$(end_of "$yearly")"
	run_as fed-moi-focal --json report show FED-MOI/2023Q4
	assert_json '[.due_at, .yearly_due_at]' "[\"$(end_of "$due")\",\"$(end_of "$yearly")\"]"
	# Signed with a word, in time; what is not due yet does not block.
	run_as fed-moi-focal --json report check FED-MOI/2023Q4
	assert_json '[.problems[] | select(.cell == "PV-1.4" and .rule == "unanswered_total") | .severity]' '["EXPLAIN"]'
	sign 2023Q4
	assert_exit 0
	[ "$(entry 2023Q4 FED-MOI | jq -c '[.state, .on_time]')" = '["submitted",true]' ]
	run_as sec --json round extend 2023Q4 --yearly-due "$(plus "$yearly" 7)" --note "the statistics office asked"
	assert_json '[.due_at, .yearly_due_at]' "[\"$(end_of "$due")\",\"$(end_of "$(plus "$yearly" 7)")\"]"
	run_as fed-moi-focal --json report show FED-MOI/2023Q4
	assert_json .extended false
	# Who is asked for no yearly figure has no such date.
	run_as fed-molsa-focal --json report list --round 2023Q4
	assert_json '.[0].yearly_due_at == null' "$(jq '[.indicators[] | select(.frequency == "annual" and any(.reporters[]; .entity == "FED-MOLSA"))] == []' "$INAP_ROOT/client/share/plans/INAP-II.json")"
}

@test "a lost answer is asked for again and nothing moves twice" {
	local day body first
	load quarter
	day=$(weekday 2 30)
	inap_as sec -q round add 2021Q3 --due "$(plus "$day" -7)" >/dev/null
	raw_login sec
	body=$(encode RoundExtendOne <<<"entity { entity: \"FED-MOI\" } round: \"2021Q3\" due_on: \"$day\" note: \"once\"")
	bodies=yes raw sec "call round.extend-one key=000102030405060708090a0b0c0d0e0f body=$body
call round.extend-one key=000102030405060708090a0b0c0d0e0f body=$body"
	first=$(sed -n 1p <<<"$output")
	[[ $first == reply* && ${first##* } == "$(sed -n 2p <<<"$output" | awk '{ print $NF }')" ]] || flunk "$output"
	[[ $(decode ReportDueReply "${first##* }") == *'extended: true'* ]] || flunk "$first"
	[ "$(sql "SELECT count(*) FROM due_change d JOIN round o USING (round_id) WHERE o.code = '2021Q3'")" = 1 ]
	body=$(encode RoundExcuse <<<"entity { entity: \"FED-MOI\" } round: \"2021Q3\" note: \"once\"")
	raw sec "call round.extend-one key=000102030405060708090a0b0c0d0e0f body=$(encode RoundExtendOne <<<"entity { entity: \"FED-MOI\" } round: \"2021Q3\" due_on: \"$(plus "$day" 7)\" note: \"once\"")
call round.excuse key=000102030405060708090a0b0c0d0e0f body=$body"
	[[ $(grep -c KEY_REUSED <<<"$output") == 2 ]] || flunk "$output"
	[ "$(sql 'SELECT count(*) FROM entity e, chain_faults(e.entity_id)')" = 0 ]
}
