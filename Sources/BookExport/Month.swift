import LedgerCore

/// A calendar month, at whose end the balances of the accounts that moved in it are asserted.
struct Month: Hashable, Comparable {
    /// Months since the year 0, which 22 bits hold.
    let number: Int32

    init(number: Int32) { self.number = number }

    init(_ day: Day) {
        let (year, month, _) = day.civil
        number = Int32(year * 12 + month - 1)
    }

    static func < (left: Month, right: Month) -> Bool { left.number < right.number }

    var lastDay: Day {
        let next = Int(number) + 1
        return Day(year: next / 12, month: next % 12 + 1, day: 1).adding(days: -1)
    }
}
