-- Deploy inap:endorser to pg: no entity's reports are endorsed in its own house.
BEGIN;
SET LOCAL search_path = inap;

-- The first entity whose `endorsed_by` is itself, its parent or its child, whose staff may pass none of its reports (own_house): nobody
-- could endorse them. What the file does not name is as it stands in the database; a pair is looked at where the file names one of the two.
CREATE FUNCTION plan_endorser_fault(b jsonb) RETURNS TABLE (place text, why text) LANGUAGE sql STABLE AS $$
WITH file AS MATERIALIZED (
    SELECT r.code, r.place, r.body ->> 'parent' AS parent, r.body ->> 'endorsed_by' AS endorser FROM plan_rows(b) r WHERE r.kind = 'entity'
), house AS MATERIALIZED (
    SELECT f.* FROM file f
    UNION ALL
    SELECT e.code, NULL, p.code, v.code FROM entity e LEFT JOIN entity p ON p.entity_id = e.parent_id LEFT JOIN entity v ON v.entity_id = e.endorsed_by_id
     WHERE e.entity_id <> 0 AND NOT EXISTS (SELECT FROM file f WHERE f.code = e.code)
)
SELECT CASE WHEN h.place IS NULL THEN h.code ELSE h.place || '.endorsed_by' END,
       CASE WHEN h.endorser = h.code THEN format('%s cannot endorse its own reports', h.code)
            WHEN h.endorser = h.parent THEN format('%s is the parent of %s: another body must endorse', h.endorser, h.code)
            ELSE format('%s is a child of %s: another body must endorse', h.endorser, h.code) END
  FROM house h LEFT JOIN house v ON v.code = h.endorser
 WHERE (h.endorser IN (h.code, h.parent) OR v.parent = h.code) AND (h.place IS NOT NULL OR v.place IS NOT NULL)
 ORDER BY h.code COLLATE "C" LIMIT 1 $$;
COMMENT ON FUNCTION plan_endorser_fault(jsonb) IS 'the first entity of a plan file whose reports its own house would endorse';
GRANT EXECUTE ON FUNCTION plan_endorser_fault(jsonb) TO inap_app;

-- Refuses a file that is no plan; returns nothing for one that is. Writes nothing.
CREATE OR REPLACE FUNCTION plan_check(b jsonb) RETURNS void LANGUAGE plpgsql STABLE AS $$
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
    SELECT * INTO q FROM plan_endorser_fault(b);
    IF FOUND THEN PERFORM refuse('PLAN_BAD', 'place', q.place, 'why', q.why); END IF;
    SELECT * INTO q FROM plan_two_reporters(b);
    IF FOUND THEN PERFORM refuse('PLAN_TWO_REPORTERS', 'code', q.code, 'jurisdiction', q.jurisdiction, 'entities', q.entities); END IF;
END $$;
COMMENT ON FUNCTION plan_check(jsonb) IS 'refuses (INPLN) a file that is no plan';

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'endorser' $$;

COMMIT;
