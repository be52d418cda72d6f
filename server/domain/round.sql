-- Rounds: openings for reporting.

-- name: round_scope (text plan) -> (boolean plan_there)
SELECT EXISTS (SELECT FROM plan p WHERE p.code = $1 OR ($1 = '' AND p.current))

-- name: round_list (text plan, text round)
--    -> (text plan, text round, text opens_at, text due_at, text closes_at, text state, text periods, text surveys, bigint expected)
-- Newest first.
SELECT b.o ->> 'plan', b.o ->> 'round', b.o ->> 'opens_at', b.o ->> 'due_at', b.o ->> 'closes_at', b.o ->> 'state', b.o ->> 'periods', b.o ->> 'surveys', (b.o ->> 'expected')::bigint
  FROM plan p JOIN round r USING (plan_id) CROSS JOIN LATERAL (SELECT round_body(r) AS o) b
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND ($2 = '' OR r.code = $2) ORDER BY r.quarter DESC

-- name: round_add (text plan, text round, text opens_on, text due_on, text closes_on, text[] surveys, bigint actor_id, bytea key, bytea body_hash)
--    -> (text fault, text plan, text round, text opens_at, text due_at, text closes_at, text state, text periods, text surveys, bigint expected, bytea receipt)
-- lanes: write
-- system_head_lock comes first in the unit. One row: the round as round_list gives it (a replay: as it was then), or the
-- fault (CODE|name=value|...). Everybody who has something to answer gets an expected report.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $7 AND l.body_hash = $9 AND l.action = 'round.add' AS same, l.hash, l.outcome::jsonb AS outcome FROM log l WHERE l.entity_id = 0 AND l.key = $8
), given AS MATERIALIZED (
    SELECT p.plan_id, quarter_number($2) AS quarter, quarter_of(p.starts_on) AS first, quarter_of(p.ends_on) AS last, coalesce(day_start(nullif($3, '')::date), now()) AS opens_at,
           day_end(nullif($4, '')::date) AS due_at, day_end(nullif($5, '')::date) AS closes_at,
           ARRAY(SELECT i.indicator_id FROM indicator i WHERE i.plan_id = p.plan_id AND i.frequency = 'survey' AND i.closed_on IS NULL AND i.code = ANY ($6) ORDER BY i.indicator_id) AS surveys,
           (SELECT s FROM unnest($6) AS s WHERE NOT EXISTS (SELECT FROM indicator i WHERE i.plan_id = p.plan_id AND i.code = s AND i.frequency = 'survey' AND i.closed_on IS NULL) LIMIT 1) AS stranger
      FROM (SELECT) AS one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT holds_role($7, '{secretariat}', 0) THEN 'FORBIDDEN|action=round.add'
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($1, ''), 'current')
           WHEN g.quarter IS NULL THEN 'BAD_ARGUMENT|field=round|why=write a quarter, 2024Q3'
           WHEN EXISTS (SELECT FROM round o WHERE o.plan_id = g.plan_id AND o.code = $2) THEN 'EXISTS|what=round|name=' || $2
           WHEN g.quarter NOT BETWEEN g.first AND g.last THEN format('BAD_ARGUMENT|field=round|why=the plan has %s to %s', quarter_code(g.first), quarter_code(g.last))
           WHEN g.due_at <= g.opens_at THEN 'BAD_ARGUMENT|field=due_on|why=lies before the opening'
           WHEN g.closes_at < g.due_at THEN 'BAD_ARGUMENT|field=closes_on|why=lies before the due date'
           WHEN g.stranger IS NOT NULL THEN format('BAD_ARGUMENT|field=surveys|why=%s is no survey of this plan', g.stranger) END AS fault
      FROM given g LEFT JOIN past l ON true
), made AS (
    INSERT INTO round AS o (plan_id, code, quarter, opens_at, due_at, closes_at, surveys, made_by)
    SELECT c.plan_id, $2, c.quarter, c.opens_at, c.due_at, c.closes_at, c.surveys, $7 FROM checked c WHERE c.fault IS NULL AND c.same IS NULL
    RETURNING o
), locks AS (
    INSERT INTO total_lock (round_id, jurisdiction) SELECT (m.o).round_id, j FROM made m, unnest('{federal,kurdistan}'::text[]) AS j
), reports AS (
    INSERT INTO report (entity_id, round_id, plan_id)
    SELECT x.entity_id, (m.o).round_id, (m.o).plan_id FROM made m CROSS JOIN LATERAL round_expects((m.o).plan_id, (m.o).quarter, (m.o).surveys) AS x (entity_id) ORDER BY 1
    RETURNING entity_id
), logged AS (
    SELECT b.o, log_append(0, (m.o).plan_id, NULL, NULL, 'round.add', NULL, $7, $8, $9, b.o::text) AS receipt
      FROM made m CROSS JOIN LATERAL (SELECT round_body(m.o) || jsonb_build_object('expected', (SELECT count(*) FROM reports)) AS o) b
), told AS (
    SELECT o, receipt FROM logged UNION ALL SELECT l.outcome, l.hash FROM past l JOIN checked c ON c.fault IS NULL AND c.same
)
SELECT c.fault, t.o ->> 'plan', t.o ->> 'round', t.o ->> 'opens_at', t.o ->> 'due_at', t.o ->> 'closes_at', t.o ->> 'state', t.o ->> 'periods',
       t.o ->> 'surveys', (t.o ->> 'expected')::bigint, t.receipt
  FROM checked c LEFT JOIN told t ON true

