-- Verify inap:target on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT baseline, ended FROM target WHERE false;
SELECT override_id, plan_id, cell_id, entity_id, jurisdiction, quarter, light, reason, set_by, set_at FROM light_override WHERE false;
SELECT 1 / (count(*) = 4)::int FROM pg_proc WHERE pronamespace = 'inap'::regnamespace AND proname IN ('national_lights', 'target_set', 'light_set', 'target_current');
ROLLBACK;
