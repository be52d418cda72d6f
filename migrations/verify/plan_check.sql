-- Verify inap:plan_check on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'is_date' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'json_list' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'json_read' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'key_fault' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'names_fault' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'plan_check' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'plan_keys' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'plan_nodes' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'plan_rows' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'plan_sense_fault' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'plan_text_fault' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'plan_two_reporters' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'plan_warnings' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'refuse' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
