internal import HeartChain
internal import Ledger
internal import TransparencyLog

/// Names of kinds of gifts. The chain keeps a name's hash alone; what it is the hash of stands here, for the kinds that
/// these pages have words for.
enum GiftKindNames {
  /// Names as they are hashed, each with the key of its text.
  private static let known: [(name: String, text: String)] = [
    ("money", "kind_money"), ("rice", "kind_rice"), ("flour", "kind_flour"), ("noodles", "kind_noodles"),
    ("cooking oil", "kind_oil"), ("oil", "kind_oil"), ("milk", "kind_milk"), ("vegetables", "kind_vegetables"),
    ("fruit", "kind_fruit"), ("meat", "kind_meat"), ("food", "kind_food"), ("food parcels", "kind_parcel"),
    ("meals", "kind_meal"), ("drinking water", "kind_water"), ("medicine", "kind_medicine"),
    ("clothes", "kind_clothes"), ("winter coats", "kind_coat"), ("blankets", "kind_blanket"),
    ("books", "kind_book"), ("trees", "kind_tree"), ("pine", "kind_pine"), ("poplar", "kind_poplar"),
    ("sea buckthorn", "kind_sea_buckthorn"), ("saxaul", "kind_saxaul"), ("lessons", "kind_lesson"),
    ("volunteering", "kind_volunteering"), ("volunteer hours", "kind_volunteer_hour"),
  ]

  private static let keys = Dictionary(
    known.map { (Hash.sha256(Array($0.name.utf8)), $0.text) }, uniquingKeysWith: { first, _ in first })

  /// The key of a kind's text; `nil` for a name that is not known here.
  static func key(of name: Hash) -> String? { keys[name] }
}
