internal import Foundation
public import Ledger
public import MutualAid
public import TransparencyLog

/// The private keys of the organisations a node runs, as files that only its user may read.
///
/// `<organisation>.endorser` holds three lines: `vote`, `cosign` and `log`, each with a seed of 64 hexadecimal
/// digits. `<organisation>.officer` holds the line `officer`, `<organisation>.dice` the line `dice`: the secret of its
/// hash chains for draws.
public struct KeyDirectory: Sendable {
  private let path: String

  /// The keys in a directory.
  public init(_ path: String) { self.path = path }

  /// The endorsing keys of an organisation; `nil` if there are none.
  ///
  /// - Throws: ``NodeError`` `node.unusable_directory` for a file that does not read or that others may read.
  public func endorser(_ organisation: String) throws -> OrganisationKeys? {
    guard let seeds = try seeds(in: organisation + ".endorser", names: ["vote", "cosign", "log"]) else { return nil }
    return OrganisationKeys(
      vote: try SigningKey(seed: seeds[0]), cosign: try SigningKey(seed: seeds[1]), log: try SigningKey(seed: seeds[2]))
  }

  /// The key of an organisation's officer; `nil` if there is none.
  public func officer(_ organisation: String) throws -> SigningKey? {
    guard let seeds = try seeds(in: organisation + ".officer", names: ["officer"]) else { return nil }
    return try SigningKey(seed: seeds[0])
  }

  /// Writes the endorsing keys of an organisation; never over others.
  public func write(_ keys: OrganisationKeys, of organisation: String) throws {
    try write([("vote", keys.vote), ("cosign", keys.cosign), ("log", keys.log)], to: organisation + ".endorser")
  }

  /// Writes the key of an organisation's officer; never over another.
  public func write(officer key: SigningKey, of organisation: String) throws {
    try write([("officer", key)], to: organisation + ".officer")
  }

  /// The secret of an organisation's hash chains for draws; `nil` if there is none.
  public func dice(_ organisation: String) throws -> DiceSecret? {
    try seeds(in: organisation + ".dice", names: ["dice"])?.first.flatMap { Hash($0) }.map { DiceSecret($0) }
  }

  /// Writes the secret of an organisation's hash chains; never over another.
  public func write(dice secret: Hash, of organisation: String) throws {
    try write(lines: [("dice", secret)], to: organisation + ".dice")
  }

  /// The seed of the key with which a node cosigns as a witness; `nil` if there is none.
  func witness() throws -> [UInt8]? { try seeds(in: "key", names: ["witness"])?.first }

  /// Writes the key of a witness, by its seed; never over another.
  func write(witness seed: [UInt8]) throws {
    try write([("witness", try SigningKey(seed: seed))], to: "key")
  }

  private func write(_ keys: [(name: String, key: SigningKey)], to name: String) throws {
    try write(lines: keys.compactMap { line in Hash(line.key.seed).map { (line.name, $0) } }, to: name)
  }

  private func write(lines: [(name: String, seed: Hash)], to name: String) throws {
    let digits = lines.map { "\($0.name) \($0.seed)\n" }.joined()
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let descriptor = open(path + "/" + name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw NodeError(.unusableDirectory, "cannot create \(path)/\(name): \(String(cString: strerror(errno)))")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try handle.write(contentsOf: Data(digits.utf8))
    try handle.synchronize()
  }

  private func seeds(in name: String, names: [String]) throws -> [[UInt8]]? {
    let file = path + "/" + name
    var status = stat()
    guard stat(file, &status) == 0 else { return nil }
    guard status.st_mode & 0o077 == 0 else {
      throw NodeError(.unusableDirectory, "\(file) can be read by others; chmod 600 \(file)")
    }
    guard let content = FileManager.default.contents(atPath: file), content.count < 4096 else {
      throw NodeError(.unusableDirectory, "cannot read \(file)")
    }
    let lines = String(decoding: content, as: UTF8.self).split(separator: "\n")
    let seeds = zip(lines, names).compactMap { line, name -> [UInt8]? in
      let words = line.split(separator: " ")
      guard words.count == 2, words[0] == name else { return nil }
      return Hash(hexadecimal: String(words[1]))?.bytes
    }
    guard seeds.count == names.count, lines.count == names.count else {
      throw NodeError(.unusableDirectory, "\(file) is not a file of keys")
    }
    return seeds
  }
}
