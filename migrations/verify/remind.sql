-- Verify inap:remind on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT day, kind FROM notice WHERE false;
SELECT 1 / (count(*) / 2)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace AND proname IN ('remind_whom', 'national_states');
ROLLBACK;
