-- Deploy inap:plan_check to pg: what a plan file is, and what is wrong with one. Nothing here writes.
-- The format is client/share/plans/README.md; plan_nodes and plan_keys are the only places that know it.
BEGIN;
SET LOCAL search_path = inap;

-- A refusal too large for a result row: DETAIL is CODE|name=value|name=value, which the daemon makes an error of.
CREATE FUNCTION refuse(p_code text, VARIADIC p_pairs text[]) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'INPLN', MESSAGE = p_code,
        DETAIL = p_code || coalesce((SELECT string_agg('|' || p_pairs[i] || '=' || replace(replace(coalesce(p_pairs[i + 1], ''), '%', '%25'), '|', '%7C'), '' ORDER BY i)
                                       FROM generate_series(1, cardinality(p_pairs), 2) AS i), '');
END $$;
COMMENT ON FUNCTION refuse(text, text[]) IS 'raises INPLN with a code of errors.def and its named arguments';

-- Text that is no JSON (or holds what jsonb cannot) must not fail the unit.
CREATE FUNCTION json_read(p_text text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    RETURN p_text::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RETURN NULL;
END $$;
COMMENT ON FUNCTION json_read(text) IS 'a JSON document, or null where the text is none';

CREATE FUNCTION is_date(p_text text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$
SELECT CASE WHEN p_text !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' OR substr(p_text, 1, 4) < '1900' OR substr(p_text, 6, 2) NOT BETWEEN '01' AND '12' THEN false
            ELSE substr(p_text, 9, 2)::int BETWEEN 1
                 AND extract(day FROM make_date(substr(p_text, 1, 4)::int, substr(p_text, 6, 2)::int, 1) + interval '1 month' - interval '1 day') END $$;
COMMENT ON FUNCTION is_date(text) IS 'YYYY-MM-DD, a day that exists, from 1900 on';

CREATE FUNCTION json_list(p_value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE jsonb_typeof(p_value) WHEN 'array' THEN p_value ELSE '[]' END $$;
COMMENT ON FUNCTION json_list(jsonb) IS 'an array as it is, an empty one for anything else';

-- Every object of a plan file with its place.
CREATE FUNCTION plan_nodes(b jsonb) RETURNS TABLE (kind text, place text, owner text, sort int, v jsonb) LANGUAGE sql IMMUTABLE AS $$
WITH lists AS MATERIALIZED (
    SELECT l.kind, format('%s[%s]', l.key, e.n - 1) AS place, e.n::int AS sort, e.v
      FROM (VALUES ('entity', 'entities'), ('dimension', 'dimensions'), ('result', 'results'), ('indicator', 'indicators')) AS l (kind, key),
           jsonb_array_elements(json_list(b -> l.key)) WITH ORDINALITY AS e (v, n)
)
SELECT 'plan', '', NULL::text, 0, b
UNION ALL SELECT l.kind, l.place, NULL, l.sort, l.v FROM lists l
UNION ALL SELECT 'category', format('%s.categories[%s]', l.place, c.n - 1), l.v ->> 'code', c.n::int, c.v
            FROM lists l, jsonb_array_elements(json_list(l.v -> 'categories')) WITH ORDINALITY AS c (v, n) WHERE l.kind = 'dimension'
UNION ALL SELECT 'table', format('%s.tables[%s]', l.place, c.n - 1), l.v ->> 'code', c.n::int, c.v
            FROM lists l, jsonb_array_elements(json_list(l.v -> 'tables')) WITH ORDINALITY AS c (v, n) WHERE l.kind = 'indicator'
UNION ALL SELECT 'reporter', format('%s.reporters[%s]', l.place, c.n - 1), l.v ->> 'code', c.n::int, c.v
            FROM lists l, jsonb_array_elements(json_list(l.v -> 'reporters')) WITH ORDINALITY AS c (v, n) WHERE l.kind = 'indicator'
UNION ALL SELECT 'consulted', format('%s.consulted[%s]', l.place, c.n - 1), l.v ->> 'code', 100000 + c.n::int, c.v
            FROM lists l, jsonb_array_elements(json_list(l.v -> 'consulted')) WITH ORDINALITY AS c (v, n) WHERE l.kind = 'indicator' $$;
COMMENT ON FUNCTION plan_nodes(jsonb) IS 'every object of a plan file with its place';

-- What must and may stand in each object. `words` are the values taken, `pattern` what a string must look like.
CREATE FUNCTION plan_keys() RETURNS TABLE (kind text, path text[], type text, required boolean, words text[], pattern text) LANGUAGE sql IMMUTABLE AS $$
SELECT k.kind, string_to_array(k.path, '.'), k.type, k.required, string_to_array(k.words, ' '), k.pattern FROM (VALUES
    ('plan', 'format', 'number', true, '1', NULL),
    ('plan', 'code', 'string', true, NULL, '^[A-Z][A-Z0-9-]{1,30}$'),
    ('plan', 'names', 'names', true, NULL, NULL),
    ('plan', 'starts_on', 'date', true, NULL, NULL),
    ('plan', 'ends_on', 'date', true, NULL, NULL),
    ('plan', 'entities', 'array', true, NULL, NULL),
    ('plan', 'dimensions', 'array', true, NULL, NULL),
    ('plan', 'results', 'array', true, NULL, NULL),
    ('plan', 'indicators', 'array', true, NULL, NULL),
    ('entity', 'code', 'string', true, NULL, '^[A-Z][A-Z0-9-]{1,30}$'),
    ('entity', 'names', 'names', true, NULL, NULL),
    ('entity', 'jurisdiction', 'string', true, 'federal kurdistan', NULL),
    ('entity', 'kind', 'string', true, NULL, '^[a-z][a-z_]{1,30}$'),
    ('entity', 'parent', 'string', false, NULL, NULL),
    ('entity', 'endorsed_by', 'string', false, NULL, NULL),
    ('entity', 'successor', 'string', false, NULL, NULL),
    ('entity', 'reporting', 'boolean', false, NULL, NULL),
    ('entity', 'valid_from', 'date', false, NULL, NULL),
    ('entity', 'valid_to', 'date', false, NULL, NULL),
    ('dimension', 'code', 'string', true, NULL, '^[a-z][a-z_]{1,30}$'),
    ('dimension', 'names', 'names', true, NULL, NULL),
    ('dimension', 'categories', 'array', true, NULL, NULL),
    ('category', 'code', 'string', true, NULL, '^[A-Za-z0-9][A-Za-z0-9_+-]{0,30}$'),
    ('category', 'names', 'names', true, NULL, NULL),
    ('category', 'valid_from', 'date', false, NULL, NULL),
    ('category', 'valid_to', 'date', false, NULL, NULL),
    ('category', 'split_from', 'string', false, NULL, NULL),
    ('category', 'jurisdictions', 'strings', false, 'federal kurdistan', NULL),
    ('result', 'code', 'string', true, NULL, '^[A-Z]{2}[A-Z0-9./-]{0,40}$'),
    ('result', 'kind', 'string', true, 'pillar area outcome output activity', NULL),
    ('result', 'names', 'names', true, NULL, NULL),
    ('result', 'parent', 'string', false, NULL, NULL),
    ('result', 'lead', 'string', false, NULL, NULL),
    ('indicator', 'code', 'string', true, NULL, '^[A-Z]{2}-[0-9]{1,2}\.[0-9]{1,2}$'),
    ('indicator', 'names', 'names', true, NULL, NULL),
    ('indicator', 'output', 'string', true, NULL, NULL),
    ('indicator', 'level', 'string', true, 'outcome output', NULL),
    ('indicator', 'unit', 'string', true, 'count percent yes_no iqd decimal text', NULL),
    ('indicator', 'unit_label', 'string', false, NULL, NULL),
    ('indicator', 'direction', 'string', true, 'up down none', NULL),
    ('indicator', 'frequency', 'string', true, 'quarterly semiannual annual survey', NULL),
    ('indicator', 'value_kind', 'string', true, 'in_period at_period_end cumulative_since_start year_to_date', NULL),
    ('indicator', 'rule', 'string', true, 'sum ratio last average none', NULL),
    ('indicator', 'across_entities', 'string', true, 'sum ratio last average none', NULL),
    ('indicator', 'across_periods', 'string', true, 'sum ratio last average none', NULL),
    ('indicator', 'numerator', 'string', false, NULL, NULL),
    ('indicator', 'denominator', 'string', false, NULL, NULL),
    ('indicator', 'multiplier', 'number', false, NULL, NULL),
    ('indicator', 'combine', 'string', true, 'parts one register derived each', NULL),
    ('indicator', 'protection', 'object', true, NULL, NULL),
    ('indicator', 'protection.kind', 'string', true, 'none persons places staff money', NULL),
    ('indicator', 'protection.k', 'number', false, NULL, NULL),
    ('indicator', 'may_withhold', 'boolean', true, NULL, NULL),
    ('indicator', 'may_overlap', 'boolean', true, NULL, NULL),
    ('indicator', 'tables', 'array', true, NULL, NULL),
    ('indicator', 'reporters', 'array', true, NULL, NULL),
    ('indicator', 'consulted', 'strings', true, NULL, NULL),
    ('indicator', 'lead', 'string', false, NULL, NULL),
    ('table', 'dimensions', 'strings', true, NULL, NULL),
    ('table', 'exclusive', 'boolean', true, NULL, NULL),
    ('reporter', 'entity', 'string', true, NULL, NULL),
    ('reporter', 'part', 'string', true, 'whole numerator denominator', NULL),
    ('reporter', 'from', 'quarter', false, NULL, NULL),
    ('reporter', 'to', 'quarter', false, NULL, NULL),
    ('reporter', 'covers', 'strings', false, NULL, NULL)) AS k (kind, path, type, required, words, pattern) $$;
COMMENT ON FUNCTION plan_keys() IS 'what must and may stand in each object of a plan file';

-- Names in three languages: English never empty, the others may be missing.
CREATE FUNCTION names_fault(x jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT CASE WHEN jsonb_typeof(x) <> 'object' THEN 'wants names in en, ar, ckb'
            WHEN coalesce(x ->> 'en', '') = '' THEN 'the English name is missing'
            ELSE (SELECT CASE WHEN jsonb_typeof(n.value) NOT IN ('string', 'null') THEN format('the name in %s is no text', n.key)
                              WHEN length(n.value #>> '{}') > 2000 THEN format('the name in %s is longer than 2000 characters', n.key) END
                    FROM jsonb_each(x) AS n WHERE n.key IN ('en', 'ar', 'ckb') ORDER BY 1 LIMIT 1) END $$;
COMMENT ON FUNCTION names_fault(jsonb) IS 'what is wrong with an object of names; null when nothing';

-- Why a key's value does not fit its row of plan_keys: null when it does.
CREATE FUNCTION key_fault(x jsonb, p_type text, p_required boolean, p_words text[], p_pattern text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT CASE
    WHEN x IS NULL OR jsonb_typeof(x) = 'null' THEN CASE WHEN p_required THEN 'is missing' END
    WHEN p_type = 'names' THEN names_fault(x)
    WHEN p_type IN ('array', 'object', 'boolean', 'number') THEN CASE
        WHEN jsonb_typeof(x) <> p_type THEN format('wants %s, not %s', p_type, jsonb_typeof(x))
        WHEN NOT (x #>> '{}') = ANY (p_words) THEN format('%s is none of %s', left(x #>> '{}', 40), array_to_string(p_words, ', ')) END
    WHEN p_type = 'strings' THEN CASE
        WHEN jsonb_typeof(x) <> 'array' THEN 'wants a list of words'
        ELSE (SELECT CASE WHEN jsonb_typeof(e.v) <> 'string' THEN 'wants a list of words'
                          WHEN NOT (e.v #>> '{}') = ANY (p_words) THEN format('''%s'' is none of %s', left(e.v #>> '{}', 40), array_to_string(p_words, ', ')) END
                FROM jsonb_array_elements(x) AS e (v) ORDER BY 1 LIMIT 1) END
    WHEN jsonb_typeof(x) <> 'string' THEN format('wants text, not %s', jsonb_typeof(x))
    WHEN octet_length(x #>> '{}') > 2000 THEN 'is longer than 2000 bytes'
    WHEN NOT (x #>> '{}') = ANY (p_words) THEN format('''%s'' is none of %s', left(x #>> '{}', 40), array_to_string(p_words, ', '))
    WHEN (x #>> '{}') !~ p_pattern THEN format('''%s'' is no code', left(x #>> '{}', 40))
    WHEN p_type = 'date' AND NOT is_date(x #>> '{}') THEN format('''%s'' is not a date: write YYYY-MM-DD', left(x #>> '{}', 40))
    WHEN p_type = 'quarter' AND quarter_number(x #>> '{}') IS NULL THEN format('''%s'' is not a quarter: write 2024Q3', left(x #>> '{}', 40)) END $$;
COMMENT ON FUNCTION key_fault(jsonb, text, boolean, text[], text) IS 'why a value does not fit its key; null when it does';

-- Text as the protocol takes it: NFC, no control but tab and line feed, nothing that turns the reading direction.
CREATE FUNCTION plan_text_fault(b jsonb) RETURNS TABLE (place text, why text) LANGUAGE sql IMMUTABLE AS $$
WITH RECURSIVE node (place, v) AS (
    SELECT '', b
    UNION ALL
    SELECT n.place || s.step, s.v FROM node n CROSS JOIN LATERAL (
        SELECT format('%s%s', CASE n.place WHEN '' THEN '' ELSE '.' END, o.key) AS step, o.value AS v
          FROM jsonb_each(CASE jsonb_typeof(n.v) WHEN 'object' THEN n.v ELSE '{}' END) AS o
        UNION ALL
        SELECT format('[%s]', a.n - 1), a.v FROM jsonb_array_elements(json_list(n.v)) WITH ORDINALITY AS a (v, n)) s
)
SELECT n.place, CASE WHEN t.t IS NOT NFC NORMALIZED THEN 'is not NFC' WHEN octet_length(t.t) > 32768 THEN 'is longer than 32 KiB'
                     ELSE 'holds a character that may not stand there' END
  FROM node n CROSS JOIN LATERAL (SELECT CASE jsonb_typeof(n.v) WHEN 'string' THEN n.v #>> '{}' ELSE '' END AS t) t
 WHERE t.t IS NOT NFC NORMALIZED OR n.place IS NOT NFC NORMALIZED OR octet_length(t.t) > 32768
    OR t.t ~ U&'[\0001-\0008\000B-\001F\007F-\009F\202A-\202E\2066-\2069]'
 ORDER BY n.place LIMIT 1 $$;
COMMENT ON FUNCTION plan_text_fault(jsonb) IS 'the first text of a plan file that the protocol would not take';

-- Every versioned row of a plan file, by kind and code. A reporter's second span has the code IND:ENTITY:part#2.
CREATE FUNCTION plan_rows(b jsonb) RETURNS TABLE (kind text, code text, owner text, place text, sort int, body jsonb) LANGUAGE sql IMMUTABLE AS $$
SELECT n.kind, n.v ->> 'code', NULL::text, n.place, n.sort,
       n.v - CASE n.kind WHEN 'plan' THEN '{format,entities,dimensions,results,indicators}' WHEN 'dimension' THEN '{categories}'
                         WHEN 'indicator' THEN '{tables,reporters,consulted}' ELSE '{}' END::text[]
  FROM plan_nodes(b) n WHERE n.kind IN ('plan', 'entity', 'dimension', 'result', 'indicator')
UNION ALL
SELECT n.kind, n.owner || '=' || (n.v ->> 'code'), n.owner, n.place, n.sort, n.v FROM plan_nodes(b) n WHERE n.kind = 'category'
UNION ALL
SELECT n.kind, n.owner || ':' || array_to_string(d.codes, ','), n.owner, n.place, n.sort, n.v || jsonb_build_object('dimensions', to_jsonb(d.codes))
  FROM plan_nodes(b) n CROSS JOIN LATERAL (SELECT ARRAY(SELECT x FROM jsonb_array_elements_text(n.v -> 'dimensions') AS x ORDER BY x COLLATE "C") AS codes) d
 WHERE n.kind = 'table'
UNION ALL
SELECT 'assignment', r.code || CASE r.nth WHEN 1 THEN '' ELSE '#' || r.nth END, r.owner, r.place, r.sort, r.body
  FROM (SELECT x.*, row_number() OVER (PARTITION BY x.code ORDER BY quarter_number(x.body ->> 'from') NULLS FIRST, x.sort) AS nth
          FROM (SELECT n.owner || ':' || (n.v ->> 'entity') || ':' || (n.v ->> 'part') AS code, n.owner, n.place, n.sort, n.v AS body
                  FROM plan_nodes(b) n WHERE n.kind = 'reporter'
                UNION ALL
                SELECT n.owner || ':' || (n.v #>> '{}') || ':consulted', n.owner, n.place, n.sort,
                       jsonb_build_object('entity', n.v, 'part', 'consulted') FROM plan_nodes(b) n WHERE n.kind = 'consulted') x) r $$;
COMMENT ON FUNCTION plan_rows(jsonb) IS 'every versioned row of a plan file, by kind and code';

-- References, duplicates and what does not go together, in a file whose shape is right.
CREATE FUNCTION plan_sense_fault(b jsonb) RETURNS TABLE (place text, why text) LANGUAGE sql STABLE AS $$
WITH RECURSIVE rows AS MATERIALIZED (
    SELECT r.* FROM plan_rows(b) r
), known (code) AS MATERIALIZED (
    SELECT r.code FROM rows r WHERE r.kind = 'entity' UNION SELECT e.code FROM entity e WHERE e.entity_id <> 0
), above (code, parent, depth) AS (
    SELECT r.code, r.body ->> 'parent', 1 FROM rows r WHERE r.kind = 'entity' AND r.body ->> 'parent' IS NOT NULL
    UNION ALL
    SELECT a.code, r.body ->> 'parent', a.depth + 1 FROM above a JOIN rows r ON r.kind = 'entity' AND r.code = a.parent
     WHERE a.depth < 20 AND r.body ->> 'parent' IS NOT NULL
), result AS MATERIALIZED (
    SELECT r.code, r.place, r.body ->> 'kind' AS kind, r.body ->> 'parent' AS parent FROM rows r WHERE r.kind = 'result'
), indicator AS MATERIALIZED (
    SELECT r.code, r.place, r.body, r.body ->> 'unit' AS unit, r.body ->> 'rule' AS rule, r.body ->> 'combine' AS combine FROM rows r WHERE r.kind = 'indicator'
), span AS MATERIALIZED (
    SELECT r.owner, r.place, r.body, r.body ->> 'entity' AS entity, r.body ->> 'part' AS part,
           coalesce(quarter_number(r.body ->> 'from'), 0) AS from_quarter, coalesce(quarter_number(r.body ->> 'to'), 39996) AS to_quarter
      FROM rows r WHERE r.kind = 'assignment'
), parts AS MATERIALIZED (
    SELECT r.owner, count(*) AS parts FROM rows r WHERE r.kind = 'category' GROUP BY r.owner
), asked AS (
    SELECT r.place, d.code, d.n, p.parts FROM rows r CROSS JOIN LATERAL jsonb_array_elements_text(r.body -> 'dimensions') WITH ORDINALITY AS d (code, n)
      LEFT JOIN parts p ON p.owner = d.code WHERE r.kind = 'table'
), faults (step, place, why) AS (
    SELECT 1, min(r.place), format('%s %s stands twice', r.kind, r.code) FROM rows r WHERE r.kind <> 'assignment' GROUP BY r.kind, r.code HAVING count(*) > 1
    UNION ALL SELECT 2, 'ends_on', 'lies before starts_on' WHERE (b ->> 'ends_on') < (b ->> 'starts_on')
    UNION ALL SELECT 2, r.place || '.valid_to', 'lies before valid_from' FROM rows r WHERE r.kind IN ('entity', 'category') AND r.body ->> 'valid_to' < r.body ->> 'valid_from'
    UNION ALL SELECT 3, r.place || '.' || k.key, format('there is no entity %s', r.body ->> k.key)
                FROM rows r, (VALUES ('parent'), ('endorsed_by'), ('successor')) AS k (key)
               WHERE r.kind = 'entity' AND r.body ->> k.key IS NOT NULL AND NOT EXISTS (SELECT FROM known e WHERE e.code = r.body ->> k.key)
    UNION ALL SELECT 3, a.code, 'stands above itself' FROM above a WHERE a.parent = a.code
    UNION ALL SELECT 4, r.place || '.split_from', format('there is no category %s=%s', r.owner, r.body ->> 'split_from') FROM rows r
               WHERE r.kind = 'category' AND r.body ->> 'split_from' IS NOT NULL
                 AND NOT EXISTS (SELECT FROM rows c WHERE c.kind = 'category' AND c.code = r.owner || '=' || (r.body ->> 'split_from'))
    UNION ALL SELECT 5, c.place || '.parent', CASE WHEN c.kind IN ('pillar', 'area') THEN format('%s stands under nothing', c.kind)
                                                   WHEN p.code IS NULL THEN format('there is no result %s', coalesce(c.parent, '(missing)'))
                                                   ELSE format('%s cannot stand under %s', c.kind, p.kind) END
                FROM result c LEFT JOIN result p ON p.code = c.parent
               WHERE CASE WHEN c.kind IN ('pillar', 'area') THEN c.parent IS NOT NULL
                          ELSE (c.kind, p.kind) NOT IN (('outcome', 'pillar'), ('outcome', 'area'), ('output', 'outcome'), ('activity', 'output')) OR p.code IS NULL END
    UNION ALL SELECT 5, r.place || '.lead', format('there is no entity %s', r.body ->> 'lead') FROM rows r
               WHERE r.kind IN ('result', 'indicator') AND r.body ->> 'lead' IS NOT NULL AND NOT EXISTS (SELECT FROM known e WHERE e.code = r.body ->> 'lead')
    UNION ALL SELECT 5, r.place || '.code', format('there is no entity %s', r.body ->> 'code') FROM rows r
               WHERE r.kind = 'category' AND r.owner = 'institution' AND r.body ->> 'code' NOT IN ('unknown', 'other')
                 AND NOT EXISTS (SELECT FROM known e WHERE e.code = r.body ->> 'code')
    UNION ALL SELECT 6, i.place || '.output', format('there is no output %s', i.body ->> 'output') FROM indicator i
               WHERE NOT EXISTS (SELECT FROM result c WHERE c.code = i.body ->> 'output' AND c.kind = 'output')
    UNION ALL SELECT 7, i.place || '.rule', format('%s does not go with unit %s', i.rule, i.unit) FROM indicator i
               WHERE i.unit IN ('yes_no', 'text') AND i.rule IN ('sum', 'ratio', 'average') OR i.unit IN ('count', 'iqd') AND i.rule = 'ratio'
                  OR i.unit = 'percent' AND i.rule IN ('sum', 'average')
    UNION ALL SELECT 7, i.place || '.' || k.key, 'is missing: a ratio names both halves' FROM indicator i, (VALUES ('numerator'), ('denominator')) AS k (key)
               WHERE i.rule = 'ratio' AND coalesce(i.body ->> k.key, '') = ''
    UNION ALL SELECT 7, i.place || '.multiplier', 'wants a number above 0' FROM indicator i WHERE (i.body ->> 'multiplier')::numeric <= 0
    UNION ALL SELECT 7, i.place || '.protection.k', 'wants a whole number from 2 to 1000' FROM indicator i
               WHERE i.body #>> '{protection,kind}' = 'persons' AND coalesce((i.body #>> '{protection,k}')::numeric, 0) NOT IN (SELECT generate_series(2, 1000))
    UNION ALL SELECT 8, a.place || '.dimensions', format('there is no dimension %s', a.code) FROM asked a WHERE a.parts IS NULL
    UNION ALL SELECT 8, r.place || '.dimensions', 'wants one dimension at least, none twice' FROM rows r WHERE r.kind = 'table'
                 AND (SELECT count(*) = 0 OR count(*) <> count(DISTINCT d) FROM jsonb_array_elements_text(r.body -> 'dimensions') AS d)
    UNION ALL SELECT 8, a.place || '.dimensions', 'makes more than 4,000 cells' FROM asked a GROUP BY a.place HAVING sum(ln(a.parts)) > ln(4000) + 0.000001
    UNION ALL SELECT 9, s.place, format('there is no entity %s', s.entity) FROM span s WHERE NOT EXISTS (SELECT FROM known e WHERE e.code = s.entity)
    UNION ALL SELECT 9, s.place || '.to', 'lies before from' FROM span s WHERE s.to_quarter < s.from_quarter
    UNION ALL SELECT 9, s.place || '.part', format('%s is no ratio: it has no %s', i.code, s.part) FROM span s JOIN indicator i ON i.code = s.owner
               WHERE s.part IN ('numerator', 'denominator') AND i.rule <> 'ratio'
    UNION ALL SELECT 9, s.place, format('%s is derived: it is asked of nobody', i.code) FROM span s JOIN indicator i ON i.code = s.owner WHERE i.combine = 'derived'
    UNION ALL SELECT 9, s.place, format('%s stands twice at %s', s.entity, s.owner) FROM span s JOIN span o ON o.owner = s.owner AND o.entity = s.entity AND o.place < s.place
                 AND o.from_quarter <= s.to_quarter AND s.from_quarter <= o.to_quarter
    UNION ALL SELECT 9, s.place || '.covers', format('there is no category %s', c.code) FROM span s CROSS JOIN LATERAL jsonb_array_elements_text(json_list(s.body -> 'covers')) AS c (code)
               WHERE NOT EXISTS (SELECT FROM rows r WHERE r.kind = 'category' AND r.code = c.code)
)
SELECT f.place, f.why FROM faults f ORDER BY f.step, f.place COLLATE "C" LIMIT 1 $$;
COMMENT ON FUNCTION plan_sense_fault(jsonb) IS 'the first reference, duplicate or pair of a plan file that makes no sense';

-- `one` has exactly one reporter of each part per jurisdiction at any time.
CREATE FUNCTION plan_two_reporters(b jsonb) RETURNS TABLE (code text, jurisdiction text, entities text) LANGUAGE sql STABLE AS $$
WITH span AS MATERIALIZED (
    SELECT r.owner, r.body ->> 'entity' AS entity, r.body ->> 'part' AS part, coalesce(f.jurisdiction, e.jurisdiction) AS jurisdiction,
           coalesce(quarter_number(r.body ->> 'from'), 0) AS from_quarter, coalesce(quarter_number(r.body ->> 'to'), 39996) AS to_quarter
      FROM plan_rows(b) r JOIN plan_nodes(b) i ON i.kind = 'indicator' AND i.v ->> 'code' = r.owner AND i.v ->> 'combine' = 'one'
      LEFT JOIN (SELECT n.v ->> 'code' AS code, n.v ->> 'jurisdiction' AS jurisdiction FROM plan_nodes(b) n WHERE n.kind = 'entity') f ON f.code = r.body ->> 'entity'
      LEFT JOIN entity e ON e.code = r.body ->> 'entity'
     WHERE r.kind = 'assignment' AND r.body ->> 'part' <> 'consulted'
)
SELECT s.owner, s.jurisdiction, (SELECT string_agg(DISTINCT x.entity, ', ' ORDER BY x.entity) FROM span x WHERE x.owner = s.owner AND x.jurisdiction = s.jurisdiction)
  FROM span s JOIN span o ON o.owner = s.owner AND o.jurisdiction = s.jurisdiction AND o.entity > s.entity
   AND o.from_quarter <= s.to_quarter AND s.from_quarter <= o.to_quarter AND (o.part = s.part OR 'whole' IN (o.part, s.part))
 ORDER BY 1, 2 LIMIT 1 $$;
COMMENT ON FUNCTION plan_two_reporters(jsonb) IS 'the first indicator of `one` with two reporters in a jurisdiction';

-- Parent and child that both report one indicator of `parts`: the file must say which leaves the other out.
CREATE FUNCTION plan_warnings(b jsonb) RETURNS SETOF text LANGUAGE sql STABLE AS $$
WITH RECURSIVE house AS MATERIALIZED (
    SELECT n.v ->> 'code' AS code, n.v ->> 'parent' AS parent FROM plan_nodes(b) n WHERE n.kind = 'entity'
    UNION SELECT e.code, p.code FROM entity e LEFT JOIN entity p ON p.entity_id = e.parent_id
           WHERE e.entity_id <> 0 AND NOT EXISTS (SELECT FROM plan_nodes(b) n WHERE n.kind = 'entity' AND n.v ->> 'code' = e.code)
), above (code, parent, depth) AS (
    SELECT h.code, h.parent, 1 FROM house h WHERE h.parent IS NOT NULL
    UNION ALL SELECT a.code, h.parent, a.depth + 1 FROM above a JOIN house h ON h.code = a.parent WHERE h.parent IS NOT NULL AND a.depth < 20
), reporter AS MATERIALIZED (
    SELECT DISTINCT r.owner, r.body ->> 'entity' AS entity, r.body ->> 'part' AS part FROM plan_rows(b) r JOIN plan_nodes(b) i ON i.kind = 'indicator' AND i.v ->> 'code' = r.owner
     WHERE r.kind = 'assignment' AND r.body ->> 'part' <> 'consulted' AND i.v ->> 'combine' = 'parts'
)
SELECT DISTINCT format('PARENT_AND_CHILD:%s:%s:%s', p.owner, p.entity, c.entity)
  FROM reporter p JOIN reporter c ON c.owner = p.owner AND (c.part = p.part OR 'whole' IN (c.part, p.part)) JOIN above a ON a.code = c.entity AND a.parent = p.entity
 ORDER BY 1 $$;
COMMENT ON FUNCTION plan_warnings(jsonb) IS 'things of a plan file to look at';

-- Refuses a file that is no plan; returns nothing for one that is. Writes nothing.
CREATE FUNCTION plan_check(b jsonb) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE q record;
BEGIN
    IF b IS NULL OR jsonb_typeof(b) <> 'object' THEN
        PERFORM refuse('PLAN_BAD', 'place', 'the file', 'why', 'it is no JSON object');
    END IF;
    SELECT * INTO q FROM plan_text_fault(b);
    IF FOUND THEN PERFORM refuse('PLAN_BAD', 'place', q.place, 'why', q.why); END IF;
    SELECT concat_ws('.', nullif(n.place, ''), array_to_string(k.path, '.')) AS place, coalesce(f.why, 'wants an object') AS why INTO q
      FROM plan_nodes(b) WITH ORDINALITY AS n (kind, place, owner, sort, v, i) JOIN plan_keys() WITH ORDINALITY AS k (kind, path, type, required, words, pattern, i) ON k.kind = n.kind
     CROSS JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(n.v) = 'object' THEN key_fault(n.v #> k.path, k.type, k.required, k.words, k.pattern) ELSE 'wants an object' END AS why) f
     WHERE f.why IS NOT NULL ORDER BY n.i, k.i LIMIT 1;
    IF FOUND THEN PERFORM refuse('PLAN_BAD', 'place', q.place, 'why', q.why); END IF;
    SELECT * INTO q FROM plan_sense_fault(b);
    IF FOUND THEN PERFORM refuse('PLAN_BAD', 'place', q.place, 'why', q.why); END IF;
    SELECT * INTO q FROM plan_two_reporters(b);
    IF FOUND THEN PERFORM refuse('PLAN_TWO_REPORTERS', 'code', q.code, 'jurisdiction', q.jurisdiction, 'entities', q.entities); END IF;
END $$;
COMMENT ON FUNCTION plan_check(jsonb) IS 'refuses (INPLN) a file that is no plan';

COMMIT;
