/// Which of ISO 20022's customer credit transfer messages is written. They differ in their name space, in how a bank's
/// BIC is called and looks, and in that a day may be a time.
package enum PaymentOrderVersion: String, Sendable, Hashable, CaseIterable {
    /// Of 2009, which nearly every bank still reads.
    case pain00100103 = "pain.001.001.03"
    /// Of 2019.
    case pain00100109 = "pain.001.001.09"

    var namespace: String { "urn:iso:std:iso:20022:tech:xsd:\(rawValue)" }

    var bicElement: StaticString {
        switch self {
        case .pain00100103: "BIC"
        case .pain00100109: "BICFI"
        }
    }

    /// Whether the day of execution stands in an element of its own, beside which a time could stand.
    var wrapsExecutionDay: Bool { self == .pain00100109 }

    /// 2009: six letters, a letter or 2 to 9, a letter other than O or a digit, and perhaps three more for the branch.
    /// 2019: four letters or digits, two letters of the country, two letters or digits, and perhaps the branch.
    func isBIC(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 8 || bytes.count == 11 else { return false }
        return bytes.enumerated().allSatisfy { place, byte in
            let isLetter = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            return switch (self, place) {
            case (.pain00100103, 0...5), (.pain00100109, 4...5): isLetter
            case (.pain00100103, 6): isLetter || (isDigit && byte > UInt8(ascii: "1"))
            case (.pain00100103, 7): (isLetter && byte != UInt8(ascii: "O")) || isDigit
            default: isLetter || isDigit
            }
        }
    }
}
