-- Verify inap:pair on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT pair FROM review_point WHERE false;
SELECT 1 / (count(*) = 4)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace AND proname IN ('pair_sides', 'pair_figures', 'pair_points', 'pair_list');
ROLLBACK;
