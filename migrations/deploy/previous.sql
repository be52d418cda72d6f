-- Deploy inap:previous to pg: what an entity answered in the period before, beside what is asked now.
BEGIN;
SET LOCAL search_path = inap;

-- The answers of the period before (the same frequency; of a survey: the one before) to the cells that a report asks, as far
-- as these roles may read that report: the entity its newest, submitted or not. The national picture has none.
-- May be offered: what stands rather than happens (stocks, cumulative figures), and what says how things are (yes, no, text,
-- not_applicable, not_collected), where the cell still takes it. Never not_available: that spoke of its own period.
CREATE FUNCTION previous_values(p_entity bigint, p_round bigint, p_roles int)
RETURNS TABLE (cell_id bigint, period text, kind smallint, number numeric, denominator numeric, text text, note text, may_confirm boolean)
LANGUAGE sql STABLE AS $$
WITH before AS MATERIALIZED (
    SELECT f.frequency, NULL::bigint AS survey, b.round_id, b.quarter, r.revision, report_view(p_entity, b.round_id, p_roles) AS seen
      FROM round o CROSS JOIN (VALUES ('quarterly', 1), ('semiannual', 2), ('annual', 4)) AS f (frequency, quarters)
      JOIN round b ON b.plan_id = o.plan_id AND b.quarter = o.quarter - f.quarters
      JOIN report r ON r.entity_id = p_entity AND r.round_id = b.round_id
     WHERE o.round_id = p_round AND (o.quarter + 1) % f.quarters = 0 AND p_roles & 30 <> 0
    UNION ALL
    SELECT 'survey', s.survey, b.round_id, b.quarter, r.revision, report_view(p_entity, b.round_id, p_roles)
      FROM round o CROSS JOIN unnest(o.surveys) AS s (survey)
      CROSS JOIN LATERAL (SELECT x.round_id, x.quarter FROM round x
                           WHERE x.plan_id = o.plan_id AND x.quarter < o.quarter AND s.survey = ANY (x.surveys) ORDER BY x.quarter DESC LIMIT 1) b
      JOIN report r ON r.entity_id = p_entity AND r.round_id = b.round_id
     WHERE o.round_id = p_round AND p_roles & 30 <> 0
), asks AS (
    SELECT a.cell_id, a.kinds, i.value_kind, i.frequency, b.round_id, b.quarter, b.revision, b.seen
      FROM asked(p_entity, p_round) a JOIN indicator i ON i.indicator_id = a.indicator_id
      JOIN before b ON b.frequency = i.frequency AND (b.survey IS NULL OR b.survey = i.indicator_id)
), held AS (
    SELECT k.*, v.kind, v.number::numeric, v.denominator::numeric, v.text::text, v.note::text
      FROM asks k CROSS JOIN LATERAL (SELECT v.* FROM value v WHERE v.entity_id = p_entity AND v.round_id = k.round_id AND v.cell_id = k.cell_id LIMIT 1) v
     WHERE k.seen = k.revision
    UNION ALL
    SELECT k.*, c.kind, c.number, c.denominator, c.text, c.note
      FROM before b CROSS JOIN LATERAL cells_at(p_entity, b.round_id, b.seen) c JOIN asks k ON k.cell_id = c.cell_id AND k.round_id = b.round_id
     WHERE b.seen < b.revision
)
SELECT DISTINCT ON (h.cell_id) h.cell_id, period_code(h.quarter, h.frequency), h.kind, h.number, h.denominator, h.text, h.note,
       (h.kinds >> h.kind) & 1 = 1 AND h.kind <> 11
         AND (h.value_kind IN ('at_period_end', 'cumulative_since_start') OR h.kind IN (2, 3, 4, 8, 9))
  FROM held h WHERE h.kind <> 0 ORDER BY h.cell_id $$;
COMMENT ON FUNCTION previous_values(bigint, bigint, int) IS 'the entity''s answers of the period before to what a report asks, and which may be offered again';
GRANT EXECUTE ON FUNCTION previous_values(bigint, bigint, int) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'previous' $$;

COMMIT;
