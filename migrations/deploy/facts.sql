-- Deploy inap:facts to pg: meetings of the National Team and the annual report are figures: what is derived may be a number, a yes or a no.
BEGIN;
SET LOCAL search_path = inap;

-- ---- nothing is needed any more that the system does not keep

ALTER TABLE formula DROP COLUMN needs;

CREATE OR REPLACE FUNCTION indicator_formula(i indicator) RETURNS TABLE (formula text, unit text, needs text) LANGUAGE sql STABLE AS $$
SELECT coalesce(f.formula, ''), coalesce(f.unit, i.unit), CASE WHEN f.formula IS NULL THEN 'formula' ELSE '' END
  FROM (SELECT) one LEFT JOIN formula f ON f.formula = i.body ->> 'formula' WHERE i.combine = 'derived' $$;

-- meetings: of the National Team, held in the period with minutes issued, by the government of who organised them. One is counted
-- once, whoever was present.
CREATE FUNCTION formula_meetings(o round, p_period text, p_jurisdiction text) RETURNS numeric LANGUAGE sql STABLE AS
$$ SELECT m.number FROM derived_national_team_meetings(o.plan_id, p_period) m WHERE m.jurisdiction = p_jurisdiction $$;
COMMENT ON FUNCTION formula_meetings(round, text, text) IS 'National Team meetings with minutes, held in the period';

-- annual_report: 1 where an edition of the round's year is published that holds reports of the jurisdiction. What is withdrawn is not.
CREATE FUNCTION formula_annual_report(o round, p_jurisdiction text) RETURNS numeric LANGUAGE sql STABLE AS $$
SELECT count(*) FROM (SELECT FROM edition e JOIN edition_report r USING (edition_id) JOIN entity x USING (entity_id)
                       WHERE e.plan_id = o.plan_id AND e.period = (o.quarter / 4)::text AND edition_state(e) = 'published' AND x.jurisdiction = p_jurisdiction LIMIT 1) one $$;
COMMENT ON FUNCTION formula_annual_report(round, text) IS '1: an edition of the year is published with reports of the jurisdiction';

-- A formula's figure of one jurisdiction in an indicator's period: of yes and no 1 or 0; without a denominator a number.
DROP FUNCTION formula_figure(text, round, text, text);
CREATE FUNCTION formula_figure(p_formula text, o round, p_period text, p_state text, p_jurisdiction text, OUT number numeric, OUT denominator numeric) LANGUAGE plpgsql STABLE AS $$
BEGIN
    CASE p_formula
    WHEN 'sectoral_plans' THEN SELECT f.number, f.denominator INTO number, denominator FROM formula_sectoral_plans(o, p_jurisdiction) f;
    WHEN 'focal_points' THEN SELECT f.number, f.denominator INTO number, denominator FROM formula_focal_points(o, p_jurisdiction) f;
    WHEN 'reports_on_time' THEN SELECT f.number, f.denominator INTO number, denominator FROM formula_reports_on_time(o, p_jurisdiction) f;
    WHEN 'full_tables' THEN SELECT f.number, f.denominator INTO number, denominator FROM formula_full_tables(o, p_state, p_jurisdiction) f;
    WHEN 'activities_funded' THEN SELECT f.number, f.denominator INTO number, denominator FROM formula_activities_funded(o, p_state, p_jurisdiction) f;
    WHEN 'meetings' THEN number := formula_meetings(o, p_period, p_jurisdiction);
    WHEN 'annual_report' THEN number := formula_annual_report(o, p_jurisdiction);
    ELSE NULL;
    END CASE;
END $$;
COMMENT ON FUNCTION formula_figure(text, round, text, text, text) IS 'what a formula makes of a round and period in a jurisdiction; nothing where it makes words';

