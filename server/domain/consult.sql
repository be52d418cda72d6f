-- The consulted: what they may see of others' reports, and what they say of it.

-- name: consult_list (bigint actor_id, text plan, text round, text entity)
--                 -> (text plan, text entity, text round, text by, text cell, text period, bigint kind, text number, text denominator, text value,
--                     text unit_code, text value_kind, bigint revision, text answer, text said, boolean total, text name_en, text name_ar, text name_ckb)
-- The newest round first.
SELECT p.code, e.code, o.code, b.code, k.code, period_code(o.quarter, i.frequency), c.kind::bigint, c.number::text, c.denominator::text, c.text, i.unit, i.value_kind,
       c.revision, c.said, c.said_text, k.table_id IS NULL, i.name_en, i.name_ar, i.name_ckb
  FROM consulted_cells($1, $2, $3, $4, false) c JOIN entity e ON e.entity_id = c.entity_id JOIN entity b ON b.entity_id = c.by_entity_id JOIN round o USING (round_id)
  JOIN plan p ON p.plan_id = o.plan_id JOIN cell k USING (cell_id) JOIN indicator i ON i.indicator_id = k.indicator_id
 ORDER BY o.quarter DESC, e.code COLLATE "C", i.sort, k.sort, b.code LIMIT 4000

-- name: report_consult (text entity, text plan, text round, text cell, bigint base_revision, text answer, text said, bigint actor_id, bytea key, bytea body_hash)
--                   -> (text fault, text by, text cell, text answer, bigint point, bytea receipt)
-- lanes: write
-- One row; it takes the head of the reporting entity's chain itself, for the caller knows it by its code only.
SELECT c.fault, c.outcome ->> 'by', c.outcome ->> 'cell', c.outcome ->> 'answer', (c.outcome ->> 'point')::bigint, c.receipt
  FROM report_consult($1, $2, $3, $4, $5, $6, nullif($7, ''), $8, $9, $10) c
