internal import Consortium
internal import Ledger
internal import MutualAid
internal import TransparencyLog

extension RandomHistory {
  /// Entries that a batch's proposer should never have taken up: no-ops with a code, whatever the state.
  mutating func bad() throws(LedgerError) -> Step {
    let officer = chain.network.organisation(.platform).officer
    let time = chain.nextTime
    switch below(14) {
    case 0:
      // The signature ends the envelope.
      var entries = try chain.transaction(Consortium.registerAction(), by: officer)
      entries[0][entries[0].count - 1] ^= 1
      return Step(entries: entries)
    case 1:
      let before = Timestamp(seconds: time.seconds - 1)
      return Step(entries: try chain.transaction(Consortium.registerAction(), by: officer, expiry: before))
    case 2:
      return Step(
        entries: try chain.transaction(Consortium.registerAction(), by: officer, expiry: time.adding(seconds: 601)))
    case 3:
      let unsigned = try UnsignedTransaction(
        chain: .label("another chain", 1), sender: officer.publicKey.address, expiry: time,
        id: Array(Hash.label("foreign", UInt64(below(1 << 30))).bytes.prefix(16)), action: Consortium.registerAction())
      return Step(entries: [Entry.make(.transaction, try unsigned.signed(by: [officer]))])
    case 4..<6:
      // What was sent in this block or the one before, once more.
      let sent = (steps + earlier).filter { $0.action != nil }
      guard !sent.isEmpty else { return Step(entries: [[EntryKind.transaction.rawValue, 0]]) }
      return Step(entries: [sent[below(sent.count)].entries[0]])
    case 6: return Step(entries: [[EntryKind.rows.rawValue, 0, 1, 7]])
    case 7: return Step(entries: [[EntryKind.rows.rawValue, 0, 9, 7]])
    case 8:
      // Rows that were not signed.
      var entries = try chain.transaction(Consortium.registerAction(), by: officer, rows: [[1], [2]])
      entries[1][3] ^= 1
      return Step(entries: entries)
    case 9 where !people.isEmpty:
      // More bytes than one member may have in the log at a time.
      let long = Action(
        contract: MutualAid.name, kind: MutualAidAction.join.rawValue, payload: [UInt8](repeating: 0, count: 1200))
      return Step(entries: try chain.transaction(long, by: people[below(people.count)].key))
    case 9, 10:
      let unknown = Action(contract: MutualAid.name, kind: 99, payload: [])
      return Step(entries: try chain.transaction(unknown, by: officer))
    case 11:
      return Step(
        action: .consortium(.register), entries: try chain.transaction(Consortium.registerAction(), by: officer))
    case 12:
      let unreadable = Action(contract: MutualAid.name, kind: MutualAidAction.leave.rawValue, payload: [0xFF])
      return Step(entries: try chain.transaction(unreadable, by: officer))
    default:
      // Another one signs in the sender's name.
      let unsigned = try UnsignedTransaction(
        chain: chain.chain.id, sender: officer.publicKey.address, expiry: time,
        id: Array(Hash.label("stolen", UInt64(below(1 << 30))).bytes.prefix(16)), action: Consortium.registerAction())
      return Step(entries: [Entry.make(.transaction, try unsigned.signed(by: [SigningKey(label: "thief")]))])
    }
  }
}
