import LedgerCore
import LineProtocol
import Testing

/// Random and mutated bytes: nothing traps, nothing grows, and a request after a line end is still found.
@Suite struct FuzzTests {
    private static let corpus: [[UInt8]] =
        VerbTable.all.map { Array(($0.example + "\r\n").utf8) }
        + VerbTable.all.map { resp($0.example.split(separator: " ").map(String.init)) }
        + [
            Array("X a=\"b \\\" \\\\\" c=\"\"\n".utf8), Array("\r\n\n \t\n".utf8), Array("*0\r\n*-1\r\n".utf8),
            Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), Array("临港=\"新片区\"\n".utf8),
        ]
    private static let pieces: [[UInt8]] =
        [
            "\"", "\\", "=", " ", "\n", "\r\n", "*", "$", "-1", "0", "*2\r\n", "$4\r\n", "tenant=", ",", ":", "2023:",
            ".",
            "99999999999999999999", "%", "\u{0}", "临", "tenant",
        ].map { Array($0.utf8) } + [[0xFF], [0xE4, 0xB8], [0xC2, 0x80]]

    private static let limit = 300
    private static let request = RawRequest(verb: "PING", words: ["it-is-me"])

    @Test(arguments: 1...4)
    func anythingAtAll(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var decoder = RequestDecoder(limit: Self.limit)
        var (parsed, probed) = (0, 0)
        var refusedCodes: Set<String> = []
        for round in 0..<50_000 {
            decoder.append(Self.bytes(using: &random))
            if round.isMultiple(of: 8) { decoder.append("\n".utf8) }
            while let found = decoder.next() {
                switch found {
                case .request(let request):
                    switch RequestParser.parse(request, tenant: "t") {
                    case .success: parsed += 1
                    case .failure(let refusal): refusedCodes.insert(refusal.code.name)
                    }
                case .malformed(let refusal, let closes):
                    refusedCodes.insert(refusal.code.name)
                    if closes { decoder = RequestDecoder(limit: Self.limit) }
                }
            }
            #expect(decoder.bufferedCount <= Self.limit + 2)
            guard round.isMultiple(of: 8) else { continue }
            // After a line end only an array can be unfinished; it would swallow what follows, so it ends here.
            if decoder.isBetweenRequests {
                probed += 1
                decoder.append("PING it-is-me\n".utf8)
                #expect(decoder.next() == .request(Self.request), "seed \(seed), round \(round)")
            } else {
                decoder = RequestDecoder(limit: Self.limit)
            }
        }
        #expect(parsed > 1_000)
        #expect(probed > 1_000)
        #expect(
            refusedCodes.isSuperset(of: ["BAD_REQUEST", "UNKNOWN_COMMAND", "MISSING_ARGUMENT", "INVALID_ARGUMENT"]))
    }

    private static func bytes(using random: inout SeededGenerator) -> [UInt8] {
        guard Int.random(in: 0..<8, using: &random) > 0, var bytes = corpus.randomElement(using: &random) else {
            return (0..<Int.random(in: 0...12, using: &random)).map { _ in .random(in: 0...255, using: &random) }
        }
        for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = .random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }
}
