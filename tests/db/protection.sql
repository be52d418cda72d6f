-- What is hidden from whoever has no right to the cells: the rule of FIELD.md section 0, case by case. leak.sh attacks it.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL search_path = inap, public;
SELECT plan(39);
\ir guarded.psql

-- ---- a jurisdiction's count
SELECT is(small_figure(false, 5, n, NULL), n BETWEEN 1 AND 4, format('a total of %s is %s', n, CASE WHEN n BETWEEN 1 AND 4 THEN 'small' ELSE 'shown' END)) FROM unnest('{0,1,4,5}'::int[]) AS n;
SELECT is(small_figure(true, 5, 0, NULL), true, '0 is shown at jurisdiction level only');
SELECT is(small_figure(false, 5, 40, 44), true, 'so is a percentage whose rest is small');
SELECT is(small_figure(false, 5, 40, 45) OR small_figure(false, 5, 40, 40), false, 'and not where it is large, or none');
SELECT is(small_figure(false, 5, 0, 4), true, 'nor one of fewer than k');
SELECT is(small_figure(false, 5, 3, NULL) AND small_figure(false, 5, NULL, 3), true, 'a lone half is judged by itself');

SELECT helper.put('2024Q3', '{"XA-1.1": [40, 12], "XA-1.1:sex=F": [30, 6], "XA-1.1:sex=M": [10, 6]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.1'), '', 'nothing small, nothing hidden');
SAVEPOINT clean;
SELECT helper.put('2024Q3', '{"XA-1.1": [40, 3]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.1'), 'kurdistan iraq age_band age_band,sex service_type sex', 'a small total takes Iraq''s with it, so that the federal side cannot subtract; and its tables');
SELECT is(helper.hides('2024Q3', 'XA-1.3'), 'kurdistan iraq governorate sex', 'money under the same result is hidden where its count is');
SELECT is(helper.hides('2024Q3', 'XA-1.2'), '', 'another count there is not');
ROLLBACK TO clean;
SELECT helper.put('2024Q3', '{"XA-1.1": [0, 12], "XA-1.1:sex=F": [null, 6], "XA-1.1:sex=M": [null, 6]}') \g /dev/null
DELETE FROM total t USING cell k WHERE k.cell_id = t.cell_id AND k.code LIKE 'XA-1.1:%' AND t.jurisdiction = 'federal';
SELECT is(helper.hides('2024Q3', 'XA-1.1'), '', 'a jurisdiction''s 0 is shown');

-- ---- whole tables
ROLLBACK TO clean;
SELECT helper.put('2024Q3', '{"XA-1.1:sex=F": [36, 6], "XA-1.1:sex=M": [4, 6]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.1'), 'age_band,sex sex', 'one small cell on one side hides its table everywhere, and what crosses it');
SELECT is(helper.hides('2024Q3', 'XA-1.3'), 'governorate sex', 'money by sex with it; money by what the count is not split by always');
ROLLBACK TO clean;
SELECT helper.put('2024Q3', '{"XA-1.1:sex=F": [40, 6], "XA-1.1:sex=M": [0, 6]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.1'), 'age_band,sex sex', 'a 0 in a table tells of persons as well');
ROLLBACK TO clean;
SELECT helper.put('2024Q3', '{"XA-1.1:age_band=0-17": [20, 6], "XA-1.1:age_band=18+": [17, 6]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.1'), 'age_band age_band,sex', 'so does the rest that the total leaves: 3');
ROLLBACK TO clean;
SELECT helper.put('2024Q3', '{"XA-1.1:service_type=health": [39, 9], "XA-1.1:service_type=legal": [38, 8]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.1'), '', 'where answers may overlap there is no rest');
SELECT helper.put('2024Q3', '{"XA-1.1:service_type=legal": [2, 8]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.1'), 'service_type', 'but a small cell');

-- ---- crossed tables before their margins, unless these pin a small cell
ROLLBACK TO clean;
SELECT helper.put('2024Q3', '{"XA-1.1:age_band=0-17": [20, 6], "XA-1.1:age_band=18+": [20, 6], "XA-1.1:age_band=0-17,sex=F": [17, 5], "XA-1.1:age_band=0-17,sex=M": [3, 5], "XA-1.1:age_band=18+,sex=F": [13, 5], "XA-1.1:age_band=18+,sex=M": [7, 5]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.1'), 'age_band,sex', 'a small crossed cell hides the crossing');
SELECT helper.put('2024Q3', '{"XA-1.1:sex=F": [33, 6], "XA-1.1:sex=M": [7, 6], "XA-1.1:age_band=0-17": [35, 6], "XA-1.1:age_band=18+": [5, 6], "XA-1.1:age_band=0-17,sex=F": [31, 5], "XA-1.1:age_band=0-17,sex=M": [4, 5], "XA-1.1:age_band=18+,sex=F": [2, 5], "XA-1.1:age_band=18+,sex=M": [3, 5]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.1'), 'age_band age_band,sex sex', 'margins go too where 35 of 40 and 7 of 40 must share 2');

