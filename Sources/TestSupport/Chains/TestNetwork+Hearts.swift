internal import Consortium
public import HeartChain
public import Ledger
internal import TransparencyLog

/// The kinds of gifts of a test network's chain of hearts, by ordinal.
public enum TestKind: UInt16, Sendable, CaseIterable {
  /// Money, in fen.
  case money
  /// Rice and oil, in grams.
  case rice, oil
  /// Trees.
  case tree
  /// A lesson that somebody gives, counted by attendance.
  case lesson
  /// Milk, in millilitres.
  case milk

  /// Its record, as the genesis has it.
  public var record: GiftKindRecord {
    let (category, unit, hearts, points): (GiftCategory, GiftUnit, UInt32, UInt32) =
      switch self {
      case .money: (.money, .fen, 1000, 10)
      case .rice: (.goods, .gram, 1000, 1)
      case .oil: (.goods, .gram, 2500, 2)
      case .tree: (.trees, .piece, 1000, 5000)
      case .lesson: (.activities, .attendance, 100_000, 10_000)
      case .milk: (.goods, .millilitre, 1000, 1)
      }
    return GiftKindRecord(
      name: .label("kind", UInt64(rawValue)), category: category, unit: unit, hearts: hearts, points: points)
  }
}

extension TestNetwork {
  /// The network of a chain of hearts: platform, custodian, three charities (food, forest, school) and an auditor, by
  /// ordinals 0 to 5, with the kinds of ``TestKind``. The first `endorsers` of them endorse.
  public init(heartsNamed name: String, endorsers: Int = 1) throws(LedgerError) {
    let organisations = try TestOrganisation.all(
      [
        ("platform.example", .platform), ("bank.example", .custodian), ("food.example", .charity),
        ("forest.example", .charity), ("school.example", .charity), ("audit.example", .auditor),
      ], endorsers: endorsers)
    try self.init(
      organisations: organisations,
      genesis: Genesis(
        name: name, origin: "log.example/" + name, time: TestNetwork.start, limits: Limits(),
        contracts: [
          (Consortium.name, try Consortium.genesisPayload(organisations.map(\.founding))),
          (Hearts.name, try Hearts.genesisPayload(kinds: TestKind.allCases.map(\.record))),
        ]))
  }
}
