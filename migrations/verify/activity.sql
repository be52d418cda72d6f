-- Verify inap:activity on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT result_id, agreed_at FROM activity WHERE false;
SELECT 1 / (count(*) = 4)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace
   AND proname IN ('activity_members', 'activities_at', 'activity_fault', 'activity_problems');
ROLLBACK;
