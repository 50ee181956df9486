internal import Foundation
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// The policies that a command is given for proofs from files.
enum PolicyFiles {
  /// Policies at most; a folder has one for each change of the endorsers.
  private static let maximumCount = 1_024

  /// Reads what `--policy` names: files with a policy, folders of them with the heights as names, and the proofs of
  /// changes that a log has under `policies`.
  ///
  /// - Throws: `encoding.malformed` where they do not tell which policy stands when; what a policy or a change throws.
  static func read(_ paths: [String], chain: Hash) throws -> KnownPolicies {
    var kept: [(height: UInt64?, policy: Policy)] = []
    var changes: [PolicyChanges] = []
    for path in try paths.flatMap(files) {
      let bytes = try SmallFile.read(path, limit: PolicyChanges.maximumByteCount)
      if bytes.first == UInt8(ascii: "{") || bytes.starts(with: [0x1F, 0x8B]) {
        changes.append(try PolicyChanges(file: bytes))
        continue
      }
      guard bytes.count <= Policy.maximumByteCount else { throw LedgerError(.malformed, "\(path) is no policy") }
      kept.append((UInt64(URL(fileURLWithPath: path).lastPathComponent), try Policy(text: bytes)))
    }
    guard kept.count <= maximumCount else { throw LedgerError(.malformed, "more than \(maximumCount) policies") }
    if kept.count == 1, changes.count <= 1 {
      var policies = TrustedPolicies(pinned: kept[0].policy)
      for change in changes { try policies.follow(change, chain: chain) }
      return .proven(policies)
    }
    var heights: [(height: UInt64, policy: Policy)] = []
    for (height, policy) in kept {
      guard let height, !heights.contains(where: { $0.height == height }) else {
        throw LedgerError(.malformed, "of several policies each file has its height as its name, as a node has them")
      }
      heights.append((height, policy))
    }
    guard !heights.isEmpty, changes.isEmpty else {
      throw LedgerError(.malformed, "--policy names one policy to start from, with the proofs of changes, or several")
    }
    return .kept(heights.sorted { $0.height < $1.height })
  }

  /// The file itself, or the policies in a folder.
  private static func files(_ path: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return [path]
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).compactMap { UInt64($0) }.sorted()
    guard !names.isEmpty else { throw LedgerError(.malformed, "\(path) holds no policies") }
    return names.prefix(maximumCount + 1).map { "\(path)/\($0)" }
  }
}
