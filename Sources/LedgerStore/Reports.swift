import LedgerCore
import Postgres

// EXCESS, OUTSTANDING and SUMMARY.

extension Inquiry {
    /// Subjects whose use stands above their limit. What is only committed can be released; the rest has to be
    /// recovered.
    func excess(_ scheme: String?, on connection: inout Connection) throws(PostgresError) -> Outcome {
        if let scheme, registry.scheme(scheme, seenFrom: tenant.number) == nil {
            return refuse("scheme", scheme, "neither \(tenant.id) nor a tenant above it has one of that name")
        }
        let schemes = registry.schemes.keys.filter { name in
            (scheme ?? name.scheme) == name.scheme && registry.scheme(name.scheme, seenFrom: tenant.number) == name
                && mayAsk(about: name) && sees(name)
        }
        let rows = try query(
            """
            SELECT s.owner, s.scheme, s.subject, c.period FROM unnest($3::int4[], $4::text[]) AS n (owner, scheme)
            JOIN subjects s ON s.root = $1 AND s.owner = n.owner AND s.scheme = n.scheme
            JOIN caps c ON c.root = s.root AND c.subject = s.number AND c.payer IN (0, $2)
            WHERE c.committed + c.disbursed + c.forfeited > 0 ORDER BY s.scheme, s.subject, c.period
            """, [.int4s(schemes.map(\.owner)), .texts(schemes.map(\.scheme))], on: &connection)
        var questions: [Query] = []
        for row in 0..<rows.count {
            let name = SubjectName(
                scheme: SchemeName(owner: try rows.int4(row, 0), scheme: try rows.text(row, 1)),
                subject: try rows.text(row, 2))
            let period = Int(try rows.int4(row, 3))
            questions.append(remaining(name, period: period == 0 ? nil : period))
        }
        var excesses: [JSONValue] = []
        let portion = 1_000
        for start in stride(from: 0, to: questions.count, by: portion) {
            let part = Array(questions[start..<min(start + portion, questions.count)])
            let books = try load(part, on: &connection)
            excesses += part.compactMap { books.answer($0, today: today).excess }
        }
        return .answered([Field("subjects", .list(excesses))])
    }

    /// Own commitments that are not paid, the oldest first. An award is as old as the earliest of its latest
    /// commitments that together cover what is outstanding: payments are taken to have gone to the ones before.
    func outstanding(asOf on: Day?, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let day = on ?? today
        let standings = try awardStandings(
            asOf: on, where: "a.tenant = $4", [.int4(tenant.number)], on: &connection
        ).filter { $0.committed > .zero }
        let commitments = try query(
            """
            SELECT e.award, e.date, e.amount FROM entries e
            LEFT JOIN marks m ON m.root = e.root AND m.tenant = e.tenant AND m.sequence = e.sequence
            LEFT JOIN entries r ON r.root = m.root AND r.tenant = m.tenant AND r.sequence = m.reversed_by
                AND r.date <= $3
            WHERE e.root = $1 AND e.tenant = $2 AND e.award = ANY ($4) AND e.kind = 4 AND e.date <= $3
                AND r.sequence IS NULL
            ORDER BY e.award, e.sequence DESC
            """, [dateLimit(on), .int8s(standings.map(\.number))], on: &connection)
        var byAward: [Int64: [Dated]] = [:]
        for row in 0..<commitments.count {
            byAward[try commitments.int8(row, 0), default: []].append(
                Dated(
                    day: Day(number: try commitments.day(row, 1)), amount: Amount(fen: try commitments.int8(row, 2))))
        }
        var lots: [(days: Int32, committed: Amount)] = []
        let lines = standings.map { award -> (days: Int32, fields: [Field], committed: Amount) in
            let open = (byAward[award.number] ?? []).covering(award.committed)
            lots += open.map { (max(0, day.number - $0.day.number), $0.amount) }
            let since = open.last?.day ?? day
            let days = max(0, day.number - since.number)
            let fields = [
                Field("award", .text(award.award)), Field("scheme", .text(award.scheme.scheme)),
                Field("subject", .text(award.subject)), Field("party", .text(award.party)),
                Field("committed", .amount(award.committed)), Field("since", .day(since)),
                Field("days", .number(Int64(days))),
            ]
            return (days, fields, award.committed)
        }.sorted { $0.days > $1.days }
        return .answered([
            Field("on", .day(day)), Field("committed", lines.lazy.map(\.committed).total.shown),
            Field("ages", .list(Inquiry.ages(lots))),
            Field("awards", .list(lines.map { .object($0.fields) })),
        ])
    }

    /// What is outstanding for at most so many days, and for longer.
    private static func ages(_ lines: [(days: Int32, committed: Amount)]) -> [JSONValue] {
        let bounds: [(name: String, days: ClosedRange<Int32>)] = [
            ("0-30", 0...30), ("31-90", 31...90), ("91-180", 91...180), ("181-365", 181...365),
            ("over 365", 366...Int32.max),
        ]
        return bounds.map { bound in
            let committed = lines.lazy.filter { bound.days.contains($0.days) }.map(\.committed).total
            return .object([Field("days", .text(bound.name)), Field("committed", committed.shown)])
        }
    }
}

extension [Dated] {
    /// The first of these, latest first, that add up to `amount`; of the last one only what is still needed.
    fileprivate func covering(_ amount: Amount) -> [Dated] {
        var left = amount
        var covering: [Dated] = []
        for commitment in self where left > .zero {
            covering.append(Dated(day: commitment.day, amount: Swift.min(left, commitment.amount)))
            left -= commitment.amount
        }
        return covering
    }
}

extension Outcome {
    /// The line of a subject that is in excess; nil for any other.
    fileprivate var excess: JSONValue? {
        guard case .amount(let excess)? = value("excess"), excess > .zero,
            case .amount(let committed)? = value("committed")
        else { return nil }
        let release = min(excess, committed)
        let names = ["scheme", "subject", "period", "limit", "committed", "disbursed", "forfeited", "excess"]
        let fields = names.compactMap { name in value(name).map { Field(name, $0) } }
        return .object(
            fields + [Field("release", .amount(release)), Field("recover", .amount(excess - release))])
    }

    private func value(_ name: String) -> JSONValue? { fields.first { $0.name == name }?.value }
}
