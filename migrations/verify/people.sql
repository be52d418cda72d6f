-- Verify inap:people on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT * FROM app_user WHERE false;
SELECT * FROM credential WHERE false;
SELECT * FROM login_failure WHERE false;
SELECT * FROM role_grant WHERE false;
SELECT * FROM session WHERE false;
SELECT * FROM device_certificate WHERE false;
SELECT * FROM session_change WHERE false;
SELECT * FROM lease WHERE false;
SELECT * FROM live_grant WHERE false;
SELECT 1 / (count(*) = 9)::int FROM pg_proc WHERE proname IN ('holds_role', 'login_delay', 'admin_over', 'roles_clash', 'user_fault',
    'session_fault', 'role_fault', 'grant_json', 'user_json') AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
