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
            throw Unanswered(address: daemon.address, reason: loss.reason, remedy: remedy)
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
            throw Misuse("\(VerbOption.inOptions(error.message, of: spec))\nSee 'grantledger help \(command)'.")
        }
    }

    private var isDryRun: Bool { arguments.contains { $0 == (ArgumentName.dryRun.rawValue, "yes") } }

    /// What to do where no reply came.
    private var remedy: String {
        switch spec.kind {
        case .posting: "It may have taken effect: send it again with the same key, and it takes effect once."
        case .registration, .bank: "It may have taken effect: send it again, and what stands already stays as it is."
        case .query, .session: "Ask again."
        }
    }

    private func show(_ reply: Reply) {
        if options.json { Terminal.write([reply.json]) }
        if let code = reply.code {
            let figures = ReplyTables(reply.members.filter { $0.name != "message" }).lines.map { "  \($0)\n" }
            Terminal.writeError("\(code): \(printable(reply.message))\n" + (options.json ? "" : figures.joined()))
        } else if !options.json {
            Terminal.write(reply.members.isEmpty ? [printable(reply.text)] : ReplyTables(reply.members).lines)
            if isDryRun { Terminal.write(["This was a dry run: nothing was posted."]) }
        }
    }
}
