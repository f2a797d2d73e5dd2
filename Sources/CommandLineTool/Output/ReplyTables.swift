import LedgerCore
import LineProtocol

/// A reply as people read it: single values as two columns, lists of objects as tables below them. Amounts stand as
/// they are typed, without grouping, under each other.
struct ReplyTables {
    private static let widestList = 32

    private let values: [(name: String, cell: Cell)]
    private let tables: [(name: String, rows: [[JSONText.Member]])]

    init(_ fields: [JSONText.Member]) {
        var values: [(String, Cell)] = []
        var tables: [(String, [[JSONText.Member]])] = []
        for field in Self.flattened(fields) {
            if case .list(let items) = field.value, let rows = Self.rows(items) {
                tables.append((field.name, rows))
            } else {
                values.append((field.name, Cell(field.value)))
            }
        }
        self.values = values
        self.tables = tables
    }

    var lines: [String] {
        var blocks: [[String]] = values.isEmpty ? [] : [valueLines]
        for (name, rows) in tables {
            // A reply that is one list needs no heading.
            let heading = values.isEmpty && tables.count == 1 ? [] : [name]
            blocks.append(heading + (rows.isEmpty ? ["(none)"] : Self.table(rows).lines))
        }
        return Array(blocks.joined(separator: [""]))
    }

    // MARK: Single values

    private var valueLines: [String] {
        let widest = values.filter(\.cell.isNumber).map { displayWidth($0.cell.text) }.max() ?? 0
        var table = TextTable(columns: [.init(title: "", alignment: .left), .init(title: "", alignment: .left)])
        for (name, cell) in values {
            let padding = cell.isNumber ? String(repeating: " ", count: widest - displayWidth(cell.text)) : ""
            table.add([name, padding + cell.text])
        }
        return table.lines
    }

    // MARK: Lists

    private static func table(_ rows: [[JSONText.Member]]) -> TextTable {
        var names: [String] = []
        let flat = rows.map { flattened($0) }
        for field in flat.joined() where !names.contains(field.name) { names.append(field.name) }
        let cells = flat.map { fields in
            names.map { name in
                fields.first { $0.name == name }.map { Cell($0.value) } ?? Cell(text: "", isNumber: false)
            }
        }
        var table = TextTable(
            columns: names.indices.map { index in
                let column = cells.map { $0[index] }
                let isNumeric =
                    column.contains(where: \.isNumber) && column.allSatisfy { $0.isNumber || $0.text.count <= 1 }
                return .init(title: names[index], alignment: isNumeric ? .right : .left)
            })
        for row in cells { table.add(row.map(\.text)) }
        return table
    }

    /// The objects of a list; nil where it holds anything else.
    private static func rows(_ items: [JSONText]) -> [[JSONText.Member]]? {
        var rows: [[JSONText.Member]] = []
        for item in items {
            guard case .object(let fields) = item else { return nil }
            rows.append(fields)
        }
        return rows
    }

    /// Objects inside become fields of their own: `window.from`.
    private static func flattened(_ fields: [JSONText.Member]) -> [JSONText.Member] {
        fields.flatMap { field -> [JSONText.Member] in
            guard case .object(let inner) = field.value else { return [field] }
            return flattened(inner).map { JSONText.Member("\(field.name).\($0.name)", $0.value) }
        }
    }

    /// One value as text.
    private struct Cell {
        let text: String
        let isNumber: Bool

        init(text: String, isNumber: Bool) {
            self.text = text
            self.isNumber = isNumber
        }

        init(_ value: JSONText) {
            switch value {
            case .null: self.init(text: "-", isNumber: false)
            case .flag(let flag): self.init(text: flag ? "yes" : "no", isNumber: false)
            case .number(let number): self.init(text: number, isNumber: true)
            case .text(let text): self.init(text: text, isNumber: Cell.isAmount(text))
            case .object(let fields): self.init(text: "\(fields.count) fields", isNumber: false)
            case .list(let items): self.init(text: Cell.list(items), isNumber: false)
            }
        }

        /// Digits, a point and two digits: an amount of a reply, or a negative difference.
        private static func isAmount(_ text: String) -> Bool {
            let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
            return digits.utf8.count > 3 && digits.utf8.dropLast(2).last == UInt8(ascii: ".")
                && Amount(yuan: digits) != nil
        }

        /// The items with commas between; of many, the first ones and how many there are.
        private static func list(_ items: [JSONText]) -> String {
            if items.contains(where: { if case .object = $0 { true } else { false } }) { return String(items.count) }
            let texts = items.map { Cell($0).text }
            let whole = texts.joined(separator: ", ")
            guard displayWidth(whole) > widestList, texts.count > 2 else { return whole }
            var shown = texts.count
            var text = whole
            while shown > 1, displayWidth(text) > widestList {
                shown -= 1
                text = texts.prefix(shown).joined(separator: ", ") + ", … (\(texts.count))"
            }
            return text
        }
    }
}
