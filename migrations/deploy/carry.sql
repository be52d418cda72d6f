-- Deploy inap:carry to pg: what is not applicable counts on for a year; what was given for the whole stands beside its parts.
BEGIN;
SET LOCAL search_path = inap;

-- Cells whose last answer that a coordinator has endorsed, in the four quarters before a round, is not_applicable; unanswered, they
-- count as that. p_state: as of the revisions that reached it; what is only submitted leans on what is endorsed. (FIELD.md, Coverage)
CREATE FUNCTION not_applicable_carried(p_entity bigint, p_round bigint, p_state text) RETURNS TABLE (cell_id bigint, quarter int) LANGUAGE sql STABLE AS $$
SELECT x.cell_id, x.quarter FROM (
    SELECT DISTINCT ON (c.cell) c.cell AS cell_id, b.quarter, c.kind
      FROM round o JOIN round b ON b.plan_id = o.plan_id AND b.quarter BETWEEN o.quarter - 4 AND o.quarter - 1
      CROSS JOIN LATERAL (SELECT n.cells, n.kinds FROM contribution n
                           WHERE n.entity_id = p_entity AND n.round_id = b.round_id AND n.state = CASE p_state WHEN 'submitted' THEN 'endorsed' ELSE p_state END
                             AND n.withdrawn_at IS NULL ORDER BY n.revision DESC LIMIT 1) l
      CROSS JOIN LATERAL unnest(l.cells, l.kinds) AS c (cell, kind)
     WHERE o.round_id = p_round AND c.kind <> 0 ORDER BY c.cell, b.quarter DESC) x
 WHERE x.kind = 8 $$;
COMMENT ON FUNCTION not_applicable_carried(bigint, bigint, text) IS 'cells of an entity that count as not_applicable in a round while they are unanswered';

-- The same for its office and its reviewers: where it has said something else since, endorsed or not, it is asked again.
CREATE FUNCTION carried_now(p_entity bigint, p_round bigint) RETURNS TABLE (cell_id bigint, quarter int) LANGUAGE sql STABLE AS $$
SELECT c.cell_id, c.quarter FROM not_applicable_carried(p_entity, p_round, 'endorsed') c JOIN round o ON o.round_id = p_round
 WHERE NOT EXISTS (SELECT FROM round b JOIN value v ON v.entity_id = p_entity AND v.round_id = b.round_id AND v.cell_id = c.cell_id
                    WHERE b.plan_id = o.plan_id AND b.quarter > c.quarter AND b.quarter < o.quarter AND v.kind NOT IN (0, 8)) $$;
COMMENT ON FUNCTION carried_now(bigint, bigint) IS 'cells of a report that need no answer: not_applicable, endorsed within a year';

-- The cell that stood for this one in a quarter: of a category that was split off since, the whole. Null: there was none.
CREATE FUNCTION cell_before(p_cell bigint, p_quarter int) RETURNS bigint LANGUAGE sql STABLE AS $$
WITH RECURSIVE up (n, category_id, dimension_id, split_from, young) AS (
    SELECT u.n, c.category_id, c.dimension_id, c.split_from, CASE WHEN isfinite(c.valid_from) THEN quarter_of(c.valid_from) > p_quarter ELSE false END
      FROM cell k CROSS JOIN LATERAL unnest(k.categories) WITH ORDINALITY AS u (id, n) JOIN category c ON c.category_id = u.id WHERE k.cell_id = p_cell
    UNION ALL
    SELECT up.n, c.category_id, c.dimension_id, c.split_from, CASE WHEN isfinite(c.valid_from) THEN quarter_of(c.valid_from) > p_quarter ELSE false END
      FROM up JOIN category c ON c.dimension_id = up.dimension_id AND c.code = up.split_from WHERE up.young
)
SELECT w.cell_id FROM cell k JOIN cell w ON w.indicator_id = k.indicator_id AND w.table_id = k.table_id
 WHERE k.cell_id = p_cell AND w.categories = ARRAY(SELECT up.category_id FROM up WHERE NOT up.young ORDER BY up.n) $$;
COMMENT ON FUNCTION cell_before(bigint, int) IS 'the cell that stood for a cell in a quarter, before categories were split';

