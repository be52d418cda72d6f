-- Deploy inap:remind to pg: dated notices to offices whose report is late or due soon; how many totals hold a value.
BEGIN;
SET LOCAL search_path = inap;

CREATE TABLE notice ( -- a reminder to an office, at most one a day for a report
    entity_id bigint NOT NULL, -- whose report
    round_id bigint NOT NULL, -- of which round
    day date NOT NULL, -- the day in Baghdad
    kind text NOT NULL CHECK (kind IN ('late', 'due')), -- why
    due_at timestamptz NOT NULL, -- when it was due then
    made_by bigint NOT NULL, -- who reminded
    made_at timestamptz NOT NULL DEFAULT now(), -- when
    PRIMARY KEY (entity_id, round_id, day)
);
COMMENT ON TABLE notice IS 'a reminder to an office, at most one a day for a report';
COMMENT ON COLUMN notice.entity_id IS 'whose report';
COMMENT ON COLUMN notice.round_id IS 'of which round';
COMMENT ON COLUMN notice.day IS 'the day in Baghdad';
COMMENT ON COLUMN notice.kind IS 'why';
COMMENT ON COLUMN notice.due_at IS 'when it was due then';
COMMENT ON COLUMN notice.made_by IS 'who reminded';
COMMENT ON COLUMN notice.made_at IS 'when';
GRANT SELECT, INSERT ON notice TO inap_app;

-- Whose report of a round wants a reminder: not excused, not submitted, and late or due within some days. What was returned is due
-- by its answer. A coordinator reminds the own government's.
CREATE FUNCTION remind_whom(p_actor bigint, p_round bigint, p_days int)
RETURNS TABLE (entity_id bigint, state text, kind text, due_at timestamptz, already boolean) LANGUAGE sql STABLE AS $$
SELECT r.entity_id, r.state, CASE WHEN d.due_at < now() THEN 'late' ELSE 'due' END, d.due_at,
       EXISTS (SELECT FROM notice n WHERE n.entity_id = r.entity_id AND n.round_id = r.round_id AND n.day = today())
  FROM round o JOIN report r USING (round_id) CROSS JOIN LATERAL (SELECT coalesce(r.respond_by, report_next_due(r, o)) AS due_at) d
 WHERE o.round_id = p_round AND r.state IN ('expected', 'draft', 'returned') AND r.excused_by IS NULL AND baghdad_day(d.due_at) <= today() + p_days
   AND EXISTS (SELECT FROM asked(r.entity_id, r.round_id)) AND holds_role(p_actor, '{secretariat,coordinator}', r.entity_id) $$;
COMMENT ON FUNCTION remind_whom(bigint, bigint, int) IS 'whose report of a round is late or due within some days, of those whom a user may remind';

-- As before, with how many totals hold a value that is no blank.
DROP FUNCTION national_states(bigint, bigint);
CREATE FUNCTION national_states(p_actor bigint, p_round bigint)
RETURNS TABLE (entity_id bigint, state text, first_submitted_at timestamptz, due_at timestamptz, extended boolean, on_time boolean, answered bigint, asked bigint,
               valued bigint, excused boolean, excused_note text, accepted_first boolean)
LANGUAGE sql STABLE AS $$
SELECT r.entity_id, state_now(r.state, r.claimed_at), r.first_submitted_at, report_due(r, o), report_extended(r.entity_id, o.round_id), report_on_time(r, o), c.answered, c.asked,
       c.valued, r.excused_by IS NOT NULL, r.excused_note, r.accepted_first AND r.state = 'accepted'
  FROM round o JOIN report r USING (round_id)
  CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE k.table_id IS NULL AND (v.kind <> 0 OR a.cell_id IN (SELECT x.cell_id FROM carried_now(r.entity_id, o.round_id) x))) AS answered, count(*) FILTER (WHERE k.table_id IS NULL) AS asked, count(*) AS cells,
                             count(*) FILTER (WHERE k.table_id IS NULL AND v.kind BETWEEN 1 AND 7) AS valued
                        FROM asked(r.entity_id, o.round_id) a JOIN cell k USING (cell_id)
                        LEFT JOIN value v ON v.entity_id = r.entity_id AND v.round_id = o.round_id AND v.cell_id = a.cell_id AND k.table_id IS NULL) c
 WHERE o.round_id = p_round AND c.cells > 0
   AND EXISTS (SELECT FROM live_grant g WHERE g.user_id = p_actor AND g.role IN ('coordinator', 'secretariat', 'national_team')) $$;
COMMENT ON FUNCTION national_states(bigint, bigint) IS 'how every report of a round stands, for those who may know';

GRANT EXECUTE ON FUNCTION remind_whom(bigint, bigint, int), national_states(bigint, bigint) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'remind' $$;

COMMIT;
