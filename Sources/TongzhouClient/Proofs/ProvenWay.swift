public import Contracts
public import Foundation
public import HeartChain
public import Ledger
public import TransparencyLog

/// The whole way of a lot, proven: its record in a certified state, and every event of it and of the lots it came from.
///
/// The record's history is a hash over exactly these events, so whoever holds the file and the policy follows the lot
/// back to the gifts without asking anybody, and nothing can be left out of it, put into it or changed.
public struct ProvenWay: ProofFile, Hashable {
  /// The version of the format.
  public static let format = "tongzhou-way/v1"
  /// See ``ProofFile``.
  public static let mediaType = "application/vnd.tongzhou.way+json"
  /// The most bytes of a file: on average 480 for each of the most steps, of which one with three lots takes 230.
  public static let maximumByteCount = 32_000_000
  /// The most steps of a file: what a phone still hashes in some seconds.
  public static let maximumSteps = 65_536

  /// The reversal of the gift that a void lot began as: its last event, and no row.
  public struct Reversal: Codable, Hashable, Sendable {
    /// Hash of the published reason.
    public var reason: Data
    /// Block time.
    public var time: UInt64

    /// A reversal.
    public init(reason: Hash, time: Timestamp) {
      self.reason = Data(reason.bytes)
      self.time = time.seconds
    }
  }

  /// The record of the gift that the lot began as.
  public struct Gift: Codable, Hashable, Sendable {
    /// The table `gifts`.
    public var table: ProvenTable
    /// The gift.
    public var record: ProvenRecord
  }

  /// See ``format``.
  public var format: String
  /// The chain's id, 64 hexadecimal digits.
  public var chain: String
  /// The table `lots` with its place under the state root.
  public var table: ProvenTable
  /// The lot's record; its ordinal is the lot.
  public var record: ProvenRecord
  /// The steps, each after all that it builds on and none before the block time of the one before it.
  public var steps: [Data]
  /// Of a void lot, and of no other.
  public var reversal: Reversal?
  /// The gift that the lot began as, where it began as one; it may be left out.
  public var gift: Gift?
  /// The seal that names the state root.
  public var seal: SealProof

  /// What a valid file says.
  public struct Proven: Sendable {
    /// The lot.
    public let lot: UInt32
    /// Its record.
    public let record: LotRecord
    /// Every event of its way, oldest first.
    public let steps: [(step: Way.Step, event: TraceEvent)]
    /// Of a void lot: why and when its gift was taken back.
    public let reversal: (reason: Hash, time: Timestamp)?
    /// The gift that the lot began as, where the file has it.
    public let gift: (ordinal: UInt32, record: GiftRecord)?
    /// The seal of the block after which it was so.
    public let seal: Seal
  }
}

extension ProvenWay {
  /// The file of a way out of a state, and the seal that names the state's root.
  ///
  /// - Parameter reversal: of a void lot.
  /// - Throws: `proof.not_found` where the state has no such lot, `proof.too_many_steps`.
  public init(
    _ way: Way, reversal: Reversal? = nil, state app: ChainState, chain: Hash, seal: SealProof
  ) throws(ProofError) {
    var app = app
    let commitment = app.commitment()
    guard let table = commitment.proof(ofTable: "lots"),
      let record = app.recordProof(table: "lots", ordinal: Int(way.lot))
    else { throw ProofError(.notFound, "no lot \(way.lot)") }
    guard way.steps.count <= ProvenWay.maximumSteps else {
      throw ProofError(
        .tooManySteps, "its way has \(way.steps.count) steps, and a file at most \(ProvenWay.maximumSteps)")
    }
    format = ProvenWay.format
    self.chain = chain.description
    self.table = ProvenTable(table)
    self.record = ProvenRecord(record)
    self.seal = seal
    self.reversal = reversal
    // An index gives them in the order in which the chain took them; only that they build on each other is asked of it.
    steps = way.steps.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      .map(\.element.fileBytes)
    let gift = LotRecord(from: record.record.span.bytes).gift
    if gift > 0, let gifts = commitment.proof(ofTable: "gifts"),
      let found = app.recordProof(table: "gifts", ordinal: Int(gift) - 1)
    {
      self.gift = Gift(table: ProvenTable(gifts), record: ProvenRecord(found))
    }
  }

