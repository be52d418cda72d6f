-- Deploy inap:reread to pg: what a second reading of the changes before this one found wrong.
BEGIN;
SET LOCAL search_path = inap;

-- As before; a contested report takes with it what the year after it leaned on.
CREATE OR REPLACE FUNCTION contribution_totals(p_entity bigint, p_round bigint, p_action text, p_freeze text) RETURNS text LANGUAGE plpgsql VOLATILE
SET enable_hashjoin = on SET enable_mergejoin = on SET enable_seqscan = on SET enable_bitmapscan = on AS $$
DECLARE later record;
BEGIN
    PERFORM contribution_sums(p_entity, p_round, p_action, p_freeze);
    IF p_freeze = 'submitted' THEN PERFORM pair_points(p_entity, p_round); END IF;
    IF p_action = 'contest' THEN
        FOR later IN -- nothing of it counts any more: nor does the year after it lean on what was not applicable here; in the order of rounds, as the locks are
            SELECT DISTINCT n.quarter, n.round_id, c.state
              FROM round o JOIN round n ON n.plan_id = o.plan_id AND n.quarter BETWEEN o.quarter + 1 AND o.quarter + 4
              JOIN contribution c ON c.entity_id = p_entity AND c.round_id = n.round_id AND c.withdrawn_at IS NULL
             WHERE o.round_id = p_round ORDER BY 1, 2, 3
        LOOP PERFORM total_sum(later.round_id, later.state, p_entity); END LOOP;
    END IF;
    RETURN p_freeze;
END $$;

