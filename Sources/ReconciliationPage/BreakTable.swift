import Reconciling

extension ReconciliationPage {
    /// The chart, and beside it the same in figures, with sums.
    static func writeBreaks(_ breaks: [BreakTally], to page: inout Markup) {
        let chart = BreakChart(breaks)
        page.raw("<section>\n<h2>Open breaks</h2>\n")
        guard chart.total > 0 else { return page.raw("<p>There are none.</p>\n</section>\n") }
        page.raw("<div class=\"beside\">\n<figure>\n")
        chart.write(to: &page)
        page.raw("<ul class=\"legend\" aria-hidden=\"true\">")
        for age in BreakAge.allCases {
            page.raw("<li><svg viewBox=\"0 0 10 10\" xmlns=\"http://www.w3.org/2000/svg\"><rect class=\"")
            page.raw(age.style)
            page.raw("\" width=\"10\" height=\"10\"/></svg>")
            page.raw(age.name)
            page.raw("</li>")
        }
        page.raw("</ul>\n</figure>\n")
        writeTable(breaks, to: &page)
        page.raw("</div>\n</section>\n")
    }

    private static func writeTable(_ breaks: [BreakTally], to page: inout Markup) {
        page.beginTable("Open breaks by kind and age")
        page.raw("<caption>How many, and the sum of their amounts without signs</caption>\n")
        page.raw("<thead><tr><th scope=\"col\">Kind</th>")
        for age in BreakAge.allCases { page.headings(age.name) }
        page.headings("all")
        page.raw("</tr></thead>\n<tbody>\n")
        for kind in BreakKind.allCases {
            page.raw("<tr><th scope=\"row\">")
            page.raw(kind.name)
            page.raw("</th>")
            writeRow(breaks.filter { $0.kind == kind }, to: &page)
        }
        page.raw("</tbody>\n<tfoot><tr><th scope=\"row\">all</th>")
        writeRow(breaks, to: &page)
        page.raw("</tfoot>\n</table>\n</div>\n")
    }

    /// A cell for each age and one for all of them.
    private static func writeRow(_ breaks: [BreakTally], to page: inout Markup) {
        for age in BreakAge.allCases { writeCell(breaks.filter { $0.age == age }, to: &page) }
        writeCell(breaks, to: &page)
        page.raw("</tr>\n")
    }

    private static func writeCell(_ breaks: [BreakTally], to page: inout Markup) {
        let count = breaks.map(\.count).reduce(0, +)
        page.raw("<td class=\"number\">")
        page.number(count)
        if count > 0 {
            page.raw("<small>")
            page.money(breaks.map(\.sum).total())
            page.raw("</small>")
        }
        page.raw("</td>")
    }
}
