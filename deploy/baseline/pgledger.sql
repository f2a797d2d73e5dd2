-- Accounts of pgledger, by number, for the scripts beside this.
CREATE TABLE bench_accounts (n int8 PRIMARY KEY, id text NOT NULL);
INSERT INTO bench_accounts
SELECT n, (pgledger_create_account('account ' || n, 'CNY')).id FROM generate_series(1, 10000) AS n;
VACUUM ANALYZE bench_accounts;