  /// Checks everything the file claims, offline.
  ///
  /// - Parameters:
  ///   - chain: the pinned chain id.
  ///   - policy: the policy of the organisations, from the pinned genesis or kept from before.
  /// - Throws: `proof.malformed`, `proof.wrong_chain`, `proof.no_quorum`, `proof.not_included`, `proof.broken_history`.
  public func verify(chain: Hash, policy: Policy) throws(ProofError) -> Proven {
    let (read, reversal) = try (readSteps(), readReversal())
    guard self.chain.utf8.elementsEqual(chain.description.utf8) else {
      throw ProofError(.wrongChain, "the file is of chain \(self.chain)")
    }
    let seal = try seal.verify(chain: chain, policy: policy).seal
    let table = try table.verified(name: "lots", under: seal.state)
    let lot: LotRecord = try record.verified(in: table)
    let gift = try provenGift(of: lot, under: seal.state)
    guard let ordinal = UInt32(exactly: record.ordinal) else {
      throw ProofError(.brokenHistory, "no step names lot \(record.ordinal)")
    }
    try check(read, reversal, lead: ordinal, to: lot, until: seal.time)
    return Proven(lot: ordinal, record: lot, steps: read, reversal: reversal, gift: gift, seal: seal)
  }

  private func readSteps() throws(ProofError) -> [(step: Way.Step, event: TraceEvent)] {
    guard steps.count <= ProvenWay.maximumSteps else {
      throw ProofError(.malformed, "a way has at most \(ProvenWay.maximumSteps) steps")
    }
    var read: [(step: Way.Step, event: TraceEvent)] = []
    read.reserveCapacity(steps.count)
    for step in steps { read.append(try Way.Step.read(step)) }
    return read
  }

  private func readReversal() throws(ProofError) -> (reason: Hash, time: Timestamp)? {
    guard let reversal else { return nil }
    guard let reason = Hash(reversal.reason) else { throw ProofError(.malformed, "a reason's hash has 32 bytes") }
    return (reason, Timestamp(seconds: reversal.time))
  }

  private func provenGift(
    of lot: LotRecord, under state: Hash
  ) throws(ProofError) -> (ordinal: UInt32, record: GiftRecord)? {
    guard let gift else { return nil }
    let gifts = try gift.table.verified(name: "gifts", under: state)
    let record: GiftRecord = try gift.record.verified(in: gifts)
    guard gift.table.tables == table.tables, lot.gift > 0, gift.record.ordinal == UInt64(lot.gift) - 1,
      !record.isAttendance, UInt64(record.origin) == self.record.ordinal
    else { throw ProofError(.notIncluded, "the lot did not begin as this gift") }
    return (lot.gift - 1, record)
  }

  /// That the steps give the record's history, and could have been made by a ledger: no quorum may tell a way that does
  /// not end as the record says.
  private func check(
    _ read: [(step: Way.Step, event: TraceEvent)], _ reversal: (reason: Hash, time: Timestamp)?, lead ordinal: UInt32,
    to lot: LotRecord, until end: Timestamp
  ) throws(ProofError) {
    guard (lot.state == .void) == (reversal != nil), reversal == nil || lot.gift > 0 else {
      throw ProofError(.brokenHistory, "a void lot's way ends with its gift's reversal, and no other's does")
    }
    let times = read.map(\.step.time) + (reversal.map { [$0.time] } ?? []) + [end]
    guard zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw ProofError(.brokenHistory, "the steps are not in the order of their times, or after the seal")
    }
    let last = read.last { $0.step.sources.contains(ordinal) || $0.step.made.contains(ordinal) }
    guard last?.step.event == lot.event else {
      throw ProofError(.brokenHistory, "another event than the record's is the last of the lot")
    }
    let hash = reversal.map { TraceHistory.reversal(lot.gift - 1, $0.reason, $0.time) }
    guard Way(of: ordinal, steps: read.map(\.step)).verify(lot, reversal: hash) else {
      throw ProofError(.brokenHistory, "the steps do not give the lot's history")
    }
  }
}
