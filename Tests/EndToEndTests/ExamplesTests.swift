import Foundation
import LineProtocol
import TestKit
import Testing

extension EndToEnd {
    /// deploy/examples is a manual: whoever plays its scripts sees the replies that stand beside them.
    struct ExamplesTests {
        @Test func everyInstrumentHasAnExample() async throws {
            let reply = try DaemonProcess.shared().connect().ask("SCHEMES tenant=shanghai")
            let instruments = Set((reply.list("schemes")).compactMap { $0["scheme"]?.plainText })
            let topics = Set(try Example.all().map(\.topic))
            #expect(instruments.count == 19 && instruments.isSubset(of: topics))
        }

        /// Byte for byte. With GRANTLEDGER_WRITE_GOLDEN=1 the replies are written anew instead, for a person to read
        /// the difference.
        @Test func inOrderTheyAnswerWhatStandsBesideThem() async throws {
            try await withTheCatalogue { client in
                for example in try Example.all() {
                    let answers = try example.play(client)
                    if Example.isWritten { try example.write(answers) }
                    example.expect(answers)
                }
                for tenant in try Example.tenants() { try expectSoundBooks(of: tenant, client) }
            }
        }

        /// Backwards, none finds what it found before. Only the names of entries, which count the tenant's journal, may
        /// differ then.
        @Test(.disabled(if: Example.isWritten)) func noneNeedsAnother() async throws {
            try await withTheCatalogue { client in
                for example in try Example.all().reversed() {
                    example.expect(try example.play(client), as: Example.withoutNumbers)
                }
            }
        }

        private func withTheCatalogue(_ body: (LineClient) throws -> Void) async throws {
            try await DaemonProcess.with(options: ["--catalogue", Programs.catalogue]) { try body($0.connect()) }
        }
    }
}

/// A script of requests, `NN-topic.lines`, and its replies, `NN-topic.replies`.
private struct Example {
    typealias Answer = (request: String, lines: [String])

    static let isWritten = EndToEnd.environment["GRANTLEDGER_WRITE_GOLDEN"] == "1"
    private static let folder = Programs.root + "/deploy/examples"

    let name: String
    let requests: [String]

    /// What comes after the number: the scheme, for an instrument.
    var topic: String { String(name.drop { $0 != "-" }.dropFirst()) }
    private var golden: String { "\(Self.folder)/\(name).replies" }

    /// By number.
    static func all() throws -> [Example] {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".lines") }
        return try files.sorted().map { file in
            let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            let requests = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
            return Example(name: String(file.dropLast(".lines".count)), requests: requests)
        }
    }

    /// Those that the scripts post to.
    static func tenants() throws -> Set<String> {
        Set(try all().flatMap(\.requests).compactMap { $0.firstMatch(of: /\btenant=(\S+)/).map { String($0.1) } })
    }

    /// Sends all at once, as a pipe into nc does.
    func play(_ client: LineClient) throws -> [Answer] {
        zip(requests, try client.ask(["RESET"] + requests).dropFirst()).map { ($0, $1.lines) }
    }

    func write(_ answers: [Answer]) throws {
        let text = answers.flatMap(\.lines).map { $0 + "\n" }.joined()
        try text.write(toFile: golden, atomically: true, encoding: .utf8)
    }

    /// Compares request by request, so that the first difference names the request.
    func expect(_ answers: [Answer], as reading: (String) -> String = { $0 }) {
        guard let text = try? String(contentsOfFile: golden, encoding: .utf8) else {
            Issue.record("\(name) has no replies: write them with GRANTLEDGER_WRITE_GOLDEN=1")
            return
        }
        var written = reading(text).split(separator: "\n")[...]
        var found = reading(answers.flatMap(\.lines).joined(separator: "\n")).split(separator: "\n")[...]
        for answer in answers {
            let expected = written.prefix(answer.lines.count)
            let actual = found.prefix(answer.lines.count)
            #expect(Array(expected) == Array(actual), "\(name): \(answer.request)")
            guard expected == actual else { return }
            written = written.dropFirst(expected.count)
            found = found.dropFirst(actual.count)
        }
        #expect(written.isEmpty, "\(name) has more replies written than requests")
    }

    /// Entries named by the order in which the replies first name them, and no place in a journal.
    static func withoutNumbers(_ replies: String) -> String {
        var names: [Substring: String] = [:]
        return replies.replacing(/"seq":[0-9]+/, with: "\"seq\":0").replacing(/\bE[0-9]+-[0-9]+\b/) { match in
            let name = names[match.output] ?? "entry \(names.count + 1)"
            names[match.output] = name
            return name
        }
    }
}

extension WireReply {
    /// As the connection carries it: one line, or for EXEC a line for each part after the line that counts them.
    fileprivate var lines: [String] {
        parts.isEmpty ? [description] : ["*\(parts.count)"] + parts.flatMap(\.lines)
    }
}
