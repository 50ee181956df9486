extension HeartDemo {
  /// The texts whose hashes the chain has, in both languages: kinds of gifts, projects, partners and what they open.
  public static var texts: [(zh: String, en: String)] {
    let partners = HeartConsortium.Partner.allCases
    return HeartKind.allCases.map(\.names) + HeartProject.allCases.map(\.description)
      + partners.map { (zh: $0.name, en: $0.name) } + partners.map { (zh: $0.channelZh, en: $0.channel) }
  }
}

extension HeartConsortium.Partner {
  /// What it opens, in Chinese; the chain has the hash of the English words.
  fileprivate var channelZh: String {
    switch self {
    case .shop: "会员价"
    case .bikes: "租自行车免押金"
    case .employer: "面试不用排队"
    }
  }
}
