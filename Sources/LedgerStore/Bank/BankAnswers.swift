package import LedgerCore
import Postgres

// The bank's side, for which one row of each tenant is locked: two daemons never match the same money.

extension LedgerWriter {
    /// Answers requests of one root's tenants in order, with one commit. Each may be sent again and then changes
    /// nothing, so that a lost commit is simply done again.
    package mutating func answer(
        _ requests: [BankRequest], root: Int32, at now: Moment
    ) throws(StoreError) -> [Verdict] {
        try retrying { (writer: inout LedgerWriter) throws(Failure) in
            do throws(PostgresError) {
                return try writer.answerOnce(requests, root: root, at: now)
            } catch {
                throw .database(error)
            }
        }
    }

    private mutating func answerOnce(
        _ requests: [BankRequest], root: Int32, at now: Moment
    ) throws(PostgresError) -> [Verdict] {
        try transaction.connection.execute(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = '600s'; "
                + "SET LOCAL idle_in_transaction_session_timeout = '600s'; \(Session.bySize)")
        var verdicts: [Verdict] = []
        var rest = requests[...]
        while let request = rest.first {
            let run = rest.prefix { $0.isLine(ofSameStatementAs: request) }
            rest = rest.dropFirst(max(1, run.count))
            guard let desk = try Desk(request, root: root, at: now, on: &transaction.connection) else {
                verdicts += Array(
                    repeating: .one(.refused(.unknownTenant(request.tenant))), count: max(1, run.count))
                continue
            }
            if run.isEmpty {
                verdicts.append(try desk.answer(request, on: &transaction.connection))
            } else {
                verdicts += try desk.addLines(run.compactMap(\.action.line), on: &transaction.connection)
            }
        }
        try transaction.connection.execute("COMMIT")
        return verdicts
    }
}

extension BankRequest {
    fileprivate func isLine(ofSameStatementAs other: BankRequest) -> Bool {
        guard tenant == other.tenant, principal == other.principal, let line = action.line,
            let otherLine = other.action.line
        else { return false }
        return line.account == otherLine.account && line.statement == otherLine.statement
    }
}

extension BankAction {
    fileprivate var line: (account: String, statement: String, entry: StatementEntry)? {
        if case .putLine(let account, let statement, let entry) = self { (account, statement, entry) } else { nil }
    }
}

/// A tenant's bank side, with its row locked.
struct Desk {
    let root: Int32
    let tenant: Int32
    let id: String
    /// Whom histories name.
    let by: String
    let now: Moment

    /// nil where the root has no such tenant.
    init?(
        _ request: BankRequest, root: Int32, at now: Moment, on connection: inout Connection
    ) throws(PostgresError) {
        let found = try connection.query(
            "SELECT number FROM tenants WHERE root = $1 AND id = $2", [.int4(root), .text(request.tenant)])
        guard found.count == 1 else { return nil }
        self.root = root
        tenant = try found.int4(0, 0)
        id = request.tenant
        by = request.principal
        self.now = now
        _ = try query("INSERT INTO bank_heads (root, tenant) VALUES ($1, $2) ON CONFLICT DO NOTHING", on: &connection)
        _ = try query("SELECT FROM bank_heads WHERE root = $1 AND tenant = $2 FOR UPDATE", on: &connection)
    }

    func answer(_ request: BankRequest, on connection: inout Connection) throws(PostgresError) -> Verdict {
        switch request.action {
        case .putFund(let fund, let bank, let account):
            .one(try putFund(fund, bank: bank, account: account, on: &connection))
        case .putStatement(let head): .one(try putStatement(head, on: &connection))
        case .putLine(let account, let statement, let entry):
            try addLines([(account, statement, entry)], on: &connection)[0]
        case .closeStatement(let account, let statement):
            .one(try closeStatement(account, statement, on: &connection))
        case .statements(let account, let page): .one(try statements(of: account, page, on: &connection))
        case .orderPayments(let order, let fund, let until):
            .one(try orderPayments(order, fund: fund, until: until, on: &connection))
        case .payments(let order, let page): .one(try payments(of: order, page, on: &connection))
        case .reconcile(let terms, let isDryRun):
            try reconcile(terms, isDryRun: isDryRun, request.progress, on: &connection)
        case .breaks(let filter, let page): .one(try breaks(filter, page, on: &connection))
        case .breakHistory(let number): .one(try history(of: number, on: &connection))
        case .assignBreak(let number, let owner): .one(try assign(number, to: owner, on: &connection))
        case .resolveBreak(let number, let resolution, let reason):
            try resolve(number, resolution, reason, request.progress, on: &connection)
        case .matches(let page): .one(try matches(page, on: &connection))
        case .undoMatch(let number, let reason):
            try undo(number, reason, request.progress, on: &connection)
        case .reconciliation(let on): .one(try reconciliation(asOf: on, on: &connection))
        }
    }

    // MARK: Parts

    /// A statement whose `$1` is the root and whose `$2` is the tenant.
    @discardableResult
    func query(
        _ sql: String, _ parameters: [Parameter] = [], on connection: inout Connection
    ) throws(PostgresError) -> Rows {
        try connection.query(sql, [.int4(root), .int4(tenant)] + parameters)
    }

    /// The first of `count` new numbers.
    func number(_ counter: String, _ count: Int = 1, on connection: inout Connection) throws(PostgresError) -> Int64 {
        try query(
            """
            UPDATE bank_heads SET \(counter) = \(counter) + $3 WHERE root = $1 AND tenant = $2
            RETURNING \(counter) - $3
            """, [.int8(Int64(count))], on: &connection
        ).int8(0, 0)
    }

    /// To be called after rows were written in one go: a planner that takes a long table for an empty one joins it row
    /// by row.
    func noteRows(_ count: Int64, on connection: inout Connection) throws(PostgresError) {
        guard count >= Desk.manyRows else { return }
        try connection.execute("SELECT gather_bank_statistics()")
    }

    private static let manyRows: Int64 = 500

    func name(_ entry: Int64) -> String { SequenceName(tenant: tenant, sequence: entry).text }

    func missing(_ argument: String, _ value: String, _ advice: String) -> Outcome {
        .refused(
            Refusal(
                .notFound, "\(id) has no \(argument) \"\(value)\": \(advice)", [Field("argument", .text(argument))]))
    }

    func standing(_ argument: String, _ message: String) -> Outcome {
        .refused(Refusal(.exists, message, [Field("argument", .text(argument))]))
    }
}

extension Rows {
    /// A count and a sum, as an object; the sum as text of fen.
    func tally(_ row: Int, _ column: Int) throws(PostgresError) -> JSONValue {
        .object([
            Field("count", .number(try int8(row, column))), Field("sum", try total(row, column + 1).shown),
        ])
    }
}
