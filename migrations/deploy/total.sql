-- Deploy inap:total to pg: what entities' figures make together. Exact numbers, kept by the moves that change them.
BEGIN;
SET LOCAL search_path = inap;

-- One entity's answer to one cell at a minimum state: from its latest contribution that was not withdrawn.
-- not_applicable counts only once a coordinator has endorsed it.
CREATE FUNCTION contribution_cells(p_round bigint, p_state text, p_jurisdiction text, p_cells bigint[])
RETURNS TABLE (cell_id bigint, entity_id bigint, excused boolean, kind smallint, number numeric, denominator numeric, text text)
LANGUAGE sql STABLE AS $$
WITH expected AS (
    SELECT f.cell_id, f.entity_id, r.excused_by IS NOT NULL AS excused
      FROM round o JOIN form_cell f ON f.plan_id = o.plan_id AND f.cell_id = ANY (p_cells)
      JOIN entity e ON e.entity_id = f.entity_id AND e.jurisdiction = p_jurisdiction
      JOIN report r ON r.entity_id = f.entity_id AND r.round_id = o.round_id
     WHERE o.round_id = p_round AND o.quarter BETWEEN f.from_quarter AND f.to_quarter
       AND ((f.quarters >> (o.quarter % 4)) & 1 = 1 OR (f.quarters = 0 AND f.indicator_id = ANY (o.surveys)))
), latest AS (
    SELECT DISTINCT ON (c.entity_id) c.*
      FROM contribution c WHERE c.round_id = p_round AND c.state = p_state AND c.withdrawn_at IS NULL
     ORDER BY c.entity_id, c.revision DESC
), given AS (
    SELECT l.entity_id, c.cell AS cell_id, c.kind, c.number, c.denominator, c.text
      FROM latest l, unnest(l.cells, l.kinds, l.numbers, l.denominators, l.texts) AS c (cell, kind, number, denominator, text)
     WHERE c.cell = ANY (p_cells)
)
SELECT x.cell_id, x.entity_id, x.excused,
       CASE WHEN g.kind = 8 AND p_state = 'submitted' THEN 0::smallint ELSE coalesce(g.kind, 0::smallint) END, g.number, g.denominator, g.text
  FROM expected x LEFT JOIN given g USING (cell_id, entity_id) $$;
COMMENT ON FUNCTION contribution_cells(bigint, text, text, bigint[]) IS 'what each entity asked for a cell contributes to it at a minimum state';

-- The totals of some cells of a jurisdiction, summed anew from the contributions.
CREATE FUNCTION total_compute(p_round bigint, p_state text, p_jurisdiction text, p_cells bigint[])
RETURNS TABLE (cell_id bigint, kind smallint, number numeric, denominator numeric, text text, valued_by bigint[], numerator_by bigint[], denominator_by bigint[],
               withheld_by bigint[], not_available_by bigint[], not_collected_by bigint[], not_applicable_by bigint[], excused_by bigint[], unanswered_by bigint[])
