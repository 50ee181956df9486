internal import HeartChain
internal import Ledger

/// A lot and how much of it is left.
typealias Stock = (lot: UInt32, quantity: Int64)

/// Where the food bank's food is.
struct FoodBook {
  /// What was stored and is not sorted yet.
  var raw: [HeartKind: [Stock]] = [:]
  /// Containers under way to each kitchen, with the lots in them.
  var boxes: [[(container: UInt32, lots: [Stock], kinds: [HeartKind])]] = [[], []]
  /// Lots under way to each kitchen without a container.
  var loose: [[(stock: Stock, kind: HeartKind)]] = [[], []]
  /// What each kitchen has.
  var kept: [[(stock: Stock, kind: HeartKind)]] = [[], []]
  /// The first gift of rice of the example giver, and its lot.
  var example: (gift: UInt32, lot: UInt32)?
  /// A lot that it went into.
  var exampleLot: UInt32?
}

extension HeartDemo {
  static let kitchens: [Member] = [.kitchenEast, .kitchenWest]
  /// So many lots are sorted together at most.
  private static let sorted = 100

  /// A week's work: the kitchens take in what came and hand it over, the food bank sorts, packs and ships.
  mutating func moveFood(_ index: Int) throws {
    for kitchen in HeartDemo.kitchens.indices {
      try takeIn(kitchen)
      try serve(kitchen)
    }
    // A week's food is sorted before it is sent.
    guard index > 0 else { return }
    var ready: [[(stock: Stock, kind: HeartKind)]] = [[], []]
    for (kinds, result) in [([.rice, .flour], .parcel), ([.oil], .oil)] as [([HeartKind], HeartKind)] {
      for (kitchen, part) in try sort(kinds, into: result).enumerated() { ready[kitchen] += part }
    }
    let milk = try sort([.milk], into: .milk)
    for (kitchen, part) in milk.enumerated() {
      for milk in part {
        try tell(.foodbank, .shipped, .millilitre) { event in
          event.lot = milk.stock.lot
          event.other = UInt16(HeartDemo.kitchens[kitchen].rawValue)
        }
        food.loose[kitchen].append(milk)
      }
    }
    for kitchen in ready.indices where !ready[kitchen].isEmpty {
      let lots = ready[kitchen].map(\.stock)
      let container = try box(lots.map(\.lot), from: .foodbank, to: HeartDemo.kitchens[kitchen])
      food.boxes[kitchen].append((container, lots, ready[kitchen].map(\.kind)))
    }
  }

  /// Sorts what is there of some kinds, by which a little is lost; gives what is for each kitchen.
  private mutating func sort(
    _ kinds: [HeartKind], into result: HeartKind
  ) throws -> [[(stock: Stock, kind: HeartKind)]] {
    var lots: [Stock] = []
    for kind in kinds { lots += food.raw.removeValue(forKey: kind) ?? [] }
    var ready: [[(stock: Stock, kind: HeartKind)]] = [[], []]
    for start in Swift.stride(from: 0, to: lots.count, by: HeartDemo.sorted) {
      let part = lots[start..<min(start + HeartDemo.sorted, lots.count)]
      let whole = part.reduce(0) { $0 + $1.quantity }
      let loss = whole * Int64(5 + generator.below(20)) / 1000
      let east = (whole - loss) * Int64(50 + generator.below(12)) / 100
      let shares = [east, whole - loss - east]
      let made = try tell(.foodbank, .repacked, result.unit, makes: 2) { event in
        event.quantity = loss
        event.inputs = UInt8(part.count)
        event.parts = part.map { TracePart(lot: $0.lot, quantity: $0.quantity) }
        event.parts += shares.map { TracePart(lot: UInt32(result.rawValue), quantity: $0) }
      }
      if let example = food.example, food.exampleLot == nil, part.contains(where: { $0.lot == example.lot }) {
        food.exampleLot = made
      }
      for kitchen in shares.indices { ready[kitchen].append(((made + UInt32(kitchen), shares[kitchen]), result)) }
    }
    return ready
  }

  /// A kitchen takes in what came; of what came loose a little may be missing.
  private mutating func takeIn(_ kitchen: Int) throws {
    let (member, place) = (HeartDemo.kitchens[kitchen], HeartPlace.kitchens[kitchen])
    for box in food.boxes[kitchen] {
      try unbox(box.container, box.lots.map(\.lot), at: member, place: place)
      food.kept[kitchen] += zip(box.lots, box.kinds).map { ($0, $1) }
    }
    food.boxes[kitchen] = []
    for case (var stock, let kind) in food.loose[kitchen] {
      stock.quantity -= generator.below(3) == 0 ? min(stock.quantity / 50, 500) : 0
      try tell(member, .arrived, kind.unit) { event in
        event.lot = stock.lot
        event.quantity = stock.quantity
        event.place = place
      }
      food.kept[kitchen].append((stock, kind))
    }
    food.loose[kitchen] = []
  }

  /// A kitchen hands over a third to a half of each lot, the last two kilograms or litres at once; now and then
  /// something spoils, and once in a while the shelves are counted.
  private mutating func serve(_ kitchen: Int) throws {
    let member = HeartDemo.kitchens[kitchen]
    var left: [(stock: Stock, kind: HeartKind)] = []
    for case (var stock, let kind) in food.kept[kitchen] {
      let spoilt = generator.below(12) == 0 ? stock.quantity / 40 : 0
      if spoilt > 0 {
        let reason: LossReason = generator.below(2) == 0 ? .expired : .damaged
        try lose(spoilt, of: stock.lot, kind.unit, by: member, reason: reason)
        stock.quantity -= spoilt
      }
      if spoilt > 100, generator.below(3) == 0 {
        try tell(member, .corrected, kind.unit) { event in
          event.lot = stock.lot
          event.quantity = 100
        }
        stock.quantity += 100
      }
      let served = stock.quantity <= 2000 ? stock.quantity : stock.quantity * Int64(35 + generator.below(20)) / 100
      try handOver(served, of: stock.lot, kind.unit, by: member)
      stock.quantity -= served
      if stock.quantity > 0 { left.append((stock, kind)) }
    }
    food.kept[kitchen] = left
  }
}
