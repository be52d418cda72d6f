-- What entities' figures make together: sums, ratios, halves, coverage, who may see them, and that a second sum agrees.
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SET LOCAL search_path = inap, tap, public;
SELECT plan(77);

-- ---- a plan made by hand: federal A, B, C and Kurdish A, B

INSERT INTO plan (code, name_en, starts_on, ends_on, current) VALUES ('TEST-T', 'A test plan', '2021-01-01', '2024-12-31', true);
INSERT INTO result (plan_id, code, kind, name_en, sort, body) SELECT plan_id, 'XA-O1.1', 'output', 'An output', 1, '{}' FROM plan;
INSERT INTO indicator (plan_id, code, name_en, result_id, level, unit, direction, frequency, value_kind, rule, across_entities, across_periods, multiplier, combine, protection, k,
                       may_withhold, may_overlap, sort, body)
SELECT r.plan_id, x.code, x.code, r.result_id, 'output', x.unit, 'up', x.frequency, 'in_period', x.across, x.across, 'sum', x.multiplier, x.combine, x.protection, 5, true, x.overlap, x.sort, '{}'
  FROM result r, (VALUES ('XA-1.1', 'count', 'sum', 1, 'parts', 'none', false, 'quarterly', 1), ('XA-1.2', 'percent', 'ratio', 100, 'parts', 'none', false, 'quarterly', 2),
                         ('XA-1.3', 'percent', 'ratio', 100, 'parts', 'none', false, 'quarterly', 3), ('XA-1.4', 'count', 'sum', 1, 'parts', 'persons', false, 'quarterly', 4),
                         ('XA-1.5', 'yes_no', 'none', 1, 'one', 'none', false, 'quarterly', 5), ('XA-1.6', 'text', 'none', 1, 'each', 'none', false, 'quarterly', 6),
                         ('XA-1.7', 'count', 'sum', 1, 'derived', 'none', false, 'quarterly', 7), ('XA-1.8', 'decimal', 'sum', 1, 'parts', 'none', true, 'quarterly', 8),
                         ('XA-1.9', 'yes_no', 'none', 1, 'one', 'none', false, 'quarterly', 9), ('XA-2.1', 'count', 'sum', 1, 'register', 'none', false, 'annual', 10),
                         ('XA-2.2', 'count', 'sum', 1, 'each', 'none', false, 'quarterly', 11), ('XA-2.3', 'percent', 'ratio', 100, 'one', 'none', false, 'semiannual', 12))
         AS x (code, unit, across, multiplier, combine, protection, overlap, frequency, sort);
INSERT INTO indicator_table (indicator_id, code, dimensions, exclusive) SELECT indicator_id, 'sex', '{sex}', true FROM indicator WHERE code = 'XA-1.1';
INSERT INTO cell (plan_id, code, indicator_id, sort) SELECT plan_id, code, indicator_id, 0 FROM indicator;
INSERT INTO cell (plan_id, code, indicator_id, table_id, sort)
SELECT i.plan_id, i.code || ':sex=' || s, i.indicator_id, t.table_id, n FROM indicator i JOIN indicator_table t USING (indicator_id), unnest('{F,M}'::text[]) WITH ORDINALITY AS x (s, n);
INSERT INTO entity (code, name_en, jurisdiction) VALUES ('FED-A', 'Federal A', 'federal'), ('FED-B', 'Federal B', 'federal'), ('FED-C', 'Federal C', 'federal'),
    ('KRG-A', 'Kurdish A', 'kurdistan'), ('KRG-B', 'Kurdish B', 'kurdistan'), ('KRG-Z', 'Asked for nothing', 'kurdistan');
INSERT INTO chain_head (entity_id) SELECT entity_id FROM entity WHERE entity_id <> 0;
INSERT INTO form_cell (entity_id, cell_id, plan_id, indicator_id, kinds, unit, quarters, from_quarter, to_quarter, part)
SELECT e.entity_id, k.cell_id, k.plan_id, k.indicator_id, 4095, i.unit, CASE i.frequency WHEN 'semiannual' THEN 10 ELSE 15 END, 0, 39996, x.part
  FROM (VALUES ('XA-1.1', 'FED-A,FED-B,FED-C,KRG-A,KRG-B', 'whole'), ('XA-1.2', 'FED-A,FED-B,KRG-A', 'whole'), ('XA-1.3', 'FED-A,KRG-A', 'numerator'), ('XA-1.3', 'FED-B,KRG-B', 'denominator'),
               ('XA-1.4', 'FED-A,KRG-A', 'whole'), ('XA-1.5', 'FED-A,KRG-A', 'whole'), ('XA-1.6', 'FED-A,FED-B', 'whole'), ('XA-1.8', 'FED-A,FED-B,KRG-A', 'whole'),
               ('XA-1.9', 'FED-A', 'whole'), ('XA-2.2', 'FED-A,FED-B', 'whole'), ('XA-2.3', 'FED-A', 'whole')) AS x (indicator, entities, part)
  JOIN indicator i ON i.code = x.indicator JOIN cell k USING (indicator_id) JOIN entity e ON e.code = ANY (string_to_array(x.entities, ','));
