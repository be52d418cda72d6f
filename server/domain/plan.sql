-- Plans: import, list, chain.

-- name: system_head_lock () -> (bigint seq)
-- lanes: write,bulk
-- Every write to the system's own chain begins with it: from here on nobody else writes reference data.
SELECT h.seq FROM chain_head h WHERE h.entity_id = 0 FOR NO KEY UPDATE

-- name: plan_import (text json, text code, bigint actor_id, bytea key, bytea body_hash) -> (text fault, bytea receipt)
-- lanes: bulk
-- One row. A file at fault raises (SQLSTATE class IN); the statements below read what was done from the log.
SELECT i.fault, i.receipt FROM plan_import($1, $2, $3, $4, $5) i

-- name: plan_import_summary (bytea key) -> (bigint added, bigint changed, bigint closed, bigint unchanged)
-- lanes: bulk
SELECT (l.outcome::jsonb ->> 'added')::bigint, (l.outcome::jsonb ->> 'changed')::bigint, (l.outcome::jsonb ->> 'closed')::bigint,
       (l.outcome::jsonb ->> 'unchanged')::bigint
  FROM log l WHERE l.entity_id = 0 AND l.key = $1 AND l.action = 'plan.import'

-- name: plan_import_changes (bytea key) -> (text kind, text code, text action, text fields)
-- lanes: bulk
SELECT c.v ->> 0, c.v ->> 1, c.v ->> 2, c.v ->> 3
  FROM log l CROSS JOIN LATERAL jsonb_array_elements(l.outcome::jsonb -> 'changes') WITH ORDINALITY AS c (v, n)
 WHERE l.entity_id = 0 AND l.key = $1 AND l.action = 'plan.import' ORDER BY c.n

-- name: plan_import_counts (bytea key) -> (text kind, bigint count)
-- lanes: bulk
SELECT c.v ->> 0, (c.v ->> 1)::bigint
  FROM log l CROSS JOIN LATERAL jsonb_array_elements(l.outcome::jsonb -> 'counts') WITH ORDINALITY AS c (v, n)
 WHERE l.entity_id = 0 AND l.key = $1 AND l.action = 'plan.import' ORDER BY c.n

-- name: plan_import_warnings (bytea key) -> (text warning)
-- lanes: bulk
SELECT w.v FROM log l CROSS JOIN LATERAL jsonb_array_elements_text(l.outcome::jsonb -> 'warnings') WITH ORDINALITY AS w (v, n)
 WHERE l.entity_id = 0 AND l.key = $1 AND l.action = 'plan.import' ORDER BY w.n

-- name: plan_list (text plan, boolean every) -> (text code, text name_en, text name_ar, text name_ckb, text starts_on, text ends_on, text state, boolean current)
-- Newest first; one alone where `every` is false, the current one where its code is empty.
SELECT p.code, p.name_en, p.name_ar, p.name_ckb, to_char(p.starts_on, 'YYYY-MM-DD'), to_char(p.ends_on, 'YYYY-MM-DD'), p.state, p.current
  FROM plan p WHERE $2 OR p.code = $1 OR ($1 = '' AND p.current) ORDER BY p.starts_on DESC, p.code

-- name: plan_results (text plan) -> (text code, text kind, text name_en, text name_ar, text name_ckb, text parent, text lead)
-- The chain in the plan's order, what is closed left out.
SELECT r.code, r.kind, r.name_en, r.name_ar, r.name_ckb, u.code, e.code
  FROM plan p JOIN result r USING (plan_id) LEFT JOIN result u ON u.result_id = r.parent_id LEFT JOIN entity e ON e.entity_id = r.lead_entity_id
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND r.closed_on IS NULL ORDER BY r.sort
