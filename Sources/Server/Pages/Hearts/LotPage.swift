internal import HeartChain
internal import Ledger
internal import Node
internal import Storage

/// `/hearts/lots/<ordinal>`: one lot: how it stands, and its whole way back to the gifts.
struct LotPage: Page {
  static let template = "hearts-lot"
  let section: Section? = .hearts
  let about: String? = "heart_lot_lead"
  let title: String
  let fields: PageFields

  /// - Parameter canDraw: whether there is a program that draws.
  init(_ scope: PageScope, lot text: String?, canDraw: Bool) throws {
    let ordinal = UInt32(try PageScope.ordinal(text, below: scope.hearts.lots.count))
    let words = HeartWords(scope)
    title = words.lotName(ordinal)
    let way = try FollowedWay(to: ordinal, scope.ways())
    fields = LotPage.head(ordinal, words, scope)
      .adding(scope.lag(indexed: try scope.index.height))
      .adding(WayProof.fields(ordinal, scope))
      .adding(WayPicture.fields(of: .lots, ordinal, way, canDraw: canDraw, scope))
      .adding(try StepList.fields(way, path: "/hearts/lots/\(ordinal)", scope))
  }

  private static func head(_ ordinal: UInt32, _ words: HeartWords, _ scope: PageScope) -> PageFields {
    let hearts = scope.hearts
    let lot = hearts.lots[Int(ordinal)]
    func amount(_ amount: Int64) -> String? {
      amount > 0 ? words.quantity(amount, kind: lot.kind, unit: lot.unit) : nil
    }
    let gift = lot.gift > 0 ? lot.gift - 1 : nil
    return [
      "lot_name": words.lotName(ordinal),
      "lot_text": words.state(lot),
      "lot_what": words.gift(lot),
      "lot_project": words.projectName(lot.project),
      "lot_project_href": scope.link("hearts/projects", lot.project),
      "lot_owner": scope.organisationName(Int(lot.owner)),
      "lot_owner_href": scope.organisationLink(Int(lot.owner)),
      "lot_holder": scope.organisationName(Int(lot.holder)),
      "lot_holder_href": scope.organisationLink(Int(lot.holder)),
      "lot_place": words.place(lot.place),
      "lot_moved": scope.texts.moment(lot.movedAt),
      "lot_received": words.quantity(lot.received, kind: lot.kind, unit: lot.unit),
      "lot_left": words.quantity(lot.left, kind: lot.kind, unit: lot.unit),
      "lot_handed": amount(lot.handed),
      "lot_lost_text": amount(lot.wasted),
      "lot_taken_back_text": amount(lot.takenBack),
      "lot_passed_text": amount(lot.passed),
      "lot_gift": gift.map { words.giftName($0) },
      "lot_gift_href": gift.map { scope.link("hearts/gifts", $0) },
      "lot_inside": lot.inside > 0 ? words.lotName(lot.inside - 1) : nil,
      "lot_inside_href": lot.inside > 0 ? scope.link("hearts/lots", lot.inside - 1) : nil,
    ]
  }
}

/// What proves a lot's way and its record.
enum WayProof {
  static func fields(_ lot: UInt32, _ scope: PageScope) -> PageFields {
    let way = scope.file("/v1/ways/\(lot)")
    return [
      "way_file_href": way,
      "way_check_href": scope.reader.link("/verify", [("file", way)]),
      "lot_check_href": scope.reader.link("/verify", [("file", scope.file("/v1/proofs/lots/\(lot)"))]),
      "qr_href": scope.code(.ways, lot),
    ]
  }
}
