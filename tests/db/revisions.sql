-- What stood in a report when, and who may look at it: by revision, as of a day, change by change.
BEGIN;
SET search_path = inap, public;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
SELECT plan(30);

\ir fixture.psql

-- FED-A's report: saved on the 1st (1), the 2nd (2), submitted on the 3rd (3), claimed (4) and returned (5) on the 4th, saved on
-- the 5th (6) and the 6th (7). Before: expected.
CREATE TEMP TABLE t AS SELECT e.entity_id AS e, o.round_id AS r, o.plan_id AS p, (SELECT user_id FROM app_user WHERE name = 'a-focal') AS u FROM entity e, round o WHERE e.code = 'FED-A';
CREATE FUNCTION pg_temp.at(p_day int) RETURNS timestamptz LANGUAGE sql AS $$ SELECT day_start('2024-10-01'::date + p_day - 1) + interval '9 hours' $$;
CREATE FUNCTION pg_temp.entry(p_revision int, p_day int, p_action text, p_to text, p_cells text[] DEFAULT NULL, p_kinds int[] DEFAULT NULL, p_numbers numeric[] DEFAULT NULL, p_note text DEFAULT NULL)
RETURNS void LANGUAGE sql AS $$
INSERT INTO log (entity_id, seq, plan_id, round_id, revision, action, actor_id, via, at, note, body_hash, prev_hash, hash, outcome, cells, kinds, numbers, denominators, texts, notes, expected_on)
SELECT t.e, p_revision, t.p, t.r, p_revision, p_action, t.u, CASE p_action WHEN 'save' THEN 'import' ELSE '' END, pg_temp.at(p_day), p_note, '', '', '', json_build_object('to', p_to)::text,
       (SELECT array_agg(k.cell_id ORDER BY c.i) FROM unnest(p_cells) WITH ORDINALITY c (code, i) JOIN cell k ON k.code = c.code), p_kinds::smallint[], p_numbers,
       ARRAY(SELECT NULL::numeric FROM unnest(p_cells)), ARRAY(SELECT NULL::text FROM unnest(p_cells)), ARRAY(SELECT NULL::text FROM unnest(p_cells)),
       ARRAY(SELECT CASE k WHEN 11 THEN '2024-11-30'::date END FROM unnest(p_kinds) k)
  FROM t;
UPDATE report SET revision = p_revision, state = p_to FROM t WHERE entity_id = t.e AND round_id = t.r $$;
CREATE FUNCTION pg_temp.reach(p_revision int, p_state text) RETURNS void LANGUAGE sql AS $$
INSERT INTO contribution (entity_id, round_id, state, revision, cells, kinds, numbers, denominators, texts) SELECT t.e, t.r, p_state, p_revision, '{}', '{}', '{}', '{}', '{}' FROM t $$;
SELECT pg_temp.entry(1, 1, 'save', 'draft', '{XA-1.1,XA-1.1:sex=F}', '{1,1}', '{3,1}', 'the first sheet'),
       pg_temp.entry(2, 2, 'save', 'draft', '{XA-1.1}', '{1}', '{4}'),
       pg_temp.entry(3, 3, 'submit', 'submitted'), pg_temp.reach(3, 'submitted'),
       pg_temp.entry(4, 4, 'claim', 'in_review'), pg_temp.entry(5, 4, 'return', 'returned'),
       pg_temp.entry(6, 5, 'save', 'returned', '{XA-1.1:sex=F}', '{11}', '{NULL}'),
       pg_temp.entry(7, 6, 'save', 'returned', '{XA-1.1,XA-1.1:sex=F}', '{1,0}', '{5.0,NULL}') \g /dev/null

CREATE FUNCTION pg_temp.view(p_roles int, p_revision int) RETURNS bigint LANGUAGE sql AS $$ SELECT report_view_at(t.e, t.r, p_roles, p_revision) FROM t $$;
CREATE FUNCTION pg_temp.day(p_roles int, p_day text) RETURNS bigint LANGUAGE sql AS $$ SELECT report_at(t.e, t.r, p_roles, NULL, p_day::date) FROM t $$;
CREATE FUNCTION pg_temp.changes(p_roles int, p_from int, p_to int) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(concat_ws(' ', c.cell, coalesce(c.b_number, c.b_kind::text), '->', coalesce(c.number, c.kind::text), c.expected_on, c.by, c.via, c.reason, c.revision), '; ')
  FROM t, report_changes(t.e, t.r, p_roles, p_from, p_to) c $$;
