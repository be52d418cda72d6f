-- Plans as such: suspended and resumed without loss, and which is meant where none is named.

-- name: plan_turn (text plan, text action, text note, bigint actor_id, bytea key, bytea body_hash)
--              -> (text fault, text plan, text state, boolean current, bigint rounds, bytea receipt, boolean replayed)
-- lanes: write
-- system_head_lock comes first in the unit. Nothing of the plan is touched: its locks read its state. Open rounds are told, since
-- their deadlines go on.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $4 AND l.body_hash = $6 AND l.action = $2::text AS same, l.hash, l.outcome::jsonb AS o FROM log l WHERE l.entity_id = 0 AND l.key = $5
), given AS MATERIALIZED (
    SELECT p.plan_id, p.code, p.state, p.current, q.same, q.hash, q.o,
           (SELECT count(*) FROM round o WHERE o.plan_id = p.plan_id AND o.opens_at <= now() AND (o.closes_at IS NULL OR now() < o.closes_at)) AS rounds
      FROM (SELECT) one LEFT JOIN plan p ON p.code = $1 LEFT JOIN past q ON true
), checked AS MATERIALIZED (
    SELECT g.*, CASE WHEN NOT holds_role($4, '{secretariat}', 0) THEN 'FORBIDDEN|action=' || $2
           WHEN g.same THEN NULL WHEN NOT g.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || $1
           WHEN $2 <> 'plan.current' AND $3 = '' THEN 'BAD_ARGUMENT|field=note|why=is missing'
           WHEN g.state <> CASE $2 WHEN 'plan.resume' THEN 'suspended' ELSE 'active' END OR ($2 = 'plan.current' AND g.current)
                THEN format('WRONG_STATE|report=%s|state=%s|action=%s', g.code, CASE WHEN $2 = 'plan.current' AND g.current THEN 'current' ELSE g.state END, $2) END AS fault
      FROM given g
), unset AS ( -- one is current at a time
    UPDATE plan p SET current = false FROM checked c WHERE c.fault IS NULL AND c.same IS NULL AND $2 = 'plan.current' AND p.current RETURNING p.plan_id
), made AS (
    UPDATE plan p SET state = CASE $2 WHEN 'plan.suspend' THEN 'suspended' WHEN 'plan.resume' THEN 'active' ELSE p.state END
      FROM checked c WHERE c.fault IS NULL AND c.same IS NULL AND $2 <> 'plan.current' AND p.plan_id = c.plan_id
    RETURNING p.code, p.state, p.current
), told AS MATERIALIZED (
    SELECT jsonb_build_object('plan', c.code, 'state', coalesce(m.state, c.state), 'current', c.current OR $2 = 'plan.current', 'rounds', c.rounds) AS o, c.plan_id
      FROM checked c LEFT JOIN made m ON true LEFT JOIN (SELECT count(*) AS n FROM unset) u ON true WHERE c.fault IS NULL AND c.same IS NULL
), logged AS (
    SELECT t.o, log_append(0, t.plan_id, NULL, NULL, $2, nullif($3, ''), $4, $5, $6, t.o::text) AS receipt FROM told t
)
SELECT c.fault, b.o ->> 'plan', b.o ->> 'state', (b.o ->> 'current')::boolean, (b.o ->> 'rounds')::bigint, coalesce(l.receipt, c.hash), c.same IS NOT NULL
  FROM checked c LEFT JOIN logged l ON true CROSS JOIN LATERAL (SELECT coalesce(l.o, c.o) AS o) b

-- name: plan_make_current (text plan, bytea key) -> (text code)
-- lanes: write
-- Behind plan_turn of plan.current, which took the flag off the other: an index lets one plan only have it at a time.
UPDATE plan p SET current = true FROM log l
 WHERE p.code = $1 AND NOT p.current AND NOT EXISTS (SELECT FROM plan o WHERE o.current)
   AND l.entity_id = 0 AND l.key = $2 AND l.action = 'plan.current' AND l.outcome::jsonb ->> 'plan' = p.code
RETURNING p.code
