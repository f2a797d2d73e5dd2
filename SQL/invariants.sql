-- What must hold in the books at every moment: each query names what it finds and returns no row where all is well.
--
--     psql -v ON_ERROR_STOP=1 -f invariants.sql DATABASE
--
-- The hash chain is not recomputed here (CHECK walks it); its ends are compared. Account numbers are explained at
-- account_slots.

SET search_path = grantledger, pg_temp;

-- Debits less credits of every account, from the journal alone.
CREATE TEMPORARY VIEW balances AS
    SELECT e.root, e.tenant, side.account, side.account >> 28 AS owner, (side.account & 63)::int4 AS slot,
        (side.account >> 6 & 4194303)::int4 AS below, sum(side.fen) AS fen
    FROM grantledger.entries e
        CROSS JOIN LATERAL generate_series(1, cardinality(e.transfers), 3) n
        CROSS JOIN LATERAL (VALUES
            (e.transfers[n], e.transfers[n + 2]), (e.transfers[n + 1], -e.transfers[n + 2])) side (account, fen)
    GROUP BY 1, 2, 3;

-- The years of awards, one row each.
CREATE TEMPORARY VIEW award_years AS
    SELECT a.root, a.tenant, a.number, y.year, y.committed, y.disbursed, y.released, y.recovered
    FROM grantledger.awards a
        CROSS JOIN LATERAL unnest(a.years, a.committed, a.disbursed, a.released, a.recovered)
            AS y (year, committed, disbursed, released, recovered);

-- 1. A tenant's debits equal its credits.
SELECT 'debits equal credits' AS invariant, root, tenant, sum(fen) AS difference
FROM balances GROUP BY root, tenant HAVING sum(fen) <> 0;

-- 2. Journals begin with 1 and have no gap, and end where their head says.
SELECT 'sequences without gaps' AS invariant, h.root, h.tenant, h.last_sequence, e.first, e.last, e.count
FROM heads h
    LEFT JOIN (
        SELECT root, tenant, min(sequence) AS first, max(sequence) AS last, count(*) AS count
        FROM entries GROUP BY root, tenant) e USING (root, tenant)
WHERE (coalesce(e.first, 1), coalesce(e.last, 0), coalesce(e.count, 0))
    IS DISTINCT FROM (1, h.last_sequence, h.last_sequence);

SELECT 'head has the last hash' AS invariant, h.root, h.tenant
FROM heads h LEFT JOIN entries e ON (e.root, e.tenant, e.sequence) = (h.root, h.tenant, h.last_sequence)
WHERE h.last_hash <> coalesce(e.hash, decode(repeat('00', 32), 'hex'));

SELECT 'every journal has a head' AS invariant, e.root, e.tenant
FROM (SELECT DISTINCT root, tenant FROM entries) e LEFT JOIN heads h USING (root, tenant) WHERE h.tenant IS NULL;

SELECT 'hashes differ' AS invariant, root, tenant, hash FROM entries GROUP BY root, tenant, hash HAVING count(*) > 1;

-- 3. A key was posted once.
SELECT 'keys are unique' AS invariant, root, tenant, key FROM entries GROUP BY root, tenant, key HAVING count(*) > 1;

-- 4. Budgets are what the journal adds up to, and none is overdrawn.
SELECT 'budgets' AS invariant, root, owner AS fund, below AS year, slot, b.fen, found.fen AS row_fen
FROM (SELECT root, owner, below, slot, sum(fen) AS fen FROM balances WHERE slot IN (1, 2, 3, 4) GROUP BY 1, 2, 3, 4) b
    FULL JOIN (
        SELECT root, fund AS owner, year AS below, figure.slot, figure.fen
        FROM budgets CROSS JOIN LATERAL (VALUES
            (1, -appropriated), (2, appropriated - committed - disbursed), (3, committed), (4, disbursed)
        ) figure (slot, fen)
    ) found USING (root, owner, below, slot)
WHERE coalesce(b.fen, 0) <> coalesce(found.fen, 0) OR coalesce(found.fen, 0) < 0 AND slot <> 1;

-- 5. Awards are what the journal adds up to.
SELECT 'awards' AS invariant, root, owner AS award, below AS year, slot, b.fen, found.fen AS row_fen
FROM (
        SELECT root, owner, below, slot, sum(fen) AS fen FROM balances WHERE slot IN (11, 12, 13, 14)
        GROUP BY 1, 2, 3, 4) b
    FULL JOIN (
        SELECT root, number AS owner, year AS below, figure.slot, figure.fen
        FROM award_years CROSS JOIN LATERAL (VALUES
            (11, committed), (12, disbursed), (13, released), (14, recovered)) figure (slot, fen)
    ) found USING (root, owner, below, slot)
