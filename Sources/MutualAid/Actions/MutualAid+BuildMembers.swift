internal import FoundationEssentials
public import Ledger
public import TransparencyLog

extension MutualAid {
  /// An owner signs with another key from now on; signed with the present one.
  public static func rotateKey(membership: UInt32, to key: PublicKey) throws(LedgerError) -> Action {
    var wire = WireChangeKey()
    wire.membership = membership
    wire.suite = SignatureSuite.ed25519.rawValue
    wire.publicKey = Data(key.bytes)
    return try action(.rotateKey, wire)
  }

  /// An organisation proposes a key for the owner of a membership who has lost hers.
  public static func proposeRecovery(membership: UInt32, to key: PublicKey) throws(LedgerError) -> Action {
    var wire = WireProposeRecovery()
    wire.membership = membership
    wire.suite = SignatureSuite.ed25519.rawValue
    wire.publicKey = Data(key.bytes)
    return try action(.proposeRecovery, wire)
  }

  /// The account forbids a recovery whose delay runs.
  public static func vetoRecovery(_ recovery: UInt32) throws(LedgerError) -> Action {
    var wire = WireVetoRecovery()
    wire.recovery = recovery
    return try action(.vetoRecovery, wire)
  }

  /// Renewed proof of identity after a veto, by the account whose address is that of the key to be believed.
  public static func proveIdentity(recovery: UInt32, _ proven: ProvenAttestation) throws(LedgerError) -> Action {
    var wire = WireProveIdentity()
    wire.recovery = recovery
    wire.attestation = Data(proven.attestation.canonicalBytes)
    wire.manifest = proven.manifest
    wire.index = proven.index
    wire.path = proven.path.map { Data($0.bytes) }
    return try action(.proveIdentity, wire)
  }

  /// An owner names a payee by a salted commitment; `Hash.zero` for herself.
  public static func setPayee(membership: UInt32, commitment: Hash) throws(LedgerError) -> Action {
    var wire = WireSetPayee()
    wire.membership = membership
    wire.commitment = Data(commitment.bytes)
    return try action(.setPayee, wire)
  }

  /// An owner names an heir by a salted commitment; `Hash.zero` for nobody.
  public static func setHeir(membership: UInt32, commitment: Hash) throws(LedgerError) -> Action {
    var wire = WireSetHeir()
    wire.membership = membership
    wire.commitment = Data(commitment.bytes)
    return try action(.setHeir, wire)
  }

  /// The identity authority reports a death; `day` counts days since 1970-01-01 in UTC+8.
  public static func reportDeath(membership: UInt32, day: UInt32) throws(LedgerError) -> Action {
    var wire = WireReportDeath()
    wire.membership = membership
    wire.day = day
    return try action(.reportDeath, wire)
  }

  /// The insured, of age, takes her membership over.
  public static func takeOver(membership: UInt32, _ proven: ProvenAttestation) throws(LedgerError) -> Action {
    var wire = WireTakeOver()
    wire.membership = membership
    wire.attestation = Data(proven.attestation.canonicalBytes)
    wire.manifest = proven.manifest
    wire.index = proven.index
    wire.path = proven.path.map { Data($0.bytes) }
    return try action(.takeOver, wire)
  }

  /// An illness within the waiting period; `diagnosed` counts days since 1970-01-01 in UTC+8.
  public static func reportIllness(
    membership: UInt32, diseaseClass: UInt8, diagnosed: UInt32, documents: Hash
  ) throws(LedgerError) -> Action {
    var wire = WireReportIllness()
    wire.membership = membership
    wire.diseaseClass = UInt32(diseaseClass)
    wire.diagnosed = diagnosed
    wire.documents = Data(documents.bytes)
    return try action(.reportIllness, wire)
  }

  /// The platform registers a group with the account that enrols for it.
  public static func registerGroup(
    plan: UInt16, kind: GroupRecord.Kind, payer: Address
  ) throws(LedgerError) -> Action {
    var wire = WireRegisterGroup()
    wire.plan = UInt32(plan)
    wire.kind = UInt32(kind.rawValue)
    wire.payer = Data(payer.bytes)
    return try action(.registerGroup, wire)
  }

  /// A group's payer enrols people; the rows are those of ``Enrolment/row(_:insured:health:)``.
  public static func enrol(group: UInt32) throws(LedgerError) -> Action {
    var wire = WireEnrol()
    wire.group = group
    return try action(.enrol, wire)
  }

  /// The custodian reports one payment for a whole group under its next number; whole fen.
  public static func groupDeposit(
    group: UInt32, number: UInt64, amount: Amount, reference: Hash
  ) throws(LedgerError) -> Action {
    var wire = WireGroupDeposit()
    wire.group = group
    wire.number = number
    wire.amount = amount.micro
    wire.reference = Data(reference.bytes)
    return try action(.groupDeposit, wire)
  }

  /// An owner takes her membership out of its group.
  public static func leaveGroup(membership: UInt32) throws(LedgerError) -> Action {
    var wire = WireLeaveGroup()
    wire.membership = membership
    return try action(.leaveGroup, wire)
  }

  /// An owner consents to a use of what is known about her; `commitment` is to the text she agreed to.
  public static func giveConsent(
    membership: UInt32, purpose: ConsentRecord.Purpose, commitment: Hash, until: Timestamp
  ) throws(LedgerError) -> Action {
    var wire = WireGiveConsent()
    wire.membership = membership
    wire.purpose = UInt32(purpose.rawValue)
    wire.commitment = Data(commitment.bytes)
    wire.until = until.seconds
    return try action(.giveConsent, wire)
  }

  /// An owner takes a consent back.
  public static func withdrawConsent(_ consent: UInt32) throws(LedgerError) -> Action {
    var wire = WireWithdrawConsent()
    wire.consent = consent
    return try action(.withdrawConsent, wire)
  }
}
