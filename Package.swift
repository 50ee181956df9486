// swift-tools-version: 6.2
import PackageDescription

// `Scripts/fuzz` sets this to libFuzzer's archive and builds in a folder of its own. Our code is then compiled with
// counters that libFuzzer reads, and Tests/FuzzTests becomes a program instead of tests. The compiler may not link
// with libFuzzer's own archive, since SwiftPM calls `main` by another name.
let fuzzer = Context.environment["TONGZHOU_FUZZER"]
let counters: [SwiftSetting] = fuzzer == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer"])]

// `make sanitize` sets this to `thread`; its tests then get a target that lets the sanitizer see the locks of Mutex.
let sanitized: [Target.Dependency] =
  Context.environment["TONGZHOU_SANITIZER"] == "thread" ? ["CThreadSanitizer"] : []

// The strictest settings the toolchain offers: a warning is an error, an import is internal unless
// it says otherwise, and a member is visible only through a module that the file itself imports.
let strict: [SwiftSetting] =
  counters + [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
  ]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let database = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let certificates = Target.Dependency.product(name: "X509", package: "swift-certificates")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let tls = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let csv = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")

/// One room of the building. `uses` lists other rooms; imports point down only (docs/ARCHITECTURE.md).
func room(_ name: String, uses: [String] = [], packages: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: uses.map { .init(stringLiteral: $0) } + packages, swiftSettings: strict)
}

/// Tests of a room. Those that wait for servers, disks and programs more than they compute are compiled without
/// optimisation, which costs the compiler most; the rooms that they call are as fast as ever.
func tests(
  _ name: String, uses: [String], packages: [Target.Dependency] = [], areOptimised: Bool = true
) -> Target {
  .testTarget(
    name: name, dependencies: uses.map { .init(stringLiteral: $0) } + packages + sanitized,
    swiftSettings: strict + (areOptimised ? [] : [.unsafeFlags(["-Onone"])]))
}

/// A program that shows how the client is used (Examples/README.md); it imports what the product offers, no more.
func example(_ name: String, in folder: String) -> Target {
  .executableTarget(
    name: name,
    dependencies: [
      "TongzhouClient", "Contracts", "HeartChain", "MutualAid", "Consortium", "Ledger", "TransparencyLog",
    ], path: "Examples/\(folder)", swiftSettings: strict)
}

/// The fuzz targets: tests that try each with a few inputs, or the program that libFuzzer drives.
func fuzzing(uses: [String], packages: [Target.Dependency]) -> Target {
  let dependencies = uses.map { Target.Dependency(stringLiteral: $0) } + packages
  guard let fuzzer else {
    return .testTarget(
      name: "FuzzTests", dependencies: dependencies + sanitized, exclude: ["Driver.swift"], swiftSettings: strict)
  }
  return .executableTarget(
    name: "fuzz", dependencies: dependencies, path: "Tests/FuzzTests", exclude: ["FuzzTargetTests.swift"],
    swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])],
    linkerSettings: [.unsafeFlags([fuzzer, "-Xlinker", "-lstdc++"])])
}

