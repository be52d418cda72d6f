-- Deploy inap:log to pg: the append-only log, its chains, and what proves them.
BEGIN;
SET LOCAL search_path = inap;

CREATE TABLE chain_head ( -- the lock of an entity: every write takes it first, in entity order
    entity_id bigint PRIMARY KEY REFERENCES entity, -- whose chain
    seq bigint NOT NULL DEFAULT 0, -- its last entry
    hash bytea NOT NULL DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000' -- and that entry's hash
) WITH (fillfactor = 10);

CREATE TABLE log ( -- one row per write: history, idempotency record and audit entry at once
    entity_id bigint NOT NULL, -- whose chain; 0 is the system's own
    seq bigint NOT NULL, -- its place in the chain
    plan_id bigint, -- of the report, null for none
    round_id bigint, -- of the report, null for none
    revision bigint, -- the report's revision after it, null for none
    action text NOT NULL, -- save, submit, user.add...
    key bytea CHECK (octet_length(key) = 16), -- idempotency key; null before a session
    actor_id bigint NOT NULL, -- who; 0 before a session
    via text NOT NULL DEFAULT '', -- through which door values came
    at timestamptz NOT NULL, -- when, by the server's clock, never backwards in a chain
    note text, -- why
    body_hash bytea NOT NULL, -- SHA-256 of the request's body as received
    prev_hash bytea NOT NULL, -- hash of the entry before
    hash bytea NOT NULL, -- sha256(0x00 || prev_hash || row_hash)
    outcome text NOT NULL, -- what was answered, as JSON: a replay gets it again
    cells bigint[], -- saves: the cells written
    kinds smallint[], -- and what each holds
    numbers numeric[], -- numbers and numerators
    denominators numeric[], -- denominators
    texts text[], -- texts
    notes text[], -- notes of cells
    expected_on date[], -- of not_available
    PRIMARY KEY (entity_id, seq)
);
CREATE UNIQUE INDEX log_key ON log (entity_id, key) WHERE key IS NOT NULL;
CREATE INDEX log_report ON log (entity_id, round_id, revision);

CREATE TABLE leaf ( -- insert-only: the order in which entries of all chains were sealed
    leaf_index bigint PRIMARY KEY, -- 0, 1, 2...
    entity_id bigint NOT NULL, -- whose entry
    seq bigint NOT NULL, -- which
    leaf_hash bytea NOT NULL, -- sha256(0x00 || hash), RFC 6962
    UNIQUE (entity_id, seq)
);

CREATE TABLE checkpoint ( -- a signed tree head over the leaves
    size bigint PRIMARY KEY, -- leaves in the tree
    root bytea NOT NULL, -- RFC 6962 root
    at timestamptz NOT NULL, -- when
    signature bytea NOT NULL -- Ed25519
);

INSERT INTO chain_head (entity_id) VALUES (0);

-- Every column but prev_hash and hash, in the order that ARCHITECTURE.md fixes, as one binary record: for each column its
-- type's oid, its length (-1: null) and its bytes, so that nothing can slide into what stands beside it.
CREATE FUNCTION row_hash(r log) RETURNS bytea LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN sha256(record_send(ROW(r.entity_id, r.seq, r.plan_id, r.round_id, r.revision, r.action, r.key, r.actor_id, r.via, r.at, r.note, r.body_hash, r.outcome,
                                  r.cells, r.kinds, r.numbers, r.denominators, r.texts, r.notes, r.expected_on)));
END $$;
COMMENT ON FUNCTION row_hash(log) IS 'SHA-256 over every other column of a log row, length-prefixed';

-- Appends one entry to a chain whose head the caller has locked; returns its hash, the receipt.
CREATE FUNCTION log_append(p_entity bigint, p_plan bigint, p_round bigint, p_revision bigint, p_action text, p_note text,
                           p_actor bigint, p_key bytea, p_body_hash bytea, p_outcome text)
RETURNS bytea LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    head chain_head;
    entry log;
BEGIN
    SELECT * INTO STRICT head FROM chain_head WHERE entity_id = p_entity FOR NO KEY UPDATE;
    entry.entity_id := p_entity; entry.seq := head.seq + 1;
    entry.plan_id := p_plan; entry.round_id := p_round; entry.revision := p_revision;
    entry.action := p_action; entry.key := p_key; entry.actor_id := p_actor; entry.via := '';
    entry.at := greatest(clock_timestamp(), coalesce((SELECT l.at FROM log l WHERE l.entity_id = p_entity AND l.seq = head.seq), '-infinity'));
    entry.note := p_note; entry.body_hash := p_body_hash; entry.outcome := p_outcome;
    entry.prev_hash := head.hash;
    entry.hash := sha256('\x00'::bytea || entry.prev_hash || row_hash(entry));
    INSERT INTO log SELECT entry.*;
    UPDATE chain_head SET seq = entry.seq, hash = entry.hash WHERE entity_id = p_entity;
    RETURN entry.hash;
