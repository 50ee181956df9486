internal import Consortium
internal import FoundationEssentials
public import Ledger
internal import TransparencyLog

/// The keys of owners: how they are changed, lost and found again (docs/members.md).
extension MutualAid {
  /// The key an owner signs with; `nil` while it is her first.
  public func changedKey(of account: Address) -> PublicKey? { accountKeys.changedKey(of: account) }

  /// Where an account's record is in `account_keys`; `nil` where it has none.
  public func accountKey(of account: Address) -> Int? { accountKeys.find(account.key) }

  /// The newest recovery of an account's key that two organisations asked for; `nil` if there was none.
  public func recovery(of account: Address) -> RecoveryRecord? {
    guard accountKeys.count > 1, let place = accountKeys.find(account.key) else { return nil }
    let ordinal = accountKeys[place].recovery
    return ordinal == 0 ? nil : recoveries[Int(ordinal) - 1]
  }

  /// Whether what is due to an account waits until its owner has proved who she is.
  public func isFrozen(_ account: Address) -> Bool { recovery(of: account)?.status == .vetoed }

  /// Stops what a thief with a stolen key would do while its owner recovers it.
  func requireNoRecovery(of account: Address) throws(LedgerError) {
    guard recovery(of: account)?.isUnderWay != true else {
      throw LedgerError(.recoveryUnderWay, "the account's key is being recovered")
    }
  }

  /// The owner signs with another key from the next transaction on.
  mutating func rotateKey(
    _ wire: WireChangeKey, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    let ordinal = try owned(wire.membership, by: sender)
    let key = try newKey(wire.suite, wire.publicKey, of: sender, consortium: consortium)
    try requireNoRecovery(of: sender)
    sign(sender, with: key.raw, at: time)
    change(UInt32(ordinal), .rotateKey, commitment: key.raw, at: time)
  }

  /// An organisation proposes a key for an owner who has lost hers. A second one that proposes the same within seven
  /// days starts the delay.
  mutating func proposeRecovery(
    _ wire: WireProposeRecovery, by organisation: UInt16, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    let ordinal = try membership(wire.membership)
    let account = memberships[ordinal].owner
    let key = try newKey(wire.suite, wire.publicKey, of: account, consortium: consortium)
    try requireNoRecovery(of: account)
    guard let first = try proposal(of: key, for: account, besides: organisation, at: time) else {
      let place = accountKeyPlace(account)
      recoveries.append(
        RecoveryRecord(
          account: account, membership: UInt32(ordinal), organisation: organisation,
          previous: accountKeys[place].proposal, key: key.raw, proposedAt: time))
      let number = UInt32(recoveries.count)
      accountKeys.update(place) { $0.proposal = number }
      return
    }
    recoveries.update(first) { record in
      record.status = .waiting
      record.second = organisation + 1
      record.confirmedAt = time
    }
    accountKeys.update(accountKeyPlace(account)) { $0.recovery = UInt32(first) + 1 }
    // Those of the same moment stand in the order of their ordinals.
    let place = waitingRecoveries.lastIndex { recoveries[Int($0)].confirmedAt < time || $0 < first }
    waitingRecoveries.insert(UInt32(first), at: place.map { $0 + 1 } ?? 0)
    change(recoveries[first].membership, .recover, number: UInt64(first), commitment: key.raw, at: time)
  }

  /// Another organisation's open proposal of the same key; `nil` for none.
  ///
  /// - Throws: `recovery.already_proposed`. An organisation has one for an account in seven days, so there are no more
  ///   to look at than organisations.
  private func proposal(
    of key: PublicKey, for account: Address, besides organisation: UInt16, at time: Timestamp
  ) throws(LedgerError) -> Int? {
    var next = accountKeys.find(account.key).map { accountKeys[$0].proposal } ?? 0
    var found: Int?
    while next != 0 {
      let record = recoveries[Int(next) - 1]
      guard time <= record.proposedAt.adding(days: RecoveryRecord.proposalDays) else { break }
      guard record.organisation != organisation, record.second != organisation + 1 else {
        throw LedgerError(.recoveryProposed, "once in \(RecoveryRecord.proposalDays) days for an account")
      }
      if record.isOpen(at: time), record.key == key.raw { found = Int(next) - 1 }
      next = record.previous
    }
    return found
  }

