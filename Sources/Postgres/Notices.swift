import CLibPQ

/// What the server says beside its answers. Of itself libpq would write it to standard error.
final class Notices {
    /// Called with the SQLSTATE of each, on the thread that uses the connection.
    var hear: ((String) -> Void)?

    /// Must live as long as the connection.
    func listen(on connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { notices, result in
                guard let notices, let result,
                    let state = PQresultErrorField(result, Int32(ErrorFieldSQLState.rawValue))
                else { return }
                Unmanaged<Notices>.fromOpaque(notices).takeUnretainedValue().hear?(String(cString: state))
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
