import LedgerCore
import LineProtocol
import Yams

/// Walks the nodes of a catalogue and gathers what is wrong, so that one run tells as much of it as can be told.
struct CatalogueReader {
    private(set) var problems: [CatalogueError.Problem] = []

    private static let keys = ["catalogue", "owner", "tenant-groups", "authorities"] + CatalogueSection.all.map(\.name)

    private mutating func report(_ message: String, at path: String, _ node: Node? = nil) {
        problems.append(CatalogueError.Problem(line: node?.mark?.line, path: path, message: message))
    }

    // MARK: The file

    /// The mapping that the file consists of.
    mutating func root(of yaml: String) throws(CatalogueError) -> Node.Mapping {
        let node: Node?
        do {
            node = try compose(yaml: yaml)
        } catch {
            report("this is not YAML: \(error)", at: "")
            throw CatalogueError(problems: problems)
        }
        guard let root = node?.mapping else {
            report("a catalogue is a YAML mapping with the keys \(Self.keys.joined(separator: ", "))", at: "")
            throw CatalogueError(problems: problems)
        }
        refuseUnknown(in: root, known: Self.keys, at: "")
        return root
    }

    /// The tenants, groups and authorities that the items may name.
    mutating func context(of root: Node.Mapping) -> CatalogueContext {
        var context = CatalogueContext()
        context.tenants = Set((root["tenants"]?.sequence ?? []).compactMap { $0.mapping?.text(at: "tenant") })
        if let explained = root["authorities"]?.mapping {
            context.authorities = Set(explained.compactMap(\.key.string))
        }
        for (key, node) in root["tenant-groups"]?.mapping ?? [:] {
            let name = key.string ?? ""
            let path = "tenant-groups.\(name)"
            let members = (node.sequence ?? []).compactMap { $0.scalar?.string }
            if members.isEmpty { report("a tenant group is a list of tenants", at: path, node) }
            if context.tenants.contains(name) { report("a tenant has this name", at: path, key) }
            for member in members where !context.tenants.contains(member) {
                report("tenant \"\(member)\" is not among the file's tenants", at: path, node)
            }
            context.groups[name] = members
        }
        context.owner = root.text(at: "owner")
        if let owner = context.owner, !context.tenants.contains(owner) {
            report("tenant \"\(owner)\" is not among the file's tenants", at: "owner", root["owner"])
        }
        return context
    }

    // MARK: Its lists

    mutating func requests(
        of section: CatalogueSection, in root: Node.Mapping, context: CatalogueContext
    ) -> [CatalogueRequest] {
        guard let node = root[section.name] else { return [] }
        guard let items = node.sequence else {
            report("this must be a list", at: section.name, node)
            return []
        }
        return items.enumerated().compactMap { index, item in
            request(of: section, from: item, path: "\(section.name)[\(index)]", context: context)
        }
    }

    /// The request that an item becomes; nil where something is wrong with it, which is reported.
    private mutating func request(
        of section: CatalogueSection, from item: Node, path: String, context: CatalogueContext
    ) -> CatalogueRequest? {
        guard let mapping = item.mapping else {
            report("this must be a mapping with the keys \(section.keys.joined(separator: ", "))", at: path, item)
            return nil
        }
        let before = problems.count
        refuseUnknown(in: mapping, known: section.keys, at: path)
        let arguments = section.verb.spec.arguments.compactMap { argument -> CatalogueRequest.Argument? in
            let name = argument.name
            if let node = mapping[name] {
                return value(of: node, key: name, verb: section.verb, path: "\(path).\(name)", context: context)
                    .map { CatalogueRequest.Argument(name: name, value: $0) }
            }
            guard name == "tenant", section.verb == .schemePut, let owner = context.owner else { return nil }
            return CatalogueRequest.Argument(name: name, value: owner)
        }
        guard problems.count == before else { return nil }
        let request = CatalogueRequest(verb: section.verb, arguments: arguments, path: path)
        if case .failure(let refusal) = RequestParser.parse(request.raw, tenant: nil) {
            let argument = refusal.argument.flatMap { mapping[$0] == nil ? nil : $0 }
            report(
                refusal.message, at: argument.map { "\(path).\($0)" } ?? path, argument.flatMap { mapping[$0] } ?? item)
            return nil
        }
        return request
    }

    /// The value as the protocol writes it: a list joined by commas, tenant groups replaced by their members. nil where
    /// it refers to what is not there (reported), or is an empty list.
    private mutating func value(
        of node: Node, key: String, verb: Verb, path: String, context: CatalogueContext
    ) -> String? {
        var words: [String] = []
        for item in node.sequence.map(Array.init) ?? [node] {
            guard let word = item.scalar?.string else {
                report("this must be a text or a list of words", at: path, item)
                return nil
            }
            if let problem = context.problem(with: word, of: key, verb: verb) { report(problem, at: path, item) }
            words += key == "payers" ? context.groups[word] ?? [word] : [word]
        }
        return words.isEmpty ? nil : words.joined(separator: ",")
    }

    // MARK: What an item cannot tell by itself

    private mutating func refuseUnknown(in mapping: Node.Mapping, known: [String], at path: String) {
        for (key, _) in mapping where !known.contains(key.string ?? "") {
            let name = key.string ?? "?"
            let keyPath = path.isEmpty ? name : "\(path).\(name)"
            report("there is no such key; there are \(known.joined(separator: ", "))", at: keyPath, key)
        }
    }

    /// A tenant, scheme version or beneficiary declared twice would be refused by the ledger half-way through.
    mutating func refuseDuplicates(in requests: [CatalogueRequest]) {
        var first: [String: String] = [:]
        for request in requests {
            let identity = "\(request["tenant"] ?? "") \(request.title)"
            if let path = first[identity] {
                report("\(request.title) is declared at \(path) already", at: request.path)
            } else {
                first[identity] = request.path
            }
        }
    }
}

extension Node.Mapping {
    /// The scalar under `key`, as it is written.
    func text(at key: String) -> String? { self[key]?.scalar?.string }
}

extension Refusal {
    /// The argument that is wrong or missing.
    fileprivate var argument: String? {
        guard case .text(let name)? = fields.first(where: { $0.name == "argument" })?.value else { return nil }
        return name
    }
}
