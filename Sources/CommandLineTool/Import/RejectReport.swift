import Foundation

/// The CSV file of the rows that were refused, with their line numbers and reasons; made when the first one is.
///
/// An older report at the path is removed when the import begins, so that what stands there is always of the last run.
struct RejectReport {
    let path: String
    private let titles: [String]
    private var file: FileHandle?

    /// `payments.csv` is reported in `payments.rejected.csv`.
    static func standardPath(for path: String) -> String {
        let stem = path.lowercased().hasSuffix(".csv") ? String(path.dropLast(4)) : path
        return stem + ".rejected.csv"
    }

    init(path: String, titles: [String]) throws(Misuse) {
        self.path = path
        self.titles = titles
        do {
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
        } catch {
            throw Misuse("the older report \(path) cannot be removed: \(error.localizedDescription)")
        }
    }

    mutating func add(line: Int, code: String, message: String, fields: [String]) throws(Misuse) {
        do {
            let file = try file ?? open()
            try file.write(contentsOf: Data((csvRecord([String(line), code, message] + fields) + "\r\n").utf8))
        } catch {
            throw Misuse("the report \(path) cannot be written: \(error.localizedDescription)")
        }
    }

    private mutating func open() throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        // The byte order mark lets spreadsheet programs show Chinese names.
        let head = "\u{FEFF}" + csvRecord(ImportHeader.reportColumns + titles) + "\r\n"
        try file.write(contentsOf: Data(head.utf8))
        self.file = file
        return file
    }
}
