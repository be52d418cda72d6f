-- The set-based save: seven requests, seven outcomes, in one call, whatever plans the database chooses.
BEGIN;
SET search_path = inap, public;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
SELECT plan(44);

\ir fixture.psql

CREATE FUNCTION pg_temp.k(n int) RETURNS bytea LANGUAGE sql AS $$ SELECT decode(lpad(to_hex(n), 32, '0'), 'hex') $$;
CREATE FUNCTION pg_temp.h(n int) RETURNS bytea LANGUAGE sql AS $$ SELECT sha256(int4send(n)) $$;
-- One request: saves one number into one cell.
CREATE FUNCTION pg_temp.save(key int, body int, p_actor text, p_entity text, base bigint, p_cell text, number numeric, merge boolean DEFAULT false)
RETURNS SETOF record LANGUAGE sql AS $$
SELECT outcome, revision, state FROM report_save(ARRAY[pg_temp.k(key)], ARRAY[(SELECT user_id FROM app_user WHERE name = p_actor)],
    ARRAY[(SELECT entity_id FROM entity WHERE code = p_entity)], ARRAY[''], ARRAY['2024Q3'], ARRAY[base], ARRAY[pg_temp.h(body)], ARRAY['set'], ARRAY[NULL::text],
    ARRAY[false], ARRAY[merge], ARRAY[1], ARRAY[1], ARRAY[p_cell], ARRAY[1::smallint], ARRAY[number], ARRAY[NULL::numeric], ARRAY[NULL::text], ARRAY[NULL::text], ARRAY[NULL::date]) $$;

-- Entities A..G, one request each: ok, replayed, stale, forbidden, invalid, key_reused, wrong_state; and A again.
CREATE FUNCTION pg_temp.seven() RETURNS TABLE (ord int, outcome text, revision bigint, bad text[], why text[]) LANGUAGE sql AS $$
SELECT s.ord, s.outcome, s.revision, s.bad_cells, s.bad_whys FROM report_save(
    ARRAY[pg_temp.k(101), pg_temp.k(2), pg_temp.k(103), pg_temp.k(104), pg_temp.k(105), pg_temp.k(6), pg_temp.k(107), pg_temp.k(108)],
    (SELECT array_agg(user_id ORDER BY i) FROM unnest(ARRAY['a-focal','b-focal','c-focal','a-focal','e-focal','f-focal','g-focal','a-focal']) WITH ORDINALITY x (n, i) JOIN app_user ON name = n),
    (SELECT array_agg(entity_id ORDER BY i) FROM unnest(ARRAY['FED-A','FED-B','FED-C','FED-D','FED-E','FED-F','FED-G','FED-A']) WITH ORDINALITY x (c, i) JOIN entity ON code = c),
    array_fill(''::text, ARRAY[8]), array_fill('2024Q3'::text, ARRAY[8]), ARRAY[0,0,0,0,0,0,0,0]::bigint[],
    ARRAY[pg_temp.h(101), pg_temp.h(2), pg_temp.h(103), pg_temp.h(104), pg_temp.h(105), pg_temp.h(999), pg_temp.h(107), pg_temp.h(108)],
    array_fill('import'::text, ARRAY[8]), array_fill(NULL::text, ARRAY[8]), array_fill(false, ARRAY[8]), array_fill(false, ARRAY[8]),
    ARRAY[1,3,4,5,6,10,11,12], ARRAY[2,3,4,5,9,10,11,12],
    ARRAY['XA-1.1','XA-1.1:sex=F', 'XA-1.1', 'XA-1.1', 'XA-1.1', 'XA-1.1','XA-1.1:sex=F','XA-1.1:sex=M','XA-9.9', 'XA-1.1', 'XA-1.1', 'XA-1.1'],
    ARRAY[1,1,1,1,1,1,5,1,1,1,1,1]::smallint[], ARRAY[7,3,2,1,1,-1,1,1.5,1,1,1,1]::numeric[],
    ARRAY[NULL,NULL,NULL,NULL,NULL,NULL,2,NULL,NULL,NULL,NULL,NULL]::numeric[], array_fill(NULL::text, ARRAY[12]), array_fill(NULL::text, ARRAY[12]), array_fill(NULL::date, ARRAY[12])) s $$;

