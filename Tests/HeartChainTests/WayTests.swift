import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// Ways of lots: found by the index, and held to the history in the lot's record.
@Suite struct WayTests {
  /// Rice of two givers repacked together, boxed with a third lot, driven to the school, unpacked and eaten.
  private static func village() throws -> (Village, WayIndex) {
    var (village, index) = (try Village(), WayIndex())
    village.app.watch(true)
    _ = try village.openProject(.food)
    let now = village.time
    func tell(_ place: Village.Place, _ events: [TraceEvent]) throws {
      let codes = try village.tell(place, events)
      #expect(codes.allSatisfy { $0 == .success }, "\(codes.map(\.name))")
      index.add(village.hearts.noted)
    }
    try tell(
      .food,
      [
        .gift(.rice, 5000, project: 0, at: now, from: 1), .gift(.rice, 3000, project: 0, at: now, from: 2),
        .gift(.oil, 900, project: 0, at: now, from: 3), .gift(.rice, 70, project: 0, at: now, from: 4),
        .make(.repacked, at: now) {
          $0.parts = [
            TracePart(lot: 0, quantity: 5000), TracePart(lot: 1, quantity: 2000), TracePart(lot: 5, quantity: 6900),
          ]
          $0.inputs = 2
          $0.quantity = 100
        },
        .make(.packed, nil, at: now) {
          $0.parts = [TracePart(lot: TraceEvent.made(by: 4), quantity: 0), TracePart(lot: 2, quantity: 0)]
          $0.inputs = 2
        },
        .make(.shipped, .piece, at: now) {
          $0.lot = TraceEvent.made(by: 5)
          $0.other = UInt16(Village.Place.school.rawValue)
        },
        .make(.stored, at: now) { $0.lot = 3 },
      ])
    try tell(
      .school,
      [
        .make(.arrived, .piece, at: now) {
          $0.lot = 5
          $0.quantity = 2
          $0.place = 620_500
        },
        .make(.unpacked, nil, at: now) {
          $0.lot = 5
          $0.parts = [TracePart(lot: 4, quantity: 0)]
          $0.inputs = 1
        },
        .make(.handedOver, at: now) {
          $0.lot = 4
          $0.quantity = 6000
          $0.party = .label("school kitchen", 1)
        },
      ])
    return (village, index)
  }

  @Test func aMealLeadsBackToItsGiversAndAGiftForwardToItsMeal() throws {
    let (village, index) = try WayTests.village()
    let meal = village.hearts.lots[4]
    #expect((meal.left, meal.handed, meal.place) == (900, 6000, 620_500))
    let way = try #require(index.way(of: 4))
    #expect(way.verify(meal))
    // Both givers' rice, the oil that was in the same box, and every step; not the lot that only stood beside them.
    let kinds = try way.steps.map { try TraceEvent(row: $0.row).kind }
    #expect(
      kinds == [
        .donated, .donated, .donated, .repacked, .packed, .shipped, .arrived, .unpacked, .handedOver,
      ])
    #expect(index.descendants(of: 1) == [1, 4, 5])
    #expect(index.descendants(of: 3) == [3])
    #expect(index.way(of: 99) == nil)
  }

  @Test func nothingIsLeftOutPutInOrMoved() throws {
    let (village, index) = try WayTests.village()
    let meal = village.hearts.lots[4]
    let way = try #require(index.way(of: 4))
    for place in way.steps.indices {
      var other = way
      other.steps.remove(at: place)
      #expect(!other.verify(meal), "without \(place)")
      other = way
      other.steps[place].time = other.steps[place].time.adding(seconds: 1)
      #expect(!other.verify(meal), "at another time")
      other = way
      other.steps[place].event += 1
      #expect(!other.verify(meal), "by another name")
      other = way
      other.steps[place].row[14] ^= 1
      #expect(!other.verify(meal), "another quantity or place")
    }
    var padded = way
    let beside = try #require(index.way(of: 3))
    padded.steps += beside.steps
    #expect(!padded.verify(meal))
    var swapped = way
    swapped.steps.swapAt(0, 1)
    // Two gifts that do not build on each other may stand in either order.
    #expect(swapped.verify(meal))
    swapped = way
    swapped.steps.swapAt(2, 8)
    #expect(!swapped.verify(meal))
  }

  /// A step that stands in no history could be anybody's: a loss before the lot was made, a second making of it out of
  /// lots that nobody knows, its coming out of a box that it was not in yet.
  @Test func nothingHappensToALotBeforeItIsMade() throws {
    let (village, index) = try WayTests.village()
    let (meal, way) = (village.hearts.lots[4], try #require(index.way(of: 4)))
    let now = village.time
    let lost = TraceEvent.make(.lost, at: now) {
      $0.lot = 4
      $0.quantity = 900
      $0.reason = LossReason.stolen.rawValue
    }
    let remade = TraceEvent.make(.repacked, at: now) {
      $0.parts = [TracePart(lot: 99, quantity: 9), TracePart(lot: 1, quantity: 9)]
      $0.inputs = 1
    }
    let unpacked = TraceEvent.make(.unpacked, nil, at: now) {
      $0.lot = 5
      $0.parts = [TracePart(lot: 4, quantity: 0)]
      $0.inputs = 1
    }
    let forged: [(TraceEvent, [UInt32], [UInt32])] = [
      (lost, [4], []), (remade, [99], [4]), (unpacked, [5, 4], []),
    ]
    for (event, sources, made) in forged {
      let step = Way.Step(event: 7 << 48 | 1, time: now, row: event.row, sources: sources, made: made)
      for place in 0...way.steps.count {
        var padded = way
        padded.steps.insert(step, at: place)
        #expect(!padded.verify(meal), "\(event.kind) at \(place)")
      }
    }
  }

  @Test func aWayOfTenThousandEventsIsFoundAndProven() throws {
    var (village, index) = (try Village(), WayIndex())
    village.app.watch(true)
    _ = try village.openProject(.food)
    let now = village.time
    func tell(_ events: [TraceEvent]) throws {
      let codes = try village.tell(.food, events)
      #expect(codes.allSatisfy { $0 == .success })
      index.add(village.hearts.noted)
    }
    func pool(_ lots: [UInt32], of quantity: Int64) -> TraceEvent {
      .make(.repacked, at: now) {
        $0.parts = lots.map { TracePart(lot: $0, quantity: quantity) }
        $0.inputs = UInt8(lots.count)
        $0.parts.append(TracePart(lot: 1, quantity: quantity * Int64(lots.count)))
      }
    }
    for _ in 0..<100 { try tell((0..<100).map { _ in try .gift(.rice, 10, project: 0, at: now) }) }
    try tell((0..<100).map { block in pool((0..<100).map { UInt32(block * 100 + $0) }, of: 10) })
    try tell([pool((0..<100).map { 10_000 + UInt32($0) }, of: 1000)])
    let way = try #require(index.way(of: 10_100))
    #expect(way.steps.count == 10_101)
    #expect(way.verify(village.hearts.lots[10_100]))
    #expect(index.descendants(of: 4_321) == [4_321, 10_043, 10_100])
  }
}
