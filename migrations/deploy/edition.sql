-- Deploy inap:edition to pg: editions: what was published, byte for byte, and how it is made, confirmed, restated and withdrawn.
BEGIN;
SET LOCAL search_path = inap;

-- ---- what is kept; none was made before this change

ALTER TABLE edition DROP CONSTRAINT edition_state_check, DROP CONSTRAINT edition_plan_id_period_number_key,
    ADD CONSTRAINT edition_state_check CHECK (state IN ('proposed', 'dropped', 'published', 'withdrawn')),
    ADD COLUMN content bytea NOT NULL, -- its canonical bytes
    ADD COLUMN kurdistan boolean NOT NULL, -- it holds figures of the Kurdistan Region
    ADD COLUMN alone boolean NOT NULL DEFAULT false, -- it went out without the Kurdistan Region's coordinator
    ADD COLUMN withdrawn_by bigint, -- who took it back
    ADD COLUMN second_by bigint, -- the second person, for good
    ADD COLUMN second_at timestamptz, -- when
    ADD CONSTRAINT edition_hash CHECK (sha256 = sha256(content));
CREATE UNIQUE INDEX edition_number ON edition (plan_id, period, number) WHERE state <> 'dropped';
COMMENT ON COLUMN edition.content IS 'its canonical bytes';
COMMENT ON COLUMN edition.kurdistan IS 'it holds figures of the Kurdistan Region';
COMMENT ON COLUMN edition.alone IS 'it went out without the Kurdistan Region''s coordinator';
COMMENT ON COLUMN edition.withdrawn_by IS 'who took it back';
COMMENT ON COLUMN edition.second_by IS 'the second person, for good';
COMMENT ON COLUMN edition.second_at IS 'when';
ALTER TABLE edition_cell DROP COLUMN text, DROP COLUMN coverage, DROP COLUMN sources;
COMMENT ON TABLE edition_cell IS 'a figure of an edition, for the protection of later ones; its bytes say more';
REVOKE UPDATE ON edition FROM inap_app;
GRANT UPDATE (state, confirmed_by, confirmed_at, instrument, alone, withdrawn_at, withdrawn_by, withdrawn_note, second_by, second_at) ON edition TO inap_app;

CREATE TABLE edition_report ( -- a report that an edition holds, at its accepted revision; insert-only
    edition_id bigint NOT NULL REFERENCES edition, -- which edition
    entity_id bigint NOT NULL, -- whose report
    round_id bigint NOT NULL, -- of which round
    revision bigint NOT NULL, -- which revision
    PRIMARY KEY (entity_id, round_id, edition_id)
);
COMMENT ON TABLE edition_report IS 'a report that an edition holds, at its accepted revision; insert-only';
COMMENT ON COLUMN edition_report.edition_id IS 'which edition';
COMMENT ON COLUMN edition_report.entity_id IS 'whose report';
COMMENT ON COLUMN edition_report.round_id IS 'of which round';
COMMENT ON COLUMN edition_report.revision IS 'which revision';

CREATE TABLE edition_comment ( -- a remark on a proposed edition; insert-only
    edition_id bigint NOT NULL REFERENCES edition, -- on which edition
    comment int NOT NULL, -- 1, 2...
    text words NOT NULL CHECK (text <> ''), -- the remark
    made_by bigint NOT NULL, -- who
    made_at timestamptz NOT NULL DEFAULT now(), -- when
    PRIMARY KEY (edition_id, comment)
);
COMMENT ON TABLE edition_comment IS 'a remark on a proposed edition; insert-only';
COMMENT ON COLUMN edition_comment.edition_id IS 'on which edition';
COMMENT ON COLUMN edition_comment.comment IS '1, 2...';
COMMENT ON COLUMN edition_comment.text IS 'the remark';
COMMENT ON COLUMN edition_comment.made_by IS 'who';
COMMENT ON COLUMN edition_comment.made_at IS 'when';

