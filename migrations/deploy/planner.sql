-- Deploy inap:planner to pg: tables of a few rows are analysed too, else plans are made for a thousand.
BEGIN;
SET LOCAL search_path = inap;

-- Autovacuum leaves a table alone until 50 rows changed: `plan` and `round` would never be looked at, and national_lights took
-- ten times as long. chain_head changes with every write and is looked at as it is.
DO $$
DECLARE t regclass;
BEGIN
    FOR t IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'inap'::regnamespace AND c.relkind = 'r' AND c.relname <> 'chain_head' LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_analyze_threshold = 0)', t);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'planner' $$;

COMMIT;
