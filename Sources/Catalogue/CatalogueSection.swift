import LineProtocol

/// A list of a catalogue, and the verb that each of its items becomes. The keys of an item are the verb's arguments.
struct CatalogueSection {
    let name: String
    let verb: Verb
    /// Keys for readers of the file; never sent.
    let remarks: [String]

    /// In the order in which a ledger must learn them: a scheme names tenants, a parameter names both.
    static let all = [
        CatalogueSection(name: "tenants", verb: .tenantCreate, remarks: []),
        CatalogueSection(name: "parties", verb: .partyPut, remarks: []),
        CatalogueSection(name: "schemes", verb: .schemePut, remarks: ["basis", "reading"]),
        CatalogueSection(name: "parameters", verb: .schemeSet, remarks: []),
    ]

    var keys: [String] { verb.spec.arguments.map(\.name) + remarks }
}

/// What the items of a catalogue refer to.
struct CatalogueContext {
    /// Stands for `tenant` in schemes that name none.
    var owner: String?
    var tenants: Set<String> = []
    /// Names for several tenants, in `payers`.
    var groups: [String: [String]] = [:]
    /// nil where the file does not explain its authorities.
    var authorities: Set<String>?

    /// What is wrong with one word of `key`, as far as it refers to something else in the file.
    func problem(with word: String, of key: String, verb: Verb) -> String? {
        switch key {
        case "tenant" where verb != .tenantCreate, "parent":
            tenants.contains(word) ? nil : "tenant \"\(word)\" is not among the file's tenants"
        case "payers":
            word == "*" || tenants.contains(word) || groups[word] != nil
                ? nil : "\"\(word)\" is neither a tenant nor a tenant group of this file"
        case "authorities":
            authorities?.contains(word) == false ? "\"\(word)\" is not among the file's authorities" : nil
        default:
            nil
        }
    }
}
