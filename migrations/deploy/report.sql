-- Deploy inap:report to pg: reports, their values and all that hangs on them.
BEGIN;
SET LOCAL search_path = inap;

CREATE TABLE report ( -- one entity x one round; made when the round is, so that expected is a row
    entity_id bigint NOT NULL REFERENCES entity, -- whose
    round_id bigint NOT NULL REFERENCES round, -- of which round
    plan_id bigint NOT NULL REFERENCES plan, -- of which plan
    state text NOT NULL DEFAULT 'expected' CHECK (state IN ('expected', 'draft', 'submitted', 'in_review', 'returned', 'endorsed', 'accepted')), -- where it stands
    revision bigint NOT NULL DEFAULT 0, -- counts writes
    ready boolean NOT NULL DEFAULT false, -- marked ready for the signature
    due_at timestamptz, -- its own due date, null: the round's
    first_submitted_at timestamptz, -- first submission that was not withdrawn: decides on time
    submitted_at timestamptz, -- the last submission
    submitted_by bigint, -- who signed it
    submitted_from text CHECK (submitted_from IN ('expected', 'draft', 'returned')), -- where a withdrawal leads back
    submissions int NOT NULL DEFAULT 0, -- that were not withdrawn
    letter_number text, -- of the covering letter
    letter_date date, -- its date
    claimed_by bigint, -- the coordinator who reviews it
    claimed_at timestamptz, -- since when
    respond_by timestamptz, -- a return wants an answer by
    desk_by bigint, -- who received it on paper
    endorsed_by bigint, -- who vouched for it
    endorsed_at timestamptz, -- when
    accepted_by bigint, -- who took it into the total
    accepted_at timestamptz, -- when
    accepted_first boolean NOT NULL DEFAULT false, -- accepted at first submission
    excused_by bigint, -- taken out of expected
    excused_note words, -- why
    PRIMARY KEY (entity_id, round_id)
) WITH (fillfactor = 50);
CREATE INDEX report_round ON report (round_id);

CREATE TABLE value ( -- the current answer of a cell: a projection of the log
    entity_id bigint NOT NULL, -- whose
    round_id bigint NOT NULL, -- of which round
    cell_id bigint NOT NULL, -- which cell
    revision bigint NOT NULL, -- the report's revision that wrote it
    kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 11), -- see value_kind; 0: cleared, unanswered again
    number decimal_number, -- number, or numerator
    denominator decimal_number, -- of a ratio, or the denominator alone
    text words, -- words
    note words, -- why
    expected_on date, -- of not_available
    PRIMARY KEY (entity_id, round_id, cell_id)
) WITH (fillfactor = 70);

CREATE TABLE value_kind ( -- the numbers of value.kind and log.kinds
    kind smallint PRIMARY KEY, -- the number
    name text NOT NULL UNIQUE, -- the word
    shape text NOT NULL CHECK (shape IN ('none', 'number', 'ratio', 'text', 'blank')) -- which columns it fills
);
INSERT INTO value_kind VALUES (0, 'cleared', 'none'), (1, 'number', 'number'), (2, 'yes', 'none'), (3, 'no', 'none'), (4, 'text', 'text'),
    (5, 'ratio', 'ratio'), (6, 'numerator', 'number'), (7, 'denominator', 'number'), (8, 'not_applicable', 'blank'),
    (9, 'not_collected', 'blank'), (10, 'withheld', 'blank'), (11, 'not_available', 'blank');

CREATE TABLE contribution ( -- a report's cells as they were when it reached a state; insert-only but for withdrawal
    entity_id bigint NOT NULL, -- whose
    round_id bigint NOT NULL, -- of which round
    state text NOT NULL CHECK (state IN ('submitted', 'endorsed', 'accepted')), -- the state reached
    revision bigint NOT NULL, -- the report's revision then
    at timestamptz NOT NULL DEFAULT now(), -- when
    withdrawn_at timestamptz, -- taken back: the one before counts again
    cells bigint[] NOT NULL, -- its cells
    kinds smallint[] NOT NULL, -- what each held
    numbers numeric[] NOT NULL, -- numbers and numerators
    denominators numeric[] NOT NULL, -- denominators
    texts text[] NOT NULL, -- texts
    PRIMARY KEY (entity_id, round_id, state, revision)
);
CREATE INDEX contribution_round ON contribution (round_id, state) WHERE withdrawn_at IS NULL;

