import LedgerCore
import LedgerServer
import LineProtocol
import Testing

@Suite struct SessionTests {
    private static func session(_ limits: Limits = Limits()) -> Session {
        Session(
            ConnectionFacts(id: 7, address: "test"), native: .local, principals: Principals(),
            server: { ServerFacts(version: "1", processID: 1, tcpPort: nil, uptimeSeconds: 0) }, limits: limits)
    }

    /// What the session answers to each line: a code, a RESP value, or the name of what is to be done.
    private static func dialogue(_ lines: [String], limits: Limits = Limits()) -> [String] {
        var session = session(limits)
        var decoder = RequestDecoder()
        decoder.append((lines.joined(separator: "\n") + "\n").utf8)
        var answers: [String] = []
        while let decoded = decoder.next() {
            switch session.read(decoded) {
            case .step(let step): answers.append(name(step))
            case .request(let request): answers.append(name(session.take(request)))
            }
        }
        return answers
    }

    private static func name(_ step: Session.Step) -> String {
        switch step {
        case .reply(let reply): name(reply)
        case .use(let tenant): "use \(tenant)"
        case .status: "status"
        case .post(let envelope): "post \(envelope.command.tenant) by \(envelope.principal)"
        case .ask(_, nil): "ask"
        case .ask(_, let wait?): "ask and wait \(wait)"
        case .bank(let request): "bank \(request.tenant) by \(request.principal)"
        case .exec(let voucher): "exec \(voucher.parts.count)"
        case .authenticate(let credentials, _): "authenticate \(credentials.principal ?? "somebody")"
        case .create(let principal): "create \(principal.name)"
        case .rotate(let principal): "rotate \(principal)"
        case .revoke(let principal): "revoke \(principal)"
        case .principals: "principals"
        case .seal(let tenant): "seal \(tenant)"
        case .close(let reply): "close \(name(reply))"
        }
    }

    private static func name(_ reply: Reply) -> String {
        switch reply {
        case .outcome(.refused(let refusal)): return refusal.code.name
        case .outcome(.answered(let fields)): return fields.first?.name ?? ""
        case .outcome(.posted): return "posted"
        case .verdict(.aborted(let index, let refusal)): return "aborted at \(index): \(refusal.code.name)"
        case .verdict(.all(let outcomes)): return "all \(outcomes.count)"
        case .verdict(.one): return "one"
        case .verdict(.unfinished): return "unfinished"
        case .written(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .value(.simple(let text), _): return text
        case .value(let value, let version):
            var bytes: [UInt8] = []
            value.encode(version, into: &bytes)
            return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        }
    }

    private static let post = "DISBURSE tenant=lingang award=A amount=1 date=2024-01-01 key=k"
    private static let ask = "AWARD tenant=lingang award=A"

    static let dialogues: [([String], [String])] = [
        (["PING", "PING hello", "ECHO hello"], ["PONG", "$5", "$5"]),
        (
            ["USE tenant=lingang", "STATUS", "WHOAMI", "HELP", "QUIT"],
            ["use lingang", "status", "principal", "usage", "close OK"]
        ),
        ([post, ask], ["post lingang by operator", "ask"]),
        (["JOURNAL tenant=lingang wait=30s", "JOURNAL tenant=lingang"], ["ask and wait 30.0 seconds", "ask"]),
        (["AWARD award=A"], ["MISSING_ARGUMENT"]),
        // Nobody is known by a token yet.
        (
            ["AUTH secret", "AUTH alice secret", "HELLO 3 AUTH alice secret", "HELLO 2"],
            ["authenticate somebody", "authenticate alice", "authenticate alice", "*14"]
        ),
        (["HELLO 3", "CLIENT GETNAME", "RESET", "CLIENT GETNAME"], ["%7", "_", "RESET", "$-1"]),
        (
            ["PRINCIPAL.CREATE principal=a role=finance", "PRINCIPAL.REVOKE principal=a"],
            ["create a", "revoke a"]
        ),
        (["SELECT 0", "SELECT 1", "CLIENT ID", "CONFIG GET save"], ["OK", "INVALID_ARGUMENT", ":7", "*2"]),
        // Vouchers.
        (["MULTI", post, ask, "EXEC"], ["OK", "QUEUED", "QUEUED", "exec 2"]),
        (["MULTI", "EXEC"], ["OK", "all 0"]),
        (["MULTI", post, "DISCARD", "EXEC"], ["OK", "QUEUED", "OK", "BAD_REQUEST"]),
        (["EXEC", "DISCARD"], ["BAD_REQUEST", "BAD_REQUEST"]),
        (["MULTI", post, "MULTI", "EXEC"], ["OK", "QUEUED", "BAD_REQUEST", "aborted at 1: BAD_REQUEST"]),
        (
            ["MULTI", post, "COMMIT", "NONSENSE", "EXEC", "EXEC"],
            ["OK", "QUEUED", "MISSING_ARGUMENT", "UNKNOWN_COMMAND", "aborted at 1: MISSING_ARGUMENT", "BAD_REQUEST"]
        ),
        (
            ["MULTI", "\"", "EXEC", post],
            ["OK", "BAD_REQUEST", "aborted at 0: BAD_REQUEST", "post lingang by operator"]
        ),
        (["MULTI", "PING", "EXEC"], ["OK", "BAD_REQUEST", "aborted at 0: BAD_REQUEST"]),
        (["MULTI", post, "RESET", "EXEC"], ["OK", "QUEUED", "RESET", "BAD_REQUEST"]),
        (["MULTI", post, "QUIT"], ["OK", "QUEUED", "close OK"]),
        (["GET / HTTP/1.1"], ["close BAD_REQUEST"]),
    ]

    @Test(arguments: dialogues)
    func answers(lines: [String], expected: [String]) {
        #expect(Self.dialogue(lines) == expected)
    }

    @Test func aVoucherHasALongestLength() {
        var limits = Limits()
        limits.voucherLength = 3
        let lines = ["MULTI"] + Array(repeating: Self.post, count: 4) + ["EXEC", "MULTI", Self.post, "EXEC"]
        #expect(
            Self.dialogue(lines, limits: limits) == [
                "OK", "QUEUED", "QUEUED", "QUEUED", "TOO_LARGE", "aborted at 3: TOO_LARGE", "OK", "QUEUED", "exec 1",
            ])
    }

    @Test func aJournalWaitsNoLongerThanTheLimit() {
        var limits = Limits()
        limits.longestWait = .seconds(5)
        #expect(Self.dialogue(["JOURNAL tenant=a wait=30s"], limits: limits) == ["ask and wait 5.0 seconds"])
    }
}
