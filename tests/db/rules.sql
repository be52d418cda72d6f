-- Rules: every operator, strategy, blank, half and date, on values that stand there; what the plan file may say of them.
BEGIN;
SELECT plan(135);

\ir rules.psql
SELECT is(pg_temp.import('[]'), '48/0/0', 'a plan with no rules of its own');
SELECT pg_temp.round('2024Q3') \g /dev/null

-- 1. What the import makes of the tables and the checks.
SELECT is(ARRAY(SELECT code FROM rule WHERE kind = 'table' ORDER BY code), '{XA-1.1:place\,sex,XA-1.1:sex,XA-1.3.d:place\,sex,XA-1.3.d:sex,XA-1.3.n:place\,sex,XA-1.3.n:sex,XA-1.6:sex}',
    'one rule for each exclusive table, of a ratio one for each half; none where answers overlap or percentages do not add up');
SELECT is((SELECT severity || ' ' || op || ' ' || left_text || ' ' || right_text FROM rule WHERE code = 'XA-1.1:place,sex'), 'EXPLAIN = XA-1.1 XA-1.1:place,sex', 'of the total and its table');
SELECT is(cells_tied(pg_temp.id('2024Q3'), ARRAY[k.cell_id]), ARRAY[k.cell_id], 'which it does not tie together') FROM cell k WHERE k.code = 'XA-1.1';
SELECT is(ARRAY(SELECT code || ' ' || severity || ' ' || parameters::text FROM rule WHERE kind NOT IN ('given', 'table') ORDER BY code),
    ARRAY['fall WARN {}', 'numerator WARN {}', 'outlier WARN {"z": 3.5, "periods": 6}', 'year_ratio WARN {"least": 10, "ratio": 3}'], 'and the checks with their defaults');
CREATE TEMP TABLE rules_before AS SELECT * FROM rule;
SELECT is(pg_temp.import('[]'), '0/0/0', 'again');
SELECT ok(NOT EXISTS ((TABLE rule EXCEPT TABLE rules_before) UNION ALL (TABLE rules_before EXCEPT TABLE rule)), 'and nothing moved');
SELECT is(pg_temp.import('[]', '{"checks": {"outlier": {"z": 5, "severity": "EXPLAIN"}, "fall": {"severity": "none"}, "table": {"severity": "BLOCK"}}}'), '0/1/0', 'other parameters are one change, of the plan');
SELECT is(ARRAY(SELECT code || ' ' || severity || ' ' || parameters::text FROM rule WHERE kind NOT IN ('given', 'table') AND valid_to = 'infinity' ORDER BY code),
    ARRAY['numerator WARN {}', 'outlier EXPLAIN {"z": 5, "periods": 6}', 'year_ratio WARN {"least": 10, "ratio": 3}'], 'and hold; none takes a check away');
SELECT is((SELECT count(*)::int FROM rule WHERE kind = 'table' AND severity = 'BLOCK'), 7, 'tables may block too');
SELECT pg_temp.import('[]') \g /dev/null

