-- Verification in the field: samples of accepted cells and what was seen. Figures stay as they are.

-- name: verification_scope (text plan, text round, text entity) -> (boolean plan_there, boolean round_there, boolean entity_there)
SELECT p.plan_id IS NOT NULL, $2 = '' OR EXISTS (SELECT FROM round o WHERE o.plan_id = p.plan_id AND o.code = $2), $3 = '' OR EXISTS (SELECT FROM entity e WHERE e.code = $3)
  FROM (SELECT) AS one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)

-- name: verification_samples (text plan, text round, bigint sample, bytea key, bigint actor_id)
--    -> (bigint sample, text plan, text round, text seed, bigint pool, bigint size, bigint agreed, bigint differs, bigint not_found, bigint open, text rate, text by, text at)
-- lanes: read,bulk
-- The Secretariat's, newest first; with a key the one drawn under it.
SELECT s.sample_id, p.code, o.code, s.seed, s.pool::bigint, c.size, c.agreed, c.differs, c.not_found, c.open, round(c.agreed::numeric / nullif(c.size - c.open, 0), 3)::text, u.name, iso(s.drawn_at)
  FROM verification_sample s JOIN round o USING (round_id) JOIN plan p USING (plan_id) JOIN app_user u ON u.user_id = s.drawn_by
  CROSS JOIN LATERAL (SELECT count(*) AS size, count(*) FILTER (WHERE v.result = 'agreed') AS agreed, count(*) FILTER (WHERE v.result = 'differs') AS differs,
                             count(*) FILTER (WHERE v.result = 'not_found') AS not_found, count(*) FILTER (WHERE v.result IS NULL) AS open
                        FROM verification v WHERE v.sample_id = s.sample_id) c
 WHERE holds_role($5, '{secretariat}', 0)
   AND CASE WHEN $4::bytea IS NOT NULL THEN s.sample_id = (SELECT (l.outcome::jsonb ->> 'sample')::bigint FROM log l WHERE l.entity_id = 0 AND l.key = $4)
            WHEN $3::bigint <> 0 THEN s.sample_id = $3
            ELSE (p.code = $1 OR ($1 = '' AND p.current)) AND ($2 = '' OR o.code = $2) END
 ORDER BY s.sample_id DESC

