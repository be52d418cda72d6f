-- Verify inap:points on pg.
BEGIN;
SELECT turn, cells FROM inap.review_point WHERE false;
SELECT has_function_privilege('inap.point_targets(bigint, bigint, text[])', 'execute'), has_function_privilege('inap.cells_tied(bigint, bigint[])', 'execute'),
       has_function_privilege('inap.report_unlocked(bigint, bigint, text)', 'execute'), has_function_privilege('inap.report_lock(bigint, bigint, text, text)', 'execute');
ROLLBACK;
