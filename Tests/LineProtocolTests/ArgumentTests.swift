import LedgerCore
import LineProtocol
import Testing

/// One request a line, and the code and argument that it is refused with.
@Suite struct ArgumentTests {
    private static let commit = "COMMIT tenant=t award=A scheme=s subject=P amount=1 date=2023-07-01 key=k"
    private static let put = "SCHEME.PUT tenant=t scheme=s version=1 name=n subject-kind=project"

    @Test(
        arguments: Table.rows(
            """
            # The verb.
            FOO -> UNKNOWN_COMMAND
            FOO tenant=x bar -> UNKNOWN_COMMAND
            GETX x -> UNKNOWN_COMMAND
            # A name that is unknown, given twice, or none, in the order sent and before all else.
            COMMIT foo=1 -> INVALID_ARGUMENT foo
            COMMIT tenant -> INVALID_ARGUMENT tenant
            COMMIT tenant=x bar tenant=y -> INVALID_ARGUMENT bar
            COMMIT tenant=x TENANT=y bar -> INVALID_ARGUMENT tenant
            COMMIT FOO=1 -> INVALID_ARGUMENT foo
            COMMIT amount=-1 Zoo=1 -> INVALID_ARGUMENT zoo
            COMMIT =x -> INVALID_ARGUMENT
            STATUS x=1 -> INVALID_ARGUMENT x
            MULTI now -> INVALID_ARGUMENT now
            # What is missing, in the verb's order, before what is wrong.
            COMMIT amount=-1 -> MISSING_ARGUMENT tenant
            COMMIT tenant=t amount=-1 -> MISSING_ARGUMENT award
            COMMIT tenant=t award=A amount=-1 -> MISSING_ARGUMENT scheme
            COMMIT tenant=t award=A scheme=s amount=-1 -> MISSING_ARGUMENT subject
            COMMIT tenant=t award=A scheme=s subject=P -> MISSING_ARGUMENT amount
            COMMIT tenant=t award=A scheme=s subject=P amount=-1 -> MISSING_ARGUMENT date
            COMMIT tenant=t award=A scheme=s subject=P amount=-1 date=x -> MISSING_ARGUMENT key
            # What is wrong, in the verb's order.
            COMMIT tenant=# award=# scheme=# subject=# amount=x date=x key=# -> INVALID_ARGUMENT tenant
            COMMIT tenant=t award=# scheme=# subject=# amount=x date=x key=# -> INVALID_ARGUMENT award
            COMMIT tenant=t award=A scheme=# subject=# amount=x date=x key=# -> INVALID_ARGUMENT scheme
            COMMIT tenant=t award=A scheme=s subject=# amount=x date=x key=# -> INVALID_ARGUMENT subject
            COMMIT tenant=t award=A scheme=s subject=P amount=x date=x key=# -> INVALID_ARGUMENT amount
            COMMIT tenant=t award=A scheme=s subject=P amount=1 date=x key=# -> INVALID_ARGUMENT date
            COMMIT tenant=t award=A scheme=s subject=P amount=1 date=2023-07-01 key=# -> INVALID_ARGUMENT key
            # Every verb, by what it misses or has wrong.
            USE -> MISSING_ARGUMENT tenant
            USE tenant= -> INVALID_ARGUMENT tenant
            TENANT.CREATE -> MISSING_ARGUMENT tenant
            TENANT.CREATE tenant=t -> MISSING_ARGUMENT name
            TENANT.CREATE tenant=t name= -> INVALID_ARGUMENT name
            TENANT.CREATE tenant=t parent= name=n -> INVALID_ARGUMENT parent
            SCHEME.SET tenant=t scheme=s -> MISSING_ARGUMENT rate
            SCHEME.SET tenant=t scheme=s rate=tenant -> INVALID_ARGUMENT rate
            SCHEME.SET tenant=t scheme=s cap=0 -> INVALID_ARGUMENT cap
            SCHEME.SET tenant=t -> MISSING_ARGUMENT scheme
            PARTY.PUT tenant=t -> MISSING_ARGUMENT party
            PARTY.PUT tenant=t party=p -> MISSING_ARGUMENT kind
            PARTY.PUT tenant=t party=p kind=company -> MISSING_ARGUMENT name
            PARTY.PUT tenant=t party=p kind=company name=n uscc=91350100M000100Y44 -> INVALID_ARGUMENT uscc
            PARTY.PUT tenant=t party=p kind=company name=n uscc=91350100m000100y43 -> INVALID_ARGUMENT uscc
            PARTY.PUT tenant=t party=p kind=company name=n group=# -> INVALID_ARGUMENT group
            PARTY.PUT tenant=t party=p kind="a b" name=n -> INVALID_ARGUMENT kind
            SUBJECT.OPEN tenant=t scheme=s subject=P -> MISSING_ARGUMENT party
            SUBJECT.OPEN tenant=t scheme=s subject=P party=p -> MISSING_ARGUMENT opened
            SUBJECT.OPEN tenant=t scheme=s subject=P party=p opened=2023-02-29 -> INVALID_ARGUMENT opened
            SUBJECT.OPEN tenant=t scheme=s subject=P party=p opened=2023-02-28 correct=YES -> INVALID_ARGUMENT correct
            CONDITION.MEET tenant=t scheme=s subject=P -> MISSING_ARGUMENT condition
            CONDITION.MEET tenant=t scheme=s subject=P condition=c -> MISSING_ARGUMENT date
            CONDITION.MEET tenant=t scheme=s subject=P condition=c date=2023-13-01 -> INVALID_ARGUMENT date
            BASIS.SET tenant=t scheme=s subject=P -> MISSING_ARGUMENT amount
            BASIS.SET tenant=t scheme=s subject=P amount=0 date=2023-01-01 key=k period=23 -> INVALID_ARGUMENT period
            BASIS.SET tenant=t scheme=s subject=P amount=-0 date=2023-01-01 key=k -> INVALID_ARGUMENT amount
            APPROPRIATE tenant=t -> MISSING_ARGUMENT fund
            APPROPRIATE tenant=t fund=f -> MISSING_ARGUMENT year
            APPROPRIATE tenant=t fund=f year=1899 amount=1 key=k date=2023-01-01 -> INVALID_ARGUMENT year
            APPROPRIATE tenant=t fund=f year=02023 amount=1 key=k date=2023-01-01 -> INVALID_ARGUMENT year
            APPROPRIATE tenant=t fund=f year=10000 amount=1 key=k date=2023-01-01 -> INVALID_ARGUMENT year
            APPROPRIATE tenant=t fund=f year=2023 amount=1 key=k date=2023-01-01 change=Add -> INVALID_ARGUMENT change
            APPROPRIATE tenant=t fund=f year=2023 amount=0 key=k date=2023-01-01 -> INVALID_ARGUMENT amount
            CARRY tenant=t fund=f from=2023 -> MISSING_ARGUMENT to
            CARRY tenant=t fund=f from=2023 to=2023 amount=1 key=k date=2023-01-01 -> INVALID_ARGUMENT to
            CARRY tenant=t fund=f from=2023 to=2022 amount=1 key=k date=2023-01-01 -> INVALID_ARGUMENT to
            CARRY tenant=t fund=f from=2023 to=2022 amount=1 key=k date=x -> INVALID_ARGUMENT date
            RESCHEDULE tenant=t award=A from=2023 to=2023 amount=1 date=2023-01-01 key=k -> INVALID_ARGUMENT to
            RESCHEDULE tenant=t award=A to=2023 amount=1 date=2023-01-01 key=k -> MISSING_ARGUMENT from
            DISBURSE tenant=t -> MISSING_ARGUMENT award
            DISBURSE tenant=t award=A amount=1 date=2023-01-01 -> MISSING_ARGUMENT key
            DISBURSE tenant=t award=A amount=1 date=2023-01-01 key=k dry-run=maybe -> INVALID_ARGUMENT dry-run
            DISBURSE tenant=t award=A amount=1 date=2023-01-01 key=k schedule=2023:1 -> INVALID_ARGUMENT schedule
            RELEASE tenant=t award=A date=2023-01-01 key=k -> MISSING_ARGUMENT amount
            RELEASE tenant=t award=A amount=1 date=2023-01-01 key=k ref=x -> INVALID_ARGUMENT ref
            RECOVER tenant=t award=A amount=1 date=2023-01-01 key=k restore=true -> INVALID_ARGUMENT restore
            RECOVER tenant=t amount=1 date=2023-01-01 key=k -> MISSING_ARGUMENT award
            SETTLE tenant=t date=2023-01-01 key=k -> MISSING_ARGUMENT entry
            SETTLE tenant=t entry="a b" date=2023-01-01 key=k -> INVALID_ARGUMENT entry
            REVERSE tenant=t entry=E1 key=k -> MISSING_ARGUMENT date
            REVERSE tenant=t entry=E1 date=2023-01-01 key="" -> INVALID_ARGUMENT key
            PERIOD.CLOSE tenant=t -> MISSING_ARGUMENT through
            PERIOD.CLOSE tenant=t through=2023 -> INVALID_ARGUMENT through
            REMAINING tenant=t scheme=s -> MISSING_ARGUMENT subject
            REMAINING tenant=t scheme=s subject=P on=today -> INVALID_ARGUMENT on
            REMAINING tenant=t scheme=s subject=P period=0 -> INVALID_ARGUMENT period
            REMAINING tenant=t scheme=s subject=P amount=0 -> INVALID_ARGUMENT amount
            AWARD tenant=t -> MISSING_ARGUMENT award
            BUDGET tenant=t fund=f -> MISSING_ARGUMENT year
            ENTRY tenant=t -> MISSING_ARGUMENT entry
            ENTRY tenant=t entry=E1 key=k -> INVALID_ARGUMENT key
            HISTORY tenant=t -> MISSING_ARGUMENT award
            HISTORY tenant=t subject=P -> MISSING_ARGUMENT scheme
            HISTORY tenant=t scheme=s -> MISSING_ARGUMENT subject
            HISTORY tenant=t award=A subject=P scheme=s -> INVALID_ARGUMENT subject
            HISTORY tenant=t award=A scheme=s -> INVALID_ARGUMENT scheme
            HISTORY tenant=t award=A party=p -> INVALID_ARGUMENT party
            HISTORY tenant=t subject=P scheme=s party=p -> INVALID_ARGUMENT party
            HISTORY tenant=t award=A after=E1 -> INVALID_ARGUMENT after
            SCHEMES -> MISSING_ARGUMENT tenant
            SUBJECTS tenant=t limit=0 -> INVALID_ARGUMENT limit
            AWARDS tenant=t limit=5001 -> INVALID_ARGUMENT limit
            PARTIES tenant=t after= -> INVALID_ARGUMENT after
            PARTY tenant=t -> MISSING_ARGUMENT party
            PARTY tenant=t party=p on=1899-12-31 -> INVALID_ARGUMENT on
            EXCESS tenant=t scheme= -> INVALID_ARGUMENT scheme
            OUTSTANDING tenant=t on=x -> INVALID_ARGUMENT on
            SUMMARY tenant=t by=Scheme -> INVALID_ARGUMENT by
            JOURNAL tenant=t after=-1 -> INVALID_ARGUMENT after
            JOURNAL tenant=t limit=5001 -> INVALID_ARGUMENT limit
            JOURNAL tenant=t wait=61s -> INVALID_ARGUMENT wait
            JOURNAL tenant=t wait=60001ms -> INVALID_ARGUMENT wait
            JOURNAL tenant=t wait=30 -> INVALID_ARGUMENT wait
            JOURNAL tenant=t wait=s -> INVALID_ARGUMENT wait
            JOURNAL tenant=t wait=-1s -> INVALID_ARGUMENT wait
            JOURNAL tenant=t wait=1m -> INVALID_ARGUMENT wait
            TRIAL.BALANCE tenant=t on=2023-1-1 -> INVALID_ARGUMENT on
            CHECK -> MISSING_ARGUMENT tenant
            PRINCIPAL.CREATE role=finance -> MISSING_ARGUMENT principal
            PRINCIPAL.CREATE principal=p -> MISSING_ARGUMENT role
            PRINCIPAL.CREATE principal=p role=king -> INVALID_ARGUMENT role
            PRINCIPAL.CREATE principal=p role=finance schemes=a,,b -> INVALID_ARGUMENT schemes
            PRINCIPAL.REVOKE -> MISSING_ARGUMENT principal
            # Words without names.
            HELP A B -> INVALID_ARGUMENT B
            HELP NOPE -> UNKNOWN_COMMAND
            PING a b -> INVALID_ARGUMENT b
            AUTH -> MISSING_ARGUMENT token
            AUTH a b c -> INVALID_ARGUMENT c
            HELLO 4 -> INVALID_ARGUMENT protocol
            HELLO AUTH a b -> INVALID_ARGUMENT protocol
            HELLO 3 AUTH a -> MISSING_ARGUMENT token
            HELLO 3 SETNAME -> MISSING_ARGUMENT setname
            HELLO 3 SETNAME a SETNAME b -> INVALID_ARGUMENT setname
            HELLO 3 AUTH a b AUTH a b -> INVALID_ARGUMENT auth
            HELLO 3 Foo -> INVALID_ARGUMENT foo
            ECHO -> MISSING_ARGUMENT message
            SELECT 1 -> INVALID_ARGUMENT database
            SELECT -> MISSING_ARGUMENT database
            RESET x -> INVALID_ARGUMENT x
            QUIT x -> INVALID_ARGUMENT x
            CLIENT -> MISSING_ARGUMENT subcommand
            COMMAND COUNT -> INVALID_ARGUMENT subcommand
            CONFIG -> MISSING_ARGUMENT subcommand
            CONFIG GET -> MISSING_ARGUMENT parameter
            CONFIG SET a b -> INVALID_ARGUMENT subcommand
            """))
    func isRefused(row: Table.Row) throws {
        let refusal = try refusal(row[0])
        #expect("\(refusal.code.name) \(refusal.argument ?? "")".trimmingEnd == row[1])
    }

