-- Revert inap:points from pg. Points on single cells, and cells asked for, become points on the whole report: no question is lost.
BEGIN;
SET LOCAL search_path = inap;

\set was_fault `./former move_fault deploy/move.sql`
\set was_save `./former report_save deploy/save.sql`
\set was_lock `./former round_lock deploy/report.sql`
DROP FUNCTION move_fault(bigint, bigint, bigint, text[], text, text, text, text[], bigint, text, bigint, text[]);
:was_fault
:was_save
:was_lock
GRANT EXECUTE ON FUNCTION move_fault(bigint, bigint, bigint, text[], text, text, text, text[], bigint, text, bigint) TO inap_app;
DROP FUNCTION report_lock(bigint, bigint, text, text), report_unlocked(bigint, bigint, text), cells_tied(bigint, bigint[]), point_targets(bigint, bigint, text[]), quarter_end(int);
UPDATE review_point SET target_kind = 'report', target = '' WHERE target_kind <> 'report';
UPDATE review_point SET state = 'open' WHERE state = 'asked';
ALTER TABLE review_point DROP CONSTRAINT review_point_state_check, DROP COLUMN turn, DROP COLUMN cells, ADD COLUMN cell_id bigint,
    ADD CONSTRAINT review_point_state_check CHECK (state IN ('open', 'answered', 'settled', 'withdrawn'));
COMMENT ON COLUMN review_point.cell_id IS 'of a cell';
COMMENT ON COLUMN review_point.state IS 'where it stands';
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'previous' $$;

COMMIT;