CREATE TABLE total_lock ( -- one row per round and jurisdiction: its totals are summed under this lock
    round_id bigint NOT NULL REFERENCES round, -- of which round
    jurisdiction text NOT NULL, -- federal or kurdistan
    PRIMARY KEY (round_id, jurisdiction)
);

CREATE TABLE total ( -- a jurisdiction's figure of a cell at a minimum state, kept by the moves
    round_id bigint NOT NULL, -- of which round
    state text NOT NULL CHECK (state IN ('submitted', 'endorsed', 'accepted')), -- minimum state
    jurisdiction text NOT NULL CHECK (jurisdiction IN ('federal', 'kurdistan')), -- whose
    cell_id bigint NOT NULL, -- which cell
    kind smallint, -- number, ratio, yes, no, text; null: no figure
    number numeric, -- number, or numerator
    denominator numeric, -- denominator
    text text, -- words of a `one`
    valued_by bigint[] NOT NULL DEFAULT '{}', -- entities that gave a figure
    numerator_by bigint[] NOT NULL DEFAULT '{}', -- entities that gave the numerator alone
    denominator_by bigint[] NOT NULL DEFAULT '{}', -- entities that gave the denominator alone
    withheld_by bigint[] NOT NULL DEFAULT '{}', -- may not give it
    not_available_by bigint[] NOT NULL DEFAULT '{}', -- not yet
    not_collected_by bigint[] NOT NULL DEFAULT '{}', -- not recorded
    not_applicable_by bigint[] NOT NULL DEFAULT '{}', -- does not exist there
    excused_by bigint[] NOT NULL DEFAULT '{}', -- taken out of expected
    unanswered_by bigint[] NOT NULL DEFAULT '{}', -- nothing at this state
    as_of timestamptz NOT NULL DEFAULT now(), -- when it was summed
    PRIMARY KEY (round_id, state, jurisdiction, cell_id)
);

CREATE TABLE review_point ( -- a question on something in a report; blocks until answered
    entity_id bigint NOT NULL, -- whose report
    round_id bigint NOT NULL, -- of which round
    point int NOT NULL, -- 1, 2...
    target_kind text NOT NULL CHECK (target_kind IN ('report', 'cell', 'table', 'activity', 'narrative')), -- what it is about
    target text NOT NULL DEFAULT '', -- cell code, table code, activity code, section
    cell_id bigint, -- of a cell
    code text NOT NULL DEFAULT 'other', -- why, a word
    text words NOT NULL, -- the question
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'settled', 'withdrawn')), -- where it stands
    opened_by bigint NOT NULL, -- who asked
    opened_at timestamptz NOT NULL DEFAULT now(), -- when
    opened_revision bigint NOT NULL, -- at which revision
    answer text CHECK (answer IN ('corrected', 'confirmed')), -- the answer
    answer_text words, -- because
    answered_by bigint, -- who answered
    answered_at timestamptz, -- when
    PRIMARY KEY (entity_id, round_id, point)
);

CREATE TABLE extension ( -- who may still write what, until when, why, given by whom
    extension_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, -- its number here
    entity_id bigint NOT NULL, -- who
    round_id bigint NOT NULL, -- of which round
    cells bigint[], -- only these, null: all
    until timestamptz NOT NULL, -- its end
    reason words NOT NULL, -- why
    given_by bigint NOT NULL, -- by whom
    given_at timestamptz NOT NULL DEFAULT now(), -- when
    revoked_at timestamptz -- taken back
);
CREATE INDEX extension_report ON extension (entity_id, round_id);

