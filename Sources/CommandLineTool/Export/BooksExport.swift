import BookExport
import LedgerCore

/// `grantledger export --format FORMAT --output FILE`
struct BooksExport {
    let format: BookFormat
    let tenant: String
    let hasCaps: Bool

    /// Writes books, limits and manifest; each stands under its name only when all three are whole.
    func run(output: String?, daemon: Daemon) async throws {
        guard let output, output != "-" else {
            throw Misuse("a manifest stands beside books; name their file with --output")
        }
        let books = try BookFile(path: output)
        let caps = hasCaps ? try BookFile(path: "\(output).caps.jsonl") : nil
        let manifest = try BookFile(path: "\(output).manifest.json")
        let directory = directory(of: output)
        var progress = BooksProgress()
        defer { progress.finish() }
        var reader = BooksReader(
            BookWriter.Settings(tenant: tenant, format: format, directory: directory),
            caps: hasCaps ? CapLines(tenant: tenant, directory: directory) : nil,
            progress: { progress.update($0, of: $1, $2) })
        do {
            try await DaemonConnection.with(daemon) { connection in try await reader.run(over: &connection) }
        } catch let loss as ConnectionLost {
            throw Unanswered(
                address: daemon.address, reason: loss.reason, remedy: "No books were written: export them again.")
        }

        var capLines = reader.caps
        let totals = try reader.writer.finish(
            write: { try books.write($0) }, account: { try capLines?.add($0, $1) },
            progress: { progress.update($0, of: reader.writer.totals.entries, "entries written") })
        let limits = try caps.flatMap { file in
            try capLines?.finish(isQuiet: reader.isQuiet, write: { try file.write($0) })
        }
        let whole = BookManifest(
            totals: totals, exportedAt: .now, books: BookManifest.File(books),
            caps: caps.map {
                BookManifest.Caps(file: BookManifest.File($0), lines: limits ?? 0, isQuiet: reader.isQuiet)
            }, seal: reader.seal)
        try manifest.write(whole.line)
        // The manifest comes last: where it stands, the files that it names stand too.
        try books.finish()
        try caps?.finish()
        try manifest.finish()
        progress.finish()
        Terminal.writeError(
            "\(output): \(totals.entries) entries of \(tenant)"
                + (limits.map { ", \($0) limits in \(output).caps.jsonl" } ?? "") + "\n"
                + (reader.isQuiet
                    ? "" : "Entries were posted all the while: some limits are those of a later moment.\n"))
    }
}
