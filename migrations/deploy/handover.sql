-- Deploy inap:handover to pg: an open draft goes over with its words, how its activities stand and its evidence; who led an activity is followed.
BEGIN;
SET LOCAL search_path = inap;

-- ---- what the log says of a draft that was handed over: words and activities stand in that entry, beside the cells

CREATE OR REPLACE FUNCTION narrative_at(p_entity bigint, p_round bigint, p_revision bigint)
RETURNS TABLE (section text, text text, revision bigint, actor_id bigint, at timestamptz) LANGUAGE sql STABLE AS $$
SELECT DISTINCT ON (s.section) s.section, s.text, l.revision, l.actor_id, l.at
  FROM log l CROSS JOIN LATERAL jsonb_to_recordset(json_list(l.outcome::jsonb -> 'sections')) AS s (section text, text text)
 WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.revision <= p_revision AND l.action IN ('narrative', 'handover')
 ORDER BY s.section, l.revision DESC $$;

CREATE OR REPLACE FUNCTION activities_at(p_entity bigint, p_round bigint, p_revision bigint)
RETURNS TABLE (result_id bigint, status text, percent numeric, body jsonb, revision bigint, actor_id bigint, at timestamptz) LANGUAGE sql STABLE AS $$
SELECT DISTINCT ON (s.result_id) s.result_id, w.o ->> 'status', (w.o ->> 'percent')::numeric, w.o -> 'body', l.revision, l.actor_id, l.at
  FROM log l CROSS JOIN LATERAL (SELECT l.outcome::jsonb AS o WHERE l.action = 'activity'
                                 UNION ALL SELECT a FROM jsonb_array_elements(json_list(l.outcome::jsonb -> 'activities')) AS a WHERE l.action = 'handover') w
  JOIN result s ON s.plan_id = l.plan_id AND s.code = w.o ->> 'activity'
 WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.revision <= p_revision AND l.action IN ('activity', 'handover')
 ORDER BY s.result_id, l.revision DESC $$;

-- As before, and who took over from one of them; whoever stands at the end of the line leads.
CREATE OR REPLACE FUNCTION activity_members(p_plan bigint) RETURNS TABLE (result_id bigint, entity_id bigint, lead boolean) LANGUAGE sql STABLE AS $$
WITH RECURSIVE line AS (
    SELECT r.result_id, r.lead_entity_id AS entity_id, true AS lead, 0 AS depth FROM result r WHERE r.plan_id = p_plan AND r.kind = 'activity' AND r.lead_entity_id IS NOT NULL
    UNION ALL
    SELECT DISTINCT r.result_id, e.entity_id, false, 0
      FROM result r CROSS JOIN LATERAL jsonb_array_elements_text(json_list(r.body -> 'contributors')) AS c (code) JOIN entity e ON e.code = c.code
     WHERE r.plan_id = p_plan AND r.kind = 'activity' AND e.entity_id IS DISTINCT FROM r.lead_entity_id
    UNION ALL
    SELECT l.result_id, e.successor_id, l.lead, l.depth + 1 FROM line l JOIN entity e USING (entity_id) WHERE e.successor_id IS NOT NULL AND isfinite(e.valid_to) AND l.depth < 10
)
SELECT l.result_id, l.entity_id, bool_or(l.lead AND NOT (e.successor_id IS NOT NULL AND isfinite(e.valid_to))) FROM line l JOIN entity e USING (entity_id) GROUP BY l.result_id, l.entity_id $$;

-- ---- the handover

