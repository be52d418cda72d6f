-- Revert inap:recall from pg.
\set total_sum `./former total_sum deploy/total.sql`
\set national_figures `./former national_figures deploy/facts.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'facts' $$;
:total_sum
:national_figures
DROP INDEX total_weight;
ALTER TABLE total DROP COLUMN quarter;
COMMIT;
