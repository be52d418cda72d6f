-- Deploy inap:span to pg: the picture of a half, a year, any run of quarters: flows add, stocks take the last, ratios are sums over sums.
BEGIN;
SET LOCAL search_path = inap;

-- The quarters of a period as people write it: 2024, 2024S2, 2024Q3, or from one to another with two dots; null where it is none.
CREATE FUNCTION period_quarters(p_period text, OUT first int, OUT last int) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN e.ok AND e.first <= e.last AND e.last - e.first < 40 THEN e.first END, CASE WHEN e.ok AND e.first <= e.last AND e.last - e.first < 40 THEN e.last END
  FROM (SELECT bool_and(x.text ~ '^[0-9]{4}(Q[1-4]|S[12])?$') AS ok, min(s.start) FILTER (WHERE x.n = 1) AS first, max(s.start + s.length - 1) FILTER (WHERE x.n = k.count) AS last
          FROM (SELECT string_to_array(p_period, '..') AS ends) p CROSS JOIN LATERAL (SELECT cardinality(p.ends) AS count) k
         CROSS JOIN LATERAL unnest(p.ends) WITH ORDINALITY AS x (text, n)
         CROSS JOIN LATERAL (SELECT CASE WHEN x.text ~ '^[0-9]{4}(Q[1-4]|S[12])?$' THEN left(x.text, 4)::int * 4
                                              + CASE substr(x.text, 5, 1) WHEN 'Q' THEN right(x.text, 1)::int - 1 WHEN 'S' THEN right(x.text, 1)::int * 2 - 2 ELSE 0 END END AS start,
                                    CASE substr(x.text, 5, 1) WHEN 'Q' THEN 1 WHEN 'S' THEN 2 ELSE 4 END AS length) s
         WHERE k.count <= 2) e $$;
COMMENT ON FUNCTION period_quarters(text) IS 'first and last quarter of 2024, 2024S2, 2024Q3, 2024Q1..2024Q3';

