-- Revert inap:edition_scope from pg.
\set edition_state `./former edition_state deploy/edition.sql`
\set edition_open `./former edition_open deploy/edition.sql`
\set edition_year `./former edition_year deploy/edition.sql`
\set edition_content `./former edition_content deploy/edition.sql`
\set protection_hides `./former protection_hides deploy/protection.sql`
BEGIN;
SET LOCAL search_path = inap;
CREATE OR REPLACE FUNCTION schema_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'succeed' $$;
DROP FUNCTION edition_open(edition, bigint, boolean), edition_maker(edition, bigint, boolean);
:edition_state
:edition_open
GRANT EXECUTE ON FUNCTION edition_open(edition, bigint) TO inap_app;
:edition_year
:edition_content
:protection_hides
ALTER TABLE edition DROP COLUMN sources;
COMMIT;
