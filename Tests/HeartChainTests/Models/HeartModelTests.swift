import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// Random organisations tell events, some of them lies; the contract and the slow model agree on each.
@Suite struct HeartModelTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func contractAndModelAgree(seed: UInt64) throws {
    var history = try RandomGiving(seed: seed)
    for round in 0..<600 {
      try history.round()
      if round % 40 == 39 { try history.compare() }
    }
    #expect(history.accepted > 10_000, "too few events were accepted for this to say anything")
    #expect(history.refused > 5000, "too few lies")
    #expect(history.everyKindAccepted)
    #expect(history.debtsSeen > 0)
    try history.checkNotes()
    try history.checkImage()
    try history.checkWays()
  }
}

/// One random history.
struct RandomGiving {
  var village: Village
  var model = SlowHearts()
  var index = WayIndex()
  var dice: SeededGenerator
  var accepted = 0
  var refused = 0
  var debtsSeen = 0
  private var kinds: [TraceKind: Int] = [:]
  private var pictures: UInt64 = 0
  private var receipts: UInt64 = 0
  private var reversed: [(gift: UInt32, reason: Hash, time: Timestamp)] = []
  private let people: [SigningKey]
  let codes: [SigningKey]
  private let tellers: [Village.Place] = [.bank, .food, .forest, .school, .food, .audit]

  init(seed: UInt64) throws {
    dice = SeededGenerator(seed: seed)
    village = try Village()
    people = try (0..<8).map { try Village.person($0) }
    codes = try (0..<4).map { try Village.code($0) }
    for place in [Village.Place.food, .forest, .school, .food] {
      _ = try village.openProject(place, days: 3650)
      model.openProject(by: place.rawValue)
    }
    _ = try village.perform(
      Hearts.registerPartner(account: Village.person(50).publicKey.address, description: .label("shop", 1)),
      by: Village.officer(.platform))
    village.app.watch(true)
  }