-- How many quarters the period of a frequency has, and whether it ends in one. A survey's is where a round names it.
CREATE FUNCTION period_length(p_frequency text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE p_frequency WHEN 'annual' THEN 4 WHEN 'semiannual' THEN 2 ELSE 1 END $$;
COMMENT ON FUNCTION period_length(text) IS 'quarters of a period';

-- A ratio in print: times its multiplier, rounded half up to one place.
CREATE FUNCTION percent_text(p_number numeric, p_denominator numeric, p_multiplier numeric) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN p_denominator <> 0 THEN (div(p_number * p_multiplier * 20 + p_denominator, p_denominator * 2) * 0.1)::text END $$;
COMMENT ON FUNCTION percent_text(numeric, numeric, numeric) IS 'a ratio as it is printed; null without a denominator';

-- How an indicator's figures over quarters make one. What its value kind says is a stock is never added. (FIELD.md, Value kind)
CREATE FUNCTION period_rule(i indicator) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN i.combine = 'each' OR i.across_periods IN ('none', 'average') THEN 'none'
            WHEN i.value_kind IN ('at_period_end', 'cumulative_since_start', 'year_to_date') THEN 'last'
            ELSE i.across_periods END $$;
COMMENT ON FUNCTION period_rule(indicator) IS 'sum, ratio, last, or none: listed by period';

-- The rounds that a picture is of: the one meant, or those inside a period.
CREATE FUNCTION national_rounds(p_plan bigint, p_round text, p_period text) RETURNS TABLE (round_id bigint, quarter int, code text) LANGUAGE sql STABLE AS $$
SELECT o.round_id, o.quarter, o.code FROM round o
 WHERE o.plan_id = p_plan AND CASE p_period WHEN '' THEN o.round_id = national_round(p_plan, p_round)
                                   ELSE o.quarter BETWEEN (period_quarters(p_period)).first AND (period_quarters(p_period)).last END $$;
COMMENT ON FUNCTION national_rounds(bigint, text, text) IS 'the round of a picture, or the rounds of its period';

-- Who was consulted and contests a value that counts: the last word of each, where it is of the value that counts now.
CREATE FUNCTION national_contests(p_round bigint, p_state text) RETURNS TABLE (cell_id bigint, jurisdiction text, codes text) LANGUAGE sql STABLE AS $$
WITH word AS MATERIALIZED (
    SELECT DISTINCT ON (c.entity_id, c.cell_id, c.by_entity_id) c.* FROM report r JOIN consultation c USING (entity_id, round_id)
     WHERE r.round_id = p_round ORDER BY c.entity_id, c.cell_id, c.by_entity_id, c.consultation_id DESC
), standing AS (
    SELECT w.cell_id, e.jurisdiction, b.code
      FROM word w JOIN entity e USING (entity_id) JOIN entity b ON b.entity_id = w.by_entity_id
      JOIN LATERAL (SELECT x.kinds[x.place] AS kind, x.numbers[x.place] AS number, x.denominators[x.place] AS denominator, x.texts[x.place] AS text
                      FROM (SELECT c.*, array_position(c.cells, w.cell_id) AS place FROM contribution c
                             WHERE c.entity_id = w.entity_id AND c.round_id = w.round_id AND c.state = p_state AND c.withdrawn_at IS NULL ORDER BY c.revision DESC LIMIT 1) x) v
        ON (v.kind, v.number::text, v.denominator::text, v.text) IS NOT DISTINCT FROM (w.kind, w.number::text, w.denominator::text, w.value_text)
     WHERE w.answer = 'contested'
)
SELECT s.cell_id, j.side, string_agg(DISTINCT s.code, ',' ORDER BY s.code)
  FROM standing s CROSS JOIN LATERAL (VALUES (s.jurisdiction), ('iraq')) AS j (side) GROUP BY s.cell_id, j.side $$;
COMMENT ON FUNCTION national_contests(bigint, text) IS 'consulted entities that contest what a total counts';

-- Codes of entities as the reports that they are of: FED-MOI/2024Q3.
CREATE FUNCTION report_names(p_codes text, p_round text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT replace(p_codes, ',', '/' || p_round || ',') || '/' || p_round $$;
COMMENT ON FUNCTION report_names(text, text) IS 'entity codes, parted by commas, with their round';

-- The picture of a round or of a period. Of a period every quarter's figure is made first, then they are put together: cells ->
-- entity -> jurisdiction -> nation -> periods. A flow wants its whole period inside, a stock its end; gaps are the periods inside
-- without a figure, counted those with one. What is listed has a row a quarter; the weight of what is missing is that of the worst quarter.
CREATE FUNCTION national_picture(p_actor bigint, p_plan bigint, p_round text, p_period text, p_state text, p_jurisdiction text, p_indicator text, p_tables boolean)
RETURNS TABLE (cell_id bigint, jurisdiction text, quarter int, period text, kind smallint, number numeric, denominator numeric, text text, percent text, hidden boolean, label text,
               expected bigint, valued bigint, withheld bigint, not_available bigint, not_collected bigint, not_applicable bigint, excused bigint, unanswered bigint,
               missing text, under_correction text, weight_missing text, rate text, contested text, gaps text, counted text)
LANGUAGE sql STABLE AS $$
WITH span AS MATERIALIZED (
    SELECT r.* FROM national_rounds(p_plan, p_round, p_period) r
), contest AS MATERIALIZED (
    SELECT s.quarter, c.* FROM span s CROSS JOIN LATERAL national_contests(s.round_id, p_state) c
), once AS MATERIALIZED (
    SELECT s.quarter, s.code AS round, f.*, c.codes AS contested
      FROM span s CROSS JOIN LATERAL national_figures(p_actor, s.round_id, p_state, p_jurisdiction, p_indicator, p_tables) f
      LEFT JOIN contest c ON c.quarter = s.quarter AND c.cell_id = f.cell_id AND c.jurisdiction = f.jurisdiction
), inside AS MATERIALIZED (
    SELECT o.*, CASE o.label WHEN 'listed' THEN 'none' WHEN 'not_computed' THEN 'last' ELSE period_rule(i) END AS how, i.frequency, i.multiplier,
           p.first, p.last, o.kind IS NOT NULL OR o.hidden AS figured
      FROM once o JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id) CROSS JOIN LATERAL period_quarters(p_period) p
     WHERE p_period <> '' AND (period_rule(i) NOT IN ('sum', 'ratio') OR o.quarter - period_length(i.frequency) + 1 >= p.first)
), gap AS (
    SELECT x.cell_id, x.jurisdiction, x.how, string_agg(period_code(q, x.frequency), ',' ORDER BY q) AS gaps
      FROM (SELECT i.cell_id, i.jurisdiction, i.how, i.frequency, i.first, i.last, array_agg(i.quarter) FILTER (WHERE i.figured) AS there
              FROM inside i WHERE i.how <> 'none' AND i.label <> 'not_computed' GROUP BY i.cell_id, i.jurisdiction, i.how, i.frequency, i.first, i.last) x
     CROSS JOIN LATERAL generate_series(x.first, x.last) AS q
     WHERE x.frequency <> 'survey' AND q % period_length(x.frequency) = period_length(x.frequency) - 1
       AND (x.how = 'last' OR q - period_length(x.frequency) + 1 >= x.first) AND NOT q = ANY (coalesce(x.there, '{}'))
     GROUP BY x.cell_id, x.jurisdiction, x.how
), added AS (
    SELECT i.cell_id, i.jurisdiction, i.how, i.label, i.multiplier, bool_or(i.hidden) AS hidden, min(i.kind) AS least, max(i.kind) AS most, sum(i.number) AS number, sum(i.denominator) AS denominator,
           coalesce(bool_and(i.percent IS NOT NULL OR i.denominator = 0) FILTER (WHERE i.kind IS NOT NULL), false) AS whole,
           sum(i.expected) AS expected, sum(i.valued) AS valued, sum(i.withheld) AS withheld, sum(i.not_available) AS not_available, sum(i.not_collected) AS not_collected,
           sum(i.not_applicable) AS not_applicable, sum(i.excused) AS excused, sum(i.unanswered) AS unanswered,
           string_agg(report_names(i.missing, i.round), ',' ORDER BY i.quarter) AS missing, string_agg(report_names(i.under_correction, i.round), ',' ORDER BY i.quarter) AS under_correction,
           string_agg(report_names(i.contested, i.round), ',' ORDER BY i.quarter) AS contested, max(i.weight_missing::numeric) AS weight_missing,
           string_agg(i.period, ',' ORDER BY i.quarter) FILTER (WHERE i.figured) AS counted
      FROM inside i WHERE i.how IN ('sum', 'ratio') GROUP BY i.cell_id, i.jurisdiction, i.how, i.label, i.multiplier
), latest AS (
    SELECT DISTINCT ON (i.cell_id, i.jurisdiction) i.* FROM inside i WHERE i.how = 'last' ORDER BY i.cell_id, i.jurisdiction, i.figured DESC, i.quarter DESC
)
SELECT o.cell_id, o.jurisdiction, o.quarter, o.period, o.kind, o.number, o.denominator, o.text, o.percent, o.hidden, o.label, o.expected, o.valued, o.withheld, o.not_available,
       o.not_collected, o.not_applicable, o.excused, o.unanswered, o.missing, o.under_correction, o.weight_missing, o.rate, o.contested, NULL,
       CASE WHEN o.kind IS NOT NULL THEN o.period END
  FROM once o WHERE p_period = ''
UNION ALL
SELECT i.cell_id, i.jurisdiction, i.quarter, i.period, i.kind, i.number, i.denominator, i.text, i.percent, i.hidden, 'listed', i.expected, i.valued, i.withheld, i.not_available,
       i.not_collected, i.not_applicable, i.excused, i.unanswered, report_names(i.missing, i.round), report_names(i.under_correction, i.round), i.weight_missing, i.rate,
       report_names(i.contested, i.round), NULL, i.period
  FROM inside i WHERE i.how = 'none'
UNION ALL
SELECT l.cell_id, l.jurisdiction, l.quarter, l.period, l.kind, l.number, l.denominator, l.text, l.percent, l.hidden, l.label, l.expected, l.valued, l.withheld, l.not_available,
       l.not_collected, l.not_applicable, l.excused, l.unanswered, report_names(l.missing, l.round), report_names(l.under_correction, l.round), l.weight_missing, l.rate,
       report_names(l.contested, l.round), g.gaps, CASE WHEN l.figured THEN l.period END
  FROM latest l LEFT JOIN gap g ON g.cell_id = l.cell_id AND g.jurisdiction = l.jurisdiction AND g.how = 'last'
UNION ALL
SELECT a.cell_id, a.jurisdiction, NULL, p_period, v.kind, v.number, v.denominator, NULL,
       CASE WHEN v.kind = 5 AND a.whole THEN percent_text(v.number, v.denominator, a.multiplier) END, a.hidden, a.label, a.expected, a.valued, a.withheld, a.not_available,
       a.not_collected, a.not_applicable, a.excused, a.unanswered, a.missing, a.under_correction, a.weight_missing::text,
       round(a.valued / nullif(a.expected - a.not_applicable - a.excused, 0), 3)::text, a.contested, g.gaps, a.counted
  FROM added a LEFT JOIN gap g ON g.cell_id = a.cell_id AND g.jurisdiction = a.jurisdiction AND g.how = a.how
  LEFT JOIN LATERAL (SELECT CASE WHEN a.most = 1 THEN 1::smallint WHEN a.number IS NULL THEN 7::smallint WHEN a.denominator IS NULL THEN 6::smallint ELSE 5::smallint END AS kind, a.number, a.denominator) v
    ON NOT a.hidden AND a.least IS NOT NULL $$;
COMMENT ON FUNCTION national_picture(bigint, bigint, text, text, text, text, text, boolean) IS 'the national picture of a round or a period, as a user may see it';

-- Who gave what, quarter by quarter.
CREATE FUNCTION national_picture_parts(p_actor bigint, p_plan bigint, p_round text, p_period text, p_state text, p_jurisdiction text, p_indicator text, p_tables boolean)
RETURNS TABLE (cell_id bigint, jurisdiction text, entity text, quarter int, kind smallint, number numeric, denominator numeric, text text, section text)
LANGUAGE sql STABLE AS $$
SELECT f.cell_id, f.jurisdiction, f.entity, s.quarter, f.kind, f.number, f.denominator, f.text, f.section
  FROM national_rounds(p_plan, p_round, p_period) s CROSS JOIN LATERAL national_parts(p_actor, s.round_id, p_state, p_jurisdiction, p_indicator, p_tables) f $$;
COMMENT ON FUNCTION national_picture_parts(bigint, bigint, text, text, text, text, text, boolean) IS 'entities'' answers behind national_picture';

-- The pillar of every indicator: the root of its chain.
CREATE FUNCTION indicator_pillars(p_plan bigint) RETURNS TABLE (indicator_id bigint, pillar text) LANGUAGE sql STABLE AS $$
WITH RECURSIVE chain AS (
    SELECT i.indicator_id, i.result_id FROM indicator i WHERE i.plan_id = p_plan
    UNION ALL
    SELECT c.indicator_id, r.parent_id FROM chain c JOIN result r USING (result_id) WHERE r.parent_id IS NOT NULL
)
SELECT c.indicator_id, r.code FROM chain c JOIN result r ON r.result_id = c.result_id AND r.parent_id IS NULL $$;
COMMENT ON FUNCTION indicator_pillars(bigint) IS 'the pillar of every indicator of a plan';

GRANT EXECUTE ON FUNCTION period_quarters(text), period_length(text), percent_text(numeric, numeric, numeric), period_rule(indicator), national_rounds(bigint, text, text),
    national_contests(bigint, text), report_names(text, text), national_picture(bigint, bigint, text, text, text, text, text, boolean),
    national_picture_parts(bigint, bigint, text, text, text, text, text, boolean), indicator_pillars(bigint) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'span' $$;

COMMIT;
