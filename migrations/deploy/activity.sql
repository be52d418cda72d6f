-- Deploy inap:activity to pg: who carries out which activity, how it stood, what is odd about it; proposals of sectoral plans.
BEGIN;
SET LOCAL search_path = inap;

CREATE TABLE activity ( -- an activity of an entity's sectoral plan: proposed, then agreed once by its coordinator
    entity_id bigint NOT NULL REFERENCES entity, -- who leads it
    plan_id bigint NOT NULL REFERENCES plan, -- of which plan
    code text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9-]{1,30}/A-[0-9]{2,3}$'), -- KRG-MOH/A-03
    parent_id bigint NOT NULL REFERENCES result, -- the national output it stands under
    name_en label NOT NULL CHECK (name_en <> ''), -- English title
    name_ar label, -- Arabic title
    name_ckb label, -- Kurdish title, a draft
    contributors text[] NOT NULL DEFAULT '{}', -- codes of entities that take part
    proposed_by bigint NOT NULL, -- who
    proposed_at timestamptz NOT NULL DEFAULT now(), -- when
    agreed_by bigint, -- the coordinator
    agreed_at timestamptz, -- when
    result_id bigint REFERENCES result, -- what it became; null: proposed only
    PRIMARY KEY (plan_id, code)
);
COMMENT ON TABLE activity IS 'an activity of an entity''s sectoral plan: proposed, then agreed once by its coordinator';
COMMENT ON COLUMN activity.entity_id IS 'who leads it';
COMMENT ON COLUMN activity.plan_id IS 'of which plan';
COMMENT ON COLUMN activity.code IS 'KRG-MOH/A-03';
COMMENT ON COLUMN activity.parent_id IS 'the national output it stands under';
COMMENT ON COLUMN activity.name_en IS 'English title';
COMMENT ON COLUMN activity.name_ar IS 'Arabic title';
COMMENT ON COLUMN activity.name_ckb IS 'Kurdish title, a draft';
COMMENT ON COLUMN activity.contributors IS 'codes of entities that take part';
COMMENT ON COLUMN activity.proposed_by IS 'who';
COMMENT ON COLUMN activity.proposed_at IS 'when';
COMMENT ON COLUMN activity.agreed_by IS 'the coordinator';
COMMENT ON COLUMN activity.agreed_at IS 'when';
COMMENT ON COLUMN activity.result_id IS 'what it became; null: proposed only';
GRANT SELECT, INSERT, UPDATE ON activity TO inap_app;

-- Who carries out an activity: its lead, and those whom the plan file or the proposal names as contributors.
CREATE FUNCTION activity_members(p_plan bigint) RETURNS TABLE (result_id bigint, entity_id bigint, lead boolean) LANGUAGE sql STABLE AS $$
SELECT r.result_id, r.lead_entity_id, true FROM result r WHERE r.plan_id = p_plan AND r.kind = 'activity' AND r.lead_entity_id IS NOT NULL
UNION ALL
SELECT DISTINCT r.result_id, e.entity_id, false
  FROM result r CROSS JOIN LATERAL jsonb_array_elements_text(json_list(r.body -> 'contributors')) AS c (code) JOIN entity e ON e.code = c.code
 WHERE r.plan_id = p_plan AND r.kind = 'activity' AND e.entity_id IS DISTINCT FROM r.lead_entity_id $$;
COMMENT ON FUNCTION activity_members(bigint) IS 'the lead and the contributors of every activity of a plan';

-- How a report's activities stood at a revision, from the log. Now is cheaper: read activity_status.
CREATE FUNCTION activities_at(p_entity bigint, p_round bigint, p_revision bigint)
RETURNS TABLE (result_id bigint, status text, percent numeric, body jsonb, revision bigint, actor_id bigint, at timestamptz) LANGUAGE sql STABLE AS $$
SELECT DISTINCT ON (s.result_id) s.result_id, w.o ->> 'status', (w.o ->> 'percent')::numeric, w.o -> 'body', l.revision, l.actor_id, l.at
  FROM log l CROSS JOIN LATERAL (SELECT l.outcome::jsonb AS o) w JOIN result s ON s.plan_id = l.plan_id AND s.code = w.o ->> 'activity'
 WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.revision <= p_revision AND l.action = 'activity'
 ORDER BY s.result_id, l.revision DESC $$;
COMMENT ON FUNCTION activities_at(bigint, bigint, bigint) IS 'how a report''s activities stood at a revision, from the log';

