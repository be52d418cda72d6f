-- Deploy inap:event to pg: events, their decisions, organisations, and the verification of a sample of accepted cells in the field.
--
-- Indicators of the plan that follow from these rows, and the function that gives each; all return a row for federal, kurdistan
-- and iraq (numerator and denominator of a ratio, or number):
--   OE-1.3  National Team meetings held with minutes issued      derived_national_team_meetings(plan, period)
--   OE-4.1  women-led organisations taking part (distinct)       derived_women_led_organisations(plan, period)
-- OE-1.3 is the only `derived` one that needs events; OE-4.1 is a `register`, which the entities tick as well.
BEGIN;
SET LOCAL search_path = inap;

ALTER TABLE organisation ADD COLUMN place text NOT NULL DEFAULT '', ADD COLUMN version int NOT NULL DEFAULT 1;
COMMENT ON COLUMN organisation.place IS 'codes of the governorates where it works, by commas';
COMMENT ON COLUMN organisation.version IS 'counts changes';

-- Nobody wrote events before this change: decisions get a table of their own, which `todo` can read by owner.
ALTER TABLE event DROP COLUMN decisions;
ALTER TABLE event ADD COLUMN title label NOT NULL DEFAULT '', ADD COLUMN ends_on date, ADD COLUMN minutes text NOT NULL DEFAULT '', ADD COLUMN minutes_on date,
    ADD COLUMN confined boolean NOT NULL DEFAULT false, ADD COLUMN indicators bigint[] NOT NULL DEFAULT '{}', ADD COLUMN activities bigint[] NOT NULL DEFAULT '{}',
    ADD COLUMN version int NOT NULL DEFAULT 1, ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT event_kind_check CHECK (kind IN ('consultation', 'workshop', 'field_visit', 'validation', 'national_team_meeting', 'support')),
    ADD CONSTRAINT event_ends_on_check CHECK (ends_on >= held_on), ADD CONSTRAINT event_minutes_check CHECK ((minutes = '') = (minutes_on IS NULL));
COMMENT ON COLUMN event.kind IS 'consultation, workshop, field_visit, validation, national_team_meeting, support';
COMMENT ON COLUMN event.held_on IS 'its first day';
COMMENT ON COLUMN event.place IS 'codes of governorates, by commas; empty: none of them';
COMMENT ON COLUMN event.supporter IS 'who gave which support: technical, operational, financial';
COMMENT ON COLUMN event.title IS 'what it is called';
COMMENT ON COLUMN event.ends_on IS 'its last day; null: the first';
COMMENT ON COLUMN event.minutes IS 'number or archive place of its minutes; empty: none issued';
COMMENT ON COLUMN event.minutes_on IS 'the day they were issued';
COMMENT ON COLUMN event.confined IS 'read by the Secretariat and the entities concerned only';
COMMENT ON COLUMN event.indicators IS 'indicators it bears on';
COMMENT ON COLUMN event.activities IS 'activities (results) it belongs to';
COMMENT ON COLUMN event.version IS 'counts changes, its decisions too';
COMMENT ON COLUMN event.changed_at IS 'the last of them';

CREATE TABLE event_decision ( -- what an event decided: waits for its owner until it is done
    event_id bigint NOT NULL REFERENCES event, -- of which event
    decision int NOT NULL, -- 1, 2... in it
    text words NOT NULL CHECK (text <> ''), -- what is to be done
    owner_id bigint NOT NULL REFERENCES entity, -- by whom
    due_on date NOT NULL, -- until when
    made_by bigint NOT NULL, -- who entered it
    done_on date, -- done since
    done_by bigint, -- who said so
    done_note words, -- how
    PRIMARY KEY (event_id, decision)
);
CREATE INDEX event_decision_open ON event_decision (owner_id) WHERE done_on IS NULL;
COMMENT ON TABLE event_decision IS 'what an event decided: waits for its owner until it is done';
COMMENT ON COLUMN event_decision.event_id IS 'of which event';
COMMENT ON COLUMN event_decision.decision IS '1, 2... in it';
COMMENT ON COLUMN event_decision.text IS 'what is to be done';
COMMENT ON COLUMN event_decision.owner_id IS 'by whom';
COMMENT ON COLUMN event_decision.due_on IS 'until when';
COMMENT ON COLUMN event_decision.made_by IS 'who entered it';
COMMENT ON COLUMN event_decision.done_on IS 'done since';
COMMENT ON COLUMN event_decision.done_by IS 'who said so';
COMMENT ON COLUMN event_decision.done_note IS 'how';

CREATE TABLE verification_sample ( -- a sample of accepted cells, drawn to be looked at in the field
    sample_id bigint PRIMARY KEY, -- its number
    round_id bigint NOT NULL REFERENCES round, -- of which round
    seed text NOT NULL CHECK (seed <> ''), -- with the pool it makes the sample
    pool int NOT NULL, -- accepted figures to choose from
    drawn_by bigint NOT NULL, -- who
    drawn_at timestamptz NOT NULL DEFAULT now() -- when
);
COMMENT ON TABLE verification_sample IS 'a sample of accepted cells, drawn to be looked at in the field';
COMMENT ON COLUMN verification_sample.sample_id IS 'its number';
COMMENT ON COLUMN verification_sample.round_id IS 'of which round';
COMMENT ON COLUMN verification_sample.seed IS 'with the pool it makes the sample';
COMMENT ON COLUMN verification_sample.pool IS 'accepted figures to choose from';
COMMENT ON COLUMN verification_sample.drawn_by IS 'who';
COMMENT ON COLUMN verification_sample.drawn_at IS 'when';

