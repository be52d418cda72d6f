-- Deploy inap:edition_scope to pg: who reads a proposal, a year that goes with its rounds; sets that are sorted and grouped.
BEGIN;
SET LOCAL search_path = inap;

ALTER TABLE edition ADD COLUMN sources bigint[] NOT NULL DEFAULT '{}'; -- of a year: the editions that it is built from
COMMENT ON COLUMN edition.sources IS 'of a year: the editions that it is built from';

-- One person withdraws at once; without a second one within 24 hours it stands again. Nothing runs then: it is judged where read.
-- A year repeats what its rounds' editions say, and goes with them.
CREATE OR REPLACE FUNCTION edition_state(e edition) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN e.state NOT IN ('published', 'withdrawn') THEN e.state
               WHEN e.state = 'withdrawn' AND (e.second_by IS NOT NULL OR now() < e.withdrawn_at + interval '24 hours') THEN 'withdrawn'
               WHEN EXISTS (SELECT FROM edition s WHERE s.edition_id = ANY (e.sources) AND s.state = 'withdrawn'
                               AND (s.second_by IS NOT NULL OR now() < s.withdrawn_at + interval '24 hours')) THEN 'withdrawn'
               ELSE 'published' END $$;
COMMENT ON FUNCTION edition_state(edition) IS 'where an edition stands: a withdrawal without a second person lapses, a year goes with its rounds';

-- Who makes editions: the Secretariat, the National Team that comments, and where the Kurdistan Region's coordinator confirms
-- what holds its figures, he too. The other side's coordinator reads nothing before it is published.
CREATE FUNCTION edition_maker(e edition, p_actor bigint, p_region boolean) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT EXISTS (SELECT FROM live_grant g WHERE g.user_id = p_actor
                  AND (g.role IN ('secretariat', 'national_team') OR (p_region AND e.kurdistan AND g.role = 'coordinator' AND g.jurisdiction = 'kurdistan'))) $$;
COMMENT ON FUNCTION edition_maker(edition, bigint, boolean) IS 'does this user make editions: propose, comment or confirm';

DROP FUNCTION edition_open(edition, bigint);
-- Who reads what an edition says: everybody what is published; what is proposed, those who make it; what is withdrawn, the two
-- who withdrew it.
CREATE FUNCTION edition_open(e edition, p_actor bigint, p_region boolean) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT CASE edition_state(e) WHEN 'published' THEN true
            WHEN 'proposed' THEN edition_maker(e, p_actor, p_region)
            WHEN 'withdrawn' THEN coalesce(p_actor IN (e.withdrawn_by, e.second_by), false)
            ELSE false END $$;
COMMENT ON FUNCTION edition_open(edition, bigint, boolean) IS 'may this user read what the edition says';

