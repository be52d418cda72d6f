-- Verify inap:rules on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT kind, left_how, left_number, left_text, right_how, right_number, right_text, table_id, half, parameters, version, body FROM rule WHERE false;
SELECT 1 / (count(*) >= 7)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace
   AND proname IN ('rule_terms', 'rule_fault', 'rule_wanted', 'plan_put_rules', 'value_figure', 'report_trends', 'report_rules');
ROLLBACK;
