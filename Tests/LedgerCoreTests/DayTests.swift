import LedgerCore
import Testing

@Suite struct DayTests {
    /// Counts the days one by one, as a calendar on the wall does.
    @Test func everyDayOfTwoCenturiesGoesThereAndBack() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var day = Day.first
        var wrong: [Day] = []
        for year in 1900...2100 {
            let isLeap = year % 4 == 0 && year != 1900 && year != 2100
            for month in 1...12 {
                for number in 1...(lengths[month - 1] + (isLeap && month == 2 ? 1 : 0)) {
                    let isRight =
                        day.civil == (year, month, number) && Day(year: year, month: month, day: number) == day
                        && Day(day.description) == day
                    if !isRight { wrong.append(day) }
                    day = day.next
                }
            }
        }
        #expect(wrong.isEmpty)
        #expect(day == Day(year: 2101, month: 1, day: 1))
    }

    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("1900-01-01", -25_567), ("2000-02-29", 11_016),
        ("9999-12-31", 2_932_896),
    ]) func daysAreCountedFromTheEpoch(_ text: String, _ number: Int32) {
        #expect(Day(text)?.number == number)
    }

    @Test(arguments: [
        "2000-02-29", "2400-02-29", "2024-02-29", "1904-02-29", "9996-02-29",
    ]) func leapDaysExist(_ text: String) { #expect(Day(text)?.description == text) }

    @Test(arguments: [
        "1900-02-29", "2100-02-29", "2200-02-29", "2300-02-29", "2023-02-29", "9999-02-29", "2024-02-30", "2024-04-31",
        "2024-00-10", "2024-13-01", "2024-01-00", "2024-01-32", "1899-12-31", "0000-01-01", "10000-01-01", "2024-1-01",
        "2024/01/01", "2024-01-01 ", "+024-01-01", "２０２４-01-01", "2024-01-0١", "",
    ]) func whatIsNoDayIsRefused(_ text: String) { #expect(Day(text) == nil) }

    @Test(arguments: [
        ("2023-06-01", 36, "2026-06-01"), ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"),
        ("2023-01-31", 1, "2023-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2023-12-31", 2, "2024-02-29"),
        ("2024-03-31", -1, "2024-02-29"), ("2023-03-31", -13, "2022-02-28"), ("2000-02-29", -1_200, "1900-02-28"),
        ("2024-05-15", 0, "2024-05-15"), ("2024-01-15", -1, "2023-12-15"), ("2023-12-15", 1, "2024-01-15"),
    ]) func theCorrespondingDay(_ from: String, _ months: Int, _ to: String) throws {
        #expect(try #require(Day(from)).corresponding(months: months).description == to)
    }

    @Test func correspondingDaysNeverRunBackwards() throws {
        for months in [-9_999, -36, -1, 1, 12, 36, 9_999] {
            var last = Day.first.corresponding(months: months)
            for number in stride(from: Day.first.number, through: Day.last.number, by: 13) {
                let next = Day(number: number).corresponding(months: months)
                if next < last { Issue.record("\(months) months from day \(number)") }
                last = next
            }
        }
    }

    @Test(arguments: [
        (0, "1970-01-01", "1970-01-01T00:00:00.000000Z"), (-1, "1970-01-01", "1969-12-31T23:59:59.999999Z"),
        (1_714_492_799_999_999, "2024-04-30", "2024-04-30T15:59:59.999999Z"),
        (1_714_492_800_000_000, "2024-05-01", "2024-04-30T16:00:00.000000Z"),
    ]) func aMomentHasADayInShanghaiAndATextInUTC(_ microseconds: Int64, _ day: String, _ text: String) {
        let moment = Moment(microseconds: microseconds)
        #expect(moment.day.description == day)
        #expect(moment.text == text)
    }
}

@Suite struct WindowTests {
    @Test(arguments: [
        ("none", Window.none), ("calendar-year", .calendarYear), ("P3Y", .fromOpening(months: 36, written: "P3Y")),
        ("P18M", .fromOpening(months: 18, written: "P18M")), ("rolling-P36M", .rolling(months: 36)),
        ("P833Y", .fromOpening(months: 9_996, written: "P833Y")), ("rolling-P9999M", .rolling(months: 9_999)),
    ]) func windowsAreReadAndWritten(_ text: String, _ window: Window) {
        #expect(Window(text) == window)
        #expect(window.text == text)
    }

    @Test(arguments: [
        "", "P", "PY", "P0Y", "P0M", "P-1Y", "P+1Y", "P3", "3Y", "P3D", "P3Y6M", "p3y", "P03Y", "P３Y", "None",
        "rolling-P3Y",
        "rolling-", "rolling-P0M", "rolling-36M", "P834Y", "P99999M", "P9223372036854775808M", "P3Y\u{301}", " P3Y",
    ]) func otherTextsAreNoWindows(_ text: String) { #expect(Window(text) == nil) }

    @Test(arguments: [
        ("2023-06-01", 36, "2026-06-01"), ("2024-02-29", 12, "2025-02-28"), ("9999-06-01", 36, "9999-12-31"),
    ]) func aWindowHoldsItsFirstAndItsLastDay(_ opened: String, _ months: Int, _ until: String) throws {
        let (from, until) = (try #require(Day(opened)), try #require(Day(until)))
        let span = Span.fromOpening(from, months: months)
        #expect(span == Span(from: from, until: until))
        #expect(span.contains(from) && span.contains(until))
        #expect(!span.contains(from.adding(days: -1)) && !span.contains(until.next))
    }

    @Test(arguments: [
        ("2026-06-01", 36, "2023-06-02"), ("2024-02-29", 12, "2023-03-01"), ("2025-02-28", 12, "2024-02-29"),
        ("2023-03-31", 1, "2023-03-01"), ("2024-03-30", 1, "2024-03-01"), ("2024-05-15", 1, "2024-04-16"),
    ]) func aRollingWindowBeginsAfterTheCorrespondingDay(_ end: String, _ months: Int, _ from: String) throws {
        let until = try #require(Day(end))
        #expect(Span.rolling(endingOn: until, months: months) == Span(from: try #require(Day(from)), until: until))
    }

    @Test func aCalendarYear() {
        #expect(Span.calendarYear(2024).from.description == "2024-01-01")
        #expect(Span.calendarYear(2024).until.description == "2024-12-31")
    }
}
