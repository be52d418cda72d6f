-- Revert inap:target from pg. Lights set by hand are lost; targets stay, without their baselines.
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'span' $$;
DROP FUNCTION plan_sense_fault(jsonb);
ALTER FUNCTION plan_sense_fault_derived(jsonb) RENAME TO plan_sense_fault;
COMMENT ON FUNCTION plan_sense_fault(jsonb) IS 'the first reference, duplicate or pair of a plan file that makes no sense';
DROP FUNCTION plan_keys();
ALTER FUNCTION plan_keys_derived() RENAME TO plan_keys;
COMMENT ON FUNCTION plan_keys() IS 'what must and may stand in each object of a plan file';
DROP FUNCTION light_set, target_set, target_place, national_lights, entity_figure, light_way, light_value, target_current, light_thresholds;
DROP TABLE light_override;
ALTER TABLE target DROP COLUMN baseline, DROP COLUMN ended;
COMMIT;