WHERE coalesce(b.fen, 0) <> coalesce(found.fen, 0);

SELECT 'dated commitments of awards' AS invariant, root, owner AS award, ordinal, b.fen, found.fen AS row_fen
FROM (
        SELECT root, owner, below AS ordinal, -sum(fen) AS fen FROM balances WHERE slot = 15
        GROUP BY 1, 2, 3) b
    FULL JOIN (
        SELECT a.root, a.number AS owner, d.ordinal, d.fen
        FROM awards a CROSS JOIN LATERAL unnest(a.dated_amounts) WITH ORDINALITY AS d (fen, ordinal)
    ) found USING (root, owner, ordinal)
WHERE b.fen IS DISTINCT FROM found.fen;

SELECT 'latest entries of awards' AS invariant, a.root, a.number, a.latest
FROM awards a
WHERE a.latest IS DISTINCT FROM (
    SELECT e.date FROM entries e
    WHERE e.root = a.root AND e.award = a.number AND e.party IS NULL ORDER BY e.sequence DESC LIMIT 1);

SELECT 'former payees of awards' AS invariant, a.root, a.number, f.party, f.paid, share.disbursed
FROM awards a CROSS JOIN LATERAL unnest(a.former_payees, a.former_paid) AS f (party, paid)
    CROSS JOIN LATERAL payee_share(a.root, a.number, f.party, 'infinity') share
WHERE f.paid IS DISTINCT FROM share.disbursed OR f.party = a.party;

-- 6. Caps are what the journal adds up to, and what their awards come to.
SELECT 'caps' AS invariant, root, owner AS cap, slot, b.fen, found.fen AS row_fen
FROM (SELECT root, owner, slot, sum(fen) AS fen FROM balances WHERE slot IN (20, 21, 22, 23) GROUP BY 1, 2, 3) b
    FULL JOIN (
        SELECT root, number AS owner, figure.slot, figure.fen
        FROM caps CROSS JOIN LATERAL (VALUES
            (20, -committed - disbursed - forfeited), (21, committed), (22, disbursed), (23, forfeited)
        ) figure (slot, fen)
    ) found USING (root, owner, slot)
WHERE coalesce(b.fen, 0) <> coalesce(found.fen, 0);

SELECT 'days of caps' AS invariant, root, owner AS cap, day, b.fen, found.fen AS row_fen
FROM (
        SELECT root, owner, date '1900-01-01' + below AS day, sum(fen) AS fen FROM balances WHERE slot = 24
        GROUP BY 1, 2, 3 HAVING sum(fen) <> 0) b
    FULL JOIN (
        SELECT c.root, c.number AS owner, d.day, d.fen
        FROM caps c CROSS JOIN LATERAL unnest(c.dated_days, c.dated_amounts) AS d (day, fen)
    ) found USING (root, owner, day)
WHERE b.fen IS DISTINCT FROM found.fen;

SELECT 'caps and their awards' AS invariant, c.root, c.number
FROM caps c
    LEFT JOIN (
        SELECT a.root, a.cap, sum(y.committed) AS committed, sum(y.disbursed) AS disbursed
        FROM awards a JOIN award_years y USING (root, number) GROUP BY 1, 2
    ) a ON (a.root, a.cap) = (c.root, c.number)
WHERE (coalesce(a.committed, 0), coalesce(a.disbursed, 0)) <> (c.committed, c.disbursed);

-- 7. Entries point to what exists and belongs together.
SELECT 'awards of entries' AS invariant, e.root, e.tenant, e.sequence
FROM entries e LEFT JOIN awards a ON a.root = e.root AND a.number = e.award
WHERE e.award IS NOT NULL AND (a.tenant = e.tenant) IS NOT TRUE;

SELECT 'accounts of entries' AS invariant, t.root, t.tenant, t.sequence, t.debit_account, t.credit_account
FROM transfers t WHERE t.debit IS NULL OR t.credit IS NULL;

SELECT 'targets of entries' AS invariant, e.root, e.tenant, e.sequence
FROM entries e LEFT JOIN entries t ON (t.root, t.tenant, t.sequence) = (e.root, e.tenant, e.target)
WHERE e.target IS NOT NULL AND (
    t.sequence IS NULL OR t.date > e.date OR t.amount <> e.amount OR t.kind IN (1, 10, 11)
    OR e.kind = 11 AND t.kind <> 6 OR e.kind = 9 AND t.kind NOT IN (6, 8));

