import LedgerCore
import Postgres

extension BooksWriting {
    func newSubjects(_ rows: [SubjectRow]) -> Statement {
        let lists = SubjectLists(rows)
        return statement(
            SetWise.insert(
                into: "subjects",
                """
                number, party, version, opened, was_committed, owner, scheme, subject, condition_names, \
                condition_dates, condition_evidence, basis_periods, basis_amounts, term_payers, term_rates, term_caps
                """,
                """
                u.number, u.party, u.version, u.opened, u.was_committed, u.owner, u.scheme, u.subject, \
                \(SubjectLists.values(from: 16).joined(separator: ", "))
                """,
                from: """
                    unnest($2::int8[], $3::int8[], $4::int4[], $5::date[], $6::bool[], $7::int4[], $8::text[], \
                    $9::text[], $10::int4[], $11::int4[], $12::int4[], $13::int4[], $14::int4[], $15::int4[]) \
                    AS u (number, party, version, opened, was_committed, owner, scheme, subject, c, d, a, b, p, q)
                    """),
            facts(rows) + [
                .int4s(rows.map(\.name.scheme.owner)), .texts(rows.map(\.name.scheme.scheme)),
                .texts(rows.map(\.name.subject)),
            ] + lists.places + lists.elements)
    }

    func changedSubjects(_ rows: [SubjectRow]) -> Statement {
        let lists = SubjectLists(rows)
        let assignments = zip(SubjectLists.columns, SubjectLists.values(from: 13)).map { "\($0) = \($1)" }
        return statement(
            SetWise.update(
                "subjects",
                set: """
                    party = u.party, version = u.version, opened = u.opened, was_committed = u.was_committed, \
                    \(assignments.joined(separator: ", "))
                    """,
                from: """
                    unnest($2::int8[], $3::int8[], $4::int4[], $5::date[], $6::bool[], $7::int4[], $8::int4[], \
                    $9::int4[], $10::int4[], $11::int4[], $12::int4[]) \
                    AS u (number, party, version, opened, was_committed, c, d, a, b, p, q)
                    """, where: "t.number = u.number"),
            facts(rows) + lists.places + lists.elements)
    }

    private func facts(_ rows: [SubjectRow]) -> [Parameter] {
        [
            .int8s(rows.map(\.number)), .int8s(rows.map(\.party)), .int4s(rows.map { Int32($0.version) }),
            .dates(rows.map(\.opened.number)), .bools(rows.map(\.wasCommitted)),
        ]
    }
}

/// Conditions (places c to d), bases (a to b) and payers' terms (p to q) of subjects.
private struct SubjectLists {
    private let conditions: Lists<SubjectRow.Condition>
    private let bases: Lists<SubjectRow.Basis>
    private let terms: Lists<SubjectRow.PayerTerms>

    init(_ rows: [SubjectRow]) {
        conditions = Lists(rows, \.conditions)
        bases = Lists(rows, \.bases)
        terms = Lists(rows, \.payerTerms)
    }

    static let columns = [
        "condition_names", "condition_dates", "condition_evidence", "basis_periods", "basis_amounts", "term_payers",
        "term_rates", "term_caps",
    ]

    /// The expressions for ``columns`` where `elements` are the parameters from that place on.
    static func values(from first: Int) -> [String] {
        let types = ["text", "date", "text", "int4", "int8", "int4", "int4", "int8"]
        let places = ["c:u.d", "c:u.d", "c:u.d", "a:u.b", "a:u.b", "p:u.q", "p:u.q", "p:u.q"]
        return zip(types, places).enumerated().map { "($\(first + $0)::\($1.0)[])[u.\($1.1)]" }
    }

    var places: [Parameter] { conditions.places + bases.places + terms.places }

    var elements: [Parameter] {
        [
            .texts(conditions.elements.map(\.name)), .dates(conditions.elements.map(\.date.number)),
            .optionalTexts(conditions.elements.map(\.evidence)), .int4s(bases.elements.map { Int32($0.period) }),
            .int8s(bases.elements.map(\.amount.fen)), .int4s(terms.elements.map(\.payer)),
            .optionalInt4s(terms.elements.map { $0.rate?.partsPerMillion }),
            .optionalInt8s(terms.elements.map { $0.cap?.fen }),
        ]
    }
}
