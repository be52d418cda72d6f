-- Deploy inap:evidence to pg: files and references that support a report.
BEGIN;
SET LOCAL search_path = inap;

CREATE TABLE evidence_file ( -- the bytes of a file, once an entity, whichever reports they support
    entity_id bigint NOT NULL REFERENCES entity, -- whose
    file_id bigint NOT NULL GENERATED ALWAYS AS IDENTITY, -- its number here
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32), -- of the whole file
    bytes bigint NOT NULL CHECK (bytes BETWEEN 1 AND 20971520), -- its size
    have bigint NOT NULL DEFAULT 0, -- how much is there, from the start on
    type text NOT NULL, -- what its first piece told; once whole what it is
    list_at bigint, -- office documents: where a good list of content types begins
    office text, -- and what it says: docx or xlsx
    whole_at timestamptz, -- all is there, and its hash is right
    spoilt_at timestamptz, -- all was there, and it was not that file, or none that is taken: it never counts
    attached_at timestamptz, -- supports a report since; before that it is an upload
    made_by bigint NOT NULL, -- who began
    touched_at timestamptz NOT NULL DEFAULT now(), -- the last piece came
    PRIMARY KEY (entity_id, file_id)
);
CREATE UNIQUE INDEX evidence_file_sha256 ON evidence_file (entity_id, sha256) WHERE spoilt_at IS NULL;
COMMENT ON TABLE evidence_file IS 'the bytes of a file, once an entity, whichever reports they support';
COMMENT ON COLUMN evidence_file.entity_id IS 'whose';
COMMENT ON COLUMN evidence_file.file_id IS 'its number here';
COMMENT ON COLUMN evidence_file.sha256 IS 'of the whole file';
COMMENT ON COLUMN evidence_file.bytes IS 'its size';
COMMENT ON COLUMN evidence_file.have IS 'how much is there, from the start on';
COMMENT ON COLUMN evidence_file.type IS 'what its first piece told; once whole what it is';
COMMENT ON COLUMN evidence_file.list_at IS 'office documents: where a good list of content types begins';
COMMENT ON COLUMN evidence_file.office IS 'and what it says: docx or xlsx';
COMMENT ON COLUMN evidence_file.whole_at IS 'all is there, and its hash is right';
COMMENT ON COLUMN evidence_file.spoilt_at IS 'all was there, and it was not that file, or none that is taken: it never counts';
COMMENT ON COLUMN evidence_file.attached_at IS 'supports a report since; before that it is an upload';
COMMENT ON COLUMN evidence_file.made_by IS 'who began';
COMMENT ON COLUMN evidence_file.touched_at IS 'the last piece came';

-- Files hardly shrink, and trying costs more than the room.
ALTER TABLE evidence_chunk RENAME COLUMN evidence_id TO file_id;
ALTER TABLE evidence_chunk ALTER COLUMN data SET STORAGE EXTERNAL;

-- A row per write, as the log has it: what others read is as of the revision that they may see.
ALTER TABLE evidence DROP COLUMN complete;
ALTER TABLE evidence ADD COLUMN number bigint NOT NULL;
ALTER TABLE evidence ADD COLUMN revision bigint NOT NULL;
ALTER TABLE evidence ADD COLUMN detached boolean NOT NULL DEFAULT false;
ALTER TABLE evidence ADD COLUMN type text;
ALTER TABLE evidence ADD COLUMN from_round_id bigint;
ALTER TABLE evidence ADD COLUMN note words;
ALTER TABLE evidence ADD CONSTRAINT evidence_kind CHECK (kind IN ('minutes', 'order', 'list', 'letter', 'photo', 'scan', 'other'));
ALTER TABLE evidence ADD CONSTRAINT evidence_something CHECK (sha256 IS NOT NULL OR reference IS NOT NULL);
DROP INDEX evidence_report;
CREATE UNIQUE INDEX evidence_report ON evidence (entity_id, round_id, number, revision);
COMMENT ON TABLE evidence IS 'what supports a report: a file, or a reference to one; a row per write';
COMMENT ON COLUMN evidence.evidence_id IS 'of the row';
COMMENT ON COLUMN evidence.number IS '1, 2... in its report';
COMMENT ON COLUMN evidence.revision IS 'the report''s revision that wrote it';
COMMENT ON COLUMN evidence.detached IS 'from this revision on it supports the report no more';
COMMENT ON COLUMN evidence.type IS 'of the file; null: a reference only';
COMMENT ON COLUMN evidence.from_round_id IS 'kept from this earlier round';
COMMENT ON COLUMN evidence.note IS 'why';
COMMENT ON COLUMN evidence.kind IS 'minutes, order, list...';
COMMENT ON COLUMN evidence_chunk.file_id IS 'of which file';

