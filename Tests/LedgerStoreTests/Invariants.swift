import Foundation
import Postgres
import Testing

/// SQL/invariants.sql, statement by statement.
enum Invariants {
    static let statements: [String] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "SQL/invariants.sql")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.components(separatedBy: ";\n").filter { !$0.allSatisfy(\.isWhitespace) }
    }()

    /// What the queries find, by their names; each is of a row that should not be.
    static func violations(in database: TestDatabase) throws -> [String] {
        var connection = try database.connect()
        var found: [String] = []
        for statement in statements {
            let rows = try connection.query(statement)
            if rows.count > 0 { found.append("\(try rows.text(0, 0)): \(rows.count) rows") }
        }
        return found
    }

    /// Queries, without what only makes names for them.
    static var queryCount: Int { statements.filter { $0.contains("AS invariant") }.count }
}
