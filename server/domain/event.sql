-- Events, what they decided, and organisations. The Secretariat writes them into the system's chain; a name that may not be told is not logged either.

-- name: event_scope (text plan, text entity, bigint number, bigint actor_id) -> (boolean plan_there, boolean entity_there, boolean number_there)
SELECT $3::bigint <> 0 OR EXISTS (SELECT FROM plan p WHERE p.code = $1 OR ($1 = '' AND p.current)), $2 = '' OR EXISTS (SELECT FROM entity e WHERE e.code = $2 AND e.entity_id <> 0),
       $3 = 0 OR EXISTS (SELECT FROM event_seen($4) s WHERE s.event_id = $3)

-- name: event_list (text plan, bigint number, text kind, text entity, text from_day, text to_day, bigint actor_id)
--               -> (bigint number, bigint version, text plan, text kind, text title, text held_on, text ends_on, text places, text organiser, text technical,
--                   text operational, text financial, text present, text organisations, bigint women, bigint men, text minutes, text minutes_on, boolean confined,
--                   text indicators, text activities, bigint women_led, bigint unnamed, text by)
-- Newest first. Lists are parted by commas. Who is not of the Secretariat is told of organisations that may be named.
SELECT v.event_id, v.version::bigint, p.code, v.kind, v.title, v.held_on::text, v.ends_on::text, v.place, g.code, v.supporter ->> 'technical',
       v.supporter ->> 'operational', v.supporter ->> 'financial', (SELECT string_agg(e.code, ',' ORDER BY e.code COLLATE "C") FROM entity e WHERE e.entity_id = ANY (v.present)),
       o.told, v.women::bigint, v.men::bigint, v.minutes, v.minutes_on::text, v.confined,
       (SELECT string_agg(i.code, ',' ORDER BY i.sort) FROM indicator i WHERE i.indicator_id = ANY (v.indicators)),
       (SELECT string_agg(r.code, ',' ORDER BY r.sort) FROM result r WHERE r.result_id = ANY (v.activities)), o.women_led, o.unnamed, u.name
  FROM event_seen($7) s JOIN event v USING (event_id) JOIN plan p USING (plan_id) JOIN entity g ON g.entity_id = v.entity_id JOIN app_user u ON u.user_id = v.made_by
  CROSS JOIN LATERAL (SELECT string_agg(x.organisation_id::text, ',' ORDER BY x.organisation_id) FILTER (WHERE s.secretariat OR x.may_be_named) AS told,
                             count(*) FILTER (WHERE x.women_led) AS women_led, count(*) FILTER (WHERE NOT s.secretariat AND NOT x.may_be_named) AS unnamed
                        FROM organisation x WHERE x.organisation_id = ANY (v.organisations)) o
 WHERE CASE $2::bigint WHEN 0 THEN p.code = $1 OR ($1 = '' AND p.current) ELSE v.event_id = $2 END
   AND $3 IN ('', v.kind) AND v.held_on BETWEEN coalesce(nullif($5, '')::date, '-infinity') AND coalesce(nullif($6, '')::date, 'infinity')
   AND ($4 = '' OR EXISTS (SELECT FROM entity e WHERE e.code = $4
            AND (e.entity_id = v.entity_id OR e.entity_id = ANY (v.present) OR EXISTS (SELECT FROM event_decision d WHERE d.event_id = v.event_id AND d.owner_id = e.entity_id))))
 ORDER BY v.held_on DESC, v.event_id DESC LIMIT 500

-- name: event_decisions (text plan, bigint number, bigint actor_id)
--                    -> (bigint number, bigint decision, text words, text owner, text due_on, text done_on, text done_by, text done_note)
SELECT d.event_id, d.decision::bigint, d.text, e.code, d.due_on::text, d.done_on::text, u.name, d.done_note
  FROM event_seen($3) s JOIN event v USING (event_id) JOIN plan p USING (plan_id) JOIN event_decision d USING (event_id) JOIN entity e ON e.entity_id = d.owner_id
  LEFT JOIN app_user u ON u.user_id = d.done_by
 WHERE CASE $2::bigint WHEN 0 THEN p.code = $1 OR ($1 = '' AND p.current) ELSE v.event_id = $2 END
 ORDER BY d.event_id, d.decision

