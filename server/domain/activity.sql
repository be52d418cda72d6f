-- Activities as such: who carries them out, how they stand, and those that entities propose for their sectoral plans.

-- name: activity_list (text plan, text entity, text round, bigint actor_id)
--                  -> (text round, text code, text name_en, text name_ar, text name_ckb, text under, text state, text member, boolean lead, text status, text percent)
-- A row per member. The plan's and what is agreed everybody may know of; a proposal its entity and its coordinator. How one
-- stands is read as of the revision of the report that the caller may read.
WITH target AS MATERIALIZED (
    SELECT p.plan_id, o.round_id, o.code FROM plan p LEFT JOIN round o ON o.round_id = national_round(p.plan_id, $3) WHERE p.code = $1 OR ($1 = '' AND p.current)
), known AS MATERIALIZED (
    SELECT s.code, s.name_en, s.name_ar, s.name_ckb, s.parent_id, 'agreed' AS state, m.entity_id, m.lead, s.result_id, s.sort
      FROM target t CROSS JOIN LATERAL activity_members(t.plan_id) m JOIN result s USING (result_id) WHERE s.closed_on IS NULL
    UNION ALL
    SELECT a.code, a.name_en, a.name_ar, a.name_ckb, a.parent_id, 'proposed', e.entity_id, e.entity_id = a.entity_id, NULL, 2147483647
      FROM target t JOIN activity a USING (plan_id) JOIN entity e ON e.entity_id = a.entity_id OR e.code = ANY (a.contributors)
     WHERE a.result_id IS NULL AND a.entity_id = ANY (may_read()) AND holds_role($4, '{focal_point,approver,coordinator}', a.entity_id)
)
SELECT t.code, k.code, k.name_en, k.name_ar, k.name_ckb, u.code, k.state, e.code, k.lead, w.status, w.percent::text
  FROM target t CROSS JOIN known k JOIN entity e USING (entity_id) LEFT JOIN result u ON u.result_id = k.parent_id
  LEFT JOIN LATERAL (
      SELECT x.status, x.percent FROM report r
        CROSS JOIN LATERAL (SELECT report_view(r.entity_id, r.round_id, holds_role($4, '{focal_point,approver}', r.entity_id)::int * 6
                                   + holds_role($4, '{coordinator}', r.entity_id)::int * 8 + holds_role($4, '{secretariat}', 0)::int * 16
                                   + holds_role($4, '{national_team}', 0)::int * 32) AS seen) v
        CROSS JOIN LATERAL (SELECT a.status, a.percent::numeric FROM activity_status a
                             WHERE v.seen = r.revision AND a.entity_id = r.entity_id AND a.round_id = r.round_id AND a.result_id = k.result_id
                            UNION ALL
                            SELECT a.status, a.percent FROM activities_at(r.entity_id, r.round_id, v.seen) a WHERE v.seen < r.revision AND a.result_id = k.result_id) x
       WHERE r.entity_id = k.entity_id AND r.round_id = t.round_id AND r.entity_id = ANY (may_read())) w ON true
 WHERE $2 = '' OR EXISTS (SELECT FROM known n JOIN entity x USING (entity_id) WHERE n.code = k.code AND x.code = $2)
 ORDER BY k.sort, k.code COLLATE "C", k.lead DESC, e.code COLLATE "C"

-- name: activity_scope (text plan, text entity, text round) -> (boolean plan_there, boolean entity_there, boolean round_there)
SELECT p.plan_id IS NOT NULL, $2 = '' OR EXISTS (SELECT FROM entity e WHERE e.code = $2),
       $3 = '' OR EXISTS (SELECT FROM round o WHERE o.plan_id = p.plan_id AND o.code = $3)
  FROM (SELECT) AS one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)

