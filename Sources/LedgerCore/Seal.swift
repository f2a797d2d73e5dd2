/// A daemon's signature (Ed25519, RFC 8032) under a tenant's journal as it stood at a moment.
///
/// The hash of an entry covers all entries before it, and so does the seal of that hash.
package struct Seal: Sendable, Hashable {
    package var tenant: String
    /// The entry that was the journal's last.
    package var sequence: Int64
    /// That entry's, 32 bytes.
    package var hash: [UInt8]
    package var sealedAt: Moment
    /// 32 bytes.
    package var publicKey: [UInt8]
    /// 64 bytes, over ``signedText``.
    package var signature: [UInt8]

    package init(
        tenant: String, sequence: Int64, hash: [UInt8], sealedAt: Moment, publicKey: [UInt8], signature: [UInt8]
    ) {
        self.tenant = tenant
        self.sequence = sequence
        self.hash = hash
        self.sealedAt = sealedAt
        self.publicKey = publicKey
        self.signature = signature
    }

    /// The bytes that are signed, in text that people can read; each part is a line.
    package var signedText: String {
        Seal.signedText(tenant: tenant, sequence: sequence, hash: hash, sealedAt: sealedAt)
    }

    /// The bytes to sign.
    package static func signedText(tenant: String, sequence: Int64, hash: [UInt8], sealedAt: Moment) -> String {
        """
        grantledger-seal-1
        \(tenant)
        \(sequence)
        \(Hexadecimal.text(hash))
        \(sealedAt.microseconds)

        """
    }

    /// As replies and exports show it.
    package var fields: [Field] {
        [
            Field("tenant", .text(tenant)), Field("seq", .number(sequence)),
            Field("hash", .text(Hexadecimal.text(hash))), Field("sealed-at", .text(sealedAt.text)),
            Field("public-key", .text(Hexadecimal.text(publicKey))),
            Field("signature", .text(Hexadecimal.text(signature))),
        ]
    }
}

/// Bytes as text: two digits each, `a` to `f` small.
package enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    package static func text(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { text in
            for (place, byte) in bytes.enumerated() {
                text.initializeElement(at: place * 2, to: digits[Int(byte >> 4)])
                text.initializeElement(at: place * 2 + 1, to: digits[Int(byte & 15)])
            }
            return bytes.count * 2
        }
    }

    /// nil where `text` is not exactly `count` bytes. Capital letters are read too.
    package static func bytes(_ text: some StringProtocol, count: Int) -> [UInt8]? {
        guard text.utf8.count == count * 2 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var high: UInt8?
        for character in text.utf8 {
            let digit: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }
}

extension Moment {
    /// Reads what ``text`` wrote, and nothing else.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count == 27, let day = Day(String(Substring(bytes.prefix(10)))) else { return nil }
        func figure(_ place: Int, _ digits: Int) -> Int64? { Int64(Substring(bytes.dropFirst(place).prefix(digits))) }
        guard let hour = figure(11, 2), let minute = figure(14, 2), let second = figure(17, 2),
            let fraction = figure(20, 6)
        else { return nil }
        let seconds = Int64(day.number) * 86_400 + hour * 3_600 + minute * 60 + second
        self.init(microseconds: seconds * 1_000_000 + fraction)
        // What is written in any other way, such as 24:00, is the text of another moment or of none.
        guard self.text.utf8.elementsEqual(bytes) else { return nil }
    }
}
