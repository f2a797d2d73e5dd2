import Crypto
import Foundation
import LedgerCore

/// The public key (Ed25519) of the daemon that seals: all that an auditor has to trust.
struct SealKey: Sendable {
    /// What stands before the 32 bytes of a key in the form that PEM holds (RFC 8410, SubjectPublicKeyInfo).
    private static let formBeforeKey: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    /// 32 bytes.
    let bytes: [UInt8]
    private let key: Curve25519.Signing.PublicKey

    init?(bytes: [UInt8]) {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return nil }
        self.bytes = bytes
        self.key = key
    }

    /// 64 hexadecimal digits, or the path of a file that holds them or PEM.
    init(argument: String) throws(Misuse) {
        let text =
            Self.bytes(of: argument) == nil ? try InputFile.text(path: argument, role: "the public key") : argument
        guard let bytes = Self.bytes(of: text), let key = SealKey(bytes: bytes) else {
            throw Misuse(
                "the public key \(argument) is not one of Ed25519: expected 64 hexadecimal digits, or PEM that begins "
                    + "with -----BEGIN PUBLIC KEY-----")
        }
        self = key
    }

    private static func bytes(of text: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        guard lines.first == "-----BEGIN PUBLIC KEY-----" else {
            return lines.count == 1 ? Hexadecimal.bytes(lines[0].lowercased(), count: 32) : nil
        }
        guard lines.last == "-----END PUBLIC KEY-----",
            let form = Data(base64Encoded: lines.dropFirst().dropLast().joined()),
            form.count == formBeforeKey.count + 32, form.starts(with: formBeforeKey)
        else { return nil }
        return Array(form.suffix(32))
    }

    /// Whether this key signed the seal as it stands, whatever key the seal names.
    func signed(_ seal: JournalSeal) -> Bool {
        key.isValidSignature(seal.signature, for: Array(seal.signedText.utf8))
    }
}
