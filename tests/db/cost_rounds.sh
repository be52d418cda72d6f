#!/bin/bash
# What the nation's picture of one round costs where the database holds ten times the reports: the statements of national.sql and
# target.sql and of a public edition, on the whole plan, in the buffers of EXPLAIN (ANALYZE, BUFFERS). One cell in four is kept by nobody.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=server/cluster.sh
source server/cluster.sh
# shellcheck source=tests/db/statements.bash
source tests/db/statements.bash

query() {
	cluster_psql "$PGHOST" -d "$INAP_DATABASE" -A -t -q "$@"
}

# fill QUARTER...: their rounds, every report accepted, its totals summed, an edition published.
fill() {
	query <<-SQL
		WITH made AS (
		    INSERT INTO round (plan_id, code, quarter, opens_at, due_at, made_by)
		    SELECT plan_id, q, quarter_number(q), now() - interval '9 days', now() + interval '9 days', 0 FROM plan, unnest(string_to_array('$*', ' ')) AS q RETURNING round_id, plan_id, code
		), edition AS (
		    INSERT INTO edition (plan_id, period, number, state, sha256, content, kurdistan, proposed_by, confirmed_by, confirmed_at)
		    SELECT m.plan_id, m.code, 1, 'published', sha256(x.c), x.c, true, 0, 0, now() FROM made m CROSS JOIN (SELECT string_agg(sha256(n::text::bytea), '') AS c FROM generate_series(1, 4000) AS n) x)
		INSERT INTO report (entity_id, round_id, plan_id, state, revision) SELECT DISTINCT f.entity_id, m.round_id, m.plan_id, 'accepted', 4 FROM made m, form_cell f;
		INSERT INTO value (entity_id, round_id, cell_id, revision, kind, number, denominator)
		SELECT r.entity_id, r.round_id, f.cell_id, 1, x.kind, CASE WHEN x.kind < 8 THEN 40 + f.cell_id % 7 END, CASE WHEN x.kind = 5 THEN 90 END
		  FROM round o JOIN report r USING (round_id) JOIN form_cell f USING (entity_id) JOIN indicator i USING (indicator_id)
		  CROSS JOIN LATERAL (SELECT CASE WHEN f.cell_id % 4 = 0 THEN 9 WHEN i.across_entities = 'ratio' THEN 5 ELSE 1 END::smallint AS kind) x
		 WHERE o.code = ANY (string_to_array('$*', ' '));
		INSERT INTO contribution (entity_id, round_id, state, revision, cells, kinds, numbers, denominators, texts)
		SELECT v.entity_id, v.round_id, s.s, s.n + 1, v.cells, v.kinds, v.numbers, v.denominators, v.texts
		  FROM (SELECT v.entity_id, v.round_id, array_agg(v.cell_id) AS cells, array_agg(v.kind) AS kinds, array_agg(v.number::numeric) AS numbers, array_agg(v.denominator::numeric) AS denominators,
		               array_agg(NULL::text) AS texts
		          FROM round o JOIN value v USING (round_id) WHERE o.code = ANY (string_to_array('$*', ' ')) GROUP BY v.entity_id, v.round_id) v
		  CROSS JOIN unnest('{submitted,endorsed,accepted}'::text[]) WITH ORDINALITY AS s (s, n);
		INSERT INTO total (round_id, quarter, state, jurisdiction, cell_id, kind, number, denominator, valued_by, not_collected_by)
		SELECT t.round_id, t.quarter, s.s, t.jurisdiction, t.cell_id, t.kind, t.number, t.denominator, t.valued_by, t.not_collected_by
		  FROM (SELECT o.round_id, o.quarter, e.jurisdiction, v.cell_id, CASE WHEN max(v.kind) < 8 THEN max(v.kind) END AS kind, sum(v.number) AS number, sum(v.denominator) AS denominator,
		               coalesce(array_agg(v.entity_id) FILTER (WHERE v.kind < 8), '{}') AS valued_by, coalesce(array_agg(v.entity_id) FILTER (WHERE v.kind = 9), '{}') AS not_collected_by
		          FROM round o JOIN value v USING (round_id) JOIN entity e USING (entity_id) WHERE o.code = ANY (string_to_array('$*', ' ')) GROUP BY o.round_id, e.jurisdiction, v.cell_id) t
		  CROSS JOIN unnest('{submitted,endorsed,accepted}'::text[]) AS s (s);
		INSERT INTO edition_cell (edition_id, jurisdiction, cell_id, kind, number, denominator)
		SELECT e.edition_id, t.jurisdiction, t.cell_id, t.kind, t.number, t.denominator
		  FROM edition e JOIN round o ON o.code = e.period JOIN total t USING (round_id) WHERE t.state = 'accepted' AND o.code = ANY (string_to_array('$*', ' '));
	SQL
}