-- As before, over splits: beside a part stands what was given for the whole, to look at; a figure of the whole is no answer of what
-- is left of it. And what is carried forward, where the period before has no answer.
DROP FUNCTION previous_values(bigint, bigint, int);
CREATE FUNCTION previous_values(p_entity bigint, p_round bigint, p_roles int)
RETURNS TABLE (cell_id bigint, period text, kind smallint, number numeric, denominator numeric, text text, note text, may_confirm boolean, carried boolean, source_id bigint)
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
), breaks AS MATERIALIZED (
    SELECT b.cell_id FROM cell_breaks(p_round) b
), asks AS (
    SELECT a.cell_id, coalesce(CASE WHEN s.cell_id IS NOT NULL THEN cell_before(a.cell_id, b.quarter) END, a.cell_id) AS source_id, s.cell_id IS NOT NULL AS broken, a.kinds, i.value_kind, i.frequency, b.round_id, b.quarter, b.revision, b.seen
      FROM asked(p_entity, p_round) a JOIN indicator i ON i.indicator_id = a.indicator_id
      JOIN before b ON b.frequency = i.frequency AND (b.survey IS NULL OR b.survey = i.indicator_id)
      LEFT JOIN breaks s ON s.cell_id = a.cell_id
), held AS (
    SELECT k.*, v.kind, v.number::numeric, v.denominator::numeric, v.text::text, v.note::text
      FROM asks k CROSS JOIN LATERAL (SELECT v.* FROM value v WHERE v.entity_id = p_entity AND v.round_id = k.round_id AND v.cell_id = k.source_id LIMIT 1) v
     WHERE k.seen = k.revision
    UNION ALL
    SELECT k.*, c.kind, c.number, c.denominator, c.text, c.note
      FROM before b CROSS JOIN LATERAL cells_at(p_entity, b.round_id, b.seen) c JOIN asks k ON k.source_id = c.cell_id AND k.round_id = b.round_id
     WHERE b.seen < b.revision
), carried AS MATERIALIZED (
    SELECT c.cell_id, c.quarter FROM carried_now(p_entity, p_round) c WHERE p_roles & 30 <> 0
), offered AS (
    SELECT h.cell_id, period_code(h.quarter, h.frequency) AS period, h.kind, h.number, h.denominator, h.text, h.note,
           (h.kinds >> h.kind) & 1 = 1 AND h.kind <> 11 AND NOT (h.broken AND h.kind BETWEEN 1 AND 7)
             AND (h.value_kind IN ('at_period_end', 'cumulative_since_start') OR h.kind IN (2, 3, 4, 8, 9)) AS may_confirm,
           h.kind = 8 AND c.cell_id IS NOT NULL AS carried, h.source_id, 1 AS place
      FROM held h LEFT JOIN carried c ON c.cell_id = h.cell_id WHERE h.kind <> 0 AND (h.source_id = h.cell_id OR h.kind IN (1, 5))
    UNION ALL
    SELECT a.cell_id, period_code(c.quarter, i.frequency), 8::smallint, NULL, NULL, NULL, NULL, (a.kinds >> 8) & 1 = 1, true, a.cell_id, 2
      FROM carried c JOIN asked(p_entity, p_round) a ON a.cell_id = c.cell_id JOIN indicator i ON i.indicator_id = a.indicator_id
)
SELECT DISTINCT ON (o.cell_id) o.cell_id, o.period, o.kind, o.number, o.denominator, o.text, o.note, o.may_confirm, o.carried, o.source_id
  FROM offered o ORDER BY o.cell_id, o.place $$;
COMMENT ON FUNCTION previous_values(bigint, bigint, int) IS 'the entity''s answers of the period before to what a report asks, and which may be offered again';

CREATE OR REPLACE FUNCTION report_problems(p_entity bigint, p_round bigint, p_severities text[], p_roles int)
RETURNS TABLE (cell text, rule text, severity text, code text, unanswered bigint, asked bigint, kind text, name_en text, name_ar text, name_ckb text, op text,
               left_term text, right_term text, left_value text, right_value text, cells text, explained boolean, note text)
