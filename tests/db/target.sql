-- Targets and lights: kinds, formulas, milestones of flows, revisions, grey and why, entities' own, lights set by hand.
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SET LOCAL search_path = inap, tap, public;
SELECT plan(74);
\ir fixture.psql
\ir hands.psql
UPDATE app_user u SET name = lower(e.code) || '-focal' FROM entity e WHERE u.home_entity_id = e.entity_id AND u.user_id <> 0;
INSERT INTO indicator (plan_id, code, name_en, result_id, level, unit, direction, frequency, value_kind, rule, across_entities, across_periods, multiplier, combine, protection, k,
                       may_withhold, may_overlap, baseline, sort, body)
SELECT r.plan_id, x.code, x.code, r.result_id, 'output', x.unit, x.direction, 'quarterly', x.kind, x.entities, x.entities, x.periods, CASE x.unit WHEN 'percent' THEN 100 ELSE 1 END, x.combine, x.protection, 5, false, false,
       x.baseline, 10 + x.n, x.body::jsonb
  FROM result r, (VALUES (1, 'XC-1.1', 'count', 'up', 'at_period_end', 'sum', 'last', 'parts', 'none', 100::numeric, '{}'), (2, 'XC-1.2', 'percent', 'down', 'at_period_end', 'ratio', 'last', 'parts', 'none', NULL, '{}'),
                         (3, 'XC-1.3', 'count', 'none', 'in_period', 'sum', 'sum', 'parts', 'none', NULL, '{}'), (4, 'XC-1.4', 'count', 'up', 'at_period_end', 'sum', 'last', 'one', 'none', NULL, '{}'),
                         (5, 'XC-1.5', 'yes_no', 'up', 'at_period_end', 'none', 'last', 'one', 'none', NULL, '{}'), (6, 'XC-1.6', 'count', 'up', 'at_period_end', 'sum', 'last', 'parts', 'persons', NULL, '{}'),
                         (7, 'XC-1.7', 'percent', 'up', 'at_period_end', 'ratio', 'last', 'parts', 'none', NULL, '{"target": {"value": 25, "kind": "legal_floor", "source": "the constitution"}}'),
                         (8, 'XC-1.8', 'text', 'up', 'in_period', 'none', 'none', 'each', 'none', NULL, '{}')) AS x (n, code, unit, direction, kind, entities, periods, combine, protection, baseline, body);
INSERT INTO cell (plan_id, code, indicator_id, sort) SELECT plan_id, code, indicator_id, 0 FROM indicator WHERE code LIKE 'XC-%';
DELETE FROM form_cell;
INSERT INTO form_cell (entity_id, cell_id, plan_id, indicator_id, kinds, unit, quarters, from_quarter, to_quarter, part)
SELECT e.entity_id, k.cell_id, k.plan_id, k.indicator_id, 4095, i.unit, 15, 0, 39996, 'whole'
  FROM indicator i JOIN cell k USING (indicator_id), entity e WHERE e.code IN ('FED-A', 'FED-B') AND (i.combine <> 'one' OR e.code = 'FED-A');
INSERT INTO app_user (name, display_name, home_entity_id) SELECT n, n, 0 FROM unnest('{sec,sec2,team,cof}'::text[]) AS n;
INSERT INTO role_grant (user_id, role, jurisdiction, granted_by) VALUES (pg_temp.u('sec'), 'secretariat', NULL, 0), (pg_temp.u('sec2'), 'secretariat', NULL, 0), (pg_temp.u('team'), 'national_team', NULL, 0), (pg_temp.u('cof'), 'coordinator', 'federal', 0);
INSERT INTO round (plan_id, code, quarter, opens_at, due_at, made_by)
SELECT plan_id, c, quarter_number(c), now() - interval '1 day', now() + interval '10 days', 0 FROM plan, unnest('{2023Q3,2024Q1,2024Q2,2024Q4}'::text[]) AS c;
INSERT INTO report (entity_id, round_id, plan_id) SELECT entity_id, round_id, plan_id FROM round, entity WHERE entity_id <> 0 ON CONFLICT DO NOTHING;

