internal import FoundationEssentials
public import Ledger
internal import SwiftProtobuf
public import TransparencyLog

extension Consortium {
  /// The action by which an organisation proposes a change.
  ///
  /// - Parameter reasons: commitment to a text with the reasons, kept elsewhere.
  public static func propose(_ change: Change, reasons: Hash? = nil) throws(LedgerError) -> Action {
    var wire = change.wire
    if let reasons { wire.reasons = Data(reasons.bytes) }
    return Action(contract: name, kind: ConsortiumAction.propose.rawValue, payload: try encodedBytes(of: wire))
  }

  /// The action by which an organisation votes on a proposal with this content.
  public static func vote(proposal: UInt32, content: Hash, approve: Bool) throws(LedgerError) -> Action {
    var wire = WireVote()
    wire.proposal = proposal
    wire.content = Data(content.bytes)
    wire.approve = approve
    return Action(contract: name, kind: ConsortiumAction.vote.rawValue, payload: try encodedBytes(of: wire))
  }

  /// The action by which an organisation takes its proposal back.
  public static func withdraw(proposal: UInt32) throws(LedgerError) -> Action {
    var wire = WireWithdraw()
    wire.proposal = proposal
    return Action(contract: name, kind: ConsortiumAction.withdraw.rawValue, payload: try encodedBytes(of: wire))
  }

  /// The action by which an organisation calls for a pause.
  public static func callPause(_ scope: PauseScope, plan: UInt16) throws(LedgerError) -> Action {
    var wire = WireCallPause()
    wire.scope = UInt32(scope.rawValue)
    wire.plan = UInt32(plan)
    return Action(contract: name, kind: ConsortiumAction.callPause.rawValue, payload: try encodedBytes(of: wire))
  }

  /// The action by which anyone hands in evidence; its bytes come from `Evidence.bytes`.
  public static func submitEvidence(_ evidence: [UInt8]) throws(LedgerError) -> Action {
    var wire = WireSubmitEvidence()
    wire.evidence = Data(evidence)
    return Action(contract: name, kind: ConsortiumAction.evidence.rawValue, payload: try encodedBytes(of: wire))
  }
}

extension Change {
  fileprivate var wire: WirePropose {
    var wire = WirePropose()
    switch self {
    case .addOrganisation(let new): wire.addOrganisation.organisation = WireOrganisationEntry(new)
    case .removeOrganisation(let ordinal): wire.removeOrganisation.organisation = UInt32(ordinal)
    case .suspend(let ordinal): wire.suspend.organisation = UInt32(ordinal)
    case .unsuspend(let ordinal): wire.unsuspend.organisation = UInt32(ordinal)
    case .organisationRoles(let ordinal, let roles):
      wire.organisationRoles.organisation = UInt32(ordinal)
      wire.organisationRoles.roles = UInt32(roles.rawValue)
    case .addOfficer(let ordinal, let officer):
      wire.addOfficer.organisation = UInt32(ordinal)
      wire.addOfficer.officer = WireOfficerEntry(officer)
    case .removeOfficer(let address): wire.removeOfficer.officer = Data(address.bytes)
    case .officerRoles(let address, let roles):
      wire.officerRoles.officer = Data(address.bytes)
      wire.officerRoles.roles = UInt32(roles.rawValue)
    case .rotateOfficer(let address, let key):
      wire.rotateOfficer.officer = Data(address.bytes)
      wire.rotateOfficer.suite = SignatureSuite.ed25519.rawValue
      wire.rotateOfficer.publicKey = Data(key.bytes)
    case .rotateKey(let ordinal, let purpose, let key):
      wire.rotateKey.organisation = UInt32(ordinal)
      wire.rotateKey.purpose = UInt32(purpose.rawValue)
      wire.rotateKey.publicKey = Data(key.bytes)
    case .rule(let rule): wire.rule = rule.wire
    case .parameters(let parameters): wire.parameters = parameters.wire
    case .extendPause(let number, let until):
      wire.extendPause.pause = number
      wire.extendPause.until = until.seconds
    case .endPause(let number): wire.endPause.pause = number
    case .convention(let content): wire.convention.content = Data(content)
    case .offices(let content): wire.offices.content = Data(content)
    case .windDown(let content): wire.windDown.content = Data(content)
    }
    return wire
  }
}
