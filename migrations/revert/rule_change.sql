-- Revert inap:rule_change from pg. What was said of rules by hand is forgotten; the log keeps it.
\set wanted `./former rule_wanted deploy/rules.sql`
\set put `./former plan_put_rules deploy/rules.sql`
\set write `./former plan_write deploy/rules.sql`
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION rule_change, plan_warnings;
ALTER FUNCTION plan_warnings_first(jsonb) RENAME TO plan_warnings;
COMMENT ON FUNCTION plan_warnings(jsonb) IS 'things of a plan file to look at';
:write
:put
DROP FUNCTION rule_body_fault, rule_wanted, rule_said, rule_versions;
:wanted
GRANT EXECUTE ON FUNCTION rule_wanted(bigint) TO inap_app;
ALTER TABLE rule DROP COLUMN by_hand, DROP COLUMN retired;
COMMENT ON COLUMN rule.version IS 'of a given rule: its version in reference_version';
DROP TABLE rule_change;
SELECT plan_put_rules(p.plan_id) FROM plan p;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'scan' $$;
COMMIT;
