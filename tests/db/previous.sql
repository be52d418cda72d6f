-- What an entity answered in the period before, by frequency, and what of it may be given again.
BEGIN;
SET search_path = inap, public;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
SELECT plan(15);

\ir fixture.psql

-- A stock, a half-year's, a year's and a survey's indicator beside the fixture's; rounds of two years.
INSERT INTO indicator (plan_id, code, name_en, result_id, level, unit, direction, frequency, value_kind, rule, across_entities, across_periods, combine, protection, may_withhold, may_overlap, sort, body)
SELECT r.plan_id, c, c, r.result_id, 'output', u, 'up', f, v, 'sum', 'sum', 'sum', 'parts', 'none', true, false, 2 + i, '{}'
  FROM result r, unnest(ARRAY['XA-2.1', 'XA-2.2', 'XA-2.3', 'XA-2.4'], ARRAY['count', 'count', 'yes_no', 'count'], ARRAY['quarterly', 'semiannual', 'annual', 'survey'],
                        ARRAY['at_period_end', 'cumulative_since_start', 'in_period', 'year_to_date']) WITH ORDINALITY AS x (c, u, f, v, i);
INSERT INTO cell (plan_id, code, indicator_id, sort) SELECT plan_id, code, indicator_id, 0 FROM indicator WHERE code LIKE 'XA-2%';
INSERT INTO form_cell (entity_id, cell_id, plan_id, indicator_id, kinds, unit, quarters, from_quarter, to_quarter, part)
SELECT e.entity_id, k.cell_id, k.plan_id, k.indicator_id, 3871, i.unit, CASE i.frequency WHEN 'quarterly' THEN 15 WHEN 'semiannual' THEN 10 WHEN 'annual' THEN 8 ELSE 0 END, 0, 39996, 'whole'
  FROM entity e, cell k JOIN indicator i USING (indicator_id) WHERE e.entity_id <> 0 AND i.code LIKE 'XA-2%';
INSERT INTO round (plan_id, code, quarter, opens_at, due_at, made_by, surveys)
SELECT p.plan_id, c, quarter_number(c), now() - interval '1 day', now() + interval '10 days', 0,
       CASE WHEN c IN ('2023Q3', '2024Q4') THEN ARRAY(SELECT indicator_id FROM indicator WHERE code = 'XA-2.4') ELSE '{}' END
  FROM plan p, unnest(ARRAY['2023Q3', '2023Q4', '2024Q2', '2024Q4']) AS c;
INSERT INTO report (entity_id, round_id, plan_id, revision, state)
SELECT e.entity_id, o.round_id, o.plan_id, 1, 'draft' FROM entity e, round o WHERE e.code = 'FED-A' AND o.code <> '2024Q3';
UPDATE report SET revision = 1, state = 'draft' WHERE entity_id = (SELECT entity_id FROM entity WHERE code = 'FED-A');

CREATE FUNCTION pg_temp.holds(p_round text, p_cell text, p_kind int, p_number numeric DEFAULT NULL, p_note text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
INSERT INTO value (entity_id, round_id, cell_id, revision, kind, number, note)
SELECT e.entity_id, o.round_id, k.cell_id, 1, p_kind, p_number, p_note FROM entity e, round o, cell k WHERE e.code = 'FED-A' AND o.code = p_round AND k.code = p_cell $$;
CREATE FUNCTION pg_temp.before(p_round text, p_roles int DEFAULT 2) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(concat_ws(' ', k.code, b.period, b.kind, b.number, b.note, b.may_confirm), ';' ORDER BY k.code)
  FROM entity e, round o, previous_values(e.entity_id, o.round_id, p_roles) b JOIN cell k USING (cell_id) WHERE e.code = 'FED-A' AND o.code = p_round $$;

SELECT is(pg_temp.before('2024Q4'), NULL, 'nothing was answered: there is nothing to offer');
SELECT pg_temp.holds('2024Q3', 'XA-1.1', 1, 7), pg_temp.holds('2024Q3', 'XA-2.1', 1, 40.0, 'counted'), pg_temp.holds('2024Q2', 'XA-2.1', 1, 39) \g /dev/null
SELECT is(pg_temp.before('2024Q4'), 'XA-1.1 2024Q3 1 7 f;XA-2.1 2024Q3 1 40.0 counted t', 'a quarter looks at the quarter before: a stock may be confirmed, a flow is only shown');
SELECT is(pg_temp.before('2024Q3'), 'XA-2.1 2024Q2 1 39 t', 'each at its own');
SELECT is(pg_temp.before('2024Q2'), NULL, 'and never at one that was not opened: the quarter before that is not the period before');
SELECT pg_temp.holds('2024Q2', 'XA-2.2', 1, 12) \g /dev/null
SELECT is(pg_temp.before('2024Q3') LIKE '%XA-2.2%', false, 'a half-year is not asked of in the third quarter');
SELECT is(pg_temp.before('2024Q4') LIKE '%XA-2.2 2024S1 1 12 t%', true, 'the second half-year looks at the first');
SELECT pg_temp.holds('2023Q4', 'XA-2.3', 3), pg_temp.holds('2023Q3', 'XA-2.4', 1, 66) \g /dev/null
SELECT is(pg_temp.before('2024Q4') LIKE '%XA-2.3 2023 3 t%', true, 'a year at the year before; no stays no until somebody says otherwise');
SELECT is(pg_temp.before('2024Q4') LIKE '%XA-2.4 2023Q3 1 66 f%', true, 'a survey at the one before');
SELECT pg_temp.holds('2024Q3', 'XA-1.2', 9, NULL, 'no register'), pg_temp.holds('2024Q3', 'XA-1.1:sex=F', 11), pg_temp.holds('2024Q3', 'XA-1.1:sex=M', 0) \g /dev/null
SELECT is(pg_temp.before('2024Q4') LIKE '%XA-1.2 2024Q3 9 no register t%', true, 'what is not collected may be confirmed, of a flow too');
SELECT is(pg_temp.before('2024Q4') LIKE '%XA-1.1:sex=F 2024Q3 11 f%', true, 'not yet spoke of its own period: it is no answer again');
SELECT is(pg_temp.before('2024Q4') LIKE '%sex=M%', false, 'what was cleared is no answer');
UPDATE form_cell SET kinds = 2 WHERE cell_id = (SELECT cell_id FROM cell WHERE code = 'XA-1.2');
SELECT is(pg_temp.before('2024Q4') LIKE '%XA-1.2 2024Q3 9 no register f%', true, 'nor what the cell no longer takes');

-- others see of it what they may see of the report before
SELECT is(pg_temp.before('2024Q4', 8), NULL, 'a coordinator not what was never submitted');
UPDATE report SET state = 'submitted' WHERE round_id = (SELECT round_id FROM round WHERE code = '2024Q2') AND revision = 1;
SELECT is(pg_temp.before('2024Q4', 8), 'XA-2.2 2024S1 1 12 t', 'what was, he sees');
SELECT is(pg_temp.before('2024Q4', 32), NULL, 'the National Team none of it');
SELECT * FROM finish();
ROLLBACK;