-- name: organisation_list (bigint actor_id)
--                      -> (bigint number, bigint version, text name_en, text name_ar, text name_ckb, boolean women_led, boolean may_be_named, text places, bigint events)
-- By number; who is not of the Secretariat is told of those that may be named.
WITH met AS MATERIALIZED ( -- once, not for every organisation
    SELECT x.organisation_id, count(*) AS events FROM event_seen($1) s JOIN event v USING (event_id) CROSS JOIN LATERAL unnest(v.organisations) AS x (organisation_id) GROUP BY x.organisation_id
)
SELECT o.organisation_id, o.version::bigint, o.name_en, o.name_ar, o.name_ckb, o.women_led, o.may_be_named, o.place, coalesce(m.events, 0)
  FROM organisation o LEFT JOIN met m USING (organisation_id) WHERE o.may_be_named OR holds_role($1, '{secretariat}', 0) ORDER BY o.organisation_id

-- name: organisation_count (bigint actor_id) -> (bigint women_led, bigint unnamed)
SELECT count(*) FILTER (WHERE o.women_led), count(*) FILTER (WHERE NOT o.may_be_named AND NOT holds_role($1, '{secretariat}', 0)) FROM organisation o

-- name: event_write (text plan, bigint number, bigint base_version, text kind, text title, text held_on, text ends_on, text[] places, text organiser, text technical,
--                    text operational, text financial, text[] present, bigint[] organisations, text women, text men, text minutes, text minutes_on, boolean confined,
--                    text[] indicators, text[] activities, text note, bigint actor_id, bytea key, bytea body_hash)
--                -> (text fault, bigint number, bigint version, bytea receipt, boolean replayed)
-- lanes: write
-- system_head_lock comes first in the unit, so that numbers follow one another.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $23 AND l.body_hash = $25 AND l.action = 'event' AS same, l.hash, l.outcome::jsonb AS o FROM log l WHERE l.entity_id = 0 AND l.key = $24
), given AS MATERIALIZED (
    SELECT p.plan_id, v.event_id, v.version, g.entity_id AS organiser_id, d.held_on, d.ends_on, d.minutes_on, q.same, q.hash, q.o,
           ARRAY(SELECT e.entity_id FROM entity e WHERE e.code = ANY ($13) AND e.jurisdiction IS NOT NULL ORDER BY e.entity_id) AS present,
           ARRAY(SELECT o.organisation_id FROM organisation o WHERE o.organisation_id = ANY ($14) ORDER BY o.organisation_id) AS organisations,
           ARRAY(SELECT i.indicator_id FROM indicator i WHERE i.plan_id = p.plan_id AND i.code = ANY ($20) ORDER BY i.sort) AS indicators,
           ARRAY(SELECT r.result_id FROM result r WHERE r.plan_id = p.plan_id AND r.kind = 'activity' AND r.code = ANY ($21) ORDER BY r.sort) AS activities
      FROM (SELECT $6::text::date AS held_on, nullif($7, '')::date AS ends_on, nullif($18, '')::date AS minutes_on) d LEFT JOIN event v ON v.event_id = $2
      LEFT JOIN plan p ON CASE $2 WHEN 0 THEN p.code = $1 OR ($1 = '' AND p.current) ELSE p.plan_id = v.plan_id END
      LEFT JOIN entity g ON g.code = $9 AND g.jurisdiction IS NOT NULL LEFT JOIN past q ON true
), checked AS MATERIALIZED (
    SELECT g.*, CASE WHEN NOT holds_role($23, '{secretariat}', 0) THEN 'FORBIDDEN|action=event.write'
           WHEN g.same THEN NULL WHEN NOT g.same THEN 'KEY_REUSED'
           WHEN $2 <> 0 AND g.event_id IS NULL THEN 'NOT_FOUND|what=event|name=E' || $2
           WHEN $2 <> 0 AND g.version <> $3::bigint THEN format('STALE_REVISION|report=E%s|revision=%s|base=%s', $2, g.version, $3)
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($1, ''), 'current')
           WHEN $4 NOT IN ('consultation', 'workshop', 'field_visit', 'validation', 'national_team_meeting', 'support') THEN 'NOT_FOUND|what=kind of event|name=' || $4
           WHEN $5 = '' THEN 'BAD_ARGUMENT|field=title|why=is missing'
           WHEN length($5) > 2000 THEN 'BAD_ARGUMENT|field=title|why=is longer than 2000 characters'
           WHEN g.ends_on < g.held_on THEN 'BAD_ARGUMENT|field=ends_on|why=ends before it begins'
           WHEN ($17 = '') <> (g.minutes_on IS NULL) THEN 'BAD_ARGUMENT|field=minutes|why=number and day of the minutes come together'
           WHEN g.minutes_on < g.held_on OR g.minutes_on > today() THEN 'BAD_ARGUMENT|field=minutes_on|why=lies before the event, or is to come'
           WHEN $15 !~ '^[0-9]{0,7}$' OR $16 !~ '^[0-9]{0,7}$' THEN 'BAD_ARGUMENT|field=women, men|why=write a whole number'
           WHEN g.organiser_id IS NULL THEN 'NOT_FOUND|what=entity|name=' || $9
           ELSE coalesce((SELECT 'NOT_FOUND|what=governorate|name=' || governorate_stranger(g.plan_id, quarter_of(g.held_on), $8)),
                (SELECT 'NOT_FOUND|what=entity|name=' || c FROM unnest($13) AS c WHERE NOT EXISTS (SELECT FROM entity e WHERE e.code = c AND e.jurisdiction IS NOT NULL) LIMIT 1),
                (SELECT 'NOT_FOUND|what=organisation|name=O' || c FROM unnest($14) AS c WHERE NOT c = ANY (g.organisations) LIMIT 1),
                (SELECT 'NOT_FOUND|what=indicator|name=' || c FROM unnest($20) AS c WHERE NOT EXISTS (SELECT FROM indicator i WHERE i.plan_id = g.plan_id AND i.code = c) LIMIT 1),
                (SELECT 'NOT_FOUND|what=activity|name=' || c FROM unnest($21) AS c
                  WHERE NOT EXISTS (SELECT FROM result r WHERE r.plan_id = g.plan_id AND r.kind = 'activity' AND r.code = c) LIMIT 1)) END AS fault
      FROM given g
), body AS MATERIALIZED (
    SELECT c.*, array_to_string($8, ',') AS place, jsonb_strip_nulls(jsonb_build_object('technical', nullif($10, ''), 'operational', nullif($11, ''), 'financial', nullif($12, ''))) AS supporter
      FROM checked c WHERE c.fault IS NULL AND c.same IS NULL
), made AS (
    INSERT INTO event (event_id, plan_id, entity_id, kind, title, held_on, ends_on, place, supporter, present, organisations, women, men, minutes, minutes_on, confined, indicators, activities, made_by)
    OVERRIDING SYSTEM VALUE
    SELECT 1 + coalesce((SELECT max(x.event_id) FROM event x), 0), b.plan_id, b.organiser_id, $4, $5, b.held_on, b.ends_on, b.place, b.supporter, b.present, b.organisations,
           nullif($15, '')::int, nullif($16, '')::int, $17, b.minutes_on, $19, b.indicators, b.activities, $23
      FROM body b WHERE $2 = 0
    RETURNING event_id, version
), edited AS (
    UPDATE event v SET entity_id = b.organiser_id, kind = $4, title = $5, held_on = b.held_on, ends_on = b.ends_on, place = b.place, supporter = b.supporter, present = b.present,
           organisations = b.organisations, women = nullif($15, '')::int, men = nullif($16, '')::int, minutes = $17, minutes_on = b.minutes_on, confined = $19,
           indicators = b.indicators, activities = b.activities, version = v.version + 1, changed_at = now()
      FROM body b WHERE v.event_id = $2 AND $2 <> 0
    RETURNING v.event_id, v.version
), written AS (
    SELECT * FROM made UNION ALL SELECT * FROM edited
), logged AS (
    SELECT w.event_id, w.version, log_append(0, b.plan_id, NULL, NULL, 'event', nullif($22, ''), $23, $24, $25,
               (jsonb_build_object('event', w.event_id, 'version', w.version, 'kind', $4, 'title', $5, 'held_on', b.held_on, 'ends_on', b.ends_on, 'places', to_jsonb($8), 'organiser', $9,
                    'supporter', b.supporter, 'present', to_jsonb($13), 'organisations', to_jsonb(b.organisations))
                || jsonb_build_object('women', nullif($15, ''), 'men', nullif($16, ''), 'minutes', $17, 'minutes_on', b.minutes_on, 'confined', $19, 'indicators', to_jsonb($20),
                    'activities', to_jsonb($21)))::text) AS receipt
      FROM written w, body b
)
SELECT c.fault, coalesce(l.event_id, (c.o ->> 'event')::bigint), coalesce(l.version::bigint, (c.o ->> 'version')::bigint), coalesce(l.receipt, c.hash), c.same IS NOT NULL
  FROM checked c LEFT JOIN logged l ON true

