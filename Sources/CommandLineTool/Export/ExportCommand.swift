import ArgumentParser
import BookExport
import Glibc
import LedgerCore
import LineProtocol

/// `grantledger export --tenant T`
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a tenant's whole journal to a file: one that proves itself, or books for other tools.",
        discussion: """
            Without --format the file is what an auditor takes along: 'grantledger verify' proves it without daemon \
            and database. It is text, a JSON object on each line: first whose journal it is; then each entry with its \
            hash, which covers its content and the entry before it, and behind an entry the seals that were put on it; \
            at last how many there are. An entry stands as JOURNAL shows it, less what no hash covers: who is paid by \
            now, and what settled or reversed it since (the later entry says that of itself).

            With --format it is books that programs read which others wrote: the entries by date and then by their \
            place in the journal, every account declared, and the balances asserted: at a month's end those of the \
            accounts that moved in it, at the end those of all. Beside it stand FILE.manifest.json (how many entries, \
            what they come to, the last one's hash, its seal, the files' SHA-256) and FILE.caps.jsonl (each limit, \
            where it comes from, and what is used of it).

              hledger -f FILE check -s ordereddates        bean-check FILE
              deploy/check_limits.py FILE                  computes every limit anew, from these files alone
            """)

    @Option(
        help: "The file; where left out or -, standard output, which books with a manifest beside them cannot be.",
        completion: .file())
    var output: String?

    @OptionGroup(title: "Books for other tools") var books: BooksOptions

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run() async throws {
        guard let tenant = connection.tenant() else { throw Misuse("whose journal? Name the tenant with --tenant.") }
        guard Identifier.isValid(tenant) else { throw Misuse("\"\(printable(tenant))\" is no tenant's identifier") }
        let daemon = try connection.daemon()
        if let format = books.format {
            let export = BooksExport(format: format, tenant: tenant, hasCaps: !books.withoutCaps)
            return try await export.run(output: output, daemon: daemon)
        }
        let file = try ExportFile(path: output)
        var progress = LongRun()
        var exporter = Exporter(
            tenant: tenant, exportedAt: Moment.now, write: { try file.write($0) },
            progress: { progress.update($0, "entries") })
        do {
            defer { progress.finish() }
            try await DaemonConnection.with(daemon) { connection in try await exporter.run(over: &connection) }
            try file.finish()
        } catch let loss as ConnectionLost {
            file.discard()
            throw Unanswered(
                address: daemon.address, reason: loss.reason, remedy: "The export is not whole: make it again.")
        } catch {
            file.discard()
            throw error
        }
        Terminal.writeError(
            "\(file.name): \(exporter.entries) entries and \(exporter.seals) seals of \(tenant)\n"
                + (exporter.knowsSeals
                    ? "" : "This daemon does not know SEALS: nothing proves who wrote the journal.\n"))
    }
}

extension Moment {
    /// By the system's clock.
    static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Moment(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
