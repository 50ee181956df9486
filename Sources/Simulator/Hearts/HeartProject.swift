internal import Ledger
internal import TransparencyLog

/// Projects of the demonstration, by their ordinals.
enum HeartProject: UInt32, CaseIterable {
  case kitchens, coats, hills, plantingDays, books, scholarships, classrooms

  typealias Member = HeartConsortium.Member

  var charity: Member {
    switch self {
    case .kitchens, .coats: .foodbank
    case .hills, .plantingDays: .trees
    case .books, .scholarships, .classrooms: .school
    }
  }

  /// First and last day of its term, counted from the first of the year.
  var term: (first: Int, last: Int) {
    switch self {
    case .kitchens: (0, 540)
    case .coats: (0, 110)
    case .hills: (0, 1095)
    case .plantingDays: (14, 190)
    case .books: (0, 540)
    case .scholarships: (0, 180)
    case .classrooms: (0, 500)
    }
  }

  var place: UInt32 {
    switch self {
    case .kitchens: HeartPlace.kitchens[0]
    case .hills, .plantingDays: HeartPlace.hills
    case .coats, .books, .scholarships, .classrooms: HeartPlace.village
    }
  }

  /// Days on which its charity discloses a report, counted from the first: what the law asks of whoever obeys it.
  var disclosures: [Int] {
    switch self {
    case .kitchens, .hills: [84, 168, 252, 336]
    case .coats: [140]
    case .plantingDays: [224]
    case .books, .scholarships, .classrooms: []
    }
  }

  /// What a company gives at the beginning, in yuan.
  var sponsorYuan: Int64 {
    switch self {
    case .kitchens: 50_000
    case .hills: 30_000
    case .books: 80_000
    case .scholarships: 60_000
    case .classrooms: 40_000
    case .coats, .plantingDays: 0
    }
  }

  /// The public description, whose SHA-256 stands on the chain.
  var description: (zh: String, en: String) {
    switch self {
    case .kitchens: ("乡村学校厨房", "Kitchens of village schools")
    case .coats: ("暖冬衣物", "Warm clothes for the winter")
    case .hills: ("荒山植树", "Trees for bare hills")
    case .plantingDays: ("植树日", "Planting days")
    case .books: ("乡村学校图书角", "Books for village schools")
    case .scholarships: ("阳光助学金", "Sunshine scholarships")
    case .classrooms: ("数字课堂", "Digital classrooms")
    }
  }
}
