-- 0005: reporting, whatever the search_path.
--
-- Why: the view award_payees calls payee_share, whose body found its tables by the reader's search_path. As a body that
-- is parsed now it means the same tables for everybody.
-- Locks: none that anybody waits for. Cost: no row is read or written.
CREATE OR REPLACE FUNCTION payee_share(of_root int4, of_award int8, of_party int8, up_to date)
    RETURNS TABLE (disbursed int8, recovered int8)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce(-sum(side.fen), 0)::int8,
        coalesce(sum(side.fen) FILTER (WHERE side.account & 63 = 41), 0)::int8
    FROM entries e
        CROSS JOIN LATERAL generate_series(1, cardinality(e.transfers), 3) n
        CROSS JOIN LATERAL (VALUES
            (e.transfers[n], e.transfers[n + 2]), (e.transfers[n + 1], -e.transfers[n + 2])) side (account, fen)
    WHERE e.root = of_root AND e.award = of_award AND e.party IS NULL AND e.date <= up_to
        AND side.account >> 28 = of_party AND side.account & 63 IN (40, 41);
END;