-- name: verification_cells (text plan, text round, text entity, bigint sample, bytea key, bigint actor_id)
--    -> (bigint sample, bigint place, text plan, text entity, text round, text cell, bigint revision, bigint kind, text number, text denominator, text value, boolean moved,
--        text result, text seen_on, text note, text by, text at, bigint version)
-- lanes: read,bulk
-- Beside a cell stands what was seen, for those who may read the revision that was drawn. The National Team reads neither the figure nor
-- the note here: either may hold a small number. What is only drawn the Secretariat knows. The newest sample first; the last row only says
-- that there are more.
SELECT v.sample_id, v.place::bigint, p.code, e.code, o.code, k.code, v.revision, CASE WHEN mine.cells THEN f.kind::bigint END, CASE WHEN mine.cells THEN f.number::text END,
       CASE WHEN mine.cells THEN f.denominator::text END, CASE WHEN mine.cells THEN f.text END,
       EXISTS (SELECT FROM contribution c WHERE c.entity_id = v.entity_id AND c.round_id = v.round_id AND c.state = 'accepted' AND c.withdrawn_at IS NULL AND c.revision > v.revision),
       v.result, v.seen_on::text, CASE WHEN mine.cells THEN v.note END, u.name, iso(v.recorded_at), v.version::bigint
  FROM verification v JOIN round o USING (round_id) JOIN plan p USING (plan_id) JOIN entity e USING (entity_id) JOIN cell k USING (cell_id) LEFT JOIN app_user u ON u.user_id = v.recorded_by
  CROSS JOIN LATERAL (SELECT holds_role($6, '{focal_point,approver}', v.entity_id) AS own, holds_role($6, '{coordinator}', v.entity_id) AS coordinator,
                             holds_role($6, '{secretariat}', 0) AS secretariat, holds_role($6, '{national_team}', 0) AS team) r
  CROSS JOIN LATERAL (SELECT coalesce(report_view(v.entity_id, v.round_id, r.own::int * 6 + r.coordinator::int * 8 + r.secretariat::int * 16), 0) >= v.revision AS cells,
                             r.team AND coalesce(report_view(v.entity_id, v.round_id, 32), 0) >= v.revision AS team) mine
  LEFT JOIN LATERAL (SELECT c.kind, c.number, c.denominator, c.text FROM contribution x, unnest(x.cells, x.kinds, x.numbers, x.denominators, x.texts) AS c (cell, kind, number, denominator, text)
                      WHERE x.entity_id = v.entity_id AND x.round_id = v.round_id AND x.state = 'accepted' AND x.revision = v.revision AND c.cell = v.cell_id LIMIT 1) f ON true
 WHERE v.entity_id = ANY (may_read()) AND (mine.cells OR mine.team) AND (r.secretariat OR v.result IS NOT NULL) AND $3 IN ('', e.code)
   AND CASE WHEN $5::bytea IS NOT NULL THEN v.sample_id = (SELECT (l.outcome::jsonb ->> 'sample')::bigint FROM log l WHERE l.entity_id = 0 AND l.key = $5)
            WHEN $4::bigint <> 0 THEN v.sample_id = $4
            ELSE (p.code = $1 OR ($1 = '' AND p.current)) AND ($2 = '' OR o.code = $2) END
 ORDER BY v.sample_id DESC, v.place LIMIT 2001

-- name: verification_sample (text plan, text round, bigint size, text seed, text note, bigint actor_id, bytea key, bytea body_hash)
--                        -> (text fault, bytea receipt, boolean replayed)
-- lanes: bulk
-- system_head_lock comes first in the unit. Without a seed it is made of the key, so that a replay draws nothing else.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $6 AND l.body_hash = $8 AND l.action = 'verify.sample' AS same, l.hash FROM log l WHERE l.entity_id = 0 AND l.key = $7
), given AS MATERIALIZED (
    SELECT p.plan_id, o.round_id, q.same, q.hash, coalesce(nullif($4, ''), left(encode($7, 'hex'), 12)) AS seed
      FROM (SELECT) one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current) LEFT JOIN round o ON o.plan_id = p.plan_id AND o.code = $2 LEFT JOIN past q ON true
), checked AS MATERIALIZED (
    SELECT g.*, CASE WHEN NOT holds_role($6, '{secretariat}', 0) THEN 'FORBIDDEN|action=verify.sample'
           WHEN g.same THEN NULL WHEN NOT g.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($1, ''), 'current')
           WHEN g.round_id IS NULL THEN 'NOT_FOUND|what=round|name=' || $2
           WHEN $3::bigint NOT BETWEEN 1 AND 500 THEN 'BAD_ARGUMENT|field=size|why=write 1 to 500'
           WHEN NOT EXISTS (SELECT FROM verification_pool(g.round_id)) THEN format('BAD_ARGUMENT|field=round|why=no figure of it is accepted yet') END AS fault
      FROM given g
), drawn AS MATERIALIZED (
    SELECT c.plan_id, c.round_id, c.seed, verification_draw(c.round_id, c.seed, least($3::bigint, 500)::int, $6) AS sample_id FROM checked c WHERE c.fault IS NULL AND c.same IS NULL
), logged AS (
    SELECT log_append(0, d.plan_id, d.round_id, NULL, 'verify.sample', nullif($5, ''), $6, $7, $8,
               jsonb_build_object('sample', d.sample_id, 'round', $2::text, 'seed', d.seed, 'size', $3::bigint)::text) AS receipt FROM drawn d
)
SELECT c.fault, coalesce(l.receipt, c.hash), c.same IS NOT NULL FROM checked c LEFT JOIN logged l ON true

