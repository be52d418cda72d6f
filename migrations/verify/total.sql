-- Verify inap:total on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) = 5)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace
   AND proname IN ('contribution_cells', 'total_compute', 'total_sum', 'contribution_totals', 'national_recompute');
ROLLBACK;
