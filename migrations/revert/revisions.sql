-- Revert inap:revisions from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION report_span;
DROP FUNCTION report_at;
DROP FUNCTION report_trail;
DROP FUNCTION report_changes;
\set was `./former report_changes deploy/move.sql`
:was
GRANT EXECUTE ON FUNCTION report_changes TO inap_app;
\set was `./former report_view_at deploy/move.sql`
:was
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'consult' $$;
COMMIT;
