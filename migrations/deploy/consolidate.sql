-- Deploy inap:consolidate to pg: registers are asked for and united, derived indicators have formulas over the system's own rows.
BEGIN;
SET LOCAL search_path = inap;

-- ---- registers: of each reporter names, one a line, or 0 for none. What is counted is distinct names. (FIELD.md, Overlap)

-- The union of lists of names: one line a name, by its folded form; spelled as it is spelled first.
CREATE FUNCTION register_names(p_texts text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT string_agg(n.name, E'\n' ORDER BY n.key COLLATE "C")
  FROM (SELECT DISTINCT ON (fold(l.name) COLLATE "C") fold(l.name) AS key, l.name
          FROM unnest(p_texts) AS t (text) CROSS JOIN LATERAL string_to_table(t.text, E'\n') AS s (line)
         CROSS JOIN LATERAL (SELECT btrim(regexp_replace(s.line, '\s+', ' ', 'g')) AS name) l
         WHERE l.name <> '' ORDER BY fold(l.name) COLLATE "C", l.name COLLATE "C") n $$;
COMMENT ON FUNCTION register_names(text[]) IS 'distinct names of several lists, one a line; null: none';
CREATE FUNCTION register_count(p_names text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(cardinality(string_to_array(p_names, E'\n')), 0) $$;
COMMENT ON FUNCTION register_count(text) IS 'how many names register_names gave';

-- A cell of names takes them, or 0: a number alone could not be told from another's.
CREATE OR REPLACE FUNCTION value_fault(p_kind smallint, p_kinds int, p_unit text, p_number numeric, p_denominator numeric, p_expected_on date)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN p_kind NOT BETWEEN 0 AND 11 OR (p_kinds >> p_kind) & 1 = 0 THEN 'CELL_KIND'
            WHEN p_kind IN (1, 5, 6) AND p_number IS NULL OR p_kind IN (5, 7) AND p_denominator IS NULL THEN 'CELL_KIND'
            WHEN p_kind = 1 AND p_unit = 'names' AND p_number <> 0 THEN 'CELL_KIND'
            WHEN p_kind = 11 AND p_expected_on IS NULL THEN 'DATE_MISSING'
            WHEN p_kind = 1 AND p_unit = 'percent' AND p_number NOT BETWEEN 0 AND 100 THEN 'NUMBER_RANGE'
            WHEN p_kind = 1 AND p_unit = 'decimal' THEN NULL
            WHEN p_number < 0 OR p_denominator < 0 THEN 'NUMBER_NEGATIVE'
            WHEN p_kind = 1 AND p_unit IN ('count', 'iqd') AND p_number <> trunc(p_number) THEN 'NUMBER_FRACTION'
            WHEN p_kind = 5 AND p_denominator = 0 AND p_number <> 0 THEN 'RATIO_ZERO' END $$;

-- As before, with the registers. A plan that is there already asks for them from its next import on.
CREATE OR REPLACE FUNCTION plan_form(p_plan bigint)
RETURNS TABLE (entity_id bigint, cell_id bigint, indicator_id bigint, kinds int, unit text, quarters int, from_quarter int, to_quarter int, part text)
LANGUAGE sql STABLE AS $$
WITH span AS MATERIALIZED (
    SELECT row_number() OVER () AS nth, a.entity_id, a.indicator_id, a.part, a.from_quarter, a.to_quarter, a.covers, e.jurisdiction, CASE i.combine WHEN 'register' THEN 'names' ELSE i.unit END AS unit,
           1 + 256 + 512 + 2048 + CASE WHEN i.may_withhold THEN 1024 ELSE 0 END
             + CASE WHEN i.combine = 'register' THEN 2 + 16 WHEN i.unit = 'yes_no' THEN 4 + 8 WHEN i.unit = 'text' THEN 16 WHEN i.rule <> 'ratio' THEN 2
                    WHEN a.part = 'numerator' THEN 64 WHEN a.part = 'denominator' THEN 128 ELSE 32 END AS kinds,
           CASE i.frequency WHEN 'quarterly' THEN 15 WHEN 'semiannual' THEN 10 WHEN 'annual' THEN 8 ELSE 0 END AS quarters
      FROM assignment_span a JOIN entity e USING (entity_id) JOIN indicator i USING (indicator_id)
     WHERE a.plan_id = p_plan AND a.part <> 'consulted' AND a.to_quarter >= a.from_quarter AND i.combine <> 'derived'
), outside AS MATERIALIZED (
    SELECT s.nth, array_agg(c.category_id) AS categories
      FROM span s JOIN dimension d ON d.plan_id = p_plan JOIN category c USING (dimension_id)
     WHERE c.code <> 'unknown'
       AND CASE WHEN s.covers IS NOT NULL AND EXISTS (SELECT FROM category x WHERE x.dimension_id = d.dimension_id AND x.category_id = ANY (s.covers))
                THEN NOT c.category_id = ANY (s.covers) ELSE NOT s.jurisdiction = ANY (c.jurisdictions) END
     GROUP BY s.nth
)
SELECT s.entity_id, k.cell_id, s.indicator_id, s.kinds, s.unit, s.quarters, greatest(s.from_quarter, k.from_quarter), least(s.to_quarter, k.to_quarter), s.part
  FROM span s JOIN cell k USING (indicator_id) LEFT JOIN outside o USING (nth)
 WHERE NOT k.categories && coalesce(o.categories, '{}') $$;

-- Do the figures of entities add up to one? `each`, and what has no rule over entities, is listed.
CREATE OR REPLACE FUNCTION adds_up(p_combine text, p_across_entities text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT p_combine IN ('parts', 'one', 'register') AND p_across_entities IN ('sum', 'ratio') $$;

-- One entity's answer to one cell at a minimum state, as before.
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
    SELECT c.* -- probed: what was submitted before costs nothing
      FROM report r JOIN entity e ON e.entity_id = r.entity_id AND e.jurisdiction = p_jurisdiction
     CROSS JOIN LATERAL (SELECT x.* FROM contribution x WHERE x.entity_id = r.entity_id AND x.round_id = r.round_id AND x.state = p_state AND x.withdrawn_at IS NULL
                          ORDER BY x.revision DESC LIMIT 1) c
     WHERE r.round_id = p_round
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

-- As before; a register's figure is how many distinct names there are, and its text those names: so that two jurisdictions unite.
CREATE OR REPLACE FUNCTION total_compute(p_round bigint, p_state text, p_jurisdiction text, p_cells bigint[])
RETURNS TABLE (cell_id bigint, kind smallint, number numeric, denominator numeric, text text, valued_by bigint[], numerator_by bigint[], denominator_by bigint[],
               withheld_by bigint[], not_available_by bigint[], not_collected_by bigint[], not_applicable_by bigint[], excused_by bigint[], unanswered_by bigint[])
LANGUAGE sql STABLE AS $$
WITH summed AS (
    SELECT c.cell_id,
           sum(c.number) FILTER (WHERE c.kind IN (1, 5, 6)) AS number, sum(c.denominator) FILTER (WHERE c.kind IN (5, 7)) AS denominator,
           max(c.kind) FILTER (WHERE c.kind IN (2, 3, 4)) AS word, max(c.text) FILTER (WHERE c.kind = 4) AS text, array_agg(c.text) FILTER (WHERE c.kind = 4) AS texts, count(*) FILTER (WHERE c.kind IN (2, 3, 4)) AS words,
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
SELECT s.cell_id, CASE WHEN NOT f.stands THEN NULL WHEN s.is_ratio THEN 5::smallint WHEN s.is_number OR f.united THEN 1::smallint ELSE s.word END,
       CASE WHEN f.stands AND f.united THEN register_count(f.names) WHEN f.stands THEN s.number END, CASE WHEN f.stands THEN s.denominator END,
       CASE WHEN f.stands AND f.united THEN f.names WHEN f.stands THEN s.text END,
       s.valued_by, s.numerator_by, s.denominator_by, s.withheld_by, s.not_available_by, s.not_collected_by, s.not_applicable_by, s.excused_by, s.unanswered_by
  FROM summed s JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id)
  CROSS JOIN LATERAL (SELECT CASE WHEN i.combine = 'one' AND cardinality(s.valued_by) = 1 THEN true
                                  WHEN i.combine = 'register' THEN cardinality(s.valued_by) > 0 AND adds_up(i.combine, i.across_entities)
                                  ELSE s.words = 0 AND (s.is_ratio OR s.is_number) AND adds_up(i.combine, i.across_entities) END AS stands,
                             i.combine = 'register' AS united, CASE i.combine WHEN 'register' THEN register_names(s.texts) END AS names) f $$;

-- As before; names are counted by folding every line, not by the function above.
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
                            FROM regexp_split_to_table(f.lines, E'\n') AS l (line) CROSS JOIN LATERAL (SELECT fold(array_to_string(regexp_match(l.line, '\S.*\S|\S'), '')) AS word) w
                           CROSS JOIN LATERAL (SELECT regexp_replace(w.word, '\s+', ' ', 'g') AS name WHERE w.word <> '') n) u
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
                     CASE WHEN x.united THEN (SELECT string_agg(n.name, ' ' ORDER BY n.name) FROM (SELECT fold(s) AS name FROM string_to_table(t.text, E'\n') AS s) n) ELSE t.text END) THEN 'figure'
                WHEN x.who IS DISTINCT FROM t.who THEN 'coverage' END AS fault
      FROM expected x FULL JOIN standing t ON t.state = x.state AND t.jurisdiction = x.jurisdiction AND t.cell_id = x.cell_id
)
SELECT b.state, b.jurisdiction, k.code, b.fault, (SELECT count(*) FROM both_sides) FROM both_sides b JOIN cell k USING (cell_id) WHERE b.fault IS NOT NULL
UNION ALL
SELECT NULL, NULL, NULL, NULL, (SELECT count(*) FROM both_sides) $$;

