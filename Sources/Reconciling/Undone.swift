import LedgerCore

/// The pairings that people have undone. A line does not name a payment that it was parted from.
struct Undone {
    private let pairings: Set<Pairing>
    private let lines: Set<LineID>
    private let entries: Set<Int64>

    init(_ pairings: Set<Pairing>) {
        self.pairings = pairings
        lines = Set(pairings.map(\.line))
        entries = Set(pairings.map(\.entry))
    }

    func parts(_ payment: Payment, _ line: StatementLine) -> Bool {
        !pairings.isEmpty && pairings.contains(Pairing(entry: payment.entry, line: line.id))
    }

    func concerns(_ line: StatementLine) -> Bool { !lines.isEmpty && lines.contains(line.id) }

    func concerns(_ payment: Payment) -> Bool { !entries.isEmpty && entries.contains(payment.entry) }
}

/// Which way money moves.
enum Flow: Int, CaseIterable {
    case outward
    case inward

    init(_ amount: Amount) { self = amount.isNegative ? .outward : .inward }

    var opposite: Flow { self == .outward ? .inward : .outward }
}
