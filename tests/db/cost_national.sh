#!/bin/bash
# Reading the nation's totals after fifty submissions of a report costs what it cost after one, for a round and for a year: the
# statements of server/domain/national.sql as they stand there, in buffers.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=server/cluster.sh
source server/cluster.sh
# shellcheck source=tests/db/statements.bash
source tests/db/statements.bash
submissions=50

query() {
	cluster_psql "$PGHOST" -d "$INAP_DATABASE" -A -t -q "$@"
}

# submits FROM TO: FED-A's report, accepted again and again, with a figure that changes.
submits() {
	local n
	for ((n = $1; n <= $2; n++)); do
		echo "UPDATE value SET number = $n; UPDATE report SET revision = revision + 1, state = 'accepted' WHERE entity_id = (SELECT entity_id FROM entity WHERE code = 'FED-A');
			SELECT contribution_totals(r.entity_id, r.round_id, '', s) FROM report r JOIN entity e USING (entity_id), unnest('{submitted,endorsed,accepted}'::text[]) AS s WHERE e.code = 'FED-A';"
	done | PGOPTIONS='-c search_path=inap' query >/dev/null
}

# buffers STATEMENT ARGUMENTS: how many blocks it touches, the second time: by then the catalogue is read.
buffers() {
	{
		echo 'SET search_path = inap; SET enable_seqscan = off;' # so small, tables would be read whole
		prepare server/domain/national.sql
		echo "SELECT format('EXECUTE $1 ($2)', user_id) AS run FROM app_user WHERE name = 'sec' \\gset"
		echo ':run \g /dev/null'
		echo 'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) :run;'
	} | query | jq '.[0].Plan | .["Shared Hit Blocks"] + .["Shared Read Blocks"]'
}

{
	echo 'SET search_path = inap, public;'
	cat tests/db/fixture.psql
	cat <<-'SQL'
		INSERT INTO app_user (name, display_name, home_entity_id) VALUES ('sec', 'Secretariat', 0);
		INSERT INTO role_grant (user_id, role, granted_by) SELECT user_id, 'secretariat', 0 FROM app_user WHERE name = 'sec';
		INSERT INTO value (entity_id, round_id, cell_id, revision, kind, number) SELECT e.entity_id, o.round_id, k.cell_id, 1, 1, 1 FROM entity e, round o, cell k WHERE e.code = 'FED-A';
	SQL
} | query >/dev/null

round="'''', ''2024Q3'', %s, ''accepted'', '''', '''', true, '''', '''', '''', ''''"
year="'''', '''', %s, ''accepted'', '''', '''', true, ''2024'', '''', '''', ''''"
parts="'''', ''2024Q3'', %s, ''accepted'', '''', ''XA-1.1'', true, '''', '''', '''', ''''"
measure() {
	query -c 'VACUUM ANALYZE' >/dev/null
	echo "$(buffers national_totals "$round") $(buffers national_totals "$year") $(buffers national_part_list "$parts")"
}
submits 1 1
read -r -a first < <(measure)
submits 2 "$submissions"
read -r -a last < <(measure)

echo 1..5
at=0
told() {
	at=$((at + 1))
	if eval "$1"; then echo "ok $at - $2"; else echo "not ok $at - $2"; fi
}
told "[[ $(query -c "SELECT count(*) FROM inap.contribution") == $((3 * submissions)) ]]" "$submissions submissions, each frozen at three states"
told "((${first[0]} > 20))" "totals are read: ${first[0]} blocks after one"
told "((${last[0]} * 10 <= ${first[0]} * 11))" "a round: ${first[0]}, then ${last[0]}"
told "((${last[1]} * 10 <= ${first[1]} * 11))" "a year: ${first[1]}, then ${last[1]}"
told "((${last[2]} * 10 <= ${first[2]} * 11))" "who gave what: ${first[2]}, then ${last[2]}"
