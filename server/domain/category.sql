-- Categories: what their codes mean.

-- name: category_list (text plan, text dimension)
--    -> (text dimension, text dimension_en, text dimension_ar, text dimension_ckb,
--        text code, text name_en, text name_ar, text name_ckb, text valid_from, text valid_to, text split_from)
-- By dimension; what is no longer asked stays, since older reports have it, and its last day is at the latest when it was closed.
SELECT d.code, d.name_en, d.name_ar, d.name_ckb, c.code, c.name_en, c.name_ar, c.name_ckb,
       CASE WHEN isfinite(c.valid_from) THEN to_char(c.valid_from, 'YYYY-MM-DD') END,
       CASE WHEN isfinite(least(c.valid_to, c.closed_on)) THEN to_char(least(c.valid_to, c.closed_on), 'YYYY-MM-DD') END, c.split_from
  FROM plan p JOIN dimension d USING (plan_id) JOIN category c USING (dimension_id)
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND ($2 = '' OR d.code = $2)
 ORDER BY d.code COLLATE "C", c.sort, c.category_id