-- name: event_decide (bigint number, bigint base_version, text words, text owner, text due_on, text note, bigint actor_id, bytea key, bytea body_hash)
--                 -> (text fault, bigint version, bigint decision, bytea receipt, boolean replayed)
-- lanes: write
-- system_head_lock comes first in the unit.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $7 AND l.body_hash = $9 AND l.action = 'event.decide' AS same, l.hash, l.outcome::jsonb AS o FROM log l WHERE l.entity_id = 0 AND l.key = $8
), given AS MATERIALIZED (
    SELECT v.event_id, v.plan_id, v.version, v.held_on, $5::text::date AS due_on, g.entity_id AS owner_id, q.same, q.hash, q.o,
           1 + coalesce((SELECT max(d.decision) FROM event_decision d WHERE d.event_id = $1), 0) AS decision
      FROM (SELECT) one LEFT JOIN event v ON v.event_id = $1 LEFT JOIN entity g ON g.code = $4 AND g.jurisdiction IS NOT NULL LEFT JOIN past q ON true
), checked AS MATERIALIZED (
    SELECT g.*, CASE WHEN NOT holds_role($7, '{secretariat}', 0) THEN 'FORBIDDEN|action=event.decide'
           WHEN g.same THEN NULL WHEN NOT g.same THEN 'KEY_REUSED'
           WHEN g.event_id IS NULL THEN 'NOT_FOUND|what=event|name=E' || $1
           WHEN g.version <> $2::bigint THEN format('STALE_REVISION|report=E%s|revision=%s|base=%s', $1, g.version, $2)
           WHEN $3 = '' THEN 'BAD_ARGUMENT|field=text|why=is missing'
           WHEN g.owner_id IS NULL THEN 'NOT_FOUND|what=entity|name=' || $4
           WHEN g.due_on < g.held_on THEN 'BAD_ARGUMENT|field=due_on|why=lies before the event' END AS fault
      FROM given g
), made AS (
    INSERT INTO event_decision (event_id, decision, text, owner_id, due_on, made_by)
    SELECT c.event_id, c.decision, $3, c.owner_id, c.due_on, $7 FROM checked c WHERE c.fault IS NULL AND c.same IS NULL
    RETURNING event_id, decision
), moved AS (
    UPDATE event v SET version = v.version + 1, changed_at = now() FROM made m WHERE v.event_id = m.event_id RETURNING v.version
), logged AS (
    SELECT w.version, m.decision, log_append(0, c.plan_id, NULL, NULL, 'event.decide', nullif($6, ''), $7, $8, $9,
               jsonb_build_object('event', $1, 'version', w.version, 'decision', m.decision, 'text', $3, 'owner', $4, 'due_on', c.due_on)::text) AS receipt
      FROM made m, moved w, checked c
)
SELECT c.fault, coalesce(l.version::bigint, (c.o ->> 'version')::bigint), coalesce(l.decision::bigint, (c.o ->> 'decision')::bigint), coalesce(l.receipt, c.hash), c.same IS NOT NULL
  FROM checked c LEFT JOIN logged l ON true

