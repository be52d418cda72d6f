-- Verify inap:people on pg.
BEGIN;
SET LOCAL search_path = inap;
SELECT * FROM app_user WHERE false;
SELECT * FROM credential WHERE false;
SELECT * FROM role_grant WHERE false;
SELECT * FROM session WHERE false;
SELECT * FROM device_certificate WHERE false;
SELECT * FROM session_change WHERE false;
SELECT * FROM lease WHERE false;
SELECT * FROM live_grant WHERE false;
SELECT 1 / count(*) FROM pg_proc WHERE proname = 'holds_role' AND pronamespace = 'inap'::regnamespace;
ROLLBACK;
