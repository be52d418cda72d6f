-- Deploy inap:revisions to pg: what stood in a report when, and who may look at it.
BEGIN;
SET LOCAL search_path = inap;

-- An older revision may be asked for by name: by the entity any, by others one that reached a state they may see, and what the
-- offices' moves made of it afterwards: those raise the revision and touch no answer.
CREATE OR REPLACE FUNCTION report_view_at(p_entity bigint, p_round bigint, p_roles int, p_revision bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE WHEN p_revision IS NULL THEN v.seen
            WHEN p_revision NOT BETWEEN 0 AND v.seen THEN NULL
            WHEN p_roles & 6 <> 0 OR p_revision = v.seen THEN p_revision
            ELSE (SELECT p_revision FROM contribution c
                   WHERE c.entity_id = p_entity AND c.round_id = p_round AND c.withdrawn_at IS NULL AND c.revision <= p_revision
                     AND ((p_roles & 8 <> 0) OR (p_roles & 16 <> 0 AND c.state IN ('endorsed', 'accepted'))
                          OR (p_roles & 32 <> 0 AND c.state = 'accepted'))
                     AND NOT EXISTS (SELECT FROM log l WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.revision > c.revision AND l.revision <= p_revision
                                        AND l.action NOT IN ('claim', 'release', 'point', 'withdraw-point', 'ask-cells', 'return', 'endorse', 'accept', 'send-back')) LIMIT 1) END
  FROM (SELECT report_view(p_entity, p_round, p_roles) AS seen) v);
END $$;

-- The same as of a day: the last revision of that day, by Baghdad's clock, that these roles may read.
CREATE FUNCTION report_at(p_entity bigint, p_round bigint, p_roles int, p_revision bigint, p_day date) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_day IS NULL THEN RETURN report_view_at(p_entity, p_round, p_roles, p_revision); END IF;
    RETURN coalesce((SELECT l.revision FROM log l
                      WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.revision IS NOT NULL AND l.at <= day_end(p_day)
                        AND report_view_at(p_entity, p_round, p_roles, l.revision) IS NOT NULL
                      ORDER BY l.revision DESC LIMIT 1), CASE WHEN p_roles & 6 <> 0 THEN 0 END);
END $$;
COMMENT ON FUNCTION report_at(bigint, bigint, int, bigint, date) IS 'report_view for a revision asked for by number, or as of a day';

