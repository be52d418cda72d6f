-- Deploy inap:version to pg: the name that inapd compares at start. Every later change replaces this function.
BEGIN;
SET LOCAL search_path = inap;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'version' $$;
COMMENT ON FUNCTION schema_version() IS 'the last change of migrations/sqitch.plan that is deployed; inapd starts on no other';
GRANT EXECUTE ON FUNCTION schema_version() TO inap_app, inap_auth;

COMMIT;
