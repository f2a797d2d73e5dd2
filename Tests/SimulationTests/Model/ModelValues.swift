/// What an argument's text means. Two arguments are the same where their values are equal: `1` is `1.00`.
enum ModelValue: Equatable, Sendable {
    case text(String)
    /// Fen.
    case money(Int64)
    /// Millionths: 50 % is 500,000.
    case rate(Int64)
    case date(ModelDate)
    case number(Int)
    case window(ModelWindow)
    case schedule([ModelYearAmount])
    case list([String])
    /// `rate=tenant`, `cap=tenant`: each payer sets its own.
    case own
}

struct ModelYearAmount: Equatable, Sendable {
    var year: Int
    var amount: Int64
}

enum ModelWindow: Equatable, Sendable {
    case none
    /// Months from the subject's `opened`.
    case months(Int)
    case calendarYear
    /// Months in a row.
    case rolling(Int)
}

/// The most that one amount may be, in fen.
let modelLargestAmount: Int64 = 9_000_000_000_000_000

/// The readers of argument texts. Each throws the refusal that the text deserves.
enum ModelReader {
    /// Yuan into fen: digits, or digits, a point and one or two digits.
    static func money(_ text: String, _ argument: String, zeroAllowed: Bool = false) throws(ModelRefusal) -> Int64 {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let cents = parts.count == 2 ? String(parts[1]) : "00"
        guard let yuan = parts.first, isDigits(yuan), isDigits(cents), cents.count <= 2 else {
            throw .invalid(argument)
        }
        let significant = (yuan + (cents.count == 1 ? cents + "0" : cents)).drop { $0 == "0" }
        if significant.isEmpty {
            if zeroAllowed { return 0 }
            throw .invalid(argument)
        }
        guard significant.count <= 16, let fen = Int64(significant), fen <= modelLargestAmount else {
            throw ModelRefusal(code: "TOO_LARGE")
        }
        return fen
    }

    /// `33.3333%` into millionths; above 0, at most 100 %, at most four decimals.
    static func rate(_ text: String, _ argument: String) throws(ModelRefusal) -> Int64 {
        let parts = text.dropLast().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? String(parts[1]) : "0"
        guard text.last == "%", let whole = parts.first, isDigits(whole), whole.count <= 9, isDigits(decimals),
            decimals.count <= 4,
            let millionths = Int64(whole + decimals + String(repeating: "0", count: 4 - decimals.count)),
            (1...1_000_000).contains(millionths)
        else { throw .invalid(argument) }
        return millionths
    }

    static func date(_ text: String, _ argument: String) throws(ModelRefusal) -> ModelDate {
        guard let date = ModelDate(text) else { throw .invalid(argument) }
        return date
    }

    static func year(_ text: some StringProtocol, _ argument: String) throws(ModelRefusal) -> Int {
        guard text.count == 4, let year = modelDigits(text), (1900...9999).contains(year) else {
            throw .invalid(argument)
        }
        return year
    }

    static func count(_ text: String, _ argument: String, from least: Int) throws(ModelRefusal) -> Int {
        guard let number = modelDigits(text), number >= least else { throw .invalid(argument) }
        return number
    }

    static func identifier(_ text: String, _ argument: String) throws(ModelRefusal) -> String {
        let others = Set(".:_/-".utf8)
        let isRight = text.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || others.contains($0)
        }
        guard isRight, (1...64).contains(text.utf8.count) else { throw .invalid(argument) }
        return text
    }

    static func identifiers(_ text: String, _ argument: String) throws(ModelRefusal) -> [String] {
        var list: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            list.append(try identifier(String(part), argument))
        }
        return list
    }

    static func window(_ text: String, _ argument: String) throws(ModelRefusal) -> ModelWindow {
        if text == "none" { return .none }
        if text == "calendar-year" { return .calendarYear }
        let isRolling = text.hasPrefix("rolling-")
        let span = isRolling ? text.dropFirst("rolling-".count) : text[...]
        guard span.first == "P", let number = modelDigits(span.dropFirst().dropLast()), number > 0 else {
            throw .invalid(argument)
        }
        switch (span.last, isRolling) {
        case ("M", true): return .rolling(number)
        case ("M", false): return .months(number)
        case ("Y", false): return .months(number * 12)
        default: throw .invalid(argument)
        }
    }

    /// `2023:3000000,2024:7000000`.
    static func schedule(_ text: String, _ argument: String) throws(ModelRefusal) -> [ModelYearAmount] {
        var parts: [ModelYearAmount] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: ":", omittingEmptySubsequences: false)
            guard halves.count == 2 else { throw .invalid(argument) }
            parts.append(
                ModelYearAmount(year: try year(halves[0], argument), amount: try money(String(halves[1]), argument)))
        }
        return parts.sorted { $0.year < $1.year }
    }

    /// GB 32100-2015: 17 characters of the 31, each weighed by a power of three, and the check character.
    static func uscc(_ text: String, _ argument: String) throws(ModelRefusal) -> String {
        let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
        let values = text.compactMap { alphabet.firstIndex(of: $0) }
        guard text.count == 18, values.count == 18 else { throw .invalid(argument) }
        var (sum, weight) = (0, 1)
        for value in values.dropLast() {
            sum += value * weight
            weight = weight * 3 % 31
        }
        guard values[17] == (31 - sum % 31) % 31 else { throw .invalid(argument) }
        return text
    }

    private static func isDigits(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
    }
}
