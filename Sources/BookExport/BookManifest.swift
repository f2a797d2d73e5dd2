import Foundation
package import LedgerCore

/// What stands beside books, so that another program can tell that they are whole and what they come to.
package struct BookManifest: Sendable {
    /// A file that the manifest vouches for.
    package struct File: Sendable {
        let name: String
        let size: Int64
        let sha256: String

        package init(_ file: BookFile) {
            name = (file.path as NSString).lastPathComponent
            size = file.size
            sha256 = file.sha256
        }

        fileprivate var fields: [Field] {
            [
                Field("file", .text(name)), Field("bytes", .number(size)), Field("sha256", .text(sha256)),
            ]
        }
    }

    package struct Caps: Sendable {
        let file: File
        let lines: Int64
        /// Whether nothing was posted in this journal while the limits were asked for.
        let isQuiet: Bool

        package init(file: File, lines: Int64, isQuiet: Bool) {
            self.file = file
            self.lines = lines
            self.isQuiet = isQuiet
        }
    }

    package var totals: BookTotals
    package var exportedAt: Moment
    package var books: File
    /// nil where no limits were asked for.
    package var caps: Caps?
    /// The newest of the tenant's, as SEALS shows it; nil where there is none.
    package var seal: Seal?

    package init(totals: BookTotals, exportedAt: Moment, books: File, caps: Caps?, seal: Seal?) {
        self.totals = totals
        self.exportedAt = exportedAt
        self.books = books
        self.caps = caps
        self.seal = seal
    }

    /// A JSON object on one line.
    package var line: [UInt8] {
        let head = totals.head.map { head in
            JSONValue.object([Field("seq", .number(head.sequence)), Field("hash", .text(head.hash))])
        }
        let caps = caps.map { caps in
            JSONValue.object(
                caps.file.fields + [Field("lines", .number(caps.lines)), Field("quiet", .flag(caps.isQuiet))])
        }
        var whole = Turnover()
        for sum in totals.sums.values { whole += sum.turnover }
        return jsonLine([
            Field("format", .text("grantledger-manifest-1")), Field("tenant", .text(totals.tenant)),
            Field("exported-at", .text(exportedAt.text)),
            Field("books", .object([Field("format", .text(totals.format.rawValue))] + books.fields)),
            Field("caps", caps ?? .null), Field("entries", .number(totals.entries)),
            Field("transfers", .number(totals.transfers)),
            Field("from", .optional(totals.days?.lowerBound.description)),
            Field("until", .optional(totals.days?.upperBound.description)), Field("head", head ?? .null),
            Field("seal", seal.map { .object($0.fields) } ?? .null),
            Field("balances", .number(totals.balances)),
            Field("debits", .text(whole.debits.yuan)), Field("credits", .text(whole.credits.yuan)),
            Field("sums", .list(AccountPath.Kind.allCases.compactMap(sum))),
        ])
    }

    private func sum(of kind: AccountPath.Kind) -> JSONValue? {
        totals.sums[kind].map { sum in
            .object([
                Field("kind", .text(kind.rawValue)), Field("accounts", .number(sum.accounts)),
                Field("debits", .text(sum.turnover.debits.yuan)), Field("credits", .text(sum.turnover.credits.yuan)),
                Field("balance", .text(sum.turnover.balance.yuan)),
            ])
        }
    }
}