-- name: event_done (bigint number, bigint decision, text note, bigint actor_id, bytea key, bytea body_hash)
--               -> (text fault, bigint version, bytea receipt, boolean replayed)
-- lanes: write
-- system_head_lock comes first in the unit. Done once; the note says how.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $4 AND l.body_hash = $6 AND l.action = 'event.done' AS same, l.hash, l.outcome::jsonb AS o FROM log l WHERE l.entity_id = 0 AND l.key = $5
), given AS MATERIALIZED (
    SELECT v.plan_id, d.event_id, d.done_on, q.same, q.hash, q.o
      FROM (SELECT) one LEFT JOIN event_decision d ON d.event_id = $1 AND d.decision = $2::bigint LEFT JOIN event v USING (event_id) LEFT JOIN past q ON true
), checked AS MATERIALIZED (
    SELECT g.*, CASE WHEN NOT holds_role($4, '{secretariat}', 0) THEN 'FORBIDDEN|action=event.done'
           WHEN g.same THEN NULL WHEN NOT g.same THEN 'KEY_REUSED'
           WHEN g.event_id IS NULL THEN format('NOT_FOUND|what=decision|name=E%s/%s', $1, $2)
           WHEN g.done_on IS NOT NULL THEN format('WRONG_STATE|report=E%s/%s|state=done|action=event.done', $1, $2) END AS fault
      FROM given g
), made AS (
    UPDATE event_decision d SET done_on = today(), done_by = $4, done_note = nullif($3, '') FROM checked c
     WHERE d.event_id = c.event_id AND d.decision = $2::bigint AND c.fault IS NULL AND c.same IS NULL
    RETURNING d.event_id, d.done_on
), moved AS (
    UPDATE event v SET version = v.version + 1, changed_at = now() FROM made m WHERE v.event_id = m.event_id RETURNING v.version
), logged AS (
    SELECT w.version, log_append(0, c.plan_id, NULL, NULL, 'event.done', nullif($3, ''), $4, $5, $6,
               jsonb_build_object('event', $1, 'version', w.version, 'decision', $2, 'done_on', m.done_on)::text) AS receipt
      FROM made m, moved w, checked c
)
SELECT c.fault, coalesce(l.version::bigint, (c.o ->> 'version')::bigint), coalesce(l.receipt, c.hash), c.same IS NOT NULL FROM checked c LEFT JOIN logged l ON true

