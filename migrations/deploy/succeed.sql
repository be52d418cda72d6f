-- Deploy inap:succeed to pg: an entity takes over from another with a quarter: assignments, the open draft, the series.
BEGIN;
SET LOCAL search_path = inap;

-- As before; what a succession by hand said stands until a file names another end or successor.
CREATE OR REPLACE FUNCTION plan_put_entities(p_plan bigint, b jsonb) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO entity AS t (code, name_en, name_ar, name_ckb, jurisdiction, kind, valid_from, valid_to, version, body)
    SELECT r.code, r.body #>> '{names,en}', nullif(r.body #>> '{names,ar}', ''), nullif(r.body #>> '{names,ckb}', ''), r.body ->> 'jurisdiction', r.body ->> 'kind',
           coalesce((r.body ->> 'valid_from')::date, '-infinity'), coalesce((r.body ->> 'valid_to')::date, 'infinity'), l.version, r.body
      FROM plan_rows(b) r JOIN plan_latest(p_plan) l ON l.kind = r.kind AND l.code = r.code WHERE r.kind = 'entity' ORDER BY r.sort
        ON CONFLICT (code) DO UPDATE
       SET name_en = excluded.name_en, name_ar = excluded.name_ar, name_ckb = excluded.name_ckb, jurisdiction = excluded.jurisdiction, kind = excluded.kind,
           valid_from = excluded.valid_from, valid_to = CASE WHEN t.successor_id IS NOT NULL AND excluded.valid_to = 'infinity' THEN t.valid_to ELSE excluded.valid_to END,
           version = excluded.version, body = excluded.body
     WHERE t.version <> excluded.version;
    UPDATE entity t SET parent_id = x.parent_id, endorsed_by_id = x.endorsed_by_id, successor_id = coalesce(x.successor_id, t.successor_id)
      FROM (SELECT e.entity_id, p.entity_id AS parent_id, v.entity_id AS endorsed_by_id, s.entity_id AS successor_id
              FROM plan_rows(b) r JOIN entity e ON e.code = r.code LEFT JOIN entity p ON p.code = r.body ->> 'parent'
              LEFT JOIN entity v ON v.code = r.body ->> 'endorsed_by' LEFT JOIN entity s ON s.code = r.body ->> 'successor' WHERE r.kind = 'entity') x
     WHERE t.entity_id = x.entity_id
       AND (t.parent_id, t.endorsed_by_id, t.successor_id) IS DISTINCT FROM (x.parent_id, x.endorsed_by_id, coalesce(x.successor_id, t.successor_id));
    INSERT INTO chain_head (entity_id) SELECT e.entity_id FROM entity e WHERE NOT EXISTS (SELECT FROM chain_head h WHERE h.entity_id = e.entity_id) ORDER BY e.entity_id;
END $$;

-- Whose answers of a quarter are an entity's own: its, and those of the entities that it took over from, as long as they stood.
CREATE FUNCTION entity_line(p_entity bigint, p_quarter int) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
WITH RECURSIVE line (entity_id, depth) AS (
    SELECT p_entity, 0
    UNION
    SELECT e.entity_id, l.depth + 1 FROM line l JOIN entity e ON e.successor_id = l.entity_id WHERE isfinite(e.valid_to) AND l.depth < 10
)
SELECT l.entity_id FROM line l JOIN entity e USING (entity_id) WHERE l.depth = 0 OR quarter_of(e.valid_to) >= p_quarter $$;
COMMENT ON FUNCTION entity_line(bigint, int) IS 'an entity and those that it took over from, as far as they stood in a quarter';

