import LedgerCore
import LedgerServer
import LineProtocol
import Logging
import Synchronization
import Testing

/// What a connection is answered, without a connection.
@Suite struct ConversationTests {
    let books = FakeBooks()

    private func dialogue(_ text: String) async throws -> [String] {
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let ledger = Ledger(logger: logger)
        let books = books
        try ledger.start(posting: { FakeWriter(books: books) }, answering: { FakeReader(books: books) })
        let session = Session(
            ConnectionFacts(id: 1, address: "test"), native: .local, principals: ledger.principals,
            server: { ServerFacts(version: "1", processID: 1, tcpPort: nil, uptimeSeconds: 0) }, limits: ledger.limits)
        var conversation = Conversation(session, ledger: ledger, status: { [] })
        var decoder = RequestDecoder()
        decoder.append(text.utf8)
        var requests: [Decoded] = []
        while let decoded = decoder.next() { requests.append(decoded) }
        var bytes: [UInt8] = []
        _ = try await conversation.answer(requests) { replies in
            for reply in replies { reply.encode(into: &bytes) }
        }
        #expect(await ledger.stop())
        return String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    private func codes(_ lines: [String]) -> [String] {
        lines.map { String($0.prefix { $0 != " " && $0 != "{" }) }
    }

    @Test func anUnknownTenantIsNotFound() async throws {
        let lines = try await dialogue(
            "USE tenant=nowhere\n" + .disburse("a", tenant: "nowhere") + "CHECK tenant=nowhere\n")
        #expect(codes(lines) == ["-NOT_FOUND", "-NOT_FOUND", "-NOT_FOUND"])
    }

    @Test func whatARequestMakesIsThereForTheNext() async throws {
        let lines = try await dialogue(
            """
            TENANT.CREATE tenant=hangzhou name=Hangzhou
            USE tenant=hangzhou
            DISBURSE award=A amount=1 date=2024-01-01 key=a
            BUDGET fund=f year=2024

            """)
        #expect(codes(lines) == ["+", "+", "+", "+"])
        #expect(lines.last == "+{\"count\":1}")
    }

    @Test func aFailedUseChangesNothing() async throws {
        let lines = try await dialogue("USE tenant=lingang\nUSE tenant=nowhere\nWHOAMI\n")
        #expect(lines.last?.contains("\"using\":\"lingang\"") == true)
    }

    @Test func postingsOfOneRootShareABatch() async throws {
        _ = try await dialogue(
            "CHECK tenant=lingang\nUSE tenant=lingang\nUSE tenant=zhangjiang\nUSE tenant=beijing\n"
                + .disburse("a") + "PING\n" + .disburse("b", tenant: "zhangjiang") + .disburse("c", tenant: "beijing"))
        #expect(books.state.withLock(\.batches) == [2, 1])
    }

    @Test func aVoucherStaysWithinOneRoot() async throws {
        let lines = try await dialogue(
            "MULTI\n" + .disburse("a") + .disburse("b", tenant: "zhangjiang") + .disburse("c", tenant: "beijing")
                + "EXEC\n")
        #expect(codes(lines).suffix(1) == ["-EXECABORT"])
        #expect(lines.last?.contains("\"index\":2,\"code\":\"INVALID_ARGUMENT\",\"argument\":\"tenant\"") == true)
        #expect(books.keys("lingang") == [])
    }

    @Test func aVoucherOfNobodyKnownIsAborted() async throws {
        let lines = try await dialogue("MULTI\n" + .disburse("a", tenant: "nowhere") + "EXEC\n")
        #expect(lines.last?.contains("\"index\":0,\"code\":\"NOT_FOUND\"") == true)
    }

    @Test func aQueryInAVoucherSeesWhatStandsBeforeIt() async throws {
        let lines = try await dialogue(
            "MULTI\n" + .disburse("a") + "AWARD tenant=lingang award=A\n" + .disburse("b")
                + "AWARD tenant=lingang award=A\nEXEC\n")
        #expect(lines.suffix(5).first == "*4")
        #expect(lines.suffix(3).first == "+{\"count\":1}")
        #expect(lines.last == "+{\"count\":2}")
    }

    @Test func aRootIsNotMadeInAVoucher() async throws {
        let lines = try await dialogue("MULTI\nTENANT.CREATE tenant=a name=A\nEXEC\n")
        #expect(lines.last?.contains("\"index\":0,\"code\":\"INVALID_ARGUMENT\",\"argument\":\"parent\"") == true)
    }

    @Test func aTenantMadeInAVoucherBelongsToItsParentsRoot() async throws {
        let lines = try await dialogue(
            "MULTI\nTENANT.CREATE tenant=new parent=lingang name=N\n" + .disburse("a", tenant: "new") + .disburse("b")
                + "EXEC\n")
        #expect(lines.suffix(4).first == "*3")
    }
}
