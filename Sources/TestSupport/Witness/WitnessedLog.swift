public import TransparencyLog

/// A log that grows as a test likes, with a witness's key beside it.
public struct WitnessedLog: Sendable {
  /// The log's origin, and the name of its key.
  public static let origin = "example.com/log"

  /// The log's key.
  public let signer: NoteSigner
  /// The witness's key.
  public let cosigner: NoteCosigner
  /// A witness that knows the log and no other.
  public let rules: Witness
  /// The leaves of the longest tree there is.
  public let leaves: [Hash]

  /// A log of so many leaves. With another salt it has others, under the same key: a fork.
  public init(_ count: Int = 40, salt: String = "leaf") throws {
    signer = try NoteSigner(name: NoteName(Self.origin), seed: [UInt8](repeating: 1, count: 32))
    cosigner = try NoteCosigner(name: NoteName("w.example/witness"), seed: [UInt8](repeating: 2, count: 32))
    rules = Witness(logs: [Policy.Log(key: signer.verifierKey)])
    leaves = (0..<count).map { Hash.leaf(Array("\(salt) \($0)".utf8)) }
  }

  /// The signed checkpoint of the first leaves.
  public func checkpoint(_ size: Int) throws -> UnverifiedCheckpoint {
    let root = MerkleTree.treeRoot(of: Array(leaves.prefix(size)))
    return try UnverifiedCheckpoint(
      signing: Checkpoint(origin: Array(Self.origin.utf8), size: UInt64(size), root: root), by: [signer])
  }

  /// The hashes that lead from one size to another.
  public func proof(_ old: Int, _ new: Int) throws -> [Hash] {
    try ConsistencyProof.build(oldSize: UInt64(old), leaves: Array(leaves.prefix(new))).path
  }

  /// A good request.
  public func request(_ old: Int, _ new: Int) throws -> AddCheckpointRequest {
    try AddCheckpointRequest(oldSize: UInt64(old), proof: proof(old, new), checkpoint: checkpoint(new))
  }

  /// What the witness stores after it cosigned the first leaves.
  public func cosigned(_ size: Int, at time: UInt64 = 100) throws -> CosignedCheckpoint {
    guard case .accept(let accepted) = rules.decide(try request(0, size), last: nil) else {
      throw TransparencyLogError(.witnessRefused, "the witness does not accept its own log")
    }
    return try accepted.cosigned(by: cosigner, at: time)
  }
}
