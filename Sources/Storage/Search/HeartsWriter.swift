internal import FoundationEssentials
internal import GRDB
internal import Ledger

/// Writes what a chain of hearts noted in blocks that were checked.
struct HeartsWriter {
  private let db: Database
  private let generation: Int64

  init(_ db: Database, generation: Int64) {
    self.db = db
    self.generation = generation
  }

  func insert(_ blocks: [IndexedBlock]) throws {
    try insertSteps(blocks)
    try insertLots(blocks)
    try insertGifts(blocks)
    try insertChanges(blocks)
  }

  private func insertSteps(_ blocks: [IndexedBlock]) throws {
    let count = blocks.reduce(0) { $0 + $1.hearts.steps.count }
    var rows = try BulkInsert(into: "steps", columns: 6, rows: count, in: db)
    for block in blocks {
      for (position, step) in block.hearts.steps.enumerated() {
        try rows.add(IndexedStep.place(height: block.height, position: position))
        try rows.add(Int64(step.event))
        try rows.add(Int64(step.time.seconds))
        try rows.add(Data(step.row))
        try rows.add(Ordinals.bytes(step.sources))
        try rows.add(Ordinals.bytes(step.made))
      }
    }
  }

  private func insertLots(_ blocks: [IndexedBlock]) throws {
    var places: [(lot: UInt32, place: Int64)] = []
    for block in blocks {
      for (position, step) in block.hearts.steps.enumerated() {
        let place = IndexedStep.place(height: block.height, position: position)
        for lot in step.sources { places.append((lot, place)) }
        for lot in step.made { places.append((lot, place)) }
      }
    }
    places.sort { ($0.lot, $0.place) < ($1.lot, $1.place) }
    var rows = try BulkInsert(into: "lot_steps", columns: 2, rows: places.count, in: db)
    for (lot, place) in places {
      try rows.add(Int64(lot))
      try rows.add(place)
    }
  }

  private func insertGifts(_ blocks: [IndexedBlock]) throws {
    var gifts: [(party: Address, gift: UInt32, height: UInt64)] = []
    for block in blocks {
      for (party, gift) in block.hearts.gifts { gifts.append((party, gift, block.height)) }
    }
    gifts.sort { ($0.party, $0.gift, $0.height) < ($1.party, $1.gift, $1.height) }
    // One that comes to the same address again, said twice, counts from the first time.
    var rows = try BulkInsert("INSERT OR IGNORE", into: "heart_gifts", columns: 4, rows: gifts.count, in: db)
    for (party, gift, height) in gifts {
      try rows.add(generation)
      try rows.add(Data(party.bytes))
      try rows.add(Int64(gift))
      try rows.add(Int64(height))
    }
  }

  private func insertChanges(_ blocks: [IndexedBlock]) throws {
    var order: [(party: Address, block: Int, place: Int)] = []
    for (number, block) in blocks.enumerated() {
      for (place, change) in block.hearts.changes.enumerated() { order.append((change.party, number, place)) }
    }
    order.sort { ($0.party, $0.block, $0.place) < ($1.party, $1.block, $1.place) }
    var rows = try BulkInsert(into: "heart_changes", columns: 5, rows: order.count, in: db)
    for (party, block, place) in order {
      try rows.add(generation)
      try rows.add(Data(party.bytes))
      try rows.add(Int64(blocks[block].height))
      try rows.add(Int64(place))
      try rows.add(Data(blocks[block].hearts.changes[place].bytes))
    }
  }
}

/// Ordinals in a row, four bytes each, the highest first.
enum Ordinals {
  static func bytes(_ ordinals: [UInt32]) -> Data {
    var data = Data(capacity: 4 * ordinals.count)
    for ordinal in ordinals { withUnsafeBytes(of: ordinal.bigEndian) { data.append(contentsOf: $0) } }
    return data
  }
}
