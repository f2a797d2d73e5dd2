/// The lines that returns name as what they undo, by the bank's own reference and the way the money went.
struct OriginalIndex {
    struct Key: Hashable {
        let reference: String
        let flow: Flow
    }

    enum Original {
        /// The place of an open line.
        case line(Int)
        /// The places of the payments that were matched with it earlier.
        case payments([Int], of: LineID)
    }

    private enum Entry {
        case line(Int)
        case payments([Int], of: LineID)
        case unclear
    }

    private var entries: [Key: Entry] = [:]

    /// `earlier` are lines that were matched, each with the place of its payment.
    init(open lines: [StatementLine], earlier: [(line: StatementLine, payment: Int)]) {
        let wanted = Set(lines.compactMap(Self.key))
        guard !wanted.isEmpty else { return }
        for (place, line) in lines.enumerated() {
            guard let key = Self.ownKey(of: line), wanted.contains(key) else { continue }
            entries[key] = entries[key] == nil ? .line(place) : .unclear
        }
        for (line, payment) in earlier {
            guard let key = Self.ownKey(of: line), wanted.contains(key) else { continue }
            switch entries[key] {
            case nil: entries[key] = .payments([payment], of: line.id)
            case .payments(var payments, let id) where id == line.id:
                entries[key] = nil
                payments.append(payment)
                entries[key] = .payments(payments, of: id)
            default: entries[key] = .unclear
            }
        }
    }

    /// What the line says it undoes; nil where it says nothing, or nothing that is known for certain.
    func original(of line: StatementLine) -> Original? {
        guard !entries.isEmpty, let key = Self.key(of: line) else { return nil }
        switch entries[key] {
        case .line(let place): return .line(place)
        case .payments(let places, let id): return .payments(places, of: id)
        case .unclear, nil: return nil
        }
    }

    static func key(of line: StatementLine) -> Key? {
        ComparableText.of(line.originalReference).map { Key(reference: $0, flow: Flow(line.amount).opposite) }
    }

    private static func ownKey(of line: StatementLine) -> Key? {
        ComparableText.of(line.bankReference).map { Key(reference: $0, flow: Flow(line.amount)) }
    }
}
