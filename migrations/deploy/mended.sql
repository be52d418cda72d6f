-- Deploy inap:mended to pg: what a review of the changes before found wrong: what one did not see is not overwritten, points of pairs are asked once.
BEGIN;
SET LOCAL search_path = inap;

-- ---- targets and lights: what somebody else set since is not overwritten unseen

DROP FUNCTION target_set(text, text, text, text, text, text, numeric, numeric, numeric, boolean, text, bigint, bytea, bytea), light_set(text, text, text, text, text, text, text, bigint, bytea, bytea);
-- As before. The base is the revision that the caller was shown, 0: none. What he set himself last he knows.
CREATE FUNCTION target_set(p_plan text, p_cell text, p_entity text, p_jurisdiction text, p_period text, p_kind text, p_number numeric, p_tolerance numeric, p_baseline numeric, p_ended boolean,
                           p_base bigint, p_reason text, p_actor bigint, p_key bytea, p_hash bytea, OUT fault text, OUT outcome jsonb, OUT receipt bytea)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    past record;
    at record;
    was target;
    span record;
BEGIN
    IF NOT holds_role(p_actor, '{secretariat}', 0) THEN fault := 'FORBIDDEN|action=target.set'; RETURN; END IF;
    SELECT l.actor_id = p_actor AND l.body_hash = p_hash AND l.action = 'target.set' AS same, l.hash, l.outcome INTO past FROM log l WHERE l.entity_id = 0 AND l.key = p_key;
    IF FOUND THEN
        IF past.same THEN receipt := past.hash; outcome := past.outcome::jsonb; ELSE fault := 'KEY_REUSED'; END IF;
        RETURN;
    END IF;
    SELECT * INTO at FROM target_place(p_plan, p_cell, p_entity, p_jurisdiction);
    IF at.fault IS NOT NULL THEN fault := at.fault; RETURN; END IF;
    SELECT q.first, q.last INTO span FROM period_quarters(p_period) q;
    SELECT t.* INTO was FROM target t WHERE t.plan_id = at.plan_id AND t.cell_id = at.cell_id AND t.entity_id IS NOT DISTINCT FROM at.entity_id AND t.period = p_period
       AND t.jurisdiction IS NOT DISTINCT FROM CASE WHEN at.entity_id IS NULL THEN at.jurisdiction END ORDER BY t.revision DESC LIMIT 1;
    fault := CASE
        WHEN span.first IS NULL OR p_period LIKE '%..%' THEN 'BAD_ARGUMENT|field=period|why=write 2024, 2024S2 or 2024Q3'
        WHEN (at.i).direction = 'none' THEN format('BAD_ARGUMENT|field=cell|why=%s has no direction: more is neither better nor worse', (at.i).code)
        WHEN (at.i).unit = 'text' OR (at.i).combine = 'each' THEN format('BAD_ARGUMENT|field=cell|why=%s has no national figure', (at.i).code)
        WHEN was.revision <> p_base AND was.set_by <> p_actor
            THEN format('STALE_REVISION|report=%s|revision=%s|base=%s', concat_ws(' ', p_cell, coalesce(nullif(p_entity, ''), at.jurisdiction, 'iraq'), p_period), was.revision, p_base)
        WHEN p_ended AND (was.target_id IS NULL OR was.ended) THEN format('NOT_FOUND|what=target|name=%s %s', p_cell, p_period)
        WHEN p_ended AND p_reason IS NULL THEN 'BAD_ARGUMENT|field=note|why=who takes a target back says why'
        WHEN p_ended THEN NULL
        WHEN p_kind NOT IN ('reach', 'floor', 'ceiling', 'maintain') THEN 'BAD_ARGUMENT|field=kind|why=reach, floor, ceiling or maintain'
        WHEN p_number IS NULL OR p_number < 0 THEN 'BAD_ARGUMENT|field=number|why=a target is a number from 0 on'
        WHEN (at.i).unit = 'percent' AND p_number > (at.i).multiplier THEN format('BAD_ARGUMENT|field=number|why=a percentage is at most %s', trim_scale((at.i).multiplier))
        WHEN (p_kind = 'maintain') <> (p_tolerance IS NOT NULL) OR p_tolerance < 0 THEN 'BAD_ARGUMENT|field=tolerance|why=maintain has a tolerance, and no other kind'
        WHEN p_baseline IS NOT NULL AND p_kind <> 'reach' THEN 'BAD_ARGUMENT|field=baseline|why=only what is to be reached begins somewhere'
        WHEN was.target_id IS NOT NULL AND NOT was.ended AND (was.kind, was.number, was.tolerance, was.baseline) IS NOT DISTINCT FROM (p_kind, p_number::decimal_number, p_tolerance::decimal_number, p_baseline::decimal_number)
            THEN format('EXISTS|what=target|name=%s %s', p_cell, p_period)
        WHEN was.target_id IS NOT NULL AND p_reason IS NULL THEN 'BAD_ARGUMENT|field=note|why=who revises a target says why' END;
    IF fault IS NOT NULL THEN RETURN; END IF;
    INSERT INTO target (plan_id, cell_id, entity_id, jurisdiction, period, kind, number, tolerance, baseline, ended, revision, reason, set_by)
    VALUES (at.plan_id, at.cell_id, at.entity_id, CASE WHEN at.entity_id IS NULL THEN at.jurisdiction END, p_period, CASE WHEN p_ended THEN was.kind ELSE p_kind END,
            CASE WHEN p_ended THEN was.number ELSE p_number END, CASE WHEN p_ended THEN was.tolerance ELSE p_tolerance END, CASE WHEN p_ended THEN was.baseline ELSE p_baseline END,
            p_ended, coalesce(was.revision, 0) + 1, p_reason, p_actor)
    RETURNING * INTO was;
    outcome := jsonb_build_object('cell', p_cell, 'entity', nullif(p_entity, ''), 'jurisdiction', was.jurisdiction, 'period', was.period, 'kind', was.kind, 'number', was.number::text,
                                  'tolerance', was.tolerance::text, 'baseline', was.baseline::text, 'ended', was.ended, 'revision', was.revision);
    receipt := log_append(0, at.plan_id, NULL, NULL, 'target.set', p_reason, p_actor, p_key, p_hash, outcome::text);
