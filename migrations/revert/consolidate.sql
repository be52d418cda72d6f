-- Revert inap:consolidate from pg. Cells of registers stay asked until the next import; their values stay.
\set value_fault `./former value_fault deploy/save.sql`
\set plan_form `./former plan_form deploy/assignment.sql`
\set adds_up `./former adds_up deploy/total.sql`
\set contribution_cells `./former contribution_cells deploy/carry.sql`
\set total_compute `./former total_compute deploy/total.sql`
\set national_recompute `./former national_recompute deploy/carry.sql`
\set national_cells `./former national_cells deploy/total.sql`
\set contribution_freeze `./former contribution_freeze deploy/move.sql`
\set contribution_totals `./former contribution_totals deploy/carry.sql`
\set national_figures `./former national_figures deploy/total.sql`
\set national_parts `./former national_parts deploy/total.sql`
\set national_wholes `./former national_wholes deploy/split.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'carry' $$;
DROP FUNCTION plan_sense_fault(jsonb);
ALTER FUNCTION plan_sense_fault_entries(jsonb) RENAME TO plan_sense_fault;
COMMENT ON FUNCTION plan_sense_fault(jsonb) IS 'the first reference, duplicate or pair of a plan file that makes no sense';
DROP FUNCTION plan_keys();
ALTER FUNCTION plan_keys_ruled() RENAME TO plan_keys;
COMMENT ON FUNCTION plan_keys() IS 'what must and may stand in each object of a plan file';
:value_fault
:plan_form
:adds_up
:contribution_cells
:total_compute
:national_recompute
:national_cells
:contribution_freeze
:contribution_totals
:national_figures
DROP FUNCTION national_parts(bigint, bigint, text, text, text, boolean);
:national_parts
GRANT EXECUTE ON FUNCTION national_parts(bigint, bigint, text, text, text, boolean) TO inap_app;
:national_wholes
ALTER TABLE contribution DROP COLUMN reported, DROP COLUMN disaggregated;
DROP FUNCTION contribution_tables(bigint, bigint, bigint[], smallint[]), indicator_formula(indicator), formula_figure(text, round, text, text),
    formula_activities_funded(round, text, text), formula_full_tables(round, text, text), formula_reports_on_time(round, text), formula_focal_points(round, text),
    formula_sectoral_plans(round, text), contribution_heads(bigint, text, text), quarter_day(int), plan_entities(bigint, int, text), register_count(text), register_names(text[]);
DROP TABLE formula;
COMMIT;
