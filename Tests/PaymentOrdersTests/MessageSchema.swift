import Foundation
import FoundationXML
import PaymentOrders

/// The parts of the two messages' schemas that an order may use, and all that may stand between them, written down from
/// the schemas and not from the writer.
struct MessageSchema {
    struct Part {
        let name: String
        let type: String
        let isNeeded: Bool
    }

    enum Content {
        case sequence([Part])
        case choice([Part])
        case text(ClosedRange<Int>)
        case pattern(String)
    }

    let types: [String: Content]
    let namespace: String

    init(_ version: PaymentOrderVersion) {
        let is2019 = version == .pain00100109
        namespace = "urn:iso:std:iso:20022:tech:xsd:" + (is2019 ? "pain.001.001.09" : "pain.001.001.03")
        // name:type, a question mark behind what may be missing; of two types the first is that of 2009.
        let sequences = [
            "Document": "CstmrCdtTrfInitn:Initiation",
            "Initiation": "GrpHdr:Header PmtInf:Instruction",
            "Header": "MsgId:35 CreDtTm:Time Authstn:-? NbOfTxs:Count CtrlSum:Sum? InitgPty:Party FwdgAgt:Agent?",
            "Instruction": """
            PmtInfId:35 PmtMtd:Method BtchBookg:Boolean? NbOfTxs:Count? CtrlSum:Sum? PmtTpInf:-? \
            ReqdExctnDt:\(is2019 ? "DayOrTime" : "Day") PoolgAdjstmntDt:Day? Dbtr:Party DbtrAcct:Account DbtrAgt:Agent \
            DbtrAgtAcct:Account? \(is2019 ? "InstrForDbtrAgt:140? " : "")UltmtDbtr:Party? ChrgBr:Charges? \
            ChrgsAcct:Account? ChrgsAcctAgt:Agent? CdtTrfTxInf:Transfer
            """,
            "Transfer": """
            PmtId:Identification PmtTpInf:-? Amt:Amount XchgRateInf:-? ChrgBr:Charges? ChqInstr:-? UltmtDbtr:Party? \
            IntrmyAgt1:Agent? IntrmyAgt1Acct:Account? CdtrAgt:Agent? CdtrAgtAcct:Account? Cdtr:Party? \
            CdtrAcct:Account? UltmtCdtr:Party? InstrForCdtrAgt:-? InstrForDbtrAgt:140? Purp:-? RgltryRptg:-? Tax:-? \
            RltdRmtInf:-? RmtInf:Remittance?
            """,
            "Identification": "InstrId:35? EndToEndId:35" + (is2019 ? " UETR:-?" : ""),
            "Party": "Nm:140? PstlAdr:-? Id:-? CtryOfRes:-? CtctDtls:-?",
            "Account": "Id:AccountId Tp:-? Ccy:Currency? Nm:70?" + (is2019 ? " Prxy:-?" : ""),
            "Other": "Id:34 SchmeNm:-? Issr:35?",
            "Agent": "FinInstnId:Institution BrnchId:-?",
            "Institution": is2019
                ? "BICFI:BIC? ClrSysMmbId:Member? LEI:-? Nm:140? PstlAdr:-? Othr:-?"
                : "BIC:BIC? ClrSysMmbId:Member? Nm:140? PstlAdr:-? Othr:-?",
            "Member": "ClrSysId:System? MmbId:35",
            "Remittance": "Ustrd:140? Strd:-?",
        ]
        let choices = [
            "DayOrTime": "Dt:Day DtTm:Time", "AccountId": "IBAN:IBAN Othr:Other", "System": "Cd:5 Prtry:35",
            "Amount": "InstdAmt:Money EqvtAmt:-",
        ]
        let patterns = [
            "Time": "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z?",
            "Day": "[0-9]{4}-[0-9]{2}-[0-9]{2}", "Count": "[0-9]{1,15}", "Sum": "[0-9]{1,16}\\.[0-9]{2}",
            "Money": "[0-9]{1,16}\\.[0-9]{2}", "Method": "CHK|TRF|TRA", "Boolean": "true|false|0|1",
            "Charges": "DEBT|CRED|SHAR|SLEV", "Currency": "[A-Z]{3}",
            "IBAN": "[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}",
            "BIC": is2019
                ? "[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?"
                : "[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?",
        ]
        var types: [String: Content] = [:]
        for (name, text) in sequences { types[name] = .sequence(Self.parts(text)) }
        for (name, text) in choices { types[name] = .choice(Self.parts(text)) }
        for (name, text) in patterns { types[name] = .pattern(text) }
        for longest in [5, 34, 35, 70, 140] { types["\(longest)"] = .text(1...longest) }
        self.types = types
    }

    private static func parts(_ text: String) -> [Part] {
        text.split(separator: " ").map { word in
            let isNeeded = !word.hasSuffix("?")
            let pair = word.split(separator: ":")
            return Part(
                name: String(pair[0]), type: String(isNeeded ? pair[1] : pair[1].dropLast()), isNeeded: isNeeded)
        }
    }

    /// What is wrong with the file; empty where it fits.
    func faults(in file: [UInt8]) -> [String] {
        // XMLDocument mends a file that ends too early.
        guard file.suffix(12).elementsEqual("</Document>\n".utf8),
            let document = try? XMLDocument(data: Data(file), options: [.nodePreserveWhitespace]),
            let root = document.rootElement()
        else { return ["it is not well-formed"] }
        var faults = root.name == "Document" ? [] : ["the root is \(root.name ?? "")"]
        if root.uri != namespace { faults.append("the name space is \(root.uri ?? "")") }
        check(root, "Document", "", &faults)
        return faults
    }

    private func check(_ element: XMLElement, _ type: String, _ path: String, _ faults: inout [String]) {
        let path = "\(path)/\(element.name ?? "")"
        let children = (element.children ?? []).compactMap { $0 as? XMLElement }
        let value = element.stringValue ?? ""
        let attributes = (element.attributes ?? []).map { "\($0.name ?? "")=\($0.stringValue ?? "")" }
        if attributes != (type == "Money" ? ["Ccy=CNY"] : []) { faults.append("\(path) has \(attributes)") }
        switch types[type] {
        case .text(let lengths):
            if !children.isEmpty || !lengths.contains(value.unicodeScalars.count) { faults.append("\(path): \(value)") }
        case .pattern(let pattern):
            if value.range(of: "^(\(pattern))$", options: .regularExpression) == nil {
                faults.append("\(path): \(value)")
            }
        case .choice(let parts):
            guard children.count == 1, let part = parts.first(where: { $0.name == children[0].name }) else {
                return faults.append("\(path): no choice")
            }
            check(children[0], part.type, path, &faults)
        case .sequence(let parts): check(children, parts, path, &faults)
        case nil: faults.append("\(path) has no type here")
        }
    }

    private func check(_ children: [XMLElement], _ parts: [Part], _ path: String, _ faults: inout [String]) {
        var rest = children[...]
        for part in parts {
            var count = 0
            while let child = rest.first, child.name == part.name {
                check(child, part.type, path, &faults)
                rest.removeFirst()
                count += 1
                if part.name != "CdtTrfTxInf" { break }
            }
            if count == 0, part.isNeeded { faults.append("\(path) lacks \(part.name)") }
        }
        if let extra = rest.first { faults.append("\(path)/\(extra.name ?? "") may not stand there") }
    }
}