-- The national picture as before; what is derived may be a number, a yes or a no, and Iraq's is yes where one of both sides is; the last
-- comparable total of a cell comes from the year before it, or down an index; a register's names for Iraq are those of both sides, as its number is.
CREATE OR REPLACE FUNCTION national_figures(p_actor bigint, p_round bigint, p_state text, p_jurisdiction text, p_indicator text, p_tables boolean)
RETURNS TABLE (indicator text, cell_id bigint, cell text, jurisdiction text, period text, kind smallint, number numeric, denominator numeric, text text,
               percent text, hidden boolean, label text, expected bigint, valued bigint, withheld bigint, not_available bigint, not_collected bigint,
               not_applicable bigint, excused bigint, unanswered bigint, missing text, under_correction text, weight_missing text, rate text)
LANGUAGE sql STABLE AS $$
WITH sight AS MATERIALIZED (
    SELECT s.* FROM national_sight(p_actor, p_state) s WHERE s.seen
), chosen AS MATERIALIZED (
    SELECT c.* FROM national_cells(p_round, p_indicator, p_tables) c
), veiled AS MATERIALIZED (
    SELECT v.* FROM protection_hides(p_round, p_state) v WHERE EXISTS (SELECT FROM sight s WHERE NOT s.clear)
), people AS MATERIALIZED (
    SELECT r.entity_id, e.code, e.jurisdiction, r.excused_by IS NOT NULL AS excused, o.quarter, o.surveys,
           NOT r.state = ANY (CASE p_state WHEN 'submitted' THEN '{submitted,in_review,endorsed,accepted}'::text[]
                                           WHEN 'endorsed' THEN '{endorsed,accepted}' ELSE '{accepted}' END) AS below
      FROM round o JOIN report r USING (round_id) JOIN entity e USING (entity_id) JOIN sight s ON s.jurisdiction = e.jurisdiction
     WHERE o.round_id = p_round
), derived AS MATERIALIZED (
    SELECT c.cell_id, x.needs, x.unit, s.jurisdiction, v.number, v.denominator
      FROM chosen c JOIN indicator i USING (indicator_id) CROSS JOIN LATERAL indicator_formula(i) x JOIN sight s ON s.jurisdiction <> 'iraq' JOIN round o ON o.round_id = p_round
      LEFT JOIN LATERAL formula_figure(x.formula, o, c.period, p_state, s.jurisdiction) v ON x.needs = ''
     WHERE c.nobody
), summed AS MATERIALIZED (
    SELECT t.*, t.valued_by || t.withheld_by || t.not_available_by || t.not_collected_by || t.not_applicable_by AS given
      FROM chosen c CROSS JOIN sight s JOIN total t ON t.round_id = p_round AND t.state = p_state AND t.jurisdiction = s.jurisdiction AND t.cell_id = c.cell_id
), person AS (
    SELECT x.cell_id, x.entity_id, bool_or(x.given) AS given, bool_or(x.valued) AS valued
      FROM (SELECT f.cell_id, f.entity_id, false AS given, false AS valued
              FROM chosen c JOIN form_cell f USING (cell_id) JOIN people p USING (entity_id)
             WHERE p.quarter BETWEEN f.from_quarter AND f.to_quarter
               AND ((f.quarters >> (p.quarter % 4)) & 1 = 1 OR (f.quarters = 0 AND f.indicator_id = ANY (p.surveys)))
            UNION ALL
            SELECT t.cell_id, g.entity_id, true, g.entity_id = ANY (t.valued_by) FROM summed t CROSS JOIN LATERAL unnest(t.given) AS g (entity_id)) x
     GROUP BY x.cell_id, x.entity_id
), told AS (
    SELECT n.cell_id, p.jurisdiction, count(*) AS expected, count(*) FILTER (WHERE NOT n.given AND p.excused) AS excused,
           count(*) FILTER (WHERE NOT n.given AND NOT p.excused) AS unanswered,
           string_agg(p.code, ',' ORDER BY p.code) FILTER (WHERE NOT n.given AND NOT p.excused) AS missing,
           string_agg(p.code, ',' ORDER BY p.code) FILTER (WHERE n.given AND p.below) AS under_correction,
           coalesce(array_agg(n.entity_id) FILTER (WHERE n.valued), '{}') AS valued_by
      FROM person n JOIN people p USING (entity_id) GROUP BY n.cell_id, p.jurisdiction
), recent AS MATERIALIZED ( -- of the year before, read by its rounds: most cells of a whole picture have theirs there
    SELECT DISTINCT ON (x.cell_id, x.jurisdiction) x.cell_id, x.jurisdiction, x.round_id, CASE x.kind WHEN 5 THEN x.denominator ELSE x.number END AS weight, x.valued_by
      FROM round o JOIN round b ON b.plan_id = o.plan_id AND b.quarter BETWEEN o.quarter - 4 AND o.quarter - 1
      CROSS JOIN LATERAL (SELECT t.* FROM total t WHERE t.round_id = b.round_id AND t.state = p_state AND (t.kind = 1 OR (t.kind = 5 AND t.denominator IS NOT NULL)) OFFSET 0) x -- round by round
     WHERE o.round_id = p_round AND p_tables AND p_indicator = ''
     ORDER BY x.cell_id, x.jurisdiction, x.quarter DESC
), before AS MATERIALIZED (
    SELECT w.cell_id, w.jurisdiction, w.valued_by, past.round_id, past.weight AS number, past.valued_by AS valued_before
      FROM chosen c JOIN told w USING (cell_id) JOIN round o ON o.round_id = p_round LEFT JOIN recent r USING (cell_id, jurisdiction)
      JOIN LATERAL (SELECT r.round_id, r.weight, r.valued_by WHERE r.round_id IS NOT NULL
                    UNION ALL
                    (SELECT x.round_id, CASE x.kind WHEN 5 THEN x.denominator ELSE x.number END, x.valued_by FROM total x
                      WHERE r.round_id IS NULL AND x.cell_id = w.cell_id AND x.jurisdiction = w.jurisdiction AND x.state = p_state AND x.quarter < o.quarter
                        AND (x.kind = 1 OR (x.kind = 5 AND x.denominator IS NOT NULL)) ORDER BY x.quarter DESC LIMIT 1)) past ON true
     WHERE c.sums
), gave AS MATERIALIZED ( -- once for each earlier round, not for every cell
    SELECT g.round_id, g.jurisdiction, p.cell_id, p.entity_id, CASE p.kind WHEN 1 THEN p.number ELSE p.denominator END AS weight -- of a ratio what it is of weighs
      FROM (SELECT b.round_id, b.jurisdiction, array_agg(b.cell_id) AS cells FROM before b WHERE NOT b.valued_before <@ b.valued_by GROUP BY b.round_id, b.jurisdiction) g
      CROSS JOIN LATERAL contribution_cells(g.round_id, p_state, g.jurisdiction, g.cells) p
     WHERE p.kind IN (1, 5, 7)
), lost AS (
    SELECT b.cell_id, b.jurisdiction, sum(p.weight) AS number
      FROM gave p JOIN before b ON b.cell_id = p.cell_id AND b.jurisdiction = p.jurisdiction AND b.round_id = p.round_id
     WHERE NOT p.entity_id = ANY (b.valued_by) GROUP BY b.cell_id, b.jurisdiction
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
    SELECT s.cell_id, 'iraq', (c.adds AND coalesce(max(s.kind) IN (1, 5), true)) OR (c.single AND count(*) = 1), max(s.kind),
           CASE WHEN bool_or(s.kind = 1 AND s.text IS NOT NULL) THEN register_count(register_names(array_agg(s.text))) ELSE sum(s.number) END, -- names beside a number: a register
           sum(s.denominator), CASE WHEN bool_or(s.kind = 1 AND s.text IS NOT NULL) THEN register_names(array_agg(s.text)) ELSE max(s.text) END, bool_and(s.none OR s.whole), sum(s.expected), sum(s.valued),
           sum(s.withheld), sum(s.not_available), sum(s.not_collected), sum(s.not_applicable), sum(s.excused), sum(s.unanswered), string_agg(s.missing, ',' ORDER BY s.jurisdiction),
           string_agg(s.under_correction, ',' ORDER BY s.jurisdiction), sum(s.number_before), sum(s.number_lost)
      FROM side s JOIN chosen c USING (cell_id) GROUP BY s.cell_id, c.adds, c.single
)
SELECT c.indicator, c.cell_id, c.code, f.jurisdiction, c.period, v.kind, v.number, v.denominator, v.text,
       CASE WHEN v.kind = 5 AND f.whole AND v.denominator <> 0
            THEN (div(v.number * c.multiplier * 20 + v.denominator, v.denominator * 2) * 0.1)::text END,
       h.hidden, CASE WHEN NOT f.combined THEN 'listed' WHEN c.may_overlap THEN 'contacts' ELSE '' END,
       f.expected, h.valued, h.withheld, f.not_available, f.not_collected, f.not_applicable, f.excused, f.unanswered, f.missing, f.under_correction,
       CASE WHEN (s.clear OR NOT c.protected) AND f.number_before > 0 THEN round(f.number_lost / f.number_before, 3)::text END,
       round(h.valued::numeric / nullif(f.expected - f.not_applicable - f.excused, 0), 3)::text
  FROM figure f JOIN chosen c USING (cell_id) JOIN sight s ON s.jurisdiction = f.jurisdiction
  LEFT JOIN veiled x ON x.cell_id = f.cell_id AND x.jurisdiction = f.jurisdiction
  -- Of what is hidden it is not told whether it was withheld.
  CROSS JOIN LATERAL (SELECT w.hidden, f.valued + CASE WHEN w.hidden THEN f.withheld ELSE 0 END AS valued, CASE WHEN w.hidden THEN 0 ELSE f.withheld END AS withheld
                        FROM (SELECT NOT s.clear AND x.cell_id IS NOT NULL AS hidden) w) h
  LEFT JOIN LATERAL (SELECT CASE WHEN f.kind = 5 AND f.denominator IS NULL THEN 6::smallint WHEN f.kind = 5 AND f.number IS NULL THEN 7::smallint ELSE f.kind END AS kind,
                            f.number, f.denominator, f.text) v ON f.combined AND NOT h.hidden
 WHERE p_jurisdiction IN ('', f.jurisdiction)
