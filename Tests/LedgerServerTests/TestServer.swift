import Glibc
import LedgerServer
import LineProtocol
import Logging
import ServiceLifecycle
import Testing

/// Runs `body` beside a server over fake books, and checks that the server ends in order.
func withServer(
    limits: Limits = Limits(), books: FakeBooks = FakeBooks(),
    _ body: @escaping @Sendable (_ path: String, _ books: FakeBooks) async throws -> Void
) async throws {
    var name = Array("/tmp/ledger-test-XXXXXX".utf8CString)
    let directory = try #require(mkdtemp(&name).map { String(cString: $0) })
    defer { rmdir(directory) }
    let path = directory + "/s"
    var logger = Logger(label: "test")
    logger.logLevel = .error
    let ledger = Ledger(limits: limits, logger: logger)
    try ledger.start(posting: { FakeWriter(books: books) }, answering: { FakeReader(books: books) })
    let open = Gate()
    let listener = Listener(ledger: ledger, port: nil, unixPath: path, logger: logger) { _ in open.open() }
    let services = ServiceGroup(services: [listener], logger: logger)
    try await withThrowingTaskGroup { group in
        group.addTask { try await services.run() }
        group.addTask {
            try await open.wait()
            try await body(path, books)
        }
        // Whichever ends first: the body, or a listener that could not start.
        let end = await group.nextResult()
        await services.triggerGracefulShutdown()
        try end?.get()
        try await group.waitForAll()
    }
    books.door.open()
    #expect(await ledger.stop())
    #expect(access(path, F_OK) != 0)
}

extension String {
    /// A line that posts.
    static func disburse(_ key: String, tenant: String = "lingang") -> String {
        "DISBURSE tenant=\(tenant) award=A amount=1 date=2024-01-01 key=\(key)\r\n"
    }
}