-- name: organisation_write (bigint number, bigint base_version, text name_en, text name_ar, text name_ckb, boolean women_led, boolean may_be_named, text[] places, text note,
--                           bigint actor_id, bytea key, bytea body_hash)
--                       -> (text fault, bigint number, bigint version, bytea receipt, boolean replayed)
-- lanes: write
-- system_head_lock comes first in the unit. The log holds no name that may not be told, nor a note on it: it never forgets.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $10 AND l.body_hash = $12 AND l.action = 'organisation' AS same, l.hash, l.outcome::jsonb AS o FROM log l WHERE l.entity_id = 0 AND l.key = $11
), given AS MATERIALIZED (
    SELECT o.organisation_id, o.version, p.plan_id, q.same, q.hash, q.o
      FROM (SELECT) one LEFT JOIN organisation o ON o.organisation_id = $1 LEFT JOIN plan p ON p.current LEFT JOIN past q ON true
), checked AS MATERIALIZED (
    SELECT g.*, CASE WHEN NOT holds_role($10, '{secretariat}', 0) THEN 'FORBIDDEN|action=organisation.write'
           WHEN g.same THEN NULL WHEN NOT g.same THEN 'KEY_REUSED'
           WHEN $1 <> 0 AND g.organisation_id IS NULL THEN 'NOT_FOUND|what=organisation|name=O' || $1
           WHEN $1 <> 0 AND g.version <> $2::bigint THEN format('STALE_REVISION|report=O%s|revision=%s|base=%s', $1, g.version, $2)
           WHEN $3 = '' THEN 'BAD_ARGUMENT|field=name|why=the English name is missing'
           WHEN greatest(length($3), length($4), length($5)) > 2000 THEN 'BAD_ARGUMENT|field=name|why=is longer than 2000 characters'
           WHEN $1 = 0 AND EXISTS (SELECT FROM organisation o WHERE fold(o.name_en) = fold($3)) THEN 'EXISTS|what=organisation|name=' || $3
           ELSE (SELECT 'NOT_FOUND|what=governorate|name=' || governorate_stranger(g.plan_id, quarter_of(today()), $8)) END AS fault
      FROM given g
), made AS (
    INSERT INTO organisation (organisation_id, name_en, name_ar, name_ckb, women_led, may_be_named, place, made_by) OVERRIDING SYSTEM VALUE
    SELECT 1 + coalesce((SELECT max(x.organisation_id) FROM organisation x), 0), $3, nullif($4, ''), nullif($5, ''), $6, $7, array_to_string($8, ','), $10
      FROM checked c WHERE c.fault IS NULL AND c.same IS NULL AND $1 = 0
    RETURNING organisation_id, version
), edited AS (
    UPDATE organisation o SET name_en = $3, name_ar = nullif($4, ''), name_ckb = nullif($5, ''), women_led = $6, may_be_named = $7, place = array_to_string($8, ','), version = o.version + 1
      FROM checked c WHERE c.fault IS NULL AND c.same IS NULL AND $1 <> 0 AND o.organisation_id = $1
    RETURNING o.organisation_id, o.version
), logged AS (
    SELECT w.organisation_id, w.version, log_append(0, NULL, NULL, NULL, 'organisation', CASE WHEN $7 THEN nullif($9, '') END, $10, $11, $12,
               (jsonb_build_object('organisation', w.organisation_id, 'version', w.version, 'women_led', $6, 'may_be_named', $7, 'places', to_jsonb($8))
                || CASE WHEN $7 THEN jsonb_build_object('name_en', $3, 'name_ar', nullif($4, ''), 'name_ckb', nullif($5, '')) ELSE '{}' END)::text) AS receipt
      FROM (SELECT * FROM made UNION ALL SELECT * FROM edited) w
)
SELECT c.fault, coalesce(l.organisation_id, (c.o ->> 'organisation')::bigint), coalesce(l.version::bigint, (c.o ->> 'version')::bigint), coalesce(l.receipt, c.hash), c.same IS NOT NULL
  FROM checked c LEFT JOIN logged l ON true

-- name: event_todo (bigint actor_id) -> (bigint number, bigint decision, text words, text owner, text name_en, text name_ar, text name_ckb, text due_at)
-- Decisions that wait: for the owner's people, or for its successor's, and for the Secretariat.
SELECT d.event_id, d.decision::bigint, d.text, e.code, e.name_en, e.name_ar, e.name_ckb, iso(day_end(d.due_on))
  FROM event_decision d JOIN entity e ON e.entity_id = d.owner_id
 WHERE d.done_on IS NULL
   AND (holds_role($1, '{secretariat}', 0) OR holds_role($1, '{focal_point,approver}', d.owner_id) OR holds_role($1, '{focal_point,approver}', e.successor_id))
 ORDER BY d.due_on, d.event_id, d.decision LIMIT 500
