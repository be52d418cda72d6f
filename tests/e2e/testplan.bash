# shellcheck shell=bash
# A small plan of the tests' own, for what INAP-II never asks: decimals, texts, yes or no, a table of many rows.
#
# Sourced after helper.bash. Entities FED-A, FED-B, KRG-A report; FED-C and KRG-C are homes of who reviews.

# test_plan [ROWS]: its file. ROWS is the number of rows of the decimal's table (3).
#   AA-1.1 count by sex, AA-1.2 decimal by row, AA-1.3 yes or no, AA-1.4 ratio, AA-1.5 money, AA-2.1 half by half;
#   TX-1.1 to TX-4.5 texts
test_plan() {
	jq -n --argjson rows "${1:-3}" '
		def names($en): {en: $en, ar: null, ckb: null};
		def indicator($code; $unit): {code: $code, names: names("Indicator \($code)"), output: "AA-O1.1", level: "output", unit: $unit,
			direction: "up", frequency: "quarterly", value_kind: "in_period", rule: "sum", across_entities: "sum", across_periods: "sum",
			combine: "parts", protection: {kind: "none"}, may_withhold: false, may_overlap: false, tables: [], consulted: [],
			reporters: [{entity: "FED-A", part: "whole"}, {entity: "FED-B", part: "whole"}, {entity: "KRG-A", part: "whole"}]};
		def ratio: . + {rule: "ratio", across_entities: "ratio", across_periods: "ratio", multiplier: 100, numerator: "of these", denominator: "all"};
		def alone: . + {rule: "none", across_entities: "none", across_periods: "none", combine: "each", reporters: [{entity: "FED-A", part: "whole"}]};
		{format: 1, code: "TEST", names: names("Plan of the tests"), starts_on: "2020-01-01", ends_on: "2029-12-31",
		 entities: [("FED-A", "FED-B", "FED-C", "KRG-A", "KRG-C") as $e
			| {code: $e, names: names("Entity \($e)"), jurisdiction: (if $e[0:3] == "FED" then "federal" else "kurdistan" end), kind: "ministry"}],
		 dimensions: [
			{code: "row", names: names("Row"), categories: ([range(1; $rows + 1) | {code: tostring, names: names("Row \(.)")}] + [{code: "unknown", names: names("Unknown")}])},
			{code: "sex", names: names("Sex"), categories: [{code: "F", names: names("Women")}, {code: "M", names: names("Men")}, {code: "unknown", names: names("Unknown")}]}],
		 results: [{code: "AA", kind: "pillar", names: names("Pillar"), parent: null},
			{code: "AA-1", kind: "outcome", names: names("Outcome"), parent: "AA"},
			{code: "AA-O1.1", kind: "output", names: names("Output"), parent: "AA-1"}],
		 indicators: ([
			indicator("AA-1.1"; "count") + {tables: [{dimensions: ["sex"], exclusive: true}]},
			indicator("AA-1.2"; "decimal") + {tables: [{dimensions: ["row"], exclusive: true}], reporters: [{entity: "FED-A", part: "whole"}]},
			(indicator("AA-1.3"; "yes_no") | alone),
			(indicator("AA-1.4"; "percent") | ratio),
			indicator("AA-1.5"; "iqd"),
			(indicator("AA-2.1"; "percent") | ratio) + {reporters: [{entity: "FED-A", part: "numerator"}, {entity: "FED-B", part: "denominator"}]}
		 ] + [range(1; 5) as $row | range(1; 6) as $column | (indicator("TX-\($row).\($column)"; "text") | alone)])}'
}

# csv_fields: every field of the CSV file on stdin as ROW,COLUMN,FIELD with the field as the file has it: quotes, line
# ends and all. The header is row 0.
csv_fields() {
	awk 'BEGIN { RS = "^$" } {
		gsub(/\r?\n$/, ""); row = 0; column = 1; field = ""; quoted = 0; n = length($0)
		for (i = 1; i <= n + 1; i++) {
			c = i > n ? "\n" : substr($0, i, 1)
			if (c == "\"") quoted = !quoted
			if (!quoted && (c == "," || c == "\n")) {
				if (c == "\n") sub(/\r$/, "", field)
				printf "%d,%d,%s\n", row, column, field
				field = ""; column++
				if (c == "\n") { row++; column = 1 }
			} else field = field c
		}
	}'
}

# make_test_users [ROWS [FILTER]]: after server_start the admin, the plan TEST (of ROWS rows, through FILTER), sec, sec2, fed-coord, krg-coord, and the
# offices a, b and k of FED-A, FED-B and KRG-A.
make_test_users() {
	make_admin && make_user planner SYSTEM secretariat || return 1
	test_plan "${1:-3}" | "${2:-cat}" >"$INAP_HOME/plan.json"
	inap_as planner -q plan import "$INAP_HOME/plan.json" >/dev/null || return 1
	make_people "sec FED-C secretariat" "sec2 KRG-C secretariat" "fed-coord FED-C coordinator federal" "krg-coord KRG-C coordinator kurdistan" \
		"a-focal FED-A focal_point FED-A" "a-approver FED-A approver FED-A" "b-focal FED-B focal_point FED-B" "b-approver FED-B approver FED-B" \
		"k-focal KRG-A focal_point KRG-A" "k-approver KRG-A approver KRG-A"
}

# own_round: a round for this test alone: $round, and $report of FED-A, which a-focal has seen.
own_round() {
	round=$(printf '20%02dQ%d' $((20 + BATS_TEST_NUMBER / 4)) $((BATS_TEST_NUMBER % 4 + 1)))
	report=FED-A/$round
	open_round "$round" >/dev/null
	inap_as a-focal report show "$report" >/dev/null
}