-- As before, over the line: who took over is offered what the former entity answered. Where two were joined, only what one of them gave.
CREATE OR REPLACE FUNCTION previous_values(p_entity bigint, p_round bigint, p_roles int)
RETURNS TABLE (cell_id bigint, period text, kind smallint, number numeric, denominator numeric, text text, note text, may_confirm boolean, carried boolean, source_id bigint)
LANGUAGE sql STABLE AS $$
WITH before AS MATERIALIZED (
    SELECT f.frequency, NULL::bigint AS survey, b.round_id, b.quarter, r.entity_id, r.revision, report_view(r.entity_id, b.round_id, p_roles) AS seen
      FROM round o CROSS JOIN (VALUES ('quarterly', 1), ('semiannual', 2), ('annual', 4)) AS f (frequency, quarters)
      JOIN round b ON b.plan_id = o.plan_id AND b.quarter = o.quarter - f.quarters
      CROSS JOIN LATERAL entity_line(p_entity, b.quarter) AS n (entity_id) JOIN report r ON r.entity_id = n.entity_id AND r.round_id = b.round_id
     WHERE o.round_id = p_round AND (o.quarter + 1) % f.quarters = 0 AND p_roles & 30 <> 0
    UNION ALL
    SELECT 'survey', s.survey, b.round_id, b.quarter, r.entity_id, r.revision, report_view(r.entity_id, b.round_id, p_roles)
      FROM round o CROSS JOIN unnest(o.surveys) AS s (survey)
      CROSS JOIN LATERAL (SELECT x.round_id, x.quarter FROM round x
                           WHERE x.plan_id = o.plan_id AND x.quarter < o.quarter AND s.survey = ANY (x.surveys) ORDER BY x.quarter DESC LIMIT 1) b
      CROSS JOIN LATERAL entity_line(p_entity, b.quarter) AS n (entity_id) JOIN report r ON r.entity_id = n.entity_id AND r.round_id = b.round_id
     WHERE o.round_id = p_round AND p_roles & 30 <> 0
), breaks AS MATERIALIZED (
    SELECT b.cell_id FROM cell_breaks(p_round) b
), asks AS (
    SELECT a.cell_id, coalesce(CASE WHEN s.cell_id IS NOT NULL THEN cell_before(a.cell_id, b.quarter) END, a.cell_id) AS source_id, s.cell_id IS NOT NULL AS broken, a.kinds, i.value_kind, i.frequency, b.round_id, b.quarter, b.entity_id, b.revision, b.seen
      FROM asked(p_entity, p_round) a JOIN indicator i ON i.indicator_id = a.indicator_id
      JOIN before b ON b.frequency = i.frequency AND (b.survey IS NULL OR b.survey = i.indicator_id)
      LEFT JOIN breaks s ON s.cell_id = a.cell_id
), held AS (
    SELECT k.*, v.kind, v.number::numeric, v.denominator::numeric, v.text::text, v.note::text
      FROM asks k CROSS JOIN LATERAL (SELECT v.* FROM value v WHERE v.entity_id = k.entity_id AND v.round_id = k.round_id AND v.cell_id = k.source_id LIMIT 1) v
     WHERE k.seen = k.revision
    UNION ALL
    SELECT k.*, c.kind, c.number, c.denominator, c.text, c.note
      FROM before b CROSS JOIN LATERAL cells_at(b.entity_id, b.round_id, b.seen) c JOIN asks k ON k.source_id = c.cell_id AND k.round_id = b.round_id AND k.entity_id = b.entity_id
     WHERE b.seen < b.revision
), line AS (
    SELECT h.*, count(*) FILTER (WHERE h.entity_id <> p_entity) OVER (PARTITION BY h.cell_id) AS others, bool_or(h.entity_id = p_entity) OVER (PARTITION BY h.cell_id) AS own
      FROM held h WHERE h.kind <> 0
), carried AS MATERIALIZED (
    SELECT c.cell_id, c.quarter FROM carried_now(p_entity, p_round) c WHERE p_roles & 30 <> 0
), offered AS (
    SELECT h.cell_id, period_code(h.quarter, h.frequency) AS period, h.kind, h.number, h.denominator, h.text, h.note,
           (h.kinds >> h.kind) & 1 = 1 AND h.kind <> 11 AND NOT (h.broken AND h.kind BETWEEN 1 AND 7)
             AND (h.value_kind IN ('at_period_end', 'cumulative_since_start') OR h.kind IN (2, 3, 4, 8, 9)) AS may_confirm,
           h.kind = 8 AND c.cell_id IS NOT NULL AS carried, h.source_id, 1 AS place
      FROM line h LEFT JOIN carried c ON c.cell_id = h.cell_id WHERE CASE WHEN h.own THEN h.entity_id = p_entity ELSE h.others = 1 END AND (h.source_id = h.cell_id OR h.kind IN (1, 5))
    UNION ALL
    SELECT a.cell_id, period_code(c.quarter, i.frequency), 8::smallint, NULL, NULL, NULL, NULL, (a.kinds >> 8) & 1 = 1, true, a.cell_id, 2
      FROM carried c JOIN asked(p_entity, p_round) a ON a.cell_id = c.cell_id JOIN indicator i ON i.indicator_id = a.indicator_id
)
SELECT DISTINCT ON (o.cell_id) o.cell_id, o.period, o.kind, o.number, o.denominator, o.text, o.note, o.may_confirm, o.carried, o.source_id
  FROM offered o ORDER BY o.cell_id, o.place $$;

-- Appends cells that are handed over to an entity's chain, whose head the caller holds, and brings value and report along.
CREATE FUNCTION cells_append(p_entity bigint, p_plan bigint, p_round bigint, p_note text, p_actor bigint, p_hash bytea, p_cells bigint[], p_kinds smallint[], p_numbers numeric[],
                             p_denominators numeric[], p_texts text[], p_notes text[], p_expected_on date[])
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
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
    entry.outcome := jsonb_build_object('revision', entry.revision, 'state', 'draft')::text;
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
END $$;
COMMENT ON FUNCTION cells_append(bigint, bigint, bigint, text, bigint, bytea, bigint[], smallint[], numeric[], numeric[], text[], text[], date[]) IS 'cells handed over in an entity''s chain, with value and report';

