internal import Ledger

/// What somebody may have meant by the words he typed into a search box.
struct SearchText {
  /// The longest text that is looked at, in bytes of UTF-8.
  static let maximumLength = 200
  /// The fewest digits of a transaction's hash: fewer would find strangers.
  static let minimumDigits = 8

  private(set) var address: Address?
  private(set) var hash: HexadecimalPrefix?
  private(set) var block: UInt64?
  private(set) var subject: IndexedSubject?

  init(_ text: String) {
    guard text.utf8.count <= SearchText.maximumLength else { return }
    let words = SearchText.narrow(text).split { $0 == " " || $0 == "#" }.map(String.init)
    switch words.count {
    case 1:
      address = try? Address(text: words[0])
      block = SearchText.number(words[0])
      if let prefix = HexadecimalPrefix(words[0]), prefix.digits.count >= SearchText.minimumDigits { hash = prefix }
      // "case12" and "案例12": the number is what begins with the first digit.
      if let digit = words[0].firstIndex(where: \.isASCIIDigit) {
        read(String(words[0][..<digit]), String(words[0][digit...]))
      }
    case 2:
      read(words[0], words[1])
    default:
      break
    }
  }

  /// Takes a word and a number.
  private mutating func read(_ word: String, _ digits: String) {
    guard let number = SearchText.number(digits) else { return }
    let word = word.lowercased()
    if word == "block" || word == "区块" { block = number }
    if let kind = SearchText.words[word] { subject = IndexedSubject(kind: kind, ordinal: number) }
  }

  private static let words: [String: SubjectKind] = [
    "plan": .plan, "计划": .plan,
    "membership": .membership, "member": .membership, "成员资格": .membership, "成员": .membership,
    "case": .case, "案例": .case,
    "settlement": .settlement, "结算": .settlement,
    "organisation": .organisation, "organization": .organisation, "机构": .organisation,
    "manifest": .manifest, "清单": .manifest,
    "refund": .refund, "退款": .refund,
    "account": .account, "账户": .account,
    "gift": .gift, "捐赠": .gift,
  ]

  private static func number(_ text: String) -> UInt64? {
    guard !text.isEmpty, text.allSatisfy(\.isASCIIDigit) else { return nil }
    return UInt64(text)
  }

  /// Full-width letters, digits and spaces, as Chinese input methods write them, become the usual ones.
  private static func narrow(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0xFF01...0xFF5E: scalars.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
      default: scalars.append(scalar.properties.isWhitespace ? " " : scalar)
      }
    }
    return String(scalars)
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isWholeNumber }
}
