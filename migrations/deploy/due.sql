-- Deploy inap:due to pg: when a report is due and why that moved; who may still write what.
BEGIN;
SET LOCAL search_path = inap;

CREATE TABLE due_change ( -- a due date that moved, for all or for one, and why; insert-only
    due_change_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, -- its number here
    round_id bigint NOT NULL REFERENCES round, -- of which round
    entity_id bigint REFERENCES entity, -- whose; null: everybody's
    kind text NOT NULL CHECK (kind IN ('extend', 'outage')), -- what moved it
    due_before timestamptz, -- the due date before; null: it stayed
    due_after timestamptz, -- and after
    yearly_before timestamptz, -- that of yearly figures before; null: there was none, or it stayed
    yearly_after timestamptz, -- and after; null: it stayed
    outage_from timestamptz, -- of an outage
    outage_to timestamptz, -- and its end
    note words NOT NULL, -- why
    made_by bigint NOT NULL, -- by whom
    made_at timestamptz NOT NULL DEFAULT now(), -- when
    CHECK (num_nonnulls(due_before, due_after) <> 1),
    CHECK (num_nonnulls(due_after, yearly_after) > 0),
    CHECK ((kind = 'outage') = (outage_from IS NOT NULL AND outage_to IS NOT NULL))
);
CREATE INDEX due_change_round ON due_change (round_id, entity_id);
COMMENT ON TABLE due_change IS 'a due date that moved, for all or for one, and why; insert-only';
COMMENT ON COLUMN due_change.due_change_id IS 'its number here';
COMMENT ON COLUMN due_change.round_id IS 'of which round';
COMMENT ON COLUMN due_change.entity_id IS 'whose; null: everybody''s';
COMMENT ON COLUMN due_change.kind IS 'what moved it';
COMMENT ON COLUMN due_change.due_before IS 'the due date before; null: it stayed';
COMMENT ON COLUMN due_change.due_after IS 'and after';
COMMENT ON COLUMN due_change.yearly_before IS 'that of yearly figures before; null: there was none, or it stayed';
COMMENT ON COLUMN due_change.yearly_after IS 'and after; null: it stayed';
COMMENT ON COLUMN due_change.outage_from IS 'of an outage';
COMMENT ON COLUMN due_change.outage_to IS 'and its end';
COMMENT ON COLUMN due_change.note IS 'why';
COMMENT ON COLUMN due_change.made_by IS 'by whom';
COMMENT ON COLUMN due_change.made_at IS 'when';
GRANT SELECT, INSERT ON due_change TO inap_app;

-- Rounds that were extended before this table was there: the log has each due date as it was answered then.
INSERT INTO due_change (round_id, kind, due_before, due_after, note, made_by, made_at)
SELECT o.round_id, 'extend', h.before, h.due, coalesce(h.note, ''), h.actor_id, h.at
  FROM (SELECT l.seq, l.plan_id, l.action, l.note, l.actor_id, l.at, l.outcome::jsonb ->> 'round' AS round, (l.outcome::jsonb ->> 'due_at')::timestamptz AS due,
               lag((l.outcome::jsonb ->> 'due_at')::timestamptz) OVER (PARTITION BY l.plan_id, l.outcome::jsonb ->> 'round' ORDER BY l.seq) AS before
          FROM log l WHERE l.entity_id = 0 AND l.action LIKE 'round.%') h
  JOIN round o ON o.plan_id = h.plan_id AND o.code = h.round
 WHERE h.action = 'round.extend' AND h.before IS NOT NULL ORDER BY h.seq;

ALTER TABLE extension ADD COLUMN revoked_by bigint, ADD COLUMN revoked_note words;
COMMENT ON COLUMN extension.revoked_by IS 'by whom it was taken back';
COMMENT ON COLUMN extension.revoked_note IS 'and why';
GRANT UPDATE (revoked_by, revoked_note) ON extension TO inap_app;

-- Offices are closed on Friday and Saturday: what would be due then is due on Sunday.
CREATE FUNCTION working_day(d date) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT d + CASE extract(isodow FROM d) WHEN 5 THEN 2 WHEN 6 THEN 1 ELSE 0 END $$;
COMMENT ON FUNCTION working_day(date) IS 'the day itself, or the Sunday after a Friday or Saturday';
CREATE FUNCTION baghdad_day(t timestamptz) RETURNS date LANGUAGE sql STABLE STRICT PARALLEL SAFE AS
$$ SELECT (t AT TIME ZONE 'Asia/Baghdad')::date $$;
COMMENT ON FUNCTION baghdad_day(timestamptz) IS 'the day of a moment in Baghdad';

-- What is said of dates that were asked for and moved to a working day.
CREATE FUNCTION due_moves(p_due date, p_yearly date) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT jsonb_strip_nulls(jsonb_build_object('due_moved_from', CASE WHEN p_due <> working_day(p_due) THEN p_due END,
                                            'yearly_moved_from', CASE WHEN p_yearly <> working_day(p_yearly) THEN p_yearly END)) $$;
