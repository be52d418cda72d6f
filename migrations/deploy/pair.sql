-- Deploy inap:pair to pg: pairs of entities that report the same fact: where they differ, both reports under review get a point.
BEGIN;
SET LOCAL search_path = inap;

-- The plan file names pairs: two entities, the cell of each, and how far apart the figures may be. They stay in the plan's own row.
ALTER FUNCTION plan_nodes(jsonb) RENAME TO plan_nodes_single;
CREATE FUNCTION plan_nodes(b jsonb) RETURNS TABLE (kind text, place text, owner text, sort int, v jsonb) LANGUAGE sql IMMUTABLE AS $$
SELECT * FROM plan_nodes_single(b)
UNION ALL SELECT 'pair', format('pairs[%s]', e.n - 1), NULL, e.n::int, e.v FROM jsonb_array_elements(json_list(b -> 'pairs')) WITH ORDINALITY AS e (v, n) $$;
COMMENT ON FUNCTION plan_nodes_single(jsonb) IS 'plan_nodes without pairs';
COMMENT ON FUNCTION plan_nodes(jsonb) IS 'every object of a plan file with its place';

ALTER FUNCTION plan_keys() RENAME TO plan_keys_single;
CREATE FUNCTION plan_keys() RETURNS TABLE (kind text, path text[], type text, required boolean, words text[], pattern text) LANGUAGE sql IMMUTABLE AS $$
SELECT * FROM plan_keys_single()
UNION ALL
SELECT k.kind, string_to_array(k.path, '.'), k.type, k.required, NULL::text[], k.pattern
  FROM (VALUES ('plan', 'pairs', 'array', false, NULL), ('pair', 'code', 'string', true, '^[A-Z][A-Za-z0-9._-]{0,60}$'), ('pair', 'names', 'names', true, NULL),
               ('pair', 'left', 'object', true, NULL), ('pair', 'left.entity', 'string', true, NULL), ('pair', 'left.cell', 'string', true, NULL),
               ('pair', 'right', 'object', true, NULL), ('pair', 'right.entity', 'string', true, NULL), ('pair', 'right.cell', 'string', true, NULL),
               ('pair', 'tolerance', 'number', false, NULL)) AS k (kind, path, type, required, pattern) $$;
COMMENT ON FUNCTION plan_keys_single() IS 'plan_keys without pairs';
COMMENT ON FUNCTION plan_keys() IS 'what must and may stand in each object of a plan file';

