-- Indicators: what a plan asks for, in which tables, of whom.

-- name: indicator_scope (text plan, text entity, text code) -> (boolean plan_there, boolean entity_there, boolean code_there)
-- Whether what a list is narrowed to exists at all.
SELECT EXISTS (SELECT FROM plan p WHERE p.code = $1 OR ($1 = '' AND p.current)), $2 = '' OR EXISTS (SELECT FROM entity e WHERE e.code = $2 AND e.entity_id <> 0),
       $3 = '' OR EXISTS (SELECT FROM plan p JOIN indicator i USING (plan_id) WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND i.code = $3 AND i.closed_on IS NULL)

-- name: indicator_list (text plan, text entity, text code)
--    -> (bigint id, text code, text name_en, text name_ar, text name_ckb, text pillar, text output, text level, text unit_code, text unit_label, text direction, text frequency,
--        text value_kind, text combine, text rule, text protection, bigint k, boolean may_withhold, boolean may_overlap, text numerator_en, text denominator_en,
--        text source, bigint cells, text means, text note)
SELECT i.indicator_id, i.code, i.name_en, i.name_ar, i.name_ckb, a.code, o.code, i.level, i.unit, i.unit_label, i.direction, i.frequency,
       i.value_kind, i.combine, i.rule, i.protection, i.k::bigint, i.may_withhold, i.may_overlap, i.numerator_en, i.denominator_en,
       i.body ->> 'source', (SELECT count(*) FROM cell k WHERE k.indicator_id = i.indicator_id AND k.closed_on IS NULL),
       i.body ->> 'means_of_verification', i.body ->> 'note'
  FROM plan p JOIN indicator i USING (plan_id) JOIN result o ON o.result_id = i.result_id
  LEFT JOIN result c ON c.result_id = o.parent_id LEFT JOIN result a ON a.result_id = c.parent_id
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND i.closed_on IS NULL AND ($3 = '' OR i.code = $3)
   AND ($2 = '' OR EXISTS (SELECT FROM assignment_span s JOIN entity e USING (entity_id) WHERE s.indicator_id = i.indicator_id AND e.code = $2 AND s.to_quarter = 39996))
 ORDER BY i.sort

-- name: indicator_tables (text plan, text entity, text code) -> (bigint id, text dimensions, boolean exclusive)
-- Of the indicators that indicator_list gives, in its order.
SELECT i.indicator_id, t.code, t.exclusive
  FROM plan p JOIN indicator i USING (plan_id) JOIN indicator_table t USING (indicator_id)
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND i.closed_on IS NULL AND t.closed_on IS NULL AND ($3 = '' OR i.code = $3)
   AND ($2 = '' OR EXISTS (SELECT FROM assignment_span s JOIN entity e USING (entity_id) WHERE s.indicator_id = i.indicator_id AND e.code = $2 AND s.to_quarter = 39996))
 ORDER BY i.sort, t.table_id

-- name: indicator_assignments (text plan, text entity, text code) -> (bigint id, text entity, text part, text from, text to, text covers, boolean by_hand)
-- Likewise. What never came into force is left out.
SELECT i.indicator_id, e.code, a.part, quarter_code(a.from_quarter), CASE WHEN a.to_quarter < 39996 THEN quarter_code(a.to_quarter) END,
       (SELECT string_agg(d.code || '=' || c.code, ',' ORDER BY d.code, c.sort) FROM category c JOIN dimension d USING (dimension_id) WHERE c.category_id = ANY (a.covers)), a.by_hand
  FROM plan p JOIN indicator i USING (plan_id) JOIN assignment_span a USING (indicator_id) JOIN entity e ON e.entity_id = a.entity_id
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND i.closed_on IS NULL AND ($3 = '' OR i.code = $3) AND a.to_quarter >= a.from_quarter
   AND ($2 = '' OR EXISTS (SELECT FROM assignment_span s JOIN entity x USING (entity_id) WHERE s.indicator_id = i.indicator_id AND x.code = $2 AND s.to_quarter = 39996))
 ORDER BY i.sort, array_position('{whole,numerator,denominator,consulted}', a.part), e.entity_id, a.from_quarter
