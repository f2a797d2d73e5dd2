import LedgerCore
import Testing

@Suite struct ContentTests {
    static let values = [
        "", "1.00", "a=b", "=", "\\", "\\\\", "\\n", "\n", "\n\n", "a\\\nb", "\\n\n\\", "张江", "\u{301}", "a\u{301}\n",
        "👩‍👩‍👧", "\r\n", " ",
        "ref=1\nparty=x",
    ]

    @Test func everyContentIsReadAsItWasWritten() {
        for first in Self.values {
            for second in Self.values {
                let content = Content(verb: "DISBURSE", arguments: [.init("ref", first), .init("evidence", second)])
                let read = Content(text: content.text)
                #expect(read.verb == "DISBURSE")
                #expect(read.arguments.map(\.name) == ["ref", "evidence"])
                #expect(read.arguments.map { Array($0.value.utf8) } == [Array(first.utf8), Array(second.utf8)])
            }
        }
        let bare = Content(verb: "PING", arguments: [])
        #expect(Content(text: bare.text) == bare)
    }

    @Test func anArgumentTakesOneLine() {
        for value in Self.values {
            let text = Content(verb: "V", arguments: [.init("a", value), .init("b", "")]).text
            #expect(text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).count == 3)
        }
    }

    @Test func noTwoContentsHaveOneText() {
        var texts: Set<[UInt8]> = []
        var count = 0
        for first in Self.values {
            for second in [nil] + Self.values.map(Optional.some) {
                let arguments = [Content.Argument("a", first)] + (second.map { [Content.Argument("b", $0)] } ?? [])
                texts.insert(Array(Content(verb: "V", arguments: arguments).text.utf8))
                count += 1
            }
        }
        #expect(texts.count == count)
    }

    private func content(_ text: String) -> Content {
        Content(text: text.split(separator: " ").joined(separator: "\n"))
    }

    @Test(arguments: [
        ("COMMIT a=1 b=2", "COMMIT a=1 b=2", nil), ("COMMIT a=1", "RELEASE a=1", "verb"),
        ("COMMIT a=1 b=2", "COMMIT a=2 b=3", "a"), ("COMMIT a=1 b=2", "COMMIT a=1 b=3", "b"),
        ("COMMIT a=1 b=2", "COMMIT a=1", "b"), ("COMMIT a=1", "COMMIT a=1 b=2", "b"),
        ("COMMIT a=1", "COMMIT a=1 party=P", nil), ("COMMIT a=1 party=P", "COMMIT a=1", nil),
        ("COMMIT a=1 party=Q", "COMMIT a=1", "party"), ("COMMIT party=Q", "COMMIT party=P", "party"),
        // In the verb's order, whichever of the two leaves something out.
        ("COMMIT b=2 d=4", "COMMIT a=1 b=3 c=3 d=5", "a"), ("COMMIT a=1 b=3 c=3 d=5", "COMMIT b=2 d=4", "a"),
        ("COMMIT b=2 d=4", "COMMIT b=2 c=3 d=5", "c"), ("COMMIT b=2 c=3 d=5", "COMMIT b=2 d=4", "c"),
    ]) func theFirstDifferenceIsNamed(_ one: String, _ other: String, _ difference: String?) {
        #expect(content(one).firstDifference(from: content(other), payee: "P") == difference)
    }

    @Test func withoutAPayeeALeftOutPartyDiffers() {
        #expect(content("COMMIT party=P").firstDifference(from: content("COMMIT"), payee: nil) == "party")
    }
}

@Suite struct EntryTextTests {
    private var entry: Entry {
        Entry(
            tenant: 2, sequence: 7, kind: .disbursement, key: "k", date: Day.first, postedAt: Moment(microseconds: 1),
            amount: Amount(fen: 100), principal: "root",
            content: Content(verb: "DISBURSE", arguments: [.init("award", "A")]),
            award: 5, target: nil,
            transfers: [
                Transfer(debit: AccountID(1, .expense), credit: AccountID(2, .payable), amount: Amount(fen: 100))
            ],
            standing: Receipt.Standing(award: "A", committed: .zero, disbursed: Amount(fen: 100), remaining: nil))
    }

    private func text(_ change: (inout Entry) -> Void = { _ in }, tenant: String = "lingang") -> String {
        var entry = entry
        change(&entry)
        let bytes = entry.canonicalText(tenant: tenant) { account in
            account.slot.map { $0.name(owner: "N\(account.owner)", account: account) } ?? "?"
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func theTextSaysEverything() {
        #expect(
            text() == """
                grantledger-entry-1
                lingang
                7
                DISBURSE
                k
                1900-01-01
                1
                100
                root
                -
                A 0 100 -
                1
                DISBURSE
                award=A
                1
                expense:N1 payable:N2 100

                """)
    }

    /// Whatever is changed in an entry changes its text, and no two changes come to the same.
    @Test func noTwoEntriesHaveOneText() {
        let extra = Transfer(debit: AccountID(1, .cash), credit: AccountID(2, .payable), amount: Amount(fen: 1))
        let texts = [
            text(), text(tenant: "pudong"), text { $0.sequence = 8 }, text { $0.kind = .release },
            text { $0.key = "l" },
            text { $0.date = $0.date.next }, text { $0.postedAt = Moment(microseconds: 2) },
            text { $0.amount = Amount(fen: 101) }, text { $0.principal = "7" }, text { $0.target = 7 },
            text { $0.standing = nil }, text { $0.standing?.award = "-" },
            text { $0.standing?.committed = Amount(fen: 1) },
            text { $0.standing?.disbursed = .zero }, text { $0.standing?.remaining = .zero },
            text { $0.standing?.remaining = Amount(fen: -1) },
            text { $0.content = Content(verb: "DISBURSE", arguments: []) },
            text { $0.content = Content(verb: "DISBURSE", arguments: [.init("award", "A\n1")]) },
            text { $0.content = Content(verb: "DISBURSE", arguments: [.init("award", "A"), .init("ref", "")]) },
            text { $0.transfers = [] }, text { $0.transfers.append(extra) }, text { $0.transfers[0] = extra },
            text { $0.transfers[0] = $0.transfers[0].reversed },
        ]
        #expect(Set(texts).count == texts.count)
    }
}
