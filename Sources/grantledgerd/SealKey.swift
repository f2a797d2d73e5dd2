import Crypto
import FoundationEssentials
import Glibc
import LedgerStore

/// The key with which this daemon signs journals: `seal.key` in its directory, and `seal.pub` for whoever verifies.
///
/// Both are PEM, as `openssl pkey` reads them (RFC 8410). Whoever has the first can sign in the daemon's name.
struct SealKey {
    private static let privateHeader: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
    private static let publicHeader: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    let sealer: Sealer

    /// Reads the key, or makes one on the first start. Throws `StartFailure`.
    init(in directory: String) throws {
        let path = directory + "/seal.key"
        let key: Curve25519.Signing.PrivateKey
        if FileFacts(at: path) == nil {
            key = Curve25519.Signing.PrivateKey()
            try Self.write(
                Self.pem("PRIVATE KEY", Self.privateHeader + Array(key.rawRepresentation)), to: path, mode: 0o600)
        } else {
            key = try Self.read(path)
        }
        sealer = Sealer(key)
        let text = Self.pem("PUBLIC KEY", Self.publicHeader + sealer.publicKey)
        if readSmallFile(directory + "/seal.pub") != text {
            try Self.write(text, to: directory + "/seal.pub", mode: 0o644)
        }
    }

    private static func read(_ path: String) throws -> Curve25519.Signing.PrivateKey {
        guard let text = readSmallFile(path) else { throw StartFailure(cannot: "read \(path)", errno) }
        let body = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        guard let bytes = Data(base64Encoded: body), bytes.count == privateHeader.count + 32,
            bytes.starts(with: privateHeader),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes.suffix(32))
        else {
            throw StartFailure(
                "\(path) is no Ed25519 key in PEM; restore it, or move it away for a new one, with which earlier "
                    + "seals do not verify")
        }
        return key
    }

    private static func pem(_ label: String, _ bytes: [UInt8]) -> String {
        "-----BEGIN \(label)-----\n\(Data(bytes).base64EncodedString())\n-----END \(label)-----\n"
    }

    /// Under another name first: a file that is there is whole.
    private static func write(_ text: String, to path: String, mode: mode_t) throws {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw StartFailure(cannot: "create \(temporary)", errno) }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count, fchmod(descriptor, mode) == 0,
            fsync(descriptor) == 0, rename(temporary, path) == 0
        else { throw StartFailure(cannot: "write \(path)", errno) }
    }
}
