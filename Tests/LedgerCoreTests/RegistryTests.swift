import LedgerCore
import Testing

@Suite struct RegistryTests {
    /// 1 city, 2 and 3 zones below it, 4 a street below 2.
    private var registry: Registry {
        var registry = Registry(root: 1, version: 1)
        for (number, id, parent) in [(1, "city", nil), (2, "east", 1), (3, "west", 1), (4, "street", 2)]
            as [(Int32, String, Int32?)]
        {
            registry.add(Registry.Tenant(number: number, id: id, parent: parent, name: id))
        }
        return registry
    }

    @Test func lineagesGoFromTheNearestToTheRoot() {
        #expect(registry.lineage(of: 4) == [4, 2, 1])
        #expect(registry.lineage(of: 1) == [1])
        #expect(registry.lineage(of: 9) == [])
        #expect(
            registry.isWithin(4, 1) && registry.isWithin(4, 4) && !registry.isWithin(1, 4) && !registry.isWithin(4, 3))
        #expect(registry.tenant("street")?.number == 4)
        #expect(registry.tenant("nowhere") == nil)
    }

    @Test func theNearestSchemeIsFound() {
        var registry = registry
        let terms = SchemeTerms(name: "某政策", subjectKind: "project")
        registry.schemes[SchemeName(owner: 1, scheme: "s")] = [terms]
        registry.schemes[SchemeName(owner: 2, scheme: "s")] = [terms, terms]
        #expect(registry.scheme("s", seenFrom: 1)?.owner == 1)
        #expect(registry.scheme("s", seenFrom: 2)?.owner == 2)
        #expect(registry.scheme("s", seenFrom: 3)?.owner == 1)
        #expect(registry.scheme("s", seenFrom: 4)?.owner == 2)
        #expect(registry.scheme("t", seenFrom: 4) == nil)
        #expect(registry.newestVersion(of: SchemeName(owner: 2, scheme: "s")) == 2)
        #expect(registry.newestVersion(of: SchemeName(owner: 3, scheme: "s")) == 0)
    }

    @Test(arguments: [0, -1, 3, Int.max, Int.min + 1]) func versionsThatDoNotExistAreNil(_ version: Int) {
        var registry = registry
        let name = SchemeName(owner: 1, scheme: "s")
        let terms = SchemeTerms(name: "某政策", subjectKind: "project")
        registry.schemes[name] = [terms, terms]
        #expect(registry.terms(of: name, version: version) == nil)
        #expect(registry.terms(of: name, version: 2) == terms)
    }

    @Test(
        arguments: [
            // payers, owner, who is a payer, who is above one
            (nil, 1, [1, 2, 3, 4], [1, 2, 3, 4]), (nil, 2, [2, 4], [1, 2, 4]), (["street"], 1, [4], [1, 2, 4]),
            (["west"], 1, [3], [1, 3]), (["east", "west"], 1, [2, 3], [1, 2, 3]),
        ] as [([String]?, Int32, [Int32], [Int32])])
    func payersAndThoseAboveThem(_ payers: [String]?, _ owner: Int32, _ paying: [Int32], _ above: [Int32]) {
        let terms = SchemeTerms(name: "某政策", subjectKind: "project", payers: payers)
        #expect((1...4).filter { registry.isPayer($0, terms: terms, owner: owner) } == paying)
        #expect((1...4).filter { registry.isAncestorOfPayer($0, terms: terms, owner: owner) } == above)
    }
}