-- Figures of a year over the rounds' editions: flows and ratios summed, of stocks the last; which it is, its value kind says as well (period_rule).
-- Hidden where one of the rounds hides its own, since the others would tell it; but where all do, and there are two or more, the sum is shown if it is
-- not small itself: of tables of one dimension every cell, where no quarter's small cell is pinned by it. Iraq is the sum of what both sides show; of a
-- register it is what the rounds' editions say: a name that both sides have counts once.
CREATE OR REPLACE FUNCTION edition_year(p_plan bigint, p_year int)
RETURNS TABLE (cell_id bigint, jurisdiction text, kind smallint, number numeric, denominator numeric, hidden boolean, asked bigint, given bigint) LANGUAGE sql STABLE AS $$
WITH source AS MATERIALIZED (
    SELECT s.edition_id, o.round_id, o.quarter FROM edition_sources(p_plan, p_year) s JOIN round o ON o.plan_id = s.plan_id AND o.code = s.period
), told AS MATERIALIZED (
    SELECT c.cell_id, k.indicator_id, k.table_id, c.jurisdiction, s.quarter, c.kind, c.number, c.denominator, c.hidden, i.protection, i.k, i.combine = 'register' AS names, period_rule(i) AS across_periods,
           t.kind AS true_kind, t.number AS true_number, t.denominator AS true_denominator, t.withheld_by <> '{}' AS withheld
      FROM source s JOIN edition_cell c USING (edition_id) JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id)
      LEFT JOIN total t ON t.round_id = s.round_id AND t.state = 'accepted' AND t.jurisdiction = c.jurisdiction AND t.cell_id = c.cell_id
     WHERE i.frequency IN ('quarterly', 'semiannual') AND adds_up(i.combine, i.across_entities) AND period_rule(i) IN ('sum', 'ratio', 'last') AND (c.jurisdiction <> 'iraq' OR i.combine = 'register')
), earlier AS MATERIALIZED (
    SELECT c.cell_id, c.jurisdiction, c.number, c.denominator, c.hidden FROM edition e JOIN edition_cell c USING (edition_id)
     WHERE e.plan_id = p_plan AND e.period = p_year::text AND e.state IN ('published', 'withdrawn')
), summed AS MATERIALIZED (
    SELECT x.*, CASE WHEN x.shut = 0 THEN x.number WHEN x.recovers THEN x.true_number END AS n, CASE WHEN x.shut = 0 THEN x.denominator WHEN x.recovers THEN x.true_denominator END AS d
      FROM (SELECT t.cell_id, t.indicator_id, t.table_id, t.jurisdiction, t.names, t.protection, t.k, count(*) AS asked, count(*) FILTER (WHERE t.kind IN (1, 5, 6, 7) OR t.hidden) AS given,
                   count(*) FILTER (WHERE t.hidden AND (t.across_periods <> 'last' OR t.quarter = t.newest)) AS shut, bool_or(t.kind IN (5, 6, 7) OR t.true_kind = 5) AS halves,
                   sum(t.number) FILTER (WHERE t.across_periods <> 'last' OR t.quarter = t.newest) AS number,
                   sum(t.denominator) FILTER (WHERE t.across_periods <> 'last' OR t.quarter = t.newest) AS denominator,
                   sum(t.true_number) AS true_number, sum(t.true_denominator) AS true_denominator,
                   t.across_periods <> 'last' AND t.protection = 'persons' AND bool_and(t.hidden) AND count(*) > 1 AND coalesce(bool_and(t.true_kind IN (1, 5)), false) AND NOT coalesce(bool_or(t.withheld), false) AS recovers
              FROM (SELECT t.*, max(t.quarter) FILTER (WHERE t.hidden OR t.kind IS NOT NULL) OVER (PARTITION BY t.cell_id, t.jurisdiction) AS newest FROM told t) t
             GROUP BY t.cell_id, t.indicator_id, t.table_id, t.jurisdiction, t.names, t.protection, t.k, t.across_periods) x
), closed AS MATERIALIZED ( -- totals
    SELECT s.indicator_id, s.jurisdiction FROM summed s
     WHERE s.table_id IS NULL
       AND ((s.shut > 0 AND NOT s.recovers) OR (s.recovers AND small_figure(false, s.k, s.n, s.d))
            OR EXISTS (SELECT FROM earlier e WHERE e.cell_id = s.cell_id AND e.jurisdiction = s.jurisdiction
                          AND (e.hidden OR (s.protection = 'persons' AND small_change(s.k, s.n, s.d, e.number, e.denominator)))))
), veiled AS MATERIALIZED ( -- tables
    SELECT s.table_id FROM summed s JOIN indicator_table t USING (table_id)
     WHERE (s.shut > 0 AND (NOT s.recovers OR cardinality(t.dimensions) > 1)) OR (s.recovers AND small_figure(true, s.k, s.n, s.d))
        OR EXISTS (SELECT FROM earlier e WHERE e.cell_id = s.cell_id AND e.jurisdiction = s.jurisdiction
                      AND (e.hidden OR (s.protection = 'persons' AND small_change(s.k, s.n, s.d, e.number, e.denominator))))
    UNION
    SELECT s.table_id FROM summed s JOIN closed c USING (indicator_id) WHERE s.table_id IS NOT NULL AND s.protection IN ('persons', 'money')
    UNION -- what is left of the year's total beside the parts
    SELECT s.table_id FROM summed s JOIN indicator_table t USING (table_id) JOIN summed w ON w.indicator_id = s.indicator_id AND w.table_id IS NULL AND w.jurisdiction = s.jurisdiction
     WHERE s.protection = 'persons' AND t.exclusive
     GROUP BY s.table_id, s.jurisdiction, s.k, w.n, w.d HAVING small_change(s.k, w.n, w.d, sum(s.n), sum(s.d))
    UNION -- a quarter and a category that overlap by more than none, though the small cell may be none
    SELECT s.table_id FROM summed s JOIN told t USING (cell_id, jurisdiction) JOIN told q ON q.indicator_id = s.indicator_id AND q.table_id IS NULL AND q.jurisdiction = s.jurisdiction AND q.quarter = t.quarter
      JOIN summed w ON w.indicator_id = s.indicator_id AND w.table_id IS NULL AND w.jurisdiction = s.jurisdiction
     WHERE s.recovers AND s.table_id IS NOT NULL AND small_figure(false, s.k, t.true_number, t.true_denominator)
       AND (s.n + q.true_number > w.n OR s.d + q.true_denominator > w.d OR s.d - s.n + q.true_denominator - q.true_number > w.d - w.n)
), side AS (
    SELECT s.cell_id, s.jurisdiction, s.names, coalesce(s.halves, false) AS halves, s.n AS number, s.d AS denominator, s.asked, s.given,
           EXISTS (SELECT FROM closed c WHERE s.table_id IS NULL AND c.indicator_id = s.indicator_id AND s.jurisdiction IN (c.jurisdiction, 'iraq'))
           OR EXISTS (SELECT FROM veiled v WHERE v.table_id = s.table_id) AS hidden
      FROM summed s
)
SELECT f.cell_id, f.jurisdiction,
       CASE WHEN f.hidden OR num_nonnulls(f.number, f.denominator) = 0 THEN NULL WHEN NOT f.halves THEN 1::smallint WHEN f.denominator IS NULL THEN 6::smallint WHEN f.number IS NULL THEN 7::smallint ELSE 5::smallint END,
       CASE WHEN NOT f.hidden THEN f.number END, CASE WHEN NOT f.hidden THEN f.denominator END, f.hidden, f.asked, f.given
  FROM (SELECT s.cell_id, s.jurisdiction, s.halves, s.number, s.denominator, s.hidden, s.asked, s.given FROM side s
        UNION ALL
        SELECT s.cell_id, 'iraq', bool_or(s.halves), sum(s.number), sum(s.denominator), bool_or(s.hidden), max(s.asked), max(s.given) FROM side s WHERE NOT s.names GROUP BY s.cell_id) f $$;

