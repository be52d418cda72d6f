-- What stood in a report when: comparing, the history, the trail of its cells.

-- name: revision_seen (bigint entity_id, text plan, text round, integer roles) -> (bigint seen)
-- No row: there is no such report for these roles.
SELECT v.seen
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  CROSS JOIN LATERAL (SELECT report_view($1, r.round_id, $4) AS seen OFFSET 0) v
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND v.seen IS NOT NULL

-- name: revision_span (bigint entity_id, text plan, text round, integer roles, bigint? from_revision, bigint? to_revision, date from_day, date to_day)
--                  -> (bigint from_revision, bigint to_revision)
-- The two revisions to compare; -1: not for these roles.
SELECT coalesce(s.from_revision, -1), coalesce(s.to_revision, -1)
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  CROSS JOIN LATERAL report_span($1, r.round_id, $4, $5, $6, $7, $8) s
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))

-- name: revision_changes (bigint entity_id, text plan, text round, integer roles, bigint? from_revision, bigint? to_revision, date from_day, date to_day)
--                     -> (text cell, bigint b_kind, text b_number, text b_denominator, text b_text, text b_note, text b_expected_on,
--                         bigint kind, text number, text denominator, text value, text note, text expected_on, text by, text at, text via,
--                         text reason, bigint revision)
SELECT c.cell, c.b_kind, c.b_number, c.b_denominator, c.b_text, c.b_note, c.b_expected_on, c.kind, c.number, c.denominator, c.text, c.note, c.expected_on,
       c.by, c.at, c.via, c.reason, c.revision
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  CROSS JOIN LATERAL report_span($1, r.round_id, $4, $5, $6, $7, $8) s
  CROSS JOIN LATERAL report_changes($1, r.round_id, $4, s.from_revision, s.to_revision) c
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))

-- name: revision_trail (bigint entity_id, text plan, text round, integer roles, text cell, bigint after_revision, bigint most)
--                   -> (text cell, bigint b_kind, text b_number, text b_denominator, text b_text, text b_note, text b_expected_on,
--                         bigint kind, text number, text denominator, text value, text note, text expected_on, text by, text at, text via,
--                         text reason, bigint revision, bigint shown, bigint behind)
-- Whole revisions behind the one given, `most` changes of them or a few more; behind: how many there are still.
SELECT c.cell, c.b_kind, c.b_number, c.b_denominator, c.b_text, c.b_note, c.b_expected_on, c.kind, c.number, c.denominator, c.text, c.note, c.expected_on, c.by, c.at, c.via, c.reason, c.revision, c.shown, c.behind
  FROM (SELECT t.*, count(*) OVER () - count(*) OVER (ORDER BY t.shown) AS behind, count(*) OVER (ORDER BY t.shown) AS upto, count(*) OVER (PARTITION BY t.shown) AS peers
          FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
          CROSS JOIN LATERAL report_trail($1, r.round_id, $4, $5) WITH ORDINALITY t
         WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND t.shown > $6) c
 WHERE c.upto - c.peers < $7
 ORDER BY c.ordinality

-- name: revision_cell (text plan, text cell) -> (boolean known)
-- Is there such a cell, or indicator, in the plan?
SELECT EXISTS (SELECT FROM cell k WHERE k.plan_id = p.plan_id AND k.code = $2) OR EXISTS (SELECT FROM indicator i WHERE i.plan_id = p.plan_id AND i.code = $2)
  FROM plan p WHERE p.code = $1 OR ($1 = '' AND p.current)

-- name: revision_history (bigint entity_id, text plan, text round, integer roles)
--                     -> (bigint seq, bigint revision, text action, text state, text by, text at, text via, text note, bigint cells, bytea hash,
--                         boolean readable, text subject,
--                         text basis, text order_number, text order_date, text single_number, text single_date, text extensions)
-- The entity sees all of it; a reviewer what happened up to the revision that the role may read, and the moves between the
-- offices since. Notes of what the entity typed stay with the entity.
SELECT l.seq, coalesce(l.revision, CASE WHEN $4 & 6 <> 0 THEN (l.outcome::jsonb ->> 'revision')::bigint END), l.action, coalesce(l.outcome::jsonb ->> 'to', l.outcome::jsonb ->> 'state'), u.name, iso(l.at), l.via,
       CASE WHEN $4 & 6 <> 0 OR l.action NOT IN ('save', 'narrative', 'activity') THEN l.note END, cardinality(l.cells)::bigint, l.hash, report_view_at($1, r.round_id, $4, l.revision) IS NOT NULL,
       CASE l.action WHEN 'narrative' THEN (SELECT 'narrative:' || string_agg(s ->> 'section', ',') FROM jsonb_array_elements(l.outcome::jsonb -> 'sections') AS s)
                     WHEN 'activity' THEN 'activity:' || (l.outcome::jsonb ->> 'activity') END,
       l.outcome::jsonb #>> '{signed,basis}', l.outcome::jsonb #>> '{signed,order_number}', l.outcome::jsonb #>> '{signed,order_date}',
       l.outcome::jsonb #>> '{signed,single_number}', l.outcome::jsonb #>> '{signed,single_date}',
       coalesce((SELECT string_agg(x, ',') FROM jsonb_array_elements_text(l.outcome::jsonb -> 'extensions') AS x), l.outcome::jsonb ->> 'extension')
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  CROSS JOIN LATERAL (SELECT report_view($1, r.round_id, $4) AS seen) v
  JOIN log l ON l.entity_id = $1 AND l.round_id = o.round_id AND v.seen IS NOT NULL
   AND (l.revision <= v.seen OR $4 & 6 <> 0 OR l.action IN ('submit', 'withdraw', 'claim', 'release', 'return', 'point', 'withdraw-point', 'ask-cells', 'endorse', 'accept', 'send-back', 'ask-restatement', 'restate', 'decline-restatement', 'receive', 'contest', 'extend', 'excuse', 'excuse-end',
                                                                'extension-add', 'extension-revoke'))
  JOIN app_user u ON u.user_id = l.actor_id
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
 ORDER BY l.seq
