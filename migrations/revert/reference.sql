-- Revert inap:reference from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP TABLE round;
DROP TABLE rule;
DROP TABLE target;
DROP TABLE form_cell;
DROP TABLE assignment;
DROP TABLE cell;
DROP TABLE indicator_table;
DROP TABLE indicator;
DROP TABLE category;
DROP TABLE dimension;
DROP TABLE result;
DROP TABLE reference_version;
DROP TABLE plan;
DROP TABLE entity;
COMMIT;
