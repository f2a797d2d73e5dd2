/// All verbs, in the order in which HELP shows them.
package enum VerbTable {
    package static let all: [VerbSpec] = Verb.allCases.map(\.spec)
}

extension Verb {
    package var spec: VerbSpec {
        switch self {
        case .basisSet: .basisSet
        case .appropriate: .appropriate
        case .carry: .carry
        case .commit: .commit
        case .reschedule: .reschedule
        case .disburse: .disburse
        case .release: .release
        case .recover: .recover
        case .settle: .settle
        case .reverse: .reverse
        case .giveBack: .giveBack
        case .tenantCreate: .tenantCreate
        case .schemePut: .schemePut
        case .schemeSet: .schemeSet
        case .partyPut: .partyPut
        case .subjectOpen: .subjectOpen
        case .conditionMeet: .conditionMeet
        case .periodClose: .periodClose
        case .principalCreate: .principalCreate
        case .principalRotate: .principalRotate
        case .principalRevoke: .principalRevoke
        case .seal: .seal
        case .remaining: .remaining
        case .award: .award
        case .budget: .budget
        case .entry: .entry
        case .history: .history
        case .schemes: .schemes
        case .subjects: .subjects
        case .awards: .awards
        case .parties: .parties
        case .party: .party
        case .excess: .excess
        case .outstanding: .outstanding
        case .summary: .summary
        case .journal: .journal
        case .trialBalance: .trialBalance
        case .check: .check
        case .seals: .seals
        case .principals: .principals
        case .fundPut: .fundPut
        case .statementPut: .statementPut
        case .statementLine: .statementLine
        case .statementClose: .statementClose
        case .statements: .statements
        case .paymentOrder: .paymentOrder
        case .payments: .payments
        case .reconcile: .reconcile
        case .breaks: .breaks
        case .breakHistory: .breakHistory
        case .breakAssign: .breakAssign
        case .breakResolve: .breakResolve
        case .matches: .matches
        case .matchUndo: .matchUndo
        case .reconciliation: .reconciliation
        case .use: .use
        case .multi: .multi
        case .exec: .exec
        case .discard: .discard
        case .whoami: .whoami
        case .status: .status
        case .help: .help
        case .ping: .ping
        case .auth: .auth
        case .hello: .hello
        case .echo: .echo
        case .reset: .reset
        case .select: .select
        case .client: .client
        case .command: .command
        case .info: .info
        case .config: .config
        case .quit: .quit
        }
    }
}
