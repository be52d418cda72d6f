-- Deploy inap:privileges to pg: who may touch what, exactly; tests/db asserts this list.
BEGIN;
SET LOCAL search_path = inap;

GRANT USAGE ON SCHEMA inap TO inap_app, inap_auth;

-- inap_app reads everything but secrets, appends to the log, and never deletes.
GRANT SELECT ON entity, plan, reference_version, result, dimension, category, indicator, indicator_table, cell, assignment, form_cell,
    target, rule, round, app_user, role_grant, live_grant, chain_head, log, leaf, checkpoint, report, value, value_kind, contribution, total_lock,
    total, review_point, extension, activity_status, narrative, evidence, evidence_chunk, edition, edition_cell, organisation, event, lease TO inap_app;
GRANT INSERT ON entity, plan, reference_version, result, dimension, category, indicator, indicator_table, cell, assignment, form_cell,
    target, rule, round, chain_head, log, leaf, checkpoint, report, value, contribution, total_lock, total, review_point, extension,
    activity_status, narrative, evidence, evidence_chunk, edition, edition_cell, organisation, event, lease TO inap_app;
GRANT UPDATE ON entity, plan, result, dimension, category, indicator, indicator_table, cell, assignment, form_cell, rule, round, chain_head,
    report, value, total_lock, total, review_point, activity_status, narrative, event, organisation, lease TO inap_app;
GRANT UPDATE (withdrawn_at) ON contribution TO inap_app;
GRANT UPDATE (revoked_at) ON extension TO inap_app;
GRANT UPDATE (complete) ON evidence TO inap_app;
GRANT UPDATE (state, confirmed_by, confirmed_at, instrument, withdrawn_at, withdrawn_note) ON edition TO inap_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA inap TO inap_app;
REVOKE EXECUTE ON FUNCTION system_append(text, text, bigint, bytea, bytea, text), system_lock(), first_admin(bytea) FROM inap_app;
REVOKE EXECUTE ON FUNCTION value_rebuild(bigint, bigint) FROM inap_app;

-- inap_auth keeps users, secrets, grants and sessions; of the log it may only append to the system's own chain.
GRANT SELECT ON entity, app_user, credential, login_failure, role_grant, live_grant, session, session_change, device_certificate, system_log TO inap_auth;
GRANT INSERT ON app_user, credential, login_failure, role_grant, session, session_change, device_certificate TO inap_auth;
GRANT UPDATE ON app_user, credential, login_failure, role_grant, session, device_certificate TO inap_auth;
GRANT DELETE ON session TO inap_auth;
GRANT EXECUTE ON FUNCTION iso(timestamptz), today(), day_start(date), day_end(date), may_read(), may_write(), fold(text),
    holds_role(bigint, text[], bigint), login_delay(int), admin_over(bigint, bigint, text), roles_clash(text, text), user_fault(bigint, text, text),
    session_fault(bigint, text, text), role_fault(bigint, text, text, text, text, text, date, date), grant_json(role_grant, text), user_json(bigint),
    no_body(), system_lock(), system_append(text, text, bigint, bytea, bytea, text), first_admin(bytea) TO inap_auth;

COMMIT;
