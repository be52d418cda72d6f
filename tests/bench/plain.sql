-- The anchor's plain tables: a submission, its values, its audit entry, and nothing that checks them.
CREATE SCHEMA bench;
CREATE TABLE bench.submission (submission_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, entity_id bigint NOT NULL,
    round_id bigint NOT NULL, key bytea NOT NULL UNIQUE, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE bench.submission_value (submission_id bigint, cell_id bigint, number numeric NOT NULL, PRIMARY KEY (submission_id, cell_id));
CREATE TABLE bench.audit (audit_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, submission_id bigint NOT NULL, action text NOT NULL,
    at timestamptz NOT NULL DEFAULT now());
GRANT USAGE ON SCHEMA bench TO inap_app;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA bench TO inap_app;
