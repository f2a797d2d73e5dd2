/// A scheme by the tenant that owns it.
struct ModelSchemeRef: Hashable {
    var owner: String
    var scheme: String
}

struct ModelSubjectRef: Hashable {
    var scheme: ModelSchemeRef
    var subject: String
}

struct ModelAwardRef: Hashable {
    var tenant: String
    var award: String
}

struct ModelFundRef: Hashable {
    var tenant: String
    var fund: String
}

struct ModelPartyRef: Hashable {
    var tenant: String
    var party: String
}

struct ModelKeyRef: Hashable {
    var tenant: String
    var key: String
}

struct ModelTenant {
    var parent: String?
    var name: String
}

struct ModelParty {
    var kind: String
    var uscc: String?
    var group: String?
}

/// One version of a scheme, read from the arguments of its SCHEME.PUT.
struct ModelScheme {
    var content: ModelArguments

    var isOfGroups: Bool { content.text("subject-kind") == "group" }
    var isExact: Bool { content.text("rate-rule") == "exact" }
    var governsCost: Bool { content.text("window-governs") == "cost" }
    var hasOwnRate: Bool { content.values["rate"] == .own }
    var hasOwnCap: Bool { content.values["cap"] == .own }
    /// Each payer has a cap of its own; else one counts all payers together.
    var capsEachPayer: Bool { hasOwnRate || hasOwnCap }
    var conditions: [String] { content.list("conditions") ?? [] }
    var window: ModelWindow {
        if case .window(let window)? = content.values["window"] { window } else { .none }
    }
    var isRolling: Bool { if case .rolling = window { true } else { false } }
}

struct ModelSubject {
    var scheme: ModelScheme
    var party: ModelPartyRef
    var opened: ModelDate
    var conditions: [String: ModelCondition] = [:]
}

struct ModelCondition: Equatable {
    var date: ModelDate
    var evidence: String?
}

/// A payer's SCHEME.SET, and how many entries stood before it.
struct ModelParameterSetting {
    var scheme: ModelSchemeRef
    var tenant: String
    var entriesBefore: Int
    var rate: Int64?
    var cap: Int64?
}

/// What one entry does to one year: changes in fen, of either sign.
struct ModelChange: Equatable {
    var year: Int
    /// The budget: what is appropriated, and what of it counts as paid.
    var appropriated: Int64 = 0
    var spent: Int64 = 0
    /// The award: committed and unpaid, paid net of recoveries, recovered, recovered without making room again.
    var bound: Int64 = 0
    var paid: Int64 = 0
    var recovered: Int64 = 0
    var forfeited: Int64 = 0

    /// What the change does to the budget that is available.
    var available: Int64 { appropriated - spent - bound }
    /// What the change does to the cap that is used.
    var used: Int64 { bound + paid + forfeited }

    var opposite: ModelChange {
        ModelChange(
            year: year, appropriated: -appropriated, spent: -spent, bound: -bound, paid: -paid,
            recovered: -recovered, forfeited: -forfeited)
    }
}

/// What an entry adds to a commitment, or takes off it, as a rolling window counts: at the commitment's date.
struct ModelHold: Equatable {
    /// The `order` of the COMMIT.
    var commitment: Int
    var date: ModelDate
    var change: Int64

    var opposite: ModelHold { ModelHold(commitment: commitment, date: date, change: -change) }
}

/// What an award is bound to from its first COMMIT on.
struct ModelAward: Equatable {
    var ref: ModelAwardRef
    var subject: ModelSubjectRef
    var fund: String
    /// The year whose cap it counts on, under a calendar-year window.
    var calendarYear: Int?
}

/// An accepted posting. The list of these is all that balances are computed from.
struct ModelEntry {
    /// Its place among all entries, from 0, and among its tenant's, from 1.
    var order = 0
    var seq = 0
    var arguments: ModelArguments
    var tenant: String
    var date: ModelDate
    var amount: Int64
    var award: ModelAward?
    var subject: ModelSubjectRef?
    var fund: ModelFundRef?
    var changes: [ModelChange] = []
    var holds: [ModelHold] = []
    /// The `order` of the entry that this one reverses or settles.
    var target: Int?

    init(_ arguments: ModelArguments, amount: Int64, award: ModelAward? = nil) {
        self.arguments = arguments
        self.tenant = arguments.tenant
        self.date = arguments.date
        self.amount = amount
        self.award = award
        self.subject = award?.subject
        self.fund = award.map { ModelFundRef(tenant: arguments.tenant, fund: $0.fund) }
    }

    var id: String { "e\(order + 1)" }
    var verb: String { arguments.verb }
    /// Whether it is one of the award's own entries, which are dated in order: a SETTLE and its reversal have none.
    var isOfAward: Bool { award != nil && !(changes.isEmpty && holds.isEmpty) }
}

extension Sequence {
    /// The sum of a figure in fen.
    func fen(_ figure: (Element) -> Int64) -> Int64 {
        var sum: Int64 = 0
        for element in self { sum += figure(element) }
        return sum
    }
}
