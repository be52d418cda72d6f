-- The hot write: values of a report.

-- name: report_save (bytea[] key, bigint[] actor, bigint[] entity, text[] plan, text[] round, bigint[] base, bytea[] body_hash, text[] via,
--                    text[] note, boolean[] partial, boolean[] merge, integer[] lo, integer[] hi,
--                    text[] cell, smallint[] kind, numeric[] number, numeric[] denominator, text[] value, text[] cell_note, date[] expected_on)
--                -> (integer ord, text outcome, bigint revision, text state, bytea receipt, bigint created, bigint updated, bigint unchanged,
--                    bigint deleted, text[] bad_cells, text[] bad_whys, text lock)
-- lanes: write
-- One row per request, in request order; the counts and the rejected cells come from the stored outcome.
SELECT s.ord, s.outcome, s.revision, s.state, s.receipt, (s.written ->> 'created')::bigint, (s.written ->> 'updated')::bigint,
       (s.written ->> 'unchanged')::bigint, (s.written ->> 'deleted')::bigint, s.bad_cells, s.bad_whys, s.lock
  FROM report_save($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) s

-- name: report_stale (bigint entity_id, text plan, text round, bigint base, bytea key)
--                 -> (text cell, bigint b_kind, text b_number, text b_denominator, text b_text,
--                     bigint kind, text number, text denominator, text value, text note, text by, text at, bigint revision)
-- lanes: write
-- What changed since the base of a save that was refused as stale; nothing for any other.
SELECT k.code, c.b_kind::bigint, c.b_number::text, c.b_denominator::text, c.b_text,
       c.kind::bigint, c.number::text, c.denominator::text, c.text, c.note, u.name, iso(c.at), c.revision
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1 AND r.revision <> $4
       CROSS JOIN LATERAL report_changes($1, o.round_id, $4, r.revision) c
  JOIN cell k ON k.cell_id = c.cell_id JOIN app_user u ON u.user_id = c.actor_id
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
   AND NOT EXISTS (SELECT FROM log l WHERE l.entity_id = $1 AND l.key = $5)
 ORDER BY k.code COLLATE "C" LIMIT 2000

-- name: report_receive (bigint entity_id, text plan, text round, bigint actor_id, bytea key, bytea body_hash, text note, text letter_number, date letter_date,
--                       text[] cell, smallint[] kind, numeric[] number, numeric[] denominator, text[] value, text[] cell_note, date[] expected_on)
--                   -> (text outcome, bigint revision, text state, bytea receipt, bigint created, text[] bad_cells, text[] bad_whys, text lock,
--                       bigint problems, text[] problem_cells, text[] problem_codes, text[] problem_severities, bigint[] unanswered, bigint[] asked_of,
--                       text[] problem_words)
-- lanes: write
-- head_lock comes first in the unit. A report that came on paper: done, or what is wrong with it.
SELECT x.outcome, x.revision, x.state, x.receipt, x.created, x.bad_cells, x.bad_whys, x.lock, coalesce(cardinality(x.problem_cells), 0)::bigint,
       x.problem_cells, x.problem_codes, x.problem_severities, x.unanswered, x.asked_of, x.problem_words
  FROM report_receive($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) x
