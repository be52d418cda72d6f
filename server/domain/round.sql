-- Rounds: openings for reporting.

-- name: round_scope (text plan) -> (boolean plan_there)
SELECT EXISTS (SELECT FROM plan p WHERE p.code = $1 OR ($1 = '' AND p.current))

-- name: round_list (text plan, text round)
--    -> (text plan, text round, text opens_at, text due_at, text closes_at, text state, text periods, text surveys, bigint expected, text yearly_due_at,
--        boolean extended)
-- Newest first.
SELECT b.o ->> 'plan', b.o ->> 'round', b.o ->> 'opens_at', b.o ->> 'due_at', b.o ->> 'closes_at', b.o ->> 'state', b.o ->> 'periods', b.o ->> 'surveys', (b.o ->> 'expected')::bigint,
       b.o ->> 'yearly_due_at', (b.o ->> 'extended')::boolean
  FROM plan p JOIN round r USING (plan_id) CROSS JOIN LATERAL (SELECT round_body(r) AS o) b
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND ($2 = '' OR r.code = $2) ORDER BY r.quarter DESC

-- name: round_due_changes (text plan, text round)
--    -> (text entity, text kind, text due_before, text due_after, text yearly_before, text yearly_after, text outage_from, text outage_to, text note, text by, text at)
-- Of one round: what moved its due dates, oldest first; those of one entity for who may know of its report.
SELECT coalesce(e.code, ''), d.kind, iso(d.due_before), iso(d.due_after), iso(d.yearly_before), iso(d.yearly_after), iso(d.outage_from), iso(d.outage_to), d.note, u.name, iso(d.made_at)
  FROM plan p JOIN round o USING (plan_id) JOIN due_change d USING (round_id) JOIN app_user u ON u.user_id = d.made_by LEFT JOIN entity e ON e.entity_id = d.entity_id
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND o.code = $2 AND (d.entity_id IS NULL OR d.entity_id = ANY (may_read()))
 ORDER BY d.due_change_id

-- name: round_told (bigint entity_id, bytea key)
--    -> (text plan, text round, text opens_at, text due_at, text closes_at, text state, text periods, text surveys, bigint expected, text yearly_due_at,
--        boolean extended, text due_moved_from, text yearly_moved_from, bytea receipt)
-- lanes: write
-- Last in the unit of a write: what was logged under its key, now or before; a replay is answered alike.
SELECT b.o ->> 'plan', b.o ->> 'round', b.o ->> 'opens_at', b.o ->> 'due_at', b.o ->> 'closes_at', b.o ->> 'state', b.o ->> 'periods', b.o ->> 'surveys', (b.o ->> 'expected')::bigint,
       b.o ->> 'yearly_due_at', coalesce((b.o ->> 'extended')::boolean, false), b.o ->> 'due_moved_from', b.o ->> 'yearly_moved_from', l.hash
  FROM log l CROSS JOIN LATERAL (SELECT l.outcome::jsonb AS o) b WHERE l.entity_id = $1 AND l.key = $2

