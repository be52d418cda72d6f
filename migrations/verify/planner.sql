-- Verify inap:planner on pg.
BEGIN;
SELECT 1 / count(*) FROM pg_class WHERE oid = 'inap.round'::regclass AND 'autovacuum_analyze_threshold=0' = ANY (reloptions);
ROLLBACK;
