/// Why an order is not written: in which payment and field, what is wrong, the value, and what to do; a single line.
///
/// The file is not whole then, and must not be kept: it lacks its end, so that no bank would read it either.
package struct PaymentOrderError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Nothing stands where something must.
        case missing
        case tooLong
        /// A character that may not stand there.
        case character
        /// Something that is not a date, a time or an amount as the schema has them.
        case value
        /// A reference that an earlier payment of the order has.
        case duplicate
        /// The payments are not as many as the order said.
        case count
        /// The payments do not sum to what the order said.
        case sum
    }

    /// Which payment, and the reference that it has.
    package struct Place: Sendable, Hashable {
        /// Counted from 1.
        package let number: Int
        package let reference: String
    }

    package let kind: Kind
    /// nil where the order itself is wrong.
    package internal(set) var payment: Place?
    package let problem: String
    package let value: String?
    package let remedy: String

    init(_ kind: Kind, _ problem: String, value: String? = nil, _ remedy: String) {
        self.kind = kind
        self.problem = problem
        self.value = value
        self.remedy = remedy
    }

    package var description: String {
        let place = payment.map { "payment \($0.number) (\(Self.quoted($0.reference))): " } ?? "the order: "
        let shown = value.map { ": \(Self.quoted($0))" } ?? ""
        return "\(place)\(problem)\(shown); \(remedy)"
    }

    /// This error, in the payment at `place`.
    func at(_ place: Place) -> PaymentOrderError {
        var placed = self
        placed.payment = place
        return placed
    }

    /// At most 60 characters, and nothing in them that would begin a new line or move a cursor.
    static func quoted(_ value: String) -> String {
        var shown = "\""
        for (count, scalar) in value.unicodeScalars.enumerated() {
            if count == 60 { return shown + "…\"" }
            if FieldRules.isPrintable(scalar) {
                shown.unicodeScalars.append(scalar)
            } else {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return shown + "\""
    }
}
