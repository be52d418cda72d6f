-- Verify inap:consolidate on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT formula, unit, needs FROM formula WHERE false;
SELECT reported, disaggregated FROM contribution WHERE false;
SELECT 1 / (count(*) = 5)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace
   AND proname IN ('register_names', 'register_count', 'contribution_heads', 'formula_figure', 'indicator_formula');
ROLLBACK;
