-- Deploy inap:desk to pg: claims that lapse, on which basis was signed, reports received on paper, another body that endorses.
BEGIN;
SET LOCAL search_path = inap;

-- ---- claims lapse after five working days; nothing runs at that hour, it is judged where a claim is read

-- The end of the fifth working day after a day. Friday and Saturday are none.
CREATE FUNCTION claim_end(p_claimed_at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT day_end(max(w.day)) FROM (SELECT d.first + i AS day FROM (SELECT (p_claimed_at AT TIME ZONE 'Asia/Baghdad')::date AS first) d, generate_series(1, 9) AS i
                                  WHERE extract(isodow FROM d.first + i) NOT IN (5, 6) ORDER BY i LIMIT 5) w $$;
COMMENT ON FUNCTION claim_end(timestamptz) IS 'when a claim of this moment lapses';

CREATE FUNCTION claim_live(p_claimed_at timestamptz) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(now() < claim_end(p_claimed_at), false) $$;
COMMENT ON FUNCTION claim_live(timestamptz) IS 'does a claim of this moment still hold';

-- A lapsed claim is as if it had been released.
CREATE FUNCTION state_now(p_state text, p_claimed_at timestamptz) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN CASE WHEN p_state = 'in_review' AND NOT claim_live(p_claimed_at) THEN 'submitted' ELSE p_state END;
END $$;
COMMENT ON FUNCTION state_now(text, timestamptz) IS 'where a report stands: in review only while its claim holds';

-- ---- signatures

-- On which basis somebody signs for an entity: the own grant before an acting one before a delegation, each with its order;
-- and the order of the single signatory where who signs has typed too.
CREATE FUNCTION signature(p_entity bigint, p_round bigint, p_actor bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
SELECT jsonb_strip_nulls(jsonb_build_object('basis', g.basis, 'order_number', g.order_number, 'order_date', g.order_date,
           'single_number', CASE WHEN s.alone THEN e.single_order_number END, 'single_date', CASE WHEN s.alone THEN e.single_order_date END))
  FROM entity e CROSS JOIN LATERAL (SELECT e.single_signatory AND typed(p_entity, p_round, p_actor) AS alone) s
  LEFT JOIN LATERAL (SELECT g.basis, g.order_number, g.order_date FROM live_grant g
                      WHERE g.user_id = p_actor AND g.role = 'approver' AND g.entity_id = p_entity
                      ORDER BY array_position('{own,acting,delegated}'::text[], g.basis), g.grant_id LIMIT 1) g ON true
 WHERE e.entity_id = p_entity $$;
COMMENT ON FUNCTION signature(bigint, bigint, bigint) IS 'on which basis a user signs for an entity';

-- ---- moves

-- Why a move may not happen, as a code of errors.def (FOUR_EYES with its reason after a colon); null: it may.
-- p_claim: any, mine (from in_review only the claimant). p_eyes: none, typist (who typed may not sign), house (own house,
-- typist, signer and endorser may not pass it).
CREATE OR REPLACE FUNCTION move_fault(p_entity bigint, p_round bigint, p_base bigint, p_from text[], p_action text, p_claim text, p_eyes text,
                           p_roles text[], p_actor bigint, p_note text, p_point bigint, p_targets text[])
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    r report;
    stray text;
BEGIN
    SELECT * INTO r FROM report x WHERE x.entity_id = p_entity AND x.round_id = p_round;
    IF r IS NULL OR NOT holds_role(p_actor, p_roles, p_entity) THEN RETURN 'NOT_FOUND'; END IF;
    r.state := state_now(r.state, r.claimed_at);
    -- A reviewer of a returned report has seen what was submitted, not the draft that grows from it.
    IF p_base NOT BETWEEN (CASE WHEN r.state = 'returned' AND p_action IN ('point', 'withdraw-point') THEN report_view(p_entity, p_round, 8) ELSE r.revision END)
                      AND r.revision THEN RETURN 'STALE_REVISION'; END IF;
    IF NOT r.state = ANY (p_from) THEN RETURN 'WRONG_STATE'; END IF;
    IF p_claim = 'mine' AND r.state = 'in_review' AND r.claimed_by IS DISTINCT FROM p_actor THEN
        RETURN CASE WHEN p_action = 'release' THEN 'NOT_CLAIMED' ELSE 'CLAIMED' END;
    END IF;
    IF p_eyes = 'typist' AND typed(p_entity, p_round, p_actor)
       AND NOT (SELECT e.single_signatory FROM entity e WHERE e.entity_id = p_entity) THEN RETURN 'FOUR_EYES:typed'; END IF;
    IF p_eyes = 'house' AND own_house(p_entity, p_actor) THEN RETURN 'FOUR_EYES:house'; END IF;
    IF p_eyes = 'house' AND (typed(p_entity, p_round, p_actor) OR r.submitted_by = p_actor OR r.desk_by = p_actor) THEN RETURN 'FOUR_EYES:wrote'; END IF;
    IF p_action = 'endorse' AND (SELECT e.endorsed_by_id <> u.home_entity_id FROM entity e, app_user u WHERE e.entity_id = p_entity AND u.user_id = p_actor) THEN
        RETURN 'FOUR_EYES:body'; END IF;
    IF p_action = 'contest' AND r.desk_by IS NULL THEN RETURN 'NOT_RECEIVED'; END IF;
    IF p_action = 'accept' AND r.endorsed_by = p_actor THEN RETURN 'FOUR_EYES:endorsed'; END IF;
    IF p_action IN ('submit', 'ready', 'hand-back') AND r.state = 'draft' AND round_lock(p_entity, p_round) IS NOT NULL THEN RETURN 'ROUND_NOT_OPEN'; END IF;
    IF p_action = 'return' AND p_note IS NULL AND NOT EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round AND t.state = 'open') THEN
        RETURN 'NO_POINTS'; END IF;
    IF p_action IN ('submit', 'endorse') AND EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round AND t.state = 'open') THEN
        RETURN 'POINTS_OPEN'; END IF;
    IF p_action IN ('answer', 'withdraw-point') AND NOT EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round
           AND t.point = p_point AND (t.state IN ('open', 'answered') OR (t.state = 'asked' AND p_action = 'withdraw-point'))) THEN
        RETURN 'NOT_FOUND:point'; END IF;
    IF p_action IN ('point', 'ask-cells') THEN
        SELECT p_targets[t.place] INTO stray FROM point_targets(p_entity, p_round, p_targets) t WHERE t.cells IS NULL ORDER BY t.place LIMIT 1;
        IF stray IS NOT NULL THEN RETURN 'NOT_FOUND:' || stray; END IF;
    END IF;
    IF p_action = 'submit' THEN
        IF EXISTS (SELECT FROM report_problems(p_entity, p_round) b WHERE b.severity = 'BLOCK') THEN RETURN 'INCOMPLETE'; END IF;
        IF p_note IS NULL AND EXISTS (SELECT FROM report_problems(p_entity, p_round) b WHERE b.severity = 'EXPLAIN') THEN RETURN 'EXPLAIN_NEEDED'; END IF;
    END IF;
    RETURN NULL;
