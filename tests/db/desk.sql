-- Claims lapse at the end of the fifth working day after theirs; Friday and Saturday are none. Who signs by which right.
BEGIN;
SET search_path = inap, public;
SELECT no_plan();

SELECT is(claim_end(c.claimed::timestamptz), day_end(c.until::date), c.claimed || ' lapses on ' || c.until)
  FROM (VALUES ('2024-10-13 10:00+03', '2024-10-20'), -- Sunday: Mon, Tue, Wed, Thu, Sun
               ('2024-10-15 10:00+03', '2024-10-22'), -- Tuesday: Wed, Thu, Sun, Mon, Tue
               ('2024-10-10 23:30+03', '2024-10-17'), -- Thursday night: Sunday is the first
               ('2024-10-11 09:00+03', '2024-10-17'), ('2024-10-12 09:00+03', '2024-10-17'), -- Friday, Saturday
               ('2024-10-12 21:30+00', '2024-10-20')) -- in Baghdad it is Sunday already
       AS c (claimed, until);
SELECT is(claim_live(now()), true, 'a claim of now holds');
SELECT is(claim_live(now() - interval '10 days'), false, 'one of ten days ago does not');
SELECT is(claim_live(NULL), false, 'nor does none');
SELECT is(state_now('in_review', now() - interval '10 days'), 'submitted', 'its report is as if it had been released');
SELECT is(state_now('in_review', now()), 'in_review', 'while it holds the report is in review');
SELECT is(state_now('endorsed', now() - interval '10 days'), 'endorsed', 'other states know no claim');

INSERT INTO entity (entity_id, code, name_en, jurisdiction) OVERRIDING SYSTEM VALUE VALUES (1, 'FED-MOI', 'Interior', 'federal');
INSERT INTO app_user (user_id, name, display_name, home_entity_id) OVERRIDING SYSTEM VALUE VALUES (5, 'chief', 'Chief', 1);
INSERT INTO role_grant (user_id, role, entity_id, basis, order_number, order_date, granted_by) VALUES (5, 'approver', 1, 'delegated', '7', '2024-10-01', 0);
SELECT is(signature(1, 1, 5), '{"basis": "delegated", "order_number": "7", "order_date": "2024-10-01"}', 'who was delegated signs as such');
INSERT INTO role_grant (user_id, role, entity_id, basis, order_number, order_date, granted_by) VALUES (5, 'approver', 1, 'acting', '118', '2024-09-01', 0);
SELECT is(signature(1, 1, 5) ->> 'order_number', '118', 'an acting grant goes before a delegation');
INSERT INTO role_grant (user_id, role, entity_id, granted_by) VALUES (5, 'approver', 1, 0);
SELECT is(signature(1, 1, 5), '{"basis": "own"}', 'and the own one before both');
UPDATE role_grant SET valid_from = '2024-01-01', valid_to = '2024-02-01' WHERE basis = 'own';
SELECT is(signature(1, 1, 5) ->> 'basis', 'acting', 'but not when it is over');
SELECT * FROM finish();
ROLLBACK;
