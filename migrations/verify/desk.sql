-- Verify inap:desk on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) = 5)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace
   AND proname IN ('claim_end', 'claim_live', 'state_now', 'signature', 'report_receive');
ROLLBACK;
