-- Revert inap:succeed from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION entity_succeed, succeed_assignments, succeed_fault, entity_handover, cells_append;
\set was `./former previous_values deploy/carry.sql`
:was
\set was `./former plan_put_entities deploy/plan_import.sql`
:was
DROP FUNCTION entity_line;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'plans' $$;
COMMIT;
