-- Revert inap:save from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION value_rebuild;
DROP FUNCTION value_fault;
DROP FUNCTION value_differences;
DROP FUNCTION report_save;
DROP FUNCTION cells_at;
COMMIT;
