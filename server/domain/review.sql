-- Lists of reports: all that the caller may know of, the review queue, and what waits for whom.

-- name: report_list (text plan, text round, bigint actor_id, integer roles, boolean queue)
--                -> (text plan, text entity, text round, text name_en, text name_ar, text name_ckb, text state, bigint revision, boolean ready,
--                    text due_at, text submitted_at, boolean on_time, text claimed_by, text jurisdiction, bigint answered, bigint asked,
--                    text claimed_until, boolean extended, text yearly_due_at, boolean excused)
-- Entities by the unit's context, and once more by the actor's grants. The queue: what this reviewer may take up.
SELECT p.code, e.code, o.code, e.name_en, e.name_ar, e.name_ckb, stands.state, coalesce(v.seen, 0), r.ready AND mine.own,
       iso(report_due(r, o)), iso(r.first_submitted_at), report_on_time(r, o),
       (SELECT u.name FROM app_user u WHERE u.user_id = r.claimed_by AND claim_live(r.claimed_at)), e.jurisdiction, c.answered, c.asked,
       CASE WHEN stands.state = 'in_review' THEN iso(claim_end(r.claimed_at)) END, report_extended(r.entity_id, r.round_id),
       iso(report_yearly_due(r, o)), r.excused_by IS NOT NULL
  FROM report r JOIN round o USING (round_id) JOIN plan p ON p.plan_id = r.plan_id JOIN entity e ON e.entity_id = r.entity_id
  CROSS JOIN LATERAL (SELECT state_now(r.state, r.claimed_at) AS state) stands
  CROSS JOIN LATERAL (SELECT holds_role($3, '{focal_point,approver}', r.entity_id) AS own, holds_role($3, '{coordinator}', r.entity_id) AS coordinator,
                             holds_role($3, '{secretariat}', 0) AS secretariat, holds_role($3, '{national_team}', 0) AS team) mine
  CROSS JOIN LATERAL (SELECT report_view(r.entity_id, r.round_id, $4 & (mine.own::int * 6 + mine.coordinator::int * 8 + mine.secretariat::int * 16 + mine.team::int * 32)) AS seen) v
  CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE x.kind <> 0) AS answered, count(*) AS asked
                        FROM asked(r.entity_id, r.round_id) a JOIN cell k ON k.cell_id = a.cell_id AND k.table_id IS NULL
                        LEFT JOIN value x ON x.entity_id = r.entity_id AND x.round_id = r.round_id AND x.cell_id = a.cell_id
                       WHERE mine.own OR v.seen = r.revision) c
 WHERE r.entity_id = ANY (may_read()) AND (p.code = $1 OR ($1 = '' AND p.current)) AND ($2 = '' OR o.code = $2)
   AND (mine.own OR mine.coordinator OR mine.secretariat OR mine.team)
   AND (NOT $5 OR (mine.coordinator AND stands.state IN ('submitted', 'in_review')) OR (mine.secretariat AND stands.state = 'endorsed'))
 ORDER BY o.quarter DESC, e.code

