-- Verify inap:span on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) = 5)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace
   AND proname IN ('period_quarters', 'period_rule', 'national_rounds', 'national_contests', 'national_picture');
ROLLBACK;
