-- Verify inap:edition on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT content, kurdistan, alone, second_by FROM edition WHERE false;
SELECT 1 / (count(*) / 3) FROM pg_class WHERE relname IN ('edition_report', 'edition_comment', 'edition_sentence') AND relnamespace = 'inap'::regnamespace;
ROLLBACK;
