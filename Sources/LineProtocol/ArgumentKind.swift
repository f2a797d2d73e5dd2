import LedgerCore

/// What the value of an argument may look like.
package enum ArgumentKind: Sendable, Hashable {
    case identifier
    /// At most 200 characters; may be empty.
    case text
    /// A text that says something.
    case name
    case amount
    case amountOrZero
    /// Below zero where money left an account.
    case signedAmount
    case rate
    case rateOrTenant
    case capOrTenant
    case date
    case year
    case number(ClosedRange<Int>)
    case choice([String])
    case schedule
    case window
    case identifiers
    case names
    /// Tenants, or `*` for all.
    case payers
    case creditCode
    /// How long to wait, kept in milliseconds.
    case duration

    static let flag = ArgumentKind.choice(["yes", "no"])

    /// One word for tables and hints.
    package var label: String {
        switch self {
        case .identifier: "identifier"
        case .text, .name: "text"
        case .amount, .amountOrZero: "yuan"
        case .signedAmount: "±yuan"
        case .rate: "percent"
        case .rateOrTenant: "percent|tenant"
        case .capOrTenant: "yuan|tenant"
        case .date: "YYYY-MM-DD"
        case .year: "YYYY"
        case .number: "number"
        case .choice(let values): values.joined(separator: "|")
        case .schedule: "YYYY:yuan,…"
        case .window: "none|PnY|PnM|calendar-year|rolling-PnM"
        case .identifiers: "identifier,…"
        case .names: "text,…"
        case .payers: "tenant,…|*"
        case .creditCode: "credit-code"
        case .duration: "duration"
        }
    }

    /// What a wrong value is told to be, after "expected".
    package var expectation: String {
        let yuan = "digits with at most two decimals (500000 or 500000.00)"
        return switch self {
        case .identifier: "1 to 64 of A-Z a-z 0-9 . _ : / -"
        case .text: "at most 200 characters, none of them a control character"
        case .name: "1 to 200 characters, none of them a control character"
        case .amount: "yuan above zero and at most \(Amount.maximum), as \(yuan)"
        case .amountOrZero: "yuan of at most \(Amount.maximum), as \(yuan)"
        case .signedAmount:
            "yuan of at most \(Amount.maximum), as \(yuan), with a minus before it where it is below zero"
        case .rate: "per cent above 0 and at most 100, with at most four decimals (50% or 33.3333%)"
        case .rateOrTenant: "the word tenant, or \(ArgumentKind.rate.expectation)"
        case .capOrTenant: "the word tenant, or \(ArgumentKind.amount.expectation)"
        case .date: "a day that exists, as YYYY-MM-DD, from 1900 to 9999"
        case .year: "a year from 1900 to 9999"
        case .number(let range) where range.upperBound == Int.max: "a whole number of at least \(range.lowerBound)"
        case .number(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let values): values.joined(separator: " or ")
        case .schedule: "YEAR:AMOUNT for each year, with commas between (2023:3000000,2024:7000000)"
        case .window: "none, PnY, PnM (n from 1, at most 9999 months), calendar-year or rolling-PnM"
        case .identifiers: "identifiers with commas between, each once"
        case .names: "texts of 1 to 200 characters with commas between, each once"
        case .payers: "* for all descendants, or identifiers of tenants with commas between, each once"
        case .creditCode: "18 characters of GB 32100-2015 whose last is the right check character"
        case .duration: "seconds or milliseconds, at most a minute (30s or 500ms)"
        }
    }

    func read(_ text: String) -> ArgumentReading {
        switch self {
        case .amount: ArgumentReading(Amount.read(yuan: text), mayBeZero: false)
        case .amountOrZero: ArgumentReading(Amount.read(yuan: text), mayBeZero: true)
        case .signedAmount: ArgumentKind.signed(text)
        case .capOrTenant: text == "tenant" ? .value(.payersOwn) : ArgumentKind.amount.read(text)
        case .schedule: ArgumentKind.instalments(text)
        default: value(text).map(ArgumentReading.value) ?? .malformed
        }
    }

    /// nil where `text` is not such a value.
    private func value(_ text: String) -> ArgumentValue? {
        switch self {
        case .amount, .amountOrZero, .signedAmount, .capOrTenant, .schedule: nil
        case .identifier: Identifier.isValid(text) ? .text(text) : nil
        case .text: PlainText.isValid(text) ? .text(text) : nil
        case .name: !text.isEmpty && PlainText.isValid(text) ? .text(text) : nil
        case .rate: Rate(percent: text).map(ArgumentValue.rate)
        case .rateOrTenant: text == "tenant" ? .payersOwn : Rate(percent: text).map(ArgumentValue.rate)
        case .date: Day(text).map(ArgumentValue.day)
        case .year: ArgumentKind.year(text).map(ArgumentValue.number)
        case .number(let range):
            DecimalText.natural(text.utf8).flatMap { range.contains($0) ? .number($0) : nil }
        case .choice(let values): values.contains(text) ? .text(text) : nil
        case .window: Window(text).map(ArgumentValue.window)
        case .identifiers: ArgumentKind.list(text, Identifier.isValid).map(ArgumentValue.list)
        case .names: ArgumentKind.list(text) { !$0.isEmpty && PlainText.isValid($0) }.map(ArgumentValue.list)
        case .payers: text == "*" ? .all : ArgumentKind.list(text, Identifier.isValid).map(ArgumentValue.list)
        case .creditCode: CreditCode.isValid(text) ? .text(text) : nil
        case .duration: ArgumentKind.milliseconds(text).map(ArgumentValue.number)
        }
    }
}

