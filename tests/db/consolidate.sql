-- Registers united, formulas over the system's own rows, periods by rule and value kind, who contests.
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SET LOCAL search_path = inap, tap, public;
SELECT plan(83);
\ir fixture.psql
\ir hands.psql

-- ---- the plan: flows, stocks, ratios, words, a register, formulas

UPDATE app_user u SET name = lower(e.code) || '-focal' FROM entity e WHERE u.home_entity_id = e.entity_id AND u.user_id <> 0;
INSERT INTO indicator (plan_id, code, name_en, result_id, level, unit, direction, frequency, value_kind, rule, across_entities, across_periods, multiplier, combine, protection, k,
                       may_withhold, may_overlap, sort, body)
SELECT r.plan_id, x.code, x.code, r.result_id, 'output', x.unit, 'up', x.frequency, x.kind, x.entities, x.entities, x.periods, 100, x.combine, 'none', 0, false, false, 10 + x.n,
       CASE WHEN x.formula <> '' THEN jsonb_build_object('formula', x.formula) ELSE '{}' END
  FROM result r, (VALUES (1, 'XB-1.1', 'percent', 'quarterly', 'in_period', 'ratio', 'ratio', 'parts', ''), (2, 'XB-1.2', 'count', 'quarterly', 'at_period_end', 'sum', 'last', 'parts', ''),
                         (3, 'XB-1.3', 'count', 'quarterly', 'year_to_date', 'sum', 'sum', 'parts', ''), (4, 'XB-1.4', 'text', 'quarterly', 'in_period', 'none', 'none', 'each', ''),
                         (5, 'XB-1.5', 'count', 'semiannual', 'in_period', 'sum', 'sum', 'parts', ''), (6, 'XB-1.6', 'count', 'annual', 'at_period_end', 'sum', 'last', 'parts', ''),
                         (7, 'XB-2.1', 'count', 'quarterly', 'at_period_end', 'sum', 'last', 'register', ''), (8, 'XB-3.1', 'percent', 'quarterly', 'in_period', 'ratio', 'ratio', 'derived', 'reports_on_time'),
                         (9, 'XB-3.2', 'percent', 'quarterly', 'in_period', 'ratio', 'ratio', 'derived', 'full_tables'),
                         (10, 'XB-3.3', 'percent', 'quarterly', 'at_period_end', 'ratio', 'last', 'derived', 'focal_points'),
                         (11, 'XB-3.4', 'percent', 'quarterly', 'at_period_end', 'ratio', 'last', 'derived', 'sectoral_plans'),
                         (12, 'XB-3.5', 'percent', 'quarterly', 'at_period_end', 'ratio', 'last', 'derived', 'activities_funded'),
                         (13, 'XB-3.6', 'text', 'quarterly', 'in_period', 'none', 'none', 'derived', 'report_words'),
                         (14, 'XB-3.7', 'count', 'quarterly', 'in_period', 'sum', 'sum', 'derived', 'meetings'), (15, 'XB-3.8', 'count', 'quarterly', 'in_period', 'sum', 'sum', 'derived', ''),
                         (16, 'XB-3.9', 'count', 'annual', 'in_period', 'sum', 'sum', 'derived', 'meetings'), (17, 'XB-4.1', 'yes_no', 'annual', 'at_period_end', 'none', 'last', 'derived', 'annual_report'))
       AS x (n, code, unit, frequency, kind, entities, periods, combine, formula);
INSERT INTO cell (plan_id, code, indicator_id, sort) SELECT plan_id, code, indicator_id, 0 FROM indicator WHERE code LIKE 'XB-%';
INSERT INTO assignment (plan_id, indicator_id, entity_id, part, from_quarter)
SELECT i.plan_id, i.indicator_id, e.entity_id, 'whole', quarter_number('2021Q1') FROM indicator i, entity e WHERE e.code IN ('FED-A', 'FED-B', 'KRG-A') AND i.combine <> 'derived';
DELETE FROM form_cell;
INSERT INTO form_cell (entity_id, cell_id, plan_id, indicator_id, kinds, unit, quarters, from_quarter, to_quarter, part)
SELECT e.entity_id, k.cell_id, k.plan_id, k.indicator_id, 4095, CASE i.combine WHEN 'register' THEN 'names' ELSE i.unit END,
       CASE i.frequency WHEN 'semiannual' THEN 10 WHEN 'annual' THEN 8 ELSE 15 END, 0, 39996, 'whole'
  FROM indicator i JOIN cell k USING (indicator_id), entity e WHERE e.code IN ('FED-A', 'FED-B', 'KRG-A') AND i.combine <> 'derived';
