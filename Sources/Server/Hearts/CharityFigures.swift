internal import HeartChain
internal import Ledger

/// What a charity's projects come to, and what it still has.
struct CharityFigures {
  /// Lots that are looked at for those that are open, the newest.
  static let maximumLots = 200_000
  /// Projects that are named, the newest.
  static let maximumNamed = 20
  /// Endings of a sort that are enough for a median: when there are as many, no older project adds to them.
  static let enoughEndings = 10_000

  /// How many projects it has.
  private(set) var projects = 0
  /// The newest of them, the newest first.
  private(set) var newest: [UInt32] = []
  /// Lots of its projects that have not ended.
  private(set) var openLots = 0
  /// Projects whose report is overdue.
  private(set) var lateReports = 0
  /// Whether any of its projects took pledges of trees.
  private(set) var hasPledges = false
  private var flows: [GiftUnit: (given: Int128, lost: Int128)] = [:]
  private var endings: [HandOverBook.Ending: [UInt64]] = [:]

  /// The figures of all that have projects, by ordinal. Looks once at each project, and at the newest lots.
  ///
  /// - Parameter silent: projects whose report is overdue.
  static func all(in hearts: Hearts, _ book: HandOverBook, silent: [UInt32]) -> [UInt16: CharityFigures] {
    var all: [UInt16: CharityFigures] = [:]
    for number in (0..<hearts.projects.count).reversed() {
      let record = hearts.projects[number]
      all[record.charity, default: CharityFigures()].add(UInt32(number), record, book)
    }
    for number in max(0, hearts.lots.count - maximumLots)..<hearts.lots.count {
      let lot = hearts.lots[number]
      if lot.state != .ended, lot.state != .void { all[lot.owner]?.openLots += 1 }
    }
    for project in silent { all[hearts.projects[Int(project)].charity]?.lateReports += 1 }
    return all
  }

  private mutating func add(_ number: UInt32, _ record: ProjectRecord, _ book: HandOverBook) {
    projects += 1
    if newest.count < CharityFigures.maximumNamed { newest.append(number) }
    if record.pledged > 0 { hasPledges = true }
    for unit in GiftUnit.allCases where record[unit].given > 0 {
      flows[unit, default: (0, 0)].given += Int128(record[unit].given)
      flows[unit, default: (0, 0)].lost += Int128(record[unit].lost)
    }
    for ending in HandOverBook.Ending.allCases {
      guard endings[ending, default: []].count < CharityFigures.enoughEndings else { continue }
      endings[ending, default: []] += book.seconds(of: ending, in: number)
    }
  }

  /// The share of what was given that was lost, in thousandths; `nil` where nothing was given.
  func lost(of unit: GiftUnit) -> Int128? {
    flows[unit].map { $0.lost * 1000 / $0.given }
  }

  /// How long gifts took, in the middle, and over how many that is; `nil` where none has come to such an end.
  func median(of ending: HandOverBook.Ending) -> (seconds: UInt64, count: Int)? {
    HandOverBook.median(endings[ending] ?? [])
  }
}