GRANT SELECT, INSERT ON evidence_file TO inap_app;
GRANT UPDATE (have, type, list_at, office, whole_at, spoilt_at, attached_at, touched_at) ON evidence_file TO inap_app;

-- What supported a report at a revision.
CREATE FUNCTION evidence_at(p_entity bigint, p_round bigint, p_revision bigint) RETURNS SETOF evidence LANGUAGE sql STABLE AS $$
SELECT l.* FROM (SELECT DISTINCT ON (e.number) e.* FROM evidence e
                  WHERE e.entity_id = p_entity AND e.round_id = p_round AND e.revision <= p_revision
                  ORDER BY e.number, e.revision DESC) l
 WHERE NOT l.detached $$;
COMMENT ON FUNCTION evidence_at(bigint, bigint, bigint) IS 'the evidence of a report as it was at a revision';

-- Does it speak of an indicator whose figures are protected? Then it is not for who only reads the national picture.
CREATE FUNCTION evidence_protected(p_cells bigint[]) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT EXISTS (SELECT FROM cell k JOIN indicator i USING (indicator_id) WHERE k.cell_id = ANY (p_cells) AND i.protection <> 'none') $$;
COMMENT ON FUNCTION evidence_protected(bigint[]) IS 'is one of these cells of a protected indicator';

-- A row of evidence with the codes of what it supports; the log's outcome has it whole.
CREATE FUNCTION evidence_body(e evidence) RETURNS jsonb LANGUAGE sql STABLE AS $$
SELECT jsonb_build_object('number', e.number, 'detached', e.detached, 'name', e.name, 'kind', e.kind, 'type', e.type, 'bytes', e.bytes,
           'sha256', encode(e.sha256, 'hex'), 'reference', e.reference, 'note', e.note,
           'cells', ARRAY(SELECT k.code FROM cell k WHERE k.cell_id = ANY (e.cells) ORDER BY k.code COLLATE "C"),
           'activities', ARRAY(SELECT a.code FROM result a WHERE a.result_id = ANY (e.results) ORDER BY a.code COLLATE "C"),
           'round', (SELECT o.code FROM round o WHERE o.round_id = e.from_round_id),
           'by', (SELECT u.name FROM app_user u WHERE u.user_id = e.made_by), 'at', iso(e.made_at)) $$;
COMMENT ON FUNCTION evidence_body(evidence) IS 'a row of evidence with the codes of what it supports, as JSON';

-- The same as columns; the codes one a line (cell codes hold commas).
CREATE FUNCTION evidence_fields(p_body jsonb, OUT number bigint, OUT name text, OUT kind text, OUT type text, OUT bytes bigint, OUT sha256 bytea, OUT reference text,
                                OUT cells text, OUT activities text, OUT note text, OUT round text, OUT by text, OUT at text) LANGUAGE sql IMMUTABLE AS $$
SELECT (p_body ->> 'number')::bigint, p_body ->> 'name', p_body ->> 'kind', p_body ->> 'type', (p_body ->> 'bytes')::bigint, decode(p_body ->> 'sha256', 'hex'), p_body ->> 'reference',
       (SELECT string_agg(c, E'\n' ORDER BY i) FROM jsonb_array_elements_text(p_body -> 'cells') WITH ORDINALITY AS x (c, i)),
       (SELECT string_agg(c, E'\n' ORDER BY i) FROM jsonb_array_elements_text(p_body -> 'activities') WITH ORDINALITY AS x (c, i)),
       p_body ->> 'note', p_body ->> 'round', p_body ->> 'by', p_body ->> 'at' $$;
