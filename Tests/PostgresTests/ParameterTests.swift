import Postgres
import Testing

/// What the server understands of each parameter, told by the server as text.
struct ParameterTests {
    static let scalars: [(Parameter, String?)] = [
        (.null, nil),
        (.bool(true), "true"),
        (.bool(false), "false"),
        (.int2(.min), "-32768"),
        (.int2(.max), "32767"),
        (.int4(.min), "-2147483648"),
        (.int4(.max), "2147483647"),
        (.int8(.min), "-9223372036854775808"),
        (.int8(-1), "-1"),
        (.int8(.max), "9223372036854775807"),
        (.text(""), ""),
        (.text("a \"quoted\" 'text' \\ {,}"), "a \"quoted\" 'text' \\ {,}"),
        (.text("上海市临港新片区"), "上海市临港新片区"),
        (.text("𠮷𪚥👩‍👩‍👧"), "𠮷𪚥👩‍👩‍👧"),
        (.bytea([]), "\\x"),
        (.bytea([0, 1, 0x7F, 0x80, 0xFF]), "\\x00017f80ff"),
        (.date(0), "1970-01-01"),
        (.date(-25_567), "1900-01-01"),
        (.date(10_957), "2000-01-01"),
        (.date(2_932_896), "9999-12-31"),
        (.timestamp(0), "1970-01-01 00:00:00+00"),
        (.timestamp(-1), "1969-12-31 23:59:59.999999+00"),
        (.timestamp(253_402_300_799_999_999), "9999-12-31 23:59:59.999999+00"),
    ]

    static let arrays: [(Parameter, String?)] = [
        (.bools([]), "{}"),
        (.bools([true, false]), "{t,f}"),
        (.int2s([]), "{}"),
        (.int2s([.min, 0, .max]), "{-32768,0,32767}"),
        (.int4s([.min, 0, .max]), "{-2147483648,0,2147483647}"),
        (.int8s([]), "{}"),
        (.int8s([.min, 0, .max]), "{-9223372036854775808,0,9223372036854775807}"),
        (.texts([]), "{}"),
        (.texts(["", "NULL", "𠮷野", "a b", "c,d"]), "{\"\",\"NULL\",𠮷野,\"a b\",\"c,d\"}"),
        (.byteas([[], [0], [0xFF, 0]]), "{\"\\\\x\",\"\\\\x00\",\"\\\\xff00\"}"),
        (.dates([-25_567, 2_932_896]), "{1900-01-01,9999-12-31}"),
        (.timestamps([0, 1]), "{\"1970-01-01 00:00:00+00\",\"1970-01-01 00:00:00.000001+00\"}"),
        (.optionalInt4s([nil, 1, nil]), "{NULL,1,NULL}"),
        (.optionalInt8s([]), "{}"),
        (.optionalInt8s([nil]), "{NULL}"),
        (.optionalInt8s([.max, nil, .min]), "{9223372036854775807,NULL,-9223372036854775808}"),
        (.optionalTexts(["NULL", nil, ""]), "{\"NULL\",NULL,\"\"}"),
        (.optionalDates([0, nil]), "{1970-01-01,NULL}"),
    ]

    @Test(arguments: scalars + arrays)
    func serverReadsWhatWasMeant(parameter: Parameter, text: String?) throws {
        var connection = try TestDatabase.connect()
        let rows = try connection.query("SELECT $1::text", [parameter])
        #expect(try rows.optionalText(0, 0) == text)
    }

    /// The type goes with the value, so that the planner has nothing to cast.
    @Test(arguments: [
        (Parameter.bool(true), "boolean"), (.int2(1), "smallint"), (.int4(1), "integer"), (.int8(1), "bigint"),
        (.text(""), "text"), (.bytea([]), "bytea"), (.date(0), "date"), (.timestamp(0), "timestamp with time zone"),
        (.bools([]), "boolean[]"), (.int2s([]), "smallint[]"), (.int4s([]), "integer[]"), (.int8s([]), "bigint[]"),
        (.texts([]), "text[]"), (.byteas([]), "bytea[]"), (.dates([]), "date[]"),
        (.timestamps([]), "timestamp with time zone[]"), (.optionalInt4s([]), "integer[]"),
        (.optionalInt8s([]), "bigint[]"), (.optionalTexts([]), "text[]"), (.optionalDates([]), "date[]"),
    ])
    func typeIsSent(parameter: Parameter, type: String) throws {
        var connection = try TestDatabase.connect()
        #expect(try connection.query("SELECT pg_typeof($1)::text", [parameter]).text(0, 0) == type)
    }

    @Test(arguments: [
        Parameter.date(.min), .date(.min + 10_957), .timestamp(.min), .timestamp(.min + 946_684_800_000_000),
        .dates([.min]), .timestamps([.min]),
    ])
    func tooLowMomentIsRefusedAndNotTakenForInfinity(parameter: Parameter) throws {
        var connection = try TestDatabase.connect()
        let error = failure { () throws(PostgresError) in _ = try connection.query("SELECT $1::text", [parameter]) }
        #expect(error?.sqlstate == "22008")
    }

    @Test func tooManyParametersAreRefusedBeforeAnythingIsSent() throws {
        var connection = try TestDatabase.connect()
        let tooMany = [Parameter](repeating: .int2(1), count: 65_536)
        let error = failure { () throws(PostgresError) in
            _ = try connection.pipeline([Statement("CREATE TEMP TABLE t ()"), Statement("SELECT $1", tooMany)])
        }
        #expect(error?.kind == .request)
        #expect(error?.statementIndex == 1)
        #expect(try connection.query("SELECT to_regclass('pg_temp.t') IS NULL").bool(0, 0))
    }
}