CREATE TABLE activity_status ( -- how an activity stands, by entity and round
    entity_id bigint NOT NULL, -- who
    round_id bigint NOT NULL, -- of which round
    result_id bigint NOT NULL REFERENCES result, -- which activity
    revision bigint NOT NULL, -- the report's revision that wrote it
    status text NOT NULL CHECK (status IN ('not_started', 'on_track', 'delayed', 'completed', 'cancelled')), -- where it stands
    percent decimal_number CHECK (percent BETWEEN 0 AND 100), -- done
    body jsonb NOT NULL DEFAULT '{}', -- dates, places, partners, budget
    PRIMARY KEY (entity_id, round_id, result_id)
);

CREATE TABLE narrative ( -- the report's words, by section
    entity_id bigint NOT NULL, -- whose
    round_id bigint NOT NULL, -- of which round
    section text NOT NULL CHECK (section IN ('results', 'obstacles', 'lessons', 'support_needed', 'next_quarter')), -- which
    revision bigint NOT NULL, -- the report's revision that wrote it
    text words NOT NULL, -- the words
    PRIMARY KEY (entity_id, round_id, section)
);

CREATE TABLE evidence ( -- a file, or a reference to one, that supports a report
    evidence_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, -- its number here
    entity_id bigint NOT NULL, -- whose
    round_id bigint NOT NULL, -- of which round
    sha256 bytea CHECK (octet_length(sha256) = 32), -- of the whole file; null: a reference only
    bytes bigint NOT NULL DEFAULT 0, -- its size
    kind text NOT NULL, -- minutes, order, list, reference...
    name label NOT NULL, -- what it is called
    reference text, -- letter number, archive place
    cells bigint[] NOT NULL DEFAULT '{}', -- which cells it supports
    results bigint[] NOT NULL DEFAULT '{}', -- which activities
    complete boolean NOT NULL DEFAULT false, -- every chunk is there and the hash is right
    made_by bigint NOT NULL, -- who
    made_at timestamptz NOT NULL DEFAULT now() -- when
);
CREATE INDEX evidence_report ON evidence (entity_id, round_id);

CREATE TABLE evidence_chunk ( -- a piece of a file, 256 KiB at most
    entity_id bigint NOT NULL, -- whose
    evidence_id bigint NOT NULL, -- of which file
    place bigint NOT NULL, -- first byte
    data bytea NOT NULL CHECK (octet_length(data) BETWEEN 1 AND 262144), -- the bytes
    PRIMARY KEY (entity_id, evidence_id, place)
);

CREATE TABLE edition ( -- a published, immutable consolidation
    edition_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, -- its number here
    plan_id bigint NOT NULL REFERENCES plan, -- of which plan
    period text NOT NULL, -- 2024Q3 or 2024
    number int NOT NULL, -- 1, 2... of that period
    state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'published', 'withdrawn')), -- where it stands
    sha256 bytea NOT NULL, -- of its canonical bytes
    proposed_by bigint NOT NULL, -- who
    proposed_at timestamptz NOT NULL DEFAULT now(), -- when
    confirmed_by bigint, -- the second person
    confirmed_at timestamptz, -- when
    instrument jsonb NOT NULL DEFAULT '{}', -- who approved it, letter, date
    withdrawn_at timestamptz, -- taken back
    withdrawn_note words, -- why
    UNIQUE (plan_id, period, number)
);

CREATE TABLE edition_cell ( -- a figure of an edition with the revisions it came from
    edition_id bigint NOT NULL REFERENCES edition, -- of which edition
    jurisdiction text NOT NULL, -- federal, kurdistan, iraq
    cell_id bigint NOT NULL, -- which cell
    kind smallint, -- null: hidden or none
    number numeric, -- number, or numerator
    denominator numeric, -- denominator
    text text, -- words
    hidden boolean NOT NULL DEFAULT false, -- protected
    coverage jsonb NOT NULL, -- who is in it
    sources jsonb NOT NULL, -- entity and revision of every contribution
    PRIMARY KEY (edition_id, jurisdiction, cell_id)
);

