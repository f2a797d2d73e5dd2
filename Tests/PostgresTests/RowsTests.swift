import Postgres
import Testing

struct RowsTests {
    /// One row of one value.
    private func value(_ expression: String) throws -> Rows {
        var connection = try TestDatabase.connect()
        return try connection.query("SELECT \(expression) AS it")
    }

    @Test func readsEveryKindOfValue() throws {
        #expect(try value("true").bool(0, 0))
        #expect(try value("(-32768)::int2").int2(0, 0) == .min)
        #expect(try value("2147483647").int4(0, 0) == .max)
        #expect(try value("(-9223372036854775808)::int8").int8(0, 0) == .min)
        #expect(try value("'𠮷野家'::text").text(0, 0) == "𠮷野家")
        #expect(try value("'x'::varchar(3)").text(0, 0) == "x")
        #expect(try value("'{\"a\": 1}'::json").text(0, 0) == "{\"a\": 1}")
        #expect(try value("'\\x00ff'::bytea").bytes(0, 0) == [0, 0xFF])
        #expect(try value("date '1900-01-01'").day(0, 0) == -25_567)
        #expect(try value("date '9999-12-31'").day(0, 0) == 2_932_896)
        #expect(try value("timestamptz '1970-01-01 08:00:00.000001+08'").microseconds(0, 0) == 1)
        #expect(try value("timestamp '1970-01-01 00:00:01'").microseconds(0, 0) == 1_000_000)
    }

    @Test func readsEveryKindOfArray() throws {
        #expect(try value("'{}'::int8[]").int8s(0, 0) == [])
        #expect(try value("'{1,-1}'::int8[]").int8s(0, 0) == [1, -1])
        #expect(try value("'{1,-1}'::int4[]").int4s(0, 0) == [1, -1])
        #expect(try value("'{1,-1}'::int2[]").int2s(0, 0) == [1, -1])
        #expect(try value("'{1,-1}'::int2[]").int8s(0, 0) == [1, -1])
        #expect(try value("'{\"\",NULL_,𠮷}'::text[]").texts(0, 0) == ["", "NULL_", "𠮷"])
        #expect(try value("'{1970-01-01,1900-01-01}'::date[]").days(0, 0) == [0, -25_567])
        #expect(try value("'{1,NULL,3}'::int8[]").optionalInt8s(0, 0) == [1, nil, 3])
        #expect(try value("'[5:6]={7,8}'::int8[]").int8s(0, 0) == [7, 8])
    }

    @Test func nullIsNilInOptionalReadersOnly() throws {
        let rows = try value("NULL::int8")
        #expect(try rows.isNull(0, 0))
        #expect(try rows.optionalInt8(0, 0) == nil)
        #expect(try value("NULL::text").optionalText(0, 0) == nil)
        #expect(try value("NULL::date").optionalDay(0, 0) == nil)
        let error = failure { () throws(PostgresError) in _ = try rows.int8(0, 0) }
        #expect(error?.kind == .decoding)
        #expect(error?.message == "column \"it\" (type oid 20) is NULL where a value is expected")
    }

    @Test func integersMayBeReadWiderAndNarrowerWhereTheyFit() throws {
        #expect(try value("7::int2").int8(0, 0) == 7)
        #expect(try value("7::int4").int8(0, 0) == 7)
        #expect(try value("7::int8").int2(0, 0) == 7)
        let rows = try value("32768::int8")
        let error = failure { () throws(PostgresError) in _ = try rows.int2(0, 0) }
        #expect(error?.message == "column \"it\" (type oid 20) cannot be read as int2")
    }

    typealias Reader = @Sendable (Rows) throws(PostgresError) -> Void

    static let misreadings: [(String, Reader)] = [
        ("1::int4", { rows throws(PostgresError) in _ = try rows.text(0, 0) }),
        ("1::int4", { rows throws(PostgresError) in _ = try rows.bool(0, 0) }),
        ("1::int4", { rows throws(PostgresError) in _ = try rows.day(0, 0) }),
        ("1::numeric", { rows throws(PostgresError) in _ = try rows.int8(0, 0) }),
        ("'1'::text", { rows throws(PostgresError) in _ = try rows.int8(0, 0) }),
        ("'1'::text", { rows throws(PostgresError) in _ = try rows.int8s(0, 0) }),
        ("'a long text, as long as an array'::text", { rows throws(PostgresError) in _ = try rows.int8s(0, 0) }),
        ("'1'::text", { rows throws(PostgresError) in _ = try rows.bytes(0, 0) }),
        ("date 'infinity'", { rows throws(PostgresError) in _ = try rows.day(0, 0) }),
        ("date '-infinity'", { rows throws(PostgresError) in _ = try rows.day(0, 0) }),
        ("timestamptz 'infinity'", { rows throws(PostgresError) in _ = try rows.microseconds(0, 0) }),
        ("'{1,NULL}'::int8[]", { rows throws(PostgresError) in _ = try rows.int8s(0, 0) }),
        ("'{{1},{2}}'::int8[]", { rows throws(PostgresError) in _ = try rows.int8s(0, 0) }),
        ("'{a}'::text[]", { rows throws(PostgresError) in _ = try rows.optionalInt8s(0, 0) }),
        ("NULL::int8[]", { rows throws(PostgresError) in _ = try rows.int8s(0, 0) }),
        ("1", { rows throws(PostgresError) in _ = try rows.int4(1, 0) }),
        ("1", { rows throws(PostgresError) in _ = try rows.int4(0, 1) }),
        ("1", { rows throws(PostgresError) in _ = try rows.int4(-1, 0) }),
        ("1", { rows throws(PostgresError) in _ = try rows.columnIndex("IT") }),
    ]

    @Test(arguments: misreadings.indices)
    func misreadingThrowsAndNeverTraps(index: Int) throws {
        let (expression, read) = Self.misreadings[index]
        let rows = try value(expression)
        let error = failure { () throws(PostgresError) in try read(rows) }
        #expect(error?.kind == .decoding)
        #expect(error?.isConnectionLost == false)
    }

    @Test func countsAndNames() throws {
        var connection = try TestDatabase.connect()
        let rows = try connection.query("SELECT n, n * 2 AS twice FROM generate_series(1, 3) n")
        #expect(rows.count == 3)
        #expect(rows.columnCount == 2)
        #expect(try rows.columnIndex("twice") == 1)
        #expect(try rows.int4(2, 1) == 6)
        try connection.execute("CREATE TEMP TABLE t (n int)")
        let inserted = try connection.query("INSERT INTO t SELECT generate_series(1, 5)")
        #expect(inserted.count == 0)
        #expect(inserted.affectedCount == 5)
        #expect(try connection.query("DELETE FROM t WHERE n > 3 RETURNING n").affectedCount == 2)
    }
}
