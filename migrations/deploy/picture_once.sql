-- Deploy inap:picture_once to pg: a national picture is computed once in a statement, whatever stands beside it.
BEGIN;
SET LOCAL search_path = inap;
-- A function with a setting is not folded into the statement that calls it. Folded in, the picture of a year was taken anew for each
-- of the 62 indicators that it is joined with: half a minute, where once is a tenth of a second.
ALTER FUNCTION national_picture(bigint, bigint, text, text, text, text, text, boolean) SET search_path = inap, pg_temp;
ALTER FUNCTION national_picture_parts(bigint, bigint, text, text, text, text, text, boolean) SET search_path = inap, pg_temp;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'picture_once' $$;
COMMIT;
