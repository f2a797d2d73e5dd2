import LedgerCore
import Postgres

// SCHEMES and SUBJECTS.

extension Inquiry {
    /// The schemes that the tenant sees: of each id the one that is nearest. From the registry alone.
    func schemes(_ listing: Listing) -> Outcome {
        let page = visibleSchemes.filter { name in
            (listing.scheme ?? name.scheme) == name.scheme && listing.after.map { precedes($0, name.scheme) } ?? true
        }.prefix(listing.limit)
        return .answered([Field("schemes", .list(page.map { .object(fields($0)) }))])
    }

    /// In the order of their ids.
    private var visibleSchemes: [SchemeName] {
        let ids = Set(registry.schemes.keys.map(\.scheme))
        let nearest = ids.compactMap { registry.scheme($0, seenFrom: tenant.number) }
        return nearest.filter(sees).sorted { precedes($0.scheme, $1.scheme) }
    }

    /// The newest version, and what this tenant has set itself.
    private func fields(_ name: SchemeName) -> [Field] {
        let version = registry.newestVersion(of: name)
        guard let terms = registry.terms(of: name, version: version) else { return [] }
        var fields = [
            Field("scheme", .text(name.scheme)), Field("owner", .optional(registry.tenants[name.owner]?.id)),
            Field("version", .number(Int64(version))), Field("name", .text(terms.name)),
            Field("subject-kind", .text(terms.subjectKind)), Field("rate", terms.rate.shown { .text($0.percent) }),
            Field("rate-rule", .text(terms.rateRule.rawValue)), Field("cap", terms.cap.shown { .amount($0) }),
            Field("window", .text(terms.window.text)), Field("window-governs", .text(terms.windowGoverns.rawValue)),
            Field("conditions", .texts(terms.conditions)),
            Field("payers", terms.payers.map { .texts($0) } ?? .text("*")),
            Field("authorities", .texts(terms.authorities)), Field("section", .optional(terms.section)),
        ]
        if terms.limitsEachPayer {
            let own = registry.parameters[.init(payer: tenant.number, scheme: name)]
            if terms.rate.isPayersOwn { fields.append(Field("own-rate", .optional(own?.rate?.percent))) }
            if terms.cap.isPayersOwn { fields.append(Field("own-cap", .optional(own?.cap))) }
        }
        return fields
    }

    /// The order of identifiers' bytes, as the database has it.
    private func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Subjects of the schemes that the tenant owns, pays under, or whose payer lies below it, with the figures that
    /// REMAINING has of them today. Subjects of one id under several schemes are never parted by a page.
    func subjects(_ listing: Listing, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let schemes = visibleSchemes.filter { (listing.scheme ?? $0.scheme) == $0.scheme && mayAsk(about: $0) }
        let rows = try connection.query(
            """
            SELECT \(SubjectRow.columns), p.party, p.owner FROM unnest($2::int4[], $3::text[]) AS n (owner, scheme)
            JOIN subjects s ON s.root = $1 AND s.owner = n.owner AND s.scheme = n.scheme
            JOIN parties p ON p.root = s.root AND p.number = s.party
            WHERE s.subject > coalesce($4::text, '') AND ($5::text IS NULL OR s.subject = $5)
                AND ($6::text IS NULL OR p.party = $6)
            ORDER BY s.subject FETCH FIRST $7 ROWS WITH TIES
            """,
            [
                .int4(registry.root), .int4s(schemes.map(\.owner)), .texts(schemes.map(\.scheme)),
                .optional(listing.after), .optional(listing.subject), .optional(listing.party),
                .int8(Int64(listing.limit)),
            ])
        var found: [(subject: SubjectRow, party: PartyName)] = []
        for row in 0..<rows.count {
            let party = PartyName(owner: try rows.int4(row, 18), party: try rows.text(row, 17))
            found.append((try SubjectRow(rows, row), party))
        }
        found.sort { left, right in
            let (left, right) = (left.subject.name, right.subject.name)
            return left.subject == right.subject
                ? precedes(left.scheme.scheme, right.scheme.scheme) : precedes(left.subject, right.subject)
        }

        let questions = found.map { remaining($0.subject.name) }
        let books = try load(questions, on: &connection)
        let subjects = zip(found, questions).compactMap { found, question in
            // Payers differ between the versions of a scheme: this one's may be others.
            let outcome = books.answer(question, today: today)
            return outcome.refusal == nil ? JSONValue.object(fields(found.subject, found.party) + outcome.figures) : nil
        }
        return .answered([Field("subjects", .list(subjects))])
    }

    func mayAsk(about scheme: SchemeName) -> Bool {
        tenant.number == scheme.owner
            || (registry.schemes[scheme] ?? []).contains { terms in
                registry.isPayer(tenant.number, terms: terms, owner: scheme.owner)
                    || registry.isAncestorOfPayer(tenant.number, terms: terms, owner: scheme.owner)
            }
    }

    func remaining(_ subject: SubjectName, period: Int? = nil) -> Query {
        Query(
            tenant: tenant.id,
            question: .remaining(
                scheme: subject.scheme.scheme, subject: subject.subject, on: nil, period: period, amount: nil))
    }

    private func fields(_ subject: SubjectRow, _ party: PartyName) -> [Field] {
        let conditions = subject.conditions.map { condition in
            JSONValue.object([
                Field("condition", .text(condition.name)), Field("date", .day(condition.date)),
                Field("evidence", .optional(condition.evidence)),
            ])
        }
        return [
            Field("subject", .text(subject.name.subject)), Field("scheme", .text(subject.name.scheme.scheme)),
            Field("version", .number(Int64(subject.version))), Field("party", .text(party.party)),
            Field("party-owner", .optional(registry.tenants[party.owner]?.id)),
            Field("opened", .day(subject.opened)), Field("conditions", .list(conditions)),
            Field("basis", bases(subject)),
        ]
    }

    /// One amount, or one for each year under `calendar-year`.
    private func bases(_ subject: SubjectRow) -> JSONValue {
        let years = subject.bases.filter { $0.period != 0 }.sorted { $0.period < $1.period }
        guard !years.isEmpty else { return .optional(subject.basis(period: 0)) }
        return .list(
            years.map {
                .object([Field("period", .number(Int64($0.period))), Field("amount", .amount($0.amount))])
            })
    }
}

extension Outcome {
    /// What REMAINING says of a subject in a list.
    fileprivate var figures: [Field] {
        let names = ["period", "limit", "committed", "disbursed", "forfeited", "remaining", "excess", "binding"]
        return names.compactMap { name in fields.first { $0.name == name } }
    }
}

extension Term {
    fileprivate func shown(_ show: (Value) -> JSONValue) -> JSONValue {
        switch self {
        case .absent: .null
        case .fixed(let value): show(value)
        case .payersOwn: .text("tenant")
        }
    }
}
