-- Deploy inap:margins to pg: a crossed table is checked against the tables at its margins, cell by cell.
BEGIN;
SET LOCAL search_path = inap;

-- The parts of a crossed table, by the margin that another table of fewer of its dimensions gives: AA:sex=F is what AA:place=*,sex=F
-- make together. Both tables are exclusive and both are answered; of the rule that the crossed table has with the total, and judged as
-- that is: with parts missing they may not exceed the margin.
CREATE FUNCTION report_margins(p_entity bigint, p_round bigint, p_severities text[])
RETURNS TABLE (cell_id bigint, rule_id bigint, code text, left_term text, right_term text, left_value numeric, right_value numeric, cells text, note text)
LANGUAGE plpgsql STABLE SET enable_hashjoin = on SET enable_mergejoin = on SET enable_seqscan = on SET enable_bitmapscan = on AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM round o JOIN rule r USING (plan_id) JOIN indicator_table t USING (table_id)
                    WHERE o.round_id = p_round AND r.kind = 'table' AND r.severity = ANY (p_severities) AND cardinality(t.dimensions) > 1) THEN
        RETURN; -- most plans cross nothing
    END IF;
    RETURN QUERY
    WITH pair AS MATERIALIZED (
        SELECT r.rule_id, r.half, t.table_id, t.code, t.dimensions, m.table_id AS margin_id
          FROM round o JOIN rule r USING (plan_id) JOIN indicator_table t USING (table_id)
          JOIN indicator_table m ON m.indicator_id = t.indicator_id AND m.exclusive AND m.dimensions <@ t.dimensions AND cardinality(m.dimensions) < cardinality(t.dimensions)
         WHERE o.round_id = p_round AND r.kind = 'table' AND r.severity = ANY (p_severities) AND quarter_end(o.quarter) BETWEEN r.valid_from AND r.valid_to
    ), held AS MATERIALIZED (
        SELECT a.cell_id, k.code, k.sort, k.table_id, k.categories, a.unit, coalesce(v.kind, 0::smallint) AS kind, v.number, v.denominator, v.note::text AS note
          FROM asked(p_entity, p_round) a JOIN cell k USING (cell_id) LEFT JOIN value v ON v.entity_id = p_entity AND v.round_id = p_round AND v.cell_id = a.cell_id
         WHERE k.table_id IN (SELECT p.table_id FROM pair p UNION ALL SELECT p.margin_id FROM pair p)
    ), summed AS (
        SELECT p.rule_id, p.half, p.dimensions, m.cell_id, m.code, m.unit, m.note, min(g.figure) AS margin, sum(f.figure) AS figure,
               bool_or(f.figure IS NULL AND h.kind <> 8) AS partly, string_agg(h.code, ' ' ORDER BY h.sort) AS cells
          FROM pair p JOIN held m ON m.table_id = p.margin_id JOIN held h ON h.table_id = p.table_id AND h.categories @> m.categories
         CROSS JOIN LATERAL (SELECT value_figure(m.kind, m.number, m.denominator, p.half) AS figure) g
         CROSS JOIN LATERAL (SELECT value_figure(h.kind, h.number, h.denominator, p.half) AS figure) f
         WHERE g.figure IS NOT NULL
         GROUP BY p.rule_id, p.half, p.dimensions, m.cell_id, m.code, m.unit, m.note
    )
    SELECT s.cell_id, s.rule_id, CASE WHEN s.partly THEN 'TABLE_OVER' ELSE 'TABLE_SUM' END, w.total || ':' || split_part(s.code, ':', 2),
           w.total || ':' || (SELECT string_agg(coalesce(c.part, d.code || '=*'), ',' ORDER BY d.n) FROM unnest(s.dimensions) WITH ORDINALITY AS d (code, n)
                                LEFT JOIN string_to_table(split_part(s.code, ':', 2), ',') AS c (part) ON split_part(c.part, '=', 1) = d.code),
           s.margin, s.figure, concat_ws(' ', s.code, s.cells), s.note
      FROM summed s CROSS JOIN LATERAL (SELECT split_part(s.code, ':', 1) || CASE s.half WHEN '' THEN '' ELSE '.' || s.half END AS total) w
     WHERE CASE WHEN s.partly THEN s.figure > s.margin AND (s.unit <> 'decimal' OR s.half <> '') ELSE s.figure <> s.margin END;
END $$;
COMMENT ON FUNCTION report_margins(bigint, bigint, text[]) IS 'cells of tables that the crossed tables of a report do not make';
GRANT EXECUTE ON FUNCTION report_margins(bigint, bigint, text[]) TO inap_app;

CREATE OR REPLACE FUNCTION report_problems(p_entity bigint, p_round bigint, p_severities text[], p_roles int)
RETURNS TABLE (cell text, rule text, severity text, code text, unanswered bigint, asked bigint, kind text, name_en text, name_ar text, name_ckb text, op text,
               left_term text, right_term text, left_value text, right_value text, cells text, explained boolean, note text)
