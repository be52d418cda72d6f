-- Targets and lights. What a light is made of stands in migrations/deploy/target.sql.

-- name: target_set (text plan, text cell, text entity, text jurisdiction, text period, text kind, text number, text tolerance, text baseline, boolean ended, bigint base, text note,
--                   bigint actor_id, bytea key, bytea body_hash)
--               -> (text fault, text cell, text entity, text jurisdiction, text period, text kind, text number, text tolerance, text baseline, boolean ended, bigint revision,
--                   bytea receipt)
-- lanes: write
-- system_head_lock comes first in the unit. One row.
SELECT t.fault, t.outcome ->> 'cell', t.outcome ->> 'entity', t.outcome ->> 'jurisdiction', t.outcome ->> 'period', t.outcome ->> 'kind', t.outcome ->> 'number',
       t.outcome ->> 'tolerance', t.outcome ->> 'baseline', (t.outcome ->> 'ended')::boolean, (t.outcome ->> 'revision')::bigint, t.receipt
  FROM target_set($1, $2, $3, $4, $5, $6, nullif($7, '')::numeric, nullif($8, '')::numeric, nullif($9, '')::numeric, $10, $11, nullif($12, ''), $13, $14, $15) t

-- name: target_scope (text plan, text indicator, text entity) -> (boolean plan_there, boolean indicator_there, boolean entity_there)
SELECT EXISTS (SELECT FROM plan p WHERE p.code = $1 OR ($1 = '' AND p.current)),
       $2 = '' OR EXISTS (SELECT FROM plan p JOIN indicator i USING (plan_id) WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND i.code = $2),
       $3 = '' OR EXISTS (SELECT FROM entity e WHERE e.code = $3 AND e.entity_id <> 0)

-- name: target_list (text plan, text indicator, text entity, boolean all)
--                -> (text cell, text entity, text jurisdiction, text period, text kind, text number, text tolerance, text baseline, bigint revision, boolean ended,
--                    boolean current, text reason, text by, text at)
-- Those in force and the plan file's floors; or every revision.
SELECT k.code, e.code, coalesce(x.jurisdiction, CASE WHEN e.code IS NULL THEN 'iraq' ELSE e.jurisdiction END), x.period, x.kind, x.number::text, x.tolerance::text, x.baseline::text,
       x.revision::bigint, x.ended, x.current, x.reason, u.name, iso(x.set_at)
  FROM plan p
 CROSS JOIN LATERAL (SELECT t.cell_id, t.entity_id, t.jurisdiction, t.period, t.kind, t.number, t.tolerance, t.baseline, t.revision, t.ended, t.reason::text, t.set_by, t.set_at,
                            t.revision = max(t.revision) OVER (PARTITION BY t.cell_id, t.entity_id, t.jurisdiction, t.period) AND NOT t.ended AS current
                       FROM target t WHERE t.plan_id = p.plan_id
                     UNION ALL
                     SELECT c.cell_id, NULL, NULL, c.period, c.kind, c.number, NULL, NULL, 0, false, c.reason, NULL, NULL, true FROM target_current(p.plan_id) c WHERE c.revision = 0) x
  JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id) LEFT JOIN entity e ON e.entity_id = x.entity_id LEFT JOIN app_user u ON u.user_id = x.set_by
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND $2 IN ('', i.code) AND ($3 = '' OR e.code = $3) AND ($4 OR x.current)
 ORDER BY i.sort, i.code, k.sort, k.code, e.code NULLS FIRST, x.jurisdiction NULLS FIRST, x.period, x.revision

-- name: light_head (text plan, text round, bigint actor_id, text state, text pillar)
--               -> (text plan, text round, text as_of, boolean federal, boolean kurdistan, boolean iraq, text green, text amber, text missing, boolean pillar_there)
-- Always one row, as national_head; with the plan's thresholds.
SELECT p.code, o.code, iso(now()), bool_or(s.seen) FILTER (WHERE s.jurisdiction = 'federal'), bool_or(s.seen) FILTER (WHERE s.jurisdiction = 'kurdistan'),
       bool_or(s.seen) FILTER (WHERE s.jurisdiction = 'iraq'), l.green::text, l.amber::text, l.missing::text,
       $5 = '' OR EXISTS (SELECT FROM result x WHERE x.plan_id = p.plan_id AND x.code = $5 AND x.parent_id IS NULL)
  FROM national_sight($3, $4) s LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)
  LEFT JOIN round o ON o.round_id = national_round(p.plan_id, $2) LEFT JOIN LATERAL light_thresholds(p.plan_id) l ON true
 GROUP BY p.plan_id, p.code, o.code, l.green, l.amber, l.missing