-- Why an entity may not say how an activity stands, CODE|name=value|...; null: it may.
CREATE FUNCTION activity_fault(p_entity bigint, p_round bigint, p_code text, p_places text[]) RETURNS text LANGUAGE sql STABLE AS $$
SELECT CASE WHEN EXISTS (SELECT FROM activity a WHERE a.plan_id = o.plan_id AND a.code = p_code AND a.result_id IS NULL AND a.entity_id = p_entity)
                 THEN format('ACTIVITY_BAD|activity=%s|why=is proposed, and not agreed by the coordinator yet', p_code)
            WHEN s.result_id IS NULL THEN 'NOT_FOUND|what=activity|name=' || p_code
            WHEN NOT EXISTS (SELECT FROM activity_members(o.plan_id) m WHERE m.result_id = s.result_id AND m.entity_id = p_entity)
                 THEN format('ACTIVITY_NOT_YOURS|activity=%s|entity=%s', p_code, (SELECT e.code FROM entity e WHERE e.entity_id = p_entity))
            ELSE (SELECT 'NOT_FOUND|what=governorate|name=' || w.code FROM unnest(p_places) WITH ORDINALITY AS w (code, at)
                   WHERE NOT EXISTS (SELECT FROM dimension d JOIN category c USING (dimension_id)
                                      WHERE d.plan_id = o.plan_id AND d.code = 'governorate' AND c.code = w.code AND c.closed_on IS NULL
                                        AND o.quarter >= CASE c.valid_from WHEN '-infinity' THEN 0 ELSE quarter_of(c.valid_from) END
                                        AND o.quarter <= CASE c.valid_to WHEN 'infinity' THEN 39996 ELSE quarter_of(c.valid_to) END)
                   ORDER BY w.at LIMIT 1) END
  FROM round o LEFT JOIN result s ON s.plan_id = o.plan_id AND s.kind = 'activity' AND s.code = p_code AND s.closed_on IS NULL
 WHERE o.round_id = p_round $$;
COMMENT ON FUNCTION activity_fault(bigint, bigint, text, text[]) IS 'why an entity may not say how an activity stands; null: it may';

-- What is odd about a report's activities; nothing of it stands before the submission.
CREATE FUNCTION activity_problems(p_entity bigint, p_round bigint)
RETURNS TABLE (cell text, rule text, severity text, code text, unanswered bigint, asked bigint) LANGUAGE sql STABLE AS $$
SELECT 'activity:' || s.code, 'activity_overspent', 'WARN', 'ACTIVITY_OVERSPENT', 1::bigint, 1::bigint
  FROM activity_status a JOIN result s USING (result_id)
 WHERE a.entity_id = p_entity AND a.round_id = p_round
   AND EXISTS (SELECT FROM jsonb_array_elements(json_list(a.body -> 'budget')) AS b WHERE (b ->> 'spent')::numeric > (b ->> 'allocated')::numeric) $$;
COMMENT ON FUNCTION activity_problems(bigint, bigint) IS 'activities on which more was spent than allocated';

-- As before, with what the activities bring: report_problems takes all that is no cell from here.
CREATE OR REPLACE FUNCTION narrative_problems(p_entity bigint, p_round bigint)
RETURNS TABLE (cell text, rule text, severity text, code text, unanswered bigint, asked bigint) LANGUAGE sql STABLE AS $$
SELECT 'narrative:' || s.section, 'narrative_missing', 'BLOCK', 'NARRATIVE_MISSING', 1::bigint, 1::bigint
  FROM unnest('{results,obstacles}'::text[]) AS s (section)
 WHERE NOT EXISTS (SELECT FROM narrative n WHERE n.entity_id = p_entity AND n.round_id = p_round AND n.section = s.section AND n.text <> '')
UNION ALL
SELECT a.cell, a.rule, a.severity, a.code, a.unanswered, a.asked FROM activity_problems(p_entity, p_round) a $$;
COMMENT ON FUNCTION narrative_problems(bigint, bigint) IS 'required sections of the narrative that are not written, and what is odd about activities';

-- Whoever said how an activity stands does not sign it either.
CREATE OR REPLACE FUNCTION typed(p_entity bigint, p_round bigint, p_user bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce((SELECT true FROM log l WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.actor_id = p_user
                       AND l.action IN ('save', 'receive', 'narrative', 'activity') LIMIT 1), false));
END $$;

GRANT EXECUTE ON FUNCTION activity_members(bigint), activities_at(bigint, bigint, bigint), activity_fault(bigint, bigint, text, text[]),
    activity_problems(bigint, bigint) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'activity' $$;

COMMIT;
