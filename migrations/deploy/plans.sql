-- Deploy inap:plans to pg: plans side by side: drafts, one that is suspended and resumed, and which is meant where none is named.
BEGIN;
SET LOCAL search_path = inap;

-- As before. A suspended plan takes no write that belongs to it, by whatever way: what is not refused earlier ends here.
CREATE OR REPLACE FUNCTION log_append(p_entity bigint, p_plan bigint, p_round bigint, p_revision bigint, p_action text, p_note text,
                           p_actor bigint, p_key bytea, p_body_hash bytea, p_outcome text)
RETURNS bytea LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    head chain_head;
    entry log;
    shut text;
BEGIN
    IF p_plan IS NOT NULL AND p_action NOT IN ('plan.suspend', 'plan.resume', 'plan.current') THEN
        SELECT p.code INTO shut FROM plan p WHERE p.plan_id = p_plan AND p.state = 'suspended';
        IF FOUND THEN PERFORM refuse('LOCKED', 'report', shut, 'lock', 'suspended'); END IF;
    END IF;
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

-- As before; a file may bring its plan as a draft, which takes no reports and is not meant where none is named, and later as an active one.
CREATE OR REPLACE FUNCTION plan_import(p_json text, p_code text, p_actor bigint, p_key bytea, p_hash bytea, OUT fault text, OUT receipt bytea)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    b constant jsonb := json_read(p_json);
    past record;
    target bigint;
    change record;
BEGIN
    IF NOT holds_role(p_actor, '{secretariat}', 0) THEN fault := 'FORBIDDEN|action=plan.import'; RETURN; END IF;
    SELECT l.actor_id = p_actor AND l.body_hash = p_hash AND l.action = 'plan.import' AS same, l.hash INTO past FROM log l WHERE l.entity_id = 0 AND l.key = p_key;
    IF FOUND THEN
        IF past.same THEN receipt := past.hash; ELSE fault := 'KEY_REUSED'; END IF;
        RETURN;
    END IF;
    PERFORM plan_check(b);
    IF p_code NOT IN ('', b ->> 'code') THEN
        PERFORM refuse('PLAN_BAD', 'place', 'code', 'why', format('the file is plan %s, not %s', b ->> 'code', p_code));
    END IF;
    SELECT p.plan_id INTO target FROM plan p WHERE p.code = b ->> 'code';
    SELECT * INTO change FROM plan_change_fault(target, b);
    IF FOUND THEN PERFORM refuse('PLAN_CHANGE', 'code', change.code, 'field', change.field, 'round', change.round); END IF;
    IF coalesce(b ->> 'state', 'active') NOT IN ('draft', 'active') THEN PERFORM refuse('PLAN_BAD', 'place', 'state', 'why', 'write draft or active'); END IF;
    IF b ->> 'state' = 'draft' AND EXISTS (SELECT FROM plan p WHERE p.plan_id = target AND p.state <> 'draft') THEN
        PERFORM refuse('PLAN_BAD', 'place', 'state', 'why', 'the plan is a draft no more');
    END IF;
    -- The first plan that is no draft is the one meant where none is named.
    IF target IS NULL THEN
        INSERT INTO plan (code, name_en, starts_on, ends_on, state)
        SELECT b ->> 'code', b #>> '{names,en}', (b ->> 'starts_on')::date, (b ->> 'ends_on')::date, 'draft' RETURNING plan_id INTO target;
    END IF;
    UPDATE plan p SET state = 'active', current = NOT EXISTS (SELECT FROM plan o WHERE o.current)
     WHERE p.plan_id = target AND p.state = 'draft' AND coalesce(b ->> 'state', 'active') = 'active';
    receipt := log_append(0, target, NULL, NULL, 'plan.import', NULL, p_actor, p_key, p_hash, plan_write(target, b, p_actor)::text);
END $$;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'plans' $$;

COMMIT;
