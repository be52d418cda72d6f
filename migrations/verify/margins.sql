-- Verify inap:margins on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'report_margins' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
