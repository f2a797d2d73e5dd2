/// The names of all arguments.
package enum ArgumentName: String, Sendable, CaseIterable {
    case tenant, parent, name, scheme, version, subjectKind = "subject-kind", rate, rateRule = "rate-rule", cap, window
    case windowGoverns = "window-governs", conditions, payers, authorities, section
    case party, kind, uscc, group, bank, account
    case subject, opened, correct, condition, date, evidence
    case amount, key, period, dryRun = "dry-run", fund, year, change, from, to
    case award, schedule, incurred, fit, ref, restore, entry, through
    case on, by, after, limit, wait
    case principal, role, schemes
    case statement, sequence, currency, opening, closing, digest, line, booked, value, reference
    case endToEnd = "end-to-end", text, counterparty, counterpartyAccount = "counterparty-account", batch, transactions
    case returned, returns, order, until, tolerance, grace, olderThan = "older-than", breakNumber = "break", owner
    case reason, match, reopen
    // Words of session verbs.
    case verb, message, token, protocolVersion = "protocol", credentials, connectionName = "connection-name"
    case database, subcommand, parameter
}

/// One argument of one verb; like its verb's description it is never copied.
package final class ArgumentSpec: Sendable {
    package enum Need: Sendable, Hashable {
        case required
        case optional
        /// Where left out, this value stands for it.
        case defaulted(String)
    }

    package let id: ArgumentName
    package let name: String
    package let kind: ArgumentKind
    package let need: Need
    /// What it says, in one line.
    package let meaning: String

    init(_ id: ArgumentName, _ kind: ArgumentKind, _ need: Need, _ meaning: String) {
        self.id = id
        name = id.rawValue
        self.kind = kind
        self.need = need
        self.meaning = meaning
    }

    package var isRequired: Bool { need == .required }

    package var standard: String? {
        if case .defaulted(let value) = need { value } else { nil }
    }
}

extension ArgumentSpec {
    static func required(_ id: ArgumentName, _ kind: ArgumentKind, _ meaning: String) -> ArgumentSpec {
        ArgumentSpec(id, kind, .required, meaning)
    }

    static func optional(_ id: ArgumentName, _ kind: ArgumentKind, _ meaning: String) -> ArgumentSpec {
        ArgumentSpec(id, kind, .optional, meaning)
    }

    static func standard(
        _ id: ArgumentName, _ kind: ArgumentKind, _ value: String, _ meaning: String
    ) -> ArgumentSpec {
        ArgumentSpec(id, kind, .defaulted(value), meaning)
    }

    // MARK: Those that many verbs share

    static let tenant = required(.tenant, .identifier, "whose books; USE sets it for a connection")
    static let scheme = required(.scheme, .identifier, "the scheme, of the tenant or its nearest ancestor that has it")
    static let subject = required(.subject, .identifier, "what the limit is counted on")
    static let award = required(.award, .identifier, "the award")
    static let amount = required(.amount, .amount, "yuan")
    static let date = required(.date, .date, "the day that it is dated on")
    static let key = required(.key, .identifier, "unique within the tenant; the same again answers the first reply")
    static let dryRun = standard(.dryRun, .flag, "no", "yes: answer what would be answered, and post nothing")
    static let evidence = optional(.evidence, .text, "where the document is kept")
    static let ref = optional(.ref, .text, "the bank's reference")
    static let correct = standard(.correct, .flag, "no", "yes: replace what was said, while nothing depends on it")
    static let on = optional(.on, .date, "count only what is dated on or before this day")
}
