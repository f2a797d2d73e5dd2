import LedgerCore
import Postgres

extension Inquiry {
    /// Recomputes all that the tenant's journal adds up to and names each difference, the first hundred of them.
    func check(on connection: inout Connection) throws(PostgresError) -> Outcome {
        var check = Check(tenant: tenant, registry: registry)
        // It walks whole tables. Of a root that the statistics do not know yet the planner expects a single row, and
        // would read all of the others once for each that there are.
        try connection.execute("SET LOCAL enable_nestloop = off")
        defer { try? connection.execute("SET LOCAL enable_nestloop TO DEFAULT") }
        try check.walk(on: &connection)
        try check.compareHead(on: &connection)
        try check.compareMarks(on: &connection)
        try check.compareAwards(on: &connection)
        try check.compareBudgets(on: &connection)
        try check.compareCaps(on: &connection)
        try check.compareBases(on: &connection)
        return .answered([
            Field("ok", .flag(check.differences.isEmpty)), Field("entries", .number(check.entries)),
            Field("transfers", .number(check.transfers)), Field("differences", .texts(check.differences)),
        ])
    }
}

/// What a walk over a tenant's journal finds out.
struct Check {
    let tenant: Registry.Tenant
    let registry: Registry

    private(set) var entries: Int64 = 0
    private(set) var transfers: Int64 = 0
    private(set) var differences: [String] = []
    /// Debits less credits of each account, from the tenant's own entries. Wrapping, so that not even a journal that
    /// was tampered with ends the program.
    private(set) var balances: [AccountID: Int64] = [:]

    /// What each party holds of what each award has paid.
    private(set) var paid: [Int64: [Int64: Int64]] = [:]

    private var names = AccountNames()
    private var lastHash = HashChain.start
    private var lastSequence: Int64 = 0

    private static let mostDifferences = 100
    private static let portion: Int64 = 5_000

    init(tenant: Registry.Tenant, registry: Registry) {
        self.tenant = tenant
        self.registry = registry
    }

    mutating func differ(_ difference: String) {
        if differences.count < Check.mostDifferences { differences.append(difference) }
    }

    /// Notes where a row's figure is not what the journal adds up to.
    mutating func compare(_ figure: Amount, _ recomputed: Int64, _ what: @autoclosure () -> String) {
        if figure.fen != recomputed {
            differ("\(what()) is \(figure), and the journal adds up to \(Amount(fen: recomputed))")
        }
    }

    func balance(_ owner: Int64, _ slot: AccountSlot, year: Int) -> Int64 {
        balances[AccountID(owner, slot, year: year)] ?? 0
    }

    // MARK: The journal

    mutating func walk(on connection: inout Connection) throws(PostgresError) {
        while true {
            let rows = try connection.query(
                """
                SELECT \(StoredEntry.columns), a.cap FROM \(StoredEntry.page) e \(StoredEntry.joins)
                ORDER BY e.sequence
                """,
                [.int4(registry.root), .int4(tenant.number), .int8(lastSequence), .int8(Check.portion)])
            if rows.count == 0 { return }
            var portion: [(stored: StoredEntry, cap: Int64?)] = []
            for row in 0..<rows.count { portion.append((try StoredEntry(rows, row), try rows.optionalInt8(row, 21))) }
            let accounts = portion.lazy.flatMap(\.stored.entry.transfers).flatMap { [$0.debit, $0.credit] }
            try names.load(accounts, registry, from: &connection)
            for (stored, cap) in portion { check(stored, cap: cap) }
        }
    }

    private mutating func check(_ stored: StoredEntry, cap: Int64?) {
        let entry = stored.entry
        let name = entry.name.text
        if entry.sequence != lastSequence + 1 {
            differ("\(name) follows on sequence \(lastSequence): entries between them are missing")
        }
        var nameless: AccountID?
        let text = entry.canonicalText(tenant: tenant.id) { account in
            if let name = names.name(of: account) { return name }
            nameless = account
            return ""
        }
        if let nameless { differ("\(name) moves account \(nameless.raw), which belongs to nothing") }
        if HashChain.hash(after: lastHash, text) != stored.hash {
            differ("\(name) is not what was posted, or the entry before it is not: its hash is another")
        }
        lastHash = stored.hash
        lastSequence = entry.sequence
        entries += 1
        for transfer in entry.transfers { count(transfer, of: entry, cap: cap) }
        guard let award = entry.award, entry.party == nil else { return }
        for payment in entry.transfers.compactMap(\.payment) {
            paid[award, default: [:]][payment.party, default: 0] &+= payment.amount.fen
        }
    }

