-- The moves of a report: one statement for all of them, fed from the rows of the transition table in move.c.

-- name: head_lock (bigint[] entity_ids) -> (bigint entity_id)
-- lanes: write
-- Every write takes its entities' heads first, in entity order: from here on nobody else writes to them. With them those that share a
-- pair, which a submission may give a point.
SELECT h.entity_id FROM chain_head h WHERE h.entity_id = ANY ($1) OR h.entity_id IN (SELECT pair_partners($1)) ORDER BY h.entity_id FOR NO KEY UPDATE

-- name: report_move (bigint entity_id, text plan, text round, bigint base_revision, text[] from_states, text to_state, text action,
--                    text claim, text four_eyes, text[] roles, text note, bigint actor_id, bytea key, bytea body_hash,
--                    text letter_number, date letter_date, text code, bigint point, text answer, text freeze, text[] targets)
--                -> (bigint revision)
-- lanes: write
-- One row if it moved, none if refused or replayed; report_moved, last in the unit, tells which and why.
-- to_state '' stays; 'back' is where a withdrawal leads; 'held' is in_review, but a returned report stays. freeze names the state whose contribution is kept, or ''.
WITH target AS MATERIALIZED (
    SELECT o.round_id, o.plan_id FROM round o JOIN plan p USING (plan_id) WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
), allowed AS MATERIALIZED (
    SELECT t.round_id, t.plan_id FROM target t
     WHERE NOT EXISTS (SELECT FROM log l WHERE l.entity_id = $1 AND l.key = $13)
       AND move_fault($1, t.round_id, $4, $5, $7, $8, $9, $10, $12, $11, $18, $21) IS NULL
), before AS MATERIALIZED (
    SELECT state_now(r.state, r.claimed_at) AS state FROM report r, allowed a WHERE r.entity_id = $1 AND r.round_id = a.round_id
), moved AS (
    UPDATE report r SET
        revision = r.revision + 1,
        state = CASE $6 WHEN '' THEN r.state WHEN 'back' THEN CASE r.submitted_from WHEN 'returned' THEN 'returned' ELSE 'draft' END
                          WHEN 'held' THEN CASE r.state WHEN 'returned' THEN 'returned' ELSE 'in_review' END ELSE $6 END,
        ready = CASE WHEN $7 IN ('point', 'withdraw-point', 'ask-cells') THEN r.ready ELSE $7 = 'ready' END,
        submitted_at = CASE $7 WHEN 'submit' THEN now() WHEN 'contest' THEN NULL ELSE r.submitted_at END,
        submitted_by = CASE $7 WHEN 'submit' THEN $12 WHEN 'contest' THEN NULL ELSE r.submitted_by END,
        submitted_from = CASE $7 WHEN 'submit' THEN r.state ELSE r.submitted_from END,
        first_submitted_at = CASE $7 WHEN 'submit' THEN coalesce(r.first_submitted_at, now())
                                     WHEN 'withdraw' THEN CASE r.submitted_from WHEN 'returned' THEN r.first_submitted_at END
                                     WHEN 'contest' THEN NULL
                                     ELSE r.first_submitted_at END,
        submissions = r.submissions + CASE $7 WHEN 'submit' THEN 1 WHEN 'withdraw' THEN -1 WHEN 'contest' THEN -r.submissions ELSE 0 END,
        letter_number = CASE $7 WHEN 'submit' THEN $15 WHEN 'contest' THEN NULL ELSE r.letter_number END,
        letter_date = CASE $7 WHEN 'submit' THEN $16::date WHEN 'contest' THEN NULL ELSE r.letter_date END,
        desk_by = CASE WHEN $7 IN ('submit', 'withdraw', 'contest') THEN NULL ELSE r.desk_by END,
        claimed_by = CASE WHEN $7 = 'point' AND r.state = 'returned' THEN NULL WHEN $7 IN ('claim', 'point') THEN $12 WHEN $7 = 'send-back' THEN r.endorsed_by
                          WHEN $7 IN ('release', 'return', 'endorse', 'withdraw', 'submit', 'contest', 'restate') THEN NULL ELSE r.claimed_by END,
        claimed_at = CASE WHEN $7 = 'point' AND r.state = 'returned' THEN NULL WHEN $7 IN ('claim', 'point', 'send-back') THEN now()
                          WHEN $7 IN ('release', 'return', 'endorse', 'withdraw', 'submit', 'contest', 'restate') THEN NULL ELSE r.claimed_at END,
        respond_by = CASE WHEN $7 IN ('return', 'restate') THEN day_end(today() + 7) WHEN $7 = 'submit' THEN NULL ELSE r.respond_by END,
        endorsed_by = CASE $7 WHEN 'endorse' THEN $12 ELSE r.endorsed_by END,
        endorsed_at = CASE $7 WHEN 'endorse' THEN now() ELSE r.endorsed_at END,
        accepted_by = CASE $7 WHEN 'accept' THEN $12 ELSE r.accepted_by END,
        accepted_at = CASE $7 WHEN 'accept' THEN now() ELSE r.accepted_at END,
        accepted_first = CASE $7 WHEN 'accept' THEN r.submissions = 1 ELSE r.accepted_first END
      FROM allowed a WHERE r.entity_id = $1 AND r.round_id = a.round_id
    RETURNING r.round_id, r.plan_id, r.revision, r.state
), opened_point AS ( -- a return without a point makes its note one, on the whole report
    INSERT INTO review_point (entity_id, round_id, point, target_kind, target, cells, code, text, state, opened_by, opened_revision, turn)
    SELECT $1, m.round_id, coalesce((SELECT max(t.point) FROM review_point t WHERE t.entity_id = $1 AND t.round_id = m.round_id), 0) + row_number() OVER (ORDER BY w.place),
           w.kind, w.target, w.cells, coalesce($17, CASE $7 WHEN 'ask-cells' THEN 'asked' ELSE 'other' END), $11, CASE WHEN $7 IN ('ask-cells', 'ask-restatement') THEN 'asked' ELSE 'open' END, $12, m.revision,
           1 + (SELECT count(*) FROM log l WHERE l.entity_id = $1 AND l.round_id = m.round_id AND l.action = 'return')
      FROM moved m CROSS JOIN LATERAL point_targets($1, m.round_id, $21) w
     WHERE w.kind <> 'asked' AND ($7 IN ('point', 'ask-cells', 'ask-restatement')
           OR ($7 = 'return' AND $11 IS NOT NULL AND NOT EXISTS (SELECT FROM review_point t WHERE t.entity_id = $1 AND t.round_id = m.round_id AND t.state = 'open')))
    RETURNING point
), granted_point AS (
    UPDATE review_point t SET state = 'open' FROM moved m
     WHERE ($7 = 'point' AND 'asked' = ANY ($21) OR $7 = 'restate') AND t.entity_id = $1 AND t.round_id = m.round_id AND t.state = 'asked'
    RETURNING t.point
), answered_point AS (
    UPDATE review_point t SET state = 'answered', answer = $19, answer_text = $11, answered_by = $12, answered_at = now()
      FROM moved m WHERE $7 = 'answer' AND t.entity_id = $1 AND t.round_id = m.round_id AND t.point = $18
    RETURNING t.point
), withdrawn_point AS (
    UPDATE review_point t SET state = 'withdrawn' FROM moved m
     WHERE t.entity_id = $1 AND t.round_id = m.round_id
       AND (($7 = 'withdraw-point' AND t.point = $18) OR ($7 IN ('submit', 'decline-restatement') AND t.state = 'asked') OR ($7 = 'contest' AND t.state IN ('asked', 'open', 'answered')))
    RETURNING t.point
), settled_point AS ( -- whoever vouches, or asks anew, has taken the answers
    UPDATE review_point t SET state = 'settled' FROM moved m
     WHERE $7 IN ('endorse', 'return') AND t.entity_id = $1 AND t.round_id = m.round_id AND t.state = 'answered'
), fell_back AS (
    UPDATE contribution c SET withdrawn_at = now() FROM moved m
     WHERE c.entity_id = $1 AND c.round_id = m.round_id AND c.withdrawn_at IS NULL
       AND ($7 = 'contest' OR $7 = 'withdraw' AND c.state = 'submitted' AND c.revision = (SELECT max(x.revision) FROM contribution x WHERE x.entity_id = $1 AND x.round_id = m.round_id AND x.state = 'submitted' AND x.withdrawn_at IS NULL))
), logged AS (
    SELECT m.revision, log_append($1, m.plan_id, m.round_id, m.revision, $7, $11, $12, $13, $14,
               (jsonb_build_object('revision', m.revision, 'from', b.state, 'to', m.state, 'freeze', $20::text)
                || CASE $7 WHEN 'submit' THEN jsonb_build_object('signed', signature($1, m.round_id, $12)) ELSE '{}' END
                || coalesce((SELECT jsonb_build_object('points', jsonb_agg(p.point ORDER BY p.point))
                               FROM (SELECT point FROM opened_point UNION ALL SELECT point FROM granted_point UNION ALL SELECT point FROM answered_point
                                     UNION ALL SELECT point FROM withdrawn_point) p HAVING count(*) > 0), '{}'))::text) AS receipt
      FROM moved m, before b
)
SELECT revision FROM logged WHERE receipt IS NOT NULL

