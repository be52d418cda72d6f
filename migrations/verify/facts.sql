-- Verify inap:facts on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) / 2)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace AND proname IN ('formula_meetings', 'formula_annual_report');
ROLLBACK;
