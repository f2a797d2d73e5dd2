import CLibPQ

/// What went wrong between this program and the server. No error holds a parameter's value or a password; `detail`,
/// which the server writes, may hold values of rows.
package struct PostgresError: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// The connection is lost, or was never made.
        case connection
        /// The server refused a statement.
        case server(sqlstate: String)
        /// A value is not what its reader takes it for.
        case decoding
        /// The request cannot be sent as it stands; nothing of it was.
        case request
    }

    package let kind: Kind
    package let message: String
    package let detail: String?
    package let hint: String?
    /// The constraint that was violated, where one was.
    package let constraint: String?
    /// The place, from 0, of the statement that failed among those of its pipeline.
    package internal(set) var statementIndex: Int?
    /// Whether the connection is of no use any more: only a new one can help.
    package let isConnectionLost: Bool

    package init(
        kind: Kind, message: String, detail: String? = nil, hint: String? = nil, constraint: String? = nil,
        statementIndex: Int? = nil, endsSession: Bool = false
    ) {
        self.kind = kind
        self.message = message
        self.detail = detail
        self.hint = hint
        self.constraint = constraint
        self.statementIndex = statementIndex
        self.isConnectionLost =
            switch kind {
            case .connection: true
            case .server(let sqlstate): endsSession || Self.endsSession(sqlstate)
            case .decoding, .request: false
            }
    }

    /// The five characters of a server's error (PostgreSQL documentation, appendix A).
    package var sqlstate: String? {
        if case .server(let sqlstate) = kind { sqlstate } else { nil }
    }

    /// admin_shutdown, crash_shutdown and cannot_connect_now, and class 08, connection exceptions, without
    /// protocol_violation: the server also says that of a wrong number of parameters.
    private static func endsSession(_ sqlstate: String) -> Bool {
        switch sqlstate {
        case "57P01", "57P02", "57P03": true
        case "08P01": false
        default: sqlstate.hasPrefix("08")
        }
    }
}

extension PostgresError {
    /// The error of a failed result.
    init(_ result: ResultHandle, connectionIsLost: Bool) {
        let message = result.errorField(ErrorFieldMessage) ?? Self.line(PQresultErrorMessage(result.pointer))
        guard let sqlstate = result.errorField(ErrorFieldSQLState) else {
            // An error of libpq's own has no SQLSTATE: it lost the server, whatever PQstatus says yet. Where a write
            // failed, the status lags behind.
            self.init(kind: .connection, message: message)
            return
        }
        let severity = result.errorField(ErrorFieldSeverity)
        self.init(
            kind: .server(sqlstate: sqlstate), message: message,
            detail: result.errorField(ErrorFieldDetail), hint: result.errorField(ErrorFieldHint),
            constraint: result.errorField(ErrorFieldConstraint),
            endsSession: connectionIsLost || severity == "FATAL" || severity == "PANIC")
    }

    /// libpq's messages as one line.
    static func line(_ text: UnsafePointer<CChar>?) -> String {
        guard let text else { return "libpq gave no message" }
        return line(String(cString: text))
    }

    fileprivate static func line(_ text: String) -> String {
        text.split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
    }
}

extension PostgresError: CustomStringConvertible {
    package var description: String {
        var text =
            switch kind {
            case .connection: "database connection: "
            case .server(let sqlstate): "database error \(sqlstate): "
            case .decoding: "unexpected value from the database: "
            case .request: "request not sent to the database: "
            }
        text += message
        if let statementIndex { text += " (statement \(statementIndex))" }
        if let detail { text += "; \(detail)" }
        if let hint { text += "; \(hint)" }
        return Self.line(text)
    }
}
