-- Verify inap:endorser on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'plan_endorser_fault' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
