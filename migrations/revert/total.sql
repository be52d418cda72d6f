-- Revert inap:total from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION national_states;
DROP FUNCTION national_parts;
DROP FUNCTION national_figures;
DROP FUNCTION national_cells;
DROP FUNCTION national_sight;
DROP FUNCTION national_round;
DROP FUNCTION national_recompute;
DROP FUNCTION contribution_totals;
DROP FUNCTION total_sum;
DROP FUNCTION total_compute;
DROP FUNCTION adds_up;
DROP FUNCTION contribution_cells;
COMMIT;
