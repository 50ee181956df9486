/// Why a node could not do what it was asked for.
public struct NodeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A stable name for the reason.
  public struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }

    /// The node holds as many transactions as it may; nothing was kept of this one.
    public static let busy = Code("node.busy")
    /// The node is stopping.
    public static let stopping = Code("node.stopping")
    /// The node only follows: it takes no transactions.
    public static let readOnly = Code("node.read_only")
    /// The source that this node follows published something that cannot be; it is not followed any further.
    public static let sourceLied = Code("node.source_lied")
    /// The node is still replaying its log.
    public static let notReady = Code("node.not_ready")
    /// The data directory lacks something a node needs, or another process uses it.
    public static let unusableDirectory = Code("node.unusable_directory")
    /// The node cannot cosign as a witness for the moment: its disk or its clock forbids it.
    public static let witnessUnavailable = Code("node.witness_unavailable")
    /// Another program listens there.
    public static let addressInUse = Code("node.address_in_use")
    /// A quorum computed something else, or the ordering engine gives another value than before.
    public static let diverged = Code("node.diverged")
  }

  /// The reason.
  public let code: Code
  /// What happened, for people; never holds a secret, a name or a health fact.
  public let message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code and the message.
  public var description: String { "\(code.name): \(message)" }

  /// Equal when the codes are.
  public static func == (a: NodeError, b: NodeError) -> Bool { a.code == b.code }
}
