-- Verify inap:total on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) = 12)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace
   AND proname IN ('contribution_cells', 'adds_up', 'total_compute', 'total_sum', 'contribution_totals', 'national_recompute', 'national_round',
                   'national_sight', 'national_cells', 'national_figures', 'national_parts', 'national_states');
ROLLBACK;