SELECT 'reversed once' AS invariant, root, tenant, target
FROM entries WHERE kind IN (10, 11) GROUP BY 2, 3, 4 HAVING count(*) > 1;

-- 8. Marks say what entries say.
SELECT 'marks' AS invariant, root, tenant, sequence, told.reversed_by, told.settled_by
FROM (
        SELECT root, tenant, sequence, max(reversed_by) AS reversed_by, max(settled_by) AS settled_by
        FROM (
            SELECT e.root, e.tenant, e.target AS sequence,
                CASE WHEN e.kind IN (10, 11) THEN e.sequence END AS reversed_by,
                CASE WHEN e.kind = 9 AND r.sequence IS NULL THEN e.sequence END AS settled_by
            FROM entries e
                LEFT JOIN entries r ON (r.root, r.tenant, r.target, r.kind) = (e.root, e.tenant, e.sequence, 10)
            WHERE e.target IS NOT NULL
            -- A return undoes the settlement too.
            UNION ALL
            SELECT e.root, e.tenant, s.sequence, e.sequence, NULL
            FROM entries e
                JOIN entries s ON (s.root, s.tenant, s.target, s.kind) = (e.root, e.tenant, e.target, 9)
                LEFT JOIN entries r ON (r.root, r.tenant, r.target, r.kind) = (s.root, s.tenant, s.sequence, 10)
            WHERE e.kind = 11 AND r.sequence IS NULL
        ) each GROUP BY 1, 2, 3
    ) told FULL JOIN marks m USING (root, tenant, sequence)
WHERE (told.reversed_by, told.settled_by) IS DISTINCT FROM (m.reversed_by, m.settled_by);

-- 9. Bases are entries, and the one that was set last is in force.
SELECT 'bases' AS invariant, e.root, e.tenant, e.sequence, b.sequence AS basis
FROM (SELECT * FROM entries WHERE kind = 1) e FULL JOIN bases b USING (root, tenant, sequence)
WHERE (e.subject, e.amount, e.date) IS DISTINCT FROM (b.subject, b.amount, b.date);

SELECT 'bases in force' AS invariant, root, subject, period, b.amount, s.amount AS row_amount
FROM (SELECT DISTINCT ON (root, subject, period) * FROM bases ORDER BY root, subject, period, number DESC) b
    FULL JOIN (
        SELECT s.root, s.number AS subject, f.period, f.amount
        FROM subjects s CROSS JOIN LATERAL unnest(s.basis_periods, s.basis_amounts) AS f (period, amount)
    ) s USING (root, subject, period)
WHERE b.amount IS DISTINCT FROM s.amount;

-- 10. One counter of a root numbers funds, awards, caps, subjects and parties, and it is ahead of all of them.
SELECT 'numbers are unique' AS invariant, root, number, count(*), max(next_number)
FROM (
        SELECT root, number FROM funds UNION ALL SELECT root, number FROM awards UNION ALL SELECT root, number FROM caps
        UNION ALL SELECT root, number FROM subjects UNION ALL SELECT root, number FROM parties
    ) numbered JOIN roots USING (root)
GROUP BY 2, 3 HAVING count(*) > 1 OR number >= max(next_number);

SELECT 'numbers of tenants' AS invariant, t.number FROM tenants t, installation i WHERE t.number >= i.next_tenant;

-- 11. What balances point to exists.
SELECT 'what awards point to' AS invariant, a.root, a.number
FROM awards a
    LEFT JOIN caps c ON (c.root, c.number, c.subject) = (a.root, a.cap, a.subject) AND c.payer IN (0, a.tenant)
    LEFT JOIN funds f ON (f.root, f.number, f.tenant) = (a.root, a.fund, a.tenant)
    LEFT JOIN parties p ON (p.root, p.number) = (a.root, a.party)
WHERE c.number IS NULL OR f.number IS NULL OR p.number IS NULL;

SELECT 'what subjects point to' AS invariant, s.root, s.number
FROM subjects s LEFT JOIN parties p ON (p.root, p.number) = (s.root, s.party) WHERE p.number IS NULL;

SELECT 'what caps point to' AS invariant, c.root, c.number
FROM caps c LEFT JOIN subjects s ON (s.root, s.number) = (c.root, c.subject) WHERE s.number IS NULL;

SELECT 'what budgets point to' AS invariant, b.root, b.fund
FROM budgets b LEFT JOIN funds f ON (f.root, f.number) = (b.root, b.fund) WHERE f.number IS NULL;
