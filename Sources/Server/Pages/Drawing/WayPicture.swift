internal import HeartChain
internal import Ledger
internal import Node
internal import Storage
internal import TongzhouClient

/// The drawing of a way: its place on a page, and what is drawn.
enum WayPicture {
  /// What is drawn the way of.
  enum Subject: String {
    case gifts, lots
  }

  /// Where a page shows the drawing; nothing where there is none, and the list stands alone. Where the way is too large
  /// to be drawn, the page says so.
  static func fields(
    of subject: Subject, _ ordinal: UInt32, _ way: FollowedWay, canDraw: Bool, _ scope: PageScope,
    maximumEdges: Int = WayGraph.maximumEdges
  ) -> PageFields {
    guard canDraw, !way.steps.isEmpty else { return ["picture": nil, "picture_large": nil] }
    guard let graph = WayGraph(way, showsRest: subject == .gifts, scope, maximumEdges: maximumEdges) else {
      let text = scope.texts.say(
        "way_picture_large", ["boxes": "\(WayGraph.maximumNodes)", "arrows": "\(maximumEdges)"])
      return ["picture": nil, "picture_large": text]
    }
    var organisations: [UInt16] = []
    for step in way.steps where !organisations.contains(step.organisation) { organisations.append(step.organisation) }
    let names = organisations.prefix(6).map { scope.organisationName(Int($0)) }
    let reader = scope.reader
    // An image is fetched without the language that a reader chose in the page's address.
    let language = reader.choseLanguage ? [] : [(name: "lang", value: reader.language.rawValue)]
    let picture: PageFields = [
      "picture_href": reader.link("/hearts/\(subject.rawValue)/\(ordinal)/way.svg", language),
      "picture_alt": scope.texts.count(
        "way_picture_alt", way.steps.count, ["names": names.joined(separator: scope.texts.say("list_and"))]),
      "picture_grouped": graph.isGrouped ? scope.texts.say("way_picture_grouped") : nil,
    ]
    return ["picture": picture, "picture_large": nil]
  }

  /// The text of what is drawn.
  ///
  /// - Throws: `PageError` for an ordinal that is none, and for a way of which there is no drawing.
  static func graph(of subject: Subject, _ text: String?, _ scope: PageScope) throws -> String {
    let ways = try scope.ways()
    let way: FollowedWay
    switch subject {
    case .gifts:
      let gift = scope.hearts.gifts[try PageScope.ordinal(text, below: scope.hearts.gifts.count)]
      guard !gift.isAttendance else { throw PageError.notFound }
      way = try FollowedWay(from: gift.origin, ways)
    case .lots:
      way = try FollowedWay(to: UInt32(try PageScope.ordinal(text, below: scope.hearts.lots.count)), ways)
    }
    guard let graph = WayGraph(way, showsRest: subject == .gifts, scope) else { throw PageError.notFound }
    return graph.dot
  }
}