LANGUAGE sql STABLE AS $$
WITH summed AS (
    SELECT c.cell_id,
           sum(c.number) FILTER (WHERE c.kind IN (1, 5, 6)) AS number, sum(c.denominator) FILTER (WHERE c.kind IN (5, 7)) AS denominator,
           max(c.kind) FILTER (WHERE c.kind IN (2, 3, 4)) AS word, max(c.text) FILTER (WHERE c.kind = 4) AS text, count(*) FILTER (WHERE c.kind IN (2, 3, 4)) AS words,
           bool_or(c.kind IN (5, 6, 7)) AS is_ratio, bool_or(c.kind = 1) AS is_number,
           coalesce(array_agg(c.entity_id ORDER BY c.entity_id) FILTER (WHERE c.kind BETWEEN 1 AND 7), '{}') AS valued_by,
           coalesce(array_agg(c.entity_id ORDER BY c.entity_id) FILTER (WHERE c.kind = 6), '{}') AS numerator_by,
           coalesce(array_agg(c.entity_id ORDER BY c.entity_id) FILTER (WHERE c.kind = 7), '{}') AS denominator_by,
           coalesce(array_agg(c.entity_id ORDER BY c.entity_id) FILTER (WHERE c.kind = 10), '{}') AS withheld_by,
           coalesce(array_agg(c.entity_id ORDER BY c.entity_id) FILTER (WHERE c.kind = 11), '{}') AS not_available_by,
           coalesce(array_agg(c.entity_id ORDER BY c.entity_id) FILTER (WHERE c.kind = 9), '{}') AS not_collected_by,
           coalesce(array_agg(c.entity_id ORDER BY c.entity_id) FILTER (WHERE c.kind = 8), '{}') AS not_applicable_by,
           coalesce(array_agg(c.entity_id ORDER BY c.entity_id) FILTER (WHERE c.kind = 0 AND c.excused), '{}') AS excused_by,
           coalesce(array_agg(c.entity_id ORDER BY c.entity_id) FILTER (WHERE c.kind = 0 AND NOT c.excused), '{}') AS unanswered_by
      FROM contribution_cells(p_round, p_state, p_jurisdiction, p_cells) c GROUP BY c.cell_id
)
-- What adds up has a figure; of a `one` its only reporter's answer stands; the rest is listed by entity, not combined.
SELECT s.cell_id,
       CASE WHEN i.across_entities IN ('sum', 'ratio') AND s.is_ratio THEN 5::smallint
            WHEN i.across_entities IN ('sum', 'ratio') AND s.is_number THEN 1::smallint
            WHEN i.combine = 'one' AND s.is_number AND cardinality(s.valued_by) = 1 THEN 1::smallint
            WHEN i.combine = 'one' AND s.words = 1 THEN s.word END,
       CASE WHEN i.across_entities IN ('sum', 'ratio') OR (i.combine = 'one' AND cardinality(s.valued_by) = 1) THEN s.number END,
       CASE WHEN i.across_entities IN ('sum', 'ratio') THEN s.denominator END,
       CASE WHEN i.combine = 'one' AND s.words = 1 THEN s.text END,
       s.valued_by, s.numerator_by, s.denominator_by, s.withheld_by, s.not_available_by, s.not_collected_by, s.not_applicable_by, s.excused_by, s.unanswered_by
  FROM summed s JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id) $$;
COMMENT ON FUNCTION total_compute(bigint, text, text, bigint[]) IS 'a jurisdiction''s figures of some cells, summed from the contributions';

