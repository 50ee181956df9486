internal import HeartChain
internal import Ledger
internal import MutualAid
internal import TransparencyLog

/// Quantities, kinds, places and states of gifts in words.
struct HeartWords {
  let scope: PageScope
  private let hearts: Hearts

  init(_ scope: PageScope) {
    self.scope = scope
    hearts = scope.hearts
  }

  private var texts: Texts { scope.texts }

  /// A quantity with its unit, exact: grams from a kilogram on as kilograms, millilitres likewise as litres.
  func quantity(_ amount: Int64, _ unit: GiftUnit, of category: GiftCategory) -> String {
    let isLarge = amount.magnitude >= 1000
    switch unit {
    case .fen: return texts.yuan(Int128(amount) * Int128(Amount.microPerFen))
    case .gram:
      return isLarge
        ? texts.say("quantity_kilogram", ["n": HeartWords.thousandths(Int128(amount))])
        : texts.say("quantity_gram", ["n": Numbers.grouped(amount)])
    case .millilitre:
      return isLarge
        ? texts.say("quantity_litre", ["n": HeartWords.thousandths(Int128(amount))])
        : texts.say("quantity_millilitre", ["n": Numbers.grouped(amount)])
    case .piece: return texts.count(category == .trees ? "quantity_trees" : "quantity_pieces", amount)
    case .attendance: return texts.count("quantity_attendance", amount)
    }
  }

  /// A quantity in a unit of which nothing more is known: of pieces it is left open what they are.
  func quantity(_ amount: Int64, _ unit: GiftUnit) -> String { quantity(amount, unit, of: .goods) }

  /// A quantity of a kind of gift, without its name; of containers the lots in them.
  func quantity(_ amount: Int64, kind: UInt16, unit: GiftUnit) -> String {
    kind == LotRecord.container
      ? texts.count("quantity_lots", amount) : quantity(amount, unit, of: category(of: kind))
  }

  /// A quantity with the name of what it is: "5 公斤大米".
  func gift(_ amount: Int64, kind: UInt16, unit: GiftUnit) -> String {
    let quantity = quantity(amount, kind: kind, unit: unit)
    guard kind != LotRecord.container else { return texts.say("gift_container", ["quantity": quantity]) }
    switch category(of: kind) {
    case .money: return quantity
    case .goods: return texts.say("gift_goods", ["quantity": quantity, "kind": kindName(kind)])
    case .trees: return texts.say("gift_trees", ["quantity": quantity, "kind": kindName(kind)])
    case .activities: return texts.say("gift_activity", ["quantity": quantity, "kind": kindName(kind)])
    }
  }

  /// What a lot began as.
  func gift(_ lot: LotRecord) -> String { gift(lot.received, kind: lot.kind, unit: lot.unit) }

  /// What sort of gift a kind is; goods for one that the chain does not have, such as a container.
  func category(of kind: UInt16) -> GiftCategory {
    Int(kind) < hearts.kinds.count ? hearts.kinds[Int(kind)].category : .goods
  }

  /// A kind's name, or its sort and number where these pages have no word for it.
  func kindName(_ kind: UInt16) -> String {
    guard kind != LotRecord.container, Int(kind) < hearts.kinds.count else { return texts.say("kind_container") }
    let record = hearts.kinds[Int(kind)]
    if let key = GiftKindNames.key(of: record.name) { return texts.say(key) }
    if let published = texts.published(record.name) { return published }
    return texts.say("kind_other", ["category": categoryName(record.category), "n": "\(kind)"])
  }

  /// The name of a sort of gifts.
  func categoryName(_ category: GiftCategory) -> String {
    switch category {
    case .money: texts.say("category_money")
    case .goods: texts.say("category_goods")
    case .trees: texts.say("category_trees")
    case .activities: texts.say("category_activities")
    }
  }

  /// A coarse place: the province of a GB/T 2260 code and the code; `nil` for none.
  func place(_ code: UInt32) -> String? {
    guard code != 0 else { return nil }
    let key = "place_\(code / 10_000)"
    guard (100_000...999_999).contains(code), texts.has(key) else { return texts.say("place_other", ["n": "\(code)"]) }
    return texts.say("place_known", ["place": texts.say(key), "n": "\(code)"])
  }

