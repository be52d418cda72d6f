-- What an entity writes into its report beside cells: words by section.

-- name: report_narrative (bigint entity_id, text plan, text round, bigint base_revision, text[] sections, text[] texts, text note, bigint actor_id,
--                         bytea key, bytea body_hash)
--                     -> (text fault, bigint now_revision, text now_state, text was, text state, bigint revision, bytea receipt, boolean replayed)
-- lanes: write
-- head_lock comes first in the unit. One row, none where there is no such report: what was done (a replay: then), or the
-- fault (CODE|name=value|...) and how the report stands.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $8 AND l.body_hash = $10 AND l.action = 'narrative' AS same, l.hash, l.outcome::jsonb AS outcome FROM log l WHERE l.entity_id = $1 AND l.key = $9
), given AS MATERIALIZED (
    SELECT o.round_id, o.plan_id, r.revision, r.state, q.same,
           CASE WHEN q.same THEN NULL WHEN NOT q.same THEN 'KEY_REUSED'
                ELSE (SELECT f.fault FROM unnest($5::text[]) WITH ORDINALITY AS s (section, at)
                       CROSS JOIN LATERAL (SELECT CASE WHEN s.section = ANY (narrative_sections()) THEN entry_fault($1, o.round_id, $4, 'narrative', s.section, $8)
                                                       ELSE 'NOT_FOUND|what=section|name=' || s.section END AS fault) f
                       ORDER BY f.fault IS NULL, s.at LIMIT 1) END AS fault
      FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1 LEFT JOIN past q ON true
     WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
), allowed AS MATERIALIZED (
    SELECT g.round_id, g.revision, g.state FROM given g WHERE g.fault IS NULL AND g.same IS NULL
), moved AS (
    UPDATE report r SET revision = r.revision + 1, state = CASE r.state WHEN 'expected' THEN 'draft' ELSE r.state END, ready = false
      FROM allowed a WHERE r.entity_id = $1 AND r.round_id = a.round_id
    RETURNING r.round_id, r.plan_id, r.revision, r.state, a.state AS was
), written AS (
    INSERT INTO narrative (entity_id, round_id, section, revision, text)
    SELECT $1, m.round_id, s.section, m.revision, s.text FROM moved m CROSS JOIN unnest($5::text[], $6::text[]) AS s (section, text)
        ON CONFLICT (entity_id, round_id, section) DO UPDATE SET revision = excluded.revision, text = excluded.text
), logged AS (
    SELECT b.o, log_append($1, m.plan_id, m.round_id, m.revision, 'narrative', $7, $8, $9, $10, b.o::text) AS receipt
      FROM moved m CROSS JOIN LATERAL (
           SELECT jsonb_build_object('revision', m.revision, 'from', m.was, 'to', m.state,
                      'sections', (SELECT jsonb_agg(jsonb_build_object('section', s.section, 'text', s.text)) FROM unnest($5::text[], $6::text[]) AS s (section, text)))
                  || late_extensions($1, m.round_id, m.was) AS o) b
), told AS (
    SELECT o, receipt FROM logged UNION ALL SELECT q.outcome, q.hash FROM past q WHERE q.same
)
SELECT g.fault, g.revision, g.state, t.o ->> 'from', t.o ->> 'to', (t.o ->> 'revision')::bigint, t.receipt, g.same IS NOT NULL
  FROM given g LEFT JOIN told t ON true

-- name: report_sections (bigint entity_id, text plan, text round, integer roles, bigint? revision, date as_of)
--                    -> (text section, text content, bigint revision, text by, text at)
-- The narrative as of the revision that these roles may read.
WITH seen AS MATERIALIZED (
    SELECT r.round_id, r.revision, report_at($1, r.round_id, $4, $5, $6) AS seen
      FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
     WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
), held AS (
    SELECT n.section, n.text::text, n.revision, l.actor_id, l.at
      FROM seen s JOIN narrative n ON n.entity_id = $1 AND n.round_id = s.round_id
           CROSS JOIN LATERAL (SELECT l.actor_id, l.at FROM log l WHERE l.entity_id = $1 AND l.round_id = s.round_id AND l.revision = n.revision AND l.action IN ('narrative', 'handover') LIMIT 1) l
     WHERE s.seen = s.revision
    UNION ALL
    SELECT n.section, n.text, n.revision, n.actor_id, n.at FROM seen s CROSS JOIN LATERAL narrative_at($1, s.round_id, s.seen) n WHERE s.seen < s.revision
)
SELECT h.section, h.text, h.revision, u.name, iso(h.at) FROM held h JOIN app_user u ON u.user_id = h.actor_id WHERE h.text <> ''
 ORDER BY array_position(narrative_sections(), h.section)