-- Figures of a year over the rounds' editions: flows and ratios summed, of stocks the last. Hidden where one of the rounds hides
-- its own, since the others would tell it; but where all do, and there are two or more, the sum is shown if it is not small
-- itself: of tables of one dimension every cell, where no quarter's small cell is pinned by it. Iraq is the sum of what both sides show.
CREATE OR REPLACE FUNCTION edition_year(p_plan bigint, p_year int)
RETURNS TABLE (cell_id bigint, jurisdiction text, kind smallint, number numeric, denominator numeric, hidden boolean, asked bigint, given bigint) LANGUAGE sql STABLE AS $$
WITH source AS MATERIALIZED (
    SELECT s.edition_id, o.round_id, o.quarter FROM edition_sources(p_plan, p_year) s JOIN round o ON o.plan_id = s.plan_id AND o.code = s.period
), told AS MATERIALIZED (
    SELECT c.cell_id, k.indicator_id, k.table_id, c.jurisdiction, s.quarter, c.kind, c.number, c.denominator, c.hidden, i.protection, i.k, i.across_periods,
           t.kind AS true_kind, t.number AS true_number, t.denominator AS true_denominator, t.withheld_by <> '{}' AS withheld
      FROM source s JOIN edition_cell c USING (edition_id) JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id)
      LEFT JOIN total t ON t.round_id = s.round_id AND t.state = 'accepted' AND t.jurisdiction = c.jurisdiction AND t.cell_id = c.cell_id
     WHERE i.frequency IN ('quarterly', 'semiannual') AND adds_up(i.combine, i.across_entities) AND i.across_periods IN ('sum', 'ratio', 'last') AND c.jurisdiction <> 'iraq'
), earlier AS MATERIALIZED (
    SELECT c.cell_id, c.jurisdiction, c.number, c.denominator, c.hidden FROM edition e JOIN edition_cell c USING (edition_id)
     WHERE e.plan_id = p_plan AND e.period = p_year::text AND e.state IN ('published', 'withdrawn')
), summed AS MATERIALIZED (
    SELECT x.*, CASE WHEN x.shut = 0 THEN x.number WHEN x.recovers THEN x.true_number END AS n, CASE WHEN x.shut = 0 THEN x.denominator WHEN x.recovers THEN x.true_denominator END AS d
      FROM (SELECT t.cell_id, t.indicator_id, t.table_id, t.jurisdiction, t.protection, t.k, count(*) AS asked, count(*) FILTER (WHERE t.kind IN (1, 5, 6, 7) OR t.hidden) AS given,
                   count(*) FILTER (WHERE t.hidden AND (t.across_periods <> 'last' OR t.quarter = t.newest)) AS shut, bool_or(t.kind IN (5, 6, 7) OR t.true_kind = 5) AS halves,
                   sum(t.number) FILTER (WHERE t.across_periods <> 'last' OR t.quarter = t.newest) AS number,
                   sum(t.denominator) FILTER (WHERE t.across_periods <> 'last' OR t.quarter = t.newest) AS denominator,
                   sum(t.true_number) AS true_number, sum(t.true_denominator) AS true_denominator,
                   t.across_periods <> 'last' AND t.protection = 'persons' AND bool_and(t.hidden) AND count(*) > 1 AND coalesce(bool_and(t.true_kind IN (1, 5)), false) AND NOT coalesce(bool_or(t.withheld), false) AS recovers
              FROM (SELECT t.*, max(t.quarter) FILTER (WHERE t.hidden OR t.kind IS NOT NULL) OVER (PARTITION BY t.cell_id, t.jurisdiction) AS newest FROM told t) t
             GROUP BY t.cell_id, t.indicator_id, t.table_id, t.jurisdiction, t.protection, t.k, t.across_periods) x
), closed AS MATERIALIZED ( -- totals
    SELECT s.indicator_id, s.jurisdiction FROM summed s
     WHERE s.table_id IS NULL
       AND ((s.shut > 0 AND NOT s.recovers) OR (s.recovers AND small_figure(false, s.k, s.n, s.d))
            OR EXISTS (SELECT FROM earlier e WHERE e.cell_id = s.cell_id AND e.jurisdiction = s.jurisdiction
                          AND (e.hidden OR (s.protection = 'persons' AND small_change(s.k, s.n, s.d, e.number, e.denominator)))))
), veiled AS MATERIALIZED ( -- tables
    SELECT s.table_id FROM summed s JOIN indicator_table t USING (table_id)
     WHERE (s.shut > 0 AND (NOT s.recovers OR cardinality(t.dimensions) > 1)) OR (s.recovers AND small_figure(true, s.k, s.n, s.d))
        OR EXISTS (SELECT FROM earlier e WHERE e.cell_id = s.cell_id AND e.jurisdiction = s.jurisdiction
                      AND (e.hidden OR (s.protection = 'persons' AND small_change(s.k, s.n, s.d, e.number, e.denominator))))
    UNION
    SELECT s.table_id FROM summed s JOIN closed c USING (indicator_id) WHERE s.table_id IS NOT NULL AND s.protection IN ('persons', 'money')
    UNION -- what is left of the year's total beside the parts
    SELECT s.table_id FROM summed s JOIN indicator_table t USING (table_id) JOIN summed w ON w.indicator_id = s.indicator_id AND w.table_id IS NULL AND w.jurisdiction = s.jurisdiction
     WHERE s.protection = 'persons' AND t.exclusive
     GROUP BY s.table_id, s.jurisdiction, s.k, w.n, w.d HAVING small_change(s.k, w.n, w.d, sum(s.n), sum(s.d))
    UNION -- a quarter and a category that overlap by more than none, though the small cell may be none
    SELECT s.table_id FROM summed s JOIN told t USING (cell_id, jurisdiction) JOIN told q ON q.indicator_id = s.indicator_id AND q.table_id IS NULL AND q.jurisdiction = s.jurisdiction AND q.quarter = t.quarter
      JOIN summed w ON w.indicator_id = s.indicator_id AND w.table_id IS NULL AND w.jurisdiction = s.jurisdiction
     WHERE s.recovers AND s.table_id IS NOT NULL AND small_figure(false, s.k, t.true_number, t.true_denominator)
       AND (s.n + q.true_number > w.n OR s.d + q.true_denominator > w.d OR s.d - s.n + q.true_denominator - q.true_number > w.d - w.n)
), side AS (
    SELECT s.cell_id, s.jurisdiction, coalesce(s.halves, false) AS halves, s.n AS number, s.d AS denominator, s.asked, s.given,
           EXISTS (SELECT FROM closed c WHERE s.table_id IS NULL AND c.indicator_id = s.indicator_id AND c.jurisdiction = s.jurisdiction)
           OR EXISTS (SELECT FROM veiled v WHERE v.table_id = s.table_id) AS hidden
      FROM summed s
)
SELECT f.cell_id, f.jurisdiction,
       CASE WHEN f.hidden OR num_nonnulls(f.number, f.denominator) = 0 THEN NULL WHEN NOT f.halves THEN 1::smallint WHEN f.denominator IS NULL THEN 6::smallint WHEN f.number IS NULL THEN 7::smallint ELSE 5::smallint END,
       CASE WHEN NOT f.hidden THEN f.number END, CASE WHEN NOT f.hidden THEN f.denominator END, f.hidden, f.asked, f.given
  FROM (SELECT s.cell_id, s.jurisdiction, s.halves, s.number, s.denominator, s.hidden, s.asked, s.given FROM side s
        UNION ALL
        SELECT s.cell_id, 'iraq', bool_or(s.halves), sum(s.number), sum(s.denominator), bool_or(s.hidden), max(s.asked), max(s.given) FROM side s GROUP BY s.cell_id) f $$;
