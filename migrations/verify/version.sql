-- Verify inap:version on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'schema_version' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / (schema_version() = 'version')::int;
ROLLBACK;