LANGUAGE sql STABLE AS $$
WITH held AS MATERIALIZED (
    SELECT k.code, k.indicator_id, k.table_id, a.kinds, a.unit, CASE WHEN v.kind <> 0 THEN v.kind WHEN c.cell_id IS NOT NULL THEN 8::smallint ELSE 0::smallint END AS kind,
           v.number, v.denominator, v.expected_on
      FROM asked(p_entity, p_round) a JOIN cell k USING (cell_id)
      LEFT JOIN value v ON v.entity_id = p_entity AND v.round_id = p_round AND v.cell_id = a.cell_id
      LEFT JOIN (SELECT x.cell_id FROM carried_now(p_entity, p_round) x) c ON c.cell_id = a.cell_id
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

CREATE OR REPLACE FUNCTION national_states(p_actor bigint, p_round bigint)
RETURNS TABLE (entity_id bigint, state text, first_submitted_at timestamptz, due_at timestamptz, extended boolean, on_time boolean, answered bigint, asked bigint,
               excused boolean, excused_note text, accepted_first boolean)
LANGUAGE sql STABLE AS $$
SELECT r.entity_id, state_now(r.state, r.claimed_at), r.first_submitted_at, report_due(r, o), report_extended(r.entity_id, o.round_id), report_on_time(r, o), c.answered, c.asked,
       r.excused_by IS NOT NULL, r.excused_note, r.accepted_first AND r.state = 'accepted'
  FROM round o JOIN report r USING (round_id)
  CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE k.table_id IS NULL AND (v.kind <> 0 OR a.cell_id IN (SELECT x.cell_id FROM carried_now(r.entity_id, o.round_id) x))) AS answered, count(*) FILTER (WHERE k.table_id IS NULL) AS asked, count(*) AS cells
                        FROM asked(r.entity_id, o.round_id) a JOIN cell k USING (cell_id)
                        LEFT JOIN value v ON v.entity_id = r.entity_id AND v.round_id = o.round_id AND v.cell_id = a.cell_id AND k.table_id IS NULL) c
 WHERE o.round_id = p_round AND c.cells > 0
   AND EXISTS (SELECT FROM live_grant g WHERE g.user_id = p_actor AND g.role IN ('coordinator', 'secretariat', 'national_team')) $$;

CREATE OR REPLACE FUNCTION only_yearly_left(p_entity bigint, p_round bigint, p_revision bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(bool_or(is_yearly(a.indicator_id)), false) AND NOT coalesce(bool_or(NOT is_yearly(a.indicator_id) AND coalesce(c.kind, 0) = 0
                   AND a.cell_id NOT IN (SELECT x.cell_id FROM carried_now(p_entity, p_round) x)), false)
              FROM asked(p_entity, p_round) a JOIN cell k ON k.cell_id = a.cell_id AND k.table_id IS NULL
              LEFT JOIN cells_at(p_entity, p_round, p_revision) c ON c.cell_id = a.cell_id);
END $$;

-- not_applicable counts only once a coordinator has endorsed it; before that the cell is unanswered. Then it counts on for a year.
CREATE OR REPLACE FUNCTION contribution_cells(p_round bigint, p_state text, p_jurisdiction text, p_cells bigint[])
RETURNS TABLE (cell_id bigint, entity_id bigint, excused boolean, kind smallint, number numeric, denominator numeric, text text)
LANGUAGE sql STABLE AS $$
WITH wanted AS MATERIALIZED (
    SELECT DISTINCT w.cell_id FROM unnest(p_cells) AS w (cell_id)
), expected AS (
    SELECT f.cell_id, f.entity_id, r.excused_by IS NOT NULL AS excused
      FROM round o CROSS JOIN wanted w JOIN form_cell f ON f.plan_id = o.plan_id AND f.cell_id = w.cell_id
      JOIN entity e ON e.entity_id = f.entity_id AND e.jurisdiction = p_jurisdiction
      JOIN report r ON r.entity_id = f.entity_id AND r.round_id = o.round_id
     WHERE o.round_id = p_round AND o.quarter BETWEEN f.from_quarter AND f.to_quarter
       AND ((f.quarters >> (o.quarter % 4)) & 1 = 1 OR (f.quarters = 0 AND f.indicator_id = ANY (o.surveys)))
), latest AS MATERIALIZED (
    SELECT DISTINCT ON (c.entity_id) c.*
      FROM contribution c JOIN entity e ON e.entity_id = c.entity_id AND e.jurisdiction = p_jurisdiction
     WHERE c.round_id = p_round AND c.state = p_state AND c.withdrawn_at IS NULL
     ORDER BY c.entity_id, c.revision DESC
), given AS MATERIALIZED (
    SELECT l.entity_id, c.cell AS cell_id, c.kind, c.number, c.denominator, c.text
      FROM latest l, unnest(l.cells, l.kinds, l.numbers, l.denominators, l.texts) AS c (cell, kind, number, denominator, text)
      JOIN wanted w ON w.cell_id = c.cell
), answer AS MATERIALIZED (
    SELECT x.cell_id, x.entity_id, x.excused, CASE WHEN g.kind = 8 AND p_state = 'submitted' THEN 0::smallint ELSE coalesce(g.kind, 0::smallint) END AS kind,
           g.number, g.denominator, g.text
      FROM expected x LEFT JOIN given g USING (cell_id, entity_id)
), carried AS (
    SELECT m.entity_id, c.cell_id
      FROM (SELECT DISTINCT a.entity_id FROM answer a JOIN latest l USING (entity_id) WHERE a.kind = 0) m CROSS JOIN LATERAL not_applicable_carried(m.entity_id, p_round, p_state) c
)
SELECT a.cell_id, a.entity_id, a.excused, CASE WHEN a.kind = 0 AND c.cell_id IS NOT NULL THEN 8::smallint ELSE a.kind END, a.number, a.denominator, a.text
  FROM answer a LEFT JOIN carried c USING (entity_id, cell_id) $$;

