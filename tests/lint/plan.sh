#!/bin/bash
# The plan file is whole: counts as in its sources, no code twice, every reference resolves, one reporter where one is meant.
#
# NFC is not looked at here: no tool of the project's packages tells it. The import refuses what is not NFC.
set -uo pipefail
source "$(dirname "$0")/lib.sh"

plan=client/share/plans/INAP-II.json
data=../shared/data/plan
# Kept in one line, so that a plant can change one of them.
counts='{"areas":4,"outcomes":13,"outputs":19,"activities":20,"indicators":62,"tables":96,"reporters":160,"consulted":33,"dimensions":18,"entities":68,"bodies":5}'

# A jq program that prints one line per fault of a plan file. `. as $p` is the file, `$known` the set of entity codes.
# shellcheck disable=SC2016 # the dollars are jq's
faults='
def twice($what): group_by(.) | map(select(length > 1) | "\($what) \(.[0]) stands twice") | .[];
def set: map({key: ., value: true}) | from_entries;
def known($all; $what): . as $code | select($all | has($code) | not) | "\($what) \($code) is not known";
def text: type == "string" and test("\\S");
. as $p
| ([.entities[].code] | set) as $entities
| (.entities | map({key: .code, value: .jurisdiction}) | from_entries) as $house
| ([.dimensions[].code] | set) as $dimensions
| (.results | map({key: .code, value: .kind}) | from_entries) as $kinds
| {"outcome": ["pillar", "area"], "output": ["outcome"], "activity": ["output"]} as $above
| ([.results[].code, .indicators[].code] | twice("code")),
  ([.entities[].code] | twice("entity")),
  ([.bodies[].code] | twice("body")),
  ([.dimensions[].code] | twice("dimension")),
  (.dimensions[] | .code as $d | [.categories[].code] | twice("category of \($d)")),
  (.dimensions[] | select(.code != "jurisdiction" and ([.categories[].code] | index("unknown") | not)) | "dimension \(.code) has no unknown"),
  (.dimensions[] | . as $d | .categories[] | (.split_from // empty) | known([$d.categories[].code] | set; "split_from")),
  (.dimensions[] | select(.code == "institution") | [.categories[].code | select(. != "unknown")] as $c
    | select($c != [$p.entities[].code]) | "the categories of institution are not the entities"),
  (.entities[] | (.parent // empty) | known($entities; "parent")),
  (.bodies[] | (.chair // empty) | known($entities; "chair")),
  (.results[] | (.parent // empty) | known($kinds; "parent")),
  (.results[] | select((.kind | IN("pillar", "area")) != (.parent == null)) | "\(.code): a \(.kind) with parent \(.parent)"),
  (.results[] | select(.parent != null) | . as $r | select(($above[.kind] // []) | index($kinds[$r.parent] // "") | not)
    | "\(.code): \(.kind) under \(.parent)"),
  (.results[] | (.lead // empty) | known($entities; "lead")),
  (.results[] | select(.kind == "activity" and .lead == null) | "\(.code): nobody leads it"),
  (.indicators[] | . as $i
    | (select($kinds[.output] != "output") | "\(.code): output \(.output) is not known"),
      (.reporters[].entity | known($entities; "\($i.code): reporter")),
      (.reporters[] | select((.from // "" | test("^[0-9]{4}Q[1-4]$")) | not) | "\($i.code): reporter \(.entity) begins in no quarter"),
      ([.reporters[].entity, .consulted[]] | twice("\($i.code): entity")),
      (.consulted[] | known($entities; "\($i.code): consulted")),
      ((.lead, .responsible_in_source[]) | known($entities; "\($i.code): responsible")),
      (.reference_values[] | (.entity // empty) | known($entities; "\($i.code): reference value")),
      (.tables[].dimensions[] | known($dimensions; "\($i.code): dimension")),
      (.tables[].dimensions | select(length == 0 or . != (sort | unique)) | "\($i.code): dimensions \(join(",")) are not sorted"),
      ([.tables[].dimensions | join(",")] | twice("\($i.code): table")),
      (select(.combine == "one") | [.reporters[] | "\($house[.entity]) \(.part)"] | twice("\($i.code): reporter of")),
      (select((.combine == "derived") != (.reporters == [])) | "\(.code): \(.combine) with \(.reporters | length) reporters"),
      (select((.rule == "ratio") != (has("numerator") and has("denominator") and has("multiplier"))) | "\(.code): rule \(.rule) and halves do not go together"),
      (.reporters[] | select(.part != "whole" and $i.rule != "ratio") | "\($i.code): a half of no ratio"),
      (select((.protection.kind == "persons") != (.protection | has("k"))) | "\(.code): protection \(.protection.kind) and k do not go together")),
  ([paths(type == "object" and has("en"))] as $names | $names[] as $n | getpath($n)
    | (select(.en | text | not) | "\($n | join(".")): the English name is empty"),
      (select((.ar | text) and (.ckb | text) | not) | "\($n | join(".")): a name is missing")),
  ((., .results[], .indicators[], .entities[], .dimensions[], .dimensions[].categories[], .bodies[]) | select(has("names") | not) | "\(.code): no names")
'

# What the sources hold, counted in the same words.
# shellcheck disable=SC2016
counted='{areas: [.results[] | select(.parent == null)] | length, outcomes: [.results[] | select(.kind == "outcome")] | length,
	outputs: [.results[] | select(.kind == "output")] | length, activities: [.results[] | select(.kind == "activity")] | length,
	indicators: .indicators | length, tables: [.indicators[].tables[]] | length, reporters: [.indicators[].reporters[]] | length,
	consulted: [.indicators[].consulted[]] | length, dimensions: .dimensions | length, entities: .entities | length, bodies: .bodies | length}'
# shellcheck disable=SC2016
sourced='[.plan.areas[].outcomes[].outputs[]] as $outputs | [$outputs[].indicators[]] as $i
	| {areas: .plan.areas | length, outcomes: [.plan.areas[].outcomes[]] | length, outputs: $outputs | length,
	activities: [$outputs[].activities[]] | length, indicators: $i | length, tables: [$i[].tables[]] | length,
	reporters: [$i[].reporters[]] | length, consulted: [$i[].consulted[]] | length, dimensions: .dimensions | length,
	entities: $entities[0].entities | length, bodies: $entities[0].bodies | length}'

against_sources() {
	if [[ ! -r $data/framework.json || ! -r $data/entities.json ]]; then
		echo "skipped: $data is not here, the counts are compared with those written down only"
		return 0
	fi
	local there
	there=$(jq -c --slurpfile entities "$data/entities.json" "$sourced" "$data/framework.json") || return 1
	[[ $there == "$counts" ]] || { echo "the sources hold $there, this lint expects $counts" && return 1; }
}

check() {
	local here found status=0
	here=$(jq -c "$counted" "$plan") || { echo "$plan: no plan file" && return 1; }
	[[ $here == "$counts" ]] || { echo "$plan: holds $here, not $counts" && status=1; }
	found=$(jq -r "$faults" "$plan") || { echo "$plan: cannot be judged" && status=1; }
	[[ -z $found ]] || { printf '%s\n' "$found" && status=1; }
	(($(wc -c <"$plan") < 900 * 1024)) || { echo "$plan: larger than 900 KiB" && status=1; }
	against_sources || status=1
	return $status
}

# planted FILTER: the plan file with one change.
planted() {
	jq "$1" "$plan" >planted.json && mv planted.json "$plan"
}

plant_lost_indicator() {
	planted 'del(.indicators[5])'
	echo '"indicators":61'
}

plant_code_twice() {
	planted '.indicators[1].code = .indicators[0].code'
	echo 'code PA-1.1 stands twice'
}

plant_unknown_reporter() {
	planted '.indicators[0].reporters[0].entity = "FED-NONE"'
	echo 'PA-1.1: reporter FED-NONE is not known'
}

plant_unknown_consulted() {
	planted '.indicators[1].consulted[0] = "FED-NONE"'
	echo 'consulted FED-NONE is not known'
}

plant_unknown_parents() {
	planted '.entities[0].parent = "FED-NONE"'
	echo 'parent FED-NONE is not known'
}

plant_loose_result() {
	planted '(.results[] | select(.code == "PA-O1")).parent = "PA-O1.1"'
	echo 'PA-O1: outcome under PA-O1.1'
}

plant_unknown_lead() {
	planted '(.results[] | select(.kind == "activity")).lead = "FED-NONE"'
	echo 'lead FED-NONE is not known'
}

plant_unknown_output() {
	planted '.indicators[0].output = "PA-O1"'
	echo 'PA-1.1: output PA-O1 is not known'
}

plant_unknown_dimension() {
	planted '.indicators[0].tables[0].dimensions = ["colour"]'
	echo 'dimension colour is not known'
}

plant_unsorted_table() {
	planted '.indicators[0].tables[0].dimensions = ["sex", "age_band"]'
	echo 'dimensions sex,age_band are not sorted'
}

plant_second_reporter() {
	planted '(.indicators[] | select(.code == "PA-1.2")).reporters += [{entity: "FED-MOI", part: "whole", from: "2021Q1"}]'
	echo 'PA-1.2: reporter of federal whole stands twice'
}

plant_empty_name() {
	planted '.indicators[0].names.en = " "'
	echo 'indicators.0.names: the English name is empty'
}

plant_no_unknown() {
	planted '.dimensions[0].categories |= map(select(.code != "unknown"))'
	echo 'dimension sex has no unknown'
}

plant_lost_half() {
	planted 'del((.indicators[] | select(.code == "PR-2.2")).numerator)'
	echo 'PR-2.2: rule ratio and halves do not go together'
}

plant_broken_json() {
	echo '{"code":' >"$plan"
	echo 'no plan file'
}

lint_main "$@"
