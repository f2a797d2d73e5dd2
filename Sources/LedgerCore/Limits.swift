/// What a subject may use: the lower of a cap and a share of the basis.
package struct Limit: Sendable, Hashable {
    package var cap: Amount?
    package var rate: Rate?
    package var basis: Amount

    /// rate × basis, rounded down to a fen.
    package var share: Amount? { rate.map { $0.share(of: basis) } }

    /// nil where there is no limit.
    package var amount: Amount? {
        switch (cap, share) {
        case (let cap?, let share?): min(cap, share)
        case (let cap?, nil): cap
        case (nil, let share): share
        }
    }

    /// Which of the two is lower; the cap where they are equal.
    package var isBoundByRate: Bool {
        guard let share else { return false }
        return cap.map { share < $0 } ?? true
    }
}

/// A figure of the limit that the payer has yet to set.
enum MissingParameter: String, Error {
    case rate, cap
}

extension Books {
    /// The limit of `subject` for `payer`. Its own parameters hold as they were at its first commitment on the subject;
    /// before that, as they are now.
    func limit(
        of subject: SubjectRow, terms: SchemeTerms, payer: Int32, period: Int
    ) throws(MissingParameter) -> Limit {
        let own: Registry.Parameters
        if let fixed = subject.terms(of: payer) {
            own = Registry.Parameters(rate: fixed.rate, cap: fixed.cap)
        } else {
            own = registry.parameters[.init(payer: payer, scheme: subject.name.scheme)] ?? Registry.Parameters()
        }
        return Limit(
            cap: try Books.figure(terms.cap, own.cap, or: .cap),
            rate: try Books.figure(terms.rate, own.rate, or: .rate),
            basis: subject.basis(period: period) ?? .zero)
    }

    private static func figure<Value>(
        _ term: Term<Value>, _ own: Value?, or missing: MissingParameter
    ) throws(MissingParameter) -> Value? {
        switch term {
        case .absent: return nil
        case .fixed(let value): return value
        case .payersOwn:
            guard let own else { throw missing }
            return own
        }
    }

    /// Where the use of `subject` by `payer` counts: on one cap of all payers, or on the payer's own where it sets a
    /// figure.
    func capName(of subject: SubjectRow, terms: SchemeTerms, payer: Int32, period: Int) -> CapName {
        CapName(subject: subject.number, payer: terms.limitsEachPayer ? payer : 0, period: period)
    }

    func cap(_ name: CapName) -> CapRow {
        capNumbers[name].flatMap { caps[$0] } ?? CapRow(number: 0, name: name)
    }

    /// The terms that a subject keeps, and the limit of an award on it; an award has its parameters fixed.
    func standing(of award: AwardRow) throws(Refusal) -> (
        subject: SubjectRow, terms: SchemeTerms, cap: CapRow, limit: Limit
    ) {
        guard let subject = subjects[award.subject], let cap = caps[award.cap],
            let terms = registry.terms(of: subject.name.scheme, version: subject.version)
        else { throw .notFound("subject", award.name.award, "the award's subject is not in the books") }
        do {
            let limit = try limit(of: subject, terms: terms, payer: award.name.tenant, period: cap.name.period)
            return (subject, terms, cap, limit)
        } catch {
            throw .unset(error, scheme: subject.name.scheme.scheme)
        }
    }

    /// The limit less what is used of it, whatever window and conditions say; under a rolling window, in the window
    /// that ends on `day`. It is negative where a basis was lowered below the use.
    func remaining(of limit: Limit, terms: SchemeTerms, cap: CapRow, on day: Day) -> Amount? {
        guard let amount = limit.amount else { return nil }
        if case .rolling(let months) = terms.window {
            return amount - cap.dated.use(in: .rolling(endingOn: day, months: months))
        }
        return amount - cap.used
    }
}

// MARK: - Use by day

extension [Dated] {
    package func use(in span: Span) -> Amount {
        lazy.filter { span.contains($0.day) }.map(\.amount).sum()
    }

    /// The most that any window of `months` months that holds one of `days` has in use. Windows end on such a day or on
    /// a later day that has use, since between those nothing is added.
    package func heaviestUse(holding days: [Day], months: Int) -> Amount {
        let ends = Set(days + map(\.day))
        var heaviest = Amount.zero
        for end in ends {
            let span = Span.rolling(endingOn: end, months: months)
            if days.contains(where: span.contains) { heaviest = Swift.max(heaviest, use(in: span)) }
        }
        return heaviest
    }

    /// Adds to a day, or takes from it where `amount` is negative.
    package mutating func add(_ amount: Amount, on day: Day) {
        let index = firstIndex { $0.day >= day } ?? endIndex
        if index < endIndex, self[index].day == day {
            self[index].amount += amount
            if self[index].amount == .zero { remove(at: index) }
        } else if amount != .zero {
            insert(Dated(day: day, amount: amount), at: index)
        }
    }
}

extension AwardRow {
    /// What of a commitment counts no more, by its ordinal.
    struct Taken: Hashable {
        let ordinal: Int
        let amount: Amount
    }

    /// What to take off the commitments where `amount` is given back: from the one of ordinal `first`, where it is
    /// given, and then from the latest backwards.
    func taking(_ amount: Amount, from first: Int? = nil) -> [Taken] {
        var left = amount
        var taken: [Taken] = []
        let ordinals = (1...max(1, dated.count)).reversed().filter { $0 != first }
        for ordinal in (first.map { [$0] } ?? []) + ordinals where left > .zero && dated.indices.contains(ordinal - 1) {
            let part = min(left, dated[ordinal - 1].amount)
            guard part > .zero else { continue }
            taken.append(Taken(ordinal: ordinal, amount: part))
            left -= part
        }
        return taken
    }
}
