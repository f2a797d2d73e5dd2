-- What a database server that someone else runs needs beforehand, where the daemon's own user may create neither roles
-- nor databases. Run once by a superuser, then start grantledgerd with --database
-- postgres://grantledger@HOST/grantledger:
--
--     psql -v ON_ERROR_STOP=1 -f roles.sql
--
-- `grantledger` logs in, owns the schema and migrates it. `grantledger_daemon` cannot log in: the daemon's connections
-- take it on for all their work, and it can neither change nor delete an entry.

CREATE ROLE grantledger_daemon NOLOGIN;
CREATE ROLE grantledger LOGIN;
GRANT grantledger_daemon TO grantledger;
CREATE DATABASE grantledger OWNER grantledger ENCODING 'UTF8' TEMPLATE template0;
