public import Ledger
public import TransparencyLog

/// An organisation of the consortium; table `organisations`.
public struct OrganisationRecord: FixedLayoutRecord, Hashable {
  /// Whether it may act.
  public enum Standing: UInt8, Sendable {
    /// It may.
    case active = 0
    /// It may not, and counts among the organisations until it is removed.
    case suspended = 1
    /// It has left for good.
    case removed = 2
  }

  /// Printable ASCII without space or plus, at most 48 bytes, zero-padded.
  public var name: InlineName
  /// What it may do.
  public var roles: Role
  /// Whether it endorses blocks.
  public var isEndorser: Bool
  /// Whether it may act.
  public var standing = Standing.active
  /// Vote, cosign and log key; zero bytes where it does not endorse.
  public var voteKey: Hash
  /// See ``voteKey``.
  public var cosignKey: Hash
  /// See ``voteKey``.
  public var logKey: Hash

  /// Bytes of a record.
  public static let byteCount = InlineName.byteCount + 2 + 1 + 1 + 3 * 32

  init(name: InlineName, roles: Role, keys: EndorserKeys?) {
    self.name = name
    self.roles = roles
    isEndorser = keys != nil
    voteKey = keys?.vote.raw ?? .zero
    cosignKey = keys?.cosign.raw ?? .zero
    logKey = keys?.log.raw ?? .zero
  }

  /// The endorsing keys; `nil` where it does not endorse.
  var keys: EndorserKeys? {
    guard isEndorser, let vote = try? PublicKey(voteKey.bytes), let cosign = try? PublicKey(cosignKey.bytes),
      let log = try? PublicKey(logKey.bytes)
    else { return nil }
    return EndorserKeys(vote: vote, cosign: cosign, log: log)
  }

  /// The endorsing key of a purpose; zero bytes for an officer's.
  subscript(purpose: KeyPurpose) -> Hash {
    get {
      switch purpose {
      case .vote: voteKey
      case .cosign: cosignKey
      case .log: logKey
      case .officer: .zero
      }
    }
    set {
      switch purpose {
      case .vote: voteKey = newValue
      case .cosign: cosignKey = newValue
      case .log: logKey = newValue
      case .officer: break
      }
    }
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    name = InlineName(reader: &reader, in: bytes)
    roles = Role(rawValue: reader.uint16(in: bytes))
    isEndorser = reader.uint8(in: bytes) != 0
    standing = Standing(rawValue: reader.uint8(in: bytes)) ?? .removed
    voteKey = reader.hash(in: bytes)
    cosignKey = reader.hash(in: bytes)
    logKey = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    name.write(to: &writer)
    writer.integer(roles.rawValue)
    writer.integer(UInt8(isEndorser ? 1 : 0))
    writer.integer(standing.rawValue)
    writer.hash(voteKey)
    writer.hash(cosignKey)
    writer.hash(logKey)
  }
}

/// A name in a fixed field: ASCII bytes, then zeros.
public struct InlineName: Hashable, Sendable {
  /// Bytes of the field.
  public static let byteCount = 48
  private let text: [UInt8]

  /// A name of 1 to 48 printable ASCII bytes without space and plus, which C2SP key names exclude.
  public init?(_ name: String) {
    let bytes = Array(name.utf8)
    guard (1...InlineName.byteCount).contains(bytes.count),
      bytes.allSatisfy({ (33...126).contains($0) && $0 != UInt8(ascii: "+") })
    else { return nil }
    text = bytes
  }

  init(reader: inout RecordReader, in bytes: RawSpan) {
    var text: [UInt8] = []
    for _ in 0..<InlineName.byteCount {
      let byte = reader.uint8(in: bytes)
      if byte != 0 { text.append(byte) }
    }
    self.text = text
  }

  func write(to writer: inout RecordWriter) {
    writer.bytes((text + [UInt8](repeating: 0, count: InlineName.byteCount - text.count)).span.bytes)
  }

  /// The name as text.
  public var string: String { String(decoding: text, as: UTF8.self) }
}
