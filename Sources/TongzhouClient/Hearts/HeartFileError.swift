/// Why a file about hearts was refused: of rules, of a chain's founding, or of events.
///
/// Equality looks at the code only.
public struct HeartFileError: Error, Equatable, Sendable {
  /// What kind of thing is wrong.
  public struct Code: Hashable, Sendable {
    /// The stable name, `heart_file.reason`.
    public let name: String

    /// Declares a code; used only for static members.
    public init(_ name: String) { self.name = name }

    /// The file is missing, may not be read, is too large or is not UTF-8.
    public static let unreadable = Code("heart_file.unreadable")
    /// Not YAML or not CSV, or of a kind that is not used here (anchors, several documents).
    public static let syntax = Code("heart_file.syntax")
    /// A word or a column that no such file has.
    public static let unknownKey = Code("heart_file.unknown_key")
    /// Something that has to be stated.
    public static let missing = Code("heart_file.missing")
    /// A value that does not read as what it should be.
    public static let badValue = Code("heart_file.bad_value")
    /// Every value reads well, but together they may not stand.
    public static let rule = Code("heart_file.rule")
    /// A name that neither the chain nor the file knows: of an organisation, a kind of gift, or a lot.
    public static let unknownName = Code("heart_file.unknown_name")
  }

  /// What kind of thing is wrong.
  public let code: Code
  /// What is wrong, for people.
  public let message: String
  /// The file, as it was named by the caller.
  public let file: String
  /// The line, from 1; `nil` where it is not known.
  public let line: Int?

  /// An error at a place of a file.
  public init(_ code: Code, _ message: String, file: String, line: Int?) {
    self.code = code
    self.message = message
    self.file = file
    self.line = line
  }

  /// What reading YAML strictly says, as an error of this kind of file.
  init(_ error: ConventionFileError) {
    let code: Code =
      switch error.code {
      case .unreadable: .unreadable
      case .syntax: .syntax
      case .unknownKey: .unknownKey
      case .missing: .missing
      case .badValue: .badValue
      default: .rule
      }
    self.init(code, error.message, file: error.file, line: error.line)
  }

  /// Equal when the codes are.
  public static func == (a: HeartFileError, b: HeartFileError) -> Bool { a.code == b.code }
}

extension HeartFileError: CustomStringConvertible {
  /// `code: file:line: message`, so that both the kind and the place are there.
  public var description: String { "\(code.name): \(file):\(line.map { "\($0):" } ?? "") \(message)" }
}
