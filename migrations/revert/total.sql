-- Revert inap:total from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION national_recompute;
DROP FUNCTION contribution_totals;
DROP FUNCTION total_sum;
DROP FUNCTION total_compute;
DROP FUNCTION contribution_cells;
COMMIT;
