public import Consortium
internal import FoundationEssentials
public import Ledger
internal import SwiftProtobuf
public import TransparencyLog

/// A row of an attestation manifest with its place and path: what a join carries.
public struct ProvenAttestation: Sendable {
  /// The row.
  public let attestation: Attestation
  /// Ordinal of the manifest in the table `attestations`.
  public let manifest: UInt32
  /// The row's index in the manifest.
  public let index: UInt32
  /// RFC 6962 inclusion path under the manifest's root.
  public let path: [Hash]

  /// A row with its proof.
  public init(attestation: Attestation, manifest: UInt32, index: UInt32, path: [Hash]) {
    self.attestation = attestation
    self.manifest = manifest
    self.index = index
    self.path = path
  }
}

extension MutualAid {
  /// The platform opens a plan; the organisations are named by their ordinals.
  public static func openPlan(
    _ convention: Convention, custodian: UInt32, identity: UInt32
  ) throws(LedgerError) -> Action {
    var wire = WireOpenPlan()
    wire.convention = Data(convention.bytes)
    wire.custodian = custodian
    wire.identity = identity
    return try action(.openPlan, wire)
  }

  /// A person joins.
  ///
  /// - Parameters:
  ///   - insured: salted commitment to who is insured.
  ///   - health: salted commitment to the health declaration.
  public static func join(_ proven: ProvenAttestation, insured: Hash, health: Hash) throws(LedgerError) -> Action {
    var wire = WireJoin()
    wire.plan = UInt32(proven.attestation.plan)
    wire.attestation = Data(proven.attestation.canonicalBytes)
    wire.manifest = proven.manifest
    wire.index = proven.index
    wire.path = proven.path.map { Data($0.bytes) }
    wire.insured = Data(insured.bytes)
    wire.health = Data(health.bytes)
    return try action(.join, wire)
  }

  /// The custodian reports deposits, from its number `first`; the rows are ``Deposit``s.
  public static func deposits(plan: UInt16, first: UInt64) throws(LedgerError) -> Action {
    var wire = WireDeposits()
    wire.plan = UInt32(plan)
    wire.first = first
    return try action(.deposits, wire)
  }

  /// A case is filed; `diagnosed` counts days since 1970-01-01 in UTC+8.
  ///
  /// - Parameter record: the hospital's record of the illness that it registered, with the hospital's ordinal.
  public static func fileCase(
    membership: UInt32, diseaseClass: UInt8, diagnosed: UInt32, documents: Hash,
    record: (commitment: Hash, hospital: UInt32)? = nil
  ) throws(LedgerError) -> Action {
    var wire = WireFileCase()
    wire.membership = membership
    wire.diseaseClass = UInt32(diseaseClass)
    wire.diagnosed = diagnosed
    wire.documents = Data(documents.bytes)
    if let record {
      wire.record = Data(record.commitment.bytes)
      wire.hospital = record.hospital
    }
    return try action(.fileCase, wire)
  }

  /// The platform hands a case to an organisation that investigates it.
  public static func assign(caseOrdinal: UInt32, to organisation: UInt32) throws(LedgerError) -> Action {
    var wire = WireAssign()
    wire.case = caseOrdinal
    wire.organisation = organisation
    return try action(.assign, wire)
  }

  /// An officer's decision on a case that was investigated.
  public static func decide(caseOrdinal: UInt32, approve: Bool) throws(LedgerError) -> Action {
    var wire = WireDecide()
    wire.case = caseOrdinal
    wire.approve = approve
    return try action(.decide, wire)
  }

  /// The investigator reports.
  public static func investigate(
    caseOrdinal: UInt32, confirmed: Bool, report: Hash
  ) throws(LedgerError) -> Action {
    var wire = WireInvestigate()
    wire.case = caseOrdinal
    wire.confirmed = confirmed
    wire.report = Data(report.bytes)
    return try action(.investigate, wire)
  }

  /// The platform publishes a notice.
  public static func publishNotice(caseOrdinal: UInt32) throws(LedgerError) -> Action {
    var wire = WirePublishNotice()
    wire.case = caseOrdinal
    return try action(.publishNotice, wire)
  }

  /// The custodian confirms a payout; whole fen.
  ///
  /// - Parameter payee: the payee of record, where one is named.
  public static func confirmPayout(
    caseOrdinal: UInt32, amount: Amount, reference: Hash, payee: Hash = .zero
  ) throws(LedgerError) -> Action {
    var wire = WireConfirmPayout()
    if payee != .zero { wire.payee = Data(payee.bytes) }
    wire.case = caseOrdinal
    wire.amount = amount.micro
    wire.reference = Data(reference.bytes)
    return try action(.confirmPayout, wire)
  }

  /// An owner leaves.
  public static func leave(membership: UInt32) throws(LedgerError) -> Action {
    var wire = WireLeave()
    wire.membership = membership
    return try action(.leave, wire)
  }

  /// The custodian confirms a refund.
  ///
  /// - Parameter payee: the payee of record, where one is named and it is no credit that goes back to its payer.
  public static func confirmRefund(
    refund: UInt32, reference: Hash, payee: Hash = .zero
  ) throws(LedgerError) -> Action {
    var wire = WireConfirmRefund()
    if payee != .zero { wire.payee = Data(payee.bytes) }
    wire.refund = refund
    wire.reference = Data(reference.bytes)
    return try action(.confirmRefund, wire)
  }

  /// The custodian reports a payment taken back; whole fen.
  public static func reverse(membership: UInt32, amount: Amount, reference: Hash) throws(LedgerError) -> Action {
    var wire = WireReverse()
    wire.membership = membership
    wire.amount = amount.micro
    wire.reference = Data(reference.bytes)
    return try action(.reverse, wire)
  }

  /// The custodian reports a sponsor's money for the plan's reserve; whole fen.
  public static func contribute(plan: UInt16, amount: Amount, reference: Hash) throws(LedgerError) -> Action {
    var wire = WireContribute()
    wire.plan = UInt32(plan)
    wire.amount = amount.micro
    wire.reference = Data(reference.bytes)
    return try action(.contribute, wire)
  }

  static func action(_ kind: MutualAidAction, _ message: some Message) throws(LedgerError) -> Action {
    Action(contract: name, kind: kind.rawValue, payload: try encodedBytes(of: message))
  }
}
