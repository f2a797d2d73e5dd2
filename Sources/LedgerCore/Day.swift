/// A civil date in the tenant's time zone, held as days since 1970-01-01.
package struct Day: Sendable, Hashable, Comparable {
    package let number: Int32

    package init(number: Int32) { self.number = number }

    package static func < (left: Day, right: Day) -> Bool { left.number < right.number }

    /// 1900-01-01 and 9999-12-31: what a request may name.
    package static let first = Day(year: 1900, month: 1, day: 1)
    package static let last = Day(year: 9999, month: 12, day: 31)

    package var next: Day { Day(number: number + 1) }
    package func adding(days: Int32) -> Day { Day(number: number + days) }
}

// MARK: - The Gregorian calendar

extension Day {
    /// The proleptic Gregorian date; `month` and `day` must be in range.
    package init(year: Int, month: Int, day: Int) {
        // Years begin in March here, so that the leap day is the last day of its year.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    package var civil: (year: Int, month: Int, day: Int) {
        let shifted = Int(number) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
    }

    package var year: Int { civil.year }

    static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The corresponding day `months` months later (or earlier, where negative); where that month has no such day, its
    /// last one (Civil Code, articles 201 and 202).
    package func corresponding(months: Int) -> Day {
        let (year, month, day) = civil
        let count = year * 12 + (month - 1) + months
        let targetYear = count >= 0 ? count / 12 : (count - 11) / 12
        let targetMonth = count - targetYear * 12 + 1
        return Day(
            year: targetYear, month: targetMonth, day: min(day, Day.length(ofMonth: targetMonth, in: targetYear)))
    }
}

// MARK: - Text

extension Day: CustomStringConvertible {
    /// Reads `YYYY-MM-DD`, a day that exists, from 1900 to 9999.
    package init?(_ text: String) {
        var parts = (0, 0, 0)
        var place = 0
        for byte in text.utf8 {
            switch (place, byte) {
            case (4, UInt8(ascii: "-")), (7, UInt8(ascii: "-")): break
            case (0...3, UInt8(ascii: "0")...UInt8(ascii: "9")): parts.0 = parts.0 * 10 + Int(byte & 15)
            case (5...6, UInt8(ascii: "0")...UInt8(ascii: "9")): parts.1 = parts.1 * 10 + Int(byte & 15)
            case (8...9, UInt8(ascii: "0")...UInt8(ascii: "9")): parts.2 = parts.2 * 10 + Int(byte & 15)
            default: return nil
            }
            place += 1
        }
        let (year, month, day) = parts
        guard place == 10, (1900...9999).contains(year), (1...12).contains(month),
            (1...Day.length(ofMonth: month, in: year)).contains(day)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package var description: String {
        let (year, month, day) = civil
        func padded(_ value: Int, to width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
    }
}

/// The instant at which a batch is decided; the core has no clock of its own.
package struct Moment: Sendable, Hashable {
    /// Microseconds since 1970-01-01 00:00 UTC.
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// The civil date in Asia/Shanghai, which has kept UTC+8 since 1991.
    package var day: Day {
        let seconds = microseconds / 1_000_000 + 8 * 3_600
        return Day(number: Int32((seconds >= 0 ? seconds : seconds - 86_399) / 86_400))
    }

    /// How long it is until the next day there.
    package var untilMidnight: Duration {
        let day: Int64 = 86_400_000_000
        let passed = (microseconds + 8 * 3_600_000_000) % day
        return .microseconds(day - (passed < 0 ? passed + day : passed))
    }

    /// RFC 3339 in UTC with microseconds: `2026-11-23T14:29:09.000123Z`.
    package var text: String {
        let daySeconds: Int64 = 86_400_000_000
        let dayNumber = microseconds >= 0 ? microseconds / daySeconds : (microseconds - daySeconds + 1) / daySeconds
        let rest = microseconds - dayNumber * daySeconds
        let seconds = rest / 1_000_000
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        return "\(Day(number: Int32(dayNumber)))T\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):"
            + "\(padded(seconds % 60, 2)).\(padded(rest % 1_000_000, 6))Z"
    }
}
