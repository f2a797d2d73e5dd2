import LedgerCore
import LineProtocol

// A request of the bank's side that asks for postings is answered in steps: what it asks for is posted as any client
// would have it posted, and it is asked again. Killed between two steps it loses nothing: what a match asks for stands
// with the match, under a key of its own.

extension Ledger {
    private static let mostSteps = 32
    private static let postingsAtOnce = 1_000

    func reconcile(_ request: BankRequest, root: Int32) async -> Outcome {
        var request = request
        for _ in 0..<Ledger.mostSteps {
            switch await post([.bank(request)], lane: .bank(root)).first {
            case .one(let outcome)?: return outcome
            case .unfinished(let progress)?:
                request.progress = progress
                if let refusal = await carryOut(&request, root: root) { return .refused(refusal) }
            default: return .refused(.cannotTell)
            }
        }
        return .refused(.stillAsking)
    }

    /// Posts what the request asks for. Answers why it cannot go on, where the database or the queue is the reason.
    private func carryOut(_ request: inout BankRequest, root: Int32) async -> Refusal? {
        var rest = request.progress.postings[...]
        request.progress.postings = []
        while !rest.isEmpty {
            let some = rest.prefix(Ledger.postingsAtOnce)
            rest = rest.dropFirst(some.count)
            var jobs: [WriteJob] = []
            for posting in some {
                switch posting.command(of: request.tenant) {
                case .success(let command):
                    let envelope = Envelope(command: command, principal: request.principal, schemes: nil)
                    jobs.append(.work(.single(envelope)))
                case .failure(let refusal): return refusal
                }
            }
            for (posting, verdict) in zip(some, await post(jobs, lane: .root(root))) {
                guard case .one(.refused(let refusal)) = verdict else {
                    request.progress.posted += 1
                    continue
                }
                if refusal.code == .unavailable || refusal.code == .overloaded { return refusal }
                request.progress.refused[posting.match] = refusal
            }
        }
        return nil
    }
}

extension Refusal {
    fileprivate static let stillAsking = Refusal(
        .unavailable, "the books change faster than they are matched; what was matched stands: send this again")
}
