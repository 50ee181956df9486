/// Which logs and witnesses are trusted, and how many witnesses it takes (C2SP tlog-policy).
///
/// Names are opaque bytes; they tie groups and quorum together and mean nothing outside the policy.
public struct Policy: Hashable, Sendable {
  /// The most logs, and the most witnesses, and the most groups a policy may have.
  public static let maximumCount = 256

  /// The most bytes of a policy file.
  public static let maximumByteCount = 8_000_000

  /// The most bytes of a name or URL in a policy.
  public static let maximumItemByteCount = 2_048

  /// A trusted log.
  public struct Log: Hashable, Sendable {
    /// Its key; the key's name is the log's origin.
    public let key: VerifierKey
    /// Where it can be reached, as the policy says; opaque.
    public let url: [UInt8]?

    /// Makes a log.
    public init(key: VerifierKey, url: [UInt8]? = nil) {
      self.key = key
      self.url = url
    }
  }

  /// A trusted witness.
  public struct Witness: Hashable, Sendable {
    /// Its name in this policy, which need not be the key's.
    public let name: [UInt8]
    /// Its key.
    public let key: VerifierKey
    /// Where it can be reached, as the policy says; opaque.
    public let url: [UInt8]?

    /// Makes a witness.
    public init(name: [UInt8], key: VerifierKey, url: [UInt8]? = nil) {
      self.name = name
      self.key = key
      self.url = url
    }
  }

  /// Witnesses or groups of which some number must have witnessed.
  public struct Group: Hashable, Sendable {
    /// Its name in this policy.
    public let name: [UInt8]
    /// How many members it takes: 1 up to the number of members.
    public let threshold: Int
    /// The names of its members, each defined before the group.
    public let members: [[UInt8]]

    /// Makes a group; it is checked when the policy is made.
    public init(name: [UInt8], threshold: Int, members: [[UInt8]]) {
      self.name = name
      self.threshold = threshold
      self.members = members
    }
  }

  /// What it takes for a checkpoint to be accepted, beside a log's signature.
  public enum Quorum: Hashable, Sendable {
    /// No cosignature at all.
    case none
    /// The witness or group of this name.
    case named([UInt8])
  }

  /// The logs, in the order of the file.
  public let logs: [Log]
  /// The witnesses, in the order of the file.
  public let witnesses: [Witness]
  /// The groups; each names only witnesses and earlier groups.
  public let groups: [Group]
  /// The quorum.
  public let quorum: Quorum

  /// Makes a policy.
  ///
  /// Throws `policyTooLarge`; `duplicateKey` when a public key stands in two places; and
  /// `malformedPolicy` when a key's type does not fit its place (a log with a cosigner's key, a witness
  /// with a log's), when a name or URL is empty, over 2,048 bytes, or holds a space or a control
  /// character, when a name is
  /// `none`, is defined twice, is used before it is defined or is a member twice, or when a threshold
  /// is not 1 up to the number of members.
  public init(
    logs: [Log], witnesses: [Witness], groups: [Group], quorum: Quorum
  ) throws(TransparencyLogError) {
    self.logs = logs
    self.witnesses = witnesses
    self.groups = groups
    self.quorum = quorum
    guard [logs.count, witnesses.count, groups.count].allSatisfy({ $0 <= Self.maximumCount }) else {
      throw TransparencyLogError(.policyTooLarge, "A policy has at most 256 logs, witnesses and groups each.")
    }
    try checkKeys()
    try checkItems()
    try checkNames()
  }

  /// The keys of logs and witnesses.
  public var keys: [VerifierKey] {
    logs.map(\.key) + witnesses.map(\.key)
  }
}

extension Policy {
  static func malformed(_ message: String) -> TransparencyLogError {
    TransparencyLogError(.malformedPolicy, message)
  }

  private func checkKeys() throws(TransparencyLogError) {
    for log in logs where log.key.type == .ed25519Cosignature {
      throw Self.malformed("A log has a key of a cosigner.")
    }
    let logTypes: [SignatureType] = [.ed25519, .ecdsa, .rfc6962TreeHead]
    for witness in witnesses where logTypes.contains(witness.key.type) {
      // A key of type 01 has another ID than the same key as a cosigner's, so it would never match.
      throw Self.malformed("A witness has a key that makes no cosignatures.")
    }
    var seen: Set<[UInt8]> = []
    for key in keys where !seen.insert(key.publicKey).inserted {
      throw TransparencyLogError(.duplicateKey, "The public key of \(key.name) stands in the policy twice.")
    }
  }

  private func checkItems() throws(TransparencyLogError) {
    // Key names are valid already but for DEL, which a policy file cannot hold.
    let items =
      keys.map(\.name.bytes) + witnesses.map(\.name) + groups.map(\.name)
      + logs.compactMap(\.url) + witnesses.compactMap(\.url)
    let isValid = { (item: [UInt8]) in
      (1...Self.maximumItemByteCount).contains(item.count) && item.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }
    guard items.allSatisfy(isValid) else {
      throw Self.malformed("A name or URL is empty, too long, or holds a space or a control character.")
    }
  }

  private func checkNames() throws(TransparencyLogError) {
    var defined: Set<[UInt8]> = [Array("none".utf8)]
    for witness in witnesses where !defined.insert(witness.name).inserted {
      throw Self.malformed("A name is defined twice, or is none.")
    }
    var usable = Set(witnesses.map(\.name))
    var grouped: Set<[UInt8]> = []
    for group in groups {
      guard group.threshold >= 1, group.threshold <= group.members.count else {
        throw Self.malformed("A group's threshold is not 1 up to the number of its members.")
      }
      for member in group.members {
        guard usable.contains(member) else { throw Self.malformed("A member is used before it is defined.") }
        guard grouped.insert(member).inserted else { throw Self.malformed("A name is a member twice.") }
      }
      guard defined.insert(group.name).inserted else {
        throw Self.malformed("A name is defined twice, or is none.")
      }
      usable.insert(group.name)
    }
    if case .named(let name) = quorum {
      guard usable.contains(name) else { throw Self.malformed("The quorum's name is not defined.") }
    }
  }
}
