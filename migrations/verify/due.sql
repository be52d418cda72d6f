-- Verify inap:due on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT * FROM due_change WHERE false;
SELECT revoked_by, revoked_note FROM extension WHERE false;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'working_day' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'report_on_time' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'report_next_due' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'due_body' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'extension_body' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
