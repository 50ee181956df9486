public import HeartChain
internal import Ledger
public import TransparencyLog

/// What a file of events may name in words, as the chain has it, and how it gets hashes.
public struct EventNames: Sendable {
  /// Kinds of gifts, by ordinal.
  public var kinds: [GiftKindRecord]
  /// Names of organisations, by ordinal.
  public var organisations: [String]
  /// Words whose hashes kinds have, to write rows back as text.
  public var words: [Hash: String]
  /// The plain hash of a picture or a receipt that a file names by a path; reading it is the caller's business. Without
  /// it, evidence has to stand in a file as a hash.
  public var evidence: (@Sendable (_ path: String) throws -> Hash)?
  /// The salted commitment to somebody whom a file names in words; without it, people have to stand in a file as such.
  ///
  /// The label tells an event from every other of the same organisation, so that one person's commitments are all
  /// different.
  public var commitment: (@Sendable (_ who: String, _ label: String) throws -> Hash)?

  /// Names of a chain.
  ///
  /// - Parameter words: names of kinds; the chain has their hashes alone.
  public init(
    kinds: [GiftKindRecord], organisations: [String], words: [String] = [],
    evidence: (@Sendable (_ path: String) throws -> Hash)? = nil,
    commitment: (@Sendable (_ who: String, _ label: String) throws -> Hash)? = nil
  ) {
    self.kinds = kinds
    self.organisations = organisations
    self.words = [:]
    self.evidence = evidence
    self.commitment = commitment
    for word in words { self.words[HeartRulesFile.hash(of: word)] = word }
  }

  /// The kind of a word, or of an ordinal in digits.
  func kind(_ word: String) -> UInt16? {
    let name = HeartRulesFile.hash(of: word)
    if let ordinal = kinds.firstIndex(where: { $0.name == name }) { return UInt16(exactly: ordinal) }
    guard let ordinal = UInt16(word), Int(ordinal) < kinds.count else { return nil }
    return ordinal
  }

  /// The organisation of a name, or of an ordinal in digits.
  func organisation(_ word: String) -> UInt16? {
    if let ordinal = organisations.firstIndex(where: { $0.utf8.elementsEqual(word.utf8) }) {
      return UInt16(exactly: ordinal)
    }
    guard let ordinal = UInt16(word), Int(ordinal) < organisations.count else { return nil }
    return ordinal
  }

  /// A kind in words, where they are known; else its ordinal.
  func word(ofKind ordinal: UInt32) -> String {
    guard Int(ordinal) < kinds.count, let word = words[kinds[Int(ordinal)].name] else { return "\(ordinal)" }
    return word
  }

  /// An organisation's name, where there is one; else its ordinal.
  func word(ofOrganisation ordinal: UInt16) -> String {
    Int(ordinal) < organisations.count ? organisations[Int(ordinal)] : "\(ordinal)"
  }
}
