-- The schema as such: owned by one role, commented throughout, no triggers, and exactly these privileges.
BEGIN;
SET search_path = inap, public;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
SELECT plan(13);

SELECT is_empty($$ SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'inap'::regnamespace AND c.relkind IN ('r', 'v') AND obj_description(c.oid) IS NULL $$,
    'every table and view says what it is');
SELECT is_empty($$ SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'inap'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL $$,
    'and every column');
SELECT is_empty($$ SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'inap'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL $$, 'and every function');
SELECT is_empty($$ SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE c.relnamespace = 'inap'::regnamespace AND r.rolname <> 'inap_owner'
    UNION ALL SELECT p.proname FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.pronamespace = 'inap'::regnamespace AND r.rolname <> 'inap_owner' $$,
    'everything belongs to inap_owner');
SELECT is_empty($$ SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'inap'::regnamespace AND NOT t.tgisinternal $$, 'there is no trigger');
SELECT is_empty($$ SELECT conrelid::regclass FROM pg_constraint WHERE contype = 'f' AND conrelid IN ('value'::regclass, 'log'::regclass, 'contribution'::regclass) $$,
    'values, log and contributions have no row-level foreign key');
SELECT is_empty($$ SELECT relname FROM pg_class WHERE relnamespace = 'inap'::regnamespace AND relkind = 'r' AND relname <> 'chain_head'
    AND NOT coalesce('autovacuum_analyze_threshold=0' = ANY (reloptions), false) $$, 'however few rows a table has, the planner knows how many (see planner)');
