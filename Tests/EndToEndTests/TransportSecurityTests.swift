import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    /// The TCP door over TLS, asked by programs that were not written for it.
    struct TransportSecurityTests {
        private static let opensslPath = Programs.find("openssl")
        private static let redisCLIPath = Programs.find("redis-cli")

        /// A certificate authority, a server's certificate, and one of a client named `alice`, in PEM.
        private static func makeCertificates(in directory: String, program: String) throws {
            func openssl(_ words: String) throws {
                let run = try ProgramRun(
                    "env", ["-C", directory, program] + words.split(separator: " ").map(String.init))
                guard run.end == .exited(0) else { throw PlayFailure("openssl \(words): \(run)") }
            }
            let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
            try openssl("req -x509 \(key) -keyout ca.key -out ca.pem -days 30 -subj /CN=test-ca")
            try "subjectAltName=DNS:localhost,IP:127.0.0.1\n".write(
                toFile: directory + "/names", atomically: true, encoding: .utf8)
            for name in ["server", "alice", "mallory"] {
                try openssl("req \(key) -keyout \(name).key -out \(name).csr -subj /O=city/CN=\(name)")
                try openssl(
                    "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -out \(name).pem -days 30 "
                        + "-extfile names")
            }
        }

        @Test(.enabled(if: opensslPath != nil || mustHaveClients, "openssl is not installed"))
        func whoSpeaksOverTLS() async throws {
            let program = try #require(Self.opensslPath)
            let files = try TemporaryDirectory()
            defer { files.remove() }
            try Self.makeCertificates(in: files.path, program: program)
            let options = [
                "--tls-certificate", files.path + "/server.pem", "--tls-key",
                files.path + "/server.key", "--tls-client-authority", files.path + "/ca.pem",
            ]
            try await DaemonProcess.with(options: options) { daemon in
                let token = try daemon.createPrincipal("alice role=finance")
                func ask(_ lines: String, _ words: [String] = []) throws -> [Substring] {
                    let run = try ProgramRun(
                        program,
                        [
                            "s_client", "-quiet", "-verify_return_error", "-CAfile", files.path + "/ca.pem", "-connect",
                            "localhost:\(daemon.tcpPort)",
                        ] + words, input: Array(lines.utf8))
                    return run.output.split(separator: "\r\n")
                }
                let byToken = try ask("WHOAMI\nAUTH alice \(token)\nWHOAMI\nQUIT\n")
                #expect(byToken.count == 4 && byToken[0].hasPrefix("-NOAUTH "), "\(byToken)")
                #expect(byToken.count == 4 && byToken[2].hasPrefix("+{\"principal\":\"alice\""), "\(byToken)")
                let alice = ["-cert", files.path + "/alice.pem", "-key", files.path + "/alice.key"]
                let byCertificate = try ask("WHOAMI\nQUIT\n", alice)
                #expect(byCertificate.first?.hasPrefix("+{\"principal\":\"alice\"") == true, "\(byCertificate)")
                let mallory = ["-cert", files.path + "/mallory.pem", "-key", files.path + "/mallory.key"]
                #expect(try ask("WHOAMI\nQUIT\n", mallory).first?.hasPrefix("-NOAUTH ") == true)
                #expect(try ask("PING\nQUIT\n", ["-tls1_1"]).isEmpty)
                if let redis = Self.redisCLIPath {
                    let run = try ProgramRun(
                        redis,
                        [
                            "-h", "localhost", "-p", "\(daemon.tcpPort)", "--tls", "--cacert", files.path + "/ca.pem",
                            "-a", token, "--no-auth-warning", "STATUS",
                        ])
                    #expect(run.output.contains("\"database\":\"ok\""), "\(run)")
                }

                // New files take hold for new connections; those that are of no use leave the old ones in force.
                let certificate = files.path + "/server.pem"
                let old = try String(contentsOfFile: certificate, encoding: .utf8)
                try "no certificate".write(toFile: certificate, atomically: true, encoding: .utf8)
                let isSaid = waitUntil(atMost: .seconds(20)) { daemon.log.contains("the new TLS files are of no use") }
                #expect(isSaid)
                #expect(try ask("PING\nQUIT\n").first == "+PONG")
                try old.write(toFile: certificate, atomically: true, encoding: .utf8)
                let isRead = waitUntil(atMost: .seconds(20)) { daemon.log.contains("was read anew") }
                #expect(isRead)

                // An idle client that does not say goodbye keeps nobody from ending.
                let idle = try LineClient(tcp: daemon.tcpPort)
                daemon.send(SIGTERM)
                #expect(try daemon.waitForEnd(atMost: .seconds(10)) == .exited(0))
                idle.close()
            }
        }
    }
}
