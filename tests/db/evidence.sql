-- Evidence: pieces of files, what counts and what does not, quotas, and what others read.
BEGIN;
SET search_path = inap, public;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
SELECT plan(60);

\ir fixture.psql
INSERT INTO result (plan_id, code, kind, name_en, sort, body) SELECT plan_id, 'XA-A1.1.1', 'activity', 'An activity', 2, '{}' FROM plan;

CREATE FUNCTION pg_temp.k(n int) RETURNS bytea LANGUAGE sql AS $$ SELECT decode(lpad(to_hex(n), 32, '0'), 'hex') $$;
CREATE FUNCTION pg_temp.e(p_code text) RETURNS bigint LANGUAGE sql AS $$ SELECT entity_id FROM entity WHERE code = p_code $$;
CREATE FUNCTION pg_temp.u(p_name text) RETURNS bigint LANGUAGE sql AS $$ SELECT user_id FROM app_user WHERE name = p_name $$;
CREATE FUNCTION pg_temp.f(n int) RETURNS bytea LANGUAGE sql AS $$ SELECT convert_to(repeat(n::text || ' ', 50000), 'UTF8') $$; -- a file of 100,000 bytes and more
-- A piece of a file: fault, have, whole.
CREATE FUNCTION pg_temp.put(p_entity text, p_file bytea, p_offset int, p_length int, p_hash bytea DEFAULT NULL, p_type text DEFAULT 'text', p_round text DEFAULT '2024Q3') RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', coalesce(fault, 'ok'), have, whole) FROM evidence_put(pg_temp.e(p_entity), '', p_round, coalesce(p_hash, sha256(p_file)), octet_length(p_file), p_type,
    p_offset, substr(p_file, p_offset + 1, p_length), NULL, NULL, NULL, pg_temp.u(lower(right(p_entity, 1)) || '-focal')) $$;
CREATE FUNCTION pg_temp.attach(p_key int, p_entity text, p_file bytea, p_base bigint, p_cells text[] DEFAULT '{}', p_merge boolean DEFAULT false, p_reference text DEFAULT NULL,
                               p_activities text[] DEFAULT '{}', p_user text DEFAULT NULL, p_round text DEFAULT '2024Q3', p_name text DEFAULT 'a file') RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', coalesce(fault, 'ok'), outcome ->> 'number', outcome ->> 'revision', outcome ->> 'state', outcome ->> 'unchanged', CASE WHEN replayed THEN 'replayed' END)
  FROM evidence_write('attach', pg_temp.e(p_entity), '', p_round, p_base, p_merge, 0, p_name, 'minutes', p_reference, sha256(p_file), p_cells, p_activities, NULL,
    pg_temp.u(coalesce(p_user, lower(right(p_entity, 1)) || '-focal')), pg_temp.k(p_key), sha256(int4send(p_key))) $$;
CREATE FUNCTION pg_temp.mark(p_key int, p_action text, p_entity text, p_number int, p_base bigint, p_round text DEFAULT '2024Q3') RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', coalesce(fault, 'ok'), outcome ->> 'number', outcome ->> 'revision', outcome ->> 'unchanged', outcome ->> 'round')
  FROM evidence_write(p_action, pg_temp.e(p_entity), '', p_round, p_base, false, p_number, NULL, NULL, NULL, NULL, '{}', '{}', NULL,
    pg_temp.u(lower(right(p_entity, 1)) || '-focal'), pg_temp.k(p_key), sha256(int4send(p_key))) $$;

