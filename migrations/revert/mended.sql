-- Revert inap:mended from pg.
\set target_set `./former target_set deploy/target.sql`
\set light_set `./former light_set deploy/target.sql`
\set pair_points `./former pair_points deploy/pair.sql`
\set formula_activities_funded `./former formula_activities_funded deploy/consolidate.sql`
\set evidence_before `./former evidence_before deploy/evidence.sql`
\set evidence_write `./former evidence_write deploy/entries.sql`
\set national_picture `./former national_picture deploy/span.sql`
\set move_fault `./former move_fault deploy/edition.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'handover' $$;
DROP FUNCTION target_set(text, text, text, text, text, text, numeric, numeric, numeric, boolean, bigint, text, bigint, bytea, bytea), light_set(text, text, text, text, text, text, bigint, text, bigint, bytea, bytea);
:target_set
:light_set
GRANT EXECUTE ON FUNCTION target_set(text, text, text, text, text, text, numeric, numeric, numeric, boolean, text, bigint, bytea, bytea),
    light_set(text, text, text, text, text, text, text, bigint, bytea, bytea) TO inap_app;
:pair_points
ALTER TABLE review_point DROP COLUMN pair_figures;
:formula_activities_funded
:evidence_before
GRANT EXECUTE ON FUNCTION evidence_before(bigint, bigint) TO inap_app;
:evidence_write
DROP FUNCTION evidence_source(bigint, bigint);
:national_picture
:move_fault
COMMIT;