-- name: report_sections_diff (bigint entity_id, text plan, text round, integer roles, bigint? from_revision, bigint? to_revision, date from_day, date to_day)
--                         -> (text section, text before, text after, text by, text at, bigint revision)
-- Sections that differ between the two revisions of a comparison.
SELECT t.section, coalesce(f.text, ''), t.text, u.name, iso(t.at), t.revision
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  CROSS JOIN LATERAL report_span($1, r.round_id, $4, $5, $6, $7, $8) s
  CROSS JOIN LATERAL narrative_at($1, r.round_id, s.to_revision) t
  LEFT JOIN LATERAL narrative_at($1, r.round_id, s.from_revision) f ON f.section = t.section
  JOIN app_user u ON u.user_id = t.actor_id
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND t.text <> coalesce(f.text, '')
 ORDER BY array_position(narrative_sections(), t.section)

-- name: report_activity (bigint entity_id, text plan, text round, bigint base_revision, text activity, text status, text percent, text starts_on, text ends_on,
--                        text[] places, text partners, text delay, text new_date, text[] sources, text[] planned, text[] allocated, text[] spent,
--                        boolean no_budget_line, boolean in_kind, text note, bigint actor_id, bytea key, bytea body_hash)
--                    -> (text fault, bigint now_revision, text now_state, text was, text state, bigint revision, bytea receipt, boolean replayed)
-- lanes: write
-- As report_narrative, for how one activity stands.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $21 AND l.body_hash = $23 AND l.action = 'activity' AS same, l.hash, l.outcome::jsonb AS outcome FROM log l WHERE l.entity_id = $1 AND l.key = $22
), given AS MATERIALIZED (
    SELECT o.round_id, o.plan_id, r.revision, r.state, q.same,
           CASE WHEN q.same THEN NULL WHEN NOT q.same THEN 'KEY_REUSED'
                WHEN NOT holds_role($21, '{focal_point}', $1) THEN 'NOT_FOUND|what=report'
                ELSE coalesce(activity_fault($1, o.round_id, $5, $10), entry_fault($1, o.round_id, $4, 'activity', $5, $21)) END AS fault
      FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1 LEFT JOIN past q ON true
     WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
), moved AS (
    UPDATE report r SET revision = r.revision + 1, state = CASE r.state WHEN 'expected' THEN 'draft' ELSE r.state END, ready = false
      FROM given g WHERE r.entity_id = $1 AND r.round_id = g.round_id AND g.fault IS NULL AND g.same IS NULL
    RETURNING r.round_id, r.plan_id, r.revision, r.state, g.state AS was
), told_now AS MATERIALIZED (
    SELECT m.*, jsonb_strip_nulls(jsonb_build_object('starts_on', nullif($8, ''), 'ends_on', nullif($9, ''), 'places', to_jsonb($10::text[]), 'partners', nullif($11, ''),
               'delay', nullif($12, ''), 'new_date', nullif($13, ''), 'no_budget_line', $18::boolean, 'in_kind', $19::boolean, 'note', nullif($20, ''),
               'budget', (SELECT jsonb_agg(jsonb_build_object('source', b.source, 'planned', nullif(b.planned, ''), 'allocated', nullif(b.allocated, ''), 'spent', nullif(b.spent, '')))
                            FROM unnest($14::text[], $15::text[], $16::text[], $17::text[]) AS b (source, planned, allocated, spent)))) AS body
      FROM moved m
), written AS (
    INSERT INTO activity_status (entity_id, round_id, result_id, revision, status, percent, body)
    SELECT $1, t.round_id, s.result_id, t.revision, $6, nullif($7, '')::numeric, t.body FROM told_now t JOIN result s ON s.plan_id = t.plan_id AND s.code = $5
        ON CONFLICT (entity_id, round_id, result_id) DO UPDATE SET revision = excluded.revision, status = excluded.status, percent = excluded.percent, body = excluded.body
), logged AS (
    SELECT b.o, log_append($1, t.plan_id, t.round_id, t.revision, 'activity', nullif($20, ''), $21, $22, $23, b.o::text) AS receipt
      FROM told_now t CROSS JOIN LATERAL (SELECT jsonb_build_object('revision', t.revision, 'from', t.was, 'to', t.state, 'activity', $5::text, 'status', $6::text,
                                              'percent', nullif($7, ''), 'body', t.body) || late_extensions($1, t.round_id, t.was) AS o) b
), told AS (
    SELECT o, receipt FROM logged UNION ALL SELECT q.outcome, q.hash FROM past q WHERE q.same
)
SELECT g.fault, g.revision, g.state, t.o ->> 'from', t.o ->> 'to', (t.o ->> 'revision')::bigint, t.receipt, g.same IS NOT NULL
  FROM given g LEFT JOIN told t ON true

