import Foundation
import LedgerCore

/// Reads an export from its first to its last line, and proves it.
///
/// Lines are read on all processors; they are proved one after the other, since each hash covers the one before it.
struct Verifier {
    /// Blocks that may be read ahead of the one that is being proved.
    private static let blocksAhead = 2 * ProcessInfo.processInfo.activeProcessorCount

    let key: SealKey
    let witness: JournalSeal?
    let progress: (_ entries: Int64) -> Void

    /// Throws ``Disproof`` where something is wrong, ``Misuse`` where this is no export at all.
    func prove(_ file: ExportBlocks) async throws -> ProvedJournal {
        var file = file
        let header = try header(of: &file)
        var proof = try JournalProof(of: header, key: key, witness: witness)
        try await withThrowingTaskGroup(of: (block: Int, lines: [ReadLine]).self) { group in
            var arrived: [Int: [ReadLine]] = [:]
            var begun = 0
            var proved = 0
            repeat {
                while begun - proved < Self.blocksAhead, let bytes = try file.next() {
                    let block = begun
                    group.addTask { (block, ReadLine.all(in: bytes, tenant: header.tenant)) }
                    begun += 1
                }
                while arrived[proved] == nil, let (block, lines) = try await group.next() { arrived[block] = lines }
                for line in arrived.removeValue(forKey: proved) ?? [] { try proof.take(line) }
                proved += 1
                progress(proof.entries)
            } while proved < begun
        }
        return try proof.finish()
    }

    private func header(of file: inout ExportBlocks) throws -> ExportHeader {
        guard let header = try file.firstLine().flatMap({ ExportHeader(line: $0) }) else {
            throw Misuse("the file is no export: its first line is not that of \(ExportHeader.format)")
        }
        guard witness.map({ $0.tenant == header.tenant }) ?? true else {
            throw Misuse("the export is of \(header.tenant), and the seal of \(witness?.tenant ?? "another tenant")")
        }
        return header
    }
}
