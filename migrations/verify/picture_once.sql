-- Verify inap:picture_once on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (count(*) / 2) FROM pg_proc WHERE proname IN ('national_picture', 'national_picture_parts') AND pronamespace = 'inap'::regnamespace AND proconfig IS NOT NULL;
ROLLBACK;
