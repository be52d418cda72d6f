-- Revert inap:previous from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION previous_values;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'version' $$;
COMMIT;
