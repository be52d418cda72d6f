-- Deploy inap:rule_change to pg: rules added and retired by hand, beside those of the plan file.
--
-- The last word counts, as with assignments: a change by hand stands until a later file says something new about that rule; a
-- file that repeats itself, or never knew the rule, changes nothing.
BEGIN;
SET LOCAL search_path = inap;

CREATE TABLE rule_change ( -- what the Secretariat said of a rule by hand; insert-only, a projection of the system's chain
    change_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, -- its number here: the order in which they were said
    plan_id bigint NOT NULL REFERENCES plan, -- of which plan
    code text NOT NULL, -- which rule
    body jsonb, -- the rule as given; null: no more
    file_versions bigint NOT NULL, -- what rule_versions() said then: more mean that a file spoke since
    made_by bigint NOT NULL, -- who said so
    made_at timestamptz NOT NULL DEFAULT now() -- when
);
CREATE INDEX rule_change_code ON rule_change (plan_id, code);
COMMENT ON TABLE rule_change IS 'what the Secretariat said of a rule by hand; insert-only, a projection of the system''s chain';
COMMENT ON COLUMN rule_change.change_id IS 'its number here: the order in which they were said';
COMMENT ON COLUMN rule_change.plan_id IS 'of which plan';
COMMENT ON COLUMN rule_change.code IS 'which rule';
COMMENT ON COLUMN rule_change.body IS 'the rule as given; null: no more';
COMMENT ON COLUMN rule_change.file_versions IS 'what rule_versions() said then: more mean that a file spoke since';
COMMENT ON COLUMN rule_change.made_by IS 'who said so';
COMMENT ON COLUMN rule_change.made_at IS 'when';
GRANT SELECT, INSERT ON rule_change TO inap_app;

ALTER TABLE rule ADD COLUMN by_hand boolean NOT NULL DEFAULT false, ADD COLUMN retired boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN rule.by_hand IS 'it was made by hand, by no plan file';
COMMENT ON COLUMN rule.retired IS 'it was ended by hand';
COMMENT ON COLUMN rule.version IS 'of a given rule: its version in reference_version; 0: it was made by hand';

CREATE FUNCTION rule_versions(p_plan bigint, p_code text) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT count(*) FROM reference_version v WHERE v.plan_id = p_plan AND v.kind = 'rule' AND v.code = p_code $$;
COMMENT ON FUNCTION rule_versions(bigint, text) IS 'how many versions plan files brought of a rule';

-- The last word about every given rule; a body that is null: no more.
CREATE FUNCTION rule_said(p_plan bigint) RETURNS TABLE (code text, version int, body jsonb, by_hand boolean) LANGUAGE sql STABLE AS $$
WITH hand AS MATERIALIZED (
    SELECT DISTINCT ON (c.code) c.code, c.body FROM rule_change c
     WHERE c.plan_id = p_plan AND c.file_versions = rule_versions(p_plan, c.code) ORDER BY c.code, c.change_id DESC
)
SELECT h.code, 0, h.body, true FROM hand h
UNION ALL
SELECT l.code, l.version, CASE WHEN l.action <> 'close' THEN l.body END, false FROM plan_latest(p_plan) l
 WHERE l.kind = 'rule' AND l.code NOT IN (SELECT h.code FROM hand h) $$;
COMMENT ON FUNCTION rule_said(bigint) IS 'the last word about every given rule of a plan, the file''s or by hand';

-- The rules that a plan wants: those that were given, one for every exclusive table whose parts add up, and those without cells.
DROP FUNCTION rule_wanted(bigint);
CREATE FUNCTION rule_wanted(p_plan bigint)
RETURNS TABLE (code text, kind text, name_en text, name_ar text, name_ckb text, severity text, op text, left_cells bigint[], left_how text[], left_number numeric, left_text text,
               right_cells bigint[], right_how text[], right_number numeric, right_text text, missing text, valid_from date, valid_to date, table_id bigint, half text, parameters jsonb, version int, body jsonb,
               by_hand boolean)
