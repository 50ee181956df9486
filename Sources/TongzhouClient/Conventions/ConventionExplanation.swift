internal import Ledger
public import MutualAid
internal import TransparencyLog

/// A part of an explanation: a heading and what stands under it.
public struct ExplanationSection: Hashable, Sendable {
  /// The heading.
  public let heading: String
  /// Paragraphs of plain text, without markup.
  public let paragraphs: [String]

  /// A section.
  public init(heading: String, paragraphs: [String]) {
    self.heading = heading
    self.paragraphs = paragraphs
  }
}

/// A convention in plain words, with a worked example.
///
/// All figures come from the convention itself by the arithmetic of the chain, so the words cannot promise
/// what the rules do not keep.
public struct ConventionExplanation: Sendable {
  /// The members of the worked example where the caller names none.
  public static let usualMembers: Int64 = 5_000_000

  /// The language.
  public let language: Language
  /// Name and version of the convention.
  public let title: String
  /// The parts, in the order in which a person would ask.
  public let sections: [ExplanationSection]

  /// Explains a convention.
  ///
  /// - Parameter members: how many members share the example's case; at least one is assumed.
  public init(_ convention: Convention, language: Language, members: Int64 = usualMembers) {
    self.language = language
    let example = ConventionExample(convention, members: max(1, members))
    switch language {
    case .zh:
      title = "\(convention.nameZh) · 互助公约第 \(convention.version) 版"
      sections = ChineseExplanation(convention: convention, example: example).sections
    case .en:
      title = "\(convention.nameEn) · convention, version \(convention.version)"
      sections = EnglishExplanation(convention: convention, example: example).sections
    }
  }

  /// Everything as text for a terminal, ending in a newline.
  public var text: String {
    let parts = sections.map { section in
      ([section.heading] + section.paragraphs.map { "  " + $0 }).joined(separator: "\n")
    }
    return ([title] + parts).joined(separator: "\n\n") + "\n"
  }
}
