-- Deploy inap:target to pg: targets and milestones, revised with a reason, and the lights that they give. (FIELD.md, Lights)
BEGIN;
SET LOCAL search_path = inap;

ALTER TABLE target ADD COLUMN baseline decimal_number, ADD COLUMN ended boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN target.baseline IS 'where it begins from; null: the indicator''s own';
COMMENT ON COLUMN target.ended IS 'this revision takes it back';

CREATE TABLE light_override ( -- a light set by hand beside the one worked out; insert-only, the last word counts
    override_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, -- its number here
    plan_id bigint NOT NULL REFERENCES plan, -- of which plan
    cell_id bigint NOT NULL REFERENCES cell, -- of what
    entity_id bigint REFERENCES entity, -- null: the nation's or a jurisdiction's
    jurisdiction text NOT NULL CHECK (jurisdiction IN ('federal', 'kurdistan', 'iraq')), -- where
    quarter int NOT NULL, -- at the end of which quarter
    light text CHECK (light IN ('green', 'amber', 'red', 'grey')), -- null: the one worked out again
    reason words NOT NULL, -- why
    set_by bigint NOT NULL, -- who
    set_at timestamptz NOT NULL DEFAULT now() -- when
);
CREATE INDEX light_override_quarter ON light_override (plan_id, quarter);
COMMENT ON TABLE light_override IS 'a light set by hand beside the one worked out; insert-only, the last word counts';
COMMENT ON COLUMN light_override.override_id IS 'its number here';
COMMENT ON COLUMN light_override.plan_id IS 'of which plan';
COMMENT ON COLUMN light_override.cell_id IS 'of what';
COMMENT ON COLUMN light_override.entity_id IS 'null: the nation''s or a jurisdiction''s';
COMMENT ON COLUMN light_override.jurisdiction IS 'where';
COMMENT ON COLUMN light_override.quarter IS 'at the end of which quarter';
COMMENT ON COLUMN light_override.light IS 'null: the one worked out again';
COMMENT ON COLUMN light_override.reason IS 'why';
COMMENT ON COLUMN light_override.set_by IS 'who';
COMMENT ON COLUMN light_override.set_at IS 'when';

