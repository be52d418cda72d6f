-- Deploy inap:move to pg: what a report's moves ask before they happen, and what may be seen of it when.
BEGIN;
SET LOCAL search_path = inap;

-- Roles as bits, like proto/method.h: 2 focal point, 4 approver, 8 coordinator, 16 secretariat, 32 national team.
-- The revision of a report that these roles may read: the entity its own, always; the others the one that reached
-- their state, and whoever could read a revision keeps it. Null: nothing, the report is not found.
CREATE FUNCTION report_view(p_entity bigint, p_round bigint, p_roles int) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE WHEN p_roles & 6 <> 0 THEN r.revision
            WHEN p_roles & 8 <> 0 AND r.state IN ('submitted', 'in_review', 'endorsed', 'accepted') THEN r.revision
            WHEN p_roles & 16 <> 0 AND r.state IN ('endorsed', 'accepted') THEN r.revision
            WHEN p_roles & 32 <> 0 AND r.state = 'accepted' THEN r.revision
            ELSE (SELECT max(c.revision) FROM contribution c
                   WHERE c.entity_id = p_entity AND c.round_id = p_round AND c.withdrawn_at IS NULL
                     AND ((p_roles & 8 <> 0 AND c.state = 'submitted') OR (p_roles & 16 <> 0 AND c.state = 'endorsed')
                          OR (p_roles & 32 <> 0 AND c.state = 'accepted'))) END
  FROM report r WHERE r.entity_id = p_entity AND r.round_id = p_round);
END $$;
COMMENT ON FUNCTION report_view(bigint, bigint, int) IS 'the revision of a report that these roles may read; null: none';

-- An older revision may be asked for by name: by the entity any, by others one that reached a state they may see.
CREATE FUNCTION report_view_at(p_entity bigint, p_round bigint, p_roles int, p_revision bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE WHEN p_revision IS NULL THEN v.seen
            WHEN p_revision NOT BETWEEN 0 AND v.seen THEN NULL
            WHEN p_roles & 6 <> 0 OR p_revision = v.seen THEN p_revision
            ELSE (SELECT max(c.revision) FROM contribution c
                   WHERE c.entity_id = p_entity AND c.round_id = p_round AND c.withdrawn_at IS NULL AND c.revision = p_revision
                     AND ((p_roles & 8 <> 0) OR (p_roles & 16 <> 0 AND c.state IN ('endorsed', 'accepted'))
                          OR (p_roles & 32 <> 0 AND c.state = 'accepted'))) END
  FROM (SELECT report_view(p_entity, p_round, p_roles) AS seen) v);
END $$;
COMMENT ON FUNCTION report_view_at(bigint, bigint, int, bigint) IS 'report_view for a revision asked for by number';

-- Cells that differ between two revisions, with who wrote them last.
CREATE FUNCTION report_changes(p_entity bigint, p_round bigint, p_from bigint, p_to bigint)
RETURNS TABLE (cell_id bigint, b_kind smallint, b_number numeric, b_denominator numeric, b_text text,
               kind smallint, number numeric, denominator numeric, text text, note text, revision bigint, actor_id bigint, at timestamptz)
LANGUAGE sql STABLE AS $$
SELECT a.cell_id, coalesce(b.kind, 0::smallint), b.number, b.denominator, b.text, a.kind, a.number, a.denominator, a.text, a.note, a.revision, a.actor_id, a.at
  FROM (SELECT DISTINCT ON (c.cell) c.cell AS cell_id, l.revision, c.kind, c.number, c.denominator, c.text, c.note, l.actor_id, l.at
          FROM log l, unnest(l.cells, l.kinds, l.numbers, l.denominators, l.texts, l.notes) AS c (cell, kind, number, denominator, text, note)
         WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.revision > p_from AND l.revision <= p_to AND l.cells IS NOT NULL
         ORDER BY c.cell, l.revision DESC) a
  LEFT JOIN cells_at(p_entity, p_round, p_from) b ON b.cell_id = a.cell_id
 WHERE (a.kind, a.number::text, a.denominator::text, a.text, a.note)
       IS DISTINCT FROM (coalesce(b.kind, 0::smallint), b.number::text, b.denominator::text, b.text, b.note) $$;
COMMENT ON FUNCTION report_changes(bigint, bigint, bigint, bigint) IS 'cells that differ between two revisions of a report';

-- What stands between a report and its submission. A total that is a blank answers for its tables.
CREATE FUNCTION report_problems(p_entity bigint, p_round bigint)
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
 ORDER BY 3, 1 $$;
COMMENT ON FUNCTION report_problems(bigint, bigint) IS 'what stands between a report and its submission, BLOCK first';

