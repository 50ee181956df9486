internal import FoundationEssentials
public import Ledger
internal import SwiftProtobuf

extension Consortium {
  /// An organisation as a genesis describes it.
  public struct FoundingOrganisation: Sendable {
    /// Its name; the cosigner is `<name>/executor`.
    public var name: String
    /// What it may do.
    public var roles: Role
    /// Its endorsing keys; `nil` where it does not endorse.
    public var keys: EndorserKeys?
    /// The first keys of its officers.
    public var officers: [PublicKey]

    /// An organisation to begin with.
    public init(name: String, roles: Role, keys: EndorserKeys?, officers: [PublicKey]) {
      self.name = name
      self.roles = roles
      self.keys = keys
      self.officers = officers
    }
  }

  /// The contract's part of a genesis.
  public static func genesisPayload(_ organisations: [FoundingOrganisation]) throws(LedgerError) -> [UInt8] {
    var wire = WireConsortiumGenesis()
    wire.organisations = organisations.map { organisation in
      var entry = WireOrganisationEntry()
      entry.name = organisation.name
      entry.roles = UInt32(organisation.roles.rawValue)
      if let keys = organisation.keys {
        entry.endorser = true
        entry.voteKey = Data(keys.vote.bytes)
        entry.cosignKey = Data(keys.cosign.bytes)
        entry.logKey = Data(keys.log.bytes)
      }
      entry.officers = organisation.officers.map { key in
        var officer = WireOfficerEntry()
        officer.suite = SignatureSuite.ed25519.rawValue
        officer.publicKey = Data(key.bytes)
        return officer
      }
      return entry
    }
    return try encodedBytes(of: wire)
  }

  static func organisations(in payload: [UInt8]) throws(LedgerError) -> [FoundingOrganisation] {
    guard let wire = try? WireConsortiumGenesis(serializedBytes: payload) else {
      throw LedgerError(.badGenesis, "the consortium's part does not decode")
    }
    var organisations: [FoundingOrganisation] = []
    for entry in wire.organisations {
      guard let bits = UInt16(exactly: entry.roles), Role.all.isSuperset(of: Role(rawValue: bits)), bits != 0 else {
        throw LedgerError(.badGenesis, "an organisation without a known role")
      }
      var keys: EndorserKeys?
      if entry.endorser {
        keys = EndorserKeys(
          vote: try PublicKey(Array(entry.voteKey)), cosign: try PublicKey(Array(entry.cosignKey)),
          log: try PublicKey(Array(entry.logKey)))
      }
      var officers: [PublicKey] = []
      for officer in entry.officers {
        guard officer.suite == SignatureSuite.ed25519.rawValue else {
          throw LedgerError(.unknownSuite, "suite \(officer.suite)")
        }
        officers.append(try PublicKey(Array(officer.publicKey)))
      }
      organisations.append(
        FoundingOrganisation(name: entry.name, roles: Role(rawValue: bits), keys: keys, officers: officers))
    }
    return organisations
  }
}
