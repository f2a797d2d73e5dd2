import LedgerCore
import LineProtocol
import Testing

@Suite struct LineWriterTests {
    @Test(
        arguments: [
            "", "a", "two words", "\"", "\\", "a\"b", "a\\b", "\\\" ", "\ttab", " ", "=", "a=b c", "临港 新", "\u{0}",
            "*1",
            "\\ \\\\ \"", "ends with \\",
        ])
    func whatIsWrittenIsReadBack(value: String) throws {
        let line = try LineWriter.line(verb: "X", arguments: [("name", value), ("b", "1")])
        #expect(try raw(line) == RawRequest(verb: "X", words: ["name=\(value)", "b=1"]))
        let words = try LineWriter.line(verb: "ECHO", words: [value, "z"])
        #expect(try raw(words) == RawRequest(verb: "ECHO", words: [value, "z"]))
    }

    @Test func plainValuesAreNotQuoted() throws {
        #expect(try LineWriter.line(verb: "USE", arguments: [("tenant", "临港")]) == "USE tenant=临港")
        #expect(try LineWriter.line(verb: "X", arguments: [("a", "b c\"")]) == #"X a="b c\"""#)
    }

    @Test(arguments: ["\n", "a\r", "\r\n"])
    func lineBreaksAreRefused(value: String) {
        #expect(throws: Refusal.self) { try LineWriter.line(verb: "X", arguments: [("name", value)]) }
        #expect(throws: Refusal.self) { try LineWriter.line(verb: "ECHO", words: [value]) }
    }

    @Test func randomValuesAreReadBack() throws {
        var random = SeededGenerator(seed: 3)
        let alphabet: [Character] = ["\"", "\\", " ", "\t", "=", "a", "临", "😀", "n"]
        for _ in 0..<2_000 {
            let value = String(
                (0..<Int.random(in: 0...6, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "x" })
            let line = try LineWriter.line(verb: "X", arguments: [("v", value)])
            #expect(try raw(line).words == ["v=\(value)"])
        }
    }
}

@Suite struct JSONTextTests {
    @Test func membersKeepTheirOrderAndNumbersTheirDigits() throws {
        let json = try JSONText(
            #" { "b" : 1.50 , "a" : [ true , false , null , -0 , 1e9, "\u4e34\ud83d\ude00\/\b" ] , "c":{} } "#)
        #expect(
            json
                == .object([
                    .init("b", .number("1.50")),
                    .init(
                        "a",
                        .list([.flag(true), .flag(false), .null, .number("-0"), .number("1e9"), .text("临😀/\u{8}")])),
                    .init("c", .object([])),
                ]))
        #expect(json["b"] == .number("1.50"))
        #expect(json["z"] == nil)
        #expect(JSONText.null["b"] == nil)
    }

    @Test(
        arguments: [
            "", " ", "{", "}", "[", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "tru", "nul", "01", "-",
            "1.",
            "1e", ".5", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\ud83d\"", "\"\\ud83dx\"", "\"\\ude00\"",
            "\"\\ud83d\\u0041\"",
            "\"\n\"", "1 2", "{}x", "\"\\ud83d\\",
            String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
        ])
    func whatIsNotJSONIsAnError(text: String) {
        #expect(throws: JSONTextError.self) { try JSONText(text) }
    }

    @Test func mutatedTextNeverTraps() {
        var random = SeededGenerator(seed: 4)
        let seed = Array(#"{"a":[1,2.5e3,"\u4e34\ud83d\ude00x",null,true],"b":{"c":"d\\"}}"#.utf8)
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes[place] = .random(in: 0...255, using: &random)
                } else {
                    bytes.remove(at: place)
                }
            }
            _ = try? JSONText(String(decoding: bytes, as: UTF8.self))
        }
    }
}