# buffers USER STATEMENT ARGUMENTS: how many blocks it touches, the second time: by then the catalogue is read.
buffers() {
	{
		echo 'SET jit = off;' # as the daemon has it
		prepare server/domain/national.sql server/domain/target.sql server/domain/edition.sql
		echo "SELECT format('EXECUTE $2 ($3)', user_id) AS run FROM app_user WHERE name = '$1' \\gset"
		echo ':run \g /dev/null'
		echo 'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) :run;'
	} | query | jq '.[0].Plan | .["Shared Hit Blocks"] + .["Shared Read Blocks"]'
}

{
	# shellcheck disable=SC2016 # dollar quotes of SQL
	printf 'CREATE TABLE public.plan_file AS SELECT $plan$'
	cat client/share/plans/INAP-II.json
	# shellcheck disable=SC2016
	printf '$plan$::text AS b;\n'
	cat <<-'SQL'
		INSERT INTO app_user (name, display_name, home_entity_id) VALUES ('sec', 'Secretariat', 0), ('team', 'National Team', 0);
		INSERT INTO role_grant (user_id, role, granted_by) SELECT user_id, CASE name WHEN 'sec' THEN 'secretariat' ELSE 'national_team' END, 0 FROM app_user WHERE user_id <> 0;
		SELECT plan_import(b, 'INAP-II', (SELECT user_id FROM app_user WHERE name = 'sec'), '\x000000000000000000000000000000aa', '\x01') FROM public.plan_file \g /dev/null
		UPDATE form_cell SET from_quarter = 0, to_quarter = 39996;
	SQL
} | query >/dev/null

declare -A what first last
what=(
	[summary]="team national_totals '''', ''2022Q3'', %s, ''accepted'', '''', '''', true, '''', '''', '''', ''''"
	[clear]="sec national_totals '''', ''2022Q3'', %s, ''accepted'', '''', '''', true, '''', '''', '''', ''''"
	[year]="team national_totals '''', '''', %s, ''accepted'', '''', '''', false, ''2021Q3..2022Q3'', '''', '''', ''''"
	[lights]="team light_list '''', ''2022Q3'', %s, ''accepted'', '''', '''', ''''"
	[states]="sec national_report_states '''', ''2022Q3'', %s"
	[page]="team edition_piece '''', ''2022Q3'', 1, %s, true, 0"
)
# measure: "NAME BLOCKS" of each.
measure() {
	local name user statement arguments
	query -c 'VACUUM ANALYZE' >/dev/null
	for name in "${!what[@]}"; do
		read -r user statement arguments <<<"${what[$name]}"
		echo "$name $(buffers "$user" "$statement" "$arguments")"
	done
}
fill 2021Q3 2022Q3
before=$(query -c 'SELECT count(*) FROM contribution')
while read -r name blocks; do first[$name]=$blocks; done < <(measure)
fill {2016..2019}Q{1..4} 2023Q{3,4}
after=$(query -c 'SELECT count(*) FROM contribution')
while read -r name blocks; do last[$name]=$blocks; done < <(measure)

echo 1..$((${#what[@]} + 1))
at=0
told() {
	at=$((at + 1))
	if eval "$1"; then echo "ok $at - $2"; else echo "not ok $at - $2"; fi
}
told "((before > 0 && after == 10 * before))" "ten times the reports: $before signatures, then $after"
for name in summary clear year lights states page; do
	told "((${first[$name]} > 4 && ${last[$name]} * 10 <= ${first[$name]} * 13))" "$name: ${first[$name]} blocks, then ${last[$name]}"
done
