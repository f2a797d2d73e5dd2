/// The stretch of time over which a limit counts.
package enum Window: Sendable, Hashable {
    /// For ever.
    case none
    /// `PnY` or `PnM`, counted from the subject's `opened`; `written` keeps the form it was given in.
    case fromOpening(months: Int, written: String)
    /// Each calendar year has a limit and a basis of its own.
    case calendarYear
    /// `rolling-PnM`: no `months` months in a row may hold more.
    case rolling(months: Int)

    /// Months that a window may have at most: some 833 years. An end past the calendar's last day is cut there.
    package static let mostMonths = 9_999

    package init?(_ text: String) {
        switch text {
        case "none": self = .none
        case "calendar-year": self = .calendarYear
        default:
            if text.hasPrefix("rolling-") {
                guard text.hasSuffix("M"), let months = Window.months(text.dropFirst("rolling-".count)) else {
                    return nil
                }
                self = .rolling(months: months)
            } else {
                guard let months = Window.months(text[...]) else { return nil }
                self = .fromOpening(months: months, written: text)
            }
        }
    }

    /// `P3Y` is 36, `P18M` is 18; nil for anything else.
    private static func months(_ text: Substring) -> Int? {
        guard text.hasPrefix("P"), let unit = text.last, unit == "Y" || unit == "M" else { return nil }
        let digits = text.dropFirst().dropLast()
        guard !digits.isEmpty, digits.first != "0", digits.utf8.count <= 4,
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let count = Int(digits)
        else { return nil }
        let months = unit == "Y" ? count * 12 : count
        return months <= mostMonths ? months : nil
    }

    package var text: String {
        switch self {
        case .none: "none"
        case .fromOpening(_, let written): written
        case .calendarYear: "calendar-year"
        case .rolling(let months): "rolling-P\(months)M"
        }
    }
}

/// A first and a last day, both inside.
package struct Span: Sendable, Hashable {
    package let from: Day
    package let until: Day

    package init(from: Day, until: Day) {
        self.from = from
        self.until = until
    }

    package func contains(_ day: Day) -> Bool { from <= day && day <= until }

    /// From the day a subject was opened to the corresponding day `months` later, never past the calendar's end.
    package static func fromOpening(_ opened: Day, months: Int) -> Span {
        Span(from: opened, until: min(opened.corresponding(months: months), .last))
    }

    package static func calendarYear(_ year: Int) -> Span {
        Span(from: Day(year: year, month: 1, day: 1), until: Day(year: year, month: 12, day: 31))
    }

    /// The `months` months that end on `day`: from the day after the corresponding day that many months before.
    package static func rolling(endingOn day: Day, months: Int) -> Span {
        Span(from: day.corresponding(months: -months).next, until: day)
    }
}
