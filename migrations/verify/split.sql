-- Verify inap:split on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) / 3) FROM pg_proc WHERE proname IN ('category_lines', 'national_wholes', 'cell_breaks') AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
