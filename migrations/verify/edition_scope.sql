-- Verify inap:edition_scope on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT sources FROM edition WHERE false;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'edition_maker' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