UNION ALL
SELECT c.indicator, c.cell_id, c.code, g.jurisdiction, c.period, v.kind, CASE WHEN v.kind IN (1, 5) THEN g.number END, g.denominator, NULL,
       CASE WHEN g.denominator <> 0 THEN (div(g.number * c.multiplier * 20 + g.denominator, g.denominator * 2) * 0.1)::text END, false,
       CASE WHEN g.needs <> '' THEN 'not_computed' WHEN g.unit = 'text' THEN 'listed' ELSE 'derived' END, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL
  FROM (SELECT d.cell_id, d.needs, d.unit, d.jurisdiction, d.number, d.denominator FROM derived d WHERE d.needs = ''
        UNION ALL
        SELECT d.cell_id, d.needs, d.unit, 'iraq', CASE d.unit WHEN 'yes_no' THEN max(d.number) ELSE sum(d.number) END, sum(d.denominator) FROM derived d
         WHERE EXISTS (SELECT FROM sight x WHERE x.jurisdiction = 'iraq') GROUP BY d.cell_id, d.needs, d.unit
        UNION ALL -- what is not computed is named once
        SELECT d.cell_id, d.needs, d.unit, d.jurisdiction, NULL, NULL FROM derived d
         WHERE d.needs <> '' AND (p_jurisdiction = d.jurisdiction OR NOT EXISTS (SELECT FROM sight x WHERE x.jurisdiction = 'iraq'))) g
  JOIN chosen c USING (cell_id)
  CROSS JOIN LATERAL (SELECT CASE WHEN g.denominator IS NOT NULL THEN 5 WHEN g.number IS NULL THEN NULL WHEN g.unit = 'yes_no' THEN 3 - g.number ELSE 1 END::smallint AS kind) v
 WHERE p_jurisdiction IN ('', g.jurisdiction) $$;

COMMENT ON FUNCTION national_figures(bigint, bigint, text, text, text, boolean) IS 'the national picture of a round, as a user may see it';

GRANT EXECUTE ON FUNCTION formula_meetings(round, text, text), formula_annual_report(round, text), formula_figure(text, round, text, text, text) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'facts' $$;

COMMIT;
