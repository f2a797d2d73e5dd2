/// A value of a reply. Amounts stay amounts until they are written, so that nobody formats them in two ways.
package enum JSONValue: Sendable, Hashable {
    case null
    case flag(Bool)
    case number(Int64)
    case text(String)
    case amount(Amount)
    case list([JSONValue])
    case object([Field])

    package static func day(_ day: Day) -> JSONValue { .text(day.description) }
    package static func optional(_ amount: Amount?) -> JSONValue { amount.map(JSONValue.amount) ?? .null }
    package static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.text) ?? .null }
    package static func texts(_ texts: some Sequence<String>) -> JSONValue { .list(texts.map(JSONValue.text)) }
}

/// A named value; a reply is a list of them, written in this order.
package struct Field: Sendable, Hashable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}
