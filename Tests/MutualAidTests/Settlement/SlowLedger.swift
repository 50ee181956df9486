import Ledger

@testable import MutualAid

/// The rules of money as a ledger that keeps every balance and changes each of them at every settlement.
///
/// Written from the rules' words, sharing no arithmetic with the contract: slow, and obvious.
struct SlowLedger {
  struct Rules {
    var feePartsPerMillion: Int64 = 0
    var perCase: Int64 = 0
    var perPeriod: Int64 = 0
    var perYear: Int64 = 0
    var beyond = Convention.Beyond.proRata
    var graceDays: Int64 = 0
    var payersAtNotice = false
    var endsAfterAid = false
  }

  struct Member {
    var balance: Int64 = 0
    /// Shares missed since the balance ran out.
    var missed: Int64 = 0
    var wasFunded = false
    var ranOutOnDay: Int64 = 0
    var isEnded = false
    var isLeaving = false
    var waiting = 0
  }

  struct Case {
    var member: Int
    var aid: Int64
    var given: Int64 = 0
    var owedAid: Int64 = 0
    var owedFee: Int64 = 0
  }

  enum Waiting {
    case credit(Int, Int64)
    case end(Int)
    case reversal(Int, Int64)
  }

  let rules: Rules
  var members: [Member] = []
  var cases: [Case] = []
  /// Cases whose aid is carried, oldest first.
  var carriedQueue: [Int] = []
  var queue: [(what: Waiting, awaits: Int)] = []
  var noticesDone = 0
  var paidByWhoNeverRanOut: Int64 = 0
  var yearBase: Int64 = 0
  var year = 0
  var rounding: Int64 = 0
  var reserve: Int64 = 0
  var suspense: Int64 = 0
  var pending: Int64 = 0
  var fees: Int64 = 0
  var debt: Int64 = 0
  var refunds: Int64 = 0
  var lastShare: Int64 = 0
  var lastShortfall: Int64 = 0

  var carried: Int64 { carriedQueue.reduce(0) { $0 + cases[$1].owedAid + cases[$1].owedFee } }
  var payers: Int { members.count { $0.balance > 0 } }

  // MARK: Money in

  mutating func credit(_ index: Int, _ amount: Int64, day: Int64, mustWait: Bool, notices: Int) {
    if members[index].isEnded {
      suspense += amount
    } else if members[index].waiting == 0, members[index].balance > 0 {
      members[index].balance += amount
    } else if members[index].isLeaving {
      suspense += amount
    } else if mustWait {
      pending += amount
      members[index].waiting += 1
      queue.append((.credit(index, amount), notices))
    } else {
      fund(index, amount, day: day)
    }
  }

  mutating func fund(_ index: Int, _ amount: Int64, day: Int64) {
    if members[index].balance > 0 {
      members[index].balance += amount
      return
    }
    if members[index].wasFunded, rules.graceDays > 0, day <= members[index].ranOutOnDay + rules.graceDays {
      guard amount > members[index].missed else {
        suspense += amount
        return
      }
      reserve += members[index].missed
      members[index].balance = amount - members[index].missed
    } else {
      members[index].balance = amount
    }
    members[index].missed = 0
    members[index].wasFunded = true
  }

  mutating func reverse(_ index: Int, _ amount: Int64, day: Int64) {
    let taken = min(amount, members[index].balance)
    members[index].balance -= taken
    if taken > 0, members[index].balance == 0 { members[index].ranOutOnDay = -1 }
    let fromReserve = min(amount - taken, reserve)
    reserve -= fromReserve
    debt += amount - taken - fromReserve
  }

  mutating func end(_ index: Int) {
    guard !members[index].isEnded else { return }
    members[index].isEnded = true
    let fen = members[index].balance / 10_000 * 10_000
    refunds += fen
    reserve += members[index].balance - fen
    members[index].balance = 0
  }