COMMENT ON FUNCTION due_moves(date, date) IS 'the dates asked for that are no working days, by name';

-- A due date so many days later, at the end of a working day.
CREATE FUNCTION due_later(t timestamptz, p_days int) RETURNS timestamptz LANGUAGE sql STABLE STRICT PARALLEL SAFE AS
$$ SELECT day_end(working_day(baghdad_day(t) + p_days)) $$;
COMMENT ON FUNCTION due_later(timestamptz, int) IS 'a due date moved by days, to a working day';

-- The later of its own due date and the round's: a round extended for all never takes from one.
CREATE FUNCTION report_due(r report, o round) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT greatest(r.due_at, o.due_at) $$;
COMMENT ON FUNCTION report_due(report, round) IS 'when a report is due';
CREATE FUNCTION report_yearly_due(r report, o round) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN o.yearly_due_at IS NOT NULL THEN greatest(o.yearly_due_at, r.due_at, o.due_at) END $$;
COMMENT ON FUNCTION report_yearly_due(report, round) IS 'when its yearly figures are due; null: with the others';

CREATE FUNCTION report_extended(p_entity bigint, p_round bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM due_change d WHERE d.round_id = p_round AND (d.entity_id IS NULL OR d.entity_id = p_entity) AND d.due_after IS NOT NULL);
END $$;
COMMENT ON FUNCTION report_extended(bigint, bigint) IS 'was the due date of a report moved, with all or alone';

-- Is this cell's figure a yearly one?
CREATE FUNCTION is_yearly(p_indicator bigint) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT i.frequency = 'annual' FROM indicator i WHERE i.indicator_id = p_indicator $$;
COMMENT ON FUNCTION is_yearly(bigint) IS 'does an indicator ask for the year';

-- Is there a yearly figure to come, and nothing else that is unanswered, as of a revision? Then only its date counts.
CREATE FUNCTION only_yearly_left(p_entity bigint, p_round bigint, p_revision bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(bool_or(is_yearly(a.indicator_id)), false) AND NOT coalesce(bool_or(NOT is_yearly(a.indicator_id) AND coalesce(c.kind, 0) = 0), false)
              FROM asked(p_entity, p_round) a JOIN cell k ON k.cell_id = a.cell_id AND k.table_id IS NULL
              LEFT JOIN cells_at(p_entity, p_round, p_revision) c ON c.cell_id = a.cell_id);
END $$;
COMMENT ON FUNCTION only_yearly_left(bigint, bigint, bigint) IS 'are yearly figures asked, and all other totals answered at a revision';

-- On time: first submitted by the due date; or by that of its yearly figures, where all others were answered by theirs.
CREATE FUNCTION report_on_time(r report, o round) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF r.first_submitted_at IS NULL THEN RETURN false; END IF;
    IF r.first_submitted_at <= report_due(r, o) THEN RETURN true; END IF;
    IF r.first_submitted_at > coalesce(report_yearly_due(r, o), '-infinity') THEN RETURN false; END IF;
    RETURN only_yearly_left(r.entity_id, r.round_id, (SELECT coalesce(max(l.revision), 0) FROM log l
        WHERE l.entity_id = r.entity_id AND l.round_id = r.round_id AND l.cells IS NOT NULL AND l.at <= report_due(r, o)));
END $$;
COMMENT ON FUNCTION report_on_time(report, round) IS 'was a report first submitted in time';

-- The date that its office works towards: the due date, or the yearly figures' when nothing else is left.
CREATE FUNCTION report_next_due(r report, o round) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF r.state IN ('expected', 'draft') AND o.yearly_due_at IS NOT NULL AND only_yearly_left(r.entity_id, r.round_id, r.revision) THEN
        RETURN report_yearly_due(r, o);
    END IF;
    RETURN report_due(r, o);
END $$;
COMMENT ON FUNCTION report_next_due(report, round) IS 'the date by which something of a report is due next';

-- A round as people are told of it; also what the log keeps of its changes.
CREATE OR REPLACE FUNCTION round_body(o round) RETURNS jsonb LANGUAGE sql STABLE AS $$
SELECT jsonb_build_object('plan', (SELECT p.code FROM plan p WHERE p.plan_id = o.plan_id), 'round', o.code, 'opens_at', iso(o.opens_at), 'due_at', iso(o.due_at),
           'yearly_due_at', CASE WHEN o.yearly_due_at IS NOT NULL THEN iso(greatest(o.yearly_due_at, o.due_at)) END,
           'extended', EXISTS (SELECT FROM due_change d WHERE d.round_id = o.round_id AND d.entity_id IS NULL),
           'closes_at', coalesce(iso(o.closes_at), ''), 'state', CASE WHEN o.opens_at > now() THEN 'planned' WHEN o.closes_at <= now() THEN 'closed' ELSE 'open' END,
           'periods', array_to_string(round_periods(o.quarter), ','),
           'surveys', coalesce((SELECT string_agg(i.code, ',' ORDER BY i.sort) FROM indicator i WHERE i.indicator_id = ANY (o.surveys)), ''),
           'expected', (SELECT count(*) FROM report r WHERE r.round_id = o.round_id AND r.entity_id IN (SELECT round_expects(o.plan_id, o.quarter, o.surveys)))) $$;
