-- Revert inap:desk from pg.
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'rules' $$;
\set was `./former move_fault deploy/points.sql`
:was
\set was `./former contribution_totals deploy/total.sql`
:was
\set was `./former national_states deploy/total.sql`
:was
DROP FUNCTION report_receive;
DROP FUNCTION signature;
DROP FUNCTION state_now;
DROP FUNCTION claim_live;
DROP FUNCTION claim_end;
COMMIT;
