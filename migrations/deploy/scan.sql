-- Deploy inap:scan to pg: the desk attaches the scan of the letter to a report that it received.
BEGIN;
SET LOCAL search_path = inap;

-- Why this may not be attached now. A coordinator attaches one thing only: to a report on paper the file of its letter, as who received
-- it (and so passes it no further) and before anybody has endorsed it; to no cell and no activity, of which the entity speaks.
CREATE FUNCTION attach_fault(p_entity bigint, p_round bigint, p_base bigint, p_merge boolean, p_kind text, p_file boolean, p_supports text[], p_actor bigint)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    r report;
BEGIN
    IF NOT holds_role(p_actor, '{coordinator}', p_entity) THEN RETURN evidence_fault(p_entity, p_round, p_base, p_merge, p_actor); END IF;
    SELECT * INTO r FROM report x WHERE x.entity_id = p_entity AND x.round_id = p_round;
    r.state := state_now(r.state, r.claimed_at);
    RETURN CASE WHEN report_view(p_entity, p_round, 8) IS NULL THEN 'NOT_FOUND|what=report'
                WHEN r.desk_by IS DISTINCT FROM p_actor THEN 'FORBIDDEN|action=evidence.attach'
                WHEN r.state NOT IN ('submitted', 'in_review') THEN 'LOCKED|lock=' || r.state
                WHEN NOT p_file OR p_kind NOT IN ('letter', 'scan') OR cardinality(p_supports) > 0 THEN
                    'BAD_ARGUMENT|field=kind|why=to a report received on paper the file of its letter is attached, as letter or scan, and nothing else'
                WHEN p_base > r.revision OR (p_base < r.revision AND NOT p_merge) THEN 'STALE_REVISION|revision=' || r.revision END;
END $$;
COMMENT ON FUNCTION attach_fault(bigint, bigint, bigint, boolean, text, boolean, text[], bigint) IS 'why something may not be attached to a report now; null: it may';
GRANT EXECUTE ON FUNCTION attach_fault(bigint, bigint, bigint, boolean, text, boolean, text[], bigint) TO inap_app;

