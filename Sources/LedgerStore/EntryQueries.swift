import LedgerCore
import Postgres

// ENTRY, JOURNAL and HISTORY: entries of the tenant that asks, and of no other.

extension Inquiry {
    func entry(_ text: String, on connection: inout Connection) throws(PostgresError) -> Outcome {
        guard let name = SequenceName(text), name.tenant == tenant.number else { return noEntry(text) }
        let found = try entries(
            "WHERE e.root = $1 AND e.tenant = $2 AND e.sequence = $3", [.int8(name.sequence)], on: &connection)
        return found.first.map(Outcome.answered) ?? noEntry(text)
    }

    private func noEntry(_ text: String) -> Outcome {
        refuse("entry", text, "\(tenant.id)'s journal has no such entry; JOURNAL lists them")
    }

    func entryByKey(_ key: String, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let found = try entries("WHERE e.root = $1 AND e.tenant = $2 AND e.key = $3", [.text(key)], on: &connection)
        return found.first.map(Outcome.answered)
            ?? refuse("key", key, "nothing was posted with it; the same line may be sent again")
    }

    func journal(_ page: Page, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let found = try entries("ORDER BY e.sequence", page.parameters, from: StoredEntry.page, on: &connection)
        return paged(found, page)
    }

    func history(_ of: HistoryOf, _ page: Page, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let number: Int64
        let touching: String
        var ofParty = false
        switch of {
        case .award(let award):
            let found = try query(
                "SELECT number FROM awards WHERE root = $1 AND tenant = $2 AND award = $3", [.text(award)],
                on: &connection)
            guard found.count == 1 else { return noAward(award) }
            number = try found.int8(0, 0)
            touching = "SELECT sequence FROM entries WHERE root = $1 AND tenant = $2 AND award = $5 AND sequence > $3"
        case .subject(let scheme, let subject):
            guard let found = try self.subject(subject, of: scheme, on: &connection) else {
                return refuse("subject", subject, "open it under scheme \(scheme) with SUBJECT.OPEN first")
            }
            number = found
            touching = """
                SELECT e.sequence FROM awards w JOIN entries e ON e.root = w.root AND e.award = w.number
                WHERE w.root = $1 AND w.tenant = $2 AND w.subject = $5 AND e.sequence > $3
                UNION SELECT sequence FROM bases WHERE root = $1 AND tenant = $2 AND subject = $5 AND sequence > $3
                """
        case .party(let party):
            guard let found = try self.party(party, on: &connection) else { return noParty(party) }
            number = found.number
            ofParty = true
            // Of an award that had other payees too, entries that moved the money of those alone are none of its own.
            touching = """
                SELECT e.sequence FROM awards w JOIN entries e ON e.root = w.root AND e.award = w.number
                WHERE w.root = $1 AND w.tenant = $2 AND w.party = $5 AND w.former_payees IS NULL
                    AND e.party IS NULL AND e.sequence > $3
                UNION SELECT e.sequence FROM awards w JOIN entries e ON e.root = w.root AND e.award = w.number
                WHERE w.root = $1 AND w.tenant = $2 AND w.former_payees IS NOT NULL
                    AND (w.party = $5 OR $5 = ANY (w.former_payees)) AND e.sequence > $3
                    AND (e.transfers && ARRAY[$5 << 28 | 40, $5 << 28 | 41]
                        OR NOT EXISTS (SELECT FROM unnest(e.transfers) WITH ORDINALITY AS account (raw, place)
                            WHERE place % 3 <> 0 AND raw & 63 IN (40, 41)))
                UNION SELECT sequence FROM entries WHERE root = $1 AND tenant = $2 AND party = $5 AND sequence > $3
                """
        }
        let found = try entries(
            """
            JOIN (
                SELECT t.sequence FROM (\(touching)) t
                WHERE $6::text[] IS NULL OR EXISTS (
                    SELECT FROM entries o JOIN awards w ON w.root = o.root AND w.number = o.award
                        JOIN subjects s ON s.root = w.root AND s.number = w.subject
                    WHERE o.root = $1 AND o.tenant = $2 AND o.sequence = t.sequence AND s.scheme = ANY ($6))
                ORDER BY t.sequence LIMIT $4
            ) touching ON touching.sequence = e.sequence
            WHERE e.root = $1 AND e.tenant = $2 ORDER BY e.sequence
            """, page.parameters + [.int8(number), ofParty ? visible : .null], on: &connection)
        return paged(found, page)
    }

