-- Verify inap:rule_change on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT change_id, file_versions FROM rule_change WHERE false;
SELECT by_hand, retired FROM rule WHERE false;
SELECT 1 / (count(*) / 4) FROM pg_proc WHERE proname IN ('rule_versions', 'rule_said', 'rule_body_fault', 'rule_change') AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
