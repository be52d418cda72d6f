-- Editions: lists, bytes, and the writes that make, publish and withdraw them. How one is made stands in migrations/deploy/edition.sql.

-- name: edition_list (text plan, text period, integer number, bigint actor_id, boolean region)
--    -> (text plan, text period, bigint number, text state, text sha256, bigint bytes, bigint reports, boolean kurdistan, text proposed_at, text proposed_by, text confirmed_at,
--        text confirmed_by, text approved_by, text letter_number, text letter_date, boolean alone, text withdrawn_at, text withdrawn_by, text withdrawn_note, text second_at, text second_by)
-- The newest first; proposals for those who make them, who alone (and the auditor) are told names.
SELECT b.o ->> 'plan', b.o ->> 'period', (b.o ->> 'number')::bigint, b.o ->> 'state', b.o ->> 'sha256', (b.o ->> 'bytes')::bigint, (b.o ->> 'reports')::bigint, (b.o ->> 'kurdistan')::boolean,
       b.o ->> 'proposed_at', CASE WHEN a.makes THEN b.o ->> 'proposed_by' END, b.o ->> 'confirmed_at', CASE WHEN a.makes THEN b.o ->> 'confirmed_by' END, b.o ->> 'approved_by',
       b.o ->> 'letter_number', b.o ->> 'letter_date', (b.o ->> 'alone')::boolean, b.o ->> 'withdrawn_at', CASE WHEN a.makes THEN b.o ->> 'withdrawn_by' END, b.o ->> 'withdrawn_note',
       b.o ->> 'second_at', CASE WHEN a.makes THEN b.o ->> 'second_by' END
  FROM plan p JOIN edition e USING (plan_id) CROSS JOIN LATERAL (SELECT edition_body(e) AS o) b
  CROSS JOIN LATERAL (SELECT edition_maker(e, $4, $5) OR EXISTS (SELECT FROM live_grant g WHERE g.user_id = $4 AND g.role = 'auditor') AS makes) a
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND ($2 = '' OR e.period = $2) AND ($3 = 0 OR e.number = $3) AND e.state <> 'dropped' AND (e.state <> 'proposed' OR edition_open(e, $4, $5))
 ORDER BY e.period DESC, e.number DESC

-- name: edition_remarks (text plan, text period, integer number, bigint actor_id, boolean region) -> (bigint number, text text, text by, text at)
-- For those who make it, also once it is published.
SELECT c.comment::bigint, c.text, u.name, iso(c.made_at)
  FROM plan p JOIN edition e USING (plan_id) JOIN edition_comment c USING (edition_id) JOIN app_user u ON u.user_id = c.made_by
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND e.period = $2 AND e.number = $3 AND e.state <> 'dropped' AND edition_open(e, $4, $5) AND edition_maker(e, $4, $5)
 ORDER BY c.comment

-- name: edition_sentences (text plan, text period, bigint actor_id)
--    -> (bigint number, text plan, text entity, text round, text section, text text, text by, text at)
-- Selected for editions of a period, for the Secretariat.
SELECT s.sentence::bigint, p.code, e.code, o.code, s.section, s.text, u.name, iso(s.vouched_at)
  FROM plan p JOIN edition_sentence s USING (plan_id) JOIN round o USING (round_id) JOIN entity e ON e.entity_id = s.entity_id JOIN app_user u ON u.user_id = s.vouched_by
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND starts_with(o.code, $2) AND s.removed_at IS NULL AND holds_role($3, '{secretariat}', 0)
 ORDER BY s.sentence

