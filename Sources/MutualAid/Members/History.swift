public import Ledger
public import TransparencyLog

/// A change of a membership, as its history holds it.
///
/// history = SHA-256(domain ‖ previous history ‖ kind ‖ amount ‖ number ‖ commitment ‖ block time ‖ C),
/// so whoever knows a record's history can be shown every change and none can be left out. Shares are
/// not among the changes: they follow from the plan's settlements. What happens to an owner's key stands in the
/// history of the membership that it was asked for.
public struct MembershipChange: Hashable, Sendable, FixedLayoutRecord {
  /// What happened.
  public enum Kind: UInt8, Sendable {
    /// The join; commitment: SHA-256 over the commitments to the insured and the health declaration.
    case join = 1
    /// A first deposit or one after a gap: cover and waiting period begin anew.
    case fund = 2
    /// A deposit on a funded membership.
    case topUp = 3
    /// A deposit within grace; the arrears went to the plan's reserve and cover goes on from here.
    case reinstate = 4
    /// The owner asked to leave.
    case leave = 5
    /// The membership ended; amount: the balance that goes back.
    case end = 6
    /// A payment was taken back; amount: what the balance bore.
    case reverse = 7
    /// A case was filed; number: its ordinal.
    case fileCase = 8
    /// The owner signs with another key; commitment: the key.
    case rotateKey = 9
    /// Two organisations asked for another key of the owner's; number: the recovery; commitment: the key.
    case recover = 10
    /// The present key forbade it; number: the recovery.
    case vetoRecovery = 11
    /// The new key stands; number: the recovery; commitment: the key.
    case recovered = 12
    /// The present key stays, by proof of identity; number: the recovery.
    case keptKey = 13
    /// A payee was named; commitment: hers.
    case setPayee = 14
    /// An heir was named; commitment: hers.
    case setHeir = 15
    /// The insured has died; number: the day.
    case death = 16
    /// The insured took the membership over; commitment: her address and twelve zero bytes.
    case takeOver = 17
    /// The membership ends for an illness within the waiting period; amount: the shares that go back.
    case illness = 18
  }

  /// See ``Kind``.
  public var kind: Kind
  /// Millionths of a yuan.
  public var amount: Int64
  /// The custodian's number of a deposit, or an ordinal.
  public var number: UInt64
  /// A commitment, or zero bytes.
  public var commitment: Hash
  /// Block time.
  public var time: Timestamp
  /// The plan's cumulative share at that moment.
  public var cumulative: Int64

  /// Bytes of a change.
  public static let byteCount = 65

  /// Reads the bytes of a change; `nil` for another length or a kind that there is not.
  public init?(bytes: [UInt8]) {
    guard bytes.count == MembershipChange.byteCount, Kind(rawValue: bytes[0]) != nil else { return nil }
    self.init(from: bytes.span.bytes)
  }

  init(
    _ kind: Kind, amount: Int64 = 0, number: UInt64 = 0, commitment: Hash = .zero, time: Timestamp, cumulative: Int64
  ) {
    self.kind = kind
    self.amount = amount
    self.number = number
    self.commitment = commitment
    self.time = time
    self.cumulative = cumulative
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    kind = Kind(rawValue: reader.uint8(in: bytes)) ?? .end
    amount = reader.int64(in: bytes)
    number = reader.uint64(in: bytes)
    commitment = reader.hash(in: bytes)
    time = reader.timestamp(in: bytes)
    cumulative = reader.int64(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(kind.rawValue)
    writer.integer(amount)
    writer.integer(number)
    writer.hash(commitment)
    writer.timestamp(time)
    writer.integer(cumulative)
  }

  private static let domain = Domain.tag("history")

  /// The history after this change.
  public func following(_ history: Hash) -> Hash {
    let size = MembershipChange.domain.count + Hash.byteCount + MembershipChange.byteCount
    return withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { buffer in
      buffer.initializeMemory(as: UInt8.self, repeating: 0)
      var writer = RecordWriter(buffer)
      writer.bytes(MembershipChange.domain.span.bytes)
      writer.hash(history)
      encode(into: UnsafeMutableRawBufferPointer(rebasing: buffer[writer.offset...]))
      return Hash.sha256(UnsafeRawBufferPointer(buffer).bytes)
    }
  }
}
