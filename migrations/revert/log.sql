-- Revert inap:log from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION first_admin;
DROP FUNCTION system_lock;
DROP FUNCTION no_body;
DROP VIEW system_log;
DROP FUNCTION system_append;
DROP FUNCTION log_append;
DROP FUNCTION chain_faults;
DROP TABLE checkpoint;
DROP TABLE leaf;
DROP FUNCTION row_hash(log);
DROP TABLE log;
DROP TABLE chain_head;
COMMIT;
