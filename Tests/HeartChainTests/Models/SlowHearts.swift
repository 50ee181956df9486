import HeartChain
import Ledger
import TransparencyLog

/// The rules of tracing and hearts told a second time, slowly and without tables, records or hashes.
struct SlowHearts {
  enum Place: Equatable {
    case shelf, road(to: Int), box(Int), plan, gone
  }

  struct Lot {
    var project: Int
    /// `nil` for a container.
    var kind: Village.Kind?
    var holder: Int
    var place: Place
    var spot: UInt32
    var received: Int64
    var left: Int64
    var handed: Int64 = 0
    var lost: Int64 = 0
    var passed: Int64 = 0
    var at: UInt64
    var gift: Int?
    var isVoid = false
    var unit: GiftUnit { kind?.record.unit ?? .piece }
    var isMoney: Bool { kind == .money }
    var isTree: Bool { kind == .tree }
    var isGoods: Bool { kind.map { $0.record.category == .goods } ?? false }
  }

  struct Gift {
    var hearts: Int64
    var wanted: Int
    var recorded: UInt64
    var credited: UInt64?
    var giver: Hash?
    var code: Hash?
    var isReversed = false
    var recorder: Int
    var lot: Int?
    /// The order in which gifts were credited.
    var turn = 0
  }

  struct Purse {
    var held: Int64 = 0
    var debt: Int64 = 0
    var gone: Int64 = 0
  }

  struct Flow: Equatable {
    var given: Int64 = 0
    var out: Int64 = 0
    var lost: Int64 = 0
  }

  var lots: [Lot] = []
  var gifts: [Gift] = []
  var purses: [Hash: Purse] = [:]
  var shown: Set<Hash> = []
  var flows: [[GiftUnit: Flow]] = []
  var committed: [Int64] = []
  var withdrawn: [Int64] = []
  var returned: [Int64] = []
  var charities: [Int] = []
  private var turns = 0

  mutating func openProject(by charity: Int) {
    charities.append(charity)
    flows.append([:])
    committed.append(0)
    withdrawn.append(0)
    returned.append(0)
  }

  /// Takes an event up, if the rules allow it: the lots it makes, or `nil`.
  mutating func take(_ event: TraceEvent, by teller: Int, at now: UInt64, made: [[Int]]) -> [Int]? {
    let time = event.time.seconds
    guard time <= now else { return nil }
    if event.evidence != .zero, shown.contains(event.evidence) { return nil }
    guard let result = judge(event, teller, time, now, made) else { return nil }
    if event.evidence != .zero { shown.insert(event.evidence) }
    return result
  }

  private func number(_ reference: UInt32, _ made: [[Int]]) -> Int? {
    if reference < 1 << 31 { return Int(reference) < lots.count ? Int(reference) : nil }
    let (row, output) = (Int(reference & 0x7fff_ffff) / 256, Int(reference % 256))
    return row < made.count && output < made[row].count ? made[row][output] : nil
  }

  private func mine(
    _ reference: UInt32, _ teller: Int, _ time: UInt64, _ made: [[Int]], _ place: Place = .shelf
  ) -> Int? {
    guard let lot = number(reference, made), lots[lot].place == place, lots[lot].holder == teller, lots[lot].at <= time
    else { return nil }
    return lot
  }