-- name: report_activities (bigint entity_id, text plan, text round, integer roles, bigint? revision, date as_of)
--                      -> (text code, text name_en, text name_ar, text name_ckb, text under, text lead, boolean leads, text status, text percent,
--                          text starts_on, text ends_on, text places, text partners, text delay, text new_date, boolean no_budget_line, boolean in_kind,
--                          text note, bigint revision, text by, text at, text previous_round, text previous_status, text previous_percent)
-- What the entity leads or contributes to, with how it stood at the revision that these roles may read, and in the quarter before:
-- there with whom the entity took over from, unless two are joined that both say so.
WITH seen AS MATERIALIZED (
    SELECT r.round_id, r.plan_id, r.revision, report_at($1, r.round_id, $4, $5, $6) AS seen
      FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
     WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
), held AS MATERIALIZED (
    SELECT a.result_id, a.status, a.percent::numeric, a.body, a.revision, l.actor_id, l.at
      FROM seen s JOIN activity_status a ON a.entity_id = $1 AND a.round_id = s.round_id
           CROSS JOIN LATERAL (SELECT l.actor_id, l.at FROM log l WHERE l.entity_id = $1 AND l.round_id = s.round_id AND l.revision = a.revision AND l.action IN ('activity', 'handover') LIMIT 1) l
     WHERE s.seen = s.revision
    UNION ALL
    SELECT a.* FROM seen s CROSS JOIN LATERAL activities_at($1, s.round_id, s.seen) a WHERE s.seen < s.revision
), earlier AS MATERIALIZED (
    SELECT b.round_id, b.code, r.entity_id, r.revision, report_view(r.entity_id, b.round_id, $4) AS seen
      FROM seen s JOIN round o USING (round_id) JOIN round b ON b.plan_id = o.plan_id AND b.quarter = o.quarter - 1 CROSS JOIN LATERAL entity_line($1, b.quarter) AS n (entity_id)
      JOIN report r ON r.entity_id = n.entity_id AND r.round_id = b.round_id WHERE s.seen IS NOT NULL AND $4 & 30 <> 0
), said AS MATERIALIZED (
    SELECT b.code AS round, b.entity_id, a.result_id, a.status, a.percent::numeric FROM earlier b JOIN activity_status a ON a.entity_id = b.entity_id AND a.round_id = b.round_id WHERE b.seen = b.revision
    UNION ALL
    SELECT b.code, b.entity_id, a.result_id, a.status, a.percent FROM earlier b CROSS JOIN LATERAL activities_at(b.entity_id, b.round_id, b.seen) a WHERE b.seen < b.revision
), stood AS MATERIALIZED (
    SELECT s.* FROM (SELECT s.*, bool_or(s.entity_id = $1) OVER w AS own, count(*) OVER w AS says FROM said s WINDOW w AS (PARTITION BY s.result_id)) s
     WHERE CASE WHEN s.own THEN s.entity_id = $1 ELSE s.says = 1 END
), member AS MATERIALIZED (
    SELECT m.* FROM seen s CROSS JOIN LATERAL activity_members(s.plan_id) m WHERE s.seen IS NOT NULL
), mine AS MATERIALIZED (
    SELECT m.result_id FROM member m JOIN result t ON t.result_id = m.result_id AND t.closed_on IS NULL WHERE m.entity_id = $1
    UNION
    SELECT h.result_id FROM held h
)
SELECT t.code, t.name_en, t.name_ar, t.name_ckb, u.code, e.code, coalesce(e.entity_id = $1, false), h.status, h.percent::text,
       h.body ->> 'starts_on', h.body ->> 'ends_on', (SELECT string_agg(w, ',') FROM jsonb_array_elements_text(json_list(h.body -> 'places')) AS w),
       h.body ->> 'partners', h.body ->> 'delay', h.body ->> 'new_date', coalesce((h.body ->> 'no_budget_line')::boolean, false),
       coalesce((h.body ->> 'in_kind')::boolean, false), h.body ->> 'note', h.revision, c.name, iso(h.at), b.round, b.status, b.percent::text
  FROM mine m JOIN result t ON t.result_id = m.result_id LEFT JOIN result u ON u.result_id = t.parent_id LEFT JOIN member w ON w.result_id = m.result_id AND w.lead
  LEFT JOIN entity e ON e.entity_id = w.entity_id LEFT JOIN held h ON h.result_id = m.result_id LEFT JOIN app_user c ON c.user_id = h.actor_id LEFT JOIN stood b ON b.result_id = m.result_id
 ORDER BY t.sort, t.code

