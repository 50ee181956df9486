public import Consortium
public import HeartChain
public import Ledger
public import TransparencyLog

/// What a document about money is made from: the projects of a chain as they stand, who takes part, and the book.
///
/// Nothing in it names a giver: gifts are told by their day, and who was paid by her commitment.
public struct MoneyReport: Sendable {
  /// The chain's id.
  let chain: Hash
  /// The state after the events in the book.
  let hearts: Hearts
  let consortium: Consortium
  let book: MoneyBook
  /// Block time of the state.
  let time: Timestamp

  /// A report on a chain.
  public init(chain: Hash, hearts: Hearts, consortium: Consortium, book: MoneyBook, at time: Timestamp) {
    self.chain = chain
    self.hearts = hearts
    self.consortium = consortium
    self.book = book
    self.time = time
  }

  /// The projects that a document is about: one, or all.
  ///
  /// - Throws: `exchange.nothing` where there is none; `exchange.too_large` for more than `limit`.
  func numbers(_ project: UInt32?, limit: Int) throws(ExchangeError) -> Range<UInt32> {
    let count = UInt32(hearts.projects.count)
    if let project {
      guard project < count else { throw ExchangeError(.nothing, "no project of that number") }
      return project..<project + 1
    }
    guard count > 0 else { throw ExchangeError(.nothing, "the chain has no project") }
    guard count <= limit else { throw ExchangeError(.tooLarge, "more than \(limit) projects: ask for one") }
    return 0..<count
  }

  /// When something last happened in projects, so that a document stays the same until something does.
  func lastEvent(_ numbers: Range<UInt32>) -> Timestamp {
    let seconds = numbers.map { hearts.projects[Int($0)].eventAt.seconds }.max()
    return seconds.map { Timestamp(seconds: $0) } ?? time
  }

  /// An organisation's name.
  func name(_ organisation: UInt16) -> String {
    let table = consortium.organisations
    return Int(organisation) < table.count ? table[Int(organisation)].name.string : "\(organisation)"
  }

  /// An organisation's name as both standards take it for an identifier: IATI's rules exclude four characters.
  func identifier(_ organisation: UInt16) -> String {
    String(name(organisation).map { "/&|?".contains($0) ? "_" : $0 })
  }

  /// What something is called that an organisation has on this chain: begins with its own identifier, as both standards
  /// ask for, and is the same for ever.
  func identifier(_ organisation: UInt16, _ parts: String...) -> String {
    ([identifier(organisation), String(chain.description.prefix(16))] + parts).joined(separator: "-")
  }

  /// `2.17`: the organisation's ordinal and its number of the event.
  static func name(event: UInt64) -> String { "\(event >> 48).\(event & (1 << 48 - 1))" }
}
