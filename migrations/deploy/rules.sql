-- Deploy inap:rules to pg: what figures must hold among themselves: data of the plan, judged by a report's check.
--
-- A rule is `given` by the plan file, or made by the import: `table`, one for every exclusive table (of a ratio one for each
-- half), and the four that know no cells: `outlier`, `year_ratio`, `fall`, `numerator`, whose parameters are the file's `checks`.
-- Only a given rule has cells, and so ties them: the return of a total opens the total, not its tables.
BEGIN;
SET LOCAL search_path = inap;

ALTER TABLE rule
    ADD COLUMN kind text NOT NULL DEFAULT 'given' CHECK (kind IN ('given', 'table', 'outlier', 'year_ratio', 'fall', 'numerator')),
    ADD COLUMN left_how text[] NOT NULL DEFAULT '{}',
    ADD COLUMN left_number decimal_number,
    ADD COLUMN left_text text NOT NULL DEFAULT '',
    ADD COLUMN right_how text[] NOT NULL DEFAULT '{}',
    ADD COLUMN right_number decimal_number,
    ADD COLUMN right_text text NOT NULL DEFAULT '',
    ADD COLUMN table_id bigint REFERENCES indicator_table,
    ADD COLUMN half text NOT NULL DEFAULT '' CHECK (half IN ('', 'n', 'd')),
    ADD COLUMN parameters jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN version int NOT NULL DEFAULT 1,
    ADD COLUMN body jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN rule.kind IS 'given by the plan file, or made by the import: table, outlier, year_ratio, fall, numerator';
COMMENT ON COLUMN rule.left_how IS 'of each cell: n or d for that half of it; with * it stands for a whole table, of which only what is asked counts';
COMMENT ON COLUMN rule.left_number IS 'constants of that side, summed';
COMMENT ON COLUMN rule.left_text IS 'the side as the file writes it';
COMMENT ON COLUMN rule.right_how IS 'like left_how';
COMMENT ON COLUMN rule.right_number IS 'like left_number';
COMMENT ON COLUMN rule.right_text IS 'the side as the file writes it; of a table rule its own code';
COMMENT ON COLUMN rule.table_id IS 'of a table rule: the table whose cells make the total';
COMMENT ON COLUMN rule.half IS 'of a table rule: n or d, the half of a ratio that is summed';
COMMENT ON COLUMN rule.parameters IS 'of a rule that knows no cells: what it compares with';
COMMENT ON COLUMN rule.version IS 'of a given rule: its version in reference_version';
COMMENT ON COLUMN rule.body IS 'of a given rule: as the plan file gave it';

-- The plan file has two keys more: rules, and checks. What reads a file takes them in beside what it knew.
ALTER FUNCTION plan_keys() RENAME TO plan_keys_first;
CREATE FUNCTION plan_keys() RETURNS TABLE (kind text, path text[], type text, required boolean, words text[], pattern text) LANGUAGE sql IMMUTABLE AS $$
SELECT * FROM plan_keys_first()
UNION ALL
SELECT k.kind, string_to_array(k.path, '.'), k.type, k.required, string_to_array(k.words, ' '), k.pattern FROM (VALUES
    ('plan', 'rules', 'array', false, NULL, NULL),
    ('plan', 'checks', 'object', false, NULL, NULL),
    ('plan', 'checks.outlier', 'object', false, NULL, NULL),
    ('plan', 'checks.outlier.severity', 'string', false, 'BLOCK EXPLAIN WARN none', NULL),
    ('plan', 'checks.outlier.periods', 'number', false, NULL, NULL),
    ('plan', 'checks.outlier.z', 'number', false, NULL, NULL),
    ('plan', 'checks.year_ratio', 'object', false, NULL, NULL),
    ('plan', 'checks.year_ratio.severity', 'string', false, 'BLOCK EXPLAIN WARN none', NULL),
    ('plan', 'checks.year_ratio.ratio', 'number', false, NULL, NULL),
    ('plan', 'checks.year_ratio.least', 'number', false, NULL, NULL),
    ('plan', 'checks.fall', 'object', false, NULL, NULL),
    ('plan', 'checks.fall.severity', 'string', false, 'BLOCK EXPLAIN WARN none', NULL),
    ('plan', 'checks.numerator', 'object', false, NULL, NULL),
    ('plan', 'checks.numerator.severity', 'string', false, 'BLOCK EXPLAIN WARN none', NULL),
    ('plan', 'checks.table', 'object', false, NULL, NULL),
    ('plan', 'checks.table.severity', 'string', false, 'BLOCK EXPLAIN WARN none', NULL),
    ('rule', 'code', 'string', true, NULL, '^[A-Z][A-Za-z0-9._-]{0,60}$'),
    ('rule', 'names', 'names', true, NULL, NULL),
    ('rule', 'severity', 'string', true, 'BLOCK EXPLAIN WARN', NULL),
    ('rule', 'op', 'string', true, '= <> > >= < <= all_or_none only_one', NULL),
    ('rule', 'left', 'array', true, NULL, NULL),
    ('rule', 'right', 'array', false, NULL, NULL),
    ('rule', 'missing', 'string', false, 'skip_if_any skip_if_all never_skip', NULL),
    ('rule', 'valid_from', 'date', false, NULL, NULL),
    ('rule', 'valid_to', 'date', false, NULL, NULL)) AS k (kind, path, type, required, words, pattern) $$;
COMMENT ON FUNCTION plan_keys_first() IS 'plan_keys without rules and checks';
COMMENT ON FUNCTION plan_keys() IS 'what must and may stand in each object of a plan file';