-- name: report_budgets (bigint entity_id, text plan, text round, integer roles, bigint? revision, date as_of)
--                   -> (text code, text source, text planned, text allocated, text spent)
-- The money of those activities, a row per source.
WITH seen AS MATERIALIZED (
    SELECT r.round_id, r.revision, report_at($1, r.round_id, $4, $5, $6) AS seen
      FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
     WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
), held AS (
    SELECT a.result_id, a.body FROM seen s JOIN activity_status a ON a.entity_id = $1 AND a.round_id = s.round_id WHERE s.seen = s.revision
    UNION ALL
    SELECT a.result_id, a.body FROM seen s CROSS JOIN LATERAL activities_at($1, s.round_id, s.seen) a WHERE s.seen < s.revision
)
SELECT t.code, b.line ->> 'source', b.line ->> 'planned', b.line ->> 'allocated', b.line ->> 'spent'
  FROM held h JOIN result t USING (result_id) CROSS JOIN LATERAL jsonb_array_elements(json_list(h.body -> 'budget')) WITH ORDINALITY AS b (line, at)
 ORDER BY t.sort, t.code, b.at

-- name: report_activities_diff (bigint entity_id, text plan, text round, integer roles, bigint? from_revision, bigint? to_revision, date from_day, date to_day)
--                           -> (text code, text fields, text before, text after, text percent_before, text percent_after, text by, text at, bigint revision)
-- Activities that stood otherwise at the two revisions of a comparison.
SELECT s.code, d.fields, coalesce(f.status, ''), t.status, f.percent::text, t.percent::text, u.name, iso(t.at), t.revision
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  CROSS JOIN LATERAL report_span($1, r.round_id, $4, $5, $6, $7, $8) x
  CROSS JOIN LATERAL activities_at($1, r.round_id, x.to_revision) t
  LEFT JOIN LATERAL activities_at($1, r.round_id, x.from_revision) f ON f.result_id = t.result_id
  CROSS JOIN LATERAL (
      SELECT string_agg(k.field, ',' ORDER BY k.field COLLATE "C") AS fields
        FROM (SELECT jsonb_object_keys(t.body || '{"status":0,"percent":0}') UNION SELECT jsonb_object_keys(coalesce(f.body, '{}'))) AS k (field)
       WHERE CASE k.field WHEN 'status' THEN to_jsonb(t.status) WHEN 'percent' THEN to_jsonb(t.percent::text) ELSE t.body -> k.field END
             IS DISTINCT FROM CASE k.field WHEN 'status' THEN to_jsonb(f.status) WHEN 'percent' THEN to_jsonb(f.percent::text) ELSE f.body -> k.field END) d
  JOIN result s ON s.result_id = t.result_id JOIN app_user u ON u.user_id = t.actor_id
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND d.fields IS NOT NULL
 ORDER BY s.sort, s.code
