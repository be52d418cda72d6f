-- Verify inap:previous on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'previous_values' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
