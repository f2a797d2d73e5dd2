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

    /// Reads what ``text(_:)`` wrote; nil for anything else, and for what is not `count` bytes.
    package static func bytes(_ text: String, count: Int) -> [UInt8]? {
        guard text.utf8.count == count * 2 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var high: UInt8?
        for character in text.utf8 {
            let digit: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
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
    /// Reads what ``text`` wrote; nil for anything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 27, let day = Day(String(decoding: bytes[..<10], as: UTF8.self)) else { return nil }
        var figures: (hour: Int64, minute: Int64, second: Int64, microsecond: Int64) = (0, 0, 0, 0)
        for (place, byte) in bytes.enumerated().dropFirst(10) {
            let digit = Int64(byte) - Int64(UInt8(ascii: "0"))
            switch (place, byte) {
            case (10, UInt8(ascii: "T")), (13, UInt8(ascii: ":")), (16, UInt8(ascii: ":")), (19, UInt8(ascii: ".")),
                (26, UInt8(ascii: "Z")):
                break
            case (11...12, _) where 0...9 ~= digit: figures.hour = figures.hour * 10 + digit
            case (14...15, _) where 0...9 ~= digit: figures.minute = figures.minute * 10 + digit
            case (17...18, _) where 0...9 ~= digit: figures.second = figures.second * 10 + digit
            case (20...25, _) where 0...9 ~= digit: figures.microsecond = figures.microsecond * 10 + digit
            default: return nil
            }
        }
        guard figures.hour < 24, figures.minute < 60, figures.second < 60 else { return nil }
        let seconds = ((Int64(day.number) * 24 + figures.hour) * 60 + figures.minute) * 60 + figures.second
        self.init(microseconds: seconds * 1_000_000 + figures.microsecond)
    }
}
