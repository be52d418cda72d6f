-- Revert inap:people from pg.
BEGIN;
SET LOCAL search_path = inap;
DROP FUNCTION holds_role;
DROP VIEW live_grant;
DROP TABLE lease;
DROP TABLE session_change;
DROP TABLE device_certificate;
DROP TABLE session;
DROP TABLE role_grant;
DROP TABLE credential;
DROP TABLE app_user;
COMMIT;
