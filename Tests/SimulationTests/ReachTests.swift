import Foundation
import Testing

/// The random commands that core and model are compared with are worth something only where they get everywhere: each verb,
/// each refusal and each window is reached a hundred times in 100,000 commands.
///
/// The same seed and the same number of commands as in ``ModelAgreementTests``. By hand:
/// `GRANTLEDGER_SEED=7 GRANTLEDGER_COMMANDS=100000 swift test --filter ReachTests`.
struct ReachTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["GRANTLEDGER_SEED"].flatMap(UInt64.init) ?? 20_261_123
    private static let commands = environment["GRANTLEDGER_COMMANDS"].flatMap(Int.init) ?? 100_000
    private static let world = 500

    @Test func theCommandsGetEverywhere() {
        var reach = Reach()
        for start in stride(from: 0, to: Self.commands, by: Self.world) {
            var generator = CommandGenerator(seed: Self.seed &+ UInt64(start))
            for _ in 0..<Self.world {
                let request = generator.next()
                reach.count(request, generator.reply, generator.books)
            }
        }
        print("seed \(Self.seed), \(Self.commands) commands\n\(reach.table)")
        #expect(reach.places(below: Self.commands / 1_000) == [])
    }
}

/// How often each place was reached: `COMMIT` is an accepted COMMIT, `CAP_EXCEEDED` a refusal, `COMMIT under rolling, cost` a
/// commitment under such a window.
struct Reach {
    private var counts: [String: Int] = [:]

    static let codes = [
        "MISSING_ARGUMENT", "INVALID_ARGUMENT", "TOO_LARGE", "KEY_CONFLICT", "NOT_FOUND", "EXISTS", "ALREADY_REVERSED",
        "ALREADY_SETTLED", "NOT_A_PAYER", "PERIOD_CLOSED", "CONDITION_UNMET", "PARAMETER_UNSET", "WINDOW_CLOSED",
        "AWARD_EXCEEDED", "CAP_EXCEEDED", "RATE_MISMATCH", "BUDGET_EXCEEDED", "EXECABORT",
    ]
    private static let windows = ["none", "PnM", "PnY", "calendar-year", "rolling"].flatMap { window in
        ["payment", "cost"].map { "COMMIT under \(window), \($0)" }
    }
    private static let reversible = [
        "APPROPRIATE", "CARRY", "COMMIT", "RESCHEDULE", "DISBURSE", "RELEASE", "RECOVER", "SETTLE",
    ]
    private static let registrations = [
        "TENANT.CREATE", "SCHEME.PUT", "SCHEME.SET", "PARTY.PUT", "SUBJECT.OPEN", "CONDITION.MEET", "PERIOD.CLOSE",
    ]
    private static let manners = [
        "COMMIT fit=room", "COMMIT schedule", "COMMIT party", "COMMIT on a group", "COMMIT at an exact rate",
        "COMMIT under own parameters", "COMMIT by several payers", "APPROPRIATE change=cut", "RECOVER restore=no",
        "HISTORY party", "REMAINING on", "dry run", "replay", "total TOO_LARGE", "registration in a group",
        "query in a group",
    ]
    static let places =
        ModelGrammar.verbs.keys.sorted() + ["EXEC"] + codes + windows + reversible.map { "REVERSE of \($0)" } + manners

    mutating func count(_ request: ModelRequest, _ reply: ModelReply, _ books: ReferenceBooks) {
        switch reply {
        case .group(let replies):
            reach("EXEC")
            for (member, reply) in zip(request.group, replies) {
                count(member, reply, books)
                guard !ModelGrammar.postingVerbs.contains(member.verb) else { continue }
                reach(Reach.registrations.contains(member.verb) ? "registration in a group" : "query in a group")
            }
        case .refused(let code, _):
            reach(code)
            if code == "TOO_LARGE", (try? ModelGrammar.read(request)) != nil { reach("total TOO_LARGE") }
        case .accepted(let fields):
            guard let arguments = try? ModelGrammar.read(request) else { return }
            countAccepted(arguments, fields, books)
        }
    }

    private mutating func countAccepted(
        _ arguments: ModelArguments, _ fields: [String: ModelJSON], _ books: ReferenceBooks
    ) {
        let verb = arguments.verb
        let isReplay = fields["replayed"] != nil
        if isReplay { reach("replay") }
        if arguments.isDryRun { reach("dry run") }
        guard !isReplay, !arguments.isDryRun else { return }
        reach(verb)
        switch verb {
        case "COMMIT": countCommitment(arguments, books)
        case "REVERSE":
            let entry = books.entry(key: ModelKeyRef(tenant: arguments.tenant, key: arguments.key))
            if let target = entry?.target { reach("REVERSE of \(books.entries[target].verb)") }
        case "APPROPRIATE" where arguments.text("change") == "cut": reach("APPROPRIATE change=cut")
        case "RECOVER" where arguments.text("restore") == "no": reach("RECOVER restore=no")
        case "HISTORY" where arguments.has("party"): reach("HISTORY party")
        case "REMAINING" where arguments.has("on"): reach("REMAINING on")
        default: break
        }
    }

    private mutating func countCommitment(_ arguments: ModelArguments, _ books: ReferenceBooks) {
        guard let (ref, subject) = try? books.findSubject(arguments) else { return }
        let scheme = subject.scheme
        let window =
            switch scheme.window {
            case .none: "none"
            case .months(let months): months % 12 == 0 ? "PnY" : "PnM"
            case .calendarYear: "calendar-year"
            case .rolling: "rolling"
            }
        reach("COMMIT under \(window), \(scheme.governsCost ? "cost" : "payment")")
        if arguments.text("fit") == "room" { reach("COMMIT fit=room") }
        if arguments.has("schedule") { reach("COMMIT schedule") }
        if arguments.has("party") { reach("COMMIT party") }
        if scheme.isOfGroups { reach("COMMIT on a group") }
        if scheme.isExact { reach("COMMIT at an exact rate") }
        if scheme.capsEachPayer { reach("COMMIT under own parameters") }
        let payers = Set(books.entries(subject: ref).filter { $0.verb == "COMMIT" }.map(\.tenant))
        if payers.count > 1 { reach("COMMIT by several payers") }
    }

    private mutating func reach(_ place: String) { counts[place, default: 0] += 1 }

    /// Those that were reached less often, with how often.
    func places(below least: Int) -> [String] {
        Reach.places.filter { counts[$0, default: 0] < least }.map { "\($0): \(counts[$0, default: 0])" }
    }

    var table: String {
        Reach.places.map { "\(String(counts[$0, default: 0]).leftPadded(to: 7))  \($0)" }.joined(separator: "\n")
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
