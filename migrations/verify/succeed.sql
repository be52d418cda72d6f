-- Verify inap:succeed on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) / 3)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace AND proname IN ('entity_succeed', 'entity_line', 'entity_handover');
ROLLBACK;
