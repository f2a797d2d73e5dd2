import LedgerCore
import LineProtocol
import Testing

@Suite struct RequestDecoderTests {
    @Test(
        arguments: Table.rows(
            #"""
            PING -> PING
            ping -> ping
            USE tenant=lingang -> USE|tenant=lingang
              USE   tenant=lingang   -> USE|tenant=lingang
            X name="quoted value" -> X|name=quoted value
            X name="say \"no\" \\ yes" -> X|name=say "no" \ yes
            X name="" a=b -> X|name=|a=b
            X "name=quoted whole" -> X|name=quoted whole
            X "" -> X|
            ECHO "two words" -> ECHO|two words
            X a=\n -> X|a=\n
            X name=临港新片区 -> X|name=临港新片区
            X name="临港 新片区" -> X|name=临港 新片区
            "PING" -> PING
            X a=b=c -> X|a=b=c
            """#))
    func wordsOfALine(row: Table.Row) throws {
        let request = try raw(row[0])
        #expect(([request.verb] + request.words).joined(separator: "|") == row[1])
    }

    @Test func tabsPartWordsToo() throws {
        #expect(try raw("\tX\t a=1\tb=\"2\"\t") == RawRequest(verb: "X", words: ["a=1", "b=2"]))
    }

    @Test(
        arguments: [
            #"X name="open"#, #"X name="open\""#, #"X name="a"b"#, #"X name="a\n""#, #"X name="a\"#, #"X na"me=x"#,
            #"X name=a"b""#, #"X a=b="c""#, #"""X"#,
        ])
    func quotesThatAreWrongKeepTheFraming(line: String) {
        let found = decode(line + "\nPING\n")
        #expect(found.count == 2)
        #expect(found.first?.isMalformed(closes: false) == true)
        #expect(found.last == .request(RawRequest(verb: "PING", words: [])))
    }

