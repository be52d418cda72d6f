-- Reading reports: what they hold, ask, hold open and went through.

-- name: report_head (bigint entity_id, text plan, text round, integer roles, bigint? revision, date as_of)
--                -> (bigint round_id, text plan, text name_en, text name_ar, text name_ckb, text state, bigint revision, boolean ready,
--                    text submitted_at, text due_at, text claimed_by, text letter_number, text letter_date, text note, boolean latest, text respond_by, text lock,
--                    boolean extended, text yearly_due_at, boolean excused, text excused_note)
-- No row: there is no such report for these roles. Of an older revision: how it stood then.
SELECT r.round_id, p.code, e.name_en, e.name_ar, e.name_ckb, w.state, v.seen, r.ready AND $4 & 6 <> 0 AND w.latest,
       iso(CASE WHEN w.latest THEN r.first_submitted_at
                ELSE (SELECT min(c.at) FROM contribution c WHERE c.entity_id = $1 AND c.round_id = r.round_id AND c.state = 'submitted' AND c.withdrawn_at IS NULL AND c.revision <= v.seen) END),
       iso(report_due(r, o)), CASE WHEN w.latest THEN (SELECT u.name FROM app_user u WHERE u.user_id = r.claimed_by AND claim_live(r.claimed_at)) END,
       CASE WHEN w.latest THEN r.letter_number END, CASE WHEN w.latest THEN r.letter_date::text END,
       (SELECT l.note FROM log l WHERE l.entity_id = $1 AND l.round_id = r.round_id AND l.revision = v.seen AND l.action NOT IN ('save', 'narrative', 'activity')),
       w.latest, CASE WHEN w.latest THEN iso(r.respond_by) END, (SELECT u.lock FROM report_unlocked($1, r.round_id, r.state) u WHERE $4 & 6 <> 0),
       report_extended($1, r.round_id), iso(report_yearly_due(r, o)), r.excused_by IS NOT NULL, r.excused_note
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  JOIN entity e ON e.entity_id = r.entity_id
  CROSS JOIN LATERAL (SELECT report_at($1, r.round_id, $4, $5, $6) AS seen OFFSET 0) v -- once, not wherever it is named
  CROSS JOIN LATERAL (SELECT b.latest, CASE WHEN b.latest THEN state_now(r.state, r.claimed_at) ELSE coalesce(
           (SELECT coalesce(l.outcome::jsonb ->> 'to', l.outcome::jsonb ->> 'state') FROM log l
             WHERE l.entity_id = $1 AND l.round_id = r.round_id AND l.revision <= v.seen AND l.outcome::jsonb ?| ARRAY['to', 'state']
             ORDER BY l.revision DESC LIMIT 1), 'expected') END AS state
        FROM (SELECT v.seen = report_view($1, r.round_id, $4) AS latest OFFSET 0) b) w
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND v.seen IS NOT NULL

-- name: report_office (bigint entity_id, text plan, text round, integer roles, bigint? revision, date as_of)
--                  -> (text signed_by, text signed_at, text basis, text order_number, text order_date, text single_number, text single_date,
--                      text received_by, text received_at, text claimed_until, text lapsed_by, boolean published, boolean asked)
-- Who signed what these roles read, and by what right; who received it on paper; how long the claim holds, or whose has lapsed.
SELECT CASE l.action WHEN 'submit' THEN u.name END, CASE l.action WHEN 'submit' THEN iso(l.at) END, l.outcome::jsonb #>> '{signed,basis}',
       l.outcome::jsonb #>> '{signed,order_number}', l.outcome::jsonb #>> '{signed,order_date}', l.outcome::jsonb #>> '{signed,single_number}',
       l.outcome::jsonb #>> '{signed,single_date}', CASE l.action WHEN 'receive' THEN u.name END, CASE l.action WHEN 'receive' THEN iso(l.at) END,
       CASE WHEN r.state = 'in_review' THEN iso(claim_end(r.claimed_at)) END,
       (SELECT c.name FROM app_user c WHERE c.user_id = r.claimed_by AND r.state = 'in_review' AND NOT claim_live(r.claimed_at)),
       r.state = 'accepted' AND edition_holds($1, r.round_id),
       r.state = 'accepted' AND EXISTS (SELECT FROM review_point t WHERE t.entity_id = $1 AND t.round_id = r.round_id AND t.state = 'asked' AND t.code = 'restatement')
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  CROSS JOIN LATERAL (SELECT report_at($1, r.round_id, $4, $5, $6) AS seen OFFSET 0) v
  CROSS JOIN LATERAL (SELECT max(c.revision) AS revision FROM contribution c
                       WHERE c.entity_id = $1 AND c.round_id = r.round_id AND c.state = 'submitted' AND c.withdrawn_at IS NULL AND c.revision <= v.seen) s
  LEFT JOIN log l ON l.entity_id = $1 AND l.round_id = r.round_id AND l.revision = s.revision AND l.action IN ('submit', 'receive')
  LEFT JOIN app_user u ON u.user_id = l.actor_id
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND v.seen IS NOT NULL

