/// The name of a key in a signed note (C2SP signed-note), kept and compared as bytes.
///
/// 1...255 bytes of UTF-8 without Unicode spaces, plus signs and control characters below 0x20.
/// `String` equality is canonical equivalence, under which two different names can be equal.
public struct NoteName: Hashable, Sendable {
  /// The most bytes a name may have.
  public static let maximumByteCount = 255

  /// The name in UTF-8.
  public let bytes: [UInt8]

  /// Takes a name. Throws `malformedName` for one that breaks a rule above.
  public init(_ bytes: some Collection<UInt8>) throws(TransparencyLogError) {
    let bytes = Array(bytes)
    guard !bytes.isEmpty, bytes.count <= Self.maximumByteCount, NoteText.isPermitted(bytes),
      !bytes.contains(UInt8(ascii: "+")), !Self.hasSpace(bytes)
    else {
      throw TransparencyLogError(
        .malformedName, "A key name is 1...255 bytes of UTF-8 without spaces, plus signs and control characters.")
    }
    self.bytes = bytes
  }

  /// Takes a name. Throws `malformedName` for one that breaks a rule above.
  public init(_ text: String) throws(TransparencyLogError) {
    try self.init(text.utf8)
  }

  /// Whether valid UTF-8 has a character with the Unicode property White_Space. The list is spelled out
  /// so that no table of another Unicode version decides what is a valid name.
  private static func hasSpace(_ bytes: [UInt8]) -> Bool {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.contains { scalar in
      switch scalar.value {
      case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
      default: false
      }
    }
  }
}

extension NoteName: CustomStringConvertible {
  /// The name as text, for people.
  public var description: String {
    String(decoding: bytes, as: UTF8.self)
  }
}
