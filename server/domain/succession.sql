-- An entity takes over from another.

-- name: succession_lock (text old, text successor) -> (bigint entity_id)
-- lanes: bulk
-- First in the unit: the system's chain and those of both, in entity order.
SELECT h.entity_id FROM chain_head h WHERE h.entity_id = 0 OR h.entity_id IN (SELECT e.entity_id FROM entity e WHERE e.code IN ($1, $2)) ORDER BY h.entity_id FOR NO KEY UPDATE

-- name: entity_succeed (text old, text successor, text quarter, text note, bigint actor_id, bytea key, bytea body_hash)
--                   -> (text fault, text old, text successor, text quarter, bigint assignments, bigint cells, text reports, bytea receipt, boolean replayed)
-- lanes: bulk
-- succession_lock comes first in the unit. Reports are parted by commas.
SELECT s.fault, s.outcome ->> 'old', s.outcome ->> 'new', s.outcome ->> 'from', (s.outcome ->> 'assignments')::bigint, (s.outcome ->> 'cells')::bigint,
       (SELECT string_agg(x, ',') FROM jsonb_array_elements_text(s.outcome -> 'reports') AS x), s.receipt, s.replayed
  FROM entity_succeed($1, $2, $3, $4, $5, $6, $7) s
