-- Revert inap:version from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION schema_version;
COMMIT;
