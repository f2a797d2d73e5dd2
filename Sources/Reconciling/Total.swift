package import LedgerCore

/// A sum of amounts in whole fen, signed, exact for any number of them: no count of statement lines can overflow it.
package struct Total: Sendable, Hashable, Comparable {
    package let fen: Int128

    package init(fen: Int128) { self.fen = fen }
    package init(_ amount: Amount) { fen = Int128(amount.fen) }

    package static let zero = Total(fen: 0)

    package static func < (left: Total, right: Total) -> Bool { left.fen < right.fen }
    package static func + (left: Total, right: Total) -> Total { Total(fen: left.fen + right.fen) }
    package static func - (left: Total, right: Total) -> Total { Total(fen: left.fen - right.fen) }
    package static prefix func - (total: Total) -> Total { Total(fen: -total.fen) }
    package static func += (left: inout Total, right: Total) { left = left + right }

    /// Without its sign.
    package var magnitude: Total { fen < 0 ? -self : self }
}

extension Total: CustomStringConvertible {
    /// Yuan with two decimals: `-8000000.05`.
    package var description: String {
        let magnitude = fen.magnitude
        let cents = magnitude % 100
        return "\(fen < 0 ? "-" : "")\(magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
    }
}

extension Sequence where Element == Amount {
    package func total() -> Total { Total(fen: reduce(0) { $0 + Int128($1.fen) }) }
}

extension Sequence where Element == Total {
    package func total() -> Total { reduce(.zero, +) }
}