INSERT INTO app_user (name, display_name, home_entity_id) SELECT lower(code) || '-focal', 'Focal point', entity_id FROM entity WHERE entity_id <> 0;
INSERT INTO role_grant (user_id, role, entity_id, granted_by) SELECT user_id, 'focal_point', home_entity_id, 0 FROM app_user WHERE user_id <> 0;
INSERT INTO app_user (name, display_name, home_entity_id) SELECT n, n, 0 FROM unnest('{sec,team,cof,cok,both,nobody}'::text[]) AS n;
INSERT INTO role_grant (user_id, role, jurisdiction, granted_by)
SELECT u.user_id, g.role, g.jurisdiction, 0
  FROM (VALUES ('sec', 'secretariat', NULL), ('team', 'national_team', NULL), ('cof', 'coordinator', 'federal'), ('cok', 'coordinator', 'kurdistan'),
               ('both', 'coordinator', 'federal'), ('both', 'national_team', NULL), ('nobody', 'observer', NULL)) AS g (name, role, jurisdiction) JOIN app_user u USING (name);
INSERT INTO round (plan_id, code, quarter, opens_at, due_at, closes_at, made_by)
SELECT plan_id, c, quarter_number(c), now() - interval '1 day', now() + interval '10 days', CASE c WHEN '2025Q1' THEN now() - interval '1 hour' END, 0
  FROM plan, unnest('{2024Q2,2024Q3,2025Q1}'::text[]) AS c;
UPDATE round SET opens_at = now() + interval '5 days' WHERE code = '2025Q1';
INSERT INTO report (entity_id, round_id, plan_id) SELECT entity_id, round_id, plan_id FROM round, entity WHERE entity_id <> 0;

\ir hands.psql

-- ---- nothing yet: every cell asked is there, unanswered

SELECT is(pg_temp.coverage('sec', 'accepted', 'XA-1.1', 'federal'), '3 0 0 0 0 0 0 3 FED-A,FED-B,FED-C | | 0.000', 'before the first report every entity asked is missing');
SELECT is(pg_temp.coverage('sec', 'accepted', 'XA-1.1', 'iraq'), '5 0 0 0 0 0 0 5 FED-A,FED-B,FED-C,KRG-A,KRG-B | | 0.000', 'and Iraq''s are both sides''');
SELECT is(pg_temp.figure('sec', 'accepted', 'XA-1.1', 'iraq'), '', 'there is no figure, not a 0');
SELECT is((SELECT count(*) FROM total), 0::bigint, 'nothing was summed for it');

-- ---- the quarter before, for weight_missing

SELECT is(pg_temp.save('FED-A', '2024Q2', '{XA-1.1,XA-2.3}', '{1,5}', '{30,1}', '{NULL,3}'), 'ok', 'A types 30');
SELECT is(pg_temp.save('FED-B', '2024Q2', '{XA-1.1}', '{1}', '{90}'), 'ok', 'B 90');
SELECT is(pg_temp.save('KRG-A', '2024Q2', '{XA-1.1}', '{1}', '{80}'), 'ok', 'Kurdish A 80');
SELECT pg_temp.reach(n, '2024Q2', 'submitted') FROM unnest('{FED-A,FED-B,KRG-A}'::text[]) AS n \g /dev/null
SELECT is(pg_temp.figure('cof', 'submitted', 'XA-1.1', 'federal', '2024Q2'), '1 120', 'they make 120');
SELECT is(pg_temp.figure('cof', 'submitted', 'XA-2.3', 'federal', '2024Q2'), '5 1/3 33.3%', 'of a `one` its reporter''s ratio stands');
SELECT is((SELECT period FROM national_figures(pg_temp.u('cof'), pg_temp.r('2024Q2'), 'submitted', '', 'XA-2.3', false)), '2024S1', 'it speaks of the half year');
SELECT is((SELECT count(*) FROM national_figures(pg_temp.u('cof'), pg_temp.r('2024Q3'), 'submitted', '', 'XA-2.3', false)), 0::bigint, 'Q3 does not ask for a half year''s figure');

