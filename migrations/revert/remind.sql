-- Revert inap:remind from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION national_states(bigint, bigint);
\set was `./former national_states deploy/carry.sql`
:was
COMMENT ON FUNCTION national_states(bigint, bigint) IS 'how every report of a round stands, for those who may know';
GRANT EXECUTE ON FUNCTION national_states(bigint, bigint) TO inap_app;
DROP FUNCTION remind_whom;
DROP TABLE notice;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'event' $$;
COMMIT;
