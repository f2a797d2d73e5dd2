import Postgres
import Testing

struct PostgresErrorTests {
    @Test(arguments: [
        ("57P01", true), ("57P02", true), ("57P03", true), ("08006", true), ("08003", true),
        // The server's word for a wrong number of parameters, too.
        ("08P01", false),
        ("57014", false), ("40001", false), ("40P01", false), ("23505", false),
    ])
    func sqlstateTellsWhetherTheConnectionIsLost(sqlstate: String, isLost: Bool) {
        let error = PostgresError(kind: .server(sqlstate: sqlstate), message: "")
        #expect(error.isConnectionLost == isLost)
        #expect(error.sqlstate == sqlstate)
    }

    @Test func anErrorThatEndsTheSessionIsALostConnectionWhateverItsCode() {
        #expect(PostgresError(kind: .server(sqlstate: "25P03"), message: "", endsSession: true).isConnectionLost)
        #expect(PostgresError(kind: .connection, message: "").isConnectionLost)
        #expect(!PostgresError(kind: .decoding, message: "").isConnectionLost)
        #expect(PostgresError(kind: .decoding, message: "").sqlstate == nil)
    }

    @Test func descriptionIsOneLine() {
        let error = PostgresError(
            kind: .server(sqlstate: "23505"), message: "duplicate", detail: "Key (id)=(1)\nexists.", statementIndex: 3)
        #expect(error.description == "database error 23505: duplicate (statement 3); Key (id)=(1) exists.")
    }
}
