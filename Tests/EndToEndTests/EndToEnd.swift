import Foundation
import LineProtocol
import TestKit
import Testing

/// The real programs, started as processes and asked from outside.
///
/// One test after the other: each has the machine's cores to itself, but for the tests of other targets.
@Suite(.serialized, .onThreadsOfTheirOwn)
enum EndToEnd {
    static let environment = ProcessInfo.processInfo.environment

    /// deploy/test installs all that these tests use; elsewhere a test without its client is skipped.
    static let mustHaveClients = environment["CI"] != nil

    /// The number that the environment gives for a longer run by hand.
    static func number(_ name: String, standard: Int) -> Int { environment[name].flatMap(Int.init) ?? standard }

    /// Figures of a tenant that hold whatever was posted: CHECK finds nothing, and the books are in balance.
    static func expectSoundBooks(
        of tenant: String, _ client: LineClient, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let check = try client.ask("CHECK tenant=\(tenant)")
        #expect(check["ok"] == "true", "\(check)", sourceLocation: sourceLocation)
        let balance = try client.ask("TRIAL.BALANCE tenant=\(tenant)")
        #expect(balance["debits"] != nil && balance["debits"] == balance["credits"], sourceLocation: sourceLocation)
    }

    /// All of a tenant's journal, read page by page; each page must begin where the one before it ended.
    static func journal(of tenant: String, _ client: LineClient, page: Int = 500) throws -> [WireReply] {
        var pages: [WireReply] = []
        var last = 0
        while true {
            let reply = try client.ask("JOURNAL tenant=\(tenant) after=\(last) limit=\(page)")
            let entries = reply.list("entries")
            guard reply.isAccepted, !entries.isEmpty else { return pages }
            for entry in entries {
                last += 1
                #expect(entry["seq"] == .number("\(last)"), "the journal of \(tenant) has a gap")
            }
            #expect(reply["last"] == "\(last)")
            pages.append(reply)
        }
    }
}

/// See ``ThreadsOfTheirOwn``.
struct OnThreadsOfTheirOwn: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(ThreadsOfTheirOwn.shared) { try await function() }
    }
}

extension Trait where Self == OnThreadsOfTheirOwn {
    static var onThreadsOfTheirOwn: Self { Self() }
}