-- Is there anything beside figures in a report?
CREATE FUNCTION draft_words(p_entity bigint, p_round bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT EXISTS (SELECT FROM narrative n WHERE n.entity_id = p_entity AND n.round_id = p_round AND n.text <> '')
    OR EXISTS (SELECT FROM activity_status a WHERE a.entity_id = p_entity AND a.round_id = p_round)
    OR EXISTS (SELECT FROM evidence_at(p_entity, p_round, 9223372036854775807)) $$;
COMMENT ON FUNCTION draft_words(bigint, bigint) IS 'are there words, activities or evidence in a report';

-- As before; what would be handed over may be words alone.
CREATE OR REPLACE FUNCTION succeed_fault(p_old entity, p_new entity, p_old_code text, p_new_code text, p_quarter int) RETURNS text LANGUAGE sql STABLE AS $$
SELECT CASE
    WHEN p_old.entity_id IS NULL THEN 'NOT_FOUND|what=entity|name=' || p_old_code
    WHEN p_new.entity_id IS NULL THEN 'NOT_FOUND|what=entity|name=' || p_new_code
    WHEN p_old.entity_id = p_new.entity_id THEN 'BAD_ARGUMENT|field=new|why=an entity does not follow itself'
    WHEN p_old.jurisdiction <> p_new.jurisdiction THEN 'BAD_ARGUMENT|field=new|why=it belongs to the other government'
    WHEN p_quarter IS NULL OR p_quarter < 1900 * 4 THEN 'BAD_ARGUMENT|field=from|why=write a quarter, 2024Q3'
    WHEN p_old.successor_id IS NOT NULL OR isfinite(p_old.valid_to) THEN format('WRONG_STATE|report=%s|state=over|action=entity.succeed', p_old.code)
    WHEN isfinite(p_new.valid_to) THEN format('WRONG_STATE|report=%s|state=over|action=entity.succeed', p_new.code)
    WHEN p_new.valid_from > quarter_end(p_quarter - 1) + 1 THEN format('BAD_ARGUMENT|field=from|why=%s begins on %s', p_new.code, p_new.valid_from)
    ELSE coalesce(
        (SELECT format('LOCKED|report=%s|lock=suspended', p.code) FROM plan p
          WHERE p.state = 'suspended' AND EXISTS (SELECT FROM assignment_span s WHERE s.plan_id = p.plan_id AND s.entity_id = p_old.entity_id AND s.to_quarter >= greatest(s.from_quarter, p_quarter))
          ORDER BY p.plan_id LIMIT 1),
        (SELECT format('ROUND_NOT_OPEN|round=%s|why=closed: %s at the earliest', quarter_code(f.free - 1), quarter_code(f.free))
           FROM plan p CROSS JOIN LATERAL (SELECT max(o.quarter) + 1 AS free FROM round o WHERE o.plan_id = p.plan_id AND o.closes_at <= now()) f
          WHERE f.free > p_quarter AND EXISTS (SELECT FROM report r JOIN round o USING (round_id) WHERE o.plan_id = p.plan_id AND r.entity_id = p_old.entity_id AND o.quarter >= p_quarter)
          ORDER BY f.free DESC LIMIT 1),
        (SELECT format('WRONG_STATE|report=%s/%s|state=%s|action=entity.succeed', e.code, o.code, r.state)
           FROM report r JOIN round o USING (round_id) JOIN entity e USING (entity_id)
          WHERE r.entity_id IN (p_old.entity_id, p_new.entity_id) AND o.quarter >= p_quarter AND (o.closes_at IS NULL OR o.closes_at > now())
            AND (r.state NOT IN ('expected', 'draft') AND (r.entity_id = p_old.entity_id
                 OR EXISTS (SELECT FROM value v WHERE v.entity_id = p_old.entity_id AND v.round_id = o.round_id AND v.kind <> 0) OR draft_words(p_old.entity_id, o.round_id)))
          ORDER BY o.quarter, e.code LIMIT 1)) END $$;

DROP FUNCTION cells_append(bigint, bigint, bigint, text, bigint, bytea, bigint[], smallint[], numeric[], numeric[], text[], text[], date[]);
-- Appends what is handed over to an entity's chain, whose head the caller holds, and brings value and report along.
CREATE FUNCTION cells_append(p_entity bigint, p_plan bigint, p_round bigint, p_note text, p_actor bigint, p_hash bytea, p_cells bigint[], p_kinds smallint[], p_numbers numeric[],
                             p_denominators numeric[], p_texts text[], p_notes text[], p_expected_on date[], p_more jsonb)
RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    head chain_head;
    entry log;
BEGIN
    SELECT * INTO STRICT head FROM chain_head WHERE entity_id = p_entity FOR NO KEY UPDATE;
    UPDATE report r SET revision = r.revision + 1, state = CASE r.state WHEN 'expected' THEN 'draft' ELSE r.state END, ready = false
     WHERE r.entity_id = p_entity AND r.round_id = p_round RETURNING r.revision INTO STRICT entry.revision;
    entry.entity_id := p_entity; entry.seq := head.seq + 1; entry.plan_id := p_plan; entry.round_id := p_round;
    entry.action := 'handover'; entry.actor_id := p_actor; entry.via := ''; entry.note := p_note; entry.body_hash := p_hash; entry.prev_hash := head.hash;
    entry.at := greatest(clock_timestamp(), coalesce((SELECT l.at FROM log l WHERE l.entity_id = p_entity AND l.seq = head.seq), '-infinity'));
    entry.outcome := (jsonb_build_object('revision', entry.revision, 'state', 'draft') || p_more)::text;
    entry.cells := p_cells; entry.kinds := p_kinds; entry.numbers := p_numbers; entry.denominators := p_denominators;
    entry.texts := p_texts; entry.notes := p_notes; entry.expected_on := p_expected_on;
    entry.hash := sha256('\x00'::bytea || entry.prev_hash || row_hash(entry));
    INSERT INTO log SELECT entry.*;
    UPDATE chain_head SET seq = entry.seq, hash = entry.hash WHERE entity_id = p_entity;
    INSERT INTO value (entity_id, round_id, cell_id, revision, kind, number, denominator, text, note, expected_on)
    SELECT p_entity, p_round, c.cell, entry.revision, c.kind, c.number, c.denominator, c.text, c.note, c.expected_on
      FROM unnest(p_cells, p_kinds, p_numbers, p_denominators, p_texts, p_notes, p_expected_on) AS c (cell, kind, number, denominator, text, note, expected_on)
        ON CONFLICT (entity_id, round_id, cell_id) DO UPDATE
       SET revision = excluded.revision, kind = excluded.kind, number = excluded.number, denominator = excluded.denominator, text = excluded.text, note = excluded.note,
           expected_on = excluded.expected_on;
    RETURN entry.revision;
END $$;
COMMENT ON FUNCTION cells_append(bigint, bigint, bigint, text, bigint, bytea, bigint[], smallint[], numeric[], numeric[], text[], text[], date[], jsonb) IS 'what is handed over, in an entity''s chain, with value and report; returns the revision';

-- A file that another entity holds becomes this one's too: each reads its own.
CREATE FUNCTION evidence_file_take(p_old bigint, p_new bigint, p_sha256 bytea) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    f evidence_file;
    made bigint;
BEGIN
    SELECT * INTO STRICT f FROM evidence_file x WHERE x.entity_id = p_old AND x.sha256 = p_sha256 AND x.whole_at IS NOT NULL AND x.spoilt_at IS NULL;
    UPDATE evidence_file x SET attached_at = coalesce(x.attached_at, now()) WHERE x.entity_id = p_new AND x.sha256 = p_sha256 AND x.whole_at IS NOT NULL AND x.spoilt_at IS NULL;
    IF FOUND THEN RETURN; END IF;
    UPDATE evidence_file x SET spoilt_at = now() WHERE x.entity_id = p_new AND x.sha256 = p_sha256 AND x.spoilt_at IS NULL; -- an upload that broke off: the whole file is here
    INSERT INTO evidence_file (entity_id, sha256, bytes, have, type, list_at, office, whole_at, attached_at, made_by, touched_at)
    VALUES (p_new, f.sha256, f.bytes, f.have, f.type, f.list_at, f.office, f.whole_at, now(), f.made_by, now()) RETURNING file_id INTO made;
    INSERT INTO evidence_chunk (entity_id, file_id, place, data) SELECT p_new, made, c.place, c.data FROM evidence_chunk c WHERE c.entity_id = p_old AND c.file_id = f.file_id;
END $$;
COMMENT ON FUNCTION evidence_file_take(bigint, bigint, bytea) IS 'a file of one entity becomes another''s too';

DROP FUNCTION entity_handover(entity, entity, bigint, bigint, bigint, bytea);
-- The open draft: what the former entity wrote, where the new one is asked and wrote nothing itself, becomes the new one's: figures, words,
-- how activities stand, evidence. The former report is cleared of figures, which would count twice, and excused; its words and
-- evidence stay to be read. Returns how many of each went over.
CREATE FUNCTION entity_handover(p_old entity, p_new entity, p_plan bigint, p_round bigint, p_actor bigint, p_hash bytea) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    d record;
    c record;
    w record;
    written bigint;
BEGIN
    INSERT INTO report (entity_id, round_id, plan_id) SELECT p_new.entity_id, p_round, p_plan WHERE EXISTS (SELECT FROM asked(p_new.entity_id, p_round)) ON CONFLICT DO NOTHING;
    SELECT array_agg(v.cell_id) AS cells, array_agg(v.kind) AS kinds, array_agg(v.number::numeric) AS numbers, array_agg(v.denominator::numeric) AS denominators,
           array_agg(v.text::text) AS texts, array_agg(v.note::text) AS notes, array_agg(v.expected_on) AS expected_on INTO d
      FROM (SELECT v.* FROM asked(p_new.entity_id, p_round) a JOIN value v ON v.entity_id = p_old.entity_id AND v.round_id = p_round AND v.cell_id = a.cell_id
              LEFT JOIN value h ON h.entity_id = p_new.entity_id AND h.round_id = p_round AND h.cell_id = a.cell_id
             WHERE v.kind <> 0 AND coalesce(h.kind, 0) = 0 AND (a.kinds >> v.kind) & 1 = 1 ORDER BY v.cell_id) v;
    SELECT coalesce((SELECT jsonb_agg(jsonb_build_object('section', n.section, 'text', n.text) ORDER BY n.section) FROM narrative n
                      WHERE n.entity_id = p_old.entity_id AND n.round_id = p_round AND n.text <> ''
                        AND NOT EXISTS (SELECT FROM narrative h WHERE h.entity_id = p_new.entity_id AND h.round_id = p_round AND h.section = n.section AND h.text <> '')), '[]') AS sections,
           coalesce((SELECT jsonb_agg(jsonb_build_object('activity', s.code, 'status', a.status, 'percent', a.percent::text, 'body', a.body) ORDER BY s.code COLLATE "C")
                       FROM activity_status a JOIN result s USING (result_id)
                      WHERE a.entity_id = p_old.entity_id AND a.round_id = p_round
                        AND NOT EXISTS (SELECT FROM activity_status h WHERE h.entity_id = p_new.entity_id AND h.round_id = p_round AND h.result_id = a.result_id)), '[]') AS activities,
           coalesce((SELECT jsonb_agg(evidence_body(e) ORDER BY e.number) FROM evidence_at(p_old.entity_id, p_round, 9223372036854775807) e), '[]') AS evidence INTO w;
    IF NOT EXISTS (SELECT FROM report r WHERE r.entity_id = p_new.entity_id AND r.round_id = p_round) THEN
        w.sections := '[]'; w.activities := '[]'; w.evidence := '[]';
    END IF;
    IF d.cells IS NOT NULL OR '[]' <> ANY (ARRAY[w.sections, w.activities, w.evidence]) THEN
        written := cells_append(p_new.entity_id, p_plan, p_round, 'taken over from ' || p_old.code, p_actor, p_hash, coalesce(d.cells, '{}'), coalesce(d.kinds, '{}'), coalesce(d.numbers, '{}'),
                                 coalesce(d.denominators, '{}'), coalesce(d.texts, '{}'), coalesce(d.notes, '{}'), coalesce(d.expected_on, '{}'),
                                 jsonb_build_object('sections', w.sections, 'activities', w.activities, 'evidence', w.evidence));
        INSERT INTO narrative (entity_id, round_id, section, revision, text)
        SELECT p_new.entity_id, p_round, s.section, written, s.text FROM jsonb_to_recordset(w.sections) AS s (section text, text text)
            ON CONFLICT (entity_id, round_id, section) DO UPDATE SET revision = excluded.revision, text = excluded.text;
        INSERT INTO activity_status (entity_id, round_id, result_id, revision, status, percent, body)
        SELECT p_new.entity_id, p_round, s.result_id, written, a.status, a.percent, a.body
          FROM jsonb_to_recordset(w.activities) AS a (activity text, status text, percent numeric, body jsonb) JOIN result s ON s.plan_id = p_plan AND s.code = a.activity;
        PERFORM evidence_file_take(p_old.entity_id, p_new.entity_id, e.sha256) FROM (SELECT DISTINCT x.sha256 FROM evidence_at(p_old.entity_id, p_round, 9223372036854775807) x WHERE x.sha256 IS NOT NULL) e
          WHERE w.evidence <> '[]';
        INSERT INTO evidence (entity_id, round_id, number, revision, detached, sha256, bytes, type, kind, name, reference, cells, results, from_round_id, note, made_by, made_at)
        SELECT p_new.entity_id, p_round, coalesce(s.number, n.last + row_number() OVER (PARTITION BY s.number IS NULL ORDER BY e.number)), written, false, e.sha256, e.bytes, e.type, e.kind, e.name, e.reference,
               ARRAY(SELECT DISTINCT k FROM unnest(e.cells || CASE WHEN NOT s.detached THEN s.cells END) AS k WHERE k IN (SELECT q.cell_id FROM asked(p_new.entity_id, p_round) q) ORDER BY k),
               ARRAY(SELECT DISTINCT k FROM unnest(e.results || CASE WHEN NOT s.detached THEN s.results END) AS k ORDER BY k), e.from_round_id, e.note, e.made_by, e.made_at
          FROM evidence_at(p_old.entity_id, p_round, 9223372036854775807) e
          CROSS JOIN (SELECT coalesce(max(x.number), 0) AS last FROM evidence x WHERE x.entity_id = p_new.entity_id AND x.round_id = p_round) n
          LEFT JOIN LATERAL evidence_same(p_new.entity_id, p_round, e.sha256, e.reference) s ON true
         WHERE w.evidence <> '[]';
    END IF;
    SELECT array_agg(v.cell_id ORDER BY v.cell_id) AS cells, count(*)::int AS n INTO c FROM value v WHERE v.entity_id = p_old.entity_id AND v.round_id = p_round AND v.kind <> 0 AND v.cell_id = ANY (d.cells);
    IF c.n > 0 THEN
        PERFORM cells_append(p_old.entity_id, p_plan, p_round, 'handed over to ' || p_new.code, p_actor, p_hash, c.cells, array_fill(0::smallint, ARRAY[c.n]), array_fill(NULL::numeric, ARRAY[c.n]),
                             array_fill(NULL::numeric, ARRAY[c.n]), array_fill(NULL::text, ARRAY[c.n]), array_fill(NULL::text, ARRAY[c.n]), array_fill(NULL::date, ARRAY[c.n]), '{}');
    END IF;
    UPDATE report r SET excused_by = p_actor, excused_note = 'handed over to ' || p_new.code WHERE r.entity_id = p_old.entity_id AND r.round_id = p_round;
    PERFORM log_append(p_old.entity_id, p_plan, p_round, NULL, 'excuse', 'handed over to ' || p_new.code, p_actor, NULL, p_hash,
                       (due_body(p_old.entity_id, p_round) || jsonb_build_object('excused', true, 'excused_note', 'handed over to ' || p_new.code))::text);
    RETURN jsonb_build_object('cells', coalesce(cardinality(d.cells), 0), 'sections', jsonb_array_length(w.sections), 'activities', jsonb_array_length(w.activities),
                              'evidence', jsonb_array_length(w.evidence));
END $$;
COMMENT ON FUNCTION entity_handover(entity, entity, bigint, bigint, bigint, bytea) IS 'hands an open draft over to the entity that takes over';

-- As before, with all that went over, and the former entity's people. Their roles stay where they are, for its earlier reports: who
-- reads and signs for another office is an admin's to say.
CREATE OR REPLACE FUNCTION entity_succeed(p_old text, p_new text, p_from text, p_note text, p_actor bigint, p_key bytea, p_hash bytea, OUT fault text, OUT outcome jsonb, OUT receipt bytea, OUT replayed boolean)
LANGUAGE plpgsql VOLATILE
SET enable_hashjoin = on SET enable_mergejoin = on SET enable_seqscan = on SET enable_bitmapscan = on AS $$
DECLARE
    first constant int := quarter_number(p_from);
    before entity;
    after entity;
    past record;
    r record;
    assignments int := 0;
    gone jsonb := '{"cells": 0, "sections": 0, "activities": 0, "evidence": 0}';
    reports text[] := '{}';
BEGIN
    replayed := false;
    IF NOT holds_role(p_actor, '{secretariat}', 0) THEN fault := 'FORBIDDEN|action=entity.succeed'; RETURN; END IF;
    SELECT l.actor_id = p_actor AND l.body_hash = p_hash AND l.action = 'entity.succeed' AS same, l.hash, l.outcome INTO past FROM log l WHERE l.entity_id = 0 AND l.key = p_key;
    IF FOUND THEN
        IF past.same THEN receipt := past.hash; outcome := past.outcome::jsonb; replayed := true; ELSE fault := 'KEY_REUSED'; END IF;
        RETURN;
    END IF;
    SELECT * INTO before FROM entity e WHERE e.code = p_old AND e.entity_id <> 0;
    SELECT * INTO after FROM entity e WHERE e.code = p_new AND e.entity_id <> 0;
    fault := succeed_fault(before, after, p_old, p_new, first);
    IF fault IS NOT NULL THEN RETURN; END IF;
    UPDATE entity e SET successor_id = after.entity_id, valid_to = quarter_end(first - 1) WHERE e.entity_id = before.entity_id;
    FOR r IN SELECT p.plan_id FROM plan p WHERE p.state <> 'closed' AND EXISTS (
                 SELECT FROM assignment_span s WHERE s.plan_id = p.plan_id AND s.entity_id = before.entity_id AND s.to_quarter >= greatest(s.from_quarter, first)) ORDER BY p.plan_id
    LOOP
        assignments := assignments + succeed_assignments(before, after, r.plan_id, first, p_actor);
        PERFORM plan_put_form(r.plan_id);
        -- What a plan no longer asks stays asked in rounds that have opened; what another entity is asked instead does not.
        UPDATE form_cell f SET to_quarter = first - 1 WHERE f.plan_id = r.plan_id AND f.entity_id = before.entity_id AND f.to_quarter >= first;
    END LOOP;
    FOR r IN SELECT o.plan_id, o.round_id, p.code || ':' || after.code || '/' || o.code AS report
               FROM round o JOIN plan p USING (plan_id) JOIN report x ON x.round_id = o.round_id AND x.entity_id = before.entity_id
              WHERE o.quarter >= first AND (o.closes_at IS NULL OR o.closes_at > now()) AND p.state <> 'closed' ORDER BY o.round_id
    LOOP
        gone := (SELECT jsonb_object_agg(g.key, g.value::int + (gone ->> g.key)::int) FROM jsonb_each_text(entity_handover(before, after, r.plan_id, r.round_id, p_actor, p_hash)) AS g);
        reports := reports || r.report;
    END LOOP;
    outcome := jsonb_build_object('old', before.code, 'new', after.code, 'from', p_from, 'assignments', assignments, 'reports', to_jsonb(reports),
                                  'people', (SELECT coalesce(jsonb_agg(jsonb_build_object('user', u.name, 'role', g.role) ORDER BY u.name COLLATE "C", g.role), '[]')
                                               FROM live_grant g JOIN app_user u USING (user_id) WHERE g.entity_id = before.entity_id)) || gone;
    receipt := log_append(0, NULL, NULL, NULL, 'entity.succeed', nullif(p_note, ''), p_actor, p_key, p_hash, outcome::text);
END $$;

GRANT EXECUTE ON FUNCTION draft_words(bigint, bigint), evidence_file_take(bigint, bigint, bytea), entity_handover(entity, entity, bigint, bigint, bigint, bytea),
    cells_append(bigint, bigint, bigint, text, bigint, bytea, bigint[], smallint[], numeric[], numeric[], text[], text[], date[], jsonb) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'handover' $$;

COMMIT;
