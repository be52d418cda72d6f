-- Users and their roles, kept by admins. Each write is one statement behind auth_head_lock: it judges, changes and
-- appends to the system's own chain, or refuses with a fault (CODE|name=value|...), or finds its key there: a replay.
-- What is answered is read back from the entry's outcome, so that a replay gets the same.

-- name: user_lock () -> (bigint entity_id)
-- lanes: auth
SELECT system_lock() AS entity_id

-- name: user_add (bigint actor_id, text name, text display_name, text home, bytea code_hash, bytea key, bytea body_hash)
--             -> (text fault, text expires_at, boolean in_force, bytea receipt)
-- lanes: auth
-- A replay gets a fresh code in place of the one it gave, as long as that is unused; the end of its term stays.
-- Home is an entity; SYSTEM only until the first plan brings some, so that someone can import it.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $1 AND l.body_hash = $7 AND l.action = 'user.add' AS same, l.outcome::jsonb AS outcome, l.hash FROM system_log l WHERE l.key = $6
), judged AS MATERIALIZED (
    SELECT e.entity_id, p.same, p.outcome, p.hash,
           CASE WHEN p.same THEN NULL WHEN NOT p.same THEN 'KEY_REUSED'
                WHEN NOT EXISTS (SELECT FROM live_grant g WHERE g.user_id = $1 AND g.role = 'admin') THEN 'FORBIDDEN|action=user.add'
                WHEN e.entity_id IS NULL THEN 'NOT_FOUND|what=entity|name=' || $4
                WHEN EXISTS (SELECT FROM app_user u WHERE u.name = $2) THEN 'EXISTS|what=user|name=' || $2 END AS fault
      FROM (SELECT) one LEFT JOIN past p ON true
      LEFT JOIN entity e ON e.code = $4 AND admin_over($1, e.entity_id, NULL)
                        AND (e.entity_id <> 0 OR NOT EXISTS (SELECT FROM entity x WHERE x.entity_id <> 0))
), added AS (
    INSERT INTO app_user (name, display_name, home_entity_id, created_by)
    SELECT $2, $3::text, j.entity_id, $1 FROM judged j WHERE j.fault IS NULL AND j.same IS NULL RETURNING user_id
), coded AS (
    INSERT INTO credential (user_id, code_hash, code_key, code_expires_at) SELECT a.user_id, $5, $6, now() + interval '24 hours' FROM added a
    RETURNING iso(code_expires_at) AS expires_at
), again AS (
    UPDATE credential c SET code_hash = $5 FROM judged j
     WHERE j.same AND c.code_key = $6 AND c.code_hash IS NOT NULL AND c.code_expires_at > now() RETURNING c.user_id
), logged AS (
    SELECT c.expires_at, system_append('user.add', NULL, $1, $6, $7,
               jsonb_build_object('user', $2::text, 'home', $4::text, 'expires_at', c.expires_at)::text) AS receipt FROM coded c
)
SELECT j.fault, coalesce(l.expires_at, j.outcome ->> 'expires_at') AS expires_at, l.receipt IS NOT NULL OR EXISTS (SELECT FROM again) AS in_force,
       coalesce(l.receipt, j.hash) AS receipt
  FROM judged j LEFT JOIN logged l ON true

-- name: user_reset (bigint actor_id, text name, text note, bytea code_hash, bytea key, bytea body_hash)
--               -> (text fault, text expires_at, boolean in_force, bytea receipt)
-- lanes: auth
-- The password is gone at once, the sessions end, and a code is given as user_add gives it.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $1 AND l.body_hash = $6 AND l.action = 'user.reset' AS same, l.outcome::jsonb AS outcome, l.hash FROM system_log l WHERE l.key = $5
), judged AS MATERIALIZED (
    SELECT p.same, p.outcome, p.hash,
           CASE WHEN p.same THEN NULL WHEN NOT p.same THEN 'KEY_REUSED' ELSE user_fault($1, 'user.reset', $2) END AS fault
      FROM (SELECT) one LEFT JOIN past p ON true
), reset AS (
    UPDATE app_user u SET enrolled_at = NULL, failures = 0, next_try_at = NULL FROM judged j
     WHERE j.fault IS NULL AND j.same IS NULL AND u.name = $2 RETURNING u.user_id
), coded AS (
    UPDATE credential c SET password_hash = NULL, changed_at = now(), code_hash = $4, code_key = $5, code_expires_at = now() + interval '24 hours'
      FROM reset r WHERE c.user_id = r.user_id RETURNING iso(c.code_expires_at) AS expires_at
), ended AS (
    UPDATE session s SET ended_at = now() FROM reset r WHERE s.user_id = r.user_id AND s.ended_at IS NULL
), told AS (
    INSERT INTO session_change (user_id) SELECT r.user_id FROM reset r
), again AS (
    UPDATE credential c SET code_hash = $4 FROM judged j
     WHERE j.same AND c.code_key = $5 AND c.code_hash IS NOT NULL AND c.code_expires_at > now() RETURNING c.user_id
), logged AS (
    SELECT c.expires_at, system_append('user.reset', $3, $1, $5, $6,
               jsonb_build_object('user', $2::text, 'expires_at', c.expires_at)::text) AS receipt FROM coded c
)
SELECT j.fault, coalesce(l.expires_at, j.outcome ->> 'expires_at') AS expires_at, l.receipt IS NOT NULL OR EXISTS (SELECT FROM again) AS in_force,
       coalesce(l.receipt, j.hash) AS receipt
  FROM judged j LEFT JOIN logged l ON true

