// The refusals of the books, each in one sentence that says what is wrong, with which value, and what to do.

extension Refusal {
    static func notFound(_ argument: String, _ value: String, _ advice: String) -> Refusal {
        Refusal(.notFound, "no \(argument) \"\(value)\": \(advice)", [Field("argument", .text(argument))])
    }

    package static func unknownTenant(_ tenant: String) -> Refusal {
        notFound("tenant", tenant, "make it with TENANT.CREATE, or correct its name")
    }

    static func unknownScheme(_ scheme: String, seenFrom tenant: String) -> Refusal {
        notFound(
            "scheme", scheme, "neither \(tenant) nor a tenant above it has one of that name; SCHEMES lists those it has"
        )
    }

    static func unknownSubject(_ subject: String, of scheme: String) -> Refusal {
        notFound("subject", subject, "open it under scheme \(scheme) with SUBJECT.OPEN first")
    }

    static func unknownParty(_ party: String, seenFrom tenant: String) -> Refusal {
        notFound("party", party, "neither \(tenant) nor a tenant above it has it; put it with PARTY.PUT first")
    }

    static func unknownAward(_ award: String, of tenant: String) -> Refusal {
        notFound("award", award, "\(tenant) has no such award; its first COMMIT makes it")
    }

    static func unknownEntry(_ entry: String, of tenant: String) -> Refusal {
        notFound("entry", entry, "\(tenant)'s journal has no such entry; JOURNAL lists them")
    }

    static func exists(_ what: String, _ name: String, differsIn argument: String) -> Refusal {
        Refusal(
            .exists, "\(what) \"\(name)\" exists with another \(argument): send what stands, or choose another name",
            [Field("argument", .text(argument))])
    }

    static func keyConflict(_ key: String, entry: SequenceName, argument: String) -> Refusal {
        Refusal(
            .keyConflict,
            "key \"\(key)\" was used for entry \(entry.text) with another \(argument): use a new key for a new posting",
            [Field("argument", .text(argument)), Field("entry", .text(entry.text))])
    }

    static func notAPayer(_ tenant: String, scheme: String) -> Refusal {
        Refusal(
            .notAPayer, "\(tenant) is not a payer of scheme \(scheme): SCHEMES shows who is",
            [Field("scheme", .text(scheme))])
    }

    static func periodClosed(_ date: Day, through: Day) -> Refusal {
        Refusal(
            .periodClosed, "the books are closed through \(through), and \(date) is not after it: date the entry later",
            [Field("through", .day(through))])
    }

    static func conditionUnmet(_ condition: String, subject: String, date: Day) -> Refusal {
        Refusal(
            .conditionUnmet,
            "condition \"\(condition)\" of subject \(subject) is not met on \(date): "
                + "record it with CONDITION.MEET first",
            [Field("condition", .text(condition))])
    }

    static func unset(_ parameter: MissingParameter, scheme: String) -> Refusal {
        Refusal(
            .parameterUnset,
            "scheme \(scheme) leaves its \(parameter.rawValue) to the payer, which has not set it: SCHEME.SET does",
            [Field("parameter", .text(parameter.rawValue))])
    }

    static func windowClosed(_ span: Span, day: Day, dayName: String) -> Refusal {
        Refusal(
            .windowClosed,
            "\(dayName) \(day) is outside the window from \(span.from) until \(span.until), both inside",
            [Field("from", .day(span.from)), Field("until", .day(span.until))])
    }

    static func incurredMissing(_ span: Span) -> Refusal {
        Refusal(
            .windowClosed,
            "the window from \(span.from) until \(span.until) governs costs: "
                + "say with incurred= when the cost was incurred",
            [Field("from", .day(span.from)), Field("until", .day(span.until))])
    }

    static func outOfOrder(_ date: Day, award: String, latest: Day) -> Refusal {
        .invalid("date", "award \(award) has an entry dated \(latest), and \(date) is before it: date it no earlier")
    }

    static func awardExceeded(_ award: AwardRow, requested: Amount, available: Amount, what: String) -> Refusal {
        Refusal(
            .awardExceeded,
            "award \(award.name.award) has \(available) \(what), and \(requested) was asked for",
            figures(
                limit: award.committed + award.disbursed, committed: award.committed, disbursed: award.disbursed,
                requested: requested, remaining: available))
    }

    static func capExceeded(
        _ code: RefusalCode = .capExceeded, subject: SubjectRow, limit: Amount, cap: CapRow, requested: Amount,
        remaining: Amount, reason: String
    ) -> Refusal {
        Refusal(
            code, "\(reason) (subject \(subject.name.subject), scheme \(subject.name.scheme.scheme))",
            figures(
                limit: limit, committed: cap.committed, disbursed: cap.disbursed, requested: requested,
                remaining: remaining)
                + (cap.forfeited == .zero ? [] : [Field("forfeited", .amount(cap.forfeited))]))
    }

    static func budgetExceeded(_ budget: BudgetRow, fund: String, requested: Amount) -> Refusal {
        Refusal(
            .budgetExceeded,
            "the \(budget.name.year) budget of fund \(fund) has \(budget.available) available, "
                + "and \(requested) is needed",
            figures(
                limit: budget.appropriated, committed: budget.committed, disbursed: budget.disbursed,
                requested: requested, remaining: budget.available)
                + [Field("year", .number(Int64(budget.name.year))), Field("fund", .text(fund))])
    }

    static func tooLarge(_ what: String) -> Refusal {
        Refusal(.tooLarge, "\(what) would pass \(Amount.maximum): no balance may be larger")
    }

    private static func figures(
        limit: Amount, committed: Amount, disbursed: Amount, requested: Amount, remaining: Amount
    ) -> [Field] {
        [
            Field("limit", .amount(limit)), Field("committed", .amount(committed)),
            Field("disbursed", .amount(disbursed)), Field("requested", .amount(requested)),
            Field("remaining", .amount(remaining)),
        ]
    }
}
