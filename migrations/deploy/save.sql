-- Deploy inap:save to pg: the hot write, one set-based function over 1..n requests.
BEGIN;
SET LOCAL search_path = inap;

-- Why a value does not fit its cell: null when it does. Codes are those of proto/errors.def.
CREATE FUNCTION value_fault(p_kind smallint, p_kinds int, p_unit text, p_number numeric, p_denominator numeric, p_expected_on date)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN p_kind NOT BETWEEN 0 AND 11 OR (p_kinds >> p_kind) & 1 = 0 THEN 'CELL_KIND'
            WHEN p_kind IN (1, 5, 6) AND p_number IS NULL OR p_kind IN (5, 7) AND p_denominator IS NULL THEN 'CELL_KIND'
            WHEN p_kind = 11 AND p_expected_on IS NULL THEN 'DATE_MISSING'
            WHEN p_kind = 1 AND p_unit = 'percent' AND p_number NOT BETWEEN 0 AND 100 THEN 'NUMBER_RANGE'
            WHEN p_kind = 1 AND p_unit = 'decimal' THEN NULL
            WHEN p_number < 0 OR p_denominator < 0 THEN 'NUMBER_NEGATIVE'
            WHEN p_kind = 1 AND p_unit IN ('count', 'iqd') AND p_number <> trunc(p_number) THEN 'NUMBER_FRACTION'
            WHEN p_kind = 5 AND p_denominator = 0 AND p_number <> 0 THEN 'RATIO_ZERO' END $$;
COMMENT ON FUNCTION value_fault(smallint, int, text, numeric, numeric, date) IS 'why a value does not fit its cell, as a code of errors.def; null: it fits';

