public import Consortium
public import Ledger
internal import MutualAid
public import TransparencyLog

/// An organisation of a test network with all its private keys.
public struct TestOrganisation: Sendable {
  /// Its ordinal in the consortium.
  public let ordinal: UInt32
  /// Its name.
  public let name: String
  /// What it may do.
  public let roles: Role
  /// Its endorsing keys; `nil` where it does not endorse.
  public let endorsing: (vote: SigningKey, cosign: SigningKey, log: SigningKey)?
  /// Its one officer.
  public let officer: SigningKey

  /// The address its transactions come from.
  public var address: Address { officer.publicKey.address }

  var founding: Consortium.FoundingOrganisation {
    Consortium.FoundingOrganisation(
      name: name, roles: roles,
      keys: endorsing.map {
        EndorserKeys(vote: $0.vote.publicKey, cosign: $0.cosign.publicKey, log: $0.log.publicKey)
      }, officers: [officer.publicKey])
  }
}

extension TestOrganisation {
  /// Organisations with keys that belong to their names; the first `endorsers` of them endorse.
  static func all(_ named: [(String, Role)], endorsers: Int) throws(LedgerError) -> [TestOrganisation] {
    var organisations: [TestOrganisation] = []
    for (ordinal, (name, roles)) in named.enumerated() {
      var endorsing: (vote: SigningKey, cosign: SigningKey, log: SigningKey)?
      if ordinal < endorsers {
        endorsing = (
          try SigningKey(label: name + "/vote"), try SigningKey(label: name + "/cosign"),
          try SigningKey(label: name + "/log")
        )
      }
      organisations.append(
        TestOrganisation(
          ordinal: UInt32(ordinal), name: name, roles: roles, endorsing: endorsing,
          officer: try SigningKey(label: name + "/officer")))
    }
    return organisations
  }
}

/// Organisations with real keys and the genesis they start a mutual-aid chain from. The same every time.
public struct TestNetwork: Sendable {
  /// The organisations: platform, custodian, identity, investigator, hospital, auditor, and a second
  /// custodian that holds no plan's money and is an insurer too.
  public let organisations: [TestOrganisation]
  /// Entry 0.
  public let genesis: Genesis

  /// 2026-01-01 00:00 in UTC+8.
  public static let start = Timestamp(seconds: 1_767_196_800)

  /// A network in which the first `endorsers` organisations endorse; `more` come after the usual ones.
  public init(
    endorsers: Int = 1, limits: Limits = Limits(), name: String = "aid", time: Timestamp = TestNetwork.start,
    more: [(String, Role)] = []
  ) throws(LedgerError) {
    let usual: [(String, Role)] = [
      ("platform.example", .platform), ("bank.example", .custodian), ("identity.example", .identity),
      ("inquiry.example", .investigator), ("hospital.example", .hospital), ("audit.example", .auditor),
      ("other-bank.example", [.custodian, .insurer]),
    ]
    let organisations = try TestOrganisation.all(usual + more, endorsers: endorsers)
    self.organisations = organisations
    genesis = try Genesis(
      name: name, origin: "log.example/" + name, time: time, limits: limits,
      contracts: [
        (Consortium.name, try Consortium.genesisPayload(organisations.map(\.founding))), (MutualAid.name, []),
      ])
  }

  init(organisations: [TestOrganisation], genesis: Genesis) {
    self.organisations = organisations
    self.genesis = genesis
  }

  /// The first organisation with a role; the network has one for every role that plans need.
  public func organisation(_ role: Role) -> TestOrganisation {
    guard let found = organisations.first(where: { !$0.roles.isDisjoint(with: role) }) else {
      preconditionFailure("the test network has no organisation of this role")
    }
    return found
  }
}

extension SigningKey {
  /// A key that belongs to a label: its seed is the label's SHA-256.
  public init(label: String) throws(LedgerError) {
    try self.init(seed: Hash.sha256(Array(label.utf8)).bytes)
  }
}

extension Hash {
  /// A hash that belongs to a number and a purpose: commitments, nullifiers and references of tests.
  public static func label(_ purpose: String, _ number: UInt64) -> Hash {
    .sha256(Array("\(purpose) \(number)".utf8))
  }
}
