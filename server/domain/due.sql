-- Due dates that move for one, or for all after an outage; and excuses. The Secretariat's.

-- name: outage_lock (text plan, text round) -> (bigint entity_id)
-- lanes: write
-- First in the unit: the system's chain, and those of entities with a due date of their own, in entity order.
SELECT h.entity_id FROM chain_head h
 WHERE h.entity_id = 0
    OR h.entity_id IN (SELECT r.entity_id FROM plan p JOIN round o USING (plan_id) JOIN report r USING (round_id)
                        WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND o.code = $2 AND r.due_at IS NOT NULL)
 ORDER BY h.entity_id FOR NO KEY UPDATE

-- name: outage_add (text plan, text round, timestamptz from_at, timestamptz to_at, text note, bigint actor_id, bytea key, bytea body_hash) -> (text fault)
-- lanes: write
-- outage_lock comes first in the unit, round_told last. An outage of more than 4 hours that reaches into the last 3 days moves
-- every due date of the round by its length in days, rounded up (FIELD.md, Rates); after the due date it moves the yearly one.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $6 AND l.body_hash = $8 AND l.action = 'round.outage' AS same FROM log l WHERE l.entity_id = 0 AND l.key = $7
), given AS MATERIALIZED (
    SELECT p.plan_id, o.round_id, o.due_at, greatest(o.yearly_due_at, o.due_at) AS yearly_due_at, o.yearly_due_at IS NOT NULL AS yearly, o.closes_at, d.days,
           $3 < o.due_at AND $4 > day_start(baghdad_day(o.due_at) - 2) AS hits, o.yearly_due_at IS NOT NULL AND $3 < o.yearly_due_at AND $4 > day_start(baghdad_day(o.yearly_due_at) - 2) AS hits_yearly,
           due_later(o.due_at, d.days) AS due_new, due_later(greatest(o.yearly_due_at, o.due_at), d.days) AS yearly_new,
           CASE WHEN o.opens_at > now() THEN 'planned' WHEN o.closes_at <= now() THEN 'closed' ELSE 'open' END AS state
      FROM (SELECT ceil(extract(epoch FROM $4::timestamptz - $3::timestamptz) / 86400)::int AS days) AS d
      LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current) LEFT JOIN round o ON o.plan_id = p.plan_id AND o.code = $2
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT holds_role($6, '{secretariat}', 0) THEN 'FORBIDDEN|action=round.outage'
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($1, ''), 'current')
           WHEN g.round_id IS NULL THEN 'NOT_FOUND|what=round|name=' || $2
           WHEN g.state <> 'open' THEN format('WRONG_STATE|report=%s|state=%s|action=round.outage', $2, g.state)
           WHEN $4 <= $3 THEN 'BAD_ARGUMENT|field=to_at|why=ends before it begins'
           WHEN $4 > now() THEN 'BAD_ARGUMENT|field=to_at|why=is not over yet'
           WHEN $4 - $3 <= interval '4 hours' THEN 'BAD_ARGUMENT|field=to_at|why=an outage of 4 hours or less moves no due date'
           WHEN EXISTS (SELECT FROM due_change d WHERE d.round_id = g.round_id AND d.kind = 'outage' AND d.outage_from < $4 AND d.outage_to > $3)
                THEN 'BAD_ARGUMENT|field=from_at|why=an outage of that time moved the due date already'
           WHEN NOT g.hits AND NOT g.hits_yearly THEN 'BAD_ARGUMENT|field=from_at|why=lies outside the last 3 days before the due date'
           WHEN CASE WHEN g.yearly THEN g.yearly_new ELSE g.due_new END > g.closes_at THEN 'BAD_ARGUMENT|field=round|why=the round closes before it' END AS fault
      FROM given g LEFT JOIN past l ON true
), made AS (
    UPDATE round o SET due_at = CASE WHEN c.hits THEN c.due_new ELSE o.due_at END, yearly_due_at = CASE WHEN c.yearly THEN c.yearly_new END
      FROM checked c WHERE o.round_id = c.round_id AND c.fault IS NULL AND c.same IS NULL
    RETURNING o
), own AS (
    UPDATE report r SET due_at = due_later(r.due_at, c.days) FROM made m, checked c WHERE c.hits AND r.round_id = c.round_id AND r.due_at IS NOT NULL
), moved AS (
    INSERT INTO due_change (round_id, kind, due_before, due_after, yearly_before, yearly_after, outage_from, outage_to, note, made_by)
    SELECT c.round_id, 'outage', CASE WHEN c.hits THEN c.due_at END, CASE WHEN c.hits THEN c.due_new END, CASE WHEN c.yearly THEN c.yearly_due_at END,
           CASE WHEN c.yearly THEN c.yearly_new END, $3, $4, $5::text, $6
      FROM made m, checked c
    RETURNING due_change_id
), logged AS (
    SELECT log_append(0, (m.o).plan_id, NULL, NULL, 'round.outage', $5, $6, $7, $8,
               (round_body(m.o) || jsonb_build_object('extended', true, 'outage_from', iso($3), 'outage_to', iso($4), 'days', c.days))::text) AS receipt
      FROM made m, checked c
)
SELECT c.fault FROM checked c LEFT JOIN logged l ON l.receipt IS NOT NULL

