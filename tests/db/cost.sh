#!/bin/bash
# Reading a report after a hundred revisions a cell costs what it cost after one: the statements of server/domain/report.sql
# as they stand there, in buffers.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=server/cluster.sh
source server/cluster.sh
# shellcheck source=tests/db/statements.bash
source tests/db/statements.bash
revisions=100

query() {
	cluster_psql "$PGHOST" -d "$INAP_DATABASE" -A -t -q "$@"
}

# saves FROM TO: revisions of FED-A's report, each of which changes every cell.
saves() {
	local n
	for ((n = $1; n <= $2; n++)); do
		echo "SELECT 1 / (outcome = 'ok')::int FROM report_save(ARRAY[decode(lpad('$n', 32, '0'), 'hex')], (SELECT array_agg(user_id) FROM app_user WHERE name = 'a-focal'),
			(SELECT array_agg(entity_id) FROM entity WHERE code = 'FED-A'), '{\"\"}', '{2024Q3}', '{$((n - 1))}', ARRAY[sha256('$n')], '{set}', '{NULL}', '{f}', '{f}', '{1}',
			(SELECT ARRAY[count(*)::int] FROM cell), (SELECT array_agg(code ORDER BY code COLLATE \"C\") FROM cell), (SELECT array_agg(1::smallint) FROM cell), (SELECT array_agg($n::numeric) FROM cell),
			(SELECT array_agg(NULL::numeric) FROM cell), (SELECT array_agg(NULL::text) FROM cell), (SELECT array_agg(NULL::text) FROM cell), (SELECT array_agg(NULL::date) FROM cell));"
	done | query >/dev/null
}

# buffers STATEMENT: how many blocks it touches, the second time: by then the catalogue is read.
buffers() {
	{
		echo 'SET search_path = inap;'
		prepare server/domain/report.sql
		echo "SELECT format('EXECUTE $1 (%s, '''', ''2024Q3'', 2, NULL, NULL)', entity_id) AS run FROM entity WHERE code = 'FED-A' \\gset"
		echo ':run \g /dev/null'
		echo 'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) :run;'
	} | query | jq '.[0].Plan | .["Shared Hit Blocks"] + .["Shared Read Blocks"]'
}

# Two hundred cells.
{
	echo 'SET search_path = inap, public;'
	cat tests/db/fixture.psql
	cat <<-'SQL'
		INSERT INTO category (dimension_id, code, name_en, sort, body) SELECT dimension_id, 'c' || n, 'Part ' || n, 10 + n, '{}' FROM dimension, generate_series(1, 195) n;
		INSERT INTO cell (plan_id, code, indicator_id, table_id, categories, sort)
		SELECT i.plan_id, i.code || ':sex=' || c.code, i.indicator_id, t.table_id, ARRAY[c.category_id], c.sort FROM indicator i JOIN indicator_table t USING (indicator_id), category c WHERE c.sort > 10;
		INSERT INTO form_cell (entity_id, cell_id, plan_id, indicator_id, kinds, unit, quarters, from_quarter, to_quarter, part)
		SELECT e.entity_id, k.cell_id, k.plan_id, k.indicator_id, 2, 'count', 15, 0, 39996, 'whole' FROM entity e, cell k WHERE e.entity_id <> 0 AND k.sort > 10;
	SQL
} | query >/dev/null

declare -A first last
saves 1 1
query -c 'VACUUM ANALYZE' >/dev/null
for statement in report_head report_values; do first[$statement]=$(buffers "$statement"); done
saves 2 "$revisions"
query -c 'VACUUM ANALYZE' >/dev/null
for statement in report_head report_values; do last[$statement]=$(buffers "$statement"); done

# Organisations are counted at all events at once, not each at all of them.
met=$({
	echo 'SET search_path = inap;'
	prepare server/domain/event.sql
	cat <<-'SQL'
		INSERT INTO organisation (organisation_id, name_en, women_led, may_be_named, made_by) OVERRIDING SYSTEM VALUE SELECT n, 'Organisation ' || n, true, true, 0 FROM generate_series(1, 400) n;
		INSERT INTO event (event_id, plan_id, entity_id, kind, title, held_on, place, organisations, made_by) OVERRIDING SYSTEM VALUE
		SELECT n, p.plan_id, e.entity_id, 'workshop', 'Event ' || n, '2024-07-01', '', ARRAY[n, n % 400 + 1], 0 FROM plan p, entity e, generate_series(1, 400) n WHERE e.code = 'FED-A';
		ANALYZE event, organisation;
		SELECT user_id AS focal FROM app_user WHERE name = 'a-focal' \gset
		EXECUTE organisation_list (:focal) \g /dev/null
		EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE organisation_list (:focal);
	SQL
} | query | jq '.[0].Plan | .["Shared Hit Blocks"] + .["Shared Read Blocks"]')

echo 1..5
at=0
told() {
	at=$((at + 1))
	if eval "$1"; then echo "ok $at - $2"; else echo "not ok $at - $2"; fi
}
told "[[ $(query -c "SELECT count(*) FROM inap.log WHERE cardinality(cells) = 200") == $revisions ]]" "$revisions revisions, 200 cells each"
told "((${first[report_values]} > 200))" "the values are read: ${first[report_values]} blocks after one revision"
told "((${last[report_values]} * 10 <= ${first[report_values]} * 11))" "after $revisions it costs ${last[report_values]}"
told "((${last[report_head]} <= ${first[report_head]} + 4))" "the head: ${first[report_head]}, then ${last[report_head]}"
told "((met > 0 && met < 400))" "400 organisations at 400 events: $met blocks"