COMMENT ON FUNCTION edition_year(bigint, int) IS 'figures of a year over its rounds'' editions';

-- The canonical bytes of an edition made now: UTF-8, lines ended by LF, fields parted by tabs, everything in the plan's order or
-- that of bytes, decimals as they are; sorted and grouped rather than joined, since the planner cannot know how many figures there are; no ids, no moments, no names of people. proto/PROTOCOL.md section 12 tells of each line.
CREATE OR REPLACE FUNCTION edition_content(p_plan bigint, p_period text, p_number int) RETURNS bytea LANGUAGE sql STABLE AS $$
WITH RECURSIVE chain AS (
    SELECT i.indicator_id, i.result_id FROM indicator i WHERE i.plan_id = p_plan
    UNION ALL
    SELECT c.indicator_id, r.parent_id FROM chain c JOIN result r USING (result_id) WHERE r.parent_id IS NOT NULL
), chapter AS MATERIALIZED (
    SELECT r.code, r.name_en, r.name_ar, r.name_ckb, dense_rank() OVER (ORDER BY r.sort, r.code COLLATE "C") AS place, i.indicator_id, i.code AS indicator, i.unit,
           i.name_en AS title_en, i.name_ar AS title_ar, i.name_ckb AS title_ckb, row_number() OVER (ORDER BY i.sort, i.code COLLATE "C") AS at
      FROM chain c JOIN result r ON r.result_id = c.result_id AND r.parent_id IS NULL JOIN indicator i USING (indicator_id)
), cells AS MATERIALIZED (
    SELECT k.cell_id, k.code, c.place, c.at, c.indicator_id, row_number() OVER (ORDER BY c.at, k.sort, k.code COLLATE "C") AS cell
      FROM chapter c JOIN cell k USING (indicator_id)
), figures AS MATERIALIZED (
    SELECT f.* FROM edition_figures(p_plan, p_period) f
), source AS MATERIALIZED (
    SELECT s.* FROM edition_sources(p_plan, CASE WHEN p_period ~ '^[0-9]{4}$' THEN p_period::int END) s
), said (line, key) AS ( -- of cells: figures, who gave what, and what the editions of a year's rounds say, word by word
    SELECT f.line, 'figure ' || array_position('{federal,kurdistan,iraq}', f.jurisdiction) FROM figures f
    UNION ALL
    SELECT edition_line('part', k.code, p.entity, period_code(o.quarter, i.frequency), v.name, p.number::text, p.denominator::text), 'part ' || p.entity
      FROM round o CROSS JOIN LATERAL national_parts(0, o.round_id, 'accepted', '', '', true) p JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id) JOIN value_kind v ON v.kind = p.kind
     WHERE o.plan_id = p_plan AND o.code = p_period AND p.kind < 8
    UNION ALL
    SELECT l.line, 'a ' || s.period || to_char(l.n, '00000000')
      FROM source s CROSS JOIN LATERAL regexp_split_to_table(convert_from(s.content, 'UTF8'), E'\n') WITH ORDINALITY AS l (line, n)
     WHERE starts_with(l.line, E'figure\t') OR starts_with(l.line, E'part\t')
), placed AS MATERIALIZED (
    SELECT u.line, u.key, max(u.place) OVER w AS place, max(u.at) OVER w AS at, max(u.cell) OVER w AS cell, max(u.indicator_id) OVER w AS indicator_id
      FROM (SELECT k.code, NULL AS line, NULL AS key, k.place, k.at, k.cell, k.indicator_id FROM cells k
            UNION ALL SELECT split_part(s.line, E'\t', 2), s.line, s.key, NULL, NULL, NULL, NULL FROM said s) u
    WINDOW w AS (PARTITION BY u.code)
), before AS MATERIALIZED (
    SELECT e.edition_id, e.sha256 FROM edition e
     WHERE e.plan_id = p_plan AND e.period = p_period AND e.number < p_number AND edition_state(e) = 'published' ORDER BY e.number DESC LIMIT 1
), changed AS ( -- what the edition before said, where this one says something else
    SELECT x.cell_id, x.jurisdiction, max(x.kind) FILTER (WHERE x.old) AS kind, max(x.number) FILTER (WHERE x.old) AS number, max(x.denominator) FILTER (WHERE x.old) AS denominator,
           bool_or(x.hidden) FILTER (WHERE x.old) AS hidden
      FROM (SELECT w.cell_id, w.jurisdiction, w.kind, w.number, w.denominator, w.hidden, true AS old FROM before b JOIN edition_cell w USING (edition_id)
            UNION ALL SELECT f.cell_id, f.jurisdiction, f.kind, f.number, f.denominator, f.hidden, false FROM figures f) x
     GROUP BY x.cell_id, x.jurisdiction
    HAVING bool_or(x.old) AND (max(x.kind) FILTER (WHERE x.old), (max(x.number) FILTER (WHERE x.old))::text, (max(x.denominator) FILTER (WHERE x.old))::text, bool_or(x.hidden) FILTER (WHERE x.old))
           IS DISTINCT FROM (max(x.kind) FILTER (WHERE NOT x.old), (max(x.number) FILTER (WHERE NOT x.old))::text, (max(x.denominator) FILTER (WHERE NOT x.old))::text,
                             coalesce(bool_or(x.hidden) FILTER (WHERE NOT x.old), false))
), lines (part, a, b, c, d, line) AS (
    SELECT 1, 1::bigint, 0::bigint, 0::bigint, '', edition_line('inap-edition', '1')
    UNION ALL SELECT 1, 2, 0, 0, '', edition_line('plan', p.code) FROM plan p WHERE p.plan_id = p_plan
    UNION ALL SELECT 1, 3, 0, 0, '', edition_line('period', p_period)
    UNION ALL SELECT 1, 4, 0, 0, '', edition_line('number', p_number::text)
    UNION ALL SELECT 1, 5, 0, 0, '', edition_line('before', encode(b.sha256, 'hex')) FROM before b
    UNION ALL SELECT 2, 0, 0, 0, s.period, edition_line('source', s.period, s.number::text, encode(s.sha256, 'hex')) FROM source s
    UNION ALL
    SELECT 3, o.quarter, 0, 0, e.code, edition_line('report', e.code, o.code, r.revision::text,
           CASE WHEN NOT EXISTS (SELECT FROM before) THEN NULL WHEN w.revision IS NULL THEN 'late' WHEN w.revision <> r.revision THEN 'restated' END)
      FROM edition_reports(p_plan, p_period) r JOIN entity e USING (entity_id) JOIN round o USING (round_id)
      LEFT JOIN edition_report w ON w.edition_id = (SELECT b.edition_id FROM before b) AND w.entity_id = r.entity_id AND w.round_id = r.round_id
    UNION ALL
    SELECT DISTINCT 4, c.place, 0::bigint, 0::bigint, '', edition_line('chapter', c.code, c.name_en, c.name_ar, c.name_ckb) FROM chapter c WHERE c.indicator_id IN (SELECT p.indicator_id FROM placed p WHERE p.line IS NOT NULL)
    UNION ALL
    SELECT 4, c.place, c.at, 0, '', edition_line('indicator', c.indicator, c.unit, c.title_en, c.title_ar, c.title_ckb) FROM chapter c WHERE c.indicator_id IN (SELECT p.indicator_id FROM placed p WHERE p.line IS NOT NULL)
    UNION ALL
    SELECT 4, p.place, p.at, p.cell, p.key, p.line FROM placed p WHERE p.line IS NOT NULL
    UNION ALL
    SELECT 5, array_position(narrative_sections(), s.section), 0, 0, s.text, edition_line('sentence', s.section, s.text)
      FROM edition_reports(p_plan, p_period) r JOIN edition_sentence s ON s.plan_id = p_plan AND s.entity_id = r.entity_id AND s.round_id = r.round_id AND s.removed_at IS NULL
      JOIN LATERAL narrative_at(r.entity_id, r.round_id, r.revision) t ON t.section = s.section AND position(s.text IN t.text) > 0
    UNION ALL
    SELECT 6, k.cell, array_position('{federal,kurdistan,iraq}', w.jurisdiction), 0, '', edition_line('change', k.code, w.jurisdiction, CASE WHEN w.hidden THEN 'hidden' ELSE coalesce(v.name, 'none') END, w.number::text, w.denominator::text)
      FROM changed w JOIN cells k USING (cell_id) LEFT JOIN value_kind v ON v.kind = w.kind
), whole AS (
    SELECT string_agg(l.line || E'\n', '' ORDER BY l.part, l.a, l.b, l.c, l.d COLLATE "C", l.line COLLATE "C") AS text, count(*) AS n FROM lines l
)
SELECT convert_to(w.text || edition_line('end', w.n::text) || E'\n', 'UTF8') FROM whole w $$;
COMMENT ON FUNCTION edition_content(bigint, text, int) IS 'the canonical bytes of an edition made now';

