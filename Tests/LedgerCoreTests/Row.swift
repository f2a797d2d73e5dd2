import LedgerCore
import Testing

/// One line of a table: a command, an arrow, and what must come of it.
///
/// `COMMIT A1 pilot P1 4000000 2023-07-01 -> + remaining=4000000`, or `… -> CAP_EXCEEDED limit=8000000`.
/// No arrow: accepted.
/// Empty lines and those that begin with `#` are passed over.
struct Row: Sendable, CustomTestStringConvertible {
    let command: String
    let expectation: Expectation

    var testDescription: String { "\(command) -> \(expectation.code)" }

    static func table(_ text: String) -> [Row] {
        text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "->", maxSplits: 1).map {
                $0.split(separator: " ").joined(separator: " ")
            }
            guard let command = parts.first, !command.isEmpty, !command.hasPrefix("#") else { return nil }
            return Row(command: command, expectation: Expectation(parts.count == 2 ? parts[1] : "+"))
        }
    }
}

/// `+` or a code, and figures of the reply: `+ committed=500 window.open=true entry=absent`.
struct Expectation: Sendable {
    let code: String
    let figures: [(path: String, value: String)]

    init(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        code = words.first ?? ""
        figures = words.dropFirst().map { word in
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            return (parts[0], parts.count == 2 ? parts[1] : "")
        }
    }

    func check(_ outcome: Outcome, of command: String, sourceLocation: SourceLocation) {
        let answer = "\(command): \(outcome.refusal?.message ?? "")"
        #expect(outcome.refusal?.code.name ?? "+" == code, "\(answer)", sourceLocation: sourceLocation)
        for (path, value) in figures {
            let found = Expectation.text(.object(outcome.fields), at: path.split(separator: ".").map(String.init)[...])
            let wanted = Amount(yuan: value).flatMap { found.contains(".") ? $0.yuan : nil } ?? value
            #expect(found == wanted, "\(path) of \(answer)", sourceLocation: sourceLocation)
        }
    }

    private static func text(_ value: JSONValue, at path: ArraySlice<String>) -> String {
        switch value {
        case .null: "null"
        case .flag(let flag): String(flag)
        case .number(let number): String(number)
        case .text(let text): text
        case .amount(let amount): amount.yuan
        case .list(let values):
            if let index = path.first.flatMap(Int.init), values.indices.contains(index) {
                text(values[index], at: path.dropFirst())
            } else {
                "\(values.count) values"
            }
        case .object(let fields):
            fields.first { $0.name == path.first }.map { text($0.value, at: path.dropFirst()) } ?? "absent"
        }
    }
}