let package = Package(
  name: "tongzhou",
  products: [
    .library(name: "TransparencyLog", targets: ["TransparencyLog"]),
    // What the client hands out is made of the rooms below it, so that whoever uses it imports these, too.
    .library(
      name: "TongzhouClient",
      targets: [
        "TongzhouClient", "Contracts", "HeartChain", "MutualAid", "Consortium", "Ledger", "TransparencyLog",
      ]),
    .executable(name: "tongzhou", targets: ["tongzhou"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", exact: "0.10.0"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
    .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
    .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: ["YAML"]),
  ],
  targets: [
    // The pure rooms: no clock, dice, file or socket (CONTRIBUTING.md, "Pure rooms").
    // One function of the BoringSSL in swift-crypto that swift-crypto itself does not offer (docs/adr/0006).
    .target(name: "CSHA256", dependencies: [crypto]),
    room("TransparencyLog", uses: ["CSHA256"], packages: [crypto]),
    room("Ledger", uses: ["TransparencyLog"], packages: [crypto, protobuf, collections]),
    room("Consortium", uses: ["Ledger", "TransparencyLog"], packages: [protobuf]),
    room("MutualAid", uses: ["Ledger", "Consortium", "TransparencyLog"], packages: [protobuf]),
    room("HeartChain", uses: ["Ledger", "Consortium", "TransparencyLog"], packages: [protobuf, heap]),
    room("Contracts", uses: ["HeartChain", "MutualAid", "Consortium", "Ledger", "TransparencyLog"]),

    room("Storage", uses: ["Ledger", "TransparencyLog"], packages: [database, sqlite]),
    room("Vault", packages: [crypto]),
    room("Credentials", uses: ["CZlib"], packages: [jwt, crypto]),
    room("Exchange", uses: ["HeartChain", "Consortium", "Ledger", "TransparencyLog"], packages: [crypto]),
    room(
      "Node",
      uses: [
        "Storage", "TongzhouClient", "Contracts", "HeartChain", "MutualAid", "Consortium", "Ledger", "TransparencyLog",
      ],
      packages: [logging, metrics, lifecycle]),
    // zlib, for gzip: `deflateInit2` is a macro in C, so it gets a function.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
    .target(
      name: "Server",
      dependencies: [
        "Node", "Storage", "TongzhouClient", "Credentials", "Exchange", "Contracts", "HeartChain", "MutualAid",
        "Consortium", "Ledger", "TransparencyLog", hummingbird, hummingbirdTLS, mustache, logging, metrics, lifecycle,
        certificates, crypto, asn1, tls,
      ],
      resources: [.copy("Resources"), .copy("Texts/texts.json"), .copy("Templates"), .copy("Assets")],
      swiftSettings: strict),
    room(
      "TongzhouClient",
      uses: [
        "TransparencyLog", "Ledger", "Consortium", "MutualAid", "HeartChain", "Contracts", "Vault", "CZlib",
        "CQREncode",
      ],
      packages: [crypto, protobuf, yaml, csv, httpClient]),
    room(
      "Simulator", uses: ["Ledger", "TransparencyLog", "Consortium", "MutualAid", "HeartChain", "Contracts"],
      packages: [crypto]),
    // glibc's allocator has settings that the Foundation of Linux does not show.
    .target(name: "CMalloc"),
    .executableTarget(
      name: "tongzhou",
      dependencies: [
        "CMalloc",
        "TransparencyLog", "Ledger", "Consortium", "MutualAid", "HeartChain", "Contracts", "Storage", "Vault",
        "Credentials", "Exchange", "TongzhouClient", "Simulator", "Node", "Server", arguments, crypto, httpClient,
        hummingbird, logging, metrics, lifecycle, signals,
        configuration, yaml,
      ],
      swiftSettings: strict),

    .target(name: "CThreadSanitizer"),
    room(
      "TestSupport",
      uses: ["TransparencyLog", "Ledger", "Consortium", "MutualAid", "HeartChain", "Contracts", "Storage"],
      packages: [crypto]),
    // For a test that runs one history in two processes.
    .executableTarget(
      name: "history-probe",
      dependencies: [
        "Simulator", "TongzhouClient", "TestSupport", "Contracts", "HeartChain", "MutualAid", "Consortium", "Ledger",
        "TransparencyLog",
      ],
      path: "Sources/HistoryProbe", swiftSettings: strict),
    example("check-proof", in: "CheckProof"),
    example("join-plan", in: "JoinPlan"),
    example("follow-settlements", in: "FollowSettlements"),
    example("check-gifts", in: "CheckGifts"),
    tests("TransparencyLogTests", uses: ["TransparencyLog", "TestSupport"], packages: [crypto]),
    tests("LedgerTests", uses: ["Ledger", "TransparencyLog", "TestSupport"], packages: [crypto, protobuf]),
    tests("ConsortiumTests", uses: ["Consortium", "Ledger", "TransparencyLog", "TestSupport"]),
    tests(
      "ServerTests",
      uses: [
        "Server", "Node", "Storage", "TongzhouClient", "Credentials", "Exchange", "Contracts", "HeartChain",
        "MutualAid", "Consortium", "Ledger", "TransparencyLog", "TestSupport",
      ], packages: [hummingbird, hummingbirdTesting, mustache, metrics, logging, lifecycle, yaml, certificates, asn1],
      areOptimised: false),
    tests("CredentialsTests", uses: ["Credentials", "TestSupport"], packages: [crypto, jwt]),
    tests(
      "ExchangeTests", uses: ["Exchange", "HeartChain", "Consortium", "Ledger", "TransparencyLog", "TestSupport"]),
    tests("HeartChainTests", uses: ["HeartChain", "Consortium", "Ledger", "TransparencyLog", "TestSupport"]),
    tests(
      "MutualAidTests", uses: ["Contracts", "MutualAid", "Consortium", "Ledger", "TransparencyLog", "TestSupport"]),
    tests(
      "SimulatorTests",
      uses: [
        "Simulator", "TongzhouClient", "Contracts", "HeartChain", "MutualAid", "Consortium", "Ledger",
        "TransparencyLog", "TestSupport",
      ]),
    tests(
      "NodeTests",
      uses: [
        "Node", "Storage", "TongzhouClient", "Contracts", "HeartChain", "MutualAid", "Consortium", "Ledger",
        "TransparencyLog", "TestSupport",
      ], packages: [logging], areOptimised: false),
    fuzzing(
      uses: [
        "Node", "Storage", "Vault", "Credentials", "Exchange", "TongzhouClient", "Contracts", "HeartChain",
        "MutualAid", "Consortium", "Ledger", "TransparencyLog", "TestSupport",
      ], packages: [protobuf]),
    tests("StorageTests", uses: ["Storage", "Ledger", "TransparencyLog", "TestSupport"]),
    tests("VaultTests", uses: ["Vault", "Storage", "TongzhouClient", "Ledger", "TransparencyLog", "TestSupport"]),
    tests(
      "CommandTests",
      uses: [
        "Simulator", "Server", "Node", "Storage", "Vault", "Credentials", "Exchange", "TongzhouClient", "Contracts",
        "HeartChain", "MutualAid", "Consortium", "Ledger", "TransparencyLog", "TestSupport", "tongzhou",
        "history-probe", "check-proof", "join-plan", "follow-settlements", "check-gifts",
      ], packages: [hummingbird, logging, lifecycle, protobuf], areOptimised: false),
  ],
  swiftLanguageModes: [.v6]
)