ALTER FUNCTION plan_sense_fault(jsonb) RENAME TO plan_sense_fault_single;
CREATE FUNCTION plan_sense_fault(b jsonb) RETURNS TABLE (place text, why text) LANGUAGE sql STABLE AS $$
SELECT x.place, x.why
  FROM (SELECT 0 AS step, 0 AS sort, f.place, f.why FROM plan_sense_fault_single(b) f
        UNION ALL
        SELECT 1, min(n.sort), min(n.place), format('pair %s stands twice', n.v ->> 'code') FROM plan_nodes(b) n WHERE n.kind = 'pair' GROUP BY n.v ->> 'code' HAVING count(*) > 1
        UNION ALL
        SELECT 2, n.sort, n.place || '.tolerance', 'wants a number of 0 or more' FROM plan_nodes(b) n WHERE n.kind = 'pair' AND (n.v ->> 'tolerance')::numeric < 0
        UNION ALL
        SELECT 3, n.sort, n.place, 'names one entity twice' FROM plan_nodes(b) n WHERE n.kind = 'pair' AND n.v #>> '{left,entity}' = n.v #>> '{right,entity}') x
 ORDER BY x.step, x.sort LIMIT 1 $$;
COMMENT ON FUNCTION plan_sense_fault_single(jsonb) IS 'plan_sense_fault without pairs';
COMMENT ON FUNCTION plan_sense_fault(jsonb) IS 'the first reference, duplicate or pair of a plan file that makes no sense';

-- The sides of a plan's pairs, as its file names them; cell and entity are null where there are none.
CREATE FUNCTION pair_sides(p_plan bigint)
RETURNS TABLE (sort int, code text, names jsonb, tolerance numeric, side text, entity_id bigint, entity text, cell text, cell_id bigint, half text, single boolean) LANGUAGE sql STABLE AS $$
SELECT x.n::int, x.v ->> 'code', x.v -> 'names', coalesce((x.v ->> 'tolerance')::numeric, 0), s.side, e.entity_id, x.v #>> ARRAY[s.side, 'entity'], x.v #>> ARRAY[s.side, 'cell'],
       t.cell_id, t.half, NOT t.whole
  FROM plan p CROSS JOIN LATERAL jsonb_array_elements(json_list(p.body -> 'pairs')) WITH ORDINALITY AS x (v, n) CROSS JOIN (VALUES ('left'), ('right')) AS s (side)
  LEFT JOIN entity e ON e.code = x.v #>> ARRAY[s.side, 'entity'] AND e.entity_id <> 0
 CROSS JOIN LATERAL (SELECT r.* FROM rule_terms(p.plan_id, jsonb_build_array(x.v #> ARRAY[s.side, 'cell'])) r LIMIT 1) t
 WHERE p.plan_id = p_plan $$;
COMMENT ON FUNCTION pair_sides(bigint) IS 'the sides of a plan''s pairs';

CREATE FUNCTION pair_fault(p_plan bigint) RETURNS TABLE (place text, why text) LANGUAGE sql STABLE AS $$
SELECT x.place, x.why
  FROM (SELECT s.sort, format('pairs[%s].%s', s.sort - 1, s.side) AS place,
               CASE WHEN s.entity_id IS NULL THEN format('there is no entity %s', s.entity)
                    WHEN s.cell_id IS NULL OR NOT s.single THEN format('there is no cell %s', s.cell)
                    WHEN i.unit = 'text' OR i.combine = 'register' THEN format('%s is text: it cannot be compared', i.code)
                    WHEN s.half <> '' AND i.rule <> 'ratio' THEN format('%s is no ratio: it has no %s', i.code, CASE s.half WHEN 'n' THEN 'numerator' ELSE 'denominator' END)
                    WHEN s.half = '' AND i.rule = 'ratio' THEN format('%s is a ratio: write %s.n or %s.d', i.code, i.code, i.code)
                    WHEN NOT EXISTS (SELECT FROM form_cell f WHERE f.entity_id = s.entity_id AND f.cell_id = s.cell_id) THEN format('%s is not asked for %s', s.entity, s.cell) END AS why
          FROM pair_sides(p_plan) s LEFT JOIN cell k USING (cell_id) LEFT JOIN indicator i USING (indicator_id)) x
 WHERE x.why IS NOT NULL ORDER BY x.sort, x.place LIMIT 1 $$;
COMMENT ON FUNCTION pair_fault(bigint) IS 'the first thing wrong with the pairs of a plan whose cells are made';

ALTER FUNCTION plan_write(bigint, jsonb, bigint) RENAME TO plan_write_single;
CREATE FUNCTION plan_write(p_plan bigint, b jsonb, p_actor bigint) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    summary constant jsonb := plan_write_single(p_plan, b, p_actor);
    f record;
BEGIN
    SELECT * INTO f FROM pair_fault(p_plan);
    IF FOUND THEN PERFORM refuse('PLAN_BAD', 'place', f.place, 'why', f.why); END IF;
    RETURN summary;
END $$;
COMMENT ON FUNCTION plan_write_single(bigint, jsonb, bigint) IS 'plan_write without pairs';
COMMENT ON FUNCTION plan_write(bigint, jsonb, bigint) IS 'writes what differs between a checked plan file and the database; returns the summary';

-- Both sides of a round's pairs as they counted last at a state. Without a figure on either side nothing differs.
CREATE FUNCTION pair_figures(p_round bigint, p_state text)
RETURNS TABLE (code text, sort int, names jsonb, tolerance numeric, left_id bigint, left_cell bigint, left_text text, left_figure numeric,
               right_id bigint, right_cell bigint, right_text text, right_figure numeric, differs boolean) LANGUAGE sql STABLE AS $$
WITH side AS MATERIALIZED (
    SELECT s.*, v.figure
      FROM round o CROSS JOIN LATERAL pair_sides(o.plan_id) s
      LEFT JOIN LATERAL (SELECT value_figure(c.kinds[c.place], c.numbers[c.place], c.denominators[c.place], s.half) AS figure
                           FROM (SELECT x.*, array_position(x.cells, s.cell_id) AS place FROM contribution x
                                  WHERE x.entity_id = s.entity_id AND x.round_id = o.round_id AND x.state = p_state AND x.withdrawn_at IS NULL ORDER BY x.revision DESC LIMIT 1) c) v ON true
     WHERE o.round_id = p_round
)
SELECT l.code, l.sort, l.names, l.tolerance, l.entity_id, l.cell_id, l.cell, l.figure, r.entity_id, r.cell_id, r.cell, r.figure, coalesce(abs(l.figure - r.figure) > l.tolerance, false)
  FROM side l JOIN side r ON r.code = l.code AND r.side = 'right' WHERE l.side = 'left' $$;
COMMENT ON FUNCTION pair_figures(bigint, text) IS 'both sides of the pairs of a round, and whether they differ';

-- Whose reports may get a point when this one's is submitted: their chains are locked with its own, in one order.
CREATE FUNCTION pair_partners(p_entities bigint[]) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
SELECT DISTINCT o.entity_id FROM plan p CROSS JOIN LATERAL pair_sides(p.plan_id) s JOIN LATERAL pair_sides(p.plan_id) o ON o.code = s.code
 WHERE p.body ? 'pairs' AND s.entity_id = ANY (p_entities) AND o.entity_id IS NOT NULL $$;
COMMENT ON FUNCTION pair_partners(bigint[]) IS 'entities that share a pair with these';

ALTER TABLE review_point ADD COLUMN pair text;
COMMENT ON COLUMN review_point.pair IS 'the pair that opened it, null: a person did';

-- A submission that differs from its pair: one point on each of the two reports that is under review, unless it stands open already. The
-- other office's figure is not told. The other report moves on by a revision, so that nobody endorses it without having seen this.
CREATE FUNCTION pair_points(p_entity bigint, p_round bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    s record;
    r report;
BEGIN
    FOR s IN SELECT f.code, x.entity_id, x.cell_id, x.cell, f.names ->> 'en' AS name_en, f.names ->> 'ar' AS name_ar, f.names ->> 'ckb' AS name_ckb, o.code AS other
               FROM pair_figures(p_round, 'submitted') f
              CROSS JOIN LATERAL (VALUES (f.left_id, f.left_cell, f.left_text, f.right_id), (f.right_id, f.right_cell, f.right_text, f.left_id)) AS x (entity_id, cell_id, cell, other_id)
               JOIN entity o ON o.entity_id = x.other_id
              WHERE f.differs AND p_entity IN (f.left_id, f.right_id) ORDER BY f.sort, x.entity_id
    LOOP
        SELECT * INTO r FROM report x WHERE x.entity_id = s.entity_id AND x.round_id = p_round AND (x.entity_id = p_entity OR state_now(x.state, x.claimed_at) IN ('submitted', 'in_review'));
        CONTINUE WHEN NOT FOUND OR EXISTS (SELECT FROM review_point t WHERE t.entity_id = s.entity_id AND t.round_id = p_round AND t.pair = s.code AND t.state = 'open');
        IF s.entity_id <> p_entity THEN
            UPDATE report x SET revision = x.revision + 1 WHERE x.entity_id = s.entity_id AND x.round_id = p_round RETURNING * INTO r;
        END IF;
        INSERT INTO review_point (entity_id, round_id, point, target_kind, target, cells, code, text, opened_by, opened_revision, turn, pair)
        SELECT s.entity_id, p_round, coalesce((SELECT max(t.point) FROM review_point t WHERE t.entity_id = s.entity_id AND t.round_id = p_round), 0) + 1, 'cell', k.code, ARRAY[s.cell_id],
               'mismatch', format('%s ≠ %s: %s', (SELECT e.code FROM entity e WHERE e.entity_id = s.entity_id), s.other, concat_ws(' / ', s.name_en, s.name_ar, s.name_ckb)), 0, r.revision,
               1 + (SELECT count(*) FROM log l WHERE l.entity_id = s.entity_id AND l.round_id = p_round AND l.action = 'return'), s.code
          FROM cell k WHERE k.cell_id = s.cell_id;
        PERFORM log_append(s.entity_id, r.plan_id, p_round, CASE WHEN s.entity_id <> p_entity THEN r.revision END, 'pair', NULL, 0, NULL, no_body(),
                           jsonb_build_object('pair', s.code, 'other', s.other, 'cell', s.cell)::text);
    END LOOP;
END $$;
COMMENT ON FUNCTION pair_points(bigint, bigint) IS 'opens the points of a submission that differs from its pair';

ALTER FUNCTION contribution_totals(bigint, bigint, text, text) RENAME TO contribution_sums;
CREATE FUNCTION contribution_totals(p_entity bigint, p_round bigint, p_action text, p_freeze text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM contribution_sums(p_entity, p_round, p_action, p_freeze);
    IF p_freeze = 'submitted' THEN PERFORM pair_points(p_entity, p_round); END IF;
    RETURN p_freeze;
END $$;
COMMENT ON FUNCTION contribution_sums(bigint, bigint, text, text) IS 'contribution_totals without pairs';
COMMENT ON FUNCTION contribution_totals(bigint, bigint, text, text) IS 'the contribution, the totals and the points of pairs that a move leaves';

-- The pairs of a round for those who review them: coordinators of either side from the submission on, the Secretariat of what is
-- endorsed. A figure only of a side that one may read.
CREATE FUNCTION pair_list(p_actor bigint, p_round bigint)
RETURNS TABLE (code text, names jsonb, tolerance numeric, left_entity text, left_cell text, left_figure text, left_point int, right_entity text, right_cell text, right_figure text, right_point int,
               differs boolean) LANGUAGE sql STABLE AS $$
WITH who AS (
    SELECT holds_role(p_actor, '{secretariat}', 0) AS nation, ARRAY(SELECT DISTINCT g.jurisdiction FROM live_grant g WHERE g.user_id = p_actor AND g.role = 'coordinator') AS own
)
SELECT f.code, f.names, f.tolerance, l.code, f.left_text, CASE WHEN w.nation OR l.jurisdiction = ANY (w.own) THEN f.left_figure::text END,
       (SELECT max(t.point) FROM review_point t WHERE t.entity_id = f.left_id AND t.round_id = p_round AND t.pair = f.code AND t.state = 'open'),
       r.code, f.right_text, CASE WHEN w.nation OR r.jurisdiction = ANY (w.own) THEN f.right_figure::text END,
       (SELECT max(t.point) FROM review_point t WHERE t.entity_id = f.right_id AND t.round_id = p_round AND t.pair = f.code AND t.state = 'open'), f.differs
  FROM who w CROSS JOIN LATERAL pair_figures(p_round, CASE WHEN w.nation THEN 'endorsed' ELSE 'submitted' END) f
  JOIN entity l ON l.entity_id = f.left_id JOIN entity r ON r.entity_id = f.right_id
 WHERE w.nation OR l.jurisdiction = ANY (w.own) OR r.jurisdiction = ANY (w.own)
 ORDER BY f.sort $$;
COMMENT ON FUNCTION pair_list(bigint, bigint) IS 'the pairs of a round, for those who review them';

GRANT EXECUTE ON FUNCTION plan_nodes(jsonb), plan_keys(), plan_sense_fault(jsonb), pair_sides(bigint), pair_fault(bigint), plan_write(bigint, jsonb, bigint), pair_figures(bigint, text),
    pair_partners(bigint[]), pair_points(bigint, bigint), contribution_totals(bigint, bigint, text, text), pair_list(bigint, bigint) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'pair' $$;

COMMIT;
