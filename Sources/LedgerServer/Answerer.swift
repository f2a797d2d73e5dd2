package import LedgerCore
package import Logging

package enum ReadAnswer: Sendable, Hashable {
    case replies([Reply])
    case place(TenantPlace?)
    /// nil where they are still the same.
    case principals(PrincipalList?)
    case tenants([String])
    case unavailable
}

/// Answers one batch of queries after the other, whatever becomes of the database meanwhile.
///
/// Queries change nothing: a lost one is simply asked again, until the patience with an outage is used up.
package struct Answerer<Store: AnsweringStore & ~Copyable>: ~Copyable {
    private enum End<Answer> {
        case answered(Answer)
        case unavailable
        case rejected
    }

    private var store: Store
    private let time: any Timekeeper
    private let limits: Limits
    private let logger: Logger
    private var isConnected = false
    /// A batch was given up: the next ones try once and do not wait again, until the database is back.
    private var isDown = false

    package init(_ store: consuming Store, time: any Timekeeper, limits: Limits, logger: Logger) {
        self.store = store
        self.time = time
        self.limits = limits
        self.logger = logger
    }

    /// The answers to the jobs, in their order.
    package mutating func answer(_ jobs: [ReadJob]) -> [ReadAnswer] {
        let queries = jobs.flatMap { job -> [Query] in
            if case .queries(let queries) = job { queries } else { [] }
        }
        var replies = (queries.isEmpty ? [] : answer(queries[...]))[...]
        var answers: [ReadAnswer] = []
        for job in jobs {
            switch job {
            case .queries(let queries):
                answers.append(.replies(Array(replies.prefix(queries.count))))
                replies = replies.dropFirst(queries.count)
            case .place(let tenant):
                answers.append(ask { store throws(AnsweringFailure) in .place(try store.place(of: tenant)) })
            case .principals(let version):
                answers.append(
                    ask { store throws(AnsweringFailure) in .principals(try store.principals(since: version)) })
            case .unsealed:
                answers.append(ask { store throws(AnsweringFailure) in .tenants(try store.unsealedTenants()) })
            }
        }
        return answers
    }

    private mutating func answer(_ queries: ArraySlice<Query>) -> [Reply] {
        let asked = Array(queries)
        let end = tryUntilAnswered { store, moment throws(AnsweringFailure) in try store.answer(asked, at: moment) }
        switch end {
        case .answered(let replies): return replies
        case .unavailable: return asked.map { _ in .refused(.notAnswered) }
        case .rejected:
            guard queries.count > 1 else { return [.refused(.notAnswerable)] }
            let middle = queries.startIndex + queries.count / 2
            return answer(queries[..<middle]) + answer(queries[middle...])
        }
    }

    private mutating func ask(_ call: (inout Store) throws(AnsweringFailure) -> ReadAnswer) -> ReadAnswer {
        switch tryUntilAnswered({ store, _ throws(AnsweringFailure) in try call(&store) }) {
        case .answered(let answer): answer
        case .unavailable, .rejected: .unavailable
        }
    }

    private mutating func tryUntilAnswered<Answer>(
        _ call: (inout Store, Moment) throws(AnsweringFailure) -> Answer
    ) -> End<Answer> {
        var retries = Retries(at: time.elapsed, isDown: isDown, limits: limits)
        while true {
            do throws(AnsweringFailure) {
                if !isConnected {
                    try store.connect()
                    isConnected = true
                }
                let answer = try call(&store, time.moment)
                isDown = false
                return .answered(answer)
            } catch {
                switch error {
                case .rejected(let reason):
                    logger.error("the database refused a query", metadata: ["reason": "\(reason)"])
                    return .rejected
                case .unavailable(let reason):
                    logger.log(
                        level: retries.logLevel, "the database is not available", metadata: ["reason": "\(reason)"])
                    isConnected = false
                }
            }
            guard let pause = retries.next(at: time.elapsed) else {
                isDown = true
                return .unavailable
            }
            time.sleep(for: pause)
        }
    }
}

extension Refusal {
    static let notAnswered = Refusal(.unavailable, "the database cannot be reached; send the request again")

    static let notAnswerable = Refusal(
        .unavailable, "the database could not answer this; the daemon's log says why: please report it")
}
