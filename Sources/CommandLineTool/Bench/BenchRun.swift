import ArgumentParser
import Glibc
import Histogram
import LineProtocol
import NIOCore
import NIOPosix

/// One scenario: books are set up, requests sent for a time, and the books proved afterwards. A ledger that is fast and
/// wrong has no result.
struct BenchRun {
    let daemon: Daemon
    let workload: BenchWorkload
    let connections: Int
    let inFlight: Int
    let warmUp: Int
    let seconds: Int
    /// Requests a second over all connections; nil: a closed loop.
    let rate: Int?
    /// Says what it does, for whoever waits.
    let note: (String) -> Void

    struct Result {
        let scenario: BenchScenario
        let connections: Int
        let inFlight: Int
        let seconds: Int
        let replies: Int
        let refusals: [String: Int]
        /// Microseconds.
        let latencies: Histogram<UInt64>
        let entries: Int

        var rate: Int { replies / seconds }
    }

    /// Throws ``Unreachable``, or ``BenchFailure`` where the ledger answered wrongly.
    func run() async throws -> Result {
        note("\(workload.scenario.rawValue): setting up books")
        for lines in [workload.foundation, workload.subjects, workload.awards] { try await post(lines) }
        note("\(workload.scenario.rawValue): \(workload.scenario.explanation), for \(warmUp) s and \(seconds) s")
        let tallies = try await load()
        if let loss = tallies.lazy.compactMap(\.loss).first { throw BenchFailure("a connection was lost: \(loss)") }
        let latencies = tallies.flatMap(\.latencies)
        var histogram = Histogram<UInt64>(highestTrackableValue: 4_294_967_295, numberOfSignificantValueDigits: .three)
        for latency in latencies { histogram.record(UInt64(latency)) }
        note("\(workload.scenario.rawValue): proving the books")
        let entries = try await prove(tallies)
        return Result(
            scenario: workload.scenario, connections: connections, inFlight: inFlight, seconds: seconds,
            replies: latencies.count,
            refusals: tallies.reduce(into: [:]) { $0.merge($1.refusals, uniquingKeysWith: +) },
            latencies: histogram, entries: entries)
    }

    /// Sends lines of which none may be refused.
    private func post(_ lines: [String]) async throws {
        try await DaemonConnection.with(daemon) { connection in
            var rest = lines[...]
            while !rest.isEmpty {
                let piece = Array(rest.prefix(1_000))
                rest = rest.dropFirst(piece.count)
                for (line, reply) in zip(piece, try await connection.exchange(piece)) where reply.code != nil {
                    throw BenchFailure("\(line)\nwas refused: \(reply.message)")
                }
            }
        }
    }

    private func load() async throws -> [BenchTally] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let pace = BenchPace(
            begin: .now() + .milliseconds(100 + Int64(connections) / 4), warmUp: .seconds(Int64(warmUp)),
            duration: .seconds(Int64(seconds)), inFlight: inFlight,
            interval: rate.map { .nanoseconds(1_000_000_000 * Int64(connections) / Int64($0)) })
        var tallies: [EventLoopFuture<BenchTally>] = []
        for number in 0..<connections {
            let promise = loop.makePromise(of: BenchTally.self)
            let bootstrap = ClientBootstrap(group: loop).channelInitializer { [workload, connections, daemon] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        BenchConnection(
                            workload, connection: number, of: connections, pace: pace,
                            greeting: daemon.credentials?.line, promise: promise))
                }
            }
            do {
                try await connect(bootstrap)
            } catch {
                promise.fail(error)
                throw Unreachable(address: daemon.address, reason: ConnectionFailure.text(of: error))
            }
            tallies.append(promise.futureResult)
        }
        return try await EventLoopFuture.whenAllSucceed(tallies, on: loop).get()
    }

    /// Ten thousand at once are more than wait at a door: who finds it full knocks again a little later.
    private func connect(_ bootstrap: ClientBootstrap) async throws {
        for _ in 0..<1_000 {
            do {
                switch daemon.address {
                case .unix(let path): _ = try await bootstrap.connect(unixDomainSocketPath: path).get()
                case .tcp(let host, let port): _ = try await bootstrap.connect(host: host, port: port).get()
                }
                return
            } catch let error as IOError where error.errnoCode == EAGAIN {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        throw BenchFailure("the daemon takes no more connections")
    }

    // MARK: The proof

    /// Each posting that was answered stands in its journal once, under the sequence number of its reply and its key,
    /// and nothing else stands there; and CHECK finds nothing. Answers how many entries that were.
    private func prove(_ tallies: [BenchTally]) async throws -> Int {
        var expected = [[Int: String]](repeating: [:], count: workload.layout.tenants)
        for (connection, tally) in tallies.enumerated() {
            for posted in tally.posted {
                let key = BenchWorkload.key(connection: connection, number: posted.number)
                let other = expected[posted.tenant].updateValue(key, forKey: posted.sequence)
                guard let other else { continue }
                throw BenchFailure("entry \(posted.sequence) was the reply to both \(other) and \(key)")
            }
        }
        var count = 0
        for (number, postings) in expected.enumerated() {
            let tenant = workload.tenant(number)
            try await DaemonConnection.with(daemon) { connection in
                var last = 1 + workload.layout.awards
                var found = 0
                while true {
                    let line = "JOURNAL tenant=\(tenant) after=\(last) limit=1000"
                    guard case .list(let entries)? = try await connection.exchange([line]).first?["entries"],
                        !entries.isEmpty
                    else { break }
                    for entry in entries {
                        last += 1
                        let key = entry["key"]?.string
                        guard entry["seq"] == .number("\(last)"), let key, postings[last] == key else {
                            throw BenchFailure(
                                "\(tenant): the journal has \(key ?? "nothing") as entry \(last), "
                                    + "the reply was to \(postings[last] ?? "nobody")")
                        }
                        found += 1
                    }
                }
                guard found == postings.count else {
                    throw BenchFailure("\(tenant): \(postings.count) postings were answered, the journal has \(found)")
                }
                count += found
                let check = try await connection.exchange(["CHECK tenant=\(tenant)"]).first
                guard check?["ok"] == .flag(true) else {
                    throw BenchFailure("CHECK of \(tenant): \(check?.json ?? "no reply")")
                }
            }
        }
        return count
    }
}

/// The ledger answered wrongly, or not at all.
struct BenchFailure: ToolFailure {
    let description: String
    var exitCode: ExitCode { ToolExit.refused }

    init(_ description: String) { self.description = description }
}
