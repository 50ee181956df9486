import Consortium
import Ledger
import TestSupport

@testable import MutualAid

extension RoleTests {
  /// The actions of the members' side, each by its right sender.
  static func members(_ owner: SigningKey) throws -> [RoleCase] {
    let (new, insured) = (try Village.key("new"), try Village.key("insured"))
    let payer = try Village.payer.get()
    /// An action whose sender is whom the attestation names, and nobody else.
    func carried(
      _ action: MutualAidAction, _ key: SigningKey,
      _ make: @escaping @Sendable (inout Village) throws -> (Action, [[UInt8]])
    ) -> RoleCase {
      RoleCase(
        action, .person(key, or: []), officer: .attestationMismatch, bystander: .attestationMismatch,
        stranger: .attestationMismatch, make)
    }
    return [
      personal(.rotateKey, owner) { _ in (try MutualAid.rotateKey(membership: 0, to: new.publicKey), []) },
      RoleCase(.proposeRecovery, .role(.all)) { _ in
        (try MutualAid.proposeRecovery(membership: 0, to: new.publicKey), [])
      },
      personal(.vetoRecovery, owner) { (try MutualAid.vetoRecovery($0.recovering(0)), []) },
      carried(.proveIdentity, new) { village in
        let number = try village.vetoed(0)
        return (
          try MutualAid.proveIdentity(recovery: number, village.attested(0, for: new.publicKey.address)), []
        )
      },
      personal(.setPayee, owner) { _ in (try MutualAid.setPayee(membership: 0, commitment: .reference), []) },
      personal(.setHeir, owner) { _ in (try MutualAid.setHeir(membership: 0, commitment: .reference), []) },
      RoleCase(.reportDeath, .named("identity.example")) { village in
        (try MutualAid.reportDeath(membership: 0, day: village.today), [])
      },
      carried(.takeOver, insured) { village in
        (try MutualAid.takeOver(membership: 0, village.attested(0, for: insured.publicKey.address)), [])
      },
      RoleCase(.reportIllness, .person(owner, or: MutualAid.illnessReporters), stranger: .notTheOwner) { village in
        (try village.illness(of: 0, on: village.day(10)), [])
      },
      RoleCase(.registerGroup, .role(.platform)) { _ in
        (try MutualAid.registerGroup(plan: 0, kind: .family, payer: payer.publicKey.address), [])
      },
      RoleCase(
        .enrol, .person(payer, or: []), officer: .notThePayer, bystander: .notThePayer, stranger: .notThePayer
      ) { village in
        let number = try village.group()
        return (try MutualAid.enrol(group: number), try village.enrolments([try TestPerson(50)]))
      },
      RoleCase(.groupDeposit, .custodian) { (try $0.groupPayment($0.staff(), fen: 1_000), []) },
      personal(.leaveGroup, try TestPerson(50).key) { village in
        _ = try village.staff()
        return (try MutualAid.leaveGroup(membership: 7), [])
      },
      personal(.giveConsent, owner) { (try $0.consent(of: 0), []) },
      personal(.withdrawConsent, owner) { village in
        try village.succeed(village.consent(of: 0), by: owner)
        return (try MutualAid.withdrawConsent(0), [])
      },
    ]
  }
}