END $$;

-- What a move leaves behind: its contribution frozen and the totals of that state; a withdrawal falls back, and of a
-- report that the entity contests nothing counts. The plan settings of writers are made for saves, which probe: a sum
-- over entities joins sets.
CREATE OR REPLACE FUNCTION contribution_totals(p_entity bigint, p_round bigint, p_action text, p_freeze text) RETURNS text LANGUAGE plpgsql VOLATILE
SET enable_hashjoin = on SET enable_mergejoin = on SET enable_seqscan = on SET enable_bitmapscan = on AS $$
BEGIN
    IF p_freeze <> '' THEN
        PERFORM contribution_freeze(p_entity, p_round, p_freeze);
        PERFORM total_sum(p_round, p_freeze, p_entity);
    ELSIF p_action = 'withdraw' THEN
        PERFORM total_sum(p_round, 'submitted', p_entity);
    ELSIF p_action = 'contest' THEN
        PERFORM total_sum(p_round, s, p_entity) FROM unnest('{submitted,endorsed,accepted}'::text[]) AS s;
    END IF;
    RETURN p_freeze;
END $$;

CREATE OR REPLACE FUNCTION national_states(p_actor bigint, p_round bigint)
RETURNS TABLE (entity_id bigint, state text, first_submitted_at timestamptz, on_time boolean, answered bigint, asked bigint, excused boolean, accepted_first boolean)
LANGUAGE sql STABLE AS $$
SELECT r.entity_id, state_now(r.state, r.claimed_at), r.first_submitted_at, coalesce(r.first_submitted_at <= coalesce(r.due_at, o.due_at), false), c.answered, c.asked,
       r.excused_by IS NOT NULL, r.accepted_first AND r.state = 'accepted'
  FROM round o JOIN report r USING (round_id)
  CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE k.table_id IS NULL AND v.kind <> 0) AS answered, count(*) FILTER (WHERE k.table_id IS NULL) AS asked, count(*) AS cells
                        FROM asked(r.entity_id, o.round_id) a JOIN cell k USING (cell_id)
                        LEFT JOIN value v ON v.entity_id = r.entity_id AND v.round_id = o.round_id AND v.cell_id = a.cell_id AND k.table_id IS NULL) c
 WHERE o.round_id = p_round AND c.cells > 0
   AND EXISTS (SELECT FROM live_grant g WHERE g.user_id = p_actor AND g.role IN ('coordinator', 'secretariat', 'national_team')) $$;

