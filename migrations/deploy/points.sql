-- Deploy inap:points to pg: points on cells, tables, activities and narrative; a return unlocks those and no others.
BEGIN;
SET LOCAL search_path = inap;

-- Points so far are on whole reports, so no row has a cell.
ALTER TABLE review_point DROP COLUMN cell_id,
    ADD COLUMN cells bigint[] NOT NULL DEFAULT '{}',
    ADD COLUMN turn int NOT NULL DEFAULT 1,
    DROP CONSTRAINT review_point_state_check,
    ADD CONSTRAINT review_point_state_check CHECK (state IN ('asked', 'open', 'answered', 'settled', 'withdrawn'));
COMMENT ON COLUMN review_point.cells IS 'of a cell or a table: the cells it is about';
COMMENT ON COLUMN review_point.turn IS 'before which return it was opened, 1, 2...';
COMMENT ON COLUMN review_point.state IS 'where it stands; asked: cells that the entity wants opened too';

-- What a point may be about, as people and the protocol name it: report, cell:PR-1.3, table:PR-1.3:sex, activity:PA-A1,
-- narrative:results; asked: the cells that the entity asked for. cells is null where the report has no such thing.
CREATE FUNCTION point_targets(p_entity bigint, p_round bigint, p_targets text[])
RETURNS TABLE (place bigint, kind text, target text, cells bigint[]) LANGUAGE sql STABLE AS $$
SELECT w.place, w.kind, w.target, CASE w.kind
       WHEN 'report' THEN CASE WHEN w.target = '' THEN '{}'::bigint[] END
       WHEN 'cell' THEN (SELECT array_agg(a.cell_id) FROM asked(p_entity, p_round) a JOIN cell k USING (cell_id) WHERE k.code = w.target)
       WHEN 'table' THEN (SELECT array_agg(a.cell_id ORDER BY a.cell_id) FROM asked(p_entity, p_round) a JOIN cell k USING (cell_id)
                            JOIN indicator i ON i.indicator_id = k.indicator_id JOIN indicator_table t ON t.table_id = k.table_id WHERE i.code || ':' || t.code = w.target)
       WHEN 'activity' THEN (SELECT '{}'::bigint[] FROM result s JOIN round o USING (plan_id) WHERE o.round_id = p_round AND s.kind = 'activity' AND s.code = w.target)
       WHEN 'narrative' THEN CASE WHEN w.target IN ('results', 'obstacles', 'lessons', 'support_needed', 'next_quarter') THEN '{}'::bigint[] END
       WHEN 'asked' THEN (SELECT '{}'::bigint[] FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round AND t.state = 'asked' LIMIT 1) END
  FROM (SELECT t.place, split_part(t.word, ':', 1) AS kind, substr(t.word, length(split_part(t.word, ':', 1)) + 2) AS target
          FROM unnest(p_targets) WITH ORDINALITY AS t (word, place)) w $$;
COMMENT ON FUNCTION point_targets(bigint, bigint, text[]) IS 'what review points are about; cells null: no such thing in the report';

-- The last day of a quarter.
CREATE FUNCTION quarter_end(n int) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT (make_date(n / 4, n % 4 * 3 + 1, 1) + interval '3 months')::date - 1 $$;
COMMENT ON FUNCTION quarter_end(int) IS 'the last day of the quarter of this number';