-- pieces
SELECT is(pg_temp.put('FED-A', pg_temp.f(1), 65536, 65536), 'EVIDENCE_OFFSET|have=0', 'a file begins at its start');
SELECT is(pg_temp.put('FED-A', pg_temp.f(1), 0, 65536), 'ok 65536 f', 'the first piece');
SELECT is(pg_temp.put('FED-A', pg_temp.f(1), 0, 65536), 'ok 65536 f', 'the same piece again is taken again');
SELECT is(pg_temp.put('FED-A', set_byte(pg_temp.f(1), 7, 65), 0, 65536, sha256(pg_temp.f(1))), 'EVIDENCE_OFFSET|have=65536', 'another in its place is not');
SELECT is(pg_temp.put('FED-A', pg_temp.f(1), 70000, 30000), 'EVIDENCE_OFFSET|have=65536', 'out of order: the offset that is wanted');
SELECT is(pg_temp.put('FED-A', pg_temp.f(1), 65536, 34464, p_type => 'pdf'), 'BAD_ARGUMENT|field=type|why=the first piece told another', 'the type is the first piece''s');
SELECT is(pg_temp.attach(1, 'FED-A', pg_temp.f(1), 0), 'EVIDENCE_OFFSET|have=65536', 'what is not whole is not attached');
SELECT is((SELECT count(*) FROM evidence) + (SELECT count(*) FROM log WHERE entity_id <> 0), 0::bigint, 'and is nowhere');
SELECT is(pg_temp.put('FED-A', pg_temp.f(1), 65536, 34464), 'ok 100000 t', 'the last piece: whole, and its hash is right');
SELECT is(pg_temp.put('FED-A', pg_temp.f(1), 0, 65536), 'ok 100000 t', 'a piece of a whole file changes nothing');
SELECT is(pg_temp.put('FED-B', pg_temp.f(1), 65536, 34464), 'EVIDENCE_OFFSET|have=0', 'another entity has it not');
SELECT is(pg_temp.put('FED-B', pg_temp.f(2), 0, 100000, sha256('another')), 'EVIDENCE_HASH 100000 f', 'another file than was named is spoilt');
SELECT is(pg_temp.attach(2, 'FED-B', 'another', 0), 'EVIDENCE_OFFSET|have=0', 'it never counts');
SELECT is(pg_temp.put('FED-B', 'another', 0, 7), 'ok 7 t', 'and may be sent anew');
SELECT is((SELECT concat_ws(' ', fault, have, whole) FROM evidence_put(pg_temp.e('FED-B'), '', '2024Q3', sha256('PK zip'), 6, 'office', 0, 'PK zip', 2, 'xlsx', 1, pg_temp.u('b-focal'))),
    'EVIDENCE_TYPE|found=a ZIP archive 6 f', 'an office document whose directory names another list than was judged is none');
SELECT is((SELECT concat_ws(' ', fault, have, whole) FROM evidence_put(pg_temp.e('FED-B'), '', '2024Q3', sha256('PK good'), 7, 'office', 0, 'PK good', 1, 'xlsx', 1, pg_temp.u('b-focal'))),
    '7 t', 'one whose directory names the list that was judged is good');
SELECT is((SELECT type FROM evidence_file WHERE sha256 = sha256('PK good')), 'xlsx', 'and is what its list says');

-- attaching
SELECT is(pg_temp.attach(1, 'FED-A', pg_temp.f(1), 0, '{XA-1.1}'), 'ok 1 1 draft', 'attached: a revision, and the report is a draft');
SELECT is(pg_temp.attach(1, 'FED-A', pg_temp.f(1), 0, '{XA-1.1}'), 'ok 1 1 draft replayed', 'the same key: the same answer');
SELECT is((SELECT fault FROM evidence_write('attach', pg_temp.e('FED-A'), '', '2024Q3', 1, false, 0, 'x', 'other', NULL, sha256(pg_temp.f(1)), '{}', '{}', NULL, pg_temp.u('a-focal'), pg_temp.k(1), sha256('other'))),
    'KEY_REUSED', 'with another body it is refused');
SELECT is(pg_temp.attach(3, 'FED-A', pg_temp.f(1), 1, '{XA-1.1}'), 'ok 1 1 draft true', 'the same file again is the same evidence, and nothing is written');
SELECT is(pg_temp.attach(4, 'FED-A', pg_temp.f(1), 1, '{XA-1.2}'), 'ok 1 2 draft', 'for another cell it gets that cell too');
SELECT is((SELECT evidence_body(e) -> 'cells' FROM evidence_at(pg_temp.e('FED-A'), (SELECT round_id FROM round), 2) e), '["XA-1.1", "XA-1.2"]', 'beside the first');
SELECT is(pg_temp.attach(5, 'FED-A', NULL, 1, p_reference => '4417'), 'STALE_REVISION|revision=2', 'a stale base is refused');
SELECT is(pg_temp.attach(5, 'FED-A', NULL, 1, p_reference => '4417', p_merge => true), 'ok 2 3 draft', 'merged it is not; a reference needs no file');
SELECT is(pg_temp.attach(6, 'FED-A', NULL, 3, p_reference => '4417'), 'ok 2 3 draft true', 'the same reference is the same evidence');
SELECT is(pg_temp.attach(7, 'FED-A', NULL, 3, '{XA-9}', p_reference => 'x'), 'CELL_UNKNOWN|cell=XA-9', 'a cell that is none');
SELECT is(pg_temp.attach(7, 'FED-A', NULL, 3, p_activities => '{XA-O1.1}', p_reference => 'x'), 'NOT_FOUND|what=activity|name=XA-O1.1', 'an output is no activity');
SELECT is(pg_temp.attach(7, 'FED-A', NULL, 3, p_activities => '{XA-A1.1.1}', p_reference => 'x'), 'ok 3 4 draft', 'an activity is');
SELECT is(pg_temp.attach(8, 'FED-A', NULL, 4, p_reference => 'y', p_user => 'b-focal'), 'NOT_FOUND|what=report', 'gate (c): another entity''s focal point');
SELECT is((SELECT outcome::jsonb ->> 'sha256' FROM log WHERE entity_id = pg_temp.e('FED-A') AND revision = 1), encode(sha256(pg_temp.f(1)), 'hex'), 'the log has all of it');
SELECT is(pg_temp.mark(9, 'detach', 'FED-A', 2, 4), 'ok 2 5', 'taken off: marked, in the log');
SELECT is(pg_temp.mark(10, 'detach', 'FED-A', 2, 5), 'NOT_FOUND|what=evidence|name=2', 'once');
SELECT is((SELECT array_agg(number ORDER BY number) FROM evidence_at(pg_temp.e('FED-A'), (SELECT round_id FROM round), 5)), '{1,3}', 'it is gone from then on');
SELECT is((SELECT array_agg(number ORDER BY number) FROM evidence_at(pg_temp.e('FED-A'), (SELECT round_id FROM round), 4)), '{1,2,3}', 'and as of before it is there');
SELECT is(pg_temp.attach(11, 'FED-A', NULL, 5, p_reference => '4417'), 'ok 2 6 draft', 'attached again it has its number again');
SELECT results_eq($$ SELECT e.number, e.revision FROM evidence e ORDER BY e.revision $$,
    $$ SELECT (l.outcome::jsonb ->> 'number')::bigint, l.revision FROM log l WHERE l.entity_id <> 0 AND l.action IN ('attach', 'detach', 'keep') ORDER BY l.revision $$, 'a row for each entry of the log');
