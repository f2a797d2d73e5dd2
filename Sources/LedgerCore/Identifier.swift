/// What names may look like.
package enum Identifier {
    package static let longest = 64

    /// 1 to 64 of `A-Z a-z 0-9 . _ : / -`, case-sensitive.
    package static func isValid(_ text: String) -> Bool { isValid(text.utf8) }
    package static func isValid(_ text: Substring) -> Bool { isValid(text.utf8) }

    @inline(__always)
    private static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
        (1...longest).contains(bytes.count)
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
                    UInt8(ascii: "/"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

/// The unified social credit code of a Chinese legal person (GB 32100-2015): 17 characters and a check character.
package enum CreditCode {
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    private static let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

    package static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 18 else { return false }
        var sum = 0
        for (byte, weight) in zip(bytes, weights) {
            guard let value = alphabet.firstIndex(of: byte) else { return false }
            sum += value * weight
        }
        return alphabet[(31 - sum % 31) % 31] == bytes[17]
    }
}
