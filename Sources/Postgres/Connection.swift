import CLibPQ
import Glibc

/// One session with a PostgreSQL server. Its calls block: it belongs to a thread of its own and is never shared.
package struct Connection: ~Copyable {
    let pointer: OpaquePointer
    let notices = Notices()
    var cache = StatementCache()
    /// Client and server no longer agree on whose turn it is, or the server said goodbye.
    var isBroken = false

    /// `conninfo` is a URL (`postgres://…`), a string of keywords (`host=… dbname=…`) or a database's name. Throws an
    /// error of kind `.connection`, which never shows the password.
    package init(_ conninfo: String) throws(PostgresError) {
        pointer = try openConnection(conninfo)
        notices.listen(on: pointer)
    }

    deinit {
        PQfinish(pointer)
    }

    /// Whether the connection stands as far as this side knows; that the server went away shows in the next call.
    package var isUsable: Bool {
        !isBroken && PQstatus(pointer) == CONNECTION_OK
    }

    /// The process that serves this connection, as in `pg_stat_activity.pid`.
    package var backendPID: Int32 {
        PQbackendPID(pointer)
    }

    package enum TransactionStatus: Sendable, Equatable {
        case idle
        case open
        /// A statement failed, and only ROLLBACK will do.
        case failed
        /// The connection is lost.
        case unknown
    }

    package var transactionStatus: TransactionStatus {
        guard isUsable else { return .unknown }
        return switch PQtransactionStatus(pointer) {
        case PQTRANS_IDLE: .idle
        case PQTRANS_INTRANS: .open
        case PQTRANS_INERROR: .failed
        default: .unknown
        }
    }

    /// Runs a script of any number of statements, such as a migration. Unless it says BEGIN itself, all of it is one
    /// transaction.
    package mutating func execute(_ script: String) throws(PostgresError) {
        try requireUsable()
        let result = try check(PQexec(pointer, script))
        switch result.status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: break
        default: throw giveUp("COPY is not for scripts; use copyIn")
        }
    }

    /// Ends the transaction, where there is one, without its effects.
    package mutating func rollback() throws(PostgresError) {
        guard transactionStatus != .idle else { return }
        try execute("ROLLBACK")
    }
}

extension Connection {
    func requireUsable() throws(PostgresError) {
        guard isUsable else {
            throw PostgresError(kind: .connection, message: "the connection was lost earlier; open a new one")
        }
    }

    /// Takes over a result, and throws it where it is an error.
    mutating func check(_ result: OpaquePointer?) throws(PostgresError) -> ResultHandle {
        guard let handle = result.map(ResultHandle.init) else { throw lost() }
        if let error = failure(of: handle) { throw error }
        return handle
    }

    mutating func failure(of result: ResultHandle) -> PostgresError? {
        switch result.status {
        case PGRES_FATAL_ERROR, PGRES_NONFATAL_ERROR, PGRES_BAD_RESPONSE:
            let error = PostgresError(result, connectionIsLost: PQstatus(pointer) != CONNECTION_OK)
            if error.isConnectionLost { isBroken = true }
            return error
        default:
            return nil
        }
    }

    /// The error for a call that libpq could not carry out.
    mutating func lost() -> PostgresError {
        isBroken = true
        return PostgresError(kind: .connection, message: PostgresError.line(PQerrorMessage(pointer)))
    }

    /// The error for a use that leaves the conversation in a state from which there is no way back.
    mutating func giveUp(_ message: String) -> PostgresError {
        isBroken = true
        return PostgresError(kind: .request, message: "\(message); the connection is given up")
    }

    /// The next result, or nil after the last one of a statement. Whatever is still to be sent goes out meanwhile, so
    /// that client and server cannot both wait for the other to read.
    func nextResult() -> ResultHandle? {
        while true {
            let unsent = PQflush(pointer)
            guard PQisBusy(pointer) != 0, awaitSocket(writable: unsent == 1) else { break }
        }
        return PQgetResult(pointer).map(ResultHandle.init)
    }

    /// Blocks until the socket has something to read, or can take more, and reads. False where the connection is lost.
    func awaitSocket(writable: Bool) -> Bool {
        let events = writable ? POLLIN | POLLOUT : POLLIN
        var descriptor = pollfd(fd: PQsocket(pointer), events: Int16(events), revents: 0)
        guard descriptor.fd >= 0 else { return false }
        // An interrupted wait is as good as a finished one: the caller looks again.
        _ = poll(&descriptor, 1, -1)
        return PQconsumeInput(pointer) != 0
    }
}
