internal import Consortium
public import Ledger
public import TransparencyLog

/// A plan with many memberships for measuring settlement: the real tables, trees and indexes, unsigned.
public struct SettlementField: Sendable {
  private var state = MutualAid()
  private var committed = StateCommitment([])
  private var pending: UInt32 = 0
  private let time = Timestamp(seconds: 1_700_000_000)

  /// What the settlements so far add up to.
  public struct Sums: Sendable {
    /// C: what one member who never ran dry has paid.
    public var share: Int64 = 0
    /// What the shares brought in.
    public var collected: Int64 = 0
    /// Aid and fee of the cases.
    public var needed: Int64 = 0
    /// What stayed uncovered.
    public var shortfall: Int64 = 0
    /// Members with a balance.
    public var payers = 0
  }

  /// See ``Sums``.
  public private(set) var sums = Sums()

  /// A plan without caps, payers counted at settlement.
  public init(feePartsPerMillion fee: UInt32) throws(LedgerError) {
    var wire = WireConvention()
    wire.format = Convention.format
    wire.key = "bench"
    wire.version = 1
    wire.nameZh = "测"
    wire.nameEn = "Bench"
    wire.ages.joinFromDays = 28
    wire.ages.joinToYears = 100
    wire.ages.coverToYears = 110
    wire.firstDeposit = Amount.microPerFen
    wire.lowBalance = Amount.microPerFen
    wire.waitingDays = 1
    var one = WireDiseaseClass()
    one.id = 1
    one.key = "any"
    one.nameZh = "测"
    one.nameEn = "Any"
    one.icd10 = ["C00"]
    wire.classes = [one]
    var aid = WireAid()
    aid.diseaseClass = 1
    aid.toYears = 109
    aid.amount = Amount.microPerYuan
    wire.aid = [aid]
    wire.feePpm = fee
    wire.caps = WireCaps()
    wire.payers = .atSettlement
    wire.noticeDays = 1
    wire.beyond = .proRata
    wire.filingDays = 180
    wire.contest = .usual
    wire.windDown = .usual
    state.open(try Convention(wire), custodian: 0, identity: 0, at: time)
  }

  /// Enrols a membership with an address and nullifier of its own and this balance.
  public mutating func enrol(_ index: Int, balance: Amount) throws(LedgerError) {
    let seed = withUnsafeBytes(of: UInt64(index).bigEndian) { Hash.sha256(Array($0)) }
    guard let owner = Address(seed.bytes.prefix(Address.byteCount)) else {
      throw LedgerError(.badAddress, "twenty bytes make an address")
    }
    state.enrol(
      Attestation(
        plan: 0, birthMonth: UInt16(1950 * 12 + index % 600), owner: owner, earliestJoin: .zero, expiry: .max,
        nullifier: seed), commitment: seed, at: time)
    guard state.plans[0].money.accepts(balance.micro) else { throw LedgerError(.overflow, "more than a plan takes in") }
    state.receive(balance, membership: UInt32(index), at: time)
    sums.payers += 1
  }

  /// Adds a decided case.
  public mutating func addCase(aid: Amount) {
    pending = UInt32(state.cases.count)
    var record = CaseRecord(
      plan: 0, diseaseClass: 1, membership: 0, diagnosed: 0, filedAt: time, aid: aid.micro, documents: .zero)
    record.status = .decided
    state.cases.append(record)
  }

  /// Settles the case added last, down to the new state root.
  public mutating func settle() {
    state.settle(plan: 0, cases: [pending], at: time)
    _ = root()
    let record = state.settlements[state.settlements.count - 1]
    sums.share += record.share
    sums.collected += record.collected
    sums.needed += record.aid + record.fee
    sums.shortfall += record.shortfall
    sums.payers = Int(record.payersAfter)
  }

  /// The plan with its memberships as the state that a chain begins with.
  ///
  /// No log gives this state: it is for measuring what is done with a state, however it came about.
  public func app(genesis: Genesis) throws(LedgerError) -> AidChain {
    AidChain(consortium: try Consortium(genesis: genesis), mutualAid: state)
  }

  /// The state root over the contract's tables.
  public mutating func root() -> Hash {
    state.commit(to: &committed)
    committed.finish()
    return committed.root
  }
}

extension MutualAid {
  /// A first deposit to the millionth, counted as paid in.
  mutating func receive(_ amount: Amount, membership: UInt32, at time: Timestamp) {
    plans.update(0) { $0.money.deposits += amount.micro }
    let cumulative = plans[0].cumulative
    change(membership, .fund, amount: amount.micro, at: time) {
      $0.exhaustsAt = cumulative + amount.micro
      $0.waitingFrom = time
      $0.coveredSince = time
    }
    indexes[0].exhaustion.insert(cumulative + amount.micro)
  }
}
