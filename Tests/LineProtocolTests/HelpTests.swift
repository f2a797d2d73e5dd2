import LedgerCore
import LineProtocol
import Testing

@Suite struct HelpTests {
    /// The whole table at a glance: what each verb takes, those that may be left out in brackets.
    @Test func usageOfEveryVerb() {
        let expected = """
            BASIS.SET tenant=… scheme=… subject=… amount=… date=… key=… [period=…] [evidence=…] [dry-run=…]
            APPROPRIATE tenant=… fund=… year=… amount=… key=… date=… [change=…] [dry-run=…]
            CARRY tenant=… fund=… from=… to=… amount=… key=… date=… [dry-run=…]
            COMMIT tenant=… award=… scheme=… subject=… amount=… date=… key=… [fund=…] [schedule=…] [incurred=…] \
            [fit=…] [party=…] [dry-run=…]
            RESCHEDULE tenant=… award=… from=… to=… amount=… date=… key=… [dry-run=…]
            DISBURSE tenant=… award=… amount=… date=… key=… [ref=…] [dry-run=…]
            RELEASE tenant=… award=… amount=… date=… key=… [dry-run=…]
            RECOVER tenant=… award=… amount=… date=… key=… [restore=…] [dry-run=…]
            SETTLE tenant=… entry=… date=… key=… [ref=…] [dry-run=…]
            REVERSE tenant=… entry=… date=… key=… [dry-run=…]
            RETURN tenant=… entry=… date=… key=… [ref=…] [dry-run=…]
            TENANT.CREATE tenant=… [parent=…] name=…
            SCHEME.PUT tenant=… scheme=… version=… name=… subject-kind=… [rate=…] [rate-rule=…] [cap=…] [window=…] \
            [window-governs=…] [conditions=…] [payers=…] [authorities=…] [section=…]
            SCHEME.SET tenant=… scheme=… [rate=…] [cap=…]
            PARTY.PUT tenant=… party=… kind=… name=… [uscc=…] [group=…] [bank=…] [account=…]
            SUBJECT.OPEN tenant=… scheme=… subject=… party=… opened=… [correct=…]
            CONDITION.MEET tenant=… scheme=… subject=… condition=… date=… [evidence=…] [correct=…]
            PERIOD.CLOSE tenant=… through=…
            PRINCIPAL.CREATE principal=… role=… [tenant=…] [schemes=…]
            PRINCIPAL.ROTATE principal=…
            PRINCIPAL.REVOKE principal=…
            SEAL tenant=…
            REMAINING tenant=… scheme=… subject=… [on=…] [period=…] [amount=…]
            AWARD tenant=… award=…
            BUDGET tenant=… fund=… year=…
            ENTRY tenant=… [entry=…] [key=…]
            HISTORY tenant=… [award=…] [subject=…] [scheme=…] [party=…] [after=…] [limit=…]
            SCHEMES tenant=… [scheme=…] [subject=…] [party=…] [after=…] [limit=…]
            SUBJECTS tenant=… [scheme=…] [subject=…] [party=…] [after=…] [limit=…]
            AWARDS tenant=… [scheme=…] [subject=…] [party=…] [after=…] [limit=…]
            PARTIES tenant=… [scheme=…] [subject=…] [party=…] [after=…] [limit=…]
            PARTY tenant=… party=… [on=…]
            EXCESS tenant=… [scheme=…]
            OUTSTANDING tenant=… [on=…]
            SUMMARY tenant=… [on=…] [by=…]
            JOURNAL tenant=… [after=…] [limit=…] [wait=…]
            TRIAL.BALANCE tenant=… [on=…]
            CHECK tenant=…
            SEALS tenant=… [after=…] [limit=…]
            PRINCIPALS
            FUND.PUT tenant=… fund=… bank=… account=…
            STATEMENT.PUT tenant=… account=… statement=… [sequence=…] [currency=…] from=… to=… opening=… \
            closing=… [digest=…]
            STATEMENT.LINE tenant=… account=… statement=… line=… booked=… [value=…] amount=… [reference=…] \
            [end-to-end=…] [text=…] [counterparty=…] [counterparty-account=…] [batch=…] [transactions=…] \
            [returned=…] [returns=…]
            STATEMENT.CLOSE tenant=… account=… statement=…
            STATEMENTS tenant=… [account=…] [after=…] [limit=…]
            PAYMENT.ORDER tenant=… order=… fund=… until=…
            PAYMENTS tenant=… order=… [after=…] [limit=…]
            RECONCILE tenant=… [tolerance=…] [window=…] [grace=…] [dry-run=…]
            BREAKS tenant=… [kind=…] [older-than=…] [after=…] [limit=…]
            BREAK tenant=… break=…
            BREAK.ASSIGN tenant=… break=… owner=…
            BREAK.RESOLVE tenant=… break=… reason=… [match=…] [entry=…] [reopen=…]
            MATCHES tenant=… [after=…] [limit=…]
            MATCH.UNDO tenant=… match=… reason=…
            RECONCILIATION tenant=… [on=…]
            USE tenant=…
            MULTI
            EXEC
            DISCARD
            WHOAMI
            STATUS
            HELP [verb]
            PING [message]
            AUTH [principal] token
            HELLO [protocol] [credentials] [connection-name]
            ECHO message
            RESET
            SELECT database
            CLIENT subcommand [parameter]
            COMMAND [subcommand] [verb]
            INFO [section]
            CONFIG subcommand parameter
            QUIT
            """
        #expect(VerbTable.all.map(\.usage).joined(separator: "\n") == expected)
    }

