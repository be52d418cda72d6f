-- Deploy inap:assignment to pg: assignments made and ended by hand, from a quarter on, beside those of the plan file.
--
-- The last word counts: a change by hand stands over the file's assignment of that entity to that indicator until a later file
-- says something new about the two; a file that repeats itself changes nothing.
BEGIN;
SET LOCAL search_path = inap;

CREATE TABLE assignment_change ( -- what the Secretariat changed by hand; insert-only, a projection of the system's chain
    change_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, -- its number here: the order in which they were said
    plan_id bigint NOT NULL REFERENCES plan, -- of which plan
    indicator_id bigint NOT NULL REFERENCES indicator, -- what
    entity_id bigint NOT NULL REFERENCES entity, -- who
    part text CHECK (part IN ('whole', 'numerator', 'denominator', 'consulted')), -- how much of it; null: no more
    from_quarter int NOT NULL, -- from this quarter on
    covers bigint[], -- categories covered, null: the default of its jurisdiction
    file_versions bigint NOT NULL, -- what assignment_versions() said then: more mean that a file spoke since
    made_by bigint NOT NULL, -- who said so
    made_at timestamptz NOT NULL DEFAULT now() -- when
);
CREATE INDEX assignment_change_indicator ON assignment_change (indicator_id, entity_id);
COMMENT ON TABLE assignment_change IS 'what the Secretariat changed by hand; insert-only, a projection of the system''s chain';
COMMENT ON COLUMN assignment_change.change_id IS 'its number here: the order in which they were said';
COMMENT ON COLUMN assignment_change.plan_id IS 'of which plan';
COMMENT ON COLUMN assignment_change.indicator_id IS 'what';
COMMENT ON COLUMN assignment_change.entity_id IS 'who';
COMMENT ON COLUMN assignment_change.part IS 'how much of it; null: no more';
COMMENT ON COLUMN assignment_change.from_quarter IS 'from this quarter on';
COMMENT ON COLUMN assignment_change.covers IS 'categories covered, null: the default of its jurisdiction';
COMMENT ON COLUMN assignment_change.file_versions IS 'what assignment_versions() said then: more mean that a file spoke since';
COMMENT ON COLUMN assignment_change.made_by IS 'who said so';
COMMENT ON COLUMN assignment_change.made_at IS 'when';