LANGUAGE sql STABLE AS $$
WITH checks AS MATERIALIZED (
    SELECT c.kind, c.parameters || coalesce(p.body #> ARRAY['checks', c.kind], '{}') AS parameters
      FROM plan p, (VALUES ('table', jsonb '{"severity": "EXPLAIN"}'), ('outlier', '{"severity": "WARN", "periods": 6, "z": 3.5}'),
                           ('year_ratio', '{"severity": "WARN", "ratio": 3, "least": 10}'), ('fall', '{"severity": "WARN"}'),
                           ('numerator', '{"severity": "WARN"}')) AS c (kind, parameters)
     WHERE p.plan_id = p_plan
), given AS (
    SELECT l.code, l.version, l.body, l.by_hand, l.body ->> 'op' AS op, CASE WHEN l.body ->> 'op' IN ('all_or_none', 'only_one') THEN ', ' ELSE ' + ' END AS joint, a.*
      FROM rule_said(p_plan) l
     CROSS JOIN LATERAL (SELECT coalesce(array_agg(t.cell_id ORDER BY t.n, t.sort) FILTER (WHERE s.i = 1 AND t.number IS NULL), '{}') AS left_cells,
                                coalesce(array_agg(t.half || CASE WHEN t.whole THEN '*' ELSE '' END ORDER BY t.n, t.sort) FILTER (WHERE s.i = 1 AND t.number IS NULL), '{}') AS left_how,
                                sum(t.number) FILTER (WHERE s.i = 1) AS left_number,
                                coalesce(array_agg(t.cell_id ORDER BY t.n, t.sort) FILTER (WHERE s.i = 2 AND t.number IS NULL), '{}') AS right_cells,
                                coalesce(array_agg(t.half || CASE WHEN t.whole THEN '*' ELSE '' END ORDER BY t.n, t.sort) FILTER (WHERE s.i = 2 AND t.number IS NULL), '{}') AS right_how,
                                sum(t.number) FILTER (WHERE s.i = 2) AS right_number
                           FROM (VALUES ('left', 1), ('right', 2)) AS s (side, i) CROSS JOIN LATERAL rule_terms(p_plan, l.body -> s.side) t) a
     WHERE l.body IS NOT NULL
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
       coalesce((g.body ->> 'valid_from')::date, '-infinity'), coalesce((g.body ->> 'valid_to')::date, 'infinity'), NULL::bigint, '', '{}'::jsonb, g.version, g.body, g.by_hand
  FROM given g
UNION ALL
SELECT p.total || ':' || p.code, 'table', p.total || ':' || p.code, NULL, NULL, c.parameters ->> 'severity', '=', '{}', '{}', NULL, p.total, '{}', '{}', NULL, p.total || ':' || p.code,
       'skip_if_any', '-infinity', 'infinity', p.table_id, p.half, '{}', 1, '{}', false
  FROM parts p JOIN checks c ON c.kind = 'table' AND c.parameters ->> 'severity' <> 'none'
UNION ALL
SELECT c.kind, c.kind, c.kind, NULL, NULL, c.parameters ->> 'severity', '=', '{}', '{}', NULL, '', '{}', '{}', NULL, '', 'skip_if_any', '-infinity', 'infinity', NULL, '',
       c.parameters - 'severity', 1, '{}', false
  FROM checks c WHERE c.kind <> 'table' AND c.parameters ->> 'severity' <> 'none' $$;
COMMENT ON FUNCTION rule_wanted(bigint) IS 'the rules that a plan''s file, its tables and changes by hand want';

-- Brings the rules to what is wanted. Closed rounds keep theirs: a changed rule ends before the first free quarter and a new
-- row goes on, as does one that comes back after it had ended. What a file no longer has holds for the rounds that have opened;
-- what was retired by hand for those that are closed.
CREATE OR REPLACE FUNCTION plan_put_rules(p_plan bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
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
        SELECT w AS wanted, w.code AS wanted_code, h.rule_id, h.valid_from AS begun, h.valid_to AS ends, s.by_hand IS TRUE AS retired,
               (h.kind, h.name_en, h.name_ar, h.name_ckb, h.severity, h.op, h.missing, h.parameters, h.body, h.left_cells, h.left_how, h.left_number, h.left_text,
                h.right_cells, h.right_how, h.right_number, h.right_text, h.table_id, h.half, h.by_hand)
               IS NOT DISTINCT FROM
               (w.kind, w.name_en, w.name_ar, w.name_ckb, w.severity, w.op, w.missing, w.parameters, w.body, w.left_cells, w.left_how, w.left_number, w.left_text,
                w.right_cells, w.right_how, w.right_number, w.right_text, w.table_id, w.half, w.by_hand)
               AND (h.valid_to >= floor - 1 OR h.valid_to = w.valid_to) AS same
          FROM rule_wanted(p_plan) w FULL JOIN there h ON h.code = w.code
          LEFT JOIN rule_said(p_plan) s ON s.code = h.code AND h.kind = 'given' AND s.body IS NULL
    ), ended AS (
        UPDATE rule t SET valid_to = CASE WHEN d.wanted_code IS NULL THEN least(d.ends, CASE WHEN d.retired THEN floor - 1 ELSE last END)
                                          WHEN d.same THEN (d.wanted).valid_to ELSE least(d.ends, floor - 1) END,
                          retired = d.wanted_code IS NULL AND d.retired
          FROM diff d
         WHERE t.rule_id = d.rule_id
           AND CASE WHEN d.wanted_code IS NULL THEN d.ends > CASE WHEN d.retired THEN floor - 1 ELSE last END
                    WHEN d.same THEN d.ends <> (d.wanted).valid_to ELSE d.begun < floor AND d.ends > floor - 1 END
    ), changed AS (
        UPDATE rule t SET kind = (d.wanted).kind, name_en = (d.wanted).name_en, name_ar = (d.wanted).name_ar, name_ckb = (d.wanted).name_ckb, severity = (d.wanted).severity,
               op = (d.wanted).op, missing = (d.wanted).missing, parameters = (d.wanted).parameters, body = (d.wanted).body, version = (d.wanted).version,
               left_cells = (d.wanted).left_cells, left_how = (d.wanted).left_how, left_number = (d.wanted).left_number, left_text = (d.wanted).left_text,
               right_cells = (d.wanted).right_cells, right_how = (d.wanted).right_how, right_number = (d.wanted).right_number, right_text = (d.wanted).right_text, table_id = (d.wanted).table_id, half = (d.wanted).half,
               valid_from = greatest((d.wanted).valid_from, floor), valid_to = (d.wanted).valid_to, by_hand = (d.wanted).by_hand, retired = false
          FROM diff d WHERE t.rule_id = d.rule_id AND d.wanted_code IS NOT NULL AND NOT d.same AND d.begun >= floor
    )
    INSERT INTO rule (plan_id, code, kind, name_en, name_ar, name_ckb, severity, op, left_cells, left_how, left_number, left_text, right_cells, right_how, right_number,
                      right_text, missing, valid_from, valid_to, table_id, half, parameters, version, body, by_hand)
    SELECT p_plan, w.code, w.kind, w.name_en, w.name_ar, w.name_ckb, w.severity, w.op, w.left_cells, w.left_how, w.left_number, w.left_text, w.right_cells, w.right_how,
           w.right_number, w.right_text, w.missing, greatest(w.valid_from, floor), w.valid_to, w.table_id, w.half, w.parameters, w.version, w.body, w.by_hand
      FROM diff d CROSS JOIN LATERAL (SELECT (d.wanted).*) w
     WHERE d.wanted_code IS NOT NULL AND (d.rule_id IS NULL OR (NOT d.same AND d.begun < floor)) ORDER BY w.code COLLATE "C";
END $$;

-- What is wrong with a rule given by hand: the first thing, with its place in the object.
CREATE FUNCTION rule_body_fault(p_plan bigint, p_body jsonb) RETURNS TABLE (place text, why text) LANGUAGE sql STABLE AS $$
SELECT f.place, f.why FROM (
    SELECT 1 AS step, 1 AS n, 'the file' AS place, 'it is no JSON object' AS why WHERE coalesce(jsonb_typeof(p_body), '') <> 'object'
    UNION ALL SELECT 2, 1, t.place, t.why FROM plan_text_fault(p_body) t WHERE jsonb_typeof(p_body) = 'object'
    UNION ALL SELECT 3, k.n::int, array_to_string(k.path, '.'), key_fault(p_body #> k.path, k.type, k.required, k.words, k.pattern)
                FROM plan_keys() WITH ORDINALITY AS k (kind, path, type, required, words, pattern, n) WHERE k.kind = 'rule'
    UNION ALL SELECT 4, 1, regexp_replace(r.place, '^rules\[0\]\.', ''), r.why FROM rule_fault(p_plan, jsonb_build_object('rules', jsonb_build_array(p_body))) r
               WHERE jsonb_typeof(p_body) = 'object') f
 WHERE f.why IS NOT NULL ORDER BY f.step, f.n LIMIT 1 $$;
COMMENT ON FUNCTION rule_body_fault(bigint, jsonb) IS 'the first thing wrong with a rule given by hand';

-- A file that takes from under a rule made by hand what that rule names is refused: it is retired first.
CREATE OR REPLACE FUNCTION plan_write(p_plan bigint, b jsonb, p_actor bigint) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    summary constant jsonb := plan_write_first(p_plan, b, p_actor);
    f record;
BEGIN
    SELECT * INTO f FROM rule_fault(p_plan, b);
    IF FOUND THEN PERFORM refuse('PLAN_BAD', 'place', f.place, 'why', f.why); END IF;
    SELECT s.code, x.place, x.why INTO f FROM rule_said(p_plan) s CROSS JOIN LATERAL rule_body_fault(p_plan, s.body) x
     WHERE s.by_hand AND s.body IS NOT NULL ORDER BY s.code COLLATE "C" LIMIT 1;
    IF FOUND THEN PERFORM refuse('PLAN_BAD', 'place', format('%s, made by hand, %s', f.code, f.place), 'why', f.why); END IF;
    PERFORM plan_put_rules(p_plan);
    RETURN summary;
END $$;

-- An import says which rules by hand its file replaced, too.
ALTER FUNCTION plan_warnings(jsonb) RENAME TO plan_warnings_first;
CREATE FUNCTION plan_warnings(b jsonb) RETURNS SETOF text LANGUAGE sql STABLE AS $$
SELECT w FROM plan_warnings_first(b) AS w
UNION ALL
SELECT x.said FROM (
    SELECT DISTINCT 'HAND_REPLACED:' || c.code AS said FROM plan p JOIN rule_change c USING (plan_id)
     WHERE p.code = b ->> 'code' AND c.file_versions < rule_versions(c.plan_id, c.code)
       AND c.file_versions = (SELECT count(*) FROM reference_version v WHERE v.plan_id = c.plan_id AND v.kind = 'rule' AND v.code = c.code AND v.at < now()) ORDER BY 1) x $$;
COMMENT ON FUNCTION plan_warnings_first(jsonb) IS 'plan_warnings without rules';
COMMENT ON FUNCTION plan_warnings(jsonb) IS 'things of a plan file to look at';

-- Adds a rule by hand, or retires one: p_rule is the rule as a plan file would hold it, null to retire p_code. fault is null, or
-- CODE|name=value. In force from the first quarter after the last closed round. The caller holds the head of the system's
-- chain; a dry run is the caller's ROLLBACK.
CREATE FUNCTION rule_change(p_plan text, p_code text, p_rule text, p_note text, p_actor bigint, p_key bytea, p_hash bytea,
                            OUT fault text, OUT outcome jsonb, OUT receipt bytea)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    b constant jsonb := json_read(p_rule);
    gone constant boolean := p_rule IS NULL;
    past record;
    target plan;
    said record;
    f record;
    begins int;
BEGIN
    IF NOT holds_role(p_actor, '{secretariat}', 0) THEN fault := 'FORBIDDEN|action=rule.change'; RETURN; END IF;
    SELECT l.actor_id = p_actor AND l.body_hash = p_hash AND l.action LIKE 'rule.%' AS same, l.hash, l.outcome INTO past FROM log l WHERE l.entity_id = 0 AND l.key = p_key;
    IF FOUND THEN
        IF past.same THEN receipt := past.hash; outcome := past.outcome::jsonb; ELSE fault := 'KEY_REUSED'; END IF;
        RETURN;
    END IF;
    SELECT p.* INTO target FROM plan p WHERE p.code = p_plan OR (p_plan = '' AND p.current);
    IF NOT FOUND THEN fault := 'NOT_FOUND|what=plan|name=' || coalesce(nullif(p_plan, ''), 'current'); RETURN; END IF;
    IF NOT gone THEN
        SELECT * INTO f FROM rule_body_fault(target.plan_id, b);
        IF FOUND THEN PERFORM refuse('RULE_BAD', 'place', f.place, 'why', f.why); END IF;
    END IF;
    SELECT * INTO said FROM rule_said(target.plan_id) s WHERE s.code = CASE WHEN gone THEN p_code ELSE b ->> 'code' END;
    fault := CASE
        WHEN NOT gone AND said.body IS NOT NULL THEN 'EXISTS|what=rule|name=' || said.code
        WHEN gone AND said.code IS NOT NULL AND said.body IS NULL THEN format('WRONG_STATE|report=%s|state=retired|action=rule.change', p_code)
        WHEN gone AND said.code IS NULL AND EXISTS (SELECT FROM rule r WHERE r.plan_id = target.plan_id AND r.code = p_code)
             THEN 'BAD_ARGUMENT|field=rule|why=this rule is made of the tables and checks of the plan file: change it there'
        WHEN gone AND said.code IS NULL THEN 'NOT_FOUND|what=rule|name=' || p_code END;
    IF fault IS NOT NULL THEN RETURN; END IF;
    INSERT INTO rule_change (plan_id, code, body, file_versions, made_by)
    SELECT target.plan_id, c.code, b, rule_versions(target.plan_id, c.code), p_actor FROM (SELECT CASE WHEN gone THEN p_code ELSE b ->> 'code' END AS code) c;
    PERFORM plan_put_rules(target.plan_id);
    begins := greatest((plan_quarters(target.plan_id)).free, quarter_of(target.starts_on), quarter_of((b ->> 'valid_from')::date));
    outcome := jsonb_build_object('rule', coalesce(b ->> 'code', p_code), 'retired', gone, 'from', quarter_code(begins), 'body', b);
    receipt := log_append(0, target.plan_id, NULL, NULL, CASE WHEN gone THEN 'rule.retire' ELSE 'rule.add' END, p_note, p_actor, p_key, p_hash, outcome::text);
END $$;
COMMENT ON FUNCTION rule_change(text, text, text, text, bigint, bytea, bytea) IS 'adds or retires a rule by hand; one row: why not, or what was done';

GRANT EXECUTE ON FUNCTION rule_versions(bigint, text), rule_said(bigint), rule_wanted(bigint), rule_body_fault(bigint, jsonb), plan_warnings(jsonb),
    rule_change(text, text, text, text, bigint, bytea, bytea) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'rule_change' $$;

COMMIT;
