import LineProtocol
import TestKit

/// Plays the same requests to the reference model and, in pipelines, to a real daemon, and compares each reply.
///
/// The model names entries `e1`, `e2`, … over all its books, the daemon `E7-1`, `E7-2`, … in each journal: tenant and
/// place. Since the model knows both, a request may name an entry that is posted earlier in the same pipeline.
struct DaemonRehearsal {
    private struct Asked {
        let request: ModelRequest
        let lines: [String]
        let expected: ModelReply
    }

    private(set) var model = ReferenceBooks()
    private let client: LineClient
    private let today: () -> String
    private var pipeline: [Asked] = []
    /// What the names of a tenant's entries begin with: `E7-`.
    private var prefixes: [String: String] = [:]

    /// `today` is the daemon's, on which it answers queries that name no day.
    init(_ client: LineClient, today: @escaping () -> String) {
        self.client = client
        self.today = today
    }

    /// Takes one more request into the pipeline. What the requests before it found different is returned where they had
    /// to be sent first.
    mutating func add(_ request: ModelRequest) throws -> String? {
        let members = request.group.isEmpty ? [request] : request.group
        // A voucher is of one root; what else it may be answered is nobody's business.
        guard Set(members.compactMap { model.path($0["tenant"] ?? "").last }).count < 2 || request.group.isEmpty else {
            return nil
        }
        // The first name of a tenant's entry must have been read before another can be made.
        var found: String?
        if members.contains(where: namesAnUnknownPrefix) { found = try flush() }
        let lines = members.map { named($0).line }
        let expected =
            request.group.isEmpty
            ? model.answer(request, today: today()) : model.answerGroup(request.group, today: today())
        pipeline.append(
            Asked(
                request: request, lines: request.group.isEmpty ? lines : ["MULTI"] + lines + ["EXEC"],
                expected: expected))
        return found
    }

    /// Sends the pipeline, and tells the first difference; nil where there is none.
    mutating func flush() throws -> String? {
        let asked = pipeline
        pipeline = []
        let day = today()
        var replies = try client.ask(asked.flatMap(\.lines))[...]
        let isOneDay = day == today()
        for turn in asked {
            let own = replies.prefix(turn.lines.count)
            replies = replies.dropFirst(turn.lines.count)
            guard let reply = own.last else { continue }
            // Over midnight, what is true today is not the same for both.
            if !isOneDay, turn.request.verb == "REMAINING" { continue }
            if let difference = difference(turn.expected, reply) {
                let lines = turn.lines.joined(separator: "\n")
                return "\(lines)\n  \(difference)\n  model:  \(turn.expected)\n  daemon: \(reply)"
            }
        }
        return nil
    }

    // MARK: Names of entries

    private func entry(named name: String) -> ModelEntry? {
        guard name.hasPrefix("e"), let number = Int(name.dropFirst()), model.entries.indices.contains(number - 1) else {
            return nil
        }
        return model.entries[number - 1]
    }

    private func namesAnUnknownPrefix(_ request: ModelRequest) -> Bool {
        request.arguments.contains { argument in
            argument.name.lowercased() == "entry"
                && entry(named: argument.value).map { prefixes[$0.tenant] == nil } ?? false
        }
    }

    private func name(_ modelName: String) -> String {
        guard let entry = entry(named: modelName), let prefix = prefixes[entry.tenant] else { return modelName }
        return "\(prefix)\(entry.seq)"
    }

    private func named(_ request: ModelRequest) -> ModelRequest {
        var request = request
        for index in request.arguments.indices where request.arguments[index].name.lowercased() == "entry" {
            request.arguments[index].value = name(request.arguments[index].value)
        }
        return request
    }

    /// The names must be as was assumed, or else the tenant's first one is learned.
    private mutating func difference(ofEntry modelName: String, _ actual: JSONText) -> String? {
        guard let entry = entry(named: modelName) else { return "the model has no entry \(modelName)" }
        if prefixes[entry.tenant] == nil, actual.plainText.hasSuffix("-\(entry.seq)") {
            prefixes[entry.tenant] = String(actual.plainText.dropLast("\(entry.seq)".count))
        }
        return actual == .text(name(modelName)) ? nil : "\(name(modelName)), not \(actual.plainText)"
    }

    // MARK: Comparing

    private mutating func difference(_ expected: ModelReply, _ reply: WireReply) -> String? {
        switch expected {
        case .accepted(let fields):
            return reply.code == "+" ? difference(fields, reply.body) : "accepted, not \(reply.code)"
        case .refused(let code, let fields):
            return reply.code == code ? difference(fields, reply.body) : "\(code), not \(reply.code)"
        case .group(let parts):
            guard reply.isAccepted, reply.parts.count == parts.count else { return "posted as a whole by one only" }
            for (part, actual) in zip(parts, reply.parts) {
                if let found = difference(part, actual) { return found }
            }
            return nil
        }
    }

    private mutating func difference(_ expected: [String: ModelJSON], _ actual: JSONText) -> String? {
        for (name, value) in expected.sorted(by: { $0.key < $1.key }) {
            guard let found = actual[name] else { return "\(name) is missing" }
            if let inner = difference(value, found, name) { return "\(name): \(inner)" }
        }
        return nil
    }

    private mutating func difference(_ expected: ModelJSON, _ actual: JSONText, _ name: String) -> String? {
        switch (expected, actual) {
        case (.string(let modelName), _) where name == "entry": return difference(ofEntry: modelName, actual)
        case (.object(let fields), .object): return difference(fields, actual)
        case (.array(let values), .list(let found)):
            guard values.count == found.count else { return "\(values.count) elements, not \(found.count)" }
            for (value, element) in zip(values, found) {
                if let inner = difference(value, element, name) { return inner }
            }
            return nil
        case (.null, .null): return nil
        case (.bool(let value), .flag(let found)) where value == found: return nil
        case (.number(let value), .number(let found)) where String(value) == found: return nil
        case (.string(let value), .text(let found)) where value == found: return nil
        default: return "\(expected), not \(actual)"
        }
    }
}
