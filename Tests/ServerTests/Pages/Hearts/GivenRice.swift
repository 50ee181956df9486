import HeartChain
import Ledger
import TestSupport
import TransparencyLog

@testable import Server

/// A village in which a person's five kilograms of rice came to three ends, with money, trees, a lesson, a partner and
/// a consent beside them.
struct GivenRice {
  var village: HeartVillage

  /// Who gave, and the address of it.
  static let giver = 1
  static func address() throws -> String { try HeartVillage.person(giver).publicKey.address.description }

  /// Gifts by ordinal.
  static let rice = 0
  static let pledge = 1
  static let trees = 2
  static let lesson = 3
  static let money = 4

  init(days: UInt64 = 0) throws {
    village = try HeartVillage()
    let food = try village.openProject(.food, days: 365)
    let forest = try village.openProject(.forest, days: 365)
    let school = try village.openProject(.school, days: 365)
    try village.tell(.food, [village.gift(.rice, 5_000, to: food, from: GivenRice.giver)])
    village.chain.advance(days: days)
    try village.tell(
      .food,
      [
        village.event(.repacked, .gram, 300) { event in
          event.inputs = 1
          event.parts = [
            TracePart(lot: 0, quantity: 5_000), TracePart(lot: UInt32(TestKind.rice.rawValue), quantity: 3_200),
            TracePart(lot: UInt32(TestKind.rice.rawValue), quantity: 1_500),
          ]
        }
      ])
    for lot in 1...2 as ClosedRange<UInt32> {
      try village.tell(
        .food, [village.event(.shipped, .gram, lot: lot) { $0.other = HeartVillage.Place.school.ordinal }])
    }
    village.chain.advance(days: 1)
    try village.tell(.school, [village.event(.arrived, .gram, lot: 1, 3_200) { $0.place = HeartVillage.place }])
    try village.tell(
      .school,
      [
        village.event(.handedOver, .gram, lot: 1, 3_200) { event in
          event.place = HeartVillage.place
          event.party = .label("kitchen", 1)
        }
      ])
    try village.tell(.forest, [village.gift(.tree, 3, to: forest, from: GivenRice.giver)])
    try village.tell(
      .forest, [village.event(.planted, .piece, lot: 3, 2) { $0.evidence = .label("picture", 1) }])
    try village.tell(.school, [village.gift(.lesson, 1, to: school, from: GivenRice.giver)])
    try village.tell(.bank, [village.gift(.money, 12_345, to: food)])
    try partner()
  }

  /// A partner at which she spends, and may learn of her index.
  private mutating func partner() throws {
    let (shop, person) = (try SigningKey(label: "shop"), try HeartVillage.person(GivenRice.giver))
    try village.perform(
      Hearts.registerPartner(account: shop.publicKey.address, description: .label("shop", 1)),
      by: village.officer(.platform))
    try village.perform(
      Hearts.openChannel(partner: 0, threshold: 650, description: .label("door", 1)), by: shop)
    try village.perform(Hearts.consent(partner: 0, until: village.now.adding(days: 30)), by: person)
    try village.perform(
      Hearts.spend(hearts: 500, at: 0, purpose: 1, receipt: .label("receipt", 1)), by: person, with: [shop])
    try village.perform(Hearts.give(hearts: 100, to: 0), by: person)
  }

  mutating func show() throws -> ShownChain { try village.show() }
}
