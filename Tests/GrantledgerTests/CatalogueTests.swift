import Catalogue
import Foundation
import LineProtocol
import Testing

@Suite struct CatalogueTests {
    private static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "deploy/catalogue/shanghai-2023.yaml")

    private static func shanghai() throws -> Catalogue {
        try Catalogue(yaml: String(contentsOf: path, encoding: .utf8))
    }

    // MARK: The catalogue of Shanghai, held against the policy's figures

    private static let districts = [
        "huangpu", "xuhui", "changning", "jingan", "putuo", "hongkou", "yangpu", "minhang", "baoshan", "jiading",
        "pudong", "jinshan", "songjiang", "qingpu", "fengxian", "chongming",
    ]

    @Test func theTenantsAreTheCityItsZonesAndItsDistricts() throws {
        let tenants = try Self.shanghai().requests.filter { $0.verb == .tenantCreate }
        #expect(tenants.compactMap { $0["tenant"] } == ["shanghai", "lingang", "zhangjiang"] + Self.districts)
        #expect(tenants.map { $0["parent"] } == [nil] + Array(repeating: "shanghai", count: 18))
    }

    /// scheme | section | subject | rate | rule | cap | window | governs | conditions | payers | authorities
    private static let instruments = """
        pilot-project | 2.3.7 | project | 50% | | 10000000 | P3Y | payment | filed | lingang | 5
        founder-rd-subsidy | 2.1.3 | company | tenant | | | P3Y | cost | founder-is-inventor | lingang | 6
        rd-enterprise-reward | 2.1.3 | company | tenant | | tenant | calendar-year | | | districts | 6
        acquisition-support | 2.2.4 | deal | 5% | exact | 5000000 | | | qualified | zhangjiang,lingang | 5
        platform-capability | 2.3.7 | platform | tenant | | tenant | calendar-year | | evaluated | districts,zhangjiang,lingang | 5
        proof-of-concept-fund | 2.3.7 | project | | | tenant | | | | * | 5
        first-of-kind | 2.3.8 | product | 30% | | 20000000 | | | qualified | * | 6
        scenario-award | 2.3.9 | project | 20% | | 8000000 | | | recognised | * | 4
        transformation-support | 2.4.11 | project | tenant | | tenant | | | recognised | * | 5
        standards-ip-award | 2.4.11 | item | | | 2000000 | | | | * | 5
        service-platform | 2.4.12 | platform | | | 2000000 | | | | * | 4
        innovation-voucher | 2.4.12 | company | tenant | | tenant | calendar-year | | listed | * | 4
        offshore-incubator | 2.4.13 | incubator | | | 2000000 | | | qualified | zhangjiang,lingang | 6
        restart-grant | 2.5.14 | team | | | 300000 | | | assessed | lingang | 4
        talent-award | 2.5.15 | person | | | 500000 | | | key-industry | * | 7
        talent-housing | 2.5.15 | person | tenant | | tenant | | | | * | 7
        hq-support | 2.1.1, 2.1.2 | company | tenant | | tenant | | | recognised | * | 7
        project-finance | 3.4 | project | tenant | | tenant | | | | * | 7
        insurance-compensation | 3.4 | policy | tenant | | tenant | | | | * | 7
        """.split(separator: "\n").map(String.init)

    @Test(arguments: instruments)
    func everyInstrumentHasItsFigures(row: String) throws {
        let cells = row.split(separator: "|", omittingEmptySubsequences: false).map { cell in
            let text = String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            return text.isEmpty ? nil : text.replacing("districts", with: Self.districts.joined(separator: ","))
        }
        let scheme = try #require(try Self.shanghai().requests.first { $0["scheme"] == cells[0] })
        let names = [
            "section", "subject-kind", "rate", "rate-rule", "cap", "window", "window-governs", "conditions", "payers",
        ]
        for (name, cell) in zip(names, cells.dropFirst()) { #expect(scheme[name] == cell, "\(name)") }
        #expect(scheme["authorities"]?.split(separator: ",").count.description == cells[10])
        #expect(scheme["version"] == "1")
        #expect(scheme["tenant"] == "shanghai")
    }

    @Test func thereAreNoOtherInstruments() throws {
        let schemes = try Self.shanghai().requests.filter { $0.verb == .schemePut }
        #expect(schemes.count == Self.instruments.count)
    }

    @Test func tenantsComeBeforeTheSchemesThatNameThem() throws {
        let verbs = try Self.shanghai().requests.map(\.verb)
        #expect(verbs.firstIndex(of: .schemePut) == verbs.count { $0 == .tenantCreate })
    }

    // MARK: What is wrong with a file

    private static let small = """
        catalogue: small
        owner: city
        tenants:
          - { tenant: city, name: 市 }
          - { tenant: zone, parent: city, name: 区 }
        tenant-groups:
          zones: [zone]
        authorities:
          science: 科委
        schemes:
          - scheme: pilot
            version: 1
            name: 中试
            subject-kind: project
            payers: [zones]
            authorities: [science]
        """

    @Test func aSmallCatalogueIsFine() throws {
        let catalogue = try Catalogue(yaml: Self.small)
        #expect(catalogue.name == "small")
        #expect(catalogue.requests.last?["payers"] == "zone")
        #expect(catalogue.requests.last?.raw.words.contains("name=中试") == true)
    }

    @Test(arguments: [
        ("version: 1", "version: one", "line 12, schemes[0].version: "),
        ("    version: 1\n", "", "schemes[0]: "),
        ("    version: 1\n", "    version: 1\n    rate: 150%\n", "line 13, schemes[0].rate: "),
        ("    version: 1\n", "    version: 1\n    cap: 10,000\n", "line 13, schemes[0].cap: "),
        ("    version: 1\n", "    version: 1\n    windows: P3Y\n", "line 13, schemes[0].windows: there is no such key"),
        ("[zones]", "[zone, pudong]", "line 15, schemes[0].payers: \"pudong\" is neither a tenant nor a tenant group"),
        ("[science]", "[finance]", "schemes[0].authorities: \"finance\" is not among the file's authorities"),
        ("parent: city", "parent: town", "tenants[1].parent: tenant \"town\" is not among the file's tenants"),
        ("owner: city", "owner: town", "line 2, owner: tenant \"town\" is not among"),
        ("zones: [zone]", "zones: [park]", "tenant-groups.zones: tenant \"park\" is not among"),
        ("tenant: zone, parent: city", "tenant: city", "tenants[1]: tenant city is declared at tenants[0] already"),
        ("catalogue: small", "catalog: small", "line 1, catalog: there is no such key"),
        ("name: 中试", "name: [", "this is not YAML"),
    ])
    func aMistakeIsToldWithItsPlace(original: String, mistake: String, message: String) {
        let yaml = Self.small.replacing(original, with: mistake)
        #expect(yaml != Self.small)
        let error = #expect(throws: CatalogueError.self) { try Catalogue(yaml: yaml) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func allMistakesAreToldAtOnce() {
        let yaml = Self.small.replacing("version: 1", with: "version: one").replacing(
            "owner: city", with: "owner: town")
        let error = #expect(throws: CatalogueError.self) { try Catalogue(yaml: yaml) }
        #expect(error?.problems.map(\.path) == ["owner", "schemes[0].version"])
    }
}
