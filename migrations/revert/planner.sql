-- Revert inap:planner from pg.
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'mended' $$;
DO $$
DECLARE t regclass;
BEGIN
    FOR t IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'inap'::regnamespace AND c.relkind = 'r' AND c.relname <> 'chain_head' LOOP
        EXECUTE format('ALTER TABLE %s RESET (autovacuum_analyze_threshold)', t);
    END LOOP;
END $$;
COMMIT;