  var everyKindAccepted: Bool { TraceKind.allCases.allSatisfy { kinds[$0, default: 0] > 0 } }

  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &dice) < percent }

  mutating func round() throws {
    village.time = village.time.adding(seconds: UInt64.random(in: 0..<(10 * Timestamp.day), using: &dice))
    let teller = tellers[Int.random(in: 0..<tellers.count, using: &dice)]
    var events: [TraceEvent] = []
    var made: [[Int]] = []
    var expected: [Bool] = []
    for _ in 0..<Int.random(in: 20...80, using: &dice) {
      let event = event(by: teller.rawValue, made)
      let isForm = (try? TraceEvent(row: event.row)) != nil
      let lots = isForm ? model.take(event, by: teller.rawValue, at: village.time.seconds, made: made) : nil
      events.append(event)
      made.append(lots ?? [])
      expected.append(lots != nil)
    }
    let outcomes = try village.tell(teller, events)
    index.add(village.hearts.noted)
    for (place, outcome) in outcomes.enumerated() {
      try #require((outcome == .success) == expected[place], "\(outcome.name): \(events[place])")
      if outcome == .success { kinds[events[place].kind, default: 0] += 1 }
    }
    accepted += outcomes.count { $0 == .success }
    refused += outcomes.count { $0 != .success }
    try act()
  }

  /// Spends, gives, claims and reverses.
  private mutating func act() throws {
    let person = people[Int.random(in: 0..<people.count, using: &dice)]
    let key = person.publicKey.address.key
    receipts += 1
    let held = model.purses[key]?.held ?? 0
    let hearts = held / 2 + (chance(10) ? held : 0)
    let spend = try village.perform(
      Hearts.spend(hearts: hearts, at: 0, purpose: 1, receipt: .label("receipt", receipts)), by: person,
      with: [Village.person(50)])
    try #require((spend.code == .success) == (hearts > 0 && hearts <= held))
    if spend.code == .success { model.purses[key]?.held -= hearts }
    guard !model.gifts.isEmpty else { return }
    if chance(50) {
      let gift = model.gifts.count - 1 - Int.random(in: 0..<min(300, model.gifts.count), using: &dice)
      let reason = Hash.label("reason", UInt64(gift))
      let recorder = Village.Place(rawValue: model.gifts[gift].recorder) ?? .audit
      let (code, _) = try village.perform(
        Hearts.reverse(gift: UInt32(gift), reason: reason), by: Village.officer(chance(30) ? .audit : recorder))
      try #require((code == .success) == !model.gifts[gift].isReversed)
      if code == .success {
        model.reverse(gift)
        reversed.append((UInt32(gift), reason, village.time))
      }
    }
    let waiting = model.gifts.indices.suffix(500).filter { model.gifts[$0].code != nil && !model.gifts[$0].isReversed }
    if let gift = waiting.first, let code = codes.first(where: { $0.publicKey.address.key == model.gifts[gift].code }) {
      let (result, _) = try village.perform(Hearts.redeem(gift: UInt32(gift)), by: person, with: [code])
      try #require(result == .success)
      model.claim(gift, by: key, at: village.time.seconds)
    }
    debtsSeen += village.hearts.totals.debt > 0 ? 1 : 0
  }

  private mutating func reference(_ teller: Int, _ made: [[Int]]) -> UInt32 {
    if chance(15), let row = made.indices.last(where: { !made[$0].isEmpty }) {
      return TraceEvent.made(by: row, output: Int.random(in: 0..<made[row].count, using: &dice))
    }
    let known = model.lots.indices.suffix(400)
    if chance(88) {
      let mine = known.filter {
        model.lots[$0].place != .gone
          && (model.lots[$0].holder == teller || model.lots[$0].place == .road(to: teller))
      }
      if !mine.isEmpty { return UInt32(mine[Int.random(in: 0..<mine.count, using: &dice)]) }
    }
    return UInt32(Int.random(in: 0..<(model.lots.count + 2), using: &dice))
  }

  private mutating func event(by teller: Int, _ made: [[Int]]) -> TraceEvent {
    let lot = reference(teller, made)
    let number = lot < 1 << 31 ? Int(lot) : made[Int(lot & 0x7fff_ffff) / 256][Int(lot % 256)]
    let known = number < model.lots.count ? model.lots[number] : nil
    let isGift = chance(25) && teller != Village.Place.audit.rawValue
    let fitting = isGift ? gifts(of: teller) : chance(85) ? fitting(known, teller) : TraceKind.allCases
    let kind = fitting[Int.random(in: 0..<fitting.count, using: &dice)]
    let back = UInt64.random(in: 0..<3600, using: &dice) + (chance(5) ? 20 * Timestamp.day : 0)
    let time = Timestamp(seconds: village.time.seconds - back + (chance(3) ? Timestamp.day : 0))
    var event = TraceEvent(kind, unit: .gram, time: time)
    if [.donated, .pledged, .attended].contains(kind) { fillGift(&event, teller) } else { fillLot(&event, lot, known) }
    if kind == .repacked { fillRepacking(&event, lot, known, teller, made) }
    if kind == .packed || kind == .unpacked { fillBox(&event, lot, number, teller, made) }
    if kind == .committed {
      event.project = UInt32(Int.random(in: 0..<4, using: &dice))
      event.unit = .fen
      event.quantity = Int64.random(in: 1...2000, using: &dice)
      event.lot = 0
    }
    fillEvidence(&event)
    return event
  }

  private func gifts(of teller: Int) -> [TraceKind] {
    teller == Village.Place.bank.rawValue ? [.donated] : [.donated, .donated, .pledged, .attended]
  }

  /// Events that go with where a lot is.
  private func fitting(_ lot: SlowHearts.Lot?, _ teller: Int) -> [TraceKind] {
    switch lot?.place {
    case .road(let receiver): return receiver == teller ? [.arrived] : [.lost]
    case .plan: return [.planted]
    case .box, .gone, nil: return [.committed, .unpacked]
    case .shelf: break
    }
    guard let lot, lot.kind != nil else { return [.shipped, .unpacked, .unpacked, .received] }
    if lot.isMoney { return [.spent, .returned, .disbursed, .repacked, .stored, .committed] }
    if lot.isTree { return [.surveyed, .died, .stored, .corrected] }
    return [.handedOver, .lost, .corrected, .repacked, .repacked, .packed, .shipped, .shipped, .stored, .received]
  }

  private mutating func fillGift(_ event: inout TraceEvent, _ teller: Int) {
    let kinds = Village.Kind.allCases.filter { kind in
      switch event.kind {
      case .pledged: kind == .tree
      case .attended: kind == .lesson
      default: teller == Village.Place.bank.rawValue ? kind == .money : kind.record.category == .goods
      }
    }
    let kind = kinds[Int.random(in: 0..<kinds.count, using: &dice)]
    event.gift = chance(3) ? UInt16.random(in: 0..<9, using: &dice) : kind.rawValue
    event.unit = chance(3) ? .piece : kind.record.unit
    event.quantity = Int64.random(in: 1...(kind == .tree || kind == .lesson ? 12 : 30_000), using: &dice)
    let projects = model.charities.indices.filter { model.charities[$0] == teller || teller == 1 || chance(5) }
    event.project = UInt32(projects.isEmpty ? 0 : projects[Int.random(in: 0..<projects.count, using: &dice)])
    event.place = 100 + UInt32.random(in: 0..<4, using: &dice)
    event.reason = UInt8.random(in: 0...2, using: &dice)
    if event.reason == 1 { event.party = people[Int.random(in: 0..<people.count, using: &dice)].publicKey.address.key }
    if event.reason == 2 { event.party = codes[Int.random(in: 0..<codes.count, using: &dice)].publicKey.address.key }
  }

  private mutating func fillLot(_ event: inout TraceEvent, _ lot: UInt32, _ known: SlowHearts.Lot?) {
    event.lot = lot
    event.unit = chance(3) ? .millilitre : known?.unit ?? .gram
    let left = known?.left ?? 10
    let part = left > 3 && chance(60) ? left / Int64.random(in: 1...3, using: &dice) : left
    event.quantity = max(1, chance(6) ? left + 1 : part)
    switch event.kind {
    case .received, .stored: event.quantity = 0
    case .lost, .died: event.reason = UInt8(lot % 5)
    case .shipped, .disbursed:
      if event.kind == .shipped { event.quantity = 0 }
      event.other = UInt16([1, 2, 3, 4, 2, 4, 9][Int.random(in: 0..<7, using: &dice)])
    case .arrived: if chance(80) { event.quantity = max(1, left) }
    case .handedOver: event.party = .label("recipient", UInt64(lot))
    case .spent:
      event.party = .label("payee", UInt64(lot))
      event.reason = chance(70) ? 1 : 2
    case .corrected: if chance(50) { event.quantity = -event.quantity }
    case .surveyed: event.quantity = max(0, left - Int64.random(in: 0...1, using: &dice))
    default: break
    }
    if [.stored, .arrived, .handedOver, .planted].contains(event.kind), chance(40) {
      event.place = 100 + UInt32.random(in: 0..<4, using: &dice)
    }
  }

  private mutating func fillRepacking(
    _ event: inout TraceEvent, _ lot: UInt32, _ known: SlowHearts.Lot?, _ teller: Int, _ made: [[Int]]
  ) {
    event.lot = 0
    var parts = [TracePart(lot: lot, quantity: max(1, (known?.left ?? 5) / 2))]
    if chance(50) {
      let other = reference(teller, made)
      parts.append(TracePart(lot: other, quantity: Int64.random(in: 1...5, using: &dice)))
    }
    event.inputs = UInt8(parts.count)
    let total = parts.reduce(0) { $0 + $1.quantity }
    let isMoney = known?.isMoney == true
    event.quantity = isMoney || total < 3 ? 0 : Int64.random(in: 0...(total / 3), using: &dice)
    let kind = isMoney ? 0 : chance(90) && known?.unit == .millilitre ? 6 : UInt32([1, 2, 5][Int(total % 3)])
    let out = total - event.quantity + (chance(4) ? 1 : 0)
    parts.append(TracePart(lot: kind, quantity: out - (out > 4 ? out / 4 : 0)))
    if out > 4 { parts.append(TracePart(lot: kind, quantity: out / 4)) }
    event.parts = parts
  }

  private mutating func fillBox(
    _ event: inout TraceEvent, _ lot: UInt32, _ number: Int, _ teller: Int, _ made: [[Int]]
  ) {
    event.unit = nil
    event.quantity = 0
    if event.kind == .packed {
      event.lot = 0
      event.parts = (0..<Int.random(in: 1...3, using: &dice)).map { _ in
        TracePart(lot: reference(teller, made), quantity: 0)
      }
    } else {
      let boxes = model.lots.indices.suffix(600).filter {
        model.lots[$0].kind == nil && model.lots[$0].place == .shelf && model.lots[$0].holder == teller
      }
      let box = boxes.isEmpty ? number : boxes[Int.random(in: 0..<boxes.count, using: &dice)]
      event.lot = UInt32(clamping: box)
      let inside = model.lots.indices.filter { model.lots[$0].place == .box(box) }
      event.parts = inside.prefix(Int.random(in: 1...3, using: &dice)).map { TracePart(lot: UInt32($0), quantity: 0) }
      if event.parts.isEmpty { event.parts = [TracePart(lot: lot, quantity: 0)] }
    }
    event.inputs = UInt8(event.parts.count)
  }

  private mutating func fillEvidence(_ event: inout TraceEvent) {
    guard [.planted, .surveyed, .committed, .spent, .returned].contains(event.kind) || chance(10) else { return }
    if !chance(6) || pictures == 0 { pictures += 1 }
    event.evidence = .label("picture", pictures)
  }
}
