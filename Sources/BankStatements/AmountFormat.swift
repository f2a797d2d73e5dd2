import LedgerCore

/// How a file writes sums of money. Read digit by digit, so that nothing is ever rounded.
struct AmountFormat: Sendable, Hashable {
    var decimalMark = UInt8(ascii: ".")
    /// Stands between groups of three digits; nil where the file groups none.
    var thousandsMark: UInt8?

    /// Reads digits with a sign before them or none, and decimals, of which those after the second are zero.
    func amount(_ text: String) throws(StatementError) -> Amount {
        var bytes = text.utf8[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
        let parts = bytes.split(separator: decimalMark, maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? Array(parts[1]) : []
        guard let whole = parts.first.flatMap(ungrouped), decimals.allSatisfy(Self.isDigit),
            !whole.isEmpty || !decimals.isEmpty
        else {
            throw StatementError(.amount, "this is not an amount", value: text, "write it as \(example)")
        }
        guard decimals.dropFirst(2).allSatisfy({ $0 == UInt8(ascii: "0") }) else {
            throw StatementError(
                .amount, "an amount with more than two decimals", value: text, "no sum is smaller than one fen")
        }
        var fen: Int64 = 0
        for digit in whole + [0, 1].map({ decimals.count > $0 ? decimals[$0] : UInt8(ascii: "0") }) {
            fen = fen * 10 + Int64(digit - UInt8(ascii: "0"))
            guard fen <= Amount.maximum.fen else {
                throw StatementError(
                    .amount, "an amount above \(Amount.maximum) yuan", value: text, "check the file")
            }
        }
        return Amount(fen: isNegative ? -fen : fen)
    }

    private var example: String {
        let mark = String(UnicodeScalar(decimalMark))
        return thousandsMark.map { "1\(UnicodeScalar($0))234\(mark)50 or 1234\(mark)50" } ?? "1234\(mark)50"
    }

    /// The digits of a whole number; nil where something else is among them, or the groups are not of three.
    private func ungrouped(_ bytes: Substring.UTF8View) -> [UInt8]? {
        guard let thousandsMark, bytes.contains(thousandsMark) else {
            return bytes.allSatisfy(Self.isDigit) ? Array(bytes) : nil
        }
        let groups = bytes.split(separator: thousandsMark, omittingEmptySubsequences: false)
        guard groups.allSatisfy({ $0.allSatisfy(Self.isDigit) }), groups.dropFirst().allSatisfy({ $0.count == 3 }),
            let first = groups.first, (1...3).contains(first.count)
        else { return nil }
        return groups.flatMap(Array.init)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
