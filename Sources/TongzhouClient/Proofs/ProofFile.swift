internal import Foundation
internal import TransparencyLog

/// What all files of proofs have in common (docs/proofs.md): JSON, plain or packed by gzip, that names its format.
public protocol ProofFile: Codable, Sendable {
  /// The format that this type reads and writes.
  static var format: String { get }
  /// The file's media type.
  static var mediaType: String { get }
  /// The most bytes of a file, unpacked.
  static var maximumByteCount: Int { get }
  /// The format that the file names.
  var format: String { get }
  /// The chain's id, 64 hexadecimal digits.
  var chain: String { get }
}

extension ProofFile {
  /// Reads a file, plain or packed; `proof.malformed` for what is none.
  public init(file bytes: [UInt8]) throws(ProofError) {
    guard let json = Gzip.isPacked(bytes) ? Gzip.expand(bytes, limit: Self.maximumByteCount) : bytes else {
      throw ProofError(.malformed, "it does not unpack to at most \(Self.maximumByteCount) bytes")
    }
    let decoder = JSONDecoder()
    decoder.dataDecodingStrategy = .custom { decoder in
      let text = try decoder.singleValueContainer().decode(String.self)
      guard let bytes = Base64.decode(Array(text.utf8)) else { throw ProofError(.malformed, "no canonical base64") }
      return Data(bytes)
    }
    guard json.count <= Self.maximumByteCount, PlainJSON.isPlain(json),
      let file = try? decoder.decode(Self.self, from: Data(json)), file.format.utf8.elementsEqual(Self.format.utf8),
      let chain = Hash(hexadecimal: file.chain), chain.description.utf8.elementsEqual(file.chain.utf8)
    else { throw ProofError(.malformed, "no file of the format \(Self.format)") }
    self = file
  }

  /// The file's bytes, plain.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self))
  }

  /// The file's bytes, packed by gzip.
  ///
  /// - Throws: `proof.malformed` where there is no memory for it.
  public func packed() throws -> [UInt8] {
    guard let packed = Gzip.compress(try json(), level: 9) else { throw ProofError(.malformed, "it does not pack") }
    return packed
  }
}
