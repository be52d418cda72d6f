-- Verify inap:recall on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT quarter FROM total WHERE false;
SELECT 1 / count(*) FROM pg_indexes WHERE schemaname = 'inap' AND indexname = 'total_weight';
ROLLBACK;
