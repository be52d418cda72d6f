-- Revert inap:margins from pg.
\set was `./former report_problems deploy/yearly.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'split' $$;
:was
DROP FUNCTION report_margins(bigint, bigint, text[]);
COMMIT;