INSERT INTO app_user (name, display_name, home_entity_id) SELECT n, n, 0 FROM unnest('{sec,cof,second}'::text[]) AS n;
INSERT INTO role_grant (user_id, role, jurisdiction, granted_by) VALUES (pg_temp.u('sec'), 'secretariat', NULL, 0), (pg_temp.u('cof'), 'coordinator', 'federal', 0);
INSERT INTO round (plan_id, code, quarter, opens_at, due_at, made_by)
SELECT plan_id, c, quarter_number(c), now() - interval '1 day', now() + interval '10 days', 0 FROM plan, unnest('{2024Q1,2024Q2,2024Q4}'::text[]) AS c;
INSERT INTO report (entity_id, round_id, plan_id) SELECT entity_id, round_id, plan_id FROM round, entity WHERE entity_id <> 0 ON CONFLICT DO NOTHING;

-- A figure of a period as 'period kind number/denominator text percent label | expected valued missing | gaps'.
CREATE FUNCTION pg_temp.spanned(p_period text, p_cell text, p_jurisdiction text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(concat_ws(' ', f.period, f.kind, f.number::text || coalesce('/' || f.denominator::text, ''), f.text, f.percent || '%', nullif(f.label, ''), '|', f.expected, f.valued, f.missing, '|', f.gaps),
                  '; ' ORDER BY f.quarter)
  FROM plan p CROSS JOIN LATERAL national_picture(pg_temp.u('sec'), p.plan_id, '', p_period, 'accepted', p_jurisdiction, '', true) f JOIN cell k USING (cell_id)
 WHERE k.code = p_cell AND f.jurisdiction = p_jurisdiction $$;
CREATE FUNCTION pg_temp.all_the_way(p_entity text, p_round text) RETURNS text LANGUAGE sql AS
$$ SELECT pg_temp.reach(p_entity, p_round, 'submitted') || pg_temp.reach(p_entity, p_round, 'endorsed') || pg_temp.reach(p_entity, p_round, 'accepted') $$;

-- ---- names

SELECT is(register_names(ARRAY[E'Al-Amal\n\n Women  of Basra ', E'women of basra\nHope']), E'Al-Amal\nHope\nWomen of Basra', 'names are united, spelled as they are spelled first');
SELECT is(register_names(ARRAY['منظمة الأمل', 'منظمه الامل']), 'منظمة الأمل', 'one name in two spellings of its letters');
SELECT is(register_names(ARRAY[E' \n ', NULL]), NULL, 'blank lines name nothing');
SELECT is(register_names(ARRAY[E'Hope\u00A0\n\u202F\nRasan', E'hope\n\u0640\u064B']), E'Hope\nRasan', 'nor do blanks that do not break, nor signs without a letter');
SELECT is(register_count(NULL), 0, 'and count nothing');
SELECT is(register_count(E'a\nb'), 2, 'a line is a name');
SELECT is(value_fault(1::smallint, 4095, 'names', 0, NULL, NULL), NULL, 'a register takes 0');
SELECT is(value_fault(1::smallint, 4095, 'names', 3, NULL, NULL), 'CELL_KIND', 'and no other number');
SELECT is(pg_temp.save('FED-A', '2024Q3', '{XB-2.1}', '{4}', '{NULL}', NULL, ARRAY[E'Al-Amal\nBaghdad Women']), 'ok', 'A names two');
SELECT is(pg_temp.save('FED-B', '2024Q3', '{XB-2.1}', '{4}', '{NULL}', NULL, ARRAY[E'baghdad  women\u00A0\nHope\n\u00A0']), 'ok', 'B two, one of them the same');
SELECT is(pg_temp.save('KRG-A', '2024Q3', '{XB-2.1}', '{4}', '{NULL}', NULL, ARRAY[E'HOPE']), 'ok', 'Kurdish A one of these');
SELECT pg_temp.all_the_way(e, '2024Q3') FROM unnest('{FED-A,FED-B,KRG-A}'::text[]) AS e \g /dev/null
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-2.1', 'federal'), E'1 3 Al-Amal\nBaghdad Women\nHope', 'the federal union has three');
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-2.1', 'kurdistan'), '1 1 HOPE', 'the Kurdish one');
SELECT is((SELECT number FROM national_figures(pg_temp.u('sec'), pg_temp.r('2024Q3'), 'accepted', 'iraq', 'XB-2.1', false)), 3::numeric, 'Iraq''s three, not four');
SELECT is(pg_temp.coverage('sec', 'accepted', 'XB-2.1', 'iraq'), '3 3 0 0 0 0 0 0 | | 1.000', 'all are in it');
SELECT is((SELECT count(*) FROM national_recompute(pg_temp.r('2024Q3')) d WHERE d.cell IS NOT NULL), 0::bigint, 'a second sum agrees');
SAVEPOINT tampered;
UPDATE total SET text = replace(text, 'Hope', 'Hopes') WHERE state = 'accepted' AND jurisdiction = 'federal' AND round_id = pg_temp.r('2024Q3') AND cell_id = (SELECT cell_id FROM cell WHERE code = 'XB-2.1');
SELECT is((SELECT d.cell || ' ' || d.fault FROM national_recompute(pg_temp.r('2024Q3')) d WHERE d.cell IS NOT NULL), 'XB-2.1 figure', 'and finds a name that was changed');
ROLLBACK TO tampered;
SELECT is(pg_temp.save('FED-A', '2024Q4', '{XB-2.1}', '{1}', '{0}'), 'ok', 'A has none to name');
SELECT pg_temp.all_the_way('FED-A', '2024Q4') \g /dev/null
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-2.1', 'federal', '2024Q4'), '1 0', 'which is 0, not nothing');
SELECT is((SELECT count(*) FROM national_recompute(pg_temp.r('2024Q4')) d WHERE d.cell IS NOT NULL), 0::bigint, 'for the second sum too');

-- ---- periods

SELECT is((SELECT string_agg(quarter_code(q.first) || '-' || quarter_code(q.last), ' ') FROM unnest('{2024,2024S2,2024Q3,2024Q1..2024Q3,2023S2..2024}'::text[]) AS p CROSS JOIN LATERAL period_quarters(p) q),
          '2024Q1-2024Q4 2024Q3-2024Q4 2024Q3-2024Q3 2024Q1-2024Q3 2023Q3-2024Q4', 'periods as people write them');
SELECT is((SELECT count(q.first) FROM unnest('{"",2024Q5,2024S3,24,2024Q3..2024Q1,2024Q1..,..2024,1..2,2024Q1..2024Q2..2024Q3,2000..2020,2024q1}'::text[]) AS p CROSS JOIN LATERAL period_quarters(p) q), 0::bigint, 'and none');
SELECT is(pg_temp.save('FED-A', '2024Q1', '{XA-1.1,XB-1.1,XB-1.2,XB-1.3,XB-1.4}', '{1,5,1,1,4}', '{10,1,100,5,NULL}', '{NULL,4,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL,first}'), 'ok', 'A in Q1');
SELECT is(pg_temp.save('FED-A', '2024Q2', '{XA-1.1,XB-1.1,XB-1.2,XB-1.3,XB-1.4,XB-1.5}', '{1,5,1,1,4,1}', '{20,3,90,12,NULL,7}', '{NULL,4,NULL,NULL,NULL,NULL}', '{NULL,NULL,NULL,NULL,second,NULL}'), 'ok', 'A in Q2');
SELECT is(pg_temp.save('FED-B', '2024Q1', '{XA-1.1,XB-1.2}', '{1,1}', '{1,7}'), 'ok', 'B in Q1');
SELECT is(pg_temp.save('KRG-A', '2024Q2', '{XA-1.1,XB-1.2}', '{1,1}', '{300,3000}'), 'ok', 'Kurdish A in Q2');
SELECT pg_temp.all_the_way('FED-A', '2024Q1'), pg_temp.all_the_way('FED-A', '2024Q2'), pg_temp.all_the_way('FED-B', '2024Q1'), pg_temp.all_the_way('KRG-A', '2024Q2') \g /dev/null
SELECT is(pg_temp.spanned('2024S1', 'XA-1.1', 'federal'), '2024S1 1 31 | 4 3 FED-B/2024Q2 |', 'a flow adds over quarters, and says whose report is missing');
SELECT is(pg_temp.spanned('2024S1', 'XA-1.1', 'iraq'), '2024S1 1 331 | 6 4 KRG-A/2024Q1,FED-B/2024Q2 |', 'Iraq''s too');
SELECT is(pg_temp.spanned('2024S1', 'XA-1.1', 'kurdistan'), '2024S1 1 300 | 2 1 KRG-A/2024Q1 | 2024Q1', 'a quarter without a figure is a gap');
SELECT is(pg_temp.spanned('2024S1', 'XB-1.1', 'federal'), '2024S1 5 4/8 50.0% | 4 2 FED-B/2024Q1,FED-B/2024Q2 |', 'ratios are sums over sums');
SELECT is(pg_temp.spanned('2024S1', 'XB-1.2', 'federal'), '2024Q2 1 90 | 2 1 FED-B/2024Q2 |', 'a stock is the last quarter''s');
SELECT is(pg_temp.spanned('2024', 'XB-1.2', 'federal'), '2024Q2 1 90 | 2 1 FED-B/2024Q2 | 2024Q3,2024Q4', 'the last inside, with what is missing since');
SELECT is(pg_temp.spanned('2024S2', 'XB-1.2', 'federal'), '2024Q4 | 2 0 FED-A/2024Q4,FED-B/2024Q4 | 2024Q3,2024Q4', 'never an older one');
SELECT is(pg_temp.spanned('2024S1', 'XB-1.2', 'iraq'), '2024Q2 1 3090 | 3 2 FED-B/2024Q2 |', 'Iraq''s is of one quarter');
SELECT is(pg_temp.spanned('2024S1', 'XB-1.3', 'federal'), '2024Q2 1 12 | 2 1 FED-B/2024Q2 |', 'a figure of the year to date is never added, whatever its rule says');
SELECT is(pg_temp.spanned('2024S1', 'XB-1.4', 'federal'), '2024Q1 listed | 2 1 FED-B/2024Q1 |; 2024Q2 listed | 2 1 FED-B/2024Q2 |', 'words are listed quarter by quarter');
SELECT is(pg_temp.spanned('2024Q2', 'XB-1.5', 'federal'), NULL, 'half a year is no part of a quarter');
SELECT is(pg_temp.spanned('2024Q2..2024Q4', 'XB-1.5', 'federal'), '2024Q2..2024Q4 | 2 0 FED-A/2024Q4,FED-B/2024Q4 | 2024S2', 'a half that began before is not in');
SELECT is(pg_temp.spanned('2024', 'XB-1.5', 'federal'), '2024 1 7 | 4 1 FED-B/2024Q2,FED-A/2024Q4,FED-B/2024Q4 | 2024S2', 'both halves of the year are');
SELECT is(pg_temp.spanned('2024S2', 'XB-1.6', 'federal'), '2024 | 2 0 FED-A/2024Q4,FED-B/2024Q4 | 2024', 'a year''s stock ends in its second half');
SELECT is(pg_temp.spanned('2024S2', 'XB-2.1', 'iraq'), '2024Q4 1 0 | 3 1 FED-B/2024Q4,KRG-A/2024Q4 |', 'a register is a stock');
SELECT is(pg_temp.spanned('2024Q3', 'XB-2.1', 'iraq'), E'2024Q3 1 3 Al-Amal\nBaghdad Women\nHOPE | 3 3 |', 'of a quarter its own, named by both sides');
SAVEPOINT flow;
UPDATE indicator SET value_kind = 'in_period', across_periods = 'sum' WHERE code = 'XB-2.1';
SELECT is(pg_temp.save('KRG-A', '2024Q4', '{XB-2.1}', '{4}', '{NULL}', NULL, ARRAY[E'Hope\nRasan']), 'ok', 'one name again, and a new one');
SELECT pg_temp.all_the_way('KRG-A', '2024Q4') \g /dev/null
SELECT is(pg_temp.spanned('2024S2', 'XB-2.1', 'iraq'), E'2024S2 1 4 Al-Amal\nBaghdad Women\nHOPE\nRasan | 6 5 FED-B/2024Q4 |', 'a register that is no stock counts each name once over quarters');
ROLLBACK TO flow;
SELECT is((SELECT count(*) FROM plan p CROSS JOIN LATERAL national_picture(pg_temp.u('cof'), p.plan_id, '', '2024', 'accepted', '', '', true) f WHERE f.jurisdiction <> 'federal'), 0::bigint, 'nobody sees more of a year than of its quarters');
SELECT is((SELECT string_agg(q.entity || ' ' || quarter_code(q.quarter) || ' ' || q.number, ', ' ORDER BY q.quarter, q.entity)
             FROM plan p CROSS JOIN LATERAL national_picture_parts(pg_temp.u('sec'), p.plan_id, '', '2024S1', 'accepted', '', 'XA-1.1', false) q JOIN cell k USING (cell_id) WHERE k.table_id IS NULL),
          'FED-A 2024Q1 10, FED-B 2024Q1 1, FED-A 2024Q2 20, KRG-A 2024Q2 300', 'parts are told quarter by quarter');

-- ---- weight of what is missing

SELECT is((SELECT f.weight_missing FROM national_figures(pg_temp.u('sec'), pg_temp.r('2024Q3'), 'accepted', 'federal', 'XB-1.1', false) f), '1.000', 'a ratio weighs by what it is of');
SELECT is((SELECT f.weight_missing FROM national_figures(pg_temp.u('sec'), pg_temp.r('2024Q2'), 'accepted', 'federal', 'XB-1.2', false) f), '0.065', 'a stock by its last total: 7 of 107');

-- ---- formulas

UPDATE report SET first_submitted_at = now() WHERE entity_id = pg_temp.e('FED-A') AND round_id = pg_temp.r('2024Q2');
UPDATE report SET first_submitted_at = now() + interval '90 days' WHERE entity_id = pg_temp.e('FED-B') AND round_id = pg_temp.r('2024Q2');
UPDATE report SET first_submitted_at = now(), excused_by = 0 WHERE entity_id = pg_temp.e('KRG-A') AND round_id = pg_temp.r('2024Q2');
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.1', 'federal', '2024Q2'), '5 1/2 50.0% derived', 'reports in time, of those due');
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.1', 'kurdistan', '2024Q2'), '5 0/0 derived', 'who is excused is not due, and of none there is no percentage');
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.1', 'iraq', '2024Q2'), '5 1/2 50.0% derived', 'Iraq''s are both');
SELECT is(pg_temp.spanned('2024Q2..2024Q3', 'XB-3.1', 'federal'), '2024Q2..2024Q3 5 1/4 25.0% derived | 0 0 |', 'over periods as any ratio');
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.2', 'federal', '2024Q2'), '5 0/1 0.0% derived', 'XA-1.1 has a table, which is empty');
SELECT is(pg_temp.save('FED-B', '2024Q2', '{XA-1.1,XA-1.1:sex=F,XA-1.1:sex=M,XA-1.1:sex=unknown,XB-1.2}', '{1,1,8,1,1}', '{4,3,NULL,1,5}'), 'ok', 'B gives its parts');
SELECT pg_temp.all_the_way('FED-B', '2024Q2') \g /dev/null
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.2', 'federal', '2024Q2'), '5 1/2 50.0% derived', 'a table is full with a figure, or does not apply, in every cell');
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.3', 'federal', '2024Q2'), '5 0/2 0.0% derived', 'nobody had two focal points in 2024Q2');
UPDATE role_grant SET valid_from = '2024-01-01' WHERE role = 'focal_point';
INSERT INTO role_grant (user_id, role, entity_id, valid_from, granted_by) VALUES (pg_temp.u('second'), 'focal_point', pg_temp.e('FED-A'), '2024-06-30', 0);
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.3', 'federal', '2024Q2'), '5 1/2 50.0% derived', 'A had, on its last day');
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.3', 'federal', '2024Q1'), '5 0/2 0.0% derived', 'and not before');
INSERT INTO activity (entity_id, plan_id, code, parent_id, name_en, proposed_by, agreed_by, agreed_at) SELECT pg_temp.e('KRG-A'), r.plan_id, 'KRG-A/A-01', r.result_id, 'An activity', 0, 0, '2024-06-30 12:00+03' FROM result r;
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.4', 'kurdistan', '2024Q2'), '5 1/1 100.0% derived', 'a sectoral plan of which something is agreed');
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.4', 'iraq', '2024Q1'), '5 0/3 0.0% derived', 'from that day on');
INSERT INTO result (plan_id, code, kind, name_en, parent_id, lead_entity_id, sort, body)
SELECT r.plan_id, 'XA-O1.1-A' || n, 'activity', 'Activity ' || n, r.result_id, pg_temp.e('FED-A'), 10 + n, '{}' FROM result r, generate_series(1, 3) AS n;
INSERT INTO activity_status (entity_id, round_id, result_id, revision, status, body)
SELECT pg_temp.e('FED-A'), pg_temp.r('2024Q2'), r.result_id, 1, CASE right(r.code, 1) WHEN '3' THEN 'cancelled' ELSE 'on_track' END,
       CASE right(r.code, 1) WHEN '1' THEN '{"budget": [{"source": "federal", "allocated": "5"}]}' ELSE '{}' END::jsonb FROM result r WHERE r.kind = 'activity';
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.5', 'federal', '2024Q2'), '5 1/2 50.0% derived', 'activities with money, of those not cancelled');
SAVEPOINT led;
UPDATE entity SET successor_id = pg_temp.e('FED-B'), valid_to = '2024-03-31' WHERE code = 'FED-A';
INSERT INTO activity_status (entity_id, round_id, result_id, revision, status) SELECT pg_temp.e('FED-B'), pg_temp.r('2024Q2'), r.result_id, 1, 'cancelled' FROM result r WHERE r.code = 'XA-O1.1-A1';
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.5', 'federal', '2024Q2'), '5 0/1 0.0% derived', 'cancelled says who took over from the lead too');
ROLLBACK TO led;
SELECT is(pg_temp.figure('sec', 'endorsed', 'XB-3.5', 'federal', '2024Q1'), '5 0/3 0.0% derived', 'as their reports say');
INSERT INTO narrative (entity_id, round_id, section, revision, text) VALUES (pg_temp.e('FED-A'), pg_temp.r('2024Q2'), 'obstacles', 1, 'no cars'), (pg_temp.e('FED-A'), pg_temp.r('2024Q2'), 'results', 1, 'none'),
    (pg_temp.e('FED-A'), pg_temp.r('2024Q2'), 'lessons', 99, 'not submitted');
SELECT is((SELECT string_agg(concat_ws(' ', p.entity, p.section, p.text), ', ') FROM national_parts(pg_temp.u('sec'), pg_temp.r('2024Q2'), 'accepted', '', 'XB-3.6', false) p), 'FED-A obstacles no cars', 'obstacles, lessons and requests are listed as they were accepted');
SELECT is((SELECT count(*) FROM national_parts(pg_temp.u('cof'), pg_temp.r('2024Q2'), 'accepted', 'kurdistan', 'XB-3.6', false) p), 0::bigint, 'to those who see that side');
SELECT is((SELECT string_agg(concat_ws(' ', i.code, x.formula, x.needs), ', ' ORDER BY i.sort) FROM indicator i CROSS JOIN LATERAL indicator_formula(i) x WHERE x.needs <> ''), 'XB-3.8  formula', 'what is not computed says what it needs');
SELECT is((SELECT string_agg(f.jurisdiction || ' ' || f.label, ', ') FROM national_figures(pg_temp.u('sec'), pg_temp.r('2024Q2'), 'accepted', '', 'XB-3.8', false) f), 'iraq not_computed', 'and is named once');

-- Meetings: each once, whoever was there; with minutes, of the National Team, from the first to the last day.
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.7', 'iraq', '2024Q2'), '1 0 derived', 'no meeting is 0');
INSERT INTO event (plan_id, entity_id, kind, held_on, place, present, made_by, title, minutes, minutes_on)
SELECT p.plan_id, pg_temp.e(x.who), x.kind, x.day::date, '', ARRAY(SELECT entity_id FROM entity WHERE entity_id <> 0), 0, x.kind, x.minutes, CASE WHEN x.minutes <> '' THEN x.day::date + 20 END
  FROM plan p, (VALUES ('FED-A', 'national_team_meeting', '2024-04-01', '1'), ('FED-B', 'national_team_meeting', '2024-05-02', '2'), ('KRG-A', 'national_team_meeting', '2024-06-30', '3'),
                       ('FED-A', 'national_team_meeting', '2024-05-03', ''), ('FED-A', 'workshop', '2024-05-04', '4'), ('KRG-A', 'national_team_meeting', '2024-03-31', '5'),
                       ('FED-A', 'national_team_meeting', '2024-07-01', '6'), ('FED-A', 'national_team_meeting', '2025-01-01', '7')) AS x (who, kind, day, minutes);
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.7', 'federal', '2024Q2'), '1 2 derived', 'meetings with minutes, by who organised them');
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.7', 'kurdistan', '2024Q2'), '1 1 derived', 'each government its own');
SELECT is(pg_temp.figure('sec', 'endorsed', 'XB-3.7', 'iraq', '2024Q2'), '1 3 derived', 'Iraq''s are both, once, at any state');
SELECT is(pg_temp.figure('cof', 'submitted', 'XB-3.7', 'federal', '2024Q2'), '1 2 derived', 'a coordinator sees his side''s');
SELECT is(pg_temp.figure('cof', 'submitted', 'XB-3.7', 'iraq', '2024Q2'), NULL, 'and no other''s in it');
SELECT is(pg_temp.spanned('2024S1', 'XB-3.7', 'iraq'), '2024S1 1 4 derived | 0 0 |', 'a flow adds up over quarters');
SELECT is(pg_temp.spanned('2024', 'XB-3.7', 'federal'), '2024 1 3 derived | 0 0 |', 'over the year');
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-3.9', 'iraq', '2024Q4'), '1 5 derived', 'asked of a year it counts the year');

-- The annual report: yes once an edition of the year is published; of a government one that holds its reports.
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-4.1', 'iraq', '2024Q4'), '3 derived', 'no report yet');
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-4.1', 'iraq', '2024Q2'), NULL, 'asked of the year''s last quarter alone');
INSERT INTO edition (plan_id, period, number, state, content, sha256, proposed_by, kurdistan) SELECT p.plan_id, x.period, x.n, x.state, '1', sha256('1'), 0, false
  FROM plan p, (VALUES ('2024', 1, 'proposed'), ('2023', 1, 'published'), ('2024Q4', 1, 'published')) AS x (period, n, state);
INSERT INTO edition_report (edition_id, entity_id, round_id, revision) SELECT e.edition_id, pg_temp.e(x), pg_temp.r('2024Q2'), 1 FROM edition e, unnest('{FED-A,KRG-A}'::text[]) AS x WHERE x = 'FED-A' OR e.period <> '2024';
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-4.1', 'iraq', '2024Q4'), '3 derived', 'not one that is proposed, of another year, of a quarter');
UPDATE edition SET state = 'published' WHERE period = '2024';
SELECT is(concat_ws(', ', pg_temp.figure('sec', 'accepted', 'XB-4.1', 'federal', '2024Q4'), pg_temp.figure('sec', 'accepted', 'XB-4.1', 'kurdistan', '2024Q4'), pg_temp.figure('sec', 'accepted', 'XB-4.1', 'iraq', '2024Q4')),
          '2 derived, 3 derived, 2 derived', 'published; the Region has nothing in it');
SELECT is(pg_temp.spanned('2024', 'XB-4.1', 'iraq'), '2024 2 derived | 0 0 |', 'the year''s is that of its end');
UPDATE edition SET state = 'withdrawn', withdrawn_at = now(), second_by = 0 WHERE period = '2024';
SELECT is(pg_temp.figure('sec', 'accepted', 'XB-4.1', 'iraq', '2024Q4'), '3 derived', 'what is withdrawn is not published');

-- ---- who contests

INSERT INTO consultation (entity_id, round_id, cell_id, by_entity_id, answer, text, revision, kind, number, made_by)
SELECT pg_temp.e('FED-A'), pg_temp.r('2024Q2'), k.cell_id, pg_temp.e(x.by), x.answer, 'why', 1, 1, x.number, 0
  FROM cell k, (VALUES (1, 'FED-C', 'contested', 20), (2, 'FED-D', 'contested', 20), (3, 'FED-D', 'confirmed', 20), (4, 'FED-E', 'contested', 19)) AS x (n, by, answer, number) WHERE k.code = 'XA-1.1' ORDER BY x.n;
SELECT is((SELECT string_agg(c.jurisdiction || ' ' || c.codes, ', ' ORDER BY c.jurisdiction) FROM national_contests(pg_temp.r('2024Q2'), 'accepted') c), 'federal FED-C, iraq FED-C', 'the last word of each, of the value that counts');

SELECT * FROM finish();
ROLLBACK;
