/// Why somebody opens a document.
public enum AccessPurpose: UInt8, Sendable, CaseIterable {
  /// To find out whether a case is right.
  case investigation = 1
  /// To decide a case.
  case decision = 2
  /// To look into an objection.
  case objection = 3
  /// As a member of a jury.
  case jury = 4
  /// To decide an appeal.
  case appeal = 5
  /// To answer a complaint.
  case complaint = 6
  /// To check the work of others.
  case audit = 7
  /// It is the person's own document.
  case own = 8

  /// The name in listings and on the command line.
  public var name: String { "\(self)" }

  /// The purpose of a name; `nil` for none.
  public init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

/// Why a document was erased (PIPL, article 47).
public enum ErasureReason: UInt8, Sendable, CaseIterable {
  /// What it was kept for is reached, or can no longer be.
  case purposeMet = 1
  /// The person withdrew her consent.
  case consentWithdrawn = 2
  /// The service ended, or the time to keep it is over.
  case serviceEnded = 3
  /// It was never lawful to keep it.
  case unlawful = 4
  /// It was put here by mistake.
  case mistake = 5

  /// The name in listings and on the command line.
  public var name: String {
    switch self {
    case .purposeMet: "purpose-met"
    case .consentWithdrawn: "consent-withdrawn"
    case .serviceEnded: "service-ended"
    case .unlawful: "unlawful"
    case .mistake: "mistake"
    }
  }

  /// The reason of a name; `nil` for none.
  public init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

/// What somebody did with a document.
public enum Access: Sendable, Equatable {
  /// Put it into the vault.
  case stored
  /// Opened it.
  case opened(AccessPurpose)
  /// Got it sealed, to open it elsewhere.
  case handedOut(AccessPurpose)
  /// Let somebody else read it.
  case readerAdded(PartyID)
  /// Let somebody read it no longer.
  case readerRemoved(PartyID)
  /// Erased it.
  case erased(ErasureReason)
  /// Was refused it, because the scanner found something.
  case foundInfected(AccessPurpose)
  /// Opened it, or was refused it, without an answer of the scanner.
  case notScanned(AccessPurpose)
  /// What the entry before speaks of, storing or erasing, did not come to pass: a crash or a failing disk was faster.
  case notDone

  /// The name in listings.
  public var name: String {
    switch self {
    case .stored: "stored"
    case .opened: "opened"
    case .handedOut: "handed-out"
    case .readerAdded: "reader-added"
    case .readerRemoved: "reader-removed"
    case .erased: "erased"
    case .foundInfected: "found-infected"
    case .notScanned: "not-scanned"
    case .notDone: "not-done"
    }
  }

  /// What stands in an entry: kind, detail and subject.
  fileprivate var fields: (kind: UInt8, detail: UInt8, subject: PartyID) {
    switch self {
    case .stored: (1, 0, .none)
    case .opened(let purpose): (2, purpose.rawValue, .none)
    case .handedOut(let purpose): (3, purpose.rawValue, .none)
    case .readerAdded(let party): (4, 0, party)
    case .readerRemoved(let party): (5, 0, party)
    case .erased(let reason): (6, reason.rawValue, .none)
    case .foundInfected(let purpose): (7, purpose.rawValue, .none)
    case .notScanned(let purpose): (8, purpose.rawValue, .none)
    case .notDone: (9, 0, .none)
    }
  }