  private mutating func judge(
    _ event: TraceEvent, _ teller: Int, _ time: UInt64, _ now: UInt64, _ made: [[Int]]
  ) -> [Int]? {
    let quantity = event.quantity
    switch event.kind {
    case .donated, .pledged, .attended:
      guard let kind = Village.Kind(rawValue: event.gift), event.unit == kind.record.unit,
        Int(event.project) < charities.count, time >= Village.start.seconds
      else { return nil }
      let isRight =
        switch kind.record.category {
        case .money: event.kind == .donated && teller == Village.Place.bank.rawValue
        case .goods: event.kind == .donated && teller == charities[Int(event.project)]
        case .trees: event.kind == .pledged && teller == charities[Int(event.project)]
        case .activities: event.kind == .attended && teller == charities[Int(event.project)]
        }
      guard isRight else { return nil }
      let project = Int(event.project)
      let lot = event.kind == .attended ? nil : lots.count
      mint(
        event.kind == .pledged ? nil : kind, quantity, party: event.party, binding: event.reason, teller, now, lot: lot)
      if event.kind != .pledged { flows[project][kind.record.unit, default: Flow()].given += quantity }
      if event.kind == .attended {
        flows[project][.attendance, default: Flow()].out += quantity
        return []
      }
      lots.append(
        Lot(
          project: project, kind: kind, holder: teller, place: event.kind == .pledged ? .plan : .shelf,
          spot: event.place, received: quantity, left: quantity, at: time, gift: gifts.count - 1))
      return [lots.count - 1]
    case .received, .stored:
      guard let lot = mine(event.lot, teller, time, made), event.unit == lots[lot].unit else { return nil }
      move(lot, event)
      return []
    case .shipped:
      guard let lot = mine(event.lot, teller, time, made), event.unit == lots[lot].unit,
        lots[lot].isGoods || lots[lot].kind == nil, Int(event.other) != teller, Int(event.other) < 6
      else { return nil }
      lots[lot].place = .road(to: Int(event.other))
      move(lot, event)
      return []
    case .arrived:
      guard let lot = number(event.lot, made), lots[lot].place == .road(to: teller), event.unit == lots[lot].unit,
        lots[lot].at <= time, quantity <= lots[lot].left, lots[lot].isGoods || quantity == lots[lot].left
      else { return nil }
      lose(lots[lot].left - quantity, lot)
      lots[lot].holder = teller
      lots[lot].place = .shelf
      move(lot, event)
      return []
    case .handedOver:
      guard let lot = mine(event.lot, teller, time, made), lots[lot].isGoods, event.unit == lots[lot].unit,
        quantity <= lots[lot].left
      else { return nil }
      pay(quantity, lot)
      move(lot, event)
      return []
    case .lost, .died, .corrected, .surveyed:
      var found = mine(event.lot, teller, time, made)
      if event.kind == .lost, found == nil, let lot = number(event.lot, made), case .road = lots[lot].place,
        lots[lot].holder == teller, lots[lot].at <= time
      {
        found = lot
      }
      guard let lot = found, event.unit == lots[lot].unit else { return nil }
      let isRight =
        switch event.kind {
        case .lost: lots[lot].isGoods
        case .corrected: lots[lot].isGoods || lots[lot].isTree
        default: lots[lot].isTree
        }
      let gone =
        switch event.kind {
        case .surveyed: lots[lot].left - quantity
        case .corrected: -quantity
        default: quantity
        }
      let least = event.kind == .corrected ? -lots[lot].lost : 0
      guard isRight, gone <= lots[lot].left, gone >= least else { return nil }
      lose(gone, lot)
      move(lot, event)
      return []
    case .repacked: return repack(event, teller, time, made)
    case .packed, .unpacked: return box(event, teller, time, made)
    case .planted:
      guard let pledge = mine(event.lot, teller, time, made, .plan), quantity <= lots[pledge].left,
        event.unit == .piece, let gift = lots[pledge].gift, !gifts[gift].isReversed
      else { return nil }
      lots[pledge].left -= quantity
      lots[pledge].passed += quantity
      move(pledge, event)
      let party = gifts[gift].giver ?? gifts[gift].code ?? .zero
      let binding: UInt8 = gifts[gift].giver != nil ? 1 : gifts[gift].code != nil ? 2 : 0
      mint(.tree, quantity, party: party, binding: binding, teller, now, lot: lots.count)
      flows[lots[pledge].project][.piece, default: Flow()].given += quantity
      return [child(of: pledge, event, quantity, .tree, gift: gifts.count - 1)]
    case .committed:
      let project = Int(event.project)
      guard event.unit == .fen, project < charities.count, charities[project] == teller else { return nil }
      let given = (flows[project][.fen]?.given ?? 0) - (flows[project][.fen]?.lost ?? 0)
      guard committed[project] + quantity <= given - returned[project] else { return nil }
      committed[project] += quantity
      return []
    case .disbursed:
      guard let lot = mine(event.lot, teller, time, made), lots[lot].isMoney, event.unit == .fen,
        quantity <= lots[lot].left, Int(event.other) != teller, Int(event.other) < 6
      else { return nil }
      lots[lot].left -= quantity
      lots[lot].passed += quantity
      let made = child(of: lot, event, quantity, .money, gift: nil)
      lots[made].place = .road(to: Int(event.other))
      move(lot, event)
      return [made]
    case .spent, .returned:
      guard let lot = mine(event.lot, teller, time, made), lots[lot].isMoney, event.unit == .fen,
        quantity <= lots[lot].left
      else { return nil }
      pay(quantity, lot)
      if event.kind == .returned { returned[lots[lot].project] += quantity }
      move(lot, event)
      return []
    }
  }

