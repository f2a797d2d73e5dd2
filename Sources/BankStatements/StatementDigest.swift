import Crypto
import LedgerCore

/// SHA-256 over what a statement says. Every field is preceded by its length, so that no two contents share a text.
struct StatementDigest {
    private var lines = SHA256()
    private var bytes: [UInt8] = []

    mutating func add(_ line: BankLine) {
        bytes.removeAll(keepingCapacity: true)
        Self.append(Int64(line.booked.number), to: &bytes)
        Self.append((line.value?.number).map(Int64.init), to: &bytes)
        Self.append(line.amount.fen, to: &bytes)
        for text in [
            line.reference, line.endToEndID, line.text, line.counterparty.name, line.counterparty.account,
            line.returnReason,
        ] {
            Self.append(text, to: &bytes)
        }
        bytes.append((line.isReversal ? 1 : 0) | (line.isReturn ? 2 : 0))
        Self.append(Int64(line.transactionCount), to: &bytes)
        lines.update(data: bytes)
    }

    /// In lowercase hex.
    func value(for header: StatementHeader) -> String {
        var bytes = Array("bank-statement-1".utf8)
        for text in [header.account, header.currency, header.id] { Self.append(text, to: &bytes) }
        Self.append(header.sequence.map(Int64.init), to: &bytes)
        for number in [
            Int64(header.from.number), Int64(header.to.number), header.opening.fen, header.closing.fen,
            Int64(header.skippedEntries),
        ] {
            Self.append(number, to: &bytes)
        }
        var whole = SHA256()
        whole.update(data: bytes)
        whole.update(data: Array(lines.finalize()))
        return whole.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func append(_ number: Int64?, to bytes: inout [UInt8]) {
        guard let number else { return bytes.append(0) }
        bytes.append(1)
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> Int64(shift)))
        }
    }

    private static func append(_ text: String?, to bytes: inout [UInt8]) {
        append((text?.utf8.count).map(Int64.init), to: &bytes)
        if let text { bytes += text.utf8 }
    }
}
