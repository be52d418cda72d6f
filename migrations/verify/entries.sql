-- Verify inap:entries on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) / 3) FROM pg_proc WHERE proname IN ('late_extensions', 'plan_sense_fault_first', 'plan_keys_rules') AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