    @Test(
        arguments: Table.rows(
            """
            amount=0 -> amount
            amount=0.00 -> amount
            amount=.5 -> amount
            amount=5. -> amount
            amount=1.001 -> amount
            amount=1e5 -> amount
            amount=1,000 -> amount
            amount=+1 -> amount
            amount=-1 -> amount
            amount=1万 -> amount
            amount=１ -> amount
            amount=99999999999999999999999x -> amount
            amount=99999999999999999999999.123 -> amount
            amount=" 1" -> amount
            fund= -> fund
            fund=a,b -> fund
            schedule= -> schedule
            schedule=2023 -> schedule
            schedule=2023:1, -> schedule
            schedule=2023:0 -> schedule
            schedule=2023:1:2 -> schedule
            schedule=2023:2 -> schedule
            schedule=2022:1 -> schedule
            schedule=1899:1 -> schedule
            schedule=2023:0.50,2023:0.50 -> schedule
            schedule=2023:0.50,2024:0.49 -> schedule
            schedule=2023:1 fit=room -> schedule
            schedule=2022:1 party=# -> party
            incurred=2023-02-30 -> incurred
            fit=Room -> fit
            party= -> party
            dry-run=1 -> dry-run
            """))
    func commitIsRefused(row: Table.Row) throws {
        let line =
            row[0].hasPrefix("amount=") ? Self.commit.replacing("amount=1", with: row[0]) : "\(Self.commit) \(row[0])"
        let refusal = try refusal(line)
        #expect(refusal.code == .invalidArgument)
        #expect(refusal.argument == row[1])
    }

