-- Revert inap:split from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION cell_breaks, national_wholes, category_lines;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'yearly' $$;
COMMIT;