-- name: report_totals (bigint entity_id, bytea key) -> (text frozen)
-- lanes: write
-- What a move across a minimum state leaves: the contribution, and the totals summed anew. Only for the move just made
-- (its revision is the report's), so that a replay changes nothing.
SELECT contribution_totals(l.entity_id, l.round_id, l.action, l.outcome::jsonb ->> 'freeze')
  FROM log l JOIN report r ON r.entity_id = l.entity_id AND r.round_id = l.round_id AND r.revision = l.revision
 WHERE l.entity_id = $1 AND l.key = $2

-- name: report_moved (bigint entity_id, text plan, text round, bigint base_revision, text[] from_states, text action, text claim, text four_eyes,
--                     text[] roles, bigint actor_id, text note, bytea key, bytea body_hash, bigint point, text[] targets)
--                 -> (text fault, text state, bigint revision, text was, bytea receipt, text claimed_by, bigint points, bigint problems, text lock,
--                     text numbers)
-- lanes: write
-- The stored outcome of this key, or why there is none; and how the report stands now.
SELECT CASE WHEN l.key IS NULL THEN move_fault($1, r.round_id, $4, $5, $6, $7, $8, $9, $10, $11, $14, $15)
            WHEN l.body_hash <> $13 THEN 'KEY_REUSED' END,
       CASE WHEN l.key IS NULL THEN state_now(r.state, r.claimed_at) ELSE l.outcome::jsonb ->> 'to' END,
       CASE WHEN l.key IS NOT NULL THEN l.revision WHEN r.state = 'returned' AND $6 IN ('point', 'withdraw-point') THEN report_view($1, r.round_id, 8) ELSE r.revision END,
       l.outcome::jsonb ->> 'from', l.hash,
       (SELECT u.name FROM app_user u WHERE u.user_id = r.claimed_by AND claim_live(r.claimed_at)),
       (SELECT count(*) FROM review_point t WHERE t.entity_id = $1 AND t.round_id = r.round_id AND t.state = 'open'),
       CASE WHEN l.key IS NULL AND $6 = 'submit' THEN (SELECT count(*) FROM report_problems($1, r.round_id)) ELSE 0 END,
       round_lock($1, r.round_id), (SELECT string_agg(n.point, ',') FROM jsonb_array_elements_text(l.outcome::jsonb -> 'points') AS n (point))
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  LEFT JOIN log l ON l.entity_id = $1 AND l.key = $12
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))

