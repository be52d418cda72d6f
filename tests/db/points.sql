-- Review points on parts of a report: what a return unlocks, what a rule ties to it, what an extension opens.
BEGIN;
SET search_path = inap, public;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
SELECT plan(31);

\ir fixture.psql

CREATE FUNCTION pg_temp.entity(p_code text) RETURNS bigint LANGUAGE sql AS $$ SELECT entity_id FROM entity WHERE code = p_code $$;
CREATE FUNCTION pg_temp.round() RETURNS bigint LANGUAGE sql AS $$ SELECT round_id FROM round $$;
CREATE FUNCTION pg_temp.cells(VARIADIC codes text[]) RETURNS bigint[] LANGUAGE sql AS $$ SELECT array_agg(cell_id ORDER BY cell_id) FROM cell WHERE code = ANY (codes) $$;
CREATE FUNCTION pg_temp.codes(p_cells bigint[]) RETURNS text[] LANGUAGE sql AS $$ SELECT array_agg(code ORDER BY code COLLATE "C") FROM cell WHERE cell_id = ANY (p_cells) $$;
-- What FED-A may write now, as lock, cells and why.
CREATE FUNCTION pg_temp.open(OUT lock text, OUT cells text[], OUT why text) LANGUAGE sql AS $$
SELECT u.lock, pg_temp.codes(u.cells), u.why FROM report r CROSS JOIN LATERAL report_unlocked(r.entity_id, r.round_id, r.state) u WHERE r.entity_id = pg_temp.entity('FED-A') $$;
CREATE FUNCTION pg_temp.save(key int, base bigint, p_cell text, number numeric) RETURNS SETOF record LANGUAGE sql AS $$
SELECT outcome, lock, bad_whys, written -> 'extensions' FROM report_save(ARRAY[decode(lpad(to_hex(key), 32, '0'), 'hex')], ARRAY[(SELECT user_id FROM app_user WHERE name = 'a-focal')],
    ARRAY[pg_temp.entity('FED-A')], ARRAY[''], ARRAY['2024Q3'], ARRAY[base], ARRAY[sha256(int4send(key))], ARRAY['set'], ARRAY[NULL::text],
    ARRAY[false], ARRAY[false], ARRAY[1], ARRAY[1], ARRAY[p_cell], ARRAY[1::smallint], ARRAY[number], ARRAY[NULL::numeric], ARRAY[NULL::text], ARRAY[NULL::text], ARRAY[NULL::date]) $$;
CREATE FUNCTION pg_temp.point(n int, kind text, p_target text, p_cells bigint[], p_state text DEFAULT 'open') RETURNS void LANGUAGE sql AS $$
INSERT INTO review_point (entity_id, round_id, point, target_kind, target, cells, text, state, opened_by, opened_revision)
VALUES (pg_temp.entity('FED-A'), pg_temp.round(), n, kind, p_target, p_cells, 'why', p_state, 0, 1) $$;

-- targets
SELECT results_eq($$ SELECT kind, target, pg_temp.codes(cells), cells IS NULL FROM point_targets(pg_temp.entity('FED-A'), pg_temp.round(),
        ARRAY['report', 'cell:XA-1.1:sex=F', 'table:XA-1.1:sex', 'narrative:results', 'cell:XA-9.9', 'table:XA-1.2:sex', 'narrative:poems', 'activity:XA-A1', 'asked', 'moon:1', '']) ORDER BY place $$,
$$ VALUES ('report', '', NULL::text[], false), ('cell', 'XA-1.1:sex=F', '{XA-1.1:sex=F}', false), ('table', 'XA-1.1:sex', '{XA-1.1:sex=F,XA-1.1:sex=M,XA-1.1:sex=unknown}', false),
    ('narrative', 'results', NULL, false), ('cell', 'XA-9.9', NULL, true), ('table', 'XA-1.2:sex', NULL, true), ('narrative', 'poems', NULL, true), ('activity', 'XA-A1', NULL, true),
    ('asked', '', NULL, true), ('moon', '1', NULL, true), ('', '', NULL, true) $$, 'a target is a part of this report, or nothing');
