-- Makes the database roles and the database, once per cluster, as its superuser: psql -f bootstrap.sql.
-- Passwords are not set here: the standalone uses peer authentication; elsewhere set them with \password.
\set ON_ERROR_STOP on
\if :{?database} \else \set database inap \endif

SELECT format('CREATE ROLE %I %s', role, attributes)
  FROM (VALUES ('inap_owner',   'NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS'),
               ('inap_migrate', 'LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS'),
               ('inap_app',     'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS'),
               ('inap_auth',    'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS')) AS wanted (role, attributes)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec

GRANT inap_owner TO inap_migrate;
ALTER ROLE inap_app SET search_path = inap, pg_temp;
ALTER ROLE inap_auth SET search_path = inap, pg_temp;
ALTER ROLE inap_app SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE inap_auth SET idle_in_transaction_session_timeout = '10s';
-- every statement is short: compiling one costs more than running it
ALTER ROLE inap_app SET jit = off;
ALTER ROLE inap_auth SET jit = off;
-- values and parameters stay out of the server's log
ALTER ROLE inap_app SET log_min_duration_statement = -1;
ALTER ROLE inap_auth SET log_min_duration_statement = -1;

SELECT format('CREATE DATABASE %I OWNER inap_owner ENCODING ''UTF8'' LOCALE ''C.UTF-8'' TEMPLATE template0', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'database')
\gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO inap_migrate, inap_app, inap_auth', :'database')
\gexec
\connect :"database"
REVOKE ALL ON SCHEMA public FROM PUBLIC;
