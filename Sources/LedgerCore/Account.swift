/// An account of the books, packed into 63 bits: the number of what it belongs to (a fund, an award, a cap or a party;
/// numbers are given out by the root tenant), a year, a day or an ordinal below it, and what it counts.
///
/// Transfers store these numbers, so that an entry stays one narrow row; names are put to them where people read.
package struct AccountID: Sendable, Hashable {
    package let raw: Int64

    package init(raw: Int64) { self.raw = raw }

    package init(_ owner: Int64, _ slot: AccountSlot, year: Int) {
        raw = owner << 28 | Int64(year) << 6 | Int64(slot.rawValue)
    }

    package init(_ owner: Int64, _ slot: AccountSlot, day: Day) {
        raw = owner << 28 | Int64(day.number - Day.first.number) << 6 | Int64(slot.rawValue)
    }

    /// `ordinal` counts an award's commitments from 1.
    package init(_ owner: Int64, _ slot: AccountSlot, ordinal: Int) {
        raw = owner << 28 | Int64(ordinal) << 6 | Int64(slot.rawValue)
    }

    package init(_ owner: Int64, _ slot: AccountSlot) {
        raw = owner << 28 | Int64(slot.rawValue)
    }

    /// The number of the fund, award, cap or party.
    package var owner: Int64 { raw >> 28 }
    package var slot: AccountSlot? { AccountSlot(rawValue: Int8(raw & 0x3F)) }
    private var below: Int32 { Int32(raw >> 6 & 0x3F_FFFF) }
    /// Meaningful where ``AccountSlot/hasYear`` holds.
    package var year: Int { Int(below) }
    /// Meaningful where ``AccountSlot/hasDay`` holds.
    package var day: Day { Day(number: below + Day.first.number) }
    /// Meaningful where ``AccountSlot/hasOrdinal`` holds.
    package var ordinal: Int { Int(below) }

    /// How many commitments an award can have under a rolling window.
    static let mostOrdinals = 0x3F_FFFF
}

/// What an account counts. The numbers are stored and frozen.
package enum AccountSlot: Int8, Sendable, CaseIterable {
    // Of a fund's year: the budget.
    case budgetAppropriated = 1
    case budgetAvailable = 2
    case budgetCommitted = 3
    case budgetDisbursed = 4
    // Of an award's year.
    case awardGranted = 10
    case awardCommitted = 11
    case awardDisbursed = 12
    case awardReleased = 13
    case awardRecovered = 14
    /// Of each of an award's commitments, under a rolling window: what of it still counts on its day.
    case awardDated = 15
    // Of a cap: what is used of a subject's limit. The limit itself is computed, never posted.
    case capUsed = 20
    case capCommitted = 21
    case capDisbursed = 22
    case capForfeited = 23
    /// Of a cap's day, under a rolling window.
    case capDated = 24
    // Of a fund: money.
    case expense = 30
    case cash = 31
    // Of a party: money.
    case payable = 40
    case receivable = 41

    package enum Owner: String, Sendable { case fund, award, cap, party }

    package var owner: Owner {
        switch self {
        case .budgetAppropriated, .budgetAvailable, .budgetCommitted, .budgetDisbursed, .expense, .cash: .fund
        case .awardGranted, .awardCommitted, .awardDisbursed, .awardReleased, .awardRecovered, .awardDated: .award
        case .capUsed, .capCommitted, .capDisbursed, .capForfeited, .capDated: .cap
        case .payable, .receivable: .party
        }
    }

    package var hasYear: Bool {
        switch self {
        case .budgetAppropriated, .budgetAvailable, .budgetCommitted, .budgetDisbursed, .awardGranted, .awardCommitted,
            .awardDisbursed, .awardReleased, .awardRecovered:
            true
        case .awardDated, .capUsed, .capCommitted, .capDisbursed, .capForfeited, .capDated, .expense, .cash, .payable,
            .receivable:
            false
        }
    }

    package var hasDay: Bool { self == .capDated }
    package var hasOrdinal: Bool { self == .awardDated }

    /// The account's name below its owner's: `available`, `committed`, ….
    package var word: String {
        switch self {
        case .budgetAppropriated: "appropriated"
        case .budgetAvailable: "available"
        case .budgetCommitted, .awardCommitted, .capCommitted: "committed"
        case .budgetDisbursed, .awardDisbursed, .capDisbursed: "disbursed"
        case .awardGranted: "granted"
        case .awardReleased: "released"
        case .awardRecovered: "recovered"
        case .awardDated, .capDated: "dated"
        case .capUsed: "used"
        case .capForfeited: "forfeited"
        case .expense: "expense"
        case .cash: "cash"
        case .payable: "payable"
        case .receivable: "receivable"
        }
    }

    /// The account's full name: `budget:general:2024:available`, `award:A-1:2024:committed`,
    /// `cap:shanghai|pilot-project|S-1:committed`, `expense:general`, `payable:shanghai|P-1`.
    /// `owner` is the fund's or award's identifier, `owner|party`, or `owner|scheme|subject[|payer][||period]`.
    package func name(owner ownerName: String, account: AccountID) -> String {
        switch self {
        case .expense, .cash, .payable, .receivable: "\(word):\(ownerName)"
        default:
            if hasYear {
                "\(owner == .fund ? "budget" : "award"):\(ownerName):\(account.year):\(word)"
            } else if hasDay {
                "\(owner.rawValue):\(ownerName):\(account.day):\(word)"
            } else if hasOrdinal {
                "\(owner.rawValue):\(ownerName):\(account.ordinal):\(word)"
            } else {
                "\(owner.rawValue):\(ownerName):\(word)"
            }
        }
    }
}