    /// The number of a subject of a scheme that the tenant sees.
    private func subject(
        _ subject: String, of scheme: String, on connection: inout Connection
    ) throws(PostgresError) -> Int64? {
        guard let name = registry.scheme(scheme, seenFrom: tenant.number) else { return nil }
        let found = try connection.query(
            "SELECT number FROM subjects WHERE root = $1 AND owner = $2 AND scheme = $3 AND subject = $4",
            [.int4(registry.root), .int4(name.owner), .text(scheme), .text(subject)])
        return found.count == 1 ? try found.int8(0, 0) : nil
    }

    /// The fields of entries `e`, with `condition` behind the joins.
    private func entries(
        _ condition: String, _ parameters: [Parameter], from source: String = "entries",
        on connection: inout Connection
    ) throws(PostgresError) -> [[Field]] {
        let rows = try query(
            """
            SELECT \(StoredEntry.columns), p.party
            FROM \(source) e \(StoredEntry.joins) \(Inquiry.payee) \(condition)
            """, parameters, on: &connection)
        var entries: [(stored: StoredEntry, party: String?)] = []
        for row in 0..<rows.count { entries.append((try StoredEntry(rows, row), try rows.optionalText(row, 21))) }
        var names = AccountNames()
        let transfers = entries.lazy.flatMap(\.stored.entry.transfers)
        try names.load(transfers.flatMap { [$0.debit, $0.credit] }, registry, from: &connection)
        return entries.map { $0.stored.fields(party: $0.party, &names) }
    }

    /// Who is paid: a settlement's own party, and elsewhere the award's where that never changed.
    private static let payee = """
        LEFT JOIN parties p ON p.root = e.root
            AND p.number = coalesce(e.party, CASE WHEN a.former_payees IS NULL THEN a.party END)
        """

    private func paged(_ entries: [[Field]], _ page: Page) -> Outcome {
        var last = page.after
        if case .number(let sequence)? = entries.last?.first(where: { $0.name == "seq" })?.value { last = sequence }
        return .answered([Field("entries", .list(entries.map(JSONValue.object))), Field("last", .number(last))])
    }
}

extension Page {
    /// `$3` and `$4`.
    fileprivate var parameters: [Parameter] { [.int8(after), .int8(Int64(limit))] }
}

extension StoredEntry {
    /// Who was paid or owed when the entry was posted, where it moved money: the award's payee may be another one
    /// since.
    private func partyOfTransfers(_ names: inout AccountNames) -> String? {
        let accounts = entry.transfers.lazy.flatMap { [$0.debit, $0.credit] }
        return accounts.first { $0.slot?.owner == .party }
            .flatMap { names.name(of: $0) }?.split(separator: "|").last.map(String.init)
    }

    func fields(party: String?, _ names: inout AccountNames) -> [Field] {
        var fields = [
            Field("entry", .text(entry.name.text)), Field("seq", .number(entry.sequence)),
            Field("kind", .text(entry.kind.verb)), Field("key", .text(entry.key)), Field("date", .day(entry.date)),
            Field("posted-at", .text(entry.postedAt.text)), Field("amount", .amount(entry.amount)),
            Field("principal", .text(entry.principal)),
        ]
        if let awardName { fields.append(Field("award", .text(awardName))) }
        if let party = partyOfTransfers(&names) ?? party ?? entry.content["party"] {
            fields.append(Field("party", .text(party)))
        }
        if let target = entry.target {
            fields.append(Field(entry.kind.relation, .text(name(target))))
        }
        if let reversedBy = mark.reversedBy { fields.append(Field("reversed-by", .text(name(reversedBy)))) }
        if let settledBy = mark.settledBy { fields.append(Field("settled-by", .text(name(settledBy)))) }
        fields.append(Field("content", .object(entry.content.arguments.map { Field($0.name, .text($0.value)) })))
        var transfers: [JSONValue] = []
        for transfer in entry.transfers {
            transfers.append(
                .object([
                    Field("debit", .optional(names.name(of: transfer.debit))),
                    Field("credit", .optional(names.name(of: transfer.credit))),
                    Field("amount", .amount(transfer.amount)),
                ]))
        }
        fields.append(Field("transfers", .list(transfers)))
        if let after = entry.standing {
            fields.append(
                Field(
                    "after",
                    .object([
                        Field("committed", .amount(after.committed)), Field("disbursed", .amount(after.disbursed)),
                        Field("remaining", .optional(after.remaining)),
                    ])))
        }
        fields.append(Field("hash", .text(hash.hexadecimal)))
        return fields
    }

    private func name(_ sequence: Int64) -> String { SequenceName(tenant: entry.tenant, sequence: sequence).text }
}

extension Sequence<UInt8> {
    var hexadecimal: String { map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined() }
}
