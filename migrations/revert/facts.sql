-- Revert inap:facts from pg.
\set indicator_formula `./former indicator_formula deploy/consolidate.sql`
\set formula_figure `./former formula_figure deploy/consolidate.sql`
\set national_figures `./former national_figures deploy/protection.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'recall' $$;
ALTER TABLE formula ADD COLUMN needs text NOT NULL DEFAULT '';
COMMENT ON COLUMN formula.needs IS 'what the system does not keep yet; empty: it is computed';
UPDATE formula SET needs = CASE formula WHEN 'meetings' THEN 'events' ELSE 'editions' END WHERE formula IN ('meetings', 'annual_report');
DROP FUNCTION formula_figure(text, round, text, text, text), formula_meetings(round, text, text), formula_annual_report(round, text);
:indicator_formula
:formula_figure
GRANT EXECUTE ON FUNCTION formula_figure(text, round, text, text) TO inap_app;
:national_figures
COMMIT;
