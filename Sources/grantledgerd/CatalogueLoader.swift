import Catalogue
import FoundationEssentials
import LedgerCore
import LedgerServer
import LineProtocol
import Logging

/// Puts the policy catalogue into the books at the start.
struct CatalogueLoader: Sendable {
    private let catalogue: Catalogue
    private let logger: Logger

    /// Throws `StartFailure` where the file cannot be read or has mistakes.
    init(file: String, logger: Logger) throws {
        self.logger = logger
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw StartFailure("cannot read the catalogue \(file)")
        }
        do {
            catalogue = try Catalogue(yaml: String(decoding: bytes, as: UTF8.self))
        } catch {
            let problems = error.problems.map(\.description).joined(separator: "; ")
            throw StartFailure("the catalogue \(file) has mistakes: \(problems)")
        }
    }

    /// Sends each request, and judges its reply. What stands otherwise is left as it is: people have changed it since.
    func load(into ledger: Ledger) async throws {
        let facts = ServerFacts(version: Daemon.version, processID: 0, tcpPort: nil, uptimeSeconds: 0)
        let session = Session(
            ConnectionFacts(id: 0, address: "catalogue"), native: .local, principals: ledger.principals,
            server: { facts }, limits: ledger.limits)
        var conversation = Conversation(session, ledger: ledger, status: { [] })
        let requests = try await wanted(&conversation)
        var replies: [Reply] = []
        _ = try await conversation.answer(requests.map { .request($0.raw) }) { replies += $0 }
        for (request, reply) in zip(requests, replies) {
            guard let refusal = reply.refusal else { continue }
            guard refusal.code == .exists else {
                throw StartFailure(
                    "the catalogue's \(request.title) was refused: \(refusal.code.name) \(refusal.message)")
            }
            logger.warning(
                "the books differ from the catalogue and were left alone",
                metadata: ["subject": "\(request.title)", "reason": "\(refusal.message)"])
        }
        logger.info(
            "the catalogue stands", metadata: ["catalogue": "\(catalogue.name)", "requests": "\(requests.count)"])
    }

    /// All requests where its first tenant is new. Later starts leave out those that would replace what people have set
    /// meanwhile.
    private func wanted(_ conversation: inout Conversation) async throws -> [CatalogueRequest] {
        guard let tenant = catalogue.requests.first?["tenant"] else { return [] }
        var replies: [Reply] = []
        _ = try await conversation.answer([.request(RawRequest(verb: "USE", words: ["tenant=\(tenant)"]))]) {
            replies += $0
        }
        guard replies.first?.refusal?.code != .notFound else { return catalogue.requests }
        return catalogue.requests.filter { $0.verb != .partyPut && $0.verb != .schemeSet }
    }
}
