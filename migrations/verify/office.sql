-- Verify inap:office on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) = 2)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace AND proname IN ('user_import', 'user_import_row');
ROLLBACK;