-- Whose answers of a quarter are an entity's own: its, and those of the entities that it took over from, as long as they stood. What the other
-- government's offices answered never is, whatever a plan file says of successors.
CREATE OR REPLACE FUNCTION entity_line(p_entity bigint, p_quarter int) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
WITH RECURSIVE line (entity_id, jurisdiction, depth) AS (
    SELECT e.entity_id, e.jurisdiction, 0 FROM entity e WHERE e.entity_id = p_entity
    UNION
    SELECT e.entity_id, e.jurisdiction, l.depth + 1 FROM line l JOIN entity e ON e.successor_id = l.entity_id AND e.jurisdiction = l.jurisdiction WHERE isfinite(e.valid_to) AND l.depth < 10
)
SELECT l.entity_id FROM line l JOIN entity e USING (entity_id) WHERE l.depth = 0 OR quarter_of(e.valid_to) >= p_quarter $$;

-- Nor does a plan file name a successor in the other government.
ALTER FUNCTION plan_sense_fault(jsonb) RENAME TO plan_sense_fault_alone;
CREATE FUNCTION plan_sense_fault(b jsonb) RETURNS TABLE (place text, why text) LANGUAGE sql STABLE AS $$
WITH office AS MATERIALIZED (
    SELECT r.code, r.place, r.sort, r.body ->> 'jurisdiction' AS jurisdiction, r.body ->> 'successor' AS successor FROM plan_rows(b) r WHERE r.kind = 'entity'
)
SELECT x.place, x.why
  FROM (SELECT 0 AS step, 0 AS sort, f.place, f.why FROM plan_sense_fault_alone(b) f
        UNION ALL
        SELECT 1, o.sort, o.place || '.successor', 'it belongs to the other government'
          FROM office o WHERE o.jurisdiction <> coalesce((SELECT min(s.jurisdiction) FROM office s WHERE s.code = o.successor), (SELECT e.jurisdiction FROM entity e WHERE e.code = o.successor))) x
 ORDER BY x.step, x.sort LIMIT 1 $$;
COMMENT ON FUNCTION plan_sense_fault_alone(jsonb) IS 'plan_sense_fault without successors';
COMMENT ON FUNCTION plan_sense_fault(jsonb) IS 'the first reference, duplicate or pair of a plan file that makes no sense';
GRANT EXECUTE ON FUNCTION plan_sense_fault(jsonb) TO inap_app;

