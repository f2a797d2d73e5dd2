import Testing

@testable import BookExport

@Suite struct AccountPathTests {
    @Test(
        arguments: [
            (
                "budget:a:b:2024:available", "budget:a%3Ab:2024:available",
                "Equity:Budget:Fund-a-3Ab:Year-2024:Available"
            ),
            ("award:A-1:2024:granted", "award:A-1:2024:granted", "Equity:Award:Award-A--1:Year-2024:Granted"),
            ("award:A:3:dated", "award:A:3:dated", "Equity:Award:Award-A:Number-3:Dated"),
            ("cap:o|s|x:y:used", "cap:o|s|x%3Ay:used", "Equity:Cap:Owner-o:Scheme-s:Subject-x-3Ay:Used"),
            ("cap:o|s|x|p:used", "cap:o|s|x|p:used", "Equity:Cap:Owner-o:Scheme-s:Subject-x:Payer-p:Used"),
            ("cap:o|s|x||2024:used", "cap:o|s|x||2024:used", "Equity:Cap:Owner-o:Scheme-s:Subject-x:Year-2024:Used"),
            (
                "cap:o|s|x|p|2024:used", "cap:o|s|x|p|2024:used",
                "Equity:Cap:Owner-o:Scheme-s:Subject-x:Payer-p:Year-2024:Used"
            ),
            (
                "cap:o|s|x:2024-02-29:dated", "cap:o|s|x:2024-02-29:dated",
                "Equity:Cap:Owner-o:Scheme-s:Subject-x:Day-2024--02--29:Dated"
            ),
            ("cash:a:b", "cash:a%3Ab", "Assets:Cash:Fund-a-3Ab"), ("expense:f", "expense:f", "Expenses:Grants:Fund-f"),
            ("payable:t|p_1", "payable:t|p_1", "Liabilities:Payable:Tenant-t:Party-p-5F1"),
            ("receivable:t|p/1", "receivable:t|p/1", "Assets:Receivable:Tenant-t:Party-p-2F1"),
        ])
    func eachAccountIsSpelledForEachTool(name: String, hledger: String, beancount: String) throws {
        let path = try AccountPath(name)
        #expect(path.name == name)
        #expect(path.hledger == hledger)
        #expect(path.beancount == beancount)
    }

    @Test(arguments: [
        "", "cash", "cash:", "bank:f", "budget:f", "cap:o|s:used", "payable:p", "cash:a b", "cap:o|s|x|p|1|2:used",
    ])
    func whatIsNoAccountIsRefused(name: String) {
        #expect(throws: BookError.self) { try AccountPath(name) }
    }
}
