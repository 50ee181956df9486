internal import FoundationEssentials
public import Ledger
internal import SwiftProtobuf
internal import TransparencyLog

/// The actions of the contract "consortium".
public enum ConsortiumAction: UInt32, Sendable, CaseIterable {
  /// An organisation registers accounts; rows of 20 bytes.
  case register = 1
  /// The identity authority attests people; rows of ``Attestation``.
  case attest = 2
  /// An organisation proposes a change.
  case propose = 3
  /// An organisation votes on a proposal.
  case vote = 4
  /// An organisation takes its proposal back.
  case withdraw = 5
  /// An organisation calls for a pause.
  case callPause = 6
  /// Anyone shows that an organisation contradicted itself.
  case evidence = 7
}

extension Consortium {
  /// Executes one action; the state is unchanged when it throws.
  public mutating func execute(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], at time: Timestamp, outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    guard let action = ConsortiumAction(rawValue: transaction.action.kind) else {
      throw LedgerError(.unknownAction, "consortium has no action \(transaction.action.kind)")
    }
    guard (transaction.manifest != nil) == (action == .register || action == .attest) else {
      throw LedgerError(.manifestUnexpected, "accounts and attestations come as rows, nothing else does")
    }
    let (payload, sender) = (transaction.action.payload, transaction.sender)
    switch action {
    case .register: try register(transaction, rows: rows, outcomes: &outcomes)
    case .attest: try attest(transaction, rows: rows, at: time)
    case .propose: try propose(payload, sender: sender, at: time)
    case .vote: try vote(payload, sender: sender, at: time)
    case .withdraw: try withdraw(payload, sender: sender, at: time)
    case .callPause: try callPause(payload, sender: sender, at: time)
    case .evidence: try accept(evidence: payload, at: time)
    }
  }

  private mutating func register(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    let organisation = try requireOfficer(transaction.sender, role: .all)
    var addresses: [Address] = []
    for row in rows {
      guard let address = Address(row), address.key != .zero else {
        throw LedgerError(.badRow, "an account is twenty bytes")
      }
      addresses.append(address)
    }
    for (index, address) in addresses.enumerated() where !register(address, by: organisation) {
      // Registering twice changes nothing and harms nobody; the row says so.
      outcomes[index] = .replayed
    }
  }

  private mutating func attest(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], at time: Timestamp
  ) throws(LedgerError) {
    let organisation = try requireOfficer(transaction.sender, role: .identity)
    guard let manifest = transaction.manifest else {
      throw LedgerError(.manifestUnexpected, "attestations come as rows")
    }
    guard let wire = try? WireAttest(serializedBytes: transaction.action.payload),
      let plan = UInt16(exactly: wire.plan)
    else { throw LedgerError(.malformed, "not an attestation") }
    for row in rows {
      guard try Attestation(row: row).plan == plan else { throw LedgerError(.badRow, "a row for another plan") }
    }
    add(
      AttestationManifestRecord(
        root: manifest.root, count: manifest.count, plan: plan, organisation: organisation, time: time))
  }

  /// The action by which an organisation registers accounts.
  public static func registerAction() -> Action {
    Action(contract: name, kind: ConsortiumAction.register.rawValue, payload: [])
  }

  /// The action by which the identity authority attests people for a plan.
  public static func attestAction(plan: UInt16) throws(LedgerError) -> Action {
    var wire = WireAttest()
    wire.plan = UInt32(plan)
    return Action(contract: name, kind: ConsortiumAction.attest.rawValue, payload: try encodedBytes(of: wire))
  }
}
