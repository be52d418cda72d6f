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
                      'sections', (SELECT jsonb_agg(jsonb_build_object('section', s.section, 'text', s.text)) FROM unnest($5::text[], $6::text[]) AS s (section, text))) AS o) b
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
           CROSS JOIN LATERAL (SELECT l.actor_id, l.at FROM log l WHERE l.entity_id = $1 AND l.round_id = s.round_id AND l.revision = n.revision AND l.action = 'narrative' LIMIT 1) l
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
