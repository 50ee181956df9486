internal import HeartChain
internal import Ledger
internal import MutualAid

/// Trees that were pledged and planted.
struct TreeBook {
  /// Pledges of which not all stands, oldest first.
  var pledges: [Stock] = []
  /// What was planted and not looked at since, with the day on which it was planted.
  var planted: [(stock: Stock, day: Int)] = []
  /// What was found alive.
  var alive: [Stock] = []
}

extension HeartDemo {
  /// Days after which somebody looks whether trees live.
  private static let surveyedAfter = 98
  /// Of a thousand lots so many lose a tree in the storm.
  private static let stormLosses = 120

  /// A week on the hills: planting in spring and autumn, and surveys some months later, each with a picture.
  mutating func growTrees(_ index: Int) throws {
    try survey(index)
    let month = CivilDate(Demo.morning(options.firstDay + index)).month
    guard [3, 4, 10, 11].contains(month), !grove.pledges.isEmpty else { return }
    // A season has eight or nine weeks; what is pledged in it is planted in it or in the next.
    let count = max(1, grove.pledges.count / 4)
    var left: [Stock] = []
    for (place, pledge) in grove.pledges.enumerated() {
      guard place < count else {
        left.append(pledge)
        continue
      }
      // Large pledges are planted in two halves.
      let now = pledge.quantity > 6 ? pledge.quantity / 2 : pledge.quantity
      let picture = fresh("picture")
      let lot = try tell(.trees, .planted, .piece, makes: 1, isGift: true) { event in
        event.lot = pledge.lot
        event.quantity = now
        event.place = HeartPlace.hills
        event.evidence = picture
      }
      grove.planted.append(((lot, now), index))
      if pledge.quantity > now { left.append((pledge.lot, pledge.quantity - now)) }
    }
    grove.pledges = left
  }

  private mutating func survey(_ index: Int) throws {
    var waiting: [(stock: Stock, day: Int)] = []
    for entry in grove.planted {
      guard index >= entry.day + HeartDemo.surveyedAfter else {
        waiting.append(entry)
        continue
      }
      // Nine trees in ten live through the first months.
      let alive = (0..<entry.stock.quantity).reduce(Int64(0)) { sum, _ in sum + (generator.below(10) == 0 ? 0 : 1) }
      let picture = fresh("picture")
      try tell(.trees, .surveyed, .piece) { event in
        event.lot = entry.stock.lot
        event.quantity = alive
        event.evidence = picture
      }
      if alive > 0 { grove.alive.append((entry.stock.lot, alive)) }
    }
    grove.planted = waiting
    try storm(index)
  }

  /// One night near the end of the year some of the surveyed trees do not live through.
  private mutating func storm(_ index: Int) throws {
    guard isNow(329, index) else { return }
    for place in grove.alive.indices where generator.below(1000) < HeartDemo.stormLosses {
      guard grove.alive[place].quantity > 0 else { continue }
      let (lot, reason) = (grove.alive[place].lot, LossReason.disaster.rawValue)
      try tell(.trees, .died, .piece) { event in
        event.lot = lot
        event.quantity = 1
        event.reason = reason
      }
      grove.alive[place].quantity -= 1
    }
  }
}
