/// The end-to-end reference of a payment: `GL47-8KQ2M9XA-000000012345`.
///
/// `GL`, two check digits, a tag of the tenant and the entry's number, 26 of the 35 characters that banks carry, all of
/// them `A-Z 0-9 -`. The check digits are those of ISO 7064 MOD 97-10, as in ISO 11649: a changed character or two
/// swapped neighbours never pass. The parts have fixed widths, so that the reference is found again where a bank has
/// dropped the hyphens or broken it across lines.
package struct PaymentReference: Sendable, Hashable {
    /// 999,999,999,999: what twelve digits hold.
    package static let mostEntry: Int64 = 999_999_999_999
    /// Without hyphens.
    static let width = 24
    static let tagWidth = 8
    static let entryWidth = 12

    /// 40 bits that tell tenants apart; the name cannot be had back from it.
    let tag: UInt64
    /// The entry's place in its tenant's journal.
    package let entry: Int64

    /// nil where `entry` is not from 1 to ``mostEntry``.
    package init?(tenant: String, entry: Int64) {
        guard (1...Self.mostEntry).contains(entry) else { return nil }
        tag = Self.tag(of: tenant)
        self.entry = entry
    }

    init(tag: UInt64, entry: Int64) {
        self.tag = tag
        self.entry = entry
    }

    /// The whole text must be a reference, with or without hyphens, in either case.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let (reference, end) = Self.read(bytes, from: 0), end == bytes.count else { return nil }
        self = reference
    }

    package func isOf(tenant: String) -> Bool { tag == Self.tag(of: tenant) }

    /// FNV-1a, then the finisher of SplitMix64: nothing secret, but always the same on every machine.
    private static func tag(of tenant: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in tenant.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        return (hash ^ (hash >> 31)) >> 24
    }
}

// MARK: - Text

extension PaymentReference: CustomStringConvertible {
    /// Crockford's base 32, without the letters that are taken for digits.
    static let tagAlphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    package var description: String {
        let text = compact
        return "\(text.prefix(4))-\(text.dropFirst(4).prefix(Self.tagWidth))-\(text.suffix(Self.entryWidth))"
    }

    /// Without hyphens; what ``ComparableText`` makes of the reference.
    var compact: String {
        let body = self.body
        let check = 98 - Self.remainder(of: body + Array("GL00".utf8))
        let digits = [UInt8(ascii: "0") + UInt8(check / 10), UInt8(ascii: "0") + UInt8(check % 10)]
        return String(decoding: Array("GL".utf8) + digits + body, as: UTF8.self)
    }

    private var body: [UInt8] {
        var bytes: [UInt8] = []
        for place in (0..<Self.tagWidth).reversed() {
            bytes.append(Self.tagAlphabet[Int(tag >> (5 * UInt64(place)) & 31)])
        }
        let digits = String(entry)
        return bytes + Array(String(repeating: "0", count: Self.entryWidth - digits.utf8.count).utf8)
            + Array(digits.utf8)
    }

    /// Of the number that the characters spell, letters standing for 10 to 35, when divided by 97.
    static func remainder(of bytes: [UInt8]) -> Int {
        bytes.reduce(0) { rest, byte in
            byte < UInt8(ascii: "A")
                ? (rest * 10 + Int(byte - UInt8(ascii: "0"))) % 97
                : (rest * 100 + Int(byte - UInt8(ascii: "A")) + 10) % 97
        }
    }
}