END $$;
COMMENT ON FUNCTION target_set(text, text, text, text, text, text, numeric, numeric, numeric, boolean, bigint, text, bigint, bytea, bytea) IS 'sets, revises or takes back a target';

-- As before; a light's revision is the number of the last row that set it by hand.
CREATE FUNCTION light_set(p_plan text, p_round text, p_cell text, p_entity text, p_jurisdiction text, p_light text, p_base bigint, p_reason text, p_actor bigint, p_key bytea, p_hash bytea,
                          OUT fault text, OUT outcome jsonb, OUT receipt bytea)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    past record;
    at record;
    o round;
    place text;
    was light_override;
BEGIN
    IF NOT holds_role(p_actor, '{secretariat}', 0) THEN fault := 'FORBIDDEN|action=light.override'; RETURN; END IF;
    SELECT l.actor_id = p_actor AND l.body_hash = p_hash AND l.action = 'light.override' AS same, l.hash, l.outcome INTO past FROM log l WHERE l.entity_id = 0 AND l.key = p_key;
    IF FOUND THEN
        IF past.same THEN receipt := past.hash; outcome := past.outcome::jsonb; ELSE fault := 'KEY_REUSED'; END IF;
        RETURN;
    END IF;
    SELECT * INTO at FROM target_place(p_plan, p_cell, p_entity, p_jurisdiction);
    IF at.fault IS NOT NULL THEN fault := at.fault; RETURN; END IF;
    SELECT x.* INTO o FROM round x WHERE x.round_id = national_round(at.plan_id, p_round);
    IF NOT FOUND THEN fault := 'NOT_FOUND|what=round|name=' || coalesce(nullif(p_round, ''), 'open'); RETURN; END IF;
    IF p_light NOT IN ('', 'green', 'amber', 'red', 'grey') THEN fault := 'BAD_ARGUMENT|field=light|why=green, amber, red or grey'; RETURN; END IF;
    IF p_reason IS NULL THEN fault := 'BAD_ARGUMENT|field=note|why=who sets a light says why'; RETURN; END IF;
    place := coalesce(at.jurisdiction, 'iraq');
    SELECT x.* INTO was FROM light_override x WHERE x.plan_id = at.plan_id AND x.quarter = o.quarter AND x.cell_id = at.cell_id AND x.jurisdiction = place
       AND x.entity_id IS NOT DISTINCT FROM at.entity_id ORDER BY x.override_id DESC LIMIT 1;
    IF was.override_id <> p_base AND was.set_by <> p_actor THEN
        fault := format('STALE_REVISION|report=%s|revision=%s|base=%s', concat_ws(' ', p_cell, coalesce(nullif(p_entity, ''), place), o.code), was.override_id, p_base);
        RETURN;
    END IF;
    INSERT INTO light_override (plan_id, cell_id, entity_id, jurisdiction, quarter, light, reason, set_by)
    VALUES (at.plan_id, at.cell_id, at.entity_id, place, o.quarter, nullif(p_light, ''), p_reason, p_actor)
    RETURNING * INTO was;
    outcome := jsonb_build_object('cell', p_cell, 'entity', nullif(p_entity, ''), 'jurisdiction', place, 'round', o.code, 'light', nullif(p_light, ''), 'revision', was.override_id);
    receipt := log_append(0, at.plan_id, NULL, NULL, 'light.override', p_reason, p_actor, p_key, p_hash, outcome::text);