-- ---- submitted: A, then B with a blank, then C

SELECT is(pg_temp.save('FED-A', '2024Q3', '{XA-1.1,XA-1.1:sex=F,XA-1.1:sex=M,XA-1.2,XA-1.3,XA-1.4,XA-1.5,XA-1.6,XA-1.8,XA-1.9,XA-2.2}', '{1,1,1,5,6,1,2,4,1,3,1}',
          '{10,4,6,1,8,3,NULL,NULL,123456789012345678.123,NULL,5}', '{NULL,NULL,NULL,8,NULL,NULL,NULL,NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL,NULL,NULL,NULL,words of A,NULL,NULL,NULL}'), 'ok', 'A types');
SELECT is(pg_temp.figure('cof', 'submitted', 'XA-1.1', 'federal'), '', 'what is typed is not counted');
SELECT pg_temp.reach('FED-A', '2024Q3', 'submitted') \g /dev/null
SELECT is(pg_temp.figure('cof', 'submitted', 'XA-1.1', 'federal'), '1 10', 'what is submitted is');
SELECT is(pg_temp.coverage('cof', 'submitted', 'XA-1.1', 'federal'), '3 1 0 0 0 0 0 2 FED-B,FED-C | | 0.333', 'one of three');
SELECT is(pg_temp.figure('cof', 'submitted', 'XA-1.3', 'federal'), '6 8', 'half a ratio is shown as its half, without a percentage');
SELECT is(pg_temp.save('FED-B', '2024Q3', '{XA-1.1,XA-1.1:sex=F,XA-1.2,XA-1.3,XA-1.6,XA-1.8}', '{8,1,5,7,9,1}', '{NULL,5,1,NULL,NULL,0.00000000000000000001}', '{NULL,NULL,8,16,NULL,NULL}'), 'ok', 'B types');
SELECT pg_temp.reach('FED-B', '2024Q3', 'submitted') \g /dev/null
SELECT is(pg_temp.figure('cof', 'submitted', 'XA-1.3', 'federal'), '5 8/16 50.0%', 'halves of two entities join');
SELECT is((SELECT string_agg(p.entity || ' ' || p.kind || ' ' || coalesce(p.number, p.denominator)::text, ', ' ORDER BY p.entity)
             FROM national_parts(pg_temp.u('cof'), pg_temp.r('2024Q3'), 'submitted', '', 'XA-1.3', true) p), 'FED-A 6 8, FED-B 7 16', 'and it says who gave which');
SELECT is(pg_temp.figure('cof', 'submitted', 'XA-1.2', 'federal'), '5 2/16 12.5%', 'a ratio is the sum of numerators over the sum of denominators');
SELECT is(pg_temp.figure('cof', 'submitted', 'XA-1.8', 'federal'), '1 123456789012345678.12300000000000000001 contacts', 'exact to the last of 38 digits, and labelled contacts');
SELECT is(pg_temp.figure('cof', 'submitted', 'XA-1.1:sex=F', 'federal'), '1 9', 'cells of tables add up too');
SELECT is(pg_temp.coverage('cof', 'submitted', 'XA-1.1', 'federal'), '3 1 0 0 0 0 0 2 FED-B,FED-C | | 0.333', 'not_applicable does not count before it is endorsed');
SELECT is(pg_temp.coverage('cof', 'submitted', 'XA-1.6', 'federal'), '2 1 0 0 1 0 0 0 | | 0.500', 'not_collected counts at once');
SELECT is((SELECT weight_missing FROM national_figures(pg_temp.u('cof'), pg_temp.r('2024Q3'), 'submitted', 'federal', 'XA-1.1', false) WHERE cell = 'XA-1.1'), '0.750',
          'B gave 90 of last quarter''s 120');
SELECT is(pg_temp.save('FED-C', '2024Q3', '{XA-1.1}', '{10}', '{NULL}'), 'ok', 'C withholds');
SELECT pg_temp.reach('FED-C', '2024Q3', 'submitted') \g /dev/null
SELECT is(pg_temp.coverage('cof', 'submitted', 'XA-1.1', 'federal'), '3 1 1 0 0 0 0 1 FED-B | | 0.333', 'withheld is an answer, not missing');

