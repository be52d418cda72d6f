-- Verify inap:reference on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT * FROM entity WHERE false;
SELECT * FROM plan WHERE false;
SELECT * FROM reference_version WHERE false;
SELECT * FROM result WHERE false;
SELECT * FROM dimension WHERE false;
SELECT * FROM category WHERE false;
SELECT * FROM indicator WHERE false;
SELECT * FROM indicator_table WHERE false;
SELECT * FROM cell WHERE false;
SELECT * FROM assignment WHERE false;
SELECT * FROM form_cell WHERE false;
SELECT * FROM target WHERE false;
SELECT * FROM rule WHERE false;
SELECT * FROM round WHERE false;
ROLLBACK;