LANGUAGE sql STABLE AS $$
WITH held AS MATERIALIZED (
    SELECT k.code, k.indicator_id, k.table_id, a.kinds, a.unit, coalesce(v.kind, 0::smallint) AS kind, v.number, v.denominator, v.expected_on
      FROM asked(p_entity, p_round) a JOIN cell k USING (cell_id)
      LEFT JOIN value v ON v.entity_id = p_entity AND v.round_id = p_round AND v.cell_id = a.cell_id
), total AS (
    SELECT * FROM held WHERE table_id IS NULL
), signature AS MATERIALIZED (
    SELECT nullif(l.note, '') AS note FROM report r JOIN log l ON l.entity_id = r.entity_id AND l.round_id = r.round_id AND l.action = 'submit'
     WHERE r.entity_id = p_entity AND r.round_id = p_round AND r.state IN ('submitted', 'in_review', 'endorsed', 'accepted') ORDER BY l.revision DESC LIMIT 1
), found (cell, rule, severity, code, unanswered, asked, kind, name_en, name_ar, name_ckb, op, left_term, right_term, left_value, right_value, cells, note) AS (
    SELECT t.code, 'unanswered_total', answer_weight(p_entity, p_round, t.indicator_id), 'UNANSWERED_TOTAL', 1::bigint, 1::bigint, 'answer', NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text,
           NULL::text, NULL::text, t.code, NULL::text
      FROM total t WHERE t.kind = 0
    UNION ALL
    SELECT h.code, 'outside_unit', 'BLOCK', value_fault(h.kind, h.kinds, h.unit, h.number, h.denominator, h.expected_on), 1, 1, 'answer', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           h.code, NULL
      FROM held h WHERE h.kind <> 0 AND value_fault(h.kind, h.kinds, h.unit, h.number, h.denominator, h.expected_on) IS NOT NULL
    UNION ALL
    SELECT i.code || ':' || t.code, 'unanswered_table', 'EXPLAIN', 'UNANSWERED_TABLE', count(*) FILTER (WHERE h.kind = 0), count(*), 'answer', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           string_agg(h.code, ' ' ORDER BY h.code) FILTER (WHERE h.kind = 0), NULL
      FROM held h JOIN indicator_table t USING (table_id) JOIN indicator i ON i.indicator_id = h.indicator_id
      JOIN total o ON o.indicator_id = h.indicator_id
     WHERE o.kind NOT BETWEEN 8 AND 11
     GROUP BY i.code, t.code HAVING count(*) FILTER (WHERE h.kind = 0) > 0
    UNION ALL
    SELECT n.cell, n.rule, n.severity, n.code, n.unanswered, n.asked, 'answer', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM narrative_problems(p_entity, p_round) n
    UNION ALL
    SELECT k.code, r.code, r.severity, f.code, NULL, NULL, r.kind, CASE r.kind WHEN 'given' THEN r.name_en END, r.name_ar, r.name_ckb, r.op, r.left_text, r.right_text,
           f.left_value::text, f.right_value::text, f.cells, nullif(f.note, '')
      FROM report_rules(p_entity, p_round, p_severities) f JOIN rule r USING (rule_id) JOIN cell k USING (cell_id)
    UNION ALL
    SELECT k.code, r.code, r.severity, f.code, NULL, NULL, r.kind, NULL, NULL, NULL, r.op, f.left_term, f.right_term, f.left_value::text, f.right_value::text, f.cells,
           nullif(f.note, '')
      FROM report_margins(p_entity, p_round, p_severities) f JOIN rule r USING (rule_id) JOIN cell k USING (cell_id)
    UNION ALL
    SELECT k.code, f.rule, f.severity, f.code, NULL, NULL, f.rule, NULL, NULL, NULL, NULL, k.code || CASE f.half WHEN '' THEN '' ELSE '.' || f.half END, NULL,
           f.figure::text, f.other::text, k.code, nullif(v.note::text, '')
      FROM report_trends(p_entity, p_round, p_severities, p_roles) f JOIN cell k USING (cell_id)
      JOIN value v ON v.entity_id = p_entity AND v.round_id = p_round AND v.cell_id = f.cell_id
)
SELECT f.cell, f.rule, f.severity, f.code, f.unanswered, f.asked, f.kind, f.name_en, f.name_ar, f.name_ckb, f.op, f.left_term, f.right_term, f.left_value, f.right_value, f.cells,
       f.severity <> 'BLOCK' AND n.note IS NOT NULL, n.note
  FROM found f CROSS JOIN LATERAL (SELECT CASE f.severity WHEN 'BLOCK' THEN NULL WHEN 'EXPLAIN' THEN coalesce(f.note, (SELECT s.note FROM signature s)) ELSE f.note END AS note) n
 WHERE f.severity = ANY (p_severities)
 ORDER BY f.severity, f.cell COLLATE "C", f.rule COLLATE "C" $$;
COMMENT ON FUNCTION report_problems(bigint, bigint, text[], int) IS 'what is to be said of a report, BLOCK first';

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'margins' $$;

COMMIT;
