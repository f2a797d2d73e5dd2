/// `REMAINING`: what may still be committed on a subject, and why not more.
package struct RemainingQuestion: Sendable, Hashable {
    package var scheme: String
    package var subject: String
    /// nil: today, and every entry counts, as in enforcement.
    package var on: Day?
    package var period: Int?
    package var amount: Amount?

    package init(scheme: String, subject: String, on: Day? = nil, period: Int? = nil, amount: Amount? = nil) {
        self.scheme = scheme
        self.subject = subject
        self.on = on
        self.period = period
        self.amount = amount
    }
}

extension Books {
    /// Answers over books that were loaded as for a commitment of `tenant` to this subject. `past` is the cap as it
    /// stood with the entries dated on or before `on`, and the bases known on it; where `on` is left out it is nil.
    package func remaining(
        _ question: RemainingQuestion, tenant tenantID: String, past: PastUse?, today: Day
    ) -> Outcome {
        do throws(Refusal) {
            guard let tenant = registry.tenant(tenantID)?.number else { throw .unknownTenant(tenantID) }
            return .answered(try answer(question, tenant, past: past, today: today))
        } catch {
            return .refused(error)
        }
    }

    /// The cap of this question, where anything was ever committed under it; the store asks it for its past use.
    package func capName(_ question: RemainingQuestion, tenant: Int32, today: Day) -> CapName? {
        guard let (_, subject, terms) = try? subjectAndTerms(question.scheme, question.subject, seenFrom: tenant) else {
            return nil
        }
        return capName(of: subject, terms: terms, payer: tenant, period: period(question, terms, today: today))
    }

    private func period(_ question: RemainingQuestion, _ terms: SchemeTerms, today: Day) -> Int {
        terms.window == .calendarYear ? question.period ?? (question.on ?? today).year : 0
    }

    private func answer(
        _ question: RemainingQuestion, _ tenant: Int32, past: PastUse?, today: Day
    ) throws(Refusal) -> [Field] {
        var (name, subject, terms) = try subjectAndTerms(question.scheme, question.subject, seenFrom: tenant)
        guard
            tenant == name.owner || registry.isPayer(tenant, terms: terms, owner: name.owner)
                || registry.isAncestorOfPayer(tenant, terms: terms, owner: name.owner)
        else { throw .notAPayer(id(of: tenant), scheme: question.scheme) }
        let day = question.on ?? today
        let period = period(question, terms, today: today)
        var cap = cap(capName(of: subject, terms: terms, payer: tenant, period: period))
        if let past {
            cap = past.cap ?? CapRow(number: cap.number, name: cap.name)
            subject.bases = past.bases
        }

        var obstacles: [Obstacle] = []
        if terms.conditions.contains(where: { condition in
            subject.condition(condition).map { $0.date > day } ?? true
        }) {
            obstacles.append(.condition)
        }
        var limit: Limit?
        do {
            limit = try self.limit(of: subject, terms: terms, payer: tenant, period: period)
        } catch {
            obstacles.append(.parameter)
        }
        let window = WindowView(terms: terms, opened: subject.opened, period: period, on: day)
        if !window.isOpen, terms.windowGoverns == .payment { obstacles.append(.window) }

        let figures = Figures(limit: limit, terms: terms, cap: cap, day: day, obstacles: obstacles)
        var fields: [Field] = [
            Field("scheme", .text(question.scheme)), Field("subject", .text(question.subject)), Field("on", .day(day)),
        ]
        if terms.window == .calendarYear { fields.append(Field("period", .number(Int64(period)))) }
        fields += figures.fields + [Field("window", window.value(dated: cap.dated, limit: limit))]
        fields.append(Field("caps", .list(limit.map { figures.caps(of: $0) } ?? [])))
        if let amount = question.amount {
            fields.append(Field("would", .text(would(commit: amount, question, on: day, tenant))))
        }
        return fields
    }

    /// `+`, or the code that a commitment of this amount on that day would be refused with.
    private func would(commit amount: Amount, _ question: RemainingQuestion, on day: Day, _ tenant: Int32) -> String {
        let commitment = Commitment(award: "", scheme: question.scheme, subject: question.subject, amount: amount)
        do throws(Refusal) {
            _ = try plan(commitment, day, tenant)
            return "+"
        } catch {
            return error.code.name
        }
    }
}

