public import Foundation
internal import Ledger
public import Node
internal import TransparencyLog

/// Texts whose hashes stand on a chain: descriptions of projects, names of kinds of gifts and of partners.
///
/// The chain holds no text. A node's operator gathers what organisations published, and pages show a text where, and
/// only where, its hash stands: so nobody can put another in its place.
public struct PublishedTexts: Sendable {
  /// The most texts, and the most bytes of one.
  static let maximumCount = 10_000
  static let maximumBytes = 400

  private struct Item: Decodable {
    let zh: String
    let en: String
  }

  private var texts: [Hash: (zh: String, en: String)] = [:]

  /// None.
  public init() {}

  /// Reads a list of objects with a text in Chinese (`zh`) and English (`en`). It stands wherever the SHA-256 of either
  /// does.
  ///
  /// - Throws: ``NodeError`` `node.unusable_directory` for what is no such list.
  public init(json: Data) throws(NodeError) {
    guard let items = try? JSONDecoder().decode([Item].self, from: json), items.count <= PublishedTexts.maximumCount,
      items.allSatisfy({ item in
        [item.zh, item.en].allSatisfy { (1...PublishedTexts.maximumBytes).contains($0.utf8.count) }
      })
    else { throw NodeError(.unusableDirectory, "the file of published texts is no list of short texts in zh and en") }
    for item in items {
      for text in [item.zh, item.en] { texts[.sha256(Array(text.utf8))] = (item.zh, item.en) }
    }
  }

  /// The text of a hash.
  func text(of hash: Hash) -> (zh: String, en: String)? { texts[hash] }
}
