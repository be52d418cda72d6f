-- Deploy inap:confirm to pg: an answer of the period before counts when somebody confirms it.
BEGIN;
SET LOCAL search_path = inap;

-- The kinds of the cells of one confirmation, which comes in the arrays of report_save: -1, which fits no cell, where the answer
-- is not to the last zero what the entity held in the period before, or may not be given again. Takes the entity's head first,
-- as the save does: what stands there stays.
CREATE FUNCTION confirmed_kinds(p_entity bigint[], p_plan text[], p_round text[], p_cell text[], p_kind smallint[], p_number numeric[], p_denominator numeric[], p_text text[])
RETURNS smallint[] LANGUAGE plpgsql VOLATILE SET enable_hashjoin = on AS $$
BEGIN
    PERFORM FROM chain_head h WHERE h.entity_id = p_entity[1] FOR NO KEY UPDATE;
    RETURN (WITH before AS MATERIALIZED (
                SELECT k.code, v.* FROM round o JOIN plan p USING (plan_id) CROSS JOIN LATERAL previous_values(p_entity[1], o.round_id, 2) v JOIN cell k USING (cell_id)
                 WHERE o.code = p_round[1] AND (p.code = p_plan[1] OR (p_plan[1] = '' AND p.current)))
            SELECT array_agg(CASE WHEN b.may_confirm AND (b.kind, b.number::text, b.denominator::text, b.text)
                                       IS NOT DISTINCT FROM (s.kind, s.number::text, s.denominator::text, s.text) THEN s.kind ELSE -1::smallint END ORDER BY s.at)
              FROM unnest(p_cell, p_kind, p_number, p_denominator, p_text) WITH ORDINALITY AS s (code, kind, number, denominator, text, at)
              LEFT JOIN before b ON b.code = s.code);
END $$;
COMMENT ON FUNCTION confirmed_kinds(bigint[], text[], text[], text[], smallint[], numeric[], numeric[], text[]) IS 'the kinds of confirmed answers; -1: not that of the period before';
GRANT EXECUTE ON FUNCTION confirmed_kinds(bigint[], text[], text[], text[], smallint[], numeric[], numeric[], text[]) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'confirm' $$;

COMMIT;
