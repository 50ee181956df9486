public import Ledger
public import MutualAid
public import TransparencyLog

/// What stands on a chain under a person's address in one plan, held against her own keys and papers.
///
/// It needs no network: receipts show what was signed under her address, and her statement, which can leave nothing
/// out, shows what happened to her membership. Nothing in a result is secret: neither keys, salts nor contents.
public struct KeyAudit: Sendable {
  /// Why something on the chain is not what she signed.
  public struct Finding: Error, Hashable, Sendable, CustomStringConvertible {
    /// A stable name for the reason.
    public struct Code: Hashable, Sendable {
      /// The name, as listed in docs/errors.md.
      public let name: String

      /// A code of the given name.
      public init(_ name: String) { self.name = name }

      /// A transaction under her address that none of her keys signed.
      public static let notSigned = Code("key_audit.not_signed")
      /// A receipt of a transaction under another address.
      public static let notHers = Code("key_audit.not_hers")
      /// A commitment that none of the given contents opens.
      public static let doesNotOpen = Code("key_audit.does_not_open")
      /// A change that only her signature makes, and no transaction of hers that made it.
      public static let unexplained = Code("key_audit.unexplained")
      /// Another key than hers stands for her account, or stood for it.
      public static let foreignKey = Code("key_audit.foreign_key")
    }

    /// The reason.
    public let code: Code
    /// Where and what, in words.
    public let message: String

    /// The code and the message.
    public var description: String { "\(code.name): \(message)" }
  }

  /// What became of a commitment.
  public enum Opening: String, Sendable {
    /// A content of hers gives it.
    case opened
    /// No content for it was given.
    case notTried = "not tried"
    /// Contents for it were given, and none gives it.
    case failed = "does not open"
  }

  /// A transaction under her address.
  public struct Line: Sendable {
    /// Its place in the log.
    public let index: UInt64
    /// The block.
    public let height: UInt64
    /// Its time.
    public let time: Timestamp
    /// The transaction, its signatures verified.
    public let transaction: VerifiedTransaction
    /// Whether one of her keys signed it.
    public let isHers: Bool
    /// Its commitments.
    public let commitments: [(what: MutualAid.Committed, opening: Opening)]
    /// The change of her membership that it made; `nil` where it made none that only she can make.
    public let change: MembershipChange?
  }

  /// The transactions, in the order of the log.
  public private(set) var lines: [Line] = []
  /// What is wrong; empty where everything on the chain is what she signed.
  public private(set) var findings: [Finding] = []
  /// Changes of her membership that were looked at.
  public private(set) var changes = 0

  /// - Parameters:
  ///   - papers: her keys and contents for this plan.
  ///   - statement: what the statement of her membership proves, with the membership's ordinal; `nil` for receipts
  ///     alone, which show what is there and not that nothing is missing.
  ///   - policies: under which each receipt is checked, by the policy of its checkpoint.
  ///   - isEnrolled: that a group enrolled her, so that her join was not hers to sign.
  /// - Throws: `membership.not_the_owner` where the membership is not under an address of hers, what
  ///   `Receipt.verify` throws for a receipt that does not hold.
  public init(
    _ receipts: [Receipt], statement: (membership: UInt32, proven: Statement.Proven)?, papers: KeyPapers, chain: Hash,
    policies: KnownPolicies, isEnrolled: Bool = false
  ) throws {
    if let statement, !papers.addresses.contains(statement.proven.membership.owner) {
      throw LedgerError(.notTheOwner, "the membership is not under an address of these secrets")
    }
    let owner = statement?.proven.membership.owner
    var open = KeyAudit.changes(of: owner, statement?.proven.changes ?? [])
    changes = open.count
    var seen: UInt64?
    for receipt in receipts.sorted(by: { $0.index < $1.index }) where receipt.index != seen {
      seen = receipt.index
      let (transaction, seal) = try KeyAudit.verify(receipt, chain: chain, policies: policies)
      guard owner.map({ $0 == transaction.sender }) ?? papers.addresses.contains(transaction.sender) else {
        find(.notHers, "entry \(receipt.index) is a transaction of another address")
        continue
      }
      let isHers = papers.keys.contains { $0.publicKey == transaction.senderKey }
      if !isHers { find(.notSigned, "entry \(receipt.index) was signed by a key that is not yours") }
      let commitments = MutualAid.commitments(of: transaction.action).map { what, hash in
        let opening = papers.open(hash, what, chain: chain)
        if opening == .failed { find(.doesNotOpen, "\(what.word) in entry \(receipt.index)") }
        return (what, opening)
      }
      lines.append(
        Line(
          index: receipt.index, height: seal.height, time: seal.time, transaction: transaction, isHers: isHers,
          commitments: commitments,
          change: isHers ? KeyAudit.take(from: &open, made: transaction, at: seal.time, statement?.membership) : nil))
    }
    for change in open where KeyAudit.own.contains(change.kind) && !(isEnrolled && change.kind == .join) {
      find(.unexplained, "\(change.kind) at \(change.time.seconds): no transaction of yours made it")
    }
    for change in statement?.proven.changes ?? [] where [.rotateKey, .recovered].contains(change.kind) {
      guard !papers.keys.contains(where: { $0.publicKey.raw == change.commitment }) else { continue }
      find(.foreignKey, "\(change.kind) at \(change.time.seconds): the account got a key that is not yours")
    }
  }

