import Reconciling

extension BreakKind {
    /// As the page shows it.
    var name: StaticString {
        switch self {
        case .missingInBank: "missing in bank"
        case .missingInLedger: "missing in ledger"
        case .amount: "amount"
        case .duplicate: "duplicate"
        case .ambiguous: "ambiguous"
        case .timing: "timing"
        }
    }
}
