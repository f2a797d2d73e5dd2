import Foundation
import Testing

/// The daemon's write path as it is (queue, poster, and the core that decides) between a simulated database, network
/// and clock, with two daemons and all that can befall them. One seed reproduces a simulation exactly.
///
/// By hand: `GRANTLEDGER_SEED=7 GRANTLEDGER_SIMULATIONS=10000 swift test --filter WritePathSimulation`.
struct WritePathSimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["GRANTLEDGER_SEED"].flatMap(UInt64.init) ?? 20_261_123
    private static let simulations = environment["GRANTLEDGER_SIMULATIONS"].flatMap(Int.init) ?? 300
    /// Simulations in a row whose clients ask for the same, so that little time is spent on making that up.
    private static let simulationsPerProgram: UInt64 = 10

    @Test func whateverHappensTheBooksHold() {
        print("seed \(Self.seed), \(Self.simulations) simulations")
        var tally = SimulatedTally()
        var program: (seed: UInt64, program: SimulatedProgram)?
        for number in 0..<Self.simulations {
            let seed = Self.seed &+ UInt64(number)
            let programSeed = seed / Self.simulationsPerProgram
            if program?.seed != programSeed { program = (programSeed, SimulatedProgram(seed: programSeed)) }
            guard let made = program?.program else { return }
            let world = SimulatedWorld(seed: seed, program: made, isTraced: false)
            world.run()
            tally.add(world.tally)
            guard let violation = world.violation else { continue }
            let trace = Self.trace(seed: seed, made)
            Issue.record("seed \(seed): \(violation)\n\(trace.suffix(60).joined(separator: "\n"))")
            return
        }
        #expect(tally.rarer(than: Self.simulations / 10) == [])
    }

    @Test func oneSeedIsOneSimulation() {
        let program = SimulatedProgram(seed: Self.seed / Self.simulationsPerProgram)
        let trace = Self.trace(seed: Self.seed, program)
        #expect(trace.count > 500)
        #expect(trace == Self.trace(seed: Self.seed, program))
        #expect(trace != Self.trace(seed: Self.seed &+ 1, program))
    }

    private static func trace(seed: UInt64, _ program: SimulatedProgram) -> [String] {
        let world = SimulatedWorld(seed: seed, program: program, isTraced: true)
        world.run()
        return world.trace
    }
}
