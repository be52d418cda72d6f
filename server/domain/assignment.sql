-- Assignments: made and ended by hand.

-- name: assignment_change (text plan, text entity, text indicator, text part, text[] covers, text quarter, boolean ends, text note,
--                          bigint actor_id, bytea key, bytea body_hash)
--                      -> (text fault, text entity, text indicator, text part, text from, text to, text covers, bigint before, bigint cells,
--                          text warnings, bytea receipt)
-- lanes: bulk
-- system_head_lock comes first in the unit. One row; two reporters of a `one`, and a change under values, raise (class IN).
SELECT c.fault, c.outcome ->> 'entity', c.outcome ->> 'indicator', c.outcome ->> 'part', c.outcome ->> 'from', c.outcome ->> 'to',
       (SELECT string_agg(x, ',') FROM jsonb_array_elements_text(c.outcome -> 'covers') AS x), (c.outcome ->> 'before')::bigint, (c.outcome ->> 'cells')::bigint,
       (SELECT string_agg(x, ',') FROM jsonb_array_elements_text(c.outcome -> 'warnings') AS x), c.receipt
  FROM assignment_change($1, $2, $3, $4, $5, $6, $7, nullif($8, ''), $9, $10, $11) c