-- ---- endorsed: not_applicable counts

SELECT pg_temp.reach(n, '2024Q3', 'endorsed') FROM unnest('{FED-A,FED-B,FED-C}'::text[]) AS n \g /dev/null
SELECT is(pg_temp.coverage('sec', 'endorsed', 'XA-1.1', 'federal'), '3 1 1 0 0 1 0 0 | | 0.500', 'endorsed, not_applicable leaves the rate''s denominator');
SELECT is(pg_temp.coverage('cof', 'submitted', 'XA-1.1', 'federal'), '3 1 1 0 0 0 0 1 FED-B | | 0.333', 'the submitted picture stays as it was');

-- ---- what does not add up

SELECT is(pg_temp.figure('sec', 'endorsed', 'XA-1.5', 'federal'), '2', 'of a `one` the reporter''s yes stands');
SELECT is(pg_temp.figure('sec', 'endorsed', 'XA-1.5', 'iraq'), 'listed', 'two yeses make no Iraq');
SELECT is(pg_temp.figure('sec', 'endorsed', 'XA-1.9', 'iraq'), '3', 'where one side alone is asked, its answer is Iraq''s');
SELECT is(pg_temp.figure('sec', 'endorsed', 'XA-1.6', 'federal'), 'listed', 'words are listed');
SELECT is(pg_temp.figure('sec', 'endorsed', 'XA-2.2', 'federal'), 'listed', '`each` is listed, numbers too');
SELECT is((SELECT string_agg(p.entity || ' ' || p.kind || coalesce(' ' || p.text, ''), ', ' ORDER BY p.entity)
             FROM national_parts(pg_temp.u('sec'), pg_temp.r('2024Q3'), 'endorsed', '', '', true) p JOIN cell k USING (cell_id) WHERE k.code = 'XA-1.6'), 'FED-A 4 words of A, FED-B 9', 'by entity');
SELECT is((SELECT string_agg(f.jurisdiction || ' ' || f.label || ' ' || f.expected, ', ') FROM national_figures(pg_temp.u('sec'), pg_temp.r('2024Q3'), 'endorsed', '', 'XA-1.7', false) f),
          'iraq not_computed 0', 'derived is named once, not computed');
SELECT is((SELECT string_agg(f.jurisdiction, ', ') FROM national_figures(pg_temp.u('cof'), pg_temp.r('2024Q3'), 'endorsed', '', 'XA-1.7', false) f), 'federal', 'to whom Iraq is not shown, in his own');
SELECT is((SELECT count(*) FROM national_figures(pg_temp.u('sec'), pg_temp.r('2024Q3'), 'endorsed', '', 'XA-2.1', false)), 0::bigint, 'a register of the year is not due in Q3');

-- ---- Kurdistan and Iraq

SELECT is(pg_temp.save('KRG-A', '2024Q3', '{XA-1.1,XA-1.2,XA-1.3,XA-1.4,XA-1.8}', '{1,5,6,1,11}', '{7,1,9,4,NULL}', '{NULL,16,NULL,NULL,NULL}'), 'ok', 'Kurdish A types');
SELECT pg_temp.reach('KRG-A', '2024Q3', s) FROM unnest('{submitted,endorsed}'::text[]) AS s \g /dev/null
SELECT is(pg_temp.figure('sec', 'endorsed', 'XA-1.1', 'iraq'), '1 17', 'Iraq is both');
SELECT is(pg_temp.figure('sec', 'endorsed', 'XA-1.2', 'iraq'), '5 3/32 9.4%', 'Iraq''s ratio too');
SELECT is(pg_temp.figure('sec', 'endorsed', 'XA-1.2', 'kurdistan'), '5 1/16 6.3%', 'a percentage is rounded half up');
SELECT is(pg_temp.figure('sec', 'endorsed', 'XA-1.3', 'iraq'), '5 17/16', 'no percentage where one side''s half is missing');
SELECT is(pg_temp.coverage('sec', 'endorsed', 'XA-1.8', 'iraq'), '3 2 0 1 0 0 0 0 | | 0.667', 'not_available is one of the blanks');
SELECT is((SELECT weight_missing FROM national_figures(pg_temp.u('cok'), pg_temp.r('2024Q3'), 'submitted', '', 'XA-1.1', false) WHERE cell = 'XA-1.1'), '0.000', 'nothing of last quarter is missing there');
UPDATE report SET excused_by = 0 WHERE entity_id = pg_temp.e('KRG-B') AND round_id = pg_temp.r('2024Q3');
SELECT is(pg_temp.coverage('sec', 'endorsed', 'XA-1.1', 'kurdistan'), '2 1 0 0 0 0 1 0 | | 1.000', 'who is excused is not missing');
SELECT is((SELECT excused_by::text FROM total_compute(pg_temp.r('2024Q3'), 'endorsed', 'kurdistan', ARRAY[(SELECT cell_id FROM cell WHERE code = 'XA-1.1')])), ARRAY[pg_temp.e('KRG-B')]::text, 'a new sum says so too');