CREATE FUNCTION pg_temp.trail(p_roles int, p_cell text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(concat_ws(' ', c.cell, coalesce(c.b_number, c.b_kind::text), '->', coalesce(c.number, c.kind::text), 'at', c.shown), '; ') FROM t, report_trail(t.e, t.r, p_roles, p_cell) c $$;
CREATE FUNCTION pg_temp.span(p_roles int, p_from int, p_to int, p_from_day text DEFAULT NULL, p_to_day text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', coalesce(s.from_revision::text, '-'), coalesce(s.to_revision::text, '-')) FROM t, report_span(t.e, t.r, p_roles, p_from, p_to, p_from_day::date, p_to_day::date) s $$;

-- by revision
SELECT is(ARRAY(SELECT pg_temp.view(2, n) FROM generate_series(0, 8) n), '{0,1,2,3,4,5,6,7,NULL}'::bigint[], 'the entity may look at any of its own');
SELECT is(ARRAY(SELECT pg_temp.view(8, n) FROM generate_series(0, 8) n), '{NULL,NULL,NULL,3,NULL,NULL,NULL,NULL,NULL}'::bigint[],
    'a coordinator at the one submitted, which is the newest for him');
SELECT is(ARRAY(SELECT pg_temp.view(16, n) FROM generate_series(0, 8) n), array_fill(NULL::bigint, ARRAY[9]), 'the Secretariat at none');
SELECT pg_temp.entry(8, 7, 'submit', 'submitted'), pg_temp.reach(8, 'submitted'), pg_temp.entry(9, 7, 'endorse', 'endorsed'), pg_temp.reach(9, 'endorsed') \g /dev/null
SELECT is(ARRAY(SELECT pg_temp.view(8, n) FROM generate_series(0, 9) n), '{NULL,NULL,NULL,3,4,5,NULL,NULL,8,9}'::bigint[],
    'and then at what the moves made of it, but at no draft');
SELECT is(ARRAY(SELECT pg_temp.view(16, n) FROM generate_series(7, 9) n), '{NULL,NULL,9}'::bigint[], 'the Secretariat from the endorsement on');
SELECT is(ARRAY(SELECT pg_temp.view(32, n) FROM generate_series(7, 9) n), '{NULL,NULL,NULL}'::bigint[], 'the National Team not yet');

-- as of a day
SELECT is(pg_temp.day(2, '2024-09-30'), 0::bigint, 'before the first save nothing stood there');
SELECT is(pg_temp.day(2, '2024-10-01'), 1::bigint, 'the end of the day counts');
SELECT is(pg_temp.day(2, '2024-10-04'), 5::bigint, 'the last of several');
SELECT is(pg_temp.day(2, '2026-01-01'), 9::bigint, 'after the last: as it stands');
SELECT is(pg_temp.day(8, '2024-10-02'), NULL, 'a coordinator had nothing before the submission');
SELECT is(pg_temp.day(8, '2024-10-03'), 3::bigint, 'then what was submitted');
SELECT is(pg_temp.day(8, '2024-10-06'), 5::bigint, 'and not what was typed since');
SELECT is(pg_temp.day(16, '2024-10-06'), NULL, 'the Secretariat still nothing');
SELECT is(pg_temp.day(16, '2024-10-07'), 9::bigint, 'but the endorsed one');

-- comparing
SELECT is(pg_temp.changes(2, 0, 1), 'XA-1.1 0 -> 3 a-focal import the first sheet 1; XA-1.1:sex=F 0 -> 1 a-focal import the first sheet 1', 'who, through which door, why, old to new');
SELECT is(pg_temp.changes(8, 0, 3), 'XA-1.1 0 -> 4 a-focal import 2; XA-1.1:sex=F 0 -> 1 a-focal import 1', 'the entity''s notes stay with it');
SELECT is(pg_temp.changes(2, 5, 6), 'XA-1.1:sex=F 1 -> 11 2024-11-30 a-focal import 6', 'a blank with its date');
SELECT is(pg_temp.changes(2, 2, 2), NULL, 'nothing between a revision and itself');
SELECT is(pg_temp.span(2, NULL, NULL), '8 9', 'by itself: since what was submitted before');
SELECT is(pg_temp.span(8, NULL, 8), '3 8', 'of a resubmission: the one before');
SELECT is(pg_temp.span(2, 0, 2), '0 2', 'from the beginning');
SELECT is(pg_temp.span(8, 2, 8), '- 8', 'not from a draft, for a coordinator');
SELECT is(pg_temp.span(2, NULL, NULL, '2024-10-02', '2024-10-05'), '2 6', 'by days');
SELECT is(pg_temp.span(8, NULL, NULL, '2024-10-02', '2024-10-05'), '- 5', 'by days that he may see');

-- the trail
SELECT is(pg_temp.trail(2, 'XA-1.1:sex=F'), 'XA-1.1:sex=F 0 -> 1 at 1; XA-1.1:sex=F 1 -> 11 at 6; XA-1.1:sex=F 11 -> 0 at 7', 'every change of one cell');
SELECT is(pg_temp.trail(2, 'XA-1.1'), 'XA-1.1 0 -> 3 at 1; XA-1.1:sex=F 0 -> 1 at 1; XA-1.1 3 -> 4 at 2; XA-1.1:sex=F 1 -> 11 at 6; XA-1.1 4 -> 5.0 at 7; XA-1.1:sex=F 11 -> 0 at 7',
    'or of an indicator, oldest first');
SELECT is(pg_temp.trail(8, ''), 'XA-1.1 0 -> 4 at 3; XA-1.1:sex=F 0 -> 1 at 3; XA-1.1 4 -> 5.0 at 8; XA-1.1:sex=F 1 -> 0 at 8', 'a coordinator sees from one submission to the next');
SELECT is(pg_temp.trail(32, ''), NULL, 'who may not read it, nothing');

-- moves of others, of pairs and editions
SELECT pg_temp.entry(10, 8, 'pair', 'endorsed'), pg_temp.entry(11, 8, 'accept', 'accepted'), pg_temp.reach(11, 'accepted'), pg_temp.entry(12, 9, 'ask-restatement', 'accepted'),
       pg_temp.entry(13, 9, 'restate', 'returned'), pg_temp.entry(14, 9, 'save', 'returned'), pg_temp.entry(15, 9, 'submit', 'submitted'), pg_temp.reach(15, 'submitted') \g /dev/null
SELECT is(ARRAY(SELECT pg_temp.view(8, n) FROM generate_series(9, 15) n), '{9,10,11,12,13,NULL,15}'::bigint[], 'touch no answer: a coordinator looks at them, and still at no draft');
SELECT * FROM finish();
ROLLBACK;
