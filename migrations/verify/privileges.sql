-- Verify inap:privileges on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT 1 / has_table_privilege('inap_app', 'inap.log', 'INSERT')::int;
SELECT 1 / (NOT has_table_privilege('inap_app', 'inap.log', 'UPDATE'))::int;
SELECT 1 / (NOT has_table_privilege('inap_app', 'inap.credential', 'SELECT'))::int;
ROLLBACK;
