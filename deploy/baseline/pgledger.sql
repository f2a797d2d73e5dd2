-- Accounts of pgledger, by number, for the scripts beside this.
CREATE TABLE bench_accounts (n int8 PRIMARY KEY, id text NOT NULL);
INSERT INTO bench_accounts
SELECT n, (pgledger_create_account('account ' || n, 'CNY')).id FROM generate_series(1, 10000) AS n;
VACUUM ANALYZE bench_accounts;

-- Calls of a hundred transfers each between random accounts, made ready here so that no call pays for the choice.
CREATE TABLE bench_calls (n int8 PRIMARY KEY, requests transfer_request[] NOT NULL);
INSERT INTO bench_calls
SELECT call, array_agg((debited.id, credited.id, 1)::transfer_request)
FROM (
    SELECT call, 1 + floor(random() * 5000)::int8 AS debit, 5001 + floor(random() * 5000)::int8 AS credit
    FROM generate_series(1, 1000) AS call, generate_series(1, 100)
) AS chosen
JOIN bench_accounts AS debited ON debited.n = debit
JOIN bench_accounts AS credited ON credited.n = credit
GROUP BY call;
VACUUM ANALYZE bench_calls;