-- ---- reports received on paper

-- One report from its file: values saved and moved to submitted in one entry of the log. head_lock comes first in the unit.
--   outcome  ok, replayed, key_reused, forbidden, wrong_state, round_lock, invalid, incomplete, explain_needed
-- Cells are judged as those of a save, the whole as a submission, but for the words, which stand in the letter: with a
-- fault nothing stays, the problems are told; problem_words has eight for each: the rule's names in three languages, op,
-- terms and values of both sides.
CREATE FUNCTION report_receive(p_entity bigint, p_plan text, p_round text, p_actor bigint, p_key bytea, p_hash bytea, p_note text, p_letter text, p_letter_date date,
    p_cell text[], p_kind smallint[], p_number numeric[], p_denominator numeric[], p_text text[], p_cell_note text[], p_expected_on date[])
RETURNS TABLE (outcome text, revision bigint, state text, receipt bytea, created bigint, bad_cells text[], bad_whys text[], lock text,
               problem_cells text[], problem_codes text[], problem_severities text[], unanswered bigint[], asked_of bigint[], problem_words text[])
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    r record;
    open_now record;
    entry log;
    head chain_head;
BEGIN
    SELECT x.*, o.quarter INTO r FROM round o JOIN plan p USING (plan_id) JOIN report x ON x.round_id = o.round_id AND x.entity_id = p_entity
     WHERE o.code = p_round AND (p.code = p_plan OR (p_plan = '' AND p.current));
    IF NOT FOUND OR NOT holds_role(p_actor, '{coordinator}', p_entity) THEN
        RETURN QUERY SELECT 'forbidden', NULL::bigint, NULL::text, NULL::bytea, NULL::bigint, NULL::text[], NULL::text[], NULL::text, NULL::text[], NULL::text[], NULL::text[], NULL::bigint[], NULL::bigint[], NULL::text[];
        RETURN;
    END IF;
    revision := r.revision; state := state_now(r.state, r.claimed_at);
    SELECT CASE WHEN l.body_hash = p_hash THEN 'replayed' ELSE 'key_reused' END, l.hash, l.revision, l.outcome::jsonb ->> 'to', (l.outcome::jsonb ->> 'created')::bigint
      INTO outcome, receipt, revision, state, created FROM log l WHERE l.entity_id = p_entity AND l.key = p_key;
    IF FOUND THEN RETURN NEXT; RETURN; END IF;
    revision := r.revision; state := state_now(r.state, r.claimed_at);
    SELECT * INTO open_now FROM report_unlocked(p_entity, r.round_id, r.state);
    lock := coalesce(open_now.lock, open_now.why);
    IF r.state <> 'expected' THEN outcome := 'wrong_state'; RETURN NEXT; RETURN; END IF;
    IF open_now.lock IS NOT NULL THEN outcome := 'round_lock'; RETURN NEXT; RETURN; END IF;
    SELECT array_agg(x.code ORDER BY x.at) FILTER (WHERE x.why IS NOT NULL), array_agg(x.why ORDER BY x.at) FILTER (WHERE x.why IS NOT NULL),
           array_agg(x.cell_id ORDER BY x.at) FILTER (WHERE x.kind <> 0), array_agg(x.kind ORDER BY x.at) FILTER (WHERE x.kind <> 0),
           array_agg(x.number ORDER BY x.at) FILTER (WHERE x.kind <> 0), array_agg(x.denominator ORDER BY x.at) FILTER (WHERE x.kind <> 0),
           array_agg(x.text ORDER BY x.at) FILTER (WHERE x.kind <> 0), array_agg(x.note ORDER BY x.at) FILTER (WHERE x.kind <> 0),
           array_agg(x.expected_on ORDER BY x.at) FILTER (WHERE x.kind <> 0), count(*) FILTER (WHERE x.kind <> 0)
      INTO bad_cells, bad_whys, entry.cells, entry.kinds, entry.numbers, entry.denominators, entry.texts, entry.notes, entry.expected_on, created
      FROM (SELECT s.*, k.cell_id,
                   CASE WHEN k.cell_id IS NULL THEN 'CELL_UNKNOWN' WHEN a.cell_id IS NULL THEN 'CELL_NOT_ASKED'
                        WHEN lag(s.code) OVER (ORDER BY s.at) COLLATE "C" >= s.code COLLATE "C" THEN 'CELL_TWICE'
                        WHEN NOT k.cell_id = ANY (open_now.cells) THEN 'CELL_LOCKED'
                        ELSE value_fault(s.kind, a.kinds, a.unit, s.number, s.denominator, s.expected_on) END AS why
              FROM unnest(p_cell, p_kind, p_number, p_denominator, p_text, p_cell_note, p_expected_on) WITH ORDINALITY AS s (code, kind, number, denominator, text, note, expected_on, at)
              LEFT JOIN cell k ON k.plan_id = r.plan_id AND k.code = s.code
              LEFT JOIN asked(p_entity, r.round_id) a ON a.cell_id = k.cell_id) x;
    IF bad_cells IS NOT NULL THEN outcome := 'invalid'; RETURN NEXT; RETURN; END IF;
    BEGIN
        INSERT INTO value (entity_id, round_id, cell_id, revision, kind, number, denominator, text, note, expected_on)
        SELECT p_entity, r.round_id, c.cell, r.revision + 1, c.kind, c.number, c.denominator, c.text, c.note, c.expected_on
          FROM unnest(entry.cells, entry.kinds, entry.numbers, entry.denominators, entry.texts, entry.notes, entry.expected_on) AS c (cell, kind, number, denominator, text, note, expected_on)
            ON CONFLICT (entity_id, round_id, cell_id) DO UPDATE
           SET revision = excluded.revision, kind = excluded.kind, number = excluded.number, denominator = excluded.denominator,
               text = excluded.text, note = excluded.note, expected_on = excluded.expected_on;
        SELECT array_agg(b.cell), array_agg(b.code), array_agg(b.severity), array_agg(b.unanswered), array_agg(b.asked),
               ARRAY(SELECT coalesce(w, '') FROM unnest(array_agg(ARRAY[b.name_en, b.name_ar, b.name_ckb, b.op, b.left_term, b.right_term, b.left_value, b.right_value])) AS w),
               CASE WHEN bool_or(b.severity = 'BLOCK') THEN 'incomplete' WHEN p_note IS NULL AND bool_or(b.severity = 'EXPLAIN') THEN 'explain_needed' END
          INTO problem_cells, problem_codes, problem_severities, unanswered, asked_of, problem_words, outcome FROM report_problems(p_entity, r.round_id) b WHERE b.cell NOT LIKE 'narrative:%';
        IF outcome IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'INR01';
        END IF;
    EXCEPTION WHEN SQLSTATE 'INR01' THEN -- nothing of it stays but the problems
        RETURN NEXT;
        RETURN;
    END;
    outcome := 'ok'; revision := r.revision + 1; state := 'submitted';
    SELECT * INTO STRICT head FROM chain_head h WHERE h.entity_id = p_entity FOR NO KEY UPDATE;
    entry.entity_id := p_entity; entry.seq := head.seq + 1; entry.plan_id := r.plan_id; entry.round_id := r.round_id; entry.revision := revision;
    entry.action := 'receive'; entry.key := p_key; entry.actor_id := p_actor; entry.via := 'desk'; entry.note := p_note; entry.body_hash := p_hash; entry.prev_hash := head.hash;
    entry.at := greatest(clock_timestamp(), coalesce((SELECT l.at FROM log l WHERE l.entity_id = p_entity AND l.seq = head.seq), '-infinity'));
    entry.outcome := jsonb_build_object('revision', revision, 'from', 'expected', 'to', state, 'freeze', 'submitted', 'created', created,
                                        'letter_number', p_letter, 'letter_date', p_letter_date)::text;
    entry.hash := sha256('\x00'::bytea || entry.prev_hash || row_hash(entry));
    INSERT INTO log SELECT entry.*;
    UPDATE chain_head h SET seq = entry.seq, hash = entry.hash WHERE h.entity_id = p_entity;
    UPDATE report x SET revision = entry.revision, state = 'submitted', ready = false, submitted_at = now(), submitted_by = NULL, submitted_from = 'expected',
           first_submitted_at = coalesce(x.first_submitted_at, now()), submissions = x.submissions + 1, letter_number = p_letter, letter_date = p_letter_date, desk_by = p_actor
     WHERE x.entity_id = p_entity AND x.round_id = r.round_id;
    receipt := entry.hash;
    RETURN NEXT;
END $$;
COMMENT ON FUNCTION report_receive(bigint, text, text, bigint, bytea, bytea, text, text, date, text[], smallint[], numeric[], numeric[], text[], text[], date[])
    IS 'a report that came on paper: values and submission in one entry of the log, or what is wrong with it';

GRANT EXECUTE ON FUNCTION claim_end(timestamptz), claim_live(timestamptz), state_now(text, timestamptz), signature(bigint, bigint, bigint),
    report_receive(bigint, text, text, bigint, bytea, bytea, text, text, date, text[], smallint[], numeric[], numeric[], text[], text[], date[]) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'desk' $$;

COMMIT;
