-- What is not applicable counts on for a year once it is endorsed; beside a part of what was split stands what was given for the whole.
BEGIN;
SET search_path = inap, public;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
SELECT plan(38);

\ir fixture.psql

INSERT INTO round (plan_id, code, quarter, opens_at, due_at, made_by)
SELECT p.plan_id, c, quarter_number(c), now() - interval '1 day', now() + interval '10 days', 0 FROM plan p, unnest(ARRAY['2023Q3', '2023Q4', '2024Q1', '2024Q2', '2024Q4']) AS c;
INSERT INTO report (entity_id, round_id, plan_id) SELECT e.entity_id, o.round_id, o.plan_id FROM entity e, round o WHERE e.code IN ('FED-A', 'FED-B') AND o.code <> '2024Q3';
DELETE FROM form_cell WHERE entity_id NOT IN (SELECT entity_id FROM entity WHERE code IN ('FED-A', 'FED-B'));

CREATE FUNCTION pg_temp.a() RETURNS bigint LANGUAGE sql AS $$ SELECT entity_id FROM entity WHERE code = 'FED-A' $$;
CREATE FUNCTION pg_temp.r(p_round text) RETURNS bigint LANGUAGE sql AS $$ SELECT round_id FROM round WHERE code = p_round $$;
CREATE FUNCTION pg_temp.holds(p_round text, p_cell text, p_kind int, p_number numeric DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
INSERT INTO value (entity_id, round_id, cell_id, revision, kind, number) SELECT pg_temp.a(), pg_temp.r(p_round), k.cell_id, 1, p_kind, p_number FROM cell k WHERE k.code = p_cell
    ON CONFLICT (entity_id, round_id, cell_id) DO UPDATE SET kind = excluded.kind, number = excluded.number $$;
-- The report reaches a state with what it holds; the totals are summed.
CREATE FUNCTION pg_temp.reach(p_round text, p_state text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE report SET revision = revision + 1, state = p_state WHERE entity_id = pg_temp.a() AND round_id = pg_temp.r(p_round);
    PERFORM contribution_totals(pg_temp.a(), pg_temp.r(p_round), '', p_state);
END $$;
CREATE FUNCTION pg_temp.carried(p_round text, p_state text DEFAULT 'endorsed') RETURNS text LANGUAGE sql AS $$
SELECT string_agg(k.code || ' ' || quarter_code(c.quarter), ',' ORDER BY k.code) FROM not_applicable_carried(pg_temp.a(), pg_temp.r(p_round), p_state) c JOIN cell k USING (cell_id) $$;
CREATE FUNCTION pg_temp.now(p_round text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(k.code || ' ' || quarter_code(c.quarter), ',' ORDER BY k.code) FROM carried_now(pg_temp.a(), pg_temp.r(p_round)) c JOIN cell k USING (cell_id) $$;
CREATE FUNCTION pg_temp.problems(p_round text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(p.severity || ' ' || p.cell, ',' ORDER BY p.cell) FROM report_problems(pg_temp.a(), pg_temp.r(p_round)) p WHERE p.rule IN ('unanswered_total', 'unanswered_table') $$;
CREATE FUNCTION pg_temp.before(p_round text, p_roles int DEFAULT 2) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(concat_ws(' ', k.code, b.period, b.kind, b.number, CASE WHEN b.may_confirm THEN 'confirm' END, CASE WHEN b.carried THEN 'carried' END, CASE WHEN w.code <> k.code THEN 'of ' || w.code END),
                  '; ' ORDER BY k.code)
  FROM previous_values(pg_temp.a(), pg_temp.r(p_round), p_roles) b JOIN cell k USING (cell_id) JOIN cell w ON w.cell_id = b.source_id $$;
-- How FED-A stands in the total of XA-1.1.
CREATE FUNCTION pg_temp.coverage(p_round text, p_state text) RETURNS text LANGUAGE sql AS $$
SELECT CASE WHEN pg_temp.a() = ANY (t.not_applicable_by) THEN 'not applicable' WHEN pg_temp.a() = ANY (t.valued_by) THEN 'valued' WHEN pg_temp.a() = ANY (t.unanswered_by) THEN 'unanswered' END
  FROM total t JOIN cell k USING (cell_id) WHERE t.round_id = pg_temp.r(p_round) AND t.state = p_state AND t.jurisdiction = 'federal' AND k.code = 'XA-1.1' $$;

-- 1. It counts once it is endorsed, and then for four quarters.
SELECT pg_temp.holds('2023Q3', 'XA-1.1', 8), pg_temp.holds('2023Q3', 'XA-1.2', 1, 7), pg_temp.reach('2023Q3', 'submitted') \g /dev/null
SELECT is(pg_temp.carried('2023Q4'), NULL, 'what is only submitted carries nothing');
SELECT is(pg_temp.coverage('2023Q3', 'submitted'), 'unanswered', 'and does not count yet');
SELECT pg_temp.reach('2023Q3', 'endorsed') \g /dev/null
SELECT is(pg_temp.coverage('2023Q3', 'endorsed'), 'not applicable', 'endorsed, it counts');
SELECT is(pg_temp.carried(c), CASE WHEN c <> '2024Q4' THEN 'XA-1.1 2023Q3' END, 'and in ' || c || CASE WHEN c <> '2024Q4' THEN ' too' ELSE ' no more' END)
  FROM unnest(ARRAY['2023Q4', '2024Q1', '2024Q2', '2024Q3', '2024Q4']) AS c;
SELECT is(pg_temp.carried('2023Q3'), NULL, 'never in its own round or before');
SELECT is(pg_temp.carried('2023Q4', 'accepted'), NULL, 'nor among what was accepted, until it is');

-- 2. The check.
SELECT is(pg_temp.problems('2023Q4'), 'BLOCK XA-1.2', 'unanswered it blocks nothing, and its table asks nothing');
SELECT is(pg_temp.problems('2024Q4'), 'BLOCK XA-1.1,EXPLAIN XA-1.1:sex,BLOCK XA-1.2', 'after a year it is asked again');
SELECT is(pg_temp.before('2023Q4'), 'XA-1.1 2023Q3 8 confirm carried; XA-1.2 2023Q3 1 7', 'it is offered as the answer of the period before');
SELECT is(pg_temp.before('2024Q2'), 'XA-1.1 2023Q3 8 confirm carried', 'also where the periods between had none');
SELECT is(pg_temp.before('2024Q2', 8), 'XA-1.1 2023Q3 8 confirm carried', 'a reviewer sees it');
SELECT is(pg_temp.before('2024Q2', 32), NULL, 'the National Team does not');
SELECT is((SELECT answered || '/' || asked FROM national_states(0, pg_temp.r('2023Q4')) WHERE entity_id = pg_temp.a()), NULL, 'nobody without a role is told of completeness');
INSERT INTO role_grant (user_id, role, jurisdiction, granted_by) SELECT user_id, 'coordinator', 'federal', 0 FROM app_user WHERE name = 'b-focal';
SELECT is((SELECT answered || '/' || asked FROM national_states((SELECT user_id FROM app_user WHERE name = 'b-focal'), pg_temp.r('2023Q4')) WHERE entity_id = pg_temp.a()), '1/2', 'it is complete in what it carries');

-- 3. Coverage.
SELECT pg_temp.holds('2023Q4', 'XA-1.2', 1, 8), pg_temp.reach('2023Q4', 'submitted') \g /dev/null
SELECT is(pg_temp.coverage('2023Q4', 'submitted'), 'not applicable', 'a report that reached the state without an answer carries it');
SELECT pg_temp.reach('2023Q4', 'endorsed'), pg_temp.reach('2023Q4', 'accepted') \g /dev/null
SELECT is(pg_temp.coverage('2023Q4', 'endorsed') || ', ' || pg_temp.coverage('2023Q4', 'accepted'), 'not applicable, unanswered', 'at each state by what reached it');
SELECT pg_temp.reach('2023Q3', 'accepted') \g /dev/null
SELECT is(pg_temp.coverage('2023Q4', 'accepted'), 'not applicable', 'reached later, the rounds after it are summed anew');
SAVEPOINT contested;
UPDATE contribution SET withdrawn_at = now() WHERE entity_id = pg_temp.a() AND round_id = pg_temp.r('2023Q3');
SELECT contribution_totals(pg_temp.a(), pg_temp.r('2023Q3'), 'contest', '') \g /dev/null
SELECT is(pg_temp.coverage('2023Q4', s), 'unanswered', 'contested, nothing leans on it any more, ' || s) FROM unnest('{submitted,endorsed,accepted}'::text[]) AS s;
ROLLBACK TO contested;
SELECT is((SELECT count(*)::int FROM total t JOIN cell k USING (cell_id) WHERE t.round_id = pg_temp.r('2024Q1') AND k.code = 'XA-1.1'), 0, 'those of which nothing was ever summed are left alone');
SELECT pg_temp.holds('2023Q3', 'XA-1.1', 1, 4), pg_temp.reach('2023Q3', 'endorsed') \g /dev/null
SELECT is(pg_temp.coverage('2023Q4', 'endorsed') || ', ' || pg_temp.coverage('2023Q4', 'submitted'), 'unanswered, unanswered', 'corrected to a figure, it carries nothing more');
SELECT is(pg_temp.problems('2023Q4'), 'BLOCK XA-1.1,EXPLAIN XA-1.1:sex', 'and is asked');

-- 4. Another answer since.
SELECT pg_temp.holds('2023Q3', 'XA-1.1', 8), pg_temp.reach('2023Q3', 'endorsed'), pg_temp.holds('2024Q1', 'XA-1.1', 1, 5) \g /dev/null
SELECT is(coalesce(pg_temp.now('2024Q2'), '-') || ', ' || pg_temp.carried('2024Q2'), '-, XA-1.1 2023Q3', 'who has said something else since is asked again, before anybody endorsed it');
SELECT pg_temp.reach('2024Q1', 'submitted'), pg_temp.reach('2024Q1', 'endorsed') \g /dev/null
SELECT is(pg_temp.carried('2024Q2'), NULL, 'endorsed, it is the last word');

-- 5. Splits: M was split in 2024Q3, X is a part of it.
UPDATE indicator SET value_kind = 'at_period_end';
INSERT INTO category (dimension_id, code, name_en, sort, body, valid_from, split_from) SELECT dimension_id, 'X', 'X', 4, '{}', '2024-07-01', 'M' FROM dimension;
INSERT INTO cell (plan_id, code, indicator_id, table_id, categories, sort)
SELECT k.plan_id, 'XA-1.1:sex=X', k.indicator_id, k.table_id, ARRAY[c.category_id], 9 FROM cell k, category c WHERE k.code = 'XA-1.1:sex=M' AND c.code = 'X';
INSERT INTO form_cell (entity_id, cell_id, plan_id, indicator_id, kinds, unit, quarters, from_quarter, to_quarter, part)
SELECT f.entity_id, k.cell_id, f.plan_id, f.indicator_id, f.kinds, f.unit, 15, 0, 39996, 'whole' FROM form_cell f JOIN cell m USING (cell_id), cell k WHERE m.code = 'XA-1.1:sex=M' AND k.code = 'XA-1.1:sex=X';
SELECT is((SELECT w.code FROM cell k JOIN cell w ON w.cell_id = cell_before(k.cell_id, quarter_number('2024Q2')) WHERE k.code = 'XA-1.1:sex=X'), 'XA-1.1:sex=M', 'a part stood in the whole');
SELECT is((SELECT w.code FROM cell k JOIN cell w ON w.cell_id = cell_before(k.cell_id, quarter_number('2024Q3')) WHERE k.code = 'XA-1.1:sex=X'), 'XA-1.1:sex=X', 'and stands by itself since');
SELECT pg_temp.holds('2024Q2', 'XA-1.1:sex=M', 1, 40.50), pg_temp.holds('2024Q2', 'XA-1.1:sex=F', 1, 3) \g /dev/null
SELECT is(pg_temp.before('2024Q3'), 'XA-1.1:sex=F 2024Q2 1 3 confirm; XA-1.1:sex=M 2024Q2 1 40.50; XA-1.1:sex=X 2024Q2 1 40.50 of XA-1.1:sex=M',
          'beside a part, what was given for the whole, to the last zero; to look at: neither part is that');
SELECT pg_temp.holds('2024Q2', 'XA-1.1:sex=M', 9) \g /dev/null
SELECT is(pg_temp.before('2024Q3'), 'XA-1.1:sex=F 2024Q2 1 3 confirm; XA-1.1:sex=M 2024Q2 9 confirm', 'what is no number is not said of a part');

-- 6. Whose answers are an entity's own, and what a succession takes of a draft.
CREATE FUNCTION pg_temp.line(p_code text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(e.code, ' ' ORDER BY e.code) FROM entity x CROSS JOIN LATERAL entity_line(x.entity_id, quarter_number('2024Q2')) AS l (entity_id) JOIN entity e ON e.entity_id = l.entity_id WHERE x.code = p_code $$;
UPDATE entity SET valid_to = '2024-06-30', successor_id = (SELECT s.entity_id FROM entity s WHERE s.code = 'FED-B') WHERE code = 'FED-C';
UPDATE entity SET valid_to = '2024-06-30', successor_id = (SELECT s.entity_id FROM entity s WHERE s.code = 'KRG-A') WHERE code = 'FED-D';
SELECT is(pg_temp.line('FED-B'), 'FED-B FED-C', 'its own and those of whom it took over from');
SELECT is(pg_temp.line('KRG-A'), 'KRG-A', 'never those of the other government, though a plan file once named it the successor');
CREATE FUNCTION pg_temp.draft(p_code text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(concat_ws(' ', k.code, v.kind, v.number), ', ' ORDER BY k.code) FROM value v JOIN entity e USING (entity_id) JOIN cell k USING (cell_id) WHERE e.code = p_code AND v.round_id = pg_temp.r('2024Q4') $$;
SELECT pg_temp.holds('2024Q4', 'XA-1.1', 1, 5), pg_temp.holds('2024Q4', 'XA-1.2', 1, 3) \g /dev/null
INSERT INTO value (entity_id, round_id, cell_id, revision, kind, number) SELECT e.entity_id, pg_temp.r('2024Q4'), k.cell_id, 1, 1, 7 FROM entity e, cell k WHERE e.code = 'FED-B' AND k.code = 'XA-1.1';
SELECT is(entity_handover(a, b, (SELECT plan_id FROM plan), pg_temp.r('2024Q4'), 0, sha256('')) ->> 'cells', '1', 'what the new one has not typed goes over') FROM entity a, entity b WHERE a.code = 'FED-A' AND b.code = 'FED-B';
SELECT is(pg_temp.draft('FED-B'), 'XA-1.1 1 7, XA-1.2 1 3', 'beside what it typed');
SELECT is(pg_temp.draft('FED-A'), 'XA-1.1 1 5, XA-1.2 0', 'and what did not go over still stands in the former draft');
SELECT * FROM finish();
ROLLBACK;
