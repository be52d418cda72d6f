#!/usr/bin/env bats
# Cells and tables: crossed ones, what an entry cell counts, units, blanks, and the CSV file that imports back unchanged.
# Each test is a process of its own: what it assigns stays there.
# shellcheck disable=SC2030,SC2031

setup_file() {
	load helper
	load testplan
	server_start && make_test_users 1240 cells_plan
}

teardown_file() {
	load helper
	server_stop
}

setup() {
	load helper
	load testplan
	data=$INAP_ROOT/../shared/data/input
	csv=$INAP_HOME/file.csv
	own_round
}

# On its way through jq: tables crossed by two and three dimensions, every unit and value kind, a blank that may be withheld.
cells_plan() {
	jq 'def names($en): {en: $en, ar: null, ckb: null};
		def dimension($code; $parts): {code: $code, names: names($code), categories: ($parts | map({code: ., names: names(.)}))};
		.dimensions += [dimension("age_band"; ["0-17", "60+", "unknown"]), dimension("service"; ["health", "legal", "other", "unknown"]), dimension("line"; [range(1; 140) | tostring] + ["unknown"])]
		| .indicators |= (map({key: .code, value: .}) | from_entries)
		| .indicators["AA-1.1"] as $count | .indicators["AA-1.3"] as $alone
		| def more($code; $with): .indicators[$code] = ($count + {code: $code, names: names("Indicator \($code)"), tables: []} + $with);
		more("AA-3.1"; {value_kind: "at_period_end", may_withhold: true, tables: [{dimensions: ["sex", "age_band"], exclusive: true},
			{dimensions: ["service", "sex", "age_band"], exclusive: false}]})
		| more("AA-3.2"; {unit: "decimal", unit_label: "hours per person", value_kind: "cumulative_since_start"})
		| more("AA-3.3"; $alone | {unit: "percent", rule, across_entities, across_periods, combine, reporters} + {value_kind: "year_to_date", tables: [{dimensions: ["line"], exclusive: true}]})
		| more("AA-3.4"; {tables: [{dimensions: ["line"], exclusive: true}]})
		| more("AA-3.5"; $alone | {unit: "text", rule, across_entities, across_periods, combine, reporters} + {tables: [{dimensions: ["line"], exclusive: false}]})
		| more("AA-3.6"; {unit: "decimal", tables: [{dimensions: ["line"], exclusive: true}]})
		| .indicators |= [.[]]'
}

set_cells() {
	run_as a-focal report set "$report" "$@"
}

# the value of a cell as the file has it
value_of() {
	inap_as a-focal --json report show "$report" | jq -c --arg cell "$1" '.values[] | select(.cell == $cell) | .value // .blank'
}

# ---- tables

@test "a crossed table asks for every crossing, unknown and other too, its dimensions sorted" {
	run_as a-focal --json report show "$report"
	assert_json '[.asked[].cell | select(startswith("AA-3.1:age_band=") and (contains("service") | not))]' \
		"$(jq -nc '["0-17", "60+", "unknown"] | [.[] as $age | ("F", "M", "unknown") as $sex | "AA-3.1:age_band=\($age),sex=\($sex)"]')"
	assert_json '[.asked[].cell | select(startswith("AA-3.1:") and contains("service"))] | length' 36
	assert_json '.asked | map(.cell) | index("AA-3.1:age_band=unknown,service=other,sex=unknown") != null'
	set_cells AA-3.1:sex=F,service=legal,age_band=60+=3
	assert_exit 0
	assert_output_has "AA-3.1:age_band=60+,service=legal,sex=F     3 count at the end of the quarter; answers may overlap"
}

@test "* and rest over crossed tables, and beside a fixed category" {
	set_cells 'AA-3.1:age_band=*,sex=F=4' && assert_exit 0
	set_cells 'AA-3.1:age_band=60+,sex=rest=2' AA-3.1:age_band=60+,sex=M=1 && assert_exit 0
	set_cells 'AA-3.1:sex=rest,age_band=rest=@not_collected' && assert_exit 0
	run_as a-focal --json report show "$report"
	assert_json '[.values[] | select(.cell | contains("service") | not) | .cell[16:] + "=" + (.value // .blank)]' \
		'["0-17,sex=F=4","0-17,sex=M=not_collected","0-17,sex=unknown=not_collected","60+,sex=F=4","60+,sex=M=1","60+,sex=unknown=2","unknown,sex=F=4","unknown,sex=M=not_collected","unknown,sex=unknown=not_collected"]'
	set_cells 'AA-3.1:age_band=*,service=legal,sex=F=7' && assert_exit 0
	run_as a-focal --json report show "$report"
	assert_json '[.values[].cell | select(contains("service"))] | length' 3
	# one answer for the whole table
	set_cells 'AA-3.1:age_band=*,service=*,sex=*=@not_collected' && assert_exit 0
	run_as a-focal --json report check "$report"
	assert_json '[.problems[].cell | select(startswith("AA-3.1:"))]' '[]'
	set_cells 'AA-3.1:age_band=*=1'
	assert_exit 3
	run_as a-focal --json report set "$report" 'AA-3.1:age_band=*,sex=X=1'
	assert_json '.error.fields[0].code' CELL_NOT_ASKED
}

