import Foundation
import LedgerCore
import Testing

/// The core and a reference model that shares nothing with it are given the same random commands: every code and every
/// figure is equal.
///
/// By hand: `GRANTLEDGER_SEED=7 GRANTLEDGER_COMMANDS=1000000 swift test --filter ModelAgreement`.
struct ModelAgreementTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["GRANTLEDGER_SEED"].flatMap(UInt64.init) ?? 20_261_123
    private static let commands = environment["GRANTLEDGER_COMMANDS"].flatMap(Int.init) ?? 100_000
    /// Books are begun anew after so many commands, so that the model, which recomputes everything, stays quick.
    private static let world = 500

    @Test func coreAndModelAgree() throws {
        print("seed \(Self.seed), \(Self.commands) commands")
        for start in stride(from: 0, to: Self.commands, by: Self.world) {
            let seed = Self.seed &+ UInt64(start)
            var generator = CommandGenerator(seed: seed)
            let requests = (0..<Self.world).map { _ in generator.next() }
            guard let found = try Self.firstDifference(requests, today: generator.today) else { continue }
            let failing = Array(requests.prefix(found.index + 1))
            let shortest = shrunk(failing) { (try? Self.firstDifference($0, today: generator.today)) != nil }
            let text = try Self.firstDifference(shortest, today: generator.today)?.text ?? found.text
            Issue.record(
                "seed \(seed), today \(generator.today)\n\(shortest.dropLast().map(\.line).joined(separator: "\n"))\n\(text)"
            )
            return
        }
    }

    private static func firstDifference(
        _ requests: [ModelRequest], today: String
    ) throws -> (index: Int, text: String)? {
        var rehearsal = try Rehearsal(today: today)
        for (index, request) in requests.enumerated() {
            if let text = rehearsal.difference(request) { return (index, text) }
        }
        return nil
    }
}
