-- Deploy inap:protection to pg: what of a round's figures is hidden from whoever has no right to the cells. (FIELD.md section 0, Protection)
BEGIN;
SET LOCAL search_path = inap;

-- Is a figure of persons too small to be shown? A number, or a ratio's halves (one alone: the other is null). A jurisdiction's
-- 0 is shown, a table's is not.
CREATE FUNCTION small_figure(p_table boolean, p_k int, p_number numeric, p_denominator numeric) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce(p_number < p_k AND (p_table OR p_number <> 0), false) OR coalesce(p_denominator < p_k, false)
    OR coalesce(p_denominator - p_number < p_k AND (p_table OR p_denominator <> p_number), false) $$;
COMMENT ON FUNCTION small_figure(boolean, int, numeric, numeric) IS 'is a figure of persons too small to be shown';

-- Do two figures differ by so few that their difference tells of them? What both are known for is compared.
CREATE FUNCTION small_change(p_k int, p_number numeric, p_denominator numeric, p_other numeric, p_other_denominator numeric)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce(bool_or(abs(d.n) > 0 AND abs(d.n) < p_k), false)
  FROM (VALUES (p_number - p_other), (p_denominator - p_other_denominator), ((p_denominator - p_number) - (p_other_denominator - p_other))) AS d (n) $$;
COMMENT ON FUNCTION small_change(int, numeric, numeric, numeric, numeric) IS 'do two figures of persons differ by too few';