-- The cells of a round's picture: totals, or with their tables; what is asked of nobody by its total only.
CREATE OR REPLACE FUNCTION national_cells(p_round bigint, p_indicator text, p_tables boolean)
RETURNS TABLE (cell_id bigint, code text, indicator_id bigint, indicator text, place bigint, period text, adds boolean, sums boolean, single boolean, nobody boolean,
               protected boolean, may_overlap boolean, multiplier numeric)
LANGUAGE sql STABLE AS $$
SELECT k.cell_id, k.code, i.indicator_id, i.code, row_number() OVER (ORDER BY i.sort, i.code, k.sort, k.code), period_code(o.quarter, i.frequency),
       adds_up(i.combine, i.across_entities), adds_up(i.combine, i.across_entities) AND i.combine <> 'register', i.combine = 'one',
       i.combine = 'derived', i.protection <> 'none', i.may_overlap, i.multiplier
  FROM round o JOIN indicator i ON i.plan_id = o.plan_id JOIN cell k ON k.indicator_id = i.indicator_id
 WHERE o.round_id = p_round AND (p_indicator = '' OR i.code = p_indicator)
   AND CASE WHEN i.combine = 'derived'
            THEN k.table_id IS NULL AND i.closed_on IS NULL
                 AND CASE i.frequency WHEN 'quarterly' THEN true WHEN 'semiannual' THEN o.quarter % 2 = 1 WHEN 'annual' THEN o.quarter % 4 = 3
                                      ELSE i.indicator_id = ANY (o.surveys) END
            ELSE k.table_id IS NULL OR p_tables OR p_indicator <> '' END $$;

