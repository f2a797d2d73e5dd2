import LedgerCore
import LedgerServer

/// A program that pipelines its requests on one connection, and sends again what it has no answer to.
final class SimulatedClient {
    let name: String
    /// Takes its replies late, and after everybody else.
    let isSlow: Bool
    private unowned let world: SimulatedWorld
    /// To be sent, in this order.
    var outgoing: [SimulatedRequest] = []
    private(set) var connection: SimulatedConnection?
    /// Sent on the connection and not answered yet, in the order sent.
    private(set) var unanswered: [SimulatedRequest] = []
    private(set) var isAlive = true

    init(_ name: String, isSlow: Bool, in world: SimulatedWorld) {
        self.name = name
        self.isSlow = isSlow
        self.world = world
    }

    var isDone: Bool { !isAlive || outgoing.isEmpty && unanswered.isEmpty }

    /// Sends some of what it has to send; connects first, to any daemon, where it has no connection.
    func send(atMost count: Int) {
        guard isAlive, !outgoing.isEmpty else { return }
        if connection == nil { connection = world.anyDaemon?.accept(self) }
        guard let connection else { return }
        let requests = Array(outgoing.prefix(count))
        outgoing.removeFirst(requests.count)
        unanswered += requests
        connection.receive(requests)
        world.note("\(name) sends \(requests.map(\.number)) to \(connection.daemon.name)")
    }

    /// Takes some of the replies that have come.
    func take(atMost count: Int) {
        guard let replies = connection?.takeReplies(atMost: count), !replies.isEmpty else { return }
        world.note("\(name) takes \(replies.map(\.request.number))")
        for (request, verdict) in replies {
            guard unanswered.first === request else {
                world.violate("\(name) got the reply to \(request.number) out of turn")
                return
            }
            unanswered.removeFirst()
            if verdict.isWorthAnotherTry, world.isCalm || world.random.chance(85) {
                outgoing.append(request)
            } else {
                request.verdict = verdict
            }
        }
        if unanswered.isEmpty, world.random.chance(20) { connection = nil }
    }

    /// The connection is gone, and every reply that was under way. What was not answered is sent again, most of it.
    func lose(_ lost: SimulatedConnection) {
        guard connection === lost else { return }
        connection = nil
        outgoing = unanswered.filter { _ in world.random.chance(90) } + outgoing
        unanswered = []
    }

    func cut() { connection?.cut() }

    func die() {
        isAlive = false
        cut()
        outgoing = []
    }
}

/// A connection as the daemon has it: it hands over one group of requests after the other, each once the replies to the
/// one before are taken.
final class SimulatedConnection {
    typealias Reply = (request: SimulatedRequest, verdict: Verdict)

    let number: Int
    unowned let daemon: SimulatedDaemon
    private unowned let client: SimulatedClient
    private var inbox: [SimulatedRequest] = []
    private var group: [SimulatedRequest] = []
    private var answers: [Verdict?] = []
    private var outbox: [Reply] = []
    private var isCut = false
    private var order = SimulatedOrder()

    private var world: SimulatedWorld { daemon.world }

    init(number: Int, _ client: SimulatedClient, _ daemon: SimulatedDaemon) {
        self.number = number
        self.client = client
        self.daemon = daemon
    }

    func receive(_ requests: [SimulatedRequest]) { inbox += requests }

    func takeReplies(atMost count: Int) -> [Reply] {
        let replies = Array(outbox.prefix(count))
        outbox.removeFirst(replies.count)
        return replies
    }

    func cut() {
        isCut = true
        inbox = []
        client.lose(self)
    }

    /// Enqueues the first requests together: those of one lane, `length` at most. Answers whether there was any.
    func enqueue(atMost length: Int) -> Bool {
        guard daemon.isAlive, !isCut, group.isEmpty, outbox.isEmpty, let first = inbox.first else { return false }
        let lane = world.lane(of: first)
        var jobs: [WriteJob] = []
        for request in inbox.prefix(length) {
            guard world.lane(of: request) == lane, let job = world.job(of: request) else { break }
            jobs.append(job)
        }
        group = Array(inbox.prefix(max(jobs.count, 1)))
        inbox.removeFirst(group.count)
        answers = group.map { _ in nil }
        var refusal = Refusal(.notFound, "nobody knows this tenant")
        if let lane {
            world.note("\(daemon.name) takes in \(group.map(\.number))")
            if daemon.enqueue(jobs, of: self, lane: lane) {
                for job in jobs where world.promises.enqueued(job) { world.tally.count(.askedTwice) }
                return true
            }
            refusal = Refusal(.overloaded, "too many")
            world.tally.count(.overloaded)
        }
        finish(group.map { ($0, .one(.refused(refusal))) })
        return true
    }

    /// A request of the group has its verdict; the replies go out once all have.
    func answer(_ index: Int, _ verdict: Verdict) {
        guard answers.indices.contains(index), answers[index] == nil, let job = group[index].job else {
            return world.violate("an answer to no question")
        }
        answers[index] = verdict
        world.note("\(daemon.name) answers \(group[index].number) with \(verdict.summary)")
        world.judge(verdict, of: job)
        let all = answers.compactMap(\.self)
        if all.count == group.count { finish(Array(zip(group, all))) }
    }

    private func finish(_ replies: [Reply]) {
        group = []
        for (_, verdict) in replies { world.find(order.difference(after: verdict, in: world.database)) }
        if !isCut { outbox += replies }
    }
}

extension Verdict {
    var refusal: Refusal? {
        switch self {
        case .one(let outcome): outcome.refusal
        case .all, .unfinished: nil
        case .aborted(_, let refusal): refusal
        }
    }

    var events: [SimulatedEvent] {
        switch self {
        case .one(.posted(let receipt)): [receipt.isReplay ? .postedBefore : .posted]
        case .one(.answered), .unfinished: []
        case .one(.refused(let refusal)): [refusal.event]
        case .all: [.voucherPosted]
        case .aborted: [.voucherAborted]
        }
    }

    var isWorthAnotherTry: Bool { [.unavailable, .overloaded].contains(refusal?.code) }

    var summary: String {
        switch self {
        case .one(.posted(let receipt)): "\(receipt.entry?.text ?? "+")\(receipt.isReplay ? " again" : "")"
        case .one(.answered), .unfinished: "+"
        case .one(.refused(let refusal)): refusal.code.name
        case .all(let outcomes): "\(outcomes.count) replies"
        case .aborted(let index, let refusal): "EXECABORT \(index) \(refusal.code.name)"
        }
    }
}

extension Refusal {
    /// Whether the request may yet turn out to be posted.
    var leavesOpen: Bool { code == .unavailable && !message.contains("nothing was posted") }

    /// Whether the database's guard refused the request, which harms no other.
    var isGuards: Bool { code == .unavailable && message.contains("guard") }

    fileprivate var event: SimulatedEvent {
        guard code == .unavailable else { return .refused }
        return leavesOpen ? .unknown : isGuards ? .stoppedByGuard : .nothingPosted
    }
}
