/// What a principal may do. The verbs of each role stand with the requests that it is asked about.
package enum PrincipalRole: String, Sendable, Hashable, CaseIterable {
    /// Everything.
    case `operator`
    /// Posts, registers what postings need, and asks everything.
    case finance
    /// Asks what remains, and for figures.
    case committee
    /// Asks everything, and says what the bank has paid.
    case reconciler
}

/// Who may speak: a role over a tenant and its descendants, or over some schemes of them.
package struct Principal: Sendable, Hashable {
    package let name: String
    package let role: PrincipalRole
    /// It reaches this tenant and those below; nil: every tenant.
    package let tenant: String?
    /// It reaches these schemes and nothing else; nil: all that its tenants have.
    package let schemes: Set<String>?

    package init(name: String, role: PrincipalRole, tenant: String? = nil, schemes: Set<String>? = nil) {
        self.name = name
        self.role = role
        self.tenant = tenant
        self.schemes = schemes
    }

    /// The system user that started the daemon, on the Unix socket.
    package static let local = Principal(name: "operator", role: .operator)
}

extension PrincipalRole {
    package func may(post action: PostingAction) -> Bool {
        switch (self, action) {
        case (.operator, _), (.finance, _), (.reconciler, .settle), (.reconciler, .giveBack): true
        case (.reconciler, _), (.committee, _): false
        }
    }

    package func may(register action: RegistrationAction) -> Bool {
        switch (self, action) {
        case (.operator, _): true
        case (.finance, .createTenant), (.finance, .putScheme): false
        case (.finance, _): true
        case (.committee, _), (.reconciler, _): false
        }
    }

    package func may(ask question: Question) -> Bool {
        switch self {
        case .operator, .finance, .reconciler: true
        case .committee:
            switch question {
            case .remaining, .award, .budget, .party, .history, .schemes, .subjects, .awards, .parties, .excess,
                .outstanding, .summary:
                true
            case .entry, .entryByKey, .journal, .trialBalance, .check, .seals: false
            }
        }
    }

    package func may(ask action: BankAction) -> Bool {
        switch (self, action) {
        case (.operator, _), (.finance, _): true
        case (.reconciler, .putFund), (.reconciler, .orderPayments): false
        case (.reconciler, _): true
        case (.committee, _): false
        }
    }

    /// Whether it may have a journal's head signed.
    package var maySeal: Bool {
        switch self {
        case .operator, .finance, .reconciler: true
        case .committee: false
        }
    }

    package var managesPrincipals: Bool { self == .operator }
}

extension Refusal {
    /// The same whatever it is that may not be done or seen, and whether or not it exists.
    package static let outOfReach = Refusal(
        .noPermission, "this principal may not do or see this; WHOAMI shows what it may, and an operator gives rights")
}

/// Where a tenant stands in its tree.
package struct TenantPlace: Sendable, Hashable {
    package let root: Int32
    /// Identifiers: its own, its parent's, and so on up to the root's.
    package let lineage: [String]

    package init(root: Int32, lineage: [String]) {
        self.root = root
        self.lineage = lineage
    }
}
