import Foundation
import FoundationXML
import LedgerCore
import PaymentOrders
import Testing

/// What is written is read back by others' code, and fits the schemas.
@Suite struct PaymentOrderFileTests {
    static let mixed = [
        Orders.payment(),
        Orders.payment("GL-2", fen: 1, name: "A & B <C> \"D\" 'E' ]]>", bank: "Bank of & for", text: nil),
        Orders.payment("GL-3", fen: 123, bank: "DEUTDEFF", account: "DE89370400440532013000", text: "𠮷野家 – é"),
        Orders.payment("a-z/?:().,'+ 0", fen: 99, account: "NRA (1)/+2"),
        Orders.payment("GL-5", fen: Amount.maximum.fen, name: String(repeating: "𠮷", count: 140)),
    ]

    @Test(arguments: PaymentOrderVersion.allCases)
    func fitsTheSchema(version: PaymentOrderVersion) throws {
        let file = try Orders.file(Orders.order(of: Self.mixed), Self.mixed, version: version)
        #expect(MessageSchema(version).faults(in: file) == [])
    }

    /// The check itself can fail.
    @Test(
        arguments: [
            ("<PmtMtd>TRF</PmtMtd>", ""), ("<PmtMtd>TRF</PmtMtd>", "<PmtMtd>TRX</PmtMtd>"), ("<Ustrd>", "<Ustrd><b/>"),
            ("<MsgId>PAY-2026-11-24-001</MsgId>", "<MsgId></MsgId>"), (" Ccy=\"CNY\"", ""), ("03\"", "09\""),
            ("<ChrgBr>SHAR</ChrgBr>", "<ChrgBr>SHAR</ChrgBr><PmtMtd>TRF</PmtMtd>"), ("</Document>", ""),
            ("<EndToEndId>", "<EndToEndId>0123456789012345"), ("<BIC>ICBKCNBJSHI</BIC>", "<BIC>ICBKCNBJSH</BIC>"),
            ("500000.00", "500000.0"), ("2026-11-25", "2026-11-25Z"),
        ])
    func theCheckFindsFaults(text: String, other: String) throws {
        let file = String(decoding: try Orders.file(Orders.order()), as: UTF8.self)
        #expect(file.contains(text))
        let broken = file.replacingOccurrences(of: text, with: other)
        #expect(!MessageSchema(.pain00100103).faults(in: Array(broken.utf8)).isEmpty)
    }

    @Test(arguments: PaymentOrderVersion.allCases)
    func everyValueIsReadBack(version: PaymentOrderVersion) throws {
        let order = Orders.order(isBookedAsOne: true, of: Self.mixed)
        let file = try Orders.file(order, Self.mixed, version: version)
        let root = try #require(try XMLDocument(data: Data(file)).rootElement())
        func values(_ path: String, in element: XMLElement) throws -> [String] {
            try element.nodes(
                forXPath: path.split(separator: "/").map { "*[local-name()='\($0)']" }.joined(separator: "/")
            )
            .map { $0.stringValue ?? "" }
        }
        let head = "CstmrCdtTrfInitn/GrpHdr", part = "CstmrCdtTrfInitn/PmtInf"
        let sum = "90000000500002.23"
        #expect(try values("\(head)/MsgId", in: root) == [order.id])
        #expect(try values("\(part)/PmtInfId", in: root) == [order.id])
        #expect(try values("\(head)/CreDtTm", in: root) == [order.createdAt])
        #expect(try values("\(head)/InitgPty/Nm", in: root) == [order.initiator])
        for block in [head, part] {
            #expect(try values("\(block)/NbOfTxs", in: root) == ["5"])
            #expect(try values("\(block)/CtrlSum", in: root) == [sum])
        }
        #expect(try values("\(part)/BtchBookg", in: root) == ["true"])
        let day = version == .pain00100109 ? "/Dt" : ""
        #expect(try values("\(part)/ReqdExctnDt\(day)", in: root) == ["2026-11-25"])
        #expect(try values("\(part)/Dbtr/Nm", in: root) == [order.payer.name])
        #expect(try values("\(part)/DbtrAcct/Id/Othr/Id", in: root) == [order.payer.account])
        let bic = version == .pain00100109 ? "BICFI" : "BIC"
        #expect(try values("\(part)/DbtrAgt/FinInstnId/\(bic)", in: root) == [order.payer.bank])
        let transfers = try root.nodes(
            forXPath: "*/*[local-name()='PmtInf']/*[local-name()='CdtTrfTxInf']"
        ).compactMap { $0 as? XMLElement }
        #expect(transfers.count == Self.mixed.count)
        let banks = ["ClrSysMmbId/MmbId", "Nm", bic, "ClrSysMmbId/MmbId", "ClrSysMmbId/MmbId"]
        let accounts = ["Othr/Id", "Othr/Id", "IBAN", "Othr/Id", "Othr/Id"]
        for (index, (transfer, payment)) in zip(transfers, Self.mixed).enumerated() {
            #expect(try values("PmtId/EndToEndId", in: transfer) == [payment.reference])
            #expect(try values("Amt/InstdAmt", in: transfer) == [payment.amount.yuan])
            #expect(try values("Cdtr/Nm", in: transfer) == [payment.payee.name])
            #expect(try values("CdtrAgt/FinInstnId/\(banks[index])", in: transfer) == [payment.payee.bank])
            #expect(try values("CdtrAcct/Id/\(accounts[index])", in: transfer) == [payment.payee.account])
            #expect(try values("RmtInf/Ustrd", in: transfer) == (payment.remittance.map { [$0] } ?? []))
        }
    }

    @Test func aLargeOrderIsWrittenInBlocks() throws {
        let payments = (1...5_000).map { Orders.payment("GL-\($0)", fen: Int64($0)) }
        var sizes: [Int] = []
        try PaymentOrderWriter.write(Orders.order(of: payments), payments, version: .pain00100109) {
            sizes.append($0.count)
        }
        #expect(sizes.count > 10)
        #expect(sizes.allSatisfy { $0 < 70_000 })
        let whole = try Orders.file(Orders.order(of: payments), payments, version: .pain00100109)
        #expect(sizes.reduce(0, +) == whole.count)
        #expect(MessageSchema(.pain00100109).faults(in: whole) == [])
    }

    @Test func theSinksErrorPassesThrough() {
        struct Full: Error {}
        #expect(throws: Full.self) {
            try PaymentOrderWriter.write(Orders.order(), [Orders.payment()], version: .pain00100103) { _ in throw Full()
            }
        }
    }

    /// Set PAYMENT_ORDER_DIRECTORY to have files to check with others' tools: xmllint --schema pain.001.001.09.xsd.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["PAYMENT_ORDER_DIRECTORY"] != nil))
    func filesForOtherTools() throws {
        let directory = try #require(ProcessInfo.processInfo.environment["PAYMENT_ORDER_DIRECTORY"])
        for version in PaymentOrderVersion.allCases {
            let file = try Orders.file(Orders.order(of: Self.mixed), Self.mixed, version: version)
            try Data(file).write(to: URL(fileURLWithPath: "\(directory)/\(version.rawValue).xml"))
        }
    }
}
