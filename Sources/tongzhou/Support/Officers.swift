internal import ArgumentParser
internal import Consortium
internal import Crypto
internal import Foundation
internal import Ledger
internal import MutualAid
internal import Node
internal import TongzhouClient
internal import TransparencyLog

/// The option by which somebody acts for an organisation.
struct OfficerOption: ParsableArguments {
  @Option(help: "Act for the organisation whose officer's key lies in this directory; of a demonstration DATA/keys.")
  var officers: String?

  /// The officers, where they are needed.
  ///
  /// - Throws: `node.unusable_directory` where the option is missing.
  func required(for what: String) throws -> Officers {
    guard let officers else {
      throw NodeError(.unusableDirectory, "\(what) is an organisation's to do: name its keys with --officers")
    }
    return Officers(officers)
  }
}

/// Officers' keys in a directory.
struct Officers {
  private let path: String

  init(_ path: String) { self.path = path }

  /// The keys for a chain: those in the folder of its name, which a node's directory has for every chain but `aid`, or
  /// else those in the directory itself.
  private func keys(for chain: String) -> KeyDirectory {
    var isFolder: ObjCBool = false
    let own = "\(path)/\(chain)"
    return KeyDirectory(
      FileManager.default.fileExists(atPath: own, isDirectory: &isFolder) && isFolder.boolValue ? own : path)
  }

  /// The key of an organisation's officer, by the organisation's ordinal.
  ///
  /// - Throws: `node.unusable_directory` where the directory does not have it.
  func key(
    of ordinal: UInt16, _ node: NodeClient, on name: String, chain: TrustedChain
  ) async throws -> SigningKey {
    let organisation = try await node.organisation(ordinal, on: name, chain: chain).name.string
    guard let key = try keys(for: name).officer(organisation) else {
      throw NodeError(.unusableDirectory, "\(path) does not hold the officer's key of \(organisation)")
    }
    return key
  }

  /// The secret of an organisation's hash chains for draws, by the organisation's ordinal.
  ///
  /// - Parameter making: whether to make it where there is none.
  /// - Throws: `node.unusable_directory` where there is none otherwise.
  func dice(
    of ordinal: UInt16, making: Bool, _ node: NodeClient, on name: String, chain: TrustedChain
  ) async throws -> DiceSecret {
    let organisation = try await node.organisation(ordinal, on: name, chain: chain).name.string
    if let dice = try keys(for: name).dice(organisation) { return dice }
    guard making, let secret = Hash(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }) else {
      throw NodeError(.unusableDirectory, "\(path) does not hold the secret of hash chains of \(organisation)")
    }
    try keys(for: name).write(dice: secret, of: organisation)
    return DiceSecret(secret)
  }

  /// The key of an officer of some organisation with a role.
  func key(
    with role: Role, _ node: NodeClient, on name: String, chain: TrustedChain
  ) async throws -> SigningKey {
    let table = "organisations"
    var ordinal: UInt64 = 0
    var count: UInt64 = 1
    while ordinal < count {
      let proven = try await node.record(
        OrganisationRecord.self, table: table, ordinal: ordinal, on: name, chain: chain)
      count = proven.count
      ordinal += 1
      guard proven.record.roles.contains(role) else { continue }
      if let key = try keys(for: name).officer(proven.record.name.string) { return key }
    }
    let wanted = Role.names.first { $0.0 == role }?.1 ?? "such"
    throw NodeError(.unusableDirectory, "\(path) holds no officer's key of an organisation with the role \(wanted)")
  }
}
