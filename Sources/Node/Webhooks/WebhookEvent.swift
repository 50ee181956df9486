internal import Consortium
internal import FoundationEssentials
public import Ledger
internal import MutualAid
internal import TransparencyLog

/// Something that happened on a chain and that its public pages show.
///
/// It says which record changed and where to read it, and how it then stood. No name, no class of disease, no amount:
/// a receiver that wants more asks the interface.
public struct WebhookEvent: Hashable, Sendable {
  /// What kinds there are.
  public enum Kind: String, Sendable, CaseIterable {
    /// A case was put on public notice.
    case notice = "notice.published"
    /// A case was filed or has another status.
    case `case` = "case.changed"
    /// Cases were shared.
    case settlement = "settlement.made"
    /// A plan's joins or payouts were paused, or its pause has another end.
    case pause = "plan.paused"
    /// A plan was opened, is wound down, or is closed.
    case plan = "plan.changed"
    /// An organisation came, was suspended, may act again, or was removed.
    case organisation = "organisation.changed"
  }

  /// See ``Kind``.
  public let kind: Kind
  /// The same for one event however often it is told.
  public let id: String
  /// The block time of what happened.
  public let time: Timestamp
  /// What happened.
  public let data: Data

  /// What happened, under the names that receivers read.
  public struct Data: Hashable, Sendable, Encodable {
    /// The chain's short name.
    public var chain: String
    /// The block after which it was so.
    public var height: UInt64
    /// Where the interface has more.
    public var api: String
    /// Ordinals, as in the interface.
    public var notice, `case`, settlement: Int?
    /// See ``notice``.
    public var plan, organisation: UInt16?
    /// A case's, as in the interface.
    public var status: String?
    /// A plan's or an organisation's, as in the interface.
    public var standing: String?
    /// What is paused: `joins` or `payouts`.
    public var scope: String?
    /// When the pause began and when it is over: seconds since 1970.
    public var from, until: UInt64?
  }

  /// What is sent.
  ///
  /// - Parameter address: of the node, as receivers reach it, without a slash at its end; put before the path of
  ///   `api`. `nil` leaves the path alone.
  public func body(address: String?) throws -> [UInt8] {
    struct Body: Encodable {
      let type: String
      let timestamp: String
      let data: Data
    }
    var data = data
    data.api = (address ?? "") + data.api
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let date = Date(timeIntervalSince1970: TimeInterval(time.seconds))
    return Array(try encoder.encode(Body(type: kind.rawValue, timestamp: date.formatted(.iso8601), data: data)))
  }

  /// An event about a record.
  ///
  /// - Parameters:
  ///   - path: of the record in the interface.
  ///   - record: what tells it from every other event of its kind on the chain.
  init(
    _ kind: Kind, of chain: ChainPlace, at time: Timestamp, path: String, record: [UInt64],
    _ fill: (inout Data) -> Void
  ) {
    self.kind = kind
    self.time = time
    var data = Data(chain: chain.name, height: chain.height, api: "/v1/\(path)?chain=\(chain.name)")
    fill(&data)
    self.data = data
    let lines = ["tongzhou webhook", "\(chain.id)", kind.rawValue] + record.map { "\($0)" }
    id = "msg_" + Hash.sha256(Array(lines.joined(separator: "\n").utf8)).description.prefix(32)
  }
}

/// A chain and a height on it.
struct ChainPlace: Sendable {
  let name: String
  let id: Hash
  let height: UInt64
}