-- name: edition_todo (bigint actor_id, boolean region) -> (text plan, text period, bigint number, text what, bigint count, text since, text until)
-- What waits for whom: proposals for those who comment and confirm, remarks for who proposed until the Secretariat has remarked on them, a
-- withdrawal for its second person.
-- What holds the Region's figures waits for its coordinator, after ten working days for the Secretariat.
WITH me AS MATERIALIZED (
    SELECT holds_role($1, '{secretariat}', 0) AS secretariat, EXISTS (SELECT FROM live_grant g WHERE g.user_id = $1 AND g.role = 'national_team') AS team,
           EXISTS (SELECT FROM live_grant g WHERE g.user_id = $1 AND g.role = 'coordinator' AND g.jurisdiction = 'kurdistan') AS beside
), waiting AS MATERIALIZED (
    SELECT e, e.edition_id, e.plan_id, e.period, e.number, e.state, e.proposed_by, e.proposed_at, e.withdrawn_by, e.withdrawn_at, $2 AND e.kurdistan AS region
      FROM edition e WHERE e.state = 'proposed' OR (e.state = 'withdrawn' AND e.second_by IS NULL AND now() < e.withdrawn_at + interval '24 hours')
)
SELECT CASE WHEN p.current THEN '' ELSE p.code END, w.period, w.number::bigint, x.what, x.count,
       iso(CASE w.state WHEN 'proposed' THEN w.proposed_at ELSE w.withdrawn_at END),
       iso(CASE WHEN x.what = 'withdraw' THEN w.withdrawn_at + interval '24 hours' WHEN x.what = 'confirm' AND w.region THEN edition_wait_end(w.proposed_at) END)
  FROM me m CROSS JOIN waiting w JOIN plan p USING (plan_id)
 CROSS JOIN LATERAL (SELECT coalesce(max(c.comment), 0) AS answered FROM edition_comment c JOIN live_grant g ON g.user_id = c.made_by AND g.role = 'secretariat' WHERE c.edition_id = w.edition_id) s
 CROSS JOIN LATERAL (SELECT count(*) AS remarks, count(*) FILTER (WHERE c.made_by = $1) AS own, count(*) FILTER (WHERE c.comment > s.answered) AS unanswered
                       FROM edition_comment c WHERE c.edition_id = w.edition_id) c
 CROSS JOIN LATERAL (SELECT CASE WHEN w.state = 'withdrawn' THEN CASE WHEN m.secretariat AND w.withdrawn_by <> $1 THEN 'withdraw' END
                                 WHEN w.proposed_by = $1 THEN CASE WHEN c.unanswered > 0 THEN 'remarks' END
                                 WHEN w.region THEN CASE WHEN m.beside OR (m.secretariat AND now() >= edition_wait_end(w.proposed_at)) THEN 'confirm' END
                                 WHEN m.secretariat THEN 'confirm' END AS act) a
 CROSS JOIN LATERAL (SELECT coalesce(a.act, CASE WHEN m.team AND w.state = 'proposed' AND w.proposed_by <> $1 AND c.own = 0 THEN 'comment' END) AS what, CASE a.act WHEN 'remarks' THEN c.unanswered ELSE c.remarks END AS count) x
 WHERE x.what IS NOT NULL
 ORDER BY w.proposed_at, w.edition_id LIMIT 500

-- name: edition_piece (text plan, text period, integer number, bigint actor_id, boolean region, integer position) -> (bytea data)
-- Bytes from there on; no row for who may not read them.
SELECT substr(e.content, least($6, octet_length(e.content)) + 1, 262144)
  FROM plan p JOIN edition e USING (plan_id)
 WHERE (p.code = $1 OR ($1 = '' AND p.current)) AND e.period = $2 AND e.number = $3 AND e.state <> 'dropped' AND edition_open(e, $4, $5)

