-- Revert inap:plan_check from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION plan_check;
DROP FUNCTION plan_warnings;
DROP FUNCTION plan_two_reporters;
DROP FUNCTION plan_sense_fault;
DROP FUNCTION plan_rows;
DROP FUNCTION plan_text_fault;
DROP FUNCTION key_fault;
DROP FUNCTION names_fault;
DROP FUNCTION plan_keys;
DROP FUNCTION plan_nodes;
DROP FUNCTION json_list;
DROP FUNCTION is_date;
DROP FUNCTION json_read;
DROP FUNCTION refuse;
COMMIT;
