import LedgerCore
import LedgerServer

/// The course of a simulation: the world is set up, then comes a storm, and when it is over everything must come right.
extension SimulatedWorld {
    /// Runs to the end, or to the first violation.
    func run() {
        let founder = SimulatedClient("founder", isSlow: false, in: self)
        clients = [founder]
        founder.outgoing = requests(program.setup, from: 0)
        settle()
        guard violation == nil else { return }

        for index in 0..<(2 + random.below(5)) {
            clients.append(SimulatedClient("client \(index)", isSlow: random.chance(25), in: self))
        }
        var rest = requests(program.rest, from: program.setup.count)[...]
        beginStorm()
        while violation == nil, !rest.isEmpty {
            step(.anybody)
            if random.chance(25), let client = random.pick(clients), client.isAlive, client.outgoing.count < 10 {
                let count = 1 + random.below(12)
                client.outgoing += rest.prefix(count)
                rest = rest.dropFirst(count)
            }
        }
        for _ in 0..<random.below(1_000) where violation == nil { step(.anybody) }
        endStorm()
        settle()
        checkAtTheEnd()
    }

    private func requests(_ items: [SimulatedProgram.Item], from first: Int) -> [SimulatedRequest] {
        items.enumerated().map { SimulatedRequest(number: first + $0.offset, $0.element) }
    }

    // MARK: One step

    func step(_ passers: Passers) {
        guard violation == nil else { return }
        now += .microseconds(1 + random.below(20_000))
        switch random.below(100) {
        case 0..<18: random.pick(clients)?.send(atMost: 1 + random.below(30))
        case 18..<40: _ = random.pick(clients)?.connection?.enqueue(atMost: groupLength)
        case 40..<68:
            if passers == .anybody { _ = anyDaemon?.post() }
        case 68..<94:
            let client = random.pick(clients)
            if let client, !client.isSlow || random.chance(5) { client.take(atMost: 1 + random.below(30)) }
        default:
            if !isCalm { misfortune() }
        }
    }

    private var groupLength: Int { 1 + random.below(random.chance(70) ? 6 : limits.writeQueueLength) }

    private func misfortune() {
        for index in daemons.indices where daemons[index] == nil && random.chance(20) { start(index) }
        if random.chance(20) { finishLeftCommits(of: nil) }
        if befalls(.clientCut) { random.pick(clients)?.cut() }
        // The founder lives on, so that there is always somebody who asks.
        if befalls(.clientDeath) { random.pick(Array(clients.dropFirst()))?.die() }
        if befalls(.death), let daemon = anyDaemon { kill(daemon) }
        if befalls(.outage) { takeDatabaseAway() }
    }

    // MARK: The end

    /// Goes on until everybody has all answers: the slow ones only once the others have theirs.
    private func settle() {
        let rounds = 3_000
        for _ in 0..<rounds where violation == nil {
            now += .milliseconds(1)
            for client in clients { client.send(atMost: 20) }
            for client in clients { _ = client.connection?.enqueue(atMost: groupLength) }
            for daemon in daemons.compactMap(\.self) { while daemon.post() {} }
            let others = clients.filter { !$0.isSlow }
            let ready = others.allSatisfy(\.isDone) ? clients : others
            for client in ready { client.take(atMost: 50) }
            if clients.allSatisfy(\.isDone) { return }
        }
        violate("not everything is answered after \(rounds) rounds: \(clients.filter { !$0.isDone }.map(\.name)) wait")
    }

    private func checkAtTheEnd() {
        guard violation == nil else { return }
        promises.compare(with: database)
        find(promises.difference)
        for (root, rows) in database.roots {
            find(SimulatedAudit.difference(of: rows, journal: database.journals[root] ?? []))
        }
        checkReplays()
    }

    /// Every key that was acknowledged answers the same again.
    private func checkReplays() {
        let acknowledged = promises.receipts.sorted { ($0.key.tenant, $0.key.key) < ($1.key.tenant, $1.key.key) }
        let requests = acknowledged.compactMap { key, _ in
            promises.envelopes[key].map { SimulatedRequest(number: -1, job: .work(.single($0))) }
        }
        clients[0].outgoing = requests
        settle()
        for ((key, receipt), request) in zip(acknowledged, requests) {
            var expected = receipt
            expected.isReplay = true
            if request.verdict != .one(.posted(expected)) {
                violate("\(key) is answered with \(request.verdict?.summary ?? "nothing") when it is sent again")
            }
        }
    }
}
