-- Revert inap:evidence from pg. The log keeps what was attached; the rows have no place in the earlier form.
BEGIN;
SET LOCAL search_path = inap;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'narrative' $$;
DROP FUNCTION evidence_write(text, bigint, text, text, bigint, boolean, bigint, text, text, text, bytea, text[], text[], text, bigint, bytea, bytea),
    evidence_put(bigint, text, text, bytea, bigint, text, bigint, bytea, bigint, text, bigint, bigint), evidence_same(bigint, bigint, bytea, text),
    upload_full(bigint, bytea, bigint), evidence_full(bigint, bigint, bigint), evidence_bound(bigint, bigint, text[], text[]),
    evidence_fault(bigint, bigint, bigint, boolean, bigint), evidence_before(bigint, bigint), evidence_fields(jsonb), evidence_body(evidence), evidence_protected(bigint[]),
    evidence_at(bigint, bigint, bigint);
DELETE FROM evidence;
DELETE FROM evidence_chunk;
DROP INDEX evidence_report;
ALTER TABLE evidence DROP CONSTRAINT evidence_kind, DROP CONSTRAINT evidence_something, DROP COLUMN number, DROP COLUMN revision, DROP COLUMN detached,
    DROP COLUMN type, DROP COLUMN from_round_id, DROP COLUMN note, ADD COLUMN complete boolean NOT NULL DEFAULT false;
CREATE INDEX evidence_report ON evidence (entity_id, round_id);
COMMENT ON TABLE evidence IS 'a file, or a reference to one, that supports a report';
COMMENT ON COLUMN evidence.evidence_id IS 'its number here';
COMMENT ON COLUMN evidence.kind IS 'minutes, order, list, reference...';
COMMENT ON COLUMN evidence.complete IS 'every chunk is there and the hash is right';
GRANT UPDATE (complete) ON evidence TO inap_app;
ALTER TABLE evidence_chunk ALTER COLUMN data SET STORAGE EXTENDED;
ALTER TABLE evidence_chunk RENAME COLUMN file_id TO evidence_id;
COMMENT ON COLUMN evidence_chunk.evidence_id IS 'of which file';
DROP TABLE evidence_file;

COMMIT;