SELECT is_empty($$ SELECT * FROM chain_faults(pg_temp.e('FED-A')) $$, 'and the chain is whole');

-- the period before
INSERT INTO round (plan_id, code, quarter, opens_at, due_at, made_by) SELECT plan_id, '2024Q4', quarter_number('2024Q4'), now() - interval '1 day', now() + interval '10 days', 0 FROM plan;
INSERT INTO report (entity_id, round_id, plan_id) SELECT entity_id, round_id, plan_id FROM round, entity WHERE entity_id <> 0 AND round.code = '2024Q4';
SELECT is(pg_temp.mark(20, 'keep', 'FED-A', 1, 0, '2024Q4'), 'ok 1 1 2024Q3', 'kept: in the new report, with where it came from');
SELECT is(pg_temp.mark(21, 'keep', 'FED-A', 1, 1, '2024Q4'), 'ok 1 1 true 2024Q3', 'once');
SELECT is(pg_temp.mark(22, 'keep', 'FED-A', 9, 1, '2024Q4'), 'NOT_FOUND|what=evidence|name=9', 'what was not there is not kept');
SELECT is((SELECT count(*) FROM evidence_file WHERE sha256 = sha256(pg_temp.f(1))), 1::bigint, 'its bytes are there once');

-- protected, locked, full
SELECT is((SELECT array_agg(evidence_protected(ARRAY[cell_id]) ORDER BY code) FROM cell WHERE code IN ('XA-1.1', 'XA-1.2')), '{f,f}', 'nothing of the test plan is protected');
UPDATE indicator SET protection = 'persons' WHERE code = 'XA-1.2';
SELECT is((SELECT array_agg(evidence_protected(ARRAY[cell_id]) ORDER BY code) FROM cell WHERE code IN ('XA-1.1', 'XA-1.2')), '{f,t}', 'until an indicator is');
SELECT is((SELECT count(*) FROM generate_series(1, 3) AS i WHERE (SELECT fault FROM evidence_put(pg_temp.e('FED-C'), '', '2024Q3', sha256(int4send(i)), 20971520, 'pdf', 0, convert_to(repeat('x', 65536), 'UTF8'), NULL, NULL, NULL, pg_temp.u('c-focal'))) IS NULL),
    3::bigint, 'three large uploads may be under way');
SELECT is((SELECT fault FROM evidence_put(pg_temp.e('FED-C'), '', '2024Q3', sha256('4'), 20971520, 'pdf', 0, 'x', NULL, NULL, NULL, pg_temp.u('c-focal'))),
    'TOO_LARGE|what=unfinished uploads|limit=64 MiB', 'a fourth not');
UPDATE evidence_file SET touched_at = now() - interval '8 days' WHERE entity_id = pg_temp.e('FED-C');
SELECT is((SELECT fault FROM evidence_put(pg_temp.e('FED-C'), '', '2024Q3', sha256('4'), 20971520, 'pdf', 0, 'x', NULL, NULL, NULL, pg_temp.u('c-focal'))), NULL, 'until they rest');

