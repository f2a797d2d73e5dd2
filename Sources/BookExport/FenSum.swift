package import LedgerCore

/// A sum of any number of amounts. A balance is bounded, turnovers over a long journal are not.
package struct FenSum: Sendable, Hashable {
    package private(set) var fen: Int128

    package init(fen: Int128 = 0) { self.fen = fen }

    package static func += (sum: inout FenSum, amount: Amount) { sum.fen += Int128(amount.fen) }
    package static func += (sum: inout FenSum, other: FenSum) { sum.fen += other.fen }
    package static func - (left: FenSum, right: FenSum) -> FenSum { FenSum(fen: left.fen - right.fen) }

    /// Yuan with two decimals: `-5000000.00`.
    package var yuan: String {
        let (yuan, cents) = fen.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(fen < 0 ? "-" : "")\(yuan).\(cents < 10 ? "0" : "")\(cents)"
    }
}

/// What was posted to an account or to several.
package struct Turnover: Sendable, Hashable {
    package var debits: FenSum
    package var credits: FenSum

    package init(debits: FenSum = FenSum(), credits: FenSum = FenSum()) {
        self.debits = debits
        self.credits = credits
    }

    /// Debits less credits.
    package var balance: FenSum { debits - credits }

    package static func += (left: inout Turnover, right: Turnover) {
        left.debits += right.debits
        left.credits += right.credits
    }
}
