import LedgerCore
import LineProtocol
import TestKit

/// Plays the same requests to the reference model and to the core, and compares each reply.
///
/// The model names entries `e1`, `e2`, … over all its books, the core `E3-1`, `E3-2`, … in each journal; the map from one
/// to the other is kept as entries are posted.
struct Rehearsal {
    private var model = ReferenceBooks()
    private var core: MemoryLedger
    private let today: String
    private var entryNames: [String: String] = [:]

    init(today: String) throws {
        self.today = today
        guard let day = Day(today) else { throw Unreadable(text: today) }
        core = MemoryLedger(today: day)
    }

    struct Unreadable: Error { let text: String }

    /// Nil where both answer alike, else what differs.
    mutating func difference(_ request: ModelRequest) -> String? {
        let expected =
            request.group.isEmpty ? model.answer(request, today: today) : model.answerGroup(request.group, today: today)
        if !request.group.isEmpty, request.group.contains(where: { envelope($0) == nil }) {
            return differenceOfMixedGroup(request, expected)
        }
        guard let actual = play(request) else { return nil }
        return difference(expected, actual).map { "\(request.line)\n  \($0)\n  model: \(expected)\n  core:  \(actual)" }
    }

    private mutating func play(_ request: ModelRequest) -> Verdict? {
        guard !request.group.isEmpty else { return core.answer(raw(request)).map(Verdict.one) }
        return core.answer(group: request.group.compactMap(envelope))
    }

    /// nil for what is no command, or none that can be read.
    private func envelope(_ request: ModelRequest) -> Envelope? {
        guard case .success(.command(let command)) = RequestParser.parse(raw(request), tenant: nil) else { return nil }
        return Envelope(command: command, principal: "operator")
    }

    /// A group in which queries stand: one request after the other over the same books, which are put back where one is
    /// refused. A query that is the store's to answer is refused where the model says so.
    private mutating func differenceOfMixedGroup(_ request: ModelRequest, _ expected: ModelReply) -> String? {
        let before = core
        var abortedAt: Int?
        var replies: [ModelReply?] = []
        if case .group(let all) = expected { replies = all } else { replies = request.group.map { _ in nil } }
        if case .refused(_, let fields) = expected, case .number(let index)? = fields["index"] { abortedAt = index }
        for (index, member) in request.group.enumerated() {
            guard let outcome = core.answer(raw(member)) else {
                if index != abortedAt { continue }
                core = before
                return nil
            }
            var found: String?
            if let refusal = outcome.refusal {
                core = before
                found = difference(expected, .aborted(index: index, refusal))
            } else if let reply = replies[index] {
                found = difference(reply, outcome)
            } else if index == abortedAt {
                found = "accepted by one, refused by the other"
            }
            if let found { return "\(request.line)\n  \(found)\n  model: \(expected)\n  core: \(index): \(outcome)" }
            if outcome.refusal != nil { return nil }
        }
        return abortedAt == nil ? nil : "\(request.line)\n  posted by one, refused by the other\n  model: \(expected)"
    }

    private func raw(_ request: ModelRequest) -> RawRequest {
        RawRequest(
            verb: request.verb,
            words: request.arguments.map { argument in
                let value =
                    argument.name.lowercased() == "entry"
                    ? entryNames[argument.value] ?? argument.value : argument.value
                return "\(argument.name)=\(value)"
            })
    }

    // MARK: Comparing

    private mutating func difference(_ expected: ModelReply, _ actual: Verdict) -> String? {
        switch (expected, actual) {
        case (_, .one(let outcome)): return difference(expected, outcome)
        case (.group(let replies), .all(let outcomes)):
            guard replies.count == outcomes.count else { return "\(replies.count) replies, not \(outcomes.count)" }
            for (reply, outcome) in zip(replies, outcomes) {
                if let found = difference(reply, outcome) { return found }
            }
            return nil
        case (.refused("EXECABORT", let fields), .aborted(let index, let refusal)):
            let all = [Field("index", .number(Int64(index))), Field("code", .text(refusal.code.name))] + refusal.fields
            return difference(fields, all)
        case (_, .all), (_, .aborted), (_, .unfinished): return "one is a group's reply, the other is not"
        }
    }

    private mutating func difference(_ expected: ModelReply, _ outcome: Outcome) -> String? {
        switch (expected, outcome) {
        case (.refused(let code, let fields), .refused(let refusal)):
            guard code == refusal.code.name else { return "\(code), not \(refusal.code.name)" }
            return difference(fields, refusal.fields)
        case (.accepted(let fields), .posted), (.accepted(let fields), .answered):
            if case .string(let modelName)? = fields["entry"], case .posted(let receipt) = outcome,
                let posted = receipt.entry
            {
                let name = posted.text
                if let known = entryNames[modelName], known != name {
                    return "entry \(modelName) was \(known), is \(name)"
                }
                entryNames[modelName] = name
            }
            return difference(fields, outcome.fields)
        default: return "accepted by one, refused by the other"
        }
    }

    private func difference(_ expected: [String: ModelJSON], _ fields: [Field]) -> String? {
        for (name, value) in expected.sorted(by: { $0.key < $1.key }) where name != "entry" {
            guard let found = fields.first(where: { $0.name == name }) else { return "\(name) is missing" }
            if let inner = difference(value, found.value) { return "\(name): \(inner)" }
        }
        return nil
    }

    private func difference(_ expected: ModelJSON, _ actual: JSONValue) -> String? {
        switch (expected, actual) {
        case (.object(let fields), .object(let found)): return difference(fields, found)
        case (.array(let values), .list(let found)):
            guard values.count == found.count else { return "\(values.count) elements, not \(found.count)" }
            for (value, element) in zip(values, found) {
                if let inner = difference(value, element) { return inner }
            }
            return nil
        case (.null, .null): return nil
        case (.bool(let value), .flag(let found)) where value == found: return nil
        case (.number(let value), .number(let found)) where Int64(value) == found: return nil
        case (.string(let value), .text(let found)) where value == found: return nil
        case (.string(let value), .amount(let found)) where value == found.yuan: return nil
        default: return "\(expected), not \(actual)"
        }
    }
}

/// Looks for the shortest sequence of requests that still fails, by leaving out ever smaller stretches.
func shrunk(_ requests: [ModelRequest], fails: ([ModelRequest]) -> Bool) -> [ModelRequest] {
    var shortest = requests
    var stretch = max(1, shortest.count / 2)
    while true {
        var start = 0
        var isShorter = false
        while start < shortest.count {
            var candidate = shortest
            candidate.removeSubrange(start..<min(start + stretch, candidate.count))
            if !candidate.isEmpty, fails(candidate) {
                shortest = candidate
                isShorter = true
            } else {
                start += stretch
            }
        }
        if stretch == 1, !isShorter { return shortest }
        stretch = max(1, stretch / 2)
    }
}
