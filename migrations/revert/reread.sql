-- Revert inap:reread from pg.
\set contribution_totals `./former contribution_totals deploy/pair.sql`
\set edition_year `./former edition_year deploy/edition_scope.sql`
\set entity_line `./former entity_line deploy/succeed.sql`
\set report_view_at `./former report_view_at deploy/revisions.sql`
\set entity_figure `./former entity_figure deploy/target.sql`
\set national_lights `./former national_lights deploy/target.sql`
\set register_names `./former register_names deploy/consolidate.sql`
\set national_recompute `./former national_recompute deploy/consolidate.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'edition_scope' $$;
:contribution_totals
:register_names
:national_recompute
DROP FUNCTION entity_figure(bigint, bigint, int, int, text, bigint, text);
:entity_figure
GRANT EXECUTE ON FUNCTION entity_figure(bigint, bigint, int, int, text, bigint, text) TO inap_app;
:national_lights
:edition_year
:entity_line
:report_view_at
DROP FUNCTION plan_sense_fault(jsonb);
ALTER FUNCTION plan_sense_fault_alone(jsonb) RENAME TO plan_sense_fault;
COMMENT ON FUNCTION plan_sense_fault(jsonb) IS 'the first reference, duplicate or pair of a plan file that makes no sense';
COMMIT;
