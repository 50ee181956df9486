/// One thing that a watcher says, as a line for people and as one of JSON for programs.
public struct WatchLine: Codable, Hashable, Sendable {
  /// How grave it is.
  public enum Kind: String, Codable, Sendable {
    /// Something is wrong.
    case alarm
    /// What was wrong is so no more.
    case over
    /// Worth knowing.
    case note
  }

  /// What it is about; see docs/errors.md.
  public struct Code: Hashable, Sendable {
    /// The name.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }

    /// Two checkpoints that cannot both be of one log.
    public static let splitView = Code("watch.split_view")
    /// A source shows something that does not hold.
    public static let wrong = Code("watch.wrong_answer")
    /// The newest block is old.
    public static let stale = Code("watch.stale")
    /// A source has not answered for long.
    public static let silent = Code("watch.silent")
    /// A source shows fewer entries than before.
    public static let wentBack = Code("watch.went_back")
    /// The endorsers changed, as was proven.
    public static let policyChange = Code("watch.policy_change")
  }

  /// How grave it is.
  public let kind: Kind
  /// What it is about.
  public let code: String
  /// The address it is about.
  public let source: String
  /// In words.
  public let message: String
  /// Seconds since 1970.
  public let time: UInt64
  /// Entries of the log that the source showed last, where it did.
  public let size: UInt64?

  /// A line.
  public init(_ kind: Kind, _ code: Code, _ source: String, _ message: String, at time: UInt64, size: UInt64?) {
    self.kind = kind
    self.code = code.name
    self.source = source
    self.message = message
    self.time = time
    self.size = size
  }
}
