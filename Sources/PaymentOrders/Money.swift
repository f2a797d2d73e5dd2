import LedgerCore

/// Amounts as the schema has them: at most 18 digits, two of them decimals.
enum Money {
    /// 10,000,000,000,000,000.00 yuan, which is one digit too many.
    static let limit = Amount(fen: 1_000_000_000_000_000_000)

    static func check(_ amount: Amount, _ field: String) throws(PaymentOrderError) {
        guard amount > .zero else {
            throw PaymentOrderError(
                .value, "\(field) is not above zero", value: amount.yuan, "leave out what is not to be paid")
        }
        guard amount < limit else {
            throw PaymentOrderError(
                .value, "\(field) has more than 18 digits", value: amount.yuan, "pay it in parts")
        }
    }

    /// nil where the sum is at ``limit`` or above.
    static func sum(_ left: Amount, _ right: Amount) -> Amount? {
        let (fen, overflows) = left.fen.addingReportingOverflow(right.fen)
        return overflows || fen >= limit.fen ? nil : Amount(fen: fen)
    }
}
