import BankStatements
import LedgerCore
import LineProtocol

/// Sends proven statements, one after the other: its facts, its lines, its end.
struct StatementSender {
    private static let linesAtOnce = 500

    private var connection: DaemonConnection
    private let tenant: String
    private let path: String
    private var progress = LongRun()
    private var sent: Int64 = 0

    init(connection: DaemonConnection, tenant: String, path: String) {
        self.connection = connection
        self.tenant = tenant
        self.path = path
    }

    /// Answers each statement, and whether it is new. Throws ``UnprovenStatement`` where the daemon refuses one, or
    /// ``ConnectionLost``.
    mutating func send(_ file: ProvenFile) async throws -> [(BankStatement, Bool)] {
        defer { progress.finish() }
        var results: [(BankStatement, Bool)] = []
        for (statement, from) in file.statements {
            let place = [("tenant", tenant), ("account", statement.account), ("statement", statement.id)]
            let facts = StatementWords.facts(of: statement, from: from)
            let reply = try await send([try line(.statementPut, place + facts)], of: statement)
            let stands = reply?["closed"] == .flag(true)
            let prefix = try line(.statementLine, place)
            var left = statement.lineCount
            while left > 0 {
                let lines = try file.lines.next(min(left, Self.linesAtOnce))
                guard !lines.isEmpty else { break }
                left -= lines.count
                if !stands { _ = try await send(lines.map { "\(prefix) \($0)" }, of: statement) }
                sent += Int64(lines.count)
                progress.update(sent, "lines sent")
            }
            if !stands { _ = try await send([try line(.statementClose, place)], of: statement) }
            results.append((statement, !stands))
        }
        return results
    }

    /// The last reply. Throws where one is refused.
    private mutating func send(_ lines: [String], of statement: BankStatement) async throws -> Reply? {
        let replies = try await connection.exchange(lines)
        for reply in replies {
            guard let code = reply.code else { continue }
            throw UnprovenStatement(
                description: "\(path): statement \(printable(statement.id)): \(code): \(printable(reply.message))")
        }
        return replies.last
    }

    private func line(_ verb: Verb, _ arguments: [(String, String)]) throws(Misuse) -> String {
        do {
            return try LineWriter.line(verb: verb.rawValue, arguments: arguments)
        } catch {
            throw Misuse("\(path): \(error.message)")
        }
    }
}

/// Statements and their lines as arguments of the protocol.
enum StatementWords {
    static func facts(of statement: BankStatement, from: Day) -> [(String, String)] {
        [
            ("sequence", statement.sequence.map { "\($0)" }), ("currency", statement.currency),
            ("from", "\(from)"), ("to", "\(statement.to)"), ("opening", statement.opening.yuan),
            ("closing", statement.closing.yuan), ("digest", statement.digest),
        ].compactMap { name, value in value.map { (name, $0) } }
    }

    /// The arguments of a line, but for whose it is.
    static func words(of line: BankLine) throws(Misuse) -> String {
        let arguments: [(String, String?)] = [
            ("line", "\(line.number)"), ("booked", "\(line.booked)"), ("value", line.value.map { "\($0)" }),
            ("amount", line.amount.yuan), ("reference", text(line.reference)), ("end-to-end", text(line.endToEndID)),
            ("text", text(line.text)), ("counterparty", text(line.counterparty.name)),
            ("counterparty-account", text(line.counterparty.account)),
            ("transactions", line.transactionCount > 1 ? "\(line.transactionCount)" : nil),
            ("returned", line.isReturn || line.isReversal ? "yes" : nil),
        ]
        do {
            let verb = "L"
            let written = try LineWriter.line(
                verb: verb, arguments: arguments.compactMap { name, value in value.map { (name, $0) } })
            return String(written.dropFirst(verb.count + 1))
        } catch {
            throw Misuse("line \(line.line): \(error.message)")
        }
    }

    /// What the protocol takes for a text: at most 200 characters, none of them a control character.
    private static func text(_ text: String?) -> String? {
        guard let text else { return nil }
        let scalars = text.unicodeScalars.lazy.map { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars.prefix(200)))
    }
}
