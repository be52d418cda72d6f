-- Verify inap:protection on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) / 3) FROM pg_proc WHERE proname IN ('protection_hides', 'small_figure', 'small_change') AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
