-- Rules by hand: added and retired with a date, never deleted, refused by name; a plan file that says nothing new undoes nothing.
BEGIN;
SELECT plan(42);

\ir rules.psql
INSERT INTO app_user (name, display_name, home_entity_id) VALUES ('focal', 'focal', 0);
-- One change: the fault, else what was done.
CREATE FUNCTION pg_temp.change(p_code text, p_rule jsonb, p_user text DEFAULT 'sec', p_note text DEFAULT NULL, p_key bytea DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    k constant bytea := coalesce(p_key, decode(lpad(to_hex(nextval('keys')), 32, '0'), 'hex'));
    c record;
    detail text;
BEGIN
    SELECT * INTO c FROM rule_change('', p_code, p_rule::text, p_note, (SELECT user_id FROM app_user WHERE name = p_user), k, sha256(convert_to(coalesce(p_rule::text, p_code), 'UTF8')));
    RETURN coalesce(c.fault, format('%s %s %s', c.outcome ->> 'rule', CASE WHEN (c.outcome ->> 'retired')::boolean THEN 'retired' ELSE 'added' END, c.outcome ->> 'from'));
EXCEPTION WHEN SQLSTATE 'INPLN' THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN detail;
END $$;
CREATE FUNCTION pg_temp.add(p_rule jsonb) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.change('', p_rule) $$;
CREATE FUNCTION pg_temp.retire(p_code text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.change(p_code, NULL) $$;
-- CODE from..to, + by hand, - retired by hand.
CREATE FUNCTION pg_temp.rows(p_code text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(format('%s..%s%s%s', CASE WHEN isfinite(valid_from) THEN valid_from::text END, CASE WHEN isfinite(valid_to) THEN valid_to::text END,
                         CASE WHEN by_hand THEN '+' END, CASE WHEN retired THEN '-' END), ' ' ORDER BY valid_from) FROM rule WHERE code = p_code $$;
CREATE FUNCTION pg_temp.a() RETURNS jsonb LANGUAGE sql AS $$ SELECT pg_temp.rule('A', '["XA-1.1"]', '=', '["XA-1.2"]') $$;
CREATE FUNCTION pg_temp.b() RETURNS jsonb LANGUAGE sql AS $$ SELECT pg_temp.rule('B', '["XA-1.1"]', '<=', '["XA-1.7"]') $$;
-- Later: the open round closes too.
CREATE FUNCTION pg_temp.shut(p_round text) RETURNS void LANGUAGE sql AS $$ UPDATE round SET closes_at = now() - interval '1 hour' WHERE code = p_round $$;

SELECT pg_temp.import(jsonb_build_array(pg_temp.a())), pg_temp.round('2024Q2', true), pg_temp.round('2024Q3') \g /dev/null
SELECT pg_temp.put('XA-1.1=6 XA-1.2=5 XA-1.7=4', r) FROM unnest(ARRAY['2024Q2', '2024Q3']) AS r \g /dev/null

-- 1. Added.
SELECT is(pg_temp.change('', pg_temp.b(), 'focal'), 'FORBIDDEN|action=rule.change', 'the Secretariat adds rules, and nobody else');
SELECT is(pg_temp.change('', pg_temp.b(), 'sec', 'letter 214', '\x000000000000000000000000000000ff'), 'B added 2024Q3', 'in force from the first quarter after the last closed round');
SELECT is(pg_temp.change('', pg_temp.b(), 'sec', 'letter 214', '\x000000000000000000000000000000ff'), 'B added 2024Q3', 'the same key: the same answer');
SELECT is((SELECT count(*)::int FROM rule_change), 1, 'once');
SELECT is(pg_temp.change('', pg_temp.a(), 'sec', NULL, '\x000000000000000000000000000000ff'), 'KEY_REUSED', 'another body under that key');
SELECT is(pg_temp.rows('B'), '2024-07-01..+', 'the row says since when, and that it was made by hand');
SELECT is(pg_temp.fails(), 'A(6,5) B(6,4)', 'it is judged beside the file''s');
SELECT is(pg_temp.fails('given', '2024Q2'), 'A(6,5)', 'but not of the round that is closed');
SELECT is((SELECT action || ' ' || note || ' ' || (outcome::jsonb #>> '{body,op}') FROM log WHERE entity_id = 0 ORDER BY seq DESC LIMIT 1), 'rule.add letter 214 <=', 'the log of the system has it, with why and the whole rule');
SELECT is((SELECT count(*)::int FROM chain_faults(0)), 0, 'and its chain holds');
SELECT is((SELECT name_ar::text FROM rule WHERE code = 'B'), 'قاعدة', 'in its languages');

-- 2. Refused by name.
SELECT is(pg_temp.add(x.rule), x.wanted, x.wanted) FROM (VALUES
    (pg_temp.a(), 'EXISTS|what=rule|name=A'), (pg_temp.b(), 'EXISTS|what=rule|name=B'),
    (pg_temp.rule('C', '["XA-9.9"]', '=', '["XA-1.1"]'), 'RULE_BAD|place=left[0]|why=there is no cell XA-9.9'),
    (pg_temp.rule('C', '["XA-1.1"]', '=', '["XA-1.1", "XA-1.1:sex=X"]'), 'RULE_BAD|place=right[1]|why=there is no cell XA-1.1:sex=X'),
    (pg_temp.rule('C', '["XA-1.1"]', 'about', '[1]'), 'RULE_BAD|place=op|why=''about'' is none of =, <>, >, >=, <, <=, all_or_none, only_one'),
    (pg_temp.rule('C', '["XA-1.1"]', '='), 'RULE_BAD|place=right|why=is missing'),
    (pg_temp.rule('c d', '["XA-1.1"]', '=', '[1]'), 'RULE_BAD|place=code|why=''c d'' is no code'),
    (pg_temp.rule('C', '["XA-1.1"]', '=', '[1]', '{"names": {"ar": "x"}}'), 'RULE_BAD|place=names|why=the English name is missing'),
    (pg_temp.rule('C', '["XA-1.1"]', '=', '[1]', jsonb_build_object('names', jsonb_build_object('en', 'e' || U&'\0301'))), 'RULE_BAD|place=names.en|why=is not NFC'),
    ('[1]', 'RULE_BAD|place=the file|why=it is no JSON object')) AS x (rule, wanted);
SELECT is(pg_temp.retire(x.code), x.wanted, x.wanted) FROM (VALUES
    ('C', 'NOT_FOUND|what=rule|name=C'),
    ('XA-1.1:sex', 'BAD_ARGUMENT|field=rule|why=this rule is made of the tables and checks of the plan file: change it there')) AS x (code, wanted);
SELECT is((SELECT count(*)::int FROM rule_change), 1, 'nothing of these is kept');

-- 3. Files that come later.
SELECT is(pg_temp.import(jsonb_build_array(pg_temp.a())), '0/0/0', 'the file again: it never knew the rule by hand');
SELECT is(pg_temp.rows('B'), '2024-07-01..+', 'which stands');
SELECT is(pg_temp.retire('A'), 'A retired 2024Q3', 'a rule of the file, retired by hand');
SELECT is(pg_temp.rows('A'), '..2024-06-30-', 'ends with the last closed round, and is not deleted');
SELECT is(pg_temp.retire('A'), 'WRONG_STATE|report=A|state=retired|action=rule.change', 'once');
SELECT is(pg_temp.fails() || ' ' || pg_temp.fails('given', '2024Q2'), 'B(6,4) A(6,5)', 'the open round is free of it, the closed one keeps it');
SELECT is(pg_temp.import(jsonb_build_array(pg_temp.a())), '0/0/0', 'a file that repeats itself');
SELECT is(pg_temp.rows('A'), '..2024-06-30-', 'does not bring it back');
SELECT is(pg_temp.import(jsonb_build_array(pg_temp.a() || '{"op": "<"}')), '0/1/0', 'a file that says something new');
SELECT is(pg_temp.rows('A'), '..2024-06-30- 2024-07-01..', 'does');
SELECT is(pg_temp.import(jsonb_build_array(pg_temp.a(), pg_temp.b() || '{"severity": "WARN"}')), '1/1/0', 'a file may take the rule by hand over');
SELECT is(pg_temp.rows('B') || (SELECT severity FROM rule WHERE code = 'B'), '2024-07-01..WARN', 'which is the file''s then');
SELECT is(pg_temp.import(jsonb_build_array(pg_temp.a(), pg_temp.b())) || ' ' || pg_temp.retire('B'), '0/1/0 B retired 2024Q3', 'and by hand again');

-- 4. Back after a time.
SELECT pg_temp.shut('2024Q3'), pg_temp.round('2024Q4') \g /dev/null
SELECT is(pg_temp.add(pg_temp.b()), 'B added 2024Q4', 'what was retired may be added again');
SELECT is(pg_temp.rows('B'), '2024-07-01..2024-06-30- 2024-10-01..+', 'and leaves the closed rounds as they were');
SELECT is(pg_temp.import(jsonb_build_array(pg_temp.a(), pg_temp.b())), '0/0/0', 'the file again');
SELECT is(pg_temp.rows('B'), '2024-07-01..2024-06-30- 2024-10-01..+', 'changes nothing');

-- 5. A file that takes the cells away from under it.
SELECT pg_temp.add(pg_temp.rule('D', '["XA-4.1"]', '<=', '[100]')) \g /dev/null
SELECT is(pg_temp.import(jsonb_build_array(pg_temp.a(), pg_temp.b()), jsonb_build_object('indicators', (SELECT jsonb_agg(i) FROM jsonb_array_elements(pg_temp.file() -> 'indicators') AS i WHERE i ->> 'code' <> 'XA-4.1'))),
    'PLAN_BAD|place=D, made by hand, left[0]|why=there is no cell XA-4.1', 'a file without a cell that a rule by hand names is refused');
SELECT * FROM finish();
ROLLBACK;
