#!/usr/bin/env bats
# The whole plan, every institution, 2021 to 2024, every quarter, half and year: `make recount`. Not part of CI, which has a small one.

rounds=()
for year in 2021 2022 2023 2024; do rounds+=("${year}Q1" "${year}Q2" "${year}Q3" "${year}Q4"); done

setup_file() {
	load ../e2e/helper
	load export
	local approval=(--approved-by "Secretary General" --letter 1 --letter-date 2024-02-01)
	export PLAN=$INAP_ROOT/client/share/plans/INAP-II.json
	server_start && make_admin && load_plan >/dev/null && make_user sec FED-COMSEC secretariat && password_of admin >"$INAP_HOME/admin-password" || return 1
	SECONDS=0
	"$INAP_TOOLS/volume/volume" --server "$INAP_SERVER" --ca "$INAP_CA" --people "$INAP_HOME/people.tsv" --admin-password "$INAP_HOME/admin-password" \
		--seed 1325 --surveys PV-3.5 --rounds 2021Q1..2024Q4 --jobs 2 >"$INAP_HOME/tally" || return 1
	said "filled in $SECONDS s: $(paste -sd ' ' "$INAP_HOME/tally")"
	export_events planner_asks 2021Q1 2021Q3 2023Q2 2024Q4 >/dev/null || return 1
	for period in 2022Q4 2022; do
		inap_as planner -q edition propose "$period" >/dev/null && inap_as sec -q --yes edition confirm "$period/1" "${approval[@]}" >/dev/null || return 1
	done
	SECONDS=0
	export_cells planner_asks admin_asks "${rounds[@]}" >"$INAP_HOME/cells" || return 1
	said "exported $(grep -c ^cell "$INAP_HOME/cells") cells in $SECONDS s"
	SECONDS=0
	export_figures planner_asks table "${rounds[@]}" "${rounds[@]/#/=}" =202{1,2,3,4}S{1,2} =202{1,2,3,4} =2021..2024 >"$INAP_HOME/figures" || return 1
	said "asked for $(grep -c ^figure "$INAP_HOME/figures") figures in $SECONDS s"
}

teardown_file() {
	load ../e2e/helper
	server_stop
}

setup() {
	load ../e2e/helper
}

said() {
	printf '# %s\n' "$*" >&3
}

planner_asks() {
	inap_as planner "$@"
}

admin_asks() {
	inap_as admin "$@"
}

@test "every indicator, government, quarter, half and year: no figure differs" {
	grep -qx 'accepted=[0-9]*' "$INAP_HOME/tally"
	[ "$(cut -f 2-3 <(grep ^cell "$INAP_HOME/cells") | cut -f 2 | sort -u | wc -l)" = 49 ]
	run "$INAP_ROOT/tests/recount/recount.pl" "$PLAN" "$INAP_HOME/cells" "$INAP_HOME/figures"
	said "${lines[-1]}"
	[[ $status == 0 && ${lines[-1]} =~ ^compared=([0-9]+)\ figures=([0-9]+)\ differences=0$ ]] || flunk "they differ"
	((BASH_REMATCH[1] > 100000 && BASH_REMATCH[2] > 50000))
}

@test "one wrong digit of a figure, or of a cell, is seen" {
	awk -F '\t' -v OFS='\t' '$2 == "=2023" && $4 == "iraq" && $6 == "value" && $7 ~ /^[0-9]+$/ && !done { $7++; done = 1 } { print }' "$INAP_HOME/figures" >"$INAP_HOME/wrong"
	run "$INAP_ROOT/tests/recount/recount.pl" "$PLAN" "$INAP_HOME/cells" "$INAP_HOME/wrong"
	[[ $status == 1 && ${lines[-1]} == *" differences=1" ]] || flunk "a figure"
	awk -F '\t' -v OFS='\t' '$1 == "cell" && $5 == "ratio" && !done { $6++; done = 1 } { print }' "$INAP_HOME/cells" >"$INAP_HOME/wrong"
	run "$INAP_ROOT/tests/recount/recount.pl" "$PLAN" "$INAP_HOME/wrong" "$INAP_HOME/figures"
	[[ $status == 1 && ${lines[-1]} != *" differences=0" ]] || flunk "a cell"
}

@test "national recompute agrees, round by round" {
	local round totals=0
	for round in "${rounds[@]}"; do
		run_as planner --json national recompute --round "$round"
		assert_json .differences 0
		totals=$((totals + $(jq .totals <<<"$output")))
	done
	said "national recompute: $totals totals in ${#rounds[@]} rounds, 0 differences"
}
