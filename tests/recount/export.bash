# shellcheck shell=bash
# What recount.pl reads, as lines of fields parted by tabs, from what the client says to somebody with the right to the cells.

# export_events ASK ROUND...: meetings of the National Team for what is derived from them, two a round, one of them without minutes yet.
export_events() {
	local ask=$1 round day event
	shift
	for round; do
		day=${round%Q*}-$(printf '%02d' $((${round#*Q} * 3)))-05
		event=$("$ask" --json event add national_team_meeting --title "National Team" --start "$day" --organiser KRG-HCWD --present FED-COMSEC,FED-MOI,KRG-MOI | jq .event) &&
			"$ask" -q event minutes "E$event" --letter "$event" --letter-date "$day" &&
			"$ask" -q event add national_team_meeting --title "National Team" --start "$day" --organiser FED-COMSEC >/dev/null || return 1
	done
}

# export_cells ASK ADMIN ROUND...: ASK and ADMIN are commands that run inap as somebody of the Secretariat and as an admin.
# Every accepted report's answers and what was asked for, whatever derived indicators speak of; nothing that was added up.
export_cells() {
	local ask=$1 admin=$2 round report
	shift 2
	for round; do
		"$ask" --json report list --round "$round" >"$INAP_HOME/export-list" || return 1
		jq -r --arg round "$round" '.[] | ["report", $round, (.report | split("/")[0]), .state, .due_at // "", .submitted_at // "", .excused] | @tsv' "$INAP_HOME/export-list"
		while read -r report; do
			"$ask" --json report show "$report" | jq -r '. as $report
				| (.values[] | ["cell", $report.round, $report.entity, .cell,
					(if .blank then .blank elif has("numerator") and has("denominator") then "ratio" elif has("numerator") then "numerator"
					 elif has("denominator") then "denominator" else "value" end), .value // .numerator // "", .denominator // ""]),
				  (.asked[] | ["asked", $report.round, $report.entity, .cell]),
				  (.activities[] | ["activity", $report.round, $report.entity, .activity, .lead, .status // "", .in_kind // false, ([.budget[]?.allocated // empty] | join(" "))])
				| @tsv' || return 1
		done < <(jq -r '.[] | select(.state == "accepted") | .report' "$INAP_HOME/export-list")
	done
	"$ask" --json event list | jq -r '.[] | ["event", .event, .kind, .held_on, .organiser, .minutes_on // ""] | @tsv' || return 1
	"$ask" --json activity list | jq -r '.[] | ["plan-activity", .activity, .state] | @tsv' || return 1
	"$admin" --json user list | jq -r '.[] | . as $user | .roles[] | select(.role == "focal_point") | ["focal-point", .scope, $user.user, .from, .to // "", $user.disabled] | @tsv' || return 1
	while read -r report; do
		"$ask" --json edition show "$report" | jq -r '. as $edition | .held[] | ["edition", $edition.period, $edition.state, .entity] | @tsv' || return 1
	done < <("$ask" --json edition list | jq -r '.[] | select(.state == "published") | "\(.period)/\(.number)"')
}

# summaries ASK BY SPAN: as the system tells it at once; where that takes it too long, indicator by indicator.
summaries() {
	local ask=$1 by=$2 span=$3 which=(--round "$3") reply indicator
	[[ $span != =* ]] || which=(--period "${span#=}")
	if reply=$("$ask" --json national summary --by "$by" "${which[@]}"); then
		printf '%s\n' "$reply"
		return
	fi
	[[ $(jq -r .error.code <<<"$reply") == DEADLINE ]] || { printf '%s\n' "$reply" >&2 && return 1; }
	while read -r indicator; do
		"$ask" --json national summary --by "$by" --indicator "$indicator" "${which[@]}" || return 1
	done < <("$ask" --json indicator list | jq -r '.[].indicator')
}

# export_figures ASK BY SPAN...: what `national summary` says of rounds (2024Q4) and, with = before them, of periods (=2024Q4, =2024),
# by `indicator` (totals alone) or by `table`.
export_figures() {
	local ask=$1 by=$2 span
	shift 2
	for span; do
		printf 'span\t%s\t%s\n' "$span" "$by"
		summaries "$ask" "$by" "$span" >"$INAP_HOME/export-summary" || return 1
		jq -r --arg span "$span" '.totals[]
			| ["figure", $span, .cell, .jurisdiction, .period,
				(if .hidden then "hidden" elif .blank then .blank elif has("numerator") and has("denominator") then "ratio" elif has("numerator") then "numerator"
				 elif has("denominator") then "denominator" elif has("value") then "value" else "" end), .value // .numerator // "", .denominator // "", .percent // "", .label,
				(.coverage | .valued, .withheld, .not_available, .not_collected)] | @tsv' "$INAP_HOME/export-summary" || return 1
	done
}