CREATE FUNCTION pg_temp.aim(p_cell text, p_period text, p_kind text, p_number numeric, p_tolerance numeric DEFAULT NULL, p_baseline numeric DEFAULT NULL, p_reason text DEFAULT NULL,
                            p_entity text DEFAULT '', p_jurisdiction text DEFAULT '', p_ended boolean DEFAULT false, p_user text DEFAULT 'sec', p_base bigint DEFAULT 0) RETURNS text LANGUAGE sql AS $$
SELECT coalesce(t.fault, 'revision ' || (t.outcome ->> 'revision'))
  FROM target_set('', p_cell, p_entity, p_jurisdiction, p_period, p_kind, p_number, p_tolerance, p_baseline, p_ended, p_base, p_reason, pg_temp.u(p_user),
                  decode(lpad(to_hex(nextval('pg_temp.keys')), 32, 'a'), 'hex'), sha256('x')) t $$;
-- A light as 'period light why | formula progress'.
CREATE FUNCTION pg_temp.light(p_cell text, p_round text, p_jurisdiction text DEFAULT 'iraq', p_entity text DEFAULT NULL, p_user text DEFAULT 'sec') RETURNS text LANGUAGE sql AS $$
SELECT concat_ws(' ', f.light, nullif(f.why, ''), '|', f.formula, f.progress, f.set_light)
  FROM plan p CROSS JOIN LATERAL national_lights(pg_temp.u(p_user), p.plan_id, quarter_number(p_round), 'accepted', '', '') f JOIN cell k USING (cell_id) LEFT JOIN entity e ON e.entity_id = f.entity_id
 WHERE k.code = p_cell AND f.jurisdiction = p_jurisdiction AND e.code IS NOT DISTINCT FROM p_entity $$;