-- name: round_add (text plan, text round, text opens_on, text due_on, text yearly_due_on, text closes_on, text[] surveys, bigint actor_id, bytea key, bytea body_hash)
--    -> (text fault)
-- lanes: write
-- system_head_lock comes first in the unit, round_told last. One row: the fault (CODE|name=value|...), or null: made, now or
-- before. Everybody who has something to answer gets an expected report. Due dates move to a working day.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $8 AND l.body_hash = $10 AND l.action = 'round.add' AS same FROM log l WHERE l.entity_id = 0 AND l.key = $9
), given AS MATERIALIZED (
    SELECT p.plan_id, quarter_number($2) AS quarter, quarter_of(p.starts_on) AS first, quarter_of(p.ends_on) AS last, coalesce(day_start(nullif($3, '')::date), now()) AS opens_at,
           d.due_on, d.yearly_on, day_end(working_day(d.due_on)) AS due_at, day_end(working_day(d.yearly_on)) AS yearly_at, day_end(nullif($6, '')::date) AS closes_at,
           ARRAY(SELECT i.indicator_id FROM indicator i WHERE i.plan_id = p.plan_id AND i.frequency = 'survey' AND i.closed_on IS NULL AND i.code = ANY ($7) ORDER BY i.indicator_id) AS surveys,
           (SELECT s FROM unnest($7) AS s WHERE NOT EXISTS (SELECT FROM indicator i WHERE i.plan_id = p.plan_id AND i.code = s AND i.frequency = 'survey' AND i.closed_on IS NULL) LIMIT 1) AS stranger
      FROM (SELECT nullif($4, '')::date AS due_on, nullif($5, '')::date AS yearly_on) AS d LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT holds_role($8, '{secretariat}', 0) THEN 'FORBIDDEN|action=round.add'
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($1, ''), 'current')
           WHEN g.quarter IS NULL THEN 'BAD_ARGUMENT|field=round|why=write a quarter, 2024Q3'
           WHEN EXISTS (SELECT FROM round o WHERE o.plan_id = g.plan_id AND o.code = $2) THEN 'EXISTS|what=round|name=' || $2
           WHEN g.quarter NOT BETWEEN g.first AND g.last THEN format('BAD_ARGUMENT|field=round|why=the plan has %s to %s', quarter_code(g.first), quarter_code(g.last))
           WHEN g.due_at <= g.opens_at THEN 'BAD_ARGUMENT|field=due_on|why=lies before the opening'
           WHEN g.yearly_at IS NOT NULL AND g.quarter % 4 <> 3 THEN 'BAD_ARGUMENT|field=yearly_due_on|why=this round asks for no yearly figures'
           WHEN g.yearly_at < g.due_at THEN 'BAD_ARGUMENT|field=yearly_due_on|why=lies before the due date'
           WHEN g.closes_at < g.due_at AND working_day(g.due_on) <> g.due_on THEN format('BAD_ARGUMENT|field=closes_on|why=lies before the due date, which moves to %s', working_day(g.due_on))
           WHEN g.closes_at < greatest(g.due_at, g.yearly_at) THEN 'BAD_ARGUMENT|field=closes_on|why=lies before the due date'
           WHEN g.stranger IS NOT NULL THEN format('BAD_ARGUMENT|field=surveys|why=%s is no survey of this plan', g.stranger) END AS fault
      FROM given g LEFT JOIN past l ON true
), made AS (
    INSERT INTO round AS o (plan_id, code, quarter, opens_at, due_at, yearly_due_at, closes_at, surveys, made_by)
    SELECT c.plan_id, $2, c.quarter, c.opens_at, c.due_at, c.yearly_at, c.closes_at, c.surveys, $8 FROM checked c WHERE c.fault IS NULL AND c.same IS NULL
    RETURNING o
), locks AS (
    INSERT INTO total_lock (round_id, jurisdiction) SELECT (m.o).round_id, j FROM made m, unnest('{federal,kurdistan}'::text[]) AS j
), reports AS (
    INSERT INTO report (entity_id, round_id, plan_id)
    SELECT x.entity_id, (m.o).round_id, (m.o).plan_id FROM made m CROSS JOIN LATERAL round_expects((m.o).plan_id, (m.o).quarter, (m.o).surveys) AS x (entity_id) ORDER BY 1
    RETURNING entity_id
), logged AS (
    SELECT log_append(0, (m.o).plan_id, NULL, NULL, 'round.add', NULL, $8, $9, $10,
               (round_body(m.o) || jsonb_build_object('expected', (SELECT count(*) FROM reports)) || due_moves(c.due_on, c.yearly_on))::text) AS receipt
      FROM made m, checked c
)
SELECT c.fault FROM checked c LEFT JOIN logged l ON l.receipt IS NOT NULL