-- name: report_values (bigint entity_id, text plan, text round, integer roles, bigint? revision, date as_of)
--                  -> (text cell, text period, bigint kind, text number, text denominator, text value, text note, text expected_on,
--                      bigint revision, text by, text at, text via, boolean hidden, text verified)
-- The figures as of the revision that these roles may read. Protected ones are hidden from who only reads the national picture.
-- verified: what was seen in the field of that revision's figure, last.
WITH seen AS MATERIALIZED (
    SELECT r.round_id, r.revision, o.quarter, report_at($1, r.round_id, $4, $5, $6) AS seen
      FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
     WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
), held AS (
    SELECT v.cell_id, v.revision, v.kind, v.number::numeric, v.denominator::numeric, v.text::text, v.note::text, v.expected_on, l.actor_id, l.at, l.via
      FROM seen s JOIN value v ON v.entity_id = $1 AND v.round_id = s.round_id
           CROSS JOIN LATERAL (SELECT l.actor_id, l.at, l.via FROM log l -- a probe per cell: joined as a whole, it would be read from the first save on
                                WHERE l.entity_id = $1 AND l.round_id = s.round_id AND l.revision = v.revision AND l.cells IS NOT NULL LIMIT 1) l
     WHERE s.seen = s.revision
    UNION ALL
    SELECT c.cell_id, c.revision, c.kind, c.number, c.denominator, c.text, c.note, c.expected_on, c.actor_id, c.at, c.via
      FROM seen s CROSS JOIN LATERAL cells_at($1, s.round_id, s.seen) c
     WHERE s.seen < s.revision
), looked AS MATERIALIZED (
    SELECT DISTINCT ON (v.cell_id) v.cell_id, v.revision, v.result FROM seen s JOIN verification v ON v.entity_id = $1 AND v.round_id = s.round_id
     WHERE v.result IS NOT NULL AND v.revision <= s.seen ORDER BY v.cell_id, v.recorded_at DESC
)
SELECT k.code, period_code(s.quarter, i.frequency), h.kind::bigint, h.number::text, h.denominator::text, h.text, h.note, h.expected_on::text,
       h.revision, u.name, iso(h.at), h.via, $4 & 30 = 0 AND i.protection <> 'none', CASE WHEN h.revision <= f.revision THEN f.result END
  FROM held h CROSS JOIN seen s JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id) JOIN app_user u ON u.user_id = h.actor_id
  LEFT JOIN looked f ON f.cell_id = h.cell_id
 WHERE h.kind <> 0
 ORDER BY i.sort, k.sort

-- name: report_asked (bigint entity_id, text plan, text round)
--                 -> (text cell, text period, text part, text unit_code, text value_kind, boolean may_withhold, boolean total, text indicator, text table_code,
--                     boolean ratio, text unit_label, boolean overlap, boolean locked,
--                     text breaks_at, text breaks_parts)
-- locked: it may not be written now, in a report of which other cells may.
WITH breaks AS MATERIALIZED ( -- once, not for every cell
    SELECT b.* FROM round o JOIN plan p USING (plan_id) CROSS JOIN LATERAL cell_breaks(o.round_id) b WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
)
SELECT k.code, period_code(o.quarter, i.frequency), a.part, a.unit, i.value_kind, i.may_withhold, k.table_id IS NULL, i.code, t.code, a.kinds & 32 <> 0,
       i.unit_label, coalesce(NOT t.exclusive, false), NOT coalesce(k.cell_id = ANY (u.cells), true), b.breaks_at, b.parts
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.entity_id = $1 AND r.round_id = o.round_id
  CROSS JOIN LATERAL report_unlocked($1, o.round_id, r.state) u CROSS JOIN LATERAL asked($1, o.round_id) a
  JOIN cell k USING (cell_id) JOIN indicator i ON i.indicator_id = a.indicator_id LEFT JOIN indicator_table t USING (table_id)
  LEFT JOIN breaks b ON b.cell_id = k.cell_id
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
 ORDER BY i.sort, k.sort

