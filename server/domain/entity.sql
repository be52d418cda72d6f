-- Entities: the reporting institutions.

-- name: entity_list (text code, text jurisdiction)
--    -> (text code, text name_en, text name_ar, text name_ckb, text jurisdiction, text kind, text parent, boolean reporting, text valid_from, text valid_to, text endorsed_by)
SELECT e.code, e.name_en, e.name_ar, e.name_ckb, e.jurisdiction, e.kind, p.code, e.reporting,
       CASE WHEN isfinite(e.valid_from) THEN to_char(e.valid_from, 'YYYY-MM-DD') END, CASE WHEN isfinite(e.valid_to) THEN to_char(e.valid_to, 'YYYY-MM-DD') END, b.code
  FROM entity e LEFT JOIN entity p ON p.entity_id = e.parent_id LEFT JOIN entity b ON b.entity_id = e.endorsed_by_id
 WHERE e.entity_id <> 0 AND ($1 = '' OR e.code = $1) AND ($2 = '' OR e.jurisdiction = $2)
 ORDER BY e.code COLLATE "C"
