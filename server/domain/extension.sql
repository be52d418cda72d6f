-- Extensions: who may still write what, until when, why, given by whom. Whether one unlocks a cell is judged by the save.

-- name: extension_add (bigint entity_id, text plan, text round, text[] cells, text until, text note, bigint actor_id, bytea key, bytea body_hash) -> (text fault)
-- lanes: write
-- head_lock comes first in the unit, extension_told last. A name of cells is a cell's code or a table's: PR-1.3:sex or PR-1.3:sex=*;
-- none is the whole report.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $7 AND l.body_hash = $9 AND l.action = 'extension-add' AS same FROM log l WHERE l.entity_id = $1 AND l.key = $8
), given AS MATERIALIZED (
    SELECT p.plan_id, o.round_id, r.entity_id, e.code AS entity, o.opens_at, moment_end($5) AS until
      FROM entity e LEFT JOIN plan p ON p.code = $2 OR ($2 = '' AND p.current)
      LEFT JOIN round o ON o.plan_id = p.plan_id AND o.code = $3 LEFT JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
     WHERE e.entity_id = $1
), named AS MATERIALIZED (
    SELECT n.name, n.at, k.cell_id, a.cell_id IS NOT NULL AS asked
      FROM given g CROSS JOIN LATERAL (SELECT x.name, x.at, replace(x.name, '=*', '') AS bare FROM unnest($4::text[]) WITH ORDINALITY AS x (name, at)) n
      LEFT JOIN LATERAL (SELECT c.cell_id FROM cell c JOIN indicator i USING (indicator_id) LEFT JOIN indicator_table t USING (table_id)
                          WHERE c.plan_id = g.plan_id AND (c.code = n.name OR i.code || ':' || t.code = n.bare)) k ON true
      LEFT JOIN asked($1, g.round_id) a ON a.cell_id = k.cell_id
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT holds_role($7, '{secretariat}', 0) THEN 'FORBIDDEN|action=extension.add'
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.entity_id IS NULL THEN format('NOT_FOUND|what=report|name=%s/%s', g.entity, $3)
           WHEN g.opens_at > now() THEN format('WRONG_STATE|report=%s|state=planned|action=extension.add', $3)
           WHEN g.until <= now() THEN 'BAD_ARGUMENT|field=until|why=is over'
           ELSE (SELECT CASE WHEN n.cell_id IS NULL THEN 'CELL_UNKNOWN|cell=' || n.name ELSE format('CELL_NOT_ASKED|cell=%s|entity=%s|round=%s', n.name, g.entity, $3) END
                   FROM (SELECT x.name, x.at, max(x.cell_id) AS cell_id, bool_or(x.asked) AS asked FROM named x GROUP BY x.name, x.at) n WHERE NOT n.asked ORDER BY n.at LIMIT 1) END AS fault
      FROM given g LEFT JOIN past l ON true
), made AS (
    INSERT INTO extension AS x (entity_id, round_id, cells, until, reason, given_by)
    SELECT $1, c.round_id, (SELECT array_agg(DISTINCT n.cell_id ORDER BY n.cell_id) FROM named n WHERE n.asked), c.until, $6::text, $7 FROM checked c WHERE c.fault IS NULL AND c.same IS NULL
    RETURNING x
), logged AS (
    SELECT log_append($1, c.plan_id, c.round_id, NULL, 'extension-add', $6, $7, $8, $9, (due_body($1, c.round_id) || extension_body(m.x))::text) AS receipt
      FROM made m, checked c
)
SELECT c.fault FROM checked c LEFT JOIN logged l ON l.receipt IS NOT NULL

-- name: extension_lock (bigint extension_id) -> (bigint entity_id)
-- lanes: write
-- First in the unit: the chain of the extension's entity.
SELECT h.entity_id FROM extension x JOIN chain_head h USING (entity_id) WHERE x.extension_id = $1 FOR NO KEY UPDATE OF h