    @Test func oneVerb() {
        let expected = #"""
            +{"verb":"SETTLE","kind":"posting",
            "summary":"Says that the bank has paid a disbursement, or that a recovery has come in.",
            "usage":"SETTLE tenant=… entry=… date=… key=… [ref=…] [dry-run=…]","arguments":[
            {"name":"tenant","required":true,"expects":"1 to 64 of A-Z a-z 0-9 . _ : / -",
            "meaning":"whose books; USE sets it for a connection"},
            {"name":"entry","required":true,"expects":"1 to 64 of A-Z a-z 0-9 . _ : / -",
            "meaning":"the disbursement or recovery"},
            {"name":"date","required":true,"expects":"a day that exists, as YYYY-MM-DD, from 1900 to 9999",
            "meaning":"the day that it is dated on"},
            {"name":"key","required":true,"expects":"1 to 64 of A-Z a-z 0-9 . _ : / -",
            "meaning":"unique within the tenant; the same again answers the first reply"},
            {"name":"ref","required":false,"expects":"at most 200 characters, none of them a control character",
            "meaning":"the bank's reference"},
            {"name":"dry-run","required":false,"expects":"yes or no",
            "meaning":"yes: answer what would be answered, and post nothing","default":"no"}],
            "example":"SETTLE tenant=lingang entry=E3-42 date=2023-09-03 key=s1 ref=ICBC-77"}
            """#
        #expect(encoded(.answered(HelpText.help(verb: .settle))) == expected.replacing("\n", with: "") + "\r\n")
    }

    @Test func allVerbs() throws {
        let json = try JSONText(encoded(.answered(HelpText.help(verb: nil))).dropFirst().dropLast())
        guard case .list(let verbs)? = json["verbs"] else { throw Unexpected(description: "\(json)") }
        #expect(verbs.count == Verb.allCases.count)
        #expect(verbs.first?["verb"] == .text("BASIS.SET"))
    }

    // MARK: The table itself

    @Test func everyVerbIsDescribedAsItself() {
        for verb in Verb.allCases {
            #expect(verb.spec.verb == verb)
            #expect(Verb(name: verb.rawValue.lowercased()) == verb)
            #expect(Set(verb.spec.arguments.map(\.name)).count == verb.spec.arguments.count)
            #expect(verb.spec.summary.hasSuffix("."))
        }
    }

    @Test func aKeyMakesAPosting() {
        for spec in VerbTable.all where spec.verb != .entry {
            let names = spec.arguments.map(\.name)
            #expect(names.contains("key") == (spec.kind == .posting), "\(spec.name)")
            #expect(names.contains("dry-run") == (spec.kind == .posting || spec.verb == .reconcile), "\(spec.name)")
        }
    }

    @Test func noErrorCodeMakesAClientRetryByItself() {
        let taken = ["MOVED", "ASK", "LOADING", "READONLY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "BUSY"]
        for code in RefusalCode.allCases { #expect(!taken.contains { code.name.hasPrefix($0) }) }
    }
}
