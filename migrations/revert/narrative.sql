-- Revert inap:narrative from pg.
BEGIN;
SET LOCAL search_path = inap;
\set was `./former report_problems deploy/move.sql`
:was
\set was `./former typed deploy/report.sql`
:was
DROP FUNCTION narrative_problems;
DROP FUNCTION narrative_at;
DROP FUNCTION narrative_sections;
DROP FUNCTION entry_fault;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'assignment' $$;
COMMIT;
