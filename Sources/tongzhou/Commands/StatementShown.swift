internal import Foundation
internal import Ledger
internal import MutualAid
internal import TongzhouClient

/// A member's statement; the ledger knows statements of another kind.
typealias MemberStatement = TongzhouClient.Statement

/// A statement as it is shown. Money is in yuan.
struct StatementShown: Encodable {
  /// A change or a share.
  struct Line: Encodable {
    let time: UInt64
    let what: String
    let amount: String
    let balance: String?

    /// The line in words.
    var text: String {
      "\(Timestamp(seconds: time).dayText)  \(what.padding(toLength: 12, withPad: " ", startingAt: 0)) \(amount)"
        + (balance.map { "  balance \($0)" } ?? "")
    }
  }

  /// A settlement's opened cases.
  struct Opened: Encodable {
    struct Given: Encodable {
      let `case`: UInt32
      let aid: String
    }

    let settlement: UInt32
    let cases: [Given]
  }

  let chain: String
  let membership: UInt64
  let plan: UInt16
  let number: UInt32
  let owner: String
  let height: UInt64
  let time: UInt64
  let balance: String
  let lines: [Line]
  let opened: [Opened]
  let ok = true

  private enum CodingKeys: String, CodingKey {
    case chain, membership, plan, number, owner, height, time, balance, lines, opened, ok
  }

  init(_ statement: MemberStatement, _ proven: MemberStatement.Proven) {
    chain = statement.chain
    membership = statement.membership.ordinal
    plan = proven.membership.plan
    number = proven.membership.number
    owner = proven.membership.owner.description
    height = proven.seal.height
    time = proven.seal.time.seconds
    balance = Amount(micro: proven.balance).description
    lines = Line.all(of: proven)
    opened = proven.cases.map { settlement, cases in
      Opened(
        settlement: settlement.number,
        cases: cases.map { Opened.Given(case: $0.number, aid: Amount(micro: $0.aid).description) })
    }
  }

  func print(isPinned: Bool) {
    Output.line("membership \(membership), member \(number) of plan \(plan), \(owner)")
    for line in lines { Output.line("  " + line.text) }
    for settlement in opened {
      let list = settlement.cases.map { "case \($0.case) \($0.aid) yuan" }.joined(separator: ", ")
      Output.line("  settlement \(settlement.settlement) shared \(list)")
    }
    Output.line("  balance \(balance) yuan after block \(height), derived anew and proven")
    Output.line(
      "  chain \(chain)" + (isPinned ? ", as pinned" : "; compare it with the one you know, or use --genesis"))
  }
}

extension StatementShown.Line {
  /// Changes and shares in the order in which the ledger made them: by C, and by time where C stayed the same.
  static func all(of proven: MemberStatement.Proven) -> [Self] {
    var lines: [Self] = []
    var shares = proven.shares[...]
    for change in proven.changes {
      let before = shares.prefix { share in
        let settlement: SettlementRecord = share.settlement
        if settlement.cumulative != change.cumulative { return settlement.cumulative < change.cumulative }
        return settlement.time <= change.time
      }
      lines += before.map { Self($0) }
      shares = shares.dropFirst(before.count)
      lines.append(
        Self(
          time: change.time.seconds, what: "\(change.kind)", amount: Amount(micro: change.amount).description,
          balance: nil))
    }
    return lines + shares.map { Self($0) }
  }

  init(_ share: (settlement: SettlementRecord, given: Int64, balance: Int64)) {
    self.init(
      time: share.settlement.time.seconds, what: "share", amount: Amount(micro: share.given).description,
      balance: Amount(micro: share.balance).description)
  }
}