-- As before; a restatement asked for, granted or declined, and a point of a pair, touch no answer either.
CREATE OR REPLACE FUNCTION report_view_at(p_entity bigint, p_round bigint, p_roles int, p_revision bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE WHEN p_revision IS NULL THEN v.seen
            WHEN p_revision NOT BETWEEN 0 AND v.seen THEN NULL
            WHEN p_roles & 6 <> 0 OR p_revision = v.seen THEN p_revision
            ELSE (SELECT p_revision FROM contribution c
                   WHERE c.entity_id = p_entity AND c.round_id = p_round AND c.withdrawn_at IS NULL AND c.revision <= p_revision
                     AND ((p_roles & 8 <> 0) OR (p_roles & 16 <> 0 AND c.state IN ('endorsed', 'accepted'))
                          OR (p_roles & 32 <> 0 AND c.state = 'accepted'))
                     AND NOT EXISTS (SELECT FROM log l WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.revision > c.revision AND l.revision <= p_revision
                                        AND l.action NOT IN ('claim', 'release', 'point', 'withdraw-point', 'ask-cells', 'return', 'endorse', 'accept', 'send-back', 'ask-restatement', 'restate', 'decline-restatement', 'pair')) LIMIT 1) END
  FROM (SELECT report_view(p_entity, p_round, p_roles) AS seen) v);
END $$;

-- An entity's own figure of a cell over the year so far: by the rule of its periods, from what counts at a state. gaps: quarters in which it is asked and gave
-- no figure, or whose round never opened; not applicable is no gap.
DROP FUNCTION entity_figure(bigint, bigint, int, int, text, bigint, text);
CREATE FUNCTION entity_figure(p_entity bigint, p_plan bigint, p_first int, p_last int, p_state text, p_cell bigint, p_rule text,
                              OUT kind smallint, OUT number numeric, OUT denominator numeric, OUT asked bigint, OUT valued bigint, OUT counted text, OUT gaps text) LANGUAGE sql STABLE AS $$
WITH given AS MATERIALIZED (
    SELECT q.quarter, quarter_code(q.quarter) AS code, o.round_id, v.said, CASE WHEN v.said BETWEEN 1 AND 7 THEN v.said END AS kind, v.number, v.denominator
      FROM generate_series(p_first, p_last) AS q (quarter) LEFT JOIN round o ON o.plan_id = p_plan AND o.quarter = q.quarter
      JOIN form_cell f ON f.entity_id = p_entity AND f.cell_id = p_cell AND q.quarter BETWEEN f.from_quarter AND f.to_quarter
       AND ((f.quarters >> (q.quarter % 4)) & 1 = 1 OR (f.quarters = 0 AND f.indicator_id = ANY (o.surveys)))
      LEFT JOIN LATERAL (SELECT c.kinds[c.place] AS said, c.numbers[c.place] AS number, c.denominators[c.place] AS denominator
                           FROM (SELECT x.*, array_position(x.cells, p_cell) AS place FROM contribution x
                                  WHERE x.entity_id = p_entity AND x.round_id = o.round_id AND x.state = p_state AND x.withdrawn_at IS NULL ORDER BY x.revision DESC LIMIT 1) c) v ON true
), chosen AS (
    SELECT g.* FROM given g WHERE g.kind IS NOT NULL AND (p_rule IN ('sum', 'ratio') OR g.quarter = (SELECT max(x.quarter) FROM given x WHERE x.kind IS NOT NULL))
)
SELECT max(c.kind), sum(c.number), sum(c.denominator), (SELECT count(*) FROM given g WHERE g.round_id IS NOT NULL), (SELECT count(*) FROM given g WHERE g.kind IS NOT NULL), string_agg(c.code, ',' ORDER BY c.quarter),
       (SELECT string_agg(g.code, ',' ORDER BY g.quarter) FROM given g WHERE g.kind IS NULL AND g.said IS DISTINCT FROM 8) FROM chosen c $$;
COMMENT ON FUNCTION entity_figure(bigint, bigint, int, int, text, bigint, text) IS 'an entity''s own figure of a year so far';
GRANT EXECUTE ON FUNCTION entity_figure(bigint, bigint, int, int, text, bigint, text) TO inap_app;

-- As before; an entity's flow with quarters missing is grey too: it has not come less far. Its own figure is hidden where its cell is, protected
-- or not, and the picture is made once for both.
CREATE OR REPLACE FUNCTION national_lights(p_actor bigint, p_plan bigint, p_quarter int, p_state text, p_jurisdiction text, p_indicator text)
RETURNS TABLE (cell_id bigint, jurisdiction text, entity_id bigint, period text, kind smallint, number numeric, denominator numeric, percent text, hidden boolean,
               target_kind text, target_number numeric, target_tolerance numeric, target_period text, target_revision int, baseline numeric, formula text, progress numeric,
               light text, why text, set_light text, set_reason text, set_by bigint, set_at timestamptz, rate text, weight_missing text, missing text, gaps text, counted text,
               before_kind smallint, before_number numeric, before_denominator numeric)
