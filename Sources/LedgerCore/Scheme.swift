/// A figure that the scheme fixes, leaves to each payer, or does not have.
package enum Term<Value: Sendable & Hashable>: Sendable, Hashable {
    case absent
    case fixed(Value)
    /// A parameter that each paying tenant sets (`rate=tenant`, `cap=tenant`).
    case payersOwn

    package var isPayersOwn: Bool { self == .payersOwn }
}

/// Whether the rate is the most that may be paid, or what must be paid exactly.
package enum RateRule: String, Sendable, CaseIterable {
    case ceiling, exact
}

/// Whether the window holds the dates of commitments and payments, or the days on which costs were incurred.
package enum WindowGoverns: String, Sendable, CaseIterable {
    case payment, cost
}

/// The rules of a scheme as one version of it says them; a subject keeps the version under which it was opened.
package struct SchemeTerms: Sendable, Hashable {
    package var name: String
    /// What a cap is counted on: `project`, `deal`, `company`, …; `group` makes the subject a group of linked parties.
    package var subjectKind: String
    package var rate: Term<Rate>
    package var rateRule: RateRule
    package var cap: Term<Amount>
    package var window: Window
    package var windowGoverns: WindowGoverns
    /// In the order given; each must be met before the first commitment.
    package var conditions: [String]
    /// Tenant identifiers; nil is every descendant of the owner, and the owner.
    package var payers: [String]?
    package var authorities: [String]
    package var section: String?

    package init(
        name: String, subjectKind: String, rate: Term<Rate> = .absent, rateRule: RateRule = .ceiling,
        cap: Term<Amount> = .absent, window: Window = .none, windowGoverns: WindowGoverns = .payment,
        conditions: [String] = [], payers: [String]? = nil, authorities: [String] = [], section: String? = nil
    ) {
        self.name = name
        self.subjectKind = subjectKind
        self.rate = rate
        self.rateRule = rateRule
        self.cap = cap
        self.window = window
        self.windowGoverns = windowGoverns
        self.conditions = conditions
        self.payers = payers
        self.authorities = authorities
        self.section = section
    }

    /// The subject is a group of parties, and a commitment names the member that is paid.
    package var countsGroups: Bool { subjectKind == "group" }
    /// Each payer has a limit of its own, because it sets a figure of it.
    package var limitsEachPayer: Bool { rate.isPayersOwn || cap.isPayersOwn }
}
