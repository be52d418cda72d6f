-- Revert inap:picture_once from pg.
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'edition_scope' $$;
ALTER FUNCTION national_picture_parts(bigint, bigint, text, text, text, text, text, boolean) RESET search_path;
ALTER FUNCTION national_picture(bigint, bigint, text, text, text, text, text, boolean) RESET search_path;
COMMIT;
