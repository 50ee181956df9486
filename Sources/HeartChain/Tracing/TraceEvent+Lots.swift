extension TraceEvent {
  /// The lots whose histories it changes, as its row names them (see ``lot``), in the order in which they take it up;
  /// `nil` for an event of no lot.
  public var sources: [UInt32]? {
    switch kind {
    case .donated, .pledged: []
    case .repacked, .packed: ingoing.map(\.lot)
    case .unpacked: [lot] + parts.map(\.lot)
    case .attended, .committed: nil
    default: [lot]
    }
  }

  /// How many lots it makes.
  public var madeCount: Int {
    switch kind {
    case .donated, .pledged, .planted, .disbursed, .packed: 1
    case .repacked: outgoing.count
    default: 0
    }
  }
}