COMMENT ON FUNCTION round_body(round) IS 'a round as people are told of it';

-- A report's dates as people are told of them after a change; also what the log keeps of it.
CREATE FUNCTION due_body(p_entity bigint, p_round bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
SELECT jsonb_build_object('plan', p.code, 'entity', e.code, 'round', o.code, 'state', r.state, 'revision', r.revision, 'due_at', iso(report_due(r, o)),
           'extended', report_extended(p_entity, p_round), 'excused', r.excused_by IS NOT NULL, 'excused_note', r.excused_note)
  FROM report r JOIN round o USING (round_id) JOIN plan p ON p.plan_id = o.plan_id JOIN entity e ON e.entity_id = r.entity_id
 WHERE r.entity_id = p_entity AND r.round_id = p_round $$;
COMMENT ON FUNCTION due_body(bigint, bigint) IS 'a report''s dates as people are told of them';

-- An extension as people are told of it. Cells are parted by blanks; none: the whole report.
CREATE FUNCTION extension_body(x extension) RETURNS jsonb LANGUAGE sql STABLE AS $$
SELECT jsonb_build_object('extension', x.extension_id, 'plan', p.code, 'entity', e.code, 'round', o.code,
           'cells', coalesce((SELECT string_agg(k.code, ' ' ORDER BY i.sort, k.sort) FROM cell k JOIN indicator i USING (indicator_id) WHERE k.cell_id = ANY (x.cells)), ''),
           'until', iso(x.until), 'note', x.reason, 'by', (SELECT u.name FROM app_user u WHERE u.user_id = x.given_by), 'at', iso(x.given_at),
           'stands', CASE WHEN x.revoked_at IS NOT NULL THEN 'revoked' WHEN now() >= x.until THEN 'over' ELSE 'live' END,
           'revoked_by', (SELECT u.name FROM app_user u WHERE u.user_id = x.revoked_by), 'revoked_at', iso(x.revoked_at), 'revoked_note', x.revoked_note)
  FROM round o JOIN plan p USING (plan_id), entity e WHERE o.round_id = x.round_id AND e.entity_id = x.entity_id $$;
COMMENT ON FUNCTION extension_body(extension) IS 'an extension as people are told of it';

-- A moment on the wire: a day (its end in Baghdad), or ISO 8601.
CREATE FUNCTION moment_end(t text) RETURNS timestamptz LANGUAGE sql STABLE STRICT PARALLEL SAFE AS
$$ SELECT CASE WHEN length(t) = 10 THEN day_end(t::date) WHEN t <> '' THEN t::timestamptz END $$;
COMMENT ON FUNCTION moment_end(text) IS 'the end of a day in Baghdad, or the moment itself';

-- How every report of a round stands: states, dates and counts, no figures. Open to those who review or read the nation's.
DROP FUNCTION national_states(bigint, bigint);
CREATE FUNCTION national_states(p_actor bigint, p_round bigint)
RETURNS TABLE (entity_id bigint, state text, first_submitted_at timestamptz, due_at timestamptz, extended boolean, on_time boolean, answered bigint, asked bigint,
               excused boolean, excused_note text, accepted_first boolean)
LANGUAGE sql STABLE AS $$
SELECT r.entity_id, state_now(r.state, r.claimed_at), r.first_submitted_at, report_due(r, o), report_extended(r.entity_id, o.round_id), report_on_time(r, o), c.answered, c.asked,
       r.excused_by IS NOT NULL, r.excused_note, r.accepted_first AND r.state = 'accepted'
  FROM round o JOIN report r USING (round_id)
  CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE k.table_id IS NULL AND v.kind <> 0) AS answered, count(*) FILTER (WHERE k.table_id IS NULL) AS asked, count(*) AS cells
                        FROM asked(r.entity_id, o.round_id) a JOIN cell k USING (cell_id)
                        LEFT JOIN value v ON v.entity_id = r.entity_id AND v.round_id = o.round_id AND v.cell_id = a.cell_id AND k.table_id IS NULL) c
 WHERE o.round_id = p_round AND c.cells > 0
   AND EXISTS (SELECT FROM live_grant g WHERE g.user_id = p_actor AND g.role IN ('coordinator', 'secretariat', 'national_team')) $$;
COMMENT ON FUNCTION national_states(bigint, bigint) IS 'how every report of a round stands, for those who may know';

GRANT EXECUTE ON FUNCTION working_day(date), baghdad_day(timestamptz), due_moves(date, date), due_later(timestamptz, int), report_due(report, round), report_yearly_due(report, round),
    report_extended(bigint, bigint), is_yearly(bigint), only_yearly_left(bigint, bigint, bigint), report_on_time(report, round), report_next_due(report, round),
    due_body(bigint, bigint), extension_body(extension), moment_end(text), national_states(bigint, bigint) TO inap_app;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'due' $$;
COMMIT;
