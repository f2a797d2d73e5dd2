-- 0002: who was paid before an award's payee changed.
--
-- Why: a later commitment may name another payee. What was paid before stays with whom it was paid to: so a recovery
-- knows from whom to claw back, and reports say who got what.
-- Locks: ACCESS EXCLUSIVE on awards for a moment; the columns have no default, so no row is rewritten.
-- Cost: none; awards with one payee, which are nearly all, keep NULL and do not grow.
-- Runs as the owner of the schema, in one transaction, with search_path = grantledger.

ALTER TABLE awards
    ADD COLUMN former_payees int8[],
    ADD COLUMN former_paid int8[],
    ADD CONSTRAINT former_payees_are_whole CHECK (
        (former_payees IS NULL) = (former_paid IS NULL) AND cardinality(former_payees) > 0
        AND cardinality(former_payees) = cardinality(former_paid));
COMMENT ON COLUMN awards.party IS 'the payee: who is paid from now on';
COMMENT ON COLUMN awards.former_payees IS 'who was the payee before, the latest last; NULL where it never changed';
COMMENT ON COLUMN awards.former_paid IS
    'fen that each of former_payees holds of what the award has paid; what remains of disbursed is the payee''s';
CREATE INDEX awards_with_former_payees ON awards (root, tenant, number) WHERE former_payees IS NOT NULL;

-- What a party holds of what an award has paid, and what was recovered from it, by the entries up to a day. A
-- settlement, which names its party, moves no more than what is owed. Slots 40 and 41 are payable and receivable.
CREATE FUNCTION payee_share(of_root int4, of_award int8, of_party int8, up_to date)
    RETURNS TABLE (disbursed int8, recovered int8)
LANGUAGE sql STABLE AS $$
    SELECT coalesce(-sum(side.fen), 0)::int8,
        coalesce(sum(side.fen) FILTER (WHERE side.account & 63 = 41), 0)::int8
    FROM entries e
        CROSS JOIN LATERAL generate_series(1, cardinality(e.transfers), 3) n
        CROSS JOIN LATERAL (VALUES
            (e.transfers[n], e.transfers[n + 2]), (e.transfers[n + 1], -e.transfers[n + 2])) side (account, fen)
    WHERE e.root = of_root AND e.award = of_award AND e.party IS NULL AND e.date <= up_to
        AND side.account >> 28 = of_party AND side.account & 63 IN (40, 41)
$$;

-- Each party that an award was ever to be paid to, with its share as it stands.
CREATE VIEW award_payees AS
    SELECT a.root, a.tenant, a.number AS award, a.subject, a.party, y.committed, y.disbursed, y.recovered
    FROM awards a
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(committed), 0) AS committed, coalesce(sum(disbursed), 0) AS disbursed,
                coalesce(sum(recovered), 0) AS recovered
            FROM unnest(a.committed, a.disbursed, a.recovered) AS u (committed, disbursed, recovered)) y
    WHERE a.former_payees IS NULL
    UNION ALL
    SELECT a.root, a.tenant, a.number, a.subject, p.party,
        CASE WHEN p.party = a.party THEN (SELECT coalesce(sum(c), 0) FROM unnest(a.committed) c) ELSE 0 END,
        share.disbursed, share.recovered
    FROM awards a
        CROSS JOIN LATERAL unnest(a.former_payees || a.party) AS p (party)
        CROSS JOIN LATERAL payee_share(a.root, a.number, p.party, 'infinity') share
    WHERE a.former_payees IS NOT NULL;
GRANT SELECT ON award_payees TO grantledger_daemon;
GRANT UPDATE (former_payees, former_paid) ON awards TO grantledger_daemon;