-- ---- derived: a plan's indicator names its formula; a formula is a function over the system's own rows, at a round's end.

CREATE TABLE formula (
    formula text PRIMARY KEY,
    unit text NOT NULL CHECK (unit IN ('percent', 'count', 'yes_no', 'text')),
    needs text NOT NULL DEFAULT ''
);
COMMENT ON TABLE formula IS 'what an indicator may be derived by; a plan''s indicator names one';
COMMENT ON COLUMN formula.formula IS 'its name';
COMMENT ON COLUMN formula.unit IS 'what it makes';
COMMENT ON COLUMN formula.needs IS 'what the system does not keep yet; empty: it is computed';
INSERT INTO formula VALUES ('sectoral_plans', 'percent', ''), ('focal_points', 'percent', ''), ('reports_on_time', 'percent', ''), ('full_tables', 'percent', ''),
    ('activities_funded', 'percent', ''), ('report_words', 'text', ''), ('meetings', 'count', 'events'), ('annual_report', 'yes_no', 'editions');

-- How many totals of a report have a figure and are asked for in tables, and how many of these tables are full.
ALTER TABLE contribution ADD COLUMN reported int NOT NULL DEFAULT 0, ADD COLUMN disaggregated int NOT NULL DEFAULT 0;
COMMENT ON COLUMN contribution.reported IS 'its totals with a figure that are asked for in tables';
COMMENT ON COLUMN contribution.disaggregated IS 'those of them whose tables have a figure in every cell, or do not apply';
CREATE FUNCTION contribution_tables(p_entity bigint, p_round bigint, p_cells bigint[], p_kinds smallint[], OUT reported int, OUT disaggregated int) LANGUAGE sql STABLE AS $$
WITH held AS MATERIALIZED (
    SELECT h.cell_id, h.kind FROM unnest(p_cells, p_kinds) AS h (cell_id, kind)
), one AS (
    SELECT bool_or(k.table_id IS NULL AND h.kind BETWEEN 1 AND 7) AS valued, bool_or(k.table_id IS NOT NULL) AS tables,
           bool_and(k.table_id IS NULL OR coalesce(h.kind, CASE WHEN n.cell_id IS NOT NULL THEN 8 ELSE 0 END) BETWEEN 1 AND 8) AS filled
      FROM asked(p_entity, p_round) a JOIN cell k USING (cell_id) LEFT JOIN held h ON h.cell_id = a.cell_id
      LEFT JOIN (SELECT x.cell_id FROM not_applicable_carried(p_entity, p_round, 'endorsed') x) n ON n.cell_id = a.cell_id
     GROUP BY a.indicator_id
)
SELECT count(*)::int, count(*) FILTER (WHERE o.filled)::int FROM one o WHERE o.valued AND o.tables $$;
COMMENT ON FUNCTION contribution_tables(bigint, bigint, bigint[], smallint[]) IS 'totals asked for in tables, and those whose tables are full';
UPDATE contribution c SET reported = t.reported, disaggregated = t.disaggregated
  FROM contribution x CROSS JOIN LATERAL contribution_tables(x.entity_id, x.round_id, x.cells, x.kinds) t
 WHERE c.entity_id = x.entity_id AND c.round_id = x.round_id AND c.state = x.state AND c.revision = x.revision;

