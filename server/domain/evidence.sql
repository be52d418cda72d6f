-- Evidence: files that support a report, in pieces, and references to what lies elsewhere. Lists come as lines.

-- name: evidence_begin (bigint entity_id, text plan, text round, bigint base, boolean merge, text reference, bytea sha256, bigint bytes,
--                       text[] cells, text[] activities, bigint actor_id, text kind) -> (text fault, bigint have, boolean whole, bigint number)
-- May this be attached, and how much of the file is there? Nothing is changed; the writes ask again.
SELECT coalesce(attach_fault($1, o.round_id, $4, $5, $12, $7::bytea IS NOT NULL, $9::text[] || $10::text[], $11), (SELECT b.fault FROM evidence_bound($1, o.round_id, $9, $10) b),
                CASE WHEN s.number IS NULL THEN evidence_full($1, o.round_id, $8) END,
                CASE WHEN $7 IS NOT NULL AND f.whole_at IS NULL THEN upload_full($1, $7, $8) END),
       coalesce(f.have, 0), f.whole_at IS NOT NULL, CASE WHEN s.detached THEN 0 ELSE coalesce(s.number, 0) END
  FROM (SELECT) AS one
  LEFT JOIN (round o JOIN plan p USING (plan_id)) ON o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current))
  LEFT JOIN evidence_file f ON f.entity_id = $1 AND f.sha256 = $7 AND f.spoilt_at IS NULL
  LEFT JOIN LATERAL evidence_same($1, o.round_id, $7, $6) s ON true

-- name: evidence_put (bigint entity_id, text plan, text round, bytea sha256, bigint bytes, text type, bigint position, bytea data,
--                     bigint? list_at, text office, bigint? list_wanted, bigint actor_id) -> (text fault, bigint have, boolean whole)
-- lanes: bulk
SELECT e.fault, e.have, e.whole FROM evidence_put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) e

-- name: evidence_write (text action, bigint entity_id, text plan, text round, bigint base, boolean merge, bigint number, text name, text kind,
--                       text reference, bytea sha256, text[] cells, text[] activities, text note, bigint actor_id, bytea key, bytea body_hash)
--                   -> (text fault, bytea receipt, boolean replayed, bigint revision, text state, boolean unchanged,
--                       bigint number, text name, text kind, text type, bigint bytes, bytea sha256, text reference, text cells, text activities,
--                       text note, text round, bigint written, text by, text at)
-- lanes: write
-- One row: the fault, or what stands now, and was written or stood so already.
SELECT e.fault, e.receipt, coalesce(e.replayed, false), (e.outcome ->> 'revision')::bigint, e.outcome ->> 'state', coalesce((e.outcome ->> 'unchanged')::boolean, false),
       b.number, b.name, b.kind, b.type, b.bytes, b.sha256, b.reference, b.cells, b.activities, b.note, b.round, (e.outcome ->> 'written')::bigint, b.by, b.at
  FROM evidence_write($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) e CROSS JOIN LATERAL evidence_fields(e.outcome) b

-- name: evidence_seen (bigint entity_id, text plan, text round, integer roles, bigint? revision) -> (bigint revision)
-- The revision that these roles may read; no row: there is no such report for them.
SELECT v.seen
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  CROSS JOIN LATERAL (SELECT report_view_at($1, r.round_id, $4, $5) AS seen OFFSET 0) v
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND v.seen IS NOT NULL

-- name: evidence_list (bigint entity_id, text plan, text round, integer roles, bigint? revision)
--                  -> (bigint number, text name, text kind, text type, bigint bytes, bytea sha256, text reference, text cells, text activities,
--                      text note, text round, bigint written, text by, text at)
-- What supported the report at the revision that these roles may read; not what speaks of protected figures, to who reads only the national picture.
SELECT b.number, b.name, b.kind, b.type, b.bytes, b.sha256, b.reference, b.cells, b.activities, b.note, b.round, e.revision, b.by, b.at
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  CROSS JOIN LATERAL (SELECT report_view_at($1, r.round_id, $4, $5) AS seen OFFSET 0) v
  CROSS JOIN LATERAL evidence_at($1, r.round_id, v.seen) e CROSS JOIN LATERAL evidence_fields(evidence_body(e)) b
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND ($4 & 30 <> 0 OR NOT evidence_protected(e.cells))
 ORDER BY e.number

-- name: evidence_offered (bigint entity_id, text plan, text round, bigint actor_id)
--                     -> (bigint number, text name, text kind, text type, bigint bytes, bytea sha256, text reference, text cells, text activities,
--                         text note, text round, bigint written, text by, text at)
-- Evidence of the period before, the entity's or of whom it took over from, that this report never had, while evidence may be written: is it still valid?
SELECT b.number, b.name, b.kind, b.type, b.bytes, b.sha256, b.reference, b.cells, b.activities, b.note, x.code, e.revision, b.by, b.at
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  CROSS JOIN LATERAL evidence_source($1, o.round_id) s JOIN round x ON x.round_id = s.round_id
  CROSS JOIN LATERAL evidence_at(s.entity_id, x.round_id, 9223372036854775807) e CROSS JOIN LATERAL evidence_fields(evidence_body(e)) b
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND evidence_fault($1, o.round_id, 0, true, $4) IS NULL
   AND NOT EXISTS (SELECT FROM evidence_same($1, o.round_id, e.sha256, e.reference))
 ORDER BY e.number

-- name: evidence_read (bigint entity_id, text plan, text round, integer roles, bigint number, bigint position)
--                  -> (bigint number, text name, text kind, text type, bigint bytes, bytea sha256, text reference, text cells, text activities,
--                      text note, text round, bigint written, text by, text at, bytea data)
-- The bytes from there to the end of the piece that holds them; no row: there is no such evidence for these roles.
SELECT b.number, b.name, b.kind, b.type, b.bytes, b.sha256, b.reference, b.cells, b.activities, b.note, b.round, e.revision, b.by, b.at,
       (SELECT substr(c.data, ($6 - c.place + 1)::int) FROM evidence_file f JOIN evidence_chunk c ON c.entity_id = f.entity_id AND c.file_id = f.file_id
         WHERE f.entity_id = $1 AND f.sha256 = e.sha256 AND f.whole_at IS NOT NULL AND c.place <= $6 AND $6 < f.bytes ORDER BY c.place DESC LIMIT 1)
  FROM round o JOIN plan p USING (plan_id) JOIN report r ON r.round_id = o.round_id AND r.entity_id = $1
  CROSS JOIN LATERAL (SELECT report_view($1, r.round_id, $4) AS seen OFFSET 0) v
  CROSS JOIN LATERAL evidence_at($1, r.round_id, v.seen) e CROSS JOIN LATERAL evidence_fields(evidence_body(e)) b
 WHERE o.code = $3 AND (p.code = $2 OR ($2 = '' AND p.current)) AND e.number = $5 AND ($4 & 30 <> 0 OR NOT evidence_protected(e.cells))