  private mutating func find(_ code: Finding.Code, _ message: String) {
    findings.append(Finding(code: code, message: message))
  }

  /// The kinds of changes that only the owner's signature makes. A case and an illness others may report too.
  private static let own: Set<MembershipChange.Kind> = [
    .join, .leave, .rotateKey, .vetoRecovery, .setPayee, .setHeir, .takeOver,
  ]

  /// The changes since the owner owns the membership.
  private static func changes(of owner: Address?, _ all: [MembershipChange]) -> [MembershipChange] {
    guard let owner, let taken = all.lastIndex(where: { $0.kind == .takeOver && $0.commitment == owner.key })
    else { return all }
    return Array(all[taken...])
  }

  /// A receipt's transaction, whoever signed it: its place under the quorum and its signatures hold.
  private static func verify(
    _ receipt: Receipt, chain: Hash, policies: KnownPolicies
  ) throws(ProofError) -> (transaction: VerifiedTransaction, seal: Seal) {
    let key = try? VerifiedTransaction.verify(entry: Array(receipt.entry), chain: chain).senderKey
    return try policies.holding(receipt.seal) { policy throws(ProofError) in
      try receipt.verify(chain: chain, policy: policy, key: key)
    }
  }

  /// Finds the change that a transaction made, and takes it out: each transaction makes one. What waits in a plan's
  /// queue comes later than its block.
  private static func take(
    from open: inout [MembershipChange], made transaction: VerifiedTransaction, at time: Timestamp,
    _ membership: UInt32?
  ) -> MembershipChange? {
    guard let made = MutualAid.ownChange(of: transaction.action) else { return nil }
    for case .membership(let ordinal) in MutualAid.subjects(of: transaction.action) where ordinal != membership {
      return nil
    }
    let place = open.firstIndex { change in
      change.kind == made.kind && change.time >= time && (made.commitment.map { $0 == change.commitment } ?? true)
    }
    return place.map { open.remove(at: $0) }
  }
}

/// What a person has to open what she signed in one plan: her secrets, and the contents she committed to.
public struct KeyPapers: Sendable {
  /// Her secrets: that of her first key, and those she changed to.
  private let secrets: [BackupSecret]
  private let plan: UInt32
  /// The keys of her secrets in this plan.
  let keys: [SigningKey]
  /// Contents by what they are of, as ``MutualAid/Committed`` words it.
  private let contents: [String: [[UInt8]]]

  /// The words for contents that may be given.
  public static let words = [
    "insured", "health", "documents", "payee", "heir", "consent", "objection", "appeal", "check", "complaint",
  ]

  /// - Parameters:
  ///   - contents: contents by a word of ``words``. Votes need none.
  public init(
    _ secrets: [BackupSecret], chain: Hash, plan: UInt16, contents: [String: [[UInt8]]] = [:]
  ) throws(LedgerError) {
    self.secrets = secrets
    self.plan = UInt32(plan)
    var keys: [SigningKey] = []
    for secret in secrets { keys.append(try secret.key(chain: chain, plan: UInt32(plan))) }
    self.keys = keys
    self.contents = contents
  }

  /// The addresses that these keys were the first of.
  public var addresses: [Address] { keys.map(\.publicKey.address) }

  func open(_ hash: Hash, _ what: MutualAid.Committed, chain: Hash) -> KeyAudit.Opening {
    if case .vote(let jury, let membership) = what {
      let salts = secrets.map { $0.voteSalt(chain: chain, plan: plan, jury: jury) }
      let isFound = salts.contains { salt in
        [true, false].contains {
          MutualAid.vote(jury: jury, membership: membership, approve: $0, salt: salt) == hash
        }
      }
      return isFound ? .opened : .failed
    }
    guard let given = contents[what.word] else { return .notTried }
    for content in given {
      if let purpose = what.purpose {
        for secret in secrets {
          let salt = secret.salt(chain: chain, plan: plan, purpose: purpose)
          if Commitment(to: content, salt: salt).hash == hash { return .opened }
        }
      } else if let label = what.label {
        for key in keys where Commitment(to: content, by: key, for: label).hash == hash { return .opened }
      }
    }
    return .failed
  }
}

extension MutualAid.Committed {
  /// The word for it, in which its content may be given.
  public var word: String {
    switch self {
    case .insured: "insured"
    case .health: "health"
    case .documents: "documents"
    case .payee: "payee"
    case .heir: "heir"
    case .consent: "consent"
    case .objection: "objection"
    case .appeal: "appeal"
    case .check: "check"
    case .complaint: "complaint"
    case .vote: "vote"
    }
  }

  /// The purpose whose salt follows from a member's secret.
  var purpose: Commitment.Purpose? { Commitment.Purpose(rawValue: word) }

  /// The label whose salt follows from the key that signed.
  var label: String? {
    switch self {
    case .objection(let number): "objection \(number)"
    case .appeal(let number): "appeal \(number)"
    case .check(let number): "check \(number)"
    case .complaint(let about, let ordinal):
      [1: "case", 2: "membership", 3: "organisation"][about].map { "complaint \($0) \(ordinal)" }
    case .insured, .health, .documents, .payee, .heir, .consent, .vote: nil
    }
  }
}
