internal import Consortium
internal import FoundationEssentials
public import Ledger
public import TransparencyLog

/// One row of a deposit manifest: a payment the custodian received.
public struct Deposit: FixedLayoutRecord, Hashable {
  /// Ordinal of the membership it is for.
  public var membership: UInt32
  /// Millionths of a yuan; whole fen.
  public var amount: Int64
  /// Commitment to the gateway's payment number.
  public var reference: Hash

  /// Bytes of a row.
  public static let byteCount = 44
  /// The largest single deposit: 100,000 yuan.
  public static let maximumAmount: Int64 = 100_000 * Amount.microPerYuan

  /// A row.
  public init(membership: UInt32, amount: Amount, reference: Hash) {
    self.membership = membership
    self.amount = amount.micro
    self.reference = reference
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    membership = reader.uint32(in: bytes)
    amount = reader.int64(in: bytes)
    reference = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(membership)
    writer.integer(amount)
    writer.hash(reference)
  }

  init(row: [UInt8]) throws(LedgerError) {
    guard row.count == Deposit.byteCount else {
      throw LedgerError(.badRow, "a deposit has \(Deposit.byteCount) bytes")
    }
    self.init(from: row.span.bytes)
    guard (1...Deposit.maximumAmount).contains(amount), amount % Amount.microPerFen == 0 else {
      throw LedgerError(.badDeposit, "a deposit is a positive number of whole fen, at most 100,000 yuan")
    }
    guard reference != .zero else { throw LedgerError(.badRow, "a deposit has a reference") }
  }
}

extension MutualAid {
  /// Takes up a custodian's manifest: all rows are checked, then each credit has its own outcome.
  mutating func deposit(
    _ wire: WireDeposits, rows: [[UInt8]], sender: Address, consortium: Consortium, at time: Timestamp,
    outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    let plan = try plan(wire.plan)
    try requireCustodian(of: plan, sender, consortium)
    let record = plans[Int(plan)]
    guard wire.first == record.nextDeposit else {
      throw LedgerError(.depositOutOfTurn, "the next deposit has number \(record.nextDeposit)")
    }
    var deposits: [Deposit] = []
    var total: Int64 = 0
    for row in rows {
      let deposit = try Deposit(row: row)
      deposits.append(deposit)
      total += deposit.amount
    }
    guard record.money.accepts(total) else { throw LedgerError(.overflow, "the plan has taken in all it may") }
    forgetReferences(before: time, atMost: 2 * rows.count + 16)
    for (index, deposit) in deposits.enumerated() {
      let number = wire.first + UInt64(index)
      let reference = PaymentReferenceRecord(reference: deposit.reference, plan: plan, deposit: number, time: time)
      // A payment reported twice is credited once: the row's number is used up, the money is not counted.
      guard (try? references.insert(reference)) != nil else {
        outcomes[index] = .referenceUsed
        continue
      }
      indexes[Int(plan)].references.add(reference.key, time: time)
      plans.update(Int(plan)) { $0.money.deposits += deposit.amount }
      outcomes[index] = credit(
        plan: plan, membership: deposit.membership, amount: deposit.amount, deposit: number, at: time)
    }
    plans.update(Int(plan)) { $0.nextDeposit += UInt64(deposits.count) }
    notePayers(of: plan, at: time)
  }

  /// Forgets payment references older than 90 days in the order (time, plan, deposit), which the table tells.
  mutating func forgetReferences(before time: Timestamp, atMost limit: Int) {
    for _ in 0..<limit {
      var first: (plan: Int, key: Hash, time: Timestamp)?
      for plan in indexes.indices {
        guard let oldest = indexes[plan].references.oldest, first.map({ oldest.time < $0.time }) ?? true else {
          continue
        }
        first = (plan, oldest.key, oldest.time)
      }
      guard let first, first.time.adding(days: PaymentReferenceRecord.days) < time else { return }
      _ = references.remove(first.key)
      indexes[first.plan].references.dropOldest()
    }
  }

  mutating func confirmRefund(
    _ wire: WireConfirmRefund, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    guard Int(wire.refund) < refunds.count, !refunds[Int(wire.refund)].isPaid else {
      throw LedgerError(.unknownRefund, "no refund \(wire.refund) is due")
    }
    guard Hash(wire.reference) != nil else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    let refund = refunds[Int(wire.refund)]
    try requireCustodian(of: refund.plan, sender, consortium)
    try requirePayee(wire.payee, of: refund, at: time)
    refunds.update(Int(wire.refund)) { $0.isPaid = true }
    plans.update(Int(refund.plan)) { record in
      switch refund.kind {
      case .balance, .reserve, .shares: record.money.refundsDue -= refund.amount
      case .suspense: record.money.suspense -= refund.amount
      }
      record.money.refundsPaid += refund.amount
    }
  }

  /// A payment taken back by its payer's bank. Between a cut-off and its debit it waits, since it could
  /// change who pays.
  mutating func reverse(
    _ wire: WireReverse, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    let ordinal = try membership(wire.membership)
    let plan = memberships[ordinal].plan
    try requireCustodian(of: plan, sender, consortium)
    guard Hash(wire.reference) != nil else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    let money = plans[Int(plan)].money
    guard (1...Deposit.maximumAmount).contains(wire.amount), wire.amount % Amount.microPerFen == 0,
      wire.amount <= money.deposits - money.reversals - plans[Int(plan)].reversing
    else { throw LedgerError(.badReversal, "whole fen, and no more than was deposited") }
    if mustQueue(plan) {
      plans.update(Int(plan)) { $0.reversing += wire.amount }
      enqueue(.reversal, plan: plan, membership: UInt32(ordinal), amount: wire.amount, at: time)
    } else {
      reverse(UInt32(ordinal), amount: wire.amount, deposit: 0, at: time)
    }
  }

  mutating func contribute(
    _ wire: WireContribute, sender: Address, consortium: Consortium
  ) throws(LedgerError) {
    let plan = try plan(wire.plan)
    try requireCustodian(of: plan, sender, consortium)
    guard Hash(wire.reference) != nil else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    guard plans[Int(plan)].standing == .running else {
      throw LedgerError(.windingDown, "the plan takes nothing in any more")
    }
    guard wire.amount > 0, wire.amount % Amount.microPerFen == 0, plans[Int(plan)].money.accepts(wire.amount) else {
      throw LedgerError(.badDeposit, "a contribution is a positive number of whole fen")
    }
    plans.update(Int(plan)) { record in
      record.money.contributions += wire.amount
      record.money.reserve += wire.amount
    }
  }
}
