import LedgerCore
import LineProtocol
import Testing

func encoded(_ outcome: Outcome) -> String {
    var bytes: [UInt8] = []
    ReplyEncoder.encode(outcome, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

extension JSONText {
    /// What the reader must make of a value that was written.
    init(_ value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .flag(let flag): .flag(flag)
            case .number(let number): .number(String(number))
            case .text(let text): .text(text)
            case .amount(let amount): .text(amount.yuan)
            case .list(let values): .list(values.map { JSONText($0) })
            case .object(let fields): .object(fields.map { Member($0.name, JSONText($0.value)) })
            }
    }
}

@Suite struct ReplyEncoderTests {
    private let day = Day(year: 2023, month: 7, day: 1)

    @Test func receipts() {
        var receipt = Receipt(
            entry: SequenceName(tenant: 3, sequence: 42), amount: Amount(fen: 400_000_001), date: day,
            award: Receipt.Standing(
                award: "A1", committed: Amount(fen: 5), disbursed: .zero, remaining: Amount(fen: -50)))
        #expect(
            encoded(.posted(receipt))
                == #"+{"entry":"E3-42","seq":42,"date":"2023-07-01","amount":"4000000.01","award":"A1","#
                + #""committed":"0.05","disbursed":"0.00","remaining":"-0.50"}"# + "\r\n")
        receipt.award?.remaining = nil
        receipt.isReplay = true
        #expect(encoded(.posted(receipt)).hasSuffix(#""remaining":null,"replayed":true}"# + "\r\n"))
        receipt = Receipt(entry: nil, amount: .maximum, date: Day(year: 1900, month: 1, day: 1), award: nil)
        #expect(encoded(.posted(receipt)) == #"+{"date":"1900-01-01","amount":"90000000000000.00"}"# + "\r\n")
    }

    @Test func theFastPathWritesWhatTheFieldsSay() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            let award = Receipt.Standing(
                award: String(Int.random(in: 0...99_999, using: &random), radix: 36),
                committed: Amount(fen: .random(in: 0...Amount.maximum.fen, using: &random)),
                disbursed: Amount(fen: .random(in: 0...200, using: &random)),
                remaining: Bool.random(using: &random)
                    ? Amount(fen: .random(in: -10_000...10_000, using: &random)) : nil)
            let receipt = Receipt(
                entry: Bool.random(using: &random) ? Self.entry(using: &random) : nil,
                amount: Amount(fen: .random(in: 1...Amount.maximum.fen, using: &random)),
                date: Day(number: .random(in: Day.first.number...Day.last.number, using: &random)),
                award: Bool.random(using: &random) ? award : nil, isReplay: Bool.random(using: &random))
            #expect(encoded(.posted(receipt)) == encoded(.answered(receipt.fields)))
        }
    }

    private static func entry(using random: inout SeededGenerator) -> SequenceName {
        SequenceName(
            tenant: .random(in: 1...Int32.max, using: &random), sequence: .random(in: 1...Int64.max, using: &random))
    }

    @Test func refusals() {
        let refusal = Refusal(.capExceeded, "no \"room\"\n", [Field("remaining", .amount(.zero))])
        #expect(
            encoded(.refused(refusal)) == #"-CAP_EXCEEDED {"message":"no \"room\"\n","remaining":"0.00"}"# + "\r\n")
    }

    @Test func vouchers() {
        let one = Outcome.posted(
            Receipt(entry: SequenceName(tenant: 1, sequence: 1), amount: Amount(fen: 100), date: day, award: nil))
        var bytes: [UInt8] = []
        ReplyEncoder.encode(.all([one, one]), into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "*2\r\n" + encoded(one) + encoded(one))
        bytes = []
        ReplyEncoder.encode(.all([]), into: &bytes)
        ReplyEncoder.encode(.one(one), into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "*0\r\n" + encoded(one))
        bytes = []
        let refusal = Refusal(.awardExceeded, "too much", [Field("requested", .amount(.zero))])
        ReplyEncoder.encode(.aborted(index: 3, refusal), into: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"-EXECABORT {"message":"too much","index":3,"code":"AWARD_EXCEEDED","requested":"0.00"}"# + "\r\n")
    }

    @Test func noControlCharacterStandsRaw() throws {
        for value in UInt32(0)...0x100FF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "a\(Character(scalar))b"
            guard value < 0x300 || value % 257 == 0 else { continue }
            let line = encoded(.answered([Field(text, .text(text))]))
            let controls = line.unicodeScalars.dropLast(2).filter {
                $0.value < 0x20 || (0x7F...0x9F).contains($0.value)
            }
            #expect(controls.isEmpty, "\(value)")
            #expect(try JSONText(line.dropFirst(1).dropLast()) == .object([JSONText.Member(text, .text(text))]))
        }
    }

    @Test func everyValueComesBackAsItWas() throws {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<1_000 {
            let fields = (0..<4).map { Field("f\($0)", Self.value(depth: 4, using: &random)) }
            let line = encoded(.answered(fields))
            #expect(line.hasPrefix("+") && line.hasSuffix("\r\n"))
            #expect(try JSONText(line.dropFirst().dropLast()) == JSONText(.object(fields)))
        }
    }

    private static func value(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 7 : 5), using: &random) {
        case 0: .null
        case 1: .flag(.random(using: &random))
        case 2: .number(.random(in: Int64.min...Int64.max, using: &random))
        case 3: .amount(Amount(fen: .random(in: -9_000_000_000_000_000...9_000_000_000_000_000, using: &random)))
        case 4: .number(.random(in: -10...10, using: &random))
        case 5:
            .text(
                String(
                    String.UnicodeScalarView(
                        (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in
                            Unicode.Scalar(
                                UInt32.random(in: 0...(Bool.random(using: &random) ? 0xFF : 0x1FFFF), using: &random))
                        })))
        case 6:
            .list((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth - 1, using: &random) })
        default:
            .object(
                (0..<Int.random(in: 0...3, using: &random)).map {
                    Field("n\($0)", value(depth: depth - 1, using: &random))
                })
        }
    }

    @Test func extremes() {
        #expect(encoded(.answered([Field("n", .number(.min))])) == #"+{"n":-9223372036854775808}"# + "\r\n")
        #expect(
            encoded(.answered([Field("a", .amount(Amount(fen: .min)))])) == #"+{"a":"-92233720368547758.08"}"# + "\r\n")
        #expect(encoded(.answered([])) == "+{}\r\n")
    }
}
