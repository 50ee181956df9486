import Ledger
import MutualAid
import TestSupport
import TransparencyLog

extension FuzzVillage {
  /// What can be done on the members' side, each action by its right sender.
  func membersDo() throws -> [(action: Action, sender: Int, rows: [[UInt8]])] {
    let (new, reference) = (try SigningKey(label: "newest").publicKey, Hash.label("a group's payment", 1))
    let owner = Self.member + 3
    let today = UInt32(CivilDate(chain.nextTime).dayNumber)
    let enrolled = UInt32(chain.state.memberships.count - 1)
    return try [
      (MutualAid.rotateKey(membership: 3, to: new), owner, []),
      (MutualAid.proposeRecovery(membership: 3, to: new), 0, []),
      (MutualAid.vetoRecovery(0), Self.member + 5, []),
      (MutualAid.proveIdentity(recovery: 1, renewed[0]), Self.member + 6, []),
      (MutualAid.setPayee(membership: 3, commitment: reference), owner, []),
      (MutualAid.setHeir(membership: 3, commitment: reference), owner, []),
      (MutualAid.reportDeath(membership: 3, day: today), 2, []),
      (MutualAid.takeOver(membership: 3, renewed[1]), Self.newcomer, []),
      (
        MutualAid.reportIllness(
          membership: 3, diseaseClass: 1, diagnosed: UInt32(CivilDate(TestNetwork.start).dayNumber) + 9,
          documents: reference), owner, []
      ),
      (MutualAid.registerGroup(plan: 1, kind: .employer, payer: new.address), 0, []),
      (MutualAid.enrol(group: 0), Self.newcomer, [enrolment]),
      (
        MutualAid.groupDeposit(
          group: 0, number: chain.state.plans[0].nextDeposit, amount: try Amount(yuan: 5), reference: reference), 1, []
      ),
      (MutualAid.leaveGroup(membership: enrolled), senders.count - 1, []),
      (
        MutualAid.giveConsent(
          membership: 3, purpose: .contact, commitment: reference, until: chain.nextTime.adding(days: 9)), owner, []
      ),
      (MutualAid.withdrawConsent(0), owner, []),
    ]
  }
}
