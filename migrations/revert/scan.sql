-- Revert inap:scan from pg.
\set evidence_put `./former evidence_put deploy/evidence.sql`
\set evidence_write `./former evidence_write deploy/evidence.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'endorser' $$;
:evidence_put
:evidence_write
DROP FUNCTION attach_fault(bigint, bigint, bigint, boolean, text, boolean, text[], bigint);
COMMIT;