ALTER FUNCTION plan_nodes(jsonb) RENAME TO plan_nodes_first;
CREATE FUNCTION plan_nodes(b jsonb) RETURNS TABLE (kind text, place text, owner text, sort int, v jsonb) LANGUAGE sql IMMUTABLE AS $$
SELECT * FROM plan_nodes_first(b)
UNION ALL SELECT 'rule', format('rules[%s]', e.n - 1), NULL, e.n::int, e.v FROM jsonb_array_elements(json_list(b -> 'rules')) WITH ORDINALITY AS e (v, n) $$;
COMMENT ON FUNCTION plan_nodes_first(jsonb) IS 'plan_nodes without rules';
COMMENT ON FUNCTION plan_nodes(jsonb) IS 'every object of a plan file with its place';

ALTER FUNCTION plan_rows(jsonb) RENAME TO plan_rows_first;
CREATE FUNCTION plan_rows(b jsonb) RETURNS TABLE (kind text, code text, owner text, place text, sort int, body jsonb) LANGUAGE sql IMMUTABLE AS $$
SELECT r.kind, r.code, r.owner, r.place, r.sort, CASE r.kind WHEN 'plan' THEN r.body - 'rules' ELSE r.body END FROM plan_rows_first(b) r
UNION ALL SELECT n.kind, n.v ->> 'code', NULL, n.place, n.sort, n.v FROM plan_nodes(b) n WHERE n.kind = 'rule' $$;
COMMENT ON FUNCTION plan_rows_first(jsonb) IS 'plan_rows without rules';
COMMENT ON FUNCTION plan_rows(jsonb) IS 'every versioned row of a plan file, by kind and code';

ALTER FUNCTION plan_counts(bigint, jsonb) RENAME TO plan_counts_first;
CREATE FUNCTION plan_counts(p_plan bigint, b jsonb) RETURNS TABLE (kind text, count bigint) LANGUAGE sql STABLE AS $$
SELECT * FROM plan_counts_first(p_plan, b)
UNION ALL SELECT 'rule', (SELECT count(*) FROM plan_rows(b) r WHERE r.kind = 'rule') $$;
COMMENT ON FUNCTION plan_counts_first(bigint, jsonb) IS 'plan_counts without rules';
COMMENT ON FUNCTION plan_counts(bigint, jsonb) IS 'how many rows of each kind are open';