-- name: user_switch (bigint actor_id, text action, text name, text note, bytea key, bytea body_hash) -> (text fault, bytea receipt)
-- lanes: auth
-- user.disable and user.enable. Disabling ends the user's sessions, on every daemon.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $1 AND l.body_hash = $6 AND l.action = $2 AS same, l.hash FROM system_log l WHERE l.key = $5
), judged AS MATERIALIZED (
    SELECT p.same, p.hash, CASE WHEN p.same THEN NULL WHEN NOT p.same THEN 'KEY_REUSED' ELSE user_fault($1, $2, $3) END AS fault
      FROM (SELECT) one LEFT JOIN past p ON true
), switched AS (
    UPDATE app_user u SET disabled_at = CASE $2 WHEN 'user.disable' THEN coalesce(u.disabled_at, now()) END FROM judged j
     WHERE j.fault IS NULL AND j.same IS NULL AND u.name = $3 RETURNING u.user_id, u.disabled_at
), ended AS (
    UPDATE session s SET ended_at = now() FROM switched w WHERE w.disabled_at IS NOT NULL AND s.user_id = w.user_id AND s.ended_at IS NULL
), told AS (
    INSERT INTO session_change (user_id) SELECT w.user_id FROM switched w
), logged AS (
    SELECT system_append($2, $4, $1, $5, $6, jsonb_build_object('user', user_json(w.user_id))::text) AS receipt FROM switched w
)
SELECT j.fault, coalesce(l.receipt, j.hash) AS receipt FROM judged j LEFT JOIN logged l ON true

-- name: role_give (bigint actor_id, text action, text name, text role, text entity, text jurisdiction, date starts, date ends,
--                  text basis, text order_number, date order_date, text note, bytea key, bytea body_hash) -> (text fault, bytea receipt)
-- lanes: auth
-- role.grant and role.delegate. starts null: today; ends null: no end.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $1 AND l.body_hash = $14 AND l.action = $2 AS same, l.hash FROM system_log l WHERE l.key = $13
), judged AS MATERIALIZED (
    SELECT p.same, p.hash, CASE WHEN p.same THEN NULL WHEN NOT p.same THEN 'KEY_REUSED'
                                ELSE role_fault($1, $2, $3, $4, $5, $6, coalesce($7, today()), $8) END AS fault
      FROM (SELECT) one LEFT JOIN past p ON true
), given AS (
    INSERT INTO role_grant (user_id, role, entity_id, jurisdiction, valid_from, valid_to, basis, order_number, order_date, granted_by)
    SELECT u.user_id, $4, (SELECT e.entity_id FROM entity e WHERE e.code = $5), nullif($6, ''), coalesce($7, today()), coalesce($8, 'infinity'),
           $9, nullif($10, ''), $11, $1
      FROM judged j JOIN app_user u ON u.name = $3 WHERE j.fault IS NULL AND j.same IS NULL RETURNING user_id
), told AS (
    INSERT INTO session_change (user_id) SELECT g.user_id FROM given g
), logged AS (
    SELECT system_append($2, $12, $1, $13, $14, jsonb_build_object('user', user_json(g.user_id))::text) AS receipt FROM given g
)
SELECT j.fault, coalesce(l.receipt, j.hash) AS receipt FROM judged j LEFT JOIN logged l ON true

