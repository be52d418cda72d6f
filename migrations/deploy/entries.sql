-- Deploy inap:entries to pg: contributors of a plan file are looked at; late words, activities and evidence name their extensions.
BEGIN;
SET LOCAL search_path = inap;

-- An activity's contributors, beside its lead: each an entity, each once.
ALTER FUNCTION plan_keys() RENAME TO plan_keys_rules;
CREATE FUNCTION plan_keys() RETURNS TABLE (kind text, path text[], type text, required boolean, words text[], pattern text) LANGUAGE sql IMMUTABLE AS $$
SELECT * FROM plan_keys_rules()
UNION ALL SELECT 'result', '{contributors}'::text[], 'strings', false, NULL::text[], NULL $$;
COMMENT ON FUNCTION plan_keys_rules() IS 'plan_keys without contributors';
COMMENT ON FUNCTION plan_keys() IS 'what must and may stand in each object of a plan file';

ALTER FUNCTION plan_sense_fault(jsonb) RENAME TO plan_sense_fault_first;
CREATE FUNCTION plan_sense_fault(b jsonb) RETURNS TABLE (place text, why text) LANGUAGE sql STABLE AS $$
WITH member AS MATERIALIZED (
    SELECT format('%s.contributors[%s]', r.place, c.n - 1) AS place, r.sort, c.n, c.code, r.body ->> 'lead' AS lead,
           row_number() OVER (PARTITION BY r.place, c.code ORDER BY c.n) AS nth
      FROM plan_rows(b) r CROSS JOIN LATERAL jsonb_array_elements_text(json_list(r.body -> 'contributors')) WITH ORDINALITY AS c (code, n)
     WHERE r.kind = 'result'
), faults (step, sort, n, place, why) AS (
    SELECT 1, 0, 0, f.place, f.why FROM plan_sense_fault_first(b) f
    UNION ALL
    SELECT 2, m.sort, m.n, m.place,
           CASE WHEN m.code = m.lead THEN 'the lead is none of them'
                WHEN m.nth > 1 THEN format('entity %s stands twice', m.code)
                WHEN NOT EXISTS (SELECT FROM plan_nodes(b) e WHERE e.kind = 'entity' AND e.v ->> 'code' = m.code)
                     AND NOT EXISTS (SELECT FROM entity e WHERE e.entity_id <> 0 AND e.code = m.code) THEN format('there is no entity %s', m.code) END
      FROM member m
)
SELECT f.place, f.why FROM faults f WHERE f.why IS NOT NULL ORDER BY f.step, f.sort, f.n LIMIT 1 $$;
COMMENT ON FUNCTION plan_sense_fault_first(jsonb) IS 'plan_sense_fault without contributors';
COMMENT ON FUNCTION plan_sense_fault(jsonb) IS 'the first reference, duplicate or pair of a plan file that makes no sense';

-- By which extensions a report in this state is written now, for the entry in the log; empty where its round is open.
CREATE FUNCTION late_extensions(p_entity bigint, p_round bigint, p_state text) RETURNS jsonb LANGUAGE sql STABLE AS $$
SELECT CASE WHEN u.extensions IS NULL THEN '{}' ELSE jsonb_build_object('extensions', u.extensions) END FROM report_unlocked(p_entity, p_round, p_state) u $$;
COMMENT ON FUNCTION late_extensions(bigint, bigint, text) IS 'the extensions by which a report is written, for the log';

-- As before, with the extensions by which a late one is written. One row: the fault, or the outcome (of a replay: the first one's).
CREATE OR REPLACE FUNCTION evidence_write(p_action text, p_entity bigint, p_plan text, p_round text, p_base bigint, p_merge boolean, p_number bigint, p_name text, p_kind text,
                               p_reference text, p_sha256 bytea, p_cells text[], p_activities text[], p_note text, p_actor bigint, p_key bytea, p_body_hash bytea,
                               OUT fault text, OUT outcome jsonb, OUT receipt bytea, OUT replayed boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    t record;
    past log;
    late jsonb;
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
    late := late_extensions(p_entity, t.round_id, t.state);
    UPDATE report r SET revision = e.revision, state = CASE r.state WHEN 'expected' THEN 'draft' ELSE r.state END, ready = false
     WHERE r.entity_id = p_entity AND r.round_id = t.round_id RETURNING r.state INTO t.state;
    outcome := evidence_body(e) || jsonb_build_object('revision', e.revision, 'state', t.state, 'written', e.revision) || late;
    receipt := log_append(p_entity, t.plan_id, t.round_id, e.revision, p_action, p_note, p_actor, p_key, p_body_hash, outcome::text);
END $$;

GRANT EXECUTE ON FUNCTION plan_keys(), plan_sense_fault(jsonb), late_extensions(bigint, bigint, text) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'entries' $$;

COMMIT;
