public import Ledger
public import TransparencyLog

/// A kind of gift with its unit and rates; table `gift_kinds`.
public struct GiftKindRecord: FixedLayoutRecord, Hashable {
  /// SHA-256 of the name of what it is.
  public var name: Hash
  /// What sort it is.
  public var category: GiftCategory
  /// In what it is counted.
  public var unit: GiftUnit
  /// Hearts for 1,000 units, at most ``maximumRate``.
  public var hearts: UInt32
  /// Points of the love index for 1,000 units, at most ``maximumRate``.
  public var points: UInt32

  /// Bytes of a record.
  public static let byteCount = 44
  /// The highest rate: a million for one unit.
  public static let maximumRate: UInt32 = 1_000_000_000

  /// A kind.
  public init(name: Hash, category: GiftCategory, unit: GiftUnit, hearts: UInt32, points: UInt32) {
    self.name = name
    self.category = category
    self.unit = unit
    self.hearts = hearts
    self.points = points
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    name = reader.hash(in: bytes)
    category = GiftCategory(rawValue: reader.uint8(in: bytes)) ?? .activities
    unit = GiftUnit(rawValue: reader.uint8(in: bytes)) ?? .attendance
    reader.skip(2, in: bytes)
    hearts = reader.uint32(in: bytes)
    points = reader.uint32(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(name)
    writer.integer(category.rawValue)
    writer.integer(unit.rawValue)
    writer.integer(UInt16(0))
    writer.integer(hearts)
    writer.integer(points)
  }

  /// ⌊quantity × hearts / 1,000⌋; `nil` for more than a gift may bring.
  func hearts(for quantity: Int64) -> Int64? {
    let product = Int128(quantity) * Int128(hearts) / 1000
    return product <= Int128(TraceEvent.maximumQuantity) ? Int64(product) : nil
  }
}

/// One version of the love index's formula; table `formulas`, version v at ordinal v − 1.
public struct FormulaRecord: FixedLayoutRecord {
  /// Periods that count.
  public static let periods = 12
  /// The most thresholds.
  public static let maximumThresholds = 8

  /// Block time from which it holds.
  public var since = Timestamp.zero
  /// The most points of one gift, 1 to 1,000.
  public var giftPoints: UInt16 = 20
  /// The most points of one day, `giftPoints` to 1,000.
  public var dayPoints: UInt16 = 30
  /// What the points of each period count, in thousandths; the present period first.
  public var weights = InlineArray<12, UInt16>(repeating: 1000)
  /// Values of the index at which partners may open something, ascending; zeros behind the last.
  public var thresholds = InlineArray<8, UInt16>(repeating: 0)

  /// Bytes of a record.
  public static let byteCount = 52

  /// The formula that holds where a genesis says nothing else.
  public init() {
    let fading: [UInt16] = [1000, 1000, 1000, 1000, 900, 800, 700, 600, 500, 400, 300, 200]
    for (index, weight) in fading.enumerated() { weights[index] = weight }
    let standard: [UInt16] = [100, 300, 500, 600, 650, 700, 800]
    for (index, threshold) in standard.enumerated() { thresholds[index] = threshold }
  }

  /// Whether the numbers lie in their ranges: weights that never rise, thresholds that do.
  var isSound: Bool {
    guard (1...1000).contains(giftPoints), (giftPoints...1000).contains(dayPoints), thresholds[0] > 0 else {
      return false
    }
    for index in weights.indices where weights[index] > (index == 0 ? 1000 : weights[index - 1]) { return false }
    for index in 1..<FormulaRecord.maximumThresholds {
      let isEnd = thresholds[index] == 0
      guard isEnd || (thresholds[index] > thresholds[index - 1] && thresholds[index - 1] > 0) else { return false }
    }
    for threshold in thresholds.indices where thresholds[threshold] > LoveIndex.maximum { return false }
    return true
  }

  /// Whether the index has this threshold.
  public func hasThreshold(_ value: UInt32) -> Bool {
    for index in thresholds.indices where value > 0 && UInt32(thresholds[index]) == value { return true }
    return false
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    since = reader.timestamp(in: bytes)
    giftPoints = reader.uint16(in: bytes)
    dayPoints = reader.uint16(in: bytes)
    for index in weights.indices { weights[index] = reader.uint16(in: bytes) }
    for index in thresholds.indices { thresholds[index] = reader.uint16(in: bytes) }
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.timestamp(since)
    writer.integer(giftPoints)
    writer.integer(dayPoints)
    for index in weights.indices { writer.integer(weights[index]) }
    for index in thresholds.indices { writer.integer(thresholds[index]) }
  }
}
