import Foundation
import LineProtocol
import Testing

@testable import CommandLineTool

/// The README breaks long replies, and says how to join them: what begins with a space continues the line before, and
/// neither the break nor that space is part of the reply.
@Suite struct ReadmeTests {
    /// The code blocks of the worked example.
    private static func example() throws -> String {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "README.md")
        let text = try String(contentsOf: path, encoding: .utf8)
        let begin = try #require(text.range(of: "## A worked example"))
        let end = try #require(text.range(of: "## Other ways", range: begin.upperBound..<text.endIndex))
        let blocks = text[begin.upperBound..<end.lowerBound].components(separatedBy: "```\n")
        return blocks.enumerated().filter { $0.offset % 2 == 1 }.map(\.element).joined()
    }

    private static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    /// The requests and replies, joined.
    private static func dialogue() throws -> [String] { lines(try example().replacing("\n ", with: "")) }

    private static func withoutTexts(_ line: String) -> String {
        line.replacing(#/"(?:[^"\\]|\\.)*"/#, with: "")
    }

    @Test func everyRequestIsOneLineWithItsReplyBelow() throws {
        let dialogue = try Self.dialogue()
        #expect(dialogue.count > 20 && dialogue.count.isMultiple(of: 2))
        for (index, line) in dialogue.enumerated() {
            #expect((line.hasPrefix("+") || line.hasPrefix("-")) == !index.isMultiple(of: 2), "\(line)")
        }
        for line in dialogue.enumerated().filter({ $0.offset.isMultiple(of: 2) }).map(\.element) {
            var decoder = RequestDecoder()
            decoder.append(Array("\(line)\n".utf8))
            guard case .request(let request)? = decoder.next() else {
                Issue.record("\(line) is no request")
                continue
            }
            #expect(throws: Never.self, "\(line)") { try RequestParser.parse(request, tenant: "lingang").get() }
        }
    }

    @Test func noTextIsBroken() throws {
        for line in Self.lines(try Self.example()) { #expect(!Self.withoutTexts(line).contains("\""), "\(line)") }
    }

    @Test func joinedRepliesAreWhatADaemonWrites() throws {
        for line in try Self.dialogue() where line.hasPrefix("+") || line.hasPrefix("-") {
            let text = String(line.dropFirst())
            #expect(!Reply(line.hasPrefix("+") ? .simple(text) : .error(text)).members.isEmpty, "\(line)")
            // A daemon writes no space between the parts of its JSON.
            #expect(!Self.withoutTexts(line).drop { $0 != "{" }.contains(" "), "\(line)")
        }
    }
}
