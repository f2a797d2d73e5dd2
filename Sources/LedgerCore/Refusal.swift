/// Why a request is refused. Names and numbers are frozen: clients, logs and metrics rely on them.
package enum RefusalCode: Int, Sendable, CaseIterable {
    // Of the request.
    case badRequest = 1
    case unknownCommand = 2
    case missingArgument = 3
    case invalidArgument = 4
    case tooLarge = 5
    // Of the sender.
    case noAuthentication = 10
    case wrongPassword = 11
    case noPermission = 12
    // Of the books, in the order in which they are judged.
    case keyConflict = 20
    case notFound = 21
    case exists = 22
    case alreadyReversed = 23
    case alreadySettled = 24
    case notAPayer = 25
    case periodClosed = 26
    case conditionUnmet = 27
    case parameterUnset = 28
    case windowClosed = 29
    case awardExceeded = 30
    case capExceeded = 31
    case rateMismatch = 32
    case budgetExceeded = 33
    // Of the voucher.
    case executionAborted = 40
    // Worth the same line again.
    case overloaded = 50
    case unavailable = 51

    package var name: String {
        switch self {
        case .badRequest: "BAD_REQUEST"
        case .unknownCommand: "UNKNOWN_COMMAND"
        case .missingArgument: "MISSING_ARGUMENT"
        case .invalidArgument: "INVALID_ARGUMENT"
        case .tooLarge: "TOO_LARGE"
        case .noAuthentication: "NOAUTH"
        case .wrongPassword: "WRONGPASS"
        case .noPermission: "NOPERM"
        case .keyConflict: "KEY_CONFLICT"
        case .notFound: "NOT_FOUND"
        case .exists: "EXISTS"
        case .alreadyReversed: "ALREADY_REVERSED"
        case .alreadySettled: "ALREADY_SETTLED"
        case .notAPayer: "NOT_A_PAYER"
        case .periodClosed: "PERIOD_CLOSED"
        case .conditionUnmet: "CONDITION_UNMET"
        case .parameterUnset: "PARAMETER_UNSET"
        case .windowClosed: "WINDOW_CLOSED"
        case .awardExceeded: "AWARD_EXCEEDED"
        case .capExceeded: "CAP_EXCEEDED"
        case .rateMismatch: "RATE_MISMATCH"
        case .budgetExceeded: "BUDGET_EXCEEDED"
        case .executionAborted: "EXECABORT"
        case .overloaded: "OVERLOADED"
        case .unavailable: "UNAVAILABLE"
        }
    }
}

/// A refusal is a value: a code, a sentence that says what is wrong, with which value and what to do, and the figures.
/// It is thrown inside the core only to leave a function early.
package struct Refusal: Error, Sendable, Hashable {
    package let code: RefusalCode
    package let message: String
    package var fields: [Field]

    package init(_ code: RefusalCode, _ message: String, _ fields: [Field] = []) {
        self.code = code
        self.message = message
        self.fields = fields
    }

    package static func invalid(_ argument: String, _ message: String) -> Refusal {
        Refusal(.invalidArgument, message, [Field("argument", .text(argument))])
    }

    package static func missing(_ argument: String, _ message: String) -> Refusal {
        Refusal(.missingArgument, message, [Field("argument", .text(argument))])
    }
}
