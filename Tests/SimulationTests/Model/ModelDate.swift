/// A day of the proleptic Gregorian calendar, years 1900 to 9999.
struct ModelDate: Hashable, Comparable, Sendable {
    var year: Int
    var month: Int
    var day: Int

    init(_ year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// `YYYY-MM-DD`, and nothing else.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            let year = modelDigits(parts[0]), let month = modelDigits(parts[1]), let day = modelDigits(parts[2]),
            (1900...9999).contains(year), (1...12).contains(month),
            (1...ModelDate.lastDay(year, month)).contains(day)
        else { return nil }
        self.init(year, month, day)
    }

    static func < (left: ModelDate, right: ModelDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    static func lastDay(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// The corresponding day so many months later (or earlier); the month's last where it has no such day.
    func adding(months: Int) -> ModelDate {
        let count = year * 12 + (month - 1) + months
        let (newYear, newMonth) = (count / 12, count % 12 + 1)
        return ModelDate(newYear, newMonth, min(day, ModelDate.lastDay(newYear, newMonth)))
    }

    var next: ModelDate {
        if day < ModelDate.lastDay(year, month) { return ModelDate(year, month, day + 1) }
        return month < 12 ? ModelDate(year, month + 1, 1) : ModelDate(year + 1, 1, 1)
    }

    var previous: ModelDate {
        if day > 1 { return ModelDate(year, month, day - 1) }
        let (newYear, newMonth) = month > 1 ? (year, month - 1) : (year - 1, 12)
        return ModelDate(newYear, newMonth, ModelDate.lastDay(newYear, newMonth))
    }

    var text: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(day))"
    }
}

/// The number that the text's ASCII digits write, or nil where there is anything else or nothing.
func modelDigits(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(String(text))
}