-- A piece of a file. fault as above; have and whole as they are then. The last piece brings the judgement of the whole.
CREATE OR REPLACE FUNCTION evidence_put(p_entity bigint, p_plan text, p_round text, p_sha256 bytea, p_bytes bigint, p_type text, p_offset bigint, p_data bytea,
                             p_list_at bigint, p_office text, p_list_wanted bigint, p_actor bigint, OUT fault text, OUT have bigint, OUT whole boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    f evidence_file;
    there bytea;
    report_round bigint;
BEGIN
    SELECT o.round_id INTO report_round FROM round o JOIN plan p USING (plan_id) WHERE o.code = p_round AND (p.code = p_plan OR (p_plan = '' AND p.current));
    fault := attach_fault(p_entity, report_round, 0, true, 'letter', true, '{}', p_actor);
    IF fault IS NOT NULL THEN RETURN; END IF;
    IF p_offset = 0 THEN PERFORM FROM chain_head h WHERE h.entity_id = p_entity FOR NO KEY UPDATE; END IF;
    SELECT * INTO f FROM evidence_file x WHERE x.entity_id = p_entity AND x.sha256 = p_sha256 AND x.spoilt_at IS NULL FOR NO KEY UPDATE;
    IF f.file_id IS NULL THEN
        fault := CASE WHEN p_offset <> 0 THEN 'EVIDENCE_OFFSET|have=0' ELSE upload_full(p_entity, p_sha256, p_bytes) END;
        IF fault IS NOT NULL THEN RETURN; END IF;
        INSERT INTO evidence_file (entity_id, sha256, bytes, type, made_by) VALUES (p_entity, p_sha256, p_bytes, p_type, p_actor) RETURNING * INTO f;
    END IF;
    IF p_offset < f.have THEN
        SELECT c.data INTO there FROM evidence_chunk c WHERE c.entity_id = p_entity AND c.file_id = f.file_id AND c.place = p_offset;
    END IF;
    fault := CASE WHEN f.bytes <> p_bytes THEN 'BAD_ARGUMENT|field=bytes|why=the file is there with another size'
                  WHEN p_offset > f.have OR (p_offset < f.have AND there IS DISTINCT FROM p_data) THEN 'EVIDENCE_OFFSET|have=' || f.have
                  WHEN f.whole_at IS NULL AND f.type <> p_type THEN 'BAD_ARGUMENT|field=type|why=the first piece told another' END;
    IF fault IS NOT NULL THEN RETURN; END IF;
    IF p_offset = f.have THEN
        INSERT INTO evidence_chunk (entity_id, file_id, place, data) VALUES (p_entity, f.file_id, p_offset, p_data);
        f.have := f.have + octet_length(p_data);
        f.list_at := coalesce(p_list_at, f.list_at); f.office := coalesce(p_office, f.office);
        IF f.have = f.bytes THEN
            fault := CASE WHEN f.list_at IS DISTINCT FROM p_list_wanted THEN 'EVIDENCE_TYPE|found=a ZIP archive'
                          WHEN f.sha256 <> (SELECT sha256(string_agg(c.data, '' ORDER BY c.place)) FROM evidence_chunk c WHERE c.entity_id = p_entity AND c.file_id = f.file_id)
                          THEN 'EVIDENCE_HASH' END;
            IF fault IS NULL THEN f.whole_at := now(); ELSE f.spoilt_at := now(); END IF;
            f.type := coalesce(f.office, f.type);
        END IF;
        UPDATE evidence_file x SET have = f.have, type = f.type, list_at = f.list_at, office = f.office, whole_at = f.whole_at, spoilt_at = f.spoilt_at, touched_at = now()
         WHERE x.entity_id = p_entity AND x.file_id = f.file_id;
    END IF;
    have := f.have; whole := f.whole_at IS NOT NULL;
END $$;
COMMENT ON FUNCTION evidence_put(bigint, text, text, bytea, bigint, text, bigint, bytea, bigint, text, bigint, bigint) IS 'takes a piece of a file; the last one makes it whole, or spoilt';

-- Every write of evidence: attach, detach, keep. One row: the fault, or the outcome (of a replay: the first one's).
CREATE OR REPLACE FUNCTION evidence_write(p_action text, p_entity bigint, p_plan text, p_round text, p_base bigint, p_merge boolean, p_number bigint, p_name text, p_kind text,
                               p_reference text, p_sha256 bytea, p_cells text[], p_activities text[], p_note text, p_actor bigint, p_key bytea, p_body_hash bytea,
                               OUT fault text, OUT outcome jsonb, OUT receipt bytea, OUT replayed boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    t record;
    past log;
    bound record;
    f evidence_file;
    was evidence;
    e evidence;
BEGIN
    PERFORM FROM chain_head h WHERE h.entity_id = p_entity FOR NO KEY UPDATE;
    SELECT o.round_id, o.plan_id, r.revision, r.state INTO t FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.entity_id = p_entity AND r.round_id = o.round_id
     WHERE o.code = p_round AND (p.code = p_plan OR (p_plan = '' AND p.current));
    SELECT * INTO past FROM log l WHERE l.entity_id = p_entity AND l.key = p_key;
    replayed := past.key IS NOT NULL;
    IF replayed THEN
        IF past.body_hash <> p_body_hash OR past.action <> p_action THEN fault := 'KEY_REUSED'; END IF;
        outcome := past.outcome; receipt := past.hash;
        RETURN;
    END IF;
    fault := CASE p_action WHEN 'attach' THEN attach_fault(p_entity, t.round_id, p_base, p_merge, p_kind, p_sha256 IS NOT NULL, p_cells || p_activities, p_actor)
                           ELSE evidence_fault(p_entity, t.round_id, p_base, p_merge, p_actor) END;
    IF fault IS NOT NULL THEN RETURN; END IF;
    IF p_action = 'attach' THEN
        SELECT * INTO bound FROM evidence_bound(p_entity, t.round_id, p_cells, p_activities);
        SELECT * INTO f FROM evidence_file x WHERE x.entity_id = p_entity AND x.sha256 = p_sha256 AND x.spoilt_at IS NULL;
        fault := CASE WHEN bound.fault IS NOT NULL THEN bound.fault
                      WHEN p_sha256 IS NOT NULL AND f.whole_at IS NULL THEN 'EVIDENCE_OFFSET|have=' || coalesce(f.have, 0) END;
        e.sha256 := p_sha256; e.bytes := coalesce(f.bytes, 0); e.type := f.type; e.kind := p_kind; e.name := p_name; e.reference := p_reference;
        e.cells := bound.cells; e.results := bound.results; e.note := p_note;
    ELSIF p_action = 'keep' THEN
        e.from_round_id := evidence_before(p_entity, t.round_id);
        SELECT * INTO was FROM evidence_at(p_entity, e.from_round_id, 9223372036854775807) x WHERE x.number = p_number;
        e.sha256 := was.sha256; e.bytes := was.bytes; e.type := was.type; e.kind := was.kind; e.name := was.name; e.reference := was.reference;
        e.cells := was.cells; e.results := was.results; e.note := p_note;
    ELSE
        SELECT * INTO was FROM evidence_at(p_entity, t.round_id, t.revision) x WHERE x.number = p_number;
        e := was; e.detached := true; e.note := coalesce(p_note, e.note);
    END IF;
    IF p_action <> 'attach' AND was.number IS NULL THEN fault := 'NOT_FOUND|what=evidence|name=' || p_number; END IF;
    IF fault IS NOT NULL THEN RETURN; END IF;
    IF p_action <> 'detach' THEN
        SELECT * INTO was FROM evidence_same(p_entity, t.round_id, e.sha256, e.reference);
        e.number := was.number; e.detached := false;
        IF NOT was.detached THEN -- the same again: what it supports is added, the rest is as it was unless said anew
            e.cells := ARRAY(SELECT DISTINCT unnest(was.cells || e.cells)); e.results := ARRAY(SELECT DISTINCT unnest(was.results || e.results));
            e.reference := coalesce(e.reference, was.reference); e.note := coalesce(e.note, was.note); e.from_round_id := coalesce(was.from_round_id, e.from_round_id);
        END IF;
        IF e.number IS NULL THEN
            fault := evidence_full(p_entity, t.round_id, e.bytes);
            IF fault IS NOT NULL THEN RETURN; END IF;
            SELECT coalesce(max(x.number), 0) + 1 INTO e.number FROM evidence x WHERE x.entity_id = p_entity AND x.round_id = t.round_id;
        ELSIF NOT was.detached AND e.name = was.name AND e.kind = was.kind AND e.cells <@ was.cells AND e.results <@ was.results
              AND (e.reference, e.note) IS NOT DISTINCT FROM (was.reference, was.note) THEN
            outcome := evidence_body(was) || jsonb_build_object('revision', t.revision, 'state', t.state, 'unchanged', true, 'written', was.revision);
            RETURN;
        END IF;
    END IF;
    e.revision := t.revision + 1; e.made_by := p_actor; e.made_at := now();
    INSERT INTO evidence (entity_id, round_id, number, revision, detached, sha256, bytes, type, kind, name, reference, cells, results, from_round_id, note, made_by, made_at)
    VALUES (p_entity, t.round_id, e.number, e.revision, e.detached, e.sha256, e.bytes, e.type, e.kind, e.name, e.reference, e.cells, e.results, e.from_round_id, e.note, p_actor, e.made_at);
    UPDATE evidence_file x SET attached_at = now() WHERE x.entity_id = p_entity AND x.sha256 = e.sha256 AND x.whole_at IS NOT NULL AND x.attached_at IS NULL;
    UPDATE report r SET revision = e.revision, state = CASE r.state WHEN 'expected' THEN 'draft' ELSE r.state END, ready = false
     WHERE r.entity_id = p_entity AND r.round_id = t.round_id RETURNING r.state INTO t.state;
    outcome := evidence_body(e) || jsonb_build_object('revision', e.revision, 'state', t.state, 'written', e.revision);
    receipt := log_append(p_entity, t.plan_id, t.round_id, e.revision, p_action, p_note, p_actor, p_key, p_body_hash, outcome::text);
END $$;
COMMENT ON FUNCTION evidence_write(text, bigint, text, text, bigint, boolean, bigint, text, text, text, bytea, text[], text[], text, bigint, bytea, bytea)
    IS 'attaches, detaches or keeps evidence: one entry of the log';

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'scan' $$;

COMMIT;