  mutating func runQueue(day: Int64, mayRun: Bool) {
    while mayRun, let first = queue.first, first.awaits <= noticesDone {
      queue.removeFirst()
      switch first.what {
      case .credit(let index, let amount):
        members[index].waiting -= 1
        pending -= amount
        if members[index].isEnded || members[index].isLeaving {
          suspense += amount
        } else {
          fund(index, amount, day: day)
        }
      case .end(let index): end(index)
      case .reversal(let index, let amount): reverse(index, amount, day: day)
      }
    }
  }

  // MARK: Settlement

  mutating func settle(_ group: [Int], day: Int64, year now: Int) {
    if now != year {
      year = now
      yearBase = paidByWhoNeverRanOut
    }
    let fee = group.map { cases[$0].aid * rules.feePartsPerMillion / 1_000_000 }
    let needed = group.reduce(0) { $0 + cases[$1].aid } + fee.reduce(0, +) + carried
    var share: Int64 = 0
    let target = needed - rounding
    if target > 0, payers > 0 {
      // The smallest whole millionth that raises the target, found by trying.
      let largest = members.map(\.balance).max() ?? 0
      var low: Int64 = 0
      var high = largest
      while low < high {
        let middle = (low + high) / 2
        if members.reduce(0, { $0 + min($1.balance, middle) }) >= target { high = middle } else { low = middle + 1 }
      }
      share = low
      if rules.perCase > 0 { share = min(share, rules.perCase * Int64(group.count + carriedQueue.count)) }
      if rules.perPeriod > 0 { share = min(share, rules.perPeriod) }
      if rules.perYear > 0 { share = min(share, max(0, rules.perYear - (paidByWhoNeverRanOut - yearBase))) }
    }
    var raised: Int64 = 0
    for index in members.indices where !members[index].isEnded && members[index].wasFunded {
      let given = min(members[index].balance, share)
      raised += given
      if members[index].balance == 0 || given < share { members[index].missed += share - given }
      if members[index].balance > 0, members[index].balance == given, share > 0 { members[index].ranOutOnDay = day }
      members[index].balance -= given
    }
    paidByWhoNeverRanOut += share
    lastShare = share
    var left = rounding + raised
    if left < needed, rules.beyond == .reserve {
      let drawn = min(needed - left, reserve)
      reserve -= drawn
      left += drawn
    }
    lastShortfall = max(0, needed - left)
    left = payCarried(left)
    if rules.beyond == .carry {
      for (number, own) in zip(group, fee) {
        cases[number].owedAid = cases[number].aid
        cases[number].owedFee = own
        left = pay(number, from: left)
        if cases[number].owedAid + cases[number].owedFee > 0 { carriedQueue.append(number) }
      }
    } else {
      let all = group.reduce(0) { $0 + cases[$1].aid } + fee.reduce(0, +)
      let available = min(left, all)
      var given: Int64 = 0
      for number in group where all > 0 {
        let part = Int64(Int128(cases[number].aid) * Int128(available) / Int128(all))
        cases[number].given += part
        given += part
      }
      let taken =
        available == all
        ? fee.reduce(0, +)
        : min(given * rules.feePartsPerMillion / 1_000_000, available - given)
      fees += taken
      left -= given + taken
    }
    rounding = left
    // A case that got less than a fen can be paid nothing: it is closed, and the fraction is the reserve's.
    for number in group where cases[number].owedAid + cases[number].owedFee == 0 && cases[number].given < 10_000 {
      reserve += cases[number].given
    }
  }

  private mutating func payCarried(_ available: Int64) -> Int64 {
    var left = available
    while left > 0, let first = carriedQueue.first {
      left = pay(first, from: left)
      if cases[first].owedAid + cases[first].owedFee > 0 { break }
      carriedQueue.removeFirst()
    }
    return left
  }

  private mutating func pay(_ number: Int, from available: Int64) -> Int64 {
    let aid = cases[number].owedAid
    let fee = cases[number].owedFee
    var (forAid, forFee) = (aid, fee)
    if available < aid + fee {
      forAid = Int64(Int128(available) * Int128(aid) / Int128(aid + fee))
      forFee = available - forAid
    }
    cases[number].given += forAid
    cases[number].owedAid -= forAid
    cases[number].owedFee -= forFee
    fees += forFee
    return available - forAid - forFee
  }
}
