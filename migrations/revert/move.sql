-- Revert inap:move from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION contribution_freeze;
DROP FUNCTION move_fault;
DROP FUNCTION report_problems;
DROP FUNCTION report_changes;
DROP FUNCTION report_view_at;
DROP FUNCTION report_view;
COMMIT;