  /// Whoever has the present key forbids a recovery: its owner, or a thief. So nothing is paid until an attestation
  /// says whose key is to be believed.
  mutating func vetoRecovery(_ wire: WireVetoRecovery, sender: Address, at time: Timestamp) throws(LedgerError) {
    let number = try recovery(wire.recovery)
    guard recoveries[number].account == sender else {
      throw LedgerError(.notTheOwner, "the account belongs to somebody else")
    }
    guard recoveries[number].status == .waiting else {
      throw LedgerError(.wrongRecoveryState, "no delay runs that a veto could stop")
    }
    recoveries.update(number) { record in
      record.status = .vetoed
      record.vetoedAt = time
    }
    waitingRecoveries.removeAll { $0 == UInt32(number) }
    change(recoveries[number].membership, .vetoRecovery, number: UInt64(number), at: time)
  }

  /// Renewed proof of identity: the row's owner is the address of the key that is believed.
  mutating func proveIdentity(
    _ wire: WireProveIdentity, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    let number = try recovery(wire.recovery)
    let record = recoveries[number]
    let row = try attested(
      CarriedRow(wire), for: Int(record.membership), sender: sender, consortium: consortium, at: time)
    guard record.status == .vetoed else {
      throw LedgerError(.wrongRecoveryState, "nobody's identity is in question")
    }
    guard row.attestedAt >= record.vetoedAt else {
      throw LedgerError(.notAttestedAnew, "attested before the veto")
    }
    let isNew = (try? PublicKey(record.key.bytes))?.address == sender
    guard isNew || (changedKey(of: record.account)?.address ?? record.account) == sender else {
      throw LedgerError(.otherPerson, "attested for neither of the two keys")
    }
    close(recovery: number, isNew ? .done : .refused, at: time)
  }

  /// The delay is over and nobody forbade it.
  mutating func runRecovery(_ number: UInt32, at time: Timestamp) {
    waitingRecoveries.removeFirst()
    close(recovery: Int(number), .done, at: time)
  }

  private mutating func close(recovery number: Int, _ status: RecoveryRecord.Status, at time: Timestamp) {
    recoveries.update(number) { record in
      record.status = status
      record.closedAt = time
    }
    let record = recoveries[number]
    guard status == .done else {
      change(record.membership, .keptKey, number: UInt64(number), at: time)
      return
    }
    sign(record.account, with: record.key, at: time)
    change(record.membership, .recovered, number: UInt64(number), commitment: record.key, at: time)
  }

  /// The next recovery that takes effect by itself.
  var recoveryStep: DueStep? {
    waitingRecoveries.first.map { DueStep(time: recoveries[Int($0)].effectiveAt, kind: .recovery, ordinal: $0) }
  }

  /// Recoveries whose delay runs.
  mutating func indexRecoveries() {
    waitingRecoveries = (0..<UInt32(recoveries.count)).filter { recoveries[Int($0)].status == .waiting }
    waitingRecoveries.sort { a, b in
      (recoveries[Int(a)].confirmedAt, a) < (recoveries[Int(b)].confirmedAt, b)
    }
  }

  private mutating func sign(_ account: Address, with key: Hash, at time: Timestamp) {
    accountKeys.update(accountKeyPlace(account)) { record in
      record.signing = key
      record.since = time
    }
  }

  /// Where an account's record is, which is made where there is none.
  private mutating func accountKeyPlace(_ account: Address) -> Int {
    if let place = accountKeys.find(account.key) { return place }
    guard let place = try? accountKeys.insert(AccountKeyRecord(account)) else {
      preconditionFailure("the account is neither known nor new")
    }
    return place
  }

  /// A key that may take the place of an account's present one.
  private func newKey(
    _ suite: UInt32, _ bytes: Data, of account: Address, consortium: Consortium
  ) throws(LedgerError) -> PublicKey {
    guard SignatureSuite(rawValue: suite) != nil else { throw LedgerError(.unknownSuite, "suite \(suite)") }
    let key = try PublicKey(bytes)
    guard consortium.organisation(ofOfficer: account) == nil else {
      throw LedgerError(.keyNotChangeable, "an officer's key is changed by proposal")
    }
    guard changedKey(of: account).map({ $0 != key }) ?? (key.address != account) else {
      throw LedgerError(.keyNotChangeable, "the account signs with this key already")
    }
    return key
  }

  private func recovery(_ number: UInt32) throws(LedgerError) -> Int {
    guard Int(number) < recoveries.count else { throw LedgerError(.unknownRecovery, "no recovery \(number)") }
    return Int(number)
  }
}

extension UniqueKeyTable<AccountKeyRecord> {
  /// The key an owner signs with; `nil` while it is her first.
  func changedKey(of account: Address) -> PublicKey? {
    guard count > 1, let place = find(account.key) else { return nil }
    let signing = self[place].signing
    return signing == .zero ? nil : try? PublicKey(signing.bytes)
  }
}
