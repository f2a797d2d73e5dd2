import LineProtocol
import TestKit
import Testing

/// A dialogue in a string literal: each request, and indented below it what its reply must be: `+` or an error's code,
/// and those fields that matter.
struct Dialogue {
    enum Form: CaseIterable {
        case lines
        case arrays
    }

    private struct Turn {
        let request: String
        var code = "+"
        var fields: [(name: String, value: String)] = []
    }

    private var turns: [Turn] = []

    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard line.hasPrefix("  ") else {
                turns.append(Turn(request: String(line)))
                continue
            }
            let words = line.split(separator: " ")
            guard let code = words.first, !turns.isEmpty else { continue }
            turns[turns.count - 1].code = String(code)
            turns[turns.count - 1].fields = words.dropFirst().map { word in
                let parts = word.split(separator: "=", maxSplits: 1)
                return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
            }
        }
    }

    /// Asks everything, one request after the other.
    func play(
        _ client: LineClient, as form: Form = .lines, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for turn in turns {
            let reply =
                switch form {
                case .lines: try client.ask(turn.request)
                case .arrays: try client.exchange(array(turn.request), replies: 1)[0]
                }
            let isRight = reply.code == turn.code && turn.fields.allSatisfy { reply[$0.name] == $0.value }
            let wanted = turn.fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            #expect(
                isRight, "\(turn.request)\nexpected \(turn.code) \(wanted)\nand got  \(reply)",
                sourceLocation: sourceLocation)
        }
    }
}

/// The request of a line as a RESP array of its words.
func array(_ line: String) -> [UInt8] {
    var decoder = RequestDecoder()
    decoder.append(Array("\(line)\n".utf8))
    guard case .request(let request)? = decoder.next() else { return [] }
    var bytes: [UInt8] = []
    RespValue.array(([request.verb] + request.words).map(RespValue.text)).encode(.two, into: &bytes)
    return bytes
}
