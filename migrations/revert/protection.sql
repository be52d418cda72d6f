-- Revert inap:protection from pg.
\set national_figures `./former national_figures deploy/consolidate.sql`
\set national_parts `./former national_parts deploy/consolidate.sql`
BEGIN;
SET LOCAL search_path = inap;
:national_figures
:national_parts
DROP FUNCTION protection_hides, small_figure, small_change;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'pair' $$;
COMMIT;
