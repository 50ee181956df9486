/// How a simulated network misbehaves. All chances are parts in a thousand.
public struct Faults: Sendable {
  /// The longest delay of a message or of an ordered batch, in milliseconds.
  public var maximumDelay: UInt64 = 0
  /// Messages delivered twice.
  public var doubled = 0
  /// Messages that never arrive.
  public var lost = 0
  /// Organisation that says nothing and hears nothing, by its place; `nil` for none.
  public var silent: Int?

  /// A network without faults: everything arrives at once and in order.
  public static let none = Faults()

  /// A network with faults chosen field by field.
  public init(maximumDelay: UInt64 = 0, doubled: Int = 0, lost: Int = 0, silent: Int? = nil) {
    self.maximumDelay = maximumDelay
    self.doubled = doubled
    self.lost = lost
    self.silent = silent
  }
}

/// How often each fault really happened in a run.
public struct FaultCounts: Sendable {
  /// Messages delivered after another that was sent later.
  public var reordered = 0
  /// Messages delivered later than they were sent.
  public var delayed = 0
  /// Messages delivered twice.
  public var doubled = 0
  /// Messages that never arrived.
  public var lost = 0
  /// Messages from or to a silent organisation.
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
    sum.doubled += b.doubled
    sum.lost += b.lost
    sum.silenced += b.silenced
    sum.outbid += b.outbid
    return sum
  }
}
