import LedgerCore
import Testing

/// What the books do wrong today. When one of these begins to pass, take its mark away and move it to where it belongs.
@Suite struct KnownIssueTests {
    /// A tenant that is made in a voucher may speak in the same voucher, and needs what its ancestors have.
    @Test func aTenantMadeInAVoucherTouchesWhatItNeeds() throws {
        let registry = try TestBooks(Town.tenants, Town.schemes).books.registry
        let lines = ["yangpu: TENANT.CREATE 杨浦 parent=shanghai", "yangpu: SUBJECT.OPEN capped C1 Acme 2023-06-01"]
        let envelopes = try lines.map { line in
            Envelope(command: try ScriptLine(line, tenant: "").command(key: "k"), principal: "tester")
        }
        withKnownIssue("commands of a tenant that the voucher creates touch nothing") {
            let touch = Touch(of: [.group(envelopes)], registry: registry)
            #expect(touch.subjects.map(\.subject) == ["C1"])
            #expect(touch.parties.contains(PartyName(owner: registry.root, party: "Acme")))
        }
    }
}