-- name: todo_list (bigint actor_id)
--              -> (text plan, text entity, text round, text name_en, text name_ar, text name_ckb, text state, text due_at, text what, bigint count, boolean ready,
--                  boolean extended, bigint offered)
-- What waits for the caller in open rounds: fill, answer, sign, review, endorse, accept, restate, consult; what the approver handed back, and
-- what the desk received and the approver may contest.
SELECT w.plan, w.entity, w.round, w.name_en, w.name_ar, w.name_ckb, w.state, iso(w.due_at), w.what, w.count, w.ready, w.extended,
       CASE WHEN w.what = 'fill' AND w.state <> 'returned' THEN (SELECT count(*) FROM previous_values(w.entity_id, w.round_id, 2) b WHERE b.may_confirm
           AND NOT EXISTS (SELECT FROM value x WHERE x.entity_id = w.entity_id AND x.round_id = w.round_id AND x.cell_id = b.cell_id AND x.kind <> 0)) ELSE 0 END
  FROM (SELECT CASE WHEN p.current THEN '' ELSE p.code END AS plan, e.code AS entity, o.code AS round, e.name_en, e.name_ar, e.name_ckb, stands.state, r.entity_id, r.round_id,
               coalesce(r.respond_by, report_next_due(r, o)) AS due_at, r.ready, r.respond_by IS NULL AND report_extended(r.entity_id, r.round_id) AS extended,
               CASE WHEN r.state IN ('draft', 'returned') AND mine.focal AND NOT r.ready AND handed.back THEN 'handed_back'
                    WHEN r.state = 'returned' AND (mine.focal OR mine.approver) AND points.open > 0 THEN 'answer'
                    WHEN r.state IN ('draft', 'returned') AND mine.approver AND r.ready THEN 'sign'
                    WHEN r.state IN ('expected', 'draft', 'returned') AND mine.focal AND NOT r.ready THEN 'fill'
                    WHEN stands.state = 'submitted' AND mine.coordinator THEN 'review'
                    WHEN r.state = 'returned' AND mine.coordinator AND points.asked > 0 THEN 'grant'
                    WHEN stands.state = 'in_review' AND mine.coordinator AND r.claimed_by = $1 THEN 'endorse'
                    WHEN r.state IN ('submitted', 'in_review', 'endorsed') AND mine.approver AND r.desk_by IS NOT NULL THEN 'received'
                    WHEN r.state = 'endorsed' AND mine.secretariat THEN 'accept'
                    WHEN r.state = 'accepted' AND mine.secretariat AND points.asked > 0 THEN 'restate' END AS what,
               CASE WHEN r.state = 'accepted' OR r.state = 'returned' AND mine.coordinator THEN points.asked
                    WHEN r.state = 'returned' THEN points.open
                    WHEN r.state IN ('expected', 'draft') THEN (SELECT count(*) FROM asked(r.entity_id, r.round_id) a JOIN cell k ON k.cell_id = a.cell_id AND k.table_id IS NULL
                        LEFT JOIN value x ON x.entity_id = r.entity_id AND x.round_id = r.round_id AND x.cell_id = a.cell_id WHERE coalesce(x.kind, 0) = 0)
                    ELSE 0 END AS count
          FROM report r JOIN round o USING (round_id) JOIN plan p ON p.plan_id = r.plan_id JOIN entity e ON e.entity_id = r.entity_id
          CROSS JOIN LATERAL (SELECT state_now(r.state, r.claimed_at) AS state) stands
          CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM log l WHERE l.entity_id = r.entity_id AND l.round_id = r.round_id AND l.revision = r.revision AND l.action = 'hand-back') AS back) handed
          CROSS JOIN LATERAL (SELECT holds_role($1, '{focal_point}', r.entity_id) AS focal, holds_role($1, '{approver}', r.entity_id) AS approver,
                                     holds_role($1, '{coordinator}', r.entity_id) AS coordinator, holds_role($1, '{secretariat}', 0) AS secretariat) mine
          CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE t.state = 'open') AS open, count(*) FILTER (WHERE t.state = 'asked') AS asked
                                FROM review_point t WHERE t.entity_id = r.entity_id AND t.round_id = r.round_id) points
         WHERE r.entity_id = ANY (may_read()) AND p.state = 'active' AND o.opens_at <= now() AND r.excused_by IS NULL
        UNION ALL -- others' figures on which the caller's office is consulted
        SELECT '', e.code, o.code, e.name_en, e.name_ar, e.name_ckb, 'submitted', e.entity_id, o.round_id, o.due_at, false, false, 'consult', count(*)
          FROM consulted_cells($1, '', '', '', true) c JOIN cell k ON k.cell_id = c.cell_id AND k.table_id IS NULL
          JOIN round o ON o.round_id = c.round_id JOIN plan p ON p.plan_id = o.plan_id AND p.state = 'active' JOIN entity e ON e.entity_id = c.entity_id
         WHERE c.said IS NULL GROUP BY e.entity_id, o.round_id) w
 WHERE w.what IS NOT NULL
 ORDER BY w.due_at, w.entity, w.round