COMMENT ON FUNCTION evidence_fields(jsonb) IS 'the JSON of a row of evidence as columns';

-- The last round before this one in which something supported the entity's report; its evidence may be kept.
CREATE FUNCTION evidence_before(p_entity bigint, p_round bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
SELECT o.round_id FROM round now JOIN round o ON o.plan_id = now.plan_id AND o.quarter < now.quarter
 WHERE now.round_id = p_round AND EXISTS (SELECT FROM evidence_at(p_entity, o.round_id, 9223372036854775807))
 ORDER BY o.quarter DESC LIMIT 1 $$;
COMMENT ON FUNCTION evidence_before(bigint, bigint) IS 'the last earlier round with evidence of the entity; null: none';

-- Why evidence may not be written now, as CODE|name=value|...; null: it may. The caller holds the entity's head, or only asks.
CREATE FUNCTION evidence_fault(p_entity bigint, p_round bigint, p_base bigint, p_merge boolean, p_actor bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    held bigint := (SELECT r.revision FROM report r WHERE r.entity_id = p_entity AND r.round_id = p_round);
    lock text := report_lock(p_entity, p_round, 'evidence', '');
BEGIN
    RETURN CASE WHEN held IS NULL OR NOT holds_role(p_actor, '{focal_point}', p_entity) THEN 'NOT_FOUND|what=report'
                WHEN lock IN ('not_open', 'closed', 'suspended') THEN 'ROUND_NOT_OPEN|why=' || lock
                WHEN lock IS NOT NULL THEN 'LOCKED|lock=' || lock
                WHEN p_base > held OR (p_base < held AND NOT p_merge) THEN 'STALE_REVISION|revision=' || held END;
END $$;
COMMENT ON FUNCTION evidence_fault(bigint, bigint, bigint, boolean, bigint) IS 'why evidence of a report may not be written now; null: it may';

-- The cells and activities that evidence names, as numbers; or the first that is none.
CREATE FUNCTION evidence_bound(p_entity bigint, p_round bigint, p_cells text[], p_activities text[], OUT fault text, OUT cells bigint[], OUT results bigint[])
LANGUAGE plpgsql STABLE AS $$
DECLARE
    q record;
BEGIN
    cells := '{}'; results := '{}';
    FOR q IN SELECT c.code, k.cell_id, a.cell_id AS asked, e.code AS entity, o.code AS round
               FROM (SELECT DISTINCT unnest(p_cells)) AS c (code) CROSS JOIN round o JOIN entity e ON e.entity_id = p_entity
               LEFT JOIN cell k ON k.plan_id = o.plan_id AND k.code = c.code
               LEFT JOIN asked(p_entity, p_round) a ON a.cell_id = k.cell_id
              WHERE o.round_id = p_round LOOP
        IF q.asked IS NULL THEN
            fault := CASE WHEN q.cell_id IS NULL THEN 'CELL_UNKNOWN|cell=' ELSE format('CELL_NOT_ASKED|entity=%s|round=%s|cell=', q.entity, q.round) END || translate(q.code, '|', '/');
            RETURN;
        END IF;
        cells := cells || q.cell_id;
    END LOOP;
    FOR q IN SELECT c.code, a.result_id FROM (SELECT DISTINCT unnest(p_activities)) AS c (code) CROSS JOIN round o
               LEFT JOIN result a ON a.plan_id = o.plan_id AND a.code = c.code AND a.kind = 'activity'
              WHERE o.round_id = p_round LOOP
        IF q.result_id IS NULL THEN fault := 'NOT_FOUND|what=activity|name=' || translate(q.code, '|', '/'); RETURN; END IF;
        results := results || q.result_id;
    END LOOP;
END $$;
COMMENT ON FUNCTION evidence_bound(bigint, bigint, text[], text[]) IS 'what evidence names as cells and activities, or the first that is none';

-- Does the report have room for one more? 100 pieces, detached ones too, and 200 MiB of files. Null: it has.
CREATE FUNCTION evidence_full(p_entity bigint, p_round bigint, p_bytes bigint) RETURNS text LANGUAGE sql STABLE AS $$
SELECT CASE WHEN count(*) >= 100 THEN 'TOO_LARGE|what=the pieces of evidence of a report|limit=100'
            WHEN coalesce(sum(x.bytes), 0) + p_bytes > 209715200 THEN 'TOO_LARGE|what=the files of a report|limit=200 MiB' END
  FROM (SELECT DISTINCT ON (e.number) e.bytes FROM evidence e WHERE e.entity_id = p_entity AND e.round_id = p_round ORDER BY e.number, e.revision DESC) x $$;
COMMENT ON FUNCTION evidence_full(bigint, bigint, bigint) IS 'why a report takes no more evidence; null: it does';

-- Uploads of an entity that were not attached count with their whole size, 64 MiB in all, until they rest for 7 days.
CREATE FUNCTION upload_full(p_entity bigint, p_sha256 bytea, p_bytes bigint) RETURNS text LANGUAGE sql STABLE AS $$
SELECT CASE WHEN coalesce(sum(f.bytes), 0) + p_bytes > 67108864 THEN 'TOO_LARGE|what=unfinished uploads|limit=64 MiB' END
  FROM evidence_file f WHERE f.entity_id = p_entity AND f.sha256 <> p_sha256 AND f.attached_at IS NULL AND f.spoilt_at IS NULL AND f.touched_at > now() - interval '7 days' $$;
COMMENT ON FUNCTION upload_full(bigint, bytea, bigint) IS 'why an entity may not begin another upload; null: it may';

-- What stands in a report for this file (or, without one, this reference); the newest row, detached or not.
CREATE FUNCTION evidence_same(p_entity bigint, p_round bigint, p_sha256 bytea, p_reference text) RETURNS SETOF evidence LANGUAGE sql STABLE AS $$
SELECT e.* FROM evidence e WHERE e.entity_id = p_entity AND e.round_id = p_round
   AND CASE WHEN p_sha256 IS NULL THEN e.sha256 IS NULL AND e.reference = p_reference ELSE e.sha256 = p_sha256 END
 ORDER BY e.revision DESC LIMIT 1 $$;
COMMENT ON FUNCTION evidence_same(bigint, bigint, bytea, text) IS 'the newest row of a report for a file or a reference';

-- A piece of a file. fault as above; have and whole as they are then. The last piece brings the judgement of the whole.
CREATE FUNCTION evidence_put(p_entity bigint, p_plan text, p_round text, p_sha256 bytea, p_bytes bigint, p_type text, p_offset bigint, p_data bytea,
                             p_list_at bigint, p_office text, p_list_wanted bigint, p_actor bigint, OUT fault text, OUT have bigint, OUT whole boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    f evidence_file;
    there bytea;
    report_round bigint;
BEGIN
    SELECT o.round_id INTO report_round FROM round o JOIN plan p USING (plan_id) WHERE o.code = p_round AND (p.code = p_plan OR (p_plan = '' AND p.current));
    fault := evidence_fault(p_entity, report_round, 0, true, p_actor);
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
CREATE FUNCTION evidence_write(p_action text, p_entity bigint, p_plan text, p_round text, p_base bigint, p_merge boolean, p_number bigint, p_name text, p_kind text,
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
    fault := evidence_fault(p_entity, t.round_id, p_base, p_merge, p_actor);
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

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'evidence' $$;
GRANT EXECUTE ON FUNCTION evidence_at(bigint, bigint, bigint), evidence_protected(bigint[]), evidence_body(evidence), evidence_fields(jsonb), evidence_before(bigint, bigint),
    evidence_fault(bigint, bigint, bigint, boolean, bigint), evidence_bound(bigint, bigint, text[], text[]), evidence_full(bigint, bigint, bigint),
    upload_full(bigint, bytea, bigint), evidence_same(bigint, bigint, bytea, text),
    evidence_put(bigint, text, text, bytea, bigint, text, bigint, bytea, bigint, text, bigint, bigint),
    evidence_write(text, bigint, text, text, bigint, boolean, bigint, text, text, text, bytea, text[], text[], text, bigint, bytea, bytea) TO inap_app;

COMMIT;
