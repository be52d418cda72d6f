-- Verify inap:evidence on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT number, revision, detached, type, from_round_id, note FROM evidence WHERE false;
SELECT file_id, place, data FROM evidence_chunk WHERE false;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'evidence_write' AND pronamespace = 'inap'::regnamespace;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'evidence_put' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
