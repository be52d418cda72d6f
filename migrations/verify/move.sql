-- Verify inap:move on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) = 6)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace
   AND proname IN ('report_view', 'report_view_at', 'report_changes', 'report_problems', 'move_fault', 'contribution_freeze');
ROLLBACK;