  private mutating func repack(_ event: TraceEvent, _ teller: Int, _ time: UInt64, _ made: [[Int]]) -> [Int]? {
    let found = event.ingoing.map { mine($0.lot, teller, time, made) }
    let inputs = found.compactMap { $0 }
    guard inputs.count == found.count, Set(inputs).count == inputs.count, let first = inputs.first else { return nil }
    let kinds = event.outgoing.map { Village.Kind(rawValue: UInt16(clamping: $0.lot)) }
    let isGood = zip(inputs, event.ingoing).allSatisfy { lot, part in
      part.quantity <= lots[lot].left && lots[lot].unit == event.unit && lots[lot].project == lots[first].project
        && (lots[first].isMoney ? lots[lot].isMoney : lots[first].isGoods && lots[lot].isGoods)
    }
    guard isGood else { return nil }
    for kind in kinds {
      guard let kind, kind.record.unit == event.unit,
        lots[first].isMoney ? kind == .money : kind.record.category == .goods
      else { return nil }
    }
    let going = event.ingoing.reduce(0) { $0 + $1.quantity }
    let coming = event.outgoing.reduce(0) { $0 + $1.quantity }
    guard going == coming + event.quantity, !lots[first].isMoney || event.quantity == 0, let unit = event.unit else {
      return nil
    }
    var result: [Int] = []
    for (kind, part) in zip(kinds, event.outgoing) {
      guard let kind else { return nil }
      result.append(child(of: first, event, part.quantity, kind, gift: nil))
    }
    for (lot, part) in zip(inputs, event.ingoing) {
      lots[lot].left -= part.quantity
      lots[lot].passed += part.quantity
      move(lot, event)
    }
    flows[lots[first].project][unit, default: Flow()].lost += event.quantity
    return result
  }

  private mutating func box(_ event: TraceEvent, _ teller: Int, _ time: UInt64, _ made: [[Int]]) -> [Int]? {
    if event.kind == .packed {
      let found = event.parts.map { mine($0.lot, teller, time, made) }
      let inputs = found.compactMap { $0 }
      guard inputs.count == found.count, Set(inputs).count == inputs.count,
        inputs.allSatisfy({ lots[$0].isGoods && lots[$0].project == lots[inputs[0]].project })
      else { return nil }
      for lot in inputs {
        lots[lot].place = .box(lots.count)
        move(lot, event)
      }
      return [child(of: inputs[0], event, Int64(inputs.count), nil, gift: nil)]
    }
    guard let box = mine(event.lot, teller, time, made), lots[box].kind == nil else { return nil }
    let found = event.parts.map { number($0.lot, made) }
    let outputs = found.compactMap { $0 }
    guard outputs.count == found.count, Set(outputs).count == outputs.count,
      outputs.allSatisfy({ lots[$0].place == .box(box) })
    else { return nil }
    for lot in outputs {
      lots[lot].place = .shelf
      lots[lot].holder = teller
      lots[lot].spot = lots[box].spot
      move(lot, event)
    }
    lots[box].left -= Int64(outputs.count)
    lots[box].passed += Int64(outputs.count)
    move(box, event)
    return []
  }

  private mutating func child(
    of lot: Int, _ event: TraceEvent, _ quantity: Int64, _ kind: Village.Kind?, gift: Int?
  ) -> Int {
    lots.append(
      Lot(
        project: lots[lot].project, kind: kind, holder: lots[lot].holder, place: .shelf,
        spot: event.place == 0 ? lots[lot].spot : event.place, received: quantity, left: quantity,
        at: event.time.seconds, gift: gift))
    return lots.count - 1
  }

