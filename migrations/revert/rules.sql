-- Revert inap:rules from pg. Rules of plan files are forgotten; their versions stay.
BEGIN;
SET LOCAL search_path = inap;

DROP FUNCTION report_problems(bigint, bigint), report_problems(bigint, bigint, text[], int), report_rules(bigint, bigint, text[]), report_trends(bigint, bigint, text[], int),
    value_figure(smallint, numeric, numeric, text), plan_write(bigint, jsonb, bigint), plan_put_rules(bigint), rule_wanted(bigint), rule_fault(bigint, jsonb),
    rule_terms(bigint, jsonb), plan_counts(bigint, jsonb), plan_rows(jsonb), plan_nodes(jsonb), plan_keys();
ALTER FUNCTION plan_write_first(bigint, jsonb, bigint) RENAME TO plan_write;
ALTER FUNCTION plan_counts_first(bigint, jsonb) RENAME TO plan_counts;
ALTER FUNCTION plan_rows_first(jsonb) RENAME TO plan_rows;
ALTER FUNCTION plan_nodes_first(jsonb) RENAME TO plan_nodes;
ALTER FUNCTION plan_keys_first() RENAME TO plan_keys;
COMMENT ON FUNCTION plan_write(bigint, jsonb, bigint) IS 'writes what differs between a checked plan file and the database; returns the summary';
COMMENT ON FUNCTION plan_counts(bigint, jsonb) IS 'how many rows of each kind are open';
COMMENT ON FUNCTION plan_rows(jsonb) IS 'every versioned row of a plan file, by kind and code';
COMMENT ON FUNCTION plan_nodes(jsonb) IS 'every object of a plan file with its place';
COMMENT ON FUNCTION plan_keys() IS 'what must and may stand in each object of a plan file';

\set was `./former report_problems deploy/narrative.sql`
:was
GRANT EXECUTE ON FUNCTION report_problems(bigint, bigint) TO inap_app;

DELETE FROM rule;
ALTER TABLE rule DROP COLUMN kind, DROP COLUMN left_how, DROP COLUMN left_number, DROP COLUMN left_text, DROP COLUMN right_how, DROP COLUMN right_number,
    DROP COLUMN right_text, DROP COLUMN table_id, DROP COLUMN half, DROP COLUMN parameters, DROP COLUMN version, DROP COLUMN body;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'evidence' $$;

COMMIT;