-- name: edition_propose (text plan, text period, text note, bigint actor_id, bytea key, bytea body_hash) -> (text fault)
-- lanes: bulk
-- system_head_lock comes first in the unit, edition_told last. What it says is frozen here; an earlier proposal is dropped.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $4 AND l.body_hash = $6 AND l.action = 'edition.propose' AS same FROM log l WHERE l.entity_id = 0 AND l.key = $5
), given AS MATERIALIZED (
    SELECT p.plan_id, o.round_id, $2 ~ '^[0-9]{4}$' AS year,
           1 + (SELECT coalesce(max(e.number), 0) FROM edition e WHERE e.plan_id = p.plan_id AND e.period = $2 AND e.state IN ('published', 'withdrawn')) AS number
      FROM (SELECT) one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current) LEFT JOIN round o ON o.plan_id = p.plan_id AND o.code = $2
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT holds_role($4, '{secretariat}', 0) THEN 'FORBIDDEN|action=edition.propose'
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($1, ''), 'current')
           WHEN g.round_id IS NULL AND NOT g.year THEN 'NOT_FOUND|what=round|name=' || $2
           WHEN NOT EXISTS (SELECT FROM edition_reports(g.plan_id, $2)) THEN format('NOT_FOUND|what=%s|name=%s', CASE WHEN g.year THEN 'published edition of its rounds' ELSE 'accepted report' END, $2) END AS fault
      FROM given g LEFT JOIN past l ON true
), dropped AS (
    UPDATE edition e SET state = 'dropped' FROM checked c
     WHERE e.plan_id = c.plan_id AND e.period = $2 AND e.state = 'proposed' AND c.fault IS NULL AND c.same IS NULL
    RETURNING e.edition_id
), content AS MATERIALIZED (
    SELECT c.plan_id, c.number, edition_content(c.plan_id, $2, c.number) AS bytes FROM checked c WHERE c.fault IS NULL AND c.same IS NULL
), figures AS MATERIALIZED (
    SELECT f.* FROM content c CROSS JOIN LATERAL edition_figures(c.plan_id, $2) f
), made AS (
    INSERT INTO edition AS e (plan_id, period, number, sources, sha256, content, kurdistan, proposed_by)
    SELECT c.plan_id, $2, c.number, ARRAY(SELECT s.edition_id FROM edition_sources(c.plan_id, CASE WHEN $2 ~ '^[0-9]{4}$' THEN $2::int END) s ORDER BY 1), sha256(c.bytes), c.bytes, EXISTS (SELECT FROM figures f WHERE f.jurisdiction = 'kurdistan' AND (f.kind IS NOT NULL OR f.hidden)), $4
      FROM content c CROSS JOIN (SELECT count(*) FROM dropped) d
    RETURNING e
), cells AS (
    INSERT INTO edition_cell (edition_id, jurisdiction, cell_id, kind, number, denominator, hidden)
    SELECT (m.e).edition_id, f.jurisdiction, f.cell_id, f.kind, f.number, f.denominator, f.hidden FROM made m CROSS JOIN figures f
), reports AS (
    INSERT INTO edition_report (edition_id, entity_id, round_id, revision)
    SELECT (m.e).edition_id, r.entity_id, r.round_id, r.revision FROM made m CROSS JOIN LATERAL edition_reports((m.e).plan_id, $2) r
    RETURNING entity_id
), logged AS (
    SELECT log_append(0, (m.e).plan_id, NULL, NULL, 'edition.propose', nullif($3, ''), $4, $5, $6,
               (edition_body(m.e) || jsonb_build_object('reports', (SELECT count(*) FROM reports)))::text) AS receipt
      FROM made m
)
SELECT c.fault FROM checked c LEFT JOIN logged l ON l.receipt IS NOT NULL

-- name: edition_comment (text plan, text period, integer number, text text, boolean region, bigint actor_id, bytea key, bytea body_hash) -> (text fault)
-- lanes: write
-- system_head_lock comes first in the unit, edition_told last.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $6 AND l.body_hash = $8 AND l.action = 'edition.comment' AS same FROM log l WHERE l.entity_id = 0 AND l.key = $7
), given AS MATERIALIZED (
    SELECT p.plan_id, e AS edition, e.edition_id FROM (SELECT) one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)
      LEFT JOIN edition e ON e.plan_id = p.plan_id AND e.period = $2 AND e.number = $3 AND e.state <> 'dropped'
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT EXISTS (SELECT FROM live_grant x WHERE x.user_id = $6 AND (x.role IN ('secretariat', 'national_team') OR ($5 AND x.role = 'coordinator' AND x.jurisdiction = 'kurdistan')))
                THEN 'FORBIDDEN|action=edition.comment'
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($1, ''), 'current')
           WHEN g.edition_id IS NULL OR NOT edition_maker(g.edition, $6, $5) THEN format('NOT_FOUND|what=edition|name=%s/%s', $2, $3)
           WHEN edition_state(g.edition) <> 'proposed' THEN format('WRONG_STATE|report=%s/%s|state=%s|action=edition.comment', $2, $3, edition_state(g.edition)) END AS fault
      FROM given g LEFT JOIN past l ON true
), made AS (
    INSERT INTO edition_comment (edition_id, comment, text, made_by)
    SELECT c.edition_id, 1 + (SELECT count(*) FROM edition_comment x WHERE x.edition_id = c.edition_id), $4::text, $6 FROM checked c WHERE c.fault IS NULL AND c.same IS NULL
    RETURNING comment
), logged AS (
    SELECT log_append(0, c.plan_id, NULL, NULL, 'edition.comment', $4, $6, $7, $8, (edition_body(c.edition) || jsonb_build_object('remark', m.comment))::text) AS receipt FROM made m, checked c
)
SELECT c.fault FROM checked c LEFT JOIN logged l ON l.receipt IS NOT NULL

