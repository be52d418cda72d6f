-- An entity takes over from another.

-- name: succession_lock (text old, text successor) -> (bigint entity_id)
-- lanes: bulk
-- First in the unit: the system's chain and those of both, in entity order.
SELECT h.entity_id FROM chain_head h WHERE h.entity_id = 0 OR h.entity_id IN (SELECT e.entity_id FROM entity e WHERE e.code IN ($1, $2)) ORDER BY h.entity_id FOR NO KEY UPDATE

-- name: entity_succeed (text old, text successor, text quarter, text note, bigint actor_id, bytea key, bytea body_hash)
--                   -> (text fault, text old, text successor, text quarter, bigint assignments, bigint cells, text reports, bytea receipt, boolean replayed,
--                       bigint sections, bigint activities, bigint evidence, text users, text roles)
-- lanes: bulk
-- succession_lock comes first in the unit. Reports are parted by commas; so are the former entity's people and, in their order, their roles.
SELECT s.fault, s.outcome ->> 'old', s.outcome ->> 'new', s.outcome ->> 'from', (s.outcome ->> 'assignments')::bigint, (s.outcome ->> 'cells')::bigint,
       (SELECT string_agg(x, ',') FROM jsonb_array_elements_text(s.outcome -> 'reports') AS x), s.receipt, s.replayed,
       (s.outcome ->> 'sections')::bigint, (s.outcome ->> 'activities')::bigint, (s.outcome ->> 'evidence')::bigint,
       (SELECT string_agg(x ->> 'user', ',' ORDER BY n) FROM jsonb_array_elements(s.outcome -> 'people') WITH ORDINALITY AS p (x, n)),
       (SELECT string_agg(x ->> 'role', ',' ORDER BY n) FROM jsonb_array_elements(s.outcome -> 'people') WITH ORDINALITY AS p (x, n))
  FROM entity_succeed($1, $2, $3, $4, $5, $6, $7) s
