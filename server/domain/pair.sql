-- Pairs of entities that report the same fact.

-- name: pair_list (text plan, text round, bigint actor_id)
--              -> (text plan, text round, text code, text name_en, text name_ar, text name_ckb, text tolerance, text left_entity, text left_cell, text left_figure, bigint left_point,
--                  text right_entity, text right_cell, text right_figure, bigint right_point, boolean differs)
-- At least one row; code is null where there is none to tell of, plan and round where there are none.
SELECT p.code, o.code, f.code, f.names ->> 'en', f.names ->> 'ar', f.names ->> 'ckb', f.tolerance::text, f.left_entity, f.left_cell, f.left_figure, f.left_point::bigint,
       f.right_entity, f.right_cell, f.right_figure, f.right_point::bigint, f.differs
  FROM (SELECT) one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)
  LEFT JOIN round o ON o.round_id = national_round(p.plan_id, $2) LEFT JOIN LATERAL pair_list($3, o.round_id) f ON true
