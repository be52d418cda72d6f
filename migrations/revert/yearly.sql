-- Revert inap:yearly from pg.
\set report_problems `./former report_problems deploy/rules.sql`
\set report_yearly_due `./former report_yearly_due deploy/due.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'activity' $$;
:report_problems
:report_yearly_due
DROP FUNCTION answer_weight(bigint, bigint, bigint);
COMMIT;
