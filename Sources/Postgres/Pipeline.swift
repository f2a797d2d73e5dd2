import CLibPQ

extension Connection {
    /// Runs one statement.
    package mutating func query(
        _ sql: String, _ parameters: [Parameter] = []
    ) throws(PostgresError) -> Rows {
        let rows = try pipeline([Statement(sql, parameters)])
        return rows[0]
    }

    /// Runs statements in order in one round trip, and answers the rows of each.
    ///
    /// Statements outside of BEGIN and COMMIT are one transaction. The first that fails is thrown, with its
    /// `statementIndex`; none after it runs, also no COMMIT: call `rollback()` before the connection is used again.
    ///
    /// `onNotice` is called with the SQLSTATE of what the server says meanwhile, by RAISE NOTICE and its like.
    package mutating func pipeline(
        _ statements: [Statement], onNotice: ((String) -> Void)? = nil
    ) throws(PostgresError) -> [Rows] {
        guard !statements.isEmpty else { return [] }
        let parameters = try EncodedParameters(statements)
        try requireUsable()
        guard PQenterPipelineMode(pointer) == 1 else { throw lost() }
        notices.hear = onNotice
        defer {
            notices.hear = nil
            cache.endPipeline()
        }
        let steps = try send(statements, parameters)
        return try receive(steps, of: statements)
    }

    /// What the server answers one by one. A pipeline's last answer, that of the sync, is none of these.
    private enum Step {
        case prepare(statement: Int, StatementCache.Entry)
        case run(statement: Int)

        var statement: Int {
            switch self {
            case .prepare(let statement, _), .run(let statement): statement
            }
        }
    }

    /// Hands all statements to libpq, which keeps what the socket does not take.
    private mutating func send(
        _ statements: [Statement], _ parameters: EncodedParameters
    ) throws(PostgresError) -> [Step] {
        let pointer = pointer
        let binaryResults: Int32 = 1
        var steps: [Step] = []
        steps.reserveCapacity(statements.count)
        let isSent = parameters.withPointers { pointersOfStatement in
            for (index, statement) in statements.enumerated() {
                let values = pointersOfStatement(index)
                let types = parameters.types(of: index)
                let plan = statement.isPrepared ? cache.plan(statement.sql, types: types) : .sendWhole
                switch plan {
                case .run(let entry):
                    guard
                        PQsendQueryPrepared(
                            pointer, entry.name, values.count, values.values, values.lengths, values.formats,
                            binaryResults) == 1
                    else { return false }
                case .prepare(let entry):
                    guard
                        PQsendPrepare(pointer, entry.name, statement.sql, values.count, entry.types) == 1,
                        PQsendQueryPrepared(
                            pointer, entry.name, values.count, values.values, values.lengths, values.formats,
                            binaryResults) == 1
                    else { return false }
                    steps.append(.prepare(statement: index, entry))
                case .sendWhole:
                    guard
                        PQsendQueryParams(
                            pointer, statement.sql, values.count, Array(types), values.values, values.lengths,
                            values.formats, binaryResults) == 1
                    else { return false }
                }
                steps.append(.run(statement: index))
            }
            return PQpipelineSync(pointer) == 1
        }
        // Without its sync the server takes back what it has of the pipeline, once the connection is closed.
        guard isSent else { throw lost() }
        return steps
    }

    /// Reads all answers, so that the connection can be used again also after an error, and leaves pipeline mode.
    private mutating func receive(
        _ steps: [Step], of statements: [Statement]
    ) throws(PostgresError) -> [Rows] {
        var rows: [Rows] = []
        rows.reserveCapacity(statements.count)
        var firstError: PostgresError?
        var position = 0
        reading: while true {
            guard let result = nextResult() else {
                // The end of a step. More ends than steps: the sync will not come any more.
                position += 1
                guard position <= steps.count, PQstatus(pointer) == CONNECTION_OK else { throw firstError ?? lost() }
                continue
            }
            switch result.status {
            case PGRES_PIPELINE_SYNC:
                break reading
            case PGRES_PIPELINE_ABORTED:
                continue
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                guard position < steps.count else { throw giveUp("the server answers more than was asked") }
                switch steps[position] {
                case .prepare(let statement, let entry): cache.confirm(statements[statement].sql, entry)
                case .run: rows.append(Rows(result))
                }
            default:
                guard var error = failure(of: result) else { throw giveUp("COPY is not for pipelines; use copyIn") }
                if position < steps.count {
                    error.statementIndex = steps[position].statement
                    forgetIfStale(statements[steps[position].statement].sql, error)
                }
                if firstError == nil { firstError = error }
                if error.isConnectionLost { throw firstError ?? error }
            }
        }
        guard PQexitPipelineMode(pointer) == 1 else { throw firstError ?? lost() }
        if let firstError { throw firstError }
        guard rows.count == statements.count else { throw giveUp("the server answers less than was asked") }
        return rows
    }

    /// After DEALLOCATE (26000), and where a changed table gave a statement another row type (0A000), the next use must
    /// prepare it again.
    private mutating func forgetIfStale(_ sql: String, _ error: PostgresError) {
        if error.sqlstate == "26000" || error.sqlstate == "0A000" { cache.forget(sql) }
    }
}
