-- Deploy inap:yearly to pg: a yearly figure that is not due yet does not block a submission.
BEGIN;
SET LOCAL search_path = inap;

-- Only of a report that is asked for yearly figures.
CREATE OR REPLACE FUNCTION report_yearly_due(r report, o round) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT CASE WHEN o.yearly_due_at IS NOT NULL AND EXISTS (SELECT FROM asked(r.entity_id, o.round_id) a WHERE is_yearly(a.indicator_id))
            THEN greatest(o.yearly_due_at, r.due_at, o.due_at) END $$;
COMMENT ON FUNCTION report_yearly_due(report, round) IS 'when its yearly figures are due; null: with the others, or it has none';

-- What an unanswered total is: it blocks, but a yearly figure whose later date is still to come only wants a word.
CREATE FUNCTION answer_weight(p_entity bigint, p_round bigint, p_indicator bigint) RETURNS text LANGUAGE sql STABLE AS $$
SELECT CASE WHEN is_yearly(p_indicator) AND now() <= report_yearly_due(r, o) THEN 'EXPLAIN' ELSE 'BLOCK' END
  FROM report r JOIN round o USING (round_id) WHERE r.entity_id = p_entity AND r.round_id = p_round $$;
COMMENT ON FUNCTION answer_weight(bigint, bigint, bigint) IS 'the severity of an unanswered total';
GRANT EXECUTE ON FUNCTION answer_weight(bigint, bigint, bigint) TO inap_app;

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

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'yearly' $$;
COMMIT;