  fileprivate init?(kind: UInt8, detail: UInt8, subject: PartyID) {
    let purpose = AccessPurpose(rawValue: detail)
    let access: Access? =
      switch kind {
      case 1: .stored
      case 2: purpose.map { .opened($0) }
      case 3: purpose.map { .handedOut($0) }
      case 4: .readerAdded(subject)
      case 5: .readerRemoved(subject)
      case 6: ErasureReason(rawValue: detail).map { .erased($0) }
      case 7: purpose.map { .foundInfected($0) }
      case 8: purpose.map { .notScanned($0) }
      case 9: .notDone
      default: nil
      }
    guard let access, access.fields == (kind, detail, subject) else { return nil }
    self = access
  }
}

/// One line of the access log: who, which document, when, what for. No name, and nothing of what the document says.
///
///     entry = version u8 (1) ‖ kind u8 ‖ detail u8 ‖ 0 ‖ sequence u64 ‖ time u64 ‖ actor 20 ‖ case 16 ‖ document 16
///             ‖ subject 20 ‖ previous 32 ‖ hash 32
///
/// `previous` is the hash of the entry before, zero in the first; `hash` is SHA-256 of a prefix and all before it.
public struct AccessEntry: Sendable, Equatable {
  /// Bytes of an entry.
  public static let byteCount = 156
  private static let version: UInt8 = 1
  private static let domain = Domain.tag("vault-access")

  /// The number of entries before it.
  public let sequence: UInt64
  /// POSIX seconds, by the clock of whoever runs the vault.
  public let time: UInt64
  /// What was done.
  public let access: Access
  /// Who did it.
  public let actor: PartyID
  /// The case.
  public let caseID: CaseID
  /// The document.
  public let document: DocumentID
  /// The hash of the entry before.
  public let previous: VaultHash

  init(
    _ access: Access, by actor: PartyID, _ document: DocumentID, in caseID: CaseID, at time: UInt64,
    after head: AccessHead
  ) {
    sequence = head.count
    previous = head.hash
    self.time = time
    self.access = access
    self.actor = actor
    self.caseID = caseID
    self.document = document
  }

  /// Reads an entry and checks its hash.
  ///
  /// - Throws: `vault.malformed`, `vault.unknown_version`.
  public init(_ bytes: some Collection<UInt8>) throws(VaultError) {
    let bytes = Array(bytes)
    var reader = ByteReader(bytes)
    try reader.require([], version: Self.version)
    let kind: UInt8 = try reader.number()
    let detail: UInt8 = try reader.number()
    let zero: UInt8 = try reader.number()
    sequence = try reader.number()
    time = try reader.number()
    actor = try reader.value()
    caseID = try reader.value()
    document = try reader.value()
    let subject: PartyID = try reader.value()
    previous = try reader.value()
    let hash: VaultHash = try reader.value()
    try reader.requireEnd()
    guard zero == 0, let access = Access(kind: kind, detail: detail, subject: subject) else {
      throw VaultError(.malformed, "an entry of the access log of no known kind")
    }
    self.access = access
    guard hash == self.hash else { throw VaultError(.malformed, "an entry's hash does not fit") }
  }

  /// The bytes of the entry.
  public var encoded: [UInt8] { body + hash.bytes }

  /// What the next entry names as the one before it.
  public var hash: VaultHash { .sha256(parts: Self.domain, body) }

  private var body: [UInt8] {
    let (kind, detail, subject) = access.fields
    var bytes = [Self.version, kind, detail, 0]
    bytes.append(number: sequence)
    bytes.append(number: time)
    return bytes + actor.bytes + caseID.bytes + document.bytes + subject.bytes + previous.bytes
  }
}

/// How far the access log goes: who keeps it elsewhere can tell later whether something was taken away.
///
/// As text it is `count:hash`.
public struct AccessHead: Sendable, Equatable, CustomStringConvertible {
  /// The number of entries.
  public let count: UInt64
  /// The hash of the last one; zero for none.
  public let hash: VaultHash

  /// Of an empty log.
  static let empty = AccessHead(count: 0, hash: .zero)

  init(count: UInt64, hash: VaultHash) {
    self.count = count
    self.hash = hash
  }

  /// Reads the text; `nil` for what is none.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = UInt64(parts[0]), String(count) == parts[0],
      let hash = VaultHash(hexadecimal: String(parts[1]))
    else { return nil }
    self.init(count: count, hash: hash)
  }

  /// `count:hash`.
  public var description: String { "\(count):\(hash)" }
}