SELECT is((SELECT count(*) FROM point_targets(pg_temp.entity('FED-A'), pg_temp.round(), '{}')), 0::bigint, 'no target, no point');
UPDATE form_cell SET to_quarter = quarter_number('2024Q2') WHERE entity_id = pg_temp.entity('FED-A') AND cell_id = ANY (pg_temp.cells('XA-1.1:sex=M'));
SELECT is((SELECT cells FROM point_targets(pg_temp.entity('FED-A'), pg_temp.round(), '{cell:XA-1.1:sex=M}')), NULL, 'a cell that is not asked of it is nothing');
SELECT is((SELECT pg_temp.codes(cells) FROM point_targets(pg_temp.entity('FED-A'), pg_temp.round(), '{table:XA-1.1:sex}')), '{XA-1.1:sex=F,XA-1.1:sex=unknown}', 'and no part of its table');
UPDATE form_cell SET to_quarter = 39996;

-- ties
SELECT is(cells_tied(pg_temp.round(), pg_temp.cells('XA-1.2')), pg_temp.cells('XA-1.2'), 'without a rule a cell is tied to itself');
INSERT INTO rule (plan_id, code, name_en, severity, op, left_cells, right_cells, missing)
SELECT plan_id, 'SUM', 'parts make the total', 'EXPLAIN', '=', pg_temp.cells('XA-1.1'), pg_temp.cells('XA-1.1:sex=F', 'XA-1.1:sex=M', 'XA-1.1:sex=unknown'), 'skip_if_any' FROM plan;
SELECT is(pg_temp.codes(cells_tied(pg_temp.round(), pg_temp.cells('XA-1.1:sex=F'))), '{XA-1.1,XA-1.1:sex=F}', 'a part is tied to its total, not to the other parts');
SELECT is(pg_temp.codes(cells_tied(pg_temp.round(), pg_temp.cells('XA-1.1'))), '{XA-1.1,XA-1.1:sex=F,XA-1.1:sex=M,XA-1.1:sex=unknown}', 'a total to its parts');
UPDATE rule SET op = 'all_or_none', left_cells = pg_temp.cells('XA-1.1', 'XA-1.2'), right_cells = '{}';
SELECT is(pg_temp.codes(cells_tied(pg_temp.round(), pg_temp.cells('XA-1.2'))), '{XA-1.1,XA-1.2}', 'of a rule with one side, to the rest of it');
UPDATE rule SET valid_to = '2024-09-29';
SELECT is(pg_temp.codes(cells_tied(pg_temp.round(), pg_temp.cells('XA-1.2'))), '{XA-1.2}', 'a rule that ended before the round''s last day ties nothing');
UPDATE rule SET valid_to = '2024-09-30';
SELECT is(pg_temp.codes(cells_tied(pg_temp.round(), pg_temp.cells('XA-1.2'))), '{XA-1.1,XA-1.2}', 'one that ends with it does');
UPDATE rule SET valid_to = '2024-09-29';
SELECT is(quarter_end(quarter_number('2024Q1')), '2024-03-31'::date, 'a quarter''s last day');