END $$;
COMMENT ON FUNCTION light_set(text, text, text, text, text, text, bigint, text, bigint, bytea, bytea) IS 'sets a light by hand, or takes that back';

GRANT EXECUTE ON FUNCTION target_set(text, text, text, text, text, text, numeric, numeric, numeric, boolean, bigint, text, bigint, bytea, bytea),
    light_set(text, text, text, text, text, text, bigint, text, bigint, bytea, bytea) TO inap_app;

-- ---- pairs: what both confirmed is not asked again

ALTER TABLE review_point ADD COLUMN pair_figures numeric[];
COMMENT ON COLUMN review_point.pair_figures IS 'of a pair: left and right as they differ, or did when it was answered';
-- As before; not again where the entity confirmed its own while both were just these.
CREATE OR REPLACE FUNCTION pair_points(p_entity bigint, p_round bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    s record;
    r report;
BEGIN
    FOR s IN SELECT f.code, x.entity_id, x.cell_id, x.cell, f.names ->> 'en' AS name_en, f.names ->> 'ar' AS name_ar, f.names ->> 'ckb' AS name_ckb, o.code AS other,
                    ARRAY[f.left_figure, f.right_figure] AS figures
               FROM pair_figures(p_round, 'submitted') f
              CROSS JOIN LATERAL (VALUES (f.left_id, f.left_cell, f.left_text, f.right_id), (f.right_id, f.right_cell, f.right_text, f.left_id)) AS x (entity_id, cell_id, cell, other_id)
               JOIN entity o ON o.entity_id = x.other_id
              WHERE f.differs AND p_entity IN (f.left_id, f.right_id) ORDER BY f.sort, x.entity_id
    LOOP
        UPDATE review_point t SET pair_figures = s.figures WHERE t.entity_id = s.entity_id AND t.round_id = p_round AND t.pair = s.code AND t.state = 'open';
        CONTINUE WHEN FOUND;
        SELECT * INTO r FROM report x WHERE x.entity_id = s.entity_id AND x.round_id = p_round AND (x.entity_id = p_entity OR state_now(x.state, x.claimed_at) IN ('submitted', 'in_review'));
        CONTINUE WHEN NOT FOUND OR EXISTS (SELECT FROM review_point t WHERE t.entity_id = s.entity_id AND t.round_id = p_round AND t.pair = s.code
                                                      AND t.answer = 'confirmed' AND t.state IN ('answered', 'settled') AND t.pair_figures = s.figures);
        IF s.entity_id <> p_entity THEN
            UPDATE report x SET revision = x.revision + 1 WHERE x.entity_id = s.entity_id AND x.round_id = p_round RETURNING * INTO r;
        END IF;
        INSERT INTO review_point (entity_id, round_id, point, target_kind, target, cells, code, text, opened_by, opened_revision, turn, pair, pair_figures)
        SELECT s.entity_id, p_round, coalesce((SELECT max(t.point) FROM review_point t WHERE t.entity_id = s.entity_id AND t.round_id = p_round), 0) + 1, 'cell', k.code, ARRAY[s.cell_id],
               'mismatch', format('%s ≠ %s: %s', (SELECT e.code FROM entity e WHERE e.entity_id = s.entity_id), s.other, concat_ws(' / ', s.name_en, s.name_ar, s.name_ckb)), 0, r.revision,
               1 + (SELECT count(*) FROM log l WHERE l.entity_id = s.entity_id AND l.round_id = p_round AND l.action = 'return'), s.code, s.figures
          FROM cell k WHERE k.cell_id = s.cell_id;
        PERFORM log_append(s.entity_id, r.plan_id, p_round, CASE WHEN s.entity_id <> p_entity THEN r.revision END, 'pair', NULL, 0, NULL, no_body(),
                           jsonb_build_object('pair', s.code, 'other', s.other, 'cell', s.cell)::text);
    END LOOP;
END $$;
COMMENT ON FUNCTION pair_points(bigint, bigint) IS 'opens the points of a submission that differs from its pair';

-- ---- successions: who took over leads

-- As before; whether an activity is cancelled says its lead, or who took over from it.
CREATE OR REPLACE FUNCTION formula_activities_funded(o round, p_state text, p_jurisdiction text, OUT number numeric, OUT denominator numeric) LANGUAGE sql STABLE AS $$
WITH RECURSIVE lead AS (
    SELECT r.result_id, r.lead_entity_id AS entity_id, 0 AS depth FROM result r WHERE r.plan_id = o.plan_id AND r.kind = 'activity' AND r.lead_entity_id IS NOT NULL
    UNION ALL
    SELECT l.result_id, e.successor_id, l.depth + 1 FROM lead l JOIN entity e USING (entity_id) WHERE e.successor_id IS NOT NULL AND isfinite(e.valid_to) AND l.depth < 10
), said AS MATERIALIZED (
    SELECT h.entity_id, s.result_id, s.status, s.body
      FROM contribution_heads(o.round_id, p_state, p_jurisdiction) h JOIN activity_status s ON s.entity_id = h.entity_id AND s.round_id = o.round_id AND s.revision <= h.revision
    UNION ALL
    SELECT h.entity_id, a.result_id, a.status, a.body -- changed since: as it was
      FROM contribution_heads(o.round_id, p_state, p_jurisdiction) h CROSS JOIN LATERAL activities_at(h.entity_id, o.round_id, h.revision) a
     WHERE EXISTS (SELECT FROM activity_status s WHERE s.entity_id = h.entity_id AND s.round_id = o.round_id AND s.revision > h.revision)
       AND NOT EXISTS (SELECT FROM activity_status s WHERE s.entity_id = h.entity_id AND s.round_id = o.round_id AND s.result_id = a.result_id AND s.revision <= h.revision)
)
SELECT count(*) FILTER (WHERE f.funded), count(*)
  FROM result r JOIN entity e ON e.entity_id = r.lead_entity_id AND e.jurisdiction = p_jurisdiction
  CROSS JOIN LATERAL (SELECT coalesce(bool_or((s.body ->> 'in_kind')::boolean
                                              OR EXISTS (SELECT FROM jsonb_array_elements(json_list(s.body -> 'budget')) AS b WHERE (b ->> 'allocated')::numeric > 0)), false) AS funded
                        FROM said s WHERE s.result_id = r.result_id) f
 WHERE r.plan_id = o.plan_id AND r.kind = 'activity' AND r.closed_on IS NULL
   AND NOT EXISTS (SELECT FROM said s JOIN lead l USING (result_id, entity_id) WHERE s.result_id = r.result_id AND s.status = 'cancelled') $$;
COMMENT ON FUNCTION formula_activities_funded(round, text, text) IS 'activities with money or means, of those not cancelled';

DROP FUNCTION evidence_before(bigint, bigint);
-- The last round before this one in which something supported the report of an entity, or of one that it took over from; its evidence may be kept.
CREATE FUNCTION evidence_source(p_entity bigint, p_round bigint, OUT entity_id bigint, OUT round_id bigint) LANGUAGE sql STABLE AS $$
SELECT n.id, o.round_id FROM round now JOIN round o ON o.plan_id = now.plan_id AND o.quarter < now.quarter CROSS JOIN LATERAL entity_line(p_entity, o.quarter) AS n (id)
 WHERE now.round_id = p_round AND EXISTS (SELECT FROM evidence_at(n.id, o.round_id, 9223372036854775807))
 ORDER BY o.quarter DESC, n.id <> p_entity, n.id LIMIT 1 $$;
COMMENT ON FUNCTION evidence_source(bigint, bigint) IS 'the last earlier round with evidence of the entity, or of one that it took over from; no round: none';

-- As before; what is kept of another's file becomes the entity's too.
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
    source_id bigint;
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
        SELECT s.entity_id, s.round_id INTO source_id, e.from_round_id FROM evidence_source(p_entity, t.round_id) s;
        SELECT * INTO was FROM evidence_at(source_id, e.from_round_id, 9223372036854775807) x WHERE x.number = p_number;
        e.sha256 := was.sha256; e.bytes := was.bytes; e.type := was.type; e.kind := was.kind; e.name := was.name; e.reference := was.reference;
        e.cells := was.cells; e.results := was.results; e.note := p_note;
        IF source_id <> p_entity THEN e.cells := ARRAY(SELECT a.cell_id FROM asked(p_entity, t.round_id) a WHERE a.cell_id = ANY (was.cells) ORDER BY a.cell_id); END IF;
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
    IF source_id <> p_entity AND e.sha256 IS NOT NULL THEN PERFORM evidence_file_take(source_id, p_entity, e.sha256); END IF;
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

GRANT EXECUTE ON FUNCTION evidence_source(bigint, bigint) TO inap_app;

-- ---- a register over quarters: a name that stands in two of them is one

-- As before; of what is named the names are united, over quarters as over entities.
CREATE OR REPLACE FUNCTION national_picture(p_actor bigint, p_plan bigint, p_round text, p_period text, p_state text, p_jurisdiction text, p_indicator text, p_tables boolean)
RETURNS TABLE (cell_id bigint, jurisdiction text, quarter int, period text, kind smallint, number numeric, denominator numeric, text text, percent text, hidden boolean, label text,
               expected bigint, valued bigint, withheld bigint, not_available bigint, not_collected bigint, not_applicable bigint, excused bigint, unanswered bigint,
               missing text, under_correction text, weight_missing text, rate text, contested text, gaps text, counted text)
LANGUAGE sql STABLE AS $$
WITH span AS MATERIALIZED (
    SELECT r.* FROM national_rounds(p_plan, p_round, p_period) r
), contest AS MATERIALIZED (
    SELECT s.quarter, c.* FROM span s CROSS JOIN LATERAL national_contests(s.round_id, p_state) c
), once AS MATERIALIZED (
    SELECT s.quarter, s.code AS round, f.*, c.codes AS contested
      FROM span s CROSS JOIN LATERAL national_figures(p_actor, s.round_id, p_state, p_jurisdiction, p_indicator, p_tables) f
      LEFT JOIN contest c ON c.quarter = s.quarter AND c.cell_id = f.cell_id AND c.jurisdiction = f.jurisdiction
), inside AS MATERIALIZED (
    SELECT o.*, CASE o.label WHEN 'listed' THEN 'none' WHEN 'not_computed' THEN 'last' ELSE period_rule(i) END AS how, i.frequency, i.multiplier,
           p.first, p.last, o.kind IS NOT NULL OR o.hidden AS figured
      FROM once o JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id) CROSS JOIN LATERAL period_quarters(p_period) p
     WHERE p_period <> '' AND (period_rule(i) NOT IN ('sum', 'ratio') OR o.quarter - period_length(i.frequency) + 1 >= p.first)
), gap AS (
    SELECT x.cell_id, x.jurisdiction, x.how, string_agg(period_code(q, x.frequency), ',' ORDER BY q) AS gaps
      FROM (SELECT i.cell_id, i.jurisdiction, i.how, i.frequency, i.first, i.last, array_agg(i.quarter) FILTER (WHERE i.figured) AS there
              FROM inside i WHERE i.how <> 'none' AND i.label <> 'not_computed' GROUP BY i.cell_id, i.jurisdiction, i.how, i.frequency, i.first, i.last) x
     CROSS JOIN LATERAL generate_series(x.first, x.last) AS q
     WHERE x.frequency <> 'survey' AND q % period_length(x.frequency) = period_length(x.frequency) - 1
       AND (x.how = 'last' OR q - period_length(x.frequency) + 1 >= x.first) AND NOT q = ANY (coalesce(x.there, '{}'))
     GROUP BY x.cell_id, x.jurisdiction, x.how
), added AS (
    SELECT i.cell_id, i.jurisdiction, i.how, i.label, i.multiplier, bool_or(i.hidden) AS hidden, min(i.kind) AS least, max(i.kind) AS most,
           CASE WHEN bool_or(i.kind = 1 AND i.text IS NOT NULL) THEN register_names(array_agg(i.text)) END AS names, sum(i.number) AS number, sum(i.denominator) AS denominator,
           coalesce(bool_and(i.percent IS NOT NULL OR i.denominator = 0) FILTER (WHERE i.kind IS NOT NULL), false) AS whole,
           sum(i.expected) AS expected, sum(i.valued) AS valued, sum(i.withheld) AS withheld, sum(i.not_available) AS not_available, sum(i.not_collected) AS not_collected,
           sum(i.not_applicable) AS not_applicable, sum(i.excused) AS excused, sum(i.unanswered) AS unanswered,
           string_agg(report_names(i.missing, i.round), ',' ORDER BY i.quarter) AS missing, string_agg(report_names(i.under_correction, i.round), ',' ORDER BY i.quarter) AS under_correction,
           string_agg(report_names(i.contested, i.round), ',' ORDER BY i.quarter) AS contested, max(i.weight_missing::numeric) AS weight_missing,
           string_agg(i.period, ',' ORDER BY i.quarter) FILTER (WHERE i.figured) AS counted
      FROM inside i WHERE i.how IN ('sum', 'ratio') GROUP BY i.cell_id, i.jurisdiction, i.how, i.label, i.multiplier
), latest AS (
    SELECT DISTINCT ON (i.cell_id, i.jurisdiction) i.* FROM inside i WHERE i.how = 'last' ORDER BY i.cell_id, i.jurisdiction, i.figured DESC, i.quarter DESC
)
SELECT o.cell_id, o.jurisdiction, o.quarter, o.period, o.kind, o.number, o.denominator, o.text, o.percent, o.hidden, o.label, o.expected, o.valued, o.withheld, o.not_available,
       o.not_collected, o.not_applicable, o.excused, o.unanswered, o.missing, o.under_correction, o.weight_missing, o.rate, o.contested, NULL,
       CASE WHEN o.kind IS NOT NULL THEN o.period END
  FROM once o WHERE p_period = ''