CREATE OR REPLACE FUNCTION contribution_freeze(p_entity bigint, p_round bigint, p_state text) RETURNS void LANGUAGE sql VOLATILE AS $$
INSERT INTO contribution (entity_id, round_id, state, revision, cells, kinds, numbers, denominators, texts, reported, disaggregated)
SELECT h.*, t.reported, t.disaggregated
  FROM (SELECT r.entity_id, r.round_id, p_state, r.revision, coalesce(array_agg(v.cell_id ORDER BY v.cell_id) FILTER (WHERE v.kind <> 0), '{}') AS cells,
               coalesce(array_agg(v.kind ORDER BY v.cell_id) FILTER (WHERE v.kind <> 0), '{}') AS kinds,
               coalesce(array_agg(v.number::numeric ORDER BY v.cell_id) FILTER (WHERE v.kind <> 0), '{}') AS numbers,
               coalesce(array_agg(v.denominator::numeric ORDER BY v.cell_id) FILTER (WHERE v.kind <> 0), '{}') AS denominators,
               coalesce(array_agg(v.text::text ORDER BY v.cell_id) FILTER (WHERE v.kind <> 0), '{}') AS texts
          FROM report r LEFT JOIN value v USING (entity_id, round_id)
         WHERE r.entity_id = p_entity AND r.round_id = p_round
         GROUP BY r.entity_id, r.round_id, r.revision) h
 CROSS JOIN LATERAL contribution_tables(h.entity_id, h.round_id, h.cells, h.kinds) t
    ON CONFLICT (entity_id, round_id, state, revision) DO NOTHING $$;

-- Entities in the plan: those to whom it gives something to report in a quarter.
CREATE FUNCTION plan_entities(p_plan bigint, p_quarter int, p_jurisdiction text) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
SELECT DISTINCT a.entity_id FROM assignment_span a JOIN entity e USING (entity_id)
 WHERE a.plan_id = p_plan AND a.part <> 'consulted' AND p_quarter BETWEEN a.from_quarter AND a.to_quarter AND e.jurisdiction = p_jurisdiction $$;
COMMENT ON FUNCTION plan_entities(bigint, int, text) IS 'entities of a jurisdiction that report something in a quarter';
-- The day that a quarter's stocks speak of: its last, or today.
CREATE FUNCTION quarter_day(p_quarter int) RETURNS date LANGUAGE sql STABLE AS
$$ SELECT least(make_date(p_quarter / 4, p_quarter % 4 * 3 + 1, 1) + interval '3 months' - interval '1 day', today())::date $$;
COMMENT ON FUNCTION quarter_day(int) IS 'the last day of a quarter, or today';
-- The last contribution of every report of a round at a state, without its cells.
CREATE FUNCTION contribution_heads(p_round bigint, p_state text, p_jurisdiction text)
RETURNS TABLE (entity_id bigint, revision bigint, reported int, disaggregated int) LANGUAGE sql STABLE AS $$
SELECT c.entity_id, c.revision, c.reported, c.disaggregated
  FROM report r JOIN entity e ON e.entity_id = r.entity_id AND e.jurisdiction = p_jurisdiction
 CROSS JOIN LATERAL (SELECT x.* FROM contribution x WHERE x.entity_id = r.entity_id AND x.round_id = r.round_id AND x.state = p_state AND x.withdrawn_at IS NULL ORDER BY x.revision DESC LIMIT 1) c
 WHERE r.round_id = p_round $$;
COMMENT ON FUNCTION contribution_heads(bigint, text, text) IS 'which revision of each report counts at a minimum state';

-- sectoral_plans: of the entities in the plan, those of whose sectoral plan their coordinator has agreed an activity.
CREATE FUNCTION formula_sectoral_plans(o round, p_jurisdiction text, OUT number numeric, OUT denominator numeric) LANGUAGE sql STABLE AS $$
SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM activity a WHERE a.plan_id = o.plan_id AND a.entity_id = x.entity_id AND baghdad_day(a.agreed_at) <= quarter_day(o.quarter))), count(*)
  FROM plan_entities(o.plan_id, o.quarter, p_jurisdiction) AS x (entity_id) $$;
COMMENT ON FUNCTION formula_sectoral_plans(round, text) IS 'entities with an agreed activity of their own, of those in the plan';

-- focal_points: of the entities in the plan, those with two focal points, the one and the alternate.
CREATE FUNCTION formula_focal_points(o round, p_jurisdiction text, OUT number numeric, OUT denominator numeric) LANGUAGE sql STABLE AS $$
SELECT count(*) FILTER (WHERE h.people > 1), count(*)
  FROM plan_entities(o.plan_id, o.quarter, p_jurisdiction) AS x (entity_id)
  CROSS JOIN LATERAL (SELECT count(DISTINCT g.user_id) AS people FROM role_grant g JOIN app_user u USING (user_id)
                       WHERE g.entity_id = x.entity_id AND g.role = 'focal_point' AND quarter_day(o.quarter) BETWEEN g.valid_from AND g.valid_to
                         AND coalesce(baghdad_day(g.revoked_at) > quarter_day(o.quarter), true) AND coalesce(baghdad_day(u.disabled_at) > quarter_day(o.quarter), true)) h $$;
