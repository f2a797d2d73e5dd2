import Postgres
import Testing

struct PipelineTests {
    @Test func answersComeInOrder() throws {
        var connection = try TestDatabase.connect()
        let statements = (0..<300).map { Statement("SELECT $1", [.int4($0)]) }
        let answers = try connection.pipeline(statements)
        #expect(try answers.map { rows throws(PostgresError) in try rows.int4(0, 0) } == Array(0..<300))
        #expect(try connection.pipeline([]).isEmpty)
    }

    @Test func transactionMayStandInside() throws {
        var connection = try TestDatabase.connect()
        try connection.execute("CREATE TEMP TABLE t (n int8)")
        let answers = try connection.pipeline([
            Statement("BEGIN"),
            Statement("SET LOCAL application_name = 'within'", isPrepared: false),
            Statement("INSERT INTO t SELECT unnest($1)", [.int8s([1, 2, 3])]),
            Statement("SELECT current_setting('application_name'), sum(n)::int8 FROM t"),
            Statement("COMMIT"),
        ])
        #expect(answers.count == 5)
        #expect(answers[2].affectedCount == 3)
        #expect(try answers[3].text(0, 0) == "within")
        #expect(try answers[3].int8(0, 1) == 6)
        #expect(connection.transactionStatus == .idle)
        #expect(try connection.query("SELECT current_setting('application_name')").text(0, 0) == "grantledger")
    }

    @Test func errorInTheMiddleLeavesTheConnectionUsable() throws {
        var connection = try TestDatabase.connect()
        try connection.execute("CREATE TEMP TABLE t (n int8 CONSTRAINT positive CHECK (n > 0))")
        for _ in 0..<3 {
            let error = failure { () throws(PostgresError) in
                _ = try connection.pipeline([
                    Statement("BEGIN"),
                    Statement("INSERT INTO t VALUES ($1)", [.int8(1)]),
                    Statement("INSERT INTO t VALUES ($1)", [.int8(-1)]),
                    Statement("INSERT INTO t VALUES ($1)", [.int8(-2)]),
                    Statement("COMMIT"),
                ])
            }
            #expect(error?.sqlstate == "23514")
            #expect(error?.constraint == "positive")
            #expect(error?.statementIndex == 2)
            #expect(error?.isConnectionLost == false)
            #expect(connection.isUsable == true)
            #expect(connection.transactionStatus == .failed)
            try connection.rollback()
            #expect(connection.transactionStatus == .idle)
            #expect(try connection.query("SELECT count(*) FROM t").int8(0, 0) == 0)
        }
    }

    @Test func pipelineWithoutBeginIsOneTransaction() throws {
        var connection = try TestDatabase.connect()
        try connection.execute("CREATE TEMP TABLE t (n int)")
        let error = failure { () throws(PostgresError) in
            _ = try connection.pipeline([Statement("INSERT INTO t VALUES (1)"), Statement("SELECT 1 / 0")])
        }
        #expect(error?.sqlstate == "22012")
        #expect(error?.statementIndex == 1)
        #expect(connection.transactionStatus == .idle)
        #expect(try connection.query("SELECT count(*) FROM t").int8(0, 0) == 0)
    }

    @Test func preparesOnceAndAgainAfterAnAbortBeforeIt() throws {
        var connection = try TestDatabase.connect()
        let broken = Statement("SELECT 1 / $1", [.int4(0)])
        let fresh = Statement("SELECT $1 + 1", [.int4(41)])
        for _ in 0..<2 {
            let error = failure { () throws(PostgresError) in
                _ = try connection.pipeline([Statement("BEGIN"), broken, fresh, fresh])
            }
            #expect(error?.statementIndex == 1)
            try connection.rollback()
        }
        // `broken` took effect before the abort and is kept; `fresh` did not, and so must be prepared now.
        #expect(try prepared(&connection) == ["BEGIN", broken.sql])
        for _ in 0..<2 {
            let answers = try connection.pipeline([fresh, fresh])
            #expect(try answers.map { rows throws(PostgresError) in try rows.int4(0, 0) } == [42, 42])
        }
        #expect(try prepared(&connection) == ["BEGIN", broken.sql, fresh.sql])
    }

    /// What the server has prepared, in order.
    private func prepared(_ connection: inout Connection) throws -> [String] {
        let sql = "SELECT statement FROM pg_prepared_statements ORDER BY substr(name, 2)::int"
        let rows = try connection.pipeline([Statement(sql, isPrepared: false)])[0]
        return try (0..<rows.count).map { row throws(PostgresError) in try rows.text(row, 0) }
    }

