-- Rules: what figures must hold among themselves; added and retired by hand.

-- name: rule_list (text plan, text round)
--    -> (text code, text kind, text name_en, text name_ar, text name_ckb, text severity, text op, text left_text, text right_text, text missing, text valid_from,
--        text valid_to, text settings, boolean quarter_bad, boolean by_hand, boolean retired)
-- Those in force in a quarter, or now and later; one row without a code where there is none, none where there is no such plan.
SELECT r.code, r.kind, CASE r.kind WHEN 'given' THEN r.name_en END, r.name_ar, r.name_ckb, r.severity, r.op, r.left_text, r.right_text, r.missing,
       CASE WHEN isfinite(r.valid_from) THEN to_char(r.valid_from, 'YYYY-MM-DD') END, CASE WHEN isfinite(r.valid_to) THEN to_char(r.valid_to, 'YYYY-MM-DD') END,
       (SELECT string_agg(x.key || '=' || x.value, ' ' ORDER BY x.key) FROM jsonb_each_text(r.parameters) AS x), $2 <> '' AND quarter_number($2) IS NULL,
       coalesce(r.by_hand, false), coalesce(r.retired, false)
  FROM plan p LEFT JOIN rule r ON r.plan_id = p.plan_id
   AND CASE $2 WHEN '' THEN r.valid_to >= today() ELSE quarter_end(quarter_number($2)) BETWEEN r.valid_from AND r.valid_to END
 WHERE p.code = $1 OR ($1 = '' AND p.current)
 ORDER BY CASE r.kind WHEN 'given' THEN 1 WHEN 'table' THEN 3 ELSE 2 END, r.code COLLATE "C", r.valid_from

-- name: rule_change (text plan, text code, text rule, text note, bigint actor_id, bytea key, bytea body_hash)
--                -> (text fault, text code, boolean retired, text from, bytea receipt)
-- lanes: bulk
-- system_head_lock comes first in the unit. One row; a rule that is none raises (class IN).
SELECT c.fault, c.outcome ->> 'rule', coalesce((c.outcome ->> 'retired')::boolean, false), c.outcome ->> 'from', c.receipt
  FROM rule_change($1, $2, nullif($3, ''), nullif($4, ''), $5, $6, $7) c
