-- Verify inap:scan on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'attach_fault' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
