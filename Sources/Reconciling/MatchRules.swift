package import LedgerCore

/// How far a line may be from its payment.
package struct MatchRules: Sendable, Equatable {
    /// The most that a line and its payment may differ by where the reference agrees.
    package var tolerance: Amount
    /// The most days between the payment's date and the booking, either way, where no reference agrees.
    package var window: Int
    /// For so many days after its date an unpaid payment is only a matter of timing.
    package var grace: Int

    package init(tolerance: Amount = .zero, window: Int = 5, grace: Int = 5) {
        self.tolerance = tolerance
        self.window = window
        self.grace = grace
    }
}

/// Why a match was made. The raw values are stored.
package enum MatchRule: Int16, Sendable, CaseIterable {
    /// The reference and the amount agree, or the batch and the sum.
    case reference = 1
    /// The reference agrees, the amount within the tolerance.
    case tolerance = 2
    /// The amount and the other side's account agree, and the days within the window.
    case beneficiary = 3
    /// A person has said so; the matcher never does.
    case byHand = 4

    package var word: String {
        switch self {
        case .reference: "reference"
        case .tolerance: "tolerance"
        case .beneficiary: "beneficiary"
        case .byHand: "by-hand"
        }
    }
}
