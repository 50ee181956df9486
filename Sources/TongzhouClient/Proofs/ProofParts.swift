internal import TransparencyLog

/// A proof file in a few pieces, each small enough for a QR code (docs/proofs.md, "In QR codes").
///
/// The pieces carry the file as gzip packs it. They prove nothing themselves: what they join to is checked as any file.
public enum ProofParts {
  /// Why pieces do not join to a file.
  public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    /// A stable name for the reason.
    public struct Code: Hashable, Sendable {
      /// The name, as listed in docs/errors.md.
      public let name: String

      /// A code of the given name.
      public init(_ name: String) { self.name = name }

      /// Bytes that are no piece.
      public static let malformed = Code("qr.malformed")
      /// Pieces of two files.
      public static let mixed = Code("qr.mixed")
      /// One piece twice.
      public static let repeated = Code("qr.repeated")
      /// A piece that is not there.
      public static let missing = Code("qr.missing")
      /// Pieces that are not as they were made.
      public static let damaged = Code("qr.damaged")
      /// A file that needs more than four.
      public static let tooLarge = Code("qr.too_large")
    }

    /// The reason.
    public let code: Code
    /// What was found.
    public let message: String

    init(_ code: Code, _ message: String) {
      self.code = code
      self.message = message
    }

    /// The code and the message.
    public var description: String { "\(code.name): \(message)" }

    /// Equal when the codes are.
    public static func == (a: Fault, b: Fault) -> Bool { a.code == b.code }
  }

  /// The most pieces of a file.
  public static let mostParts = 4
  /// Bytes in front of a piece's share of the file.
  public static let headerBytes = 22
  /// The most bytes of a piece, header included: what the largest symbol holds.
  public static let mostBytes = 2_953
  /// Bytes of the file in a piece, as long as four pieces are enough: a symbol of this size is easily read.
  static let easyBytes = 900

  /// "TZQ" and the version of the form.
  private static let magic: [UInt8] = [0x54, 0x5a, 0x51, 1]

  /// Whether bytes begin as a piece does.
  public static func isPart(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic.prefix(3)) }

  /// The pieces of a file, in their order.
  ///
  /// - Throws: `qr.too_large` where four symbols do not hold it, `proof.malformed` where there is no memory to pack it.
  public static func make(_ file: some ProofFile) throws -> [[UInt8]] { try split(file.packed()) }

  /// The pieces of a file, each as a QR code drawn in SVG.
  ///
  /// - Throws: as ``make(_:)``.
  public static func pictures(of file: some ProofFile) throws -> [String] {
    try make(file).map { part in
      guard let code = QRCode(part, correction: .low) else {
        throw Fault(.tooLarge, "a piece of \(part.count) bytes cannot be drawn")
      }
      return code.svg
    }
  }

  /// The pieces of a packed file.
  static func split(_ packed: [UInt8]) throws(Fault) -> [[UInt8]] {
    let count = max(1, min(mostParts, (packed.count + easyBytes - 1) / easyBytes))
    let share = (packed.count + count - 1) / count
    guard share + headerBytes <= mostBytes, !packed.isEmpty else {
      throw Fault(.tooLarge, "\(packed.count) packed bytes do not fit into \(mostParts) symbols")
    }
    let sum = checksum(packed)
    return (0..<count).map { place in
      let piece = packed.dropFirst(place * share).prefix(share)
      return magic + [UInt8(place + 1), UInt8(count)] + sum + piece
    }
  }

  /// The packed file that pieces make together, in whatever order they come.
  ///
  /// - Throws: `qr.malformed`, `qr.mixed`, `qr.repeated`, `qr.missing` and `qr.damaged`, in this order.
  public static func join(_ parts: [[UInt8]]) throws(Fault) -> [UInt8] {
    for part in parts {
      guard part.starts(with: magic), part.count > headerBytes, part.count <= mostBytes,
        (1...UInt8(mostParts)).contains(part[5]), (1...part[5]).contains(part[4])
      else { throw Fault(.malformed, "no piece of a proof file, or of another version of them") }
    }
    guard let first = parts.first else { throw Fault(.missing, "there is no piece") }
    guard parts.allSatisfy({ $0[5..<headerBytes] == first[5..<headerBytes] }) else {
      throw Fault(.mixed, "the pieces are not all of one file")
    }
    var pieces = [ArraySlice<UInt8>?](repeating: nil, count: Int(first[5]))
    for part in parts {
      let place = Int(part[4]) - 1
      guard pieces[place] == nil else { throw Fault(.repeated, "piece \(part[4]) is there more than once") }
      pieces[place] = part[headerBytes...]
    }
    if let place = pieces.firstIndex(of: nil) {
      throw Fault(.missing, "piece \(place + 1) of \(pieces.count) is not there")
    }
    let packed = pieces.flatMap { $0 ?? [] }
    guard checksum(packed)[...] == first[6..<headerBytes] else {
      throw Fault(.damaged, "the pieces are not as they were made; read them again")
    }
    return packed
  }

  /// The first 16 bytes of the SHA-256 of the packed file: its name among files, and a guard against misreading.
  private static func checksum(_ packed: [UInt8]) -> [UInt8] { Array(Hash.sha256(packed).bytes.prefix(16)) }
}
