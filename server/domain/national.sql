-- The consolidated picture. What it shows whom, and how, stands in the functions of migrations/deploy/consolidate.sql and span.sql.

-- name: national_head (text plan, text round, bigint actor_id, text state, text period, text pillar, text entity, text table)
--                  -> (text plan, text round, text as_of, boolean federal, boolean kurdistan, boolean iraq, boolean period_there, text rounds, text unopened,
--                      boolean pillar_there, boolean entity_there, boolean table_there)
-- Always one row: plan and round are null where there is none, and whose totals at this state the caller may see. Of a period its
-- rounds, and its quarters without one.
SELECT p.code, o.code, iso(now()), bool_or(s.seen) FILTER (WHERE s.jurisdiction = 'federal'),
       bool_or(s.seen) FILTER (WHERE s.jurisdiction = 'kurdistan'), bool_or(s.seen) FILTER (WHERE s.jurisdiction = 'iraq'), q.first IS NOT NULL,
       (SELECT string_agg(r.code, ',' ORDER BY r.quarter) FROM national_rounds(p.plan_id, '', $5) r WHERE $5 <> ''),
       (SELECT string_agg(quarter_code(n), ',' ORDER BY n) FROM generate_series(q.first, q.last) AS n WHERE NOT EXISTS (SELECT FROM round x WHERE x.plan_id = p.plan_id AND x.quarter = n)),
       $6 = '' OR EXISTS (SELECT FROM result x WHERE x.plan_id = p.plan_id AND x.code = $6 AND x.parent_id IS NULL),
       $7 = '' OR EXISTS (SELECT FROM entity x WHERE x.code = $7 AND x.entity_id <> 0),
       $8 = '' OR EXISTS (SELECT FROM indicator x JOIN indicator_table t USING (indicator_id) WHERE x.plan_id = p.plan_id AND t.code = $8)
  FROM national_sight($3, $4) s CROSS JOIN LATERAL period_quarters($5) q LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)
  LEFT JOIN round o ON o.round_id = national_round(p.plan_id, $2)
 GROUP BY p.plan_id, p.code, o.code, q.first, q.last

-- name: national_totals (text plan, text round, bigint actor_id, text state, text jurisdiction, text indicator, boolean tables,
--                        text period, text pillar, text entity, text table)
--                    -> (text indicator, text cell, text jurisdiction, text period, bigint kind, text number, text denominator, text value,
--                        text percent, boolean hidden, text label, bigint expected, bigint valued, bigint withheld, bigint not_available,
--                        bigint not_collected, bigint not_applicable, bigint excused, bigint unanswered, text missing, text under_correction,
--                        text weight_missing, text rate, text contested, text gaps, text formula, text needs)
-- In the plan's order; of a cell by quarter where it is listed, then federal, kurdistan, iraq. Lists are parted by commas. An
-- entity leaves what is asked of it. What everybody sees (reader 0) holds no words that entities typed, as no edition does.
WITH picture AS MATERIALIZED ( -- once, not for every indicator that it is joined with
    SELECT p.plan_id, f.* FROM plan p CROSS JOIN LATERAL national_picture($3, p.plan_id, $2, $8, $4, $5, $6, $7) f WHERE p.code = $1 OR ($1 = '' AND p.current)
)
SELECT i.code, k.code, f.jurisdiction, f.period, coalesce(f.kind, 0)::bigint, f.number::text, f.denominator::text, CASE WHEN $3 <> 0 THEN f.text END, f.percent, f.hidden, f.label,
       f.expected, f.valued, f.withheld, f.not_available, f.not_collected, f.not_applicable, f.excused, f.unanswered, f.missing, f.under_correction,
       f.weight_missing, f.rate, f.contested, f.gaps, x.formula, x.needs
  FROM picture f JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id) LEFT JOIN indicator_table t USING (table_id) LEFT JOIN LATERAL indicator_formula(i) x ON true
 WHERE $11 IN ('', t.code)
   AND ($9 = '' OR i.indicator_id IN (SELECT l.indicator_id FROM indicator_pillars(f.plan_id) l WHERE l.pillar = $9))
   AND ($10 = '' OR k.cell_id IN (SELECT c.cell_id FROM form_cell c JOIN entity e USING (entity_id) WHERE e.code = $10))
 ORDER BY i.sort, i.code, k.sort, k.code, f.quarter, array_position('{federal,kurdistan,iraq}', f.jurisdiction)

-- name: national_part_list (text plan, text round, bigint actor_id, text state, text jurisdiction, text indicator, boolean tables, text period, text pillar, text entity,
--                           text table)
--                       -> (text cell, text jurisdiction, text entity, text period, bigint kind, text number, text denominator, text value, text section)
-- In the order of the totals, by quarter and entity; of no cell and no quarter that the totals leave out.
WITH part AS MATERIALIZED (
    SELECT p.plan_id, f.* FROM plan p CROSS JOIN LATERAL national_picture_parts($3, p.plan_id, $2, $8, $4, $5, $6, $7) f WHERE p.code = $1 OR ($1 = '' AND p.current)
)
SELECT k.code, f.jurisdiction, f.entity, period_code(f.quarter, i.frequency), f.kind::bigint, f.number::text, f.denominator::text, CASE WHEN $3 <> 0 THEN f.text END, f.section
  FROM part f JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id) LEFT JOIN indicator_table t USING (table_id)
 WHERE $10 IN ('', f.entity) AND $11 IN ('', t.code)
   AND ($8 = '' OR period_rule(i) NOT IN ('sum', 'ratio') OR f.quarter - period_length(i.frequency) + 1 >= (period_quarters($8)).first)
   AND ($9 = '' OR i.indicator_id IN (SELECT l.indicator_id FROM indicator_pillars(f.plan_id) l WHERE l.pillar = $9))
 ORDER BY i.sort, i.code, k.sort, k.code, f.jurisdiction, f.quarter, f.entity, f.section

