public import HeartChain
public import Ledger
internal import MutualAid
internal import TransparencyLog

/// An address's hearts and love index, every number of them proven or worked out here: the node's word counts for
/// nothing.
///
/// The record and the formula come with proofs, and the changes are those over which the record's history is.
public struct ProvenGiver: Sendable {
  /// A period of 90 days in the index.
  public struct Term: Sendable, Hashable {
    /// Periods before the present one, 0 to 11.
    public let age: Int
    /// Midnight in UTC+8 with which it begins.
    public let from: Timestamp
    /// Points of gifts recorded in it.
    public let points: UInt32
    /// What they weigh, in thousandths.
    public let weight: UInt16
    /// ⌊points × weight ÷ 1,000⌋.
    public let counted: UInt64
  }

  /// Whose it is.
  public let address: Address
  /// The record.
  public let record: GiverRecord
  /// The formula in force, and which version it is.
  public let formula: FormulaRecord
  /// See above.
  public let version: UInt64
  /// Every change of her hearts, oldest first.
  public let changes: [HeartChange]
  /// Block time of the state that all of this is of.
  public let time: Timestamp
  /// The love index at that time.
  public let index: UInt16

  /// - Throws: `client.unproven` where the record is another address's, or the changes are not those of its history.
  init(
    address: Address, record: GiverRecord, formula: FormulaRecord, version: UInt64, changes: [HeartChange],
    time: Timestamp
  ) throws(ClientError) {
    guard record.key == GiverRecord.key(of: address.key) else {
      throw ClientError(.unproven, "the record is another address's")
    }
    guard changes.count == Int(record.changes), changes.reduce(Hash.zero, { $1.history(after: $0) }) == record.history
    else { throw ClientError(.unproven, "the changes are not those over which the record's history is") }
    self.address = address
    self.record = record
    self.formula = formula
    self.version = version
    self.changes = changes
    self.time = time
    index = LoveIndex.value(of: record, formula: formula, at: time)
  }

  /// How the index comes to be: the present period and the eleven before it.
  public var terms: [Term] { ProvenGiver.terms(of: record, formula: formula, at: time) }

  /// The periods of an index.
  public static func terms(of giver: GiverRecord, formula: FormulaRecord, at time: Timestamp) -> [Term] {
    let present = LoveIndex.period(time)
    return (0..<FormulaRecord.periods).filter { UInt32($0) <= present }.map { age in
      let period = present - UInt32(age)
      // The record holds the points of its last period and of eleven before; of all others there are none.
      let isHeld = period <= giver.period && UInt64(period) + UInt64(FormulaRecord.periods) > UInt64(giver.period)
      let points = isHeld ? giver.points[Int(period) % FormulaRecord.periods] : 0
      let weight = formula.weights[age]
      return Term(
        age: age, from: CivilDate.midnight(dayNumber: UInt32(clamping: UInt64(period) * LoveIndex.periodDays)),
        points: points, weight: weight, counted: UInt64(points) * UInt64(weight) / 1000)
    }
  }
}

extension NodeClient {
  /// A change as the node's list has it.
  private struct ListedChange: Decodable {
    let kind: String
    let hearts: Int64
    let number: UInt32
    let commitment: String?
    let time: UInt64

    func change() throws -> HeartChange {
      guard let kind = TraceWords.value(kind, in: TraceWords.changes),
        let commitment = commitment.map({ Hash(hexadecimal: $0) }) ?? .zero
      else { throw ClientError(.badAnswer, "a change of hearts that is none") }
      return HeartChange(
        kind, hearts: hearts, number: number, commitment: commitment, time: Timestamp(seconds: time))
    }
  }

  private struct ListedGiver: Decodable {
    let giver: UInt64
    let items: [ListedChange]
    let next: String?
  }

  /// The most changes of an address that are read.
  private static let maximumChanges = 1_000_000

  /// An address's hearts with all that became of them, proven.
  ///
  /// - Throws: `http.not_found` for an address that never had hearts, `client.unproven`, `client.answer_too_large` for
  ///   more than a million changes.
  public func giver(_ address: Address, on name: String, chain: TrustedChain) async throws -> ProvenGiver {
    // A block between two answers makes them not fit; then all are asked for again.
    var tries = 0
    while true {
      do {
        return try await askedGiver(address, on: name, chain: chain)
      } catch let error as ClientError where error.code == .unproven && tries < 4 {
        tries += 1
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  private func askedGiver(_ address: Address, on name: String, chain: TrustedChain) async throws -> ProvenGiver {
    let path = "/v1/hearts/givers/\(address)?chain=\(name)&limit=200"
    var page = try await decoded(ListedGiver.self, path)
    let ordinal = page.giver
    var newest = try page.items.map { try $0.change() }
    while let next = page.next {
      guard let cursor = UInt64(next) else { throw ClientError(.badAnswer, "the cursor of the next page is none") }
      guard newest.count < NodeClient.maximumChanges else {
        throw ClientError(.tooLarge, "more than \(NodeClient.maximumChanges) changes of one address")
      }
      page = try await decoded(ListedGiver.self, path + "&cursor=\(cursor)")
      guard !page.items.isEmpty else { throw ClientError(.badAnswer, "an empty page names a next one") }
      newest += try page.items.map { try $0.change() }
    }
    let first = try await record(FormulaRecord.self, table: "formulas", ordinal: 0, on: name, chain: chain)
    var formula = first
    if first.count > 1 {
      formula = try await record(
        FormulaRecord.self, table: "formulas", ordinal: first.count - 1, on: name, chain: chain)
    }
    let proven = try await record(GiverRecord.self, table: "givers", ordinal: ordinal, on: name, chain: chain)
    return try ProvenGiver(
      address: address, record: proven.record, formula: formula.record, version: formula.count,
      changes: newest.reversed(), time: proven.seal.time)
  }
}