CREATE FUNCTION pg_temp.given(p_entity text, p_round text, p_cells text[], p_kinds smallint[], p_numbers numeric[], p_denominators numeric[] DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
SELECT pg_temp.save(p_entity, p_round, p_cells, p_kinds, p_numbers, p_denominators) || ' ' || pg_temp.reach(p_entity, p_round, 'submitted') || pg_temp.reach(p_entity, p_round, 'endorsed')
       || pg_temp.reach(p_entity, p_round, 'accepted') $$;

-- ---- figures: a flow (XA-1.1), stocks, ratios

SELECT alike(pg_temp.given('FED-A', '2023Q3', '{XA-1.1}', '{1}', '{40}'), 'ok %', 'last year');
SELECT alike(pg_temp.given(e, '2024Q1', '{XA-1.1}', '{1}', '{10}'), 'ok %', e || ' in Q1') FROM unnest('{FED-A,FED-B}'::text[]) AS e;
SELECT alike(pg_temp.given(e, '2024Q2', '{XA-1.1,XC-1.1,XC-1.2,XC-1.3,XC-1.6,XC-1.7}', '{1,1,5,1,1,5}', '{15,60,1,9,2,1}', '{NULL,NULL,4,NULL,NULL,4}'), 'ok %', e || ' in Q2') FROM unnest('{FED-A,FED-B}'::text[]) AS e;

-- ---- setting

SELECT is(pg_temp.aim('XA-1.1', '2024', 'reach', 100), 'revision 1', 'a target is set without a reason');
SELECT is(pg_temp.aim('XA-1.1', '2024', 'reach', 100), 'EXISTS|what=target|name=XA-1.1 2024', 'the same again is none');
SELECT is(pg_temp.aim('XA-1.1', '2024', 'reach', 90), 'BAD_ARGUMENT|field=note|why=who revises a target says why', 'a revision says why');
SELECT is(pg_temp.aim('XA-1.1', '2024', 'reach', 90, p_reason => 'less money'), 'revision 2', 'and is another row');
SELECT is((SELECT count(*) FROM target), 2::bigint, 'nothing was overwritten');
SELECT is(pg_temp.aim('XA-1.1', '2024Q1..2024Q2', 'reach', 9), 'BAD_ARGUMENT|field=period|why=write 2024, 2024S2 or 2024Q3', 'a run of quarters is no target''s');
SELECT is(pg_temp.aim('XC-1.3', '2024', 'ceiling', 9), 'BAD_ARGUMENT|field=cell|why=XC-1.3 has no direction: more is neither better nor worse', 'what has no direction has no target: never red for more cases reported');
SELECT is(pg_temp.aim('XC-1.8', '2024', 'reach', 9), 'BAD_ARGUMENT|field=cell|why=XC-1.8 has no national figure', 'nor have words');
SELECT is(pg_temp.aim('XC-1.2', '2024', 'reach', 130), 'BAD_ARGUMENT|field=number|why=a percentage is at most 100', 'a percentage has an end');
SELECT is(pg_temp.aim('XC-1.1', '2024', 'maintain', 9), 'BAD_ARGUMENT|field=tolerance|why=maintain has a tolerance, and no other kind', 'maintain has a tolerance');
SELECT is(pg_temp.aim('XC-1.1', '2024', 'floor', 9, p_baseline => 3), 'BAD_ARGUMENT|field=baseline|why=only what is to be reached begins somewhere', 'a floor has no baseline');
SELECT is(pg_temp.aim('XC-1.1', '2024', 'hope', 9), 'BAD_ARGUMENT|field=kind|why=reach, floor, ceiling or maintain', 'four kinds');
SELECT is(pg_temp.aim('XZ-1.1', '2024', 'reach', 9), 'NOT_FOUND|what=cell|name=XZ-1.1', 'of cells that are there');
SELECT is(pg_temp.aim('XA-1.1', '2024', 'reach', 9, p_entity => 'FED-C'), 'NOT_FOUND|what=assignment|name=XA-1.1:FED-C', 'and of entities that report it');
SELECT is(pg_temp.aim('XA-1.1', '2024', 'reach', 9, p_user => 'team'), 'FORBIDDEN|action=target.set', 'by the Secretariat');

-- ---- flows

SELECT is(pg_temp.light('XA-1.1', '2024Q2'), 'grey no_milestone |', 'a flow has no light before its milestone or the year''s end');
SELECT is(pg_temp.aim('XA-1.1', '2024Q2', 'reach', 50), 'revision 1', 'a milestone');
SELECT is(pg_temp.light('XA-1.1', '2024Q2'), 'green | v / t 1.000', 'the year to date, 50, is there');
SELECT is(pg_temp.aim('XA-1.1', '2024Q2', 'reach', 62, p_reason => 'more'), 'revision 2', 'revised');
SELECT is(pg_temp.light('XA-1.1', '2024Q2'), 'amber | v / t 0.806', 'four fifths of the way is amber');
SELECT is(pg_temp.aim('XA-1.1', '2024Q2', 'reach', 63, p_reason => 'and more'), 'revision 3', 'and again');
SELECT is(pg_temp.light('XA-1.1', '2024Q2'), 'red | v / t 0.794', 'less is red');
UPDATE plan SET body = body || '{"lights": {"green": 0.9, "amber": 0.5}}';
SELECT is(pg_temp.light('XA-1.1', '2024Q2'), 'amber | v / t 0.794', 'thresholds are the plan''s');
UPDATE plan SET body = body - 'lights';
SELECT is(pg_temp.light('XA-1.1', '2024Q4'), 'grey gaps | v / t', 'a year with quarters missing is not judged');
SELECT is(pg_temp.aim('XA-1.1', '2024Q2', 'reach', 0, p_reason => 'no more', p_ended => true), 'revision 4', 'a target is taken back');
SELECT is(pg_temp.light('XA-1.1', '2024Q2'), 'grey no_milestone |', 'and gives no light');

-- ---- stocks, baselines, directions, floors

SELECT is(pg_temp.light('XC-1.1', '2024Q2'), 'grey no_target |', 'most have no target');
SELECT is(pg_temp.aim('XC-1.1', '2024', 'reach', 140), 'revision 1', 'a stock''s is the year''s');
SELECT is(pg_temp.light('XC-1.1', '2024Q2'), 'red | (v - b) / (t - b) 0.500', 'of 120 from 100 to 140 half the way');
SELECT is(pg_temp.aim('XC-1.1', '2024S1', 'reach', 125, p_baseline => 0), 'revision 1', 'the target next to come, with a baseline of its own');
SELECT is(pg_temp.light('XC-1.1', '2024Q2'), 'amber | (v - b) / (t - b) 0.960', 'is nearer');
SELECT is(pg_temp.aim('XC-1.1', '2024Q2', 'reach', 100), 'revision 1', 'one that does not lie beyond the baseline');
SELECT is(pg_temp.light('XC-1.1', '2024Q2'), 'green | v / t 1.200', 'is compared without');
SELECT is(pg_temp.aim('XC-1.2', '2024', 'reach', 20), 'revision 1', 'downwards');
SELECT is(pg_temp.light('XC-1.2', '2024Q2'), 'amber | t / v 0.800', '25 % is four fifths of the way to 20 %');
SELECT is(pg_temp.aim('XC-1.2', '2024', 'ceiling', 25, p_reason => 'x'), 'revision 2', 'a ceiling');
SELECT is(pg_temp.light('XC-1.2', '2024Q2'), 'green | v <= t', 'is met, without a percentage');
SELECT is(pg_temp.light('XC-1.7', '2024Q2'), 'green | v >= t', 'a legal floor of the plan file is a target');
SELECT is(pg_temp.aim('XC-1.7', '2023', 'floor', 26), 'revision 1', 'until one is set, which stays in force');
SELECT is(pg_temp.light('XC-1.7', '2024Q2'), 'red | v >= t', 'and is not met');
SELECT is(pg_temp.aim('XC-1.1', '2024Q2', 'maintain', 110, 10, p_reason => 'x'), 'revision 2', 'what is to be maintained');
SELECT is(pg_temp.light('XC-1.1', '2024Q2'), 'green | |v - t| <= tolerance', 'is, within its tolerance');

-- ---- grey

SELECT is(pg_temp.aim('XC-1.4', '2024', 'reach', 9), 'revision 1', 'of a `one`');
SELECT is(pg_temp.light('XC-1.4', '2024Q2'), 'grey reporter_missing | v / t', 'whose reporter is missing');
SELECT is(pg_temp.aim('XC-1.6', '2024', 'reach', 9), 'revision 1', 'a protected one');
SELECT is(pg_temp.light('XC-1.6', '2024Q2', p_user => 'team'), 'grey hidden | v / t', 'is hidden from whoever may not see it');
SELECT is(pg_temp.light('XC-1.1', '2024Q2', 'federal'), 'grey no_target |', 'a jurisdiction has its own targets');
SELECT is((SELECT f.before_number FROM plan p CROSS JOIN LATERAL national_lights(pg_temp.u('sec'), p.plan_id, quarter_number('2024Q3'), 'accepted', 'iraq', 'XA-1.1') f JOIN cell k USING (cell_id) WHERE k.table_id IS NULL), 40::numeric,
          'without a target there is last year''s');

-- ---- entities, lights by hand

SELECT is(pg_temp.aim('XA-1.1', '2024Q2', 'reach', 20, p_entity => 'FED-A'), 'revision 1', 'an entity''s own target');
SELECT is(pg_temp.light('XA-1.1', '2024Q2', 'federal', 'FED-A'), 'green | v / t 1.250', 'is of its own 25');
SELECT is(pg_temp.aim('XA-1.1', '2024', 'reach', 100, p_entity => 'FED-A'), 'revision 1', 'and of a year');
SELECT is(pg_temp.light('XA-1.1', '2024Q4', 'federal', 'FED-A'), 'grey gaps | v / t', 'of which it has not reported two quarters: nothing is said of it, as of the nation');
SELECT is((SELECT concat_ws(' ', f.kind, f.number, f.asked, f.valued, f.counted, f.gaps) FROM plan p, entity e, cell k CROSS JOIN LATERAL entity_figure(e.entity_id, p.plan_id, quarter_number('2024Q1'), quarter_number('2024Q4'), 'accepted', k.cell_id, 'sum') f
            WHERE e.code = 'FED-A' AND k.code = 'XA-1.1'), '1 25 4 2 2024Q1,2024Q2 2024Q3,2024Q4', 'they are named');
SELECT is((SELECT coalesce(l.fault, l.outcome ->> 'light') FROM light_set('', '2024Q2', 'XC-1.1', '', '', 'red', 0, 'counted twice', pg_temp.u('sec'), '\x0102030405060708090a0b0c0d0e0f10', sha256('x')) l), 'red', 'a light set by hand');
SELECT is(pg_temp.light('XC-1.1', '2024Q2'), 'green | |v - t| <= tolerance red', 'stands beside the one worked out');
SELECT is((SELECT l.fault FROM light_set('', '2024Q2', 'XC-1.1', '', '', 'green', 0, NULL, pg_temp.u('sec'), '\x1102030405060708090a0b0c0d0e0f10', sha256('x')) l), 'BAD_ARGUMENT|field=note|why=who sets a light says why', 'and says why');

-- ---- what another person set is not overwritten unseen

SELECT is(pg_temp.aim('XC-1.1', '2024S1', 'reach', 130, p_reason => 'x', p_user => 'sec2'), 'STALE_REVISION|report=XC-1.1 iraq 2024S1|revision=1|base=0', 'a target that another person set is not revised unseen');
SELECT is(pg_temp.aim('XC-1.1', '2024S1', 'reach', 0, p_reason => 'x', p_user => 'sec2', p_ended => true), 'STALE_REVISION|report=XC-1.1 iraq 2024S1|revision=1|base=0', 'nor taken back');
SELECT is(pg_temp.aim('XC-1.1', '2024S1', 'reach', 130, p_reason => 'x', p_user => 'sec2', p_base => 1), 'revision 2', 'but seen it is');
SELECT is(pg_temp.aim('XC-1.1', '2024S1', 'reach', 140, p_reason => 'x', p_user => 'sec2', p_base => 1), 'revision 3', 'what one set last oneself one knows');
SELECT is(pg_temp.aim('XC-1.1', '2024S1', 'reach', 150, p_reason => 'x', p_base => 1), 'STALE_REVISION|report=XC-1.1 iraq 2024S1|revision=3|base=1', 'and whoever set the first does not');
SELECT is((SELECT coalesce(l.fault ~ '^STALE_REVISION[|]report=XC-1.1 iraq 2024Q2[|]revision=[0-9]+[|]base=0$', false) FROM light_set('', '2024Q2', 'XC-1.1', '', '', 'green', 0, 'x', pg_temp.u('sec2'), '\x1202030405060708090a0b0c0d0e0f10', sha256('x')) l), true,
          'so it is with a light');
SELECT is((SELECT coalesce(l.fault, l.outcome ->> 'light') FROM light_set('', '2024Q2', 'XC-1.1', '', '', 'green', (SELECT max(override_id) FROM light_override), 'x', pg_temp.u('sec2'), '\x1302030405060708090a0b0c0d0e0f10', sha256('x')) l), 'green',
          'which is set on when it was seen');

-- ---- what the veil hides is hidden of an entity's own light too

SELECT alike(pg_temp.given('FED-A', '2024Q4', '{XA-1.1,XA-1.1:sex=F}', '{1,1}', '{20,12}'), 'ok %', 'A gives a part of its total');
SELECT alike(pg_temp.given('FED-B', '2024Q4', '{XA-1.1,XA-1.1:sex=F}', '{1,10}', '{20,NULL}'), 'ok %', 'B withholds its own');
SELECT is(pg_temp.aim('XA-1.1:sex=F', '2024Q4', 'reach', 30, p_entity => 'FED-A'), 'revision 1', 'a target of the part');
SELECT is(pg_temp.light('XA-1.1:sex=F', '2024Q4', 'federal', p_user => 'team'), 'grey hidden |', 'the part is hidden, though nothing protects it');
SELECT is(pg_temp.light('XA-1.1:sex=F', '2024Q4', 'federal', 'FED-A', 'team'), 'grey hidden | v / t', 'and so is A''s');
SELECT is(pg_temp.light('XA-1.1:sex=F', '2024Q4', 'federal', 'FED-A'), 'grey gaps | v / t', 'to who may read the cells it is not');

SELECT * FROM finish();
ROLLBACK;
