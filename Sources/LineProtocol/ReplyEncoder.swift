package import LedgerCore

/// Writes replies: one line each, `+{…}` or `-CODE {…}`, which RESP takes for a simple string or an error.
package enum ReplyEncoder {
    package static func encode(_ outcome: Outcome, into bytes: inout [UInt8]) {
        switch outcome {
        case .posted(let receipt):
            bytes.append(UInt8(ascii: "+"))
            append(receipt, to: &bytes)
        case .answered(let fields):
            bytes.append(UInt8(ascii: "+"))
            JSONWriter.append(fields, to: &bytes)
        case .refused(let refusal):
            append(refusal, code: refusal.code, fields: refusal.fields, to: &bytes)
        }
        endLine(&bytes)
    }

    /// The reply to a command by itself, or to EXEC.
    package static func encode(_ verdict: Verdict, into bytes: inout [UInt8]) {
        switch verdict {
        case .one(let outcome): encode(outcome, into: &bytes)
        case .all(let outcomes):
            bytes.append(UInt8(ascii: "*"))
            DecimalText.append(Int64(outcomes.count), to: &bytes)
            endLine(&bytes)
            for outcome in outcomes { encode(outcome, into: &bytes) }
        // Never sent: who asked posts it, and asks again.
        case .unfinished: encode(.answered([]), into: &bytes)
        case .aborted(let index, let refusal):
            let place = [Field("index", .number(Int64(index))), Field("code", .text(refusal.code.name))]
            append(refusal, code: .executionAborted, fields: place + refusal.fields, to: &bytes)
            endLine(&bytes)
        }
    }

    /// `CODE {…}`, for a refusal that stands inside another value.
    static func text(of refusal: Refusal) -> String {
        var bytes: [UInt8] = []
        append(refusal, code: refusal.code, fields: refusal.fields, to: &bytes)
        return String(decoding: bytes.dropFirst(), as: UTF8.self)
    }

    private static func append(
        _ refusal: Refusal, code: RefusalCode, fields: [Field], to bytes: inout [UInt8]
    ) {
        bytes.append(UInt8(ascii: "-"))
        bytes.append(contentsOf: code.name.utf8)
        bytes.append(UInt8(ascii: " "))
        JSONWriter.append([Field("message", .text(refusal.message))] + fields, to: &bytes)
    }

    /// As ``Receipt/fields`` says, without making a string of any figure: this is the reply that there is most of.
    private static func append(_ receipt: Receipt, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        if let entry = receipt.entry {
            bytes.append(contentsOf: "\"entry\":\"E".utf8)
            DecimalText.append(Int64(entry.tenant), to: &bytes)
            bytes.append(UInt8(ascii: "-"))
            DecimalText.append(entry.sequence, to: &bytes)
            bytes.append(contentsOf: "\",\"seq\":".utf8)
            DecimalText.append(entry.sequence, to: &bytes)
            bytes.append(UInt8(ascii: ","))
        }
        bytes.append(contentsOf: "\"date\":".utf8)
        JSONWriter.append(receipt.date, to: &bytes)
        bytes.append(contentsOf: ",\"amount\":".utf8)
        JSONWriter.append(receipt.amount, to: &bytes)
        if let standing = receipt.award {
            bytes.append(contentsOf: ",\"award\":".utf8)
            JSONWriter.append(standing.award, to: &bytes)
            bytes.append(contentsOf: ",\"committed\":".utf8)
            JSONWriter.append(standing.committed, to: &bytes)
            bytes.append(contentsOf: ",\"disbursed\":".utf8)
            JSONWriter.append(standing.disbursed, to: &bytes)
            bytes.append(contentsOf: ",\"remaining\":".utf8)
            JSONWriter.append(.optional(standing.remaining), to: &bytes)
        }
        if receipt.isReplay { bytes.append(contentsOf: ",\"replayed\":true".utf8) }
        bytes.append(UInt8(ascii: "}"))
    }

    private static func endLine(_ bytes: inout [UInt8]) { bytes.append(contentsOf: "\r\n".utf8) }
}