-- name: due_one (bigint entity_id, text plan, text round, text due_on, text note, bigint actor_id, bytea key, bytea body_hash) -> (text fault)
-- lanes: write
-- head_lock comes first in the unit, due_told last. A later due date for one report, of any state: what was late may be in time then.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $6 AND l.body_hash = $8 AND l.action = 'extend' AS same FROM log l WHERE l.entity_id = $1 AND l.key = $7
), given AS MATERIALIZED (
    SELECT p.plan_id, o.round_id, r.entity_id, e.code AS entity, report_due(r, o) AS due_at, o.closes_at, d.due_on, day_end(working_day(d.due_on)) AS due_new
      FROM (SELECT nullif($4, '')::date AS due_on) AS d JOIN entity e ON e.entity_id = $1 LEFT JOIN plan p ON p.code = $2 OR ($2 = '' AND p.current)
      LEFT JOIN round o ON o.plan_id = p.plan_id AND o.code = $3 LEFT JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT holds_role($6, '{secretariat}', 0) THEN 'FORBIDDEN|action=round.extend'
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.entity_id IS NULL THEN format('NOT_FOUND|what=report|name=%s/%s', g.entity, $3)
           WHEN g.closes_at <= now() THEN format('WRONG_STATE|report=%s|state=closed|action=round.extend', $3)
           WHEN g.due_new <= g.due_at THEN format('BAD_ARGUMENT|field=due_on|why=is not later than %s', baghdad_day(g.due_at))
           WHEN g.due_new > g.closes_at THEN 'BAD_ARGUMENT|field=due_on|why=the round closes before it' END AS fault
      FROM given g LEFT JOIN past l ON true
), made AS (
    UPDATE report r SET due_at = c.due_new FROM checked c WHERE r.entity_id = $1 AND r.round_id = c.round_id AND c.fault IS NULL AND c.same IS NULL
    RETURNING r.entity_id, r.round_id
), moved AS (
    INSERT INTO due_change (round_id, entity_id, kind, due_before, due_after, note, made_by)
    SELECT m.round_id, m.entity_id, 'extend', c.due_at, c.due_new, $5::text, $6 FROM made m, checked c
    RETURNING due_change_id
), logged AS (
    SELECT log_append($1, c.plan_id, m.round_id, NULL, 'extend', $5, $6, $7, $8,
               (due_body($1, m.round_id) || jsonb_build_object('extended', true, 'due_at', iso(c.due_new)) || due_moves(c.due_on, NULL))::text) AS receipt
      FROM made m, checked c
)
SELECT c.fault FROM checked c LEFT JOIN logged l ON l.receipt IS NOT NULL

-- name: excuse (bigint entity_id, text plan, text round, boolean back, text note, bigint actor_id, bytea key, bytea body_hash) -> (text fault)
-- lanes: write
-- As due_one. Out of expected, with a reason, while nothing was submitted; back: expected again.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $6 AND l.body_hash = $8 AND l.action IN ('excuse', 'excuse-end') AS same FROM log l WHERE l.entity_id = $1 AND l.key = $7
), given AS MATERIALIZED (
    SELECT p.plan_id, o.round_id, r.entity_id, e.code || '/' || $3 AS report, r.state, r.excused_by IS NOT NULL AS excused
      FROM entity e LEFT JOIN plan p ON p.code = $2 OR ($2 = '' AND p.current)
      LEFT JOIN round o ON o.plan_id = p.plan_id AND o.code = $3 LEFT JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
     WHERE e.entity_id = $1
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT holds_role($6, '{secretariat}', 0) THEN 'FORBIDDEN|action=round.excuse'
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.entity_id IS NULL THEN 'NOT_FOUND|what=report|name=' || g.report
           WHEN $4 AND NOT g.excused THEN 'NOT_FOUND|what=excuse|name=' || g.report
           WHEN NOT $4 AND g.excused THEN 'EXISTS|what=excuse|name=' || g.report
           WHEN NOT $4 AND g.state NOT IN ('expected', 'draft') THEN format('WRONG_STATE|report=%s|state=%s|action=round.excuse', g.report, g.state) END AS fault
      FROM given g LEFT JOIN past l ON true
), made AS (
    UPDATE report r SET excused_by = CASE WHEN NOT $4 THEN $6 END, excused_note = CASE WHEN NOT $4 THEN $5::text END
      FROM checked c WHERE r.entity_id = $1 AND r.round_id = c.round_id AND c.fault IS NULL AND c.same IS NULL
    RETURNING r.entity_id, r.round_id, r.excused_note
), logged AS (
    SELECT log_append($1, c.plan_id, m.round_id, NULL, CASE WHEN $4 THEN 'excuse-end' ELSE 'excuse' END, nullif($5, ''), $6, $7, $8,
               (due_body($1, m.round_id) || jsonb_build_object('excused', NOT $4, 'excused_note', m.excused_note))::text) AS receipt
      FROM made m, checked c
)
SELECT c.fault FROM checked c LEFT JOIN logged l ON l.receipt IS NOT NULL

-- name: due_told (bigint entity_id, bytea key)
--    -> (text plan, text entity, text round, text state, text due_at, boolean extended, text due_moved_from, boolean excused, text excused_note, bytea receipt)
-- lanes: write
-- What was logged under this key, now or before.
SELECT b.o ->> 'plan', b.o ->> 'entity', b.o ->> 'round', b.o ->> 'state', b.o ->> 'due_at', (b.o ->> 'extended')::boolean, b.o ->> 'due_moved_from',
       (b.o ->> 'excused')::boolean, b.o ->> 'excused_note', l.hash
  FROM log l CROSS JOIN LATERAL (SELECT l.outcome::jsonb AS o) b WHERE l.entity_id = $1 AND l.key = $2
