#!/bin/bash
# Nobody works out a small figure from what is published: a linear program is given every published figure of two editions and
# three jurisdictions, and of a year with its quarters, and that cells are whole and not negative. Each small cell must keep an
# interval that holds 0 to k. Leaks planted on purpose must be found by the same program.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=server/cluster.sh
source server/cluster.sh
k=5
count=0
folder=$(mktemp -d /tmp/inap-leak-XXXXXX)
trap 'rm -rf "$folder"' EXIT

# scenario SQL: runs it on the plan by hand; leaves constraints and targets.
scenario() {
	{
		echo 'BEGIN; SET LOCAL search_path = inap, public; SET LOCAL client_min_messages = warning;'
		echo '\o /dev/null'
		cat tests/db/guarded.psql tests/db/attack.psql
		echo "$1"
		echo '\o'
		echo "SELECT 'c: ' || c FROM helper.constraints() c;"
		echo "SELECT 't: ' || t FROM helper.targets() t;"
		echo "SELECT 'v: ' || helper.v(e, j, cell_id, layer) FROM helper.truth;"
		echo "SELECT 'h: ' || count(*) || ' ' || count(value) FILTER (WHERE NOT hidden) FROM helper.told;"
		echo 'ROLLBACK;'
	} | cluster_psql "$PGHOST" -d "$INAP_DATABASE" -A -t -q >"$folder/out"
	{
		echo 'Subject To'
		sed -n 's/^c: / /p' "$folder/out"
		echo 'General'
		awk '/^[vt]: / { print " " $2 } /^c: / { for (i = 2; i <= NF; i++) if ($i ~ /^v_/) print " " $i }' "$folder/out" | sort -u
		echo 'End'
	} >"$folder/known"
	sed -n 's/^t: //p' "$folder/out" | sort -u >"$folder/targets"
}

# bound DIRECTION VARIABLE: how small or large it can be; `none` without a bound, `never` if nothing fits.
bound() {
	{ printf '%s\n obj: %s\n' "$1" "$2" && cat "$folder/known"; } >"$folder/lp"
	glpsol --lp "$folder/lp" -o "$folder/solved" >"$folder/said" || { cat "$folder/said" >&2 && return 1; }
	if grep -q 'UNBOUNDED' "$folder/said"; then
		echo none
	elif grep -qE '^Status: +(INTEGER )?OPTIMAL' "$folder/solved"; then
		awk '/^Objective:/ { print $4 }' "$folder/solved"
	else
		echo never
	fi
}

# pinned: the small cells whose interval does not hold 0 to k.
pinned() {
	local variable low high
	while read -r variable; do
		low=$(bound Minimize "$variable") high=$(bound Maximize "$variable")
		if [[ $low == never ]] || ! awk -v low="$low" -v high="$high" -v k="$k" 'BEGIN { exit !(low <= 0 && (high == "none" || high >= k)) }'; then
			echo "$variable lies between $low and $high"
		fi
	done <"$folder/targets"
}

told() {
	count=$((count + 1))
	if [[ $1 == true ]]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		head -n 10 "$folder/pinned" | sed 's/^/# /'
	fi
}

# safe WHAT SQL: nothing is pinned, though there is something to pin, and something is shown.
safe() {
	local small shown
	scenario "$2"
	small=$(wc -l <"$folder/targets")
	shown=$(sed -n 's/^h: [0-9]* //p' "$folder/out")
	pinned >"$folder/pinned"
	told "$([[ ! -s $folder/pinned ]] && ((small > 0 && shown > 0)) && echo true)" "$1: $small small cells, $shown figures shown"
}

# leaks WHAT SQL
leaks() {
	scenario "$2"
	pinned >"$folder/pinned"
	told "$([[ -s $folder/pinned ]] && echo true)" "$1: found"
}

sides="'{federal,kurdistan}'"
two() { # SEED SMALL LARGE: a round with a late Kurdish report
	echo "SELECT setseed($1); SELECT helper.chance('2024Q3', $sides, $2, $3); SELECT helper.publish('2024Q3', '1'); SELECT helper.chance('2024Q3', '{kurdistan}', $2, $3); SELECT helper.publish('2024Q3', '2');"
}
year() { # SEED SMALL LARGE: four quarters and their year
	local q
	echo "SELECT setseed($1);"
	for q in 1 2 3 4; do echo "SELECT helper.chance('2024Q$q', $sides, $2, $3); SELECT helper.publish('2024Q$q', 'q$q');"; done
	echo "SELECT helper.publish('2024', 'y');"
}
for seed in 0.1 0.2 0.3 0.4 0.5 0.6; do safe "two editions, by chance $seed" "$(two "$seed" 0.3 20)"; done
for seed in 0.15 0.25 0.35; do safe "two editions of few large figures, by chance $seed" "$(two "$seed" 0.1 60)"; done
for seed in 0.11 0.22 0.33 0.44; do safe "a year and its quarters, by chance $seed" "$(year "$seed" 0.2 15)"; done
safe 'a year of small quarters only' "$(year 0.7 0.9 3)"

small="SELECT helper.put('2024Q3', '{\"XA-1.1\": [40, 3]}'); SELECT helper.publish('2024Q3', '1');"
safe 'a small Kurdish total' "$small"
leaks 'Iraq beside one side that is hidden' "$small UPDATE helper.told SET hidden = false, value = 43 WHERE j = 'i';"
table="SELECT helper.put('2024Q3', '{\"XA-1.1\": [40, 12], \"XA-1.1:sex=F\": [37, 6], \"XA-1.1:sex=M\": [3, 6]}'); SELECT helper.publish('2024Q3', '1');"
safe 'a small cell of a table' "$table"
leaks 'its neighbour shown' "$table UPDATE helper.told t SET hidden = false, value = 37 FROM cell k WHERE k.cell_id = t.cell_id AND k.code = 'XA-1.1:sex=F' AND t.j = 'f';"
late="SELECT helper.put('2024Q3', '{\"XA-1.1\": [40, 30]}'); SELECT helper.publish('2024Q3', '1'); SELECT helper.put('2024Q3', '{\"XA-1.1\": [40, 33]}'); SELECT helper.publish('2024Q3', '2');"
safe 'a late report of 3' "$late"
leaks 'the later total shown' "$late UPDATE helper.told SET hidden = false, value = 33 WHERE e = '2' AND j = 'k';"
quarter="$(for q in 1 2 3 4; do echo "SELECT helper.put('2024Q$q', '{\"XA-1.1\": [40, $((q == 3 ? 3 : 30))]}'); SELECT helper.publish('2024Q$q', 'q$q');"; done; echo "SELECT helper.publish('2024', 'y');")"
safe 'one small quarter' "$quarter"
leaks 'its year shown' "$quarter UPDATE helper.told SET hidden = false, value = 93 WHERE e = 'y' AND j = 'k';"
echo "1..$count"
