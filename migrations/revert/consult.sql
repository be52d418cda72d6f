-- Revert inap:consult from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION report_consult, consulted_cells, submitted_cells;
DROP TABLE consultation;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'due' $$;
COMMIT;
