import Postgres
import Testing

struct CopyInTests {
    private func connect() throws -> Connection {
        var connection = try TestDatabase.connect()
        try connection.execute(
            "CREATE TEMP TABLE t (n int8 NOT NULL, name text, day date, at timestamptz, amounts int8[], raw bytea)")
        return connection
    }

    private let copy = "COPY t FROM STDIN WITH (FORMAT binary)"

    @Test func binaryRowsArrive() throws {
        var connection = try connect()
        var writer = BinaryCopyWriter()
        writer.append([.int8(1), .text("浦东新区"), .date(-25_567), .timestamp(1), .optionalInt8s([1, nil]), .bytea([0])])
        writer.append([.int8(2), .null, .null, .null, .null, .null])
        #expect(try connection.copyIn(copy, writer.finish()) == 2)
        let rows = try connection.query("SELECT n, name, day, at, amounts, raw FROM t ORDER BY n")
        #expect(rows.count == 2)
        #expect(try rows.text(0, 1) == "浦东新区")
        #expect(try rows.day(0, 2) == -25_567)
        #expect(try rows.microseconds(0, 3) == 1)
        #expect(try rows.optionalInt8s(0, 4) == [1, nil])
        #expect(try rows.bytes(0, 5) == [0])
        #expect(try (1...5).allSatisfy { column throws(PostgresError) in try rows.isNull(1, column) })
    }

    @Test func noRowsAndManyRows() throws {
        var connection = try connect()
        #expect(try connection.copyIn(copy, BinaryCopyWriter().finish()) == 0)
        var writer = BinaryCopyWriter()
        for number in 0..<100_000 { writer.append([.int8(Int64(number)), .text("name"), .null, .null, .null, .null]) }
        #expect(try connection.copyIn(copy, writer.finish()) == 100_000)
        #expect(try connection.query("SELECT sum(n)::int8 FROM t").int8(0, 0) == 4_999_950_000)
    }

    @Test func refusedRowLeavesNothingBehindAndTheConnectionUsable() throws {
        var connection = try connect()
        var writer = BinaryCopyWriter()
        writer.append([.null, .null, .null, .null, .null, .null])
        for number in 0..<50_000 { writer.append([.int8(Int64(number)), .null, .null, .null, .null, .null]) }
        let bytes = writer.finish()
        let error = failure { () throws(PostgresError) in try connection.copyIn(copy, bytes) }
        #expect(error?.sqlstate == "23502")
        #expect(try connection.query("SELECT count(*) FROM t").int8(0, 0) == 0)
        let truncated = failure { () throws(PostgresError) in try connection.copyIn(copy, Array(bytes.dropLast(7))) }
        #expect(truncated != nil)
        #expect(connection.isUsable == true)
    }

    @Test func otherStatementsAreRefused() throws {
        var connection = try connect()
        let select = failure { () throws(PostgresError) in try connection.copyIn("SELECT 1", []) }
        #expect(select?.kind == .request)
        #expect(connection.isUsable == true)
        let copyOut = failure { () throws(PostgresError) in try connection.copyIn("COPY t TO STDOUT", []) }
        #expect(copyOut?.kind == .request)
        #expect(connection.isUsable == false)
    }
}
