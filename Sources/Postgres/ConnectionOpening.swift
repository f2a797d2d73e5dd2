import CLibPQ
import Glibc

/// What a connection is opened with where the URL says nothing else. A server that hangs or vanishes without a word is
/// given up within some twenty seconds.
private let defaults: [(keyword: String, value: String)] = [
    ("connect_timeout", "5"),
    ("fallback_application_name", "grantledger"),
    ("keepalives", "1"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "3"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
]

/// Opens a connection, in non-blocking mode. `conninfo` is a URL, a string of keywords or a database's name.
func openConnection(_ conninfo: String) throws(PostgresError) -> OpaquePointer {
    try checkSyntax(conninfo)
    // Of a keyword given twice libpq takes the last; dbname is expanded to all that it says. Strings are UTF-8 here, so
    // the encoding is not the URL's to choose.
    let options = defaults + [("dbname", conninfo), ("client_encoding", "UTF8")]
    let keywords = options.map { strdup($0.keyword) }
    let values = options.map { strdup($0.value) }
    defer { (keywords + values).forEach { free($0) } }

    let connection = PQconnectdbParams(
        (keywords + [nil]).map { UnsafePointer($0) }, (values + [nil]).map { UnsafePointer($0) }, 1)
    guard let connection else {
        throw PostgresError(kind: .connection, message: "out of memory")
    }
    guard PQstatus(connection) == CONNECTION_OK, PQsetnonblocking(connection, 1) == 0 else {
        defer { PQfinish(connection) }
        throw PostgresError(kind: .connection, message: PostgresError.line(PQerrorMessage(connection)))
    }
    return connection
}

/// Refuses what libpq cannot read, or would read a part of the password out of as something else: it quotes that part
/// in its messages. So ours quote nothing.
private func checkSyntax(_ conninfo: String) throws(PostgresError) {
    let isURL = conninfo.hasPrefix("postgres://") || conninfo.hasPrefix("postgresql://")
    guard isURL || conninfo.contains("=") else { return }

    guard let options = PQconninfoParse(conninfo, nil) else {
        let forms = "postgres://user@host:port/name or \"host=… dbname=…\""
        throw PostgresError(kind: .connection, message: "the database is given neither as \(forms)")
    }
    defer { PQconninfoFree(options) }
    guard isURL else { return }
    var option = options
    while let keyword = option.pointee.keyword {
        let value = option.pointee.val.map { String(cString: $0) } ?? ""
        let isFine =
            switch String(cString: keyword) {
            case "host", "dbname": !value.contains("@")
            case "port": value.allSatisfy { $0.isASCII && $0.isNumber || $0 == "," }
            default: true
            }
        guard isFine else {
            let advice = "in user and password write @ as %40, / as %2F, : as %3A"
            throw PostgresError(
                kind: .connection, message: "the \(String(cString: keyword)) of the database's URL is wrong; \(advice)")
        }
        option += 1
    }
}
