-- Revert inap:handover from pg.
\set narrative_at `./former narrative_at deploy/narrative.sql`
\set activities_at `./former activities_at deploy/activity.sql`
\set activity_members `./former activity_members deploy/activity.sql`
\set succeed_fault `./former succeed_fault deploy/succeed.sql`
\set cells_append `./former cells_append deploy/succeed.sql`
\set entity_handover `./former entity_handover deploy/succeed.sql`
\set entity_succeed `./former entity_succeed deploy/succeed.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'facts' $$;
DROP FUNCTION cells_append(bigint, bigint, bigint, text, bigint, bytea, bigint[], smallint[], numeric[], numeric[], text[], text[], date[], jsonb), entity_handover(entity, entity, bigint, bigint, bigint, bytea);
:narrative_at
:activities_at
:activity_members
:succeed_fault
:cells_append
:entity_handover
:entity_succeed
GRANT EXECUTE ON FUNCTION cells_append(bigint, bigint, bigint, text, bigint, bytea, bigint[], smallint[], numeric[], numeric[], text[], text[], date[]), entity_handover(entity, entity, bigint, bigint, bigint, bytea) TO inap_app;
DROP FUNCTION draft_words(bigint, bigint), evidence_file_take(bigint, bigint, bytea);
COMMIT;
