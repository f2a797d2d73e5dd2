import LedgerCore

/// A sum of any number of amounts. A balance is bounded, but turnovers and sums over many awards are not.
struct Total: Equatable {
    private var fen: Int128 = 0

    init() {}

    /// From PostgreSQL's numeric as text, in fen.
    init?(fen text: String) {
        guard let fen = Int128(text) else { return nil }
        self.fen = fen
    }

    static func += (total: inout Total, amount: Amount) { total.fen += Int128(amount.fen) }
    static func += (total: inout Total, other: Total) { total.fen += other.fen }

    /// As an amount is shown, also where it is too large to be one.
    var shown: JSONValue {
        if let fen = Int64(exactly: fen) { return .amount(Amount(fen: fen)) }
        let cents = String(fen.magnitude % 100)
        return .text("\(fen < 0 ? "-" : "")\(fen.magnitude / 100).\(cents.count == 1 ? "0" : "")\(cents)")
    }
}

extension Sequence<Amount> {
    var total: Total { reduce(into: Total()) { $0 += $1 } }
}
