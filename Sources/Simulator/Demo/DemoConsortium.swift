internal import Consortium
public import Ledger
internal import MutualAid
public import TransparencyLog

/// The organisations of the demonstration: four endorse, in one process, each with keys of its own.
struct DemoConsortium {
  /// Ordinals, in the order of the genesis.
  enum Member: Int, CaseIterable {
    case platform, bank, insurer, charity, hospital, identity
  }

  /// Those that take part in drawing juries.
  static let rollers: [Member] = [.platform, .bank, .insurer, .charity]

  let genesis: Genesis
  /// Keys of the endorsing organisations.
  let endorsers: [OrganisationKeys]
  /// The first key of the charity's second officer.
  let deputy: SigningKey
  /// One officer's key for each organisation.
  private let officers: [SigningKey]
  private let seed: UInt64

  init(seed: UInt64, start: Timestamp) throws(LedgerError) {
    let roles: [Role] = [
      [.platform], [.custodian], [.insurer, .investigator], [.charity, .auditor], [.hospital], [.identity],
    ]
    deputy = try DemoKeys.key(seed: seed, purpose: "deputy", index: 0)
    var endorsers: [OrganisationKeys] = []
    var officers: [SigningKey] = []
    var founding: [Consortium.FoundingOrganisation] = []
    for (index, member) in Member.allCases.enumerated() {
      let officer = try DemoKeys.key(seed: seed, purpose: "officer", index: index)
      officers.append(officer)
      var keys: OrganisationKeys?
      if index < 4 {
        let own = OrganisationKeys(
          vote: try DemoKeys.key(seed: seed, purpose: "vote", index: index),
          cosign: try DemoKeys.key(seed: seed, purpose: "cosign", index: index),
          log: try DemoKeys.key(seed: seed, purpose: "log", index: index))
        endorsers.append(own)
        keys = own
      }
      founding.append(
        Consortium.FoundingOrganisation(
          name: "\(member).tongzhou.example", roles: roles[index], keys: keys?.publicKeys,
          officers: [officer.publicKey] + (member == .charity ? [deputy.publicKey] : [])))
    }
    var limits = Limits()
    limits.heartbeatSeconds = UInt32(Timestamp.day)
    genesis = try Genesis(
      name: "aid", origin: "tongzhou.example/log/aid", time: start, limits: limits,
      contracts: [
        (Consortium.name, try Consortium.genesisPayload(founding)), (MutualAid.name, []),
      ])
    self.endorsers = endorsers
    self.officers = officers
    self.seed = seed
  }

  func officer(of member: Member) -> SigningKey { officers[member.rawValue] }

  /// The secret of an organisation's hash chains for draws.
  func dice(of member: Member) -> Hash { DemoKeys.hash(seed: seed, purpose: "dice", index: member.rawValue) }

  /// Every organisation by its name, with its keys.
  var organisations: [DemoOrganisation] {
    Member.allCases.map { member in
      DemoOrganisation(
        name: "\(member).tongzhou.example",
        endorser: member.rawValue < endorsers.count ? endorsers[member.rawValue] : nil, officer: officer(of: member),
        dice: DemoConsortium.rollers.contains(member) ? dice(of: member) : nil)
    }
  }
}

/// An organisation of the demonstration with its private keys.
public struct DemoOrganisation: Sendable {
  /// Its name on the chain.
  public let name: String
  /// Its endorsing keys; `nil` where it does not endorse.
  public let endorser: OrganisationKeys?
  /// The key of its officer.
  public let officer: SigningKey
  /// The secret of its hash chains for draws; `nil` where it takes no part in them.
  public let dice: Hash?
}

/// Keys of a demonstration: everyone's follows from the seed, so nobody should use them for anything else.
enum DemoKeys {
  static func key(seed: UInt64, purpose: String, index: Int) throws(LedgerError) -> SigningKey {
    try SigningKey(seed: hash(seed: seed, purpose: purpose, index: index).bytes)
  }

  static func hash(seed: UInt64, purpose: String, index: Int) -> Hash {
    .sha256(Array("tongzhou demonstration \(seed) \(purpose) \(index)".utf8))
  }
}
