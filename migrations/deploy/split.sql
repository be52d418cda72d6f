-- Deploy inap:split to pg: series over categories that were split: what their parts make together.
BEGIN;
SET LOCAL search_path = inap;

-- Categories of a round's plan with the one that they were a part of before, however many splits ago; broke is the quarter of the
-- split, null for what never was a part. Parts to come are left out.
CREATE FUNCTION category_lines(p_round bigint) RETURNS TABLE (category_id bigint, root_id bigint, broke int) LANGUAGE sql STABLE AS $$
WITH RECURSIVE line (category_id, root_id, dimension_id, code, broke, quarter) AS (
    SELECT c.category_id, c.category_id, c.dimension_id, c.code, NULL::int, o.quarter
      FROM round o JOIN dimension d USING (plan_id) JOIN category c USING (dimension_id) WHERE o.round_id = p_round AND c.split_from IS NULL
    UNION ALL
    SELECT c.category_id, l.root_id, l.dimension_id, c.code, quarter_of(c.valid_from), l.quarter
      FROM line l JOIN category c ON c.dimension_id = l.dimension_id AND c.split_from = l.code
     WHERE CASE WHEN isfinite(c.valid_from) THEN quarter_of(c.valid_from) <= l.quarter END
)
SELECT l.category_id, l.root_id, l.broke FROM line l $$;
COMMENT ON FUNCTION category_lines(bigint) IS 'categories of a round with the one that each was a part of before';

-- Of one indicator: what the parts of a split category make together, as a cell of the whole that was asked for until then, so
-- that the series stays comparable. A figure only where every part has one, and all are numbers or all are ratios.
CREATE FUNCTION national_wholes(p_actor bigint, p_round bigint, p_state text, p_jurisdiction text, p_indicator text)
RETURNS TABLE (cell text, sort int, jurisdiction text, breaks_at text, parts text, kind smallint, number numeric, denominator numeric, percent text, hidden boolean)
LANGUAGE sql STABLE AS $$
WITH line AS MATERIALIZED (
    SELECT l.* FROM category_lines(p_round) l
), mapped AS (
    SELECT f.jurisdiction, f.cell, f.kind, f.number, f.denominator, f.hidden, k.table_id, k.sort,
           ARRAY(SELECT l.root_id FROM unnest(k.categories) WITH ORDINALITY AS u (id, n) JOIN line l ON l.category_id = u.id ORDER BY u.n) AS roots,
           (SELECT min(l.broke) FROM unnest(k.categories) AS u (id) JOIN line l ON l.category_id = u.id) AS broke
      FROM national_figures(p_actor, p_round, p_state, p_jurisdiction, p_indicator, true) f JOIN cell k USING (cell_id)
     WHERE k.table_id IS NOT NULL AND EXISTS (SELECT FROM line l WHERE l.broke IS NOT NULL)
), summed AS (
    SELECT w.code, w.sort, m.jurisdiction, min(m.broke) AS broke, string_agg(m.cell, ' ' ORDER BY m.sort) AS parts, bool_or(m.hidden) AS hidden,
           CASE WHEN bool_and(m.kind IS NOT DISTINCT FROM 1) THEN 1::smallint WHEN bool_and(m.kind IS NOT DISTINCT FROM 5) THEN 5::smallint END AS kind,
           sum(m.number) AS number, sum(m.denominator) AS denominator
      FROM mapped m JOIN cell w ON w.table_id = m.table_id AND w.categories = m.roots
     GROUP BY w.cell_id, w.code, w.sort, m.jurisdiction HAVING count(m.broke) > 0 AND count(*) > 1
)
SELECT s.code, s.sort, s.jurisdiction, quarter_code(s.broke), s.parts, CASE WHEN NOT s.hidden THEN s.kind END,
       CASE WHEN NOT s.hidden AND s.kind IS NOT NULL THEN s.number END, CASE WHEN NOT s.hidden AND s.kind = 5 THEN s.denominator END,
       CASE WHEN NOT s.hidden AND s.kind = 5 AND s.denominator <> 0
            THEN (div(s.number * i.multiplier * 20 + s.denominator, s.denominator * 2) * 0.1)::text END, s.hidden
  FROM summed s JOIN round o ON o.round_id = p_round JOIN indicator i ON i.plan_id = o.plan_id AND i.code = p_indicator $$;
COMMENT ON FUNCTION national_wholes(bigint, bigint, text, text, text) IS 'what the parts of split categories make together, of one indicator';

-- Where a cell's series broke since the period before: a category of it was split from another, or others from it.
CREATE FUNCTION cell_breaks(p_round bigint) RETURNS TABLE (cell_id bigint, breaks_at text, parts text) LANGUAGE sql STABLE AS $$
WITH split AS MATERIALIZED ( -- few, and mostly none: the cells are looked through only where there is one
    SELECT s.* FROM (SELECT o.plan_id, o.quarter, CASE WHEN isfinite(c.valid_from) THEN quarter_of(c.valid_from) END AS broke, ARRAY[c.category_id, p.category_id] AS ids, ARRAY[c.code, p.code] AS codes
                       FROM round o JOIN dimension d USING (plan_id) JOIN category c USING (dimension_id) JOIN category p ON p.dimension_id = c.dimension_id AND p.code = c.split_from
                      WHERE o.round_id = p_round AND c.split_from IS NOT NULL) s
     WHERE s.broke BETWEEN s.quarter - 3 AND s.quarter
)
SELECT k.cell_id, quarter_code(min(s.broke)), string_agg(DISTINCT u.code, ',' ORDER BY u.code)
  FROM split s JOIN cell k ON k.plan_id = s.plan_id AND k.categories && s.ids JOIN indicator i USING (indicator_id) CROSS JOIN LATERAL unnest(s.codes) AS u (code)
 WHERE s.broke > s.quarter - CASE i.frequency WHEN 'annual' THEN 4 WHEN 'semiannual' THEN 2 ELSE 1 END
 GROUP BY k.cell_id $$;
COMMENT ON FUNCTION cell_breaks(bigint) IS 'cells whose category was split, or from another, since the period before';

GRANT EXECUTE ON FUNCTION category_lines(bigint), national_wholes(bigint, bigint, text, text, text), cell_breaks(bigint) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'split' $$;

COMMIT;
