import LedgerCore
import LineProtocol
import Testing

/// What Redis clients send of themselves, and what they are answered.
@Suite struct RespTests {
    private let server = ServerFacts(version: "0.1.0", processID: 7, tcpPort: 7411, uptimeSeconds: 5)

    private func text(_ value: RespValue, _ version: RespVersion) -> String {
        var bytes: [UInt8] = []
        value.encode(version, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func decoded(_ bytes: some Collection<UInt8>, by size: Int = .max) throws -> [RespValue] {
        var decoder = ReplyDecoder()
        var found: [RespValue] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            decoder.append(rest.prefix(size))
            rest = rest.dropFirst(size)
            while let value = try decoder.next() { found.append(value) }
        }
        return found
    }

    @Test func everyTypeInBothVersions() {
        let values: [(RespValue, two: String, three: String)] = [
            (.simple("OK"), "+OK\r\n", "+OK\r\n"),
            (.simple("a\r\nb"), "+a  b\r\n", "+a  b\r\n"),
            (.error("NOPERM {}"), "-NOPERM {}\r\n", "-NOPERM {}\r\n"),
            (.integer(-5), ":-5\r\n", ":-5\r\n"),
            (.text("临\r\n"), "$5\r\n临\r\n\r\n", "$5\r\n临\r\n\r\n"),
            (.bulk([]), "$0\r\n\r\n", "$0\r\n\r\n"),
            (.null, "$-1\r\n", "_\r\n"),
            (.array([.ok, .array([])]), "*2\r\n+OK\r\n*0\r\n", "*2\r\n+OK\r\n*0\r\n"),
            (.set([.integer(1)]), "*1\r\n:1\r\n", "~1\r\n:1\r\n"),
            (.map([RespValue.Pair(.text("a"), .integer(1))]), "*2\r\n$1\r\na\r\n:1\r\n", "%1\r\n$1\r\na\r\n:1\r\n"),
            (.verbatim("hi"), "$2\r\nhi\r\n", "=6\r\ntxt:hi\r\n"),
        ]
        for (value, two, three) in values {
            #expect(text(value, .two) == two)
            #expect(text(value, .three) == three)
        }
    }

    @Test func helloIsAMapUnderThreeAndAFlatArrayUnderTwo() {
        var connection = ConnectionFacts(id: 3, version: .three, address: "127.0.0.1:5")
        let three = text(ClientReplies.hello(server, connection), .three)
        #expect(
            three.hasPrefix(
                "%7\r\n$6\r\nserver\r\n$11\r\ngrantledger\r\n$7\r\nversion\r\n$5\r\n0.1.0\r\n$5\r\nproto\r\n:3\r\n"))
        #expect(
            three.hasSuffix(
                "$2\r\nid\r\n:3\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n"
                    + "$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n"
            ))
        connection.version = .two
        #expect(text(ClientReplies.hello(server, connection), .two).hasPrefix("*14\r\n$6\r\nserver\r\n"))
    }

    @Test func clientsSpeakOfTheirConnection() {
        var connection = ConnectionFacts(id: 3, address: "unix")
        #expect(ClientReplies.client("GETNAME", [], &connection) == .null)
        #expect(ClientReplies.client("SETNAME", ["payroll"], &connection) == .ok)
        #expect(ClientReplies.client("GETNAME", [], &connection) == .text("payroll"))
        #expect(ClientReplies.client("ID", [], &connection) == .integer(3))
        #expect(ClientReplies.client("SETINFO", ["LIB-NAME", "redis-py"], &connection) == .ok)
        #expect(ClientReplies.client("INFO", [], &connection) == .verbatim("id=3 addr=unix name=payroll db=0 resp=2\n"))
        for (subcommand, words) in [
            ("KILL", ["x"]), ("TRACKING", ["ON"]), ("SETNAME", []), ("SETNAME", ["a b"]), ("", []),
        ] {
            guard case .error(let text) = ClientReplies.client(subcommand, words, &connection) else {
                Issue.record("\(subcommand)")
                continue
            }
            #expect(text.hasPrefix("INVALID_ARGUMENT {\"message\":"))
        }
        #expect(connection.name == "payroll")
        #expect(ClientReplies.client("SETNAME", [""], &connection) == .ok)
        #expect(connection.name == nil)
    }

    @Test func settings() {
        #expect(text(ClientReplies.configGet(["save"]), .two) == "*2\r\n$4\r\nsave\r\n$0\r\n\r\n")
        #expect(text(ClientReplies.configGet(["SAVE", "appendonly", "nothing"]), .three).hasPrefix("%2\r\n"))
        #expect(ClientReplies.configGet(["nothing"]) == .map([]))
        guard case .map(let all) = ClientReplies.configGet(["*"]) else { return #expect(Bool(false)) }
        #expect(all.count == 6)
    }

    @Test func commandDocsDescribeOurVerbs() throws {
        guard case .map(let all) = ClientReplies.commandDocs([]), case .array(let table) = ClientReplies.commandTable
        else {
            throw Unexpected(description: "no map")
        }
        #expect(all.count == Verb.allCases.count)
        #expect(table.count == Verb.allCases.count)
        #expect(
            ClientReplies.commandDocs(["Check", "nothing"])
                == .map([
                    RespValue.Pair(
                        .text("check"),
                        .map([
                            RespValue.Pair(
                                .text("summary"),
                                .text(
                                    "Recomputes every balance from the journal, walks the hash chain and names what"
                                        + " differs."
                                )),
                            RespValue.Pair(.text("since"), .text("1.0.0")),
                            RespValue.Pair(.text("group"), .text("query")),
                            RespValue.Pair(
                                .text("arguments"),
                                .array([
                                    .map([
                                        RespValue.Pair(.text("name"), .text("tenant=identifier")),
                                        RespValue.Pair(.text("type"), .text("string")),
                                        RespValue.Pair(.text("display_text"), .text("tenant=identifier")),
                                        RespValue.Pair(.text("flags"), .set([])),
                                    ])
                                ])),
                        ]))
                ]))
    }

    @Test func infoSaysThatNothingIsLoading() {
        guard case .verbatim(let info) = ClientReplies.info(server) else { return #expect(Bool(false)) }
        #expect(info.hasPrefix("# Server\r\nserver_name:grantledger\r\ngrantledger_version:0.1.0\r\n"))
        #expect(info.contains("\r\nloading:0\r\n"))
        #expect(info.hasSuffix("connected_slaves:0\r\n"))
        #expect(!info.contains("\n\n") && !info.replacing("\r\n", with: "").contains("\n"))
    }

    @Test func aPing() {
        #expect(ClientReplies.ping(nil) == .simple("PONG"))
        #expect(ClientReplies.ping("a") == .text("a"))
    }

    // MARK: Reading replies

    @Test func repliesComeBackAsTheyWereWrittenHoweverTheyAreCut() throws {
        var connection = ConnectionFacts(id: 1, version: .three, address: "x")
        let values: [RespValue] = [
            .pong, .error("NOAUTH {}"), .integer(.max), .null, .bulk([0xFF, 0x0D, 0x0A]), .array([]), .map([]),
            .array([.array([.array([.ok]), .null]), .set([.integer(1), .integer(2)])]), .verbatim("a\r\nb"),
            ClientReplies.hello(server, connection), ClientReplies.client("INFO", [], &connection),
            ClientReplies.commandDocs(["check"]), .map([RespValue.Pair(.ok, .map([RespValue.Pair(.null, .ok)]))]), .ok,
        ]
        var bytes: [UInt8] = []
        for value in values { value.encode(.three, into: &bytes) }
        for size in [Int.max, 1, 2, 3, 7] { #expect(try decoded(bytes, by: size) == values) }
    }

    @Test(
        arguments: [
            "x\r\n", "\r\n", "+OK\n", ":x\r\n", "$-2\r\n", "*-2\r\n", "$1\r\nabc", "*99999999999999999999\r\n", ":\r\n",
            "*9223372036854775807\r\n", "%9223372036854775807\r\n", "$9223372036854775807\r\n",
            String(repeating: "*1\r\n", count: 40),
        ])
    func whatIsNotRESPIsAnError(bytes: String) {
        #expect(throws: ReplyError.self) { _ = try decoded(Array(bytes.utf8)) }
    }

    @Test func aHugeCountAllocatesNothing() throws {
        #expect(try decoded(Array("*999999999999\r\n$999999999999\r\nabc".utf8)).isEmpty)
        #expect(try decoded(Array("%999999999999\r\n+a\r\n".utf8)).isEmpty)
    }

    @Test func redisCliAsItOpensAConversation() {
        // redis-cli 7 with RESP3, redis-py and the end of redis-cli --pipe.
        let magic: [UInt8] = (0..<20).map { $0 &* 13 &+ 0xF0 }
        let stream =
            resp(["HELLO", "3"]) + resp(["COMMAND", "DOCS"]) + resp(["CLIENT", "SETINFO", "LIB-NAME", "redis-py"])
            + resp(["SELECT", "0"]) + resp(["PING"]) + resp(["REMAINING", "tenant=lingang", "scheme=s", "subject=P 1"])
            + Array("\r\n*2\r\n$4\r\nECHO\r\n$20\r\n".utf8) + magic + Array("\r\n".utf8)
        let parsed = decode(stream, by: 5).map { found -> Result<ParsedRequest, Refusal> in
            switch found {
            case .request(let request): RequestParser.parse(request, tenant: nil)
            case .malformed(let refusal, _): .failure(refusal)
            }
        }
        #expect(
            parsed.dropLast(2) == [
                .success(.session(.hello(version: 3, credentials: nil, name: nil))),
                .success(.session(.commandDocs([]))),
                .success(.session(.client("SETINFO", ["LIB-NAME", "redis-py"]))), .success(.session(.select("0"))),
                .success(.session(.ping(nil))),
            ])
        #expect(parsed.dropLast().last?.refusal?.argument == "subject")
        #expect(parsed.last == .success(.session(.echo(magic))))
    }
}
