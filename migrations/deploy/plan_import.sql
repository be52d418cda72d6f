-- Deploy inap:plan_import to pg: a plan file becomes reference data: matched by code, versioned, never deleted.
--
-- What disappears from the file is closed: rounds that have opened still ask for it, later ones do not. What changes
-- holds for every round that is not closed; what closed rounds asked for stays as it was.
BEGIN;
SET LOCAL search_path = inap;

-- The rounds of a plan as two quarters: the last one that opened, and the first that a change may touch.
CREATE FUNCTION plan_quarters(p_plan bigint, OUT opened int, OUT free int) LANGUAGE sql STABLE AS $$
SELECT coalesce(max(o.quarter) FILTER (WHERE o.opens_at <= now()), -1), coalesce(max(o.quarter) FILTER (WHERE o.closes_at <= now()), -1) + 1
  FROM round o WHERE o.plan_id = p_plan $$;
COMMENT ON FUNCTION plan_quarters(bigint) IS 'the last quarter whose round opened, and the first after those whose rounds closed';

-- The newest version of every row of a plan and of every entity.
CREATE FUNCTION plan_latest(p_plan bigint) RETURNS TABLE (kind text, code text, version int, action text, body jsonb) LANGUAGE sql STABLE AS $$
SELECT DISTINCT ON (v.kind, v.code) v.kind, v.code, v.version, v.action, v.body FROM reference_version v
 WHERE v.plan_id IN (p_plan, 0) ORDER BY v.kind, v.code, v.version DESC $$;
COMMENT ON FUNCTION plan_latest(bigint) IS 'the newest version of every row of a plan, and of entities';

-- File against database. Entities that a file leaves out stay: other plans may use them.
CREATE FUNCTION plan_diff(p_plan bigint, b jsonb)
RETURNS TABLE (kind text, code text, version int, action text, fields text, body jsonb) LANGUAGE sql STABLE AS $$
SELECT coalesce(r.kind, l.kind), coalesce(r.code, l.code), coalesce(l.version, 0) + 1, a.action,
       CASE a.action WHEN 'change' THEN
           (SELECT string_agg(k, ',' ORDER BY k COLLATE "C") FROM (SELECT jsonb_object_keys(r.body) UNION SELECT jsonb_object_keys(l.body)) AS keys (k)
             WHERE (r.body -> k) IS DISTINCT FROM (l.body -> k)) ELSE '' END,
       coalesce(r.body, l.body)
  FROM plan_rows(b) r FULL JOIN plan_latest(p_plan) l ON l.kind = r.kind AND l.code = r.code
 CROSS JOIN LATERAL (SELECT CASE WHEN l.code IS NULL THEN 'add'
                                 WHEN r.code IS NULL THEN CASE WHEN l.kind <> 'entity' AND l.action <> 'close' THEN 'close' END
                                 WHEN l.action = 'close' THEN 'reopen'
                                 WHEN l.body <> r.body THEN 'change'
                                 ELSE 'same' END AS action) a
 WHERE a.action IS NOT NULL $$;
COMMENT ON FUNCTION plan_diff(bigint, jsonb) IS 'what a plan file would add, change, close, reopen, and leave as it is';

-- Unit, tables and aggregation do not change under values of a round that is not closed.
CREATE FUNCTION plan_change_fault(p_plan bigint, b jsonb) RETURNS TABLE (code text, field text, round text) LANGUAGE sql STABLE AS $$
WITH rows AS MATERIALIZED (
    SELECT r.kind, r.code, r.body FROM plan_rows(b) r WHERE r.kind IN ('indicator', 'table')
), changed AS (
    SELECT i.indicator_id, i.code, k.field, k.n
      FROM indicator i JOIN rows r ON r.kind = 'indicator' AND r.code = i.code
     CROSS JOIN LATERAL (VALUES ('unit', i.unit, r.body ->> 'unit', 1), ('rule', i.rule, r.body ->> 'rule', 2),
                                ('across_entities', i.across_entities, r.body ->> 'across_entities', 3),
                                ('across_periods', i.across_periods, r.body ->> 'across_periods', 4),
                                ('multiplier', trim_scale(i.multiplier)::text, trim_scale(coalesce((r.body ->> 'multiplier')::numeric, 1))::text, 5),
                                ('combine', i.combine, r.body ->> 'combine', 6), ('value_kind', i.value_kind, r.body ->> 'value_kind', 7)) AS k (field, old, new, n)
     WHERE i.plan_id = p_plan AND k.old IS DISTINCT FROM k.new
    UNION
    SELECT i.indicator_id, i.code, 'tables', 8
      FROM indicator i JOIN rows x ON x.kind = 'indicator' AND x.code = i.code JOIN indicator_table t ON t.indicator_id = i.indicator_id AND t.closed_on IS NULL
      LEFT JOIN rows r ON r.kind = 'table' AND r.code = i.code || ':' || t.code
     WHERE i.plan_id = p_plan AND (r.code IS NULL OR (r.body ->> 'exclusive')::boolean <> t.exclusive)
)
SELECT c.code, c.field, o.code
  FROM changed c JOIN round o ON o.plan_id = p_plan AND (o.closes_at IS NULL OR o.closes_at > now())
 WHERE EXISTS (SELECT FROM report r JOIN value v ON v.entity_id = r.entity_id AND v.round_id = r.round_id AND v.kind <> 0 JOIN cell k ON k.cell_id = v.cell_id
                WHERE r.round_id = o.round_id AND k.indicator_id = c.indicator_id)
 ORDER BY c.code COLLATE "C", c.n, o.quarter LIMIT 1 $$;
