-- Verify inap:narrative on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) = 4)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace AND proname IN ('entry_fault', 'narrative_sections', 'narrative_at',
    'narrative_problems');
ROLLBACK;