CREATE TABLE edition_sentence ( -- a sentence of a narrative selected for editions: somebody vouches that it names and places nobody
    plan_id bigint NOT NULL REFERENCES plan, -- of which plan
    sentence int NOT NULL, -- 1, 2... of the plan
    entity_id bigint NOT NULL, -- of whose report
    round_id bigint NOT NULL, -- of which round
    section text NOT NULL, -- of which section
    text words NOT NULL, -- the sentence, as it stands there
    vouched_by bigint NOT NULL, -- who vouches
    vouched_at timestamptz NOT NULL DEFAULT now(), -- since when
    removed_by bigint, -- who took it off again
    removed_at timestamptz, -- when
    PRIMARY KEY (plan_id, sentence)
);
CREATE INDEX edition_sentence_round ON edition_sentence (round_id);
COMMENT ON TABLE edition_sentence IS 'a sentence of a narrative selected for editions: somebody vouches that it names and places nobody';
COMMENT ON COLUMN edition_sentence.plan_id IS 'of which plan';
COMMENT ON COLUMN edition_sentence.sentence IS '1, 2... of the plan';
COMMENT ON COLUMN edition_sentence.entity_id IS 'of whose report';
COMMENT ON COLUMN edition_sentence.round_id IS 'of which round';
COMMENT ON COLUMN edition_sentence.section IS 'of which section';
COMMENT ON COLUMN edition_sentence.text IS 'the sentence, as it stands there';
COMMENT ON COLUMN edition_sentence.vouched_by IS 'who vouches';
COMMENT ON COLUMN edition_sentence.vouched_at IS 'since when';
COMMENT ON COLUMN edition_sentence.removed_by IS 'who took it off again';
COMMENT ON COLUMN edition_sentence.removed_at IS 'when';
GRANT SELECT, INSERT ON edition_report, edition_comment, edition_sentence TO inap_app;
GRANT UPDATE (removed_by, removed_at) ON edition_sentence TO inap_app;

-- ---- where an edition stands

-- One person withdraws at once; without a second one within 24 hours it stands again. Nothing runs then: it is judged where read.
CREATE FUNCTION edition_state(e edition) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN e.state = 'withdrawn' AND e.second_by IS NULL AND now() >= e.withdrawn_at + interval '24 hours' THEN 'published' ELSE e.state END $$;
COMMENT ON FUNCTION edition_state(edition) IS 'where an edition stands: a withdrawal without a second person lapses';