-- name: role_take (bigint actor_id, text name, text role, text entity, text jurisdiction, text note, bytea key, bytea body_hash) -> (text fault, bytea receipt)
-- lanes: auth
-- Every current or future grant of this role and scope.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $1 AND l.body_hash = $8 AND l.action = 'role.revoke' AS same, l.hash FROM system_log l WHERE l.key = $7
), judged AS MATERIALIZED (
    SELECT p.same, p.hash, CASE WHEN p.same THEN NULL WHEN NOT p.same THEN 'KEY_REUSED'
                                ELSE role_fault($1, 'role.revoke', $2, $3, $4, $5, NULL, NULL) END AS fault
      FROM (SELECT) one LEFT JOIN past p ON true
), taken AS (
    UPDATE role_grant g SET revoked_at = now(), revoked_by = $1
      FROM judged j JOIN app_user u ON u.name = $2
     WHERE j.fault IS NULL AND j.same IS NULL AND g.user_id = u.user_id AND g.role = $3 AND g.revoked_at IS NULL AND g.valid_to >= today()
       AND g.entity_id IS NOT DISTINCT FROM (SELECT e.entity_id FROM entity e WHERE e.code = $4) AND g.jurisdiction IS NOT DISTINCT FROM nullif($5, '')
    RETURNING g.user_id
), whose AS MATERIALIZED (
    SELECT t.user_id, count(*) AS grants FROM taken t GROUP BY t.user_id
), told AS (
    INSERT INTO session_change (user_id) SELECT w.user_id FROM whose w
), logged AS (
    SELECT system_append('role.revoke', $6, $1, $7, $8, jsonb_build_object('user', user_json(w.user_id), 'revoked', w.grants)::text) AS receipt FROM whose w
)
SELECT j.fault, coalesce(l.receipt, j.hash) AS receipt FROM judged j LEFT JOIN logged l ON true

-- name: user_list (bigint actor_id, text name) -> (text fault)
-- lanes: auth
SELECT CASE WHEN NOT EXISTS (SELECT FROM live_grant g WHERE g.user_id = $1 AND g.role = 'admin') THEN 'FORBIDDEN|action=user.list'
            WHEN $2 <> '' AND NOT EXISTS (SELECT FROM app_user u WHERE u.name = $2 AND u.user_id <> 0 AND admin_over($1, u.home_entity_id, NULL))
                THEN 'NOT_FOUND|what=user|name=' || $2 END AS fault

-- name: user_show (bigint actor_id, text name, bytea key) -> (text name, text display_name, text home, boolean disabled, boolean enrolled,
--                  text last_login, bigint grants, bytea receipt)
-- lanes: auth
-- Users in the admin's scope ('' for all of them), or with a key the one that its entry tells. user_show_grants has the
-- grants of all of them in the same order, so many for each.
SELECT s.j ->> 'user' AS name, s.j ->> 'name' AS display_name, s.j ->> 'home' AS home, (s.j -> 'disabled')::boolean AS disabled,
       (s.j -> 'enrolled')::boolean AS enrolled, s.j ->> 'last_login' AS last_login, jsonb_array_length(s.j -> 'roles')::bigint AS grants, s.receipt
  FROM (SELECT user_json(u.user_id) AS j, NULL::bytea AS receipt FROM app_user u
         WHERE $3::bytea IS NULL AND u.user_id <> 0 AND ($2 = '' OR u.name = $2) AND admin_over($1, u.home_entity_id, NULL)
        UNION ALL
        SELECT l.outcome::jsonb -> 'user', l.hash FROM system_log l WHERE l.key = $3) s
 ORDER BY s.j ->> 'user'

-- name: user_show_grants (bigint actor_id, text name, bytea key) -> (text role, text entity, text jurisdiction, text starts, text ends,
--                         text basis, text order_number, text order_date)
-- lanes: auth
SELECT g.j ->> 'role' AS role, g.j ->> 'entity' AS entity, g.j ->> 'jurisdiction' AS jurisdiction, g.j ->> 'from' AS starts, g.j ->> 'to' AS ends,
       g.j ->> 'basis' AS basis, g.j ->> 'order_number' AS order_number, g.j ->> 'order_date' AS order_date
  FROM (SELECT user_json(u.user_id) AS j FROM app_user u
         WHERE $3::bytea IS NULL AND u.user_id <> 0 AND ($2 = '' OR u.name = $2) AND admin_over($1, u.home_entity_id, NULL)
        UNION ALL
        SELECT l.outcome::jsonb -> 'user' FROM system_log l WHERE l.key = $3) s,
       jsonb_array_elements(s.j -> 'roles') WITH ORDINALITY AS g (j, n)
 ORDER BY s.j ->> 'user', g.n

-- name: user_import (bigint actor_id, text[] names, text[] display_names, text[] homes, text[] roles, text[] entities, text[] jurisdictions,
--                    date[] starts, date[] ends, text[] bases, text[] order_numbers, date[] order_dates, bytea[] codes, boolean[] bad, bytea key, bytea body_hash)
--                -> (integer ord, text field, text fault, boolean made, boolean given, text expires_at, boolean in_force, bytea receipt)
-- lanes: auth
-- A file of users and roles: one row for each of its rows, or the faults alone; row 0 is about the whole.
SELECT i.ord, i.field, i.fault, i.made, i.given, i.expires_at, i.in_force, i.receipt
  FROM user_import($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) i
