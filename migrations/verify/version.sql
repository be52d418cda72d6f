-- Verify inap:version on pg. Not which version: later changes replace the function, and this must stay true.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'schema_version' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
