import ArgumentParser
import LedgerCore
import LineProtocol

/// Sends one request and shows its reply.
struct VerbRun {
    let spec: VerbSpec
    /// In the verb's order.
    let arguments: [(name: String, value: String)]
    let options: ConnectionOptions

    func run() async throws {
        let line = try line()
        let daemon = try options.daemon()
        let replies: [Reply]
        do {
            replies = try await DaemonConnection.with(daemon) { connection in
                try await connection.exchange([line])
            }
        } catch let loss as ConnectionLost {
            throw Unanswered(address: daemon.address, reason: loss.reason)
        }
        guard let reply = replies.first else { return }
        show(reply)
        if reply.code != nil || (spec.verb == .check && reply["ok"] == .flag(false)) { throw ToolExit.refused }
    }

    /// The request. What the daemon would refuse by the looks of it is a misuse of the command line.
    private func line() throws(Misuse) -> String {
        let words = arguments.map { spec.isPositional ? $0.value : "\($0.name)=\($0.value)" }
        do {
            _ = try RequestParser.parse(RawRequest(verb: spec.name, words: words), tenant: nil).get()
            return spec.isPositional
                ? try LineWriter.line(verb: spec.name, words: words)
                : try LineWriter.line(verb: spec.name, arguments: arguments)
        } catch {
            let command = VerbOption.commandName(of: spec.verb)
            throw Misuse("\(error.message)\nSee 'grantledger help \(command)'.")
        }
    }

    private func show(_ reply: Reply) {
        if options.json { Terminal.write([reply.text]) }
        if let code = reply.code {
            let figures = ReplyTables(reply.members.filter { $0.name != "message" }).lines.map { "  \($0)\n" }
            Terminal.writeError("\(code): \(printable(reply.message))\n" + (options.json ? "" : figures.joined()))
        } else if !options.json {
            Terminal.write(reply.members.isEmpty ? [printable(reply.text)] : ReplyTables(reply.members).lines)
        }
    }
}
