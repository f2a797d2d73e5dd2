package import Postgres

/// Why the store could not carry something out. What the books refuse is no error: it is an answer.
package enum StoreError: Error, Sendable {
    /// The database cannot be reached, is shutting down or overloaded. Nothing was posted; worth the same again.
    case unavailable(String)
    /// The connection was lost after COMMIT was sent. Reconnect, and post the same work after this attempt.
    case outcomeUnknown(Attempt)
    /// The database's own guard refused what was decided. Nothing was posted; post the works one at a time to find
    /// which.
    case rejectedByGuard(String)
    /// Program and database do not fit each other, or rights are missing: nothing helps but an operator.
    case incompatible(String)
}

extension StoreError {
    /// The meaning of a failure that left nothing behind.
    package init(_ error: PostgresError) {
        if error.isConnectionLost {
            self = .unavailable(error.description)
            return
        }
        let text = error.description
        switch error.sqlstate.map({ $0.prefix(2) }) {
        // Values out of range, violated constraints, and this schema's own class.
        case "22", "23", "GL": self = .rejectedByGuard(error.constraint.map { "\($0): \(text)" } ?? text)
        // Serialization failures, out of disk or connections, cancelled or shutting down, locks, I/O.
        case "40", "53", "55", "57", "58", "25": self = .unavailable(text)
        default: self = .incompatible(text)
        }
    }
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable(let text): "the database is not available: \(text)"
        case .outcomeUnknown(let attempt): "the connection was lost at COMMIT; \(attempt)"
        case .rejectedByGuard(let text): "the database's guard refused what was decided: \(text)"
        case .incompatible(let text): "program and database do not fit: \(text)"
        }
    }
}

extension PostgresError {
    /// The transaction lost against another one, and may win when it is run again.
    var isWorthRetrying: Bool { sqlstate == "40001" || sqlstate == "40P01" }
}
