import LedgerCore
import LedgerServer
import Logging

/// A daemon: the product's queue and posters, each poster with a connection of its own, and what stands in for the
/// threads and sockets around them.
final class SimulatedDaemon {
    struct Ticket {
        let connection: Int
        let index: Int
    }

    /// A poster is used by one batch at a time; a batch that waits keeps it busy.
    private final class Worker {
        var poster: Poster<SimulatedStore>
        var isBusy = false

        init(_ poster: consuming Poster<SimulatedStore>) {
            self.poster = poster
        }
    }

    let name: String
    unowned let world: SimulatedWorld
    private(set) var isAlive = true
    private var connections: [SimulatedConnection] = []
    private var queue: BatchQueue<Ticket>
    private var workers: [Worker] = []
    /// Of which a batch is being posted.
    private var busyLanes: Set<Lane> = []

    init(_ name: String, in world: SimulatedWorld) {
        self.name = name
        self.world = world
        queue = BatchQueue(limits: world.limits)
        let logger = Logger(label: name) { _ in SwiftLogNoOpLogHandler() }
        for _ in 0..<world.limits.writers {
            let poster = Poster(
                SimulatedStore(self), time: SimulatedTime(self), limits: world.limits, logger: logger)
            workers.append(Worker(poster))
        }
    }

    func accept(_ client: SimulatedClient) -> SimulatedConnection {
        let connection = SimulatedConnection(number: connections.count, client, self)
        connections.append(connection)
        return connection
    }

    /// Puts a connection's group into the queue; answers whether there was room.
    func enqueue(_ jobs: [WriteJob], of connection: SimulatedConnection, lane: Lane) -> Bool {
        let tickets = jobs.enumerated().map { index, job in
            BatchQueue.Job(job, Ticket(connection: connection.number, index: index))
        }
        return queue.enqueue(tickets, lane: lane)
    }

    /// Lets an idle poster post the next batch; answers whether there was one of each.
    func post() -> Bool {
        guard isAlive, let worker = workers.first(where: { !$0.isBusy }), let batch = queue.next() else { return false }
        world.note("\(name) posts \(batch.jobs.count) jobs of \(batch.lane)")
        if !busyLanes.insert(batch.lane).inserted { world.violate("two batches of \(batch.lane) at once") }
        worker.isBusy = true
        let verdicts = worker.poster.post(batch)
        worker.isBusy = false
        busyLanes.remove(batch.lane)
        guard isAlive else {
            world.tally.count(.deathInBatch)
            return true
        }
        if verdicts.count != batch.jobs.count {
            world.violate("\(verdicts.count) verdicts for \(batch.jobs.count) jobs")
        }
        for (job, verdict) in zip(batch.jobs, verdicts) {
            connections[job.ticket.connection].answer(job.ticket.index, verdict)
        }
        queue.complete(batch.lane)
        return true
    }

    /// kill -9: the queue and all replies that are under way vanish. A batch that waits finds out when it goes on.
    func die() {
        isAlive = false
        for connection in connections { connection.cut() }
    }
}

/// A daemon's clocks. The simulation has one thread, whatever `Timekeeper` asks for.
struct SimulatedTime: Timekeeper {
    private nonisolated(unsafe) unowned let daemon: SimulatedDaemon

    init(_ daemon: SimulatedDaemon) {
        self.daemon = daemon
    }

    var moment: Moment { daemon.world.moment(of: daemon) }
    var elapsed: Duration { daemon.world.now }

    func sleep(for duration: Duration) {
        daemon.world.now += duration
        if daemon.isAlive { daemon.world.pass(.anybody) }
    }
}
