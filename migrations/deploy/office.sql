-- Deploy inap:office to pg: a file of users and roles as one write, all of it or nothing.
BEGIN;
SET LOCAL search_path = inap;

-- One row of such a file: what it does, or the field at fault and why (CODE|name=value|...). Rows that came before it in
-- the file are done already, so that two of them cannot contradict each other unseen. What stands just so is left alone:
-- the same file a second time changes nothing.
CREATE FUNCTION user_import_row(p_actor bigint, p_user text, p_name text, p_home text, p_role text, p_entity text, p_jurisdiction text, p_from date, p_to date,
                                p_basis text, p_order text, p_order_date date, p_code bytea, p_key bytea, OUT field text, OUT fault text, OUT made boolean, OUT given boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    held record;
    house bigint;
BEGIN
    made := false; given := false;
    SELECT u.user_id, u.display_name::text AS display_name, u.home_entity_id, e.code AS home INTO held
      FROM app_user u JOIN entity e ON e.entity_id = u.home_entity_id WHERE u.name = p_user AND u.user_id <> 0;
    IF NOT FOUND THEN
        SELECT e.entity_id INTO house FROM entity e WHERE e.code = p_home AND admin_over(p_actor, e.entity_id, NULL)
           AND (e.entity_id <> 0 OR NOT EXISTS (SELECT FROM entity x WHERE x.entity_id <> 0));
        IF house IS NULL THEN
            field := 'home'; fault := CASE p_home WHEN '' THEN 'BAD_ARGUMENT|field=home|why=is missing' ELSE 'NOT_FOUND|what=entity|name=' || p_home END;
            RETURN;
        ELSIF p_name = '' THEN
            field := 'name'; fault := 'BAD_ARGUMENT|field=name|why=is missing';
            RETURN;
        END IF;
        INSERT INTO app_user (name, display_name, home_entity_id, created_by) VALUES (p_user, p_name, house, p_actor) RETURNING user_id INTO held.user_id;
        INSERT INTO credential (user_id, code_hash, code_key, code_expires_at) VALUES (held.user_id, p_code, p_key, now() + interval '24 hours');
        made := true;
    ELSIF NOT admin_over(p_actor, held.home_entity_id, NULL) THEN
        field := 'user'; fault := 'EXISTS|what=user|name=' || p_user;
        RETURN;
    ELSIF p_home NOT IN ('', held.home) THEN
        field := 'home'; fault := 'BAD_ARGUMENT|field=home|why=the home of this user is ' || held.home;
        RETURN;
    ELSIF p_name NOT IN ('', held.display_name) THEN
        field := 'name'; fault := 'BAD_ARGUMENT|field=name|why=this user has another name';
        RETURN;
    END IF;
    IF p_role = '' OR EXISTS (SELECT FROM role_grant g LEFT JOIN entity e USING (entity_id)
                               WHERE g.user_id = held.user_id AND g.revoked_at IS NULL AND g.role = p_role AND coalesce(e.code, '') = p_entity
                                 AND coalesce(g.jurisdiction, '') = p_jurisdiction AND (p_from IS NULL OR g.valid_from = p_from)
                                 AND g.valid_to = coalesce(p_to, 'infinity') AND g.basis = p_basis
                                 AND coalesce(g.order_number, '') = p_order AND g.order_date IS NOT DISTINCT FROM p_order_date) THEN
        RETURN;
    END IF;
    fault := role_fault(p_actor, 'role.grant', p_user, p_role, p_entity, p_jurisdiction, coalesce(p_from, today()), p_to);
    IF fault IS NOT NULL THEN
        field := CASE WHEN fault LIKE 'NOT_FOUND|what=entity%' OR fault LIKE 'FORBIDDEN%' THEN 'scope' WHEN fault LIKE 'BAD_ARGUMENT%' THEN 'to'
                      WHEN fault LIKE 'FOUR_EYES%' THEN 'user' ELSE 'role' END;
        RETURN;
    END IF;
    INSERT INTO role_grant (user_id, role, entity_id, jurisdiction, valid_from, valid_to, basis, order_number, order_date, granted_by)
    VALUES (held.user_id, p_role, (SELECT e.entity_id FROM entity e WHERE e.code = p_entity), nullif(p_jurisdiction, ''), coalesce(p_from, today()),
            coalesce(p_to, 'infinity'), p_basis, nullif(p_order, ''), p_order_date, p_actor);
    given := true;
END $$;
COMMENT ON FUNCTION user_import_row(bigint, text, text, text, text, text, text, date, date, text, text, date, bytea, bytea) IS 'does one row of a file of users, or says what is wrong with it';
GRANT EXECUTE ON FUNCTION user_import_row(bigint, text, text, text, text, text, text, date, date, text, text, date, bytea, bytea) TO inap_auth;

-- The file. system_lock comes first in the unit. One row for each of the file's, in its order: done, or at fault, and then
-- nothing is done. Row 0 is about the whole. p_bad marks rows that the daemon has refused already: with one of them the
-- others are only judged. A replay gives fresh codes in place of those that are still unused, as user.add does.
CREATE FUNCTION user_import(p_actor bigint, p_users text[], p_names text[], p_homes text[], p_roles text[], p_entities text[], p_jurisdictions text[],
                            p_from date[], p_to date[], p_bases text[], p_orders text[], p_order_dates date[], p_codes bytea[], p_bad boolean[], p_key bytea, p_body_hash bytea)
RETURNS TABLE (ord int, field text, fault text, made boolean, given boolean, expires_at text, in_force boolean, receipt bytea) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    n constant int := coalesce(cardinality(p_users), 0);
    past record;
    done record;
    fields text[] := array_fill(NULL::text, ARRAY[n]);
    faults text[] := array_fill(NULL::text, ARRAY[n]);
    mades boolean[] := array_fill(false, ARRAY[n]);
    givens boolean[] := array_fill(false, ARRAY[n]);
    ends text;
    told jsonb;
    entry bytea;
BEGIN
    SELECT l.actor_id = p_actor AND l.body_hash = p_body_hash AND l.action = 'user.import' AS same, l.outcome::jsonb AS outcome, l.hash INTO past FROM system_log l WHERE l.key = p_key;
    IF past.same THEN
        UPDATE credential c SET code_hash = x.code
          FROM app_user u JOIN unnest(p_users, p_codes, ARRAY(SELECT j::boolean FROM jsonb_array_elements_text(past.outcome -> 'made') AS j)) AS x (name, code, made) ON x.made AND x.name = u.name
         WHERE c.user_id = u.user_id AND c.code_key = p_key AND c.code_hash IS NOT NULL AND c.code_expires_at > now();
        RETURN QUERY
        SELECT x.i::int, NULL::text, NULL::text, x.m::boolean, x.g::boolean, past.outcome ->> 'expires_at', coalesce(x.m::boolean AND c.code_hash = x.code, false), past.hash
          FROM unnest(ARRAY(SELECT jsonb_array_elements_text(past.outcome -> 'made')), ARRAY(SELECT jsonb_array_elements_text(past.outcome -> 'given')), p_users, p_codes)
               WITH ORDINALITY AS x (m, g, name, code, i) JOIN app_user u ON u.name = x.name JOIN credential c USING (user_id) ORDER BY x.i;
        RETURN;
    END IF;
    ord := 0;
    fault := CASE WHEN past.same IS NOT NULL THEN 'KEY_REUSED'
                  WHEN NOT EXISTS (SELECT FROM live_grant g WHERE g.user_id = p_actor AND g.role = 'admin') THEN 'FORBIDDEN|action=user.import' END;
    IF fault IS NOT NULL THEN
        RETURN NEXT;
        RETURN;
    END IF;
    BEGIN
        FOR i IN 1 .. n LOOP
            -- What follows from a user who could not be made is no fault of its own.
            CONTINUE WHEN p_bad[i] OR EXISTS (SELECT FROM unnest(p_users[:i - 1], faults[:i - 1], p_bad[:i - 1]) AS e (name, fault, bad)
                                               WHERE e.name = p_users[i] AND (e.bad OR e.fault IS NOT NULL));
            SELECT r.* INTO done FROM user_import_row(p_actor, p_users[i], p_names[i], p_homes[i], p_roles[i], p_entities[i], p_jurisdictions[i], p_from[i], p_to[i],
                                                      p_bases[i], p_orders[i], p_order_dates[i], p_codes[i], p_key) r;
            fields[i] := done.field; faults[i] := done.fault; mades[i] := done.made; givens[i] := done.given;
        END LOOP;
        IF true = ANY (p_bad) OR EXISTS (SELECT FROM unnest(faults) AS f WHERE f IS NOT NULL) THEN
            RAISE EXCEPTION USING ERRCODE = 'INI01';
        END IF;
    EXCEPTION WHEN SQLSTATE 'INI01' THEN -- nothing of it stays but the faults
        RETURN QUERY SELECT f.i::int, f.field, f.fault, false, false, NULL::text, false, NULL::bytea
                       FROM unnest(fields, faults) WITH ORDINALITY AS f (field, fault, i) WHERE f.fault IS NOT NULL ORDER BY f.i;
        RETURN;
    END;
    INSERT INTO session_change (user_id) SELECT DISTINCT u.user_id FROM unnest(p_users, givens) AS x (name, given) JOIN app_user u ON u.name = x.name WHERE x.given;
    ends := iso(now() + interval '24 hours');
    SELECT coalesce(jsonb_agg(user_json(u.user_id) ORDER BY u.name), '[]') INTO told
      FROM app_user u WHERE u.name IN (SELECT x.name FROM unnest(p_users, mades, givens) AS x (name, made, given) WHERE x.made OR x.given);
    entry := system_append('user.import', NULL, p_actor, p_key, p_body_hash,
                           jsonb_build_object('users', told, 'made', to_jsonb(mades), 'given', to_jsonb(givens), 'expires_at', ends)::text);
    RETURN QUERY SELECT x.i::int, NULL::text, NULL::text, x.made, x.given, ends, x.made, entry
                   FROM unnest(mades, givens) WITH ORDINALITY AS x (made, given, i) ORDER BY x.i;
END $$;
COMMENT ON FUNCTION user_import(bigint, text[], text[], text[], text[], text[], text[], date[], date[], text[], text[], date[], bytea[], boolean[], bytea, bytea)
    IS 'a file of users and roles: one row for each of its rows, done or at fault; with one at fault nothing is done';
GRANT EXECUTE ON FUNCTION user_import(bigint, text[], text[], text[], text[], text[], text[], date[], date[], text[], text[], date[], bytea[], boolean[], bytea, bytea) TO inap_auth;

CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'office' $$;

COMMIT;
