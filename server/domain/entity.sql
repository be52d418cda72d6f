-- Entities: the reporting institutions.

-- name: entity_list (text code, text jurisdiction)
--    -> (text code, text name_en, text name_ar, text name_ckb, text jurisdiction, text kind, text parent, boolean reporting, text valid_from, text valid_to, text endorsed_by,
--        boolean single_signatory, text order_number, text order_date)
SELECT e.code, e.name_en, e.name_ar, e.name_ckb, e.jurisdiction, e.kind, p.code,
       e.entity_id IN (SELECT a.entity_id FROM assignment_span a WHERE a.part <> 'consulted' AND a.to_quarter = 39996),
       CASE WHEN isfinite(e.valid_from) THEN to_char(e.valid_from, 'YYYY-MM-DD') END, CASE WHEN isfinite(e.valid_to) THEN to_char(e.valid_to, 'YYYY-MM-DD') END, b.code,
       e.single_signatory, e.single_order_number, e.single_order_date::text
  FROM entity e LEFT JOIN entity p ON p.entity_id = e.parent_id LEFT JOIN entity b ON b.entity_id = e.endorsed_by_id
 WHERE e.entity_id <> 0 AND ($1 = '' OR e.code = $1) AND ($2 = '' OR e.jurisdiction = $2)
 ORDER BY e.code COLLATE "C"

-- name: entity_edit (text entity, boolean single, text order_number, date order_date, text note, bigint actor_id, bytea key, bytea body_hash)
--                -> (text fault, boolean single_signatory, text order_number, text order_date, bytea receipt)
-- lanes: write
-- system_head_lock comes first in the unit. The order under which one person types and signs. It is no part of a plan: a
-- plan that is imported again leaves it as it is.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $6 AND l.body_hash = $8 AND l.action = 'entity.edit' AS same, l.hash, l.outcome::jsonb AS outcome FROM log l WHERE l.entity_id = 0 AND l.key = $7
), judged AS MATERIALIZED (
    SELECT p.same, CASE WHEN NOT holds_role($6, '{secretariat}', 0) THEN 'FORBIDDEN|action=entity.edit' WHEN p.same THEN NULL WHEN NOT p.same THEN 'KEY_REUSED'
                        WHEN NOT EXISTS (SELECT FROM entity e WHERE e.code = $1 AND e.entity_id <> 0) THEN 'NOT_FOUND|what=entity|name=' || $1 END AS fault
      FROM (SELECT) one LEFT JOIN past p ON true
), edited AS (
    UPDATE entity e SET single_signatory = $2, single_order_number = CASE WHEN $2 THEN $3::text END, single_order_date = CASE WHEN $2 THEN $4::date END
      FROM judged j WHERE j.fault IS NULL AND j.same IS NULL AND e.code = $1
    RETURNING jsonb_build_object('entity', e.code, 'single_signatory', e.single_signatory, 'order_number', $3::text, 'order_date', ($4::date)::text) AS o
), logged AS (
    SELECT e.o, log_append(0, NULL, NULL, NULL, 'entity.edit', nullif($5, ''), $6, $7, $8, e.o::text) AS receipt FROM edited e
), told AS (
    SELECT o, receipt FROM logged UNION ALL SELECT l.outcome, l.hash FROM past l JOIN judged j ON j.fault IS NULL AND j.same
)
SELECT j.fault, (t.o ->> 'single_signatory')::boolean, coalesce(t.o ->> 'order_number', ''), coalesce(t.o ->> 'order_date', ''), t.receipt
  FROM judged j LEFT JOIN told t ON true