-- ---- who may see

SELECT is(pg_temp.figure('cof', 'endorsed', 'XA-1.1', 'kurdistan'), NULL, 'a coordinator does not see the other side');
SELECT is(pg_temp.figure('cof', 'endorsed', 'XA-1.1', 'iraq'), NULL, 'nor Iraq');
SELECT is(pg_temp.figure('sec', 'submitted', 'XA-1.1', 'federal'), NULL, 'the Secretariat nothing below endorsed');
SELECT is(pg_temp.figure('team', 'endorsed', 'XA-1.1', 'federal'), NULL, 'the National Team nothing below accepted');
SELECT is(pg_temp.figure('nobody', 'accepted', 'XA-1.1', 'federal'), NULL, 'others nothing');
SELECT is((SELECT count(*) FROM national_parts(pg_temp.u('cof'), pg_temp.r('2024Q3'), 'endorsed', 'kurdistan', 'XA-1.1', true)), 0::bigint, 'parts no more than figures');
SELECT pg_temp.reach(n, '2024Q3', 'accepted') FROM unnest('{FED-A,FED-B,FED-C,KRG-A}'::text[]) AS n \g /dev/null
SELECT is(pg_temp.figure('team', 'accepted', 'XA-1.1', 'iraq'), '1 17', 'the National Team sees what is accepted');
SELECT is(pg_temp.figure('team', 'accepted', 'XA-1.4', 'iraq'), 'hidden', 'but nothing of a protected indicator');
SELECT is(pg_temp.coverage('team', 'accepted', 'XA-1.4', 'iraq'), '2 2 0 0 0 0 0 0 | | 1.000', 'only its coverage');
SELECT is((SELECT count(*) FROM national_parts(pg_temp.u('team'), pg_temp.r('2024Q3'), 'accepted', '', 'XA-1.4', true)), 0::bigint, 'and nobody''s part');
SELECT is((SELECT string_agg(pg_temp.figure('both', 'accepted', 'XA-1.4', j), ', ') FROM unnest('{federal,kurdistan,iraq}'::text[]) AS j), '1 3, hidden, hidden', 'several roles add up, each where it holds');
SELECT is(pg_temp.figure('sec', 'accepted', 'XA-1.4', 'iraq'), '1 7', 'the Secretariat sees it');

-- ---- corrections, withdrawals

SELECT pg_temp.move('FED-A', '2024Q3', 'in_review'), pg_temp.move('FED-A', '2024Q3', 'returned') \g /dev/null
SELECT is(pg_temp.figure('team', 'accepted', 'XA-1.1', 'federal'), '1 10', 'a correction does not empty the nation');
SELECT is(pg_temp.coverage('sec', 'accepted', 'XA-1.1', 'federal'), '3 1 1 0 0 1 0 0 | FED-A | 0.500', 'and is named');
SELECT is((SELECT f.under_correction FROM national_figures(pg_temp.u('cof'), pg_temp.r('2024Q3'), 'submitted', '', 'XA-1.9', false) f), 'FED-A', 'at every state it fell below');
INSERT INTO review_point (entity_id, round_id, point, target_kind, text, opened_by, opened_revision) SELECT pg_temp.e('FED-A'), pg_temp.r('2024Q3'), 1, 'report', 'why', 0, 1;
SELECT is(pg_temp.save('FED-A', '2024Q3', '{XA-1.1}', '{1}', '{11}'), 'ok', 'A corrects');
SELECT pg_temp.reach('FED-A', '2024Q3', 'submitted') \g /dev/null
SELECT is(pg_temp.figure('cof', 'submitted', 'XA-1.1', 'federal'), '1 11', 'the correction is submitted');
SELECT is(pg_temp.figure('team', 'accepted', 'XA-1.1', 'federal'), '1 10', 'and not yet accepted');
SELECT pg_temp.move('FED-A', '2024Q3', 'returned', 'withdraw') \g /dev/null
SELECT is(pg_temp.figure('cof', 'submitted', 'XA-1.1', 'federal'), '1 10', 'withdrawn: the one before counts again');
SELECT pg_temp.move('FED-C', '2024Q3', 'draft', 'withdraw') \g /dev/null
SELECT is(pg_temp.coverage('cof', 'submitted', 'XA-1.1', 'federal'), '3 1 0 0 0 0 0 2 FED-B,FED-C | FED-A | 0.333', 'withdrawn without one before: missing again');

