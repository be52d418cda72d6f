-- Verify inap:confirm on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'confirmed_kinds' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
