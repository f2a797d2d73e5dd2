import LedgerCore
import Reconciling

/// A report as one HTML page that needs nothing beside it: no script, no other file, no network. It is well-formed XML
/// as well, so that other programs can read it.
package enum ReconciliationPage {
    package static func html(_ report: ReconciliationReport) -> String {
        var page = Markup()
        page.raw("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n")
        page.raw("<meta charset=\"utf-8\"/>\n")
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        // Should a mark ever slip through, the browser still runs and fetches nothing.
        page.raw(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
        )
        page.raw("<title>Reconciliation of ")
        page.text(report.tenant)
        page.raw(" on ")
        page.text(report.day.description)
        page.raw("</title>\n<style>\n")
        page.raw(PageStyle.sheet)
        page.raw("\n</style>\n</head>\n<body>\n")
        writeHead(report, to: &page)
        writeAccounts(report.accounts, to: &page)
        writeMatches(report.matches, to: &page)
        writeBreaks(report.breaks, to: &page)
        writeOldest(report, to: &page)
        page.raw("</body>\n</html>\n")
        return page.html
    }

    private static func writeHead(_ report: ReconciliationReport, to page: inout Markup) {
        page.raw("<header>\n<h1>Reconciliation of ")
        page.text(report.tenant)
        page.raw(" on ")
        page.text(report.day.description)
        page.raw("</h1>\n<p class=\"faint\">The books against the bank, in yuan. Made at ")
        page.text(report.madeAt)
        page.raw(".</p>\n")
        writeVerdict(report.accounts, breaks: BreakChart(report.breaks).total, to: &page)
        page.raw("</header>\n")
    }

    private static func writeVerdict(_ accounts: [AccountProof], breaks: Int, to page: inout Markup) {
        let broken = accounts.count { !$0.holds }
        if accounts.isEmpty {
            page.raw("<p class=\"verdict\">No bank account has a statement yet: nothing is proved.")
        } else if broken == 0 {
            page.raw("<p class=\"verdict good\">✓ The ledger’s balance is the bank’s with the breaks, to the fen, ")
            page.raw("on every account (")
            page.number(accounts.count)
            page.raw(").")
        } else {
            page.raw("<p class=\"verdict bad\">✗ The proof does not hold on ")
            page.number(broken)
            page.raw(" of ")
            page.number(accounts.count)
            page.raw(" accounts.")
        }
        page.raw(" Open breaks: ")
        page.number(breaks)
        page.raw(".</p>\n")
    }

    private static func writeAccounts(_ accounts: [AccountProof], to page: inout Markup) {
        guard !accounts.isEmpty else { return }
        page.raw("<section>\n<h2>Bank accounts</h2>\n")
        page.beginTable("Bank accounts")
        page.raw("<caption>Ledger = bank + open payments − open lines + accepted differences</caption>\n<thead><tr>")
        page.raw("<th scope=\"col\">Account</th><th scope=\"col\">Proof</th>")
        page.headings("Ledger", "Bank", "Open payments", "Open lines", "Accepted differences", "Unexplained")
        page.raw("</tr></thead>\n<tbody>\n")
        for proof in accounts {
            page.raw("<tr><th scope=\"row\">")
            page.text(proof.account)
            page.raw("<small>")
            page.text(proof.bank)
            page.raw("</small></th><td class=\"mark ")
            page.raw(proof.holds ? "good\">✓ holds</td>" : "bad\">✗ fails</td>")
            for total in [
                proof.ledgerBalance, proof.bankBalance, proof.openPayments, proof.openLines,
                proof.acceptedDifferences, proof.unexplained,
            ] {
                page.cell(total)
            }
            page.raw("</tr>\n")
        }
        page.raw("</tbody>\n</table>\n</div>\n</section>\n")
    }

    private static func writeMatches(_ matches: [MatchTally], to page: inout Markup) {
        page.raw("<section>\n<h2>Matches by rule</h2>\n")
        guard !matches.isEmpty else { return page.raw("<p>Nothing was matched.</p>\n</section>\n") }
        page.beginTable("Matches by rule")
        page.raw("<thead><tr><th scope=\"col\">Rule</th>")
        page.headings("Matches", "Lines", "Sum of the lines")
        page.raw("</tr></thead>\n<tbody>\n")
        for tally in matches {
            page.raw("<tr><th scope=\"row\">")
            page.text(tally.rule)
            page.raw("</th>")
            page.cell(tally.matches)
            page.cell(tally.lines)
            page.cell(tally.sum)
            page.raw("</tr>\n")
        }
        page.raw("</tbody>\n<tfoot><tr><th scope=\"row\">all</th>")
        page.cell(matches.map(\.matches).reduce(0, +))
        page.cell(matches.map(\.lines).reduce(0, +))
        page.cell(matches.map(\.sum).total())
        page.raw("</tr></tfoot>\n</table>\n</div>\n</section>\n")
    }

    private static func writeOldest(_ report: ReconciliationReport, to page: inout Markup) {
        guard !report.oldest.isEmpty else { return }
        page.raw("<section>\n<h2>The oldest breaks</h2>\n")
        page.beginTable("The oldest breaks")
        page.raw("<caption>")
        page.number(report.oldest.count)
        page.raw(" of ")
        page.number(BreakChart(report.breaks).total)
        page.raw(" open breaks</caption>\n<thead><tr>")
        page.headings("Number")
        page.raw("<th scope=\"col\">Kind</th>")
        page.headings("Age in days", "Amount")
        page.raw("<th scope=\"col\">Owner</th><th scope=\"col\">What</th></tr></thead>\n<tbody>\n")
        for item in report.oldest {
            page.raw("<tr><th scope=\"row\" class=\"number\">")
            page.plain(item.number)
            page.raw("</th><td>")
            page.raw(item.kind.name)
            page.raw("</td>")
            page.cell(item.age)
            page.cell(item.amount)
            page.raw("<td>")
            if let owner = item.owner { page.text(owner) } else { page.raw("<em class=\"faint\">nobody</em>") }
            page.raw("</td><td class=\"text\">")
            page.text(item.text)
            page.raw("</td></tr>\n")
        }
        page.raw("</tbody>\n</table>\n</div>\n</section>\n")
    }
}

extension Markup {
    /// In a part of the page that moves sideways where the screen is narrow, by keys too.
    mutating func beginTable(_ name: StaticString) {
        raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
        raw(name)
        raw("\">\n<table>\n")
    }

    /// Of columns of numbers.
    mutating func headings(_ names: StaticString...) {
        for name in names {
            raw("<th scope=\"col\" class=\"number\">")
            raw(name)
            raw("</th>")
        }
    }

    mutating func cell(_ count: Int) {
        raw("<td class=\"number\">")
        number(count)
        raw("</td>")
    }

    mutating func cell(_ total: Total) {
        raw("<td class=\"number\">")
        money(total)
        raw("</td>")
    }
}
