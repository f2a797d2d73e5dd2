/// Rows of text under aligned columns.
struct TextTable {
    enum Alignment { case left, right }

    struct Column {
        let title: String
        let alignment: Alignment
    }

    let columns: [Column]
    /// As many cells as there are columns.
    private(set) var rows: [[String]] = []

    init(columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [String]) {
        rows.append(columns.indices.map { $0 < cells.count ? printable(cells[$0]) : "" })
    }

    /// A line of titles (left out where all are empty), then a line for each row; two spaces between columns, none at
    /// the end of a line.
    var lines: [String] {
        let titles = columns.map(\.title)
        let head = titles.allSatisfy(\.isEmpty) ? [] : [titles]
        let widths = columns.indices.map { index in (head + rows).map { displayWidth($0[index]) }.max() ?? 0 }
        return (head + rows).map { cells in
            var line = ""
            for (index, cell) in cells.enumerated() {
                let padding = String(repeating: " ", count: widths[index] - displayWidth(cell))
                line += index > 0 ? "  " : ""
                line += columns[index].alignment == .right ? padding + cell : cell + padding
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