CREATE TABLE verification ( -- one cell of a sample, and what the field said; the figure itself stays as it is
    sample_id bigint NOT NULL REFERENCES verification_sample, -- of which sample
    place int NOT NULL, -- 1, 2... in it
    entity_id bigint NOT NULL, -- whose answer
    round_id bigint NOT NULL, -- of which round
    cell_id bigint NOT NULL, -- to what
    revision bigint NOT NULL, -- the accepted revision that was drawn
    version int NOT NULL DEFAULT 0, -- how often it was recorded; the log has each
    result text CHECK (result IN ('agreed', 'differs', 'not_found')), -- null: not yet
    note words, -- what was seen
    seen_on date, -- the day of the visit
    recorded_by bigint, -- who
    recorded_at timestamptz, -- when
    PRIMARY KEY (sample_id, place)
);
CREATE INDEX verification_report ON verification (entity_id, round_id);
COMMENT ON TABLE verification IS 'one cell of a sample, and what the field said; the figure itself stays as it is';
COMMENT ON COLUMN verification.sample_id IS 'of which sample';
COMMENT ON COLUMN verification.place IS '1, 2... in it';
COMMENT ON COLUMN verification.entity_id IS 'whose answer';
COMMENT ON COLUMN verification.round_id IS 'of which round';
COMMENT ON COLUMN verification.cell_id IS 'to what';
COMMENT ON COLUMN verification.revision IS 'the accepted revision that was drawn';
COMMENT ON COLUMN verification.version IS 'how often it was recorded; the log has each';
COMMENT ON COLUMN verification.result IS 'agreed, differs, not_found; null: not yet';
COMMENT ON COLUMN verification.note IS 'what was seen';
COMMENT ON COLUMN verification.seen_on IS 'the day of the visit';
COMMENT ON COLUMN verification.recorded_by IS 'who';
COMMENT ON COLUMN verification.recorded_at IS 'when';

-- The first of some codes that is no governorate of a plan in a quarter; null: all are.
CREATE FUNCTION governorate_stranger(p_plan bigint, p_quarter int, p_codes text[]) RETURNS text LANGUAGE sql STABLE AS $$
SELECT w.code FROM unnest(p_codes) WITH ORDINALITY AS w (code, at)
 WHERE NOT EXISTS (SELECT FROM dimension d JOIN category c USING (dimension_id)
                    WHERE d.plan_id = p_plan AND d.code = 'governorate' AND c.code = w.code AND c.closed_on IS NULL AND c.code NOT IN ('unknown', 'other')
                      AND p_quarter >= CASE c.valid_from WHEN '-infinity' THEN 0 ELSE quarter_of(c.valid_from) END
                      AND p_quarter <= CASE c.valid_to WHEN 'infinity' THEN 39996 ELSE quarter_of(c.valid_to) END)
 ORDER BY w.at LIMIT 1 $$;
COMMENT ON FUNCTION governorate_stranger(bigint, int, text[]) IS 'the first of some codes that is no governorate of the plan then';

-- Which events a user may read: what is confined is the Secretariat's and the entities' that organise it, are present or own a decision.
CREATE FUNCTION event_seen(p_actor bigint) RETURNS TABLE (event_id bigint, secretariat boolean) LANGUAGE sql STABLE AS $$
WITH mine AS MATERIALIZED (
    SELECT holds_role(p_actor, '{secretariat}', 0) AS secretariat, EXISTS (SELECT FROM live_grant g WHERE g.user_id = p_actor AND g.role <> 'observer') AS staff,
           ARRAY(SELECT g.entity_id FROM live_grant g WHERE g.user_id = p_actor AND g.role IN ('focal_point', 'approver')) AS houses
)
SELECT v.event_id, m.secretariat FROM event v CROSS JOIN mine m
 WHERE m.secretariat
    OR m.staff AND (NOT v.confined OR v.entity_id = ANY (m.houses) OR v.present && m.houses
                    OR EXISTS (SELECT FROM event_decision d WHERE d.event_id = v.event_id AND d.owner_id = ANY (m.houses))) $$;
COMMENT ON FUNCTION event_seen(bigint) IS 'events that a user may read, and whether he is of the Secretariat';

-- The first and last quarter of a period code: 2024Q3, 2024S2, 2024.
CREATE FUNCTION period_span(p_period text) RETURNS int4range LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN p_period ~ '^[0-9]{4}$' THEN int4range(p_period::int * 4, p_period::int * 4 + 3, '[]')
            WHEN p_period ~ '^[0-9]{4}S[12]$' THEN int4range(left(p_period, 4)::int * 4 + right(p_period, 1)::int * 2 - 2, left(p_period, 4)::int * 4 + right(p_period, 1)::int * 2 - 1, '[]')
            WHEN p_period ~ '^[0-9]{4}Q[1-4]$' THEN int4range(quarter_number(p_period), quarter_number(p_period), '[]') END $$;
