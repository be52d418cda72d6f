-- Revert inap:recall from pg.
\set total_sum `./former total_sum deploy/total.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'reread' $$;
:total_sum
DROP INDEX total_weight;
ALTER TABLE total DROP COLUMN quarter;
COMMIT;