END $$;
COMMENT ON FUNCTION log_append(bigint, bigint, bigint, bigint, text, text, bigint, bytea, bytea, text) IS 'appends an entry to a chain; returns its hash';

-- inap_auth appends to the system's own chain, and to no other.
CREATE FUNCTION system_append(p_action text, p_note text, p_actor bigint, p_key bytea, p_body_hash bytea, p_outcome text)
RETURNS bytea LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = inap, pg_temp AS
$$ SELECT log_append(0, NULL, NULL, NULL, p_action, p_note, p_actor, p_key, p_body_hash, p_outcome) $$;
COMMENT ON FUNCTION system_append(text, text, bigint, bytea, bytea, text) IS 'log_append for entity 0 only, for inap_auth';

-- Every write of inap_auth takes the system's own chain first; the statement that follows has a fresh snapshot.
CREATE FUNCTION system_lock() RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = inap, pg_temp AS
$$ SELECT h.entity_id FROM chain_head h WHERE h.entity_id = 0 FOR NO KEY UPDATE $$;
COMMENT ON FUNCTION system_lock() IS 'locks the head of the system''s own chain, for inap_auth';

-- What inap_auth may read of the log: the system's own chain, not the ministries'. Runs as its owner, therefore.
CREATE VIEW system_log WITH (security_barrier = true) AS
SELECT l.seq, l.key, l.action, l.actor_id, l.at, l.body_hash, l.hash, l.outcome FROM log l WHERE l.entity_id = 0;
COMMENT ON VIEW system_log IS 'the system''s own chain, for replays of users'' and sessions'' writes';

-- The body of a login holds a password: its hash would let one guess offline, so these entries carry none.
CREATE FUNCTION no_body() RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT decode(repeat('00', 32), 'hex') $$;
COMMENT ON FUNCTION no_body() IS 'the body hash of entries whose body holds a secret, or that have none';

-- Makes the first admin with a one-time code, while nobody else was ever made; again only as long as the code is unused.
CREATE FUNCTION first_admin(p_code_hash bytea) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = inap, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    PERFORM system_lock();
    IF EXISTS (SELECT FROM app_user u WHERE u.user_id <> 0 AND NOT (u.name = 'admin' AND u.created_by = 0 AND u.enrolled_at IS NULL)) THEN
        RETURN false;
    END IF;
    SELECT u.user_id INTO made FROM app_user u WHERE u.user_id <> 0;
    IF made IS NULL THEN
        INSERT INTO app_user (name, display_name, home_entity_id, created_by) VALUES ('admin', 'First admin', 0, 0) RETURNING user_id INTO made;
        INSERT INTO role_grant (user_id, role, granted_by) VALUES (made, 'admin', 0);
        INSERT INTO credential (user_id) VALUES (made);
    END IF;
    UPDATE credential SET code_hash = p_code_hash, code_key = NULL, code_expires_at = now() + interval '24 hours' WHERE user_id = made;
    PERFORM log_append(0, NULL, NULL, NULL, 'first-admin', NULL, 0, NULL, no_body(), jsonb_build_object('user', user_json(made))::text);
    RETURN true;
END $$;
COMMENT ON FUNCTION first_admin(bytea) IS 'makes the user admin with this enrolment code where there is no user yet; true if it did';

-- The first entry of a chain that does not follow from the one before; none means the chain is whole.
CREATE FUNCTION chain_faults(p_entity bigint) RETURNS TABLE (seq bigint, fault text) LANGUAGE sql STABLE AS $$
WITH walked AS (
    SELECT l.seq, l.hash, l.prev_hash, lag(l.hash) OVER w AS before, row_number() OVER w AS place,
           sha256('\x00'::bytea || l.prev_hash || row_hash(l)) AS computed
      FROM log l WHERE l.entity_id = p_entity WINDOW w AS (ORDER BY l.seq)
)
SELECT w.seq, CASE WHEN w.seq <> w.place THEN 'an entry is missing before it'
                   WHEN w.prev_hash <> coalesce(w.before, '\x0000000000000000000000000000000000000000000000000000000000000000') THEN 'it does not follow the entry before'
                   ELSE 'its content does not match its hash' END
  FROM walked w
 WHERE w.seq <> w.place OR w.hash <> w.computed
    OR w.prev_hash <> coalesce(w.before, '\x0000000000000000000000000000000000000000000000000000000000000000')
UNION ALL
SELECT h.seq, 'the head does not match the last entry' FROM chain_head h
 WHERE h.entity_id = p_entity
   AND NOT EXISTS (SELECT FROM walked w WHERE w.seq = h.seq AND w.hash = h.hash AND w.place = (SELECT count(*) FROM walked))
   AND (h.seq <> 0 OR EXISTS (SELECT FROM walked))
 ORDER BY 1 $$;
COMMENT ON FUNCTION chain_faults(bigint) IS 'entries of a chain that do not verify';

COMMIT;