UNION ALL
SELECT i.cell_id, i.jurisdiction, i.quarter, i.period, i.kind, i.number, i.denominator, i.text, i.percent, i.hidden, 'listed', i.expected, i.valued, i.withheld, i.not_available,
       i.not_collected, i.not_applicable, i.excused, i.unanswered, report_names(i.missing, i.round), report_names(i.under_correction, i.round), i.weight_missing, i.rate,
       report_names(i.contested, i.round), NULL, i.period
  FROM inside i WHERE i.how = 'none'
UNION ALL
SELECT l.cell_id, l.jurisdiction, l.quarter, l.period, l.kind, l.number, l.denominator, l.text, l.percent, l.hidden, l.label, l.expected, l.valued, l.withheld, l.not_available,
       l.not_collected, l.not_applicable, l.excused, l.unanswered, report_names(l.missing, l.round), report_names(l.under_correction, l.round), l.weight_missing, l.rate,
       report_names(l.contested, l.round), g.gaps, CASE WHEN l.figured THEN l.period END
  FROM latest l LEFT JOIN gap g ON g.cell_id = l.cell_id AND g.jurisdiction = l.jurisdiction AND g.how = 'last'
UNION ALL
SELECT a.cell_id, a.jurisdiction, NULL, p_period, v.kind, v.number, v.denominator, v.names,
       CASE WHEN v.kind = 5 AND a.whole THEN percent_text(v.number, v.denominator, a.multiplier) END, a.hidden, a.label, a.expected, a.valued, a.withheld, a.not_available,
       a.not_collected, a.not_applicable, a.excused, a.unanswered, a.missing, a.under_correction, a.weight_missing::text,
       round(a.valued / nullif(a.expected - a.not_applicable - a.excused, 0), 3)::text, a.contested, g.gaps, a.counted
  FROM added a LEFT JOIN gap g ON g.cell_id = a.cell_id AND g.jurisdiction = a.jurisdiction AND g.how = a.how
  LEFT JOIN LATERAL (SELECT CASE WHEN a.most = 1 THEN 1::smallint WHEN a.number IS NULL THEN 7::smallint WHEN a.denominator IS NULL THEN 6::smallint ELSE 5::smallint END AS kind,
                            CASE WHEN a.names IS NULL THEN a.number ELSE register_count(a.names) END AS number, a.denominator, a.names) v
    ON NOT a.hidden AND a.least IS NOT NULL $$;
COMMENT ON FUNCTION national_picture(bigint, bigint, text, text, text, text, text, boolean) IS 'the national picture of a round or a period, as a user may see it';

-- ---- a restatement that is asked for may be declined

-- As before; what nobody asked for is not declined either.
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
    IF p_action = 'send-back' AND r.state = 'accepted' AND edition_holds(p_entity, p_round) THEN RETURN 'IN_EDITION'; END IF;
    IF p_action = 'ask-restatement' AND NOT edition_holds(p_entity, p_round) THEN RETURN 'NOT_IN_EDITION'; END IF;
    IF p_action IN ('restate', 'decline-restatement') AND NOT EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round AND t.state = 'asked' AND t.code = 'restatement') THEN
        RETURN 'NOT_ASKED'; END IF;
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
    IF p_action IN ('point', 'ask-cells', 'ask-restatement') THEN
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

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'mended' $$;

COMMIT;
