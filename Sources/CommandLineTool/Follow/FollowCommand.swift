import ArgumentParser
import BookExport
import LedgerCore

/// `grantledger follow --tenant T --place FILE`
struct FollowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Write each entry of a tenant's journal as a line of JSON, as it comes.",
        discussion: """
            An entry is written as JOURNAL shows it, in order and without gaps, and the place behind the last one is \
            kept in a file. Started again, it goes on from there. While no daemon answers it tries again, ever more \
            slowly; an interrupt or a termination signal ends it.

            With --output each line stands in that file once, whatever ends the follower: the place says how long the \
            file is, and what a crash left behind that is cut off. The file may be moved away while no follower runs: \
            a new one begins where it ends. Without --output the lines go to standard output before the place is \
            moved: who dies in between writes some of them again, which their seq tells.

            The place has the hash of the last entry, which covers all before it. A journal that does not have that \
            entry, such as one restored from an older backup, is refused.

            Exit codes: 0 ended by a signal, or done (with --once); 1 the journal does not fit the place, or the \
            daemon refuses; 64 misused; 69 no daemon answers (with --once).
            """)

    @Option(help: "The file that keeps the place; where it is missing, it begins at entry 1.", completion: .file())
    var place: String

    @Option(
        help: "The file to which the lines are appended. (default: standard output)", completion: .file())
    var output: String?

    @Flag(help: "End at the journal's end, in place of waiting for more.")
    var once = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func validate() throws {
        if let output, output == place { throw ValidationError("--place and --output name one file; they are two.") }
    }

    func run() async throws {
        guard let tenant = connection.tenant() else { throw Misuse("whose journal? Name the tenant with --tenant.") }
        guard Identifier.isValid(tenant) else { throw Misuse("\"\(printable(tenant))\" is no tenant's identifier") }
        let daemon = try connection.daemon()
        let begin = try FollowPlace.read(path: place, tenant: tenant)
        let (output, place, once) = (output, place, once)
        let work = Task {
            let sink = try FollowSink(output: output, place: begin, placePath: place)
            var follower = Follower(daemon: daemon, sink: sink, isOnce: once, note: { Terminal.writeError($0 + "\n") })
            try await follower.run()
        }
        let signals = TerminationSignals { work.cancel() }
        defer { signals.ignore() }
        do {
            try await work.value
        } catch is ReaderGone {
            // Whoever read the lines has had enough of them.
        }
    }
}
