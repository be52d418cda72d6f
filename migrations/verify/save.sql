-- Verify inap:save on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'cells_at' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'report_save' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'value_differences' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'value_fault' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'value_rebuild' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
