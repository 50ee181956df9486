internal import HeartChain
internal import Ledger

/// Where things are that are counted in pieces: clothes or books.
struct GoodsBook {
  /// What was given and is not packed yet.
  var raw: [Stock] = []
  /// Containers under way to the village, with the lots in them.
  var boxes: [(container: UInt32, lots: [Stock])] = []
  /// What the village has.
  var kept: [Stock] = []
}

extension HeartDemo {
  /// Lots in one container at most.
  private static let boxed = 100

  /// A week of warm clothes: all that is given is handed over before the project ends.
  mutating func moveClothes(_ index: Int) throws {
    for lot in clothes.kept {
      let torn: Int64 = lot.quantity > 1 && generator.below(25) == 0 ? 1 : 0
      if torn > 0 { try lose(torn, of: lot.lot, .piece, by: .village, reason: .damaged) }
      try handOver(lot.quantity - torn, of: lot.lot, .piece, by: .village)
    }
    clothes = try forward(clothes, kept: [], from: .foodbank)
  }

  /// A week of books: the village's schools put them on their shelves, and hand over most of what they have.
  mutating func moveBooks(_ index: Int) throws {
    var left: [Stock] = []
    for var lot in library.kept {
      let handed = lot.quantity <= 3 ? lot.quantity : lot.quantity - lot.quantity / 4
      try handOver(handed, of: lot.lot, .piece, by: .village)
      lot.quantity -= handed
      if lot.quantity > 0 { left.append(lot) }
    }
    library = try forward(library, kept: left, from: .school)
  }

  /// What was under way arrives in the village, and what was given since is packed and sent.
  private mutating func forward(_ book: GoodsBook, kept: [Stock], from charity: Member) throws -> GoodsBook {
    var next = GoodsBook(kept: kept)
    for box in book.boxes {
      try unbox(box.container, box.lots.map(\.lot), at: .village, place: HeartPlace.village)
      next.kept += box.lots
    }
    for start in Swift.stride(from: 0, to: book.raw.count, by: HeartDemo.boxed) {
      let part = Array(book.raw[start..<min(start + HeartDemo.boxed, book.raw.count)])
      next.boxes.append((try box(part.map(\.lot), from: charity, to: .village), part))
    }
    return next
  }
}