-- From which part of its way on a light is green, amber, and above which missing share grey: the plan file's `lights`, or these.
CREATE FUNCTION light_thresholds(p_plan bigint, OUT green numeric, OUT amber numeric, OUT missing numeric) LANGUAGE sql STABLE AS $$
SELECT coalesce((p.body #>> '{lights,green}')::numeric, 1), coalesce((p.body #>> '{lights,amber}')::numeric, 0.8), coalesce((p.body #>> '{lights,missing}')::numeric, 0.2)
  FROM plan p WHERE p.plan_id = p_plan $$;
COMMENT ON FUNCTION light_thresholds(bigint) IS 'the thresholds of a plan''s lights';

-- Every target of a plan as it stands, and the legal floors of its file, which no target of the same cell has replaced.
CREATE FUNCTION target_current(p_plan bigint)
RETURNS TABLE (cell_id bigint, entity_id bigint, jurisdiction text, period text, kind text, number numeric, tolerance numeric, baseline numeric, revision int, reason text, first int, last int)
LANGUAGE sql STABLE AS $$
WITH latest AS MATERIALIZED (
    SELECT DISTINCT ON (t.cell_id, t.entity_id, t.jurisdiction, t.period) t.* FROM target t WHERE t.plan_id = p_plan
     ORDER BY t.cell_id, t.entity_id, t.jurisdiction, t.period, t.revision DESC
)
SELECT t.cell_id, t.entity_id, t.jurisdiction, t.period, t.kind, t.number, t.tolerance, t.baseline, t.revision, t.reason, q.first, q.last
  FROM latest t CROSS JOIN LATERAL period_quarters(t.period) q WHERE NOT t.ended
UNION ALL
SELECT k.cell_id, NULL, NULL, '', 'floor', plan_number(i.body -> 'target'), NULL, NULL, 0, i.body #>> '{target,source}', NULL, NULL
  FROM indicator i JOIN cell k ON k.indicator_id = i.indicator_id AND k.table_id IS NULL
 WHERE i.plan_id = p_plan AND i.closed_on IS NULL AND i.body #>> '{target,kind}' = 'legal_floor' AND plan_number(i.body -> 'target') IS NOT NULL
   AND NOT EXISTS (SELECT FROM latest t WHERE t.cell_id = k.cell_id AND t.entity_id IS NULL AND t.jurisdiction IS NULL AND NOT t.ended) $$;
COMMENT ON FUNCTION target_current(bigint) IS 'targets in force, and legal floors of the plan file';

-- A figure as a numerator over a positive denominator, in the unit of targets: a ratio times its multiplier; yes is 1, no 0.
CREATE FUNCTION light_value(p_kind smallint, p_number numeric, p_denominator numeric, p_multiplier numeric, OUT n numeric, OUT d numeric) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE p_kind WHEN 1 THEN p_number WHEN 2 THEN 1 WHEN 3 THEN 0 WHEN 5 THEN p_number * p_multiplier END, CASE p_kind WHEN 1 THEN 1 WHEN 2 THEN 1 WHEN 3 THEN 1 WHEN 5 THEN nullif(p_denominator, 0) END $$;
COMMENT ON FUNCTION light_value(smallint, numeric, numeric, numeric) IS 'a figure as targets are compared with it';

-- How far a figure came: up / down of its target, by formula. A floor, a ceiling and what is to be maintained are met or not: 1 or 0,
-- without a percentage. Nothing is divided before it must be. No way: null.
CREATE FUNCTION light_way(p_kind text, p_direction text, n numeric, d numeric, p_target numeric, p_tolerance numeric, p_baseline numeric, OUT formula text, OUT up numeric, OUT down numeric)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE f.way WHEN 'floor' THEN 'v >= t' WHEN 'ceiling' THEN 'v <= t' WHEN 'maintain' THEN '|v - t| <= tolerance' WHEN 'base' THEN '(v - b) / (t - b)' WHEN 'up' THEN 'v / t' ELSE 't / v' END,
       CASE f.way WHEN 'floor' THEN (n >= p_target * d)::int WHEN 'ceiling' THEN (n <= p_target * d)::int WHEN 'maintain' THEN (abs(n - p_target * d) <= p_tolerance * d)::int
                  WHEN 'base' THEN (n - p_baseline * d) * sign(p_target - p_baseline) WHEN 'up' THEN n ELSE CASE WHEN n > 0 THEN p_target * d ELSE 1 END END,
       CASE WHEN f.way IN ('floor', 'ceiling', 'maintain') THEN 1 WHEN f.way = 'base' THEN abs(p_target - p_baseline) * d
            WHEN f.way = 'up' THEN CASE WHEN p_target > 0 THEN p_target * d END ELSE CASE WHEN n > 0 THEN n WHEN n = 0 THEN 1 END END
  FROM (SELECT CASE WHEN p_kind <> 'reach' THEN p_kind
                    WHEN (p_direction = 'up' AND p_target > p_baseline) OR (p_direction = 'down' AND p_target < p_baseline) THEN 'base'
                    ELSE p_direction END AS way) f $$;
COMMENT ON FUNCTION light_way(text, text, numeric, numeric, numeric, numeric, numeric) IS 'the formula of a light and what it makes';

-- An entity's own figure of a cell over the year so far: by the rule of its periods, from what counts at a state.
CREATE FUNCTION entity_figure(p_entity bigint, p_plan bigint, p_first int, p_last int, p_state text, p_cell bigint, p_rule text,
                              OUT kind smallint, OUT number numeric, OUT denominator numeric, OUT asked bigint, OUT valued bigint, OUT counted text) LANGUAGE sql STABLE AS $$
WITH given AS MATERIALIZED (
    SELECT o.quarter, o.code, v.kind, v.number, v.denominator
      FROM round o JOIN form_cell f ON f.entity_id = p_entity AND f.cell_id = p_cell AND o.quarter BETWEEN f.from_quarter AND f.to_quarter
       AND ((f.quarters >> (o.quarter % 4)) & 1 = 1 OR (f.quarters = 0 AND f.indicator_id = ANY (o.surveys)))
      LEFT JOIN LATERAL (SELECT c.kinds[c.place] AS kind, c.numbers[c.place] AS number, c.denominators[c.place] AS denominator
                           FROM (SELECT x.*, array_position(x.cells, p_cell) AS place FROM contribution x
                                  WHERE x.entity_id = p_entity AND x.round_id = o.round_id AND x.state = p_state AND x.withdrawn_at IS NULL ORDER BY x.revision DESC LIMIT 1) c) v ON v.kind BETWEEN 1 AND 7
     WHERE o.plan_id = p_plan AND o.quarter BETWEEN p_first AND p_last
), chosen AS (
    SELECT g.* FROM given g WHERE g.kind IS NOT NULL AND (p_rule IN ('sum', 'ratio') OR g.quarter = (SELECT max(x.quarter) FROM given x WHERE x.kind IS NOT NULL))
)
SELECT max(c.kind), sum(c.number), sum(c.denominator), (SELECT count(*) FROM given g), (SELECT count(*) FROM given g WHERE g.kind IS NOT NULL), string_agg(c.code, ',' ORDER BY c.quarter) FROM chosen c $$;
COMMENT ON FUNCTION entity_figure(bigint, bigint, int, int, text, bigint, text) IS 'an entity''s own figure of a year so far';

-- The lights at the end of a quarter. Flows are the year to date against that quarter's milestone; stocks against the target next to
-- come. A light comes with its formula, its target's revision, its coverage and the periods counted; grey says why. What has no
-- target says what it was in the same quarter of last year.
CREATE FUNCTION national_lights(p_actor bigint, p_plan bigint, p_quarter int, p_state text, p_jurisdiction text, p_indicator text)
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
), figure AS MATERIALIZED (
    SELECT f.cell_id, f.jurisdiction, NULL::bigint AS entity_id, f.period, f.kind, f.number, f.denominator, f.percent, f.hidden, f.label, f.expected - f.not_applicable - f.excused AS due, f.valued,
           f.rate, f.weight_missing, f.missing, f.gaps, f.counted
      FROM span s CROSS JOIN LATERAL national_picture(p_actor, p_plan, '', s.now, p_state, p_jurisdiction, p_indicator, s.tables) f JOIN cell k USING (cell_id)
     WHERE f.label <> 'listed' AND (k.table_id IS NULL OR k.cell_id IN (SELECT g.cell_id FROM goal g))
    UNION ALL
    SELECT g.cell_id, e.jurisdiction, g.entity_id, s.now, CASE WHEN NOT h.hidden THEN v.kind END, CASE WHEN NOT h.hidden THEN v.number END, CASE WHEN NOT h.hidden THEN v.denominator END,
           CASE WHEN NOT h.hidden AND v.kind = 5 THEN percent_text(v.number, v.denominator, i.multiplier) END, h.hidden, '', v.asked, v.valued, round(v.valued::numeric / nullif(v.asked, 0), 3)::text,
           NULL, NULL, NULL, v.counted
      FROM (SELECT DISTINCT x.cell_id, x.entity_id FROM goal x WHERE x.entity_id IS NOT NULL) g CROSS JOIN span s JOIN entity e ON e.entity_id = g.entity_id
      JOIN sight t ON t.jurisdiction = e.jurisdiction JOIN cell k ON k.cell_id = g.cell_id JOIN indicator i USING (indicator_id)
     CROSS JOIN LATERAL (SELECT i.protection <> 'none' AND NOT t.clear AS hidden) h
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
COMMENT ON FUNCTION national_lights(bigint, bigint, int, text, text, text) IS 'the lights at the end of a quarter, as a user may see them';

-- What a command names, found: a cell and perhaps an entity that reports it, or a jurisdiction. fault is CODE|name=value, null where all is there.
CREATE FUNCTION target_place(p_plan text, p_cell text, p_entity text, p_jurisdiction text,
                             OUT fault text, OUT plan_id bigint, OUT cell_id bigint, OUT entity_id bigint, OUT jurisdiction text, OUT i indicator) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    SELECT p.plan_id INTO plan_id FROM plan p WHERE p.code = p_plan OR (p_plan = '' AND p.current);
    IF NOT FOUND THEN fault := 'NOT_FOUND|what=plan|name=' || coalesce(nullif(p_plan, ''), 'current'); RETURN; END IF;
    SELECT k.cell_id INTO cell_id FROM cell k WHERE k.plan_id = target_place.plan_id AND k.code = p_cell AND k.closed_on IS NULL;
    IF NOT FOUND THEN fault := 'NOT_FOUND|what=cell|name=' || left(p_cell, 200); RETURN; END IF;
    SELECT x.* INTO i FROM cell k JOIN indicator x USING (indicator_id) WHERE k.cell_id = target_place.cell_id;
    IF p_entity <> '' THEN
        SELECT e.entity_id, e.jurisdiction INTO entity_id, jurisdiction FROM entity e WHERE e.code = p_entity AND e.entity_id <> 0
           AND EXISTS (SELECT FROM form_cell f WHERE f.entity_id = e.entity_id AND f.cell_id = target_place.cell_id);
        IF NOT FOUND THEN fault := format('NOT_FOUND|what=assignment|name=%s:%s', i.code, p_entity); END IF;
    ELSE
        jurisdiction := nullif(p_jurisdiction, '');
    END IF;
END $$;
COMMENT ON FUNCTION target_place(text, text, text, text) IS 'the cell, entity or jurisdiction that a target or a light is of';

-- Sets a target, revises it, or takes it back. One row: why not, or what stands in the log. The caller holds the head of the system's chain.
CREATE FUNCTION target_set(p_plan text, p_cell text, p_entity text, p_jurisdiction text, p_period text, p_kind text, p_number numeric, p_tolerance numeric, p_baseline numeric, p_ended boolean,
                           p_reason text, p_actor bigint, p_key bytea, p_hash bytea, OUT fault text, OUT outcome jsonb, OUT receipt bytea)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    past record;
    at record;
    was target;
    span record;
BEGIN
    IF NOT holds_role(p_actor, '{secretariat}', 0) THEN fault := 'FORBIDDEN|action=target.set'; RETURN; END IF;
    SELECT l.actor_id = p_actor AND l.body_hash = p_hash AND l.action = 'target.set' AS same, l.hash, l.outcome INTO past FROM log l WHERE l.entity_id = 0 AND l.key = p_key;
    IF FOUND THEN
        IF past.same THEN receipt := past.hash; outcome := past.outcome::jsonb; ELSE fault := 'KEY_REUSED'; END IF;
        RETURN;
    END IF;
    SELECT * INTO at FROM target_place(p_plan, p_cell, p_entity, p_jurisdiction);
    IF at.fault IS NOT NULL THEN fault := at.fault; RETURN; END IF;
    SELECT q.first, q.last INTO span FROM period_quarters(p_period) q;
    SELECT t.* INTO was FROM target t WHERE t.plan_id = at.plan_id AND t.cell_id = at.cell_id AND t.entity_id IS NOT DISTINCT FROM at.entity_id AND t.period = p_period
       AND t.jurisdiction IS NOT DISTINCT FROM CASE WHEN at.entity_id IS NULL THEN at.jurisdiction END ORDER BY t.revision DESC LIMIT 1;
    fault := CASE
        WHEN span.first IS NULL OR p_period LIKE '%..%' THEN 'BAD_ARGUMENT|field=period|why=write 2024, 2024S2 or 2024Q3'
        WHEN (at.i).direction = 'none' THEN format('BAD_ARGUMENT|field=cell|why=%s has no direction: more is neither better nor worse', (at.i).code)
        WHEN (at.i).unit = 'text' OR (at.i).combine = 'each' THEN format('BAD_ARGUMENT|field=cell|why=%s has no national figure', (at.i).code)
        WHEN p_ended AND (was.target_id IS NULL OR was.ended) THEN format('NOT_FOUND|what=target|name=%s %s', p_cell, p_period)
        WHEN p_ended AND p_reason IS NULL THEN 'BAD_ARGUMENT|field=note|why=who takes a target back says why'
        WHEN p_ended THEN NULL
        WHEN p_kind NOT IN ('reach', 'floor', 'ceiling', 'maintain') THEN 'BAD_ARGUMENT|field=kind|why=reach, floor, ceiling or maintain'
        WHEN p_number IS NULL OR p_number < 0 THEN 'BAD_ARGUMENT|field=number|why=a target is a number from 0 on'
        WHEN (at.i).unit = 'percent' AND p_number > (at.i).multiplier THEN format('BAD_ARGUMENT|field=number|why=a percentage is at most %s', trim_scale((at.i).multiplier))
        WHEN (p_kind = 'maintain') <> (p_tolerance IS NOT NULL) OR p_tolerance < 0 THEN 'BAD_ARGUMENT|field=tolerance|why=maintain has a tolerance, and no other kind'
        WHEN p_baseline IS NOT NULL AND p_kind <> 'reach' THEN 'BAD_ARGUMENT|field=baseline|why=only what is to be reached begins somewhere'
        WHEN was.target_id IS NOT NULL AND NOT was.ended AND (was.kind, was.number, was.tolerance, was.baseline) IS NOT DISTINCT FROM (p_kind, p_number::decimal_number, p_tolerance::decimal_number, p_baseline::decimal_number)
            THEN format('EXISTS|what=target|name=%s %s', p_cell, p_period)
        WHEN was.target_id IS NOT NULL AND p_reason IS NULL THEN 'BAD_ARGUMENT|field=note|why=who revises a target says why' END;
    IF fault IS NOT NULL THEN RETURN; END IF;
    INSERT INTO target (plan_id, cell_id, entity_id, jurisdiction, period, kind, number, tolerance, baseline, ended, revision, reason, set_by)
    VALUES (at.plan_id, at.cell_id, at.entity_id, CASE WHEN at.entity_id IS NULL THEN at.jurisdiction END, p_period, CASE WHEN p_ended THEN was.kind ELSE p_kind END,
            CASE WHEN p_ended THEN was.number ELSE p_number END, CASE WHEN p_ended THEN was.tolerance ELSE p_tolerance END, CASE WHEN p_ended THEN was.baseline ELSE p_baseline END,
            p_ended, coalesce(was.revision, 0) + 1, p_reason, p_actor)
    RETURNING * INTO was;
    outcome := jsonb_build_object('cell', p_cell, 'entity', nullif(p_entity, ''), 'jurisdiction', was.jurisdiction, 'period', was.period, 'kind', was.kind, 'number', was.number::text,
                                  'tolerance', was.tolerance::text, 'baseline', was.baseline::text, 'ended', was.ended, 'revision', was.revision);
    receipt := log_append(0, at.plan_id, NULL, NULL, 'target.set', p_reason, p_actor, p_key, p_hash, outcome::text);
END $$;
COMMENT ON FUNCTION target_set(text, text, text, text, text, text, numeric, numeric, numeric, boolean, text, bigint, bytea, bytea) IS 'sets, revises or takes back a target';

-- Sets a light by hand, or takes that back ('': the one worked out). As target_set.
CREATE FUNCTION light_set(p_plan text, p_round text, p_cell text, p_entity text, p_jurisdiction text, p_light text, p_reason text, p_actor bigint, p_key bytea, p_hash bytea,
                          OUT fault text, OUT outcome jsonb, OUT receipt bytea)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    past record;
    at record;
    o round;
    place text;
BEGIN
    IF NOT holds_role(p_actor, '{secretariat}', 0) THEN fault := 'FORBIDDEN|action=light.override'; RETURN; END IF;
    SELECT l.actor_id = p_actor AND l.body_hash = p_hash AND l.action = 'light.override' AS same, l.hash, l.outcome INTO past FROM log l WHERE l.entity_id = 0 AND l.key = p_key;
    IF FOUND THEN
        IF past.same THEN receipt := past.hash; outcome := past.outcome::jsonb; ELSE fault := 'KEY_REUSED'; END IF;
        RETURN;
    END IF;
    SELECT * INTO at FROM target_place(p_plan, p_cell, p_entity, p_jurisdiction);
    IF at.fault IS NOT NULL THEN fault := at.fault; RETURN; END IF;
    SELECT x.* INTO o FROM round x WHERE x.round_id = national_round(at.plan_id, p_round);
    IF NOT FOUND THEN fault := 'NOT_FOUND|what=round|name=' || coalesce(nullif(p_round, ''), 'open'); RETURN; END IF;
    IF p_light NOT IN ('', 'green', 'amber', 'red', 'grey') THEN fault := 'BAD_ARGUMENT|field=light|why=green, amber, red or grey'; RETURN; END IF;
    IF p_reason IS NULL THEN fault := 'BAD_ARGUMENT|field=note|why=who sets a light says why'; RETURN; END IF;
    place := coalesce(at.jurisdiction, 'iraq');
    INSERT INTO light_override (plan_id, cell_id, entity_id, jurisdiction, quarter, light, reason, set_by)
    VALUES (at.plan_id, at.cell_id, at.entity_id, place, o.quarter, nullif(p_light, ''), p_reason, p_actor);
    outcome := jsonb_build_object('cell', p_cell, 'entity', nullif(p_entity, ''), 'jurisdiction', place, 'round', o.code, 'light', nullif(p_light, ''));
    receipt := log_append(0, at.plan_id, NULL, NULL, 'light.override', p_reason, p_actor, p_key, p_hash, outcome::text);
END $$;
COMMENT ON FUNCTION light_set(text, text, text, text, text, text, text, bigint, bytea, bytea) IS 'sets a light by hand, or takes that back';

-- The plan file may hold thresholds.
ALTER FUNCTION plan_keys() RENAME TO plan_keys_derived;
CREATE FUNCTION plan_keys() RETURNS TABLE (kind text, path text[], type text, required boolean, words text[], pattern text) LANGUAGE sql IMMUTABLE AS $$
SELECT * FROM plan_keys_derived()
UNION ALL
SELECT 'plan', string_to_array(k.path, '.'), k.type, false, NULL::text[], NULL
  FROM (VALUES ('lights', 'object'), ('lights.green', 'number'), ('lights.amber', 'number'), ('lights.missing', 'number')) AS k (path, type) $$;
COMMENT ON FUNCTION plan_keys_derived() IS 'plan_keys without lights';
COMMENT ON FUNCTION plan_keys() IS 'what must and may stand in each object of a plan file';
ALTER FUNCTION plan_sense_fault(jsonb) RENAME TO plan_sense_fault_derived;
CREATE FUNCTION plan_sense_fault(b jsonb) RETURNS TABLE (place text, why text) LANGUAGE sql STABLE AS $$
SELECT x.place, x.why
  FROM (SELECT 0 AS step, f.place, f.why FROM plan_sense_fault_derived(b) f
        UNION ALL SELECT 1, 'lights.green', 'wants a number above 0' WHERE (b #>> '{lights,green}')::numeric <= 0
        UNION ALL SELECT 2, 'lights.amber', 'wants a number from 0 to that of green'
                   WHERE coalesce((b #>> '{lights,amber}')::numeric, 0.8) NOT BETWEEN 0 AND coalesce((b #>> '{lights,green}')::numeric, 1) AND b ? 'lights'
        UNION ALL SELECT 3, 'lights.missing', 'wants a number from 0 to 1' WHERE (b #>> '{lights,missing}')::numeric NOT BETWEEN 0 AND 1) x
 ORDER BY x.step LIMIT 1 $$;
COMMENT ON FUNCTION plan_sense_fault_derived(jsonb) IS 'plan_sense_fault without lights';
COMMENT ON FUNCTION plan_sense_fault(jsonb) IS 'the first reference, duplicate or pair of a plan file that makes no sense';

GRANT SELECT, INSERT ON light_override TO inap_app;
GRANT EXECUTE ON FUNCTION light_thresholds(bigint), target_current(bigint), light_value(smallint, numeric, numeric, numeric),
    light_way(text, text, numeric, numeric, numeric, numeric, numeric), entity_figure(bigint, bigint, int, int, text, bigint, text),
    national_lights(bigint, bigint, int, text, text, text), target_place(text, text, text, text),
    target_set(text, text, text, text, text, text, numeric, numeric, numeric, boolean, text, bigint, bytea, bytea),
    light_set(text, text, text, text, text, text, text, bigint, bytea, bytea), plan_keys(), plan_sense_fault(jsonb) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'target' $$;

COMMIT;
