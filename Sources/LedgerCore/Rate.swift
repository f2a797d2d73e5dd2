/// A share of a basis, held exactly in parts per million: 33.3333 % is 333,333.
package struct Rate: Sendable, Hashable {
    package let partsPerMillion: Int32

    /// At least 0.0001 % and at most 100 %; anything else is nil.
    package init?(partsPerMillion: Int32) {
        guard (1...1_000_000).contains(partsPerMillion) else { return nil }
        self.partsPerMillion = partsPerMillion
    }

    /// Reads `50%`, `5.25%`, `33.3333%`: at most four decimals, above 0 and at most 100.
    package init?(percent text: some StringProtocol) {
        guard text.hasSuffix("%") else { return nil }
        var value: Int64 = 0
        var digits = 0
        var decimals: Int?
        for byte in Array(text.utf8).dropLast() {
            if byte == UInt8(ascii: ".") {
                guard decimals == nil, digits > 0 else { return nil }
                decimals = 0
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            if let count = decimals {
                guard count < 4 else { return nil }
                decimals = count + 1
            }
            digits += 1
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            guard value <= 1_000_000 else { return nil }
        }
        guard digits > 0, decimals != 0 else { return nil }
        for _ in (decimals ?? 0)..<4 { value *= 10 }
        guard value <= 1_000_000 else { return nil }
        self.init(partsPerMillion: Int32(value))
    }

    /// This share of `basis`, rounded down to a fen; exact for every amount.
    package func share(of basis: Amount) -> Amount {
        let product = UInt64(basis.notBelowZero.fen).multipliedFullWidth(by: UInt64(partsPerMillion))
        return Amount(fen: Int64((1_000_000 as UInt64).dividingFullWidth(product).quotient))
    }

    /// `50%`, `33.3333%`: as few decimals as tell it exactly.
    package var percent: String {
        var decimals = String(partsPerMillion % 10_000)
        decimals = String(repeating: "0", count: 4 - decimals.count) + decimals
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(partsPerMillion / 10_000)\(decimals.isEmpty ? "" : ".")\(decimals)%"
    }
}
