#!/bin/bash
# The way from the first release (change `version`) to today's schema and back, with rows in it.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=server/cluster.sh
source server/cluster.sh

first=version
old=${INAP_DATABASE}_old
folder=$(mktemp -d /tmp/inap-migrate-XXXXXX)
ending() {
	rm -rf "$folder"
	cluster_psql "$PGHOST" -d postgres -c "DROP DATABASE IF EXISTS $old WITH (FORCE)"
}
trap ending EXIT
count=0
# is WHAT FILE OTHER: one line of TAP; the difference behind it.
is() {
	count=$((count + 1))
	if cmp -s "$2" "$3"; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		diff "$2" "$3" | head -n 20 | sed 's/^/# /'
	fi
}

# shape DATABASE: its schema, line by line in one order; columns that went and came back stand last in a table.
shape() {
	cluster_run pg_dump -h "$PGHOST" -U postgres -s -n inap "$1" |
		grep -vE '^(--|SET |SELECT pg_catalog|$|\\)' | sed 's/,$//' | LC_ALL=C sort
}

# rows: what must come through.
rows() {
	cluster_psql "$PGHOST" -d "$old" -A -t <<-'SQL'
		SET search_path = inap;
		SELECT entity_id, seq, revision, action, encode(hash, 'hex'), outcome FROM log ORDER BY 1, 2;
		SELECT entity_id, round_id, cell_id, revision, kind, number FROM value ORDER BY 1, 2, 3;
		SELECT entity_id, round_id, state, revision FROM report ORDER BY 1, 2;
		SELECT point, target_kind, text, state FROM review_point ORDER BY 1;
		SELECT 'fault', entity_id, f.* FROM entity, chain_faults(entity_id) f;
		SELECT 'differs', entity_id, d.* FROM report, value_differences(entity_id, round_id) d;
	SQL
}

cluster_psql "$PGHOST" -d postgres -v database="$old" <migrations/bootstrap.sql >/dev/null
cluster_sqitch "$PGHOST" migrations "$old" deploy --verify --to "$first"
shape "$old" >"$folder/first"
{
	echo 'SET search_path = inap;'
	cat tests/db/fixture.psql
	cat <<-'SQL'
		SELECT FROM report_save('{\\x00000000000000000000000000000001}', (SELECT array_agg(user_id) FROM app_user WHERE name = 'a-focal'),
		    (SELECT array_agg(entity_id) FROM entity WHERE code = 'FED-A'), '{""}', '{2024Q3}', '{0}', ARRAY[sha256('a')], '{set}', '{NULL}', '{f}', '{f}', '{1}', '{2}',
		    '{XA-1.1,XA-1.1:sex=F}', '{1,1}', '{7,3}', '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}', '{NULL,NULL}');
		INSERT INTO review_point (entity_id, round_id, point, target_kind, text, opened_by, opened_revision) SELECT entity_id, round_id, 1, 'report', 'is this right?', 0, 1
		  FROM report JOIN entity USING (entity_id) WHERE code = 'FED-A';
	SQL
} | cluster_psql "$PGHOST" -d "$old" >/dev/null
rows >"$folder/rows"
grep -q '|save|' "$folder/rows"

cluster_sqitch "$PGHOST" migrations "$old" deploy --verify
shape "$old" >"$folder/grown"
shape "$INAP_DATABASE" >"$folder/today"
rows >"$folder/rows-grown"
is 'a database of the first release becomes what a new one is' "$folder/grown" "$folder/today"
is 'its rows come through' "$folder/rows-grown" "$folder/rows"

cluster_sqitch "$PGHOST" migrations "$old" revert -y --to "$first"
shape "$old" >"$folder/back"
rows >"$folder/rows-back"
is 'every change reverts to what was before it' "$folder/back" "$folder/first"
is 'with its rows' "$folder/rows-back" "$folder/rows"

cluster_sqitch "$PGHOST" migrations "$old" deploy --verify
shape "$old" >"$folder/again"
is 'and deploys again' "$folder/again" "$folder/today"
echo "1..$count"
