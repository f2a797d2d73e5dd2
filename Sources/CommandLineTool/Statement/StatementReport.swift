import BankStatements
import LedgerCore

/// What came of the statements that were read, and where each account has come to.
struct StatementReport {
    private(set) var table = TextTable(columns: [
        .init(title: "statement", alignment: .left), .init(title: "account", alignment: .left),
        .init(title: "from", alignment: .left), .init(title: "to", alignment: .left),
        .init(title: "opening", alignment: .right), .init(title: "credits", alignment: .right),
        .init(title: "debits", alignment: .right), .init(title: "closing", alignment: .right),
        .init(title: "lines", alignment: .right), .init(title: "skipped", alignment: .right),
        .init(title: "result", alignment: .left),
    ])
    private let printsLines: Bool
    private var seen: [StatementIdentity] = []
    private var places: [String: StatementPlace] = [:]
    private var count: Int64 = 0
    private var progress = LongRun()

    init(printsLines: Bool) { self.printsLines = printsLines }

    mutating func receive(_ event: StatementEvent, from file: String) throws {
        switch event {
        case .line(let line):
            count += 1
            progress.update(count, "lines")
            if printsLines { Terminal.write([Self.text(line)]) }
        case .statement(let statement):
            try receive(statement, from: file)
        }
    }

    func finish() { progress.finish() }

    private mutating func receive(_ statement: BankStatement, from file: String) throws {
        for earlier in seen {
            switch statement.identity.relation(to: earlier) {
            case .other: continue
            case .same: return add(statement, "seen before")
            case .contradiction:
                throw UnprovenStatement(
                    description: "\(file): line \(statement.line): statement \(printable(statement.id)) of account "
                        + "\(printable(statement.account)) was read before with other lines; ask the bank which stands")
            }
        }
        if let place = places[statement.account] { try statement.prove(follows: place) }
        seen.append(statement.identity)
        places[statement.account] = statement.place
        add(statement, "proved")
    }

    private mutating func add(_ statement: BankStatement, _ result: String) {
        table.add([
            statement.id, statement.account, "\(statement.from)", "\(statement.to)", statement.opening.yuan,
            statement.credits.yuan, statement.debits.yuan, statement.closing.yuan, "\(statement.lineCount)",
            "\(statement.skippedEntries)", result,
        ])
    }

    /// Booked, amount, reference, other side and text, with tabs between them.
    private static func text(_ line: BankLine) -> String {
        [
            "\(line.booked)", line.amount.yuan, line.endToEndID ?? line.reference ?? "-",
            line.counterparty.name ?? line.counterparty.account ?? "-", line.isReturn ? "returned" : "-",
            line.text ?? "-",
        ].map(printable).joined(separator: "\t")
    }
}
