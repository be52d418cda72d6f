-- Revert inap:confirm from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION confirmed_kinds;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'revisions' $$;
COMMIT;
