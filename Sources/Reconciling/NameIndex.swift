import LedgerCore

/// What a line says it stands for.
enum LineNames: Equatable {
    case nothing
    /// A well-made reference that no payment of the account has: another tenant's, or of an entry that was reversed.
    case stranger
    /// The place of a reference.
    case one(Int)
    /// The places of references, ascending, each once.
    case several([Int])
    /// The place of a batch.
    case batch(Int)
}

/// The payments that go by one reference or one batch, and the lines that name it; all by their places, ascending.
struct Named {
    var payments: [Int] = []
    /// They name this and nothing else.
    var lines: [Int] = []
    /// They name it among others.
    var sharedLines: [Int] = []
}

/// Finds what is named. A reference mostly has one payment; two where that payment was given back.
struct NameIndex {
    private(set) var references: [Named] = []
    private(set) var batches: [Named] = []
    /// Of each payment; nil where it has none.
    private(set) var referenceOfPayment: [Int?] = []
    private var referencePlaces: [String: Int] = [:]
    private var batchPlaces: [String: Int] = [:]

    init(tenant: String, payments: [Payment]) {
        referenceOfPayment.reserveCapacity(payments.count)
        for (place, payment) in payments.enumerated() {
            let reference = Self.key(of: payment, tenant: tenant).map {
                Self.place(of: $0, in: &referencePlaces, &references)
            }
            referenceOfPayment.append(reference)
            if let reference { references[reference].payments.append(place) }
            if let key = ComparableText.of(payment.batch) {
                batches[Self.place(of: key, in: &batchPlaces, &batches)].payments.append(place)
            }
        }
    }

    /// Lines must come in the order of their places.
    mutating func add(_ line: StatementLine, at place: Int) -> LineNames {
        let names = read(line)
        switch names {
        case .nothing, .stranger: break
        case .one(let reference): references[reference].lines.append(place)
        case .several(let places): for reference in places { references[reference].sharedLines.append(place) }
        case .batch(let batch): batches[batch].lines.append(place)
        }
        return names
    }

    /// A payment that goes by no other reference goes by that of its entry, and a return by that of what it gives back.
    private static func key(of payment: Payment, tenant: String) -> String? {
        stated(payment.reference)
            ?? PaymentReference(tenant: tenant, entry: payment.givesBack ?? payment.entry)?.compact
    }

    /// ISO 20022 has a word for an end-to-end reference that is none.
    private static func stated(_ reference: String?) -> String? {
        let key = ComparableText.of(reference)
        return key == "NOTPROVIDED" ? nil : key
    }

    private static func place(of key: String, in places: inout [String: Int], _ named: inout [Named]) -> Int {
        if let place = places[key] { return place }
        places[key] = named.count
        named.append(Named())
        return named.count - 1
    }
}

// MARK: - Reading a line

extension NameIndex {
    private struct Found {
        var known: Set<Int> = []
        var hasStranger = false

        var isEmpty: Bool { known.isEmpty && !hasStranger }
    }

    /// The field for the reference comes before the text, and the batch before both where the line stands for several.
    private func read(_ line: StatementLine) -> LineNames {
        let batch = ComparableText.of(line.batch).flatMap { batchPlaces[$0] }
        if let batch, line.transactionCount > 1 { return .batch(batch) }
        var found = Found()
        look(in: line.endToEndID, &found)
        if found.isEmpty || line.transactionCount > 1 { look(in: line.text, &found) }
        if let first = found.known.first {
            return found.known.count == 1 ? .one(first) : .several(found.known.sorted())
        }
        if let batch { return .batch(batch) }
        return found.hasStranger ? .stranger : .nothing
    }

    private func look(in text: String?, _ found: inout Found) {
        guard let text, let key = Self.stated(text) else { return }
        if let place = referencePlaces[key] {
            found.known.insert(place)
            return
        }
        for reference in PaymentReference.found(in: text) {
            if let place = referencePlaces[reference.compact] {
                found.known.insert(place)
            } else {
                found.hasStranger = true
            }
        }
    }
}