-- Sums anew every cell that is asked of an entity, under the lock of its jurisdiction's totals.
CREATE FUNCTION total_sum(p_round bigint, p_state text, p_entity bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    side text;
    touched bigint[];
BEGIN
    SELECT e.jurisdiction INTO side FROM entity e WHERE e.entity_id = p_entity;
    INSERT INTO total_lock (round_id, jurisdiction) VALUES (p_round, side) ON CONFLICT DO NOTHING;
    PERFORM FROM total_lock t WHERE t.round_id = p_round AND t.jurisdiction = side FOR UPDATE;
    SELECT coalesce(array_agg(a.cell_id), '{}') INTO touched FROM asked(p_entity, p_round) a;
    INSERT INTO total AS t (round_id, state, jurisdiction, cell_id, kind, number, denominator, text, valued_by, numerator_by, denominator_by,
                            withheld_by, not_available_by, not_collected_by, not_applicable_by, excused_by, unanswered_by)
    SELECT p_round, p_state, side, c.* FROM total_compute(p_round, p_state, side, touched) c
        ON CONFLICT (round_id, state, jurisdiction, cell_id) DO UPDATE
       SET kind = excluded.kind, number = excluded.number, denominator = excluded.denominator, text = excluded.text, valued_by = excluded.valued_by,
           numerator_by = excluded.numerator_by, denominator_by = excluded.denominator_by, withheld_by = excluded.withheld_by,
           not_available_by = excluded.not_available_by, not_collected_by = excluded.not_collected_by, not_applicable_by = excluded.not_applicable_by,
           excused_by = excluded.excused_by, unanswered_by = excluded.unanswered_by, as_of = now();
END $$;
COMMENT ON FUNCTION total_sum(bigint, text, bigint) IS 'sums anew the totals of every cell asked of an entity';

-- What a move leaves behind: its contribution frozen and the totals of that state; a withdrawal falls back.
CREATE FUNCTION contribution_totals(p_entity bigint, p_round bigint, p_action text, p_freeze text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF p_freeze <> '' THEN
        PERFORM contribution_freeze(p_entity, p_round, p_freeze);
        PERFORM total_sum(p_round, p_freeze, p_entity);
    ELSIF p_action = 'withdraw' THEN
        PERFORM total_sum(p_round, 'submitted', p_entity);
    END IF;
    RETURN p_freeze;
END $$;
COMMENT ON FUNCTION contribution_totals(bigint, bigint, text, text) IS 'the contribution and the totals that a move leaves';

-- Every total of a round computed anew from the log (not from the contributions' copies); cells that differ from what stands.
CREATE FUNCTION national_recompute(p_round bigint) RETURNS TABLE (state text, jurisdiction text, cell text, fault text, compared bigint) LANGUAGE sql STABLE AS $$
WITH latest AS (
    SELECT DISTINCT ON (c.entity_id, c.state) c.entity_id, c.state, c.revision
      FROM contribution c WHERE c.round_id = p_round AND c.withdrawn_at IS NULL ORDER BY c.entity_id, c.state, c.revision DESC
), typed AS (
    SELECT l.entity_id, l.state, a.cell_id, CASE WHEN a.kind = 8 AND l.state = 'submitted' THEN 0::smallint ELSE a.kind END AS kind, a.number, a.denominator
      FROM latest l CROSS JOIN LATERAL cells_at(l.entity_id, p_round, l.revision) a
), fresh AS (
    SELECT t.state, e.jurisdiction, t.cell_id, sum(t.number) FILTER (WHERE t.kind IN (1, 5, 6)) AS number, sum(t.denominator) FILTER (WHERE t.kind IN (5, 7)) AS denominator,
           coalesce(array_agg(t.entity_id ORDER BY t.entity_id) FILTER (WHERE t.kind BETWEEN 1 AND 7), '{}') AS valued_by,
           coalesce(array_agg(t.entity_id ORDER BY t.entity_id) FILTER (WHERE t.kind BETWEEN 8 AND 11), '{}') AS blank_by
      FROM typed t JOIN entity e USING (entity_id) WHERE t.kind <> 0 GROUP BY t.state, e.jurisdiction, t.cell_id
), both_sides AS (
    SELECT coalesce(f.state, t.state) AS state, coalesce(f.jurisdiction, t.jurisdiction) AS jurisdiction, coalesce(f.cell_id, t.cell_id) AS cell_id,
           CASE WHEN t.cell_id IS NULL THEN 'missing'
                WHEN t.kind IN (1, 5) AND (f.number::text, f.denominator::text) IS DISTINCT FROM (t.number::text, t.denominator::text) THEN 'figure'
                WHEN coalesce(f.valued_by, '{}') <> t.valued_by THEN 'valued'
                WHEN coalesce(f.blank_by, '{}') <> ARRAY(SELECT b FROM unnest(t.withheld_by || t.not_available_by || t.not_collected_by || t.not_applicable_by) AS b ORDER BY b) THEN 'blanks' END AS fault
      FROM fresh f FULL JOIN (SELECT * FROM total t WHERE t.round_id = p_round) t ON (t.state, t.jurisdiction, t.cell_id) = (f.state, f.jurisdiction, f.cell_id)
)
SELECT b.state, b.jurisdiction, k.code, b.fault, (SELECT count(*) FROM both_sides) FROM both_sides b JOIN cell k USING (cell_id) WHERE b.fault IS NOT NULL
UNION ALL
SELECT NULL, NULL, NULL, NULL, (SELECT count(*) FROM both_sides) $$;
COMMENT ON FUNCTION national_recompute(bigint) IS 'totals of a round that differ from a sum over the log; the last row counts those compared';

COMMIT;
