-- Revert inap:assignment from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION assignment_settle, assignment_change, assignment_fault, assignment_covers, assignment_relatives;
DROP FUNCTION plan_warnings;
ALTER FUNCTION plan_file_warnings(jsonb) RENAME TO plan_warnings;
DROP FUNCTION plan_put_form;
ALTER FUNCTION plan_write_form(bigint) RENAME TO plan_put_form;
DROP FUNCTION assignment_two_reporters;
\set was `./former plan_form deploy/plan_import.sql`
:was
DROP VIEW assignment_span;
DROP FUNCTION assignment_versions;
DROP TABLE assignment_change;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'office' $$;
COMMIT;
