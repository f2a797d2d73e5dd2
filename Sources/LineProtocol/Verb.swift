/// What a request may ask for, under the name by which it is sent.
package enum Verb: String, Sendable, Hashable, CaseIterable {
    // Postings: each makes an entry and carries a key.
    case basisSet = "BASIS.SET"
    case appropriate = "APPROPRIATE"
    case carry = "CARRY"
    case commit = "COMMIT"
    case reschedule = "RESCHEDULE"
    case disburse = "DISBURSE"
    case release = "RELEASE"
    case recover = "RECOVER"
    case settle = "SETTLE"
    case reverse = "REVERSE"
    case giveBack = "RETURN"
    // Registrations.
    case tenantCreate = "TENANT.CREATE"
    case schemePut = "SCHEME.PUT"
    case schemeSet = "SCHEME.SET"
    case partyPut = "PARTY.PUT"
    case subjectOpen = "SUBJECT.OPEN"
    case conditionMeet = "CONDITION.MEET"
    case periodClose = "PERIOD.CLOSE"
    case principalCreate = "PRINCIPAL.CREATE"
    case principalRotate = "PRINCIPAL.ROTATE"
    case principalRevoke = "PRINCIPAL.REVOKE"
    case seal = "SEAL"
    // Queries.
    case remaining = "REMAINING"
    case award = "AWARD"
    case budget = "BUDGET"
    case entry = "ENTRY"
    case history = "HISTORY"
    case schemes = "SCHEMES"
    case subjects = "SUBJECTS"
    case awards = "AWARDS"
    case parties = "PARTIES"
    case party = "PARTY"
    case excess = "EXCESS"
    case outstanding = "OUTSTANDING"
    case summary = "SUMMARY"
    case journal = "JOURNAL"
    case trialBalance = "TRIAL.BALANCE"
    case check = "CHECK"
    case seals = "SEALS"
    case principals = "PRINCIPALS"
    // The bank's side.
    case fundPut = "FUND.PUT"
    case statementPut = "STATEMENT.PUT"
    case statementLine = "STATEMENT.LINE"
    case statementClose = "STATEMENT.CLOSE"
    case statements = "STATEMENTS"
    case paymentOrder = "PAYMENT.ORDER"
    case payments = "PAYMENTS"
    case reconcile = "RECONCILE"
    case breaks = "BREAKS"
    case breakHistory = "BREAK"
    case breakAssign = "BREAK.ASSIGN"
    case breakResolve = "BREAK.RESOLVE"
    case matches = "MATCHES"
    case matchUndo = "MATCH.UNDO"
    case reconciliation = "RECONCILIATION"
    // The session itself.
    case use = "USE"
    case multi = "MULTI"
    case exec = "EXEC"
    case discard = "DISCARD"
    case whoami = "WHOAMI"
    case status = "STATUS"
    case help = "HELP"
    case ping = "PING"
    case auth = "AUTH"
    case hello = "HELLO"
    case echo = "ECHO"
    case reset = "RESET"
    case select = "SELECT"
    case client = "CLIENT"
    case command = "COMMAND"
    case info = "INFO"
    case config = "CONFIG"
    case quit = "QUIT"

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    private static let longestName = allCases.map(\.rawValue.utf8.count).max() ?? 0

    /// The verb of that name, however it is capitalized.
    package init?(name: String) {
        // Swift takes some other letters for equal to ASCII ones (the Kelvin sign); here they are not.
        guard name.utf8.count <= Verb.longestName, name.utf8.allSatisfy({ $0 < 0x80 }),
            let verb = Verb.byName[name] ?? Verb.byName[name.uppercased()]
        else { return nil }
        self = verb
    }
}

/// What a verb does to the books.
package enum VerbKind: String, Sendable, CaseIterable {
    /// Makes an entry, exactly once for each key.
    case posting
    /// Changes a register, and may be sent again.
    case registration
    /// Changes nothing.
    case query
    /// Holds the books against the bank, and may be sent again.
    case bank
    /// Concerns the connection; words without names.
    case session
}

/// The one description of a verb. Parsing, HELP, COMMAND DOCS and the command line tool all read it.
///
/// There is one object for each verb; every request refers to it, and none copies it.
package final class VerbSpec: Sendable {
    package let verb: Verb
    package let kind: VerbKind
    /// One sentence.
    package let summary: String
    /// In the order in which their values are judged, shown and compared.
    package let arguments: [ArgumentSpec]
    /// The words of a session verb stand in order and without names.
    package let isPositional: Bool
    /// A line that may be sent as it is.
    package let example: String

    /// The names and the identities of `arguments`, side by side with them.
    let names: [String]
    let ids: [ArgumentName]

    package var name: String { verb.rawValue }

    init(
        _ verb: Verb, _ kind: VerbKind, _ summary: String, _ arguments: [ArgumentSpec], isPositional: Bool = false,
        example: String
    ) {
        self.verb = verb
        self.kind = kind
        self.summary = summary
        self.arguments = arguments
        self.isPositional = isPositional
        self.example = example
        names = arguments.map(\.name)
        ids = arguments.map(\.id)
    }

    /// `BUDGET tenant=… fund=… year=…`, those that may be left out in brackets.
    package var usage: String {
        let words = arguments.map { argument in
            let word = isPositional ? argument.name : "\(argument.name)=…"
            return argument.isRequired ? word : "[\(word)]"
        }
        return ([name] + words).joined(separator: " ")
    }
}