LANGUAGE sql STABLE AS $$
WITH goal AS MATERIALIZED (
    SELECT t.* FROM target_current(p_plan) t
), span AS (
    SELECT p_quarter / 4 * 4 AS first, (p_quarter / 4)::text || 'Q1..' || quarter_code(p_quarter) AS now, (p_quarter / 4 - 1)::text || 'Q1..' || quarter_code(p_quarter - 4) AS before,
           EXISTS (SELECT FROM goal g JOIN cell k USING (cell_id) WHERE k.table_id IS NOT NULL) AS tables
), sight AS MATERIALIZED (
    SELECT s.* FROM national_sight(p_actor, p_state) s WHERE s.seen AND p_jurisdiction IN ('', s.jurisdiction)
), picture AS MATERIALIZED (
    SELECT f.* FROM span s CROSS JOIN LATERAL national_picture(p_actor, p_plan, '', s.now, p_state, p_jurisdiction, p_indicator, s.tables) f
), figure AS MATERIALIZED (
    SELECT f.cell_id, f.jurisdiction, NULL::bigint AS entity_id, f.period, f.kind, f.number, f.denominator, f.percent, f.hidden, f.label, f.expected - f.not_applicable - f.excused AS due, f.valued,
           f.rate, f.weight_missing, f.missing, f.gaps, f.counted
      FROM picture f JOIN cell k USING (cell_id)
     WHERE f.label <> 'listed' AND (k.table_id IS NULL OR k.cell_id IN (SELECT g.cell_id FROM goal g))
    UNION ALL
    SELECT g.cell_id, e.jurisdiction, g.entity_id, s.now, CASE WHEN NOT h.hidden THEN v.kind END, CASE WHEN NOT h.hidden THEN v.number END, CASE WHEN NOT h.hidden THEN v.denominator END,
           CASE WHEN NOT h.hidden AND v.kind = 5 THEN percent_text(v.number, v.denominator, i.multiplier) END, h.hidden, '', v.asked, v.valued, round(v.valued::numeric / nullif(v.asked, 0), 3)::text,
           NULL, NULL, v.gaps, v.counted
      FROM (SELECT DISTINCT x.cell_id, x.entity_id FROM goal x WHERE x.entity_id IS NOT NULL) g CROSS JOIN span s JOIN entity e ON e.entity_id = g.entity_id
      JOIN sight t ON t.jurisdiction = e.jurisdiction JOIN cell k ON k.cell_id = g.cell_id JOIN indicator i USING (indicator_id)
     CROSS JOIN LATERAL (SELECT NOT t.clear AND (i.protection <> 'none' OR EXISTS (SELECT FROM picture f WHERE f.cell_id = g.cell_id AND f.jurisdiction = e.jurisdiction AND f.hidden)) AS hidden) h
     CROSS JOIN LATERAL entity_figure(g.entity_id, p_plan, s.first, p_quarter, p_state, g.cell_id, period_rule(i)) v
     WHERE p_indicator IN ('', i.code)
), aimed AS MATERIALIZED (
    SELECT f.*, i.direction, i.combine, i.unit, i.multiplier, period_rule(i) IN ('sum', 'ratio') AS flow, t.kind AS target_kind, t.number AS target_number, t.tolerance, t.period AS target_period,
           t.revision, coalesce(t.baseline, i.baseline) AS baseline,
           EXISTS (SELECT FROM goal g WHERE g.cell_id = f.cell_id AND g.entity_id IS NOT DISTINCT FROM f.entity_id AND coalesce(g.jurisdiction, 'iraq') = f.jurisdiction AND g.first / 4 = p_quarter / 4) AS later
      FROM figure f JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id)
      LEFT JOIN LATERAL (SELECT g.* FROM goal g
                          WHERE g.cell_id = f.cell_id AND g.entity_id IS NOT DISTINCT FROM f.entity_id AND (f.entity_id IS NOT NULL OR coalesce(g.jurisdiction, 'iraq') = f.jurisdiction)
                            AND (g.period = '' OR CASE WHEN period_rule(i) IN ('sum', 'ratio') THEN g.last = p_quarter AND g.first / 4 = p_quarter / 4
                                                       ELSE g.last >= p_quarter OR g.kind <> 'reach' END)
                          ORDER BY g.period = '', g.last < p_quarter, abs(g.last - p_quarter), g.last - g.first LIMIT 1) t ON true
), way AS (
    SELECT a.*, w.formula, CASE WHEN w.down > 0 THEN w.up / w.down END AS progress, w.up, w.down, x.green, x.amber,
           CASE WHEN a.hidden THEN 'hidden'
                WHEN a.direction = 'none' THEN 'no_direction'
                WHEN a.target_kind IS NULL THEN CASE WHEN a.later AND a.flow THEN 'no_milestone' ELSE 'no_target' END
                WHEN a.combine = 'one' AND a.valued < a.due THEN 'reporter_missing'
                WHEN v.d IS NULL OR (a.kind = 5 AND a.percent IS NULL) THEN 'no_figure'
                WHEN a.flow AND a.gaps <> '' THEN 'gaps'
                WHEN a.weight_missing::numeric > x.missing THEN 'weight_missing'
                WHEN w.down IS NULL THEN 'no_formula' END AS why
      FROM aimed a CROSS JOIN LATERAL light_thresholds(p_plan) x CROSS JOIN LATERAL light_value(a.kind, a.number, a.denominator, a.multiplier) v
     CROSS JOIN LATERAL light_way(a.target_kind, a.direction, v.n, v.d, a.target_number, a.tolerance, a.baseline) w
), past AS MATERIALIZED (
    SELECT f.cell_id, f.jurisdiction, f.kind, f.number, f.denominator
      FROM span s CROSS JOIN LATERAL national_picture(p_actor, p_plan, '', s.before, p_state, p_jurisdiction, p_indicator, false) f
     WHERE f.kind IN (1, 5) AND f.label <> 'listed'
)
SELECT w.cell_id, w.jurisdiction, w.entity_id, w.period, w.kind, w.number, w.denominator, w.percent, w.hidden, w.target_kind, w.target_number, w.tolerance, w.target_period, w.revision,
       CASE WHEN w.formula LIKE '%b%' THEN w.baseline END, CASE WHEN w.target_kind IS NOT NULL THEN w.formula END,
       CASE WHEN w.why IS NULL AND w.target_kind = 'reach' THEN round(w.progress, 3) END,
       CASE WHEN w.why IS NOT NULL THEN 'grey' WHEN w.up >= w.green * w.down OR (w.target_kind <> 'reach' AND w.up = 1) THEN 'green' WHEN w.target_kind = 'reach' AND w.up >= w.amber * w.down THEN 'amber' ELSE 'red' END,
       coalesce(w.why, ''), o.light, CASE WHEN o.light IS NOT NULL THEN o.reason::text END, CASE WHEN o.light IS NOT NULL THEN o.set_by END, CASE WHEN o.light IS NOT NULL THEN o.set_at END,
       w.rate, w.weight_missing, w.missing, w.gaps, w.counted, p.kind, p.number, p.denominator
  FROM way w LEFT JOIN past p ON p.cell_id = w.cell_id AND p.jurisdiction = w.jurisdiction AND w.entity_id IS NULL AND w.target_kind IS NULL AND NOT w.hidden
  LEFT JOIN LATERAL (SELECT x.* FROM light_override x WHERE x.plan_id = p_plan AND x.quarter = p_quarter AND x.cell_id = w.cell_id AND x.jurisdiction = w.jurisdiction
                        AND x.entity_id IS NOT DISTINCT FROM w.entity_id ORDER BY x.override_id DESC LIMIT 1) o ON true $$;