COMMENT ON FUNCTION plan_change_fault(bigint, jsonb) IS 'the first change of unit, tables or aggregation under values of a round that is not closed';

-- Entities: heads for their chains, links once all are there. Global: the versions stand under plan 0.
CREATE FUNCTION plan_put_entities(p_plan bigint, b jsonb) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO entity AS t (code, name_en, name_ar, name_ckb, jurisdiction, kind, valid_from, valid_to, version, body)
    SELECT r.code, r.body #>> '{names,en}', nullif(r.body #>> '{names,ar}', ''), nullif(r.body #>> '{names,ckb}', ''), r.body ->> 'jurisdiction', r.body ->> 'kind',
           coalesce((r.body ->> 'valid_from')::date, '-infinity'), coalesce((r.body ->> 'valid_to')::date, 'infinity'), l.version, r.body
      FROM plan_rows(b) r JOIN plan_latest(p_plan) l ON l.kind = r.kind AND l.code = r.code WHERE r.kind = 'entity' ORDER BY r.sort
        ON CONFLICT (code) DO UPDATE
       SET name_en = excluded.name_en, name_ar = excluded.name_ar, name_ckb = excluded.name_ckb, jurisdiction = excluded.jurisdiction, kind = excluded.kind,
           valid_from = excluded.valid_from, valid_to = excluded.valid_to, version = excluded.version, body = excluded.body
     WHERE t.version <> excluded.version;
    UPDATE entity t SET parent_id = x.parent_id, endorsed_by_id = x.endorsed_by_id, successor_id = x.successor_id
      FROM (SELECT e.entity_id, p.entity_id AS parent_id, v.entity_id AS endorsed_by_id, s.entity_id AS successor_id
              FROM plan_rows(b) r JOIN entity e ON e.code = r.code LEFT JOIN entity p ON p.code = r.body ->> 'parent'
              LEFT JOIN entity v ON v.code = r.body ->> 'endorsed_by' LEFT JOIN entity s ON s.code = r.body ->> 'successor' WHERE r.kind = 'entity') x
     WHERE t.entity_id = x.entity_id AND (t.parent_id, t.endorsed_by_id, t.successor_id) IS DISTINCT FROM (x.parent_id, x.endorsed_by_id, x.successor_id);
    INSERT INTO chain_head (entity_id) SELECT e.entity_id FROM entity e WHERE NOT EXISTS (SELECT FROM chain_head h WHERE h.entity_id = e.entity_id) ORDER BY e.entity_id;
END $$;
COMMENT ON FUNCTION plan_put_entities(bigint, jsonb) IS 'writes the entities of a plan file';

-- The chain and the dimensions.
CREATE FUNCTION plan_put_chain(p_plan bigint, b jsonb) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO result AS t (plan_id, code, kind, name_en, name_ar, name_ckb, sort, version, body)
    SELECT p_plan, r.code, r.body ->> 'kind', r.body #>> '{names,en}', nullif(r.body #>> '{names,ar}', ''), nullif(r.body #>> '{names,ckb}', ''), r.sort, l.version, r.body
      FROM plan_rows(b) r JOIN plan_latest(p_plan) l ON l.kind = r.kind AND l.code = r.code WHERE r.kind = 'result' ORDER BY r.sort
        ON CONFLICT (plan_id, code) DO UPDATE
       SET kind = excluded.kind, name_en = excluded.name_en, name_ar = excluded.name_ar, name_ckb = excluded.name_ckb, sort = excluded.sort,
           closed_on = NULL, version = excluded.version, body = excluded.body
     WHERE t.version <> excluded.version OR t.sort <> excluded.sort;
    UPDATE result t SET parent_id = x.parent_id, lead_entity_id = x.lead_entity_id
      FROM (SELECT c.result_id, p.result_id AS parent_id, e.entity_id AS lead_entity_id
              FROM plan_rows(b) r JOIN result c ON c.plan_id = p_plan AND c.code = r.code LEFT JOIN result p ON p.plan_id = p_plan AND p.code = r.body ->> 'parent'
              LEFT JOIN entity e ON e.code = r.body ->> 'lead' WHERE r.kind = 'result') x
     WHERE t.result_id = x.result_id AND (t.parent_id, t.lead_entity_id) IS DISTINCT FROM (x.parent_id, x.lead_entity_id);
    INSERT INTO dimension AS t (plan_id, code, name_en, name_ar, name_ckb, version, body)
    SELECT p_plan, r.code, r.body #>> '{names,en}', nullif(r.body #>> '{names,ar}', ''), nullif(r.body #>> '{names,ckb}', ''), l.version, r.body
      FROM plan_rows(b) r JOIN plan_latest(p_plan) l ON l.kind = r.kind AND l.code = r.code WHERE r.kind = 'dimension' ORDER BY r.sort
        ON CONFLICT (plan_id, code) DO UPDATE
       SET name_en = excluded.name_en, name_ar = excluded.name_ar, name_ckb = excluded.name_ckb, closed_on = NULL, version = excluded.version, body = excluded.body
     WHERE t.version <> excluded.version;
    INSERT INTO category AS t (dimension_id, code, name_en, name_ar, name_ckb, valid_from, valid_to, split_from, jurisdictions, sort, version, body)
    SELECT d.dimension_id, r.body ->> 'code', r.body #>> '{names,en}', nullif(r.body #>> '{names,ar}', ''), nullif(r.body #>> '{names,ckb}', ''),
           coalesce((r.body ->> 'valid_from')::date, '-infinity'), coalesce((r.body ->> 'valid_to')::date, 'infinity'), r.body ->> 'split_from',
           CASE WHEN jsonb_typeof(r.body -> 'jurisdictions') = 'array' THEN ARRAY(SELECT j FROM jsonb_array_elements_text(r.body -> 'jurisdictions') AS j ORDER BY j)
                ELSE '{federal,kurdistan}' END, r.sort, l.version, r.body
      FROM plan_rows(b) r JOIN plan_latest(p_plan) l ON l.kind = r.kind AND l.code = r.code JOIN dimension d ON d.plan_id = p_plan AND d.code = r.owner
     WHERE r.kind = 'category' ORDER BY d.dimension_id, r.sort
        ON CONFLICT (dimension_id, code) DO UPDATE
       SET name_en = excluded.name_en, name_ar = excluded.name_ar, name_ckb = excluded.name_ckb, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
           split_from = excluded.split_from, jurisdictions = excluded.jurisdictions, sort = excluded.sort, closed_on = NULL, version = excluded.version, body = excluded.body
     WHERE t.version <> excluded.version OR t.sort <> excluded.sort;