  /// Why something was lost.
  func reason(_ reason: UInt8) -> String {
    switch LossReason(rawValue: reason) {
    case .expired: texts.say("reason_expired")
    case .damaged: texts.say("reason_damaged")
    case .stolen: texts.say("reason_stolen")
    case .disaster: texts.say("reason_disaster")
    case .unknown, nil: texts.say("reason_unknown")
    }
  }

  /// A gift's name.
  func giftName(_ gift: some BinaryInteger) -> String { texts.say("heart_gift", ["n": "\(gift)"]) }
  /// A lot's name.
  func lotName(_ lot: some BinaryInteger) -> String { texts.say("heart_lot", ["n": "\(lot)"]) }

  /// A project's name: its description where somebody published it, and its number.
  func projectName(_ project: some BinaryInteger) -> String {
    guard let number = Int(exactly: project), number < hearts.projects.count,
      let published = texts.published(hearts.projects[number].description)
    else { return texts.say("heart_project", ["n": "\(project)"]) }
    return texts.say("heart_project_named", ["name": published, "n": "\(project)"])
  }

  /// A partner's name likewise.
  func partnerName(_ partner: some BinaryInteger) -> String {
    guard let number = Int(exactly: partner), number < hearts.partners.count,
      let published = texts.published(hearts.partners[number].description)
    else { return texts.say("heart_partner", ["n": "\(partner)"]) }
    return texts.say("heart_partner_named", ["name": published, "n": "\(partner)"])
  }

  /// Thousandths as a decimal number without needless zeros: 3,200 as "3.2".
  static func thousandths(_ amount: Int128) -> String {
    let magnitude = amount.magnitude
    let whole = Numbers.grouped(magnitude / 1000)
    let rest = Numbers.padded(magnitude % 1000, 3)
    let zeros = rest.reversed().prefix { $0 == "0" }.count
    let decimals = rest.dropLast(zeros)
    return (amount < 0 ? "-" : "") + whole + (decimals.isEmpty ? "" : "." + decimals)
  }
}

extension HeartWords {
  /// Where a lot is now, in a few words.
  func state(_ lot: LotRecord) -> String {
    let holder = scope.organisationName(Int(lot.holder))
    let left = quantity(lot.left, kind: lot.kind, unit: lot.unit)
    switch lot.state {
    case .held where lot.left == lot.received: return texts.say("lot_held", ["holder": holder])
    case .held: return texts.say("lot_held_part", ["holder": holder, "left": left])
    case .travelling:
      return texts.say("lot_travelling", ["receiver": scope.organisationName(Int(lot.receiver)), "left": left])
    case .packed: return texts.say("lot_packed", ["holder": holder])
    case .pledged: return texts.say("lot_pledged", ["left": left])
    case .void: return texts.say("lot_void")
    case .ended: return ended(lot)
    }
  }

  /// What became of a lot of which nothing is left.
  private func ended(_ lot: LotRecord) -> String {
    if lot.kind == LotRecord.container { return texts.say("lot_unpacked") }
    if lot.passed > 0 { return texts.say(category(of: lot.kind) == .trees ? "lot_planted" : "lot_passed") }
    guard lot.handed > 0 else { return texts.say("lot_lost") }
    let isAll = lot.lost == 0
    switch category(of: lot.kind) {
    case .money: return texts.say(isAll ? "lot_spent" : "lot_spent_part")
    case .goods, .trees, .activities: return texts.say(isAll ? "lot_handed" : "lot_handed_part")
    }
  }

  /// How a gift stands, in a few words.
  func state(_ gift: GiftRecord) -> String {
    if gift.isAttendance {
      return texts.say(gift.binding == .reversed ? "gift_state_reversed" : "gift_state_attended")
    }
    guard Int(gift.origin) < hearts.lots.count else { return texts.say("lot_void") }
    let lot = hearts.lots[Int(gift.origin)]
    guard gift.binding == .reversed, lot.state != .void else { return state(lot) }
    return texts.say("gift_state_taken_back", ["state": state(lot)])
  }

  /// What a gift was; of attendance only the sort, since its record keeps no quantity.
  func what(_ gift: GiftRecord) -> String {
    guard !gift.isAttendance, Int(gift.origin) < hearts.lots.count else { return texts.say("category_activities") }
    return self.gift(hearts.lots[Int(gift.origin)])
  }

  /// The project a gift was given to.
  func project(of gift: GiftRecord) -> UInt32 {
    guard !gift.isAttendance, Int(gift.origin) < hearts.lots.count else { return gift.origin }
    return hearts.lots[Int(gift.origin)].project
  }
}
