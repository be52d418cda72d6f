-- The consolidated picture. What it shows whom, and how, stands in the functions of migrations/deploy/total.sql.

-- name: national_head (text plan, text round, bigint actor_id, text state)
--                  -> (text plan, text round, text as_of, boolean federal, boolean kurdistan, boolean iraq)
-- Always one row: plan and round are null where there is none, and whose totals at this state the caller may see.
SELECT p.code, o.code, iso(now()), bool_or(s.seen) FILTER (WHERE s.jurisdiction = 'federal'),
       bool_or(s.seen) FILTER (WHERE s.jurisdiction = 'kurdistan'), bool_or(s.seen) FILTER (WHERE s.jurisdiction = 'iraq')
  FROM national_sight($3, $4) s LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)
  LEFT JOIN round o ON o.round_id = national_round(p.plan_id, $2)
 GROUP BY p.code, o.code

-- name: national_totals (text plan, text round, bigint actor_id, text state, text jurisdiction, text indicator, boolean tables)
--                    -> (text indicator, text cell, text jurisdiction, text period, bigint kind, text number, text denominator, text value,
--                        text percent, boolean hidden, text label, bigint expected, bigint valued, bigint withheld, bigint not_available,
--                        bigint not_collected, bigint not_applicable, bigint excused, bigint unanswered, text missing, text under_correction,
--                        text weight_missing, text rate)
-- In the plan's order; of a cell federal, kurdistan, iraq. Lists of entity codes are parted by commas.
SELECT f.indicator, f.cell, f.jurisdiction, f.period, coalesce(f.kind, 0)::bigint, f.number::text, f.denominator::text, f.text, f.percent, f.hidden, f.label,
       f.expected, f.valued, f.withheld, f.not_available, f.not_collected, f.not_applicable, f.excused, f.unanswered, f.missing, f.under_correction,
       f.weight_missing, f.rate
  FROM plan p CROSS JOIN LATERAL national_figures($3, national_round(p.plan_id, $2), $4, $5, $6, $7) f
  JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id)
 WHERE p.code = $1 OR ($1 = '' AND p.current)
 ORDER BY i.sort, i.code, k.sort, k.code, array_position('{federal,kurdistan,iraq}', f.jurisdiction)

-- name: national_part_list (text plan, text round, bigint actor_id, text state, text jurisdiction, text indicator, boolean tables)
--                       -> (text cell, text jurisdiction, text entity, bigint kind, text number, text denominator, text value)
-- In the order of the totals, by entity.
SELECT k.code, f.jurisdiction, f.entity, f.kind::bigint, f.number::text, f.denominator::text, f.text
  FROM plan p CROSS JOIN LATERAL national_parts($3, national_round(p.plan_id, $2), $4, $5, $6, $7) f JOIN cell k USING (cell_id)
 WHERE p.code = $1 OR ($1 = '' AND p.current)
 ORDER BY f.place, f.jurisdiction, f.entity

-- name: national_labels (text plan, text indicator) -> (text code, text name_en, text name_ar, text name_ckb, text pillar)
-- Names of the plan's indicators, or of one; the pillar is the root of its chain.
WITH RECURSIVE chain AS (
    SELECT i.indicator_id, i.result_id FROM plan p JOIN indicator i USING (plan_id)
     WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND ($2 = '' OR i.code = $2)
    UNION ALL
    SELECT c.indicator_id, r.parent_id FROM chain c JOIN result r USING (result_id) WHERE r.parent_id IS NOT NULL
)
SELECT i.code, i.name_en, i.name_ar, i.name_ckb, r.code
  FROM chain c JOIN result r ON r.result_id = c.result_id AND r.parent_id IS NULL JOIN indicator i USING (indicator_id)
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
--                               text submitted_at, boolean on_time, bigint answered, bigint asked, boolean excused, boolean accepted_first, text due_at,
--                               boolean extended, text excused_note)
-- At least one row; entity is null where there is none to tell of, plan and round where there are none.
SELECT p.code, o.code,
       EXISTS (SELECT FROM live_grant g WHERE g.user_id = $3 AND g.role IN ('coordinator', 'secretariat', 'national_team')),
       e.code, e.name_en, e.name_ar, e.name_ckb, e.jurisdiction, s.state, iso(s.first_submitted_at), s.on_time, s.answered, s.asked, s.excused, s.accepted_first, iso(s.due_at), s.extended, s.excused_note
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
