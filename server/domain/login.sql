-- Login, enrolment, the password and the sessions. Everything here runs in lane auth as inap_auth.

-- name: auth_head_lock () -> (bigint entity_id)
-- lanes: auth
-- Every write of users, roles and sessions takes the system's own chain first: there is one of them at a time.
SELECT system_lock() AS entity_id

-- name: login_user (text name, bytea name_hash) -> (bigint user_id, text password_hash, bigint delay_s)
-- lanes: auth
-- One row, whoever it is: user 0 without a hash for a name that nobody has. A disabled user has no hash either.
SELECT coalesce(u.user_id, 0) AS user_id, CASE WHEN u.disabled_at IS NULL THEN c.password_hash END AS password_hash,
       ceil(extract(epoch FROM greatest(coalesce(u.next_try_at, f.next_try_at) - now(), interval '0')))::bigint AS delay_s
  FROM (SELECT) one LEFT JOIN app_user u ON u.name = $1 AND u.user_id <> 0
  LEFT JOIN credential c ON c.user_id = u.user_id
  LEFT JOIN login_failure f ON f.name_hash = $2 AND u.user_id IS NULL

-- name: login_failed (bigint user_id, bytea name_hash, text action, bigint actor_id, text peer) -> (integer failures, bytea receipt)
-- lanes: auth
-- Counts and logs a failure; no row while attempts are not judged at all (several came at once). Names that nobody has
-- are counted alike and not logged: people type passwords into the wrong field.
WITH known AS (
    UPDATE app_user u SET failures = u.failures + 1, next_try_at = now() + login_delay(u.failures + 1)
     WHERE u.user_id = $1 AND u.user_id <> 0 AND (u.next_try_at IS NULL OR u.next_try_at <= now())
    RETURNING u.name, u.failures
), unknown AS (
    INSERT INTO login_failure AS f (name_hash, failures) SELECT $2, 1 WHERE $1 = 0
        ON CONFLICT (name_hash) DO UPDATE SET failures = f.failures + 1, next_try_at = now() + login_delay(f.failures + 1)
        WHERE f.next_try_at IS NULL OR f.next_try_at <= now()
    RETURNING NULL::text AS name, f.failures
)
SELECT w.failures, system_append($3, NULL, $4, NULL, no_body(), jsonb_build_object('user', w.name, 'peer', $5::text, 'failures', w.failures)::text) AS receipt
  FROM (SELECT * FROM known UNION ALL SELECT * FROM unknown) w

-- name: session_make (bigint user_id, text password_hash, bytea token_hash, integer hours, integer idle_minutes, text peer, text action)
--                 -> (bigint session_id, bytea receipt)
-- lanes: auth
-- The session of a user whose password was verified against this hash. No row: the password changed, the user was
-- disabled, or attempts are not judged now. A fifth session ends the oldest; sessions long past their term go.
WITH ready AS MATERIALIZED (
    SELECT u.user_id, u.last_login_at, u.failures FROM app_user u JOIN credential c USING (user_id)
     WHERE u.user_id = $1 AND u.user_id <> 0 AND u.disabled_at IS NULL AND c.password_hash = $2
       AND (u.next_try_at IS NULL OR u.next_try_at <= now())
), swept AS (
    DELETE FROM session s USING ready r WHERE s.user_id = r.user_id AND s.expires_at < now() - interval '30 days'
), ended AS (
    UPDATE session s SET ended_at = now() FROM ready r
     WHERE s.user_id = r.user_id
       AND s.session_id IN (SELECT o.session_id FROM session o
                             WHERE o.user_id = $1 AND o.ended_at IS NULL AND o.expires_at > now()
                               AND o.last_used_at > now() - make_interval(mins => $5)
                             ORDER BY o.created_at DESC, o.session_id DESC OFFSET 3)
    RETURNING s.user_id, s.session_id
), told AS (
    INSERT INTO session_change (user_id, session_id) SELECT e.user_id, e.session_id FROM ended e
), greeted AS (
    UPDATE app_user u SET last_login_at = now(), failures = 0, next_try_at = NULL FROM ready r WHERE u.user_id = r.user_id
), made AS (
    INSERT INTO session (user_id, token_hash, expires_at, peer, previous_login_at, failures_before)
    SELECT r.user_id, $3, now() + make_interval(hours => $4), $6, r.last_login_at, r.failures FROM ready r
    RETURNING session_id
)
SELECT m.session_id, system_append($7, NULL, $1, NULL, no_body(), jsonb_build_object('session', m.session_id, 'peer', $6::text)::text) AS receipt FROM made m