/// What a text says of a value.
enum ArgumentReading: Sendable, Hashable {
    case value(ArgumentValue)
    /// Well written, but an amount in it is above what any may be.
    case tooLarge
    case malformed

    init(_ reading: Amount.Reading, mayBeZero: Bool) {
        self =
            switch reading {
            case .amount(let amount) where amount > .zero || mayBeZero: .value(.amount(amount))
            case .amount, .malformed: .malformed
            case .tooLarge: .tooLarge
            }
    }
}

/// A value that was read.
enum ArgumentValue: Sendable, Hashable {
    case text(String)
    case list([String])
    case all
    case amount(Amount)
    case rate(Rate)
    case payersOwn
    case day(Day)
    /// A year, a count, or milliseconds.
    case number(Int)
    /// In the order sent.
    case instalments([Instalment])
    case window(Window)

    /// The one way in which it is written: what two requests with the same meaning have in common.
    var canonical: String {
        switch self {
        case .text(let text): text
        case .list(let texts): texts.joined(separator: ",")
        case .all: "*"
        case .amount(let amount): DecimalText.yuan(amount)
        case .rate(let rate): rate.percent
        case .payersOwn: "tenant"
        case .day(let day): DecimalText.date(day)
        case .number(let number): String(number)
        case .instalments(let instalments):
            instalments.sorted { $0.year < $1.year }.map { "\($0.year):\(DecimalText.yuan($0.amount))" }.joined(
                separator: ",")
        case .window(let window): window.text
        }
    }
}

/// What a free text may hold.
enum PlainText {
    static let longest = 200

    /// At most 200 Unicode scalars, none of them a control character (C0, DEL, C1).
    static func isValid(_ text: some StringProtocol) -> Bool {
        // A scalar takes four bytes at most, so that a huge text is not counted.
        guard text.utf8.count <= longest * 4, text.unicodeScalars.count <= longest else { return false }
        return text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    }
}

// MARK: - Reading

extension ArgumentKind {
    private static func year(_ text: some StringProtocol) -> Int? {
        guard text.utf8.count == 4, let year = DecimalText.natural(text.utf8), year >= 1900 else { return nil }
        return year
    }

    private static func signed(_ text: String) -> ArgumentReading {
        guard text.utf8.first == UInt8(ascii: "-") else { return amountOrZero.read(text) }
        guard case .amount(let amount) = Amount.read(yuan: text.dropFirst()), amount > .zero else {
            return amountOrZero.read(String(text.dropFirst())) == .tooLarge ? .tooLarge : .malformed
        }
        return .value(.amount(-amount))
    }

    /// Cut at a byte, not at a character: a combining mark after a comma does not make it another character here.
    private static func pieces(_ text: Substring, at separator: Unicode.Scalar) -> [Substring] {
        text.utf8.split(separator: UInt8(ascii: separator), omittingEmptySubsequences: false).map(Substring.init)
    }

    private static func list(_ text: String, _ isValid: (Substring) -> Bool) -> [String]? {
        let items = pieces(text[...], at: ",")
        guard items.allSatisfy(isValid), Set(items).count == items.count else { return nil }
        return items.map(String.init)
    }

    private static func instalments(_ text: String) -> ArgumentReading {
        var instalments: [Instalment] = []
        var isTooLarge = false
        for item in pieces(text[...], at: ",") {
            let parts = pieces(item, at: ":")
            guard parts.count == 2, let year = year(parts[0]) else { return .malformed }
            switch Amount.read(yuan: parts[1]) {
            case .amount(let amount) where amount > .zero: instalments.append(Instalment(year: year, amount: amount))
            case .amount, .malformed: return .malformed
            case .tooLarge: isTooLarge = true
            }
        }
        return isTooLarge ? .tooLarge : .value(.instalments(instalments))
    }

    private static func milliseconds(_ text: String) -> Int? {
        let unit = text.hasSuffix("ms") ? 1 : 1_000
        guard text.hasSuffix("s"), let count = DecimalText.natural(text.utf8.dropLast(unit == 1 ? 2 : 1)),
            count <= 60_000 / unit
        else { return nil }
        return count * unit
    }
}
