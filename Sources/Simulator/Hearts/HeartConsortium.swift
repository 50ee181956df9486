internal import Consortium
internal import HeartChain
internal import Ledger
internal import TransparencyLog

/// The organisations of the demonstration's chain of hearts: four endorse. Some have the names of those on the chain of
/// mutual aid, and none the keys.
struct HeartConsortium {
  /// Ordinals, in the order of the genesis.
  enum Member: Int, CaseIterable {
    case platform, bank, insurer, auditor
    case foodbank, trees, school
    /// Who receives: two school kitchens, a nursery of trees, a village's schools, and two firms, of which the first
    /// turns out to belong to the people who run the school charity.
    case kitchenEast, kitchenWest, nursery, village, helpers, press

    var name: String {
      switch self {
      case .kitchenEast: "kitchen-east.tongzhou.example"
      case .kitchenWest: "kitchen-west.tongzhou.example"
      default: "\(self).tongzhou.example"
      }
    }

    var roles: Role {
      switch self {
      case .platform: .platform
      case .bank: .custodian
      case .insurer: .insurer
      case .auditor: .auditor
      default: .charity
      }
    }
  }

  /// A shop, a rental and an employer that take part, by their ordinals.
  enum Partner: UInt32, CaseIterable {
    case shop, bikes, employer

    var name: String { "\(self).tongzhou.example" }
    /// From which love index it opens its channel.
    var threshold: UInt32 {
      switch self {
      case .shop: 500
      case .bikes: 650
      case .employer: 700
      }
    }
    /// What it opens; the chain has the SHA-256.
    var channel: String {
      switch self {
      case .shop: "members' prices"
      case .bikes: "bicycles without a deposit"
      case .employer: "an interview without waiting"
      }
    }
  }

  /// How many endorse, the first ones.
  static let endorserCount = 4

  let genesis: Genesis
  /// Keys of the endorsing organisations.
  let endorsers: [OrganisationKeys]
  private let officers: [SigningKey]
  private let partners: [SigningKey]

  init(seed: UInt64, start: Timestamp) throws(LedgerError) {
    var endorsers: [OrganisationKeys] = []
    var officers: [SigningKey] = []
    var founding: [Consortium.FoundingOrganisation] = []
    for member in Member.allCases {
      let index = member.rawValue
      let officer = try DemoKeys.key(seed: seed, purpose: "heart officer", index: index)
      officers.append(officer)
      var keys: OrganisationKeys?
      if index < HeartConsortium.endorserCount {
        let own = OrganisationKeys(
          vote: try DemoKeys.key(seed: seed, purpose: "heart vote", index: index),
          cosign: try DemoKeys.key(seed: seed, purpose: "heart cosign", index: index),
          log: try DemoKeys.key(seed: seed, purpose: "heart log", index: index))
        endorsers.append(own)
        keys = own
      }
      founding.append(
        Consortium.FoundingOrganisation(
          name: member.name, roles: member.roles, keys: keys?.publicKeys, officers: [officer.publicKey]))
    }
    var partners: [SigningKey] = []
    for partner in Partner.allCases {
      partners.append(try DemoKeys.key(seed: seed, purpose: "heart partner", index: Int(partner.rawValue)))
    }
    var limits = Limits()
    limits.heartbeatSeconds = UInt32(Timestamp.day)
    genesis = try Genesis(
      name: "heart", origin: "tongzhou.example/log/heart", time: start, limits: limits,
      contracts: [
        (Consortium.name, try Consortium.genesisPayload(founding)),
        (Hearts.name, try Hearts.genesisPayload(kinds: HeartKind.allCases.map(\.record))),
      ])
    self.endorsers = endorsers
    self.officers = officers
    self.partners = partners
  }

  func officer(of member: Member) -> SigningKey { officers[member.rawValue] }

  func key(of partner: Partner) -> SigningKey { partners[Int(partner.rawValue)] }

  /// Everybody with keys by name: the organisations, and the partners, which have one key each.
  var organisations: [DemoOrganisation] {
    Member.allCases.map { member in
      DemoOrganisation(
        name: member.name, endorser: member.rawValue < endorsers.count ? endorsers[member.rawValue] : nil,
        officer: officer(of: member), dice: nil)
    }
      + Partner.allCases.map { partner in
        DemoOrganisation(name: partner.name, endorser: nil, officer: key(of: partner), dice: nil)
      }
  }
}