-- name: enrol_user (text name, bytea name_hash, bytea code_hash) -> (bigint user_id, boolean matches, bigint delay_s)
-- lanes: auth
-- Like login_user, with the one-time code in place of the password.
SELECT coalesce(u.user_id, 0) AS user_id, coalesce(c.code_hash = $3 AND c.code_expires_at > now() AND u.disabled_at IS NULL, false) AS matches,
       ceil(extract(epoch FROM greatest(coalesce(u.next_try_at, f.next_try_at) - now(), interval '0')))::bigint AS delay_s
  FROM (SELECT) one LEFT JOIN app_user u ON u.name = $1 AND u.user_id <> 0
  LEFT JOIN credential c ON c.user_id = u.user_id
  LEFT JOIN login_failure f ON f.name_hash = $2 AND u.user_id IS NULL

-- name: enrol_set (bigint user_id, bytea code_hash, text password_hash) -> (bigint user_id)
-- lanes: auth
-- The password that the code was good for; the code is used up. session_make, next in the unit, finds this hash.
WITH good AS MATERIALIZED (
    SELECT u.user_id FROM app_user u JOIN credential c USING (user_id)
     WHERE u.user_id = $1 AND u.disabled_at IS NULL AND c.code_hash = $2 AND c.code_expires_at > now()
       AND (u.next_try_at IS NULL OR u.next_try_at <= now())
), enrolled AS (
    UPDATE app_user u SET enrolled_at = now() FROM good g WHERE u.user_id = g.user_id
)
UPDATE credential c SET password_hash = $3, changed_at = now(), code_hash = NULL, code_key = NULL, code_expires_at = NULL
  FROM good g WHERE c.user_id = g.user_id RETURNING c.user_id

-- name: passwd_user (bigint user_id) -> (text name, text password_hash, bigint delay_s)
-- lanes: auth
SELECT u.name, c.password_hash, ceil(extract(epoch FROM greatest(u.next_try_at - now(), interval '0')))::bigint AS delay_s
  FROM app_user u JOIN credential c USING (user_id) WHERE u.user_id = $1 AND u.disabled_at IS NULL

-- name: passwd_set (bigint user_id, bigint session_id, text old_hash, text new_hash) -> (bigint ended, bytea receipt)
-- lanes: auth
-- Replaces the hash that was verified; no row where it is no longer that one. Every other session of the user ends.
WITH changed AS (
    UPDATE credential c SET password_hash = $4, changed_at = now(), code_hash = NULL, code_key = NULL, code_expires_at = NULL
      FROM app_user u
     WHERE c.user_id = $1 AND u.user_id = c.user_id AND u.disabled_at IS NULL AND c.password_hash = $3
       AND (u.next_try_at IS NULL OR u.next_try_at <= now())
    RETURNING c.user_id
), ended AS (
    UPDATE session s SET ended_at = now() FROM changed c
     WHERE s.user_id = c.user_id AND s.session_id <> $2 AND s.ended_at IS NULL AND s.expires_at > now()
    RETURNING s.user_id, s.session_id
), told AS (
    INSERT INTO session_change (user_id, session_id) SELECT e.user_id, e.session_id FROM ended e
)
SELECT n.ended, system_append('passwd', NULL, $1, NULL, no_body(), jsonb_build_object('ended', n.ended)::text) AS receipt
  FROM changed, (SELECT count(*) AS ended FROM ended) n