-- 2. Tables.
CREATE FUNCTION pg_temp.table_case(p_cells text, p_wanted text, p_why text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.clear();
    PERFORM pg_temp.put(p_cells);
    RETURN NEXT is(pg_temp.fails('table'), p_wanted, p_why);
END $$;
SELECT pg_temp.table_case('XA-1.1=5 XA-1.1:sex=F=2 XA-1.1:sex=M=2 XA-1.1:sex=unknown=1', NULL, 'parts that make the total');
SELECT pg_temp.table_case('XA-1.1=5 XA-1.1:sex=F=2 XA-1.1:sex=M=2 XA-1.1:sex=unknown=0', 'XA-1.1:sex(5,4)', 'that do not: unknown belongs to the sum');
SELECT pg_temp.table_case('XA-1.1=5 XA-1.1:place=N=5 XA-1.1:place=S=5', NULL, 'answers that may overlap are not summed');
SELECT pg_temp.table_case('XA-1.1=5 XA-1.1:sex=F=2', NULL, 'while parts are unanswered, less is no fault');
SELECT pg_temp.table_case('XA-1.1=5 XA-1.1:sex=F=6', 'XA-1.1:sex(5,6)', 'but more is');
SELECT pg_temp.table_case('XA-1.1:sex=F=2 XA-1.1:sex=M=2 XA-1.1:sex=unknown=0', NULL, 'an unanswered total is not compared');
SELECT pg_temp.table_case('XA-1.1=@not_collected XA-1.1:sex=F=2 XA-1.1:sex=M=2 XA-1.1:sex=unknown=0', NULL, 'nor one that is a blank');
SELECT pg_temp.table_case('XA-1.1=5 XA-1.1:sex=F=2 XA-1.1:sex=M=2 XA-1.1:sex=unknown=@not_collected', NULL, 'a part that is not collected may be the rest');
SELECT pg_temp.table_case('XA-1.1=5 XA-1.1:sex=F=2 XA-1.1:sex=M=4 XA-1.1:sex=unknown=@withheld', 'XA-1.1:sex(5,6)', 'but not less than nothing');
SELECT pg_temp.table_case('XA-1.1=5 XA-1.1:sex=F=2 XA-1.1:sex=M=2 XA-1.1:sex=unknown=@not_applicable', 'XA-1.1:sex(5,4)', 'what does not exist is 0');
SELECT pg_temp.table_case('XA-1.1=5 XA-1.1:sex=F=@not_collected XA-1.1:sex=M=@not_collected XA-1.1:sex=unknown=@not_collected', NULL, 'a table without a figure is not compared');
SELECT pg_temp.table_case('XA-1.3=2/10 XA-1.3:sex=F=1/4 XA-1.3:sex=M=1/5 XA-1.3:sex=unknown=0/0', 'XA-1.3.d:sex(10,9)', 'of a ratio each half has its sum');
SELECT pg_temp.table_case('XA-1.3=3/9 XA-1.3:sex=F=1/4 XA-1.3:sex=M=1/5 XA-1.3:sex=unknown=0/0', 'XA-1.3.n:sex(3,2)', 'and both are judged');
SELECT pg_temp.table_case('XA-1.6=0.3 XA-1.6:sex=F=0.1 XA-1.6:sex=M=0.2 XA-1.6:sex=unknown=0', NULL, 'decimals are exact: 0.1 and 0.2 make 0.3');
SELECT pg_temp.table_case('XA-1.6=0.3 XA-1.6:sex=F=0.1 XA-1.6:sex=M=0.20000000000000000001 XA-1.6:sex=unknown=0', 'XA-1.6:sex(0.3,0.30000000000000000001)', 'to the last of 20 digits');
SELECT pg_temp.table_case('XA-1.6=1 XA-1.6:sex=F=2', NULL, 'a decimal that is missing may be negative');
SELECT pg_temp.table_case('XA-4.1=50 XA-4.1:sex=F=40 XA-4.1:sex=M=60 XA-4.1:sex=unknown=0', NULL, 'percentages without halves do not add up');
SELECT pg_temp.clear(), pg_temp.put('XA-1.1=5 XA-1.1:sex=F=2 XA-1.1:sex=M=2 XA-1.1:sex=unknown=0') \g /dev/null
SELECT is((SELECT concat_ws('|', p.cell, p.code, p.cells, p.left_term, p.right_term, p.severity) FROM report_problems(pg_temp.entity('FED-A'), pg_temp.id('2024Q3'), '{EXPLAIN}', 6) p WHERE p.kind = 'table'),
    'XA-1.1|TABLE_SUM|XA-1.1 XA-1.1:sex=F XA-1.1:sex=M XA-1.1:sex=unknown|XA-1.1|XA-1.1:sex|EXPLAIN', 'cell, cells and both sides are named');

-- A crossed table against the tables at its margins.
SELECT pg_temp.table_case('XA-1.1=6 XA-1.1:sex=F=2 XA-1.1:sex=M=3 XA-1.1:sex=unknown=1 XA-1.1:place=N,sex=F=1 XA-1.1:place=S,sex=F=1 XA-1.1:place=N,sex=M=3 XA-1.1:place=S,sex=M=0 '
    'XA-1.1:place=N,sex=unknown=1 XA-1.1:place=S,sex=unknown=0', NULL, 'a crossed table that makes the total and both margins');
SELECT pg_temp.table_case('XA-1.1=6 XA-1.1:sex=F=2 XA-1.1:sex=M=3 XA-1.1:sex=unknown=1 XA-1.1:place=N,sex=F=1 XA-1.1:place=S,sex=F=2 XA-1.1:place=N,sex=M=2 XA-1.1:place=S,sex=M=0 '
    'XA-1.1:place=N,sex=unknown=1 XA-1.1:place=S,sex=unknown=0', 'XA-1.1:place,sex(2,3) XA-1.1:place,sex(3,2)', 'one that makes the total, but not what another table says of women and men');
SELECT is((SELECT concat_ws('|', p.cell, p.rule, p.code, p.cells, p.op, p.left_term, p.right_term, p.left_value, p.right_value, p.severity)
             FROM report_problems(pg_temp.entity('FED-A'), pg_temp.id('2024Q3'), '{EXPLAIN}', 6) p WHERE p.kind = 'table' AND p.left_value = '2'),
    'XA-1.1:sex=F|XA-1.1:place,sex|TABLE_SUM|XA-1.1:sex=F XA-1.1:place=N,sex=F XA-1.1:place=S,sex=F|=|XA-1.1:sex=F|XA-1.1:place=*,sex=F|2|3|EXPLAIN', 'cell, cells and both sides are named');
SELECT pg_temp.table_case('XA-1.1:sex=F=2 XA-1.1:place=N,sex=F=1', NULL, 'while parts are unanswered, less than the margin is no fault');
SELECT pg_temp.table_case('XA-1.1:sex=F=2 XA-1.1:place=N,sex=F=3', 'XA-1.1:place,sex(2,3)', 'but more is');
SELECT pg_temp.table_case('XA-1.1:sex=F=2 XA-1.1:place=N,sex=F=1 XA-1.1:place=S,sex=F=@not_applicable', 'XA-1.1:place,sex(2,1)', 'what does not exist is 0');
SELECT pg_temp.table_case('XA-1.1:sex=F=@withheld XA-1.1:place=N,sex=F=1 XA-1.1:place=S,sex=F=1', NULL, 'a margin that is a blank is not compared');
SELECT pg_temp.table_case('XA-1.1:place=N=1 XA-1.1:place=N,sex=F=2 XA-1.1:place=N,sex=M=2 XA-1.1:place=N,sex=unknown=0', NULL, 'nor one whose answers may overlap');
SELECT pg_temp.table_case('XA-1.3:sex=F=1/4 XA-1.3:place=N,sex=F=1/2 XA-1.3:place=S,sex=F=0/1', 'XA-1.3.d:place,sex(4,3)', 'of a ratio each half has its margins');
SELECT pg_temp.clear(), pg_temp.put('XA-1.1:sex=F=2#counted_twice XA-1.1:place=N,sex=F=3') \g /dev/null
SELECT is((SELECT concat_ws('|', p.explained, p.note) FROM report_problems(pg_temp.entity('FED-A'), pg_temp.id('2024Q3'), '{EXPLAIN}', 6) p WHERE p.kind = 'table'), 't|counted_twice', 'the margin''s note explains it');

-- 3. Operators.
SELECT pg_temp.only(pg_temp.rule('A-eq', '["XA-1.1"]', '=', '["XA-1.2"]'), pg_temp.rule('B-ne', '["XA-1.1"]', '<>', '["XA-1.2"]'), pg_temp.rule('C-gt', '["XA-1.1"]', '>', '["XA-1.2"]'),
    pg_temp.rule('D-ge', '["XA-1.1"]', '>=', '["XA-1.2"]'), pg_temp.rule('E-lt', '["XA-1.1"]', '<', '["XA-1.2"]'), pg_temp.rule('F-le', '["XA-1.1"]', '<=', '["XA-1.2"]')) \g /dev/null
SELECT pg_temp.case('XA-1.1=5 XA-1.2=5', 'B-ne(5,5) C-gt(5,5) E-lt(5,5)', 'equal');
SELECT pg_temp.case('XA-1.1=5 XA-1.2=6', 'A-eq(5,6) C-gt(5,6) D-ge(5,6)', 'less');
SELECT pg_temp.case('XA-1.1=6 XA-1.2=5', 'A-eq(6,5) E-lt(6,5) F-le(6,5)', 'greater');
SELECT pg_temp.case('XA-1.1=5', NULL, 'by default what is unanswered is not judged');
SELECT pg_temp.case('XA-1.1=5 XA-1.2=@not_available', NULL, 'nor a blank');
SELECT pg_temp.case('XA-1.1=5 XA-1.2=@not_applicable', NULL, 'nor a side that does not exist');
SELECT pg_temp.case('', NULL, 'nor nothing at all');
SELECT pg_temp.put('XA-1.1=5 XA-1.2=6') \g /dev/null
SELECT is((SELECT concat_ws('|', p.cell, p.code, p.cells, p.name_en, p.name_ar, p.name_ckb, p.left_term, p.right_term, p.severity) FROM report_problems(pg_temp.entity('FED-A'), pg_temp.id('2024Q3')) p WHERE p.rule = 'A-eq'),
    'XA-1.1|RULE_BROKEN|XA-1.1 XA-1.2|Rule A-eq|قاعدة|XA-1.1|XA-1.2|BLOCK', 'a given rule is named in its own words');
SELECT pg_temp.put('XA-1.1=1', '2024Q3', 'FED-B') \g /dev/null
SELECT is(pg_temp.fails('given', '2024Q3', 'FED-B'), NULL, 'of an entity that is not asked for all cells a rule is not judged');

-- 4. Strategies.
SELECT pg_temp.only(pg_temp.rule('A-any', '["XA-1.1", "XA-1.7"]', '=', '["XA-1.2"]', '{"missing": "skip_if_any"}'), pg_temp.rule('B-all', '["XA-1.1", "XA-1.7"]', '=', '["XA-1.2"]', '{"missing": "skip_if_all"}'),
    pg_temp.rule('C-never', '["XA-1.1", "XA-1.7"]', '=', '["XA-1.2"]', '{"missing": "never_skip"}'), pg_temp.rule('D-never', '["XA-1.1"]', '>=', '[1]', '{"missing": "never_skip"}')) \g /dev/null
SELECT pg_temp.case('', 'D-never(0,1)', 'nothing answered: only never_skip judges, as if it were 0');
SELECT pg_temp.case('XA-1.1=2 XA-1.7=3 XA-1.2=5', NULL, 'a sum of two cells');
SELECT pg_temp.case('XA-1.1=2 XA-1.7=3 XA-1.2=4', 'A-any(5,4) B-all(5,4) C-never(5,4)', 'that does not hold');
SELECT pg_temp.case('XA-1.1=2 XA-1.2=4', 'B-all(2,4) C-never(2,4)', 'one cell of three missing');
SELECT pg_temp.case('XA-1.1=2', 'B-all(2,0) C-never(2,0)', 'one side missing');
SELECT pg_temp.case('XA-1.1=2 XA-1.7=@not_collected XA-1.2=4', 'B-all(2,4) C-never(2,4)', 'a blank is missing');
SELECT pg_temp.case('XA-1.1=2 XA-1.7=@withheld XA-1.2=2', NULL, 'and counts as 0 where it is not skipped');
SELECT pg_temp.case('XA-1.1=2 XA-1.7=@not_applicable XA-1.2=4', 'A-any(2,4) B-all(2,4) C-never(2,4)', 'what does not exist is 0 beside a figure');
SELECT pg_temp.case('XA-1.1=@not_applicable XA-1.7=@not_applicable XA-1.2=4', 'B-all(0,4) C-never(0,4) D-never(0,1)', 'alone it is missing');
SELECT pg_temp.case('XA-1.1=@not_collected XA-1.7=@not_collected XA-1.2=@not_collected', 'D-never(0,1)', 'blanks alone are all missing');

-- 5. Halves, tables, constants, yes and no.
SELECT pg_temp.only(pg_temp.rule('A-half', '["XA-1.3.n"]', '=', '["XA-1.1"]'), pg_temp.rule('B-table', '["XA-1.1:sex=*"]', '<=', '["XA-1.2"]'), pg_temp.rule('C-part', '["XA-1.3.d:sex=F"]', '<=', '["XA-1.3.d:sex=*"]'),
    pg_temp.rule('D-limit', '["XA-1.7"]', '<', '[10.5]'), pg_temp.rule('E-plus', '["XA-1.1", 2]', '=', '["XA-1.2", 1, 1]'), pg_temp.rule('F-yes', '["XA-1.4"]', '=', '[1]'),
    pg_temp.rule('G-cross', '["XA-1.1:sex=F,place=*"]', '<=', '["XA-1.1:sex=F"]'), pg_temp.rule('H-own', '["XA-3.2.n"]', '<=', '[5]'), pg_temp.rule('I-other', '["XA-3.2.d"]', '<=', '[5]', '{"missing": "never_skip"}')) \g /dev/null
SELECT pg_temp.case('XA-1.3=4/10 XA-1.1=5', 'A-half(4,5)', 'a numerator against a count');
SELECT pg_temp.case('XA-1.3=4/10 XA-1.1=4 XA-1.2=4', NULL, 'that is the same');
SELECT pg_temp.case('XA-1.1:sex=F=2 XA-1.1:sex=M=2 XA-1.1:sex=unknown=1 XA-1.2=4', 'B-table(5,4)', 'the sum of a table');
SELECT pg_temp.case('XA-1.1:sex=F=2 XA-1.1:sex=M=2 XA-1.2=3', NULL, 'is missing while one of its cells is');
SELECT pg_temp.case('XA-1.3:sex=F=0/4 XA-1.3:sex=M=0/0 XA-1.3:sex=unknown=0/0', NULL, 'a half of one cell against that half of the table');
SELECT pg_temp.case('XA-1.7=10', NULL, 'a constant');
SELECT pg_temp.case('XA-1.7=11', 'D-limit(11,10.5)', 'is exact');
SELECT is((SELECT p.code FROM report_problems(pg_temp.entity('FED-A'), pg_temp.id('2024Q3')) p WHERE p.rule = 'D-limit'), 'RULE_LIMIT', 'and not told as a cell');
SELECT pg_temp.case('XA-1.1=5 XA-1.2=5', NULL, 'constants are summed with the cells');
SELECT pg_temp.case('XA-1.1=5 XA-1.2=6', 'E-plus(7,8)', 'on both sides');
SELECT pg_temp.case('XA-1.4=yes', NULL, 'yes is 1');
SELECT pg_temp.case('XA-1.4=no', 'F-yes(0,1)', 'no is 0');
SELECT pg_temp.case('XA-1.1:place=N,sex=F=3 XA-1.1:place=S,sex=F=1 XA-1.1:sex=F=3', 'G-cross(4,3)', 'a line of a crossed table, whatever the order of its dimensions');
SELECT pg_temp.case('XA-3.2=6/', 'H-own(6,5)', 'a half that is given alone');
SELECT pg_temp.case('XA-3.2=5/', NULL, 'the half that another gives is missing, and never_skip takes it for 0');

-- 6. All or none, only one.
SELECT pg_temp.only(pg_temp.rule('A-all', '["XA-1.1", "XA-1.5"]', 'all_or_none', '["XA-1.3"]'), pg_temp.rule('B-one', '["XA-1.2", "XA-1.7"]', 'only_one'),
    pg_temp.rule('C-one', '["XA-1.2", "XA-1.7"]', 'only_one', NULL, '{"missing": "never_skip"}'), pg_temp.rule('D-half', '["XA-3.2.n", "XA-3.2.d"]', 'all_or_none')) \g /dev/null
SELECT pg_temp.case('', 'C-one(0,2)', 'none: only_one with never_skip wants one');
SELECT pg_temp.case('XA-1.1=0 XA-1.5="x" XA-1.3=1/2 XA-1.2=0', NULL, 'all, 0 too; and one');
SELECT pg_temp.case('XA-1.1=0 XA-1.5="x" XA-1.2=1', 'A-all(2,3)', 'two of three');
SELECT pg_temp.case('XA-1.1=@not_collected XA-1.5="x" XA-1.3=1/2 XA-1.2=1', 'A-all(2,3)', 'a blank holds no value');
SELECT pg_temp.case('XA-1.2=1 XA-1.7=2', 'B-one(2,2) C-one(2,2)', 'both');
SELECT pg_temp.case('XA-1.2=1 XA-1.7=@not_applicable', NULL, 'one and a blank');
SELECT pg_temp.case('XA-1.2=1 XA-3.2=4/', 'D-half(1,2)', 'halves are counted apart');

-- 7. Notes and severities.
SELECT pg_temp.only(pg_temp.rule('A', '["XA-1.1"]', '=', '["XA-1.2"]', '{"severity": "EXPLAIN"}'), pg_temp.rule('B', '["XA-1.1"]', '<', '["XA-1.2"]', '{"severity": "WARN"}')) \g /dev/null
CREATE FUNCTION pg_temp.stands(p_kind text DEFAULT 'given') RETURNS text LANGUAGE sql AS
$$ SELECT string_agg(p.rule || ' ' || p.severity, ', ' ORDER BY p.rule) FROM report_problems(pg_temp.entity('FED-A'), pg_temp.id('2024Q3')) p WHERE p.kind = p_kind $$;
CREATE FUNCTION pg_temp.told() RETURNS text LANGUAGE sql AS
$$ SELECT string_agg(concat_ws(' ', p.rule, p.explained, p.note), ', ' ORDER BY p.rule) FROM report_problems(pg_temp.entity('FED-A'), pg_temp.id('2024Q3'), '{BLOCK,EXPLAIN,WARN}', 6) p WHERE p.kind = 'given' $$;
SELECT pg_temp.clear(), pg_temp.put('XA-1.1=6 XA-1.2=5') \g /dev/null
SELECT is(pg_temp.stands(), 'A EXPLAIN', 'a warning stands in nobody''s way; what wants an explanation does');
SELECT is(pg_temp.told(), 'A f, B f', 'both are told');
SELECT pg_temp.put('XA-1.2=5#counted-twice') \g /dev/null
SELECT is(pg_temp.stands(), NULL, 'a note on a value of the rule explains it');
SELECT is(pg_temp.told(), 'A t counted-twice, B t counted-twice', 'and is told with it');
SELECT pg_temp.clear(), pg_temp.put('XA-1.1=5 XA-1.1:sex=F=2#note XA-1.1:sex=M=2 XA-1.1:sex=unknown=0') \g /dev/null
SELECT is(pg_temp.stands('table'), 'XA-1.1:sex EXPLAIN', 'a note on a part does not explain the sum');
SELECT pg_temp.put('XA-1.1=5#why') \g /dev/null
SELECT is(pg_temp.stands('table'), NULL, 'one on the total does');
SELECT pg_temp.clear(), pg_temp.put('XA-1.1=6 XA-1.2=5') \g /dev/null
UPDATE report SET state = 'submitted' WHERE round_id = pg_temp.id('2024Q3') AND entity_id = pg_temp.entity('FED-A');
SELECT log_append(r.entity_id, r.plan_id, r.round_id, 1, 'submit', 'all of it', 0, NULL, no_body(), '{}') FROM report r WHERE r.round_id = pg_temp.id('2024Q3') AND r.entity_id = pg_temp.entity('FED-A') \g /dev/null
SELECT is(pg_temp.told(), 'A t all of it, B f', 'once it is signed, the signature''s note explains what nothing else does');
UPDATE report SET state = 'draft' WHERE round_id = pg_temp.id('2024Q3') AND entity_id = pg_temp.entity('FED-A');
SELECT is(pg_temp.stands(), 'A EXPLAIN', 'in a draft again it no longer does');
SELECT is((SELECT array_agg(DISTINCT p.severity) FROM report_problems(pg_temp.entity('FED-A'), pg_temp.id('2024Q3'), '{WARN}', 6) p), '{WARN}', 'only the severities that are wanted');
SELECT is((SELECT array_agg(p.severity) FROM report_problems(pg_temp.entity('FED-A'), pg_temp.id('2024Q3'), '{BLOCK,EXPLAIN,WARN}', 6) p),
          (SELECT array_agg(p.severity ORDER BY p.severity) FROM report_problems(pg_temp.entity('FED-A'), pg_temp.id('2024Q3'), '{BLOCK,EXPLAIN,WARN}', 6) p), 'what blocks comes first');

-- 8. Dates; closed rounds keep their rules.
SELECT pg_temp.round('2024Q2') \g /dev/null
SELECT pg_temp.only() \g /dev/null
SELECT pg_temp.import(jsonb_build_array(pg_temp.rule('A', '["XA-1.1"]', '=', '["XA-1.2"]', '{"valid_from": "2024-08-15"}'), pg_temp.rule('B', '["XA-1.1"]', '=', '["XA-1.2"]', '{"valid_to": "2024-06-30"}'),
    pg_temp.rule('C', '["XA-1.1"]', '=', '["XA-1.2"]'))) \g /dev/null
SELECT pg_temp.clear(), pg_temp.put('XA-1.1=6 XA-1.2=5'), pg_temp.put('XA-1.1=6 XA-1.2=5', '2024Q2') \g /dev/null
SELECT is(pg_temp.fails(), 'A(6,5) C(6,5)', 'a rule that begins within the quarter holds for it');
SELECT is(pg_temp.fails('given', '2024Q2'), 'B(6,5) C(6,5)', 'one that ended on its last day too');
UPDATE round SET closes_at = now() - interval '1 hour' WHERE code = '2024Q2';
SELECT is(pg_temp.import(jsonb_build_array(pg_temp.rule('C', '["XA-1.1"]', '<', '["XA-1.2"]'))), '0/1/2', 'changed and taken out: versions like every other row');
SELECT is(pg_temp.fails('given', '2024Q2'), 'B(6,5) C(6,5)', 'the closed round keeps what it had');
SELECT is((SELECT op FROM rule r JOIN report_rules(pg_temp.entity('FED-A'), pg_temp.id('2024Q2'), '{BLOCK}') f USING (rule_id) WHERE r.code = 'C'), '=', 'as it was');
SELECT is((SELECT op FROM rule r JOIN report_rules(pg_temp.entity('FED-A'), pg_temp.id('2024Q3'), '{BLOCK}') f USING (rule_id) WHERE r.code = 'C'), '<', 'the open round has the new one');
SELECT is(pg_temp.fails(), 'A(6,5) C(6,5)', 'what was taken out holds for the round that has opened');
SELECT pg_temp.round('2024Q4'), pg_temp.put('XA-1.1=6 XA-1.2=5', '2024Q4') \g /dev/null
SELECT is(pg_temp.fails('given', '2024Q4'), 'C(6,5)', 'and for none after it');
SELECT is(pg_temp.import(jsonb_build_array(pg_temp.rule('C', '["XA-1.1"]', '<', '["XA-1.2"]'))), '0/0/0', 'again: nothing');
SELECT is(pg_temp.import(jsonb_build_array(pg_temp.rule('A', '["XA-1.1"]', '=', '["XA-1.2"]', '{"valid_from": "2024-08-15"}'), pg_temp.rule('C', '["XA-1.1"]', '<', '["XA-1.2"]'))), '0/1/0', 'and it comes back');
SELECT is(pg_temp.fails('given', '2024Q4'), 'A(6,5) C(6,5)', 'in force');
SELECT is((SELECT (array_agg(v.action ORDER BY v.version DESC))[1:2] FROM reference_version v WHERE v.kind = 'rule' AND v.code = 'A'), '{reopen,close}', 'every version is kept');
SELECT is((SELECT (c ->> 1)::int FROM log l, jsonb_array_elements(l.outcome::jsonb -> 'counts') AS c WHERE l.entity_id = 0 AND c ->> 0 = 'rule' ORDER BY l.seq DESC LIMIT 1), 2, 'and counted');

-- 9. Trends.
SELECT pg_temp.only(), pg_temp.clear() \g /dev/null
SELECT pg_temp.round(q) FROM unnest(ARRAY['2022Q4', '2023Q1', '2023Q2', '2023Q3', '2023Q4', '2024Q1']) AS q \g /dev/null
SELECT pg_temp.put('XA-1.1=' || n || ' XA-1.3=' || n || '/200 XA-1.7=50 XA-2.1=' || n, q) FROM unnest(ARRAY['2022Q4', '2023Q1', '2023Q2', '2023Q4', '2024Q1'], ARRAY[100, 104, 98, 101, 103]) AS x (q, n) \g /dev/null
SELECT pg_temp.put('XA-1.1=150') \g /dev/null
SELECT is(pg_temp.fails('outlier'), NULL, 'five earlier values are too few');
SELECT pg_temp.put('XA-1.1=102 XA-1.3=102/200 XA-1.7=50', '2024Q2') \g /dev/null
SELECT is(pg_temp.fails('outlier'), 'outlier(150,101.5)', 'six are enough; the median is named');
SELECT pg_temp.put('XA-1.1=107') \g /dev/null
SELECT is(pg_temp.fails('outlier'), NULL, 'near the others is no outlier');
SELECT pg_temp.put('XA-1.3=900/200') \g /dev/null
SELECT is((SELECT left_term || ' ' || left_value FROM report_problems(pg_temp.entity('FED-A'), pg_temp.id('2024Q3'), '{WARN}', 6) p WHERE p.kind = 'outlier'), 'XA-1.3.n 900', 'halves have their own series');
SELECT is(pg_temp.fails('numerator'), 'numerator(900,200)', 'a numerator greater than its denominator');
SELECT pg_temp.put('XA-2.3=900/200 XA-1.3=100/200 XA-1.7=51') \g /dev/null
SELECT is(pg_temp.fails('numerator'), NULL, 'is one only of a percentage');
SELECT is(pg_temp.fails('outlier'), NULL, 'where all earlier values are the same there is no spread');
SELECT pg_temp.put('XA-2.1=102') \g /dev/null
SELECT is(pg_temp.fails('fall'), 'fall(102,103)', 'a cumulative value that falls below the last one');
SELECT pg_temp.put('XA-2.2=70', '2023Q4'), pg_temp.put('XA-2.2=5', '2024Q1'), pg_temp.put('XA-2.2=4', '2024Q2'), pg_temp.put('XA-2.1=103 XA-2.2=3') \g /dev/null
SELECT is(pg_temp.fails('fall'), 'fall(3,4)', 'and one of the year to date');
SELECT is(pg_temp.fails('fall', '2024Q1'), NULL, 'which begins anew each year');
SELECT pg_temp.put('XA-1.7=10', '2023Q3'), pg_temp.put('XA-1.7=31') \g /dev/null
SELECT is(pg_temp.fails('year_ratio'), 'year_ratio(31,10)', 'more than three times the same quarter of last year');
SELECT pg_temp.put('XA-1.7=3') \g /dev/null
SELECT is(pg_temp.fails('year_ratio'), 'year_ratio(3,10)', 'less than a third');
SELECT pg_temp.put('XA-1.7=2', '2023Q3'), pg_temp.put('XA-1.7=9') \g /dev/null
SELECT is(pg_temp.fails('year_ratio'), NULL, 'small numbers are not compared');
SELECT is(pg_temp.fails('fall', '2024Q3', 'FED-A', 8), NULL, 'a reviewer is told nothing of earlier drafts');
UPDATE report SET state = 'submitted' WHERE entity_id = pg_temp.entity('FED-A') AND round_id = pg_temp.id('2024Q2');
SELECT is(pg_temp.fails('fall', '2024Q3', 'FED-A', 8), 'fall(3,4)', 'a coordinator of what was submitted');
SELECT is(pg_temp.fails('fall', '2024Q3', 'FED-A', 16), NULL, 'the Secretariat of what was endorsed');

-- 10. Files at fault.
SELECT is(pg_temp.import(x.b, x.more), x.detail, x.detail) FROM (VALUES
    (jsonb_build_array(pg_temp.rule('A', '["XA-9.9"]', '=', '["XA-1.1"]')), '{}'::jsonb, 'PLAN_BAD|place=rules[0].left[0]|why=there is no cell XA-9.9'),
    (jsonb_build_array(pg_temp.rule('A', '["XA-1.1"]', '=', '["XA-1.1", "XA-1.1:sex=X"]')), '{}', 'PLAN_BAD|place=rules[0].right[1]|why=there is no cell XA-1.1:sex=X'),
    (jsonb_build_array(pg_temp.rule('A', '["XA-1.1.n"]', '=', '[1]')), '{}', 'PLAN_BAD|place=rules[0].left[0]|why=XA-1.1 is no ratio: it has no numerator'),
    (jsonb_build_array(pg_temp.rule('A', '["XA-1.3"]', '=', '[1]')), '{}', 'PLAN_BAD|place=rules[0].left[0]|why=XA-1.3 is a ratio: write XA-1.3.n or XA-1.3.d'),
    (jsonb_build_array(pg_temp.rule('A', '["XA-1.5"]', '=', '[1]')), '{}', 'PLAN_BAD|place=rules[0].left[0]|why=XA-1.5 is text: it cannot be compared'),
    (jsonb_build_array(pg_temp.rule('A', '["XA-1.1"]', 'about', '[1]')), '{}', 'PLAN_BAD|place=rules[0].op|why=''about'' is none of =, <>, >, >=, <, <=, all_or_none, only_one'),
    (jsonb_build_array(pg_temp.rule('A', '["XA-1.1"]', '=')), '{}', 'PLAN_BAD|place=rules[0].right|why=is missing'),
    (jsonb_build_array(pg_temp.rule('A', '[1]', '=', '["XA-1.1"]')), '{}', 'PLAN_BAD|place=rules[0].left|why=names no cell'),
    (jsonb_build_array(pg_temp.rule('A', '["XA-1.1", 1]', 'only_one')), '{}', 'PLAN_BAD|place=rules[0].left[1]|why=only_one counts answers: a number has no place'),
    (jsonb_build_array(pg_temp.rule('A', '["XA-1.1"]', 'all_or_none')), '{}', 'PLAN_BAD|place=rules[0].left|why=names one cell: two at least'),
    (jsonb_build_array(pg_temp.rule('A', '["XA-1.1", "XA-1.2"]', 'only_one', NULL, '{"missing": "skip_if_any"}')), '{}', 'PLAN_BAD|place=rules[0].missing|why=skip_if_any does not go with op only_one'),
    (jsonb_build_array(pg_temp.rule('A', '["XA-1.1"]', '=', '[1]'), pg_temp.rule('A', '["XA-1.2"]', '=', '[1]')), '{}', 'PLAN_BAD|place=rules[0]|why=rule A stands twice'),
    (jsonb_build_array(pg_temp.rule('A', '["XA-1.1"]', '=', '[1]', '{"valid_from": "2024-02-01", "valid_to": "2024-01-01"}')), '{}', 'PLAN_BAD|place=rules[0].valid_to|why=lies before valid_from'),
    (jsonb_build_array(pg_temp.rule('A', '["XA-1.1"]', '=', '[1]', '{"names": {"ar": "x"}}')), '{}', 'PLAN_BAD|place=rules[0].names|why=the English name is missing'),
    ('[]', '{"checks": {"outlier": {"periods": 2}}}', 'PLAN_BAD|place=checks.outlier.periods|why=wants a whole number from 6 to 24'),
    ('[]', '{"checks": {"year_ratio": {"ratio": 1}}}', 'PLAN_BAD|place=checks.year_ratio.ratio|why=wants a number above 1')) AS x (b, more, detail);
SELECT is((SELECT count(*)::int FROM rule WHERE kind = 'given' AND valid_to = 'infinity'), 0, 'nothing of them is stored');

SELECT * FROM finish();
ROLLBACK;
