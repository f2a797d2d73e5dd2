import LedgerCore
import Postgres

/// An entry with what is stored beside it.
struct StoredEntry {
    var entry: Entry
    var mark: Mark
    var hash: [UInt8]
    var awardName: String?

    /// To be selected from `source`.
    static let columns = """
        e.tenant, e.sequence, e.kind, e.key, e.date, e.posted_at, e.amount, e.principal, e.content, e.award, \
        e.subject, e.party, e.target, e.transfers, e.committed, e.disbursed, e.remaining, a.award, m.reversed_by, \
        m.settled_by, e.hash
        """

    /// The award's name belongs to the standing that a reply shows.
    /// The next entries of a tenant, in place of the whole table: so that whatever the planner thinks of the joins, no
    /// more of the journal is read than is asked for.
    static let page = """
        (SELECT * FROM entries WHERE root = $1 AND tenant = $2 AND sequence > $3 ORDER BY sequence LIMIT $4)
        """

    static let joins = """
        LEFT JOIN awards a ON a.root = e.root AND a.number = e.award
        LEFT JOIN marks m ON m.root = e.root AND m.tenant = e.tenant AND m.sequence = e.sequence
        """

    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        guard let kind = EntryKind(rawValue: try rows.int2(row, 2)) else {
            throw PostgresError(kind: .decoding, message: "an entry is of the unknown kind \(try rows.int2(row, 2))")
        }
        awardName = try rows.optionalText(row, 17)
        var standing: Receipt.Standing?
        if let awardName, let committed = try rows.optionalInt8(row, 14),
            let disbursed = try rows.optionalInt8(row, 15)
        {
            standing = Receipt.Standing(
                award: awardName, committed: Amount(fen: committed), disbursed: Amount(fen: disbursed),
                remaining: try rows.optionalInt8(row, 16).map(Amount.init(fen:)))
        }
        entry = Entry(
            tenant: try rows.int4(row, 0), sequence: try rows.int8(row, 1), kind: kind, key: try rows.text(row, 3),
            date: Day(number: try rows.day(row, 4)), postedAt: Moment(microseconds: try rows.microseconds(row, 5)),
            amount: Amount(fen: try rows.int8(row, 6)), principal: try rows.text(row, 7),
            content: Content(text: try rows.text(row, 8)), award: try rows.optionalInt8(row, 9),
            subject: try rows.optionalInt8(row, 10), party: try rows.optionalInt8(row, 11),
            target: try rows.optionalInt8(row, 12), transfers: [Transfer](flat: try rows.int8s(row, 13)),
            standing: standing)
        mark = Mark(reversedBy: try rows.optionalInt8(row, 18), settledBy: try rows.optionalInt8(row, 19))
        hash = try rows.bytes(row, 20)
    }
}

extension [Transfer] {
    /// From debit, credit, amount, debit, credit, amount, …
    init(flat numbers: [Int64]) {
        self = stride(from: 0, to: numbers.count - numbers.count % 3, by: 3).map {
            Transfer(
                debit: AccountID(raw: numbers[$0]), credit: AccountID(raw: numbers[$0 + 1]),
                amount: Amount(fen: numbers[$0 + 2]))
        }
    }
}