COMMENT ON FUNCTION formula_focal_points(round, text) IS 'entities with a focal point and an alternate, of those in the plan';

-- reports_on_time: of the reports due, those first submitted in time.
CREATE FUNCTION formula_reports_on_time(o round, p_jurisdiction text, OUT number numeric, OUT denominator numeric) LANGUAGE sql STABLE AS $$
SELECT count(*) FILTER (WHERE report_on_time(r, o)), count(*)
  FROM report r JOIN entity e USING (entity_id)
 WHERE r.round_id = o.round_id AND e.jurisdiction = p_jurisdiction AND r.excused_by IS NULL AND EXISTS (SELECT FROM asked(r.entity_id, o.round_id)) $$;
COMMENT ON FUNCTION formula_reports_on_time(round, text) IS 'reports first submitted in time, of those due';

-- full_tables: of the totals with a figure that are asked for in tables, those whose tables have one in every cell.
CREATE FUNCTION formula_full_tables(o round, p_state text, p_jurisdiction text, OUT number numeric, OUT denominator numeric) LANGUAGE sql STABLE AS
$$ SELECT coalesce(sum(h.disaggregated), 0), coalesce(sum(h.reported), 0) FROM contribution_heads(o.round_id, p_state, p_jurisdiction) h $$;
COMMENT ON FUNCTION formula_full_tables(round, text, text) IS 'figures given in all their tables, of those asked for in tables';

-- activities_funded: of the activities that an entity of the jurisdiction leads and has not cancelled, those for which the lead or a
-- contributor there has money allocated, or means in kind.
CREATE FUNCTION formula_activities_funded(o round, p_state text, p_jurisdiction text, OUT number numeric, OUT denominator numeric) LANGUAGE sql STABLE AS $$
WITH said AS MATERIALIZED (
    SELECT h.entity_id, s.result_id, s.status, s.body
      FROM contribution_heads(o.round_id, p_state, p_jurisdiction) h JOIN activity_status s ON s.entity_id = h.entity_id AND s.round_id = o.round_id AND s.revision <= h.revision
    UNION ALL
    SELECT h.entity_id, a.result_id, a.status, a.body -- changed since: as it was
      FROM contribution_heads(o.round_id, p_state, p_jurisdiction) h CROSS JOIN LATERAL activities_at(h.entity_id, o.round_id, h.revision) a
     WHERE EXISTS (SELECT FROM activity_status s WHERE s.entity_id = h.entity_id AND s.round_id = o.round_id AND s.revision > h.revision)
       AND NOT EXISTS (SELECT FROM activity_status s WHERE s.entity_id = h.entity_id AND s.round_id = o.round_id AND s.result_id = a.result_id AND s.revision <= h.revision)
)
SELECT count(*) FILTER (WHERE f.funded), count(*)
  FROM result r JOIN entity e ON e.entity_id = r.lead_entity_id AND e.jurisdiction = p_jurisdiction
  CROSS JOIN LATERAL (SELECT coalesce(bool_or((s.body ->> 'in_kind')::boolean
                                              OR EXISTS (SELECT FROM jsonb_array_elements(json_list(s.body -> 'budget')) AS b WHERE (b ->> 'allocated')::numeric > 0)), false) AS funded
                        FROM said s WHERE s.result_id = r.result_id) f
 WHERE r.plan_id = o.plan_id AND r.kind = 'activity' AND r.closed_on IS NULL
   AND NOT EXISTS (SELECT FROM said s WHERE s.result_id = r.result_id AND s.entity_id = r.lead_entity_id AND s.status = 'cancelled') $$;
COMMENT ON FUNCTION formula_activities_funded(round, text, text) IS 'activities with money or means, of those not cancelled';

-- A formula's figure of one jurisdiction.
CREATE FUNCTION formula_figure(p_formula text, o round, p_state text, p_jurisdiction text, OUT number numeric, OUT denominator numeric) LANGUAGE plpgsql STABLE AS $$
BEGIN
    CASE p_formula
    WHEN 'sectoral_plans' THEN SELECT f.number, f.denominator INTO number, denominator FROM formula_sectoral_plans(o, p_jurisdiction) f;
    WHEN 'focal_points' THEN SELECT f.number, f.denominator INTO number, denominator FROM formula_focal_points(o, p_jurisdiction) f;
    WHEN 'reports_on_time' THEN SELECT f.number, f.denominator INTO number, denominator FROM formula_reports_on_time(o, p_jurisdiction) f;
    WHEN 'full_tables' THEN SELECT f.number, f.denominator INTO number, denominator FROM formula_full_tables(o, p_state, p_jurisdiction) f;
    WHEN 'activities_funded' THEN SELECT f.number, f.denominator INTO number, denominator FROM formula_activities_funded(o, p_state, p_jurisdiction) f;
    ELSE NULL;
    END CASE;
END $$;
COMMENT ON FUNCTION formula_figure(text, round, text, text) IS 'what a formula makes of a round in a jurisdiction; nothing where it makes words, or needs what is not kept';

