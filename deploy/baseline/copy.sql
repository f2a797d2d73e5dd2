-- The daemon's own entries, copied as they are into a table with the same indexes and nothing else: as fast as
-- PostgreSQL takes rows of these bytes.
CREATE TABLE IF NOT EXISTS copied (LIKE grantledger.entries INCLUDING INDEXES);
TRUNCATE copied;
