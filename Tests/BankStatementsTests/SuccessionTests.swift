import BankStatements
import LedgerCore
import Testing

/// A statement against the one before it, and against itself seen before.
@Suite struct SuccessionTests {
    private func statement(_ change: (inout CamtWriter) -> Void = { _ in }) throws -> BankStatement {
        var file = CamtWriter()
        change(&file)
        return try #require(try read(camt: file.document).first).statement
    }

    /// The sequence, last day and closing balance before; nil where the statement follows.
    @Test(
        arguments: [
            (6, "2026-11-22", "1000.00", nil),
            (6, "2026-11-23", "1000.00", nil),
            (nil, "2026-11-01", "1000.00", nil),
            (6, "2026-11-22", "999.99", "opens with 1000.00, the one before closed with 999.99, a gap of 0.01"),
            (6, "2026-11-22", "1000.01", "a gap of -0.01"),
            (6, "2026-11-24", "1000.00", "begins on 2026-11-23, before 2026-11-24"),
            (5, "2026-11-22", "1000.00", "its number is 7, the one before has 5"),
            (7, "2026-11-22", "1000.00", "it was read before, or is out of turn"),
            (.max, "2026-11-22", "1000.00", "its number is 7"),
        ] as [(Int?, String, String, String?)])
    func follows(sequence: Int?, to: String, closing: String, words: String?) throws {
        let statement = try statement()
        let place = StatementPlace(
            id: "S0", sequence: sequence, to: try #require(Day(to)), closing: .yuan(closing))
        guard let words else { return try statement.prove(follows: place) }
        let error = refusal { try statement.prove(follows: place) }
        #expect(error?.kind == .succession)
        #expect(error?.line == 4)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("statement \"S1\" does not follow \"S0\"") == true)
    }

    @Test func numbersMayBeginAgainWithAYear() throws {
        let first = try statement { $0.sequence = "1" }
        let before = try #require(Day("2025-12-31"))
        #expect(throws: Never.self) {
            try first.prove(follows: StatementPlace(id: "S0", sequence: 250, to: before, closing: .yuan("1000.00")))
        }
        let sameYear = StatementPlace(id: "S0", sequence: 250, to: before.adding(days: 40), closing: .yuan("1000.00"))
        #expect(refusal { try first.prove(follows: sameYear) }?.kind == .succession)
    }

    @Test func aStatementSeenBeforeIsKnownByItsContent() throws {
        let seen = try statement()
        #expect(seen.digest.count == 64)
        let file = CamtWriter().document
        for layout in [
            file.replacing("\n", with: "\n\n  "), file.replacing("2026-11-24T01:00:00", with: "2026-12-01T09:30:00"),
            file.replacing("<Ntry>", with: "<!-- again --><Ntry>"), file.replacing(">100.00<", with: ">100.0<"),
        ] {
            #expect(layout != file)
            let again = try #require(try read(camt: layout).first).statement
            #expect(again.identity.relation(to: seen.identity) == .same)
        }
    }

    @Test(
        arguments: [
            { $0.entries[0].reference = "BANK2" }, { $0.entries[0].value = nil }, { $0.entries[0].text = "more" },
            { $0.entries[0].isReversal = true }, { $0.sequence = nil }, { $0.entries[0].family = "RRTN" },
            {
                $0.entries[0].reference = nil; $0.entries[0].text = "BANK1"
            },
            {
                $0.entries[0].amount = "50.00"; $0.entries.append($0.entries[0])
            },
            {
                $0.balances[0].1 = "1.00"; $0.balances[1].1 = "101.00"
            },
            { $0.entries.append(.init(status: "PDNG")) },
            { $0.entries[0].transactions = [.init(endToEndID: "X")] },
            { $0.entries[0].transactions = [.init(debtor: ("X", ""))] },
            { $0.entries[0].transactions = [.init(debtor: ("", "X"))] },
        ] as [@Sendable (inout CamtWriter) -> Void])
    func theSameIdWithOtherContentIsAContradiction(change: @Sendable (inout CamtWriter) -> Void) throws {
        let seen = try statement().identity
        #expect(try statement(change).identity.relation(to: seen) == .contradiction)
    }

    @Test func anotherIdOrAccountIsAnother() throws {
        let seen = try statement().identity
        #expect(try statement { $0.id = "S2" }.identity.relation(to: seen) == .other)
        #expect(try statement { $0.account = "1" }.identity.relation(to: seen) == .other)
    }

    /// Pinned, for it is kept in databases: what was read years ago must be known again.
    @Test func theDigestDoesNotChangeWithTheProgram() throws {
        #expect(try statement().digest == "71f7186b00989b7f09c040afa3519f3535544f5f2f078def5066cccd400117fc")
    }
}