# ---- what a cell counts

@test "value kind, unit and overlap stand at every entry cell, in three languages" {
	run_as a-focal report show "$report"
	assert_output_has "AA-3.1:age_band=rest,service=rest,sex=rest"
	[[ $output =~ AA-3.1:age_band=rest,service=rest,sex=rest\ +36\ $round\ count\ +at\ the\ end\ of\ the\ quarter\;\ answers\ may\ overlap ]] || flunk "overlap"
	[[ $output =~ AA-3.1:age_band=rest,sex=rest\ +9\ $round\ count\ +at\ the\ end\ of\ the\ quarter[^\;] ]] || flunk "no overlap"
	[[ $output =~ AA-3.2\ +1\ $round\ hours\ per\ person\ +since\ the\ plan\ began,\ all\ in\ all ]] || flunk "unit label"
	[[ $output =~ AA-1.1\ +1\ $round\ count\ +in\ this\ quarter ]] || flunk "in this quarter"
	[[ $output =~ AA-3.3\ +1\ $round\ percent\ +from\ January\ to\ the\ end\ of\ the\ quarter ]] || flunk "year to date"
	run_as a-focal -L ar -o table report show "$report"
	assert_output_has "في نهاية الربع؛ قد تتداخل الإجابات"
	assert_output_has "خلال هذا الربع"
	run_as a-focal -L ckb report show "$report"
	assert_output_has "لە کۆتایی چارەکەکەدا؛ وەڵامەکان دەکرێت تێکەڵ ببن"
	run_as a-focal --json report show "$report"
	assert_json '.asked[] | select(.cell == "AA-3.2") | [.unit, .unit_label, .value_kind, .overlap, .period]' "[\"decimal\",\"hours per person\",\"cumulative_since_start\",false,\"$round\"]"
	assert_json '[.asked[] | select(.overlap) | .cell[0:6]] | unique' '["AA-3.1","AA-3.5"]'
	set_cells AA-3.2=12.5 AA-1.5=7
	[[ $output =~ AA-3.2\ +12.5\ hours\ per\ person\ +since\ the\ plan\ began ]] || flunk "set says it too"
	[[ $output =~ AA-1.5\ +7\ Iraqi\ dinar\ +in\ this\ quarter ]] || flunk "set says every one"
	run_as a-focal report show "$report"
	[[ $output =~ AA-3.2\ +$round\ +12.5\ hours\ per\ person\ +since\ the\ plan\ began ]] || flunk "shown values say it"
}

# refuses CELL=VALUE SENTENCE: nothing saved, the cell named and the way out said.
refuses() {
	set_cells "$1"
	assert_exit 3
	assert_stderr_has "$2"
}

@test "each unit refuses what is none of it, names the cell and says what it takes" {
	refuses AA-1.1=-3 "AA-1.1: a count is not negative"
	refuses AA-1.1=1.5 "AA-1.1: a count is a whole number"
	refuses AA-1.1=2/5 "AA-1.1 takes a whole number, as in 12, not ratio"
	refuses AA-1.1=yes "'yes' is not a number: write digits and at most one point, as in 1234.5"
	refuses AA-3.3=101 "AA-3.3: 101 lies outside 0 to 100"
	refuses AA-3.3=3/4 "AA-3.3 takes a percentage from 0 to 100, as in 12.5, not ratio"
	refuses AA-1.3=1 "AA-1.3 takes yes or no, not 1"
	refuses AA-1.4=12 "AA-1.4 takes a numerator and a denominator, as in 12/40, not number"
	refuses AA-1.4=1/0 "AA-1.4: the denominator is 0 but the numerator is not"
	refuses AA-1.4=-1/4 "AA-1.4: a percent is not negative"
	refuses AA-1.5=0.5 "AA-1.5: a Iraqi dinar is a whole number"
	refuses AA-1.5=1,234 "'1,234' is not a number: write 1234 or 1.234"
	refuses AA-2.1=3/4 "AA-2.1 takes the numerator alone, as in 12, not ratio"
	refuses AA-3.2=twelve "'twelve' is not a number"
	refuses AA-1.5=@withheld "AA-1.5 takes whole Iraqi dinars, as in 1500000, not withheld"
	refuses AA-1.5=@not_available "AA-1.5: @not_available needs the date when it will be there"
	refuses AA-1.5=@gone "AA-1.5 takes @not_applicable, @not_collected, @withheld, @not_available, not @gone"
	[ "$(inap_as a-focal --json report show "$report" | jq .revision)" = 0 ]
	set_cells AA-1.1=3 AA-3.3=99.5 AA-1.3=no AA-1.4=3/4 AA-1.5=1500000 AA-2.1=4 AA-3.2=-0.5 AA-3.5='no words' AA-3.1=@withheld
	assert_exit 0
	run_as a-focal --json report check "$report"
	assert_json '[.problems[] | select(.rule == "outside_unit")]' '[]'
}

