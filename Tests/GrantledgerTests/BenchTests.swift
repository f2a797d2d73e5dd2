import LineProtocol
import Synchronization
import Testing

@testable import CommandLineTool

/// A ledger that answers fast and wrongly has no result.
@Suite(.onThreadsOfTheirOwn) struct BenchTests {
    /// Answers every line with what `reply` makes of it, and runs the scenario lone for a moment.
    private func bench(_ reply: @escaping @Sendable (_ request: String) -> String) async throws -> BenchRun.Result {
        let ledger = try ScriptedDaemon(reply)
        return try await BenchRun(
            daemon: Daemon(address: .unix(path: ledger.socket)), workload: BenchWorkload(scenario: .lone, run: "t"),
            connections: 1, inFlight: 1, warmUp: 0, seconds: 1, rate: 20, note: { _ in }
        ).run()
    }

    /// Why there is no result.
    private func failure(_ reply: @escaping @Sendable (_ request: String) -> String) async -> String {
        let error = await #expect(throws: BenchFailure.self) { _ = try await bench(reply) }
        return error?.description ?? ""
    }

    @Test func aSequenceGivenTwiceIsFound() async {
        let text = await failure { _ in "+{\"seq\":1002}" }
        #expect(text.contains("entry 1002 was the reply to both 0-0 and 0-1"), "\(text)")
    }

    @Test(arguments: [
        ("[]", "postings were answered, the journal has 0"),
        ("[{\"seq\":1002,\"key\":\"other\"}]", "the journal has other as entry 1002, the reply was to 0-0"),
    ])
    func aJournalThatSaysOtherwiseIsFound(entries: String, complaint: String) async {
        let counter = Mutex(1_001)
        let text = await failure { request in
            if request.hasPrefix("JOURNAL") { return "+{\"entries\":\(entries)}" }
            guard request.hasPrefix("DISBURSE") else { return "+{\"ok\":true}" }
            let sequence = counter.withLock { sequence in
                sequence += 1
                return sequence
            }
            return "+{\"seq\":\(sequence)}"
        }
        #expect(text.contains(complaint), "\(text)")
    }

    @Test func whatIsRefusedBeforeTheLoadIsNamed() async {
        let text = await failure { _ in "-NOPERM {\"message\":\"no\"}" }
        #expect(text.hasPrefix("TENANT.CREATE tenant=t-lone-0") && text.hasSuffix("was refused: no"), "\(text)")
    }
}
