/// What is to happen on a day.
enum Plan {
  /// A person has fallen ill and files her case.
  case fallIll(Int)
  /// The platform hands a case to the investigator.
  case assign(UInt32)
  /// The investigator reports on a case.
  case investigate(UInt32)
  /// Two organisations decide on a case.
  case decide(UInt32)
  /// The owner of a refused case appeals.
  case appeal(UInt32)
  /// The owner of a case takes it back.
  case withdraw(UInt32)
  /// A hospital and an insurer sign for a case, and its aid is advanced.
  case advance(UInt32)
  /// Half of an advance that was owed back comes.
  case payBack(UInt32)
}

/// Days ahead, each with what was put down for it, in the order it was put down.
struct Agenda {
  private var days: [Int: [Plan]] = [:]

  mutating func add(_ plan: Plan, on day: Int) { days[day, default: []].append(plan) }

  mutating func take(_ day: Int) -> [Plan] { days.removeValue(forKey: day) ?? [] }
}

/// What the demonstration's people of one plan do about their balances.
struct Wallet {
  /// Memberships by the index at which they run dry: a binary heap, least first.
  private var heap: [(exhaustsAt: Int64, membership: UInt32)] = []
  /// Deposits to report, in order.
  var deposits: [(membership: UInt32, yuan: Int64)] = []
  /// Memberships whose balance changes with the deposits just reported.
  var changed: [UInt32] = []
  /// Memberships whose owners do not top up, until they have run dry.
  var lapsing: [UInt32] = []
  /// Number of the custodian's next deposit.
  var nextDeposit: UInt64 = 1
  /// What the bank holds for the plan by its own books, in millionths of a yuan, and the statements it has made.
  var held: Int64 = 0
  var statements: UInt32 = 0
  /// Refunds looked at so far, and cases that are not closed.
  var refundCursor = 0

  mutating func push(_ exhaustsAt: Int64, _ membership: UInt32) {
    heap.append((exhaustsAt, membership))
    var child = heap.count - 1
    while child > 0, heap[child].exhaustsAt < heap[(child - 1) / 2].exhaustsAt {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// The membership that runs dry first, if that is below the index given.
  mutating func pop(below index: Int64) -> UInt32? {
    guard let first = heap.first, first.exhaustsAt < index else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while 2 * parent + 1 < heap.count {
      var least = 2 * parent + 1
      if least + 1 < heap.count, heap[least + 1].exhaustsAt < heap[least].exhaustsAt { least += 1 }
      guard heap[least].exhaustsAt < heap[parent].exhaustsAt else { break }
      heap.swapAt(least, parent)
      parent = least
    }
    return first.membership
  }
}