-- name: report_previous (bigint entity_id, text plan, text round, integer roles)
--                    -> (text cell, text period, bigint kind, text number, text denominator, text value, text note, boolean may_confirm, boolean carried, text source)
-- What the entity answered in the period before, in the order of report_asked.
SELECT k.code, b.period, b.kind::bigint, b.number::text, b.denominator::text, b.text, b.note, b.may_confirm, b.carried, CASE WHEN b.source_id <> b.cell_id THEN (SELECT w.code FROM cell w WHERE w.cell_id = b.source_id) END
  FROM round o JOIN plan p USING (plan_id) CROSS JOIN LATERAL previous_values($1, o.round_id, $4) b
  JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id)
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
 ORDER BY i.sort, k.sort

-- name: report_labels (bigint entity_id, text plan, text round) -> (text code, text name_en, text name_ar, text name_ckb)
SELECT DISTINCT ON (i.sort) i.code, i.name_en, i.name_ar, i.name_ckb
  FROM round o JOIN plan p USING (plan_id) CROSS JOIN LATERAL asked($1, o.round_id) a JOIN indicator i ON i.indicator_id = a.indicator_id
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
 ORDER BY i.sort

-- name: report_points (bigint entity_id, text plan, text round, integer roles)
--                  -> (bigint point, text target_kind, text target, text code, text question, text state, text answer, text answer_text, text by, text at,
--                      bigint turn, bigint revision, text answered_by, text answered_at)
-- Questions belong to the entity and its reviewers. An answer is the entity's own until it is submitted.
SELECT t.point::bigint, t.target_kind, t.target, t.code, t.text, CASE WHEN h.hides THEN 'open' ELSE t.state END,
       CASE WHEN NOT h.hides THEN t.answer END, CASE WHEN NOT h.hides THEN t.answer_text::text END, u.name, iso(t.opened_at), t.turn::bigint, t.opened_revision,
       CASE WHEN NOT h.hides THEN (SELECT a.name FROM app_user a WHERE a.user_id = t.answered_by) END, CASE WHEN NOT h.hides THEN iso(t.answered_at) END
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.entity_id = $1 AND r.round_id = o.round_id
  JOIN review_point t ON t.entity_id = $1 AND t.round_id = o.round_id JOIN app_user u ON u.user_id = t.opened_by
  CROSS JOIN LATERAL (SELECT r.state = 'returned' AND t.state = 'answered' AND $4 & 6 = 0 AS hides) h
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND $4 & 30 <> 0
 ORDER BY t.point

-- name: report_consultations (bigint entity_id, text plan, text round, integer roles)
--                         -> (text cell, text by, text answer, text said, text at, bigint revision, boolean current, bigint point)
-- The last word of each consulted entity about each value, to the entity and to reviewers of what it speaks of.
SELECT k.code, b.code, c.answer, c.text, iso(c.made_at), c.revision,
       (c.kind, c.number::text, c.denominator::text, c.value_text) IS NOT DISTINCT FROM (s.kind, s.number::text, s.denominator::text, s.text), c.point::bigint
  FROM round o JOIN plan p USING (plan_id) CROSS JOIN LATERAL (SELECT report_view($1, o.round_id, $4) AS seen OFFSET 0) v
 CROSS JOIN LATERAL (SELECT DISTINCT ON (x.cell_id, x.by_entity_id) x.* FROM consultation x WHERE x.entity_id = $1 AND x.round_id = o.round_id
                      ORDER BY x.cell_id, x.by_entity_id, x.consultation_id DESC) c
  JOIN cell k ON k.cell_id = c.cell_id JOIN indicator i ON i.indicator_id = k.indicator_id JOIN entity b ON b.entity_id = c.by_entity_id
  LEFT JOIN LATERAL (SELECT * FROM submitted_cells($1, o.round_id) y WHERE y.cell_id = c.cell_id) s ON true
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND $4 & 30 <> 0 AND c.revision <= v.seen
 ORDER BY i.sort, k.sort, b.code

-- name: report_problem_list (bigint entity_id, text plan, text round, integer roles)
--                        -> (bigint revision, text cell, text rule, text severity, text code, bigint unanswered, bigint asked, text name_en, text name_ar,
--                            text name_ckb, text op, text left_term, text right_term, text left_value, text right_value, text cells, boolean explained, text note)
-- One row without a cell when there is no problem; no row when there is no such report for these roles.
SELECT v.seen, b.cell, b.rule, b.severity, b.code, b.unanswered, b.asked, b.name_en, b.name_ar, b.name_ckb, b.op, b.left_term, b.right_term, b.left_value,
       b.right_value, b.cells, coalesce(b.explained, false), b.note
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  CROSS JOIN LATERAL (SELECT report_view($1, r.round_id, $4) AS seen) v
  LEFT JOIN LATERAL report_problems($1, r.round_id, '{BLOCK,EXPLAIN,WARN}', $4) b ON v.seen = r.revision
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND v.seen IS NOT NULL