-- The open draft: what the former entity typed, where the new one is asked and typed nothing itself, becomes the new one's; the former
-- report is cleared and excused. Returns how many cells went over.
CREATE FUNCTION entity_handover(p_old entity, p_new entity, p_plan bigint, p_round bigint, p_actor bigint, p_hash bytea) RETURNS int LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    d record;
    c record;
BEGIN
    INSERT INTO report (entity_id, round_id, plan_id) SELECT p_new.entity_id, p_round, p_plan WHERE EXISTS (SELECT FROM asked(p_new.entity_id, p_round)) ON CONFLICT DO NOTHING;
    SELECT array_agg(v.cell_id) AS cells, array_agg(v.kind) AS kinds, array_agg(v.number::numeric) AS numbers, array_agg(v.denominator::numeric) AS denominators,
           array_agg(v.text::text) AS texts, array_agg(v.note::text) AS notes, array_agg(v.expected_on) AS expected_on INTO d
      FROM (SELECT v.* FROM asked(p_new.entity_id, p_round) a JOIN value v ON v.entity_id = p_old.entity_id AND v.round_id = p_round AND v.cell_id = a.cell_id
              LEFT JOIN value h ON h.entity_id = p_new.entity_id AND h.round_id = p_round AND h.cell_id = a.cell_id
             WHERE v.kind <> 0 AND coalesce(h.kind, 0) = 0 AND (a.kinds >> v.kind) & 1 = 1 ORDER BY v.cell_id) v;
    IF d.cells IS NOT NULL THEN
        PERFORM cells_append(p_new.entity_id, p_plan, p_round, 'taken over from ' || p_old.code, p_actor, p_hash, d.cells, d.kinds, d.numbers, d.denominators, d.texts, d.notes, d.expected_on);
    END IF;
    SELECT array_agg(v.cell_id ORDER BY v.cell_id) AS cells, count(*)::int AS n INTO c FROM value v WHERE v.entity_id = p_old.entity_id AND v.round_id = p_round AND v.kind <> 0;
    IF c.n > 0 THEN
        PERFORM cells_append(p_old.entity_id, p_plan, p_round, 'handed over to ' || p_new.code, p_actor, p_hash, c.cells, array_fill(0::smallint, ARRAY[c.n]), array_fill(NULL::numeric, ARRAY[c.n]),
                             array_fill(NULL::numeric, ARRAY[c.n]), array_fill(NULL::text, ARRAY[c.n]), array_fill(NULL::text, ARRAY[c.n]), array_fill(NULL::date, ARRAY[c.n]));
    END IF;
    UPDATE report r SET excused_by = p_actor, excused_note = 'handed over to ' || p_new.code WHERE r.entity_id = p_old.entity_id AND r.round_id = p_round;
    PERFORM log_append(p_old.entity_id, p_plan, p_round, NULL, 'excuse', 'handed over to ' || p_new.code, p_actor, NULL, p_hash,
                       (due_body(p_old.entity_id, p_round) || jsonb_build_object('excused', true, 'excused_note', 'handed over to ' || p_new.code))::text);
    RETURN coalesce(cardinality(d.cells), 0);
END $$;
COMMENT ON FUNCTION entity_handover(entity, entity, bigint, bigint, bigint, bytea) IS 'hands an open draft over to the entity that takes over';

-- Why one entity may not take over from another with a quarter: CODE|name=value|..., null: it may.
CREATE FUNCTION succeed_fault(p_old entity, p_new entity, p_old_code text, p_new_code text, p_quarter int) RETURNS text LANGUAGE sql STABLE AS $$
SELECT CASE
    WHEN p_old.entity_id IS NULL THEN 'NOT_FOUND|what=entity|name=' || p_old_code
    WHEN p_new.entity_id IS NULL THEN 'NOT_FOUND|what=entity|name=' || p_new_code
    WHEN p_old.entity_id = p_new.entity_id THEN 'BAD_ARGUMENT|field=new|why=an entity does not follow itself'
    WHEN p_old.jurisdiction <> p_new.jurisdiction THEN 'BAD_ARGUMENT|field=new|why=it belongs to the other government'
    WHEN p_quarter IS NULL THEN 'BAD_ARGUMENT|field=from|why=write a quarter, 2024Q3'
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
                 OR EXISTS (SELECT FROM value v WHERE v.entity_id = p_old.entity_id AND v.round_id = o.round_id AND v.kind <> 0)))
          ORDER BY o.quarter, e.code LIMIT 1)) END $$;