-- How often plan files said something about an entity's assignment to an indicator.
CREATE FUNCTION assignment_versions(p_plan bigint, p_indicator bigint, p_entity bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
SELECT count(*) FROM indicator i CROSS JOIN entity e JOIN reference_version v ON v.plan_id = p_plan AND v.kind = 'assignment' AND starts_with(v.code, i.code || ':' || e.code || ':')
 WHERE i.indicator_id = p_indicator AND e.entity_id = p_entity $$;
COMMENT ON FUNCTION assignment_versions(bigint, bigint, bigint) IS 'how many versions plan files brought of an entity''s assignments to an indicator';

-- Who reports what and who is consulted, from when to when: the file's assignments as far as no change by hand stands over
-- them, and these. A span that ends before it begins never came into force.
CREATE VIEW assignment_span AS
WITH live AS (
    SELECT c.*, min(c.from_quarter) OVER (PARTITION BY c.indicator_id, c.entity_id ORDER BY c.change_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_quarter
      FROM assignment_change c WHERE c.file_versions = assignment_versions(c.plan_id, c.indicator_id, c.entity_id)
), over_file AS (
    SELECT l.indicator_id, l.entity_id, min(l.from_quarter) AS from_quarter FROM live l GROUP BY l.indicator_id, l.entity_id
)
SELECT a.plan_id, a.indicator_id, a.entity_id, a.part, a.from_quarter, least(a.to_quarter, o.from_quarter - 1) AS to_quarter, a.covers, false AS by_hand
  FROM assignment a LEFT JOIN over_file o USING (indicator_id, entity_id)
UNION ALL
SELECT l.plan_id, l.indicator_id, l.entity_id, l.part, l.from_quarter, least(39996, l.next_quarter - 1), l.covers, true FROM live l WHERE l.part IS NOT NULL;
COMMENT ON VIEW assignment_span IS 'who reports what and who is consulted, from when to when: the file''s word and what was changed by hand';

-- Who is to answer what: assignments x cells. A category is covered if the assignment names it, or, of a dimension that it
-- does not name, if the category belongs to the entity's jurisdiction; `unknown` always. Derived and register: nobody yet.
CREATE OR REPLACE FUNCTION plan_form(p_plan bigint)
RETURNS TABLE (entity_id bigint, cell_id bigint, indicator_id bigint, kinds int, unit text, quarters int, from_quarter int, to_quarter int, part text)
LANGUAGE sql STABLE AS $$
WITH span AS MATERIALIZED (
    SELECT row_number() OVER () AS nth, a.entity_id, a.indicator_id, a.part, a.from_quarter, a.to_quarter, a.covers, e.jurisdiction, i.unit,
           1 + 256 + 512 + 2048 + CASE WHEN i.may_withhold THEN 1024 ELSE 0 END
             + CASE WHEN i.unit = 'yes_no' THEN 4 + 8 WHEN i.unit = 'text' THEN 16 WHEN i.rule <> 'ratio' THEN 2
                    WHEN a.part = 'numerator' THEN 64 WHEN a.part = 'denominator' THEN 128 ELSE 32 END AS kinds,
           CASE i.frequency WHEN 'quarterly' THEN 15 WHEN 'semiannual' THEN 10 WHEN 'annual' THEN 8 ELSE 0 END AS quarters
      FROM assignment_span a JOIN entity e USING (entity_id) JOIN indicator i USING (indicator_id)
     WHERE a.plan_id = p_plan AND a.part <> 'consulted' AND a.to_quarter >= a.from_quarter AND i.combine NOT IN ('derived', 'register')
), outside AS MATERIALIZED (
    SELECT s.nth, array_agg(c.category_id) AS categories
      FROM span s JOIN dimension d ON d.plan_id = p_plan JOIN category c USING (dimension_id)
     WHERE c.code <> 'unknown'
       AND CASE WHEN s.covers IS NOT NULL AND EXISTS (SELECT FROM category x WHERE x.dimension_id = d.dimension_id AND x.category_id = ANY (s.covers))
                THEN NOT c.category_id = ANY (s.covers) ELSE NOT s.jurisdiction = ANY (c.jurisdictions) END
     GROUP BY s.nth
)
SELECT s.entity_id, k.cell_id, s.indicator_id, s.kinds, s.unit, s.quarters, greatest(s.from_quarter, k.from_quarter), least(s.to_quarter, k.to_quarter), s.part
  FROM span s JOIN cell k USING (indicator_id) LEFT JOIN outside o USING (nth)
 WHERE NOT k.categories && coalesce(o.categories, '{}') $$;

-- `one` has exactly one reporter of each part per jurisdiction at any time from the rounds on that have not opened.
CREATE FUNCTION assignment_two_reporters(p_plan bigint) RETURNS TABLE (code text, jurisdiction text, entities text) LANGUAGE sql STABLE AS $$
WITH span AS MATERIALIZED (
    SELECT i.code, e.code AS entity, e.jurisdiction, a.part, greatest(a.from_quarter, (plan_quarters(p_plan)).opened + 1) AS from_quarter, a.to_quarter
      FROM assignment_span a JOIN indicator i USING (indicator_id) JOIN entity e USING (entity_id)
     WHERE a.plan_id = p_plan AND a.part <> 'consulted' AND i.combine = 'one' AND i.closed_on IS NULL
)
SELECT s.code, s.jurisdiction, s.entity || ', ' || o.entity
  FROM span s JOIN span o ON o.code = s.code AND o.jurisdiction = s.jurisdiction AND o.entity > s.entity
   AND greatest(s.from_quarter, o.from_quarter) <= least(s.to_quarter, o.to_quarter) AND (o.part = s.part OR 'whole' IN (o.part, s.part))
 ORDER BY 1, 2, 3 LIMIT 1 $$;
COMMENT ON FUNCTION assignment_two_reporters(bigint) IS 'the first indicator of `one` that gets two reporters in a jurisdiction';

-- Every way to new assignments ends in the form: there they are judged together, the file's and those made by hand.
ALTER FUNCTION plan_put_form(bigint) RENAME TO plan_write_form;
CREATE FUNCTION plan_put_form(p_plan bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE two record;
BEGIN
    SELECT * INTO two FROM assignment_two_reporters(p_plan);
    IF FOUND THEN PERFORM refuse('PLAN_TWO_REPORTERS', 'code', two.code, 'jurisdiction', two.jurisdiction, 'entities', two.entities); END IF;
    PERFORM plan_write_form(p_plan);
END $$;
COMMENT ON FUNCTION plan_put_form(bigint) IS 'brings form_cell to what assignments and cells say; refuses two reporters of a `one`';

-- An import says which changes by hand its file replaced.
ALTER FUNCTION plan_warnings(jsonb) RENAME TO plan_file_warnings;
CREATE FUNCTION plan_warnings(b jsonb) RETURNS SETOF text LANGUAGE sql STABLE AS $$
SELECT w FROM plan_file_warnings(b) AS w
UNION ALL
SELECT x.said FROM (
    SELECT DISTINCT format('HAND_REPLACED:%s:%s', i.code, e.code) AS said
      FROM plan p JOIN assignment_change c USING (plan_id) JOIN indicator i USING (indicator_id) JOIN entity e USING (entity_id)
     WHERE p.code = b ->> 'code'
       AND c.file_versions = (SELECT count(*) FROM reference_version v
                               WHERE v.plan_id = c.plan_id AND v.kind = 'assignment' AND starts_with(v.code, i.code || ':' || e.code || ':') AND v.at < now())
       AND c.file_versions < assignment_versions(c.plan_id, c.indicator_id, c.entity_id)
     ORDER BY 1) x $$;
COMMENT ON FUNCTION plan_warnings(jsonb) IS 'things of a plan file to look at';

-- Parent and child that both report one indicator of `parts` from some quarter on: which leaves the other out?
CREATE FUNCTION assignment_relatives(p_indicator bigint, p_entity bigint, p_quarter int) RETURNS SETOF text LANGUAGE sql STABLE AS $$
WITH RECURSIVE above (entity_id, parent_id, depth) AS (
    SELECT e.entity_id, e.parent_id, 1 FROM entity e WHERE e.parent_id IS NOT NULL
    UNION ALL SELECT a.entity_id, e.parent_id, a.depth + 1 FROM above a JOIN entity e ON e.entity_id = a.parent_id WHERE e.parent_id IS NOT NULL AND a.depth < 20
), reporter AS (
    SELECT DISTINCT s.entity_id FROM assignment_span s JOIN indicator i USING (indicator_id)
     WHERE s.indicator_id = p_indicator AND s.part <> 'consulted' AND s.to_quarter >= greatest(s.from_quarter, p_quarter) AND i.combine = 'parts'
)
SELECT DISTINCT format('PARENT_AND_CHILD:%s:%s:%s', (SELECT i.code FROM indicator i WHERE i.indicator_id = p_indicator), p.code, c.code)
  FROM above a JOIN reporter x ON x.entity_id = a.entity_id JOIN reporter y ON y.entity_id = a.parent_id
  JOIN entity c ON c.entity_id = a.entity_id JOIN entity p ON p.entity_id = a.parent_id
 WHERE p_entity IN (a.entity_id, a.parent_id) ORDER BY 1 $$;
COMMENT ON FUNCTION assignment_relatives(bigint, bigint, int) IS 'parents and children of an entity that report the same indicator of parts';

-- Covered categories as typed: `governorate=IQ-NI`, or `IQ-NI` where one of the indicator's tables has it; with a plus they
-- come to what is covered already. A dimension of which none is named keeps its default.
CREATE FUNCTION assignment_covers(p_indicator bigint, p_entity bigint, p_quarter int, p_typed text[], OUT covers bigint[], OUT stranger text) LANGUAGE sql STABLE AS $$
WITH typed AS (
    SELECT t.n, t.text, starts_with(t.text, '+') AS more, CASE WHEN t.bare LIKE '%=%' THEN split_part(t.bare, '=', 1) END AS dimension,
           CASE WHEN t.bare LIKE '%=%' THEN split_part(t.bare, '=', 2) ELSE t.bare END AS code
      FROM (SELECT u.n, u.text, ltrim(u.text, '+') AS bare FROM unnest(p_typed) WITH ORDINALITY AS u (text, n)) t
), part AS (
    SELECT DISTINCT d.dimension_id, d.code AS dimension, c.category_id, c.code, c.jurisdictions
      FROM indicator i JOIN indicator_table t USING (indicator_id) JOIN dimension d ON d.plan_id = i.plan_id AND d.code = ANY (t.dimensions)
      JOIN category c USING (dimension_id)
     WHERE i.indicator_id = p_indicator AND t.closed_on IS NULL AND c.closed_on IS NULL
), found AS (
    SELECT t.n, t.text, t.more, min(p.dimension_id) AS dimension_id, min(p.category_id) AS category_id, count(p.category_id) AS parts
      FROM typed t LEFT JOIN part p ON p.code = t.code AND (t.dimension IS NULL OR p.dimension = t.dimension) GROUP BY t.n, t.text, t.more
), held AS (
    SELECT coalesce((SELECT s.covers FROM assignment_span s WHERE s.indicator_id = p_indicator AND s.entity_id = p_entity
                        AND p_quarter BETWEEN s.from_quarter AND s.to_quarter LIMIT 1), '{}') AS covers
)
SELECT (SELECT array_agg(DISTINCT x.category_id ORDER BY x.category_id) FROM (
            SELECT f.category_id FROM found f
            UNION -- what a plus is added to: the named ones of that dimension, else its default
            SELECT p.category_id FROM part p, held h, entity e
             WHERE e.entity_id = p_entity AND p.code <> 'unknown' AND p.dimension_id IN (SELECT f.dimension_id FROM found f WHERE f.more)
               AND CASE WHEN EXISTS (SELECT FROM part y WHERE y.dimension_id = p.dimension_id AND y.category_id = ANY (h.covers))
                        THEN p.category_id = ANY (h.covers) ELSE e.jurisdiction = ANY (p.jurisdictions) END) x
         WHERE x.category_id IS NOT NULL),
       (SELECT f.text FROM found f WHERE f.parts <> 1 ORDER BY f.n LIMIT 1) $$;
COMMENT ON FUNCTION assignment_covers(bigint, bigint, int, text[]) IS 'covered categories as typed, and the first that is none or several';

-- Why a change by hand may not be: CODE|name=value|..., null where it may. p_part is empty for an end, whose quarter is the
-- first without.
CREATE FUNCTION assignment_fault(p_plan bigint, p_indicator text, p_entity text, p_part text, p_quarter text, p_end boolean, p_covered int) RETURNS text LANGUAGE sql STABLE AS $$
SELECT CASE
    WHEN i.indicator_id IS NULL THEN 'NOT_FOUND|what=indicator|name=' || p_indicator
    WHEN e.entity_id IS NULL THEN 'NOT_FOUND|what=entity|name=' || p_entity
    WHEN q.given IS NULL THEN format('BAD_ARGUMENT|field=%s|why=write a quarter, 2024Q3', q.field)
    WHEN q.given NOT BETWEEN q.first AND q.last THEN format('BAD_ARGUMENT|field=%s|why=the plan has %s to %s', q.field, quarter_code(q.first), quarter_code(q.last))
    WHEN p_end AND q.given < q.opened THEN format('BAD_ARGUMENT|field=to|why=round %s has opened and asks for it: %s at the earliest', quarter_code(q.opened), quarter_code(q.opened))
    WHEN q.given < q.free AND NOT p_end THEN format('ROUND_NOT_OPEN|round=%s|why=closed: %s at the earliest', quarter_code(q.free - 1), quarter_code(q.free))
    WHEN NOT p_end AND i.combine = 'derived' THEN format('BAD_ARGUMENT|field=indicator|why=%s is derived: it is asked of nobody', i.code)
    WHEN NOT p_end AND p_part NOT IN ('whole', 'numerator', 'denominator', 'consulted') THEN 'BAD_ARGUMENT|field=part|why=whole, numerator, denominator or consulted'
    WHEN p_part IN ('numerator', 'denominator') AND i.rule <> 'ratio' THEN format('BAD_ARGUMENT|field=part|why=%s is no ratio: it has no %s', i.code, p_part)
    WHEN p_part = 'consulted' AND p_covered > 0 THEN 'BAD_ARGUMENT|field=covers|why=who is consulted covers nothing' END
  FROM (SELECT quarter_of(p.starts_on) AS first, quarter_of(p.ends_on) AS last, s.opened, s.free, quarter_number(p_quarter) AS given,
               CASE WHEN p_end THEN 'to' ELSE 'from' END AS field
          FROM plan p CROSS JOIN LATERAL plan_quarters(p.plan_id) s WHERE p.plan_id = p_plan) q
  LEFT JOIN indicator i ON i.plan_id = p_plan AND i.code = p_indicator AND i.closed_on IS NULL
  LEFT JOIN entity e ON e.code = p_entity AND e.entity_id <> 0 $$;
COMMENT ON FUNCTION assignment_fault(bigint, text, text, text, text, boolean, int) IS 'why an assignment may not be changed by hand, as CODE|name=value';

-- Changes an assignment by hand. p_end: p_quarter is the last that asks; else the first of the new span, which goes on until
-- something else is said. fault is null, or CODE|name=value; what only shows once done raises INPLN. The caller holds the head
-- of the system's chain; a dry run is the caller's ROLLBACK.
CREATE FUNCTION assignment_change(p_plan text, p_entity text, p_indicator text, p_part text, p_covers text[], p_quarter text, p_end boolean, p_note text,
                                  p_actor bigint, p_key bytea, p_hash bytea, OUT fault text, OUT outcome jsonb, OUT receipt bytea)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    past record;
    target bigint;
    who entity;
    what indicator;
    was assignment_span;
    begins int := quarter_number(p_quarter) + p_end::int;
    given record;
    before bigint;
BEGIN
    IF NOT holds_role(p_actor, '{secretariat}', 0) THEN fault := 'FORBIDDEN|action=assignment.change'; RETURN; END IF;
    SELECT l.actor_id = p_actor AND l.body_hash = p_hash AND l.action LIKE 'assignment.%' AS same, l.hash, l.outcome INTO past FROM log l WHERE l.entity_id = 0 AND l.key = p_key;
    IF FOUND THEN
        IF past.same THEN receipt := past.hash; outcome := past.outcome::jsonb; ELSE fault := 'KEY_REUSED'; END IF;
        RETURN;
    END IF;
    SELECT p.plan_id INTO target FROM plan p WHERE p.code = p_plan OR (p_plan = '' AND p.current);
    IF NOT FOUND THEN fault := 'NOT_FOUND|what=plan|name=' || coalesce(nullif(p_plan, ''), 'current'); RETURN; END IF;
    fault := assignment_fault(target, p_indicator, p_entity, p_part, p_quarter, p_end, cardinality(p_covers));
    IF fault IS NOT NULL THEN RETURN; END IF;
    SELECT * INTO who FROM entity e WHERE e.code = p_entity;
    SELECT * INTO what FROM indicator i WHERE i.plan_id = target AND i.code = p_indicator;
    SELECT * INTO given FROM assignment_covers(what.indicator_id, who.entity_id, begins, p_covers);
    IF given.stranger IS NOT NULL THEN
        fault := format('BAD_ARGUMENT|field=covers|why=%s is no category, or not the only one, in the tables of %s', left(given.stranger, 60), what.code); RETURN;
    END IF;
    SELECT * INTO was FROM assignment_span s WHERE s.indicator_id = what.indicator_id AND s.entity_id = who.entity_id AND s.to_quarter >= greatest(s.from_quarter, begins)
     ORDER BY s.from_quarter LIMIT 1;
    IF p_end AND NOT FOUND THEN fault := format('NOT_FOUND|what=assignment|name=%s:%s', what.code, who.code); RETURN; END IF;
    IF NOT p_end AND was.part = p_part AND was.covers IS NOT DISTINCT FROM given.covers AND was.from_quarter <= begins AND was.to_quarter = 39996 THEN
        fault := format('EXISTS|what=assignment|name=%s:%s', what.code, who.code); RETURN;
    END IF;
    SELECT count(*) INTO before FROM form_cell f WHERE f.entity_id = who.entity_id AND f.indicator_id = what.indicator_id AND begins BETWEEN f.from_quarter AND f.to_quarter;
    INSERT INTO assignment_change (plan_id, indicator_id, entity_id, part, from_quarter, covers, file_versions, made_by)
    VALUES (target, what.indicator_id, who.entity_id, CASE WHEN NOT p_end THEN p_part END, begins, given.covers,
            assignment_versions(target, what.indicator_id, who.entity_id), p_actor);
    PERFORM plan_put_form(target);
    PERFORM assignment_settle(target, who, what);
    outcome := jsonb_build_object('entity', who.code, 'indicator', what.code, 'part', CASE WHEN p_end THEN was.part ELSE p_part END,
        'from', CASE WHEN NOT p_end THEN p_quarter END, 'to', CASE WHEN p_end THEN p_quarter END,
        'covers', (SELECT coalesce(jsonb_agg(d.code || '=' || c.code ORDER BY d.code, c.sort), '[]') FROM category c JOIN dimension d USING (dimension_id) WHERE c.category_id = ANY (given.covers)),
        'before', before,
        'cells', (SELECT count(*) FROM form_cell f WHERE f.entity_id = who.entity_id AND f.indicator_id = what.indicator_id AND begins BETWEEN f.from_quarter AND f.to_quarter),
        'warnings', (SELECT coalesce(jsonb_agg(w), '[]') FROM assignment_relatives(what.indicator_id, who.entity_id, begins) AS w WHERE NOT p_end));
    receipt := log_append(0, target, NULL, NULL, CASE WHEN p_end THEN 'assignment.end' ELSE 'assignment.add' END, p_note, p_actor, p_key, p_hash, outcome::text);
END $$;
COMMENT ON FUNCTION assignment_change(text, text, text, text, text[], text, boolean, text, bigint, bytea, bytea) IS 'makes or ends an assignment by hand; one row: why not, or what was done';

-- What follows from a change: no value of a round that is not closed may lose its cell or its kind, and who has something to
-- answer now gets a report.
CREATE FUNCTION assignment_settle(p_plan bigint, p_entity entity, p_indicator indicator) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE lost text;
BEGIN
    SELECT o.code INTO lost
      FROM round o JOIN value v ON v.entity_id = p_entity.entity_id AND v.round_id = o.round_id AND v.kind <> 0
      JOIN cell k ON k.cell_id = v.cell_id AND k.indicator_id = p_indicator.indicator_id
      LEFT JOIN asked(p_entity.entity_id, o.round_id) a ON a.cell_id = v.cell_id
     WHERE o.plan_id = p_plan AND (o.closes_at IS NULL OR o.closes_at > now()) AND coalesce((a.kinds >> v.kind) & 1, 0) = 0
     ORDER BY o.quarter LIMIT 1;
    IF FOUND THEN PERFORM refuse('PLAN_CHANGE', 'code', p_indicator.code, 'field', 'assignment', 'round', lost); END IF;
    INSERT INTO report (entity_id, round_id, plan_id)
    SELECT p_entity.entity_id, o.round_id, o.plan_id FROM round o
     WHERE o.plan_id = p_plan AND (o.closes_at IS NULL OR o.closes_at > now()) AND EXISTS (SELECT FROM asked(p_entity.entity_id, o.round_id))
     ORDER BY 2 ON CONFLICT DO NOTHING;
END $$;
COMMENT ON FUNCTION assignment_settle(bigint, entity, indicator) IS 'refuses a change under values, makes the reports that it asks for';

GRANT SELECT, INSERT ON assignment_change TO inap_app;
GRANT SELECT ON assignment_span TO inap_app;
GRANT EXECUTE ON FUNCTION assignment_versions(bigint, bigint, bigint), assignment_two_reporters(bigint), plan_put_form(bigint), plan_warnings(jsonb),
    assignment_relatives(bigint, bigint, int), assignment_covers(bigint, bigint, int, text[]), assignment_fault(bigint, text, text, text, text, boolean, int),
    assignment_change(text, text, text, text, text[], text, boolean, text, bigint, bytea, bytea), assignment_settle(bigint, entity, indicator) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'assignment' $$;

COMMIT;
