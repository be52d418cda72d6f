-- Verify inap:plans on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*))::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace AND proname = 'log_append' AND prosrc LIKE '%suspended%';
ROLLBACK;
