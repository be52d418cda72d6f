-- Deploy inap:total to pg: what entities' figures make together. Exact numbers, kept by the moves that change them.
BEGIN;
SET LOCAL search_path = inap;

-- One entity's answer to one cell at a minimum state: from its latest contribution that was not withdrawn.
-- not_applicable counts only once a coordinator has endorsed it; before that the cell is unanswered. (FIELD.md, Coverage)
CREATE FUNCTION contribution_cells(p_round bigint, p_state text, p_jurisdiction text, p_cells bigint[])
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
)
SELECT x.cell_id, x.entity_id, x.excused,
       CASE WHEN g.kind = 8 AND p_state = 'submitted' THEN 0::smallint ELSE coalesce(g.kind, 0::smallint) END, g.number, g.denominator, g.text
  FROM expected x LEFT JOIN given g USING (cell_id, entity_id) $$;
COMMENT ON FUNCTION contribution_cells(bigint, text, text, bigint[]) IS 'what each entity asked for a cell contributes to it at a minimum state';

-- Do the figures of entities add up to one? `each`, and what has no rule over entities, is listed.
CREATE FUNCTION adds_up(p_combine text, p_across_entities text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT p_combine IN ('parts', 'one') AND p_across_entities IN ('sum', 'ratio') $$;
COMMENT ON FUNCTION adds_up(text, text) IS 'do entities'' figures of such an indicator make one';

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
SELECT s.cell_id, CASE WHEN NOT f.stands THEN NULL WHEN s.is_ratio THEN 5::smallint WHEN s.is_number THEN 1::smallint ELSE s.word END,
       CASE WHEN f.stands THEN s.number END, CASE WHEN f.stands THEN s.denominator END, CASE WHEN f.stands THEN s.text END,
       s.valued_by, s.numerator_by, s.denominator_by, s.withheld_by, s.not_available_by, s.not_collected_by, s.not_applicable_by, s.excused_by, s.unanswered_by
  FROM summed s JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id)
  CROSS JOIN LATERAL (SELECT CASE WHEN i.combine = 'one' AND cardinality(s.valued_by) = 1 THEN true
                                  ELSE s.words = 0 AND (s.is_ratio OR s.is_number) AND adds_up(i.combine, i.across_entities) END AS stands) f $$;
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

-- What a move leaves behind: its contribution frozen and the totals of that state; a withdrawal falls back. The plan
-- settings of writers are made for saves, which probe: a sum over entities joins sets.
CREATE FUNCTION contribution_totals(p_entity bigint, p_round bigint, p_action text, p_freeze text) RETURNS text LANGUAGE plpgsql VOLATILE
SET enable_hashjoin = on SET enable_mergejoin = on SET enable_seqscan = on SET enable_bitmapscan = on AS $$
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

