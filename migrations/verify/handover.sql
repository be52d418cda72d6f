-- Verify inap:handover on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT has_function_privilege('evidence_file_take(bigint, bigint, bytea)', 'execute'), has_function_privilege('draft_words(bigint, bigint)', 'execute');
ROLLBACK;
