-- Revert inap:event from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION verification_draw, verification_pool, derived_women_led_organisations, derived_national_team_meetings, period_span, event_seen, governorate_stranger;
DROP TABLE verification, verification_sample, event_decision;
ALTER TABLE event DROP CONSTRAINT event_kind_check, DROP CONSTRAINT event_ends_on_check, DROP CONSTRAINT event_minutes_check;
ALTER TABLE event DROP COLUMN title, DROP COLUMN ends_on, DROP COLUMN minutes, DROP COLUMN minutes_on, DROP COLUMN confined, DROP COLUMN indicators, DROP COLUMN activities,
    DROP COLUMN version, DROP COLUMN changed_at, ADD COLUMN decisions jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN event.kind IS 'consultation, workshop, field_visit, validation, meeting';
COMMENT ON COLUMN event.held_on IS 'when';
COMMENT ON COLUMN event.place IS 'where';
COMMENT ON COLUMN event.supporter IS 'technical, operational, financial';
COMMENT ON COLUMN event.decisions IS 'with owner and due date';
ALTER TABLE organisation DROP COLUMN place, DROP COLUMN version;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'edition' $$;
COMMIT;
