import LedgerCore
import LineProtocol
import Testing

/// Every verb with all its arguments, and what it is taken for.
@Suite struct ParsedRequestTests {
    private let day = Day(year: 2023, month: 7, day: 1)

    private func amount(_ yuan: Int64) -> Amount { Amount(fen: yuan * 100) }

    private func action(_ line: String) throws -> PostingAction? {
        guard case .command(.posting(let posting)) = try parse(line) else { return nil }
        #expect(posting.tenant == "t")
        #expect(posting.key == "k")
        #expect(posting.date == day)
        return posting.action
    }

    private func registration(_ line: String) throws -> RegistrationAction? {
        guard case .command(.registration(let registration)) = try parse(line) else { return nil }
        #expect(registration.tenant == "t")
        return registration.action
    }

    private func question(_ line: String) throws -> Question? {
        guard case .query(let query, wait: nil) = try parse(line) else { return nil }
        #expect(query.tenant == "t")
        return query.question
    }

    private func session(_ line: String) throws -> SessionRequest? {
        guard case .session(let request) = try parse(line) else { return nil }
        return request
    }

    @Test func postings() throws {
        let tail = "amount=10 date=2023-07-01 key=k"
        #expect(
            try action("BASIS.SET tenant=t scheme=s subject=P amount=0 date=2023-07-01 key=k period=2024 evidence=e")
                == .setBasis(scheme: "s", subject: "P", amount: .zero, period: 2024))
        #expect(
            try action("APPROPRIATE tenant=t fund=f year=2023 \(tail)")
                == .appropriate(fund: "f", year: 2023, amount: amount(10), isCut: false))
        #expect(
            try action("APPROPRIATE tenant=t fund=f year=9999 change=cut \(tail)")
                == .appropriate(fund: "f", year: 9999, amount: amount(10), isCut: true))
        #expect(
            try action("CARRY tenant=t fund=f from=1900 to=2024 \(tail)")
                == .carry(fund: "f", from: 1900, to: 2024, amount: amount(10)))
        #expect(
            try action("RESCHEDULE tenant=t award=A from=2024 to=2023 \(tail)")
                == .reschedule(award: "A", from: 2024, to: 2023, amount: amount(10)))
        #expect(try action("DISBURSE tenant=t award=A ref=r \(tail)") == .disburse(award: "A", amount: amount(10)))
        #expect(try action("RELEASE tenant=t award=A \(tail)") == .release(award: "A", amount: amount(10)))
        #expect(
            try action("RECOVER tenant=t award=A \(tail)") == .recover(award: "A", amount: amount(10), restores: true))
        #expect(
            try action("RECOVER tenant=t award=A restore=no \(tail)")
                == .recover(award: "A", amount: amount(10), restores: false))
        #expect(try action("SETTLE tenant=t entry=E1 date=2023-07-01 key=k ref=r") == .settle(entry: "E1"))
        #expect(try action("RETURN tenant=t entry=E1 date=2023-07-01 key=k ref=r") == .giveBack(entry: "E1"))
        #expect(try action("REVERSE tenant=t entry=anything date=2023-07-01 key=k") == .reverse(entry: "anything"))
    }

    @Test func commitments() throws {
        let head = "COMMIT tenant=t award=A scheme=s subject=P amount=10 date=2023-07-01 key=k"
        var expected = Commitment(award: "A", scheme: "s", subject: "P", amount: amount(10))
        #expect(try action(head) == .commit(expected))
        expected.fitsRoom = true
        #expect(try action("\(head) fit=room") == .commit(expected))
        expected = Commitment(
            award: "A", scheme: "s", subject: "P", amount: amount(10), fund: "f",
            schedule: [Instalment(year: 2023, amount: amount(3)), Instalment(year: 2025, amount: amount(7))],
            incurred: Day(year: 2022, month: 1, day: 2), party: "p")
        #expect(
            try action("\(head) fund=f schedule=2025:7.00,2023:3 incurred=2022-01-02 fit=whole party=p")
                == .commit(expected))
    }

    @Test func dryRuns() throws {
        for (word, expected) in [("", false), (" dry-run=yes", true), (" DRY-RUN=no", false)] {
            let line = "DISBURSE tenant=t award=A amount=1 date=2023-07-01 key=k\(word)"
            guard case .command(.posting(let posting)) = try parse(line) else { throw Unexpected(description: line) }
            #expect(posting.isDryRun == expected)
        }
    }

    @Test func registrations() throws {
        #expect(try registration("TENANT.CREATE tenant=t name=n") == .createTenant(parent: nil, name: "n"))
        #expect(
            try registration("tenant.create Tenant=t PARENT=r name=\"临港 新片区\"")
                == .createTenant(parent: "r", name: "临港 新片区"))
        #expect(
            try registration("SCHEME.PUT tenant=t scheme=s version=1 name=n subject-kind=project")
                == .putScheme(scheme: "s", version: 1, terms: SchemeTerms(name: "n", subjectKind: "project")))
        #expect(
            try registration(
                "SCHEME.PUT tenant=t scheme=s version=2147483647 name=n subject-kind=group rate=33.3333%"
                    + " rate-rule=exact cap=90000000000000.00 window=rolling-P36M window-governs=cost"
                    + " conditions=b,a payers=t2,t1"
                    + " authorities=\"市科委,Office of Trade\" section=\"第 5 条\"")
                == .putScheme(
                    scheme: "s", version: 2_147_483_647,
                    terms: SchemeTerms(
                        name: "n", subjectKind: "group", rate: .fixed(try #require(Rate(partsPerMillion: 333_333))),
                        rateRule: .exact, cap: .fixed(.maximum), window: .rolling(months: 36), windowGoverns: .cost,
                        conditions: ["b", "a"], payers: ["t2", "t1"], authorities: ["市科委", "Office of Trade"],
                        section: "第 5 条")))
        guard
            case .putScheme(_, _, let terms)? = try registration(
                "SCHEME.PUT tenant=t scheme=s version=1 name=n subject-kind=project rate=tenant cap=tenant payers=*"
                    + " window=P18M"
            )
        else { throw Unexpected(description: "no scheme") }
        #expect(terms.rate == .payersOwn && terms.cap == .payersOwn && terms.payers == nil)
        #expect(terms.window == .fromOpening(months: 18, written: "P18M"))
        #expect(
            try registration("SCHEME.SET tenant=t scheme=s rate=50%")
                == .setParameters(scheme: "s", rate: Rate(partsPerMillion: 500_000), cap: nil))
        #expect(
            try registration("SCHEME.SET tenant=t scheme=s cap=5")
                == .setParameters(scheme: "s", rate: nil, cap: amount(5)))
        #expect(
            try registration("PARTY.PUT tenant=t party=p kind=company name=n")
                == .putParty(PartyFacts(party: "p", kind: "company", name: "n")))
        #expect(
            try registration(
                "PARTY.PUT tenant=t party=p kind=company name=n uscc=91350100M000100Y43 group=g"
                    + " bank=工商银行 account=\"62 22\""
            )
                == .putParty(
                    PartyFacts(
                        party: "p", kind: "company", name: "n", creditCode: "91350100M000100Y43", group: "g",
                        bank: "工商银行", account: "62 22")))
        #expect(
            try registration("SUBJECT.OPEN tenant=t scheme=s subject=P party=p opened=2023-07-01 correct=yes")
                == .openSubject(scheme: "s", subject: "P", party: "p", opened: day, isCorrection: true))
        #expect(
            try registration("CONDITION.MEET tenant=t scheme=s subject=P condition=c date=2023-07-01 evidence=e")
                == .meetCondition(
                    scheme: "s", subject: "P", condition: "c", date: day, evidence: "e", isCorrection: false))
        #expect(try registration("PERIOD.CLOSE tenant=t through=2023-07-01") == .closePeriod(through: day))
    }

    @Test func queries() throws {
        let figures = "scheme=s subject=P"
        #expect(
            try question("REMAINING tenant=t \(figures)")
                == .remaining(scheme: "s", subject: "P", on: nil, period: nil, amount: nil))
        #expect(
            try question("REMAINING tenant=t \(figures) on=2023-07-01 period=2023 amount=5")
                == .remaining(scheme: "s", subject: "P", on: day, period: 2023, amount: amount(5)))
        #expect(try question("AWARD tenant=t award=A") == .award("A"))
        #expect(try question("BUDGET tenant=t fund=f year=2023") == .budget(fund: "f", year: 2023))
        #expect(try question("ENTRY tenant=t entry=E1") == .entry("E1"))
        #expect(try question("ENTRY tenant=t key=k") == .entryByKey("k"))
        #expect(try question("HISTORY tenant=t award=A") == .history(.award("A"), Page()))
        #expect(
            try question("HISTORY tenant=t \(figures) after=5 limit=10")
                == .history(.subject(scheme: "s", subject: "P"), Page(after: 5, limit: 10)))
        #expect(try question("HISTORY tenant=t party=p") == .history(.party("p"), Page()))
        let all = Listing(scheme: "s", subject: "P", party: "p", after: "a", limit: 5_000)
        let filters = "\(figures) party=p after=a limit=5000"
        #expect(try question("SCHEMES tenant=t") == .schemes(Listing()))
        #expect(try question("SCHEMES tenant=t \(filters)") == .schemes(all))
        #expect(try question("SUBJECTS tenant=t \(filters)") == .subjects(all))
        #expect(try question("AWARDS tenant=t \(filters)") == .awards(all))
        #expect(try question("PARTIES tenant=t \(filters)") == .parties(all))
        #expect(try question("PARTY tenant=t party=p on=2023-07-01") == .party("p", on: day))
        #expect(try question("EXCESS tenant=t") == .excess(scheme: nil))
        #expect(try question("EXCESS tenant=t scheme=s") == .excess(scheme: "s"))
        #expect(try question("OUTSTANDING tenant=t on=2023-07-01") == .outstanding(on: day))
        #expect(try question("SUMMARY tenant=t") == .summary(on: nil, by: .scheme))
        #expect(try question("SUMMARY tenant=t on=2023-07-01 by=payer") == .summary(on: day, by: .payer))
        #expect(try question("JOURNAL tenant=t") == .journal(after: 0, limit: 500))
        #expect(try question("TRIAL.BALANCE tenant=t on=2023-07-01") == .trialBalance(on: day))
        #expect(try question("CHECK tenant=t") == .check)
    }

    @Test(
        arguments: [("0s", 0), ("30s", 30_000), ("60s", 60_000), ("500ms", 500), ("60000ms", 60_000)]
            as [(String, Int64)])
    func aJournalMayWait(wait: String, milliseconds: Int64) throws {
        let query = Query(tenant: "t", question: .journal(after: 7, limit: 1))
        #expect(try parse("JOURNAL tenant=t after=7 limit=1 wait=\(wait)") == .query(query, wait: milliseconds))
    }

    @Test func sessions() throws {
        #expect(try session("USE tenant=t") == .use(tenant: "t"))
        #expect(try session("PING") == .ping(nil))
        #expect(try session("ping \"two words\"") == .ping("two words"))
        #expect(try session("HELP") == .help(verb: nil))
        #expect(try session("HELP trial.balance") == .help(verb: .trialBalance))
        #expect(try session("STATUS") == .status)
        #expect(try session("WHOAMI") == .whoami)
        #expect(try session("MULTI") == .multi)
        #expect(try session("EXEC") == .exec)
        #expect(try session("DISCARD") == .discard)
        #expect(try session("AUTH secret") == .authenticate(Credentials(principal: nil, token: "secret")))
        #expect(try session("AUTH alice secret") == .authenticate(Credentials(principal: "alice", token: "secret")))
        #expect(try session("HELLO") == .hello(version: nil, credentials: nil, name: nil))
        #expect(
            try session("HELLO 3 SETNAME n AUTH alice s")
                == .hello(version: 3, credentials: Credentials(principal: "alice", token: "s"), name: "n"))
        #expect(try session("HELLO 2") == .hello(version: 2, credentials: nil, name: nil))
        #expect(try session("ECHO 临港") == .echo(Array("临港".utf8)))
        #expect(try session("RESET") == .reset)
        #expect(try session("SELECT 0") == .select("0"))
        #expect(try session("CLIENT setname x") == .client("SETNAME", ["x"]))
        #expect(try session("COMMAND") == .commandTable)
        #expect(try session("COMMAND docs commit x") == .commandDocs(["commit", "x"]))
        #expect(try session("INFO server") == .info)
        #expect(try session("CONFIG get save appendonly") == .configGet(["save", "appendonly"]))
        #expect(try session("QUIT") == .quit)
        #expect(
            try session("PRINCIPAL.CREATE principal=p role=operator")
                == .createPrincipal(
                    Principal(name: "p", role: .operator, tenant: nil, schemes: nil)))
        #expect(
            try session("PRINCIPAL.CREATE principal=p role=committee tenant=t schemes=a,b")
                == .createPrincipal(
                    Principal(name: "p", role: .committee, tenant: "t", schemes: ["a", "b"])))
        #expect(try session("PRINCIPAL.REVOKE principal=p") == .revokePrincipal("p"))
    }

    // MARK: The tenant of the connection

    @Test func useStandsInForATenantThatIsLeftOut() throws {
        #expect(try parse("CHECK", tenant: "u") == .query(Query(tenant: "u", question: .check), wait: nil))
        #expect(try parse("CHECK tenant=t", tenant: "u") == .query(Query(tenant: "t", question: .check), wait: nil))
        let principal = Principal(name: "p", role: .finance, tenant: "u", schemes: nil)
        #expect(
            try parse("PRINCIPAL.CREATE principal=p role=finance", tenant: "u") == .session(.createPrincipal(principal))
        )
    }

    @Test func useDoesNotStandInWhereTheTenantIsTheMatter() throws {
        #expect(try refusal("TENANT.CREATE name=n", tenant: "u").argument == "tenant")
        #expect(try refusal("USE", tenant: "u").argument == "tenant")
    }

    // MARK: Lines and RESP

    @Test(arguments: VerbTable.all.map(\.example))
    func everyExampleIsRightAndTheSameAsARESPArray(example: String) throws {
        let raw = try raw(example)
        #expect(decode(resp([raw.verb] + raw.words)) == [.request(raw)])
        _ = try RequestParser.parse(raw, tenant: nil).get()
    }

    @Test func everyExampleIsOfItsVerb() {
        for spec in VerbTable.all { #expect(spec.example.split(separator: " ").first.map(String.init) == spec.name) }
    }

    @Test func lettersOfVerbsAndNamesMayBeOfAnyCase() throws {
        let line = "COMMIT tenant=t award=A scheme=s subject=P amount=1 date=2023-07-01 key=k dry-run=yes"
        let words = line.split(separator: " ").map { word in
            let parts = word.split(separator: "=", maxSplits: 1)
            return ([parts[0].uppercased()] + parts.dropFirst().map(String.init)).joined(separator: "=")
        }
        #expect(try parse(words.joined(separator: " ")) == parse(line))
        #expect(try parse(line.replacing("COMMIT", with: "cOmmit")) == parse(line))
    }
}
