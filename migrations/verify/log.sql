-- Verify inap:log on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT * FROM chain_head WHERE false;
SELECT * FROM log WHERE false;
SELECT * FROM leaf WHERE false;
SELECT * FROM checkpoint WHERE false;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'chain_faults' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'log_append' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'row_hash' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'system_append' AND pronamespace = 'inap'::regnamespace;
SELECT * FROM system_log WHERE false;
SELECT 1 / (count(*) = 3)::int FROM pg_proc WHERE proname IN ('system_lock', 'no_body', 'first_admin') AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
