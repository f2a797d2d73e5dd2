import LedgerCore
import Testing

@Suite struct NameTests {
    @Test(arguments: ["a", "A-1", "pilot-project", "2024/7", "a.b_c:d", String(repeating: "x", count: 64)])
    func identifiers(_ text: String) { #expect(Identifier.isValid(text)) }

    @Test(arguments: [
        "", " ", "a b", "临港", "a\u{301}", "a=b", "a\"", "a\n", "a,b", "a*", String(repeating: "x", count: 65),
    ])
    func whatIsNoIdentifier(_ text: String) { #expect(!Identifier.isValid(text)) }

    /// Codes of companies that publish theirs, and two whose check characters are the alphabet's first and last.
    @Test(arguments: CreditCodeCases.right) func rightCreditCodes(_ code: String) { #expect(CreditCode.isValid(code)) }

    /// The weights differ from zero modulo 31, a prime: no single wrong character escapes.
    @Test(arguments: CreditCodeCases.right) func oneWrongCharacterIsFound(_ code: String) {
        for place in code.indices {
            for other in "0123456789ABCDEFGHJKLMNPQRTUWXY" where other != code[place] {
                var wrong = code
                wrong.replaceSubrange(place...place, with: String(other))
                #expect(!CreditCode.isValid(wrong), "\(wrong)")
            }
        }
    }

    @Test(arguments: [
        "", "91310000631696382", "91310000631696382CC", "91310000631696382c", "9131000063169638IC",
        "9131000063169638OC",
        "9131000063169638 C", "９1310000631696382C", "000000000000000000\u{301}",
    ]) func otherTextsAreNoCreditCodes(_ text: String) { #expect(!CreditCode.isValid(text)) }

    @Test func entriesAreNamedByTenantAndSequence() {
        let name = SequenceName(tenant: 3, sequence: 42)
        #expect(SequenceName(name.text) == name)
        let last = SequenceName(tenant: .max, sequence: .max)
        #expect(SequenceName(last.text) == last)
    }

    @Test(arguments: [
        "", "E", "E42", "E-", "E1-", "E-1", "E0-1", "E1-0", "E01-1", "E1-01", "E+1-1", "E1-+1", "E1--1", "E1-1-1",
        "e1-1",
        "X1-1", " E1-1", "E1-1 ", "E2147483648-1", "E1-9223372036854775808", "E１-1", "c1",
    ]) func otherTextsNameNoEntry(_ text: String) { #expect(SequenceName(text) == nil) }

    @Test func refusalsAndSlotsHaveNumbersAndNamesOfTheirOwn() {
        #expect(Set(RefusalCode.allCases.map(\.name)).count == RefusalCode.allCases.count)
        #expect(Set(EntryKind.allCases.map(\.verb)).count == EntryKind.allCases.count)
        let retried = ["MOVED", "ASK", "LOADING", "READONLY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "BUSY"]
        for code in RefusalCode.allCases {
            #expect(!retried.contains { code.name.hasPrefix($0) }, "\(code.name) makes a client retry by itself")
        }
    }
}

enum CreditCodeCases {
    static let right = [
        "91330100799655058B", "9144030071526726XG", "914403001922038216", "91100000100003962T",
        "91310000631696382C", "91310000132200821H", "12100000400000624D", "91310115MA1K300070",
        "91310115MA1K30026Y",
    ]
}

@Suite struct AccountTests {
    /// What owners, years and days can be at most.
    static let owners: [Int64] = [1, 2, 1 << 20, (1 << 35) - 1]

    @Test(arguments: AccountSlot.allCases) func everySlotIsPackedAndUnpacked(_ slot: AccountSlot) {
        for owner in Self.owners {
            let plain = AccountID(owner, slot)
            #expect(plain.owner == owner && plain.slot == slot && plain.raw > 0)
            for year in [1900, 2024, 9999] {
                let account = AccountID(owner, slot, year: year)
                #expect(account.owner == owner && account.slot == slot && account.year == year && account.raw > 0)
            }
            for ordinal in [1, 7, 0x3F_FFFF] {
                let account = AccountID(owner, slot, ordinal: ordinal)
                #expect(account.owner == owner && account.slot == slot && account.ordinal == ordinal && account.raw > 0)
            }
            for day in [Day.first, Day(year: 1970, month: 1, day: 1), Day.last] {
                let account = AccountID(owner, slot, day: day)
                #expect(account.owner == owner && account.slot == slot && account.day == day && account.raw > 0)
            }
        }
    }

    @Test func noTwoAccountsShareANumber() {
        var seen: Set<Int64> = []
        var count = 0
        for owner in Self.owners {
            for slot in AccountSlot.allCases {
                let accounts =
                    if slot.hasYear {
                        (1900...2100).map { AccountID(owner, slot, year: $0) }
                    } else if slot.hasDay {
                        stride(from: Day.first.number, through: Day.last.number, by: 9_973).map {
                            AccountID(owner, slot, day: Day(number: $0))
                        }
                    } else {
                        [AccountID(owner, slot)]
                    }
                count += accounts.count
                seen.formUnion(accounts.map(\.raw))
            }
        }
        #expect(seen.count == count)
    }

    @Test func unknownSlotsAreNil() { #expect(AccountID(raw: 1 << 28 | 63).slot == nil) }

    @Test func namesOfAccounts() throws {
        let names = [
            (
                AccountSlot.budgetAvailable, "general", AccountID(1, .budgetAvailable, year: 2024),
                "budget:general:2024:available"
            ),
            (.awardCommitted, "A-1", AccountID(1, .awardCommitted, year: 2024), "award:A-1:2024:committed"),
            (.awardDated, "A-1", AccountID(1, .awardDated, ordinal: 3), "award:A-1:3:dated"),
            (.capUsed, "pilot:P1", AccountID(1, .capUsed), "cap:pilot:P1:used"),
            (.capDated, "roll:R1", AccountID(1, .capDated, day: .last), "cap:roll:R1:9999-12-31:dated"),
            (.expense, "general", AccountID(1, .expense), "expense:general"),
            (.payable, "Acme", AccountID(1, .payable), "payable:Acme"),
        ]
        for (slot, owner, account, name) in names { #expect(slot.name(owner: owner, account: account) == name) }
    }
}