-- Who reads what an edition says: everybody what is published; what is proposed, those who comment and confirm; what is
-- withdrawn, the two who withdrew it.
CREATE FUNCTION edition_open(e edition, p_actor bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT CASE edition_state(e) WHEN 'published' THEN true
            WHEN 'proposed' THEN EXISTS (SELECT FROM live_grant g WHERE g.user_id = p_actor AND g.role IN ('secretariat', 'national_team', 'coordinator'))
            WHEN 'withdrawn' THEN coalesce(p_actor IN (e.withdrawn_by, e.second_by), false)
            ELSE false END $$;
COMMENT ON FUNCTION edition_open(edition, bigint) IS 'may this user read what the edition says';

-- The end of the tenth working day after a proposal. Friday and Saturday are none.
CREATE FUNCTION edition_wait_end(p_proposed_at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT day_end(max(w.day)) FROM (SELECT baghdad_day(p_proposed_at) + i AS day FROM generate_series(1, 16) AS i
                                  WHERE extract(isodow FROM baghdad_day(p_proposed_at) + i) NOT IN (5, 6) ORDER BY i LIMIT 10) w $$;
COMMENT ON FUNCTION edition_wait_end(timestamptz) IS 'until when a proposal waits for the Kurdistan Region''s coordinator';

CREATE FUNCTION edition_code(e edition) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT e.period || '/' || e.number $$;
COMMENT ON FUNCTION edition_code(edition) IS '2024Q3/1';

-- An edition as people are told of it.
CREATE FUNCTION edition_body(e edition) RETURNS jsonb LANGUAGE sql STABLE AS $$
SELECT jsonb_strip_nulls(jsonb_build_object('plan', p.code, 'period', e.period, 'number', e.number, 'state', edition_state(e), 'sha256', encode(e.sha256, 'hex'),
           'bytes', octet_length(e.content), 'reports', (SELECT count(*) FROM edition_report r WHERE r.edition_id = e.edition_id), 'kurdistan', e.kurdistan,
           'proposed_by', a.name, 'proposed_at', iso(e.proposed_at), 'confirmed_by', b.name, 'confirmed_at', iso(e.confirmed_at), 'approved_by', e.instrument ->> 'approved_by',
           'letter_number', e.instrument ->> 'letter_number', 'letter_date', e.instrument ->> 'letter_date', 'alone', e.alone,
           'withdrawn_at', iso(w.at), 'withdrawn_by', c.name, 'withdrawn_note', CASE WHEN w.at IS NOT NULL THEN e.withdrawn_note END, 'second_by', d.name, 'second_at', iso(e.second_at)))
  FROM plan p JOIN app_user a ON a.user_id = e.proposed_by LEFT JOIN app_user b ON b.user_id = e.confirmed_by
  CROSS JOIN LATERAL (SELECT CASE WHEN edition_state(e) = 'withdrawn' THEN e.withdrawn_at END AS at) w
  LEFT JOIN app_user c ON c.user_id = e.withdrawn_by AND w.at IS NOT NULL LEFT JOIN app_user d ON d.user_id = e.second_by
 WHERE p.plan_id = e.plan_id $$;
COMMENT ON FUNCTION edition_body(edition) IS 'an edition as people are told of it';

-- Does a published edition hold the report as it is accepted now?
CREATE FUNCTION edition_holds(p_entity bigint, p_round bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT EXISTS (SELECT FROM edition_report r JOIN edition e USING (edition_id)
                WHERE r.entity_id = p_entity AND r.round_id = p_round AND edition_state(e) = 'published'
                  AND r.revision = (SELECT max(c.revision) FROM contribution c WHERE c.entity_id = p_entity AND c.round_id = p_round AND c.state = 'accepted' AND c.withdrawn_at IS NULL)) $$;
COMMENT ON FUNCTION edition_holds(bigint, bigint) IS 'does a published edition hold the report as it is accepted now';

-- ---- what an edition says

-- The system itself (0), for which nobody logs in, sees what may be published: the nation at accepted, protected.
CREATE OR REPLACE FUNCTION national_sight(p_actor bigint, p_state text) RETURNS TABLE (jurisdiction text, place int, seen boolean, clear boolean) LANGUAGE sql STABLE AS $$
WITH nation AS (
    SELECT p_state IN ('endorsed', 'accepted') AND holds_role(p_actor, '{secretariat}', 0) AS cells,
           p_state = 'accepted' AND (p_actor = 0 OR holds_role(p_actor, '{national_team}', 0)) AS protected
), side AS (
    SELECT s.jurisdiction, s.place, n.cells OR n.protected OR c.own AS seen, n.cells OR c.own AS clear
      FROM nation n CROSS JOIN (VALUES ('federal', 1), ('kurdistan', 2)) AS s (jurisdiction, place)
      CROSS JOIN LATERAL (SELECT holds_role(p_actor, '{coordinator}', (SELECT min(e.entity_id) FROM entity e WHERE e.jurisdiction = s.jurisdiction)) AS own) c
)
SELECT s.jurisdiction, s.place, s.seen, s.clear FROM side s
UNION ALL
SELECT 'iraq', 3, bool_and(s.seen), bool_and(s.clear) FROM side s $$;
COMMENT ON FUNCTION national_sight(bigint, text) IS 'whose totals at a minimum state a user sees, and whose clear of protection';

-- One line of an edition: fields parted by tabs, of which no text of ours has any.
CREATE FUNCTION edition_line(VARIADIC p_fields text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT array_to_string(p_fields, E'\t', '') $$;
COMMENT ON FUNCTION edition_line(text[]) IS 'a line of an edition, without its end';

-- Codes parted by commas, in the order of their bytes whatever the database sorts by.
CREATE FUNCTION codes_sorted(p_codes text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT string_agg(c, ',' ORDER BY c COLLATE "C") FROM unnest(string_to_array(p_codes, ',')) AS c $$;
COMMENT ON FUNCTION codes_sorted(text) IS 'codes in the order of their bytes';

-- The editions that a year is built from: of each of its rounds the newest published one.
CREATE FUNCTION edition_sources(p_plan bigint, p_year int) RETURNS SETOF edition LANGUAGE sql STABLE AS $$
SELECT DISTINCT ON (e.period) e.* FROM round o JOIN edition e ON e.plan_id = o.plan_id AND e.period = o.code
 WHERE o.plan_id = p_plan AND o.quarter / 4 = p_year AND edition_state(e) = 'published' ORDER BY e.period, e.number DESC $$;
COMMENT ON FUNCTION edition_sources(bigint, int) IS 'the editions that a year is built from';

-- Figures of a year over the rounds' editions: flows and ratios summed, of stocks the last. Hidden where one of the rounds hides
-- its own, since the others would tell it; but where all do, and there are two or more, the sum is shown if it is not small
-- itself: of tables of one dimension every cell, where no quarter's small cell is pinned by it. Iraq is the sum of what both sides show.
CREATE FUNCTION edition_year(p_plan bigint, p_year int)
RETURNS TABLE (cell_id bigint, jurisdiction text, kind smallint, number numeric, denominator numeric, hidden boolean, asked bigint, given bigint) LANGUAGE sql STABLE AS $$
WITH source AS MATERIALIZED (
    SELECT s.edition_id, o.round_id, o.quarter FROM edition_sources(p_plan, p_year) s JOIN round o ON o.plan_id = s.plan_id AND o.code = s.period
), told AS MATERIALIZED (
    SELECT c.cell_id, k.indicator_id, k.table_id, c.jurisdiction, s.quarter, c.kind, c.number, c.denominator, c.hidden, i.protection, i.k, i.across_periods,
           t.kind AS true_kind, t.number AS true_number, t.denominator AS true_denominator, t.withheld_by <> '{}' AS withheld
      FROM source s JOIN edition_cell c USING (edition_id) JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id)
      LEFT JOIN total t ON t.round_id = s.round_id AND t.state = 'accepted' AND t.jurisdiction = c.jurisdiction AND t.cell_id = c.cell_id
     WHERE i.frequency IN ('quarterly', 'semiannual') AND adds_up(i.combine, i.across_entities) AND i.across_periods IN ('sum', 'ratio', 'last') AND c.jurisdiction <> 'iraq'
), earlier AS MATERIALIZED (
    SELECT c.cell_id, c.jurisdiction, c.number, c.denominator, c.hidden FROM edition e JOIN edition_cell c USING (edition_id)
     WHERE e.plan_id = p_plan AND e.period = p_year::text AND e.state IN ('published', 'withdrawn')
), summed AS MATERIALIZED (
    SELECT x.*, CASE WHEN x.shut = 0 THEN x.number WHEN x.recovers THEN x.true_number END AS n, CASE WHEN x.shut = 0 THEN x.denominator WHEN x.recovers THEN x.true_denominator END AS d
      FROM (SELECT t.cell_id, t.indicator_id, t.table_id, t.jurisdiction, t.protection, t.k, count(*) AS asked, count(*) FILTER (WHERE t.kind IN (1, 5, 6, 7) OR t.hidden) AS given,
                   count(*) FILTER (WHERE t.hidden AND (t.across_periods <> 'last' OR t.quarter = t.newest)) AS shut, bool_or(t.kind IN (5, 6, 7) OR t.true_kind = 5) AS halves,
                   sum(t.number) FILTER (WHERE t.across_periods <> 'last' OR t.quarter = t.newest) AS number,
                   sum(t.denominator) FILTER (WHERE t.across_periods <> 'last' OR t.quarter = t.newest) AS denominator,
                   sum(t.true_number) AS true_number, sum(t.true_denominator) AS true_denominator,
                   t.across_periods <> 'last' AND t.protection = 'persons' AND bool_and(t.hidden) AND count(*) > 1 AND bool_and(t.true_kind IN (1, 5)) AND NOT coalesce(bool_or(t.withheld), false) AS recovers
              FROM (SELECT t.*, max(t.quarter) FILTER (WHERE t.hidden OR t.kind IS NOT NULL) OVER (PARTITION BY t.cell_id, t.jurisdiction) AS newest FROM told t) t
             GROUP BY t.cell_id, t.indicator_id, t.table_id, t.jurisdiction, t.protection, t.k, t.across_periods) x
), closed AS MATERIALIZED ( -- totals
    SELECT s.indicator_id, s.jurisdiction FROM summed s
     WHERE s.table_id IS NULL
       AND ((s.shut > 0 AND NOT s.recovers) OR (s.recovers AND small_figure(false, s.k, s.n, s.d))
            OR EXISTS (SELECT FROM earlier e WHERE e.cell_id = s.cell_id AND e.jurisdiction = s.jurisdiction
                          AND (e.hidden OR (s.protection = 'persons' AND small_change(s.k, s.n, s.d, e.number, e.denominator)))))
), veiled AS MATERIALIZED ( -- tables
    SELECT s.table_id FROM summed s JOIN indicator_table t USING (table_id)
     WHERE (s.shut > 0 AND (NOT s.recovers OR cardinality(t.dimensions) > 1)) OR (s.recovers AND small_figure(true, s.k, s.n, s.d))
        OR EXISTS (SELECT FROM earlier e WHERE e.cell_id = s.cell_id AND e.jurisdiction = s.jurisdiction
                      AND (e.hidden OR (s.protection = 'persons' AND small_change(s.k, s.n, s.d, e.number, e.denominator))))
    UNION
    SELECT s.table_id FROM summed s JOIN closed c USING (indicator_id) WHERE s.table_id IS NOT NULL AND s.protection IN ('persons', 'money')
    UNION -- what is left of the year's total beside the parts
    SELECT s.table_id FROM summed s JOIN indicator_table t USING (table_id) JOIN summed w ON w.indicator_id = s.indicator_id AND w.table_id IS NULL AND w.jurisdiction = s.jurisdiction
     WHERE s.protection = 'persons' AND t.exclusive
     GROUP BY s.table_id, s.jurisdiction, s.k, w.n, w.d HAVING small_change(s.k, w.n, w.d, sum(s.n), sum(s.d))
    UNION -- a quarter and a category that overlap by more than none, though the small cell may be none
    SELECT s.table_id FROM summed s JOIN told t USING (cell_id, jurisdiction) JOIN told q ON q.indicator_id = s.indicator_id AND q.table_id IS NULL AND q.jurisdiction = s.jurisdiction AND q.quarter = t.quarter
      JOIN summed w ON w.indicator_id = s.indicator_id AND w.table_id IS NULL AND w.jurisdiction = s.jurisdiction
     WHERE s.recovers AND s.table_id IS NOT NULL AND small_figure(false, s.k, t.true_number, t.true_denominator)
       AND (s.n + q.true_number > w.n OR s.d + q.true_denominator > w.d OR s.d - s.n + q.true_denominator - q.true_number > w.d - w.n)
), side AS (
    SELECT s.cell_id, s.jurisdiction, coalesce(s.halves, false) AS halves, s.n AS number, s.d AS denominator, s.asked, s.given,
           EXISTS (SELECT FROM closed c WHERE s.table_id IS NULL AND c.indicator_id = s.indicator_id AND c.jurisdiction = s.jurisdiction)
           OR EXISTS (SELECT FROM veiled v WHERE v.table_id = s.table_id) AS hidden
      FROM summed s
)
SELECT f.cell_id, f.jurisdiction,
       CASE WHEN f.hidden OR num_nonnulls(f.number, f.denominator) = 0 THEN NULL WHEN NOT f.halves THEN 1::smallint WHEN f.denominator IS NULL THEN 6::smallint WHEN f.number IS NULL THEN 7::smallint ELSE 5::smallint END,
       CASE WHEN NOT f.hidden THEN f.number END, CASE WHEN NOT f.hidden THEN f.denominator END, f.hidden, f.asked, f.given
  FROM (SELECT s.cell_id, s.jurisdiction, s.halves, s.number, s.denominator, s.hidden, s.asked, s.given FROM side s
        UNION ALL
        SELECT s.cell_id, 'iraq', bool_or(s.halves), sum(s.number), sum(s.denominator), bool_or(s.hidden), max(s.asked), max(s.given) FROM side s GROUP BY s.cell_id) f $$;
COMMENT ON FUNCTION edition_year(bigint, int) IS 'figures of a year over its rounds'' editions';

-- Every figure of an edition of a round or a year, with its line. What has words for an answer says so; the words stay out.
CREATE FUNCTION edition_figures(p_plan bigint, p_period text)
RETURNS TABLE (cell_id bigint, jurisdiction text, kind smallint, number numeric, denominator numeric, hidden boolean, line text) LANGUAGE sql STABLE AS $$
SELECT f.cell_id, f.jurisdiction, f.kind, f.number, f.denominator, f.hidden,
       edition_line('figure', f.cell, f.jurisdiction, f.period, CASE WHEN f.hidden THEN 'hidden' ELSE coalesce(v.name, 'none') END, f.number::text, f.denominator::text, f.percent, f.label,
                    f.expected::text, f.valued::text, f.withheld::text, f.not_available::text, f.not_collected::text, f.not_applicable::text, f.excused::text, f.unanswered::text,
                    codes_sorted(f.missing), codes_sorted(f.under_correction), f.weight_missing, f.rate)
  FROM round o CROSS JOIN LATERAL national_figures(0, o.round_id, 'accepted', '', '', true) f LEFT JOIN value_kind v ON v.kind = f.kind
 WHERE o.plan_id = p_plan AND o.code = p_period
UNION ALL
SELECT y.cell_id, y.jurisdiction, y.kind, y.number, y.denominator, y.hidden,
       edition_line('figure', k.code, y.jurisdiction, p_period, CASE WHEN y.hidden THEN 'hidden' ELSE coalesce(v.name, 'none') END, y.number::text, y.denominator::text,
                    CASE WHEN y.kind = 5 AND y.number IS NOT NULL AND y.denominator <> 0
                         THEN (div(y.number * i.multiplier * 20 + y.denominator, y.denominator * 2) * 0.1)::text END, 'year', y.asked::text, y.given::text)
  FROM edition_year(p_plan, CASE WHEN p_period ~ '^[0-9]{4}$' THEN p_period::int END) y JOIN cell k USING (cell_id) JOIN indicator i USING (indicator_id) LEFT JOIN value_kind v ON v.kind = y.kind $$;
COMMENT ON FUNCTION edition_figures(bigint, text) IS 'every figure of an edition, with its line';

-- The reports that an edition holds: of a round those accepted, of a year those of its sources.
CREATE FUNCTION edition_reports(p_plan bigint, p_period text) RETURNS TABLE (entity_id bigint, round_id bigint, revision bigint) LANGUAGE sql STABLE AS $$
SELECT c.entity_id, c.round_id, max(c.revision) FROM round o JOIN contribution c USING (round_id)
 WHERE o.plan_id = p_plan AND o.code = p_period AND c.state = 'accepted' AND c.withdrawn_at IS NULL GROUP BY c.entity_id, c.round_id
UNION ALL
SELECT r.entity_id, r.round_id, r.revision
  FROM edition_sources(p_plan, CASE WHEN p_period ~ '^[0-9]{4}$' THEN p_period::int END) s JOIN edition_report r USING (edition_id) $$;
COMMENT ON FUNCTION edition_reports(bigint, text) IS 'the reports that an edition of now would hold';

-- The canonical bytes of an edition made now: UTF-8, lines ended by LF, fields parted by tabs, everything in the plan's order or
-- that of bytes, decimals as they are; no ids, no moments, no names of people. ARCHITECTURE.md tells of each line.
CREATE FUNCTION edition_content(p_plan bigint, p_period text, p_number int) RETURNS bytea LANGUAGE sql STABLE AS $$
WITH RECURSIVE chain AS (
    SELECT i.indicator_id, i.result_id FROM indicator i WHERE i.plan_id = p_plan
    UNION ALL
    SELECT c.indicator_id, r.parent_id FROM chain c JOIN result r USING (result_id) WHERE r.parent_id IS NOT NULL
), chapter AS MATERIALIZED (
    SELECT r.code, r.name_en, r.name_ar, r.name_ckb, dense_rank() OVER (ORDER BY r.sort, r.code COLLATE "C") AS place, i.indicator_id, i.code AS indicator, i.unit,
           i.name_en AS title_en, i.name_ar AS title_ar, i.name_ckb AS title_ckb, row_number() OVER (ORDER BY i.sort, i.code COLLATE "C") AS at
      FROM chain c JOIN result r ON r.result_id = c.result_id AND r.parent_id IS NULL JOIN indicator i USING (indicator_id)
), cells AS MATERIALIZED (
    SELECT k.cell_id, k.code, c.place, c.at, c.indicator_id, row_number() OVER (ORDER BY c.at, k.sort, k.code COLLATE "C") AS cell
      FROM chapter c JOIN cell k USING (indicator_id)
), figures AS MATERIALIZED (
    SELECT f.* FROM edition_figures(p_plan, p_period) f
), source AS MATERIALIZED (
    SELECT s.* FROM edition_sources(p_plan, CASE WHEN p_period ~ '^[0-9]{4}$' THEN p_period::int END) s
), printed AS ( -- what the editions of a year's rounds say of figures, word by word
    SELECT s.period, l.line, l.n, split_part(l.line, E'\t', 1) AS word, split_part(l.line, E'\t', 2) AS code
      FROM source s CROSS JOIN LATERAL regexp_split_to_table(convert_from(s.content, 'UTF8'), E'\n') WITH ORDINALITY AS l (line, n)
     WHERE starts_with(l.line, E'figure\t') OR starts_with(l.line, E'part\t')
), before AS MATERIALIZED (
    SELECT e.edition_id, e.sha256 FROM edition e
     WHERE e.plan_id = p_plan AND e.period = p_period AND e.number < p_number AND edition_state(e) = 'published' ORDER BY e.number DESC LIMIT 1
), lines (part, a, b, c, d, line) AS (
    SELECT 1, 1::bigint, 0::bigint, 0::bigint, '', edition_line('inap-edition', '1')
    UNION ALL SELECT 1, 2, 0, 0, '', edition_line('plan', p.code) FROM plan p WHERE p.plan_id = p_plan
    UNION ALL SELECT 1, 3, 0, 0, '', edition_line('period', p_period)
    UNION ALL SELECT 1, 4, 0, 0, '', edition_line('number', p_number::text)
    UNION ALL SELECT 1, 5, 0, 0, '', edition_line('before', encode(b.sha256, 'hex')) FROM before b
    UNION ALL SELECT 2, 0, 0, 0, s.period, edition_line('source', s.period, s.number::text, encode(s.sha256, 'hex')) FROM source s
    UNION ALL
    SELECT 3, o.quarter, 0, 0, e.code, edition_line('report', e.code, o.code, r.revision::text,
           CASE WHEN NOT EXISTS (SELECT FROM before) THEN NULL WHEN w.revision IS NULL THEN 'late' WHEN w.revision <> r.revision THEN 'restated' END)
      FROM edition_reports(p_plan, p_period) r JOIN entity e USING (entity_id) JOIN round o USING (round_id)
      LEFT JOIN edition_report w ON w.edition_id = (SELECT b.edition_id FROM before b) AND w.entity_id = r.entity_id AND w.round_id = r.round_id
    UNION ALL
    SELECT DISTINCT 4, c.place, 0::bigint, 0::bigint, '', edition_line('chapter', c.code, c.name_en, c.name_ar, c.name_ckb) FROM chapter c WHERE c.indicator_id IN (SELECT k.indicator_id FROM figures f JOIN cell k USING (cell_id))
    UNION ALL
    SELECT 4, c.place, c.at, 0, '', edition_line('indicator', c.indicator, c.unit, c.title_en, c.title_ar, c.title_ckb) FROM chapter c WHERE c.indicator_id IN (SELECT k.indicator_id FROM figures f JOIN cell k USING (cell_id))
    UNION ALL
    SELECT 4, k.place, k.at, k.cell, 'figure ' || array_position('{federal,kurdistan,iraq}', f.jurisdiction), f.line FROM figures f JOIN cells k USING (cell_id)
    UNION ALL
    SELECT 4, k.place, k.at, k.cell, 'part ' || p.entity, edition_line('part', k.code, p.entity, period_code(o.quarter, i.frequency), v.name, p.number::text, p.denominator::text)
      FROM round o CROSS JOIN LATERAL national_parts(0, o.round_id, 'accepted', '', '', true) p JOIN cells k USING (cell_id) JOIN indicator i USING (indicator_id) JOIN value_kind v ON v.kind = p.kind
     WHERE o.plan_id = p_plan AND o.code = p_period AND p.kind < 8
    UNION ALL
    SELECT 4, k.place, k.at, k.cell, 'a ' || x.period || to_char(x.n, '00000000'), x.line FROM printed x JOIN cells k ON k.code = x.code
    UNION ALL
    SELECT 5, array_position(narrative_sections(), s.section), 0, 0, s.text, edition_line('sentence', s.section, s.text)
      FROM edition_reports(p_plan, p_period) r JOIN edition_sentence s ON s.plan_id = p_plan AND s.entity_id = r.entity_id AND s.round_id = r.round_id AND s.removed_at IS NULL
      JOIN LATERAL narrative_at(r.entity_id, r.round_id, r.revision) t ON t.section = s.section AND position(s.text IN t.text) > 0
    UNION ALL
    SELECT 6, k.cell, array_position('{federal,kurdistan,iraq}', w.jurisdiction), 0, '', edition_line('change', k.code, w.jurisdiction, CASE WHEN w.hidden THEN 'hidden' ELSE coalesce(v.name, 'none') END, w.number::text, w.denominator::text)
      FROM before b JOIN edition_cell w USING (edition_id) JOIN cells k USING (cell_id) LEFT JOIN value_kind v ON v.kind = w.kind
      LEFT JOIN figures f ON f.cell_id = w.cell_id AND f.jurisdiction = w.jurisdiction
     WHERE (w.kind, w.number::text, w.denominator::text, w.hidden) IS DISTINCT FROM (f.kind, f.number::text, f.denominator::text, coalesce(f.hidden, false))
), whole AS (
    SELECT string_agg(l.line || E'\n', '' ORDER BY l.part, l.a, l.b, l.c, l.d COLLATE "C", l.line COLLATE "C") AS text, count(*) AS n FROM lines l
)
SELECT convert_to(w.text || edition_line('end', w.n::text) || E'\n', 'UTF8') FROM whole w $$;
COMMENT ON FUNCTION edition_content(bigint, text, int) IS 'the canonical bytes of an edition made now';

GRANT EXECUTE ON FUNCTION edition_state(edition), edition_open(edition, bigint), edition_wait_end(timestamptz), edition_code(edition), edition_body(edition), edition_holds(bigint, bigint),
    edition_line(text[]), codes_sorted(text), edition_sources(bigint, int), edition_year(bigint, int), edition_figures(bigint, text), edition_reports(bigint, text),
    edition_content(bigint, text, int) TO inap_app;

-- ---- restatements

-- As before: what a published edition holds is not sent back; its ministry asks for a restatement, which the Secretariat grants.
CREATE OR REPLACE FUNCTION move_fault(p_entity bigint, p_round bigint, p_base bigint, p_from text[], p_action text, p_claim text, p_eyes text,
                           p_roles text[], p_actor bigint, p_note text, p_point bigint, p_targets text[])
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    r report;
    stray text;
BEGIN
    SELECT * INTO r FROM report x WHERE x.entity_id = p_entity AND x.round_id = p_round;
    IF r IS NULL OR NOT holds_role(p_actor, p_roles, p_entity) THEN RETURN 'NOT_FOUND'; END IF;
    r.state := state_now(r.state, r.claimed_at);
    -- A reviewer of a returned report has seen what was submitted, not the draft that grows from it.
    IF p_base NOT BETWEEN (CASE WHEN r.state = 'returned' AND p_action IN ('point', 'withdraw-point') THEN report_view(p_entity, p_round, 8) ELSE r.revision END)
                      AND r.revision THEN RETURN 'STALE_REVISION'; END IF;
    IF NOT r.state = ANY (p_from) THEN RETURN 'WRONG_STATE'; END IF;
    IF p_action = 'send-back' AND r.state = 'accepted' AND edition_holds(p_entity, p_round) THEN RETURN 'IN_EDITION'; END IF;
    IF p_action = 'ask-restatement' AND NOT edition_holds(p_entity, p_round) THEN RETURN 'NOT_IN_EDITION'; END IF;
    IF p_action = 'restate' AND NOT EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round AND t.state = 'asked' AND t.code = 'restatement') THEN
        RETURN 'NOT_ASKED'; END IF;
    IF p_claim = 'mine' AND r.state = 'in_review' AND r.claimed_by IS DISTINCT FROM p_actor THEN
        RETURN CASE WHEN p_action = 'release' THEN 'NOT_CLAIMED' ELSE 'CLAIMED' END;
    END IF;
    IF p_eyes = 'typist' AND typed(p_entity, p_round, p_actor)
       AND NOT (SELECT e.single_signatory FROM entity e WHERE e.entity_id = p_entity) THEN RETURN 'FOUR_EYES:typed'; END IF;
    IF p_eyes = 'house' AND own_house(p_entity, p_actor) THEN RETURN 'FOUR_EYES:house'; END IF;
    IF p_eyes = 'house' AND (typed(p_entity, p_round, p_actor) OR r.submitted_by = p_actor OR r.desk_by = p_actor) THEN RETURN 'FOUR_EYES:wrote'; END IF;
    IF p_action = 'endorse' AND (SELECT e.endorsed_by_id <> u.home_entity_id FROM entity e, app_user u WHERE e.entity_id = p_entity AND u.user_id = p_actor) THEN
        RETURN 'FOUR_EYES:body'; END IF;
    IF p_action = 'contest' AND r.desk_by IS NULL THEN RETURN 'NOT_RECEIVED'; END IF;
    IF p_action = 'accept' AND r.endorsed_by = p_actor THEN RETURN 'FOUR_EYES:endorsed'; END IF;
    IF p_action IN ('submit', 'ready', 'hand-back') AND r.state = 'draft' AND round_lock(p_entity, p_round) IS NOT NULL THEN RETURN 'ROUND_NOT_OPEN'; END IF;
    IF p_action = 'return' AND p_note IS NULL AND NOT EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round AND t.state = 'open') THEN
        RETURN 'NO_POINTS'; END IF;
    IF p_action IN ('submit', 'endorse') AND EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round AND t.state = 'open') THEN
        RETURN 'POINTS_OPEN'; END IF;
    IF p_action IN ('answer', 'withdraw-point') AND NOT EXISTS (SELECT FROM review_point t WHERE t.entity_id = p_entity AND t.round_id = p_round
           AND t.point = p_point AND (t.state IN ('open', 'answered') OR (t.state = 'asked' AND p_action = 'withdraw-point'))) THEN
        RETURN 'NOT_FOUND:point'; END IF;
    IF p_action IN ('point', 'ask-cells', 'ask-restatement') THEN
        SELECT p_targets[t.place] INTO stray FROM point_targets(p_entity, p_round, p_targets) t WHERE t.cells IS NULL ORDER BY t.place LIMIT 1;
        IF stray IS NOT NULL THEN RETURN 'NOT_FOUND:' || stray; END IF;
    END IF;
    IF p_action = 'submit' THEN
        IF EXISTS (SELECT FROM report_problems(p_entity, p_round) b WHERE b.severity = 'BLOCK') THEN RETURN 'INCOMPLETE'; END IF;
        IF p_note IS NULL AND EXISTS (SELECT FROM report_problems(p_entity, p_round) b WHERE b.severity = 'EXPLAIN') THEN RETURN 'EXPLAIN_NEEDED'; END IF;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION move_fault(bigint, bigint, bigint, text[], text, text, text, text[], bigint, text, bigint, text[]) IS 'why a move may not happen; null: it may';

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'edition' $$;

COMMIT;