-- ---- the second sum

SELECT is((SELECT array_agg(d.cell) FILTER (WHERE d.cell IS NOT NULL)::text || d.compared FROM national_recompute(pg_temp.r('2024Q3')) d WHERE d.cell IS NOT NULL GROUP BY d.compared), NULL, 'the log agrees with every total');
SELECT cmp_ok((SELECT d.compared FROM national_recompute(pg_temp.r('2024Q3')) d), '=', (SELECT count(*) FROM total WHERE round_id = pg_temp.r('2024Q3')), 'all of them were compared');
SAVEPOINT tampered;
UPDATE total SET number = number + 0.00000000000000000001 WHERE state = 'accepted' AND jurisdiction = 'federal' AND cell_id = (SELECT cell_id FROM cell WHERE code = 'XA-1.8') AND round_id = pg_temp.r('2024Q3');
SELECT is((SELECT d.cell || ' ' || d.state || ' ' || d.fault FROM national_recompute(pg_temp.r('2024Q3')) d WHERE d.cell IS NOT NULL), 'XA-1.8 accepted figure', 'a figure changed in its last digit is found');
ROLLBACK TO tampered;
UPDATE total SET withheld_by = '{}', not_collected_by = withheld_by WHERE state = 'accepted' AND jurisdiction = 'federal' AND cell_id = (SELECT cell_id FROM cell WHERE code = 'XA-1.1') AND round_id = pg_temp.r('2024Q3');
SELECT is((SELECT d.cell || ' ' || d.fault FROM national_recompute(pg_temp.r('2024Q3')) d WHERE d.cell IS NOT NULL), 'XA-1.1 coverage', 'a blank called another is found');
ROLLBACK TO tampered;
DELETE FROM total WHERE state = 'accepted' AND jurisdiction = 'federal' AND cell_id = (SELECT cell_id FROM cell WHERE code = 'XA-1.1') AND round_id = pg_temp.r('2024Q3');
SELECT is((SELECT d.cell || ' ' || d.fault FROM national_recompute(pg_temp.r('2024Q3')) d WHERE d.cell IS NOT NULL), 'XA-1.1 missing', 'one that is gone is found');
ROLLBACK TO tampered;

-- ---- completeness and rounds

UPDATE report SET first_submitted_at = now() WHERE entity_id = pg_temp.e('FED-A') AND round_id = pg_temp.r('2024Q3');
UPDATE report SET first_submitted_at = now() + interval '90 days', due_at = now() + interval '80 days', accepted_first = true WHERE entity_id = pg_temp.e('FED-B') AND round_id = pg_temp.r('2024Q3');
SELECT is((SELECT string_agg(concat_ws(' ', e.code, s.state, s.on_time, s.answered || '/' || s.asked, s.excused, s.accepted_first), ', ' ORDER BY e.code)
             FROM national_states(pg_temp.u('team'), pg_temp.r('2024Q3')) s JOIN entity e USING (entity_id)),
          'FED-A returned t 9/9 f f, FED-B accepted f 5/6 f t, FED-C draft f 1/1 f f, KRG-A accepted f 5/6 f f, KRG-B expected f 0/2 t f',
          'states, dates and counts of all who are asked for something');
SELECT is((SELECT count(*) FROM national_states(pg_temp.u('nobody'), pg_temp.r('2024Q3'))), 0::bigint, 'not for others');
SELECT is(national_round((SELECT plan_id FROM plan), ''), pg_temp.r('2024Q3'), 'without a code the newest open round is meant');
SELECT is(national_round((SELECT plan_id FROM plan), '2024Q2'), pg_temp.r('2024Q2'), 'by its code any');
SELECT is(national_round((SELECT plan_id FROM plan), '1999Q1'), NULL, 'or none');

SELECT * FROM finish();
ROLLBACK;