-- What of a round's figures at a state is hidden, for all jurisdictions at once: every cell and jurisdiction that is in no
-- protected view. A figure too small (or too near to one that an earlier edition, or an earlier round of a cumulative
-- indicator, showed) hides its whole table in all three jurisdictions, for good; a jurisdiction's total hides Iraq's, so that
-- who knows the other side cannot subtract, and every table of the indicator. Crossed tables go before their margins: these
-- stay unless they pin a small crossed cell. A cell withheld by who is in the total counts as hidden; so does a total that
-- all withheld. Money is hidden where the count of persons under the same result is.
CREATE OR REPLACE FUNCTION protection_hides(p_round bigint, p_state text) RETURNS TABLE (cell_id bigint, jurisdiction text) LANGUAGE sql STABLE AS $$
WITH guarded AS MATERIALIZED (
    SELECT i.indicator_id, i.result_id, i.protection, i.k, i.value_kind, i.combine = 'one' OR adds_up(i.combine, i.across_entities) AS combines
      FROM round o JOIN indicator i USING (plan_id) WHERE o.round_id = p_round
), tables AS MATERIALIZED (
    SELECT t.table_id, t.indicator_id, t.dimensions, t.exclusive, g.protection, g.result_id FROM guarded g JOIN indicator_table t USING (indicator_id)
), side AS MATERIALIZED (
    SELECT t.cell_id, k.indicator_id, k.table_id, k.categories, t.jurisdiction, t.kind, t.number, t.denominator, t.valued_by, t.withheld_by
      FROM total t JOIN cell k USING (cell_id) WHERE t.round_id = p_round AND t.state = p_state
), earlier AS MATERIALIZED ( -- who has an edition keeps it, withdrawn or not
    SELECT c.cell_id, c.jurisdiction, c.number, c.denominator, c.hidden
      FROM round o JOIN edition e ON e.plan_id = o.plan_id AND e.period = o.code AND e.state IN ('published', 'withdrawn') JOIN edition_cell c USING (edition_id)
     WHERE o.round_id = p_round
), whole AS MATERIALIZED (
    SELECT s.* FROM side s WHERE s.table_id IS NULL
), person AS MATERIALIZED (
    SELECT s.*, g.k FROM side s JOIN guarded g USING (indicator_id) WHERE g.protection = 'persons' AND s.kind IN (1, 5)
), known AS MATERIALIZED (
    SELECT c.cell_id, c.jurisdiction, c.number, c.denominator FROM earlier c WHERE NOT c.hidden
    UNION ALL
    SELECT t.cell_id, t.jurisdiction, t.number, t.denominator
      FROM round o JOIN round b ON b.plan_id = o.plan_id AND b.quarter BETWEEN o.quarter - 4 AND o.quarter - 1
      JOIN total t ON t.round_id = b.round_id AND t.state = p_state JOIN cell k USING (cell_id) JOIN guarded g USING (indicator_id)
     WHERE o.round_id = p_round AND g.protection = 'persons'
       AND (g.value_kind = 'cumulative_since_start' OR (g.value_kind = 'year_to_date' AND b.quarter / 4 = o.quarter / 4))
), small AS MATERIALIZED (
    SELECT p.* FROM person p WHERE small_figure(p.table_id IS NOT NULL, p.k, p.number, p.denominator)
    UNION
    SELECT p.* FROM person p JOIN known b USING (cell_id, jurisdiction) WHERE small_change(p.k, p.number, p.denominator, b.number, b.denominator)
), counts AS MATERIALIZED (
    SELECT s.indicator_id, s.jurisdiction FROM small s WHERE s.table_id IS NULL
    UNION
    SELECT s.indicator_id, s.jurisdiction FROM side s JOIN guarded g USING (indicator_id)
     WHERE s.table_id IS NULL AND g.combines AND s.kind IS NULL AND s.withheld_by <> '{}'
    UNION
    SELECT k.indicator_id, c.jurisdiction FROM earlier c JOIN cell k USING (cell_id) WHERE c.hidden AND k.table_id IS NULL AND c.jurisdiction <> 'iraq'
), closed AS MATERIALIZED (
    SELECT c.indicator_id, c.jurisdiction FROM counts c
    UNION
    SELECT m.indicator_id, c.jurisdiction FROM guarded m JOIN guarded p USING (result_id) JOIN counts c ON c.indicator_id = p.indicator_id
     WHERE m.protection = 'money' AND p.protection = 'persons'
), first AS MATERIALIZED (
    SELECT t.table_id FROM tables t WHERE t.protection = 'places' OR (t.protection = 'staff' AND t.dimensions && '{governorate,rank}')
    UNION
    SELECT s.table_id FROM small s WHERE s.table_id IS NOT NULL
    UNION -- what is left of the total beside the parts that are told
    SELECT p.table_id FROM person p JOIN tables t USING (table_id) JOIN whole w ON w.indicator_id = p.indicator_id AND w.jurisdiction = p.jurisdiction
     WHERE t.exclusive
     GROUP BY p.table_id, p.jurisdiction, p.k, w.number, w.denominator HAVING small_change(p.k, w.number, w.denominator, sum(p.number), sum(p.denominator))
    UNION
    SELECT s.table_id FROM side s JOIN whole w USING (indicator_id, jurisdiction)
     WHERE s.table_id IS NOT NULL AND (s.withheld_by && w.valued_by OR s.valued_by && w.withheld_by)
    UNION
    SELECT k.table_id FROM earlier c JOIN cell k USING (cell_id) WHERE c.hidden AND k.table_id IS NOT NULL
    UNION
    SELECT t.table_id FROM tables t JOIN closed c USING (indicator_id)
), crossed AS (
    SELECT s.cell_id, s.indicator_id, s.jurisdiction, s.categories, t.table_id, t.dimensions FROM small s JOIN tables t USING (table_id) WHERE cardinality(t.dimensions) > 1
), pinned AS ( -- two margins that overlap by more than none, though the small cell may be none
    SELECT CASE n.n WHEN 1 THEN a.table_id ELSE b.table_id END AS table_id
      FROM crossed x JOIN tables ta ON ta.indicator_id = x.indicator_id AND ta.exclusive AND ta.dimensions <@ x.dimensions AND NOT ta.table_id IN (SELECT f.table_id FROM first f)
      JOIN tables tb ON tb.indicator_id = x.indicator_id AND tb.exclusive AND tb.dimensions <@ x.dimensions AND NOT tb.dimensions && ta.dimensions
           AND tb.table_id > ta.table_id AND NOT tb.table_id IN (SELECT f.table_id FROM first f)
      JOIN side a ON a.table_id = ta.table_id AND a.jurisdiction = x.jurisdiction AND a.categories <@ x.categories
      JOIN side b ON b.table_id = tb.table_id AND b.jurisdiction = x.jurisdiction AND b.categories <@ x.categories
      JOIN whole w ON w.indicator_id = x.indicator_id AND w.jurisdiction = x.jurisdiction
      CROSS JOIN generate_series(1, 2) AS n (n)
     WHERE a.number + b.number > w.number OR a.denominator + b.denominator > w.denominator
        OR a.denominator - a.number + b.denominator - b.number > w.denominator - w.number
    UNION -- of three dimensions and more, margins that are crossed themselves
    SELECT t.table_id FROM crossed x JOIN tables t ON t.indicator_id = x.indicator_id AND t.dimensions <@ x.dimensions AND cardinality(t.dimensions) > 1
), veiled AS MATERIALIZED (
    SELECT p.table_id, p.indicator_id FROM tables p JOIN tables m ON m.indicator_id = p.indicator_id AND m.dimensions <@ p.dimensions
     WHERE m.table_id IN (SELECT f.table_id FROM first f UNION SELECT f.table_id FROM pinned f)
), hidden AS (
    SELECT v.table_id FROM veiled v
    UNION
    SELECT m.table_id FROM tables m JOIN guarded p USING (result_id)
      LEFT JOIN tables t ON t.indicator_id = p.indicator_id AND t.dimensions = m.dimensions
     WHERE m.protection = 'money' AND p.protection = 'persons' AND (t.table_id IS NULL OR t.table_id IN (SELECT v.table_id FROM veiled v))
)
SELECT k.cell_id, j.jurisdiction FROM hidden h JOIN cell k USING (table_id) CROSS JOIN unnest('{federal,kurdistan,iraq}'::text[]) AS j (jurisdiction)
UNION ALL
SELECT k.cell_id, c.jurisdiction FROM (SELECT c.* FROM closed c UNION SELECT c.indicator_id, 'iraq' FROM closed c) c JOIN cell k USING (indicator_id) WHERE k.table_id IS NULL $$;
COMMENT ON FUNCTION protection_hides(bigint, text) IS 'what of a round''s figures at a state is hidden from who has no right to the cells';

GRANT EXECUTE ON FUNCTION edition_maker(edition, bigint, boolean), edition_open(edition, bigint, boolean) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'edition_scope' $$;

COMMIT;