-- name: edition_confirm (text plan, text period, integer number, text sha256, text approved_by, text letter_number, text letter_date, boolean kurdistan, bigint actor_id, bytea key, bytea body_hash)
--    -> (text fault)
-- lanes: bulk
-- As edition_comment. kurdistan: what holds the Region's figures is confirmed by its coordinator, for ten working days. It is
-- made anew and must have the same bytes: nothing moved.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $9 AND l.body_hash = $11 AND l.action = 'edition.confirm' AS same FROM log l WHERE l.entity_id = 0 AND l.key = $10
), given AS MATERIALIZED (
    SELECT p.plan_id, e AS edition, e.edition_id, e.proposed_by, e.proposed_at, e.sha256, $8 AND e.kurdistan AS region, holds_role($9, '{secretariat}', 0) AS secretariat,
           EXISTS (SELECT FROM live_grant x WHERE x.user_id = $9 AND x.role = 'coordinator' AND x.jurisdiction = 'kurdistan') AS beside
      FROM (SELECT) one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)
      LEFT JOIN edition e ON e.plan_id = p.plan_id AND e.period = $2 AND e.number = $3 AND e.state <> 'dropped'
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT g.secretariat AND NOT g.beside THEN 'FORBIDDEN|action=edition.confirm'
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($1, ''), 'current')
           WHEN g.edition_id IS NULL THEN format('NOT_FOUND|what=edition|name=%s/%s', $2, $3)
           WHEN NOT g.secretariat AND NOT g.region THEN 'FORBIDDEN|action=edition.confirm'
           WHEN edition_state(g.edition) <> 'proposed' THEN format('WRONG_STATE|report=%s/%s|state=%s|action=edition.confirm', $2, $3, edition_state(g.edition))
           WHEN g.proposed_by = $9 THEN 'FOUR_EYES|why=whoever proposed an edition does not confirm it'
           WHEN g.region AND NOT g.beside AND now() < edition_wait_end(g.proposed_at)
                THEN format('FOUR_EYES|why=until %s a coordinator of the Kurdistan Region confirms it', baghdad_day(edition_wait_end(g.proposed_at)))
           WHEN encode(g.sha256, 'hex') <> $4 OR g.sha256 <> sha256(edition_content(g.plan_id, $2, $3)) THEN format('EDITION_MOVED|edition=%s/%s', $2, $3) END AS fault
      FROM given g LEFT JOIN past l ON true
), made AS (
    UPDATE edition e SET state = 'published', confirmed_by = $9, confirmed_at = now(), alone = c.region AND NOT c.beside,
           instrument = jsonb_build_object('approved_by', $5::text, 'letter_number', $6::text, 'letter_date', $7::text)
      FROM checked c WHERE e.edition_id = c.edition_id AND c.fault IS NULL AND c.same IS NULL
    RETURNING e
), logged AS (
    SELECT log_append(0, c.plan_id, NULL, NULL, 'edition.confirm', NULL, $9, $10, $11, edition_body(m.e)::text) AS receipt FROM made m, checked c
)
SELECT c.fault FROM checked c LEFT JOIN logged l ON l.receipt IS NOT NULL

