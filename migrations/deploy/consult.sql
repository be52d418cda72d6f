-- Deploy inap:consult to pg: who is consulted on an indicator sees what was submitted, and confirms or contests it.
BEGIN;
SET LOCAL search_path = inap;

CREATE TABLE consultation ( -- what a consulted entity said of a value; insert-only, the last word counts; a projection of the log
    consultation_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, -- its number here: the order in which they were said
    entity_id bigint NOT NULL, -- whose report
    round_id bigint NOT NULL, -- of which round
    cell_id bigint NOT NULL, -- which cell
    by_entity_id bigint NOT NULL, -- who was consulted
    answer text NOT NULL CHECK (answer IN ('confirmed', 'contested')), -- what they said
    text words, -- and why
    revision bigint NOT NULL, -- of which submitted revision
    kind smallint NOT NULL, -- what the cell held there
    number numeric, -- number, or numerator
    denominator numeric, -- denominator
    value_text text, -- words
    point int, -- the review point that a contest opened
    made_by bigint NOT NULL, -- which user
    made_at timestamptz NOT NULL DEFAULT now() -- when
);
CREATE INDEX consultation_report ON consultation (entity_id, round_id, cell_id);
COMMENT ON TABLE consultation IS 'what a consulted entity said of a value; insert-only, the last word counts; a projection of the log';
COMMENT ON COLUMN consultation.consultation_id IS 'its number here: the order in which they were said';
COMMENT ON COLUMN consultation.entity_id IS 'whose report';
COMMENT ON COLUMN consultation.round_id IS 'of which round';
COMMENT ON COLUMN consultation.cell_id IS 'which cell';
COMMENT ON COLUMN consultation.by_entity_id IS 'who was consulted';
COMMENT ON COLUMN consultation.answer IS 'what they said';
COMMENT ON COLUMN consultation.text IS 'and why';
COMMENT ON COLUMN consultation.revision IS 'of which submitted revision';
COMMENT ON COLUMN consultation.kind IS 'what the cell held there';
COMMENT ON COLUMN consultation.number IS 'number, or numerator';
COMMENT ON COLUMN consultation.denominator IS 'denominator';
COMMENT ON COLUMN consultation.value_text IS 'words';
COMMENT ON COLUMN consultation.point IS 'the review point that a contest opened';
COMMENT ON COLUMN consultation.made_by IS 'which user';
COMMENT ON COLUMN consultation.made_at IS 'when';

-- What a report holds in its last submission that was not withdrawn.
CREATE FUNCTION submitted_cells(p_entity bigint, p_round bigint)
RETURNS TABLE (revision bigint, cell_id bigint, kind smallint, number numeric, denominator numeric, text text) LANGUAGE sql STABLE AS $$
SELECT c.revision, x.cell, x.kind, x.number, x.denominator, x.text
  FROM (SELECT * FROM contribution c WHERE c.entity_id = p_entity AND c.round_id = p_round AND c.state = 'submitted' AND c.withdrawn_at IS NULL ORDER BY c.revision DESC LIMIT 1) c
 CROSS JOIN LATERAL unnest(c.cells, c.kinds, c.numbers, c.denominators, c.texts) AS x (cell, kind, number, denominator, text) $$;
COMMENT ON FUNCTION submitted_cells(bigint, bigint) IS 'the cells of a report''s last submission';

-- Gate (b) and (c) of the consulted: the submitted values of indicators on which an entity of this user is consulted in that
-- quarter, in its own jurisdiction, and what it last said of each; said is null where that was of another value. Nothing else of
-- those reports is theirs. '' stands for any; p_open: only of reports that a coordinator has not judged yet.
CREATE FUNCTION consulted_cells(p_actor bigint, p_plan text, p_round text, p_entity text, p_open boolean)
RETURNS TABLE (by_entity_id bigint, entity_id bigint, round_id bigint, cell_id bigint, revision bigint, kind smallint, number numeric, denominator numeric, text text,
               said text, said_text text, point int)
LANGUAGE sql STABLE AS $$
WITH mine AS (
    SELECT DISTINCT e.entity_id, e.jurisdiction FROM live_grant g JOIN entity e USING (entity_id) WHERE g.user_id = p_actor AND g.role IN ('focal_point', 'approver')
), on_these AS MATERIALIZED (
    SELECT m.entity_id AS by_entity_id, m.jurisdiction, o.round_id, array_agg(a.indicator_id) AS indicators
      FROM mine m JOIN assignment_span a USING (entity_id) JOIN round o ON o.plan_id = a.plan_id AND o.quarter BETWEEN a.from_quarter AND a.to_quarter
      JOIN plan p ON p.plan_id = a.plan_id
     WHERE a.part = 'consulted' AND o.opens_at <= now() AND (p.code = p_plan OR (p_plan = '' AND p.current)) AND p_round IN ('', o.code)
     GROUP BY m.entity_id, m.jurisdiction, o.round_id
)
SELECT t.by_entity_id, r.entity_id, r.round_id, s.cell_id, s.revision, s.kind, s.number, s.denominator, s.text, c.answer, c.text, c.point
  FROM on_these t JOIN report r USING (round_id) JOIN entity e ON e.entity_id = r.entity_id AND e.jurisdiction = t.jurisdiction AND e.entity_id <> t.by_entity_id AND p_entity IN ('', e.code)
   AND (NOT p_open OR r.state IN ('submitted', 'in_review'))
 CROSS JOIN LATERAL submitted_cells(r.entity_id, r.round_id) s
  JOIN cell k ON k.cell_id = s.cell_id AND k.indicator_id = ANY (t.indicators)
  LEFT JOIN LATERAL (SELECT x.* FROM consultation x WHERE x.entity_id = r.entity_id AND x.round_id = r.round_id AND x.cell_id = s.cell_id AND x.by_entity_id = t.by_entity_id
                      ORDER BY x.consultation_id DESC LIMIT 1) c
    ON (c.kind, c.number::text, c.denominator::text, c.value_text) IS NOT DISTINCT FROM (s.kind, s.number::text, s.denominator::text, s.text) $$;
