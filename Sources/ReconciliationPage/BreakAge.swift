/// How long a break has been open: 0 to 7, 8 to 30, 31 to 90, or more than 90 days.
package enum BreakAge: Int, Sendable, Hashable, CaseIterable {
    case week, month, quarter, older

    package init(days: Int) {
        switch days {
        case ...7: self = .week
        case ...30: self = .month
        case ...90: self = .quarter
        default: self = .older
        }
    }

    var name: StaticString {
        switch self {
        case .week: "0–7 days"
        case .month: "8–30 days"
        case .quarter: "31–90 days"
        case .older: "over 90 days"
        }
    }

    /// The class that the page's style colours.
    var style: StaticString {
        switch self {
        case .week: "age0"
        case .month: "age1"
        case .quarter: "age2"
        case .older: "age3"
        }
    }
}
