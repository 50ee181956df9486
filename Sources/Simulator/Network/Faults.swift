/// How a simulated network misbehaves. All chances are parts in a thousand.
public struct Faults: Sendable {
  /// The longest delay of a message, in milliseconds.
  public var maximumDelay: UInt64 = 0
  /// The longest delay of a batch on its way to the ordering engine, and again from there, in milliseconds.
  public var batchDelay: UInt64 = 0
  /// Messages and batches delivered twice.
  public var doubled = 0
  /// Messages and batches that never arrive.
  public var lost = 0
  /// Organisations cut off from the others and from the ordering engine, by their places. They live on:
  /// their clocks run, and they take transactions.
  public var silent: Set<Int> = []
  /// Seconds by which each organisation's clock is ahead, by its place; none for the places left out.
  public var clockOffsets: [Int: Int64] = [:]

  /// A network without faults: everything arrives at once and in order.
  public static let none = Faults()

  /// A network with faults chosen field by field.
  public init(
    maximumDelay: UInt64 = 0, batchDelay: UInt64 = 0, doubled: Int = 0, lost: Int = 0, silent: Set<Int> = [],
    clockOffsets: [Int: Int64] = [:]
  ) {
    self.maximumDelay = maximumDelay
    self.batchDelay = batchDelay
    self.doubled = doubled
    self.lost = lost
    self.silent = silent
    self.clockOffsets = clockOffsets
  }
}

/// How often each fault really happened in a run.
public struct FaultCounts: Sendable {
  /// Messages and batches that came to an organisation after something sent to it later.
  public var reordered = 0
  /// Messages delivered later than they were sent.
  public var delayed = 0
  /// Batches that reached the ordering engine, or an organisation from there, later than they were sent.
  public var batchesDelayed = 0
  /// Messages and batches delivered twice.
  public var doubled = 0
  /// Messages that never arrived.
  public var lost = 0
  /// Batches that never arrived at the ordering engine, or at an organisation from there.
  public var batchesLost = 0
  /// Messages and batches from or to an organisation that was cut off.
  public var silenced = 0
  /// Batches that came second at their sequence.
  public var outbid = 0

  /// None yet.
  public init() {}

  /// The sum of two runs.
  public static func + (a: FaultCounts, b: FaultCounts) -> FaultCounts {
    var sum = a
    sum.reordered += b.reordered
    sum.delayed += b.delayed
    sum.batchesDelayed += b.batchesDelayed
    sum.doubled += b.doubled
    sum.lost += b.lost
    sum.batchesLost += b.batchesLost
    sum.silenced += b.silenced
    sum.outbid += b.outbid
    return sum
  }

  /// Every count with its name, for those who print or check them all.
  public var all: [(name: String, count: Int)] {
    [
      ("reordered", reordered), ("delayed", delayed), ("batches delayed", batchesDelayed), ("doubled", doubled),
      ("lost", lost), ("batches lost", batchesLost), ("silenced", silenced), ("outbid", outbid),
    ]
  }
}