COMMENT ON FUNCTION succeed_fault(entity, entity, text, text, int) IS 'why an entity may not take over from another; null: it may';

-- Assignments of a plan end for one entity and begin for the other. What both have is joined: halves to the whole, covered categories.
CREATE FUNCTION succeed_assignments(p_old entity, p_new entity, p_plan bigint, p_quarter int, p_actor bigint) RETURNS int LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    s record;
    n int := 0;
BEGIN
    FOR s IN SELECT o.indicator_id, o.part, greatest(o.from_quarter, p_quarter) AS begins, o.covers, h.part AS held, h.covers AS held_covers
               FROM assignment_span o
               LEFT JOIN LATERAL (SELECT x.part, x.covers FROM assignment_span x WHERE x.entity_id = p_new.entity_id AND x.indicator_id = o.indicator_id
                                     AND x.to_quarter >= greatest(x.from_quarter, o.from_quarter, p_quarter) ORDER BY x.from_quarter LIMIT 1) h ON true
              WHERE o.plan_id = p_plan AND o.entity_id = p_old.entity_id AND o.to_quarter >= greatest(o.from_quarter, p_quarter) ORDER BY o.indicator_id, o.from_quarter
    LOOP
        INSERT INTO assignment_change (plan_id, indicator_id, entity_id, part, from_quarter, file_versions, made_by)
        VALUES (p_plan, s.indicator_id, p_old.entity_id, NULL, s.begins, assignment_versions(p_plan, s.indicator_id, p_old.entity_id), p_actor);
        n := n + 1;
        CONTINUE WHEN s.held IS NOT NULL AND s.part = 'consulted';
        CONTINUE WHEN s.held = s.part AND (s.held_covers IS NULL OR s.covers IS NOT DISTINCT FROM s.held_covers);
        INSERT INTO assignment_change (plan_id, indicator_id, entity_id, part, from_quarter, covers, file_versions, made_by)
        VALUES (p_plan, s.indicator_id, p_new.entity_id, CASE WHEN coalesce(s.held, 'consulted') IN ('consulted', s.part) THEN s.part ELSE 'whole' END, s.begins,
                CASE WHEN coalesce(s.held, 'consulted') = 'consulted' THEN s.covers
                     WHEN s.covers IS NOT NULL AND s.held_covers IS NOT NULL THEN ARRAY(SELECT DISTINCT u FROM unnest(s.covers || s.held_covers) AS u ORDER BY u) END,
                assignment_versions(p_plan, s.indicator_id, p_new.entity_id), p_actor);
    END LOOP;
    RETURN n;
END $$;
COMMENT ON FUNCTION succeed_assignments(entity, entity, bigint, int, bigint) IS 'ends and begins the assignments of a plan; returns how many ended';

-- One entity takes over from another with a quarter. The caller holds the heads of the system's chain and of both.
CREATE FUNCTION entity_succeed(p_old text, p_new text, p_from text, p_note text, p_actor bigint, p_key bytea, p_hash bytea, OUT fault text, OUT outcome jsonb, OUT receipt bytea, OUT replayed boolean)
LANGUAGE plpgsql VOLATILE
SET enable_hashjoin = on SET enable_mergejoin = on SET enable_seqscan = on SET enable_bitmapscan = on AS $$
DECLARE
    first constant int := quarter_number(p_from);
    before entity;
    after entity;
    past record;
    r record;
    assignments int := 0;
    cells int := 0;
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
        cells := cells + entity_handover(before, after, r.plan_id, r.round_id, p_actor, p_hash);
        reports := reports || r.report;
    END LOOP;
    outcome := jsonb_build_object('old', before.code, 'new', after.code, 'from', p_from, 'assignments', assignments, 'cells', cells, 'reports', to_jsonb(reports));
    receipt := log_append(0, NULL, NULL, NULL, 'entity.succeed', nullif(p_note, ''), p_actor, p_key, p_hash, outcome::text);
END $$;
COMMENT ON FUNCTION entity_succeed(text, text, text, text, bigint, bytea, bytea) IS 'an entity takes over from another with a quarter; one row: why not, or what went over';

GRANT EXECUTE ON FUNCTION entity_line(bigint, int), entity_succeed(text, text, text, text, bigint, bytea, bytea), succeed_fault(entity, entity, text, text, int),
    succeed_assignments(entity, entity, bigint, int, bigint), entity_handover(entity, entity, bigint, bigint, bigint, bytea),
    cells_append(bigint, bigint, bigint, text, bigint, bytea, bigint[], smallint[], numeric[], numeric[], text[], text[], date[]) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'succeed' $$;

COMMIT;