-- What of a round's figures at a state is hidden, for all jurisdictions at once: every cell and jurisdiction that is in no
-- protected view. A figure too small (or too near to one that an earlier edition, or an earlier round of a cumulative
-- indicator, showed) hides its whole table in all three jurisdictions, for good; a jurisdiction's total hides Iraq's, so that
-- who knows the other side cannot subtract, and every table of the indicator. Crossed tables go before their margins: these
-- stay unless they pin a small crossed cell. A cell withheld by who is in the total counts as hidden; so does a total that
-- all withheld. Money is hidden where the count of persons under the same result is.
CREATE FUNCTION protection_hides(p_round bigint, p_state text) RETURNS TABLE (cell_id bigint, jurisdiction text) LANGUAGE sql STABLE AS $$
WITH guarded AS MATERIALIZED (
    SELECT i.indicator_id, i.result_id, i.protection, i.k, i.value_kind, i.combine = 'one' OR adds_up(i.combine, i.across_entities) AS combines
      FROM round o JOIN indicator i USING (plan_id) WHERE o.round_id = p_round
), tables AS MATERIALIZED (
    SELECT t.table_id, t.indicator_id, t.dimensions, t.exclusive, g.protection, g.result_id FROM guarded g JOIN indicator_table t USING (indicator_id)
), side AS MATERIALIZED (
    SELECT t.cell_id, k.indicator_id, k.table_id, k.categories, t.jurisdiction, t.kind, t.number, t.denominator, t.valued_by, t.withheld_by
      FROM total t JOIN cell k USING (cell_id) WHERE t.round_id = p_round AND t.state = p_state
), margin AS MATERIALIZED ( -- totals alone: few, and joined to every cell
    SELECT s.indicator_id, s.jurisdiction, s.number, s.denominator, s.valued_by, s.withheld_by FROM side s WHERE s.table_id IS NULL
), earlier AS MATERIALIZED ( -- who has an edition keeps it, withdrawn or not
    SELECT c.cell_id, c.jurisdiction, c.number, c.denominator, c.hidden
      FROM round o JOIN edition e ON e.plan_id = o.plan_id AND e.period = o.code AND e.state IN ('published', 'withdrawn') JOIN edition_cell c USING (edition_id)
     WHERE o.round_id = p_round
), known AS MATERIALIZED (
    SELECT c.cell_id, c.jurisdiction, c.number, c.denominator FROM earlier c WHERE NOT c.hidden
    UNION ALL
    SELECT t.cell_id, t.jurisdiction, t.number, t.denominator
      FROM round o JOIN round b ON b.plan_id = o.plan_id AND b.quarter BETWEEN o.quarter - 4 AND o.quarter - 1
      JOIN total t ON t.round_id = b.round_id AND t.state = p_state JOIN cell k USING (cell_id) JOIN guarded g USING (indicator_id)
     WHERE o.round_id = p_round AND g.protection = 'persons'
       AND (g.value_kind = 'cumulative_since_start' OR (g.value_kind = 'year_to_date' AND b.quarter / 4 = o.quarter / 4))
), small AS MATERIALIZED (
    SELECT s.* FROM side s JOIN guarded g USING (indicator_id)
     WHERE g.protection = 'persons' AND s.kind IN (1, 5)
       AND (small_figure(s.table_id IS NOT NULL, g.k, s.number, s.denominator)
            OR EXISTS (SELECT FROM known b WHERE b.cell_id = s.cell_id AND b.jurisdiction = s.jurisdiction
                          AND small_change(g.k, s.number, s.denominator, b.number, b.denominator)))
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
    SELECT s.table_id FROM side s JOIN tables t USING (table_id) JOIN guarded g ON g.indicator_id = t.indicator_id
      JOIN margin w ON w.indicator_id = t.indicator_id AND w.jurisdiction = s.jurisdiction
     WHERE t.protection = 'persons' AND t.exclusive AND s.kind IN (1, 5)
     GROUP BY s.table_id, s.jurisdiction, g.k, w.number, w.denominator HAVING small_change(g.k, w.number, w.denominator, sum(s.number), sum(s.denominator))
    UNION
    SELECT s.table_id FROM side s JOIN margin w ON w.indicator_id = s.indicator_id AND w.jurisdiction = s.jurisdiction
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
      JOIN side w ON w.indicator_id = x.indicator_id AND w.table_id IS NULL AND w.jurisdiction = x.jurisdiction
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

-- The national picture as before, but of what is protected only that is hidden which the rule hides.
CREATE OR REPLACE FUNCTION national_figures(p_actor bigint, p_round bigint, p_state text, p_jurisdiction text, p_indicator text, p_tables boolean)
RETURNS TABLE (indicator text, cell_id bigint, cell text, jurisdiction text, period text, kind smallint, number numeric, denominator numeric, text text,
               percent text, hidden boolean, label text, expected bigint, valued bigint, withheld bigint, not_available bigint, not_collected bigint,
               not_applicable bigint, excused bigint, unanswered bigint, missing text, under_correction text, weight_missing text, rate text)
LANGUAGE sql STABLE AS $$
WITH sight AS MATERIALIZED (
    SELECT s.* FROM national_sight(p_actor, p_state) s WHERE s.seen
), chosen AS MATERIALIZED (
    SELECT c.* FROM national_cells(p_round, p_indicator, p_tables) c
), veiled AS MATERIALIZED (
    SELECT v.* FROM protection_hides(p_round, p_state) v WHERE EXISTS (SELECT FROM sight s WHERE NOT s.clear)
), people AS MATERIALIZED (
    SELECT r.entity_id, e.code, e.jurisdiction, r.excused_by IS NOT NULL AS excused, o.quarter, o.surveys,
           NOT r.state = ANY (CASE p_state WHEN 'submitted' THEN '{submitted,in_review,endorsed,accepted}'::text[]
                                           WHEN 'endorsed' THEN '{endorsed,accepted}' ELSE '{accepted}' END) AS below
      FROM round o JOIN report r USING (round_id) JOIN entity e USING (entity_id) JOIN sight s ON s.jurisdiction = e.jurisdiction
     WHERE o.round_id = p_round
), derived AS MATERIALIZED (
    SELECT c.cell_id, x.needs, x.unit, s.jurisdiction, v.number, v.denominator
      FROM chosen c JOIN indicator i USING (indicator_id) CROSS JOIN LATERAL indicator_formula(i) x JOIN sight s ON s.jurisdiction <> 'iraq' JOIN round o ON o.round_id = p_round
      LEFT JOIN LATERAL formula_figure(x.formula, o, p_state, s.jurisdiction) v ON x.needs = ''
     WHERE c.nobody
), summed AS MATERIALIZED (
    SELECT t.*, t.valued_by || t.withheld_by || t.not_available_by || t.not_collected_by || t.not_applicable_by AS given
      FROM chosen c CROSS JOIN sight s JOIN total t ON t.round_id = p_round AND t.state = p_state AND t.jurisdiction = s.jurisdiction AND t.cell_id = c.cell_id
), person AS (
    SELECT x.cell_id, x.entity_id, bool_or(x.given) AS given, bool_or(x.valued) AS valued
      FROM (SELECT f.cell_id, f.entity_id, false AS given, false AS valued
              FROM chosen c JOIN form_cell f USING (cell_id) JOIN people p USING (entity_id)
             WHERE p.quarter BETWEEN f.from_quarter AND f.to_quarter
               AND ((f.quarters >> (p.quarter % 4)) & 1 = 1 OR (f.quarters = 0 AND f.indicator_id = ANY (p.surveys)))
            UNION ALL
            SELECT t.cell_id, g.entity_id, true, g.entity_id = ANY (t.valued_by) FROM summed t CROSS JOIN LATERAL unnest(t.given) AS g (entity_id)) x
     GROUP BY x.cell_id, x.entity_id
), told AS (
    SELECT n.cell_id, p.jurisdiction, count(*) AS expected, count(*) FILTER (WHERE NOT n.given AND p.excused) AS excused,
           count(*) FILTER (WHERE NOT n.given AND NOT p.excused) AS unanswered,
           string_agg(p.code, ',' ORDER BY p.code) FILTER (WHERE NOT n.given AND NOT p.excused) AS missing,
           string_agg(p.code, ',' ORDER BY p.code) FILTER (WHERE n.given AND p.below) AS under_correction,
           coalesce(array_agg(n.entity_id) FILTER (WHERE n.valued), '{}') AS valued_by
      FROM person n JOIN people p USING (entity_id) GROUP BY n.cell_id, p.jurisdiction
), before AS MATERIALIZED (
    SELECT w.cell_id, w.jurisdiction, w.valued_by, past.round_id, past.weight AS number, past.valued_by AS valued_before
      FROM chosen c JOIN told w USING (cell_id)
      JOIN LATERAL (SELECT x.round_id, CASE x.kind WHEN 5 THEN x.denominator ELSE x.number END AS weight, x.valued_by
                      FROM round o JOIN round earlier ON earlier.plan_id = o.plan_id AND earlier.quarter < o.quarter
                      JOIN total x ON x.round_id = earlier.round_id AND x.state = p_state AND x.jurisdiction = w.jurisdiction AND x.cell_id = w.cell_id
                     WHERE o.round_id = p_round AND (x.kind = 1 OR (x.kind = 5 AND x.denominator IS NOT NULL)) ORDER BY earlier.quarter DESC LIMIT 1) past ON true
     WHERE c.sums
), gave AS MATERIALIZED ( -- once for each earlier round, not for every cell
    SELECT g.round_id, g.jurisdiction, p.cell_id, p.entity_id, CASE p.kind WHEN 1 THEN p.number ELSE p.denominator END AS weight -- of a ratio what it is of weighs
      FROM (SELECT b.round_id, b.jurisdiction, array_agg(b.cell_id) AS cells FROM before b WHERE NOT b.valued_before <@ b.valued_by GROUP BY b.round_id, b.jurisdiction) g
      CROSS JOIN LATERAL contribution_cells(g.round_id, p_state, g.jurisdiction, g.cells) p
     WHERE p.kind IN (1, 5, 7)
), lost AS (
    SELECT b.cell_id, b.jurisdiction, sum(p.weight) AS number
      FROM gave p JOIN before b ON b.cell_id = p.cell_id AND b.jurisdiction = p.jurisdiction AND b.round_id = p.round_id
     WHERE NOT p.entity_id = ANY (b.valued_by) GROUP BY b.cell_id, b.jurisdiction
), side AS MATERIALIZED (
    SELECT w.*, t.kind, t.number, t.denominator, t.text, t.kind IS NULL AS none,
           -- a percentage speaks of both halves: where one entity gave only its half, the other half must be there too
           t.number IS NOT NULL AND t.denominator IS NOT NULL AND (cardinality(t.numerator_by) = 0) = (cardinality(t.denominator_by) = 0) AS whole,
           coalesce(cardinality(t.valued_by), 0) AS valued, coalesce(cardinality(t.withheld_by), 0) AS withheld,
           coalesce(cardinality(t.not_available_by), 0) AS not_available, coalesce(cardinality(t.not_collected_by), 0) AS not_collected,
           coalesce(cardinality(t.not_applicable_by), 0) AS not_applicable,
           b.number AS number_before, CASE WHEN b.number IS NOT NULL THEN coalesce(l.number, 0) END AS number_lost
      FROM told w LEFT JOIN summed t USING (cell_id, jurisdiction) LEFT JOIN before b USING (cell_id, jurisdiction) LEFT JOIN lost l USING (cell_id, jurisdiction)
), figure AS (
    SELECT s.cell_id, s.jurisdiction, c.adds OR c.single AS combined, s.kind, s.number, s.denominator, s.text, s.whole, s.expected, s.valued, s.withheld, s.not_available,
           s.not_collected, s.not_applicable, s.excused, s.unanswered, s.missing, s.under_correction, s.number_before, s.number_lost
      FROM side s JOIN chosen c USING (cell_id)
    UNION ALL
    SELECT s.cell_id, 'iraq', (c.adds AND coalesce(max(s.kind) IN (1, 5), true)) OR (c.single AND count(*) = 1), max(s.kind),
           CASE WHEN bool_or(s.kind = 1 AND s.text IS NOT NULL) THEN register_count(register_names(array_agg(s.text))) ELSE sum(s.number) END, -- names beside a number: a register
           sum(s.denominator), max(s.text), bool_and(s.none OR s.whole), sum(s.expected), sum(s.valued),
           sum(s.withheld), sum(s.not_available), sum(s.not_collected), sum(s.not_applicable), sum(s.excused), sum(s.unanswered), string_agg(s.missing, ',' ORDER BY s.jurisdiction),
           string_agg(s.under_correction, ',' ORDER BY s.jurisdiction), sum(s.number_before), sum(s.number_lost)
      FROM side s JOIN chosen c USING (cell_id) GROUP BY s.cell_id, c.adds, c.single
)
SELECT c.indicator, c.cell_id, c.code, f.jurisdiction, c.period, v.kind, v.number, v.denominator, v.text,
       CASE WHEN v.kind = 5 AND f.whole AND v.denominator <> 0
            THEN (div(v.number * c.multiplier * 20 + v.denominator, v.denominator * 2) * 0.1)::text END,
       h.hidden, CASE WHEN NOT f.combined THEN 'listed' WHEN c.may_overlap THEN 'contacts' ELSE '' END,
       f.expected, h.valued, h.withheld, f.not_available, f.not_collected, f.not_applicable, f.excused, f.unanswered, f.missing, f.under_correction,
       CASE WHEN (s.clear OR NOT c.protected) AND f.number_before > 0 THEN round(f.number_lost / f.number_before, 3)::text END,
       round(h.valued::numeric / nullif(f.expected - f.not_applicable - f.excused, 0), 3)::text
  FROM figure f JOIN chosen c USING (cell_id) JOIN sight s ON s.jurisdiction = f.jurisdiction
  LEFT JOIN veiled x ON x.cell_id = f.cell_id AND x.jurisdiction = f.jurisdiction
  -- Of what is hidden it is not told whether it was withheld.
  CROSS JOIN LATERAL (SELECT w.hidden, f.valued + CASE WHEN w.hidden THEN f.withheld ELSE 0 END AS valued, CASE WHEN w.hidden THEN 0 ELSE f.withheld END AS withheld
                        FROM (SELECT NOT s.clear AND x.cell_id IS NOT NULL AS hidden) w) h
  LEFT JOIN LATERAL (SELECT CASE WHEN f.kind = 5 AND f.denominator IS NULL THEN 6::smallint WHEN f.kind = 5 AND f.number IS NULL THEN 7::smallint ELSE f.kind END AS kind,
                            f.number, f.denominator, f.text) v ON f.combined AND NOT h.hidden
 WHERE p_jurisdiction IN ('', f.jurisdiction)
UNION ALL
SELECT c.indicator, c.cell_id, c.code, g.jurisdiction, c.period, CASE WHEN g.denominator IS NOT NULL THEN 5::smallint END, g.number, g.denominator, NULL,
       CASE WHEN g.denominator <> 0 THEN (div(g.number * c.multiplier * 20 + g.denominator, g.denominator * 2) * 0.1)::text END, false,
       CASE WHEN g.needs <> '' THEN 'not_computed' WHEN g.unit = 'text' THEN 'listed' ELSE 'derived' END, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL
  FROM (SELECT d.cell_id, d.needs, d.unit, d.jurisdiction, d.number, d.denominator FROM derived d WHERE d.needs = ''
        UNION ALL
        SELECT d.cell_id, d.needs, d.unit, 'iraq', sum(d.number), sum(d.denominator) FROM derived d
         WHERE EXISTS (SELECT FROM sight x WHERE x.jurisdiction = 'iraq') GROUP BY d.cell_id, d.needs, d.unit
        UNION ALL -- what is not computed is named once
        SELECT d.cell_id, d.needs, d.unit, d.jurisdiction, NULL, NULL FROM derived d
         WHERE d.needs <> '' AND (p_jurisdiction = d.jurisdiction OR NOT EXISTS (SELECT FROM sight x WHERE x.jurisdiction = 'iraq'))) g
  JOIN chosen c USING (cell_id)
 WHERE p_jurisdiction IN ('', g.jurisdiction) $$;
COMMENT ON FUNCTION national_figures(bigint, bigint, text, text, text, boolean) IS 'the national picture of a round, as a user may see it';

-- Words of reports are for who may read the reports: in print (0, the system itself) there are only selected sentences.
CREATE OR REPLACE FUNCTION national_parts(p_actor bigint, p_round bigint, p_state text, p_jurisdiction text, p_indicator text, p_tables boolean)
RETURNS TABLE (cell_id bigint, place bigint, jurisdiction text, entity text, kind smallint, number numeric, denominator numeric, text text, section text)
LANGUAGE sql STABLE AS $$
WITH chosen AS MATERIALIZED (
    SELECT c.* FROM national_cells(p_round, p_indicator, p_tables) c
     WHERE p_indicator <> '' OR (NOT c.nobody AND (NOT p_tables OR NOT (c.adds OR c.single)))
), sight AS MATERIALIZED (
    SELECT s.* FROM national_sight(p_actor, p_state) s
     WHERE s.seen AND s.jurisdiction <> 'iraq' AND (p_jurisdiction IN ('', 'iraq') OR s.jurisdiction = p_jurisdiction)
), veiled AS MATERIALIZED (
    SELECT v.* FROM protection_hides(p_round, p_state) v WHERE EXISTS (SELECT FROM sight s WHERE NOT s.clear)
)
SELECT p.cell_id, c.place, s.jurisdiction, e.code, p.kind, p.number, p.denominator, p.text, NULL
  FROM sight s CROSS JOIN LATERAL contribution_cells(p_round, p_state, s.jurisdiction, ARRAY(SELECT x.cell_id FROM chosen x)) p
  JOIN chosen c USING (cell_id) JOIN entity e USING (entity_id) LEFT JOIN veiled x ON x.cell_id = p.cell_id AND x.jurisdiction = s.jurisdiction
 WHERE p.kind <> 0 AND (s.clear OR (NOT c.protected AND x.cell_id IS NULL))
UNION ALL
SELECT c.cell_id, c.place, s.jurisdiction, e.code, 4::smallint, NULL, NULL, w.text, w.section
  FROM chosen c JOIN indicator i USING (indicator_id) CROSS JOIN LATERAL indicator_formula(i) x CROSS JOIN sight s
 CROSS JOIN LATERAL contribution_heads(p_round, p_state, s.jurisdiction) h JOIN entity e USING (entity_id)
 CROSS JOIN LATERAL (SELECT n.section, n.text::text FROM narrative n WHERE n.entity_id = h.entity_id AND n.round_id = p_round AND n.revision <= h.revision
                     UNION ALL -- written since: as it was
                     SELECT a.section, a.text FROM narrative_at(h.entity_id, p_round, h.revision) a
                      WHERE EXISTS (SELECT FROM narrative n WHERE n.entity_id = h.entity_id AND n.round_id = p_round AND n.revision > h.revision AND n.section = a.section)) w
 WHERE c.nobody AND p_actor <> 0 AND x.formula = 'report_words' AND w.section IN ('obstacles', 'lessons', 'support_needed') AND w.text <> '' $$;
COMMENT ON FUNCTION national_parts(bigint, bigint, text, text, text, boolean) IS 'entities'' answers behind the national picture, as a user may see them';

GRANT EXECUTE ON FUNCTION small_figure(boolean, int, numeric, numeric), small_change(int, numeric, numeric, numeric, numeric), protection_hides(bigint, text) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'protection' $$;

COMMIT;