-- what is open when
SELECT results_eq('SELECT * FROM pg_temp.open()', $$ VALUES (NULL::text, NULL::text[], NULL::text) $$, 'an open round: everything');
SELECT results_eq($$ SELECT * FROM pg_temp.save(1, 0, 'XA-1.1:sex=F', 3) AS t (o text, l text, w text[], x jsonb) $$, $$ VALUES ('ok', NULL::text, NULL::text[], NULL::jsonb) $$, 'and a save of it names no extension');
UPDATE report SET state = 'submitted';
SELECT results_eq('SELECT * FROM pg_temp.open()', $$ VALUES ('submitted', NULL::text[], NULL::text) $$, 'submitted: nothing');
UPDATE report SET state = 'returned';
SELECT results_eq($$ SELECT lock, coalesce(cells, '{}'), why FROM pg_temp.open() $$, $$ VALUES (NULL::text, '{}'::text[], 'returned') $$, 'returned without a point on cells: no cell');
SELECT pg_temp.point(1, 'cell', 'XA-1.1:sex=F', pg_temp.cells('XA-1.1:sex=F'));
SELECT results_eq('SELECT * FROM pg_temp.open()', $$ VALUES (NULL::text, '{XA-1.1:sex=F}'::text[], 'returned') $$, 'a point on one cell: that cell');
SELECT results_eq($$ SELECT * FROM pg_temp.save(2, 1, 'XA-1.1:sex=M', 3) AS t (o text, l text, w text[], x jsonb) $$, $$ VALUES ('invalid', 'returned', '{CELL_LOCKED}'::text[], NULL::jsonb) $$, 'another one is refused with the lock');
SELECT results_eq($$ SELECT * FROM pg_temp.save(3, 1, 'XA-1.1:sex=F', 4) AS t (o text, l text, w text[], x jsonb) $$, $$ VALUES ('ok', 'returned', NULL::text[], NULL::jsonb) $$, 'that one is taken');
UPDATE review_point SET state = 'answered';
SELECT results_eq($$ SELECT cells FROM pg_temp.open() $$, $$ VALUES ('{XA-1.1:sex=F}'::text[]) $$, 'an answer does not shut it again');
UPDATE review_point SET state = 'withdrawn';
SELECT results_eq($$ SELECT coalesce(cells, '{}') FROM pg_temp.open() $$, $$ VALUES ('{}'::text[]) $$, 'a point withdrawn does');
SELECT pg_temp.point(2, 'cell', 'XA-1.2', pg_temp.cells('XA-1.2'), 'asked');
SELECT results_eq($$ SELECT coalesce(cells, '{}') FROM pg_temp.open() $$, $$ VALUES ('{}'::text[]) $$, 'asking opens nothing');
SELECT pg_temp.point(3, 'narrative', 'results', '{}');
SELECT is(report_lock(pg_temp.entity('FED-A'), pg_temp.round(), 'narrative', 'results'), NULL, 'a point on a section opens that section');
SELECT is(report_lock(pg_temp.entity('FED-A'), pg_temp.round(), 'narrative', 'lessons'), 'returned', 'and no other');
SELECT is(report_lock(pg_temp.entity('FED-A'), pg_temp.round(), 'evidence', ''), NULL, 'evidence comes with any answer');
SELECT pg_temp.point(4, 'report', '', '{}');
SELECT results_eq('SELECT * FROM pg_temp.open()', $$ VALUES (NULL::text, NULL::text[], NULL::text) $$, 'a point on the whole report: everything');
SELECT is(report_lock(pg_temp.entity('FED-A'), pg_temp.round(), 'narrative', 'lessons'), NULL, 'every section too');

-- a closed round and extensions
UPDATE report SET state = 'draft'; UPDATE review_point SET state = 'settled';
UPDATE round SET closes_at = now() - interval '1 minute', due_at = opens_at + interval '1 second';
SELECT results_eq('SELECT * FROM pg_temp.open()', $$ VALUES ('closed', NULL::text[], NULL::text) $$, 'a closed round: nothing');
INSERT INTO extension (entity_id, round_id, cells, until, reason, given_by) VALUES (pg_temp.entity('FED-A'), pg_temp.round(), pg_temp.cells('XA-1.2'), now() + interval '1 day', 'flood', 0);
SELECT results_eq('SELECT * FROM pg_temp.open()', $$ VALUES (NULL::text, '{XA-1.2}'::text[], 'closed') $$, 'an extension of one cell: that cell');
SELECT results_eq($$ SELECT o, l, w, x = (SELECT to_jsonb(array_agg(extension_id)) FROM extension) FROM pg_temp.save(4, 2, 'XA-1.2', 3) AS t (o text, l text, w text[], x jsonb) $$, $$ VALUES ('ok', 'closed', NULL::text[], true) $$, 'a late edit points to it');
UPDATE extension SET revoked_at = now();
SELECT is(round_lock(pg_temp.entity('FED-A'), pg_temp.round()), 'closed', 'taken back, the round is shut again');
UPDATE plan SET state = 'suspended'; UPDATE report SET state = 'returned';
SELECT results_eq($$ SELECT lock FROM pg_temp.open() $$, $$ VALUES ('suspended') $$, 'a suspended plan shuts a returned report too');

SELECT * FROM finish();
ROLLBACK;