-- The union of lists of names, as before; a blank that does not break, as text processors put it, is a blank, and a line of nothing else (nor of signs that
-- folding takes away) names nothing: else one name counts twice.
CREATE OR REPLACE FUNCTION register_names(p_texts text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT string_agg(n.name, E'\n' ORDER BY n.key COLLATE "C")
  FROM (SELECT DISTINCT ON (k.key COLLATE "C") k.key, l.name
          FROM unnest(p_texts) AS t (text) CROSS JOIN LATERAL string_to_table(t.text, E'\n') AS s (line)
         CROSS JOIN LATERAL (SELECT btrim(regexp_replace(translate(s.line, U&'\00A0\2007\202F\3000', '    '), '\s+', ' ', 'g')) AS name) l
         CROSS JOIN LATERAL (SELECT btrim(regexp_replace(fold(l.name), '\s+', ' ', 'g')) AS key) k
         WHERE k.key <> '' ORDER BY k.key COLLATE "C", l.name COLLATE "C") n $$;

-- As before, with names counted so.
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
           sum(t.denominator) FILTER (WHERE t.kind < 8) AS denominator, min(t.text) FILTER (WHERE t.kind < 8) AS text, string_agg(t.text, E'\n') FILTER (WHERE t.kind = 4) AS lines, min(t.kind) FILTER (WHERE t.kind < 8) AS word,
           array_agg(DISTINCT t.kind) FILTER (WHERE t.kind < 8) AS kinds, count(*) FILTER (WHERE t.kind < 8) AS valued,
           string_agg((CASE WHEN t.kind < 6 THEN 1 ELSE t.kind END)::text || ':' || t.entity_id::text, ' ' ORDER BY CASE WHEN t.kind < 6 THEN 1 ELSE t.kind END, t.entity_id) AS who
      FROM counted t GROUP BY t.state, t.jurisdiction, t.cell_id
), expected AS (
    SELECT f.state, f.jurisdiction, f.cell_id, f.who, u.united,
           CASE WHEN stands AND u.united THEN 1 WHEN stands AND f.kinds && '{5,6,7}' THEN 5 WHEN stands THEN f.word END AS kind,
           CASE WHEN stands AND u.united THEN u.count WHEN stands THEN f.number END AS number, CASE WHEN stands THEN f.denominator END AS denominator,
           CASE WHEN stands AND u.united THEN u.names WHEN stands THEN f.text END AS text
      FROM fresh f JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id)
      CROSS JOIN LATERAL (SELECT i.combine = 'register' AS united, count(DISTINCT n.name) AS count, string_agg(DISTINCT n.name, ' ' ORDER BY n.name) AS names
                            FROM regexp_split_to_table(f.lines, E'\n') AS l (line) CROSS JOIN LATERAL (SELECT fold(l.line) AS word) w
                           CROSS JOIN LATERAL (SELECT array_to_string(regexp_match(regexp_replace(w.word, '\s+', ' ', 'g'), '\S.*\S|\S'), '') AS name WHERE w.word ~ '\S') n) u
      CROSS JOIN LATERAL (SELECT coalesce((i.combine = 'one' AND f.valued = 1) OR (u.united AND f.valued > 0 AND adds_up(i.combine, i.across_entities))
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
                WHEN (x.kind, x.number::text, x.denominator::text, x.text) IS DISTINCT FROM (t.kind::int, t.number::text, t.denominator::text,
                     CASE WHEN x.united THEN (SELECT string_agg(n.name, ' ' ORDER BY n.name) FROM (SELECT regexp_replace(fold(s), '\s+', ' ', 'g') AS name FROM string_to_table(t.text, E'\n') AS s) n) ELSE t.text END) THEN 'figure'
                WHEN x.who IS DISTINCT FROM t.who THEN 'coverage' END AS fault
      FROM expected x FULL JOIN standing t ON t.state = x.state AND t.jurisdiction = x.jurisdiction AND t.cell_id = x.cell_id
)
SELECT b.state, b.jurisdiction, k.code, b.fault, (SELECT count(*) FROM both_sides) FROM both_sides b JOIN cell k USING (cell_id) WHERE b.fault IS NOT NULL
UNION ALL
SELECT NULL, NULL, NULL, NULL, (SELECT count(*) FROM both_sides) $$;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'reread' $$;

COMMIT;