-- name: edition_withdraw (text plan, text period, integer number, text note, bigint actor_id, bytea key, bytea body_hash) -> (text fault)
-- lanes: write
-- As edition_comment. A proposal is dropped; what is published goes at once, and for good when a second person says so too.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $5 AND l.body_hash = $7 AND l.action = 'edition.withdraw' AS same FROM log l WHERE l.entity_id = 0 AND l.key = $6
), given AS MATERIALIZED (
    SELECT p.plan_id, e AS edition, e.edition_id, e.withdrawn_by, e.second_by,
           CASE WHEN e.state = 'withdrawn' AND e.second_by IS NULL AND now() >= e.withdrawn_at + interval '24 hours' THEN 'published' ELSE e.state END AS state
      FROM (SELECT) one LEFT JOIN plan p ON p.code = $1 OR ($1 = '' AND p.current)
      LEFT JOIN edition e ON e.plan_id = p.plan_id AND e.period = $2 AND e.number = $3 AND e.state <> 'dropped'
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT holds_role($5, '{secretariat}', 0) THEN 'FORBIDDEN|action=edition.withdraw'
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.plan_id IS NULL THEN 'NOT_FOUND|what=plan|name=' || coalesce(nullif($1, ''), 'current')
           WHEN g.edition_id IS NULL THEN format('NOT_FOUND|what=edition|name=%s/%s', $2, $3)
           WHEN g.state = 'withdrawn' AND g.second_by IS NOT NULL THEN format('WRONG_STATE|report=%s/%s|state=withdrawn|action=edition.withdraw', $2, $3)
           WHEN g.state = 'withdrawn' AND g.withdrawn_by = $5 THEN 'FOUR_EYES|why=a second person withdraws it for good, within 24 hours' END AS fault
      FROM given g LEFT JOIN past l ON true
), made AS (
    UPDATE edition e SET state = CASE c.state WHEN 'proposed' THEN 'dropped' ELSE 'withdrawn' END,
           withdrawn_at = CASE c.state WHEN 'withdrawn' THEN e.withdrawn_at ELSE now() END, withdrawn_by = CASE c.state WHEN 'withdrawn' THEN e.withdrawn_by ELSE $5 END,
           withdrawn_note = CASE c.state WHEN 'withdrawn' THEN e.withdrawn_note ELSE $4::text END,
           second_by = CASE c.state WHEN 'withdrawn' THEN $5 END, second_at = CASE c.state WHEN 'withdrawn' THEN now() END
      FROM checked c WHERE e.edition_id = c.edition_id AND c.fault IS NULL AND c.same IS NULL
    RETURNING e
), logged AS (
    SELECT log_append(0, c.plan_id, NULL, NULL, 'edition.withdraw', $4, $5, $6, $7, edition_body(m.e)::text) AS receipt FROM made m, checked c
)
SELECT c.fault FROM checked c LEFT JOIN logged l ON l.receipt IS NOT NULL

-- name: edition_told (bytea key)
--    -> (text plan, text period, bigint number, text state, text sha256, bigint bytes, bigint reports, boolean kurdistan, text proposed_at, text proposed_by, text confirmed_at,
--        text confirmed_by, text approved_by, text letter_number, text letter_date, boolean alone, text withdrawn_at, text withdrawn_by, text withdrawn_note, text second_at, text second_by,
--        bytea receipt)
-- lanes: write,bulk
-- What was logged under this key, now or before.
SELECT b.o ->> 'plan', b.o ->> 'period', (b.o ->> 'number')::bigint, b.o ->> 'state', b.o ->> 'sha256', (b.o ->> 'bytes')::bigint, (b.o ->> 'reports')::bigint, (b.o ->> 'kurdistan')::boolean,
       b.o ->> 'proposed_at', b.o ->> 'proposed_by', b.o ->> 'confirmed_at', b.o ->> 'confirmed_by', b.o ->> 'approved_by', b.o ->> 'letter_number', b.o ->> 'letter_date',
       (b.o ->> 'alone')::boolean, b.o ->> 'withdrawn_at', b.o ->> 'withdrawn_by', b.o ->> 'withdrawn_note', b.o ->> 'second_at', b.o ->> 'second_by', l.hash
  FROM log l CROSS JOIN LATERAL (SELECT l.outcome::jsonb AS o) b WHERE l.entity_id = 0 AND l.key = $1

