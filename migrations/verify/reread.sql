-- Verify inap:reread on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'plan_sense_fault_alone' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