-- name: activity_add (bigint entity_id, text plan, text code, text under, text name_en, text name_ar, text name_ckb, text[] contributors, text note,
--                     bigint actor_id, bytea key, bytea body_hash)
--                 -> (text fault, text state, bytea receipt, boolean replayed)
-- lanes: write
-- head_lock comes first in the unit. Proposed anew as long as it is not agreed.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $10 AND l.body_hash = $12 AND l.action = 'activity.add' AS same, l.hash FROM log l WHERE l.entity_id = $1 AND l.key = $11
), given AS MATERIALIZED (
    SELECT e.code AS entity, p.plan_id, u.result_id AS parent_id, u.kind, u.closed_on, a.result_id AS agreed, q.same, q.hash,
           (SELECT c FROM unnest($8::text[]) AS c WHERE c = e.code OR NOT EXISTS (SELECT FROM entity x WHERE x.code = c AND x.jurisdiction IS NOT NULL) LIMIT 1) AS stranger
      FROM entity e LEFT JOIN plan p ON p.code = $2 OR ($2 = '' AND p.current) LEFT JOIN result u ON u.plan_id = p.plan_id AND u.code = $4
      LEFT JOIN activity a ON a.plan_id = p.plan_id AND a.code = $3 LEFT JOIN past q ON true
     WHERE e.entity_id = $1
), checked AS MATERIALIZED (
    SELECT g.*, CASE WHEN NOT holds_role($10, '{focal_point,approver}', $1) THEN 'NOT_FOUND|what=entity|name=' || g.entity
           WHEN g.same THEN NULL WHEN NOT g.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($2, ''), 'current')
           WHEN $3 !~ ('^' || g.entity || '/A-[0-9]{2,3}$') THEN format('BAD_ARGUMENT|field=code|why=write it like %s/A-03', g.entity)
           WHEN g.agreed IS NOT NULL THEN 'EXISTS|what=activity|name=' || $3
           WHEN g.parent_id IS NULL OR g.kind <> 'output' OR g.closed_on IS NOT NULL THEN 'NOT_FOUND|what=output|name=' || $4
           WHEN g.stranger = g.entity THEN 'BAD_ARGUMENT|field=contributors|why=the lead is none of them'
           WHEN g.stranger IS NOT NULL THEN 'NOT_FOUND|what=entity|name=' || g.stranger END AS fault
      FROM given g
), written AS (
    INSERT INTO activity AS a (entity_id, plan_id, code, parent_id, name_en, name_ar, name_ckb, contributors, proposed_by)
    SELECT $1, c.plan_id, $3, c.parent_id, $5::text, nullif($6, ''), nullif($7, ''), $8, $10 FROM checked c WHERE c.fault IS NULL AND c.same IS NULL
        ON CONFLICT (plan_id, code) DO UPDATE SET parent_id = excluded.parent_id, name_en = excluded.name_en, name_ar = excluded.name_ar, name_ckb = excluded.name_ckb,
           contributors = excluded.contributors, proposed_by = excluded.proposed_by, proposed_at = now()
    RETURNING a.plan_id
), logged AS (
    SELECT log_append($1, w.plan_id, NULL, NULL, 'activity.add', nullif($9, ''), $10, $11, $12,
               jsonb_build_object('activity', $3::text, 'state', 'proposed', 'under', $4::text, 'name_en', $5::text, 'name_ar', nullif($6, ''), 'name_ckb', nullif($7, ''),
                                  'contributors', to_jsonb($8::text[]))::text) AS receipt
      FROM written w
)
SELECT c.fault, 'proposed', coalesce(l.receipt, c.hash), c.same IS NOT NULL FROM checked c LEFT JOIN logged l ON true

-- name: activity_agree (bigint entity_id, text plan, text code, text note, bigint actor_id, bytea key, bytea body_hash)
--                   -> (text fault, text state, bytea receipt, boolean replayed)
-- lanes: write
-- head_lock comes first in the unit. From here on it is an activity of the plan like the others; a plan file does not touch it.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $5 AND l.body_hash = $7 AND l.action = 'activity.agree' AS same, l.hash FROM log l WHERE l.entity_id = $1 AND l.key = $6
), given AS MATERIALIZED (
    SELECT p.plan_id, a.code, a.parent_id, a.name_en, a.name_ar, a.name_ckb, a.contributors, a.result_id, u.closed_on, u.code AS under, q.same, q.hash
      FROM (SELECT) AS one LEFT JOIN plan p ON p.code = $2 OR ($2 = '' AND p.current) LEFT JOIN activity a ON a.plan_id = p.plan_id AND a.code = $3 AND a.entity_id = $1
      LEFT JOIN result u ON u.result_id = a.parent_id LEFT JOIN past q ON true
), checked AS MATERIALIZED (
    SELECT g.*, CASE WHEN NOT holds_role($5, '{coordinator}', $1) THEN 'NOT_FOUND|what=activity|name=' || $3
           WHEN g.same THEN NULL WHEN NOT g.same THEN 'KEY_REUSED'
           WHEN g.code IS NULL THEN 'NOT_FOUND|what=activity|name=' || $3
           WHEN g.result_id IS NOT NULL THEN format('WRONG_STATE|report=%s|state=agreed|action=activity.agree', $3)
           WHEN own_house($1, $5) THEN 'FOUR_EYES|why=nobody agrees to an activity of the own house'
           WHEN g.closed_on IS NOT NULL THEN 'NOT_FOUND|what=output|name=' || g.under END AS fault
      FROM given g
), made AS (
    INSERT INTO result (plan_id, code, kind, name_en, name_ar, name_ckb, parent_id, lead_entity_id, sort, body)
    SELECT c.plan_id, c.code, 'activity', c.name_en, c.name_ar, c.name_ckb, c.parent_id, $1,
           (SELECT max(r.sort) + 1 FROM result r WHERE r.plan_id = c.plan_id), jsonb_build_object('contributors', to_jsonb(c.contributors))
      FROM checked c WHERE c.fault IS NULL AND c.same IS NULL
    RETURNING plan_id, result_id, code
), agreed AS (
    UPDATE activity a SET agreed_by = $5, agreed_at = now(), result_id = m.result_id FROM made m WHERE a.plan_id = m.plan_id AND a.code = m.code
), logged AS (
    SELECT log_append($1, m.plan_id, NULL, NULL, 'activity.agree', nullif($4, ''), $5, $6, $7, jsonb_build_object('activity', m.code, 'state', 'agreed')::text) AS receipt
      FROM made m
)
SELECT c.fault, 'agreed', coalesce(l.receipt, c.hash), c.same IS NOT NULL FROM checked c LEFT JOIN logged l ON true