    @Test(
        arguments: Table.rows(
            """
            COMMIT $ amount=90000000000000.01 -> TOO_LARGE amount
            COMMIT $ amount=99999999999999999999999 -> TOO_LARGE amount
            COMMIT $ amount=1 schedule=2023:90000000000000,2024:0.01 -> TOO_LARGE schedule
            COMMIT $ amount=1 schedule=2023:90000000000000.01 -> TOO_LARGE schedule
            COMMIT $ amount=90000000000001 schedule=2023:90000000000001 -> TOO_LARGE amount
            COMMIT $ amount=90000000000001 schedule=2023:0 -> INVALID_ARGUMENT schedule
            COMMIT $ amount=90000000000001 party=# -> INVALID_ARGUMENT party
            COMMIT $ amount=90000000000001 dry-run=x -> INVALID_ARGUMENT dry-run
            BASIS.SET tenant=t scheme=s subject=P date=2023-07-01 key=k amount=90000000000000.01 -> TOO_LARGE amount
            SCHEME.SET tenant=t scheme=s cap=90000000000001 -> TOO_LARGE cap
            SCHEME.PUT tenant=t scheme=s version=1 name=n subject-kind=p cap=90000000000001 -> TOO_LARGE cap
            REMAINING tenant=t scheme=s subject=P amount=90000000000001 -> TOO_LARGE amount
            """))
    func isTooLargeAfterAllThatIsWrong(row: Table.Row) throws {
        let posting = "tenant=t award=A scheme=s subject=P date=2023-07-01 key=k"
        let refusal = try refusal(row[0].replacing("$", with: posting))
        #expect("\(refusal.code.name) \(refusal.argument ?? "")" == row[1])
    }