-- Every total of a round computed anew from the log (not from the contributions' copies, nor by the function above);
-- cells that differ from what stands. Who is unanswered or excused is not compared: that is asked anew at each reading.
CREATE FUNCTION national_recompute(p_round bigint) RETURNS TABLE (state text, jurisdiction text, cell text, fault text, compared bigint) LANGUAGE sql STABLE AS $$
WITH latest AS MATERIALIZED (
    SELECT DISTINCT ON (c.entity_id, c.state) c.entity_id, c.state, c.revision
      FROM contribution c WHERE c.round_id = p_round AND c.withdrawn_at IS NULL ORDER BY c.entity_id, c.state, c.revision DESC
), typed AS MATERIALIZED (
    SELECT l.state, e.jurisdiction, a.cell_id, l.entity_id, a.kind, a.number, a.denominator, a.text
      FROM latest l JOIN entity e USING (entity_id) CROSS JOIN LATERAL cells_at(l.entity_id, p_round, l.revision) a
     WHERE a.kind <> 0 AND (a.kind <> 8 OR l.state <> 'submitted') AND a.cell_id IN (SELECT q.cell_id FROM asked(l.entity_id, p_round) q)
), fresh AS (
    SELECT t.state, t.jurisdiction, t.cell_id, sum(t.number) FILTER (WHERE t.kind < 8) AS number,
           sum(t.denominator) FILTER (WHERE t.kind < 8) AS denominator, min(t.text) FILTER (WHERE t.kind < 8) AS text, min(t.kind) FILTER (WHERE t.kind < 8) AS word,
           array_agg(DISTINCT t.kind) FILTER (WHERE t.kind < 8) AS kinds, count(*) FILTER (WHERE t.kind < 8) AS valued,
           string_agg((CASE WHEN t.kind < 6 THEN 1 ELSE t.kind END)::text || ':' || t.entity_id::text, ' ' ORDER BY CASE WHEN t.kind < 6 THEN 1 ELSE t.kind END, t.entity_id) AS who
      FROM typed t GROUP BY t.state, t.jurisdiction, t.cell_id
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
COMMENT ON FUNCTION national_recompute(bigint) IS 'totals of a round that differ from a sum over the log; the last row counts those compared';

-- The round meant: by its code, or the newest that is open.
CREATE FUNCTION national_round(p_plan bigint, p_code text) RETURNS bigint LANGUAGE sql STABLE AS $$
SELECT o.round_id FROM round o
 WHERE o.plan_id = p_plan AND (o.code = p_code OR (p_code = '' AND o.opens_at <= now() AND (o.closes_at IS NULL OR now() < o.closes_at)))
 ORDER BY o.quarter DESC LIMIT 1 $$;
COMMENT ON FUNCTION national_round(bigint, text) IS 'a round of a plan by code; without one the newest open';

-- Gate (c) of the national picture: which jurisdictions' totals at a minimum state the caller sees, and which clear of
-- protection. Below endorsed a total exists only inside its jurisdiction; Iraq is seen where both are. (DESIGN.md section 8)
CREATE FUNCTION national_sight(p_actor bigint, p_state text) RETURNS TABLE (jurisdiction text, place int, seen boolean, clear boolean) LANGUAGE sql STABLE AS $$
WITH nation AS (
    SELECT p_state IN ('endorsed', 'accepted') AND holds_role(p_actor, '{secretariat}', 0) AS cells,
           p_state = 'accepted' AND holds_role(p_actor, '{national_team}', 0) AS protected
), side AS (
    SELECT s.jurisdiction, s.place, n.cells OR n.protected OR c.own AS seen, n.cells OR c.own AS clear
      FROM nation n CROSS JOIN (VALUES ('federal', 1), ('kurdistan', 2)) AS s (jurisdiction, place)
      CROSS JOIN LATERAL (SELECT holds_role(p_actor, '{coordinator}', (SELECT min(e.entity_id) FROM entity e WHERE e.jurisdiction = s.jurisdiction)) AS own) c
)
SELECT s.jurisdiction, s.place, s.seen, s.clear FROM side s
UNION ALL
SELECT 'iraq', 3, bool_and(s.seen), bool_and(s.clear) FROM side s $$;
COMMENT ON FUNCTION national_sight(bigint, text) IS 'whose totals at a minimum state a user sees, and whose clear of protection';

-- The cells of a round's picture: totals, or with their tables; what is asked of nobody by its total only.
CREATE FUNCTION national_cells(p_round bigint, p_indicator text, p_tables boolean)
RETURNS TABLE (cell_id bigint, code text, indicator_id bigint, indicator text, place bigint, period text, adds boolean, sums boolean, single boolean, nobody boolean,
               protected boolean, may_overlap boolean, multiplier numeric)
LANGUAGE sql STABLE AS $$
SELECT k.cell_id, k.code, i.indicator_id, i.code, row_number() OVER (ORDER BY i.sort, i.code, k.sort, k.code), period_code(o.quarter, i.frequency),
       adds_up(i.combine, i.across_entities), adds_up(i.combine, i.across_entities) AND i.across_entities = 'sum', i.combine = 'one',
       i.combine IN ('derived', 'register'), i.protection <> 'none', i.may_overlap, i.multiplier
  FROM round o JOIN indicator i ON i.plan_id = o.plan_id JOIN cell k ON k.indicator_id = i.indicator_id
 WHERE o.round_id = p_round AND (p_indicator = '' OR i.code = p_indicator)
   AND CASE WHEN i.combine IN ('derived', 'register')
            THEN k.table_id IS NULL AND i.closed_on IS NULL
                 AND CASE i.frequency WHEN 'quarterly' THEN true WHEN 'semiannual' THEN o.quarter % 2 = 1 WHEN 'annual' THEN o.quarter % 4 = 3
                                      ELSE i.indicator_id = ANY (o.surveys) END
            ELSE k.table_id IS NULL OR p_tables OR p_indicator <> '' END $$;
COMMENT ON FUNCTION national_cells(bigint, text, boolean) IS 'the cells of a round that a national picture may hold, in the plan''s order';

-- The national picture as this user may see it. Reads the round's totals, one row per report, and who is asked; of earlier
-- rounds the last total of a sum. Who is unanswered is asked anew, so that it holds also where nothing was summed yet.
CREATE FUNCTION national_figures(p_actor bigint, p_round bigint, p_state text, p_jurisdiction text, p_indicator text, p_tables boolean)
RETURNS TABLE (indicator text, cell_id bigint, cell text, jurisdiction text, period text, kind smallint, number numeric, denominator numeric, text text,
               percent text, hidden boolean, label text, expected bigint, valued bigint, withheld bigint, not_available bigint, not_collected bigint,
               not_applicable bigint, excused bigint, unanswered bigint, missing text, under_correction text, weight_missing text, rate text)
LANGUAGE sql STABLE AS $$
WITH sight AS MATERIALIZED (
    SELECT s.* FROM national_sight(p_actor, p_state) s WHERE s.seen
), chosen AS MATERIALIZED (
    SELECT c.* FROM national_cells(p_round, p_indicator, p_tables) c
), people AS MATERIALIZED (
    SELECT r.entity_id, e.code, e.jurisdiction, r.excused_by IS NOT NULL AS excused, o.quarter, o.surveys,
           NOT r.state = ANY (CASE p_state WHEN 'submitted' THEN '{submitted,in_review,endorsed,accepted}'::text[]
                                           WHEN 'endorsed' THEN '{endorsed,accepted}' ELSE '{accepted}' END) AS below
      FROM round o JOIN report r USING (round_id) JOIN entity e USING (entity_id) JOIN sight s ON s.jurisdiction = e.jurisdiction
     WHERE o.round_id = p_round
), summed AS MATERIALIZED (
    SELECT t.*, t.valued_by || t.withheld_by || t.not_available_by || t.not_collected_by || t.not_applicable_by AS given
      FROM chosen c CROSS JOIN sight s JOIN total t ON t.round_id = p_round AND t.state = p_state AND t.jurisdiction = s.jurisdiction AND t.cell_id = c.cell_id
), person AS (
    SELECT x.cell_id, x.entity_id, bool_or(x.given) AS given
      FROM (SELECT f.cell_id, f.entity_id, false AS given
              FROM chosen c JOIN form_cell f USING (cell_id) JOIN people p USING (entity_id)
             WHERE p.quarter BETWEEN f.from_quarter AND f.to_quarter
               AND ((f.quarters >> (p.quarter % 4)) & 1 = 1 OR (f.quarters = 0 AND f.indicator_id = ANY (p.surveys)))
            UNION ALL
            SELECT t.cell_id, unnest(t.given), true FROM summed t) x
     GROUP BY x.cell_id, x.entity_id
), told AS (
    SELECT n.cell_id, p.jurisdiction, count(*) AS expected, count(*) FILTER (WHERE NOT n.given AND p.excused) AS excused,
           count(*) FILTER (WHERE NOT n.given AND NOT p.excused) AS unanswered,
           string_agg(p.code, ',' ORDER BY p.code) FILTER (WHERE NOT n.given AND NOT p.excused) AS missing,
           string_agg(p.code, ',' ORDER BY p.code) FILTER (WHERE n.given AND p.below) AS under_correction
      FROM person n JOIN people p USING (entity_id) GROUP BY n.cell_id, p.jurisdiction
), before AS MATERIALIZED (
    SELECT w.cell_id, w.jurisdiction, coalesce(t.valued_by, '{}') AS valued_by, past.round_id, past.number, past.valued_by AS valued_before
      FROM chosen c JOIN told w USING (cell_id) LEFT JOIN summed t USING (cell_id, jurisdiction)
      JOIN LATERAL (SELECT x.round_id, x.number, x.valued_by
                      FROM round o JOIN round earlier ON earlier.plan_id = o.plan_id AND earlier.quarter < o.quarter
                      JOIN total x ON x.round_id = earlier.round_id AND x.state = p_state AND x.jurisdiction = w.jurisdiction AND x.cell_id = w.cell_id
                     WHERE o.round_id = p_round AND x.kind = 1 ORDER BY earlier.quarter DESC LIMIT 1) past ON true
     WHERE c.sums
), lost AS (
    SELECT b.cell_id, b.jurisdiction, sum(p.number) AS number
      FROM (SELECT b.round_id, b.jurisdiction, array_agg(b.cell_id) AS cells FROM before b WHERE NOT b.valued_before <@ b.valued_by GROUP BY b.round_id, b.jurisdiction) g
      CROSS JOIN LATERAL contribution_cells(g.round_id, p_state, g.jurisdiction, g.cells) p
      JOIN before b ON b.cell_id = p.cell_id AND b.jurisdiction = g.jurisdiction AND b.round_id = g.round_id
     WHERE p.kind = 1 AND NOT p.entity_id = ANY (b.valued_by) GROUP BY b.cell_id, b.jurisdiction
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
    SELECT s.cell_id, 'iraq', (c.adds AND coalesce(max(s.kind) IN (1, 5), true)) OR (c.single AND count(*) = 1), max(s.kind), sum(s.number), sum(s.denominator), max(s.text), bool_and(s.none OR s.whole), sum(s.expected), sum(s.valued),
           sum(s.withheld), sum(s.not_available), sum(s.not_collected), sum(s.not_applicable), sum(s.excused), sum(s.unanswered), string_agg(s.missing, ',' ORDER BY s.jurisdiction),
           string_agg(s.under_correction, ',' ORDER BY s.jurisdiction), sum(s.number_before), sum(s.number_lost)
      FROM side s JOIN chosen c USING (cell_id) GROUP BY s.cell_id, c.adds, c.single
)
SELECT c.indicator, c.cell_id, c.code, f.jurisdiction, c.period, v.kind, v.number, v.denominator, v.text,
       CASE WHEN v.kind = 5 AND f.whole AND v.denominator <> 0
            THEN (div(v.number * c.multiplier * 20 + v.denominator, v.denominator * 2) * 0.1)::text END,
       h.hidden, CASE WHEN NOT f.combined THEN 'listed' WHEN c.may_overlap THEN 'contacts' ELSE '' END,
       f.expected, f.valued, f.withheld, f.not_available, f.not_collected, f.not_applicable, f.excused, f.unanswered, f.missing, f.under_correction,
       CASE WHEN NOT h.hidden AND f.number_before > 0 THEN round(f.number_lost / f.number_before, 3)::text END,
       round(f.valued::numeric / nullif(f.expected - f.not_applicable - f.excused, 0), 3)::text
  FROM figure f JOIN chosen c USING (cell_id) JOIN sight s ON s.jurisdiction = f.jurisdiction
  CROSS JOIN LATERAL (SELECT c.protected AND NOT s.clear AS hidden) h
  LEFT JOIN LATERAL (SELECT CASE WHEN f.kind = 5 AND f.denominator IS NULL THEN 6::smallint WHEN f.kind = 5 AND f.number IS NULL THEN 7::smallint ELSE f.kind END AS kind,
                            f.number, f.denominator, f.text) v ON f.combined AND NOT h.hidden
 WHERE p_jurisdiction IN ('', f.jurisdiction)
UNION ALL
SELECT c.indicator, c.cell_id, c.code, s.jurisdiction, c.period, NULL, NULL, NULL, NULL, NULL, false, 'not_computed', 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL
  FROM chosen c CROSS JOIN sight s
 WHERE c.nobody AND CASE WHEN p_jurisdiction <> '' THEN s.jurisdiction = p_jurisdiction
                         ELSE s.jurisdiction = 'iraq' OR NOT EXISTS (SELECT FROM sight x WHERE x.jurisdiction = 'iraq') END $$;
COMMENT ON FUNCTION national_figures(bigint, bigint, text, text, text, boolean) IS 'the national picture of a round, as a user may see it';

-- Who gave what: of every total, of all cells of one indicator, and of what is listed because it does not add up.
CREATE FUNCTION national_parts(p_actor bigint, p_round bigint, p_state text, p_jurisdiction text, p_indicator text, p_tables boolean)
RETURNS TABLE (cell_id bigint, place bigint, jurisdiction text, entity text, kind smallint, number numeric, denominator numeric, text text)
LANGUAGE sql STABLE AS $$
WITH chosen AS MATERIALIZED (
    SELECT c.* FROM national_cells(p_round, p_indicator, p_tables) c
     WHERE NOT c.nobody AND (p_indicator <> '' OR NOT p_tables OR NOT (c.adds OR c.single))
), sight AS MATERIALIZED (
    SELECT s.* FROM national_sight(p_actor, p_state) s
     WHERE s.seen AND s.jurisdiction <> 'iraq' AND (p_jurisdiction IN ('', 'iraq') OR s.jurisdiction = p_jurisdiction)
)
SELECT p.cell_id, c.place, s.jurisdiction, e.code, p.kind, p.number, p.denominator, p.text
  FROM sight s CROSS JOIN LATERAL contribution_cells(p_round, p_state, s.jurisdiction, ARRAY(SELECT x.cell_id FROM chosen x)) p
  JOIN chosen c USING (cell_id) JOIN entity e USING (entity_id)
 WHERE p.kind <> 0 AND (NOT c.protected OR s.clear) $$;
COMMENT ON FUNCTION national_parts(bigint, bigint, text, text, text, boolean) IS 'entities'' answers behind the national picture, as a user may see them';

-- How every report of a round stands: states, dates and counts, no figures. Open to those who review or read the nation's.
CREATE FUNCTION national_states(p_actor bigint, p_round bigint)
RETURNS TABLE (entity_id bigint, state text, first_submitted_at timestamptz, on_time boolean, answered bigint, asked bigint, excused boolean, accepted_first boolean)
LANGUAGE sql STABLE AS $$
SELECT r.entity_id, r.state, r.first_submitted_at, coalesce(r.first_submitted_at <= coalesce(r.due_at, o.due_at), false), c.answered, c.asked,
       r.excused_by IS NOT NULL, r.accepted_first AND r.state = 'accepted'
  FROM round o JOIN report r USING (round_id)
  CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE k.table_id IS NULL AND v.kind <> 0) AS answered, count(*) FILTER (WHERE k.table_id IS NULL) AS asked, count(*) AS cells
                        FROM asked(r.entity_id, o.round_id) a JOIN cell k USING (cell_id)
                        LEFT JOIN value v ON v.entity_id = r.entity_id AND v.round_id = o.round_id AND v.cell_id = a.cell_id AND k.table_id IS NULL) c
 WHERE o.round_id = p_round AND c.cells > 0
   AND EXISTS (SELECT FROM live_grant g WHERE g.user_id = p_actor AND g.role IN ('coordinator', 'secretariat', 'national_team')) $$;
COMMENT ON FUNCTION national_states(bigint, bigint) IS 'how every report of a round stands, for those who may know';

COMMIT;
