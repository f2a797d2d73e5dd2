/// The books once more, as plainly as they can be written: registers, and a list of accepted entries. No balance is
/// kept; whatever is asked is summed up from the list again.
struct ReferenceBooks {
    var tenants: [String: ModelTenant] = [:]
    var schemes: [ModelSchemeRef: [ModelScheme]] = [:]
    var parties: [ModelPartyRef: ModelParty] = [:]
    var subjects: [ModelSubjectRef: ModelSubject] = [:]
    var settings: [ModelParameterSetting] = []
    var closed: [String: ModelDate] = [:]

    private(set) var entries: [ModelEntry] = []
    private(set) var firstReplies: [ModelKeyRef: [String: ModelJSON]] = [:]
    /// Where in `entries` to look: the places only, no figures.
    private var ordersByTenant: [String: [Int]] = [:]
    private var ordersByAward: [ModelAwardRef: [Int]] = [:]
    private var ordersBySubject: [ModelSubjectRef: [Int]] = [:]
    private var ordersByFund: [ModelFundRef: [Int]] = [:]
    private var orderByKey: [ModelKeyRef: Int] = [:]

    init() {}

    /// Answers one request, or a whole group. `today` is the date that queries take where they are given none.
    mutating func answer(_ request: ModelRequest, today: String) -> ModelReply {
        if !request.group.isEmpty { return answerGroup(request.group, today: today) }
        do {
            return .accepted(try perform(try ModelGrammar.read(request), today: today))
        } catch {
            return .refused(error.code, error.fields)
        }
    }

    /// Posts all of the requests or none: `.group` with their replies, or `.refused("EXECABORT", …)`.
    mutating func answerGroup(_ requests: [ModelRequest], today: String) -> ModelReply {
        // A group stays within the root of its first tenant; that is seen before anything is posted.
        let roots = requests.map { path($0["tenant"] ?? "").last }
        if let first = roots.compactMap(\.self).first, let index = roots.firstIndex(where: { $0 != nil && $0 != first })
        {
            let fields: [String: ModelJSON] = [
                "index": .number(index), "code": .string("INVALID_ARGUMENT"), "argument": .string("tenant"),
            ]
            return .refused("EXECABORT", fields)
        }
        let before = self
        var replies: [ModelReply] = []
        for (index, request) in requests.enumerated() {
            let reply = answer(request, today: today)
            if case .refused(let code, var fields) = reply {
                self = before
                fields["index"] = .number(index)
                fields["code"] = .string(code)
                return .refused("EXECABORT", fields)
            }
            replies.append(reply)
        }
        return .group(replies)
    }

    private mutating func perform(
        _ arguments: ModelArguments, today: String
    ) throws(ModelRefusal) -> [String: ModelJSON] {
        if ModelGrammar.postingVerbs.contains(arguments.verb) { return try post(arguments) }
        if try register(arguments) { return [:] }
        return try query(arguments, today: ModelDate(today) ?? ModelDate(1900, 1, 1))
    }

    private mutating func post(_ arguments: ModelArguments) throws(ModelRefusal) -> [String: ModelJSON] {
        let key = ModelKeyRef(tenant: arguments.tenant, key: arguments.key)
        var reply: [String: ModelJSON]
        if let order = orderByKey[key], let first = firstReplies[key] {
            let subjectsParty = entries[order].subject.flatMap { subjects[$0]?.party.party }
            let posted = entries[order].arguments.completed(payee: subjectsParty)
            if let argument = arguments.completed(payee: subjectsParty).firstDifference(from: posted) {
                throw ModelRefusal(code: "KEY_CONFLICT", fields: ["argument": .string(argument)])
            }
            reply = first
            reply["replayed"] = .bool(true)
        } else if arguments.isDryRun {
            var copy = self
            reply = copy.accept(try draft(arguments), key)
        } else {
            reply = accept(try draft(arguments), key)
        }
        if arguments.isDryRun {
            reply["entry"] = nil
            reply["seq"] = nil
        }
        return reply
    }

    private mutating func accept(_ draft: ModelEntry, _ key: ModelKeyRef) -> [String: ModelJSON] {
        var entry = draft
        entry.order = entries.count
        entry.seq = (ordersByTenant[entry.tenant]?.count ?? 0) + 1
        // A COMMIT holds on to itself, and could not know its place before.
        for index in entry.holds.indices where entry.holds[index].commitment < 0 {
            entry.holds[index].commitment = entry.order
        }
        entries.append(entry)
        ordersByTenant[entry.tenant, default: []].append(entry.order)
        if let award = entry.award { ordersByAward[award.ref, default: []].append(entry.order) }
        if let subject = entry.subject { ordersBySubject[subject, default: []].append(entry.order) }
        if let fund = entry.fund { ordersByFund[fund, default: []].append(entry.order) }
        orderByKey[key] = entry.order
        let reply = postingReply(entry)
        firstReplies[key] = reply
        return reply
    }

    private func postingReply(_ entry: ModelEntry) -> [String: ModelJSON] {
        var reply: [String: ModelJSON] = [
            "entry": .string(entry.id), "seq": .number(entry.seq), "amount": .money(entry.amount),
            "date": .string(entry.date.text),
        ]
        guard let award = entry.award, entry.isOfAward, let subject = subjects[award.subject] else { return reply }
        let scope = ModelScope(award: award, scheme: subject.scheme)
        reply["award"] = .string(award.ref.award)
        reply["committed"] = .money(changes(award.ref).fen(\.bound))
        reply["disbursed"] = .money(changes(award.ref).fen(\.paid))
        reply["remaining"] = .null
        if let limit = limit(scope, payer: entry.tenant)?.lower {
            let used = subject.scheme.isRolling ? held(scope, until: entry.date) : used(scope).all
            reply["remaining"] = .money(limit - used)
        }
        return reply
    }

    // MARK: the list, by what is asked

    func entries(tenant: String) -> [ModelEntry] { (ordersByTenant[tenant] ?? []).map { entries[$0] } }
    func entries(award: ModelAwardRef) -> [ModelEntry] { (ordersByAward[award] ?? []).map { entries[$0] } }
    func entries(subject: ModelSubjectRef) -> [ModelEntry] { (ordersBySubject[subject] ?? []).map { entries[$0] } }
    func entries(fund: ModelFundRef) -> [ModelEntry] { (ordersByFund[fund] ?? []).map { entries[$0] } }

    func entry(key: ModelKeyRef) -> ModelEntry? { orderByKey[key].map { entries[$0] } }

    /// The tenant's own entry of that id.
    func entry(_ id: String, tenant: String) -> ModelEntry? {
        guard id.hasPrefix("e"), let number = modelDigits(id.dropFirst()), (1...entries.count + 1).contains(number),
            number <= entries.count, entries[number - 1].tenant == tenant, entries[number - 1].id == id
        else { return nil }
        return entries[number - 1]
    }
}