/// What was known and used on an earlier day.
package struct PastUse: Sendable, Hashable {
    /// nil where nothing was used yet.
    package var cap: CapRow?
    package var bases: [SubjectRow.Basis]

    package init(cap: CapRow?, bases: [SubjectRow.Basis]) {
        self.cap = cap
        self.bases = bases
    }
}

/// What can keep anything from being committed, in the order of the errors.
private enum Obstacle: String {
    case condition, parameter, window
}

/// The sums of the reply.
private struct Figures {
    let limit: Limit?
    let cap: CapRow
    /// What counts against the limit: all of it, or what the rolling window holds.
    let counted: Amount
    let obstacles: [Obstacle]

    init(limit: Limit?, terms: SchemeTerms, cap: CapRow, day: Day, obstacles: [Obstacle]) {
        self.limit = limit
        self.cap = cap
        self.obstacles = obstacles
        if case .rolling(let months) = terms.window {
            counted = cap.dated.use(in: .rolling(endingOn: day, months: months))
        } else {
            counted = cap.used
        }
    }

    var binding: String {
        if let first = obstacles.first { return first.rawValue }
        guard let limit, limit.amount != nil else { return "none" }
        return limit.isBoundByRate ? "rate" : "cap"
    }

    var fields: [Field] {
        let most = limit?.amount
        let remaining: JSONValue =
            if !obstacles.isEmpty { .amount(.zero) } else { .optional(most.map { ($0 - counted).notBelowZero }) }
        return [
            Field("limit", .optional(most)), Field("committed", .amount(cap.committed)),
            Field("disbursed", .amount(cap.disbursed)), Field("forfeited", .amount(cap.forfeited)),
            Field("remaining", remaining),
            Field("excess", .amount(most.map { (counted - $0).notBelowZero } ?? .zero)),
            Field("binding", .text(binding)),
        ]
    }

    /// Each limit by itself, and what it alone would leave.
    func caps(of limit: Limit) -> [JSONValue] {
        var caps: [JSONValue] = []
        if let cap = limit.cap {
            caps.append(
                .object([
                    Field("kind", .text("cap")), Field("limit", .amount(cap)),
                    Field("remaining", .amount((cap - counted).notBelowZero)),
                ]))
        }
        if let rate = limit.rate, let share = limit.share {
            caps.append(
                .object([
                    Field("kind", .text("rate")), Field("rate", .text(rate.percent)),
                    Field("basis", .amount(limit.basis)), Field("limit", .amount(share)),
                    Field("remaining", .amount((share - counted).notBelowZero)),
                ]))
        }
        return caps
    }
}

/// When the window opens and shuts, seen from a day.
private struct WindowView {
    let terms: SchemeTerms
    let span: Span?
    let day: Day

    init(terms: SchemeTerms, opened: Day, period: Int, on day: Day) {
        self.terms = terms
        self.day = day
        span =
            switch terms.window {
            case .none: nil
            case .fromOpening(let months, _): .fromOpening(opened, months: months)
            case .calendarYear: .calendarYear(period)
            case .rolling(let months): .rolling(endingOn: day, months: months)
            }
    }

    var isOpen: Bool { span?.contains(day) ?? true }

    /// Under a rolling window `frees` lists the days on which something leaves the window that ends on them, and how
    /// much.
    func value(dated: [Dated], limit: Limit?) -> JSONValue {
        var fields = [
            Field("kind", .text(terms.window.text)), Field("governs", .text(terms.windowGoverns.rawValue)),
            Field("from", span.map { .day($0.from) } ?? .null), Field("until", span.map { .day($0.until) } ?? .null),
            Field("open", .flag(isOpen)),
        ]
        if case .rolling(let months) = terms.window, let span {
            let frees = dated.filter { span.contains($0.day) }.map { held in
                JSONValue.object([
                    Field("on", .day(firstDayWithout(held.day, months: months))), Field("amount", .amount(held.amount)),
                ])
            }
            fields.append(Field("frees", .list(frees)))
        }
        return .object(fields)
    }

    /// The first day whose window no longer holds `held`. Months differ in length, so the corresponding day is a guess
    /// that is at most a few days off.
    private func firstDayWithout(_ held: Day, months: Int) -> Day {
        var day = held.corresponding(months: months)
        while !Span.rolling(endingOn: day, months: months).contains(held) { day = day.adding(days: -1) }
        while Span.rolling(endingOn: day, months: months).contains(held) { day = day.next }
        return day
    }
}
