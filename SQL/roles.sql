-- What a database server that someone else runs needs beforehand, where the daemon's own user may create neither roles
-- nor databases. Run once by a superuser, then start grantledgerd with --database
-- postgres://grantledger@HOST/grantledger:
--
--     psql -v ON_ERROR_STOP=1 -f roles.sql
--
-- `grantledger` logs in, owns the schema and migrates it. `grantledger_daemon` cannot log in: the daemon's connections
-- take it on for all their work, and it can neither change nor delete an entry. `grantledger_reader` is the group of
-- the logins of reporting tools; being its administrator, `grantledger` lets each of them read its tenants:
--
--     CREATE ROLE analyst LOGIN;                                     -- as a superuser
--     SELECT grantledger.grant_reporting('analyst', 'lingang');      -- as grantledger
--
-- Such logins need nothing else: no other role, and none of SUPERUSER, BYPASSRLS, CREATEROLE and REPLICATION. Give them
-- a statement_timeout: what reads for hours keeps the server from clearing away old rows.

CREATE ROLE grantledger_daemon NOLOGIN;
CREATE ROLE grantledger_reader NOLOGIN;
CREATE ROLE grantledger LOGIN;
GRANT grantledger_daemon TO grantledger;
GRANT grantledger_reader TO grantledger WITH ADMIN OPTION;
CREATE DATABASE grantledger OWNER grantledger ENCODING 'UTF8' TEMPLATE template0;
