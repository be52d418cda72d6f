-- Verify inap:mended on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT has_function_privilege('target_set(text, text, text, text, text, text, numeric, numeric, numeric, boolean, bigint, text, bigint, bytea, bytea)', 'execute'),
       has_function_privilege('light_set(text, text, text, text, text, text, bigint, text, bigint, bytea, bytea)', 'execute');
ROLLBACK;
