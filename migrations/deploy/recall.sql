-- Deploy inap:recall to pg: a total knows its quarter, so that the last comparable one is found at once however many rounds there were.
BEGIN;
SET LOCAL search_path = inap;

ALTER TABLE total ADD COLUMN quarter int; -- of its round
UPDATE total t SET quarter = o.quarter FROM round o WHERE o.round_id = t.round_id;
ALTER TABLE total ALTER COLUMN quarter SET NOT NULL;
COMMENT ON COLUMN total.quarter IS 'of its round';
-- Of a cell, the last total that something can be compared with: what nobody ever gave a figure for is not looked for in every round.
CREATE INDEX total_weight ON total (cell_id, jurisdiction, state, quarter) WHERE kind = 1 OR (kind = 5 AND denominator IS NOT NULL);

-- As before, with the quarter.
CREATE OR REPLACE FUNCTION total_sum(p_round bigint, p_state text, p_entity bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    side text;
    touched bigint[];
BEGIN
    SELECT e.jurisdiction INTO side FROM entity e WHERE e.entity_id = p_entity;
    INSERT INTO total_lock (round_id, jurisdiction) VALUES (p_round, side) ON CONFLICT DO NOTHING;
    PERFORM FROM total_lock t WHERE t.round_id = p_round AND t.jurisdiction = side FOR UPDATE;
    SELECT coalesce(array_agg(a.cell_id), '{}') INTO touched FROM asked(p_entity, p_round) a;
    INSERT INTO total AS t (round_id, quarter, state, jurisdiction, cell_id, kind, number, denominator, text, valued_by, numerator_by, denominator_by,
                            withheld_by, not_available_by, not_collected_by, not_applicable_by, excused_by, unanswered_by)
    SELECT p_round, o.quarter, p_state, side, c.* FROM round o CROSS JOIN LATERAL total_compute(p_round, p_state, side, touched) c WHERE o.round_id = p_round
        ON CONFLICT (round_id, state, jurisdiction, cell_id) DO UPDATE
       SET kind = excluded.kind, number = excluded.number, denominator = excluded.denominator, text = excluded.text, valued_by = excluded.valued_by,
           numerator_by = excluded.numerator_by, denominator_by = excluded.denominator_by, withheld_by = excluded.withheld_by,
           not_available_by = excluded.not_available_by, not_collected_by = excluded.not_collected_by, not_applicable_by = excluded.not_applicable_by,
           excused_by = excluded.excused_by, unanswered_by = excluded.unanswered_by, as_of = now();
END $$;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'recall' $$;

COMMIT;
