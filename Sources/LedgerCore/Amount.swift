/// A sum of money in whole fen (1 yuan = 100 fen).
///
/// What a request may name lies between one fen and ``maximum``; a balance lies between zero and ``maximum``. A
/// difference of two balances may be negative. A thousand amounts can be added before `Int64` would overflow, and every
/// balance is held to ``maximum`` when it is posted, so that plain sums of a few of them are safe.
package struct Amount: Sendable, Hashable, Comparable {
    package var fen: Int64

    package init(fen: Int64) { self.fen = fen }

    package static let zero = Amount(fen: 0)
    /// 90,000,000,000,000.00 yuan.
    package static let maximum = Amount(fen: 9_000_000_000_000_000)

    package static func < (left: Amount, right: Amount) -> Bool { left.fen < right.fen }
    package static func + (left: Amount, right: Amount) -> Amount { Amount(fen: left.fen + right.fen) }
    package static func - (left: Amount, right: Amount) -> Amount { Amount(fen: left.fen - right.fen) }
    package static prefix func - (amount: Amount) -> Amount { Amount(fen: -amount.fen) }
    package static func += (left: inout Amount, right: Amount) { left.fen += right.fen }
    package static func -= (left: inout Amount, right: Amount) { left.fen -= right.fen }

    package var isNegative: Bool { fen < 0 }
    /// The amount, or zero where it is below.
    package var notBelowZero: Amount { fen < 0 ? .zero : self }
}

extension Amount {
    /// What a text says of an amount.
    package enum Reading: Sendable, Hashable {
        case amount(Amount)
        /// Well written, and above ``Amount/maximum``.
        case tooLarge
        case malformed
    }

    /// Reads `500000`, `500000.5` or `500000.00`: digits, or digits, a point and one or two digits; nothing else. Zero
    /// is read too; who may not have it says so.
    package static func read(yuan text: some StringProtocol) -> Reading {
        var fen: Int64 = 0
        var digits = 0
        var decimals: Int?
        var isTooLarge = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: ".") {
                guard decimals == nil, digits > 0 else { return .malformed }
                decimals = 0
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return .malformed }
            if let count = decimals {
                guard count < 2 else { return .malformed }
                decimals = count + 1
            }
            digits += 1
            if !isTooLarge { fen = fen * 10 + Int64(byte - UInt8(ascii: "0")) }
            isTooLarge = isTooLarge || fen > Amount.maximum.fen
        }
        guard digits > 0, decimals != 0 else { return .malformed }
        if isTooLarge { return .tooLarge }
        for _ in (decimals ?? 0)..<2 { fen *= 10 }
        return fen <= Amount.maximum.fen ? .amount(Amount(fen: fen)) : .tooLarge
    }

    /// nil for what is malformed or too large.
    package init?(yuan text: some StringProtocol) {
        guard case .amount(let amount) = Amount.read(yuan: text) else { return nil }
        self = amount
    }

    /// Yuan with two decimals, as every reply shows them: `8000000.00`.
    package var yuan: String {
        let magnitude = fen.magnitude
        let cents = magnitude % 100
        return "\(fen < 0 ? "-" : "")\(magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
    }
}

extension Amount: CustomStringConvertible {
    package var description: String { yuan }
}

extension Sequence where Element == Amount {
    package func sum() -> Amount { reduce(.zero, +) }
}