-- ---- ratios
ROLLBACK TO clean;
SELECT helper.put('2024Q3', '{"XA-1.2": [[54, 180], [61, 140]], "XA-1.2:sex=F": [[30, 100], [40, 70]], "XA-1.2:sex=M": [[24, 80], [21, 70]]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.2'), '', 'a ratio whose parts are large is shown');
SELECT helper.put('2024Q3', '{"XA-1.2": [[54, 180], [138, 140]]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.2'), 'kurdistan iraq sex', 'one whose rest is small is not');
SELECT helper.put('2024Q3', '{"XA-1.2": [[54, 180], [61, 140]], "XA-1.2:sex=F": [[30, 100], [69, 70]]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.2'), 'sex', 'nor its table');

-- ---- places, staff
ROLLBACK TO clean;
SELECT helper.put('2024Q3', '{"XA-2.1": [3, 1], "XA-2.1:governorate=IQ-BG": [3, null], "XA-2.2": [2, 1], "XA-2.2:rank=senior": [2, 1], "XA-2.2:sex=F": [2, 1], "XA-2.4": [1, 1], "XA-2.4:sex=F": [1, 1]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-2.1'), 'governorate', 'places: jurisdiction level only');
SELECT is(helper.hides('2024Q3', 'XA-2.2'), 'governorate rank', 'staff: no governorate, no rank');
SELECT is(helper.hides('2024Q3', 'XA-2.4'), '', 'what is not protected is shown');

-- ---- withheld counts as hidden
ROLLBACK TO clean;
SELECT helper.put('2024Q3', '{"XA-1.1": ["withheld", 12]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-1.1'), 'federal iraq age_band age_band,sex service_type sex', 'a side that withholds is hidden, and the nation');
SELECT helper.put('2024Q3', '{"XA-2.4": [50, 12], "XA-2.4:sex=F": [20, 6], "XA-2.4:sex=M": ["withheld", 6]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-2.4'), 'sex', 'a cell withheld by who is in the total: the others would tell it');

-- ---- time
ROLLBACK TO clean;
SELECT helper.put('2024Q2', '{"XA-2.3": [50, 20]}'), helper.put('2024Q3', '{"XA-2.3": [60, 23]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-2.3'), 'kurdistan iraq sex', 'of a cumulative count the quarter''s 3 would show');
SELECT helper.put('2024Q3', '{"XA-2.3": [60, 20]}') \g /dev/null
SELECT is(helper.hides('2024Q3', 'XA-2.3'), '', 'none or many do not');

-- ---- who sees it
ROLLBACK TO clean;
SELECT helper.put('2024Q3', '{"XA-1.1": [40, 3], "XA-2.2": [2, 1], "XA-2.2:rank=senior": [2, 1]}') \g /dev/null
CREATE FUNCTION pg_temp.seen(p_user text, p_cell text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(concat_ws(' ', f.jurisdiction, CASE WHEN f.hidden THEN 'hidden' END, f.number, f.valued || '/' || f.withheld), ', ' ORDER BY f.jurisdiction)
  FROM national_figures(helper.u(p_user), helper.r('2024Q3'), 'accepted', '', '', true) f WHERE f.cell = p_cell $$;
SELECT is(pg_temp.seen('sec', 'XA-1.1'), 'federal 40 2/0, iraq 43 3/0, kurdistan 3 1/0', 'the Secretariat has the right to the cells');
SELECT is(pg_temp.seen('team', 'XA-1.1'), 'federal 40 2/0, iraq hidden 3/0, kurdistan hidden 1/0', 'the National Team sees what the rule leaves');
SELECT is(pg_temp.seen('team', 'XA-2.2'), 'federal 2 2/0, iraq 3 3/0, kurdistan 1 1/0', 'the jurisdictions'' staff');
SELECT is(pg_temp.seen('team', 'XA-2.2:rank=senior'), 'federal hidden 2/0, iraq hidden 3/0, kurdistan hidden 1/0', 'not by rank');
SELECT is(pg_temp.seen('cok', 'XA-1.1'), 'kurdistan 3 1/0', 'a coordinator his own side');
SELECT is((SELECT count(*) FROM national_parts(helper.u('team'), helper.r('2024Q3'), 'accepted', '', 'XA-1.1', true)), 0::bigint, 'nobody''s part');
SELECT helper.put('2024Q3', '{"XA-1.1": [40, "withheld"]}') \g /dev/null
SELECT is(pg_temp.seen('team', 'XA-1.1'), 'federal 40 2/0, iraq hidden 3/0, kurdistan hidden 1/0', 'withheld or small: one sign, and the coverage does not tell either');

SELECT * FROM finish();
ROLLBACK;