-- Saves the cells of 1..n reports, at most one per entity. One row per request, in request order:
--   outcome  ok, replayed, stale, forbidden, invalid, key_reused, wrong_state, round_lock, again (entity twice in one batch)
-- Everything is judged before anything is written; what was not judged ok writes nothing, and never fails a neighbour.
-- Cells that hold just this already are counted as unchanged and not logged again.
-- Cells come flattened: request i owns p_lo[i]..p_hi[i] (an empty span: p_hi < p_lo), ascending by code (bytes).
CREATE FUNCTION report_save(
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
               round_lock(u.entity, o.round_id) AS shut, cells.*
          FROM unnest(p_key, p_actor, p_entity, p_plan, p_round) WITH ORDINALITY AS u (key, actor, entity, plan, round, i)
          LEFT JOIN LATERAL (SELECT o.round_id, o.quarter, o.plan_id, o.surveys FROM round o JOIN plan p USING (plan_id)
                              WHERE o.code = u.round AND (p.code = u.plan OR (u.plan = '' AND p.current)) LIMIT 1) o ON true
          LEFT JOIN LATERAL (SELECT * FROM report r WHERE r.entity_id = u.entity AND r.round_id = o.round_id LIMIT 1) r ON true
          LEFT JOIN chain_head h ON h.entity_id = u.entity
          LEFT JOIN LATERAL (SELECT l.body_hash, l.outcome, l.hash FROM log l WHERE l.entity_id = u.entity AND l.key = u.key LIMIT 1) past ON true
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
                                WHEN r.state = 'returned' AND NOT coalesce((SELECT true FROM review_point t WHERE t.entity_id = u.entity AND t.round_id = o.round_id
                                      AND t.state IN ('open', 'answered') AND (t.target_kind = 'report' OR (t.target_kind = 'cell' AND t.cell_id = k.cell_id)) LIMIT 1), false) THEN 'CELL_LOCKED'
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
            WHEN q.state <> 'returned' AND q.shut IS NOT NULL THEN 'round_lock'
            WHEN p_base[i] > q.revision OR (q.revision <> p_base[i] AND (NOT p_merge[i] OR q.collides)) THEN 'stale'
            WHEN q.bad IS NOT NULL AND (NOT p_partial[i] OR q.fit = 0) THEN 'invalid'
            ELSE 'ok' END;
        answers[i] := verdict;
        IF verdict = 'round_lock' THEN locks[i] := q.shut; END IF;
        IF verdict IN ('invalid', 'ok') AND q.bad IS NOT NULL THEN
            bad_cells_of[i] := jsonb_build_object('cells', to_jsonb(q.bad), 'whys', to_jsonb(q.whys));
        END IF;
        IF verdict = 'replayed' THEN
            outcomes[i] := q.past_outcome::jsonb; receipts[i] := q.past_receipt;
            revisions[i] := (outcomes[i] ->> 'revision')::bigint; states[i] := outcomes[i] ->> 'state'; bad_cells_of[i] := nullif(outcomes[i] -> 'rejected', 'null');
        ELSIF verdict = 'ok' THEN
            revisions[i] := q.revision + 1; states[i] := CASE q.state WHEN 'expected' THEN 'draft' ELSE q.state END;
            outcomes[i] := jsonb_build_object('revision', revisions[i], 'state', states[i], 'created', q.created, 'updated', q.updated,
                                              'unchanged', q.fit - q.kept, 'deleted', q.deleted, 'rejected', bad_cells_of[i]);
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
COMMENT ON FUNCTION report_save(bytea[], bigint[], bigint[], text[], text[], bigint[], bytea[], text[], text[], boolean[], boolean[], int[], int[],
    text[], smallint[], numeric[], numeric[], text[], text[], date[]) IS 'saves cells of 1..n reports: one verdict each, then one write of what was judged ok';

-- A report's cells as of a revision: the last log entry that wrote each cell. Now is cheaper: read value.
CREATE FUNCTION cells_at(p_entity bigint, p_round bigint, p_revision bigint)
RETURNS TABLE (cell_id bigint, revision bigint, kind smallint, number numeric, denominator numeric, text text, note text, expected_on date, actor_id bigint, at timestamptz, via text)
LANGUAGE sql STABLE AS $$
SELECT DISTINCT ON (c.cell) c.cell, l.revision, c.kind, c.number, c.denominator, c.text, c.note, c.expected_on, l.actor_id, l.at, l.via
  FROM log l, unnest(l.cells, l.kinds, l.numbers, l.denominators, l.texts, l.notes, l.expected_on) AS c (cell, kind, number, denominator, text, note, expected_on)
 WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.revision <= p_revision AND l.cells IS NOT NULL
 ORDER BY c.cell, l.revision DESC $$;
COMMENT ON FUNCTION cells_at(bigint, bigint, bigint) IS 'a report''s cells as they were at a revision, from the log';

-- The projection rebuilt from the log beside what stands: rows that differ. A test and the operator's check expect none.
CREATE FUNCTION value_differences(p_entity bigint, p_round bigint)
RETURNS TABLE (cell_id bigint, fault text) LANGUAGE sql STABLE AS $$
SELECT coalesce(a.cell_id, v.cell_id), CASE WHEN v.cell_id IS NULL THEN 'missing' WHEN a.cell_id IS NULL THEN 'not in the log' ELSE 'differs' END
  FROM cells_at(p_entity, p_round, 9223372036854775807) a
  FULL JOIN (SELECT * FROM value v WHERE v.entity_id = p_entity AND v.round_id = p_round) v ON v.cell_id = a.cell_id
 WHERE (a.revision, a.kind, a.number::text, a.denominator::text, a.text, a.note, a.expected_on) IS DISTINCT FROM (v.revision, v.kind, v.number::text, v.denominator::text, v.text, v.note, v.expected_on) $$;
COMMENT ON FUNCTION value_differences(bigint, bigint) IS 'where the projection does not match the log';

-- Writes the projection anew from the log; returns how many cells it mended.
CREATE FUNCTION value_rebuild(p_entity bigint, p_round bigint) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE mended bigint;
BEGIN
    PERFORM FROM chain_head h WHERE h.entity_id = p_entity FOR NO KEY UPDATE;
    SELECT count(*) INTO mended FROM value_differences(p_entity, p_round);
    DELETE FROM value WHERE entity_id = p_entity AND round_id = p_round;
    INSERT INTO value (entity_id, round_id, cell_id, revision, kind, number, denominator, text, note, expected_on)
    SELECT p_entity, p_round, a.cell_id, a.revision, a.kind, a.number, a.denominator, a.text, a.note, a.expected_on
      FROM cells_at(p_entity, p_round, 9223372036854775807) a;
    RETURN mended;
END $$;
COMMENT ON FUNCTION value_rebuild(bigint, bigint) IS 'rebuilds the projection of a report from the log; for the owner only';

COMMIT;