-- Why a move may not happen, as a code of errors.def (FOUR_EYES with its reason after a colon); null: it may.
-- p_claim: any, mine (from in_review only the claimant). p_eyes: none, typist (who typed may not sign), house (own house,
-- typist, signer and endorser may not pass it).
CREATE FUNCTION move_fault(p_entity bigint, p_round bigint, p_base bigint, p_from text[], p_action text, p_claim text, p_eyes text,
                           p_roles text[], p_actor bigint, p_note text, p_point bigint)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    r report;
BEGIN
    SELECT * INTO r FROM report x WHERE x.entity_id = p_entity AND x.round_id = p_round;
    IF r IS NULL OR NOT holds_role(p_actor, p_roles, p_entity) THEN RETURN 'NOT_FOUND'; END IF;
    IF p_base <> r.revision THEN RETURN 'STALE_REVISION'; END IF;
    IF NOT r.state = ANY (p_from) THEN RETURN 'WRONG_STATE'; END IF;
    IF p_claim = 'mine' AND r.state = 'in_review' AND r.claimed_by IS DISTINCT FROM p_actor THEN
        RETURN CASE WHEN p_action = 'release' THEN 'NOT_CLAIMED' ELSE 'CLAIMED' END;
    END IF;
    IF p_eyes = 'typist' AND typed(p_entity, p_round, p_actor)
       AND NOT (SELECT e.single_signatory FROM entity e WHERE e.entity_id = p_entity) THEN RETURN 'FOUR_EYES:typed'; END IF;
    IF p_eyes = 'house' AND own_house(p_entity, p_actor) THEN RETURN 'FOUR_EYES:house'; END IF;
    IF p_eyes = 'house' AND (typed(p_entity, p_round, p_actor) OR r.submitted_by = p_actor OR r.desk_by = p_actor) THEN RETURN 'FOUR_EYES:wrote'; END IF;
    IF p_action = 'accept' AND r.endorsed_by = p_actor THEN RETURN 'FOUR_EYES:endorsed'; END IF;
    IF p_action IN ('submit', 'ready', 'hand-back') AND r.state = 'draft' AND round_lock(p_entity, p_round) IS NOT NULL THEN RETURN 'ROUND_NOT_OPEN'; END IF;
    IF p_action = 'return' AND p_note IS NULL AND NOT EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round AND t.state = 'open') THEN
        RETURN 'NO_POINTS'; END IF;
    IF p_action IN ('submit', 'endorse') AND EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round AND t.state = 'open') THEN
        RETURN 'POINTS_OPEN'; END IF;
    IF p_action = 'answer' AND NOT EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round AND t.point = p_point AND t.state IN ('open', 'answered')) THEN
        RETURN 'NOT_FOUND:point'; END IF;
    IF p_action = 'submit' THEN
        IF EXISTS (SELECT FROM report_problems(p_entity, p_round) b WHERE b.severity = 'BLOCK') THEN RETURN 'INCOMPLETE'; END IF;
        IF p_note IS NULL AND EXISTS (SELECT FROM report_problems(p_entity, p_round) b WHERE b.severity = 'EXPLAIN') THEN RETURN 'EXPLAIN_NEEDED'; END IF;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION move_fault(bigint, bigint, bigint, text[], text, text, text, text[], bigint, text, bigint) IS 'why a move may not happen; null: it may';

-- Freezes a report's cells as its contribution at a state.
CREATE FUNCTION contribution_freeze(p_entity bigint, p_round bigint, p_state text) RETURNS void LANGUAGE sql VOLATILE AS $$
INSERT INTO contribution (entity_id, round_id, state, revision, cells, kinds, numbers, denominators, texts)
SELECT r.entity_id, r.round_id, p_state, r.revision, coalesce(array_agg(v.cell_id ORDER BY v.cell_id) FILTER (WHERE v.kind <> 0), '{}'),
       coalesce(array_agg(v.kind ORDER BY v.cell_id) FILTER (WHERE v.kind <> 0), '{}'), coalesce(array_agg(v.number::numeric ORDER BY v.cell_id) FILTER (WHERE v.kind <> 0), '{}'),
       coalesce(array_agg(v.denominator::numeric ORDER BY v.cell_id) FILTER (WHERE v.kind <> 0), '{}'), coalesce(array_agg(v.text::text ORDER BY v.cell_id) FILTER (WHERE v.kind <> 0), '{}')
  FROM report r LEFT JOIN value v USING (entity_id, round_id)
 WHERE r.entity_id = p_entity AND r.round_id = p_round
 GROUP BY r.entity_id, r.round_id, r.revision
    ON CONFLICT (entity_id, round_id, state, revision) DO NOTHING $$;
COMMENT ON FUNCTION contribution_freeze(bigint, bigint, text) IS 'keeps a report''s cells as they are now as its contribution at a state';

COMMIT;
