import ArgumentParser
import LedgerCore
import LineProtocol

/// `grantledger verify EXPORT --public-key KEY`
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove an exported journal, without daemon and database.",
        discussion: """
            Proves that the entries of an export are those that were posted, all of them and in their order: each \
            carries a hash over its content and the entry before it, and seals, signed with the daemon's key, stand \
            for the hashes. Says up to where the journal is sealed, and when; what was posted later, the chain of \
            hashes alone holds. The first line's exported-at is not proved.

            The daemon writes its public key to DIR/seal.pub, where DIR is its --data, as PEM that openssl reads \
            ('openssl pkey -pubin -in seal.pub -text'). Take it once, from somebody whom you trust, and keep it.

            Anybody can cut an export back to an earlier entry, and whoever has the daemon's private key can write a \
            whole journal anew. So keep a seal from each visit ('grantledger seal --tenant T --json'), and name it \
            here the next time with --seal: a journal that lacks what was sealed then is refused.

            Exit codes: 0 proved, 1 not proved (the first wrong entry is on standard error), 64 misused.
            """)

    @Argument(help: "What 'grantledger export' wrote; - is standard input.", completion: .file())
    var export: String

    @Option(
        help: ArgumentHelp("The key of the daemon, in hexadecimal digits or as a file (PEM).", valueName: "file|hex"),
        completion: .file())
    var publicKey: String

    @Option(
        help: "A file with a seal that you got earlier: a reply of SEAL, or that line of an older export.",
        completion: .file())
    var seal: String?

    func run() async throws {
        let key = try SealKey(argument: publicKey)
        let witness = try seal.map { path throws(Misuse) in try Self.seal(in: path) }
        let file = try export == "-" ? InputFile.standardInput() : InputFile(path: export, role: "the export")
        var progress = LongRun()
        defer { progress.finish() }
        let verifier = Verifier(key: key, witness: witness, progress: { progress.update($0, "entries") })
        let proved = try await verifier.prove(ExportBlocks { try file.next() })
        progress.finish()
        Terminal.write(proved.lines)
    }

    private static func seal(in path: String) throws(Misuse) -> JournalSeal {
        let text = try InputFile.text(path: path, role: "the seal")
        guard let json = try? JSONText(text), let seal = JournalSeal(json["seal"] ?? json) else {
            throw Misuse("the seal \(path) is none: expected the JSON of a reply of SEAL, or that line of an export")
        }
        return seal
    }
}
