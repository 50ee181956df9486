internal import HeartChain
internal import TransparencyLog

/// Kinds of gifts of the demonstration, by their ordinals.
enum HeartKind: UInt16, CaseIterable {
  case money, rice, flour, oil, milk, books, coats, tree, volunteering, parcel

  /// What it is, in words; the chain has the SHA-256 of the English ones.
  var names: (zh: String, en: String) {
    switch self {
    case .money: ("善款", "money")
    case .rice: ("大米", "rice")
    case .flour: ("面粉", "flour")
    case .oil: ("食用油", "cooking oil")
    case .milk: ("牛奶", "milk")
    case .books: ("图书", "books")
    case .coats: ("冬衣", "winter coats")
    case .tree: ("树苗", "trees")
    case .volunteering: ("志愿服务小时", "volunteer hours")
    case .parcel: ("分装口粮", "food parcels")
    }
  }

  /// The unit, in words.
  var unitNames: (zh: String, en: String) {
    switch record.unit {
    case .fen: ("分", "fen")
    case .gram: ("克", "g")
    case .piece: self == .tree ? ("棵", "trees") : ("件", "pieces")
    case .millilitre: ("毫升", "ml")
    case .attendance: ("小时", "hours")
    }
  }

  var unit: GiftUnit { record.unit }

  /// The kind with its rates: one heart for a fen or a gram, and one point for a yuan, a kilogram, a book.
  var record: GiftKindRecord {
    let (category, unit, hearts, points): (GiftCategory, GiftUnit, UInt32, UInt32) =
      switch self {
      case .money: (.money, .fen, 1000, 10)
      case .rice, .flour: (.goods, .gram, 1000, 1)
      case .oil: (.goods, .millilitre, 1500, 2)
      case .milk: (.goods, .millilitre, 1000, 1)
      case .books: (.goods, .piece, 500_000, 1000)
      case .coats: (.goods, .piece, 3_000_000, 5000)
      case .tree: (.trees, .piece, 1000, 5000)
      case .volunteering: (.activities, .attendance, 100_000, 5000)
      // Nobody gives it: it comes out of repacking.
      case .parcel: (.goods, .gram, 0, 0)
      }
    return GiftKindRecord(
      name: .sha256(Array(names.en.utf8)), category: category, unit: unit, hearts: hearts, points: points)
  }

  /// How oil counts from the day on which the organisations say so.
  static var dearerOil: GiftKindRecord {
    var record = HeartKind.oil.record
    record.hearts = 2000
    return record
  }
}

/// Coarse places of the demonstration, six digits of GB/T 2260.
enum HeartPlace {
  /// Where givers live.
  static let givers: [UInt32] = [110_000, 310_000, 440_100, 330_100, 510_100, 620_100, 420_100, 610_100]
  /// The store of the food bank, in Lanzhou.
  static let store: UInt32 = 620_100
  /// The kitchens, in two counties of Gansu.
  static let kitchens: [UInt32] = [621_121, 621_225]
  /// Villages with schools.
  static let village: UInt32 = 621_124
  /// Hills on which trees are planted.
  static let hills: UInt32 = 620_321
}
