package import LineProtocol

/// A policy catalogue: the tenants and schemes (and, where given, beneficiaries and parameters) that a YAML file
/// declares, as the requests that put them into a ledger.
///
/// Sending the requests of one catalogue twice changes nothing: each is a registration that may be sent again.
package struct Catalogue: Sendable {
    package let name: String
    /// In the order in which they must be sent: tenants, beneficiaries, schemes, parameters, each as the file has them.
    package let requests: [CatalogueRequest]

    /// Reads and checks the whole file. Throws the problems found, each with its line and its path in the file.
    package init(yaml: String) throws(CatalogueError) {
        var reader = CatalogueReader()
        let root = try reader.root(of: yaml)
        let context = reader.context(of: root)
        var requests: [CatalogueRequest] = []
        for section in CatalogueSection.all {
            requests += reader.requests(of: section, in: root, context: context)
        }
        reader.refuseDuplicates(in: requests)
        guard reader.problems.isEmpty else { throw CatalogueError(problems: reader.problems) }
        self.name = root.text(at: "catalogue") ?? ""
        self.requests = requests
    }
}

/// One request of a catalogue: a verb, its arguments in the verb's order, and what it is about.
package struct CatalogueRequest: Sendable, Hashable {
    package struct Argument: Sendable, Hashable {
        package let name: String
        package let value: String
    }

    package let verb: Verb
    package let arguments: [Argument]
    /// Where the file declares it: `schemes[4]`.
    package let path: String

    package subscript(name: String) -> String? {
        arguments.first { $0.name == name }?.value
    }

    /// For a parser: as if it had come over a connection.
    package var raw: RawRequest {
        RawRequest(verb: verb.rawValue, words: arguments.map { "\($0.name)=\($0.value)" })
    }

    /// What it is called in a report: `scheme pilot-project version 1`.
    package var title: String {
        switch verb {
        case .tenantCreate: "tenant \(self["tenant"] ?? "")"
        case .partyPut: "party \(self["party"] ?? "")"
        case .schemePut: "scheme \(self["scheme"] ?? "") version \(self["version"] ?? "")"
        default: "parameters of \(self["tenant"] ?? "") under \(self["scheme"] ?? "")"
        }
    }
}

/// What is wrong with a catalogue.
package struct CatalogueError: Error, Sendable, Hashable, CustomStringConvertible {
    package struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// Counted from 1; nil where the whole file is meant.
        package let line: Int?
        /// `schemes[4].cap`; empty where the whole file is meant.
        package let path: String
        package let message: String

        package var description: String {
            let place = [line.map { "line \($0)" }, path.isEmpty ? nil : path].compactMap(\.self).joined(
                separator: ", ")
            return place.isEmpty ? message : "\(place): \(message)"
        }
    }

    package let problems: [Problem]

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
