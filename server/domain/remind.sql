-- Reminders: notices that stand in the todo of late offices until they submit.

-- name: remind_write (text plan, text round, bigint days, text note, bigint actor_id, bytea key, bytea body_hash) -> (text fault, bytea receipt, boolean replayed)
-- lanes: bulk
-- system_head_lock comes first in the unit, remind_told last. The log keeps whom and why, so that a replay tells the same.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $5 AND l.body_hash = $7 AND l.action = 'round.remind' AS same, l.hash FROM log l WHERE l.entity_id = 0 AND l.key = $6
), given AS MATERIALIZED (
    SELECT p.plan_id, p.code AS plan, o.round_id, o.code AS round, q.same, q.hash,
           CASE WHEN o.opens_at > now() THEN 'planned' WHEN o.closes_at <= now() THEN 'closed' ELSE 'open' END AS state
      FROM (SELECT) one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current) LEFT JOIN round o ON o.round_id = national_round(p.plan_id, $2) LEFT JOIN past q ON true
), checked AS MATERIALIZED (
    SELECT g.*, CASE WHEN NOT EXISTS (SELECT FROM live_grant x WHERE x.user_id = $5 AND x.role IN ('secretariat', 'coordinator')) THEN 'FORBIDDEN|action=round.remind'
           WHEN g.same THEN NULL WHEN NOT g.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($1, ''), 'current')
           WHEN g.round_id IS NULL THEN 'NOT_FOUND|what=round|name=' || coalesce(nullif($2, ''), 'open')
           WHEN $3::bigint NOT BETWEEN 0 AND 90 THEN 'BAD_ARGUMENT|field=days|why=write 0 to 90'
           WHEN g.state <> 'open' THEN format('WRONG_STATE|report=%s|state=%s|action=round.remind', g.round, g.state) END AS fault
      FROM given g
), whom AS MATERIALIZED (
    SELECT w.*, c.plan, c.round, c.round_id FROM checked c CROSS JOIN LATERAL remind_whom($5, c.round_id, least($3::bigint, 90)::int) w WHERE c.fault IS NULL AND c.same IS NULL
), made AS (
    INSERT INTO notice (entity_id, round_id, day, kind, due_at, made_by) SELECT w.entity_id, w.round_id, today(), w.kind, w.due_at, $5 FROM whom w ORDER BY w.entity_id
        ON CONFLICT DO NOTHING
    RETURNING entity_id
), logged AS (
    SELECT log_append(0, c.plan_id, c.round_id, NULL, 'round.remind', nullif($4, ''), $5, $6, $7,
               jsonb_build_object('plan', c.plan, 'round', c.round, 'days', $3::bigint, 'reminders',
                   coalesce((SELECT jsonb_agg(jsonb_build_object('entity', e.code, 'state', w.state, 'kind', w.kind, 'due_at', iso(w.due_at), 'already', w.already) ORDER BY w.due_at, e.code)
                               FROM whom w JOIN entity e USING (entity_id)), '[]'))::text) AS receipt
      FROM checked c WHERE c.fault IS NULL AND c.same IS NULL
)
SELECT c.fault, coalesce(l.receipt, c.hash), c.same IS NOT NULL FROM checked c LEFT JOIN logged l ON true LEFT JOIN (SELECT count(*) AS n FROM made) m ON m.n < 0

-- name: remind_told (bytea key) -> (text plan, text round, text entity, text name_en, text name_ar, text name_ckb, text state, text kind, text due_at, boolean already)
-- lanes: bulk
-- Last in the unit: what was logged under its key, now or before; one row without an entity where nobody was reminded.
SELECT b.o ->> 'plan', b.o ->> 'round', e.code, e.name_en, e.name_ar, e.name_ckb, r.o ->> 'state', r.o ->> 'kind', r.o ->> 'due_at', (r.o ->> 'already')::boolean
  FROM log l CROSS JOIN LATERAL (SELECT l.outcome::jsonb AS o) b LEFT JOIN LATERAL jsonb_array_elements(b.o -> 'reminders') WITH ORDINALITY AS r (o, at) ON true
  LEFT JOIN entity e ON e.code = r.o ->> 'entity'
 WHERE l.entity_id = 0 AND l.key = $1 AND l.action = 'round.remind' ORDER BY r.at

-- name: remind_todo (bigint actor_id) -> (text plan, text entity, text round, text name_en, text name_ar, text name_ckb, text kind, text day, text due_at)
-- The last notice of each report of the caller's own, as long as nothing was submitted since.
SELECT DISTINCT ON (n.entity_id, n.round_id) CASE WHEN p.current THEN '' ELSE p.code END, e.code, o.code, e.name_en, e.name_ar, e.name_ckb, n.kind, n.day::text, iso(n.due_at)
  FROM live_grant g JOIN notice n ON n.entity_id = g.entity_id JOIN report r ON r.entity_id = n.entity_id AND r.round_id = n.round_id JOIN round o ON o.round_id = n.round_id
  JOIN plan p ON p.plan_id = o.plan_id JOIN entity e ON e.entity_id = n.entity_id
 WHERE g.user_id = $1 AND g.role IN ('focal_point', 'approver') AND p.state = 'active' AND r.state IN ('expected', 'draft', 'returned') AND r.excused_by IS NULL
   AND n.made_at > coalesce(r.submitted_at, '-infinity')
 ORDER BY n.entity_id, n.round_id, n.day DESC