-- Cells, and those that a rule in force ties to them: the other side of the comparison; of all_or_none and only_one, which
-- have one side, the rest of it. One step only.
CREATE FUNCTION cells_tied(p_round bigint, p_cells bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
SELECT coalesce(array_agg(DISTINCT c.cell_id), '{}')
  FROM (SELECT unnest(p_cells) AS cell_id
        UNION ALL
        SELECT unnest(CASE WHEN u.right_cells = '{}' THEN u.left_cells
                           ELSE CASE WHEN u.left_cells && p_cells THEN u.right_cells ELSE '{}' END || CASE WHEN u.right_cells && p_cells THEN u.left_cells ELSE '{}' END END)
          FROM round o JOIN rule u USING (plan_id)
         WHERE o.round_id = p_round AND (u.left_cells && p_cells OR u.right_cells && p_cells)
           AND quarter_end(o.quarter) BETWEEN u.valid_from AND u.valid_to) c $$;
COMMENT ON FUNCTION cells_tied(bigint, bigint[]) IS 'cells and those that a rule of the round''s last day ties to them';

-- Why a round cannot be written: null when it can. A closed round is open to who holds an extension, be it for some cells.
CREATE OR REPLACE FUNCTION round_lock(p_entity bigint, p_round bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE WHEN p.state <> 'active' THEN p.state
            WHEN now() < o.opens_at THEN 'not_open'
            WHEN o.closes_at IS NOT NULL AND now() >= o.closes_at
                 AND NOT coalesce((SELECT true FROM extension x WHERE x.entity_id = p_entity AND x.round_id = p_round
                                      AND x.revoked_at IS NULL AND now() < x.until LIMIT 1), false) THEN 'closed' END
  FROM round o JOIN plan p USING (plan_id) WHERE o.round_id = p_round);
END $$;

-- What of a report may be written now. lock: nothing, and why; else cells: these only (null: all), and then why: what
-- keeps the others shut. extensions: by which of them, where the round is closed.
CREATE FUNCTION report_unlocked(p_entity bigint, p_round bigint, p_state text, OUT lock text, OUT cells bigint[], OUT why text, OUT extensions bigint[])
LANGUAGE plpgsql STABLE AS $$
DECLARE
    whole boolean;
BEGIN
    IF p_state NOT IN ('expected', 'draft', 'returned') THEN lock := p_state; RETURN; END IF;
    SELECT CASE WHEN p.state <> 'active' THEN p.state WHEN p_state = 'returned' THEN NULL WHEN now() < o.opens_at THEN 'not_open'
                WHEN now() >= o.closes_at THEN 'closed' END INTO lock
      FROM round o JOIN plan p USING (plan_id) WHERE o.round_id = p_round;
    IF lock IS NULL AND p_state <> 'returned' OR lock NOT IN ('closed') THEN RETURN; END IF;
    SELECT bool_or(x.cells IS NULL), array_agg(x.extension_id ORDER BY x.extension_id) INTO whole, extensions FROM extension x
     WHERE x.entity_id = p_entity AND x.round_id = p_round AND x.revoked_at IS NULL AND now() < x.until;
    IF lock = 'closed' AND extensions IS NULL THEN RETURN; END IF;
    why := coalesce(lock, 'returned');
    lock := NULL;
    IF p_state = 'returned' THEN
        whole := coalesce(whole, false) OR EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round
                                                     AND t.state IN ('open', 'answered') AND t.target_kind = 'report');
    END IF;
    IF whole THEN why := NULL; RETURN; END IF;
    SELECT coalesce(array_agg(DISTINCT x.cell_id), '{}') INTO cells FROM (
        SELECT unnest(x.cells) AS cell_id FROM extension x WHERE x.extension_id = ANY (extensions)
        UNION ALL
        SELECT unnest(cells_tied(p_round, (SELECT array_agg(c) FROM review_point t, unnest(t.cells) AS c
                                            WHERE t.entity_id = p_entity AND t.round_id = p_round AND t.state IN ('open', 'answered'))))
         WHERE p_state = 'returned') x;
END $$;
COMMENT ON FUNCTION report_unlocked(bigint, bigint, text) IS 'what of a report may be written now: nothing and why, some cells, or all';

-- The same for what is no cell: an activity, a narrative section, evidence. In a returned report an open point on it, or
-- on the whole report, opens it; evidence may always come with the answers.
CREATE FUNCTION report_lock(p_entity bigint, p_round bigint, p_kind text, p_target text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    stands text := (SELECT r.state FROM report r WHERE r.entity_id = p_entity AND r.round_id = p_round);
    u record;
BEGIN
    SELECT * INTO u FROM report_unlocked(p_entity, p_round, stands);
    RETURN CASE WHEN u.lock IS NOT NULL THEN u.lock
                WHEN u.cells IS NULL OR (stands = 'returned' AND p_kind = 'evidence') THEN NULL
                WHEN EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round AND stands = 'returned'
                                AND t.state IN ('open', 'answered') AND t.target_kind = p_kind AND t.target = p_target) THEN NULL
                ELSE u.why END;
