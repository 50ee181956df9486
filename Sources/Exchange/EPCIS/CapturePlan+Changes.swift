internal import HeartChain
internal import Ledger
internal import TransparencyLog

extension CapturePlan {
  /// Things begin: gifts.
  mutating func begin(_ event: EPCISEvent, _ draft: inout Draft) throws(EPCISError) {
    let (binding, party) = try giver(event)
    for item in CapturePlan.items(event.epcs, event.quantities) {
      if let own = names.lot(in: item.uri), Int(own) < state.hearts.lots.count {
        throw EPCISError(.alreadyExists, "this lot is on the chain already")
      }
      guard let ordinal = try kind(item.uri, event.gift.kind), Int(ordinal) < state.hearts.kinds.count else {
        throw EPCISError(.validation, "no kind of gift is known for this class", code: ErrorCode.unknownKind.name)
      }
      let kind = state.hearts.kinds[Int(ordinal)]
      guard kind.category == .goods || kind.category == .trees else {
        throw EPCISError(
          .validation, "money and attendance are not recorded by EPCIS", code: ErrorCode.wrongCategory.name)
      }
      let project = try event.gift.project.map { uri throws(EPCISError) in
        guard let project = names.project(in: uri) else { throw .invalid("project is no project of this chain") }
        return project
      }
      guard let project = project ?? profile.project else {
        throw EPCISError(.validation, "the gift names no project", code: ErrorCode.unknownProject.name)
      }
      guard let quantity = item.isThing && kind.unit == .piece ? 1 : try item.quantity(in: kind.unit) else {
        throw EPCISError(.validation, "a gift without a quantity", code: ErrorCode.badQuantity.name)
      }
      var row = draft.event(kind.category == .trees ? .pledged : .donated, kind.unit)
      row.gift = ordinal
      row.project = project
      row.quantity = quantity
      row.reason = binding.rawValue
      row.party = party
      try bind(item.uri, to: put(row).lowerBound)
    }
  }

  /// To whom a gift's hearts belong.
  private func giver(_ event: EPCISEvent) throws(EPCISError) -> (GiftBinding, Hash) {
    guard event.gift.giver == nil || event.gift.claim == nil else {
      throw .invalid("a gift has a giver or a claim code, not both")
    }
    for (text, binding) in [(event.gift.giver, GiftBinding.address), (event.gift.claim, .claim)] {
      guard let text else { continue }
      guard let address = try? Address(text: text) else { throw .invalid("giver and claim are addresses: tz1…") }
      return (binding, address.key)
    }
    for type in ["owning_party", "possessing_party"] {
      for party in event.sources where party.type == type {
        if let address = CaptureProfile.longest(profile.givers, party.value) { return (.address, address.key) }
      }
    }
    return (.anonymous, .zero)
  }

  /// Something happens to things that exist, or to a container that is seen with what is in it.
  mutating func change(_ event: EPCISEvent, _ draft: inout Draft) throws(EPCISError) {
    let meaning = try CaptureMeaning(event)
    var items = CapturePlan.items(event.epcs, event.quantities)
    // What goes with its container is not moved itself.
    if event.kind == .aggregation, let parent = event.parent { items = [Item(thing: parent)] }
    for item in items {
      switch meaning {
      case .ship: try ship(item, to: receiver(event), &draft)
      case .receive: try receive(item, &draft)
      case .handOver:
        let party = recipient(event, draft)
        for portion in try portions(item, where: isHeld) {
          try reduce(.handedOver, portion, &draft) { $0.party = party }
        }
      case .lose(let reason):
        let organisation = profile.organisation
        for portion in try portions(
          item, where: { isHeld($0) || ($0.state == .travelling && $0.holder == organisation) })
        {
          let isTree = isOfTrees(lot(portion.lot))
          try reduce(isTree ? .died : .lost, portion, &draft) { $0.reason = reason }
        }
      case .count: try count(item, by: event.gift.difference, &draft)
      case .inspect: try inspect(item, &draft)
      case .install:
        for portion in try portions(item, where: isPledged) { try bind(item.uri, to: plant(portion, &draft)) }
      case .observe: try observe(item, .stored, &draft)
      }
    }
  }

  private func isOfTrees(_ lot: LotRecord) -> Bool {
    lot.kind != LotRecord.container && state.hearts.kinds[Int(lot.kind)].category == .trees
  }

  func isPledged(_ lot: LotRecord) -> Bool { lot.state == .pledged && lot.holder == profile.organisation }

  /// Part of a pledge stands now.
  mutating func plant(_ portion: Portion, _ draft: inout Draft) throws(EPCISError) -> UInt32 {
    var row = draft.event(.planted, lot(portion.lot).unit)
    row.lot = portion.lot
    row.quantity = portion.quantity
    return try put(row).lowerBound
  }

