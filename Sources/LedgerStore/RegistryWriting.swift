import LedgerCore
import Postgres

// Rows that change seldom: tenants, schemes, parameters, parties, subjects.

extension BooksWriting {
    /// What a root tenant brings.
    var newRoot: [Statement?] {
        [
            statement(
                "INSERT INTO roots (root, next_number, registry_stamp) VALUES ($1, $2, 0)",
                [.int8(loaded.nextNumber)])
        ]
    }

    /// Every tenant brings the head of its journal.
    var newTenants: [Statement?] {
        let tenants = books.changes.tenants.compactMap { books.registry.tenants[$0] }
        guard !tenants.isEmpty else { return [] }
        return [
            Statement("UPDATE installation SET next_tenant = $1", [.int4(books.nextTenant)]),
            statement(
                SetWise.insert(
                    into: "tenants", "number, id, parent, name", "u.number, u.id, u.parent, u.name",
                    from: "unnest($2::int4[], $3::text[], $4::int4[], $5::text[]) AS u (number, id, parent, name)"),
                [
                    .int4s(tenants.map(\.number)), .texts(tenants.map(\.id)), .optionalInt4s(tenants.map(\.parent)),
                    .texts(tenants.map(\.name)),
                ]),
            statement(
                SetWise.insert(
                    into: "heads", "tenant, last_sequence, last_hash, closed_through", "u.tenant, 0, $3::bytea, NULL",
                    from: "unnest($2::int4[]) AS u (tenant)"),
                [.int4s(tenants.map(\.number)), .bytea(HashChain.start)]),
        ]
    }

    var newSchemes: Statement? {
        let versions = books.changes.schemes
        let rows = versions.compactMap { version in
            books.registry.terms(of: version.name, version: version.version).map { (version, $0) }
        }
        guard !rows.isEmpty else { return nil }
        let conditions = Lists(rows) { $0.1.conditions }
        let payers = Lists(rows) { $0.1.payers ?? [] }
        let authorities = Lists(rows) { $0.1.authorities }
        return statement(
            SetWise.insert(
                into: "schemes",
                """
                owner, scheme, version, name, subject_kind, rate, rate_is_payers, rate_rule, cap, cap_is_payers, \
                time_window, window_governs, section, payers, conditions, authorities
                """,
                """
                u.owner, u.scheme, u.version, u.name, u.subject_kind, u.rate, u.rate_is_payers, u.rate_rule, u.cap, \
                u.cap_is_payers, u.time_window, u.window_governs, u.section, CASE WHEN u.is_limited THEN \
                ($22::text[])[u.p:u.q] END, ($23::text[])[u.c:u.d], ($24::text[])[u.a:u.b]
                """,
                from: """
                    unnest($2::int4[], $3::text[], $4::int4[], $5::text[], $6::text[], $7::int4[], $8::bool[], \
                    $9::text[], $10::int8[], $11::bool[], $12::text[], $13::text[], $14::text[], $15::bool[], \
                    $16::int4[], $17::int4[], $18::int4[], $19::int4[], $20::int4[], $21::int4[]) \
                    AS u (owner, scheme, version, name, subject_kind, rate, rate_is_payers, rate_rule, cap, \
                    cap_is_payers, time_window, window_governs, section, is_limited, p, q, c, d, a, b)
                    """),
            [
                .int4s(rows.map(\.0.name.owner)), .texts(rows.map(\.0.name.scheme)),
                .int4s(rows.map { Int32($0.0.version) }), .texts(rows.map(\.1.name)), .texts(rows.map(\.1.subjectKind)),
                .optionalInt4s(rows.map { $0.1.rate.value?.partsPerMillion }), .bools(rows.map(\.1.rate.isPayersOwn)),
                .texts(rows.map(\.1.rateRule.rawValue)), .optionalInt8s(rows.map { $0.1.cap.value?.fen }),
                .bools(rows.map(\.1.cap.isPayersOwn)), .texts(rows.map(\.1.window.text)),
                .texts(rows.map(\.1.windowGoverns.rawValue)), .optionalTexts(rows.map(\.1.section)),
                .bools(rows.map { $0.1.payers != nil }),
            ] + payers.places + conditions.places + authorities.places
                + [.texts(payers.elements), .texts(conditions.elements), .texts(authorities.elements)])
    }

    var parameters: Statement? {
        let names = books.changes.parameters.sorted {
            ($0.payer, $0.scheme.owner, $0.scheme.scheme) < ($1.payer, $1.scheme.owner, $1.scheme.scheme)
        }
        guard !names.isEmpty else { return nil }
        let own = names.map { books.registry.parameters[$0] ?? Registry.Parameters() }
        return statement(
            SetWise.insert(
                into: "parameters", "payer, owner, scheme, rate, cap", "u.payer, u.owner, u.scheme, u.rate, u.cap",
                from: """
                    unnest($2::int4[], $3::int4[], $4::text[], $5::int4[], $6::int8[]) \
                    AS u (payer, owner, scheme, rate, cap)
                    """)
                + " ON CONFLICT (root, payer, owner, scheme) DO UPDATE SET rate = excluded.rate, cap = excluded.cap",
            [
                .int4s(names.map(\.payer)), .int4s(names.map(\.scheme.owner)), .texts(names.map(\.scheme.scheme)),
                .optionalInt4s(own.map { $0.rate?.partsPerMillion }), .optionalInt8s(own.map { $0.cap?.fen }),
            ])
    }

    func newParties(_ rows: [PartyRow]) -> Statement {
        statement(
            SetWise.insert(
                into: "parties", "number, owner, party, kind, name, uscc, linked_group, bank, account",
                "u.number, u.owner, u.party, u.kind, u.name, u.uscc, u.linked_group, u.bank, u.account",
                from: """
                    unnest($2::int8[], $3::int4[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], \
                    $9::text[], $10::text[]) \
                    AS u (number, owner, party, kind, name, uscc, linked_group, bank, account)
                    """),
            [
                .int8s(rows.map(\.number)), .int4s(rows.map(\.owner)), .texts(rows.map(\.facts.party)),
                .texts(rows.map(\.facts.kind)), .texts(rows.map(\.facts.name)),
                .optionalTexts(rows.map(\.facts.creditCode)), .optionalTexts(rows.map(\.facts.group)),
                .optionalTexts(rows.map(\.facts.bank)), .optionalTexts(rows.map(\.facts.account)),
            ])
    }

    func changedParties(_ rows: [PartyRow]) -> Statement {
        statement(
            SetWise.update(
                "parties", set: "name = u.name, linked_group = u.linked_group, bank = u.bank, account = u.account",
                from: """
                    unnest($2::int8[], $3::text[], $4::text[], $5::text[], $6::text[]) \
                    AS u (number, name, linked_group, bank, account)
                    """, where: "t.number = u.number"),
            [
                .int8s(rows.map(\.number)), .texts(rows.map(\.facts.name)), .optionalTexts(rows.map(\.facts.group)),
                .optionalTexts(rows.map(\.facts.bank)), .optionalTexts(rows.map(\.facts.account)),
            ])
    }
}