CREATE TABLE organisation ( -- a women-led organisation or partner
    organisation_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, -- its number here
    name_en label NOT NULL, -- English name
    name_ar label, -- Arabic name
    name_ckb label, -- Kurdish name, a draft
    women_led boolean NOT NULL, -- led by women
    may_be_named boolean NOT NULL, -- consents to be named; else it is only counted
    made_by bigint NOT NULL -- who entered it
);

CREATE TABLE event ( -- a consultation, workshop, visit or meeting
    event_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, -- its number here
    plan_id bigint NOT NULL REFERENCES plan, -- of which plan
    entity_id bigint NOT NULL REFERENCES entity, -- who organised it
    kind text NOT NULL, -- consultation, workshop, field_visit, validation, meeting
    held_on date NOT NULL, -- when
    place text NOT NULL, -- where
    supporter jsonb NOT NULL DEFAULT '{}', -- technical, operational, financial
    present bigint[] NOT NULL DEFAULT '{}', -- entities present
    organisations bigint[] NOT NULL DEFAULT '{}', -- organisations present
    women int, -- how many
    men int, -- how many
    decisions jsonb NOT NULL DEFAULT '[]', -- with owner and due date
    made_by bigint NOT NULL -- who entered it
);

-- The cells that a report must answer. Save, check, submit, coverage and completeness all read this.
CREATE FUNCTION asked(p_entity bigint, p_round bigint)
RETURNS TABLE (cell_id bigint, kinds int, indicator_id bigint, part text, unit text)
LANGUAGE sql STABLE AS $$
SELECT f.cell_id, f.kinds, f.indicator_id, f.part, f.unit
  FROM round o JOIN form_cell f ON f.entity_id = p_entity AND f.plan_id = o.plan_id
 WHERE o.round_id = p_round AND o.quarter BETWEEN f.from_quarter AND f.to_quarter
   AND ((f.quarters >> (o.quarter % 4)) & 1 = 1 OR (f.quarters = 0 AND f.indicator_id = ANY (o.surveys))) $$;
COMMENT ON FUNCTION asked(bigint, bigint) IS 'the cells that a report must answer';

-- Four eyes: did this user type into the report, or sign it?
CREATE FUNCTION typed(p_entity bigint, p_round bigint, p_user bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce((SELECT true FROM log l WHERE l.entity_id = p_entity AND l.round_id = p_round AND l.actor_id = p_user
                       AND l.action IN ('save', 'receive') LIMIT 1), false));
END $$;
COMMENT ON FUNCTION typed(bigint, bigint, bigint) IS 'has the user typed into the report';

-- Is this entity the user's own house: home, its parent or its child? Its staff may not pass its report.
CREATE FUNCTION own_house(p_entity bigint, p_user bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce((SELECT u.home_entity_id = e.entity_id OR coalesce(h.parent_id = e.entity_id, false) OR coalesce(e.parent_id = h.entity_id, false)
                      FROM app_user u JOIN entity h ON h.entity_id = u.home_entity_id, entity e
                     WHERE u.user_id = p_user AND e.entity_id = p_entity), true));
END $$;
COMMENT ON FUNCTION own_house(bigint, bigint) IS 'is the entity the user''s home, its parent or its child';

-- Why a round cannot be written: null when it can.
CREATE FUNCTION round_lock(p_entity bigint, p_round bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE WHEN now() < o.opens_at THEN 'not_open'
            WHEN o.closes_at IS NOT NULL AND now() >= o.closes_at
                 AND NOT coalesce((SELECT true FROM extension x WHERE x.entity_id = p_entity AND x.round_id = p_round
                                      AND x.revoked_at IS NULL AND now() < x.until AND x.cells IS NULL LIMIT 1), false) THEN 'closed'
            WHEN p.state <> 'active' THEN p.state END
  FROM round o JOIN plan p USING (plan_id) WHERE o.round_id = p_round);
END $$;
COMMENT ON FUNCTION round_lock(bigint, bigint) IS 'not_open, closed, suspended... or null: open for writing';

COMMIT;