-- An indicator's formula and what it needs: `formula` where its plan names none.
CREATE FUNCTION indicator_formula(i indicator) RETURNS TABLE (formula text, unit text, needs text) LANGUAGE sql STABLE AS $$
SELECT coalesce(f.formula, ''), coalesce(f.unit, i.unit), coalesce(f.needs, 'formula')
  FROM (SELECT) one LEFT JOIN formula f ON f.formula = i.body ->> 'formula' WHERE i.combine = 'derived' $$;
COMMENT ON FUNCTION indicator_formula(indicator) IS 'by which formula an indicator is derived';

-- As before, and of a report that its entity contests nothing counts, at any state.
CREATE OR REPLACE FUNCTION contribution_totals(p_entity bigint, p_round bigint, p_action text, p_freeze text) RETURNS text LANGUAGE plpgsql VOLATILE
SET enable_hashjoin = on SET enable_mergejoin = on SET enable_seqscan = on SET enable_bitmapscan = on AS $$
DECLARE later record;
BEGIN
    IF p_freeze <> '' THEN
        PERFORM contribution_freeze(p_entity, p_round, p_freeze);
        PERFORM total_sum(p_round, p_freeze, p_entity);
        FOR later IN -- corrected late: the year after it leans on what is not applicable here; in the order of rounds, as the locks are
            SELECT DISTINCT n.quarter, n.round_id, c.state
              FROM round o JOIN round n ON n.plan_id = o.plan_id AND n.quarter BETWEEN o.quarter + 1 AND o.quarter + 4
              JOIN contribution c ON c.entity_id = p_entity AND c.round_id = n.round_id AND c.withdrawn_at IS NULL
             WHERE o.round_id = p_round AND (c.state = p_freeze AND p_freeze <> 'submitted' OR c.state = 'submitted' AND p_freeze = 'endorsed') ORDER BY 1, 2, 3
        LOOP PERFORM total_sum(later.round_id, later.state, p_entity); END LOOP;
    ELSIF p_action = 'withdraw' THEN
        PERFORM total_sum(p_round, 'submitted', p_entity);
    ELSIF p_action = 'contest' THEN
        PERFORM total_sum(p_round, s, p_entity) FROM unnest('{submitted,endorsed,accepted}'::text[]) AS s;
    END IF;
    RETURN p_freeze;
END $$;

