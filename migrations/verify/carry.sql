-- Verify inap:carry on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) / 3) FROM pg_proc WHERE proname IN ('not_applicable_carried', 'carried_now', 'cell_before') AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
