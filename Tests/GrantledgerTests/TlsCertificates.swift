import Foundation
import TestKit
import Testing

/// Certificates that openssl makes, in a directory that ends with it.
final class TlsCertificates: Sendable {
    /// PEM files.
    struct Pair: Sendable {
        let certificate: String
        let key: String
    }

    static let localNames = "DNS:localhost,IP:127.0.0.1"

    let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "grantledger-tls-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// One that signed itself.
    func selfSigned(_ name: String, names: String = localNames) throws -> Pair {
        let pair = pair(name)
        try openssl(
            ["req", "-x509", "-days", "2", "-subj", "/CN=\(name)", "-addext", "subjectAltName=\(names)"]
                + newKey(pair) + ["-out", pair.certificate])
        return pair
    }

    /// One that another signed, by default valid for two days from now on.
    func signed(_ name: String, by authority: Pair, names: String = localNames, days: Int = 2) throws -> Pair {
        let pair = pair(name)
        let (request, extensions) = (path("\(name).csr"), path("\(name).ext"))
        try openssl(["req", "-new", "-subj", "/CN=\(name)"] + newKey(pair) + ["-out", request])
        try write("subjectAltName=\(names)\n", to: extensions)
        try openssl([
            "x509", "-req", "-in", request, "-CA", authority.certificate, "-CAkey", authority.key, "-set_serial", "2",
            "-days", String(days), "-extfile", extensions, "-out", pair.certificate,
        ])
        return pair
    }

    /// The same key under a passphrase.
    func encrypted(_ pair: Pair) throws -> String {
        let encrypted = path("encrypted.key")
        try openssl(["pkey", "-in", pair.key, "-aes256", "-passout", "pass:secret", "-out", encrypted])
        return encrypted
    }

    @discardableResult func write(_ text: String, to path: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    private func pair(_ name: String) -> Pair {
        Pair(certificate: path("\(name).pem"), key: path("\(name).key"))
    }

    private func newKey(_ pair: Pair) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", pair.key]
    }

    private func openssl(_ arguments: [String]) throws {
        let run = try ProgramRun("openssl", arguments)
        try #require(run.end == .exited(0), "openssl: \(run.errors)")
    }
}