-- name: verification_lock (bigint sample, bigint place) -> (bigint entity_id)
-- lanes: write
-- First in the unit of a record: the chain of the entity whose cell it is.
SELECT h.entity_id FROM chain_head h WHERE h.entity_id = (SELECT v.entity_id FROM verification v WHERE v.sample_id = $1 AND v.place = $2::bigint) FOR NO KEY UPDATE

-- name: verification_record (bigint sample, bigint place, bigint base_version, text result, text seen_on, text note, bigint actor_id, bytea key, bytea body_hash)
--                        -> (text fault, bigint version, text plan, text entity, text round, text cell, bytea receipt, boolean replayed)
-- lanes: write
-- verification_lock comes first in the unit. Logged in the entity's chain; nobody verifies the own house.
WITH target AS MATERIALIZED (
    SELECT v.*, o.plan_id, p.code AS plan, e.code AS entity, o.code AS round, k.code AS cell
      FROM verification v JOIN round o USING (round_id) JOIN plan p USING (plan_id) JOIN entity e USING (entity_id) JOIN cell k USING (cell_id) WHERE v.sample_id = $1 AND v.place = $2::bigint
), given AS MATERIALIZED (
    SELECT t.*, d.day, l.actor_id = $7 AND l.body_hash = $9 AND l.action = 'verify' AS same, l.hash, l.outcome::jsonb AS o
      FROM (SELECT coalesce(nullif($5, '')::date, today()) AS day) d LEFT JOIN target t ON true LEFT JOIN log l ON l.entity_id = t.entity_id AND l.key = $8
), checked AS MATERIALIZED (
    SELECT g.*, CASE WHEN NOT holds_role($7, '{secretariat}', 0) THEN 'FORBIDDEN|action=verify.record'
           WHEN g.same THEN NULL WHEN NOT g.same THEN 'KEY_REUSED'
           WHEN g.sample_id IS NULL THEN format('NOT_FOUND|what=cell of a sample|name=%s/%s', $1, $2)
           WHEN own_house(g.entity_id, $7) THEN 'FOUR_EYES|why=nobody verifies the own house'
           WHEN g.version <> $3::bigint THEN format('STALE_REVISION|report=%s/%s|revision=%s|base=%s', $1, $2, g.version, $3)
           WHEN $4 NOT IN ('agreed', 'differs', 'not_found') THEN 'BAD_ARGUMENT|field=result|why=is one of agreed, differs, not_found'
           WHEN $4 <> 'agreed' AND $6 = '' THEN 'BAD_ARGUMENT|field=note|why=is missing'
           WHEN g.day > today() THEN 'BAD_ARGUMENT|field=seen_on|why=is to come' END AS fault
      FROM given g
), made AS (
    UPDATE verification v SET version = v.version + 1, result = $4, note = nullif($6, ''), seen_on = c.day, recorded_by = $7, recorded_at = now()
      FROM checked c WHERE c.fault IS NULL AND c.same IS NULL AND v.sample_id = c.sample_id AND v.place = c.place
    RETURNING v.version
), logged AS (
    SELECT m.version, log_append(c.entity_id, c.plan_id, c.round_id, NULL, 'verify', nullif($6, ''), $7, $8, $9,
               jsonb_build_object('sample', $1::bigint, 'place', $2::bigint, 'version', m.version, 'cell', c.cell, 'revision', c.revision, 'result', $4::text, 'seen_on', c.day)::text) AS receipt
      FROM made m, checked c
)
SELECT c.fault, coalesce(l.version::bigint, (c.o ->> 'version')::bigint), c.plan, c.entity, c.round, c.cell, coalesce(l.receipt, c.hash), c.same IS NOT NULL
  FROM checked c LEFT JOIN logged l ON true
