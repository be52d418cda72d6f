-- The narrative: what was written when, what is missing, and what locks a section.
BEGIN;
SET search_path = inap, public;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
SELECT plan(16);

\ir fixture.psql

CREATE FUNCTION pg_temp.e(p_entity text) RETURNS bigint LANGUAGE sql AS $$ SELECT entity_id FROM entity WHERE code = p_entity $$;
CREATE FUNCTION pg_temp.r() RETURNS bigint LANGUAGE sql AS $$ SELECT round_id FROM round $$;
CREATE FUNCTION pg_temp.fault(section text, base bigint DEFAULT 0, p_actor text DEFAULT 'a-focal') RETURNS text LANGUAGE sql AS
$$ SELECT entry_fault(pg_temp.e('FED-A'), pg_temp.r(), base, 'narrative', section, (SELECT user_id FROM app_user WHERE name = p_actor)) $$;
CREATE FUNCTION pg_temp.wrote(rev bigint, sections jsonb) RETURNS bytea LANGUAGE sql AS $$
SELECT log_append(pg_temp.e('FED-A'), (SELECT plan_id FROM plan), pg_temp.r(), rev, 'narrative', NULL, 0, NULL, no_body(),
                  jsonb_build_object('revision', rev, 'sections', sections)::text) $$;
CREATE FUNCTION pg_temp.words(rev bigint) RETURNS text LANGUAGE sql AS
$$ SELECT string_agg(section || '=' || text || '@' || revision, ' ' ORDER BY section) FROM narrative_at(pg_temp.e('FED-A'), pg_temp.r(), rev) $$;

SELECT is((SELECT string_agg(cell || ' ' || severity || ' ' || code, ', ' ORDER BY cell) FROM narrative_problems(pg_temp.e('FED-A'), pg_temp.r())),
          'narrative:obstacles BLOCK NARRATIVE_MISSING, narrative:results BLOCK NARRATIVE_MISSING', 'results and obstacles are asked of every report');
SELECT is((SELECT count(*) FROM report_problems(pg_temp.e('FED-A'), pg_temp.r()) WHERE rule = 'narrative_missing'), 2::bigint, 'they are problems of the report');
INSERT INTO narrative (entity_id, round_id, section, revision, text) SELECT pg_temp.e('FED-A'), pg_temp.r(), s, 1, t FROM unnest('{results,obstacles}'::text[], '{done,""}'::text[]) AS x (s, t);
SELECT is((SELECT string_agg(cell, ', ') FROM narrative_problems(pg_temp.e('FED-A'), pg_temp.r())), 'narrative:obstacles', 'an emptied section is missing');
SELECT is((SELECT count(*) FROM narrative_problems(pg_temp.e('FED-B'), pg_temp.r())), 2::bigint, 'another entity''s words are its own');

SELECT pg_temp.wrote(1, '[{"section":"results","text":"one"}]'), pg_temp.wrote(2, '[{"section":"results","text":"two"},{"section":"lessons","text":"three"}]'),
       pg_temp.wrote(3, '[{"section":"lessons","text":""}]') \g /dev/null
SELECT is(pg_temp.words(0), NULL, 'nothing before the first');
SELECT is(pg_temp.words(1), 'results=one@1', 'as of a revision: what was written by then');
SELECT is(pg_temp.words(2), 'lessons=three@2 results=two@2', 'the last of each section');
SELECT is(pg_temp.words(9), 'lessons=@3 results=two@2', 'one taken away is empty since');

SELECT is(pg_temp.fault('results'), NULL, 'who types for the entity may write');
SELECT is(pg_temp.fault('results', 0, 'b-focal'), 'NOT_FOUND|what=report', 'nobody else');
SELECT is(pg_temp.fault('results', 7), 'STALE_REVISION|revision=0|base=7', 'a revision that is not the report''s is stale');
UPDATE report SET state = 'in_review' WHERE entity_id = pg_temp.e('FED-A');
SELECT is(pg_temp.fault('results'), 'WRONG_STATE|state=in_review', 'in review nothing is written');
UPDATE report SET state = 'returned' WHERE entity_id = pg_temp.e('FED-A');
SELECT is(pg_temp.fault('results'), 'CELL_LOCKED|cell=narrative:results|lock=returned', 'a return unlocks nothing by itself');
INSERT INTO review_point (entity_id, round_id, point, target_kind, target, text, opened_by, opened_revision) SELECT pg_temp.e('FED-A'), pg_temp.r(), 1, 'narrative', 'results', 'which?', 0, 0;
SELECT is(pg_temp.fault('results') IS NULL AND pg_temp.fault('lessons') = 'CELL_LOCKED|cell=narrative:lessons|lock=returned', true, 'but the section that a point asks about');
UPDATE report SET state = 'draft' WHERE entity_id = pg_temp.e('FED-A');
UPDATE round SET due_at = now() - interval '2 hours', closes_at = now() - interval '1 hour';
SELECT is(pg_temp.fault('results'), 'ROUND_NOT_OPEN|why=closed', 'a closed round is a lock of its own');
SELECT is(typed(pg_temp.e('FED-A'), pg_temp.r(), 0), true, 'words count as typed');
SELECT * FROM finish();
ROLLBACK;
