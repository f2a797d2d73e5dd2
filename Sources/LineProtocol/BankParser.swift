import LedgerCore

/// Makes a request of the bank's side of its arguments, and judges what they must be to each other.
enum BankParser {
    static func request(_ arguments: Arguments) throws(Refusal) -> BankRequest {
        BankRequest(tenant: try arguments.text(.tenant), action: try action(arguments))
    }

    private static func action(_ arguments: Arguments) throws(Refusal) -> BankAction {
        switch arguments.spec.verb {
        case .fundPut:
            return .putFund(
                fund: try arguments.text(.fund), bank: try arguments.text(.bank), account: try account(arguments))
        case .statementPut: return .putStatement(try head(arguments))
        case .statementLine:
            return .putLine(
                account: try account(arguments), statement: try arguments.text(.statement),
                try entry(arguments))
        case .statementClose:
            return .closeStatement(account: try account(arguments), statement: try arguments.text(.statement))
        case .statements:
            return .statements(account: arguments.optionalText(.account).map(withoutSpaces), try page(arguments))
        case .paymentOrder:
            return .orderPayments(
                order: try arguments.text(.order), fund: try arguments.text(.fund), until: try arguments.day(.until))
        case .payments: return .payments(order: try arguments.text(.order), try page(arguments))
        case .reconcile:
            let terms = ReconcileTerms(
                tolerance: try arguments.amount(.tolerance), window: try arguments.number(.window),
                grace: try arguments.number(.grace))
            return .reconcile(terms, isDryRun: arguments.isYes(.dryRun))
        case .breaks:
            let filter = BreakFilter(
                kind: arguments.optionalText(.kind), olderThan: arguments.optionalNumber(.olderThan))
            return .breaks(filter, try page(arguments))
        case .breakHistory: return .breakHistory(Int64(try arguments.number(.breakNumber)))
        case .breakAssign:
            return .assignBreak(Int64(try arguments.number(.breakNumber)), owner: try arguments.text(.owner))
        case .breakResolve:
            return .resolveBreak(
                Int64(try arguments.number(.breakNumber)), try resolution(arguments),
                reason: try arguments.text(.reason))
        case .matches: return .matches(try page(arguments))
        case .matchUndo:
            return .undoMatch(Int64(try arguments.number(.match)), reason: try arguments.text(.reason))
        case .reconciliation: return .reconciliation(on: arguments.optionalDay(.on))
        default: throw .unknownCommand(arguments.spec.name)
        }
    }

    /// Accounts are written with and without spaces; here without.
    private static func account(_ arguments: Arguments) throws(Refusal) -> String {
        withoutSpaces(try arguments.text(.account))
    }

    private static func withoutSpaces(_ text: String) -> String { text.filter { $0 != " " } }

    private static func head(_ arguments: Arguments) throws(Refusal) -> StatementHead {
        let (from, to) = (try arguments.day(.from), try arguments.day(.to))
        guard from <= to else { throw .invalid("to", "to=\(to) is before from=\(from): a statement runs forwards") }
        let currency = try arguments.text(.currency)
        guard currency == "CNY" else {
            throw .invalid("currency", "currency=\(currency.quoted) is not kept here: the books are in CNY")
        }
        return StatementHead(
            account: try account(arguments), statement: try arguments.text(.statement),
            sequence: arguments.optionalNumber(.sequence), currency: currency, from: from, to: to,
            opening: try arguments.amount(.opening), closing: try arguments.amount(.closing),
            digest: arguments.optionalText(.digest))
    }

    private static func entry(_ arguments: Arguments) throws(Refusal) -> StatementEntry {
        var entry = StatementEntry(
            line: Int32(try arguments.number(.line)), booked: try arguments.day(.booked),
            amount: try arguments.amount())
        entry.value = arguments.optionalDay(.value)
        entry.reference = arguments.optionalText(.reference)
        entry.endToEnd = arguments.optionalText(.endToEnd)
        entry.text = arguments.optionalText(.text)
        entry.counterparty = arguments.optionalText(.counterparty)
        entry.counterpartyAccount = arguments.optionalText(.counterpartyAccount)
        entry.batch = arguments.optionalText(.batch)
        entry.transactions = Int32(try arguments.number(.transactions))
        entry.isReturn = arguments.isYes(.returned)
        entry.returns = arguments.optionalText(.returns)
        return entry
    }

    private static func resolution(_ arguments: Arguments) throws(Refusal) -> BreakResolution {
        let entry = arguments.optionalText(.entry)
        if arguments.isYes(.reopen) {
            guard entry == nil, !arguments.isGiven(.match) else {
                throw .invalid("reopen", "reopen=yes takes neither match nor entry: it takes back a note")
            }
            return .reopen
        }
        guard let texts = arguments.optionalList(.match) else { return entry.map { .entry($0) } ?? .note }
        guard entry == nil else {
            throw .invalid("entry", "match and entry cannot be given together: name one of them")
        }
        var breaks: [Int64] = []
        for text in texts {
            guard let number = DecimalText.natural(text.utf8), number > 0 else {
                throw .invalid("match", "match names \(text.quoted): expected numbers of breaks with commas between")
            }
            breaks.append(Int64(number))
        }
        return .match(breaks)
    }

    private static func page(_ arguments: Arguments) throws(Refusal) -> Page {
        Page(after: Int64(try arguments.number(.after)), limit: try arguments.number(.limit))
    }
}
