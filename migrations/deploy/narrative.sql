-- Deploy inap:narrative to pg: the report's words, and what every write beside cells and moves asks before it happens.
BEGIN;
SET LOCAL search_path = inap;

-- Why a narrative section or an activity may not be written, CODE|name=value|...; null: it may. p_kind and p_target: of what
-- a review point may name. The caller holds the entity's head.
CREATE FUNCTION entry_fault(p_entity bigint, p_round bigint, p_base bigint, p_kind text, p_target text, p_actor bigint)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    now_at bigint := (SELECT r.revision FROM report r WHERE r.entity_id = p_entity AND r.round_id = p_round);
    shut text;
BEGIN
    IF now_at IS NULL OR NOT holds_role(p_actor, '{focal_point}', p_entity) THEN RETURN 'NOT_FOUND|what=report'; END IF;
    shut := report_lock(p_entity, p_round, p_kind, p_target);
    IF shut IN ('submitted', 'in_review', 'endorsed', 'accepted') THEN RETURN 'WRONG_STATE|state=' || shut; END IF;
    IF shut = 'returned' THEN RETURN format('CELL_LOCKED|cell=%s:%s|lock=returned', p_kind, p_target); END IF;
    IF shut IS NOT NULL THEN RETURN 'ROUND_NOT_OPEN|why=' || shut; END IF;
    IF p_base <> now_at THEN RETURN format('STALE_REVISION|revision=%s|base=%s', now_at, p_base); END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION entry_fault(bigint, bigint, bigint, text, text, bigint) IS 'why a narrative section or an activity may not be written; null: it may';

-- The sections, in their order.
CREATE FUNCTION narrative_sections() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT '{results,obstacles,lessons,support_needed,next_quarter}'::text[] $$;
COMMENT ON FUNCTION narrative_sections() IS 'the sections of a narrative, in their order';

-- A report's words as of a revision, from the log. Now is cheaper: read narrative. An emptied section is an empty text.
CREATE FUNCTION narrative_at(p_entity bigint, p_round bigint, p_revision bigint)
RETURNS TABLE (section text, text text, revision bigint, actor_id bigint, at timestamptz) LANGUAGE sql STABLE AS $$
SELECT DISTINCT ON (s.section) s.section, s.text, l.revision, l.actor_id, l.at
  FROM log l CROSS JOIN LATERAL jsonb_to_recordset(l.outcome::jsonb -> 'sections') AS s (section text, text text)
 WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.revision <= p_revision AND l.action = 'narrative'
 ORDER BY s.section, l.revision DESC $$;
COMMENT ON FUNCTION narrative_at(bigint, bigint, bigint) IS 'a report''s narrative as it was at a revision, from the log';

-- What every report says in words: without it nothing is signed.
CREATE FUNCTION narrative_problems(p_entity bigint, p_round bigint)
RETURNS TABLE (cell text, rule text, severity text, code text, unanswered bigint, asked bigint) LANGUAGE sql STABLE AS $$
SELECT 'narrative:' || s.section, 'narrative_missing', 'BLOCK', 'NARRATIVE_MISSING', 1::bigint, 1::bigint
  FROM unnest('{results,obstacles}'::text[]) AS s (section)
 WHERE NOT EXISTS (SELECT FROM narrative n WHERE n.entity_id = p_entity AND n.round_id = p_round AND n.section = s.section AND n.text <> '') $$;
COMMENT ON FUNCTION narrative_problems(bigint, bigint) IS 'required sections of the narrative that are not written';

-- As before, with the narrative's own.
CREATE OR REPLACE FUNCTION report_problems(p_entity bigint, p_round bigint)
RETURNS TABLE (cell text, rule text, severity text, code text, unanswered bigint, asked bigint) LANGUAGE sql STABLE AS $$
WITH held AS (
    SELECT k.code, k.indicator_id, k.table_id, a.kinds, a.unit, coalesce(v.kind, 0::smallint) AS kind, v.number, v.denominator, v.expected_on
      FROM asked(p_entity, p_round) a JOIN cell k USING (cell_id)
      LEFT JOIN value v ON v.entity_id = p_entity AND v.round_id = p_round AND v.cell_id = a.cell_id
), total AS (
    SELECT * FROM held WHERE table_id IS NULL
)
SELECT t.code, 'unanswered_total', 'BLOCK', 'UNANSWERED_TOTAL', 1::bigint, 1::bigint FROM total t WHERE t.kind = 0
UNION ALL
SELECT h.code, 'outside_unit', 'BLOCK', value_fault(h.kind, h.kinds, h.unit, h.number, h.denominator, h.expected_on), 1, 1
  FROM held h WHERE h.kind <> 0 AND value_fault(h.kind, h.kinds, h.unit, h.number, h.denominator, h.expected_on) IS NOT NULL
UNION ALL
SELECT i.code || ':' || t.code, 'unanswered_table', 'EXPLAIN', 'UNANSWERED_TABLE', count(*) FILTER (WHERE h.kind = 0), count(*)
  FROM held h JOIN indicator_table t USING (table_id) JOIN indicator i ON i.indicator_id = h.indicator_id
  JOIN total o ON o.indicator_id = h.indicator_id
 WHERE o.kind NOT BETWEEN 8 AND 11
 GROUP BY i.code, t.code HAVING count(*) FILTER (WHERE h.kind = 0) > 0
UNION ALL
SELECT n.cell, n.rule, n.severity, n.code, n.unanswered, n.asked FROM narrative_problems(p_entity, p_round) n
 ORDER BY 3, 1 $$;
COMMENT ON FUNCTION report_problems(bigint, bigint) IS 'what stands between a report and its submission, BLOCK first';

-- Whoever wrote the words does not sign them either.
CREATE OR REPLACE FUNCTION typed(p_entity bigint, p_round bigint, p_user bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce((SELECT true FROM log l WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.actor_id = p_user
                       AND l.action IN ('save', 'receive', 'narrative') LIMIT 1), false));
END $$;
COMMENT ON FUNCTION typed(bigint, bigint, bigint) IS 'has the user typed into the report';

GRANT EXECUTE ON FUNCTION entry_fault(bigint, bigint, bigint, text, text, bigint), narrative_sections(), narrative_at(bigint, bigint, bigint),
    narrative_problems(bigint, bigint) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'narrative' $$;

COMMIT;
