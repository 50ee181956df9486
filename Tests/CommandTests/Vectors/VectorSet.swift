import Foundation
import Ledger
import TransparencyLog

@testable import TongzhouClient

/// Files that every verifier has to judge alike, as `TestVectors/` holds them.
struct VectorSet {
  /// What `vectors.json` says of one file.
  struct Vector: Codable, Equatable {
    var file: String
    var kind: String
    var chain: String
    var policy: String
    /// `valid`, or the code of the refusal.
    var verdict: String
    /// Why, in words.
    var reason: String
    /// Of a state proof: what was asked for.
    var table: String?
    var ordinal: UInt64?
  }

  /// `vectors.json`.
  struct Listing: Codable, Equatable {
    /// Files of the policies, by name.
    var policies: [String: String]
    var vectors: [Vector]
  }

  private(set) var listing = Listing(policies: [:], vectors: [])
  private(set) var files: [String: [UInt8]] = [:]

  /// Adds a policy.
  mutating func add(policy: Policy, name: String) {
    listing.policies[name] = "\(name).policy"
    files["\(name).policy"] = policy.text
  }

  /// Adds a file. Its name is its kind and a number; what it is stands in the listing.
  mutating func add(
    _ kind: String, _ reason: String, _ verdict: String, _ bytes: [UInt8], chain: Hash, policy: String,
    table: String? = nil, ordinal: UInt64? = nil
  ) {
    let number = listing.vectors.count { $0.kind == kind } + 1
    let isPacked = bytes.starts(with: [0x1f, 0x8b])
    let name = "\(kind)-\(number < 10 ? "00" : number < 100 ? "0" : "")\(number).json" + (isPacked ? ".gz" : "")
    files[name] = bytes
    listing.vectors.append(
      Vector(
        file: name, kind: kind, chain: chain.description, policy: policy, verdict: verdict, reason: reason,
        table: table, ordinal: ordinal))
  }

  /// The folder in the repository.
  static var folder: URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../TestVectors").standardized
  }

  /// Writes the files and the listing, and nothing else stays in the folder but its README.
  func write(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path()) where name != "README.md" {
      try FileManager.default.removeItem(at: folder.appending(path: name))
    }
    for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(listing) + Data("\n".utf8)).write(to: folder.appending(path: "vectors.json"))
  }

  /// What our own verifier says of a file.
  static func verdict(on bytes: [UInt8], _ vector: Vector, policy: Policy) throws -> String {
    let chain = Hash(hexadecimal: vector.chain) ?? .zero
    do throws(ProofError) {
      switch vector.kind {
      case "receipt": _ = try Receipt(file: bytes).verify(chain: chain, policy: policy)
      case "statement": _ = try MemberStatement(file: bytes).verify(chain: chain, policy: policy)
      case "way": _ = try ProvenWay(file: bytes).verify(chain: chain, policy: policy)
      case "absence": _ = try Absence(file: bytes).verify(chain: chain, policy: policy)
      case "state-proof":
        let proof = try ProvenState(file: bytes)
        _ = try proof.verify(chain: chain, policy: policy)
        if proof.table.name != vector.table || proof.record.ordinal != vector.ordinal {
          throw ProofError(.notIncluded, "not what was asked for")
        }
      default: return "unknown kind"
      }
      return "valid"
    } catch { return error.code.name }
  }
}