-- name: session_use (bytea token_hash, integer idle_minutes) -> (bigint session_id)
-- lanes: auth
-- A resumed session is in use, written down at most once a minute. What is over stays so: session_show judges next.
UPDATE session s SET last_used_at = now()
 WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.last_used_at < now() - interval '1 minute'
   AND s.last_used_at > now() - make_interval(mins => $2)
RETURNING s.session_id

-- name: session_show (bytea token_hash, bigint session_id, integer idle_minutes)
--                 -> (bigint session_id, bigint user_id, text name, text display_name, text home, bigint home_entity_id,
--                     text expires_at, bigint expires_ms, text last_login, integer failures_since)
-- lanes: auth
-- The live session of a token, or (token null) of its number; no row: it is over. idle_minutes 0 for a session that is
-- in use on this very connection: its last use is in the daemon's memory.
SELECT s.session_id, s.user_id, u.name, u.display_name, e.code AS home, u.home_entity_id, iso(s.expires_at) AS expires_at,
       (extract(epoch FROM s.expires_at) * 1000)::bigint AS expires_ms, coalesce(iso(s.previous_login_at), '') AS last_login,
       s.failures_before AS failures_since
  FROM session s JOIN app_user u USING (user_id) JOIN entity e ON e.entity_id = u.home_entity_id
 WHERE (s.token_hash = $1 OR s.session_id = $2) AND s.ended_at IS NULL AND s.expires_at > now() AND u.disabled_at IS NULL
   AND ($3 = 0 OR s.last_used_at > now() - make_interval(mins => $3))

-- name: session_grants (bytea token_hash, bigint session_id) -> (text role, text entity, text jurisdiction, text starts, text ends,
--                       text basis, text order_number, text order_date)
-- lanes: auth
SELECT j.g ->> 'role' AS role, j.g ->> 'entity' AS entity, j.g ->> 'jurisdiction' AS jurisdiction, j.g ->> 'from' AS starts, j.g ->> 'to' AS ends,
       j.g ->> 'basis' AS basis, j.g ->> 'order_number' AS order_number, j.g ->> 'order_date' AS order_date
  FROM session s JOIN live_grant l USING (user_id) JOIN role_grant r USING (grant_id) LEFT JOIN entity e ON e.entity_id = l.entity_id
 CROSS JOIN LATERAL (SELECT grant_json(r, e.code) AS g) j
 WHERE s.token_hash = $1 OR s.session_id = $2 ORDER BY l.grant_id

-- name: session_reach (bytea token_hash, bigint session_id) -> (bigint entity_id, text entity, text jurisdiction, text roles)
-- lanes: auth
-- Every entity that the session's grants cover, with the roles that cover it. Who keeps users, reads the log or reads
-- what was published reaches no report by that.
SELECT e.entity_id, e.code AS entity, coalesce(e.jurisdiction, '') AS jurisdiction, string_agg(DISTINCT l.role, ',') AS roles
  FROM session s JOIN live_grant l USING (user_id)
  JOIN entity e ON e.entity_id <> 0 AND CASE WHEN l.entity_id IS NOT NULL THEN e.entity_id = l.entity_id
                                             WHEN l.jurisdiction IS NOT NULL THEN e.jurisdiction = l.jurisdiction ELSE true END
 WHERE (s.token_hash = $1 OR s.session_id = $2) AND l.role IN ('focal_point', 'approver', 'coordinator', 'secretariat', 'national_team')
 GROUP BY e.entity_id ORDER BY e.code COLLATE "C"

-- name: session_end (bigint user_id, bigint session_id) -> (bytea receipt)
-- lanes: auth
-- Logging out; other connections that resumed this session are told.
WITH ended AS (
    UPDATE session s SET ended_at = now() WHERE s.session_id = $2 AND s.user_id = $1 AND s.ended_at IS NULL RETURNING s.session_id, s.user_id
), told AS (
    INSERT INTO session_change (user_id, session_id) SELECT e.user_id, e.session_id FROM ended e
)
SELECT system_append('logout', NULL, e.user_id, NULL, no_body(), jsonb_build_object('session', e.session_id)::text) AS receipt FROM ended e

