# shellcheck shell=bash
# Reports that are accepted, for the tests of editions. Sourced after helper.bash and testplan.bash.

# persons: the tests' plan with AA-1.1 as a count of persons that is protected, and one text.
persons() {
	jq '.indicators |= map(select(.code | startswith("TX") | not) , select(.code == "TX-1.1")) | (.indicators[] | select(.code == "AA-1.1")) += {protection: {kind: "persons", k: 5}, may_withhold: true}'
}

# office ENTITY: a, b or k
office() {
	case $1 in FED-A) echo a ;; FED-B) echo b ;; *) echo k ;; esac
}

# passes USER REPORT COMMAND...: of a report that this person has looked at.
passes() {
	inap_as "$1" report show "$2" >/dev/null && inap_as "$1" --no-input --yes -q "${@:3}" >/dev/null
}

# signed ENTITY ROUND: submitted, endorsed, accepted.
signed() {
	local office coordinator=fed-coord report=$1/$2
	office=$(office "$1")
	[[ $1 != KRG-* ]] || coordinator=krg-coord
	passes "$office-approver" "$report" report submit "$report" --letter 1 --letter-date 2024-10-09 --note "made up" &&
		passes "$coordinator" "$report" review endorse "$report" && passes sec "$report" review accept "$report"
}

# accepted ENTITY ROUND CELL=VALUE...: its first report of the round, the rest is 0 or not collected.
accepted() {
	local office report=$1/$2
	office=$(office "$1")
	[[ $1 != FED-A ]] || set -- "$@" TX-1.1='"secret words"' AA-1.3=yes
	narrate "$office-focal" "$report" && inap_as "$office-focal" -q report set "$report" "${@:3}" >/dev/null &&
		nil "$office-focal" "$report" && signed "$1" "$2"
}

# publish PERIOD NUMBER: proposed by sec, confirmed by sec2.
publish() {
	inap_as sec -q edition propose "$1" >/dev/null &&
		inap_as sec2 -q --yes edition confirm "$1/$2" --approved-by "Secretary General" --letter 88 --letter-date 2024-11-20 >/dev/null
}