    @Test func theMaximumItselfIsNotTooLarge() throws {
        _ = try parse(Self.commit.replacing("amount=1", with: "amount=90000000000000.00"))
        _ = try parse(
            "\(Self.commit.replacing("amount=1", with: "amount=90000000000000")) schedule=2024:90000000000000")
    }

    @Test(
        arguments: Table.rows(
            """
            rate=0% -> rate
            rate=100.0001% -> rate
            rate=50 -> rate
            rate=33.33333% -> rate
            rate=Tenant -> rate
            rate-rule=exact -> rate-rule
            rate-rule=Exact rate=50% -> rate-rule
            cap=0 -> cap
            cap=TENANT -> cap
            window=P0Y -> window
            window=3Y -> window
            window=P3D -> window
            window=P3y -> window
            window=rolling-P3Y -> window
            window=Calendar-Year -> window
            window-governs=both -> window-governs
            conditions= -> conditions
            conditions=a,a -> conditions
            conditions=a,b c -> conditions
            payers= -> payers
            payers=*,a -> payers
            payers=a,a -> payers
            authorities= -> authorities
            authorities=x,,y -> authorities
            rate-rule=exact section="x\u{1}" -> section
            """))
    func schemePutIsRefused(row: Table.Row) throws {
        let words = row[0].hasPrefix("conditions=a,b c") ? [row[0]] : row[0].split(separator: " ").map(String.init)
        let raw = try raw(Self.put)
        let request = RawRequest(
            verb: raw.verb, words: raw.words + words.map { $0.replacing("\"", with: "") })
        let refusal = RequestParser.parse(request, tenant: nil).refusal
        #expect(refusal?.code == .invalidArgument)
        #expect(refusal?.argument == row[1])
    }

