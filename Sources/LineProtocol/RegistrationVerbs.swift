import LedgerCore

extension VerbSpec {
    static let tenantCreate = VerbSpec(
        .tenantCreate, .registration, "Creates a tenant: a root, which is isolated from others, or a child of one.",
        [
            .required(.tenant, .identifier, "the new tenant; unique in the whole installation"),
            .optional(.parent, .identifier, "the tenant that it belongs under; left out: it is a root"),
            .required(.name, .name, "what people call it"),
        ],
        example: "TENANT.CREATE tenant=lingang parent=shanghai name=临港新片区")

    static let schemePut = VerbSpec(
        .schemePut, .registration, "Adds a version of a scheme: what it pays for, how much, when, and who pays.",
        [
            .required(.tenant, .identifier, "the owner of the scheme; USE sets it for a connection"),
            .required(.scheme, .identifier, "the scheme"),
            .required(.version, .number(1...Int(Int32.max)), "1 for a new scheme, then the next number"),
            .required(.name, .name, "what people call it"),
            .required(.subjectKind, .identifier, "what the limit is counted on: project, company, group, …"),
            .optional(.rate, .rateOrTenant, "per cent of the basis; tenant: each payer sets its own"),
            .standard(
                .rateRule, .choice(RateRule.allCases.map(\.rawValue)), RateRule.ceiling.rawValue,
                "whether the rate is the most that may be paid, or what must be paid"),
            .optional(.cap, .capOrTenant, "yuan; tenant: each payer sets its own"),
            .standard(.window, .window, "none", "the time a limit is for; PnY and PnM count from opened"),
            .standard(
                .windowGoverns, .choice(WindowGoverns.allCases.map(\.rawValue)), WindowGoverns.payment.rawValue,
                "whether payments or costs must lie inside the window"),
            .optional(.conditions, .identifiers, "each must be met before money is committed"),
            .standard(.payers, .payers, "*", "who may commit: these tenants, the owner or below it; *: all of them"),
            .optional(.authorities, .names, "the offices in charge"),
            .optional(.section, .text, "where the policy says so"),
        ],
        example: "SCHEME.PUT tenant=shanghai scheme=pilot-project version=1 name=中试项目 subject-kind=project rate=50%"
            + " cap=10000000 window=P3Y conditions=filed")

    static let schemeSet = VerbSpec(
        .schemeSet, .registration, "Sets a payer's own rate or cap, where the scheme leaves it to the payer.",
        [
            .tenant, .scheme,
            .optional(.rate, .rate, "per cent of the basis"),
            .optional(.cap, .amount, "yuan"),
        ],
        example: "SCHEME.SET tenant=lingang scheme=founder-rent rate=50% cap=300000")

    static let partyPut = VerbSpec(
        .partyPut, .registration, "Registers a beneficiary, or changes all but its kind and its uscc.",
        [
            .tenant,
            .required(.party, .identifier, "the beneficiary"),
            .required(.kind, .identifier, "company, person, …"),
            .required(.name, .name, "what people call it"),
            .optional(.uscc, .creditCode, "unified social credit code, 18 characters"),
            .optional(.group, .identifier, "the group of linked beneficiaries that it belongs to"),
            .optional(.bank, .text, "the bank that holds its account"),
            .optional(.account, .text, "the number of its account"),
        ],
        example: "PARTY.PUT tenant=lingang party=acme kind=company name=\"Acme Bio\" uscc=91350100M000100Y43")

    static let subjectOpen = VerbSpec(
        .subjectOpen, .registration, "Opens a subject, on which a scheme's limit is counted.",
        [
            .tenant, .scheme, .subject,
            .required(.party, .identifier, "the beneficiary"),
            .required(.opened, .date, "the day that the window is counted from"),
            .correct,
        ],
        example: "SUBJECT.OPEN tenant=lingang scheme=pilot-project subject=P1 party=acme opened=2023-06-01")

    static let conditionMeet = VerbSpec(
        .conditionMeet, .registration, "Says that a condition of a scheme is met for a subject from a date on.",
        [
            .tenant, .scheme, .subject,
            .required(.condition, .identifier, "one of the scheme's conditions"),
            .required(.date, .date, "the first day on which it is met"),
            .evidence, .correct,
        ],
        example: "CONDITION.MEET tenant=lingang scheme=pilot-project subject=P1 condition=filed date=2023-06-01")

    static let periodClose = VerbSpec(
        .periodClose, .registration, "Closes a tenant's books up to a day; nothing may be dated in them any more.",
        [.tenant, .required(.through, .date, "the last day that is closed")],
        example: "PERIOD.CLOSE tenant=lingang through=2023-12-31")

    static let principalCreate = VerbSpec(
        .principalCreate, .registration, "Creates a principal, and shows its token once.",
        [
            .required(.principal, .identifier, "who may speak"),
            .required(.role, .choice(PrincipalRole.allCases.map(\.rawValue)), "what it may do"),
            .optional(.tenant, .identifier, "it reaches this tenant and those below; left out, also by USE: all"),
            .optional(.schemes, .identifiers, "it reaches only these schemes"),
        ],
        example: "PRINCIPAL.CREATE principal=alice role=finance tenant=lingang")

    static let principalRotate = VerbSpec(
        .principalRotate, .registration, "Gives a principal another token, shown once; the old one ends at once.",
        [.required(.principal, .identifier, "whose token is replaced")],
        example: "PRINCIPAL.ROTATE principal=alice")

    static let seal = VerbSpec(
        .seal, .registration, "Signs the head of a tenant's journal with the daemon's key, and keeps the signature.",
        [.tenant],
        example: "SEAL tenant=lingang")

    static let principalRevoke = VerbSpec(
        .principalRevoke, .registration, "Takes a principal's right to speak, on open connections too.",
        [.required(.principal, .identifier, "who may speak no more")],
        example: "PRINCIPAL.REVOKE principal=alice")
}