    private mutating func count(_ transfer: Transfer, of entry: Entry, cap: Int64?) {
        transfers += 1
        if transfer.amount <= .zero || transfer.debit == transfer.credit {
            differ("\(entry.name.text) has a transfer of \(transfer.amount) from an account to itself or below one fen")
        }
        balances[transfer.debit, default: 0] &+= transfer.amount.fen
        balances[transfer.credit, default: 0] &-= transfer.amount.fen
        for account in [transfer.debit, transfer.credit] {
            switch account.slot?.owner {
            case .award where account.owner != entry.award, .cap where account.owner != cap:
                differ("\(entry.name.text) moves \(names.name(of: account) ?? "an account") of another award")
            case .award, .cap, .fund, .party, nil: break
            }
        }
    }

    mutating func compareHead(on connection: inout Connection) throws(PostgresError) {
        let heads = try connection.query(
            "SELECT \(JournalHead.columns) FROM heads h WHERE h.root = $1 AND h.tenant = $2",
            [.int4(registry.root), .int4(tenant.number)])
        guard heads.count == 1 else { return differ("the journal has no head") }
        let head = try JournalHead(heads, 0)
        if head.lastSequence != lastSequence {
            differ("the journal's head is at sequence \(head.lastSequence), and its last entry at \(lastSequence)")
        } else if head.lastHash != lastHash {
            differ("the journal's head has another hash than its last entry")
        }
    }

    /// Marks and entries must tell of each other; keys and targets are unique.
    mutating func compareMarks(on connection: inout Connection) throws(PostgresError) {
        let rows = try connection.query(
            """
            WITH own AS (SELECT * FROM entries WHERE root = $1 AND tenant = $2),
            -- The last settlement of an entry that was not reversed itself, and its reversal or return.
            direct AS (
                SELECT e.target AS sequence, max(e.sequence) FILTER (WHERE e.kind IN (10, 11)) AS reversed_by,
                    max(e.sequence) FILTER (WHERE e.kind = 9 AND NOT EXISTS (
                        SELECT FROM own r WHERE r.kind = 10 AND r.target = e.sequence)) AS settled_by
                FROM own e WHERE e.target IS NOT NULL GROUP BY e.target
            ),
            -- A return undoes the settlement too.
            told AS (
                SELECT sequence, max(reversed_by) AS reversed_by, max(settled_by) AS settled_by
                FROM (
                    SELECT * FROM direct
                    UNION ALL
                    SELECT d.settled_by, r.sequence, NULL
                    FROM direct d JOIN own r ON r.kind = 11 AND r.target = d.sequence
                ) all_told GROUP BY sequence
            )
            SELECT coalesce(t.sequence, m.sequence)
            FROM told t FULL JOIN (SELECT * FROM marks WHERE root = $1 AND tenant = $2) m ON m.sequence = t.sequence
            WHERE (t.reversed_by, t.settled_by) IS DISTINCT FROM (m.reversed_by, m.settled_by)
            ORDER BY 1 LIMIT 100
            """, [.int4(registry.root), .int4(tenant.number)])
        for row in 0..<rows.count {
            let name = SequenceName(tenant: tenant.number, sequence: try rows.int8(row, 0))
            differ("\(name.text) is not marked as the entries that settle or reverse it say")
        }
        let keys = try connection.query(
            """
            SELECT key, count(*) FROM entries WHERE root = $1 AND tenant = $2
            GROUP BY key HAVING count(*) > 1 ORDER BY key LIMIT 100
            """, [.int4(registry.root), .int4(tenant.number)])
        for row in 0..<keys.count { differ("key \(try keys.text(row, 0)) was posted \(try keys.int8(row, 1)) times") }
    }
}
