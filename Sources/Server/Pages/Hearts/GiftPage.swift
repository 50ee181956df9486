internal import HeartChain
internal import Ledger
internal import Node
internal import Storage

/// `/hearts/gifts/<ordinal>`: a gift followed to where it did good.
///
/// Who gave it is not shown, so that its giver can show the page to others.
struct GiftPage: Page {
  static let template = "hearts-gift"
  let section: Section? = .hearts
  let about: String? = "heart_gift_lead"
  let title: String
  let fields: PageFields

  /// - Parameter canDraw: whether there is a program that draws.
  init(_ scope: PageScope, gift text: String?, canDraw: Bool) throws {
    let ordinal = UInt32(try PageScope.ordinal(text, below: scope.hearts.gifts.count))
    let gift = scope.hearts.gifts[Int(ordinal)]
    // Read where there are no steps too: what does not read is refused whatever else is asked for.
    _ = try scope.reader.query.before()
    let words = HeartWords(scope)
    title = words.giftName(ordinal)
    var fields = GiftPage.head(ordinal, gift, words, scope)
    fields.merge(scope.lag(indexed: try scope.index.height))
    fields.merge(try GiftPage.reversals(of: ordinal, scope))
    if !gift.isAttendance {
      let way = try FollowedWay(from: gift.origin, scope.ways())
      fields.merge(try ImpactWords(scope).fields(gift))
      fields.merge(WayProof.fields(gift.origin, scope))
      fields.merge(WayPicture.fields(of: .gifts, ordinal, way, canDraw: canDraw, scope))
      fields.merge(try StepList.fields(way, path: "/hearts/gifts/\(ordinal)", scope))
    }
    self.fields = fields
  }

  /// The transactions that took it back. That of its claim is left out: its sender is the giver.
  private static func reversals(of gift: UInt32, _ scope: PageScope) throws -> PageFields {
    let about = try scope.index.transactions(
      before: nil, limit: PageScope.rows, sender: nil, subject: IndexedSubject(kind: .gift, ordinal: UInt64(gift)))
    return TransactionRows(scope).fields(
      about.filter { $0.contract == Hearts.name && $0.kind == HeartAction.reverse.rawValue })
  }

  private static func head(
    _ ordinal: UInt32, _ gift: GiftRecord, _ words: HeartWords, _ scope: PageScope
  ) -> PageFields {
    let texts = scope.texts
    let project = words.project(of: gift)
    let binding =
      switch gift.binding {
      case .anonymous: texts.say("gift_anonymous")
      case .address: texts.say("gift_address")
      case .claim: texts.say("gift_claim")
      case .reversed: texts.say("gift_reversed")
      }
    return [
      "gift_name": words.giftName(ordinal),
      "gift_what": words.what(gift),
      "gift_state": words.state(gift),
      "gift_reversed": gift.binding == .reversed,
      "gift_hearts": Numbers.grouped(gift.hearts),
      "gift_time": texts.moment(gift.time),
      "gift_binding": binding,
      "gift_owed": gift.owed > 0 ? texts.say("gift_owed", ["n": Numbers.grouped(gift.owed)]) : nil,
      "gift_project": words.projectName(project),
      "gift_project_href": scope.link("hearts/projects", project),
      "gift_by": scope.organisationName(Int(gift.organisation)),
      "gift_by_href": scope.organisationLink(Int(gift.organisation)),
      "gift_lot": gift.isAttendance ? nil : words.lotName(gift.origin),
      "gift_lot_href": gift.isAttendance ? nil : scope.link("hearts/lots", gift.origin),
      "gift_check_href": scope.reader.link("/verify", [("file", scope.file("/v1/proofs/gifts/\(ordinal)"))]),
      "is_followed": !gift.isAttendance,
    ]
  }
}