-- name: round_change (text plan, text round, text action, text due_on, text yearly_due_on, text closes_on, text note, bigint actor_id, bytea key, bytea body_hash)
--    -> (text fault)
-- lanes: write
-- round.open: now, also again what was closed. round.close: on a day, or now. round.extend: later due dates. As round_add otherwise.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $8 AND l.body_hash = $10 AND l.action = $3 AS same FROM log l WHERE l.entity_id = 0 AND l.key = $9
), given AS MATERIALIZED (
    SELECT p.plan_id, o.round_id, o.quarter, o.due_at, greatest(o.yearly_due_at, o.due_at) AS yearly_due_at, o.yearly_due_at AS yearly_was, o.closes_at, d.due_on, d.yearly_on,
           day_end(working_day(d.due_on)) AS due_new, day_end(working_day(d.yearly_on)) AS yearly_new, coalesce(day_end(nullif($6, '')::date), now()) AS closes_new,
           CASE WHEN o.opens_at > now() THEN 'planned' WHEN o.closes_at <= now() THEN 'closed' ELSE 'open' END AS state
      FROM (SELECT nullif($4, '')::date AS due_on, nullif($5, '')::date AS yearly_on) AS d
      LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current) LEFT JOIN round o ON o.plan_id = p.plan_id AND o.code = $2
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT holds_role($8, '{secretariat}', 0) THEN 'FORBIDDEN|action=' || $3
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($1, ''), 'current')
           WHEN g.round_id IS NULL THEN 'NOT_FOUND|what=round|name=' || $2
           WHEN $3 = 'round.open' AND g.state = 'open' OR $3 = 'round.close' AND g.state <> 'open' OR $3 = 'round.extend' AND g.state = 'closed'
                THEN format('WRONG_STATE|report=%s|state=%s|action=%s', $2, g.state, $3)
           WHEN $3 = 'round.close' AND $6 <> '' AND g.closes_new <= now() THEN 'BAD_ARGUMENT|field=closes_on|why=is over: leave it out to close now'
           WHEN g.yearly_new IS NOT NULL AND g.quarter % 4 <> 3 THEN 'BAD_ARGUMENT|field=yearly_due_on|why=this round asks for no yearly figures'
           WHEN g.due_new <= g.due_at THEN format('BAD_ARGUMENT|field=due_on|why=is not later than %s', baghdad_day(g.due_at))
           WHEN g.yearly_new <= greatest(g.yearly_due_at, g.due_new) THEN format('BAD_ARGUMENT|field=yearly_due_on|why=is not later than %s', baghdad_day(greatest(g.yearly_due_at, g.due_new)))
           WHEN g.due_new > g.closes_at THEN 'BAD_ARGUMENT|field=due_on|why=the round closes before it'
           WHEN g.yearly_new > g.closes_at THEN 'BAD_ARGUMENT|field=yearly_due_on|why=the round closes before it' END AS fault
      FROM given g LEFT JOIN past l ON true
), made AS (
    UPDATE round o
       SET opens_at = CASE $3 WHEN 'round.open' THEN least(o.opens_at, now()) ELSE o.opens_at END,
           due_at = coalesce(c.due_new, o.due_at), yearly_due_at = coalesce(c.yearly_new, o.yearly_due_at),
           closes_at = CASE $3 WHEN 'round.close' THEN c.closes_new WHEN 'round.open' THEN CASE c.state WHEN 'closed' THEN NULL ELSE o.closes_at END ELSE o.closes_at END
      FROM checked c WHERE o.round_id = c.round_id AND c.fault IS NULL AND c.same IS NULL
    RETURNING o
), moved AS (
    INSERT INTO due_change (round_id, kind, due_before, due_after, yearly_before, yearly_after, note, made_by)
    SELECT c.round_id, 'extend', CASE WHEN c.due_new IS NOT NULL THEN c.due_at END, c.due_new, CASE WHEN c.yearly_new IS NOT NULL THEN c.yearly_was END, c.yearly_new, $7::text, $8
      FROM made m, checked c WHERE $3 = 'round.extend'
    RETURNING due_change_id
), logged AS (
    SELECT log_append(0, (m.o).plan_id, NULL, NULL, $3, nullif($7, ''), $8, $9, $10,
               (round_body(m.o) || CASE $3 WHEN 'round.extend' THEN '{"extended": true}'::jsonb ELSE '{}' END || due_moves(c.due_on, c.yearly_on))::text) AS receipt
      FROM made m, checked c
)
SELECT c.fault FROM checked c LEFT JOIN logged l ON l.receipt IS NOT NULL
