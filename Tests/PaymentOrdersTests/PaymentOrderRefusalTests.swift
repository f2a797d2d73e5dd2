import LedgerCore
import PaymentOrders
import Testing

/// What is not written, and what is said of it.
@Suite struct PaymentOrderRefusalTests {
    typealias Kind = PaymentOrderError.Kind

    @Test(
        arguments: [
            (Orders.payment(""), .missing, "its reference is empty"),
            (Orders.payment(String(repeating: "A", count: 36)), .tooLong, "its reference has 36 characters, 35 may"),
            (Orders.payment("GL_1"), .character, "has \"_\" (U+005F), which banks do not carry there: \"GL_1\""),
            (Orders.payment("付款"), .character, "has \"付\" (U+4ED8)"),
            (Orders.payment("/GL"), .character, "begins or ends with a slash"),
            (Orders.payment("GL/"), .character, "begins or ends with a slash"),
            (Orders.payment("G//L"), .character, "two side by side"),
            (Orders.payment(" GL"), .character, "begins or ends with a space"),
            (Orders.payment(fen: 0), .value, "its amount is not above zero: \"0.00\""),
            (Orders.payment(fen: -1), .value, "its amount is not above zero: \"-0.01\""),
            (Orders.payment(fen: 1_000_000_000_000_000_000), .value, "more than 18 digits"),
            (Orders.payment(name: ""), .missing, "the payee's name is empty"),
            (Orders.payment(name: " \u{3000}"), .missing, "the payee's name is empty"),
            (Orders.payment(name: String(repeating: "名", count: 141)), .tooLong, "name has 141 characters, 140 may"),
            (
                Orders.payment(name: "A\u{7}B"), .character,
                "the control character U+0007, which nobody could see: \"A\\u{7}B\""
            ),
            (Orders.payment(name: "A\nB"), .character, "control character U+000A"),
            (Orders.payment(name: "A\u{85}B"), .character, "control character U+0085"),
            (Orders.payment(name: "A\u{202E}B"), .character, "control character U+202E"),
            (Orders.payment(name: "A\u{FFFF}B"), .character, "control character U+FFFF"),
            (Orders.payment(bank: ""), .missing, "the payee's bank is empty"),
            (Orders.payment(bank: "B\0"), .character, "the payee's bank has the control character U+0000"),
            (Orders.payment(bank: String(repeating: "B", count: 141)), .tooLong, "the payee's bank has 141"),
            (Orders.payment(account: ""), .missing, "the payee's account is empty"),
            (Orders.payment(account: String(repeating: "1", count: 35)), .tooLong, "account has 35 characters, 34 may"),
            (Orders.payment(account: "6222*"), .character, "the payee's account has \"*\""),
            (Orders.payment(text: ""), .missing, "the remittance text is empty"),
            (Orders.payment(text: String(repeating: "é", count: 141)), .tooLong, "the remittance text has 141"),
            (Orders.payment(text: "a\tb"), .character, "the remittance text has the control character U+0009"),
        ] as [(OrderedPayment, Kind, String)])
    func payments(payment: OrderedPayment, kind: Kind, words: String) throws {
        let good = Orders.payment("GL-0", fen: 1)
        let order = Orders.order(of: [good, good], sum: Amount(fen: 999_999_999_999_999_999))
        let error = try #require(try Orders.refusal(order, [good, payment]))
        #expect(error.kind == kind)
        #expect(error.payment?.number == 2)
        #expect(error.payment?.reference == payment.reference)
        #expect(error.description.contains(words), "\(error)")
        #expect(error.description.hasPrefix("payment 2 ("), "\(error)")
        #expect(!error.description.contains("\n"))
    }

