/// What a document may be, and by which first bytes it is known.
///
/// The list is short on purpose: what a hospital, a bank or a camera gives, and nothing that a program runs. The
/// number stands in the format.
public enum MediaType: UInt8, Sendable, CaseIterable {
  /// A PDF.
  case pdf = 1
  /// A photograph.
  case jpeg = 2
  /// A picture without loss, such as a screenshot.
  case png = 3
  /// A picture out of a hospital's machine, with its data (DICOM part 10).
  case dicom = 4
  /// Text in UTF-8 without control characters but tab and line ends.
  case text = 5

  /// The name of the type (RFC 6838).
  public var name: String {
    switch self {
    case .pdf: "application/pdf"
    case .jpeg: "image/jpeg"
    case .png: "image/png"
    case .dicom: "application/dicom"
    case .text: "text/plain"
    }
  }

  /// The type of a name; `nil` for one that is not on the list.
  public init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// The type that a document is of by its bytes; `nil` for one that is not on the list.
  public init?(of content: [UInt8]) {
    guard let found = Self.allCases.first(where: { $0.fits(content) }) else { return nil }
    self = found
  }

  /// Whether the bytes are those of this type, and so of no other on the list.
  public func fits(_ content: [UInt8]) -> Bool {
    switch self {
    case .pdf: content.starts(with: "%PDF-".utf8)
    case .jpeg: content.starts(with: [0xFF, 0xD8, 0xFF])
    case .png: content.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    case .dicom: Self.isDICOM(content)
    case .text: !content.isEmpty && !MediaType.pdf.fits(content) && Self.isText(content)
    }
  }

  /// The 128 bytes before the letters may be anything by the standard, and have been used to make a file that is a
  /// picture and a program at once: here they are zero, or begin as a TIFF does, which is what they are for.
  private static func isDICOM(_ content: [UInt8]) -> Bool {
    guard content.count >= 132, content[128..<132].elementsEqual("DICM".utf8) else { return false }
    return content[..<128].allSatisfy { $0 == 0 } || content.starts(with: [0x49, 0x49, 0x2A, 0])
      || content.starts(with: [0x4D, 0x4D, 0, 0x2A])
  }

  private static func isText(_ content: [UInt8]) -> Bool {
    let allowed: Set<UInt8> = [0x09, 0x0A, 0x0D]
    return content.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || allowed.contains($0) }
      && String(validating: content, as: UTF8.self) != nil
  }
}