-- The national picture as this user may see it. As before, with registers united and formulas computed.
CREATE OR REPLACE FUNCTION national_figures(p_actor bigint, p_round bigint, p_state text, p_jurisdiction text, p_indicator text, p_tables boolean)
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
), derived AS MATERIALIZED (
    SELECT c.cell_id, x.needs, x.unit, s.jurisdiction, v.number, v.denominator
      FROM chosen c JOIN indicator i USING (indicator_id) CROSS JOIN LATERAL indicator_formula(i) x JOIN sight s ON s.jurisdiction <> 'iraq' JOIN round o ON o.round_id = p_round
      LEFT JOIN LATERAL formula_figure(x.formula, o, p_state, s.jurisdiction) v ON x.needs = ''
     WHERE c.nobody
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
    SELECT w.cell_id, w.jurisdiction, coalesce(t.valued_by, '{}') AS valued_by, past.round_id, past.weight AS number, past.valued_by AS valued_before
      FROM chosen c JOIN told w USING (cell_id) LEFT JOIN summed t USING (cell_id, jurisdiction)
      JOIN LATERAL (SELECT x.round_id, CASE x.kind WHEN 5 THEN x.denominator ELSE x.number END AS weight, x.valued_by
                      FROM round o JOIN round earlier ON earlier.plan_id = o.plan_id AND earlier.quarter < o.quarter
                      JOIN total x ON x.round_id = earlier.round_id AND x.state = p_state AND x.jurisdiction = w.jurisdiction AND x.cell_id = w.cell_id
                     WHERE o.round_id = p_round AND (x.kind = 1 OR (x.kind = 5 AND x.denominator IS NOT NULL)) ORDER BY earlier.quarter DESC LIMIT 1) past ON true
     WHERE c.sums
), lost AS (
    SELECT b.cell_id, b.jurisdiction, sum(CASE p.kind WHEN 1 THEN p.number ELSE p.denominator END) AS number -- of a ratio what it is of weighs
      FROM (SELECT b.round_id, b.jurisdiction, array_agg(b.cell_id) AS cells FROM before b WHERE NOT b.valued_before <@ b.valued_by GROUP BY b.round_id, b.jurisdiction) g
      CROSS JOIN LATERAL contribution_cells(g.round_id, p_state, g.jurisdiction, g.cells) p
      JOIN before b ON b.cell_id = p.cell_id AND b.jurisdiction = g.jurisdiction AND b.round_id = g.round_id
     WHERE p.kind IN (1, 5, 7) AND NOT p.entity_id = ANY (b.valued_by) GROUP BY b.cell_id, b.jurisdiction
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
           sum(s.denominator), max(s.text), bool_and(s.none OR s.whole), sum(s.expected), sum(s.valued),
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
SELECT c.indicator, c.cell_id, c.code, g.jurisdiction, c.period, CASE WHEN g.denominator IS NOT NULL THEN 5::smallint END, g.number, g.denominator, NULL,
       CASE WHEN g.denominator <> 0 THEN (div(g.number * c.multiplier * 20 + g.denominator, g.denominator * 2) * 0.1)::text END, false,
       CASE WHEN g.needs <> '' THEN 'not_computed' WHEN g.unit = 'text' THEN 'listed' ELSE 'derived' END, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL
  FROM (SELECT d.cell_id, d.needs, d.unit, d.jurisdiction, d.number, d.denominator FROM derived d WHERE d.needs = ''
        UNION ALL
        SELECT d.cell_id, d.needs, d.unit, 'iraq', sum(d.number), sum(d.denominator) FROM derived d
         WHERE EXISTS (SELECT FROM sight x WHERE x.jurisdiction = 'iraq') GROUP BY d.cell_id, d.needs, d.unit
        UNION ALL -- what is not computed is named once
        SELECT d.cell_id, d.needs, d.unit, d.jurisdiction, NULL, NULL FROM derived d
         WHERE d.needs <> '' AND (p_jurisdiction = d.jurisdiction OR NOT EXISTS (SELECT FROM sight x WHERE x.jurisdiction = 'iraq'))) g
  JOIN chosen c USING (cell_id)
 WHERE p_jurisdiction IN ('', g.jurisdiction) $$;

-- Who gave what: as before; of words that are derived, what each report says, by section.
DROP FUNCTION national_parts(bigint, bigint, text, text, text, boolean);
CREATE FUNCTION national_parts(p_actor bigint, p_round bigint, p_state text, p_jurisdiction text, p_indicator text, p_tables boolean)
RETURNS TABLE (cell_id bigint, place bigint, jurisdiction text, entity text, kind smallint, number numeric, denominator numeric, text text, section text)
LANGUAGE sql STABLE AS $$
WITH chosen AS MATERIALIZED (
    SELECT c.* FROM national_cells(p_round, p_indicator, p_tables) c
     WHERE p_indicator <> '' OR (NOT c.nobody AND (NOT p_tables OR NOT (c.adds OR c.single)))
), sight AS MATERIALIZED (
    SELECT s.* FROM national_sight(p_actor, p_state) s
     WHERE s.seen AND s.jurisdiction <> 'iraq' AND (p_jurisdiction IN ('', 'iraq') OR s.jurisdiction = p_jurisdiction)
)
SELECT p.cell_id, c.place, s.jurisdiction, e.code, p.kind, p.number, p.denominator, p.text, NULL
  FROM sight s CROSS JOIN LATERAL contribution_cells(p_round, p_state, s.jurisdiction, ARRAY(SELECT x.cell_id FROM chosen x)) p
  JOIN chosen c USING (cell_id) JOIN entity e USING (entity_id)
 WHERE p.kind <> 0 AND (NOT c.protected OR s.clear)
UNION ALL
SELECT c.cell_id, c.place, s.jurisdiction, e.code, 4::smallint, NULL, NULL, w.text, w.section
  FROM chosen c JOIN indicator i USING (indicator_id) CROSS JOIN LATERAL indicator_formula(i) x CROSS JOIN sight s
 CROSS JOIN LATERAL contribution_heads(p_round, p_state, s.jurisdiction) h JOIN entity e USING (entity_id)
 CROSS JOIN LATERAL (SELECT n.section, n.text::text FROM narrative n WHERE n.entity_id = h.entity_id AND n.round_id = p_round AND n.revision <= h.revision
                     UNION ALL -- written since: as it was
                     SELECT a.section, a.text FROM narrative_at(h.entity_id, p_round, h.revision) a
                      WHERE EXISTS (SELECT FROM narrative n WHERE n.entity_id = h.entity_id AND n.round_id = p_round AND n.revision > h.revision AND n.section = a.section)) w
 WHERE c.nobody AND x.formula = 'report_words' AND w.section IN ('obstacles', 'lessons', 'support_needed') AND w.text <> '' $$;
COMMENT ON FUNCTION national_parts(bigint, bigint, text, text, text, boolean) IS 'entities'' answers behind the national picture, as a user may see them';

-- As before; names of the parts of a split category may be the same: they are not added.
CREATE OR REPLACE FUNCTION national_wholes(p_actor bigint, p_round bigint, p_state text, p_jurisdiction text, p_indicator text)
RETURNS TABLE (cell text, sort int, jurisdiction text, breaks_at text, parts text, kind smallint, number numeric, denominator numeric, percent text, hidden boolean)
LANGUAGE sql STABLE AS $$
WITH line AS MATERIALIZED (
    SELECT l.* FROM category_lines(p_round) l
), mapped AS (
    SELECT f.jurisdiction, f.cell, f.kind, f.number, f.denominator, f.hidden, k.table_id, k.sort,
           ARRAY(SELECT l.root_id FROM unnest(k.categories) WITH ORDINALITY AS u (id, n) JOIN line l ON l.category_id = u.id ORDER BY u.n) AS roots,
           (SELECT min(l.broke) FROM unnest(k.categories) AS u (id) JOIN line l ON l.category_id = u.id) AS broke
      FROM national_figures(p_actor, p_round, p_state, p_jurisdiction, p_indicator, true) f JOIN cell k USING (cell_id)
     WHERE k.table_id IS NOT NULL AND EXISTS (SELECT FROM line l WHERE l.broke IS NOT NULL)
), summed AS (
    SELECT w.code, w.sort, m.jurisdiction, min(m.broke) AS broke, string_agg(m.cell, ' ' ORDER BY m.sort) AS parts, bool_or(m.hidden) AS hidden,
           CASE WHEN bool_and(m.kind IS NOT DISTINCT FROM 1) THEN 1::smallint WHEN bool_and(m.kind IS NOT DISTINCT FROM 5) THEN 5::smallint END AS kind,
           sum(m.number) AS number, sum(m.denominator) AS denominator
      FROM mapped m JOIN cell w ON w.table_id = m.table_id AND w.categories = m.roots
     GROUP BY w.cell_id, w.code, w.sort, m.jurisdiction HAVING count(m.broke) > 0 AND count(*) > 1
)
SELECT s.code, s.sort, s.jurisdiction, quarter_code(s.broke), s.parts, CASE WHEN NOT s.hidden AND i.combine <> 'register' THEN s.kind END,
       CASE WHEN NOT s.hidden AND s.kind IS NOT NULL AND i.combine <> 'register' THEN s.number END, CASE WHEN NOT s.hidden AND s.kind = 5 THEN s.denominator END,
       CASE WHEN NOT s.hidden AND s.kind = 5 AND s.denominator <> 0
            THEN (div(s.number * i.multiplier * 20 + s.denominator, s.denominator * 2) * 0.1)::text END, s.hidden
  FROM summed s JOIN round o ON o.round_id = p_round JOIN indicator i ON i.plan_id = o.plan_id AND i.code = p_indicator $$;

-- ---- the plan file: an indicator that is derived may name its formula

ALTER FUNCTION plan_keys() RENAME TO plan_keys_ruled;
CREATE FUNCTION plan_keys() RETURNS TABLE (kind text, path text[], type text, required boolean, words text[], pattern text) LANGUAGE sql IMMUTABLE AS $$
SELECT * FROM plan_keys_ruled()
UNION ALL SELECT 'indicator', '{formula}', 'string', false, NULL, '^[a-z][a-z_]{1,30}$' $$;
COMMENT ON FUNCTION plan_keys_ruled() IS 'plan_keys without formulas';
COMMENT ON FUNCTION plan_keys() IS 'what must and may stand in each object of a plan file';

ALTER FUNCTION plan_sense_fault(jsonb) RENAME TO plan_sense_fault_entries;
CREATE FUNCTION plan_sense_fault(b jsonb) RETURNS TABLE (place text, why text) LANGUAGE sql STABLE AS $$
SELECT x.place, x.why
  FROM (SELECT 0 AS step, 0 AS sort, f.place, f.why FROM plan_sense_fault_entries(b) f
        UNION ALL
        SELECT 1, n.sort, n.place || '.formula', CASE WHEN n.v ->> 'combine' <> 'derived' THEN 'goes with combine derived alone'
                                                      WHEN f.formula IS NULL THEN format('there is no formula %s', n.v ->> 'formula')
                                                      WHEN f.unit <> n.v ->> 'unit' THEN format('%s makes unit %s', f.formula, f.unit) END
          FROM plan_nodes(b) n LEFT JOIN formula f ON f.formula = n.v ->> 'formula' WHERE n.kind = 'indicator' AND n.v ->> 'formula' IS NOT NULL) x
 WHERE x.why IS NOT NULL ORDER BY x.step, x.sort LIMIT 1 $$;
COMMENT ON FUNCTION plan_sense_fault_entries(jsonb) IS 'plan_sense_fault without formulas';
COMMENT ON FUNCTION plan_sense_fault(jsonb) IS 'the first reference, duplicate or pair of a plan file that makes no sense';

GRANT SELECT ON formula TO inap_app;
GRANT EXECUTE ON FUNCTION register_names(text[]), register_count(text), plan_entities(bigint, int, text), quarter_day(int), contribution_heads(bigint, text, text),
    formula_sectoral_plans(round, text), formula_focal_points(round, text), formula_reports_on_time(round, text), formula_full_tables(round, text, text),
    formula_activities_funded(round, text, text), formula_figure(text, round, text, text), indicator_formula(indicator),
    contribution_tables(bigint, bigint, bigint[], smallint[]), national_parts(bigint, bigint, text, text, text, boolean), plan_keys(), plan_sense_fault(jsonb) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'consolidate' $$;

COMMIT;
