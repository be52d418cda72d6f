-- Verify inap:comments on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / (obj_description('inap.log'::regclass) IS NOT NULL)::int;
ROLLBACK;