-- name: move_stale (bigint entity_id, text plan, text round, integer roles, bigint base_revision, bytea key)
--               -> (text cell, bigint b_kind, text b_number, text b_denominator, text b_text, text b_note, text b_expected_on,
--                   bigint kind, text number, text denominator, text value, text note, text expected_on, text by, text at, text via,
--                   text reason, bigint revision)
-- lanes: write
-- What a move that was refused as stale had not seen, as far as these roles may read it; nothing for any other.
SELECT c.cell, c.b_kind, c.b_number, c.b_denominator, c.b_text, c.b_note, c.b_expected_on, c.kind, c.number, c.denominator, c.text, c.note, c.expected_on,
       c.by, c.at, c.via, c.reason, c.revision
  FROM round o JOIN plan p USING (plan_id)
  JOIN LATERAL (SELECT report_view($1, o.round_id, $4) AS seen OFFSET 0) v ON v.seen <> $5
  CROSS JOIN LATERAL (SELECT coalesce(report_view_at($1, o.round_id, $4, $5),
           (SELECT max(x.revision) FROM contribution x
             WHERE x.entity_id = $1 AND x.round_id = o.round_id AND x.revision < $5 AND report_view_at($1, o.round_id, $4, x.revision) IS NOT NULL), 0) AS seen OFFSET 0) b
  CROSS JOIN LATERAL report_changes($1, o.round_id, $4, b.seen, v.seen) c
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
   AND NOT EXISTS (SELECT FROM log l WHERE l.entity_id = $1 AND l.key = $6)
 LIMIT 2000

-- name: report_blocks (bigint entity_id, text plan, text round, bytea key)
--                  -> (text cell, text rule, text severity, text code, bigint unanswered, bigint asked, text name_en, text name_ar, text name_ckb, text op,
--                      text left_term, text right_term, text left_value, text right_value)
-- lanes: write
-- A refused submission names its problems.
SELECT b.cell, b.rule, b.severity, b.code, b.unanswered, b.asked, b.name_en, b.name_ar, b.name_ckb, b.op, b.left_term, b.right_term, b.left_value, b.right_value
  FROM round o JOIN plan p USING (plan_id), report_problems($1, o.round_id) b
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
   AND NOT EXISTS (SELECT FROM log l WHERE l.entity_id = $1 AND l.key = $4)
 LIMIT 500