  private mutating func move(_ lot: Int, _ event: TraceEvent) {
    lots[lot].at = event.time.seconds
    if event.place != 0 { lots[lot].spot = event.place }
    if lots[lot].left == 0 { lots[lot].place = .gone }
  }

  private mutating func lose(_ quantity: Int64, _ lot: Int) {
    lots[lot].left -= quantity
    lots[lot].lost += quantity
    flows[lots[lot].project][lots[lot].unit, default: Flow()].lost += quantity
  }

  private mutating func pay(_ quantity: Int64, _ lot: Int) {
    lots[lot].left -= quantity
    lots[lot].handed += quantity
    flows[lots[lot].project][lots[lot].unit, default: Flow()].out += quantity
  }
}

/// Hearts and the index.
extension SlowHearts {
  private mutating func mint(
    _ kind: Village.Kind?, _ quantity: Int64, party: Hash, binding: UInt8, _ recorder: Int, _ now: UInt64, lot: Int?
  ) {
    let rates = kind?.record
    gifts.append(
      Gift(
        hearts: quantity * Int64(rates?.hearts ?? 0) / 1000,
        wanted: min(20, Int(quantity) * Int(rates?.points ?? 0) / 1000), recorded: now,
        giver: binding == 1 ? party : nil, code: binding == 2 ? party : nil, recorder: recorder, lot: lot))
    if binding == 1 { credit(gifts.count - 1, at: now) }
  }

  private mutating func credit(_ gift: Int, at now: UInt64) {
    guard let giver = gifts[gift].giver else { return }
    turns += 1
    gifts[gift].turn = turns
    gifts[gift].credited = now
    let paid = min(purses[giver, default: Purse()].debt, gifts[gift].hearts)
    purses[giver, default: Purse()].debt -= paid
    purses[giver, default: Purse()].held += gifts[gift].hearts - paid
  }

  mutating func claim(_ gift: Int, by giver: Hash, at now: UInt64) {
    gifts[gift].code = nil
    gifts[gift].giver = giver
    credit(gift, at: now)
  }

  mutating func reverse(_ number: Int) {
    let gift = gifts[number]
    if let giver = gift.giver {
      let there = min(purses[giver, default: Purse()].held, gift.hearts)
      purses[giver, default: Purse()].held -= there
      purses[giver, default: Purse()].debt += gift.hearts - there
    }
    gifts[number].isReversed = true
    guard let lot = gift.lot else { return }
    switch lots[lot].place {
    case .shelf where lots[lot].left == lots[lot].received && lots[lot].holder == gift.recorder:
      lose(lots[lot].left, lot)
    case .plan:
      withdrawn[lots[lot].project] += lots[lot].left
      lots[lot].lost = lots[lot].left
      lots[lot].left = 0
    default: return
    }
    lots[lot].place = .gone
    lots[lot].isVoid = true
  }

  /// The index from all gifts ever credited, day by day and period by period.
  func index(of giver: Hash, at now: UInt64) -> Int {
    func day(_ time: UInt64) -> Int { Int(time + 28_800) / 86_400 }
    var used: [Int: Int] = [:]
    var points: [Int: Int] = [:]
    for gift in gifts.filter({ $0.giver == giver }).sorted(by: { $0.turn < $1.turn }) {
      guard let credited = gift.credited else { continue }
      let age = day(credited) / 90 - day(gift.recorded) / 90
      let granted = age < 12 ? min(gift.wanted, 30 - used[day(credited), default: 0]) : 0
      used[day(credited), default: 0] += granted
      if !gift.isReversed { points[day(gift.recorded) / 90, default: 0] += granted }
    }
    let weights = [1000, 1000, 1000, 1000, 900, 800, 700, 600, 500, 400, 300, 200]
    var sum = 0
    for (age, weight) in weights.enumerated() { sum += points[day(now) / 90 - age, default: 0] * weight / 1000 }
    return min(1000, sum)
  }
}
