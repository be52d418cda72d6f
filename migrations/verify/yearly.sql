-- Verify inap:yearly on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'answer_weight' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