CREATE OR REPLACE FUNCTION contribution_totals(p_entity bigint, p_round bigint, p_action text, p_freeze text) RETURNS text LANGUAGE plpgsql VOLATILE
SET enable_hashjoin = on SET enable_mergejoin = on SET enable_seqscan = on SET enable_bitmapscan = on AS $$
DECLARE
    moved constant text[] := CASE WHEN p_freeze <> '' THEN ARRAY[p_freeze] WHEN p_action = 'withdraw' THEN '{submitted}'
                                  WHEN p_action = 'contest' THEN '{submitted,endorsed,accepted}' ELSE '{}' END;
    later record;
BEGIN
    IF p_freeze <> '' THEN
        PERFORM contribution_freeze(p_entity, p_round, p_freeze);
    END IF;
    PERFORM total_sum(p_round, s, p_entity) FROM unnest(moved) AS s;
    FOR later IN -- the year after it leans on what is not applicable here; in the order of rounds, as the locks are
        SELECT DISTINCT n.quarter, n.round_id, c.state
          FROM round o JOIN round n ON n.plan_id = o.plan_id AND n.quarter BETWEEN o.quarter + 1 AND o.quarter + 4
          JOIN contribution c ON c.entity_id = p_entity AND c.round_id = n.round_id AND c.withdrawn_at IS NULL
         WHERE o.round_id = p_round AND CASE c.state WHEN 'submitted' THEN 'endorsed' ELSE c.state END = ANY (moved) ORDER BY 1, 2, 3
    LOOP PERFORM total_sum(later.round_id, later.state, p_entity); END LOOP;
    RETURN p_freeze;
END $$;

