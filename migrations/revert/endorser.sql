-- Revert inap:endorser from pg.
\set was `./former plan_check deploy/plan_check.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'margins' $$;
:was
DROP FUNCTION plan_endorser_fault(jsonb);
COMMIT;