    @Test(arguments: ["0", "01", "1.0", "-1", "x", "2147483648", "99999999999999999999"])
    func versionsAreNumbersFromOne(version: String) throws {
        let line = Self.put.replacing("version=1", with: "version=\(version)")
        guard version != "01" else { return #expect(try parse(line) == parse(Self.put)) }
        #expect(try refusal(line).argument == "version")
    }

    // MARK: Texts

    @Test(arguments: ["\u{0}", "\u{1}", "\t", "\n", "\r", "\u{1F}", "\u{7F}", "\u{80}", "\u{9F}"])
    func controlCharactersAreNoText(control: String) {
        for (verb, words, argument) in [
            ("TENANT.CREATE", ["tenant=t", "name=a\(control)b"], "name"),
            ("PARTY.PUT", ["tenant=t", "party=p", "kind=k", "name=n", "bank=\(control)"], "bank"),
            ("PARTY.PUT", ["tenant=t", "party=p", "kind=k", "name=n", "account=\(control)"], "account"),
            ("DISBURSE", ["tenant=t", "award=A", "amount=1", "date=2023-01-01", "key=k", "ref=x\(control)"], "ref"),
            ("USE", ["tenant=x\(control)"], "tenant"),
        ] {
            let refusal = RequestParser.parse(RawRequest(verb: verb, words: words), tenant: nil).refusal
            #expect(refusal?.code == .invalidArgument)
            #expect(refusal?.argument == argument)
        }
    }

    @Test func textsHaveTwoHundredCharactersAtMost() throws {
        for character in ["a", "临", "😀", "e\u{301}"] {
            let most = String(repeating: character, count: 200 / character.unicodeScalars.count)
            _ = try parse("TENANT.CREATE tenant=t name=\(most)")
            #expect(try refusal("TENANT.CREATE tenant=t name=\(most)\(character)").argument == "name")
        }
        _ = try parse("DISBURSE tenant=t award=A amount=1 date=2023-01-01 key=k ref=")
    }

    @Test func identifiersHaveSixtyFourBytesAtMost() throws {
        let most = String(repeating: "a", count: 64)
        _ = try parse("USE tenant=\(most)")
        _ = try parse("USE tenant=A.b_c:d/e-9")
        for wrong in [most + "a", "", "a b", "a,b", "临港", "a=b", "a*", "ａ"] {
            #expect(try refusal("USE \"tenant=\(wrong)\"").argument == "tenant")
        }
    }

    // MARK: Messages

    @Test func messagesSayWhatIsWrongAndWhatIsExpected() throws {
        let amount = try refusal(Self.commit.replacing("amount=1", with: "amount=1e5"))
        #expect(amount.message.hasPrefix("amount=\"1e5\" is not right: expected yuan above zero"))
        #expect(try refusal("CHECK foo=1").message == "CHECK has no argument \"foo\": it has tenant")
        #expect(try refusal("CHECK").message.contains("USE tenant=… before"))
        #expect(try refusal("FROB").message == "there is no verb \"FROB\"; HELP lists them")
    }

    @Test func aHugeValueDoesNotMakeAHugeReply() throws {
        let huge = String(repeating: "临", count: 20_000)
        for line in [
            huge, "CHECK \(huge)", "CHECK \(huge)=1", "CHECK tenant=\(huge)", "HELP \(huge)", "SELECT \(huge)",
            "HELLO \(huge)", "HELLO 3 \(huge)", "CONFIG \(huge)", "PING a \(huge)",
        ] {
            var bytes: [UInt8] = []
            ReplyEncoder.encode(.refused(try refusal(line)), into: &bytes)
            #expect(bytes.count < 2_000, "\(line.prefix(20))")
        }
    }

    @Test func lettersThatOnlyLookTheSameAreOthers() throws {
        #expect(try refusal("CHEC\u{212A} tenant=t").code == .unknownCommand)
        #expect(try refusal("ENTRY tenant=t \u{212A}ey=k").argument == "\u{212A}ey")
    }
}

extension String {
    var trimmingEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