    @Test(
        arguments: [
            (Orders.order(id: ""), .missing, "its identifier is empty"),
            (Orders.order(id: "PAY&1"), .character, "its identifier has \"&\""),
            (Orders.order(createdAt: "2026-11-24T22:30:00"), .value, "is no time in UTC: \"2026-11-24T22:30:00\""),
            (Orders.order(createdAt: "2026-11-24T24:30:00Z"), .value, "no time in UTC"),
            (Orders.order(createdAt: "2026-02-29T22:30:00Z"), .value, "no time in UTC"),
            (Orders.order(createdAt: "2026-11-24T22:30:00.Z"), .value, "no time in UTC"),
            (Orders.order(createdAt: "2026-11-24 22:30:00Z"), .value, "no time in UTC"),
            (Orders.order(createdAt: "2026-11-24T22:60:00Z"), .value, "no time in UTC"),
            (Orders.order(createdAt: "2026-11-24T22:30:00+08:00"), .value, "no time in UTC"),
            (Orders.order(createdAt: "2026-11-24T22:30:00.1xZ"), .value, "no time in UTC"),
            (Orders.order(createdAt: "é"), .value, "no time in UTC"),
            (
                Orders.order(executionDay: Day.last.next), .value,
                "the day of execution is out of range: \"10000-01-01\""
            ),
            (Orders.order(initiator: ""), .missing, "the initiating party's name is empty"),
            (
                Orders.order(payer: .init(name: "A", bank: "B", account: "#")), .character,
                "the payer's account has \"#\""
            ),
            (Orders.order(count: 0), .count, "no payments by its own count"),
            (Orders.order(sum: .zero), .value, "the control sum is not above zero"),
            (Orders.order(count: 2), .count, "it has 1 payments, and 2 by its own count"),
            (Orders.order(sum: Amount(fen: 50_000_001)), .sum, "its payments sum to 500000.00, and to 500000.01"),
        ] as [(PaymentOrder, Kind, String)])
    func orders(order: PaymentOrder, kind: Kind, words: String) throws {
        let error = try #require(try Orders.refusal(order))
        #expect(error.kind == kind)
        #expect(error.payment == nil)
        #expect(error.description.hasPrefix("the order: "))
        #expect(error.description.contains(words), "\(error)")
    }

    @Test func aTimeMayHaveAFraction() throws {
        #expect(try Orders.refusal(Orders.order(createdAt: "2026-11-24T23:59:59.000123Z")) == nil)
    }

    @Test func countSumAndReferencesHoldBack() throws {
        let payments = [Orders.payment("GL-1", fen: 5), Orders.payment("GL-2", fen: 6)]
        let tooMany = try #require(try Orders.refusal(Orders.order(of: payments, count: 1), payments))
        #expect(tooMany.kind == .count)
        #expect(tooMany.payment?.number == 2)
        let tooMuch = try #require(try Orders.refusal(Orders.order(of: payments, sum: Amount(fen: 10)), payments))
        #expect(tooMuch.kind == .sum)
        #expect(tooMuch.description.contains("with its 0.06 the payments sum to more than the order's 0.10"))
        let twice = [payments[0], payments[0]]
        let doubled = try #require(try Orders.refusal(Orders.order(of: twice), twice))
        #expect(doubled.kind == .duplicate)
        #expect(doubled.description.hasPrefix("payment 2 (\"GL-1\"): an earlier payment has this reference: \"GL-1\""))
    }

    /// BIC, CNAPS code, or name; the two versions differ in what a BIC is.
    @Test(
        arguments: [
            ("ICBKCNBJ", "BIC", "BICFI"), ("ICBKCNBJSHI", "BIC", "BICFI"), ("1CBKCNBJ", "Nm", "BICFI"),
            ("ICBKCNB1", "BIC", "BICFI"), ("ICBKCNBO", "Nm", "BICFI"), ("ICBKCN1J", "Nm", "BICFI"),
            ("ICBKCNBJS", "Nm", "Nm"), ("icbkcnbj", "Nm", "Nm"), ("102290000010", "CNAPS", "CNAPS"),
            ("10229000001", "Nm", "Nm"), ("1022900000１0", "Nm", "Nm"), ("中国工商银行", "Nm", "Nm"),
        ])
    func banks(text: String, old: String, new: String) throws {
        for (version, element) in [(PaymentOrderVersion.pain00100103, old), (.pain00100109, new)] {
            let payments = [Orders.payment(bank: text)]
            let file = String(decoding: try Orders.file(Orders.order(), payments, version: version), as: UTF8.self)
            let words = element == "CNAPS" ? "<Cd>CNAPS</Cd>" : "<\(element)>\(text)</\(element)>"
            #expect(file.contains(words), "\(version) \(text)")
        }
    }

    @Test(
        arguments: [
            ("DE89370400440532013000", true), ("NO9386011117947", true), ("GB82WEST12345698765432", true),
            ("DE88370400440532013000", false), ("de89370400440532013000", false), ("DE8937040044053201300", false),
            ("DE89 3704 0044 0532 0130 00", false), ("6222021001122334455", false), ("DE89", false),
        ])
    func accounts(text: String, isIBAN: Bool) throws {
        let payments = [Orders.payment(account: text)]
        let file = String(decoding: try Orders.file(Orders.order(), payments), as: UTF8.self)
        #expect(file.contains("<IBAN>\(text)</IBAN>") == isIBAN)
        #expect(file.contains("<Id>\(text)</Id>") != isIBAN)
    }
}