-- name: round_change (text plan, text round, text action, text due_on, text closes_on, text note, bigint actor_id, bytea key, bytea body_hash)
--    -> (text fault, text plan, text round, text opens_at, text due_at, text closes_at, text state, text periods, text surveys, bigint expected, bytea receipt)
-- lanes: write
-- round.open: now, also again what was closed. round.close: on a day, or now. round.extend: a later due date. As round_add otherwise.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $7 AND l.body_hash = $9 AND l.action = $3 AS same, l.hash, l.outcome::jsonb AS outcome FROM log l WHERE l.entity_id = 0 AND l.key = $8
), given AS MATERIALIZED (
    SELECT p.plan_id, o.round_id, o.due_at, o.closes_at, day_end(nullif($4, '')::date) AS due_new, coalesce(day_end(nullif($5, '')::date), now()) AS closes_new,
           CASE WHEN o.opens_at > now() THEN 'planned' WHEN o.closes_at <= now() THEN 'closed' ELSE 'open' END AS state
      FROM (SELECT) AS one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current) LEFT JOIN round o ON o.plan_id = p.plan_id AND o.code = $2
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT holds_role($7, '{secretariat}', 0) THEN 'FORBIDDEN|action=' || $3
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($1, ''), 'current')
           WHEN g.round_id IS NULL THEN 'NOT_FOUND|what=round|name=' || $2
           WHEN $3 = 'round.open' AND g.state = 'open' OR $3 = 'round.close' AND g.state <> 'open' OR $3 = 'round.extend' AND g.state = 'closed'
                THEN format('WRONG_STATE|report=%s|state=%s|action=%s', $2, g.state, $3)
           WHEN $3 = 'round.close' AND $5 <> '' AND g.closes_new <= now() THEN 'BAD_ARGUMENT|field=closes_on|why=is over: leave it out to close now'
           WHEN $3 = 'round.extend' AND g.due_new <= g.due_at THEN format('BAD_ARGUMENT|field=due_on|why=is not later than %s', to_char(g.due_at AT TIME ZONE 'Asia/Baghdad', 'YYYY-MM-DD'))
           WHEN $3 = 'round.extend' AND g.due_new > g.closes_at THEN 'BAD_ARGUMENT|field=due_on|why=the round closes before it' END AS fault
      FROM given g LEFT JOIN past l ON true
), made AS (
    UPDATE round o
       SET opens_at = CASE $3 WHEN 'round.open' THEN least(o.opens_at, now()) ELSE o.opens_at END,
           due_at = CASE $3 WHEN 'round.extend' THEN c.due_new ELSE o.due_at END,
           closes_at = CASE $3 WHEN 'round.close' THEN c.closes_new WHEN 'round.open' THEN CASE c.state WHEN 'closed' THEN NULL ELSE o.closes_at END ELSE o.closes_at END
      FROM checked c WHERE o.round_id = c.round_id AND c.fault IS NULL AND c.same IS NULL
    RETURNING o
), logged AS (
    SELECT b.o, log_append(0, (m.o).plan_id, NULL, NULL, $3, nullif($6, ''), $7, $8, $9, b.o::text) AS receipt
      FROM made m CROSS JOIN LATERAL (SELECT round_body(m.o) AS o) b
), told AS (
    SELECT o, receipt FROM logged UNION ALL SELECT l.outcome, l.hash FROM past l JOIN checked c ON c.fault IS NULL AND c.same
)
SELECT c.fault, t.o ->> 'plan', t.o ->> 'round', t.o ->> 'opens_at', t.o ->> 'due_at', t.o ->> 'closes_at', t.o ->> 'state', t.o ->> 'periods',
       t.o ->> 'surveys', (t.o ->> 'expected')::bigint, t.receipt
  FROM checked c LEFT JOIN told t ON true
