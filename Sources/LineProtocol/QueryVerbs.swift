import LedgerCore

extension ArgumentSpec {
    private static let pageLimit = standard(.limit, .number(1...5_000), "500", "how many at most, from 1 to 5000")
    private static let afterSequence = standard(
        .after, .number(0...Int.max), "0", "the seq of the last entry of the page before")

    static let entryPage = [afterSequence, pageLimit]
    fileprivate static let listing = [
        tenant,
        optional(.scheme, .identifier, "only of this scheme"),
        optional(.subject, .identifier, "only of this subject"),
        optional(.party, .identifier, "only of this beneficiary"),
        optional(.after, .identifier, "the last identifier of the page before"),
        pageLimit,
    ]
}

extension VerbSpec {
    static let remaining = VerbSpec(
        .remaining, .query, "Says what may still be committed for a subject, and why not more.",
        [
            .tenant, .scheme, .subject, .on,
            .optional(.period, .year, "the year asked for, under calendar-year; left out: that of on"),
            .optional(.amount, .amount, "yuan; tells what COMMIT of it on that day would answer"),
        ],
        example: "REMAINING tenant=lingang scheme=pilot-project subject=P1 amount=4000000")

    static let award = VerbSpec(
        .award, .query, "Shows an award: by year what is committed, disbursed, released and recovered.",
        [.tenant, .award],
        example: "AWARD tenant=lingang award=A1")

    static let budget = VerbSpec(
        .budget, .query, "Shows what of a fund's year is appropriated, committed, disbursed and available.",
        [.tenant, .required(.fund, .identifier, "the fund"), .required(.year, .year, "the budget year")],
        example: "BUDGET tenant=lingang fund=general year=2023")

    static let entry = VerbSpec(
        .entry, .query, "Shows an entry and its transfers, found by its name or by the key it was posted with.",
        [
            .tenant,
            .optional(.entry, .identifier, "the entry; needed without key"),
            .optional(.key, .identifier, "the key it was posted with; needed without entry"),
        ],
        example: "ENTRY tenant=lingang entry=E3-42")

    static let history = VerbSpec(
        .history, .query, "Lists the entries that touch an award, a subject or a beneficiary, in order.",
        [
            .tenant,
            .optional(.award, .identifier, "the award"),
            .optional(.subject, .identifier, "the subject, with its scheme"),
            .optional(.scheme, .identifier, "the scheme of the subject"),
            .optional(.party, .identifier, "the beneficiary"),
        ] + ArgumentSpec.entryPage,
        example: "HISTORY tenant=lingang subject=P1 scheme=pilot-project")

    static let schemes = VerbSpec(
        .schemes, .query, "Lists the schemes that a tenant sees, with their rules.", ArgumentSpec.listing,
        example: "SCHEMES tenant=lingang")

    static let subjects = VerbSpec(
        .subjects, .query, "Lists subjects with their figures.", ArgumentSpec.listing,
        example: "SUBJECTS tenant=lingang scheme=pilot-project")

    static let awards = VerbSpec(
        .awards, .query, "Lists awards with their figures.", ArgumentSpec.listing,
        example: "AWARDS tenant=lingang party=acme")

    static let parties = VerbSpec(
        .parties, .query, "Lists beneficiaries with their figures.", ArgumentSpec.listing,
        example: "PARTIES tenant=lingang after=acme limit=100")

    static let party = VerbSpec(
        .party, .query, "Shows all that a beneficiary has under every scheme.",
        [.tenant, .required(.party, .identifier, "the beneficiary"), .on],
        example: "PARTY tenant=lingang party=acme")

    static let excess = VerbSpec(
        .excess, .query, "Lists the subjects that stand above their limit, with the amount to recover.",
        [.tenant, .optional(.scheme, .identifier, "only of this scheme")],
        example: "EXCESS tenant=lingang")

    static let outstanding = VerbSpec(
        .outstanding, .query, "Lists commitments that are not paid yet, by age.", [.tenant, .on],
        example: "OUTSTANDING tenant=lingang on=2024-06-30")

    static let summary = VerbSpec(
        .summary, .query, "Sums up what is committed, paid, recovered and left, and how many are helped.",
        [
            .tenant, .on,
            .standard(
                .by, .choice(SummaryKey.allCases.map(\.rawValue)), SummaryKey.scheme.rawValue, "what each line is for"),
        ],
        example: "SUMMARY tenant=lingang on=2024-06-30 by=year")

    static let journal = VerbSpec(
        .journal, .query, "Lists a tenant's entries after a sequence number, in order and without gaps.",
        [.tenant] + ArgumentSpec.entryPage + [
            .optional(.wait, .duration, "hold the reply so long until there is one: 30s or 500ms, at most 60s")
        ],
        example: "JOURNAL tenant=lingang after=120 limit=100 wait=30s")

    static let trialBalance = VerbSpec(
        .trialBalance, .query, "Lists every account with its debits and credits, whose sums are equal.",
        [.tenant, .on],
        example: "TRIAL.BALANCE tenant=lingang")

    static let check = VerbSpec(
        .check, .query, "Recomputes every balance from the journal, walks the hash chain and names what differs.",
        [.tenant],
        example: "CHECK tenant=lingang")

    static let seals = VerbSpec(
        .seals, .query, "Lists what was signed of a tenant's journal, after a sequence number.",
        [.tenant] + ArgumentSpec.entryPage,
        example: "SEALS tenant=lingang")

    static let principals = VerbSpec(
        .principals, .query, "Lists who may speak, and what each may do; never a token.", [], example: "PRINCIPALS")
}