-- name: light_list (text plan, text round, bigint actor_id, text state, text jurisdiction, text indicator, text pillar)
--               -> (text indicator, text cell, text jurisdiction, text entity, text period, bigint kind, text number, text denominator, text percent, boolean hidden,
--                   text target_kind, text target_number, text target_tolerance, text target_period, bigint target_revision, text baseline, text formula, text progress,
--                   text light, text why, text set_light, text set_reason, text set_by, text set_at, bigint set_revision, text rate, text weight_missing, text missing, text gaps, text counted,
--                   bigint before_kind, text before_number, text before_denominator, text before_percent)
-- In the plan's order; of a cell federal, kurdistan, iraq, then entities. Lists are parted by commas. Everybody (0) is told no names.
WITH light AS MATERIALIZED ( -- once, whatever is joined to it
    SELECT p.plan_id, o.quarter, f.* FROM plan p JOIN round o ON o.round_id = national_round(p.plan_id, $2) CROSS JOIN LATERAL national_lights($3, p.plan_id, o.quarter, $4, $5, $6) f
     WHERE p.code = $1 OR ($1 = '' AND p.current)
)
SELECT i.code, k.code, f.jurisdiction, e.code, f.period, coalesce(f.kind, 0)::bigint, f.number::text, f.denominator::text, f.percent, f.hidden,
       f.target_kind, f.target_number::text, f.target_tolerance::text, f.target_period, f.target_revision::bigint, f.baseline::text, f.formula, f.progress::text,
       f.light, f.why, f.set_light, f.set_reason, CASE WHEN $3 <> 0 THEN u.name END, iso(f.set_at), CASE WHEN $3 <> 0 THEN s.revision END, f.rate, f.weight_missing, f.missing, f.gaps, f.counted,
       coalesce(f.before_kind, 0)::bigint, f.before_number::text, f.before_denominator::text,
       CASE f.before_kind WHEN 5 THEN percent_text(f.before_number, f.before_denominator, i.multiplier) END
  FROM light f JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id) LEFT JOIN entity e ON e.entity_id = f.entity_id LEFT JOIN app_user u ON u.user_id = f.set_by
  CROSS JOIN LATERAL (SELECT coalesce(max(x.override_id), 0) AS revision FROM light_override x WHERE x.plan_id = f.plan_id AND x.quarter = f.quarter AND x.cell_id = f.cell_id
                         AND x.jurisdiction = f.jurisdiction AND x.entity_id IS NOT DISTINCT FROM f.entity_id) s
 WHERE $7 = '' OR i.indicator_id IN (SELECT l.indicator_id FROM indicator_pillars(f.plan_id) l WHERE l.pillar = $7)
 ORDER BY i.sort, i.code, k.sort, k.code, e.code NULLS FIRST, array_position('{federal,kurdistan,iraq}', f.jurisdiction)

-- name: light_set (text plan, text round, text cell, text entity, text jurisdiction, text light, bigint base, text note, bigint actor_id, bytea key, bytea body_hash)
--              -> (text fault, text cell, text entity, text jurisdiction, text round, text light, bigint revision, bytea receipt)
-- lanes: write
-- system_head_lock comes first in the unit. One row.
SELECT s.fault, s.outcome ->> 'cell', s.outcome ->> 'entity', s.outcome ->> 'jurisdiction', s.outcome ->> 'round', s.outcome ->> 'light', (s.outcome ->> 'revision')::bigint, s.receipt
  FROM light_set($1, $2, $3, $4, $5, $6, $7, nullif($8, ''), $9, $10, $11) s
