-- Revert inap:due from pg. What it recorded is lost; the due dates stay where they are.
\set round_body `./former round_body deploy/plan_import.sql`
\set national_states `./former national_states deploy/desk.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'desk' $$;
DROP FUNCTION national_states(bigint, bigint);
:national_states
GRANT EXECUTE ON FUNCTION national_states(bigint, bigint) TO inap_app;
:round_body
DROP FUNCTION extension_body(extension);
DROP FUNCTION due_body(bigint, bigint);
DROP FUNCTION report_next_due(report, round);
DROP FUNCTION report_on_time(report, round);
DROP FUNCTION only_yearly_left(bigint, bigint, bigint);
DROP FUNCTION is_yearly(bigint);
DROP FUNCTION report_extended(bigint, bigint);
DROP FUNCTION report_yearly_due(report, round);
DROP FUNCTION report_due(report, round);
DROP FUNCTION moment_end(text);
DROP FUNCTION due_later(timestamptz, int);
DROP FUNCTION due_moves(date, date);
DROP FUNCTION baghdad_day(timestamptz);
DROP FUNCTION working_day(date);
ALTER TABLE extension DROP COLUMN revoked_by, DROP COLUMN revoked_note;
DROP TABLE due_change;
COMMIT;
