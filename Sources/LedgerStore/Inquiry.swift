import LedgerCore
import Postgres

/// A tenant's questions over one state of its root: a reader's snapshot, or what a voucher has posted so far.
struct Inquiry {
    let registry: Registry
    let tenant: Registry.Tenant
    /// The schemes that whoever asks may see; nil: all.
    let schemes: Set<String>?
    let today: Day

    /// nil where the registry has no such tenant.
    init?(_ registry: Registry, _ query: Query, today: Day) {
        guard let found = registry.tenant(query.tenant) else { return nil }
        self.registry = registry
        self.tenant = found
        self.schemes = query.schemes
        self.today = today
    }

    func answer(_ question: Question, on connection: inout Connection) throws(PostgresError) -> Outcome {
        guard try isInReach(question, on: &connection) else { return .refused(.outOfReach) }
        return switch question {
        case .remaining: try remaining(question, on: &connection)
        case .award(let award): try self.award(award, on: &connection)
        case .budget(let fund, let year): try budget(fund, year, on: &connection)
        case .entry(let entry): try self.entry(entry, on: &connection)
        case .entryByKey(let key): try entryByKey(key, on: &connection)
        case .history(let of, let page): try history(of, page, on: &connection)
        case .schemes(let listing): schemes(listing)
        case .subjects(let listing): try subjects(listing, on: &connection)
        case .awards(let listing): try awards(listing, on: &connection)
        case .parties(let listing): try parties(listing, on: &connection)
        case .party(let party, let on): try self.party(party, asOf: on, on: &connection)
        case .journal(let after, let limit): try journal(Page(after: after, limit: limit), on: &connection)
        case .trialBalance(let on): try trialBalance(asOf: on, on: &connection)
        case .check: try check(on: &connection)
        case .seals(let after, let limit): try seals(Page(after: after, limit: limit), on: &connection)
        case .excess(let scheme): try excess(scheme, on: &connection)
        case .outstanding(let on): try outstanding(asOf: on, on: &connection)
        case .summary(let on, let key): try summary(asOf: on, by: key, on: &connection)
        }
    }

    /// A statement whose `$1` is the root and whose `$2` is the tenant.
    func own(_ sql: String, _ parameters: [Parameter] = []) -> Statement {
        Statement(sql, [.int4(registry.root), .int4(tenant.number)] + parameters)
    }

    func query(
        _ sql: String, _ parameters: [Parameter] = [], on connection: inout Connection
    ) throws(PostgresError) -> Rows {
        try connection.pipeline([own(sql, parameters)])[0]
    }

    func refuse(_ argument: String, _ value: String, _ advice: String) -> Outcome {
        .refused(
            Refusal(.notFound, "no \(argument) \"\(value)\": \(advice)", [Field("argument", .text(argument))]))
    }

    /// The tenant and all below it.
    var subtree: [Int32] { registry.tenants.keys.filter { registry.isWithin($0, tenant.number) }.sorted() }

    /// The latest day: what `on` is where every entry counts.
    func dateLimit(_ on: Day?) -> Parameter { .date((on ?? .last).number) }
}
