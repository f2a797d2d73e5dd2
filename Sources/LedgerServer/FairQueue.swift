/// Lines that are served in turn, so that a long one holds up no other. Within a line the first to come is the first to
/// be served.
struct FairQueue<Element: Sendable>: Sendable {
    private struct Line {
        var elements: [Element]
        var served = 0
    }

    private var lines: [String: Line] = [:]
    /// The lines that have something, the one whose turn it is first.
    private var turns: [String] = []

    var isEmpty: Bool { turns.isEmpty }

    mutating func append(_ elements: [Element], to line: String) {
        guard !elements.isEmpty else { return }
        if lines[line] == nil { turns.append(line) }
        lines[line, default: Line(elements: [])].elements += elements
    }

    /// The first of the line whose turn it is.
    var first: (line: String, element: Element)? {
        guard let name = turns.first, let line = lines[name] else { return nil }
        return (name, line.elements[line.served])
    }

    mutating func removeFirst() {
        guard let name = turns.first, var line = lines.removeValue(forKey: name) else { return }
        line.served += 1
        if line.served == line.elements.count {
            turns.removeFirst()
            return
        }
        // What was served is thrown away now and then, not each time.
        if line.served >= 4_096, line.served * 2 >= line.elements.count {
            line.elements.removeFirst(line.served)
            line.served = 0
        }
        lines[name] = line
    }

    /// The next line's turn.
    mutating func pass() {
        guard turns.count > 1 else { return }
        turns.append(turns.removeFirst())
    }

    mutating func removeAll() -> [Element] {
        defer { (lines, turns) = ([:], []) }
        return lines.values.flatMap { $0.elements.dropFirst($0.served) }
    }
}
