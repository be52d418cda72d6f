-- Revert inap:entries from pg.
\set was `./former evidence_write deploy/scan.sql`
BEGIN;
SET LOCAL search_path = inap;
:was
DROP FUNCTION late_extensions, plan_sense_fault, plan_keys;
ALTER FUNCTION plan_sense_fault_first(jsonb) RENAME TO plan_sense_fault;
COMMENT ON FUNCTION plan_sense_fault(jsonb) IS 'the first reference, duplicate or pair of a plan file that makes no sense';
ALTER FUNCTION plan_keys_rules() RENAME TO plan_keys;
COMMENT ON FUNCTION plan_keys() IS 'what must and may stand in each object of a plan file';
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'rule_change' $$;
COMMIT;
