internal import HeartChain
internal import Ledger
internal import MutualAid

/// Gifts of the people who have a part of their own.
extension HeartDemo {
  /// The love index at which an example giver stops.
  private static func wanted(_ person: HeartPerson) -> Int { person == .example ? 650 : 649 }
  /// Points a gift of money brings at most, and those of one day: the formula's own numbers.
  private static let (giftPoints, dayPoints) = (20, 30)

  /// Points that an example giver still wants on this day: each gives once a week, within the present period of the
  /// index and the two before it, which all count in full and will for some time.
  private func wantedPoints(_ index: Int, _ person: HeartPerson) -> Int {
    let (period, today) = (Int(LoveIndex.periodDays), options.firstDay + index)
    let begin = (options.lastDay / period - 2) * period
    guard (options.lastDay - today) % 7 == 0, today >= begin else { return 0 }
    let visits = (today - begin) / 7
    return min(HeartDemo.dayPoints, HeartDemo.wanted(person) - visits * HeartDemo.dayPoints)
  }

  /// A yuan is a point.
  mutating func takeExampleMoney(_ index: Int, _ person: HeartPerson) throws {
    let points = min(HeartDemo.giftPoints, wantedPoints(index, person))
    guard points > 0 else { return }
    // What is beyond the most that one gift counts makes no difference to the index.
    let more = points == HeartDemo.giftPoints ? generator.below(30) : 0
    try give(.money, Int64(points + more) * 100, to: .kitchens, from: .person(person.rawValue))
  }

  /// A kilogram is a point.
  mutating func takeExampleRice(_ index: Int, _ person: HeartPerson) throws {
    let points = wantedPoints(index, person) - HeartDemo.giftPoints
    guard points > 0 else { return }
    let lot = try give(.rice, Int64(points) * 1000, to: .kitchens, from: .person(person.rawValue))
    if person == .example, food.example == nil { food.example = (nextGift - 1, lot) }
    try tell(.foodbank, .stored, .gram) { event in
      event.lot = lot
      event.place = HeartPlace.store
    }
  }

  /// Somebody gives, spends the hearts, and the gift turns out to have been booked twice; later she gives again.
  mutating func takeIndebted(_ index: Int) throws {
    let person = HeartBinding.person(HeartPerson.indebted.rawValue)
    if isNow(21, index) {
      let lot = try give(.money, 30_000, to: .kitchens, from: person)
      crowd.doubled = nextGift - 1
      // The bank does not pass it on before it has looked twice.
      purses[Int(HeartProject.kitchens.rawValue)].arrived.removeAll { $0.lot == lot }
    }
    if isNow(77, index) { try give(.money, 10_000, to: .kitchens, from: person) }
  }

  /// Fifty kilograms are put down where there were five.
  mutating func takeMistyped(_ index: Int) throws {
    let person = HeartBinding.person(HeartPerson.mistyped.rawValue)
    if isNow(28, index) {
      let lot = try give(.rice, 50_000, to: .kitchens, from: person)
      crowd.mistyped = nextGift - 1
      food.raw[.rice]?.removeAll { $0.lot == lot }
    }
    if isNow(35, index) { try give(.rice, 5000, to: .kitchens, from: person) }
  }

  /// A publisher gives a lot of books, and nobody gives another that the school charity puts down all the same.
  mutating func takeBooksOfPublisher(_ index: Int) throws {
    if isNow(28, index) {
      let lot = try give(.books, 800, to: .books, from: .person(HeartPerson.publisher.rawValue))
      library.raw.removeAll { $0.lot == lot }
      affairs.publishers = (lot, 800)
    }
    if isNow(119, index) {
      let lot = try give(.books, 2000, to: .books, from: .nobody)
      library.raw.removeAll { $0.lot == lot }
      affairs.invented = nextGift - 1
    }
  }
}
