import LedgerCore
import Testing

@testable import BookExport

@Suite struct BookTextTests {
    @Test func theSampleHasEveryKind() throws {
        #expect(Set(try SampleEntries.everyKind().map(\.verb)) == Set(EntryKind.allCases.map(\.verb)))
    }

    @Test func hledgerHasAnEntryAsATransaction() throws {
        let (text, _) = try SampleEntries.books(SampleEntries.everyKind(), .hledger)
        #expect(
            text.contains(
                """

                2024-02-03 * (E2-6) acme | DISBURSE A-1
                    ; seq:6
                    ; key:pay%2C "6" 50%25: \\ 银行
                    ; verb:DISBURSE
                    ; ref:ICBC: 77%2C "x"
                    ; award:A-1
                    ; amount:300.00
                    budget:gen%3Ax:2024:disbursed  300.00 CNY
                    budget:gen%3Ax:2024:committed  -300.00 CNY
                    award:A-1:2024:disbursed  300.00 CNY
                    award:A-1:2024:committed  -300.00 CNY
                    cap:province|pilot|P%3A1:disbursed  300.00 CNY
                    cap:province|pilot|P%3A1:committed  -300.00 CNY
                    expense:gen%3Ax  300.00 CNY
                    payable:harbour|acme  -300.00 CNY

                """))
        #expect(text.contains("\n2024-01-20 * (E2-1) BASIS.SET P:1\n    ; seq:1\n"))
        #expect(text.contains("    ; scheme:pilot\n    ; subject:P:1\n    ; amount:1000.00\n"))
    }

    @Test(arguments: BookFormat.allCases) func whatAnEntryIsToAnotherIsTold(format: BookFormat) throws {
        let (text, _) = try SampleEntries.books(SampleEntries.everyKind(), format)
        for (relation, target) in [("settles", "E2-6"), ("reverses", "E2-7"), ("returns", "E2-6")] {
            let told =
                switch format {
                case .hledger: "    ; \(relation):\(target)\n"
                case .beancount: "  \(relation): \"\(target)\"\n"
                case .csv: ",\(relation),\(target),"
                case .jsonl: "\"\(relation)\":\"\(target)\""
                }
            #expect(text.contains(told))
        }
        #expect(!text.contains("settled-by") && !text.contains("reversed-by"))
    }

    @Test func beancountHasAnEntryAsATransaction() throws {
        let (text, _) = try SampleEntries.books(SampleEntries.everyKind(), .beancount)
        #expect(
            text.contains(
                #"""

                2024-03-01 * "acme" "RETURN A-1" #RETURN ^E2-11 ^E2-6
                  seq: "11"
                  key: "k11"
                  verb: "RETURN"
                  ref: "ICBC-91"
                  award: "A-1"
                  returns: "E2-6"
                  amount: "300.00"
                  Assets:Cash:Fund-gen-3Ax  300.00 CNY
                  Liabilities:Payable:Tenant-harbour:Party-acme  -300.00 CNY

                """#))
        #expect(text.contains(#"  key: "pay, \"6\" 50%: \\ 银行""#))
        #expect(
            text.contains(
                "open Equity:Award:Award-A--1:Year-2024:Committed CNY\n  ledger: \"award:A-1:2024:committed\""))
    }

    @Test func aTableHasARowForEachPosting() throws {
        let (text, totals) = try SampleEntries.books(SampleEntries.everyKind(), .csv)
        let rows = text.split(separator: "\r\n")
        #expect(rows.count { $0.hasPrefix("posting,") } == 2 * Int(totals.transfers))
        #expect(rows.count { $0.hasPrefix("entry,") } == 1)
        #expect(
            rows.allSatisfy { row in
                row.contains("\"") || row.split(separator: ",", omittingEmptySubsequences: false).count == 21
            })
        #expect(text.contains(#"E2-6,DISBURSE,"pay, ""6"" 50%: \ 银行","ICBC: 77, ""x""",A-1,"#))
    }

    @Test func linesEndWithHowManyThereAre() throws {
        let (text, _) = try SampleEntries.books(SampleEntries.everyKind(), .jsonl)
        #expect(text.hasSuffix("\n{\"end\":{\"entries\":11}}\n"))
        #expect(!text.contains("\"party\":"))
    }
}