END $$;
COMMENT ON FUNCTION report_lock(bigint, bigint, text, text) IS 'which lock keeps an activity, a narrative section or evidence from being written; null: none';

DROP FUNCTION move_fault(bigint, bigint, bigint, text[], text, text, text, text[], bigint, text, bigint);
-- Why a move may not happen, as a code of errors.def (FOUR_EYES with its reason after a colon); null: it may.
-- p_claim: any, mine (from in_review only the claimant). p_eyes: none, typist (who typed may not sign), house (own house,
-- typist, signer and endorser may not pass it).
CREATE FUNCTION move_fault(p_entity bigint, p_round bigint, p_base bigint, p_from text[], p_action text, p_claim text, p_eyes text,
                           p_roles text[], p_actor bigint, p_note text, p_point bigint, p_targets text[])
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    r report;
    stray text;
BEGIN
    SELECT * INTO r FROM report x WHERE x.entity_id = p_entity AND x.round_id = p_round;
    IF r IS NULL OR NOT holds_role(p_actor, p_roles, p_entity) THEN RETURN 'NOT_FOUND'; END IF;
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
COMMENT ON FUNCTION move_fault(bigint, bigint, bigint, text[], text, text, text, text[], bigint, text, bigint, text[]) IS 'why a move may not happen; null: it may';

-- Saves the cells of 1..n reports, at most one per entity. One row per request, in request order:
--   outcome  ok, replayed, stale, forbidden, invalid, key_reused, wrong_state, round_lock, again (entity twice in one batch)
-- Everything is judged before anything is written; what was not judged ok writes nothing, and never fails a neighbour.
-- A late edit names the extensions that allow it.
-- Cells that hold just this already are counted as unchanged and not logged again.
-- Cells come flattened: request i owns p_lo[i]..p_hi[i] (an empty span: p_hi < p_lo), ascending by code (bytes).
CREATE OR REPLACE FUNCTION report_save(
    p_key bytea[], p_actor bigint[], p_entity bigint[], p_plan text[], p_round text[], p_base bigint[], p_hash bytea[],
    p_via text[], p_note text[], p_partial boolean[], p_merge boolean[], p_lo int[], p_hi int[],
    p_cell text[], p_kind smallint[], p_number numeric[], p_denominator numeric[], p_text text[], p_cell_note text[], p_expected_on date[])
RETURNS TABLE (ord int, outcome text, revision bigint, state text, receipt bytea, written jsonb, bad_cells text[], bad_whys text[], lock text)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    n constant int := cardinality(p_key);
    q record;
    i int;
    verdict text;
    entry log;
    entries log[] := '{}';
    fresh bigint := 0;
    answers text[] := array_fill(NULL::text, ARRAY[n]);
    revisions bigint[] := array_fill(NULL::bigint, ARRAY[n]);
    states text[] := array_fill(NULL::text, ARRAY[n]);
    receipts bytea[] := array_fill(NULL::bytea, ARRAY[n]);
    outcomes jsonb[] := array_fill(NULL::jsonb, ARRAY[n]);
    bad_cells_of jsonb[] := array_fill(NULL::jsonb, ARRAY[n]);
    locks text[] := array_fill(NULL::text, ARRAY[n]);
