internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// What a giver signs on a chain of hearts.
struct GiverStep: ParsableArguments {
  @OptionGroup var sent: SentStep

  @Option(help: "The file with your secret; your key for hearts follows from it.")
  var secret: String

  /// Carries out what the giver's key signs.
  func run(
    _ body: (SigningKey, NodeClient, _ name: String, TrustedChain) async throws -> SentStep.Signed,
    note: (inout Outcome, NodeClient, _ name: String, TrustedChain) async throws -> Void = { _, _, _, _ in }
  ) async throws {
    try await sent.run(hearts: true) { client, name, chain in
      try await body(SecretFile.read(secret).heartKey(chain: chain.id), client, name, chain)
    } note: { outcome, client, name, chain in
      try await note(&outcome, client, name, chain)
    }
  }
}

/// What an organisation's officer signs on a chain of hearts.
struct OrganisationStep: ParsableArguments {
  @OptionGroup var sent: SentStep

  @Option(name: .customLong("as"), help: "The ordinal of the organisation to act for.")
  var organisation: UInt16

  @OptionGroup var acting: OfficerOption

  /// Carries out what the officer's key signs.
  func run(
    for what: String,
    _ body: (SigningKey, NodeClient, _ name: String, TrustedChain) async throws -> (did: String, action: Action),
    note: (inout Outcome, NodeClient, _ name: String, TrustedChain) async throws -> Void = { _, _, _, _ in }
  ) async throws {
    try await sent.run(hearts: true) { client, name, chain in
      let key = try await acting.required(for: what).key(of: organisation, client, on: name, chain: chain)
      let (did, action) = try await body(key, client, name, chain)
      return SentStep.Signed(did: did, action: action, key: key)
    } note: { outcome, client, name, chain in
      try await note(&outcome, client, name, chain)
    }
  }
}

/// The key by which a partner signs: out of a backup secret, as a giver's, or out of a file of keys.
enum PartnerKey {
  /// Reads the key from a file that only its owner can read.
  ///
  /// - Throws: `key.unacceptable` for a file that others may read, and for what is no key.
  static func read(_ path: String, chain: Hash) throws -> SigningKey {
    guard case .bytes(let bytes) = SecretFile.content(of: path, limit: 4095) else {
      throw LedgerError(.badKey, "cannot read a partner's key from \(path), or others can read it too")
    }
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    if words.count == 2, words[0] == "officer", let seed = Hash(hexadecimal: String(words[1])) {
      return try SigningKey(seed: seed.bytes)
    }
    guard words.count == 1 else { throw LedgerError(.badKey, "\(path) holds no backup secret and no officer's key") }
    return try BackupSecret(text: String(words[0])).heartKey(chain: chain)
  }
}

/// Documents whose plain hash goes on a chain of hearts: descriptions, reports, reasons, receipts.
enum PublicDocument {
  /// SHA-256 of a file's bytes.
  static func hash(_ path: String) throws -> Hash { .sha256(try SmallFile.read(path)) }
}

/// What is described in public: in a file, or in words for which pages have a text.
struct DescriptionOptions: ParsableArguments {
  @Option(help: "The description, as one file.")
  var about: String?

  @Option(help: "The description in words, in place of --about; pages of a node that has them as text show them.")
  var text: String?

  func validate() throws {
    guard (about == nil) != (text == nil) else {
      throw ValidationError("a description is a file (--about) or words (--text): one of them")
    }
  }

  /// Its hash.
  func hash() throws -> Hash {
    if let text { return .sha256(Array(text.utf8)) }
    return try PublicDocument.hash(about ?? "")
  }
}

/// Moments as somebody types them.
enum TypedTime {
  /// The beginning of a day in China time.
  ///
  /// - Parameter atEnd: its last second instead.
  static func day(_ text: String, atEnd: Bool = false) throws -> Timestamp {
    guard let day = CivilText.day(text), let number = UInt32(exactly: day.dayNumber) else {
      throw LedgerError(.malformed, "\(text) is no day, like 2026-01-02")
    }
    return CivilDate.midnight(dayNumber: number).adding(seconds: atEnd ? Timestamp.day - 1 : 0)
  }
}
