import LedgerCore
import Postgres

// The rows of the books as statements return them: `columns` names what to select, each of which stands behind the
// table's alias, and the initializer takes them in that order.

extension PartyRow {
    static let columns = "p.number, p.owner, p.party, p.kind, p.name, p.uscc, p.linked_group, p.bank, p.account"

    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        self.init(
            number: try rows.int8(row, 0), owner: try rows.int4(row, 1),
            facts: PartyFacts(
                party: try rows.text(row, 2), kind: try rows.text(row, 3), name: try rows.text(row, 4),
                creditCode: try rows.optionalText(row, 5), group: try rows.optionalText(row, 6),
                bank: try rows.optionalText(row, 7), account: try rows.optionalText(row, 8)))
    }
}

extension SubjectRow {
    /// An array's NULLs come as empty texts and, beside them, their places.
    static let columns = """
        s.number, s.owner, s.scheme, s.subject, s.version, s.party, s.opened, s.was_committed, s.condition_names, \
        s.condition_dates, array_replace(s.condition_evidence, NULL, ''), array_positions(s.condition_evidence, NULL), \
        s.basis_periods, s.basis_amounts, s.term_payers, s.term_rates, s.term_caps
        """

    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        let names = try rows.texts(row, 8)
        let dates = try rows.days(row, 9)
        let evidence = try rows.texts(row, 10)
        let withoutEvidence = Set(try rows.int4s(row, 11))
        let payers = try rows.int4s(row, 14)
        let rates = try rows.optionalInt8s(row, 15)
        let caps = try rows.optionalInt8s(row, 16)
        self.init(
            number: try rows.int8(row, 0),
            name: SubjectName(
                scheme: SchemeName(owner: try rows.int4(row, 1), scheme: try rows.text(row, 2)),
                subject: try rows.text(row, 3)),
            version: Int(try rows.int4(row, 4)), party: try rows.int8(row, 5),
            opened: Day(number: try rows.day(row, 6)),
            conditions: zip(names.indices, zip(names, zip(dates, evidence))).map { index, condition in
                Condition(
                    name: condition.0, date: Day(number: condition.1.0),
                    evidence: withoutEvidence.contains(Int32(index + 1)) ? nil : condition.1.1)
            },
            bases: zip(try rows.int4s(row, 12), try rows.int8s(row, 13)).map {
                Basis(period: Int($0), amount: Amount(fen: $1))
            },
            payerTerms: zip(payers, zip(rates, caps)).map { payer, own in
                PayerTerms(
                    payer: payer, rate: own.0.flatMap { Rate(partsPerMillion: Int32(truncatingIfNeeded: $0)) },
                    cap: own.1.map(Amount.init(fen:)))
            },
            wasCommitted: try rows.bool(row, 7))
    }
}

extension CapRow {
    static let columns = """
        c.number, c.subject, c.payer, c.period, c.committed, c.disbursed, c.forfeited, c.dated_days, c.dated_amounts
        """

    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        self.init(
            number: try rows.int8(row, 0),
            name: CapName(
                subject: try rows.int8(row, 1), payer: try rows.int4(row, 2), period: Int(try rows.int4(row, 3))),
            committed: Amount(fen: try rows.int8(row, 4)), disbursed: Amount(fen: try rows.int8(row, 5)),
            forfeited: Amount(fen: try rows.int8(row, 6)), dated: try [Dated](rows, row, 7))
    }
}

extension AwardRow {
    static let columns = """
        a.number, a.tenant, a.award, a.subject, a.cap, a.fund, a.party, a.latest, a.years, a.committed, a.disbursed, \
        a.released, a.recovered, a.dated_days, a.dated_amounts, coalesce(a.former_payees, '{}'), \
        coalesce(a.former_paid, '{}')
        """

    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        let years = try rows.int4s(row, 8)
        let committed = try rows.int8s(row, 9)
        let disbursed = try rows.int8s(row, 10)
        let released = try rows.int8s(row, 11)
        let recovered = try rows.int8s(row, 12)
        // The table's check says that they are of one length.
        let count = [committed.count, disbursed.count, released.count, recovered.count].reduce(years.count, min)
        self.init(
            number: try rows.int8(row, 0),
            name: AwardName(tenant: try rows.int4(row, 1), award: try rows.text(row, 2)),
            subject: try rows.int8(row, 3), cap: try rows.int8(row, 4), fund: try rows.int8(row, 5),
            party: try rows.int8(row, 6), latest: Day(number: try rows.day(row, 7)),
            years: (0..<count).map {
                Year(
                    year: Int(years[$0]), committed: Amount(fen: committed[$0]), disbursed: Amount(fen: disbursed[$0]),
                    released: Amount(fen: released[$0]), recovered: Amount(fen: recovered[$0]))
            },
            dated: try [Dated](rows, row, 13),
            formerPayees: zip(try rows.int8s(row, 15), try rows.int8s(row, 16)).map {
                FormerPayee(party: $0, paid: Amount(fen: $1))
            })
    }
}

extension [Dated] {
    /// From a column of days and the one after it, of amounts.
    init(_ rows: Rows, _ row: Int, _ column: Int) throws(PostgresError) {
        self = zip(try rows.days(row, column), try rows.int8s(row, column + 1)).map {
            Dated(day: Day(number: $0), amount: Amount(fen: $1))
        }
    }
}

extension FundRow {
    static let columns = "f.number, f.tenant, f.fund"

    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        self.init(
            number: try rows.int8(row, 0), name: FundName(tenant: try rows.int4(row, 1), fund: try rows.text(row, 2)))
    }
}

extension BudgetRow {
    static let columns = "b.fund, b.year, b.appropriated, b.committed, b.disbursed"

    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        self.init(
            name: BudgetName(fund: try rows.int8(row, 0), year: Int(try rows.int4(row, 1))),
            appropriated: Amount(fen: try rows.int8(row, 2)), committed: Amount(fen: try rows.int8(row, 3)),
            disbursed: Amount(fen: try rows.int8(row, 4)))
    }
}

extension JournalHead {
    static let columns = "h.tenant, h.last_sequence, h.last_hash, h.closed_through"

    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        self.init(
            lastSequence: try rows.int8(row, 1), lastHash: try rows.bytes(row, 2),
            closedThrough: try rows.optionalDay(row, 3).map(Day.init(number:)))
    }
}