-- what makes replayed, stale, key_reused and wrong_state
SELECT * FROM pg_temp.save(2, 2, 'b-focal', 'FED-B', 0, 'XA-1.1', 2) AS t (o text, r bigint, s text);
SELECT * FROM pg_temp.save(3, 3, 'c-focal', 'FED-C', 0, 'XA-1.1', 3) AS t (o text, r bigint, s text);
SELECT * FROM pg_temp.save(6, 6, 'f-focal', 'FED-F', 0, 'XA-1.1', 6) AS t (o text, r bigint, s text);
UPDATE report SET state = 'endorsed' WHERE entity_id = (SELECT entity_id FROM entity WHERE code = 'FED-G');

CREATE FUNCTION pg_temp.check_seven(setting text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE got record;
BEGIN
    BEGIN
        SELECT array_agg(outcome ORDER BY ord) AS outcomes, array_agg(ord) AS ords, max(bad::text) AS bad, max(why::text) AS why INTO got FROM pg_temp.seven();
        RETURN NEXT is(got.outcomes, '{ok,replayed,stale,forbidden,invalid,key_reused,wrong_state,again}', setting || ': eight verdicts, each for its own request');
        RETURN NEXT is(got.ords, '{1,2,3,4,5,6,7,8}', setting || ': in request order');
        RETURN NEXT is(got.bad, '{XA-1.1,XA-1.1:sex=F,XA-1.1:sex=M,XA-9.9}', setting || ': every bad cell is named');
        RETURN NEXT is(got.why, '{NUMBER_NEGATIVE,CELL_KIND,NUMBER_FRACTION,CELL_UNKNOWN}', setting || ': with its reason');
        RETURN NEXT is((SELECT array_agg(e.code || '=' || v.number ORDER BY e.code, v.cell_id) FROM value v JOIN entity e USING (entity_id)),
            '{FED-A=7,FED-A=3,FED-B=2,FED-C=3,FED-F=6}'::text[], setting || ': only what was judged ok is written');
        RETURN NEXT is((SELECT count(*) FROM log WHERE entity_id <> 0), 4::bigint, setting || ': and logged');
        RAISE EXCEPTION 'undo' USING ERRCODE = 'XX999';
    EXCEPTION WHEN SQLSTATE 'XX999' THEN NULL;
    END;
END $$;

SELECT pg_temp.check_seven('default');
SET LOCAL plan_cache_mode = force_generic_plan;
SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_bitmapscan = off;
SELECT pg_temp.check_seven('nested loops only');
RESET enable_hashjoin; SET LOCAL enable_nestloop = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_seqscan = on;
SELECT pg_temp.check_seven('hash joins only');
RESET ALL;
SET search_path = inap, public;
SET LOCAL enable_hashjoin = off; SET LOCAL enable_nestloop = off; SET LOCAL plan_cache_mode = force_custom_plan;
SELECT pg_temp.check_seven('merge joins only');
RESET ALL;
SET search_path = inap, public;

-- stale, merge
SELECT results_eq($$ SELECT * FROM pg_temp.save(20, 20, 'c-focal', 'FED-C', 1, 'XA-1.1:sex=F', 1) AS t (o text, r bigint, s text) $$, $$ VALUES ('ok', 2::bigint, 'draft') $$, 'the base of the report is taken');
SELECT results_eq($$ SELECT * FROM pg_temp.save(21, 21, 'c-focal', 'FED-C', 1, 'XA-1.1', 4) AS t (o text, r bigint, s text) $$, $$ VALUES ('stale', 2::bigint, 'draft') $$, 'an older base is stale');
SELECT results_eq($$ SELECT * FROM pg_temp.save(21, 21, 'c-focal', 'FED-C', 1, 'XA-1.1', 4, true) AS t (o text, r bigint, s text) $$, $$ VALUES ('ok', 3::bigint, 'draft') $$, 'merge: another cell changed since, this one is taken');
SELECT results_eq($$ SELECT * FROM pg_temp.save(22, 22, 'c-focal', 'FED-C', 1, 'XA-1.1:sex=F', 5, true) AS t (o text, r bigint, s text) $$, $$ VALUES ('stale', 3::bigint, 'draft') $$, 'merge: the same cell changed since, it is refused');
SELECT results_eq($$ SELECT * FROM pg_temp.save(23, 23, 'c-focal', 'FED-C', 9, 'XA-1.1', 5, true) AS t (o text, r bigint, s text) $$, $$ VALUES ('stale', 3::bigint, 'draft') $$, 'a base from the future is stale, merge or not');

-- exact decimals
SELECT results_eq($$ SELECT * FROM pg_temp.save(30, 30, 'a-focal', 'FED-A', 0, 'XA-1.2', 123456789012345678.90100) AS t (o text, r bigint, s text) $$, $$ VALUES ('ok', 1::bigint, 'draft') $$, 'a long decimal is taken');
SELECT is((SELECT number::text FROM value JOIN cell USING (cell_id) WHERE code = 'XA-1.2'), '123456789012345678.90100', 'and comes back as it went in, trailing zeros too');

-- the log: chain and projection
SELECT is((SELECT count(*) FROM entity e, chain_faults(e.entity_id)), 0::bigint, 'every chain verifies');
SELECT is((SELECT count(*) FROM report r, value_differences(r.entity_id, r.round_id)), 0::bigint, 'values are the projection of the log');
UPDATE log SET note = 'forged' WHERE entity_id = (SELECT entity_id FROM entity WHERE code = 'FED-C') AND seq = 2;
SELECT results_eq($$ SELECT seq, fault FROM chain_faults((SELECT entity_id FROM entity WHERE code = 'FED-C')) $$, $$ VALUES (2::bigint, 'its content does not match its hash') $$, 'a forged note is found');
UPDATE log SET note = NULL WHERE entity_id = (SELECT entity_id FROM entity WHERE code = 'FED-C') AND seq = 2;
UPDATE value SET number = 99 WHERE entity_id = (SELECT entity_id FROM entity WHERE code = 'FED-C') AND number = 4;
SELECT is((SELECT count(*) FROM report r, value_differences(r.entity_id, r.round_id)), 1::bigint, 'a changed value is found');
SELECT is((SELECT value_rebuild(r.entity_id, r.round_id) FROM report r JOIN entity e USING (entity_id) WHERE e.code = 'FED-C'), 1::bigint, 'and mended from the log');
SELECT is((SELECT count(*) FROM report r, value_differences(r.entity_id, r.round_id)), 0::bigint, 'as it was');
DELETE FROM log WHERE entity_id = (SELECT entity_id FROM entity WHERE code = 'FED-C') AND seq = 2;
SELECT isnt_empty($$ SELECT * FROM chain_faults((SELECT entity_id FROM entity WHERE code = 'FED-C')) $$, 'a deleted entry is found');
DELETE FROM log WHERE entity_id = (SELECT entity_id FROM entity WHERE code = 'FED-C') AND seq = 3;
SELECT isnt_empty($$ SELECT * FROM chain_faults((SELECT entity_id FROM entity WHERE code = 'FED-C')) $$, 'a cut tail is found against the head');

-- unchanged cells are not logged again
SELECT results_eq($$ SELECT * FROM pg_temp.save(40, 40, 'a-focal', 'FED-A', 1, 'XA-1.2', 123456789012345678.90100) AS t (o text, r bigint, s text) $$, $$ VALUES ('ok', 2::bigint, 'draft') $$, 'the same again is a revision');
SELECT is((SELECT cells FROM log WHERE revision = 2 AND entity_id = (SELECT entity_id FROM entity WHERE code = 'FED-A')), '{}'::bigint[], 'that wrote no cell');
SELECT is((SELECT outcome::jsonb ->> 'unchanged' FROM log WHERE revision = 2 AND entity_id = (SELECT entity_id FROM entity WHERE code = 'FED-A')), '1', 'and says so');

-- a round that is shut
UPDATE round SET closes_at = now() - interval '1 minute', due_at = opens_at + interval '1 second';
SELECT results_eq($$ SELECT * FROM pg_temp.save(50, 50, 'a-focal', 'FED-A', 2, 'XA-1.2', 1) AS t (o text, r bigint, s text) $$, $$ VALUES ('round_lock', 2::bigint, 'draft') $$, 'a closed round takes nothing');
INSERT INTO extension (entity_id, round_id, until, reason, given_by) SELECT entity_id, round_id, now() + interval '1 day', 'flood', 0 FROM report r JOIN entity e USING (entity_id) WHERE e.code = 'FED-A';
SELECT results_eq($$ SELECT * FROM pg_temp.save(51, 51, 'a-focal', 'FED-A', 2, 'XA-1.2', 1) AS t (o text, r bigint, s text) $$, $$ VALUES ('ok', 3::bigint, 'draft') $$, 'but from who holds an extension');

SELECT * FROM finish();
ROLLBACK;