COMMENT ON FUNCTION period_span(text) IS 'the quarters of a period, as numbers';

-- OE-1.3: meetings of the National Team in the period whose minutes are issued, by the government of who organised them.
CREATE FUNCTION derived_national_team_meetings(p_plan bigint, p_period text)
RETURNS TABLE (jurisdiction text, number numeric, numerator numeric, denominator numeric) LANGUAGE sql STABLE AS $$
SELECT j.code, count(v.event_id)::numeric, NULL::numeric, NULL::numeric
  FROM unnest('{federal,kurdistan,iraq}'::text[]) WITH ORDINALITY AS j (code, at)
  LEFT JOIN (event v JOIN entity e USING (entity_id)) ON v.plan_id = p_plan AND v.kind = 'national_team_meeting' AND v.minutes_on IS NOT NULL
       AND quarter_of(v.held_on) <@ period_span(p_period) AND j.code IN (e.jurisdiction, 'iraq')
 GROUP BY j.code, j.at ORDER BY j.at $$;
COMMENT ON FUNCTION derived_national_team_meetings(bigint, text) IS 'OE-1.3: National Team meetings with minutes issued, per jurisdiction';

-- OE-4.1: women-led organisations present at events of the period, each once; the union over both governments is no sum.
CREATE FUNCTION derived_women_led_organisations(p_plan bigint, p_period text)
RETURNS TABLE (jurisdiction text, number numeric, numerator numeric, denominator numeric) LANGUAGE sql STABLE AS $$
SELECT j.code, count(DISTINCT o.organisation_id)::numeric, NULL::numeric, NULL::numeric
  FROM unnest('{federal,kurdistan,iraq}'::text[]) WITH ORDINALITY AS j (code, at)
  LEFT JOIN (event v JOIN entity e USING (entity_id)) ON v.plan_id = p_plan AND v.held_on <= today() AND quarter_of(v.held_on) <@ period_span(p_period) AND j.code IN (e.jurisdiction, 'iraq')
  LEFT JOIN organisation o ON o.organisation_id = ANY (v.organisations) AND o.women_led
 GROUP BY j.code, j.at ORDER BY j.at $$;
COMMENT ON FUNCTION derived_women_led_organisations(bigint, text) IS 'OE-4.1: women-led organisations at events, distinct, per jurisdiction';

-- Accepted figures of a round: of every report its latest accepted revision, blanks left out.
CREATE FUNCTION verification_pool(p_round bigint) RETURNS TABLE (entity_id bigint, cell_id bigint, revision bigint) LANGUAGE sql STABLE AS $$
SELECT l.entity_id, c.cell, l.revision
  FROM (SELECT DISTINCT ON (c.entity_id) c.* FROM contribution c WHERE c.round_id = p_round AND c.state = 'accepted' AND c.withdrawn_at IS NULL ORDER BY c.entity_id, c.revision DESC) l
  CROSS JOIN LATERAL unnest(l.cells, l.kinds) AS c (cell, kind)
 WHERE c.kind BETWEEN 1 AND 7 $$;
COMMENT ON FUNCTION verification_pool(bigint) IS 'accepted figures of a round that a sample may hold';

-- Draws a sample: the pool in the order of sha256(seed|entity|cell), so that anybody with the same figures draws the same.
CREATE FUNCTION verification_draw(p_round bigint, p_seed text, p_size int, p_actor bigint) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    made bigint;
BEGIN
    INSERT INTO verification_sample (sample_id, round_id, seed, pool, drawn_by)
    SELECT coalesce((SELECT max(x.sample_id) FROM verification_sample x), 0) + 1, p_round, p_seed, (SELECT count(*) FROM verification_pool(p_round)), p_actor
    RETURNING sample_id INTO made;
    INSERT INTO verification (sample_id, place, entity_id, round_id, cell_id, revision)
    SELECT made, row_number() OVER (ORDER BY d.hash), d.entity_id, p_round, d.cell_id, d.revision
      FROM (SELECT v.*, sha256(convert_to(concat_ws('|', p_seed, e.code, k.code), 'UTF8')) AS hash
              FROM verification_pool(p_round) v JOIN entity e USING (entity_id) JOIN cell k USING (cell_id) ORDER BY 4 LIMIT p_size) d;
    RETURN made;
END $$;
COMMENT ON FUNCTION verification_draw(bigint, text, int, bigint) IS 'draws a sample of accepted figures by a seed; returns its number';

GRANT SELECT, INSERT, UPDATE ON event_decision, verification TO inap_app;
GRANT SELECT, INSERT ON verification_sample TO inap_app;
GRANT EXECUTE ON FUNCTION governorate_stranger(bigint, int, text[]), event_seen(bigint), period_span(text), derived_national_team_meetings(bigint, text),
    derived_women_led_organisations(bigint, text), verification_pool(bigint), verification_draw(bigint, text, int, bigint) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'event' $$;

COMMIT;