    @Test func bothLineEndsAreTakenAndEmptyLinesPassedOver() {
        let found = decode("\r\n\n  \t\nPING\r\n\r\nSTATUS\n")
        #expect(
            found == [.request(RawRequest(verb: "PING", words: [])), .request(RawRequest(verb: "STATUS", words: []))])
    }

    @Test func aLineWithoutItsEndWaits() {
        #expect(decode("PING").isEmpty)
        #expect(decode("*1\r\n$4\r\nPING\r").isEmpty)
    }

    // MARK: Length

    @Test(arguments: ["\n", "\r\n"], [Int.max, 1])
    func aLineMayHaveTheLimitAndNotAByteMore(end: String, size: Int) {
        let fitting = String(repeating: "x", count: 100)
        let found = decode("\(fitting)\(end)\(fitting)y\(end)PING\(end)", by: size, limit: 100)
        #expect(found.count == 3)
        #expect(found.first == .request(RawRequest(verb: fitting, words: [])))
        #expect(found[1].isMalformed(closes: false))
        #expect(found.last == .request(RawRequest(verb: "PING", words: [])))
    }

    @Test func theLimitIs64KiB() {
        let value = String(repeating: "x", count: 65_536 - 5)
        #expect(decode("ECHO \(value)\r\n") == [.request(RawRequest(verb: "ECHO", words: [value]))])
        #expect(decode("ECHO \(value)y\r\n").first?.isMalformed(closes: false) == true)
        #expect(decode(resp(["ECHO", value])) == [.request(RawRequest(verb: "ECHO", words: [value]))])
        #expect(decode(resp(["ECHO", value + "y"])).first?.isMalformed(closes: true) == true)
    }

    @Test func aLineIsTooLongAtTheFirstByteThatCannotBelongToItsEnd() {
        let most = [UInt8](repeating: UInt8(ascii: "a"), count: 100)
        for (more, isTooLong) in [("", false), ("\r", false), ("a", true), ("\ra", true), ("\r\r", true)] {
            var decoder = RequestDecoder(limit: 100)
            decoder.append(most + more.utf8)
            #expect((decoder.next() != nil) == isTooLong, "\(more.utf8.count)")
        }
    }

    @Test func anEndlessLineIsAnsweredOnceAndNotKept() {
        var decoder = RequestDecoder(limit: 1_000)
        var answers = 0
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 700)
        for _ in 0..<5_000 {
            decoder.append(piece)
            while decoder.next() != nil { answers += 1 }
            #expect(decoder.bufferedCount <= 1_001)
        }
        #expect(answers == 1)
        decoder.append("\nPING\n".utf8)
        #expect(decoder.next() == .request(RawRequest(verb: "PING", words: [])))
    }

    // MARK: Browsers and other bytes

    @Test(arguments: ["GET / HTTP/1.1\r\n", "POST /x HTTP/1.1\r\n", "Host: localhost:7411\r\n"], [Int.max, 1])
    func aBrowserIsSentAway(line: String, size: Int) {
        let found = decode(line + "DISBURSE tenant=t\n", by: size)
        #expect(found.count == 1)
        #expect(found.first?.isMalformed(closes: true) == true)
    }

    @Test func aBrowserWithALongLineIsSentAway() {
        #expect(
            decode("GET /" + String(repeating: "x", count: 200), limit: 100).first?.isMalformed(closes: true) == true)
    }

    @Test func otherVerbsThatBeginLikeABrowsersDoNotClose() {
        #expect(decode("GETX\nPOSTAL\nHostile\n").count == 3)
        #expect(decode(resp(["GET", "x"])) == [.request(RawRequest(verb: "GET", words: ["x"]))])
    }

    @Test(arguments: [[0xFF], [0xC3], [0xE4, 0xB8], [0xC0, 0xAF], [0xED, 0xA0, 0x80]] as [[UInt8]])
    func aLineThatIsNotUTF8KeepsTheFraming(bytes: [UInt8]) {
        for quote in ["", "\""] {
            let line = Array("X name=\(quote)a".utf8) + bytes + Array("\(quote)\nPING\n".utf8)
            let found = decode(line)
            #expect(found.count == 2)
            #expect(found.first?.isMalformed(closes: false) == true)
        }
    }

    // MARK: RESP

    @Test func theWordsOfAnArrayAreTakenAsTheyAre() {
        let words = ["X", "name=two words", "a=\"b\"", "", "line\r\nfeed", "临港"]
        #expect(decode(resp(words)) == [.request(RawRequest(verb: "X", words: Array(words.dropFirst())))])
    }

    @Test(
        arguments: [
            "*1\r\n*1\r\n", "*1\r\n:5\r\n", "*1\r\n$-1\r\n", "*1\r\n$-5\r\n", "*1\r\n$x\r\n", "*1\r\n$\r\n", "*x\r\n",
            "*\r\n",
            "*-2\r\n", "*1025\r\n", "*99999999999999999999\r\n", "*1\n$4\r\nPING\r\n", "*1\r\n$4\nPING\r\n",
            "*1\r\n$65537\r\n", "*1\r\n$999999999999999999\r\n", "*1\r\n$9999999999999999999\r\n", "*1\r\n$4\r\nPINGxx",
            "*1\r\n$3\r\nPING\r\n", "*00000000000000000000000000001\r\n", "*+1\r\n", "*1 \r\n", "*1\r\n$4\r\nPING\n\n",
            "*2\r\n$65536\r\n" + String(repeating: "x", count: 65_536) + "\r\n$0\r\n",
        ])
    func anArrayThatIsWrongLosesTheFraming(bytes: String) {
        for size in [Int.max, 1] {
            let found = decode(bytes + "\r\nPING\r\n", by: size)
            #expect(found.count == 1)
            #expect(found.first?.isMalformed(closes: true) == true, "\(found)")
        }
    }

    @Test(arguments: ["*0\r\n", "*-1\r\n"])
    func anEmptyArrayKeepsTheFraming(bytes: String) {
        let found = decode(bytes + "PING\r\n", by: 1)
        #expect(found.count == 2)
        #expect(found.first?.isMalformed(closes: false) == true)
    }

    @Test func aWordOfAnArrayThatIsNotUTF8IsKeptForEcho() throws {
        let bytes: [UInt8] = [0xFF, 0x0D, 0x0A, 0x00]
        let found = decode(Array("*2\r\n$4\r\nECHO\r\n$4\r\n".utf8) + bytes + Array("\r\n".utf8))
        guard case .request(let request)? = found.first else { throw Unexpected(description: "\(found)") }
        #expect(RequestParser.parse(request, tenant: nil) == .success(.session(.echo(bytes))))
        let other = RawRequest(verb: "USE", words: ["tenant=x"], binaryWord: bytes)
        #expect(RequestParser.parse(other, tenant: nil).refusal?.code == .badRequest)
    }

    // MARK: Pieces

    @Test func whereTheBytesAreCutMakesNoDifference() {
        let long = String(repeating: "z", count: 120)
        let stream: [UInt8] =
            Array("PING\r\n\r\nUSE tenant=\"a \\\"b\\\\\"\n临港 x=\"新\"\n\(long)\nX a=\"\n".utf8)
            + resp(["ECHO", "a\r\nb", ""]) + Array("*0\r\nX \u{1F600}\n".utf8) + [0xFF, 0x0A]
            + Array("*2\r\n$4\r\nECHO\r\n$1\r\n".utf8) + [0xFE] + Array("\r\n\(long)GET \r\nPING\r\n*1\r\n$7\r\nx".utf8)
        let whole = decode(stream, limit: 100)
        #expect(whole.count == 12)
        for size in 1..<stream.count { #expect(decode(stream, by: size, limit: 100) == whole) }
        for cut in 0...stream.count {
            var decoder = RequestDecoder(limit: 100)
            var found: [Decoded] = []
            for part in [stream[..<cut], stream[cut...]] {
                decoder.append(part)
                while let decoded = decoder.next() { found.append(decoded) }
            }
            #expect(found == whole, "cut at \(cut)")
        }
    }

    @Test func rawBuffersAreTakenToo() {
        var decoder = RequestDecoder()
        Array("PING\n".utf8).withUnsafeBytes { decoder.append($0) }
        #expect(decoder.next() == .request(RawRequest(verb: "PING", words: [])))
        #expect(decoder.next() == nil)
        #expect(decoder.bufferedCount == 0)
    }

    @Test func afterTheFramingIsLostNothingIsKept() {
        var decoder = RequestDecoder()
        decoder.append("*x\r\nPING\n".utf8)
        #expect(decoder.next()?.isMalformed(closes: true) == true)
        decoder.append([UInt8](repeating: 0x0A, count: 100_000))
        #expect(decoder.next() == nil)
        #expect(decoder.bufferedCount == 0)
    }
}

extension Decoded {
    func isMalformed(closes expected: Bool) -> Bool {
        guard case .malformed(let refusal, let closes) = self else { return false }
        return refusal.code == .badRequest && closes == expected
    }
}

extension Result {
    var refusal: Refusal? {
        guard case .failure(let failure) = self else { return nil }
        return failure as? Refusal
    }
}