COMMENT ON FUNCTION consulted_cells(bigint, text, text, text, boolean) IS 'submitted values on which a user''s entities are consulted, and what they said';

-- Confirms or contests a value. fault is null, or CODE|name=value. A contest of what is under review opens a point on the cell,
-- once, for the coordinator to judge: that is a revision, so that nobody endorses without having seen it. Otherwise it stands
-- beside the points.
CREATE FUNCTION report_consult(p_entity text, p_plan text, p_round text, p_cell text, p_base bigint, p_answer text, p_text text, p_actor bigint, p_key bytea, p_hash bytea,
                               OUT fault text, OUT outcome jsonb, OUT receipt bytea)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    whose bigint := (SELECT e.entity_id FROM entity e WHERE e.code = p_entity AND e.entity_id <> 0);
    past record;
    s record;
    r report;
    opened int;
BEGIN
    PERFORM FROM chain_head h WHERE h.entity_id = whose FOR NO KEY UPDATE;
    SELECT l.actor_id = p_actor AND l.body_hash = p_hash AND l.action = 'consult' AS same, l.hash, l.outcome INTO past FROM log l WHERE l.entity_id = whose AND l.key = p_key;
    IF FOUND THEN
        IF past.same THEN receipt := past.hash; outcome := past.outcome::jsonb; ELSE fault := 'KEY_REUSED'; END IF;
        RETURN;
    END IF;
    SELECT c.* INTO s FROM consulted_cells(p_actor, p_plan, p_round, p_entity, false) c WHERE p_entity <> '' ORDER BY c.by_entity_id LIMIT 1;
    IF NOT FOUND OR p_round = '' THEN fault := format('NOT_FOUND|what=report|name=%s/%s', p_entity, p_round); RETURN; END IF;
    SELECT c.* INTO s FROM consulted_cells(p_actor, p_plan, p_round, p_entity, false) c JOIN cell k USING (cell_id) WHERE k.code = p_cell ORDER BY c.by_entity_id LIMIT 1;
    IF NOT FOUND THEN fault := 'NOT_FOUND|what=cell|name=' || p_cell; RETURN; END IF;
    IF s.revision <> p_base THEN fault := format('STALE_REVISION|report=%s/%s|revision=%s|base=%s', p_entity, p_round, s.revision, p_base); RETURN; END IF;
    IF p_answer = 'contested' AND p_text IS NULL THEN fault := 'BAD_ARGUMENT|field=text|why=who contests says why'; RETURN; END IF;
    SELECT * INTO r FROM report x WHERE x.entity_id = whose AND x.round_id = s.round_id;
    IF p_answer = 'contested' AND r.state IN ('submitted', 'in_review')
       AND NOT EXISTS (SELECT FROM consultation c JOIN review_point t ON t.entity_id = c.entity_id AND t.round_id = c.round_id AND t.point = c.point
                        WHERE c.entity_id = whose AND c.round_id = s.round_id AND c.cell_id = s.cell_id AND c.by_entity_id = s.by_entity_id AND t.state = 'open') THEN
        UPDATE report x SET revision = x.revision + 1 WHERE x.entity_id = whose AND x.round_id = s.round_id RETURNING * INTO r;
        INSERT INTO review_point (entity_id, round_id, point, target_kind, target, cells, code, text, opened_by, opened_revision, turn)
        SELECT whose, s.round_id, coalesce((SELECT max(t.point) FROM review_point t WHERE t.entity_id = whose AND t.round_id = s.round_id), 0) + 1, 'cell', p_cell, ARRAY[s.cell_id],
               'mismatch', p_text, p_actor, r.revision, 1 + (SELECT count(*) FROM log l WHERE l.entity_id = whose AND l.round_id = s.round_id AND l.action = 'return')
        RETURNING point INTO opened;
    END IF;
    INSERT INTO consultation (entity_id, round_id, cell_id, by_entity_id, answer, text, revision, kind, number, denominator, value_text, point, made_by)
    VALUES (whose, s.round_id, s.cell_id, s.by_entity_id, p_answer, p_text, s.revision, s.kind, s.number, s.denominator, s.text, opened, p_actor);
    outcome := jsonb_build_object('by', (SELECT e.code FROM entity e WHERE e.entity_id = s.by_entity_id), 'cell', p_cell, 'answer', p_answer, 'text', p_text, 'revision', s.revision,
                                  'kind', s.kind, 'number', s.number::text, 'denominator', s.denominator::text, 'value', s.text, 'point', opened);
    receipt := log_append(whose, r.plan_id, s.round_id, CASE WHEN opened IS NOT NULL THEN r.revision END, 'consult', NULL, p_actor, p_key, p_hash, outcome::text);
END $$;
COMMENT ON FUNCTION report_consult(text, text, text, text, bigint, text, text, bigint, bytea, bytea) IS 'a consulted entity confirms or contests a submitted value';

GRANT SELECT, INSERT ON consultation TO inap_app;
GRANT EXECUTE ON FUNCTION submitted_cells(bigint, bigint), consulted_cells(bigint, text, text, text, boolean),
    report_consult(text, text, text, text, bigint, text, text, bigint, bytea, bytea) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'consult' $$;

COMMIT;
