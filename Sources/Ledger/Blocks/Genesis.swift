internal import FoundationEssentials
internal import SwiftProtobuf
public import TransparencyLog

/// Limits in the rules of a chain; every organisation applies the same.
public struct Limits: Hashable, Sendable {
  /// Bytes of a whole batch with its header; an ordering engine carries at most 512 KiB.
  public var batchBytes: UInt32 = 512 * 1024
  /// Seconds without a batch after which anyone proposes an empty one.
  public var heartbeatSeconds: UInt32 = 60
  /// Due steps run at the start of one block.
  public var dueSteps: UInt32 = 10_000
  /// Bytes of live transactions one ordinary sender may have.
  public var senderBytes: UInt64 = 64 * 1024
  /// Bytes of live transactions and rows an organisation's officer may have.
  public var officerBytes: UInt64 = 1 << 30
  /// Bytes of batches one organisation may propose within ten minutes of block time.
  public var proposerBytes: UInt64 = 1 << 36

  /// The defaults.
  public init() {}
}

/// Entry 0 of a log: everything a chain starts from. Its hash is the chain's id.
public struct Genesis: Sendable {
  /// The version of the rules this program can start a chain with.
  public static let format: UInt32 = 1

  /// The exact bytes.
  public let bytes: [UInt8]
  /// SHA-256 of the bytes: the chain's id, named by everything signed for it.
  public let chain: Hash
  /// The chain's short name, such as `aid`.
  public let name: String
  /// The log's origin (C2SP): the name of its log keys and the first line of its checkpoints.
  public let origin: String
  /// The block time before the first block.
  public let time: Timestamp
  /// The chain's limits.
  public let limits: Limits
  /// Each contract's own part, by name.
  public let contracts: [(name: String, payload: [UInt8])]

  /// Reads a genesis; `genesis.invalid` where a field is missing or outside its range.
  public init(decoding bytes: [UInt8]) throws(LedgerError) {
    guard bytes.count < Entry.maximumBytes, let wire = try? WireGenesis(serializedBytes: bytes) else {
      throw LedgerError(.badGenesis, "not a genesis, or longer than an entry")
    }
    guard wire.format == Genesis.format else {
      throw LedgerError(.badGenesis, "format \(wire.format) is unknown to this version")
    }
    guard Genesis.isName(wire.name), Genesis.isName(wire.origin), !wire.origin.utf8.contains(UInt8(ascii: "+")) else {
      throw LedgerError(.badGenesis, "name and origin are printable ASCII without space, at most 128 bytes")
    }
    guard wire.limits.batchBytes >= 1024, wire.limits.heartbeatSeconds > 0, wire.limits.dueSteps > 0,
      wire.limits.senderBytes > 0, wire.limits.officerBytes > 0, wire.limits.proposerBytes > 0
    else { throw LedgerError(.badGenesis, "a limit is missing") }
    // Records say "never" with a time of zero, so no block may have it.
    guard wire.time > 0 else { throw LedgerError(.badGenesis, "the time is missing") }
    var limits = Limits()
    limits.batchBytes = wire.limits.batchBytes
    limits.heartbeatSeconds = wire.limits.heartbeatSeconds
    limits.dueSteps = wire.limits.dueSteps
    limits.senderBytes = wire.limits.senderBytes
    limits.officerBytes = wire.limits.officerBytes
    limits.proposerBytes = wire.limits.proposerBytes
    self.bytes = bytes
    chain = .sha256(bytes)
    name = wire.name
    origin = wire.origin
    time = try Timestamp(validating: wire.time)
    self.limits = limits
    contracts = wire.contracts.map { ($0.contract, Array($0.payload)) }
  }

  /// Writes a genesis and reads it back.
  public init(
    name: String, origin: String, time: Timestamp, limits: Limits, contracts: [(name: String, payload: [UInt8])]
  ) throws(LedgerError) {
    var wire = WireGenesis()
    wire.format = Genesis.format
    wire.name = name
    wire.origin = origin
    wire.time = time.seconds
    wire.limits.batchBytes = limits.batchBytes
    wire.limits.heartbeatSeconds = limits.heartbeatSeconds
    wire.limits.dueSteps = limits.dueSteps
    wire.limits.senderBytes = limits.senderBytes
    wire.limits.officerBytes = limits.officerBytes
    wire.limits.proposerBytes = limits.proposerBytes
    wire.contracts = contracts.map { contract in
      var part = WireContractGenesis()
      part.contract = contract.name
      part.payload = Data(contract.payload)
      return part
    }
    try self.init(decoding: encodedBytes(of: wire))
  }

  /// The part of one contract.
  public func payload(of contract: String) throws(LedgerError) -> [UInt8] {
    guard let part = contracts.first(where: { $0.name.utf8.elementsEqual(contract.utf8) }) else {
      throw LedgerError(.badGenesis, "the genesis has no part for \(contract)")
    }
    return part.payload
  }

  private static func isName(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (33...126).contains($0) }
  }
}
