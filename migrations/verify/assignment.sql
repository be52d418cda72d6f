-- Verify inap:assignment on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT change_id, file_versions FROM assignment_change WHERE false;
SELECT by_hand FROM assignment_span WHERE false;
SELECT 1 / (count(*) / 2) FROM pg_proc WHERE proname IN ('assignment_change', 'plan_write_form') AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