-- name: sentence_change (bigint entity_id, text plan, text round, bigint base_revision, text section, text text, integer number, bigint actor_id, bytea key, bytea body_hash)
--    -> (text fault)
-- lanes: write
-- system_head_lock comes first in the unit, sentence_told last. number: taken off; else selected, as it stands in the narrative
-- that was accepted.
WITH past AS MATERIALIZED (
    SELECT l.actor_id = $8 AND l.body_hash = $10 AND l.action = 'edition.sentence' AS same FROM log l WHERE l.entity_id = 0 AND l.key = $9
), given AS MATERIALIZED (
    SELECT o.plan_id, o.round_id, e.code, r.revision, s.sentence AS old,
           (SELECT max(c.revision) FROM contribution c WHERE c.entity_id = $1 AND c.round_id = o.round_id AND c.state = 'accepted' AND c.withdrawn_at IS NULL) AS accepted
      FROM entity e LEFT JOIN (plan p JOIN round o ON o.plan_id = p.plan_id AND o.code = $3) ON p.code = $2 OR ($2 = '' AND p.current)
      LEFT JOIN report r ON r.entity_id = e.entity_id AND r.round_id = o.round_id
      LEFT JOIN edition_sentence s ON s.plan_id = o.plan_id AND s.sentence = $7 AND s.entity_id = e.entity_id AND s.round_id = o.round_id AND s.removed_at IS NULL
     WHERE e.entity_id = $1
), checked AS MATERIALIZED (
    SELECT g.*, l.same, CASE
           WHEN NOT holds_role($8, '{secretariat}', 0) THEN 'FORBIDDEN|action=edition.sentence'
           WHEN l.same THEN NULL WHEN NOT l.same THEN 'KEY_REUSED'
           WHEN g.revision IS NULL THEN format('NOT_FOUND|what=report|name=%s/%s', g.code, $3)
           WHEN $7 <> 0 THEN CASE WHEN g.old IS NULL THEN 'NOT_FOUND|what=sentence|name=' || $7 END
           WHEN g.accepted IS NULL THEN format('NOT_FOUND|what=accepted report|name=%s/%s', g.code, $3)
           WHEN $4 <> report_view($1, g.round_id, 16) THEN format('STALE_REVISION|report=%s/%s|revision=%s|base=%s', g.code, $3, report_view($1, g.round_id, 16), $4)
           WHEN NOT EXISTS (SELECT FROM narrative_at($1, g.round_id, g.accepted) n WHERE n.section = $5 AND position($6 IN n.text) > 0)
                THEN 'BAD_ARGUMENT|field=text|why=does not stand in this section, word for word'
           WHEN EXISTS (SELECT FROM edition_sentence s WHERE s.round_id = g.round_id AND s.entity_id = $1 AND s.section = $5 AND s.text = $6 AND s.removed_at IS NULL)
                THEN format('EXISTS|what=sentence|name=%s', left($6, 60)) END AS fault
      FROM given g LEFT JOIN past l ON true
), added AS (
    INSERT INTO edition_sentence AS s (plan_id, sentence, entity_id, round_id, section, text, vouched_by)
    SELECT c.plan_id, 1 + (SELECT count(*) FROM edition_sentence x WHERE x.plan_id = c.plan_id), $1, c.round_id, $5, $6, $8 FROM checked c WHERE c.fault IS NULL AND c.same IS NULL AND $7 = 0
    RETURNING s
), removed AS (
    UPDATE edition_sentence s SET removed_by = $8, removed_at = now() FROM checked c
     WHERE s.plan_id = c.plan_id AND s.sentence = c.old AND c.fault IS NULL AND c.same IS NULL AND $7 <> 0
    RETURNING s
), logged AS (
    SELECT log_append(0, (m.s).plan_id, NULL, NULL, 'edition.sentence', NULL, $8, $9, $10,
               jsonb_build_object('sentence', (m.s).sentence, 'plan', (SELECT p.code FROM plan p WHERE p.plan_id = (m.s).plan_id), 'entity', c.code, 'round', $3::text, 'section', (m.s).section, 'text', (m.s).text,
                                  'by', (SELECT u.name FROM app_user u WHERE u.user_id = (m.s).vouched_by), 'at', iso((m.s).vouched_at), 'removed', $7 <> 0)::text) AS receipt
      FROM (SELECT a.s FROM added a UNION ALL SELECT d.s FROM removed d) m, checked c
)
SELECT c.fault FROM checked c LEFT JOIN logged l ON l.receipt IS NOT NULL

-- name: sentence_told (bytea key) -> (bigint number, text plan, text entity, text round, text section, text text, text by, text at, bytea receipt)
-- lanes: write
-- What was logged under this key, now or before.
SELECT (b.o ->> 'sentence')::bigint, b.o ->> 'plan', b.o ->> 'entity', b.o ->> 'round', b.o ->> 'section', b.o ->> 'text', b.o ->> 'by', b.o ->> 'at', l.hash
  FROM log l CROSS JOIN LATERAL (SELECT l.outcome::jsonb AS o) b WHERE l.entity_id = 0 AND l.key = $1