-- name: extension_revoke (bigint extension_id, text note, bigint actor_id, bytea key, bytea body_hash) -> (text fault)
-- lanes: write
-- extension_lock comes first in the unit, extension_told last. What was saved under it stays.
WITH given AS MATERIALIZED (
    SELECT x.*, o.plan_id FROM (SELECT) one LEFT JOIN (extension x JOIN round o USING (round_id)) ON x.extension_id = $1
), past AS MATERIALIZED (
    SELECT l.actor_id = $3 AND l.body_hash = $5 AND l.action = 'extension-revoke' AS same FROM given g JOIN log l ON l.entity_id = g.entity_id AND l.key = $4
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT holds_role($3, '{secretariat}', 0) THEN 'FORBIDDEN|action=extension.revoke'
           WHEN g.extension_id IS NULL THEN format('NOT_FOUND|what=extension|name=%s', $1)
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.revoked_at IS NOT NULL THEN format('WRONG_STATE|report=%s|state=revoked|action=extension.revoke', $1)
           WHEN g.until <= now() THEN format('WRONG_STATE|report=%s|state=over|action=extension.revoke', $1) END AS fault
      FROM given g LEFT JOIN past l ON true
), made AS (
    UPDATE extension x SET revoked_at = now(), revoked_by = $3, revoked_note = $2::text FROM checked c WHERE x.extension_id = $1 AND c.fault IS NULL AND c.same IS NULL
    RETURNING x
), logged AS (
    SELECT log_append(c.entity_id, c.plan_id, c.round_id, NULL, 'extension-revoke', $2, $3, $4, $5,
               (due_body(c.entity_id, c.round_id) || extension_body(m.x))::text) AS receipt
      FROM made m, checked c
)
SELECT c.fault FROM checked c LEFT JOIN logged l ON l.receipt IS NOT NULL

-- name: extension_told (bigint? entity_id, bigint? extension_id, bytea key)
--    -> (bigint extension, text plan, text entity, text round, text cells, text until, text note, text by, text at, text stands,
--        text revoked_by, text revoked_at, text revoked_note, bytea receipt)
-- lanes: write
-- What was logged under this key in the chain of the entity, or of the extension's.
SELECT (b.o ->> 'extension')::bigint, b.o ->> 'plan', b.o ->> 'entity', b.o ->> 'round', b.o ->> 'cells', b.o ->> 'until', b.o ->> 'note', b.o ->> 'by', b.o ->> 'at', b.o ->> 'stands',
       b.o ->> 'revoked_by', b.o ->> 'revoked_at', b.o ->> 'revoked_note', l.hash
  FROM log l CROSS JOIN LATERAL (SELECT l.outcome::jsonb AS o) b
 WHERE l.key = $3 AND l.entity_id = coalesce($1, (SELECT x.entity_id FROM extension x WHERE x.extension_id = $2))

-- name: extension_list (text plan, text round, text entity, bigint actor_id)
--    -> (bigint extension, text plan, text entity, text round, text cells, text until, text note, text by, text at, text stands,
--        text revoked_by, text revoked_at, text revoked_note)
-- Newest first; of one's own office, one's own jurisdiction, or of all for the Secretariat.
SELECT (b.o ->> 'extension')::bigint, b.o ->> 'plan', b.o ->> 'entity', b.o ->> 'round', b.o ->> 'cells', b.o ->> 'until', b.o ->> 'note', b.o ->> 'by', b.o ->> 'at', b.o ->> 'stands',
       b.o ->> 'revoked_by', b.o ->> 'revoked_at', b.o ->> 'revoked_note'
  FROM plan p JOIN round o USING (plan_id) JOIN extension x USING (round_id) JOIN entity e USING (entity_id) CROSS JOIN LATERAL (SELECT extension_body(x) AS o) b
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND ($2 = '' OR o.code = $2) AND ($3 = '' OR e.code = $3)
   AND x.entity_id = ANY (may_read()) AND holds_role($4, '{focal_point,approver,coordinator,secretariat}', x.entity_id)
 ORDER BY x.extension_id DESC LIMIT 1000