-- name: session_judge (bigint actor_id, text action, text name) -> (text fault)
-- lanes: auth
SELECT session_fault($1, $2, $3) AS fault

-- name: session_list (bigint actor_id, bigint session_id, text name, integer idle_minutes)
--                 -> (bigint id, text name, text created_at, text last_used, text expires_at, text peer, boolean this_one)
-- lanes: auth
SELECT s.session_id AS id, u.name, iso(s.created_at) AS created_at, iso(s.last_used_at) AS last_used, iso(s.expires_at) AS expires_at, s.peer,
       s.session_id = $2 AS this_one
  FROM session s JOIN app_user u USING (user_id)
 WHERE CASE $3 WHEN '' THEN u.user_id = $1 ELSE u.name = $3 END AND session_fault($1, 'session.list', $3) IS NULL
   AND s.ended_at IS NULL AND s.expires_at > now() AND (s.session_id = $2 OR s.last_used_at > now() - make_interval(mins => $4))
 ORDER BY s.created_at DESC, s.session_id DESC LIMIT 1000

-- name: session_revoke (bigint actor_id, bigint session_id, text name, bigint id) -> (text fault, bigint revoked, boolean this_one, bytea receipt)
-- lanes: auth
-- id 0: all of the user's but the one that asks.
WITH judged AS MATERIALIZED (
    SELECT session_fault($1, 'session.revoke', $3) AS fault,
           (SELECT u.user_id FROM app_user u WHERE CASE $3 WHEN '' THEN u.user_id = $1 ELSE u.name = $3 END) AS user_id
), ended AS (
    UPDATE session s SET ended_at = now() FROM judged j
     WHERE j.fault IS NULL AND s.user_id = j.user_id AND s.ended_at IS NULL AND s.expires_at > now()
       AND CASE $4::bigint WHEN 0 THEN s.session_id <> $2 ELSE s.session_id = $4 END
    RETURNING s.user_id, s.session_id
), told AS (
    INSERT INTO session_change (user_id, session_id) SELECT e.user_id, e.session_id FROM ended e
), logged AS (
    SELECT system_append('session.revoke', NULL, $1, NULL, no_body(), jsonb_build_object('user_id', n.user_id, 'sessions', n.sessions)::text) AS receipt
      FROM (SELECT e.user_id, jsonb_agg(e.session_id ORDER BY e.session_id) AS sessions FROM ended e GROUP BY e.user_id) n
)
SELECT CASE WHEN j.fault IS NOT NULL THEN j.fault
            WHEN $4 <> 0 AND NOT EXISTS (SELECT FROM ended) THEN 'NOT_FOUND|what=session|name=' || $4::text END AS fault,
       (SELECT count(*) FROM ended) AS revoked, EXISTS (SELECT FROM ended e WHERE e.session_id = $2) AS this_one, (SELECT l.receipt FROM logged l) AS receipt
  FROM judged j

-- name: session_changes (integer lookback_s) -> (bigint change_id, bigint user_id, bigint session_id)
-- lanes: auth
-- What every daemon reads every 500 ms. A change is stamped before its transaction ends, hence the look back; session 0
-- means all of the user's.
SELECT c.change_id, c.user_id, coalesce(c.session_id, 0) AS session_id FROM session_change c
 WHERE c.at > clock_timestamp() - make_interval(secs => $1::integer) ORDER BY c.change_id

-- name: session_touch (bigint[] session_ids) -> (bigint session_id)
-- lanes: auth
-- Sessions that spoke on an open connection, so that a later resume does not find them idle.
UPDATE session s SET last_used_at = now() WHERE s.session_id = ANY ($1) AND s.ended_at IS NULL RETURNING s.session_id

-- name: first_admin (bytea code_hash) -> (boolean made)
-- lanes: auth
SELECT first_admin($1) AS made
