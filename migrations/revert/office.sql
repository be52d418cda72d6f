-- Revert inap:office from pg.
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'points' $$;
DROP FUNCTION user_import;
DROP FUNCTION user_import_row;
COMMIT;