-- the letter of a report on paper, by the desk that received it
INSERT INTO app_user (name, display_name, home_entity_id) SELECT n, n, pg_temp.e('FED-G') FROM unnest(ARRAY['desk', 'desk-2', 'k-desk']) AS n;
INSERT INTO role_grant (user_id, role, jurisdiction, granted_by) SELECT user_id, 'coordinator', CASE name WHEN 'k-desk' THEN 'kurdistan' ELSE 'federal' END, 0 FROM app_user WHERE name LIKE '%desk%';
CREATE FUNCTION pg_temp.letter(p_key int, p_base bigint, p_user text DEFAULT 'desk', p_kind text DEFAULT 'letter', p_file bytea DEFAULT 'a letter', p_cells text[] DEFAULT '{}', p_merge boolean DEFAULT false)
RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', coalesce(fault, 'ok'), outcome ->> 'number', outcome ->> 'revision', outcome ->> 'state', outcome ->> 'by')
  FROM evidence_write('attach', pg_temp.e('FED-D'), '', '2024Q3', p_base, p_merge, 0, 'letter.pdf', p_kind, CASE WHEN p_file IS NULL THEN '4417' END, sha256(p_file), p_cells, '{}', NULL,
    pg_temp.u(p_user), pg_temp.k(p_key), sha256(int4send(p_key))) $$;
CREATE FUNCTION pg_temp.piece(p_user text) RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', coalesce(fault, 'ok'), have, whole) FROM evidence_put(pg_temp.e('FED-D'), '', '2024Q3', sha256('a letter'), 8, 'text', 0, 'a letter', NULL, NULL, NULL, pg_temp.u(p_user)) $$;
UPDATE report SET state = 'draft', revision = 1 WHERE entity_id = pg_temp.e('FED-D');
SELECT is(pg_temp.letter(30, 1), 'NOT_FOUND|what=report', 'a draft is nothing to the desk');
UPDATE report SET state = 'submitted' WHERE entity_id = pg_temp.e('FED-D');
SELECT is(pg_temp.letter(30, 1), 'FORBIDDEN|action=evidence.attach', 'what the entity submitted gets none of the desk''s');
SELECT is(pg_temp.piece('desk'), 'FORBIDDEN|action=evidence.attach', 'not even a piece of a file');
UPDATE report SET desk_by = pg_temp.u('desk') WHERE entity_id = pg_temp.e('FED-D');
SELECT is(pg_temp.piece('desk-2'), 'FORBIDDEN|action=evidence.attach', 'who did not receive it attaches nothing');
SELECT is(pg_temp.piece('k-desk'), 'NOT_FOUND|what=report', 'to the other government''s desk it is not there');
SELECT is(pg_temp.piece('d-focal'), 'LOCKED|lock=submitted', 'to the entity it is locked as before');
SELECT is(pg_temp.piece('desk'), 'ok 8 t', 'who received it sends the file');
SELECT is(ARRAY[left(pg_temp.letter(31, 1, p_kind => 'minutes'), 12), left(pg_temp.letter(31, 1, p_file => NULL), 12), left(pg_temp.letter(31, 1, p_cells => '{XA-1.1}'), 12)],
    '{BAD_ARGUMENT,BAD_ARGUMENT,BAD_ARGUMENT}', 'no other kind, no reference, to no cell');
SELECT is(pg_temp.letter(31, 0), 'STALE_REVISION|revision=1', 'a stale base is refused');
SELECT is(pg_temp.letter(31, 0, p_merge => true), 'ok 1 2 submitted desk', 'attached, and the report is submitted still');
SELECT is((SELECT array_agg(e.number) FROM evidence_at(pg_temp.e('FED-D'), (SELECT round_id FROM round WHERE code = '2024Q3'), report_view(pg_temp.e('FED-D'), (SELECT round_id FROM round WHERE code = '2024Q3'), 8)) e), '{1}', 'its reviewers read it');
SELECT is((SELECT fault FROM evidence_write('detach', pg_temp.e('FED-D'), '', '2024Q3', 2, false, 1, NULL, NULL, NULL, NULL, '{}', '{}', NULL, pg_temp.u('desk'), pg_temp.k(32), sha256('32'))), 'NOT_FOUND|what=report', 'but the desk takes nothing off');
UPDATE report SET state = 'endorsed' WHERE entity_id = pg_temp.e('FED-D');
SELECT is(pg_temp.letter(33, 2, p_kind => 'scan'), 'LOCKED|lock=endorsed', 'once it is endorsed nothing is added');
SELECT * FROM finish();
ROLLBACK;