-- The terms of one side: constants, and the open cells that a text names. A text that names none has one row without cell.
CREATE FUNCTION rule_terms(p_plan bigint, p_side jsonb)
RETURNS TABLE (n bigint, term text, number numeric, cell_id bigint, half text, whole boolean, sort int) LANGUAGE sql STABLE AS $$
SELECT e.n, e.v #>> '{}', CASE jsonb_typeof(e.v) WHEN 'number' THEN (e.v #>> '{}')::numeric END, k.cell_id, coalesce(m.m[2], ''), p.whole, k.sort
  FROM jsonb_array_elements(json_list(p_side)) WITH ORDINALITY AS e (v, n)
 CROSS JOIN LATERAL (SELECT CASE jsonb_typeof(e.v) WHEN 'string' THEN regexp_match(e.v #>> '{}', '^([A-Z]{2}-[0-9]{1,2}\.[0-9]{1,2})(?:\.([nd]))?(?::(.+))?$') END AS m) m
 CROSS JOIN LATERAL (SELECT coalesce(array_agg(x) FILTER (WHERE x NOT LIKE '%=*'), '{}') AS fixed, array_agg(split_part(x, '=', 1) ORDER BY x COLLATE "C") AS dimensions,
                            coalesce(bool_or(x LIKE '%=*'), false) AS whole FROM unnest(string_to_array(m.m[3], ',')) AS x) p
  LEFT JOIN LATERAL (SELECT c.cell_id, c.sort FROM indicator i JOIN cell c USING (indicator_id) LEFT JOIN indicator_table t USING (table_id)
                      WHERE i.plan_id = p_plan AND i.code = m.m[1] AND c.closed_on IS NULL
                        AND CASE WHEN m.m[3] IS NULL THEN c.table_id IS NULL
                                 ELSE t.dimensions = p.dimensions AND string_to_array(split_part(c.code, ':', 2), ',') @> p.fixed END) k ON true $$;
COMMENT ON FUNCTION rule_terms(bigint, jsonb) IS 'constants and cells of one side of a rule';

-- What is wrong with the rules and checks of a file whose cells are made: the first.
CREATE FUNCTION rule_fault(p_plan bigint, b jsonb) RETURNS TABLE (place text, why text) LANGUAGE sql STABLE AS $$
WITH given AS MATERIALIZED (
    SELECT r.place, r.sort, r.body, r.body ->> 'op' AS op, r.body ->> 'op' IN ('all_or_none', 'only_one') AS counts, r.body ->> 'missing' AS missing
      FROM plan_rows(b) r WHERE r.kind = 'rule'
), term AS MATERIALIZED (
    SELECT g.place, g.sort, g.op, g.counts, s.side, t.n, t.term, t.number, t.cell_id, t.half, i.code, i.rule, i.unit
      FROM given g CROSS JOIN (VALUES ('left', 1), ('right', 2)) AS s (side, i) CROSS JOIN LATERAL rule_terms(p_plan, g.body -> s.side) t
      LEFT JOIN cell k USING (cell_id) LEFT JOIN indicator i USING (indicator_id)
), faults (sort, step, place, why) AS (
    SELECT t.sort, 1, format('%s.%s[%s]', t.place, t.side, t.n - 1),
           CASE WHEN t.number IS NOT NULL THEN CASE WHEN t.counts THEN format('%s counts answers: a number has no place', t.op)
                                                    WHEN abs(t.number) >= 1e18 OR scale(t.number) > 20 THEN 'write at most 18 digits before the point and 20 after it' END
                WHEN t.cell_id IS NULL THEN format('there is no cell %s', left(t.term, 200))
                WHEN t.half <> '' AND t.rule <> 'ratio' THEN format('%s is no ratio: it has no %s', t.code, CASE t.half WHEN 'n' THEN 'numerator' ELSE 'denominator' END)
                WHEN t.half = '' AND t.rule = 'ratio' AND NOT t.counts THEN format('%s is a ratio: write %s.n or %s.d', t.code, t.code, t.code)
                WHEN t.unit = 'text' AND NOT t.counts THEN format('%s is text: it cannot be compared', t.code) END
      FROM term t
    UNION ALL SELECT g.sort, 2, g.place || '.left', 'names no cell' FROM given g WHERE NOT EXISTS (SELECT FROM term t WHERE t.place = g.place AND t.side = 'left' AND t.number IS NULL)
    UNION ALL SELECT g.sort, 3, g.place || '.right', 'is missing' FROM given g WHERE NOT g.counts AND NOT EXISTS (SELECT FROM term t WHERE t.place = g.place AND t.side = 'right')
    UNION ALL SELECT g.sort, 4, g.place || '.left', 'names one cell: two at least' FROM given g WHERE g.counts AND (SELECT count(*) FROM term t WHERE t.place = g.place) = 1
    UNION ALL SELECT g.sort, 5, g.place || '.missing', format('%s does not go with op %s', g.missing, g.op) FROM given g WHERE g.counts AND g.missing = 'skip_if_any'
    UNION ALL SELECT g.sort, 6, g.place || '.valid_to', 'lies before valid_from' FROM given g WHERE g.body ->> 'valid_to' < g.body ->> 'valid_from'
    UNION ALL SELECT 0, 0, 'checks.outlier.periods', 'wants a whole number from 6 to 24' WHERE (b #>> '{checks,outlier,periods}')::numeric NOT IN (SELECT generate_series(6, 24))
    UNION ALL SELECT 0, 1, 'checks.outlier.z', 'wants a number above 0' WHERE (b #>> '{checks,outlier,z}')::numeric <= 0
    UNION ALL SELECT 0, 2, 'checks.year_ratio.ratio', 'wants a number above 1' WHERE (b #>> '{checks,year_ratio,ratio}')::numeric <= 1
    UNION ALL SELECT 0, 3, 'checks.year_ratio.least', 'wants a number of 0 or more' WHERE (b #>> '{checks,year_ratio,least}')::numeric < 0
)
SELECT f.place, f.why FROM faults f WHERE f.why IS NOT NULL ORDER BY f.sort, f.step, f.place LIMIT 1 $$;
COMMENT ON FUNCTION rule_fault(bigint, jsonb) IS 'the first thing wrong with rules and checks of a plan file';

-- The rules that a plan wants: those of its file, one for every exclusive table whose parts add up, and those without cells.
CREATE FUNCTION rule_wanted(p_plan bigint)
RETURNS TABLE (code text, kind text, name_en text, name_ar text, name_ckb text, severity text, op text, left_cells bigint[], left_how text[], left_number numeric, left_text text,
               right_cells bigint[], right_how text[], right_number numeric, right_text text, missing text, valid_from date, valid_to date, table_id bigint, half text, parameters jsonb, version int, body jsonb)
LANGUAGE sql STABLE AS $$
WITH checks AS MATERIALIZED (
    SELECT c.kind, c.parameters || coalesce(p.body #> ARRAY['checks', c.kind], '{}') AS parameters
      FROM plan p, (VALUES ('table', jsonb '{"severity": "EXPLAIN"}'), ('outlier', '{"severity": "WARN", "periods": 6, "z": 3.5}'),
                           ('year_ratio', '{"severity": "WARN", "ratio": 3, "least": 10}'), ('fall', '{"severity": "WARN"}'),
                           ('numerator', '{"severity": "WARN"}')) AS c (kind, parameters)
     WHERE p.plan_id = p_plan
), given AS (
    SELECT l.code, l.version, l.body, l.body ->> 'op' AS op, CASE WHEN l.body ->> 'op' IN ('all_or_none', 'only_one') THEN ', ' ELSE ' + ' END AS joint, a.*
      FROM plan_latest(p_plan) l
     CROSS JOIN LATERAL (SELECT coalesce(array_agg(t.cell_id ORDER BY t.n, t.sort) FILTER (WHERE s.i = 1 AND t.number IS NULL), '{}') AS left_cells,
                                coalesce(array_agg(t.half || CASE WHEN t.whole THEN '*' ELSE '' END ORDER BY t.n, t.sort) FILTER (WHERE s.i = 1 AND t.number IS NULL), '{}') AS left_how,
                                sum(t.number) FILTER (WHERE s.i = 1) AS left_number,
                                coalesce(array_agg(t.cell_id ORDER BY t.n, t.sort) FILTER (WHERE s.i = 2 AND t.number IS NULL), '{}') AS right_cells,
                                coalesce(array_agg(t.half || CASE WHEN t.whole THEN '*' ELSE '' END ORDER BY t.n, t.sort) FILTER (WHERE s.i = 2 AND t.number IS NULL), '{}') AS right_how,
                                sum(t.number) FILTER (WHERE s.i = 2) AS right_number
                           FROM (VALUES ('left', 1), ('right', 2)) AS s (side, i) CROSS JOIN LATERAL rule_terms(p_plan, l.body -> s.side) t) a
     WHERE l.kind = 'rule' AND l.action <> 'close'
), parts AS (
    SELECT t.table_id, h.half, i.code || CASE h.half WHEN '' THEN '' ELSE '.' || h.half END AS total, t.code
      FROM indicator i JOIN indicator_table t USING (indicator_id)
     CROSS JOIN LATERAL unnest(CASE WHEN i.rule = 'ratio' THEN '{n,d}'::text[] ELSE '{""}' END) AS h (half)
     WHERE i.plan_id = p_plan AND i.closed_on IS NULL AND t.closed_on IS NULL AND t.exclusive AND i.combine NOT IN ('derived', 'register')
       AND (i.rule = 'ratio' OR i.unit IN ('count', 'iqd') OR (i.unit = 'decimal' AND i.rule <> 'average'))
)
SELECT g.code, 'given', g.body #>> '{names,en}', nullif(g.body #>> '{names,ar}', ''), nullif(g.body #>> '{names,ckb}', ''), g.body ->> 'severity', g.op,
       g.left_cells, g.left_how, g.left_number, (SELECT string_agg(x, g.joint ORDER BY n) FROM jsonb_array_elements_text(g.body -> 'left') WITH ORDINALITY AS x (x, n)),
       g.right_cells, g.right_how, g.right_number, coalesce((SELECT string_agg(x, g.joint ORDER BY n) FROM jsonb_array_elements_text(json_list(g.body -> 'right')) WITH ORDINALITY AS x (x, n)), ''),
       coalesce(g.body ->> 'missing', CASE WHEN g.op IN ('all_or_none', 'only_one') THEN 'skip_if_all' ELSE 'skip_if_any' END),
       coalesce((g.body ->> 'valid_from')::date, '-infinity'), coalesce((g.body ->> 'valid_to')::date, 'infinity'), NULL::bigint, '', '{}'::jsonb, g.version, g.body
  FROM given g
UNION ALL
SELECT p.total || ':' || p.code, 'table', p.total || ':' || p.code, NULL, NULL, c.parameters ->> 'severity', '=', '{}', '{}', NULL, p.total, '{}', '{}', NULL, p.total || ':' || p.code,
       'skip_if_any', '-infinity', 'infinity', p.table_id, p.half, '{}', 1, '{}'
  FROM parts p JOIN checks c ON c.kind = 'table' AND c.parameters ->> 'severity' <> 'none'
UNION ALL
SELECT c.kind, c.kind, c.kind, NULL, NULL, c.parameters ->> 'severity', '=', '{}', '{}', NULL, '', '{}', '{}', NULL, '', 'skip_if_any', '-infinity', 'infinity', NULL, '',
       c.parameters - 'severity', 1, '{}'
  FROM checks c WHERE c.kind <> 'table' AND c.parameters ->> 'severity' <> 'none' $$;
COMMENT ON FUNCTION rule_wanted(bigint) IS 'the rules that a plan''s file and tables want';

-- Brings the rules to what is wanted. Closed rounds keep theirs: a changed rule ends before the first free quarter and a new
-- row goes on; what is no longer wanted holds for the rounds that have opened.
CREATE FUNCTION plan_put_rules(p_plan bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    q record;
    floor date;
    last date;
BEGIN
    SELECT * INTO q FROM plan_quarters(p_plan);
    floor := CASE WHEN q.free > 0 THEN quarter_end(q.free - 1) + 1 ELSE '-infinity' END;
    last := CASE WHEN q.opened >= 0 THEN quarter_end(q.opened) ELSE '-infinity' END;
    WITH there AS MATERIALIZED (
        SELECT DISTINCT ON (r.code) r.* FROM rule r WHERE r.plan_id = p_plan ORDER BY r.code, r.valid_from DESC
    ), diff AS MATERIALIZED (
        SELECT w AS wanted, w.code AS wanted_code, h.rule_id, h.valid_from AS begun, h.valid_to AS ends,
               (h.kind, h.name_en, h.name_ar, h.name_ckb, h.severity, h.op, h.missing, h.parameters, h.body, h.left_cells, h.left_how, h.left_number, h.left_text,
                h.right_cells, h.right_how, h.right_number, h.right_text, h.table_id, h.half)
               IS NOT DISTINCT FROM
               (w.kind, w.name_en, w.name_ar, w.name_ckb, w.severity, w.op, w.missing, w.parameters, w.body, w.left_cells, w.left_how, w.left_number, w.left_text,
                w.right_cells, w.right_how, w.right_number, w.right_text, w.table_id, w.half) AS same
          FROM rule_wanted(p_plan) w FULL JOIN there h ON h.code = w.code
    ), ended AS (
        UPDATE rule t SET valid_to = CASE WHEN d.wanted_code IS NULL THEN least(d.ends, last) WHEN d.same THEN (d.wanted).valid_to ELSE floor - 1 END
          FROM diff d
         WHERE t.rule_id = d.rule_id
           AND CASE WHEN d.wanted_code IS NULL THEN d.ends > last WHEN d.same THEN d.ends <> (d.wanted).valid_to ELSE d.begun < floor END
    ), changed AS (
        UPDATE rule t SET kind = (d.wanted).kind, name_en = (d.wanted).name_en, name_ar = (d.wanted).name_ar, name_ckb = (d.wanted).name_ckb, severity = (d.wanted).severity,
               op = (d.wanted).op, missing = (d.wanted).missing, parameters = (d.wanted).parameters, body = (d.wanted).body, version = (d.wanted).version,
               left_cells = (d.wanted).left_cells, left_how = (d.wanted).left_how, left_number = (d.wanted).left_number, left_text = (d.wanted).left_text,
               right_cells = (d.wanted).right_cells, right_how = (d.wanted).right_how, right_number = (d.wanted).right_number, right_text = (d.wanted).right_text, table_id = (d.wanted).table_id, half = (d.wanted).half,
               valid_from = greatest((d.wanted).valid_from, floor), valid_to = (d.wanted).valid_to
          FROM diff d WHERE t.rule_id = d.rule_id AND d.wanted_code IS NOT NULL AND NOT d.same AND d.begun >= floor
    )
    INSERT INTO rule (plan_id, code, kind, name_en, name_ar, name_ckb, severity, op, left_cells, left_how, left_number, left_text, right_cells, right_how, right_number,
                      right_text, missing, valid_from, valid_to, table_id, half, parameters, version, body)
    SELECT p_plan, w.code, w.kind, w.name_en, w.name_ar, w.name_ckb, w.severity, w.op, w.left_cells, w.left_how, w.left_number, w.left_text, w.right_cells, w.right_how,
           w.right_number, w.right_text, w.missing, greatest(w.valid_from, floor), w.valid_to, w.table_id, w.half, w.parameters, w.version, w.body
      FROM diff d CROSS JOIN LATERAL (SELECT (d.wanted).*) w
     WHERE d.wanted_code IS NOT NULL AND (d.rule_id IS NULL OR (NOT d.same AND d.begun < floor)) ORDER BY w.code COLLATE "C";
END $$;
COMMENT ON FUNCTION plan_put_rules(bigint) IS 'brings the rules of a plan to what its file and tables want';

ALTER FUNCTION plan_write(bigint, jsonb, bigint) RENAME TO plan_write_first;
CREATE FUNCTION plan_write(p_plan bigint, b jsonb, p_actor bigint) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    summary constant jsonb := plan_write_first(p_plan, b, p_actor);
    f record;
BEGIN
    SELECT * INTO f FROM rule_fault(p_plan, b);
    IF FOUND THEN PERFORM refuse('PLAN_BAD', 'place', f.place, 'why', f.why); END IF;
    PERFORM plan_put_rules(p_plan);
    RETURN summary;
END $$;
COMMENT ON FUNCTION plan_write_first(bigint, jsonb, bigint) IS 'plan_write without rules';
COMMENT ON FUNCTION plan_write(bigint, jsonb, bigint) IS 'writes what differs between a checked plan file and the database; returns the summary';

-- A value as the figures in it: the number, or each half that is there; yes is 1 and no is 0.
CREATE FUNCTION value_figure(p_kind smallint, p_number numeric, p_denominator numeric, p_half text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE p_half WHEN 'n' THEN CASE WHEN p_kind IN (5, 6) THEN p_number END
                   WHEN 'd' THEN CASE WHEN p_kind IN (5, 7) THEN p_denominator END
                   ELSE CASE p_kind WHEN 1 THEN p_number WHEN 2 THEN 1 WHEN 3 THEN 0 END END $$;
COMMENT ON FUNCTION value_figure(smallint, numeric, numeric, text) IS 'the number that a value holds, or one half of it; null: none';

-- What rules without cells find, each of one cell against what the entity gave before. A reviewer's view of earlier rounds is
-- what the reviewer may read of them; the entity's is all it typed. Six yearly figures lie within 24 quarters.
CREATE FUNCTION report_trends(p_entity bigint, p_round bigint, p_severities text[], p_roles int)
RETURNS TABLE (cell_id bigint, half text, rule text, severity text, code text, figure numeric, other numeric) LANGUAGE plpgsql STABLE
SET enable_hashjoin = on SET enable_mergejoin = on SET enable_seqscan = on SET enable_bitmapscan = on AS $$
#variable_conflict use_column
DECLARE
    states constant text[] := CASE WHEN p_roles & 6 <> 0 THEN NULL WHEN p_roles & 8 <> 0 THEN '{submitted,in_review,endorsed,accepted}'::text[] ELSE '{endorsed,accepted}' END;
BEGIN
    IF NOT EXISTS (SELECT FROM round o JOIN rule r USING (plan_id) WHERE o.round_id = p_round AND r.severity = ANY (p_severities) AND r.kind NOT IN ('given', 'table')
                      AND quarter_end(o.quarter) BETWEEN r.valid_from AND r.valid_to) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH judge AS MATERIALIZED (
        SELECT r.kind, r.severity, r.parameters, o.quarter FROM round o JOIN rule r USING (plan_id)
         WHERE o.round_id = p_round AND r.severity = ANY (p_severities) AND r.kind NOT IN ('given', 'table')
           AND quarter_end(o.quarter) BETWEEN r.valid_from AND r.valid_to
    ), now_held AS MATERIALIZED (
        SELECT a.cell_id, h.half, value_figure(v.kind, v.number, v.denominator, h.half) AS figure, v.kind, v.number, v.denominator, a.unit, i.value_kind
          FROM asked(p_entity, p_round) a JOIN value v ON v.entity_id = p_entity AND v.round_id = p_round AND v.cell_id = a.cell_id
          JOIN indicator i ON i.indicator_id = a.indicator_id CROSS JOIN (VALUES (''), ('n'), ('d')) AS h (half)
         WHERE v.kind IN (1, 5, 6, 7)
    ), before AS MATERIALIZED (
        SELECT v.cell_id, h.half, e.quarter, value_figure(v.kind, v.number, v.denominator, h.half) AS figure
          FROM round o JOIN round e ON e.plan_id = o.plan_id AND e.quarter BETWEEN o.quarter - 24 AND o.quarter - 1
          JOIN report p ON p.entity_id = p_entity AND p.round_id = e.round_id AND (states IS NULL OR p.state = ANY (states))
          JOIN value v ON v.entity_id = p_entity AND v.round_id = e.round_id CROSS JOIN (VALUES (''), ('n'), ('d')) AS h (half)
         WHERE o.round_id = p_round AND v.kind IN (1, 5, 6, 7)
    ), series AS MATERIALIZED (
        SELECT n.cell_id, n.half, n.figure, n.value_kind, x.quarter, x.figures, x.count, x.latest, x.latest_quarter, x.year_ago,
               (x.figures[(x.count + 1) / 2] + x.figures[x.count / 2 + 1]) * 0.5 AS median
          FROM now_held n
          JOIN (SELECT b.cell_id, b.half, j.quarter, array_agg(b.figure ORDER BY b.figure) AS figures, count(*)::int AS count, (array_agg(b.figure ORDER BY b.quarter DESC))[1] AS latest,
                       max(b.quarter) AS latest_quarter, max(b.figure) FILTER (WHERE b.quarter = j.quarter - 4) AS year_ago
                  FROM before b CROSS JOIN (SELECT min(j.quarter) AS quarter FROM judge j) j WHERE b.figure IS NOT NULL GROUP BY b.cell_id, b.half, j.quarter) x USING (cell_id, half)
         WHERE n.figure IS NOT NULL
    )
    -- Modified Z (Iglewicz and Hoaglin): 0.6745 |x - median| / MAD; where half the deviations are 0, |x - median| / (1.253314 mean
    -- deviation); where all earlier values are the same there is no spread to judge by.
    SELECT s.cell_id, s.half, j.kind, j.severity, 'VALUE_OUTLIER', s.figure, trim_scale(s.median)
      FROM judge j JOIN series s ON j.kind = 'outlier' AND s.count >= (j.parameters ->> 'periods')::numeric AND s.value_kind <> 'year_to_date'
     CROSS JOIN LATERAL (SELECT array_agg(abs(f - s.median) ORDER BY abs(f - s.median)) AS d, sum(abs(f - s.median)) AS total FROM unnest(s.figures) AS f) v
     CROSS JOIN LATERAL (SELECT (v.d[(s.count + 1) / 2] + v.d[s.count / 2 + 1]) * 0.5 AS mad) m
     WHERE CASE WHEN m.mad > 0 THEN 0.6745 * abs(s.figure - s.median) > (j.parameters ->> 'z')::numeric * m.mad
                WHEN v.total > 0 THEN abs(s.figure - s.median) * s.count > (j.parameters ->> 'z')::numeric * 1.253314 * v.total END
    UNION ALL
    SELECT s.cell_id, s.half, j.kind, j.severity, 'VALUE_JUMP', s.figure, s.year_ago
      FROM judge j JOIN series s ON j.kind = 'year_ratio' AND s.year_ago >= 0 AND s.figure >= 0 AND s.value_kind <> 'cumulative_since_start'
     WHERE greatest(s.figure, s.year_ago) >= (j.parameters ->> 'least')::numeric
       AND (s.figure > s.year_ago * (j.parameters ->> 'ratio')::numeric OR s.figure * (j.parameters ->> 'ratio')::numeric < s.year_ago)
    UNION ALL
    SELECT s.cell_id, s.half, j.kind, j.severity, 'VALUE_FALLS', s.figure, s.latest
      FROM judge j JOIN series s ON j.kind = 'fall' AND s.half <> 'd' AND s.figure < s.latest
     WHERE s.value_kind = 'cumulative_since_start' OR (s.value_kind = 'year_to_date' AND s.latest_quarter / 4 = s.quarter / 4)
    UNION ALL
    SELECT n.cell_id, '', j.kind, j.severity, 'NUMERATOR_ABOVE', n.number, n.denominator
      FROM judge j JOIN now_held n ON j.kind = 'numerator' AND n.half = 'n' AND n.kind = 5 AND n.unit = 'percent' AND n.number > n.denominator;
END $$;
COMMENT ON FUNCTION report_trends(bigint, bigint, text[], int) IS 'cells of a report that stand out from what the entity gave before';

-- The rules over cells that do not hold. A rule is judged where all cells that it names are asked, and of each whole table at
-- least one. not_applicable counts as 0; unanswered, the other blanks and a half that is not there are missing; a side without
-- any figure is missing too. The parts of an exclusive table with some missing may not exceed its total.
CREATE FUNCTION report_rules(p_entity bigint, p_round bigint, p_severities text[])
RETURNS TABLE (cell_id bigint, rule_id bigint, code text, left_value numeric, right_value numeric, cells text, note text) LANGUAGE plpgsql STABLE
SET enable_hashjoin = on SET enable_mergejoin = on SET enable_seqscan = on SET enable_bitmapscan = on AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH held AS MATERIALIZED (
        SELECT a.cell_id, k.code, k.sort, k.indicator_id, k.table_id, a.unit, coalesce(v.kind, 0::smallint) AS kind, v.number, v.denominator, v.note::text AS note
          FROM asked(p_entity, p_round) a JOIN cell k USING (cell_id) LEFT JOIN value v ON v.entity_id = p_entity AND v.round_id = p_round AND v.cell_id = a.cell_id
    ), force AS MATERIALIZED (
        SELECT r.* FROM round o JOIN rule r USING (plan_id)
         WHERE o.round_id = p_round AND r.severity = ANY (p_severities) AND quarter_end(o.quarter) BETWEEN r.valid_from AND r.valid_to
           AND (r.kind = 'table' OR (r.kind = 'given' AND r.left_cells && ARRAY(SELECT h.cell_id FROM held h)))
    ), parts AS (
        SELECT r.rule_id, r.half, h.indicator_id, sum(f.figure) AS figure, bool_or(f.figure IS NULL AND h.kind <> 8) AS partly, string_agg(h.code, ' ' ORDER BY h.sort) AS cells
          FROM force r JOIN held h USING (table_id) CROSS JOIN LATERAL (SELECT value_figure(h.kind, h.number, h.denominator, r.half) AS figure) f
         WHERE r.kind = 'table' GROUP BY r.rule_id, r.half, h.indicator_id
    ), term AS (
        SELECT r.rule_id, t.side, t.n, t.how LIKE '%*' AS whole, h.cell_id, h.code, h.kind, h.note, f.figure,
               CASE WHEN rtrim(t.how, '*') <> '' THEN f.figure IS NOT NULL ELSE h.kind BETWEEN 1 AND 7 END AS given
          FROM force r CROSS JOIN LATERAL (SELECT 1 AS side, c.* FROM unnest(r.left_cells, r.left_how) WITH ORDINALITY AS c (cell_id, how, n)
                                           UNION ALL SELECT 2, c.* FROM unnest(r.right_cells, r.right_how) WITH ORDINALITY AS c (cell_id, how, n)) t
          LEFT JOIN held h USING (cell_id) CROSS JOIN LATERAL (SELECT value_figure(h.kind, h.number, h.denominator, rtrim(t.how, '*')) AS figure) f
    ), side AS (
        SELECT t.rule_id, t.side, bool_or(t.cell_id IS NULL AND NOT t.whole) AS elsewhere, sum(t.figure) AS figure, count(t.cell_id) AS asked, count(*) FILTER (WHERE t.given) AS given,
               bool_or(t.cell_id IS NOT NULL AND t.figure IS NULL AND t.kind <> 8) OR count(t.figure) = 0 AS missing,
               string_agg(t.code, ' ' ORDER BY t.n) AS cells, (array_agg(t.cell_id ORDER BY t.n) FILTER (WHERE t.cell_id IS NOT NULL))[1] AS first,
               (array_agg(t.note ORDER BY t.n) FILTER (WHERE t.note <> '' AND NOT t.whole))[1] AS note
          FROM term t GROUP BY t.rule_id, t.side
    ), absent AS ( -- a whole table of which nothing is asked here
        SELECT r.rule_id FROM force r CROSS JOIN LATERAL unnest(r.left_cells || r.right_cells, r.left_how || r.right_how) AS c (cell_id, how)
          JOIN cell k USING (cell_id) LEFT JOIN held h USING (cell_id)
         WHERE c.how LIKE '%*' GROUP BY r.rule_id, k.table_id HAVING count(h.cell_id) = 0
    ), judged AS (
        SELECT r.rule_id, l.first, concat_ws(' ', l.cells, x.cells) AS cells, coalesce(l.note, x.note) AS note,
               CASE WHEN c.counts THEN l.given + coalesce(x.given, 0) ELSE coalesce(l.figure, 0) + coalesce(r.left_number, 0) END AS a,
               CASE WHEN c.counts THEN l.asked + coalesce(x.asked, 0) ELSE coalesce(x.figure, 0) + coalesce(r.right_number, 0) END AS b,
               CASE WHEN c.counts THEN CASE WHEN r.missing = 'skip_if_all' AND l.given + coalesce(x.given, 0) = 0 THEN 'skip' ELSE r.op END
                    WHEN r.missing = 'skip_if_any' AND (l.missing OR coalesce(x.missing, false)) THEN 'skip'
                    WHEN r.missing = 'skip_if_all' AND l.figure IS NULL AND x.figure IS NULL THEN 'skip' ELSE r.op END AS op,
               CASE WHEN c.counts THEN 'RULE_ANSWERS' WHEN x.side IS NULL THEN 'RULE_LIMIT' ELSE 'RULE_BROKEN' END AS code
          FROM force r JOIN side l ON l.rule_id = r.rule_id AND l.side = 1 LEFT JOIN side x ON x.rule_id = r.rule_id AND x.side = 2
         CROSS JOIN LATERAL (SELECT r.op IN ('all_or_none', 'only_one') AS counts) c
         WHERE NOT l.elsewhere AND NOT coalesce(x.elsewhere, false) AND r.rule_id NOT IN (SELECT a.rule_id FROM absent a)
    )
    SELECT j.first, j.rule_id, j.code, j.a, j.b, j.cells, j.note
      FROM judged j
     WHERE NOT CASE j.op WHEN '=' THEN j.a = j.b WHEN '<>' THEN j.a <> j.b WHEN '>' THEN j.a > j.b WHEN '>=' THEN j.a >= j.b WHEN '<' THEN j.a < j.b WHEN '<=' THEN j.a <= j.b
                         WHEN 'all_or_none' THEN j.a IN (0, j.b) WHEN 'only_one' THEN j.a = 1 ELSE true END
    UNION ALL
    SELECT o.cell_id, p.rule_id, CASE WHEN p.partly THEN 'TABLE_OVER' ELSE 'TABLE_SUM' END, f.figure, p.figure, concat_ws(' ', o.code, p.cells), o.note
      FROM parts p JOIN held o ON o.indicator_id = p.indicator_id AND o.table_id IS NULL
     CROSS JOIN LATERAL (SELECT value_figure(o.kind, o.number, o.denominator, p.half) AS figure) f
     WHERE CASE WHEN p.partly THEN p.figure > f.figure AND (o.unit <> 'decimal' OR p.half <> '') ELSE p.figure <> f.figure END;
END $$;
COMMENT ON FUNCTION report_rules(bigint, bigint, text[]) IS 'the rules over cells that a report does not keep';

-- All that is to be said of a report as it is, of these severities, to these roles. What wants an explanation has one in the
-- note of a value that the rule names, or, once it is signed, in the note of the signature.
DROP FUNCTION report_problems(bigint, bigint);
CREATE FUNCTION report_problems(p_entity bigint, p_round bigint, p_severities text[], p_roles int)
RETURNS TABLE (cell text, rule text, severity text, code text, unanswered bigint, asked bigint, kind text, name_en text, name_ar text, name_ckb text, op text,
               left_term text, right_term text, left_value text, right_value text, cells text, explained boolean, note text)
LANGUAGE sql STABLE AS $$
WITH held AS MATERIALIZED (
    SELECT k.code, k.indicator_id, k.table_id, a.kinds, a.unit, coalesce(v.kind, 0::smallint) AS kind, v.number, v.denominator, v.expected_on
      FROM asked(p_entity, p_round) a JOIN cell k USING (cell_id)
      LEFT JOIN value v ON v.entity_id = p_entity AND v.round_id = p_round AND v.cell_id = a.cell_id
), total AS (
    SELECT * FROM held WHERE table_id IS NULL
), signature AS MATERIALIZED (
    SELECT nullif(l.note, '') AS note FROM report r JOIN log l ON l.entity_id = r.entity_id AND l.round_id = r.round_id AND l.action = 'submit'
     WHERE r.entity_id = p_entity AND r.round_id = p_round AND r.state IN ('submitted', 'in_review', 'endorsed', 'accepted') ORDER BY l.revision DESC LIMIT 1
), found (cell, rule, severity, code, unanswered, asked, kind, name_en, name_ar, name_ckb, op, left_term, right_term, left_value, right_value, cells, note) AS (
    SELECT t.code, 'unanswered_total', 'BLOCK', 'UNANSWERED_TOTAL', 1::bigint, 1::bigint, 'answer', NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text,
           NULL::text, NULL::text, t.code, NULL::text
      FROM total t WHERE t.kind = 0
    UNION ALL
    SELECT h.code, 'outside_unit', 'BLOCK', value_fault(h.kind, h.kinds, h.unit, h.number, h.denominator, h.expected_on), 1, 1, 'answer', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           h.code, NULL
      FROM held h WHERE h.kind <> 0 AND value_fault(h.kind, h.kinds, h.unit, h.number, h.denominator, h.expected_on) IS NOT NULL
    UNION ALL
    SELECT i.code || ':' || t.code, 'unanswered_table', 'EXPLAIN', 'UNANSWERED_TABLE', count(*) FILTER (WHERE h.kind = 0), count(*), 'answer', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           string_agg(h.code, ' ' ORDER BY h.code) FILTER (WHERE h.kind = 0), NULL
      FROM held h JOIN indicator_table t USING (table_id) JOIN indicator i ON i.indicator_id = h.indicator_id
      JOIN total o ON o.indicator_id = h.indicator_id
     WHERE o.kind NOT BETWEEN 8 AND 11
     GROUP BY i.code, t.code HAVING count(*) FILTER (WHERE h.kind = 0) > 0
    UNION ALL
    SELECT n.cell, n.rule, n.severity, n.code, n.unanswered, n.asked, 'answer', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM narrative_problems(p_entity, p_round) n
    UNION ALL
    SELECT k.code, r.code, r.severity, f.code, NULL, NULL, r.kind, CASE r.kind WHEN 'given' THEN r.name_en END, r.name_ar, r.name_ckb, r.op, r.left_text, r.right_text,
           f.left_value::text, f.right_value::text, f.cells, nullif(f.note, '')
      FROM report_rules(p_entity, p_round, p_severities) f JOIN rule r USING (rule_id) JOIN cell k USING (cell_id)
    UNION ALL
    SELECT k.code, f.rule, f.severity, f.code, NULL, NULL, f.rule, NULL, NULL, NULL, NULL, k.code || CASE f.half WHEN '' THEN '' ELSE '.' || f.half END, NULL,
           f.figure::text, f.other::text, k.code, nullif(v.note::text, '')
      FROM report_trends(p_entity, p_round, p_severities, p_roles) f JOIN cell k USING (cell_id)
      JOIN value v ON v.entity_id = p_entity AND v.round_id = p_round AND v.cell_id = f.cell_id
)
SELECT f.cell, f.rule, f.severity, f.code, f.unanswered, f.asked, f.kind, f.name_en, f.name_ar, f.name_ckb, f.op, f.left_term, f.right_term, f.left_value, f.right_value, f.cells,
       f.severity <> 'BLOCK' AND n.note IS NOT NULL, n.note
  FROM found f CROSS JOIN LATERAL (SELECT CASE f.severity WHEN 'BLOCK' THEN NULL WHEN 'EXPLAIN' THEN coalesce(f.note, (SELECT s.note FROM signature s)) ELSE f.note END AS note) n
 WHERE f.severity = ANY (p_severities)
 ORDER BY f.severity, f.cell COLLATE "C", f.rule COLLATE "C" $$;
COMMENT ON FUNCTION report_problems(bigint, bigint, text[], int) IS 'what is to be said of a report, BLOCK first';

-- What stands between a report and its submission: what blocks, and what is not explained yet.
CREATE FUNCTION report_problems(p_entity bigint, p_round bigint)
RETURNS TABLE (cell text, rule text, severity text, code text, unanswered bigint, asked bigint, kind text, name_en text, name_ar text, name_ckb text, op text,
               left_term text, right_term text, left_value text, right_value text, cells text, explained boolean, note text)
LANGUAGE sql STABLE AS $$
SELECT * FROM report_problems(p_entity, p_round, '{BLOCK,EXPLAIN}', 6) p WHERE NOT p.explained $$;
COMMENT ON FUNCTION report_problems(bigint, bigint) IS 'what stands between a report and its submission, BLOCK first';

GRANT EXECUTE ON FUNCTION plan_keys(), plan_nodes(jsonb), plan_rows(jsonb), plan_counts(bigint, jsonb), plan_write(bigint, jsonb, bigint),
    rule_terms(bigint, jsonb), rule_fault(bigint, jsonb), rule_wanted(bigint), plan_put_rules(bigint), value_figure(smallint, numeric, numeric, text),
    report_trends(bigint, bigint, text[], int), report_rules(bigint, bigint, text[]), report_problems(bigint, bigint, text[], int), report_problems(bigint, bigint) TO inap_app;

-- Plans that are there already get the rules of their tables.
SELECT plan_put_rules(p.plan_id) FROM plan p;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'rules' $$;

COMMIT;
