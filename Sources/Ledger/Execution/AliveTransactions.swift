/// Names of transactions and the bytes of their senders, for a block or for the last ten minutes.
///
/// Nearly every sender has one transaction at a time, so its name stands with the sender's bytes: one look-up answers
/// both questions. It is looked up, never iterated, so the order of the hash tables inside shows nowhere.
struct AliveTransactions: Sendable {
  /// What is alive of one sender.
  struct Sender: Sendable {
    /// Bytes of all its transactions.
    fileprivate(set) var byteCount: UInt64
    /// One of them; `nil` when that one was removed and others are left.
    fileprivate var name: TransactionID?
  }

  private var senders: [Address: Sender] = [:]
  /// Those that do not stand with their sender.
  private var others: Set<TransactionID> = []

  /// What is alive of a sender, if anything is.
  subscript(sender: Address) -> Sender? { senders[sender] }

  /// Whether a transaction is alive, given what is alive of its sender.
  func contains(_ name: TransactionID, of sender: Sender?) -> Bool {
    guard let sender else { return false }
    return sender.name == name || (!others.isEmpty && others.contains(name))
  }

  func contains(_ name: TransactionID) -> Bool { contains(name, of: senders[name.sender]) }

  /// Adds one that is not contained; `byteCount` is 1 or more.
  mutating func insert(_ name: TransactionID, byteCount: UInt64) {
    precondition(byteCount > 0, "a transaction has bytes")
    let isOther = { (sender: inout Sender?) in
      guard var known = sender else {
        sender = Sender(byteCount: byteCount, name: name)
        return false
      }
      precondition(known.name != name, "admitted twice")
      known.byteCount += byteCount
      let isOther = known.name != nil
      if !isOther { known.name = name }
      sender = known
      return isOther
    }(&senders[name.sender])
    if isOther { precondition(others.insert(name).inserted, "admitted twice") }
  }

  /// Removes one that is contained, with the bytes it was added with.
  mutating func remove(_ name: TransactionID, byteCount: UInt64) {
    let isOther = { (sender: inout Sender?) in
      guard var known = sender else { preconditionFailure("not alive") }
      known.byteCount -= byteCount
      let isOther = known.name != name
      if !isOther { known.name = nil }
      sender = known.byteCount == 0 ? nil : known
      return isOther
    }(&senders[name.sender])
    if isOther { others.remove(name) }
  }

  mutating func reserveCapacity(_ count: Int) { senders.reserveCapacity(count) }
}
