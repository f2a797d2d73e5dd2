// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors where it counts; at a desk a half-written thought may still compile.
let strict: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + strict

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// One target for each step that a request takes, in the order of the steps. A target depends on those above it alone.
let package = Package(
    name: "grantledger",
    products: [
        .executable(name: "grantledgerd", targets: ["grantledgerd"]),
        .executable(name: "grantledger", targets: ["grantledger"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .target(name: "LedgerCore", swiftSettings: settings),
        .target(name: "LineProtocol", dependencies: ["LedgerCore"], swiftSettings: settings),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "Postgres", dependencies: ["CLibPQ"], swiftSettings: settings),
        .target(
            name: "LedgerSchema", path: "SQL", exclude: ["roles.sql", "invariants.sql"],
            resources: [
                .embedInCode("migrations/0001_books.sql"), .embedInCode("migrations/0002_payees.sql"),
                .embedInCode("migrations/0003_principals.sql"), .embedInCode("migrations/0004_reporting.sql"),
                .embedInCode("migrations/0005_reporting_paths.sql"), .embedInCode("migrations/0006_known_rows.sql"),
                .embedInCode("migrations/0007_returns.sql"), .embedInCode("migrations/0008_bank.sql"),
                .embedInCode("migrations/0009_write_path.sql"),
            ],
            swiftSettings: settings),
        .target(name: "Reconciling", dependencies: ["LedgerCore"], swiftSettings: settings),
        .target(
            name: "LedgerStore", dependencies: ["LedgerCore", "LedgerSchema", "Postgres", "Reconciling", crypto],
            swiftSettings: settings),
        .target(
            name: "LedgerServer",
            dependencies: [
                "LedgerCore", "LineProtocol", "LedgerStore", crypto, lifecycle, logging, nioCore, nioPosix, nioSSL,
                asn1,
            ],
            swiftSettings: settings),
        .target(name: "Catalogue", dependencies: ["LineProtocol", "LedgerCore", yams], swiftSettings: settings),
        .executableTarget(
            name: "grantledgerd",
            dependencies: [
                "Catalogue", "LedgerCore", "LedgerServer", "LedgerStore", "LineProtocol", argumentParser, crypto,
                lifecycle, logging, subprocess, systemPackage, unixSignals,
            ], swiftSettings: settings),
        .target(
            name: "BankStatements", dependencies: ["LedgerCore", crypto, yams], swiftSettings: settings),
        .target(name: "ReconciliationPage", dependencies: ["LedgerCore", "Reconciling"], swiftSettings: settings),
        .target(name: "PaymentOrders", dependencies: ["LedgerCore"], swiftSettings: settings),
        .target(name: "BookExport", dependencies: ["LedgerCore", "LineProtocol", crypto], swiftSettings: settings),
        .target(
            name: "CommandLineTool",
            dependencies: [
                "BankStatements", "BookExport", "Catalogue", "LedgerCore", "LineProtocol", "PaymentOrders",
                "ReconciliationPage", "Reconciling", argumentParser, crypto, histogram, nioCore, nioPosix, nioSSL,
                nioTLS,
            ],
            swiftSettings: settings),
        .executableTarget(name: "grantledger", dependencies: ["CommandLineTool"], swiftSettings: settings),

        .target(
            name: "TestKit", dependencies: ["LedgerCore", "LineProtocol"], path: "Tests/TestKit",
            swiftSettings: settings),
        .testTarget(name: "LedgerCoreTests", dependencies: ["LedgerCore"], swiftSettings: settings),
        .testTarget(name: "LineProtocolTests", dependencies: ["LineProtocol", "LedgerCore"], swiftSettings: settings),
        .testTarget(
            name: "BankStatementsTests", dependencies: ["BankStatements", "LedgerCore"], swiftSettings: settings),
        .testTarget(name: "ReconcilingTests", dependencies: ["Reconciling", "LedgerCore"], swiftSettings: settings),
        .testTarget(
            name: "BookExportTests", dependencies: ["BookExport", "LedgerCore", "LineProtocol", crypto],
            swiftSettings: settings),
        .testTarget(
            name: "PaymentOrdersTests", dependencies: ["PaymentOrders", "LedgerCore"], swiftSettings: settings),
        .testTarget(
            name: "ReconciliationPageTests", dependencies: ["ReconciliationPage", "Reconciling", "LedgerCore"],
            swiftSettings: settings),
        .testTarget(
            name: "GrantledgerTests",
            dependencies: [
                "Catalogue", "CommandLineTool", "LedgerCore", "LineProtocol", "TestKit", argumentParser, crypto,
                nioCore, nioPosix, nioSSL,
            ],
            swiftSettings: settings),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres"], swiftSettings: settings),
        .testTarget(
            name: "LedgerStoreTests",
            dependencies: [
                "LedgerCore", "LedgerSchema", "LedgerStore", "LineProtocol", "Postgres", "Reconciling", "TestKit",
                crypto,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "LedgerServerTests",
            dependencies: ["LedgerCore", "LedgerServer", "LineProtocol", "TestKit", lifecycle, logging],
            swiftSettings: settings),
        .testTarget(
            name: "SimulationTests", dependencies: ["LedgerCore", "LedgerServer", "LineProtocol", "TestKit", logging],
            swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests", dependencies: ["LedgerCore", "LineProtocol", "Postgres", "TestKit"],
            swiftSettings: settings),
    ]
)
