public import Ledger
public import TransparencyLog

/// A lot: something given that is in one place, or on its way, or has come to an end; table `lots`.
///
/// `received` = `left` + `handed` + `lost` + ``passed``, always. The last event's place and the running hash are all
/// that the state keeps of a lot's way; the way itself is in the log (docs/adr/0015).
public struct LotRecord: FixedLayoutRecord, Hashable {
  /// The project it was given to.
  public var project: UInt32
  /// Ordinal of its kind; ``container`` for what holds other lots.
  public var kind: UInt16
  /// Where it is in its life.
  public var state: LotState
  /// In what it is counted.
  public var unit: GiftUnit
  /// The charity that answers for it.
  public var owner: UInt16
  /// The organisation that has it, or sent it.
  public var holder: UInt16
  /// The organisation it is on its way to; 0 otherwise.
  public var receiver: UInt16 = 0
  /// Coarse place of its last event that had one.
  public var place: UInt32
  /// The container it is in, ordinal + 1; 0 for none.
  public var inside: UInt32 = 0
  /// The gift it began as, ordinal + 1; 0 where it came out of other lots.
  public var gift: UInt32
  /// What there was in the beginning; of a container the lots in it.
  public var received: Int64
  /// What is left.
  public var left: Int64
  /// What reached people, or was spent or given back.
  public var handed: Int64 = 0
  /// What was lost, died or was corrected away; of a void lot what was taken back, see ``takenBack``.
  public var lost: Int64 = 0
  /// When its last event happened, by its sender's word.
  public var movedAt: Timestamp
  /// The last event: its organisation in the upper 16 bits, that organisation's number in the others.
  public var event: UInt64
  /// Running hash over all its events and those of the lots it came from (``TraceHistory``).
  public var history: Hash

  /// Bytes of a record.
  public static let byteCount = 108
  /// The kind of containers.
  public static let container = UInt16.max

  /// What went into other lots, with what was lost in doing so. Wraps for a record that no state can hold.
  public var passed: Int64 { received &- left &- handed &- lost }

  /// What the reversal of its gift took back: all of a void lot's `lost`, since only a lot of which nothing was lost
  /// becomes void. Whoever tells people what became of a lot says this apart, as ``ImpactOutcome/takenBack`` does.
  public var takenBack: Int64 { state == .void ? lost : 0 }

  /// What was lost on its way, without what was taken back.
  public var wasted: Int64 { lost &- takenBack }

  init(
    project: UInt32, kind: UInt16, state: LotState = .held, unit: GiftUnit, owner: UInt16, holder: UInt16,
    place: UInt32, gift: UInt32 = 0, quantity: Int64, movedAt: Timestamp, event: UInt64, history: Hash
  ) {
    self.project = project
    self.kind = kind
    self.state = state
    self.unit = unit
    self.owner = owner
    self.holder = holder
    self.place = place
    self.gift = gift
    received = quantity
    left = quantity
    self.movedAt = movedAt
    self.event = event
    self.history = history
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    project = reader.uint32(in: bytes)
    kind = reader.uint16(in: bytes)
    state = LotState(rawValue: reader.uint8(in: bytes)) ?? .ended
    unit = GiftUnit(rawValue: reader.uint8(in: bytes)) ?? .piece
    owner = reader.uint16(in: bytes)
    holder = reader.uint16(in: bytes)
    receiver = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    place = reader.uint32(in: bytes)
    inside = reader.uint32(in: bytes)
    gift = reader.uint32(in: bytes)
    received = reader.int64(in: bytes)
    left = reader.int64(in: bytes)
    handed = reader.int64(in: bytes)
    lost = reader.int64(in: bytes)
    movedAt = reader.timestamp(in: bytes)
    event = reader.uint64(in: bytes)
    history = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(project)
    writer.integer(kind)
    writer.integer(state.rawValue)
    writer.integer(unit.rawValue)
    writer.integer(owner)
    writer.integer(holder)
    writer.integer(receiver)
    writer.integer(UInt16(0))
    writer.integer(place)
    writer.integer(inside)
    writer.integer(gift)
    writer.integer(received)
    writer.integer(left)
    writer.integer(handed)
    writer.integer(lost)
    writer.timestamp(movedAt)
    writer.integer(event)
    writer.hash(history)
  }
}
