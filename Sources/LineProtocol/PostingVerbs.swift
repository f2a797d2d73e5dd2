extension VerbSpec {
    static let basisSet = VerbSpec(
        .basisSet, .posting, "Sets the basis of a subject as it is known from now on.",
        [
            .tenant, .scheme, .subject,
            .required(.amount, .amountOrZero, "yuan; the whole basis, not a change; zero is allowed"),
            .date, .key,
            .optional(.period, .year, "the year whose limit it is for; needed under calendar-year, refused elsewhere"),
            .evidence, .dryRun,
        ],
        example: "BASIS.SET tenant=lingang scheme=pilot-project subject=P1 amount=16000000 date=2023-06-01 key=b1")

    static let appropriate = VerbSpec(
        .appropriate, .posting, "Adds to a fund's budget of a year, or cuts what of it is not committed.",
        [
            .tenant,
            .required(.fund, .identifier, "the fund"),
            .required(.year, .year, "the budget year"),
            .amount, .key, .date,
            .standard(.change, .choice(["add", "cut"]), "add", "whether it adds to the budget or takes from it"),
            .dryRun,
        ],
        example: "APPROPRIATE tenant=lingang fund=general year=2023 amount=50000000 key=a1 date=2023-01-05")

    static let carry = VerbSpec(
        .carry, .posting, "Moves budget that is not committed to a later year.",
        [
            .tenant,
            .required(.fund, .identifier, "the fund"),
            .required(.from, .year, "the budget year that gives"),
            .required(.to, .year, "the budget year that gets, later than from"),
            .amount, .key, .date, .dryRun,
        ],
        example: "CARRY tenant=lingang fund=general from=2023 to=2024 amount=1000000 key=c1 date=2023-12-31")

    static let commit = VerbSpec(
        .commit, .posting, "Commits money to an award: binds the subject's limit and the budget, year by year.",
        [
            .tenant,
            .required(.award, .identifier, "the award; its first commitment makes it, later ones add to it"),
            .scheme, .subject, .amount, .date, .key,
            .standard(.fund, .identifier, "general", "the fund whose budget is bound"),
            .optional(.schedule, .schedule, "yuan by budget year, in sum the amount; left out: all in the date's year"),
            .optional(.incurred, .date, "the day the cost was incurred, where the scheme's window governs cost"),
            .standard(
                .fit, .choice(["whole", "room"]), "whole", "room: as much of the amount as limit and budget hold"),
            .optional(
                .party, .identifier, "who is paid from now on: a member, of a group; the subject's party if left out"),
            .dryRun,
        ],
        example: "COMMIT tenant=lingang award=A1 scheme=pilot-project subject=P1 amount=4000000 date=2023-07-01"
            + " key=k1")

    static let reschedule = VerbSpec(
        .reschedule, .posting, "Moves committed, unpaid money of an award to another year's budget.",
        [
            .tenant, .award,
            .required(.from, .year, "the budget year that gives"),
            .required(.to, .year, "the budget year that gets, other than from"),
            .amount, .date, .key, .dryRun,
        ],
        example: "RESCHEDULE tenant=lingang award=A1 from=2023 to=2024 amount=1000000 date=2023-12-01 key=r1")

    static let disburse = VerbSpec(
        .disburse, .posting, "Pays out of what an award has committed up to the date's year, earliest year first.",
        [.tenant, .award, .amount, .date, .key, .ref, .dryRun],
        example: "DISBURSE tenant=lingang award=A1 amount=1000000 date=2023-09-01 key=d1 ref=ICBC-77")

    static let release = VerbSpec(
        .release, .posting, "Gives committed money that will not be paid back to limit and budget, latest year first.",
        [.tenant, .award, .amount, .date, .key, .dryRun],
        example: "RELEASE tenant=lingang award=A1 amount=500000 date=2024-03-01 key=l1")

    static let recover = VerbSpec(
        .recover, .posting, "Claws back what was paid, latest budget year first.",
        [
            .tenant, .award, .amount, .date, .key,
            .standard(.restore, .flag, "yes", "no: what is recovered stays used up under the limit, as forfeited"),
            .dryRun,
        ],
        example: "RECOVER tenant=lingang award=A1 amount=200000 date=2024-05-01 key=v1 restore=no")

    static let settle = VerbSpec(
        .settle, .posting, "Says that the bank has paid a disbursement, or that a recovery has come in.",
        [.tenant, .required(.entry, .identifier, "the disbursement or recovery"), .date, .key, .ref, .dryRun],
        example: "SETTLE tenant=lingang entry=E3-42 date=2023-09-03 key=s1 ref=ICBC-77")

    static let reverse = VerbSpec(
        .reverse, .posting, "Posts the exact opposite of an entry, once.",
        [.tenant, .required(.entry, .identifier, "the entry to undo"), .date, .key, .dryRun],
        example: "REVERSE tenant=lingang entry=E3-42 date=2023-09-04 key=x1")

    static let giveBack = VerbSpec(
        .giveBack, .posting,
        "Says that the bank has sent a settled disbursement back: undoes DISBURSE and SETTLE in one entry.",
        [
            .tenant, .required(.entry, .identifier, "the disbursement whose money came back"), .date, .key, .ref,
            .dryRun,
        ],
        example: "RETURN tenant=lingang entry=E3-42 date=2023-09-06 key=b1 ref=ICBC-91")
}