CREATE OR REPLACE FUNCTION national_recompute(p_round bigint) RETURNS TABLE (state text, jurisdiction text, cell text, fault text, compared bigint) LANGUAGE sql STABLE AS $$
WITH latest AS MATERIALIZED (
    SELECT DISTINCT ON (c.entity_id, c.state) c.entity_id, c.state, c.revision
      FROM contribution c WHERE c.round_id = p_round AND c.withdrawn_at IS NULL ORDER BY c.entity_id, c.state, c.revision DESC
), typed AS MATERIALIZED (
    SELECT l.state, e.jurisdiction, a.cell_id, l.entity_id, a.kind, a.number, a.denominator, a.text
      FROM latest l JOIN entity e USING (entity_id) CROSS JOIN LATERAL cells_at(l.entity_id, p_round, l.revision) a
     WHERE a.kind <> 0 AND (a.kind <> 8 OR l.state <> 'submitted') AND a.cell_id IN (SELECT q.cell_id FROM asked(l.entity_id, p_round) q)
), earlier AS MATERIALIZED (
    SELECT DISTINCT ON (l.state, l.entity_id, a.cell_id) l.state, l.entity_id, a.cell_id, a.kind
      FROM latest l JOIN round o ON o.round_id = p_round JOIN round b ON b.plan_id = o.plan_id AND b.quarter BETWEEN o.quarter - 4 AND o.quarter - 1
      CROSS JOIN LATERAL (SELECT max(c.revision) AS revision FROM contribution c
                           WHERE c.entity_id = l.entity_id AND c.round_id = b.round_id AND c.withdrawn_at IS NULL
                             AND c.state = CASE l.state WHEN 'submitted' THEN 'endorsed' ELSE l.state END) s
      CROSS JOIN LATERAL cells_at(l.entity_id, b.round_id, s.revision) a
     WHERE a.kind <> 0 ORDER BY l.state, l.entity_id, a.cell_id, b.quarter DESC
), counted AS (
    SELECT t.* FROM typed t
    UNION ALL
    SELECT x.state, e.jurisdiction, x.cell_id, x.entity_id, x.kind, NULL, NULL, NULL
      FROM earlier x JOIN entity e USING (entity_id)
     WHERE x.kind = 8 AND x.cell_id IN (SELECT q.cell_id FROM asked(x.entity_id, p_round) q)
       AND NOT EXISTS (SELECT FROM typed t WHERE t.state = x.state AND t.entity_id = x.entity_id AND t.cell_id = x.cell_id)
), fresh AS (
    SELECT t.state, t.jurisdiction, t.cell_id, sum(t.number) FILTER (WHERE t.kind < 8) AS number,
           sum(t.denominator) FILTER (WHERE t.kind < 8) AS denominator, min(t.text) FILTER (WHERE t.kind < 8) AS text, min(t.kind) FILTER (WHERE t.kind < 8) AS word,
           array_agg(DISTINCT t.kind) FILTER (WHERE t.kind < 8) AS kinds, count(*) FILTER (WHERE t.kind < 8) AS valued,
           string_agg((CASE WHEN t.kind < 6 THEN 1 ELSE t.kind END)::text || ':' || t.entity_id::text, ' ' ORDER BY CASE WHEN t.kind < 6 THEN 1 ELSE t.kind END, t.entity_id) AS who
      FROM counted t GROUP BY t.state, t.jurisdiction, t.cell_id
), expected AS (
    SELECT f.state, f.jurisdiction, f.cell_id, f.who,
           CASE WHEN stands AND f.kinds && '{5,6,7}' THEN 5 WHEN stands THEN f.word END AS kind,
           CASE WHEN stands THEN f.number END AS number, CASE WHEN stands THEN f.denominator END AS denominator, CASE WHEN stands THEN f.text END AS text
      FROM fresh f JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id)
      CROSS JOIN LATERAL (SELECT coalesce((i.combine = 'one' AND f.valued = 1)
                                          OR (adds_up(i.combine, i.across_entities) AND f.kinds <@ '{1,5,6,7}'), false) AS stands) s
), standing AS (
    SELECT t.*, (SELECT string_agg(w.kind::text || ':' || w.entity_id::text, ' ' ORDER BY w.kind, w.entity_id)
                   FROM (SELECT 1, unnest(t.valued_by) EXCEPT (SELECT 1, unnest(t.numerator_by) UNION SELECT 1, unnest(t.denominator_by))
                         UNION ALL SELECT 6, unnest(t.numerator_by) UNION ALL SELECT 7, unnest(t.denominator_by) UNION ALL SELECT 8, unnest(t.not_applicable_by)
                         UNION ALL SELECT 9, unnest(t.not_collected_by) UNION ALL SELECT 10, unnest(t.withheld_by)
                         UNION ALL SELECT 11, unnest(t.not_available_by)) AS w (kind, entity_id)) AS who
      FROM total t WHERE t.round_id = p_round
), both_sides AS MATERIALIZED (
    SELECT coalesce(x.state, t.state) AS state, coalesce(x.jurisdiction, t.jurisdiction) AS jurisdiction, coalesce(x.cell_id, t.cell_id) AS cell_id,
           CASE WHEN t.cell_id IS NULL THEN 'missing'
                WHEN (x.kind, x.number::text, x.denominator::text, x.text) IS DISTINCT FROM (t.kind::int, t.number::text, t.denominator::text, t.text) THEN 'figure'
                WHEN x.who IS DISTINCT FROM t.who THEN 'coverage' END AS fault
      FROM expected x FULL JOIN standing t ON t.state = x.state AND t.jurisdiction = x.jurisdiction AND t.cell_id = x.cell_id
)
SELECT b.state, b.jurisdiction, k.code, b.fault, (SELECT count(*) FROM both_sides) FROM both_sides b JOIN cell k USING (cell_id) WHERE b.fault IS NOT NULL
UNION ALL
SELECT NULL, NULL, NULL, NULL, (SELECT count(*) FROM both_sides) $$;

GRANT EXECUTE ON FUNCTION not_applicable_carried(bigint, bigint, text), carried_now(bigint, bigint), cell_before(bigint, int), previous_values(bigint, bigint, int) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'carry' $$;

COMMIT;
