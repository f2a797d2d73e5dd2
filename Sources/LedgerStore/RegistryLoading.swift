import LedgerCore
import Postgres

extension Registry {
    /// One statement for each table of a root's registry.
    static func statements(root: Int32) -> [Statement] {
        [
            Statement("SELECT registry_stamp FROM roots WHERE root = $1", [.int4(root)]),
            Statement("SELECT number, id, parent, name FROM tenants WHERE root = $1", [.int4(root)]),
            Statement(
                """
                SELECT owner, scheme, name, subject_kind, rate, rate_is_payers, rate_rule, cap, cap_is_payers,
                    time_window, window_governs, conditions, payers IS NULL, coalesce(payers, '{}'), authorities,
                    section
                FROM schemes WHERE root = $1 ORDER BY owner, scheme, version
                """, [.int4(root)]),
            Statement("SELECT payer, owner, scheme, rate, cap FROM parameters WHERE root = $1", [.int4(root)]),
        ]
    }

    /// From the rows of those statements; all of them see one state where the root is locked or the snapshot is one.
    init(root: Int32, _ results: ArraySlice<Rows>) throws(PostgresError) {
        let first = results.startIndex
        let version = results[first].count > 0 ? try results[first].int8(0, 0) : 0
        self.init(root: root, version: version)
        let tenants = results[first + 1]
        for row in 0..<tenants.count {
            add(
                Tenant(
                    number: try tenants.int4(row, 0), id: try tenants.text(row, 1),
                    parent: try tenants.optionalInt4(row, 2), name: try tenants.text(row, 3)))
        }
        let schemes = results[first + 2]
        for row in 0..<schemes.count {
            let name = SchemeName(owner: try schemes.int4(row, 0), scheme: try schemes.text(row, 1))
            self.schemes[name, default: []].append(try SchemeTerms(schemes, row))
        }
        let parameters = results[first + 3]
        for row in 0..<parameters.count {
            let name = ParameterName(
                payer: try parameters.int4(row, 0),
                scheme: SchemeName(owner: try parameters.int4(row, 1), scheme: try parameters.text(row, 2)))
            self.parameters[name] = Parameters(
                rate: try parameters.optionalInt4(row, 3).flatMap(Rate.init(partsPerMillion:)),
                cap: try parameters.optionalInt8(row, 4).map(Amount.init(fen:)))
        }
    }

    /// Reads a root's registry in one round trip.
    static func load(root: Int32, from connection: inout Connection) throws(PostgresError) -> Registry {
        try Registry(root: root, connection.pipeline(statements(root: root))[...])
    }
}

extension SchemeTerms {
    fileprivate init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        guard let rule = RateRule(rawValue: try rows.text(row, 6)), let window = Window(try rows.text(row, 9)),
            let governs = WindowGoverns(rawValue: try rows.text(row, 10))
        else {
            throw PostgresError(
                kind: .decoding, message: "scheme \(try rows.text(row, 1)) has terms of a newer program")
        }
        self.init(
            name: try rows.text(row, 2), subjectKind: try rows.text(row, 3),
            rate: Term(try rows.optionalInt4(row, 4).flatMap(Rate.init(partsPerMillion:)), try rows.bool(row, 5)),
            rateRule: rule, cap: Term(try rows.optionalInt8(row, 7).map(Amount.init(fen:)), try rows.bool(row, 8)),
            window: window, windowGoverns: governs, conditions: try rows.texts(row, 11),
            payers: try rows.bool(row, 12) ? nil : try rows.texts(row, 13), authorities: try rows.texts(row, 14),
            section: try rows.optionalText(row, 15))
    }
}

extension Term {
    fileprivate init(_ value: Value?, _ isPayersOwn: Bool) {
        self = isPayersOwn ? .payersOwn : value.map(Term.fixed) ?? .absent
    }

    var value: Value? {
        if case .fixed(let value) = self { value } else { nil }
    }
}
