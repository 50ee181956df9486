// swift-tools-version: 6.2
import PackageDescription

// The strictest settings the toolchain offers: a warning is an error, an import is internal unless
// it says otherwise, and a member is visible only through a module that the file itself imports.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")

/// One room of the building. `uses` lists other rooms; imports point down only (docs/ARCHITECTURE.md).
func room(_ name: String, uses: [String] = [], packages: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: uses.map { .init(stringLiteral: $0) } + packages, swiftSettings: strict)
}

func tests(_ name: String, uses: [String], packages: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: name, dependencies: uses.map { .init(stringLiteral: $0) } + packages, swiftSettings: strict)
}

let package = Package(
  name: "tongzhou",
  products: [
    .library(name: "TransparencyLog", targets: ["TransparencyLog"]),
    .library(name: "TongzhouClient", targets: ["TongzhouClient"]),
    .executable(name: "tongzhou", targets: ["tongzhou"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // The pure rooms: no clock, dice, file or socket (CONTRIBUTING.md, "Pure rooms").
    room("TransparencyLog", packages: [crypto]),
    room("Ledger", uses: ["TransparencyLog"], packages: [crypto, protobuf, collections]),
    room("Consortium", uses: ["Ledger", "TransparencyLog"], packages: [protobuf]),
    room("MutualAid", uses: ["Ledger", "Consortium", "TransparencyLog"], packages: [protobuf]),

    room("Storage", uses: ["Ledger", "TransparencyLog"]),
    room(
      "TongzhouClient", uses: ["TransparencyLog", "Ledger", "Consortium", "MutualAid"],
      packages: [crypto, protobuf, yaml]),
    room("Simulator", uses: ["Ledger", "TransparencyLog", "Consortium", "MutualAid"], packages: [crypto]),
    .executableTarget(
      name: "tongzhou",
      dependencies: [
        "TransparencyLog", "Ledger", "Consortium", "MutualAid", "Storage", "TongzhouClient", "Simulator",
        arguments,
      ],
      swiftSettings: strict),

    room("TestSupport", uses: ["TransparencyLog", "Ledger", "Consortium", "MutualAid"], packages: [crypto]),
    // For a test that runs one history in two processes.
    .executableTarget(
      name: "history-probe",
      dependencies: ["TestSupport", "MutualAid", "Consortium", "Ledger", "TransparencyLog"],
      path: "Sources/HistoryProbe", swiftSettings: strict),
    tests("TransparencyLogTests", uses: ["TransparencyLog", "TestSupport"], packages: [crypto]),
    tests("LedgerTests", uses: ["Ledger", "TransparencyLog", "TestSupport"], packages: [crypto, protobuf]),
    tests("ConsortiumTests", uses: ["Consortium", "Ledger", "TransparencyLog", "TestSupport"]),
    tests("MutualAidTests", uses: ["MutualAid", "Consortium", "Ledger", "TransparencyLog", "TestSupport"]),
    tests(
      "SimulatorTests", uses: ["Simulator", "MutualAid", "Consortium", "Ledger", "TransparencyLog", "TestSupport"]),
    tests(
      "CommandTests",
      uses: [
        "Simulator", "Storage", "TongzhouClient", "MutualAid", "Consortium", "Ledger", "TransparencyLog", "TestSupport",
        "tongzhou", "history-probe",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
