-- Verify inap:consult on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT consultation_id, by_entity_id, answer FROM consultation WHERE false;
SELECT 1 / (count(*) / 3) FROM pg_proc WHERE proname IN ('submitted_cells', 'consulted_cells', 'report_consult') AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