  private mutating func reduce(
    _ kind: TraceKind, _ portion: Portion, _ draft: inout Draft, _ fill: (inout TraceEvent) -> Void
  ) throws(EPCISError) {
    var row = draft.event(kind, lot(portion.lot).unit)
    row.lot = portion.lot
    row.quantity = portion.quantity
    fill(&row)
    try put(row)
  }

  private mutating func ship(_ item: Item, to receiver: UInt16, _ draft: inout Draft) throws(EPCISError) {
    for portion in try portions(item, where: isHeld) {
      let ordinal = try whole(portion, draft)
      var row = draft.event(.shipped, lot(ordinal).unit)
      row.lot = ordinal
      row.other = receiver
      let made = try put(row)
      // A part that became a lot of its own goes on under its class.
      if made.isEmpty, ordinal != portion.lot { try rebind(item.uri, ordinal) }
    }
  }

  /// A lot that was split off goes by the identifier of what it came from.
  mutating func rebind(_ uri: String, _ lot: UInt32) throws(EPCISError) {
    if names.lot(in: uri) == nil { try bind(uri, to: lot) }
  }

  /// What is on its way here arrives; what was here already is taken in.
  private mutating func receive(_ item: Item, _ draft: inout Draft) throws(EPCISError) {
    guard try lots(item.uri).contains(where: { isComing(lot($0)) }) else {
      return try observe(item, .received, &draft)
    }
    for portion in try portions(item, where: isComing) {
      var row = draft.event(.arrived, lot(portion.lot).unit)
      row.lot = portion.lot
      row.quantity = portion.quantity
      try put(row)
    }
  }

  /// Lots are seen, as a whole. What is on its way is seen there without a row: the chain knows that it is.
  private mutating func observe(_ item: Item, _ kind: TraceKind, _ draft: inout Draft) throws(EPCISError) {
    let organisation = profile.organisation
    let all = try lots(item.uri)
    let held = all.filter { isHeld(lot($0)) }
    if held.isEmpty,
      all.contains(where: { isComing(lot($0)) || (lot($0).state == .travelling && lot($0).holder == organisation) })
    {
      return
    }
    for ordinal in held.isEmpty ? Array(all.prefix(1)) : held {
      var row = draft.event(kind, lot(ordinal).unit)
      row.lot = ordinal
      try put(row)
    }
  }

  /// Stock is counted anew: the number is what there is, or the difference says how much more or less.
  private mutating func count(
    _ item: Item, by difference: ExactDecimal?, _ draft: inout Draft
  ) throws(EPCISError) {
    let all = try lots(item.uri)
    let held = all.filter { isHeld(lot($0)) }
    guard held.count <= TraceEvent.maximumParts else { throw CapturePlan.tooManyLots }
    guard let first = held.first ?? all.first else { return }
    var rest: Int64
    if let difference {
      guard let whole = difference.whole(shift: 0, limit: TraceEvent.maximumQuantity) else {
        throw EPCISError(.validation, "a difference that is not whole", code: ErrorCode.badQuantity.name)
      }
      rest = whole
    } else {
      guard let counted = try item.quantity(in: lot(first).unit) else {
        throw EPCISError(.validation, "a count without a number", code: ErrorCode.badQuantity.name)
      }
      rest = counted - held.reduce(0) { $0 + lot($1).left }
    }
    guard rest != 0 else { return try observe(item, .stored, &draft) }
    let counted = held.isEmpty ? [first] : held
    for ordinal in counted where rest != 0 {
      let record = lot(ordinal)
      let change = ordinal == counted.last ? rest : rest < 0 ? max(rest, -record.left) : min(rest, record.lost)
      guard change != 0 else { continue }
      try reduce(.corrected, Portion(lot: ordinal, quantity: change), &draft) { _ in }
      rest -= change
    }
  }

  /// Trees are looked at and counted; of other things it only shows where they are.
  private mutating func inspect(_ item: Item, _ draft: inout Draft) throws(EPCISError) {
    let all = try lots(item.uri)
    guard let first = all.first(where: { isHeld(lot($0)) }) ?? all.first, isOfTrees(lot(first)) else {
      return try observe(item, .stored, &draft)
    }
    guard all.filter({ isHeld(lot($0)) }).count <= 1 else {
      throw .invalid("several lots go by this identifier: count each by its own")
    }
    let alive = try item.quantity(in: lot(first).unit) ?? (item.isThing ? lot(first).left : nil)
    guard let alive else {
      throw EPCISError(.validation, "how many are alive is missing", code: ErrorCode.badQuantity.name)
    }
    try reduce(.surveyed, Portion(lot: first, quantity: alive), &draft) { _ in }
  }
}
