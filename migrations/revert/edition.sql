-- Revert inap:edition from pg. Editions are lost, and with them what they promised: export their bytes first.
\set move_fault `./former move_fault deploy/desk.sql`
\set national_sight `./former national_sight deploy/total.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'protection' $$;
:move_fault
:national_sight
DROP FUNCTION edition_content, edition_reports, edition_figures, edition_year, edition_sources, codes_sorted, edition_line, edition_holds, edition_body, edition_code, edition_wait_end,
    edition_open, edition_state;
DROP TABLE edition_sentence, edition_comment, edition_report;
DELETE FROM edition_cell;
DELETE FROM edition;
ALTER TABLE edition_cell ADD COLUMN text text, ADD COLUMN coverage jsonb NOT NULL, ADD COLUMN sources jsonb NOT NULL;
COMMENT ON TABLE edition_cell IS 'a figure of an edition with the revisions it came from';
COMMENT ON COLUMN edition_cell.text IS 'words';
COMMENT ON COLUMN edition_cell.coverage IS 'who is in it';
COMMENT ON COLUMN edition_cell.sources IS 'entity and revision of every contribution';
DROP INDEX edition_number;
ALTER TABLE edition DROP CONSTRAINT edition_hash, DROP CONSTRAINT edition_state_check,
    DROP COLUMN content, DROP COLUMN kurdistan, DROP COLUMN alone, DROP COLUMN withdrawn_by, DROP COLUMN second_by, DROP COLUMN second_at,
    ADD CONSTRAINT edition_state_check CHECK (state IN ('proposed', 'published', 'withdrawn')), ADD CONSTRAINT edition_plan_id_period_number_key UNIQUE (plan_id, period, number);
COMMIT;