# ---- out and in again

@test "what is exported imports back unchanged: every kind, blanks, notes, dates, guards" {
	printf '%s\n' 'cell,value,note,expected_on' 'AA-1.1,3,"one, ""two""
and three",' 'AA-1.3,no,,' 'AA-1.4,3/4,لا شيء,' 'AA-1.5,1500000,=sum(A1),' 'AA-2.1.n,4,,' 'AA-3.2,-0.50000000000000000001,,' 'AA-3.5,"=1+1 or -2",,' \
		'AA-3.5:line=1,12,,' "AA-3.5:line=2,''=1,'+,," 'AA-3.5:line=3,"""@withheld""",a text of that word,' 'AA-3.5:line=4,"a;b	c
d",,' 'AA-3.5:line=5,"""quoted""",,' 'AA-3.5:line=6,'$'\u2067''كلمة'$'\u2069'',,' \
		'AA-3.1,@withheld,by order,' 'AA-3.1:age_band=0-17,sex=F' >"$csv"
	sed -i '$d' "$csv"
	sed -i "s/^AA-3.5:line=2,.*/AA-3.5:line=2,''=1,'+x,/" "$csv"
	printf '%s\n' '"AA-3.1:age_band=0-17,sex=F",@not_available,not yet,2030-01-31' '"AA-3.1:age_band=0-17,sex=M",@not_applicable,,' \
		'"AA-3.1:age_band=60+,sex=F",@not_collected,-,' 'AA-3.3,12.50,,' 'AA-1.1:sex=F,٣,,' >>"$csv"
	run_as a-focal --json report import "$report" "$csv"
	assert_exit 0
	assert_json .created 19
	[ "$(value_of AA-3.5:line=3)" = '"@withheld"' ]
	[ "$(value_of AA-3.5:line=2)" = "\"'=1\"" ]
	inap_as a-focal --json report show "$report" | jq '.values | map(del(.revision, .at))' >"$INAP_HOME/before"
	inap_as a-focal -o csv report show "$report" >"$INAP_HOME/export.csv"
	run_as a-focal --json report import "$report" "$INAP_HOME/export.csv" --dry-run
	assert_json '[.created, .updated, .deleted, .rejected]' '[0,0,0,[]]'
	run_as a-focal --json report import "$report" "$INAP_HOME/export.csv"
	assert_exit 0
	assert_json '[.created, .updated, .deleted, .rejected]' '[0,0,0,[]]'
	assert_json '.unchanged >= 19'
	diff "$INAP_HOME/before" <(inap_as a-focal --json report show "$report" | jq '.values | map(del(.revision, .at))')
	# and into an empty report it brings the very same
	next=$(printf '20%02dQ4' 28)
	open_round "$next" >/dev/null
	inap_as a-focal report show "FED-A/$next" >/dev/null
	run_as a-focal --json report import "FED-A/$next" "$INAP_HOME/export.csv"
	assert_json '[.created, .updated, .deleted]' '[19,0,0]'
	diff <(jq 'map(del(.period, .by))' "$INAP_HOME/before") <(inap_as a-focal --json report show "FED-A/$next" | jq '.values | map(del(.revision, .at, .period, .by))')
	diff "$INAP_HOME/export.csv" <(inap_as a-focal -o csv report show "FED-A/$next")
}

@test "ons-sdg: sums, blanks and digits hold through import, export and import again" {
	[[ -d $data/ons-sdg ]] || skip "no $data/ons-sdg"
	local n=0 path rows blanks digits sum file first second
	while IFS=$'\t' read -r path _ rows _ _ _ _ blanks _ digits _ _ sum; do
		[[ $path != file ]] || continue
		n=$((n + 1))
		file=$data/ons-sdg/$(basename "$path")
		first=FED-A/$(printf '20%02dQ%d' $((22 + n / 4)) $((n % 4 + 1)))
		second=FED-A/$(printf '20%02dQ%d' $((25 + n / 4)) $((n % 4 + 1)))
		open_round "${first#*/}" >/dev/null
		open_round "${second#*/}" >/dev/null
		inap_as a-focal report show "$first" >/dev/null
		inap_as a-focal report show "$second" >/dev/null
		# The last column of each row is its value; where it is blank the figure is not collected, and the note says so.
		{ echo 'cell,value,note' && csv_fields <"$file" | awk -F, '$1 > 0 && $1 != row { if (row) print value; row = $1 } $1 == row && $1 > 0 { value = $3 } END { print value }' |
			awk '{ print "AA-1.2:row=" NR "," ($0 == "" ? "@not_collected,blank there" : $0 ",") }'; } >"$csv"
		inap_as a-focal -q report import "$first" "$csv" >/dev/null || flunk "$path"
		inap_as a-focal -o csv report show "$first" >"$INAP_HOME/export.csv"
		run_as a-focal --json report import "$second" "$INAP_HOME/export.csv"
		assert_exit 0 || flunk "$path"
		assert_json .created "$rows" || flunk "$path"
		run_as a-focal --json report show "$second"
		[ "$(jq -r '.values[].value // empty' <<<"$output" | sed 's/$/ + \\/; $ s/ + .*//' | BC_LINE_LENGTH=0 bc | sed 's/^\./0./')" = "$sum" ] || flunk "$path: sum"
		[ "$(jq -r '[.values[].value // "" | gsub("[-.]"; "") | length] | max' <<<"$output")" = "$digits" ] || flunk "$path: digits"
		assert_json '[.values[] | select(.blank == "not_collected" and .note == "blank there")] | length' "$blanks" || flunk "$path: blanks"
		diff <(jq -r '.values[] | .cell + "," + (.value // ("@" + .blank)) + "," + .note' <<<"$output" | sort) <(tail -n +2 "$csv" | sort) || flunk "$path: values"
	done <"$data/ons-sdg/EXPECTED.tsv"
	[ "$n" -eq 10 ]
}

# ---- numbers

# numeric-verdicts.tsv has a row a unit and a number as typed: taken as what, refused with which code, or empty: no answer.
verdicts() {
	grep -v '^#' "$BATS_TEST_DIRNAME/numeric-verdicts.tsv"
}

@test "every number of the table of verdicts is taken or refused as it says" {
	local -A indicator=([decimal]=AA-3.6 [percent]=AA-3.3 [count]=AA-3.4 [text]=AA-3.5)
	local unit typed n=0
	echo cell,value >"$csv"
	while IFS=$'\t' read -r unit typed _; do
		n=$((n + 1))
		echo "${indicator[$unit]}:line=$n,\"$(jq -r 'gsub("\""; "\"\"")' <<<"$typed")\"" >>"$csv"
	done < <(verdicts)
	[ "$n" -gt 100 ]
	run_as a-focal --json report import "$report" "$csv" --partial
	assert_exit 3
	jq -r '.rejected[] | (.cell | split("=")[1]) + "\trefused\t" + .code' <<<"$output" >"$INAP_HOME/got"
	inap_as a-focal --json report show "$report" | jq -r '.values[] | (.cell | split("=")[1]) + "\ttaken\t" + .value' >>"$INAP_HOME/got"
	diff <(verdicts | awk -F '\t' '$3 != "empty" { print NR "\t" $3 "\t" $4 }' | sort) <(sort "$INAP_HOME/got")
}

@test "each of DHIS2's 166 numbers has its verdict in that table" {
	[[ -f $data/dhis2/numeric-vectors.tsv ]] || skip "no $data/dhis2/numeric-vectors.tsv"
	# which unit of ours stands for what their function is for
	local -A unit=([isNumeric]=decimal [isNumericLenient]=decimal [isUnitInterval]=decimal [isPercentage]=percent [isInteger]=count [isPositiveInteger]=count
		[isNegativeInteger]=decimal [isZeroOrPositiveInteger]=count [isCoordinate]=text [isZero]=count)
	local function input valid row agree=0 differ=0
	while IFS=$'\t' read -r function input valid; do
		[[ $function != function ]] || continue
		[[ $input != null ]] || input='""'
		row=$(verdicts | awk -F '\t' -v unit="${unit[$function]}" -v typed="$input" '$1 == unit && $2 == typed')
		[ "$(grep -c . <<<"$row")" = 1 ] || flunk "no verdict for $function $input"
		# where ours is another, the row says why
		if [[ $valid == true && $row == *$'\t'taken$'\t'* || $valid == false && $row != *$'\t'taken$'\t'* ]]; then
			agree=$((agree + 1))
		else
			differ=$((differ + 1))
			[[ -n $(cut -f 5 <<<"$row") ]] || flunk "not said why: $function $input"
		fi
	done <"$data/dhis2/numeric-vectors.tsv"
	[ $((agree + differ)) -eq 166 ]
	echo "# 166 numbers: the same verdict for $agree, another one for $differ, each with its reason" >&3
}