SELECT is_empty($$ SELECT rolname FROM pg_roles WHERE rolname LIKE 'inap%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb) $$, 'no role of ours is above the rules');
SELECT is((SELECT rolcanlogin FROM pg_roles WHERE rolname = 'inap_owner'), false, 'the owner does not log in');
SELECT is_empty($$ SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'inap'::regnamespace AND has_function_privilege('public', p.oid, 'EXECUTE') $$, 'nothing is executable by everybody');
SELECT is((SELECT array_agg(p.proname::text ORDER BY p.proname) FROM pg_proc p WHERE p.pronamespace = 'inap'::regnamespace AND NOT has_function_privilege('inap_app', p.oid, 'EXECUTE')),
    ARRAY['first_admin', 'system_append', 'system_lock', 'user_import', 'user_import_row', 'value_rebuild'], 'inap_app runs all functions but these');

-- table, what inap_app may do to it, what inap_auth may: column grants apart
SELECT set_eq($$
    SELECT c.relname::text, coalesce(string_agg(p, ',' ORDER BY p) FILTER (WHERE has_table_privilege('inap_app', c.oid, p)), '') AS app,
           coalesce(string_agg(p, ',' ORDER BY p) FILTER (WHERE has_table_privilege('inap_auth', c.oid, p)), '') AS auth
      FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p
     WHERE c.relnamespace = 'inap'::regnamespace AND c.relkind IN ('r', 'v') GROUP BY c.relname $$,
$$ VALUES
    ('activity', 'INSERT,SELECT,UPDATE', ''),
    ('activity_status', 'INSERT,SELECT,UPDATE', ''),
    ('app_user', 'SELECT', 'INSERT,SELECT,UPDATE'),
    ('assignment', 'INSERT,SELECT,UPDATE', ''),
    ('assignment_change', 'INSERT,SELECT', ''),
    ('assignment_span', 'SELECT', ''),
    ('category', 'INSERT,SELECT,UPDATE', ''),
    ('cell', 'INSERT,SELECT,UPDATE', ''),
    ('chain_head', 'INSERT,SELECT,UPDATE', ''),
    ('checkpoint', 'INSERT,SELECT', ''),
    ('consultation', 'INSERT,SELECT', ''),
    ('contribution', 'INSERT,SELECT', ''),
    ('credential', '', 'INSERT,SELECT,UPDATE'),
    ('device_certificate', '', 'INSERT,SELECT,UPDATE'),
    ('dimension', 'INSERT,SELECT,UPDATE', ''),
    ('due_change', 'INSERT,SELECT', ''),
    ('edition', 'INSERT,SELECT', ''),
    ('edition_cell', 'INSERT,SELECT', ''),
    ('edition_comment', 'INSERT,SELECT', ''),
    ('edition_report', 'INSERT,SELECT', ''),
    ('edition_sentence', 'INSERT,SELECT', ''),
    ('entity', 'INSERT,SELECT,UPDATE', 'SELECT'),
    ('event', 'INSERT,SELECT,UPDATE', ''),
    ('event_decision', 'INSERT,SELECT,UPDATE', ''),
    ('evidence', 'INSERT,SELECT', ''),
    ('evidence_chunk', 'INSERT,SELECT', ''),
    ('evidence_file', 'INSERT,SELECT', ''),
    ('extension', 'INSERT,SELECT', ''),
    ('form_cell', 'INSERT,SELECT,UPDATE', ''),
    ('indicator', 'INSERT,SELECT,UPDATE', ''),
    ('indicator_table', 'INSERT,SELECT,UPDATE', ''),
    ('leaf', 'INSERT,SELECT', ''),
    ('formula', 'SELECT', ''),
    ('lease', 'INSERT,SELECT,UPDATE', ''),
    ('light_override', 'INSERT,SELECT', ''),
    ('live_grant', 'SELECT', 'SELECT'),
    ('log', 'INSERT,SELECT', ''),
    ('login_failure', '', 'INSERT,SELECT,UPDATE'),
    ('narrative', 'INSERT,SELECT,UPDATE', ''),
    ('notice', 'INSERT,SELECT', ''),
    ('organisation', 'INSERT,SELECT,UPDATE', ''),
    ('plan', 'INSERT,SELECT,UPDATE', ''),
    ('reference_version', 'INSERT,SELECT', ''),
    ('report', 'INSERT,SELECT,UPDATE', ''),
    ('result', 'INSERT,SELECT,UPDATE', ''),
    ('review_point', 'INSERT,SELECT,UPDATE', ''),
    ('role_grant', 'SELECT', 'INSERT,SELECT,UPDATE'),
    ('round', 'INSERT,SELECT,UPDATE', ''),
    ('rule', 'INSERT,SELECT,UPDATE', ''),
    ('rule_change', 'INSERT,SELECT', ''),
    ('session', '', 'DELETE,INSERT,SELECT,UPDATE'),
    ('session_change', '', 'INSERT,SELECT'),
    ('system_log', '', 'SELECT'),
    ('target', 'INSERT,SELECT', ''),
    ('total', 'INSERT,SELECT,UPDATE', ''),
    ('total_lock', 'INSERT,SELECT,UPDATE', ''),
    ('value', 'INSERT,SELECT,UPDATE', ''),
    ('value_kind', 'SELECT', ''),
    ('verification', 'INSERT,SELECT,UPDATE', ''),
    ('verification_sample', 'INSERT,SELECT', '') $$, 'the privileges on tables are exactly these');
SELECT set_eq($$
    SELECT c.relname::text, a.attname::text, r.rolname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, unnest(ARRAY['inap_app', 'inap_auth']) AS r (rolname)
     WHERE c.relnamespace = 'inap'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND has_column_privilege(r.rolname, c.oid, a.attnum, 'UPDATE') AND NOT has_table_privilege(r.rolname, c.oid, 'UPDATE')$$,
$$ VALUES ('contribution', 'withdrawn_at', 'inap_app'), ('edition', 'confirmed_at', 'inap_app'), ('edition', 'confirmed_by', 'inap_app'), ('edition', 'instrument', 'inap_app'),
    ('edition', 'alone', 'inap_app'), ('edition', 'second_at', 'inap_app'), ('edition', 'second_by', 'inap_app'), ('edition', 'withdrawn_by', 'inap_app'),
    ('edition_sentence', 'removed_at', 'inap_app'), ('edition_sentence', 'removed_by', 'inap_app'),
    ('edition', 'state', 'inap_app'), ('edition', 'withdrawn_at', 'inap_app'), ('edition', 'withdrawn_note', 'inap_app'), ('extension', 'revoked_at', 'inap_app'),
    ('extension', 'revoked_by', 'inap_app'), ('extension', 'revoked_note', 'inap_app'),
    ('evidence_file', 'attached_at', 'inap_app'), ('evidence_file', 'have', 'inap_app'), ('evidence_file', 'list_at', 'inap_app'), ('evidence_file', 'office', 'inap_app'),
    ('evidence_file', 'spoilt_at', 'inap_app'), ('evidence_file', 'touched_at', 'inap_app'), ('evidence_file', 'type', 'inap_app'), ('evidence_file', 'whole_at', 'inap_app') $$,
    'and on columns');
SELECT * FROM finish();
ROLLBACK;
