-- Revert inap:plans from pg.
BEGIN;
SET LOCAL search_path = inap;
\set was `./former log_append deploy/log.sql`
:was
\set was `./former plan_import deploy/plan_import.sql`
:was
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'remind' $$;
COMMIT;
