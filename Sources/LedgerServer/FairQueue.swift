/// Lines that are served in turn, so that a long one holds up no other. Within a line the first to come is the first to
/// be served.
struct FairQueue<Element: Sendable>: Sendable {
    private struct Line {
        var elements: [Element]
        var served = 0

        /// What was served is thrown away now and then, not each time.
        mutating func serve(upTo end: Int) {
            served = end
            guard served >= 4_096, served * 2 >= elements.count else { return }
            elements.removeFirst(served)
            served = 0
        }
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
        line.serve(upTo: line.served)
        lines[name] = line
    }

    /// Takes elements of the line whose turn it is for as long as `fits`, which is asked of each in their order; none
    /// where the first one does not fit, or nothing waits.
    mutating func takeRun(_ fits: (Element) -> Bool) -> (line: String, elements: ArraySlice<Element>) {
        guard let name = turns.first, let index = lines.index(forKey: name) else { return ("", []) }
        let line = lines.values[index]
        var end = line.served
        while end < line.elements.count, fits(line.elements[end]) { end += 1 }
        if end == line.elements.count {
            lines.remove(at: index)
            turns.removeFirst()
        } else {
            lines.values[index].serve(upTo: end)
        }
        return (name, line.elements[line.served..<end])
    }

    /// The next line's turn, unless that line is at its end and has had it.
    mutating func pass(after line: String) {
        if turns.first == line { pass() }
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
