-- The hot write: values of a report.

-- name: report_save (bytea[] key, bigint[] actor, bigint[] entity, text[] plan, text[] round, bigint[] base, bytea[] body_hash, text[] via,
--                    text[] note, boolean[] partial, boolean[] merge, integer[] lo, integer[] hi,
--                    text[] cell, smallint[] kind, numeric[] number, numeric[] denominator, text[] value, text[] cell_note, date[] expected_on)
--                -> (integer ord, text outcome, bigint revision, text state, bytea receipt, bigint created, bigint updated, bigint unchanged,
--                    bigint deleted, text[] bad_cells, text[] bad_whys, text lock)
-- lanes: write
-- A confirmation is judged by its cells' kinds: what is not the answer of the period before fits no cell.
-- One row per request, in request order; the counts and the rejected cells come from the stored outcome.
SELECT s.ord, s.outcome, s.revision, s.state, s.receipt, (s.written ->> 'created')::bigint, (s.written ->> 'updated')::bigint,
       (s.written ->> 'unchanged')::bigint, (s.written ->> 'deleted')::bigint, s.bad_cells, s.bad_whys, s.lock
  FROM report_save($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                   CASE WHEN '{confirm}'::text[] = $8 THEN confirmed_kinds($3, $4, $5, $14, $15, $16, $17, $18) ELSE $15 END, $16, $17, $18, $19, $20) s

-- name: report_stale (bigint entity_id, text plan, text round, bigint base, bytea key)
--                 -> (text cell, bigint b_kind, text b_number, text b_denominator, text b_text, text b_note, text b_expected_on,
--                     bigint kind, text number, text denominator, text value, text note, text expected_on, text by, text at, text via,
--                     text reason, bigint revision)
-- lanes: write
-- What others changed since the base: of a save that was refused as stale, or of one that was saved beside it (merge).
SELECT c.cell, c.b_kind, c.b_number, c.b_denominator, c.b_text, c.b_note, c.b_expected_on, c.kind, c.number, c.denominator, c.text, c.note, c.expected_on,
       c.by, c.at, c.via, c.reason, c.revision
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  JOIN LATERAL (SELECT coalesce((SELECT l.revision - 1 FROM log l WHERE l.entity_id = $1 AND l.key = $5), r.revision) AS upto OFFSET 0) t ON t.upto <> $4
  CROSS JOIN LATERAL report_changes($1, o.round_id, 2, $4, t.upto) c
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
 ORDER BY c.cell COLLATE "C" LIMIT 2000

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
