-- Revert inap:carry from pg.
\set previous `./former previous_values deploy/previous.sql`
\set problems `./former report_problems deploy/margins.sql`
\set states `./former national_states deploy/due.sql`
\set yearly `./former only_yearly_left deploy/due.sql`
\set cells `./former contribution_cells deploy/total.sql`
\set totals `./former contribution_totals deploy/desk.sql`
\set recompute `./former national_recompute deploy/total.sql`
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION previous_values(bigint, bigint, int);
:previous
GRANT EXECUTE ON FUNCTION previous_values(bigint, bigint, int) TO inap_app;
:problems
:states
:yearly
:cells
:totals
:recompute
DROP FUNCTION cell_before, carried_now, not_applicable_carried;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'entries' $$;
COMMIT;
