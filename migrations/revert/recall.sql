-- Revert inap:recall from pg.
\set total_sum `./former total_sum deploy/total.sql`
\set national_figures `./former national_figures deploy/protection.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'edition_scope' $$;
:total_sum
:national_figures
DROP INDEX total_weight;
ALTER TABLE total DROP COLUMN quarter;
COMMIT;
