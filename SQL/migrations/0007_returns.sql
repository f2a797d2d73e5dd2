-- 0007: RETURN, the eleventh kind of entry.
--
-- Why: a bank sends money back. One entry undoes the disbursement and its settlement, so that the award's years hold
-- the money again and nothing is deleted.
-- payee_share counts what is owed between an expense and a party, and no longer what the bank moved: an entry of the
-- award has both now.
-- Locks: ACCESS EXCLUSIVE on entries while its rows are read once, to validate the checks. Cost: some seconds for each
-- ten million entries; no row is written.
ALTER TABLE entries
    DROP CONSTRAINT entries_kind_check,
    DROP CONSTRAINT only_settle_and_reverse_have_a_target,
    ADD CONSTRAINT entries_kind_check CHECK (kind BETWEEN 1 AND 11),
    ADD CONSTRAINT only_later_kinds_have_a_target CHECK ((kind IN (9, 10, 11)) = (target IS NOT NULL)),
    ADD CONSTRAINT only_an_award_is_returned CHECK (kind <> 11 OR award IS NOT NULL AND party IS NULL);
INSERT INTO entry_kinds VALUES (11, 'RETURN');

CREATE OR REPLACE FUNCTION payee_share(of_root int4, of_award int8, of_party int8, up_to date)
    RETURNS TABLE (disbursed int8, recovered int8)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce(-sum(side.fen), 0)::int8,
        coalesce(sum(side.fen) FILTER (WHERE side.account & 63 = 41), 0)::int8
    FROM entries e
        CROSS JOIN LATERAL generate_series(1, cardinality(e.transfers), 3) n
        CROSS JOIN LATERAL (VALUES
            (e.transfers[n], e.transfers[n + 1], e.transfers[n + 2]),
            (e.transfers[n + 1], e.transfers[n], -e.transfers[n + 2])) side (account, other, fen)
    WHERE e.root = of_root AND e.award = of_award AND e.party IS NULL AND e.date <= up_to
        AND side.account >> 28 = of_party AND side.account & 63 IN (40, 41) AND side.other & 63 = 30;
END;
