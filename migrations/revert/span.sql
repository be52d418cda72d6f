-- Revert inap:span from pg.
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'consolidate' $$;
DROP FUNCTION indicator_pillars, national_picture_parts, national_picture, report_names, national_contests, national_rounds, period_rule, percent_text, period_length, period_quarters;
COMMIT;
