-- Verify inap:event on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT title, minutes, minutes_on, confined, version FROM event WHERE false;
SELECT owner_id, due_on, done_on FROM event_decision WHERE false;
SELECT seed, pool FROM verification_sample WHERE false;
SELECT result, version FROM verification WHERE false;
SELECT 1 / (count(*) / 4)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace
   AND proname IN ('event_seen', 'verification_draw', 'derived_national_team_meetings', 'derived_women_led_organisations');
ROLLBACK;
