-- Verify inap:revisions on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) = 3)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace AND proname IN ('report_at', 'report_span', 'report_trail');
ROLLBACK;