END $$;
COMMENT ON FUNCTION plan_put_chain(bigint, jsonb) IS 'writes the result chain and the dimensions of a plan file';

-- A baseline is a number, or an object that holds one beside its source.
CREATE FUNCTION plan_number(x jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE jsonb_typeof(x) WHEN 'number' THEN x::text::numeric WHEN 'object' THEN CASE jsonb_typeof(x -> 'value') WHEN 'number' THEN (x -> 'value')::text::numeric END END $$;
COMMENT ON FUNCTION plan_number(jsonb) IS 'a number of a plan file, alone or as `value` of an object';

-- Indicators, their tables, and who reports them.
CREATE FUNCTION plan_put_indicators(p_plan bigint, b jsonb) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE first_quarter constant int := quarter_of((b ->> 'starts_on')::date);
BEGIN
    INSERT INTO indicator AS t (plan_id, code, name_en, name_ar, name_ckb, result_id, level, unit, unit_label, direction, frequency, value_kind, rule, across_entities,
                                across_periods, multiplier, numerator_en, denominator_en, combine, protection, k, may_withhold, may_overlap, baseline, sort, version, body)
    SELECT p_plan, r.code, r.body #>> '{names,en}', nullif(r.body #>> '{names,ar}', ''), nullif(r.body #>> '{names,ckb}', ''), o.result_id, r.body ->> 'level', r.body ->> 'unit',
           nullif(r.body ->> 'unit_label', ''), r.body ->> 'direction', r.body ->> 'frequency', r.body ->> 'value_kind', r.body ->> 'rule',
           r.body ->> 'across_entities', r.body ->> 'across_periods', coalesce((r.body ->> 'multiplier')::numeric, 1),
           nullif(r.body ->> 'numerator', ''), nullif(r.body ->> 'denominator', ''), r.body ->> 'combine', r.body #>> '{protection,kind}',
           coalesce((r.body #>> '{protection,k}')::numeric, 0)::int, (r.body ->> 'may_withhold')::boolean, (r.body ->> 'may_overlap')::boolean,
           plan_number(r.body -> 'baseline'), r.sort, l.version, r.body
      FROM plan_rows(b) r JOIN plan_latest(p_plan) l ON l.kind = r.kind AND l.code = r.code JOIN result o ON o.plan_id = p_plan AND o.code = r.body ->> 'output'
     WHERE r.kind = 'indicator' ORDER BY r.sort
        ON CONFLICT (plan_id, code) DO UPDATE
       SET name_en = excluded.name_en, name_ar = excluded.name_ar, name_ckb = excluded.name_ckb, result_id = excluded.result_id, level = excluded.level, unit = excluded.unit,
           unit_label = excluded.unit_label, direction = excluded.direction, frequency = excluded.frequency, value_kind = excluded.value_kind, rule = excluded.rule,
           across_entities = excluded.across_entities, across_periods = excluded.across_periods, multiplier = excluded.multiplier, numerator_en = excluded.numerator_en,
           denominator_en = excluded.denominator_en, combine = excluded.combine, protection = excluded.protection, k = excluded.k, may_withhold = excluded.may_withhold,
           may_overlap = excluded.may_overlap, baseline = excluded.baseline, sort = excluded.sort, closed_on = NULL, version = excluded.version, body = excluded.body
     WHERE t.version <> excluded.version OR t.sort <> excluded.sort;
    INSERT INTO indicator_table AS t (indicator_id, code, dimensions, exclusive, version)
    SELECT i.indicator_id, substr(r.code, length(r.owner) + 2), string_to_array(substr(r.code, length(r.owner) + 2), ','), (r.body ->> 'exclusive')::boolean, l.version
      FROM plan_rows(b) r JOIN plan_latest(p_plan) l ON l.kind = r.kind AND l.code = r.code JOIN indicator i ON i.plan_id = p_plan AND i.code = r.owner
     WHERE r.kind = 'table' ORDER BY i.sort, r.sort
        ON CONFLICT (indicator_id, code) DO UPDATE SET exclusive = excluded.exclusive, closed_on = NULL, version = excluded.version
     WHERE t.version <> excluded.version;
    -- The nth span of an entity's part in the file is the nth in the table, so that a span may move.
    WITH given AS (
        SELECT i.indicator_id, e.entity_id, r.body ->> 'part' AS part, coalesce(quarter_number(r.body ->> 'from'), first_quarter) AS from_quarter,
               coalesce(quarter_number(r.body ->> 'to'), 39996) AS to_quarter,
               (SELECT array_agg(c.category_id ORDER BY c.category_id) FROM jsonb_array_elements_text(json_list(r.body -> 'covers')) AS x (code)
                  JOIN dimension d ON d.plan_id = p_plan AND d.code = split_part(x.code, '=', 1) JOIN category c ON c.dimension_id = d.dimension_id AND c.code = split_part(x.code, '=', 2)) AS covers,
               row_number() OVER (PARTITION BY i.indicator_id, e.entity_id, r.body ->> 'part' ORDER BY quarter_number(r.body ->> 'from') NULLS FIRST) AS nth, i.sort AS place, r.sort
          FROM plan_rows(b) r JOIN indicator i ON i.plan_id = p_plan AND i.code = r.owner JOIN entity e ON e.code = r.body ->> 'entity' WHERE r.kind = 'assignment'
    ), there AS (
        SELECT a.*, row_number() OVER (PARTITION BY a.indicator_id, a.entity_id, a.part ORDER BY a.from_quarter) AS nth FROM assignment a WHERE a.plan_id = p_plan
    ), moved AS (
        UPDATE assignment t SET from_quarter = g.from_quarter, to_quarter = g.to_quarter, covers = g.covers
          FROM there h JOIN given g USING (indicator_id, entity_id, part, nth)
         WHERE t.assignment_id = h.assignment_id AND (h.from_quarter, h.to_quarter, h.covers) IS DISTINCT FROM (g.from_quarter, g.to_quarter, g.covers)
    ), ended AS (
        UPDATE assignment t SET to_quarter = greatest((plan_quarters(p_plan)).opened, h.from_quarter - 1)
          FROM there h LEFT JOIN given g USING (indicator_id, entity_id, part, nth)
         WHERE t.assignment_id = h.assignment_id AND g.nth IS NULL AND h.to_quarter > greatest((plan_quarters(p_plan)).opened, h.from_quarter - 1)
    )
    INSERT INTO assignment (plan_id, indicator_id, entity_id, part, from_quarter, to_quarter, covers)
    SELECT p_plan, g.indicator_id, g.entity_id, g.part, g.from_quarter, g.to_quarter, g.covers
      FROM given g LEFT JOIN there h USING (indicator_id, entity_id, part, nth) WHERE h.nth IS NULL ORDER BY g.place, g.sort;
END $$;
COMMENT ON FUNCTION plan_put_indicators(bigint, jsonb) IS 'writes indicators, their tables and assignments of a plan file';

-- What the file no longer names is closed today.
CREATE FUNCTION plan_close(p_plan bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE result t SET closed_on = today(), version = l.version FROM plan_latest(p_plan) l
     WHERE l.kind = 'result' AND l.action = 'close' AND t.plan_id = p_plan AND t.code = l.code AND t.closed_on IS NULL;
    UPDATE dimension t SET closed_on = today(), version = l.version FROM plan_latest(p_plan) l
     WHERE l.kind = 'dimension' AND l.action = 'close' AND t.plan_id = p_plan AND t.code = l.code AND t.closed_on IS NULL;
    UPDATE category t SET closed_on = today(), version = l.version FROM plan_latest(p_plan) l JOIN dimension d ON d.plan_id = p_plan AND d.code = split_part(l.code, '=', 1)
     WHERE l.kind = 'category' AND l.action = 'close' AND t.dimension_id = d.dimension_id AND t.code = split_part(l.code, '=', 2) AND t.closed_on IS NULL;
    UPDATE indicator t SET closed_on = today(), version = l.version FROM plan_latest(p_plan) l
     WHERE l.kind = 'indicator' AND l.action = 'close' AND t.plan_id = p_plan AND t.code = l.code AND t.closed_on IS NULL;
    UPDATE indicator_table t SET closed_on = today(), version = l.version FROM plan_latest(p_plan) l JOIN indicator i ON i.plan_id = p_plan AND i.code = split_part(l.code, ':', 1)
     WHERE l.kind = 'table' AND l.action = 'close' AND t.indicator_id = i.indicator_id AND t.code = split_part(l.code, ':', 2) AND t.closed_on IS NULL;
END $$;
COMMENT ON FUNCTION plan_close(bigint) IS 'closes the rows whose newest version says so';

-- The cells that a plan's indicators want: the total, and every crossing of each table's categories.
CREATE FUNCTION plan_cells(p_plan bigint)
RETURNS TABLE (code text, indicator_id bigint, table_id bigint, categories bigint[], from_quarter int, to_quarter int, jurisdictions text[], sort int)
LANGUAGE sql STABLE AS $$
WITH RECURSIVE part AS MATERIALIZED (
    SELECT d.code AS dimension, c.category_id, d.code || '=' || c.code AS code, c.sort, c.jurisdictions,
           CASE c.valid_from WHEN '-infinity' THEN 0 ELSE quarter_of(c.valid_from) END AS from_quarter,
           CASE c.valid_to WHEN 'infinity' THEN 39996 ELSE quarter_of(c.valid_to) END AS to_quarter
      FROM dimension d JOIN category c USING (dimension_id) WHERE d.plan_id = p_plan AND d.closed_on IS NULL AND c.closed_on IS NULL
), crossed (indicator_id, indicator, table_id, dimensions, i, codes, categories, sorts, from_quarter, to_quarter, jurisdictions) AS (
    SELECT i.indicator_id, i.code, t.table_id, t.dimensions, 0, '{}'::text[], '{}'::bigint[], '{}'::int[], 0, 39996, '{federal,kurdistan}'::text[]
      FROM indicator i JOIN indicator_table t USING (indicator_id) WHERE i.plan_id = p_plan AND i.closed_on IS NULL AND t.closed_on IS NULL
    UNION ALL
    SELECT x.indicator_id, x.indicator, x.table_id, x.dimensions, x.i + 1, x.codes || p.code, x.categories || p.category_id, x.sorts || p.sort,
           greatest(x.from_quarter, p.from_quarter), least(x.to_quarter, p.to_quarter), ARRAY(SELECT j FROM unnest(x.jurisdictions) AS j WHERE j = ANY (p.jurisdictions))
      FROM crossed x JOIN part p ON p.dimension = x.dimensions[x.i + 1]
)
SELECT i.code, i.indicator_id, NULL::bigint, '{}'::bigint[], 0, 39996, '{federal,kurdistan}'::text[], 0 FROM indicator i WHERE i.plan_id = p_plan AND i.closed_on IS NULL
UNION ALL
SELECT x.indicator || ':' || array_to_string(x.codes, ','), x.indicator_id, x.table_id, x.categories, x.from_quarter, x.to_quarter, x.jurisdictions,
       row_number() OVER (PARTITION BY x.indicator_id ORDER BY x.table_id, x.sorts)::int
  FROM crossed x WHERE x.i = cardinality(x.dimensions) $$;
COMMENT ON FUNCTION plan_cells(bigint) IS 'the cells that the open indicators of a plan want';

CREATE FUNCTION plan_put_cells(p_plan bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    WITH wanted AS MATERIALIZED (
        SELECT w.* FROM plan_cells(p_plan) w
    ), closed AS (
        UPDATE cell t SET closed_on = today(), to_quarter = least(t.to_quarter, (plan_quarters(p_plan)).opened)
         WHERE t.plan_id = p_plan AND t.closed_on IS NULL AND t.code NOT IN (SELECT w.code FROM wanted w)
    )
    INSERT INTO cell AS t (plan_id, code, indicator_id, table_id, categories, from_quarter, to_quarter, jurisdictions, sort)
    SELECT p_plan, w.code, w.indicator_id, w.table_id, w.categories, w.from_quarter, w.to_quarter, w.jurisdictions, w.sort
      FROM wanted w ORDER BY w.indicator_id, w.sort
        ON CONFLICT (plan_id, code) DO UPDATE
       SET categories = excluded.categories, from_quarter = excluded.from_quarter, to_quarter = excluded.to_quarter, jurisdictions = excluded.jurisdictions,
           sort = excluded.sort, closed_on = NULL
     WHERE (t.categories, t.from_quarter, t.to_quarter, t.jurisdictions, t.sort, t.closed_on)
           IS DISTINCT FROM (excluded.categories, excluded.from_quarter, excluded.to_quarter, excluded.jurisdictions, excluded.sort, NULL);
END $$;
COMMENT ON FUNCTION plan_put_cells(bigint) IS 'makes new cells, closes those that nothing wants';

-- Who is to answer what: assignments x cells. A category is covered if the assignment names it, or, of a dimension that it
-- does not name, if the category belongs to the entity's jurisdiction; `unknown` always. Derived and register: nobody yet.
CREATE FUNCTION plan_form(p_plan bigint)
RETURNS TABLE (entity_id bigint, cell_id bigint, indicator_id bigint, kinds int, unit text, quarters int, from_quarter int, to_quarter int, part text)
LANGUAGE sql STABLE AS $$
WITH span AS MATERIALIZED (
    SELECT a.assignment_id, a.entity_id, a.indicator_id, a.part, a.from_quarter, a.to_quarter, a.covers, e.jurisdiction, i.unit,
           1 + 256 + 512 + 2048 + CASE WHEN i.may_withhold THEN 1024 ELSE 0 END
             + CASE WHEN i.unit = 'yes_no' THEN 4 + 8 WHEN i.unit = 'text' THEN 16 WHEN i.rule <> 'ratio' THEN 2
                    WHEN a.part = 'numerator' THEN 64 WHEN a.part = 'denominator' THEN 128 ELSE 32 END AS kinds,
           CASE i.frequency WHEN 'quarterly' THEN 15 WHEN 'semiannual' THEN 10 WHEN 'annual' THEN 8 ELSE 0 END AS quarters
      FROM assignment a JOIN entity e USING (entity_id) JOIN indicator i USING (indicator_id)
     WHERE a.plan_id = p_plan AND a.part <> 'consulted' AND i.combine NOT IN ('derived', 'register')
), outside AS MATERIALIZED (
    SELECT s.assignment_id, array_agg(c.category_id) AS categories
      FROM span s JOIN dimension d ON d.plan_id = p_plan JOIN category c USING (dimension_id)
     WHERE c.code <> 'unknown'
       AND CASE WHEN s.covers IS NOT NULL AND EXISTS (SELECT FROM category x WHERE x.dimension_id = d.dimension_id AND x.category_id = ANY (s.covers))
                THEN NOT c.category_id = ANY (s.covers) ELSE NOT s.jurisdiction = ANY (c.jurisdictions) END
     GROUP BY s.assignment_id
)
SELECT s.entity_id, k.cell_id, s.indicator_id, s.kinds, s.unit, s.quarters, greatest(s.from_quarter, k.from_quarter), least(s.to_quarter, k.to_quarter), s.part
  FROM span s JOIN cell k USING (indicator_id) LEFT JOIN outside o USING (assignment_id)
 WHERE NOT k.categories && coalesce(o.categories, '{}') $$;
COMMENT ON FUNCTION plan_form(bigint) IS 'who is to answer which cell, from when to when, in which kinds';

-- Closed rounds keep what they asked for: the quarters before the first free one are never touched. A changed row is
-- rewritten where it begins after them, else it ends there and a new one goes on.
CREATE FUNCTION plan_put_form(p_plan bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE q record;
BEGIN
    SELECT * INTO q FROM plan_quarters(p_plan);
    WITH wanted AS MATERIALIZED (
        SELECT w.entity_id, w.cell_id, w.indicator_id, w.kinds, w.unit, w.quarters, greatest(w.from_quarter, q.free) AS from_quarter, w.to_quarter, w.part
          FROM plan_form(p_plan) w WHERE w.to_quarter >= greatest(w.from_quarter, q.free)
    ), there AS MATERIALIZED (
        SELECT f.entity_id, f.cell_id, f.from_quarter AS begun, greatest(f.from_quarter, q.free) AS from_quarter, f.to_quarter, f.kinds, f.unit, f.quarters, f.part
          FROM form_cell f WHERE f.plan_id = p_plan AND f.to_quarter >= greatest(f.from_quarter, q.free)
    ), diff AS MATERIALIZED (  -- a full join is never a nested loop, whatever the planner believes of these rows
        SELECT entity_id, cell_id, from_quarter, h.begun, h.to_quarter AS old_to, w.to_quarter, w.indicator_id, w.kinds, w.unit, w.quarters, w.part,
               (h.kinds, h.unit, h.quarters, h.part) = (w.kinds, w.unit, w.quarters, w.part) AS same
          FROM wanted w FULL JOIN there h USING (entity_id, cell_id, from_quarter)
    ), ended AS (
        UPDATE form_cell f SET to_quarter = CASE WHEN d.to_quarter IS NULL THEN greatest(q.opened, d.begun - 1) ELSE q.free - 1 END
          FROM diff d
         WHERE f.entity_id = d.entity_id AND f.cell_id = d.cell_id AND f.from_quarter = d.begun
           AND CASE WHEN d.to_quarter IS NULL THEN d.old_to > greatest(q.opened, d.begun - 1) ELSE d.begun < q.free AND NOT d.same END
    ), moved AS (
        UPDATE form_cell f SET to_quarter = d.to_quarter FROM diff d
         WHERE f.entity_id = d.entity_id AND f.cell_id = d.cell_id AND f.from_quarter = d.begun AND d.begun < q.free AND d.same AND d.old_to <> d.to_quarter
    )
    INSERT INTO form_cell AS f (entity_id, cell_id, plan_id, indicator_id, kinds, unit, quarters, from_quarter, to_quarter, part)
    SELECT d.entity_id, d.cell_id, p_plan, d.indicator_id, d.kinds, d.unit, d.quarters, d.from_quarter, d.to_quarter, d.part
      FROM diff d WHERE d.begun IS NULL OR (d.begun >= q.free AND (NOT d.same OR d.old_to <> d.to_quarter)) OR (d.begun < q.free AND NOT d.same)
     ORDER BY d.entity_id, d.cell_id, d.from_quarter
        ON CONFLICT (entity_id, cell_id, from_quarter) DO UPDATE
       SET kinds = excluded.kinds, unit = excluded.unit, quarters = excluded.quarters, to_quarter = excluded.to_quarter, part = excluded.part;
END $$;
COMMENT ON FUNCTION plan_put_form(bigint) IS 'brings form_cell to what assignments and cells say';

-- Who has something to answer in a quarter of a plan: these get a report in its round. The same condition as asked().
CREATE FUNCTION round_expects(p_plan bigint, p_quarter int, p_surveys bigint[]) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
SELECT DISTINCT f.entity_id FROM form_cell f
 WHERE f.plan_id = p_plan AND p_quarter BETWEEN f.from_quarter AND f.to_quarter
   AND ((f.quarters >> (p_quarter % 4)) & 1 = 1 OR (f.quarters = 0 AND f.indicator_id = ANY (p_surveys))) $$;
COMMENT ON FUNCTION round_expects(bigint, int, bigint[]) IS 'entities of which something is asked in a quarter';

-- The periods whose end a quarter is.
CREATE FUNCTION round_periods(p_quarter int) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
SELECT ARRAY[quarter_code(p_quarter)] || CASE p_quarter % 4 WHEN 1 THEN ARRAY[period_code(p_quarter, 'semiannual')]
                                                            WHEN 3 THEN ARRAY[period_code(p_quarter, 'semiannual'), period_code(p_quarter, 'annual')] ELSE '{}' END $$;
COMMENT ON FUNCTION round_periods(int) IS 'the periods of which a round asks: 2024Q4, 2024S2, 2024';

-- A round as people are told of it; also what the log keeps of its changes.
CREATE FUNCTION round_body(o round) RETURNS jsonb LANGUAGE sql STABLE AS $$
SELECT jsonb_build_object('plan', (SELECT p.code FROM plan p WHERE p.plan_id = o.plan_id), 'round', o.code, 'opens_at', iso(o.opens_at), 'due_at', iso(o.due_at),
           'closes_at', coalesce(iso(o.closes_at), ''), 'state', CASE WHEN o.opens_at > now() THEN 'planned' WHEN o.closes_at <= now() THEN 'closed' ELSE 'open' END,
           'periods', array_to_string(round_periods(o.quarter), ','),
           'surveys', coalesce((SELECT string_agg(i.code, ',' ORDER BY i.sort) FROM indicator i WHERE i.indicator_id = ANY (o.surveys)), ''),
           'expected', (SELECT count(*) FROM report r WHERE r.round_id = o.round_id AND r.entity_id IN (SELECT round_expects(o.plan_id, o.quarter, o.surveys)))) $$;
COMMENT ON FUNCTION round_body(round) IS 'a round as people are told of it';

-- How many of each kind are open.
CREATE FUNCTION plan_counts(p_plan bigint, b jsonb) RETURNS TABLE (kind text, count bigint) LANGUAGE sql STABLE AS $$
SELECT 'entity', (SELECT count(*) FROM plan_rows(b) r WHERE r.kind = 'entity')
UNION ALL SELECT 'dimension', (SELECT count(*) FROM dimension d WHERE d.plan_id = p_plan AND d.closed_on IS NULL)
UNION ALL SELECT 'category', (SELECT count(*) FROM dimension d JOIN category c USING (dimension_id) WHERE d.plan_id = p_plan AND d.closed_on IS NULL AND c.closed_on IS NULL)
UNION ALL SELECT k.kind, (SELECT count(*) FROM result r WHERE r.plan_id = p_plan AND r.closed_on IS NULL AND r.kind = k.kind)
            FROM (VALUES ('pillar'), ('area'), ('outcome'), ('output'), ('activity')) AS k (kind)
UNION ALL SELECT 'indicator', (SELECT count(*) FROM indicator i WHERE i.plan_id = p_plan AND i.closed_on IS NULL)
UNION ALL SELECT 'table', (SELECT count(*) FROM indicator i JOIN indicator_table t USING (indicator_id) WHERE i.plan_id = p_plan AND i.closed_on IS NULL AND t.closed_on IS NULL)
UNION ALL SELECT 'assignment', (SELECT count(*) FROM plan_rows(b) r WHERE r.kind = 'assignment')
UNION ALL SELECT 'reporting', (SELECT count(DISTINCT r.body ->> 'entity') FROM plan_rows(b) r WHERE r.kind = 'assignment' AND r.body ->> 'part' <> 'consulted')
UNION ALL SELECT 'cell', (SELECT count(*) FROM cell k WHERE k.plan_id = p_plan AND k.closed_on IS NULL)
UNION ALL SELECT 'form_cell', (SELECT count(*) FROM form_cell f WHERE f.plan_id = p_plan AND f.to_quarter = 39996) $$;
COMMENT ON FUNCTION plan_counts(bigint, jsonb) IS 'how many rows of each kind are open';

-- Writes what differs, in the order of the references. The file has been checked.
CREATE FUNCTION plan_write(p_plan bigint, b jsonb, p_actor bigint) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE summary jsonb;
BEGIN
    WITH diff AS MATERIALIZED (
        SELECT d.* FROM plan_diff(p_plan, b) d
    ), versions AS (
        INSERT INTO reference_version (plan_id, kind, code, version, action, actor_id, body)
        SELECT CASE d.kind WHEN 'entity' THEN 0 ELSE p_plan END, d.kind, d.code, d.version, d.action, p_actor, d.body FROM diff d WHERE d.action <> 'same'
    )
    SELECT jsonb_build_object('added', count(*) FILTER (WHERE d.action = 'add'), 'changed', count(*) FILTER (WHERE d.action IN ('change', 'reopen')),
                              'closed', count(*) FILTER (WHERE d.action = 'close'), 'unchanged', count(*) FILTER (WHERE d.action = 'same'),
                              'changes', coalesce(jsonb_agg(jsonb_build_array(CASE d.kind WHEN 'result' THEN d.body ->> 'kind' ELSE d.kind END, d.code, d.action, d.fields)
                                                            ORDER BY d.kind, d.code COLLATE "C") FILTER (WHERE d.action <> 'same'), '[]'))
      INTO summary FROM diff d;
    PERFORM plan_put_entities(p_plan, b);
    PERFORM plan_put_chain(p_plan, b);
    PERFORM plan_put_indicators(p_plan, b);
    PERFORM plan_close(p_plan);
    UPDATE plan t SET name_en = b #>> '{names,en}', name_ar = nullif(b #>> '{names,ar}', ''), name_ckb = nullif(b #>> '{names,ckb}', ''),
                      starts_on = (b ->> 'starts_on')::date, ends_on = (b ->> 'ends_on')::date, version = l.version, body = l.body
      FROM plan_latest(p_plan) l WHERE l.kind = 'plan' AND t.plan_id = p_plan AND (t.version <> l.version OR t.body <> l.body);
    PERFORM plan_put_cells(p_plan);
    PERFORM plan_put_form(p_plan);
    -- The file's own flag only suggests; who has an indicator to report decides.
    UPDATE entity e SET reporting = x.reporting
      FROM (SELECT e.entity_id, EXISTS (SELECT FROM assignment a WHERE a.entity_id = e.entity_id AND a.part <> 'consulted' AND a.to_quarter = 39996) AS reporting
              FROM entity e WHERE e.body <> '{}') x
     WHERE e.entity_id = x.entity_id AND e.reporting <> x.reporting;
    INSERT INTO report (entity_id, round_id, plan_id)
    SELECT x.entity_id, o.round_id, o.plan_id FROM round o CROSS JOIN LATERAL round_expects(o.plan_id, o.quarter, o.surveys) AS x (entity_id)
     WHERE o.plan_id = p_plan AND (o.closes_at IS NULL OR o.closes_at > now()) ORDER BY 2, 1
        ON CONFLICT DO NOTHING;
    RETURN summary || jsonb_build_object('counts', (SELECT jsonb_agg(jsonb_build_array(c.kind, c.count)) FROM plan_counts(p_plan, b) c),
                                         'warnings', (SELECT coalesce(jsonb_agg(w), '[]') FROM plan_warnings(b) AS w));
END $$;
COMMENT ON FUNCTION plan_write(bigint, jsonb, bigint) IS 'writes what differs between a checked plan file and the database; returns the summary';

-- Imports a plan file. fault is null, or CODE|name=value; a file at fault raises INPLN. What was done stands as JSON in
-- the outcome of the log row with this key. The caller holds the head of the system's chain; a dry run is the caller's ROLLBACK.
CREATE FUNCTION plan_import(p_json text, p_code text, p_actor bigint, p_key bytea, p_hash bytea, OUT fault text, OUT receipt bytea)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    b constant jsonb := json_read(p_json);
    past record;
    target bigint;
    change record;
BEGIN
    IF NOT holds_role(p_actor, '{secretariat}', 0) THEN fault := 'FORBIDDEN|action=plan.import'; RETURN; END IF;
    SELECT l.actor_id = p_actor AND l.body_hash = p_hash AND l.action = 'plan.import' AS same, l.hash INTO past FROM log l WHERE l.entity_id = 0 AND l.key = p_key;
    IF FOUND THEN
        IF past.same THEN receipt := past.hash; ELSE fault := 'KEY_REUSED'; END IF;
        RETURN;
    END IF;
    PERFORM plan_check(b);
    IF p_code NOT IN ('', b ->> 'code') THEN
        PERFORM refuse('PLAN_BAD', 'place', 'code', 'why', format('the file is plan %s, not %s', b ->> 'code', p_code));
    END IF;
    SELECT p.plan_id INTO target FROM plan p WHERE p.code = b ->> 'code';
    SELECT * INTO change FROM plan_change_fault(target, b);
    IF FOUND THEN PERFORM refuse('PLAN_CHANGE', 'code', change.code, 'field', change.field, 'round', change.round); END IF;
    -- The first plan is the one meant where none is named.
    IF target IS NULL THEN
        INSERT INTO plan (code, name_en, starts_on, ends_on, current)
        SELECT b ->> 'code', b #>> '{names,en}', (b ->> 'starts_on')::date, (b ->> 'ends_on')::date, NOT EXISTS (SELECT FROM plan p WHERE p.current)
        RETURNING plan_id INTO target;
    END IF;
    receipt := log_append(0, target, NULL, NULL, 'plan.import', NULL, p_actor, p_key, p_hash, plan_write(target, b, p_actor)::text);
END $$;
COMMENT ON FUNCTION plan_import(text, text, bigint, bytea, bytea) IS 'imports a plan file; one row: why not, or the receipt';

COMMIT;
