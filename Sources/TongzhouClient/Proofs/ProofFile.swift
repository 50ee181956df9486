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

/// The content of a proof file of any kind, unpacked, with the name of its format.
public struct ProofContent: Sendable {
  /// The format that the file names.
  public let format: String
  private let json: [UInt8]

  /// Unpacks a file and looks which kind it says it is.
  ///
  /// - Parameter limit: the most bytes it may unpack to.
  /// - Throws: `proof.malformed` for what is no object in the form that all proof files have.
  public init(_ bytes: [UInt8], limit: Int) throws(ProofError) {
    struct Named: Decodable { let format: String }
    json = try ProofContent.unpacked(bytes, limit: limit)
    guard let named = try? JSONDecoder().decode(Named.self, from: Data(json)) else {
      throw ProofError(.malformed, "it names no format")
    }
    format = named.format
  }

  /// The file as one of a kind; `proof.malformed` for one of another format, and where anything is missing or of
  /// another form.
  public func read<File: ProofFile>(as type: File.Type) throws(ProofError) -> File {
    try ProofContent.read(json, as: type)
  }

  /// The JSON of a file, in the form that all of them have.
  fileprivate static func unpacked(_ bytes: [UInt8], limit: Int) throws(ProofError) -> [UInt8] {
    guard let json = Gzip.isPacked(bytes) ? Gzip.expand(bytes, limit: limit) : bytes, json.count <= limit else {
      throw ProofError(.malformed, "it does not unpack to at most \(limit) bytes")
    }
    guard PlainJSON.isPlain(json) else { throw ProofError(.malformed, "no JSON in the form of proof files") }
    return json
  }

  fileprivate static func read<File: ProofFile>(_ json: [UInt8], as: File.Type) throws(ProofError) -> File {
    let decoder = JSONDecoder()
    decoder.dataDecodingStrategy = .custom { decoder in
      let text = try decoder.singleValueContainer().decode(String.self)
      guard let bytes = Base64.decode(Array(text.utf8)) else { throw ProofError(.malformed, "no canonical base64") }
      return Data(bytes)
    }
    guard json.count <= File.maximumByteCount, let file = try? decoder.decode(File.self, from: Data(json)),
      file.format.utf8.elementsEqual(File.format.utf8),
      let chain = Hash(hexadecimal: file.chain), chain.description.utf8.elementsEqual(file.chain.utf8)
    else { throw ProofError(.malformed, "no file of the format \(File.format)") }
    return file
  }
}

extension ProofFile {
  /// Reads a file, plain or packed; `proof.malformed` for what is none.
  public init(file bytes: [UInt8]) throws(ProofError) {
    self = try ProofContent.read(ProofContent.unpacked(bytes, limit: Self.maximumByteCount), as: Self.self)
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