-- The two revisions to compare; from: else the last one submitted before, else none, 0. Null: not for these roles.
CREATE FUNCTION report_span(p_entity bigint, p_round bigint, p_roles int, p_from bigint, p_to bigint, p_from_day date, p_to_day date)
RETURNS TABLE (from_revision bigint, to_revision bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
    upto constant bigint := report_at(p_entity, p_round, p_roles, p_to, p_to_day);
BEGIN
    IF p_from = 0 THEN RETURN QUERY SELECT 0::bigint, upto;
    ELSIF p_from IS NOT NULL OR p_from_day IS NOT NULL THEN RETURN QUERY SELECT report_at(p_entity, p_round, p_roles, p_from, p_from_day), upto;
    ELSE RETURN QUERY SELECT coalesce(max(c.revision), 0), upto FROM contribution c
          WHERE c.entity_id = p_entity AND c.round_id = p_round AND c.state = 'submitted' AND c.withdrawn_at IS NULL AND c.revision < upto
            AND report_view_at(p_entity, p_round, p_roles, c.revision) IS NOT NULL;
    END IF;
END $$;
COMMENT ON FUNCTION report_span(bigint, bigint, int, bigint, bigint, date, date) IS 'the two revisions that a comparison is of';

-- Cells that differ between two revisions, in the plan's order, with who wrote them last, through which door and why. What an
-- entity noted with a save stays with it.
DROP FUNCTION report_changes(bigint, bigint, bigint, bigint);
CREATE FUNCTION report_changes(p_entity bigint, p_round bigint, p_roles int, p_from bigint, p_to bigint)
RETURNS TABLE (cell text, b_kind bigint, b_number text, b_denominator text, b_text text, b_note text, b_expected_on text,
               kind bigint, number text, denominator text, text text, note text, expected_on text, by text, at text, via text, reason text, revision bigint)
LANGUAGE sql STABLE AS $$
WITH a AS MATERIALIZED (
    SELECT DISTINCT ON (c.cell) c.cell AS cell_id, l.revision, c.kind, c.number, c.denominator, c.text, c.note, c.expected_on, l.actor_id, l.at, l.via, l.note AS reason
      FROM log l, unnest(l.cells, l.kinds, l.numbers, l.denominators, l.texts, l.notes, l.expected_on) AS c (cell, kind, number, denominator, text, note, expected_on)
     WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.revision > p_from AND l.revision <= p_to AND l.cells IS NOT NULL
     ORDER BY c.cell, l.revision DESC
), few AS MATERIALIZED ( -- of a few cells the answer before is looked up backwards; else all is read once
    SELECT count(*) <= 50 AS few FROM a
), b AS (
    SELECT x.* FROM few f JOIN a ON f.few
     CROSS JOIN LATERAL (SELECT c.* FROM log l, unnest(l.cells, l.kinds, l.numbers, l.denominators, l.texts, l.notes, l.expected_on) AS c (cell_id, kind, number, denominator, text, note, expected_on)
                          WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.revision <= p_from AND l.cells @> ARRAY[a.cell_id] AND c.cell_id = a.cell_id
                          ORDER BY l.revision DESC LIMIT 1) x
    UNION ALL
    SELECT c.cell_id, c.kind, c.number, c.denominator, c.text, c.note, c.expected_on FROM few f CROSS JOIN LATERAL cells_at(p_entity, p_round, p_from) c WHERE NOT f.few
)
SELECT k.code, coalesce(b.kind, 0)::bigint, b.number::text, b.denominator::text, b.text, b.note, b.expected_on::text,
       a.kind::bigint, a.number::text, a.denominator::text, a.text, a.note, a.expected_on::text, u.name, iso(a.at), a.via, CASE WHEN p_roles & 6 <> 0 THEN a.reason END, a.revision
  FROM a LEFT JOIN b ON b.cell_id = a.cell_id
  JOIN cell k ON k.cell_id = a.cell_id JOIN indicator i USING (indicator_id) JOIN app_user u ON u.user_id = a.actor_id
 WHERE (a.kind, a.number::text, a.denominator::text, a.text, a.note, a.expected_on)
       IS DISTINCT FROM (coalesce(b.kind, 0::smallint), b.number::text, b.denominator::text, b.text, b.note, b.expected_on)
 ORDER BY i.sort, k.sort $$;
COMMENT ON FUNCTION report_changes(bigint, bigint, int, bigint, bigint) IS 'cells that differ between two revisions of a report';

-- Every change of every cell between revisions that these roles may read, old to new: of the entity's own each save, of
-- others' what differs from one revision they were given to the next. p_cell: one cell's code, or an indicator's for all
-- its cells; empty: all.
CREATE FUNCTION report_trail(p_entity bigint, p_round bigint, p_roles int, p_cell text)
RETURNS TABLE (cell text, b_kind bigint, b_number text, b_denominator text, b_text text, b_note text, b_expected_on text,
               kind bigint, number text, denominator text, text text, note text, expected_on text, by text, at text, via text, reason text, revision bigint,
               shown bigint)
LANGUAGE sql STABLE AS $$
WITH view AS MATERIALIZED (
    SELECT report_view(p_entity, p_round, p_roles) AS seen
), given AS MATERIALIZED ( -- to others than the entity
    SELECT DISTINCT c.revision FROM contribution c
     WHERE c.entity_id = p_entity AND c.round_id = p_round AND p_roles & 6 = 0 AND report_view_at(p_entity, p_round, p_roles, c.revision) IS NOT NULL
), written AS (
    SELECT DISTINCT ON (c.cell, s.shown) c.cell AS cell_id, c.kind, c.number, c.denominator, c.text, c.note, c.expected_on, l.actor_id, l.at, l.via, l.note AS reason, l.revision, s.shown
      FROM view v JOIN log l ON l.entity_id = p_entity AND l.round_id = p_round AND l.cells IS NOT NULL AND l.revision <= v.seen
      CROSS JOIN LATERAL (SELECT CASE WHEN p_roles & 6 <> 0 THEN l.revision ELSE (SELECT min(g.revision) FROM given g WHERE g.revision >= l.revision) END AS shown) s
      CROSS JOIN LATERAL unnest(l.cells, l.kinds, l.numbers, l.denominators, l.texts, l.notes, l.expected_on) AS c (cell, kind, number, denominator, text, note, expected_on)
     WHERE s.shown IS NOT NULL
     ORDER BY c.cell, s.shown, l.revision DESC
), paired AS (
    SELECT w.*, coalesce(lag(w.kind) OVER c, 0::smallint) AS b_kind, lag(w.number) OVER c AS b_number, lag(w.denominator) OVER c AS b_denominator, lag(w.text) OVER c AS b_text,
           lag(w.note) OVER c AS b_note, lag(w.expected_on) OVER c AS b_expected_on
      FROM written w WINDOW c AS (PARTITION BY w.cell_id ORDER BY w.shown)
)
SELECT k.code, p.b_kind::bigint, p.b_number::text, p.b_denominator::text, p.b_text, p.b_note, p.b_expected_on::text,
       p.kind::bigint, p.number::text, p.denominator::text, p.text, p.note, p.expected_on::text, u.name, iso(p.at), p.via, CASE WHEN p_roles & 6 <> 0 THEN p.reason END, p.revision, p.shown
  FROM paired p JOIN cell k ON k.cell_id = p.cell_id JOIN indicator i USING (indicator_id) JOIN app_user u ON u.user_id = p.actor_id
 WHERE (p_cell = '' OR k.code = p_cell OR i.code = p_cell)
   AND (p.kind, p.number::text, p.denominator::text, p.text, p.note, p.expected_on)
       IS DISTINCT FROM (p.b_kind, p.b_number::text, p.b_denominator::text, p.b_text, p.b_note, p.b_expected_on)
 ORDER BY p.shown, i.sort, k.sort $$;
COMMENT ON FUNCTION report_trail(bigint, bigint, int, text) IS 'every change of a report''s cells that these roles may see, oldest first';
GRANT EXECUTE ON FUNCTION report_at(bigint, bigint, int, bigint, date), report_span(bigint, bigint, int, bigint, bigint, date, date),
    report_changes(bigint, bigint, int, bigint, bigint), report_trail(bigint, bigint, int, text) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'revisions' $$;

COMMIT;