-- name: national_light_list (text plan, text round, bigint actor_id, text state, text jurisdiction, text indicator, text period)
--                        -> (text cell, text jurisdiction, text target, text light, text why, text set_light)
-- Of totals that have a target, in their order: the lights at the end of the round's or the period's last quarter. Without a
-- target nothing is worked out; of a few indicators with one only these are.
WITH aimed AS MATERIALIZED (
    SELECT p.plan_id, CASE WHEN $7 = '' THEN (SELECT o.quarter FROM round o WHERE o.round_id = national_round(p.plan_id, $2)) ELSE (SELECT q.last FROM period_quarters($7) q) END AS quarter,
           CASE WHEN count(DISTINCT i.code) > 2 THEN ARRAY[$6] ELSE array_agg(DISTINCT i.code) END AS codes
      FROM plan p CROSS JOIN LATERAL target_current(p.plan_id) t JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id)
     WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND $6 IN ('', i.code) GROUP BY p.plan_id
), light AS MATERIALIZED (
    SELECT f.* FROM aimed a CROSS JOIN LATERAL unnest(a.codes) AS c (code) CROSS JOIN LATERAL national_lights($3, a.plan_id, a.quarter, $4, $5, c.code) f
)
SELECT k.code, f.jurisdiction, f.target_number::text, f.light, f.why, f.set_light
  FROM light f JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id)
 WHERE f.entity_id IS NULL AND (f.target_kind IS NOT NULL OR f.why = 'no_milestone' OR f.set_light IS NOT NULL)
 ORDER BY i.sort, i.code, k.sort, k.code, array_position('{federal,kurdistan,iraq}', f.jurisdiction)

-- name: national_labels (text plan, text indicator) -> (text code, text name_en, text name_ar, text name_ckb, text pillar)
-- Names of the plan's indicators, or of one, with the pillar.
SELECT i.code, i.name_en, i.name_ar, i.name_ckb, l.pillar
  FROM plan p CROSS JOIN LATERAL indicator_pillars(p.plan_id) l JOIN indicator i USING (indicator_id)
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND ($2 = '' OR i.code = $2)
 ORDER BY i.sort, i.code

-- name: national_whole_list (text plan, text round, bigint actor_id, text state, text jurisdiction, text indicator)
--                        -> (text cell, text jurisdiction, text breaks_at, text parts, bigint kind, text number, text denominator, text percent, boolean hidden)
-- Of one indicator; parts are separated by blanks.
SELECT w.cell, w.jurisdiction, w.breaks_at, w.parts, coalesce(w.kind, 0)::bigint, w.number::text, w.denominator::text, w.percent, w.hidden
  FROM plan p CROSS JOIN LATERAL national_wholes($3, national_round(p.plan_id, $2), $4, $5, $6) w
 WHERE p.code = $1 OR ($1 = '' AND p.current)
 ORDER BY w.sort, w.cell, array_position('{federal,kurdistan,iraq}', w.jurisdiction)

-- name: national_report_states (text plan, text round, bigint actor_id)
--                           -> (text plan, text round, boolean allowed, text entity, text name_en, text name_ar, text name_ckb, text jurisdiction, text state,
--                               text submitted_at, boolean on_time, bigint answered, bigint asked, bigint valued, boolean excused, boolean accepted_first,
--                               text due_at, boolean extended, text excused_note)
-- At least one row; entity is null where there is none to tell of, plan and round where there are none.
SELECT p.code, o.code,
       EXISTS (SELECT FROM live_grant g WHERE g.user_id = $3 AND g.role IN ('coordinator', 'secretariat', 'national_team')),
       e.code, e.name_en, e.name_ar, e.name_ckb, e.jurisdiction, s.state, iso(s.first_submitted_at), s.on_time, s.answered, s.asked, s.valued, s.excused, s.accepted_first, iso(s.due_at), s.extended, s.excused_note
  FROM (SELECT) one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)
  LEFT JOIN round o ON o.round_id = national_round(p.plan_id, $2)
  LEFT JOIN (national_states($3, national_round((SELECT x.plan_id FROM plan x WHERE x.code = $1 OR ($1 = '' AND x.current)), $2)) s
             JOIN entity e ON e.entity_id = s.entity_id) ON o.round_id IS NOT NULL
 ORDER BY e.jurisdiction, e.code

-- name: national_differences (text plan, text round, bigint actor_id)
--                         -> (text plan, text round, boolean allowed, text cell, text jurisdiction, text state, text fault, bigint compared)
-- lanes: bulk
-- One row per difference and one without a cell; compared stands in every row. The Secretariat's.
SELECT p.code, o.code, holds_role($3, '{secretariat}', 0), d.cell, d.jurisdiction, d.state, d.fault, coalesce(d.compared, 0)
  FROM (SELECT) one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)
  LEFT JOIN round o ON o.round_id = national_round(p.plan_id, $2)
  LEFT JOIN LATERAL national_recompute(CASE WHEN holds_role($3, '{secretariat}', 0) THEN o.round_id END) d ON holds_role($3, '{secretariat}', 0)
 ORDER BY d.cell, d.jurisdiction, d.state
