public import TransparencyLog

/// A capture of events through the gateway, and what became of it.
public struct CaptureRecord: Hashable, Sendable {
  /// Its own name.
  public let id: String
  /// The organisation that sent it, by its ordinal.
  public let organisation: UInt16
  /// When it came: milliseconds since 1970.
  public let made: UInt64
  /// When it was done; `nil` while it runs.
  public let finished: UInt64?
  /// Whether one refused event refuses all.
  public let isRollback: Bool
  /// Whether every event was taken; false while it runs.
  public let hasSucceeded: Bool
  /// What was refused, as JSON; empty for nothing.
  public let errors: [UInt8]

  /// A capture.
  public init(
    id: String, organisation: UInt16, made: UInt64, finished: UInt64? = nil, isRollback: Bool,
    hasSucceeded: Bool = false, errors: [UInt8] = []
  ) {
    self.id = id
    self.organisation = organisation
    self.made = made
    self.finished = finished
    self.isRollback = isRollback
    self.hasSucceeded = hasSucceeded
    self.errors = errors
  }
}

/// A manifest that was signed for a capture: what has to be known to find out after a crash whether it got through.
public struct SignedCapture: Hashable, Sendable {
  /// The capture.
  public let capture: String
  /// The organisation that it was signed for, by its ordinal.
  public let organisation: UInt16
  /// Until when it can get into the log: seconds since 1970.
  public let expiry: UInt64
  /// Root over the manifest's rows.
  public let root: Hash
  /// Name on the chain of the first row; those of the others follow.
  public let first: UInt64
  /// How many rows.
  public let rows: UInt32

  /// A manifest.
  public init(capture: String, organisation: UInt16, expiry: UInt64, root: Hash, first: UInt64, rows: UInt32) {
    self.capture = capture
    self.organisation = organisation
    self.expiry = expiry
    self.root = root
    self.first = first
    self.rows = rows
  }
}

/// An event as its sender knows it, and as the chain does.
public struct CapturedEvent: Hashable, Sendable {
  /// The sender's eventID; `nil` where it gave none.
  public let id: String?
  /// The hash id of its content.
  public let hashID: String
  /// Names on the chain of its rows: the first, and how many.
  public let first: UInt64
  /// How many rows; 0 where the chain keeps nothing of it.
  public let rows: UInt32
  /// The row that says the same as the event.
  public let main: UInt64?

  /// An event.
  public init(id: String?, hashID: String, first: UInt64, rows: UInt32, main: UInt64?) {
    self.id = id
    self.hashID = hashID
    self.first = first
    self.rows = rows
    self.main = main
  }
}

/// A lot by the event that makes it.
public struct CapturedLot: Hashable, Sendable {
  /// Name of the event on the chain.
  public let event: UInt64
  /// Which of the lots that it makes.
  public let output: Int

  /// A lot.
  public init(event: UInt64, output: Int) {
    self.event = event
    self.output = output
  }
}