BEGIN
    -- 1. One order everywhere; from here on every statement has a fresh snapshot.
    PERFORM FROM chain_head h WHERE h.entity_id = ANY (p_entity) ORDER BY h.entity_id FOR NO KEY UPDATE;
    -- 2. What each request meets, its cells judged as a set.
    FOR q IN
        SELECT u.i, o.round_id, o.quarter, o.plan_id, r.state, r.revision, h.seq, h.hash, past.body_hash AS past_hash, past.outcome AS past_outcome, past.hash AS past_receipt,
               (SELECT max(l.at) FROM log l WHERE l.entity_id = u.entity AND l.seq = h.seq) AS head_at,
               (SELECT true FROM role_grant g JOIN app_user a ON a.user_id = g.user_id
                 WHERE g.user_id = u.actor AND g.entity_id = u.entity AND g.role = 'focal_point' AND g.revoked_at IS NULL
                   AND a.disabled_at IS NULL AND today() BETWEEN g.valid_from AND g.valid_to LIMIT 1) AS granted,
               unlocked.lock AS shut, unlocked.why AS half_shut, unlocked.extensions, cells.*
          FROM unnest(p_key, p_actor, p_entity, p_plan, p_round) WITH ORDINALITY AS u (key, actor, entity, plan, round, i)
          LEFT JOIN LATERAL (SELECT o.round_id, o.quarter, o.plan_id, o.surveys FROM round o JOIN plan p USING (plan_id)
                              WHERE o.code = u.round AND (p.code = u.plan OR (u.plan = '' AND p.current)) LIMIT 1) o ON true
          LEFT JOIN LATERAL (SELECT * FROM report r WHERE r.entity_id = u.entity AND r.round_id = o.round_id LIMIT 1) r ON true
          LEFT JOIN chain_head h ON h.entity_id = u.entity
          LEFT JOIN LATERAL (SELECT l.body_hash, l.outcome, l.hash FROM log l WHERE l.entity_id = u.entity AND l.key = u.key LIMIT 1) past ON true
          LEFT JOIN LATERAL report_unlocked(u.entity, o.round_id, r.state) unlocked ON true
          CROSS JOIN LATERAL (
            SELECT array_agg(x.cell_id) AS ids, array_agg(x.kept) AS keeps, array_agg(x.code) FILTER (WHERE x.why IS NOT NULL) AS bad,
                   array_agg(x.why) FILTER (WHERE x.why IS NOT NULL) AS whys, count(*) FILTER (WHERE x.kept) AS kept, count(*) FILTER (WHERE x.kept AND x.was IS NULL) AS fresh,
                   count(*) FILTER (WHERE x.why IS NULL) AS fit, count(*) FILTER (WHERE x.why IS NULL AND coalesce(x.was, 0) = 0 AND x.kind <> 0) AS created,
                   count(*) FILTER (WHERE x.why IS NULL AND x.was <> 0 AND x.kind = 0) AS deleted, count(*) FILTER (WHERE x.kept AND x.was <> 0 AND x.kind <> 0) AS updated,
                   coalesce(bool_or(x.why IS NULL AND x.cell_revision > p_base[u.i]), false) AS collides
              FROM (SELECT y.*, y.why IS NULL AND NOT y.same AS kept FROM (
                    SELECT s.code, s.kind, k.cell_id, v.kind AS was, coalesce(v.revision, 0) AS cell_revision,
                           -- the same to the last zero; most that differ do so in the number
                           coalesce(v.kind, 0) = s.kind AND v.number IS NOT DISTINCT FROM s.number
                             AND (v.number::text, v.denominator::text, v.text, v.note, v.expected_on)
                             IS NOT DISTINCT FROM (s.number::text, s.denominator::text, s.text, s.note, s.expected_on) AS same,
                           CASE WHEN k.cell_id IS NULL THEN 'CELL_UNKNOWN'
                                WHEN f.kinds IS NULL THEN 'CELL_NOT_ASKED'
                                WHEN s.before COLLATE "C" >= s.code COLLATE "C" THEN 'CELL_TWICE'
                                WHEN NOT k.cell_id = ANY (unlocked.cells) THEN 'CELL_LOCKED'
                                ELSE value_fault(s.kind, f.kinds, f.unit, s.number, s.denominator, s.expected_on) END AS why
                      FROM unnest(p_cell[p_lo[u.i]:p_hi[u.i]], array_prepend(NULL, p_cell[p_lo[u.i]:p_hi[u.i] - 1]), p_kind[p_lo[u.i]:p_hi[u.i]], p_number[p_lo[u.i]:p_hi[u.i]], p_denominator[p_lo[u.i]:p_hi[u.i]],
                                  p_text[p_lo[u.i]:p_hi[u.i]], p_cell_note[p_lo[u.i]:p_hi[u.i]], p_expected_on[p_lo[u.i]:p_hi[u.i]])
                           WITH ORDINALITY AS s (code, before, kind, number, denominator, text, note, expected_on, at)
                      LEFT JOIN LATERAL (SELECT k.cell_id FROM cell k WHERE k.plan_id = o.plan_id AND k.code = s.code LIMIT 1) k ON true
                      LEFT JOIN LATERAL (SELECT f.kinds, f.unit FROM form_cell f WHERE f.entity_id = u.entity AND f.cell_id = k.cell_id
                                            AND o.quarter BETWEEN f.from_quarter AND f.to_quarter
                                            AND ((f.quarters >> (o.quarter % 4)) & 1 = 1 OR (f.quarters = 0 AND f.indicator_id = ANY (o.surveys))) LIMIT 1) f ON true
                      LEFT JOIN LATERAL (SELECT v.* FROM value v WHERE v.entity_id = u.entity AND v.round_id = o.round_id AND v.cell_id = k.cell_id LIMIT 1) v ON true
                     ORDER BY s.at OFFSET 0) y OFFSET 0) x) cells -- fences: each verdict is worked out once, not once per aggregate; and in order
         ORDER BY u.i  -- the plan may shuffle: without this, verdicts go to the wrong request
    LOOP
        i := q.i; revisions[i] := q.revision; states[i] := q.state;
        verdict := CASE
            WHEN array_position(p_entity, p_entity[i]) < i THEN 'again'
            WHEN q.granted IS NULL OR q.revision IS NULL THEN 'forbidden'
            WHEN q.past_hash IS NOT NULL THEN CASE WHEN q.past_hash = p_hash[i] THEN 'replayed' ELSE 'key_reused' END
            WHEN q.state NOT IN ('expected', 'draft', 'returned') THEN 'wrong_state'
            WHEN q.shut IS NOT NULL THEN 'round_lock'
            WHEN p_base[i] > q.revision OR (q.revision <> p_base[i] AND (NOT p_merge[i] OR q.collides)) THEN 'stale'
            WHEN q.bad IS NOT NULL AND (NOT p_partial[i] OR q.fit = 0) THEN 'invalid'
            ELSE 'ok' END;
        answers[i] := verdict;
        locks[i] := coalesce(q.shut, q.half_shut);
        IF verdict IN ('invalid', 'ok') AND q.bad IS NOT NULL THEN
            bad_cells_of[i] := jsonb_build_object('cells', to_jsonb(q.bad), 'whys', to_jsonb(q.whys));
        END IF;
        IF verdict = 'replayed' THEN
            outcomes[i] := q.past_outcome::jsonb; receipts[i] := q.past_receipt;
            revisions[i] := (outcomes[i] ->> 'revision')::bigint; states[i] := outcomes[i] ->> 'state'; bad_cells_of[i] := nullif(outcomes[i] -> 'rejected', 'null');
        ELSIF verdict = 'ok' THEN
            revisions[i] := q.revision + 1; states[i] := CASE q.state WHEN 'expected' THEN 'draft' ELSE q.state END;
            outcomes[i] := jsonb_build_object('revision', revisions[i], 'state', states[i], 'created', q.created, 'updated', q.updated,
                                              'unchanged', q.fit - q.kept, 'deleted', q.deleted, 'rejected', bad_cells_of[i])
                                || CASE WHEN q.extensions IS NULL THEN '{}' ELSE jsonb_build_object('extensions', q.extensions) END;
            entry.entity_id := p_entity[i]; entry.seq := q.seq + 1; entry.plan_id := q.plan_id; entry.round_id := q.round_id; entry.revision := revisions[i];
            entry.action := 'save'; entry.key := p_key[i]; entry.actor_id := p_actor[i]; entry.via := p_via[i];
            entry.at := greatest(clock_timestamp(), coalesce(q.head_at, '-infinity')); entry.note := p_note[i];
            entry.body_hash := p_hash[i]; entry.prev_hash := q.hash; entry.outcome := outcomes[i]::text;
            IF n = 1 AND q.kept > 0 AND q.kept = cardinality(p_cell) THEN -- mostly
                entry.cells := q.ids; entry.kinds := p_kind; entry.numbers := p_number; entry.denominators := p_denominator;
                entry.texts := p_text; entry.notes := p_cell_note; entry.expected_on := p_expected_on;
            ELSE
                SELECT coalesce(array_agg(q.ids[c.at]), '{}'), coalesce(array_agg(c.kind), '{}'), coalesce(array_agg(c.number), '{}'), coalesce(array_agg(c.denominator), '{}'),
                       coalesce(array_agg(c.text), '{}'), coalesce(array_agg(c.note), '{}'), coalesce(array_agg(c.expected_on), '{}')
                  INTO entry.cells, entry.kinds, entry.numbers, entry.denominators, entry.texts, entry.notes, entry.expected_on
                  FROM unnest(p_kind[p_lo[i]:p_hi[i]], p_number[p_lo[i]:p_hi[i]], p_denominator[p_lo[i]:p_hi[i]], p_text[p_lo[i]:p_hi[i]],
                              p_cell_note[p_lo[i]:p_hi[i]], p_expected_on[p_lo[i]:p_hi[i]]) WITH ORDINALITY AS c (kind, number, denominator, text, note, expected_on, at)
                 WHERE q.keeps[c.at];
            END IF;
            fresh := fresh + q.fresh;
            entry.hash := sha256('\x00'::bytea || entry.prev_hash || row_hash(entry));
            receipts[i] := entry.hash;
            entries := entries || entry;
        END IF;
    END LOOP;
    -- 3. Only what was judged ok is written.
    IF cardinality(entries) > 0 THEN
        IF fresh = 0 THEN -- what is written for the first time costs a probe, a lock and an insert more
            UPDATE value v SET revision = c.revision, kind = c.kind, number = c.number, denominator = c.denominator, text = c.text, note = c.note, expected_on = c.expected_on
              FROM (SELECT e.entity_id, e.round_id, e.revision, c.* FROM unnest(entries) AS e,
                           unnest(e.cells, e.kinds, e.numbers, e.denominators, e.texts, e.notes, e.expected_on) AS c (cell, kind, number, denominator, text, note, expected_on) OFFSET 0) c
             WHERE v.entity_id = c.entity_id AND v.round_id = c.round_id AND v.cell_id = c.cell;
        ELSE
            INSERT INTO value (entity_id, round_id, cell_id, revision, kind, number, denominator, text, note, expected_on)
            SELECT e.entity_id, e.round_id, c.cell, e.revision, c.kind, c.number, c.denominator, c.text, c.note, c.expected_on
              FROM unnest(entries) AS e, unnest(e.cells, e.kinds, e.numbers, e.denominators, e.texts, e.notes, e.expected_on) AS c (cell, kind, number, denominator, text, note, expected_on)
                ON CONFLICT (entity_id, round_id, cell_id) DO UPDATE
               SET revision = excluded.revision, kind = excluded.kind, number = excluded.number, denominator = excluded.denominator,
                   text = excluded.text, note = excluded.note, expected_on = excluded.expected_on;
        END IF;
        INSERT INTO log SELECT e.* FROM unnest(entries) AS e;
        UPDATE report r SET revision = e.revision, state = CASE r.state WHEN 'expected' THEN 'draft' ELSE r.state END, ready = false
          FROM unnest(entries) AS e WHERE r.entity_id = e.entity_id AND r.round_id = e.round_id;
        UPDATE chain_head h SET seq = e.seq, hash = e.hash FROM unnest(entries) AS e WHERE h.entity_id = e.entity_id;
    END IF;
    RETURN QUERY SELECT o.i::int, o.a, o.r, o.s, o.h, o.w, CASE WHEN o.b IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(o.b -> 'cells')) END,
                        CASE WHEN o.b IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(o.b -> 'whys')) END, o.l
                   FROM unnest(answers, revisions, states, receipts, outcomes, bad_cells_of, locks) WITH ORDINALITY AS o (a, r, s, h, w, b, l, i) ORDER BY o.i;
END $$;

GRANT EXECUTE ON FUNCTION quarter_end(int), point_targets(bigint, bigint, text[]), cells_tied(bigint, bigint[]), report_unlocked(bigint, bigint, text),
    report_lock(bigint, bigint, text, text), move_fault(bigint, bigint, bigint, text[], text, text, text, text[], bigint, text, bigint, text[]) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'points' $$;

COMMIT;
