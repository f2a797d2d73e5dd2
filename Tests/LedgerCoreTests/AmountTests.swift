import LedgerCore
import Testing

@Suite struct AmountTests {
    @Test(arguments: [
        ("0", 0), ("1", 100), ("1.5", 150), ("1.05", 105), ("500000.00", 50_000_000), ("007", 700),
        ("90000000000000", 9_000_000_000_000_000), ("90000000000000.00", 9_000_000_000_000_000),
        ("89999999999999.99", 8_999_999_999_999_999), ("0000000000000000000000000.01", 1),
    ]) func yuanAreReadAsFen(_ text: String, _ fen: Int64) {
        #expect(Amount(yuan: text) == Amount(fen: fen))
    }

    @Test(arguments: [
        "", ".", "1.", ".5", "1.234", "1..2", "1.2.3", "-1", "+1", "1e3", "1,000", " 1", "1 ", "0x10", "１", "1\u{301}",
        "NaN",
        "1.0a", "99999999999999999999.999",
    ]) func whatIsNotAnAmountIsMalformed(_ text: String) {
        #expect(Amount.read(yuan: text) == .malformed)
        #expect(Amount(yuan: text) == nil)
    }

    @Test(arguments: [
        "90000000000000.01", "90000000000001", "900000000000000", "9223372036854775808", "92233720368547758.07",
        String(repeating: "9", count: 60_000),
    ]) func whatPassesTheMaximumIsTooLargeAndNeverOverflows(_ text: String) {
        #expect(Amount.read(yuan: text) == .tooLarge)
        #expect(Amount(yuan: text) == nil)
    }

    @Test(arguments: [
        (0, "0.00"), (1, "0.01"), (10, "0.10"), (99, "0.99"), (100, "1.00"), (-1, "-0.01"), (-250, "-2.50"),
        (9_000_000_000_000_000, "90000000000000.00"), (Int64.min, "-92233720368547758.08"),
    ]) func fenAreWrittenAsYuan(_ fen: Int64, _ text: String) {
        #expect(Amount(fen: fen).yuan == text)
    }

    @Test func whatIsWrittenIsReadAgain() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<10_000 {
            let amount = Amount(fen: Int64.random(in: 0...Amount.maximum.fen, using: &random))
            #expect(Amount(yuan: amount.yuan) == amount)
        }
    }

    @Test func sumsAndDifferences() {
        #expect([Amount(fen: 1), Amount(fen: 2), Amount(fen: 3)].sum() == Amount(fen: 6))
        #expect((Amount(fen: 1) - Amount(fen: 2)).isNegative)
        #expect((Amount(fen: 1) - Amount(fen: 2)).notBelowZero == .zero)
        #expect(-Amount(fen: 5) + Amount(fen: 5) == .zero)
        #expect(Amount(fen: 1) < Amount(fen: 2))
    }
}

@Suite struct RateTests {
    @Test(arguments: [
        ("50%", 500_000, "50%"), ("100%", 1_000_000, "100%"), ("100.0000%", 1_000_000, "100%"),
        ("0.0001%", 1, "0.0001%"),
        ("33.3333%", 333_333, "33.3333%"), ("5.250%", 52_500, "5.25%"), ("05%", 50_000, "5%"), ("0.10%", 1_000, "0.1%"),
    ]) func ratesAreReadAndWritten(_ text: String, _ millionths: Int32, _ written: String) {
        #expect(Rate(percent: text)?.partsPerMillion == millionths)
        #expect(Rate(percent: text)?.percent == written)
    }

    @Test(arguments: [
        "", "%", "50", "0%", "0.0000%", "100.0001%", "101%", "1000%", "33.33333%", "5.%", ".5%", "-5%", "5 %", "5%%",
        "5％",
        "5%\u{301}", "9999999999999999999999%",
    ]) func whatIsNotARateIsRefused(_ text: String) {
        #expect(Rate(percent: text) == nil)
    }

    @Test(arguments: [
        ("50%", 1, 0), ("50%", 3, 1), ("33.3333%", 300, 99), ("100%", 9_000_000_000_000_000, 9_000_000_000_000_000),
        ("0.0001%", 999_999, 0), ("0.0001%", 1_000_000, 1), ("99.9999%", 9_000_000_000_000_000, 8_999_991_000_000_000),
        ("50%", 0, 0),
    ]) func aShareIsRoundedDownToAFen(_ rate: String, _ basis: Int64, _ share: Int64) {
        #expect(Rate(percent: rate)?.share(of: Amount(fen: basis)) == Amount(fen: share))
    }

    /// Held against schoolbook division of basis × rate, which fits into 128 bits.
    @Test func sharesAreExactForEveryAmount() throws {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<10_000 {
            let rate = try #require(Rate(partsPerMillion: Int32.random(in: 1...1_000_000, using: &random)))
            let basis = Int64.random(in: 0...Amount.maximum.fen, using: &random)
            let share = Int64(Int128(basis) * Int128(rate.partsPerMillion) / 1_000_000)
            #expect(rate.share(of: Amount(fen: basis)) == Amount(fen: share))
        }
    }

    @Test func everyRateIsReadAsItIsWritten() {
        for millionths in stride(from: Int32(1), through: 1_000_000, by: 7) {
            let rate = Rate(partsPerMillion: millionths)
            #expect(rate.flatMap { Rate(percent: $0.percent) } == rate)
        }
        #expect(Rate(partsPerMillion: 0) == nil)
        #expect(Rate(partsPerMillion: 1_000_001) == nil)
    }
}

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
