import ArgumentParser
import Glibc
import LedgerCore

/// Where a new token goes.
struct TokenDestination: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the token into this new file, for your eyes only, and do not print it.", valueName: "file"),
        completion: .file())
    var tokenOut: String?

    /// A file that nothing stood under the name of; nil where the token is to be printed.
    func newFile() throws(Misuse) -> TokenFile? {
        guard let tokenOut else { return nil }
        return try TokenFile(new: tokenOut)
    }

    /// A new file, or one that takes the place of the principal's own token. Throws ``Misuse`` where anything else
    /// stands there: the daemon knows whose token a file holds.
    func file(of principal: String, at daemon: Daemon) async throws -> TokenFile? {
        guard let tokenOut, try TokenFile.stands(at: tokenOut) else { return try newFile() }
        let old = try Daemon.Credentials(principal: principal, file: tokenOut)
        guard Hexadecimal.bytes(old.token, count: 32) != nil else {
            throw Misuse("the file \(tokenOut) holds no token, and is not overwritten; name another")
        }
        var itself = daemon
        itself.credentials = old
        do {
            try await DaemonConnection.with(itself) { _ in }
        } catch let refusal as RefusedByDaemon {
            throw Misuse("the file \(tokenOut) is not overwritten; name another, or remove it: \(refusal)")
        }
        return try TokenFile(replacing: tokenOut)
    }
}
