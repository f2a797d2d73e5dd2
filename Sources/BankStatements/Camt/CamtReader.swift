import Foundation
import FoundationXML

/// Follows the XML parser through a camt.053 file and hands on each entry at its end.
final class CamtReader: NSObject, XMLParserDelegate {
    private let currency: String
    private let receive: (StatementEvent) throws -> Void
    private let stream: GuardedStream

    /// The elements that are open, from `Document` on.
    private var open: [CamtElement] = []
    /// How many open elements below them are passed over.
    private var passedOver = 0
    private var text: [UInt8] = []
    /// Of the amount at hand.
    private var amountCurrency: String?

    private var statement: CamtStatement?
    private var entry: CamtEntry?
    private var statementCount = 0
    /// The last statement of each account in the file.
    private var places: [String: StatementPlace] = [:]
    private var failure: (any Error)?

    /// What the parser says after a refusal, by either side, is not heard.
    private var isReading: Bool { failure == nil && stream.failure == nil }

    /// So many, each a small thing that is kept for its successor, bound the memory.
    static let mostStatements = 10_000

    init(
        currency: String, chunks: @escaping StatementReader.Chunks, receive: @escaping (StatementEvent) throws -> Void
    ) {
        self.currency = currency
        self.receive = receive
        stream = GuardedStream(chunks)
    }

    func read() throws {
        let parser = XMLParser(stream: stream)
        parser.shouldProcessNamespaces = true
        parser.shouldResolveExternalEntities = false
        parser.delegate = self
        _ = parser.parse()
        if let failure = failure ?? stream.failure { throw failure }
        guard statementCount > 0 else {
            throw StatementError(.format, "there is no statement in the file", "give a camt.053 file")
        }
    }

    // MARK: From the parser

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        attempt(parser) { try begin(name, namespace: namespaceURI, attributes, line: parser.lineNumber) }
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        attempt(parser) { try end() }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        attempt(parser) { try take(string.utf8) }
    }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
        attempt(parser) { try take(block) }
    }

    func parser(_ parser: XMLParser, parseErrorOccurred problem: any Error) {
        guard isReading else { return }
        failure = Self.malformed(code: (problem as NSError).code, line: parser.lineNumber)
        parser.abortParsing()
    }

    private func attempt(_ parser: XMLParser, _ step: () throws -> Void) {
        guard isReading else { return }
        do {
            try step()
        } catch let error as StatementError {
            failure = error.at(parser.lineNumber)
            parser.abortParsing()
        } catch {
            failure = error
            parser.abortParsing()
        }
    }

    // MARK: Elements

    private func begin(_ name: String, namespace: String?, _ attributes: [String: String], line: Int) throws {
        guard passedOver == 0 else { return passedOver += 1 }
        guard let parent = open.last else {
            // What a bank wraps around the document, and the headers before it, are passed over.
            guard name == "Document" else { return }
            try CamtVersion.check(namespace)
            return open.append(.document)
        }
        guard let element = parent.children[name] else {
            guard open.count > 1 else { throw CamtVersion.wrong(name) }
            return passedOver = 1
        }
        open.append(element)
        text.removeAll(keepingCapacity: true)
        amountCurrency = attributes["Ccy"]
        switch element.field {
        case .statement:
            statementCount += 1
            guard statementCount <= Self.mostStatements else {
                throw StatementError(
                    .tooLarge, "there are more than \(Self.mostStatements) statements in the file", "split it")
            }
            statement = CamtStatement(line: line, currency: currency)
        case .balance: statement?.beginBalance()
        case .entry: entry = CamtEntry(line: line)
        case .transaction: try entry?.beginTransaction(line: line)
        case .returned: entry?.markReturned()
        default: break
        }
    }

    private func take(_ bytes: some Collection<UInt8>) throws(StatementError) {
        guard passedOver == 0, open.last?.field?.holdsText == true else { return }
        text += bytes
        // The guard bounds a text between two tags; elements that are passed over may cut one into many.
        guard text.count <= MarkupGuard.longestRun else {
            throw StatementError(
                .tooLarge, "a text of more than \(MarkupGuard.longestRun) bytes", "no statement needs as much")
        }
    }

    private func end() throws {
        guard passedOver == 0 else { return passedOver -= 1 }
        guard let element = open.popLast() else { return }
        let text = FieldText.normalized(String(decoding: text, as: UTF8.self))
        self.text.removeAll(keepingCapacity: true)
        switch element.field {
        case .statement: try endStatement()
        case .balance: try statement?.endBalance()
        case .entry: try endEntry()
        case .transaction, .returned, nil: break
        case .some(let field):
            guard let text else { return }
            if entry != nil {
                try entry?.fill(field, with: text, currency: amountCurrency, expected: currency)
            } else {
                try statement?.fill(field, with: text, currency: amountCurrency)
            }
        }
    }

    private func endEntry() throws {
        guard let ended = entry else { return }
        entry = nil
        guard try ended.isBooked() else {
            statement?.skippedEntries += 1
            return
        }
        for line in try ended.lines(account: statement?.account, currency: currency) {
            guard let numbered = statement?.assembly.add(line) else { continue }
            try receive(.line(numbered))
        }
    }

    private func endStatement() throws {
        guard let ended = statement else { return }
        statement = nil
        let proven = try ended.proven()
        if let previous = places[proven.account] { try proven.prove(follows: previous) }
        places[proven.account] = proven.place
        try receive(.statement(proven))
    }

    /// What libxml2 refused, by its number for it.
    private static func malformed(code: Int, line: Int) -> StatementError {
        let meaning =
            switch code {
            case 26: "an entity that is not declared"
            case 38...42, 65: "a wrong attribute"
            case 68: "a wrong name"
            case 73: "a tag that is not closed"
            case 76: "an end tag that does not fit its start tag"
            case 201: "a namespace prefix that is not declared"
            default: "libxml2 error \(code)"
            }
        return StatementError(.syntax, line: line, "this is not well-formed XML", value: meaning, "get the file again")
    }
}

/// Which messages are read.
enum CamtVersion {
    private static let prefix = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
    private static let versions = ["02", "03", "04", "05", "06", "07", "08"]

    /// A document without any namespace is read by its shape.
    static func check(_ namespace: String?) throws(StatementError) {
        guard let namespace, !namespace.isEmpty else { return }
        guard namespace.hasPrefix(prefix), versions.contains(String(namespace.dropFirst(prefix.count))) else {
            throw wrong(namespace)
        }
    }

    static func wrong(_ value: String) -> StatementError {
        StatementError(
            .format, "this is not a statement of camt.053.001.02 to .08", value: value,
            "ask the bank for camt.053, not camt.052 or camt.054")
    }
}
