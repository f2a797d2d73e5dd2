import Foundation
import Glibc

/// A row of the file that was refused, and why.
struct RejectedRow: Equatable {
    /// On which the row begins in the file.
    let line: Int
    let code: String
    let message: String
    /// As the file has them, without what an older report put before them.
    let fields: [String]
}

/// The CSV file of the rows that were refused, in the order of the imported file; made when the first one is.
///
/// An older report at the path is removed when the import begins, so that what stands there is always of the last run.
struct RejectReport {
    let path: String
    private let titles: [String]
    private var file: OutputFile?
    /// Refused already, while a row before them is not judged yet.
    private var held: [RejectedRow] = []

    /// `payments.csv` is reported in `payments.rejected.csv`.
    static func standardPath(for path: String) -> String {
        let stem = path.lowercased().hasSuffix(".csv") ? String(path.dropLast(4)) : path
        return stem + ".rejected.csv"
    }

    /// `imported` is the file whose rows are reported. Throws ``Misuse`` where no report can be written at the path, or
    /// where it would take that file's place.
    init(path: String, titles: [String], imported: FileStatus?) throws(Misuse) {
        self.path = path
        self.titles = titles
        let standing = FileStatus(path: path)
        guard standing?.isDirectory != true else { throw unwritable("it is a directory") }
        guard standing == nil || standing != imported else { throw unwritable("it is the file that is imported") }
        // What is no plain file, such as /dev/null, is written to and stays.
        guard standing?.isPlain != false else { return }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard access(folder, W_OK | X_OK) == 0, standing == nil || unlink(path) == 0 else {
            throw unwritable("\(SystemError.last)")
        }
    }

    /// How many rows wait for one before them.
    var heldCount: Int { held.count }

    /// The row is written when all rows before it are judged.
    mutating func add(_ row: RejectedRow) { held.append(row) }

    /// Writes the rows that stand before a line of the imported file; all of them where it is nil.
    mutating func write(before line: Int?) throws(Misuse) {
        guard !held.isEmpty else { return }
        held.sort { $0.line < $1.line }
        let ready = held.prefix { row in line.map { row.line < $0 } ?? true }
        held.removeFirst(ready.count)
        do {
            for row in ready {
                try begun().write(csvRecord([String(row.line), row.code, row.message] + row.fields) + "\r\n")
            }
        } catch {
            throw unwritable("\(error)")
        }
    }

    private mutating func begun() throws(SystemError) -> OutputFile {
        if let file { return file }
        let file = try OutputFile(path: path)
        // The byte order mark lets spreadsheet programs show Chinese names.
        try file.write("\u{FEFF}" + csvRecord(ImportHeader.reportColumns + titles) + "\r\n")
        self.file = file
        return file
    }

    private func unwritable(_ reason: String) -> Misuse {
        Misuse("the report of refused rows, \(path), cannot be written: \(reason)")
    }
}
