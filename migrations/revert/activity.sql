-- Revert inap:activity from pg.
BEGIN;
SET LOCAL search_path = inap;
\set was `./former narrative_problems deploy/narrative.sql`
:was
\set was `./former typed deploy/narrative.sql`
:was
DROP FUNCTION activity_problems;
DROP FUNCTION activity_fault;
DROP FUNCTION activities_at;
DROP FUNCTION activity_members;
DROP TABLE activity;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'confirm' $$;
COMMIT;
