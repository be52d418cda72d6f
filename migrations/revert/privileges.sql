-- Revert inap:privileges from pg.
BEGIN;
SET LOCAL search_path = inap;
REVOKE ALL ON ALL TABLES IN SCHEMA inap FROM inap_app, inap_auth;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA inap FROM inap_app, inap_auth;
REVOKE USAGE ON SCHEMA inap FROM inap_app, inap_auth;
COMMIT;