    @Test func nullFirstDoesNotFixTheTypeOfLaterValues() throws {
        var connection = try TestDatabase.connect()
        try connection.execute("CREATE TEMP TABLE t (n int4)")
        let insert = "INSERT INTO t VALUES ($1)"
        let parameters: [Parameter] = [.null, .int8(5), .null, .int8(6), .int4(7)]
        _ = try connection.pipeline(parameters.map { Statement(insert, [$0]) })
        for parameter in parameters { _ = try connection.query(insert, [parameter]) }
        let rows = try connection.query("SELECT count(*), sum(n) FROM t")
        #expect(try rows.int8(0, 0) == 10)
        #expect(try rows.int8(0, 1) == 36)
    }

    @Test func changedTableAndDeallocateCostOneError() throws {
        var connection = try TestDatabase.connect()
        try connection.execute("CREATE TEMP TABLE t (n int4); INSERT INTO t VALUES (1)")
        let select = "SELECT * FROM t"
        #expect(try connection.query(select).columnCount == 1)
        try connection.execute("ALTER TABLE t ADD COLUMN m int8")
        let stale = failure { () throws(PostgresError) in _ = try connection.query(select) }
        #expect(stale?.sqlstate == "0A000")
        #expect(try connection.query(select).columnCount == 2)
        try connection.execute("DEALLOCATE ALL")
        let gone = failure { () throws(PostgresError) in _ = try connection.query(select) }
        #expect(gone?.sqlstate == "26000")
        #expect(try connection.query(select).columnCount == 2)
    }

    /// More than both socket buffers hold, in both directions at once.
    @Test(.timeLimit(.minutes(2))) func largeValuesBothWaysDoNotDeadlock() throws {
        var connection = try TestDatabase.connect()
        let value = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let answers = try connection.pipeline((0..<6).map { _ in Statement("SELECT $1, $1", [.bytea(value)]) })
        for rows in answers {
            #expect(try rows.bytes(0, 0) == value)
            #expect(try rows.bytes(0, 1) == value)
        }
        #expect(try connection.query("SELECT 1").int4(0, 0) == 1)
    }

    @Test func copyInAPipelineIsGivenUp() throws {
        var connection = try TestDatabase.connect()
        let error = failure { () throws(PostgresError) in
            _ = try connection.pipeline([
                Statement("CREATE TEMP TABLE t (n int)"), Statement("COPY t FROM STDIN"), Statement("SELECT 1"),
            ])
        }
        #expect(error != nil)
        #expect(connection.isUsable == false)
    }

    @Test func noticesAreHeardWhileTheyMatter() throws {
        var connection = try TestDatabase.connect()
        var heard: [String] = []
        let saying = Statement("DO $$ BEGIN RAISE INFO 'locked' USING ERRCODE = 'GL100'; END $$", isPrepared: false)
        _ = try connection.pipeline([saying, Statement("SELECT 1")]) { heard.append($0) }
        #expect(heard == ["GL100"])
        _ = try connection.pipeline([saying])
        #expect(heard == ["GL100"])
    }

    @Test func rowsOfACompositeTypeTravelAsTheyAre() throws {
        var connection = try TestDatabase.connect()
        try connection.execute("CREATE TYPE pg_temp.sample AS (a int8, b text, c int8[], d date, e bytea, f int4)")
        let type = try connection.query("SELECT 'pg_temp.sample'::regtype::oid::int8").int8(0, 0)
        var rows = RowArray(of: UInt32(type))
        for number in Int64(1)...2 {
            rows.beginRow(columns: 6)
            rows.add(number == 1 ? number : nil)
            rows.add("größer")
            rows.add(int8s: number == 1 ? [7, -8] : [])
            rows.add(day: number == 1 ? nil : 0)
            rows.add([0, 255])
            rows.add(Int32(number))
            rows.endRow()
        }
        let found = try connection.query(
            "SELECT a, b, c, d::text, e, f FROM unnest($1::pg_temp.sample[]) ORDER BY f", [.rows(rows)])
        #expect(found.count == 2)
        #expect(try found.int8(0, 0) == 1 && found.optionalInt8(1, 0) == nil)
        #expect(try found.text(1, 1) == "größer")
        #expect(try found.int8s(0, 2) == [7, -8] && found.int8s(1, 2) == [])
        #expect(try found.optionalText(0, 3) == nil && found.text(1, 3) == "1970-01-01")
        #expect(try found.bytes(0, 4) == [0, 255])
        let none = try connection.query(
            "SELECT count(*) FROM unnest($1::pg_temp.sample[])", [.rows(RowArray(of: UInt32(type)))])
        #expect(try none.int8(0, 0) == 0)
    }
}
