import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

extension RandomGiving {
  /// Every lot, place, project, address and index of the contract against the model.
  mutating func compare() throws {
    let hearts = village.hearts
    #expect(hearts.brokenInvariant() == nil)
    try #require(hearts.lots.count == model.lots.count)
    var contractPlaces: [UInt32: [GiftUnit: Int64]] = [:]
    var modelPlaces: [UInt32: [GiftUnit: Int64]] = [:]
    for (number, slow) in model.lots.enumerated() {
      let lot = hearts.lots[number]
      #expect(slow.received == slow.left + slow.handed + slow.lost + slow.passed)
      #expect(
        [lot.received, lot.left, lot.handed, lot.lost, lot.passed]
          == [slow.received, slow.left, slow.handed, slow.lost, slow.passed], "lot \(number)")
      #expect(lot.holder == UInt16(slow.holder) && lot.movedAt.seconds == slow.at && lot.place == slow.spot)
      #expect((lot.state == .void) == slow.isVoid)
      contractPlaces[lot.place, default: [:]][lot.unit, default: 0] += lot.left
      modelPlaces[slow.spot, default: [:]][slow.unit, default: 0] += slow.left
    }
    #expect(contractPlaces == modelPlaces)
    for project in model.charities.indices {
      for unit in GiftUnit.allCases {
        let (flow, slow) = (hearts.projects[project][unit], model.flows[project][unit] ?? SlowHearts.Flow())
        #expect([flow.given, flow.out, flow.lost] == [slow.given, slow.out, slow.lost], "project \(project), \(unit)")
      }
      #expect(hearts.projects[project].committed == model.committed[project])
      #expect(hearts.projects[project].withdrawn == model.withdrawn[project])
    }
    for (address, purse) in model.purses {
      let giver = try #require(hearts.givers.find(GiverRecord.key(of: address)).map { hearts.givers[$0] })
      #expect(giver.held == purse.held && giver.debt == purse.debt)
      for later in [0, 100, 400, 1000] as [UInt64] {
        let time = village.time.adding(days: later)
        let value = LoveIndex.value(of: giver, formula: hearts.formula, at: time)
        #expect(Int(value) == model.index(of: address, at: time.seconds))
      }
    }
  }

  /// A state from its image is the same state, and goes on as the same.
  mutating func checkImage() throws {
    var copy = village
    let image = copy.app.image()
    #expect(image.root == village.app.stateRoot())
    copy.app = try HeartChain(genesis: village.genesis, image: image)
    #expect(copy.app.stateRoot() == village.app.stateRoot())
    copy.app.watch(true)
    var other = self
    other.village = copy
    try round()
    try other.round()
    #expect(other.village.app.stateRoot() == village.app.stateRoot())
    #expect(other.village.hearts.noted == village.hearts.noted)
  }

  /// From what was noted follow every address's history and its list of gifts.
  func checkNotes() throws {
    let hearts = village.hearts
    var (histories, counts): ([Hash: Hash], [Hash: UInt32]) = ([:], [:])
    for noted in village.told.changes {
      histories[noted.party] = noted.change.history(after: histories[noted.party] ?? .zero)
      counts[noted.party, default: 0] += 1
    }
    #expect(Set(histories.keys) == Set(model.purses.keys))
    for (party, history) in histories {
      let giver = try #require(hearts.givers.find(GiverRecord.key(of: party)).map { hearts.givers[$0] })
      #expect(giver.history == history && giver.changes == counts[party])
    }
    var lists: [Hash: Set<UInt32>] = [:]
    for noted in village.told.gifts { lists[noted.party, default: []].insert(noted.gift) }
    var claimed = 0
    for number in 0..<hearts.gifts.count {
      let gift = hearts.gifts[number]
      #expect((lists[gift.party]?.contains(UInt32(number)) ?? false) == (gift.party != .zero), "gift \(number)")
    }
    for (party, list) in lists {
      for number in list where hearts.gifts[Int(number)].party != party {
        claimed += 1
        #expect(codes.contains { $0.publicKey.address.key == party }, "another's gift that no code was for")
      }
    }
    #expect(claimed > 10)
  }

  /// The way of many lots is found, leads to the history in the state, and no other does.
  mutating func checkWays() throws {
    var longest = 0
    var checked = 0
    for number in stride(from: model.lots.count - 1, through: 0, by: -max(1, model.lots.count / 200)) {
      let record = village.hearts.lots[number]
      guard record.state != .void else { continue }
      let way = try #require(index.way(of: UInt32(number)))
      #expect(way.verify(record), "lot \(number)")
      longest = max(longest, way.steps.count)
      checked += 1
      var other = record
      other.history = .label("another", 1)
      #expect(!way.verify(other))
      var shorter = way
      shorter.steps.remove(at: Int.random(in: 0..<way.steps.count, using: &dice))
      #expect(!shorter.verify(record))
      var changed = way
      let place = Int.random(in: 0..<way.steps.count, using: &dice)
      changed.steps[place].row[20] ^= 1
      #expect(!changed.verify(record))
    }
    #expect(checked > 100)
    #expect(longest >= 10)
  }
}
